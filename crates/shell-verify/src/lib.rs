//! The proof (核对): every balance, product, list, voucher and audit record is computed again, and what differs is named.
//!
//! It reads entries, lists, vouchers, dated records and policy from one snapshot and shares no code with posting: its statements
//! stand in `shell_store::verify_queries`, its arithmetic here. So a mistake of the poster, a row changed by hand and a bit
//! fallen over on disk are all found, and the row is named. Memory is bounded by the number of lists and employers, not of
//! entries: entries are read account by account, lines list by list.
//!
//! | module | what it gives |
//! |---|---|
//! | [`report`] | what was compared, and what does not hold |
//! | [`checks`] | one file a subject |
//! | [`audit`] | the audit chain, against a head kept outside |
//! | [`journal`] | the vouchers as an hledger journal: another program adds them up |
//! | [`digest`] | one digest of all business rows, the same on both engines |
//!
//! Left out: what the rules would have decided (that is oversight's subject); the unsealing of personal fields, which the
//! key rotation proves by opening every one of them.

pub mod audit;
pub mod checks;
pub mod digest;
pub mod journal;
mod proof;
pub mod report;

use core_policy::{NoRule, Place, PolicySet};
use shell_store::Store;
use shell_store::db::DbError;

pub use audit::audit_verify;
pub use digest::canonical_digest;
pub use journal::export_journal;
pub use proof::Progress;
pub use report::{Break, Check, Report};

/// Why the proof could not be led to its end: nothing is said about the rows then.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Policy does not answer for a month or day that rows name.
    #[error(transparent)]
    Policy(#[from] NoRule),
    /// The journal cannot be written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Rules that amounts are computed again by (依据): the centre's effective set and its place.
#[derive(Clone, Copy, Debug)]
pub struct Basis<'a> {
    /// Shipped rules with the centre's own.
    pub policy: &'a PolicySet,
    /// Where the centre lies.
    pub place: &'a Place,
}

/// Proves a centre (核对): runs every check over one snapshot.
///
/// `progress` is told what is being read, now and then; it may draw a bar. A centre that is working may be proved: the snapshot
/// stands still meanwhile.
///
/// # Errors
/// When the database or the policy does not answer. Rows that do not hold are no errors: they stand in the report.
pub async fn verify(store: &Store, basis: Basis<'_>, progress: &mut (dyn FnMut(Progress) + Send)) -> Result<Report, VerifyError> {
    let mut proof = proof::Proof::new(store, progress).await?;
    checks::run(&mut proof, basis).await?;
    let chain = audit::prove(proof.snapshot(), &store.keys.ring(), None).await?;
    checks::audit::take(&mut proof, &chain);
    Ok(proof.report())
}
