//! Accounting (会计核算): period close, red reversal of vouchers, manual vouchers.
