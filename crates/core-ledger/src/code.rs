//! Account codes (科目编号) of three, five or seven digits and the two sides.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Ledger account code (科目编号): 3, 5 or 7 digits, 3-2-2 by level (handbook 06 §1.2). Ordered as text, so that children
/// follow their parent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LedgerCode(u32);

/// Why a text is not a ledger account code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("科目编号应为 3、5 或 7 位数字，得到 {0}")]
pub struct CodeError(pub String);

impl LedgerCode {
    /// A code known when the program is built; panics on a number that is none, which a test of the entries meets at once.
    pub const fn of(code: u32) -> LedgerCode {
        assert!(matches!(code, 100..=999 | 10_000..=99_999 | 1_000_000..=9_999_999));
        LedgerCode(code)
    }

    /// The code as a number, for storage.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// Level (科目级别): 1 for three digits, 2 for five, 3 for seven.
    pub const fn level(self) -> u8 {
        match self.0 {
            100..=999 => 1,
            10_000..=99_999 => 2,
            _ => 3,
        }
    }

    /// The account above it, none for a first-level account.
    pub const fn parent(self) -> Option<LedgerCode> {
        if self.level() == 1 { None } else { Some(LedgerCode(self.0 / 100)) }
    }

    /// Whether this account is `other` or lies below it.
    pub const fn within(self, other: LedgerCode) -> bool {
        let mut code = self.0;
        while code > other.0 && code >= 10_000 {
            code /= 100;
        }
        code == other.0
    }

    /// The n-th child, 1 to 99.
    pub const fn child(self, n: u32) -> LedgerCode {
        assert!(n >= 1 && n <= 99 && self.level() < 3);
        LedgerCode(self.0 * 100 + n)
    }

    fn sort_key(self) -> u32 {
        match self.level() {
            1 => self.0 * 10_000,
            2 => self.0 * 100,
            _ => self.0,
        }
    }
}

impl Ord for LedgerCode {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.sort_key(), self.0).cmp(&(other.sort_key(), other.0))
    }
}

impl PartialOrd for LedgerCode {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for LedgerCode {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let well_formed = matches!(text.len(), 3 | 5 | 7) && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
        match text.parse() {
            Ok(code) if well_formed => Ok(LedgerCode(code)),
            _ => Err(CodeError(text.to_owned())),
        }
    }
}

impl TryFrom<String> for LedgerCode {
    type Error = CodeError;
    fn try_from(text: String) -> Result<Self, CodeError> {
        text.parse()
    }
}

impl From<LedgerCode> for String {
    fn from(code: LedgerCode) -> String {
        code.to_string()
    }
}

impl fmt::Display for LedgerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for LedgerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Side (借贷方向) of a posting. Codes of JGJ/T 320 A.27: 02 debit, 03 credit (handbook 10 §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Side {
    /// 借
    Debit,
    /// 贷
    Credit,
}

impl Side {
    /// The word on a voucher.
    pub const fn word(self) -> &'static str {
        match self {
            Side::Debit => "借",
            Side::Credit => "贷",
        }
    }
    /// Two-letter abbreviation in effect lines and exports.
    pub const fn short(self) -> &'static str {
        match self {
            Side::Debit => "Dr",
            Side::Credit => "Cr",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_levels_parents_and_an_order_in_which_children_follow() {
        let leaf: LedgerCode = "2190402".parse().unwrap();
        assert_eq!((leaf.level(), leaf.parent().unwrap().to_string().as_str()), (3, "21904"));
        assert!(leaf.within(LedgerCode::of(219)) && leaf.within(LedgerCode::of(21_904)) && !leaf.within(LedgerCode::of(201)));
        assert!(LedgerCode::of(201).within(LedgerCode::of(201)) && !LedgerCode::of(201).within(leaf));
        let mut codes = ["301", "21901", "219", "2190402", "201"].map(|c| c.parse::<LedgerCode>().unwrap());
        codes.sort();
        assert_eq!(codes.map(|c| c.to_string()), ["201", "219", "21901", "2190402", "301"]);
        for wrong in ["", "12", "1234", "012", "12a", "123456", "１０１"] {
            assert!(wrong.parse::<LedgerCode>().is_err(), "{wrong}");
        }
    }
}
