//! Audit: the canonical record, seals over runs of records, and the proof.
//!
//! An audit record carries time, user, source address, kind, object, before and after, result and request (handbook 12 §1,
//! no. 16). It is written in the business transaction with a keyed code over all of that ([`AuditContent`]) and never updated.
//! A sealer later writes a seal over a run of records ([`SealRoot`]); each seal names the one before, and the head of the newest
//! is printed at day-end and kept outside. [`Verifier`] reads both again and names what it finds:
//!
//! | somebody with the database, without the keys | is found as |
//! |---|---|
//! | changes a record, or exchanges two contents | [`Break::Altered`] (each) |
//! | exchanges two records with their codes | [`Break::Swapped`], each with the other |
//! | deletes a record | [`Break::Missing`] |
//! | slips one in, later, under a sealed range | [`Break::Inserted`] |
//! | changes, deletes, or replaces a seal | [`Break::SealAltered`], [`Break::SealMissing`], [`Break::ChainBroken`] |
//! | cuts off the newest seals | [`Break::CutOff`], by the printed head |
//! | **with** the keys: writes a record and its code anew | [`Break::Recomputed`] |
//! | **with** the keys: writes everything anew | [`Break::HeadDiffers`], by the printed head |
//!
//! Left out: records younger than the last seal are proved one by one, but one deleted among them is not missed here; vouchers and
//! case steps name their audit record, so the store's own check finds it. Seal often.

mod content;
mod seal;
mod verify;

pub use content::AuditContent;
pub use seal::{AuditSeal, SealLink, SealRoot};
pub use verify::{AuditRecord, AuditReport, Break, Verifier, verify_chain};
