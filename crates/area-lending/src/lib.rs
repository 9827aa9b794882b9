//! Lending (贷款): so far the repayment schedules used by the calculators.
