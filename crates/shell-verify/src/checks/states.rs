//! States (状态): every code is one that exists, and what must stand beside a state does.
//!
//! Handbook 02 §1.15, 17 §5; the checks of the tables hold the same, unless somebody took them away.

use shell_store::db::DbError;
use shell_store::verify_queries::*;

use super::Subject;
use crate::proof::{Finding, Proof, Shown};

/// Cases, lists, receipts, payments, employers and accounts are in states that exist.
pub static KNOWN: Subject = Subject { name: "states.known", term: "各类状态代码有效" };

pub(super) async fn run(proof: &mut Proof<'_>) -> Result<(), DbError> {
    proof.count(&KNOWN, COUNT_STATES).await?;
    for (table, find) in [
        ("business_case", FIND_CASE_STATES),
        ("remittance_list", FIND_LIST_STATES),
        ("receipt", FIND_RECEIPT_STATES),
        ("payment", FIND_PAYMENT_STATES),
        ("employer", FIND_EMPLOYER_STATES),
        ("savings", FIND_SAVINGS_STATES),
    ] {
        proof.find(&Finding { of: &KNOWN, table, find, shown: Shown::Plain }).await?;
    }
    Ok(())
}
