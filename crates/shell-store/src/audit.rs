//! The sealer (审计封签): seal rows over the audit records since the last one, each chained to the one before. Audit rows are never
//! updated.
//!
//! Numbers of records have no gaps, so a gap is a record that is still on its way, or one that somebody took out. The sealer stops
//! before it: sealing past it would brand the late record as slipped in. What is left shows in [`Sealing::waiting_for`].

use core_calendar::Day;
use shell_vault::Mac;
use shell_vault::audit::{AuditSeal, SealLink, SealRoot};

use crate::db::{Batch, DbError, Kind, Outcome, Query, Registered, Unit};
use crate::store::Store;

/// The statements of this module.
pub(crate) static QUERIES: &[Registered] =
    &[Registered { name: "audit.last_seal", sql: LAST_SEAL }, Registered { name: "audit.unsealed", sql: UNSEALED }];

const LAST_SEAL: &str = "SELECT id, last_record, seal FROM audit_seal ORDER BY id DESC LIMIT 1";
const UNSEALED: &str = "SELECT id, mac FROM audit_record WHERE id > $1 ORDER BY id LIMIT 50000";

/// Records under one seal: a break is looked for among so many, and a seal stays some kilobytes.
const RECORDS: i64 = 1_000;

/// What sealing did (封签结果).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sealing {
    /// New seals.
    pub seals: u64,
    /// Records under them.
    pub records: u64,
    /// End of the chain now: the day-end prints it, somebody keeps it outside.
    pub head: Option<SealLink>,
    /// The number that is missing before younger records, if any.
    pub waiting_for: Option<i64>,
}

/// Head of the newest seal: what the day-end prints and exports.
///
/// # Errors
/// When the newest seal carries no code, or the database does not answer.
pub async fn head(store: &Store) -> Result<Option<SealLink>, DbError> {
    let rows = store.db.read(vec![Query::new(LAST_SEAL, [])]).await?;
    match rows[0].first() {
        Some(row) => Ok(Some(SealLink { number: row.get(0)?, last: row.get(1)?, head: code(row.get(2)?)? })),
        None => Ok(None),
    }
}

fn code(bytes: Vec<u8>) -> Result<Mac, DbError> {
    Mac::from_bytes(&bytes).ok_or_else(|| DbError::BadValue("a stored code is no code".into()))
}

/// Seals the records written since the last seal; none when there are none. Returns the new head as text.
///
/// # Errors
/// As [`seal_audit`].
pub async fn seal(store: &Store, day: Day) -> Result<Option<String>, DbError> {
    let done = seal_audit(store, day).await?;
    Ok(done.head.filter(|_| done.seals > 0).map(|head| head.to_string()))
}

/// Seals every record that is not sealed yet, a thousand a seal; asked again, it has nothing to do.
///
/// `day` is the business day that stands on the seals. Of two sealers at once the second is refused by the number of its first
/// seal and leaves the records to the other.
///
/// # Errors
/// When the database does not answer, or a stored code is no code; what was sealed before stays sealed.
pub async fn seal_audit(store: &Store, day: Day) -> Result<Sealing, DbError> {
    let vault = |e: shell_vault::VaultError| DbError::BadValue(e.to_string());
    let mut previous = head(store).await?;
    let mut done = Sealing { seals: 0, records: 0, head: previous, waiting_for: None };
    loop {
        let after = previous.map_or(0, |link| link.last);
        let rows = store.db.read(vec![Query::new(UNSEALED, [after.into()])]).await?;
        let mut seals: Vec<AuditSeal> = Vec::new();
        let mut root = SealRoot::after(previous);
        for (next, row) in (after + 1..).zip(rows.into_iter().flatten()) {
            let id: i64 = row.get(0)?;
            if id != next {
                done.waiting_for = Some(next);
                break;
            }
            root.add(id, &code(row.get(1)?)?).map_err(vault)?;
            if root.count() == RECORDS {
                let seal = root.chain(&store.keys.ring(), &day.to_string()).map_err(vault)?;
                root = SealRoot::after(Some(seal.link()));
                seals.push(seal);
            }
        }
        if root.count() > 0 {
            seals.push(root.chain(&store.keys.ring(), &day.to_string()).map_err(vault)?);
        }
        let Some(last) = seals.last() else { return Ok(done) };
        match store.db.commit(unit(day, &seals)).await {
            // Somebody sealed at the same moment: his seals stand.
            Outcome::Refused { constraint, .. } if constraint.is("audit_seal_pkey") => return Ok(done),
            other => drop(other.done()?),
        }
        previous = Some(last.link());
        done.head = previous;
        done.seals += seals.len() as u64;
        done.records += seals.iter().map(|s| s.count.unsigned_abs()).sum::<u64>();
        if done.waiting_for.is_some() {
            return Ok(done);
        }
    }
}

/// The rows of some seals. A first seal has no previous one, which is stored as no bytes.
fn unit(day: Day, seals: &[AuditSeal]) -> Unit {
    let mut rows = Batch::new(&[
        ("id", Kind::Int),
        ("first_record", Kind::Int),
        ("last_record", Kind::Int),
        ("records", Kind::Int),
        ("root", Kind::Bytes),
        ("previous", Kind::Bytes),
        ("marks", Kind::Bytes),
        ("seal", Kind::Bytes),
        ("day", Kind::Day),
    ]);
    for seal in seals {
        rows.push([
            seal.number.into(),
            seal.first.into(),
            seal.last.into(),
            seal.count.into(),
            seal.root.into(),
            seal.previous.map(|m| m.to_bytes().to_vec()).unwrap_or_default().into(),
            seal.marks.clone().into(),
            seal.head.to_bytes().into(),
            day.into(),
        ]);
    }
    Unit::bulk().insert("audit_seal", rows)
}
