//! The sealer (审计封签): a seal row over the audit records since the last one, chained to it. Audit rows are never updated.

use core_calendar::Day;
use shell_vault::Mac;
use shell_vault::audit::{SealLink, SealRoot};

use crate::db::{Batch, DbError, Kind, Outcome, Query, Registered, Unit};
use crate::store::Store;

/// The statements of this module.
pub(crate) static QUERIES: &[Registered] =
    &[Registered { name: "audit.last_seal", sql: LAST_SEAL }, Registered { name: "audit.unsealed", sql: UNSEALED }];

const LAST_SEAL: &str = "SELECT id, last_record, seal FROM audit_seal ORDER BY id DESC LIMIT 1";
const UNSEALED: &str = "SELECT id, mac FROM audit_record WHERE id > $1 ORDER BY id";

/// Head of the newest seal: what the day-end prints and exports.
///
/// # Errors
/// When the database does not answer.
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
/// When the database does not answer, or a stored code is no code.
pub async fn seal(store: &Store, day: Day) -> Result<Option<String>, DbError> {
    let previous = head(store).await?;
    let mut root = SealRoot::after(previous);
    let after = previous.map_or(0, |link| link.last);
    let mut records = store.db.stream(Query::new(UNSEALED, [after.into()]), 10_000).await?;
    let vault = |e: shell_vault::VaultError| DbError::BadValue(e.to_string());
    while let Some(rows) = records.next().await? {
        for row in rows {
            root.add(row.get(0)?, &code(row.get(1)?)?).map_err(vault)?;
        }
    }
    if root.count() == 0 {
        return Ok(None);
    }
    let seal = root.chain(&store.keys.ring(), &day.to_string()).map_err(vault)?;
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
    rows.push([
        seal.number.into(),
        seal.first.into(),
        seal.last.into(),
        seal.count.into(),
        seal.root.to_vec().into(),
        seal.previous.map(|m| m.to_bytes().to_vec()).unwrap_or_default().into(),
        seal.marks.clone().into(),
        seal.head.to_bytes().to_vec().into(),
        day.into(),
    ]);
    match store.db.commit(Unit::small().insert("audit_seal", rows)).await {
        // Somebody sealed at the same moment: his seal stands.
        Outcome::Refused { constraint, .. } if constraint.is("audit_seal_pkey") => Ok(None),
        other => other.done().map(|_| Some(seal.link().to_string())),
    }
}
