//! Three levels (三级账): sum of members = sum of employers = ledger 201.
//!
//! Handbook 06 §1.1 and §3 no. 2.

use core_money::Money;
use shell_store::db::DbError;
use shell_store::verify_queries::{ACCOUNT_TOTALS, MEMBERS_BY_EMPLOYER};

use super::Subject;
use super::savings::Kept;
use crate::proof::{Proof, cell};

/// Members' balances = ledger 201, and members' entries = ledger 201.
pub static MEMBERS: Subject = Subject { name: "ledger.members_equal_201", term: "职工余额合计与科目 201 相符" };
/// Entries of each employer's members = that employer's part of ledger 201.
pub static EMPLOYERS: Subject =
    Subject { name: "ledger.employers_equal_201", term: "各单位职工明细合计与科目 201 单位明细账相符" };

/// 住房公积金.
pub(super) const FUND: i64 = 201;
/// 暂收.
pub(super) const UNKNOWN: i64 = 2_190_401;
/// 未分摊.
pub(super) const SUSPENSE: i64 = 2_190_402;

/// Balance of a liability account: credits less debits.
pub(super) async fn balance(proof: &mut Proof<'_>, account: i64) -> Result<Money, DbError> {
    for row in proof.read(ACCOUNT_TOTALS, []).await? {
        if cell::<i64>(&row, 0)? == account {
            return Ok(Money::from_fen(cell::<i64>(&row, 2)?.wrapping_sub(cell(&row, 1)?)));
        }
    }
    Ok(Money::ZERO)
}

pub(super) async fn run(proof: &mut Proof<'_>, kept: &Kept) -> Result<(), DbError> {
    let ledger = balance(proof, FUND).await?;
    proof.same(&MEMBERS, "savings_balance", FUND, ledger, Money::from_fen(kept.balances));
    proof.same(&MEMBERS, "entry", FUND, ledger, Money::from_fen(kept.entries));
    let mut by_employer = kept.by_employer.clone();
    for row in proof.read(MEMBERS_BY_EMPLOYER, []).await? {
        let (employer, posted): (i64, i64) = (cell(&row, 0)?, cell(&row, 1)?);
        let entries = by_employer.remove(&employer).unwrap_or(0);
        proof.same(&EMPLOYERS, "entry", employer, Money::from_fen(posted), Money::from_fen(entries));
    }
    for (employer, entries) in by_employer {
        proof.same(&EMPLOYERS, "entry", employer, Money::ZERO, Money::from_fen(entries));
    }
    Ok(())
}
