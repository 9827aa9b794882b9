//! Sums of closed days (日汇总) against their postings.

use shell_store::db::DbError;
use shell_store::verify_queries::{COUNT_LEDGER_DAYS, FIND_LEDGER_DAYS};

use super::Subject;
use crate::proof::{Finding, Proof, Shown};

/// Sums of every closed day, account by account.
pub static ROLLED_UP: Subject = Subject { name: "ledger.days", term: "日汇总与分录相符" };

pub(super) async fn run(proof: &mut Proof<'_>) -> Result<(), DbError> {
    proof.count(&ROLLED_UP, COUNT_LEDGER_DAYS).await?;
    proof.find(&Finding { of: &ROLLED_UP, table: "ledger_day", find: FIND_LEDGER_DAYS, shown: Shown::Fen }).await
}
