//! Figures that the accountant prints (报表): trial balance, suspense by employer.

use core_calendar::Day;
use core_case::ids::EmployerId;
use core_ledger::LedgerCode;
use core_money::Money;

use crate::db::{DbError, Query};
use crate::facts::ledger_code;
use crate::store::Store;

crate::statements! {
    TRIAL_BALANCE = "SELECT p.account, \
        CAST(SUM(CASE WHEN p.side = 'D' AND v.day < $1 THEN p.amount ELSE 0 END) AS bigint) AS debit_before, \
        CAST(SUM(CASE WHEN p.side = 'C' AND v.day < $1 THEN p.amount ELSE 0 END) AS bigint) AS credit_before, \
        CAST(SUM(CASE WHEN p.side = 'D' AND v.day >= $1 THEN p.amount ELSE 0 END) AS bigint) AS debit, \
        CAST(SUM(CASE WHEN p.side = 'C' AND v.day >= $1 THEN p.amount ELSE 0 END) AS bigint) AS credit \
        FROM posting p JOIN voucher v ON v.id = p.voucher WHERE v.day <= $2 GROUP BY p.account ORDER BY p.account";
    SUSPENSE = "SELECT e.id, e.name, m.suspense FROM employer_money m JOIN employer e ON e.id = m.employer WHERE m.suspense <> 0 \
        ORDER BY e.id";
}

/// Sums of one leaf of the chart (科目余额); amounts of red vouchers are negative on their side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountSums {
    /// 科目
    pub account: LedgerCode,
    /// Debits before the first day.
    pub debit_before: Money,
    /// Credits before the first day.
    pub credit_before: Money,
    /// Debits from the first to the last day.
    pub debit: Money,
    /// Credits from the first to the last day.
    pub credit: Money,
}

/// Sums of every leaf that was posted to (试算平衡): before `from`, and from there to `to`, both days included.
///
/// # Errors
/// When the database does not answer.
pub async fn trial_balance(store: &Store, from: Day, to: Day) -> Result<Vec<AccountSums>, DbError> {
    let rows = store.db.read(vec![Query::new(TRIAL_BALANCE, [from.into(), to.into()])]).await?;
    rows[0]
        .iter()
        .map(|r| {
            let fen = |at| r.get(at).map(Money::from_fen);
            Ok(AccountSums {
                account: ledger_code(r.get(0)?)?,
                debit_before: fen(1)?,
                credit_before: fen(2)?,
                debit: fen(3)?,
                credit: fen(4)?,
            })
        })
        .collect()
}

/// An employer's money without a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuspenseLine {
    /// 单位账号
    pub employer: EmployerId,
    /// 单位名称
    pub name: String,
    /// 未分摊余额
    pub suspense: Money,
}

/// Employers with money in suspense (单位未分摊), by number.
///
/// # Errors
/// When the database does not answer.
pub async fn suspense(store: &Store) -> Result<Vec<SuspenseLine>, DbError> {
    let rows = store.db.read(vec![Query::new(SUSPENSE, [])]).await?;
    rows[0]
        .iter()
        .map(|r| Ok(SuspenseLine { employer: EmployerId(r.get(0)?), name: r.get(1)?, suspense: Money::from_fen(r.get(2)?) }))
        .collect()
}
