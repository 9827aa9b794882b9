//! Fund bank accounts (专户): opening + receipts − payments = the account's leaf of 101.
//!
//! Handbook 06 §3 no. 2; three-way comparison with the bank's own statement is handbook 07's subject.

use shell_store::db::DbError;
use shell_store::verify_queries::{COUNT_BANKS, FIND_BANKS};

use super::Subject;
use crate::proof::{Finding, Proof, Shown};

/// Opening and bank lines of each bank account = its leaf.
pub static LEDGER: Subject = Subject { name: "banks.equal_ledger", term: "各专户期初加收减付与存款科目相符" };

pub(super) async fn run(proof: &mut Proof<'_>) -> Result<(), DbError> {
    proof.count(&LEDGER, COUNT_BANKS).await?;
    proof.find(&Finding { of: &LEDGER, table: "bank_account", find: FIND_BANKS, shown: Shown::Fen }).await
}
