//! Days, months, the fund-year (公积金年度), working days with holidays as dated data, day counts.
