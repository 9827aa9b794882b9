//! Audit records (审计记录) by number, newest first, page by page, and the seals over them.

use core_calendar::Day;
use core_case::ids::UserId;

use crate::db::{DbError, Query};
use crate::store::Store;

crate::statements! {
    RECORDS = "SELECT id, at, day, actor, address, kind, object, detail, result, request, effects, mac FROM audit_record \
        WHERE id < $1 AND day >= $2 AND day <= $3 AND ($4 = -1 OR actor = $4) AND ($5 = '' OR kind = $5) ORDER BY id DESC LIMIT 51";
    ABOUT = "SELECT id, at, day, actor, address, kind, object, detail, result, request, effects, mac FROM audit_record WHERE object = $1 ORDER BY id DESC LIMIT 50";
    SEALS = "SELECT id, first_record, last_record, day, root FROM audit_seal WHERE last_record >= $1 AND first_record <= $2 ORDER BY id DESC LIMIT 60";
    HEAD = "SELECT id, last_record, day, seal FROM audit_seal ORDER BY id DESC LIMIT 1";
    LAST = "SELECT id, at FROM audit_record ORDER BY id DESC LIMIT 1";
    OF_DAY = "SELECT kind, count(*) AS n FROM audit_record WHERE day = $1 GROUP BY kind ORDER BY kind";
}

/// A record in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Number.
    pub id: i64,
    /// Seconds since 1970.
    pub at: i64,
    /// Business day.
    pub day: Day,
    /// Who.
    pub actor: UserId,
    /// From where.
    pub address: String,
    /// What.
    pub kind: String,
    /// About what.
    pub object: String,
    /// Particulars.
    pub detail: String,
    /// done, refused …
    pub result: String,
    /// Request id.
    pub request: String,
    /// Digest of the effects it wrote.
    pub effects: String,
    /// Code over it.
    pub mac: Vec<u8>,
}

/// Which records a list shows.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// From this day.
    pub from: Day,
    /// To this day.
    pub to: Day,
    /// By this user.
    pub actor: Option<UserId>,
    /// Of this kind; empty for all.
    pub kind: String,
    /// Below this number.
    pub below: Option<i64>,
}

/// A seal over a run of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Number.
    pub id: i64,
    /// First record.
    pub first: i64,
    /// Last record.
    pub last: i64,
    /// Business day.
    pub day: Day,
    /// Root over its records.
    pub root: Vec<u8>,
}

/// The end of the chain and what is not sealed yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Number of the newest seal, its last record, day and code.
    pub head: Option<(i64, i64, Day, Vec<u8>)>,
    /// Number and time of the newest record.
    pub newest: Option<(i64, i64)>,
    /// Records of the day by kind.
    pub today: Vec<(String, i64)>,
}

fn record(r: &crate::db::Row) -> Result<Record, DbError> {
    Ok(Record {
        id: r.get(0)?,
        at: r.get(1)?,
        day: r.get(2)?,
        actor: UserId(r.get(3)?),
        address: r.get(4)?,
        kind: r.get(5)?,
        object: r.get(6)?,
        detail: r.get(7)?,
        result: r.get(8)?,
        request: r.get(9)?,
        effects: r.get(10)?,
        mac: r.get(11)?,
    })
}

/// One page of fifty records, newest first, and whether there are more.
///
/// # Errors
/// When the database does not answer.
pub async fn records(store: &Store, wanted: &Wanted) -> Result<(Vec<Record>, bool), DbError> {
    let values = [
        wanted.below.unwrap_or(i64::MAX).into(),
        wanted.from.into(),
        wanted.to.into(),
        wanted.actor.map_or(-1, |u| u.0).into(),
        wanted.kind.as_str().into(),
    ];
    let rows = store.db.read(vec![Query::new(RECORDS, values)]).await?;
    let mut all: Vec<Record> = rows.iter().flatten().map(record).collect::<Result<_, _>>()?;
    let more = all.len() > 50;
    all.truncate(50);
    Ok((all, more))
}

/// The newest fifty records about a subject.
///
/// # Errors
/// When the database does not answer.
pub async fn about(store: &Store, object: &str) -> Result<Vec<Record>, DbError> {
    let rows = store.db.read(vec![Query::new(ABOUT, [object.into()])]).await?;
    rows.iter().flatten().map(record).collect()
}

/// Seals over records between two numbers, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn seals(store: &Store, first: i64, last: i64) -> Result<Vec<Seal>, DbError> {
    let rows = store.db.read(vec![Query::new(SEALS, [first.into(), last.into()])]).await?;
    let seal = |r: &crate::db::Row| Ok(Seal { id: r.get(0)?, first: r.get(1)?, last: r.get(2)?, day: r.get(3)?, root: r.get(4)? });
    rows.iter().flatten().map(seal).collect()
}

/// The state of the chain on a day.
///
/// # Errors
/// When the database does not answer.
pub async fn state(store: &Store, day: Day) -> Result<State, DbError> {
    let rows = store.db.read(vec![Query::new(HEAD, []), Query::new(LAST, []), Query::new(OF_DAY, [day.into()])]).await?;
    let head = rows[0].first().map(|r| Ok::<_, DbError>((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))).transpose()?;
    let newest = rows[1].first().map(|r| Ok::<_, DbError>((r.get(0)?, r.get(1)?))).transpose()?;
    let today = rows[2].iter().map(|r| Ok::<_, DbError>((r.get(0)?, r.get(1)?))).collect::<Result<_, _>>()?;
    Ok(State { head, newest, today })
}
