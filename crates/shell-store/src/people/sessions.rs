//! Sessions (会话): found by the digest of their token, ended but never deleted.

use core_case::ids::UserId;

use super::users::{User, read_one};
use crate::db::{Batch, DbError, Expect, Insert, Kind, Query, Step, Value};
use crate::store::Store;

crate::statements! {
    ONE = "SELECT id, opened, seen, ends, address, agent, ended, ended_by, user_id FROM session WHERE token = $1";
    USER_OF = "SELECT u.id, u.login, u.name, u.kind, u.unit, u.employer, u.enabled, u.must_change, u.password_day, \
        u.password IS NOT NULL AS has_password, (u.totp IS NOT NULL AND u.totp_step >= 0) AS second_factor, u.locked_until, \
        u.last_seen_day FROM session s JOIN app_user u ON u.id = s.user_id WHERE s.token = $1";
    ROLES_OF = "SELECT r.user_id, r.role, r.unit FROM session s JOIN user_role r ON r.user_id = s.user_id WHERE s.token = $1 \
        ORDER BY r.role, r.unit";
    BY_ID = "SELECT id, opened, seen, ends, address, agent, ended, ended_by, user_id FROM session WHERE id = $1";
    OPEN = "SELECT s.id, s.opened, s.seen, s.ends, s.address, s.agent, s.ended, s.ended_by, s.user_id, u.login, u.name \
        FROM session s JOIN app_user u ON u.id = s.user_id WHERE s.ended IS NULL AND s.ends > $1 AND s.seen > $2 ORDER BY s.seen DESC, s.id";
    TOUCH = "UPDATE session SET seen = $2 WHERE token = $1 AND ended IS NULL AND seen < $2";
    END = "UPDATE session SET ended = $2, ended_by = $3 WHERE id = $1 AND ended IS NULL";
    END_ALL = "UPDATE session SET ended = $2, ended_by = $3 WHERE user_id = $1 AND ended IS NULL";
}

/// A session as stored, without its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSession {
    /// Number.
    pub id: i64,
    /// Opened, seconds since 1970.
    pub opened: i64,
    /// Last used, to the minute.
    pub seen: i64,
    /// Ends in any case.
    pub ends: i64,
    /// From which address.
    pub address: String,
    /// With which program.
    pub agent: String,
    /// Ended.
    pub ended: Option<i64>,
    /// Why or by whom, in words.
    pub ended_by: Option<String>,
    /// Whose.
    pub user: UserId,
}

/// An open session in the list of the security administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// The session.
    pub session: StoredSession,
    /// 登录名
    pub login: String,
    /// 姓名
    pub name: String,
}

fn read(c: &mut crate::db::Cells) -> Result<StoredSession, DbError> {
    Ok(StoredSession {
        id: c.next()?,
        opened: c.next()?,
        seen: c.next()?,
        ends: c.next()?,
        address: c.next()?,
        agent: c.next()?,
        ended: c.next()?,
        ended_by: c.next()?,
        user: UserId(c.next()?),
    })
}

/// The session of a token with its user, whether it is over or not.
///
/// # Errors
/// When the database does not answer.
pub async fn find(store: &Store, token: &[u8]) -> Result<Option<(StoredSession, User)>, DbError> {
    let by = || [Value::from(token)];
    let rows = store.db.read(vec![Query::new(ONE, by()), Query::new(USER_OF, by()), Query::new(ROLES_OF, by())]).await?;
    let Some(row) = rows[0].first() else { return Ok(None) };
    let session = read(&mut row.clone().cells())?;
    Ok(read_one(&rows[1], &rows[2])?.map(|user| (session, user)))
}

/// The session with a number.
///
/// # Errors
/// When the database does not answer.
pub async fn by_id(store: &Store, id: i64) -> Result<Option<StoredSession>, DbError> {
    let rows = store.db.read(vec![Query::new(BY_ID, [id.into()])]).await?;
    rows[0].first().map(|row| read(&mut row.clone().cells())).transpose()
}

/// Open sessions, last used first: those that end after `now` and were used after `idle`.
///
/// # Errors
/// When the database does not answer.
pub async fn open_ones(store: &Store, now: i64, idle: i64) -> Result<Vec<OpenSession>, DbError> {
    let rows = store.db.read(vec![Query::new(OPEN, [now.into(), idle.into()])]).await?;
    rows[0]
        .iter()
        .map(|row| {
            let mut cells = row.clone().cells();
            Ok(OpenSession { session: read(&mut cells)?, login: cells.next()?, name: cells.next()? })
        })
        .collect()
}

/// Opens a session under the digest of its token.
pub fn open(token: &[u8], session: &StoredSession) -> Step {
    let mut rows = Batch::new(&[
        ("token", Kind::Bytes),
        ("id", Kind::Int),
        ("user_id", Kind::Int),
        ("opened", Kind::Int),
        ("seen", Kind::Int),
        ("ends", Kind::Int),
        ("address", Kind::Text),
        ("agent", Kind::Text),
    ]);
    rows.push([
        token.into(),
        session.id.into(),
        session.user.0.into(),
        session.opened.into(),
        session.seen.into(),
        session.ends.into(),
        session.address.as_str().into(),
        session.agent.as_str().into(),
    ]);
    Step::Insert(Insert::new("session", rows))
}

/// Notes that a session was used.
pub fn touch(token: &[u8], now: i64) -> Step {
    Step::Sql { sql: TOUCH.into(), values: vec![token.into(), now.into()], expect: Expect::AtMost(1) }
}

/// Ends a session; the unit is stale when it was over already.
pub fn end(id: i64, now: i64, why: &str) -> Step {
    Step::Sql { sql: END.into(), values: vec![id.into(), now.into(), why.into()], expect: Expect::Exactly(1) }
}

/// Ends all sessions of a user.
pub fn end_all(user: UserId, now: i64, why: &str) -> Step {
    Step::Sql { sql: END_ALL.into(), values: vec![user.0.into(), now.into(), why.into()], expect: Expect::AtLeast(0) }
}
