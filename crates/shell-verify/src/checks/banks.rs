//! Fund bank accounts (专户): opening + receipts − payments = the account's leaf of 101.
//!
//! Handbook 06 §3 no. 2. What is compared: the opening voucher's postings on the leaf, plus every receipt of the account (each stands
//! for one bank line of money in), less every payment instructed from it that did not fail (whether its bank line came or not), with
//! all postings on the leaf. Left out: bank lines of money out are not kept yet, so no payment is compared with the line that shows
//! it; three-way comparison with the bank's own statement is handbook 07's subject.

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
