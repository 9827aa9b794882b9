//! Chart of accounts (会计科目), voucher templates, postings, accounting periods, red reversal.
