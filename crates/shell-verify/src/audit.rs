//! The audit chain read from the store (审计核对): records by number beside the seals that cover them.

use core_calendar::Day;
use shell_store::Store;
use shell_store::db::{DbError, Query, Row, Snapshot};
use shell_store::verify_queries::{RECORD_ROWS, SEAL_ROWS};
use shell_vault::audit::{AuditContent, AuditRecord, AuditReport, AuditSeal, SealLink, Verifier};
use shell_vault::{KeyRing, Mac};

/// Records read at once.
const BATCH: usize = 1_000;

/// Proves the audit chain (审计核对) against a head that was printed and kept outside; without one, nobody can tell a chain
/// whose end was cut off from a shorter one. [`AuditReport::first`] names the first row altered, missing or swapped.
///
/// # Errors
/// When the database does not answer.
pub async fn audit_verify(store: &Store, trusted: Option<SealLink>) -> Result<AuditReport, DbError> {
    let mut snapshot = store.db.snapshot().await?;
    prove(&mut snapshot, &store.keys.ring(), trusted).await
}

/// The same over a snapshot that is open already.
pub(crate) async fn prove(snapshot: &mut Snapshot, ring: &KeyRing, trusted: Option<SealLink>) -> Result<AuditReport, DbError> {
    // About five bytes a record are in a seal, so all seals of some millions of records lie in memory.
    let seals = snapshot.read(Query::new(SEAL_ROWS, [])).await?.into_iter().map(seal).collect::<Result<Vec<_>, _>>()?;
    let mut verifier = Verifier::new(ring, trusted);
    let mut seals = seals.iter();
    let mut until = next_sound(&mut verifier, &mut seals);
    let mut stream = snapshot.stream(Query::new(RECORD_ROWS, []), BATCH).await?;
    while let Some(rows) = stream.next().await? {
        for row in rows {
            let record = record(row)?;
            while until.is_some_and(|last| record.id > last) {
                until = next_sound(&mut verifier, &mut seals);
            }
            verifier.record(&record);
        }
    }
    while until.is_some() {
        until = next_sound(&mut verifier, &mut seals);
    }
    Ok(verifier.finish())
}

/// Goes on to the next sound seal; the number up to which its records are read, none after the last.
fn next_sound<'s>(verifier: &mut Verifier<'_>, seals: &mut impl Iterator<Item = &'s AuditSeal>) -> Option<i64> {
    for seal in seals {
        if verifier.seal(seal) {
            return Some(seal.last);
        }
    }
    verifier.tail();
    None
}

fn seal(row: Row) -> Result<AuditSeal, DbError> {
    let mut c = row.cells();
    let (number, first, last, count): (i64, i64, i64, i64) = (c.next()?, c.next()?, c.next()?, c.next()?);
    let (root, previous, marks, head): (Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>) = (c.next()?, c.next()?, c.next()?, c.next()?);
    let day: Day = c.next()?;
    c.end()?;
    // A code that is none makes the seal unsound, which the verifier says; any version of ours will do for it.
    let nothing = || Mac::from_bytes(&[1; Mac::LENGTH]);
    let head = Mac::from_bytes(&head).or_else(nothing).ok_or_else(|| DbError::BadValue("seal of no length".to_owned()))?;
    let root = root.try_into().unwrap_or_default();
    Ok(AuditSeal { number, day: day.to_string(), first, last, count, marks, root, previous: Mac::from_bytes(&previous), head })
}

fn record(row: Row) -> Result<AuditRecord, DbError> {
    let mut c = row.cells();
    let (id, at): (i64, i64) = (c.next()?, c.next()?);
    let (day, actor): (Day, i64) = (c.next()?, c.next()?);
    let (address, kind, object): (String, String, String) = (c.next()?, c.next()?, c.next()?);
    let (detail, result, request, effects): (String, String, String, String) = (c.next()?, c.next()?, c.next()?, c.next()?);
    let code: Vec<u8> = c.next()?;
    c.end()?;
    let content = AuditContent {
        id,
        at,
        day: &day.to_string(),
        actor,
        address: &address,
        kind: &kind,
        object: &object,
        detail: &detail,
        result: &result,
        request: &request,
        effects: &effects,
    };
    Ok(AuditRecord { id, canonical: content.canonical(), mac: Mac::from_bytes(&code) })
}
