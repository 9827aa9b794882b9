//! The audit chain (审计链) inside the proof; [`crate::audit`] leads it, also alone and against a head kept outside.

use shell_vault::audit::{AuditReport, Break};

use super::Subject;
use crate::proof::Proof;

/// Codes of all records, seals and their chain.
pub static CHAIN: Subject = Subject { name: "audit.chain", term: "审计记录校验码与封签链相符" };

/// Takes what the proof of the chain found.
pub(crate) fn take(proof: &mut Proof<'_>, chain: &AuditReport) {
    proof.compared(&CHAIN, chain.records + chain.seals);
    for found in &chain.breaks {
        let (table, key) = place(found);
        proof.broken(&CHAIN, table, key, "原样", found);
    }
}

/// Table and key of what a break is about.
fn place(found: &Break) -> (&'static str, i64) {
    match found {
        Break::Altered { id }
        | Break::Swapped { id, .. }
        | Break::Missing { id, .. }
        | Break::Inserted { id }
        | Break::Recomputed { id } => ("audit_record", *id),
        Break::KeyUnknown { what: "记录", id, .. } => ("audit_record", *id),
        Break::KeyUnknown { id, .. } => ("audit_seal", *id),
        Break::SealAltered { number }
        | Break::SealMissing { number }
        | Break::ChainBroken { number }
        | Break::RootDiffers { number }
        | Break::HeadDiffers { number } => ("audit_seal", *number),
        Break::CutOff { expected, .. } => ("audit_seal", *expected),
        _ => ("audit_record", 0),
    }
}
