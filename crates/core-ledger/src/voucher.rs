//! Vouchers (凭证) as sets of postings that balance, and what kinds there are.

use core_money::Money;
use serde::{Deserialize, Serialize};

use crate::code::{LedgerCode, Side};

/// Posting (分录): a line of a voucher. A red posting has the same side and a negative amount (handbook 02 §1.11.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The leaf posted to.
    pub account: LedgerCode,
    /// 借 or 贷.
    pub side: Side,
    /// Fen; negative only in a red voucher.
    pub amount: Money,
}

/// Kind of voucher: blue (蓝字) is ordinary, red (红字) reverses another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VoucherKind {
    /// 蓝字
    Blue,
    /// 红字
    Red,
}

/// A voucher whose sides differ (借贷不平衡), refused by handbook 06 E-H4.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("借贷不平衡：借 {debit}，贷 {credit}")]
pub struct Unbalanced {
    /// Sum of debits.
    pub debit: Money,
    /// Sum of credits.
    pub credit: Money,
}

/// Checks that debits equal credits and returns that sum.
pub fn balanced(postings: &[Posting]) -> Result<Money, Unbalanced> {
    let sum = |side| postings.iter().filter(|p| p.side == side).map(|p| p.amount).sum::<Money>();
    let (debit, credit) = (sum(Side::Debit), sum(Side::Credit));
    if debit == credit { Ok(debit) } else { Err(Unbalanced { debit, credit }) }
}
