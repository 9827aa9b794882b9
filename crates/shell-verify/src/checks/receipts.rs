//! Receipts without owner (暂收) against 2190401: in sum, and one by one.
//!
//! Handbook 06 §3 no. 2: sum of open unknown receipts = 2190401.

use shell_store::db::DbError;
use shell_store::verify_queries::{COUNT_RECEIPTS, FIND_UNKNOWN, UNKNOWN_TOTAL};

use super::Subject;
use super::ledger::{UNKNOWN, balance};
use crate::proof::{Finding, Proof, Shown};

/// Open unknown receipts = ledger 2190401.
pub static LEDGER: Subject = Subject { name: "receipts.unknown_equal_ledger", term: "暂收款合计与科目 2190401 相符" };
/// Each receipt stands in 2190401 while it is unknown, and not a day longer.
pub static EACH: Subject = Subject { name: "receipts.unknown_one_by_one", term: "每笔收款在科目 2190401 中的余额相符" };

pub(super) async fn run(proof: &mut Proof<'_>) -> Result<(), DbError> {
    let open = proof.number(UNKNOWN_TOTAL).await?;
    let ledger = balance(proof, UNKNOWN).await?;
    proof.same(&LEDGER, "posting", UNKNOWN, core_money::Money::from_fen(open), ledger);
    proof.count(&EACH, COUNT_RECEIPTS).await?;
    proof.find(&Finding { of: &EACH, table: "receipt", find: FIND_UNKNOWN, shown: Shown::Fen }).await
}
