//! Claims (唯一登记): what must be unique is claimed by the thing that has it, and by nothing else.
//!
//! Handbook 02 §1.3.1 (one person one account), 17 §5 (a notice twice).

use shell_store::db::DbError;
use shell_store::verify_queries::*;

use super::Subject;
use crate::proof::{Finding, Proof, Shown};

/// Open accounts and receipts hold their claims; claims name things and cases that are there.
pub static HELD: Subject = Subject { name: "claims.held", term: "唯一登记与持有者相符" };

pub(super) async fn run(proof: &mut Proof<'_>) -> Result<(), DbError> {
    proof.count(&HELD, COUNT_CLAIMS).await?;
    for (table, find) in
        [("savings", FIND_PERSON_CLAIMS), ("receipt", FIND_RECEIPT_CLAIMS), ("claim", FIND_STALE_CLAIMS), ("claim", FIND_CLAIMS_OF_NOTHING)]
    {
        proof.find(&Finding { of: &HELD, table, find, shown: Shown::Plain }).await?;
    }
    Ok(())
}
