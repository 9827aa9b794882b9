//! One type for each identifier. Numbers of handbook 17 §9 are their own identifiers.
//!
//! An identifier below zero is *the n-th new one of this case*: `decide` names what will be opened (`new#1`) and the commit
//! gives the number, so numbers without gaps never depend on when a case was written.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident width $width:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl $name {
            /// The n-th one that this case opens, counted from 1.
            pub const fn new_in_case(n: i64) -> $name {
                assert!(n > 0);
                $name(-n)
            }
            /// Which new one of its case it is, none for a number already given.
            pub const fn ordinal(self) -> Option<i64> {
                if self.0 < 0 { Some(-self.0) } else { None }
            }
            /// Reads the number as people write it: digits only, at most 18.
            pub fn parse(text: &str) -> Option<$name> {
                let digits = !text.is_empty() && text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit());
                if digits { text.parse().ok().map($name) } else { None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.ordinal() {
                    Some(n) => write!(f, "new#{n}"),
                    None => write!(f, "{:0width$}", self.0, width = $width),
                }
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )+};
}

numbers! {
    /// Employer account number (单位账号): 98 + YYMMDD + 7 digits, or as taken over.
    EmployerId width 15;
    /// Savings account number (个人账号): 99 + YYMMDD + 7 digits, or as taken over; for life (handbook 02 §1.3.4).
    SavingsId width 15;
    /// Business number (业务流水号) of a case; 02 + YYMMDD + 7 digits for collection (handbook 17 §9).
    CaseId width 15;
    /// Number of a remittance list (清册号): the business number that payers write into the remark.
    ListId width 15;
    /// Number of a bank receipt in our books (收款编号).
    ReceiptId width 1;
    /// Number of a voucher inside its centre: YYYYMM + 8 digits.
    VoucherId width 14;
    /// A person (自然人) known to the centre.
    PersonId width 1;
    /// A user of the system (用户).
    UserId width 1;
    /// Registered bank account of the fund (专户), by order of registration.
    BankAccountId width 1;
    /// A section or branch (科室、管理部) of the centre.
    UnitId width 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_print_with_their_zeros_and_new_ones_by_ordinal() {
        assert_eq!(ListId(22_507_100_000_042).to_string(), "022507100000042");
        assert_eq!(EmployerId::new_in_case(3).to_string(), "new#3");
        assert_eq!(CaseId::parse("022507100000042"), Some(CaseId(22_507_100_000_042)));
        for wrong in ["", "-1", "12a", "1234567890123456789"] {
            assert_eq!(CaseId::parse(wrong), None, "{wrong}");
        }
    }
}
