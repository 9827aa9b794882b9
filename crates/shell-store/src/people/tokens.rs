//! Tokens of machines (接口令牌): each external system has its own user, an end, and is revoked alone (handbook 12 §1 point 50).

use core_case::ids::{UnitId, UserId};

use super::users::User;
use crate::db::{Batch, DbError, Expect, Insert, Kind, Query, Step, Value};
use crate::store::Store;

crate::statements! {
    FIND = "SELECT t.user_id, t.name AS token_name, t.ends, t.revoked, u.id, u.login, u.name, u.kind, u.unit, u.employer, u.enabled, \
        u.must_change, u.password_day, u.password IS NOT NULL AS has_password, \
        (u.totp IS NOT NULL AND u.totp_step >= 0) AS second_factor, u.locked_until, u.last_seen_day, r.role, r.unit AS role_unit \
        FROM api_token t JOIN app_user u ON u.id = t.user_id LEFT JOIN user_role r ON r.user_id = u.id WHERE t.token = $1 \
        ORDER BY r.role, r.unit";
    ALL = "SELECT user_id, name, ends, revoked FROM api_token ORDER BY user_id, name, ends";
    REVOKE = "UPDATE api_token SET revoked = true WHERE user_id = $1 AND name = $2 AND NOT revoked";
}

/// A token as stored, without itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredToken {
    /// Whose.
    pub user: UserId,
    /// What for.
    pub name: String,
    /// Ends, seconds since 1970.
    pub ends: i64,
    /// Revoked.
    pub revoked: bool,
}

fn read(row: &crate::db::Row) -> Result<StoredToken, DbError> {
    Ok(StoredToken { user: UserId(row.get(0)?), name: row.get(1)?, ends: row.get(2)?, revoked: row.get(3)? })
}

/// The token of a digest with its user, whether it is over or not: one statement, as every request of a machine asks it.
///
/// # Errors
/// When the database does not answer.
pub async fn find(store: &Store, token: &[u8]) -> Result<Option<(StoredToken, User)>, DbError> {
    let rows = store.db.read(vec![Query::new(FIND, [Value::from(token)])]).await?;
    let mut found: Option<(StoredToken, User)> = None;
    // A row for each role; the token and its user stand in all of them.
    for row in &rows[0] {
        let mut cells = row.clone().cells();
        let stored = StoredToken { user: UserId(cells.next()?), name: cells.next()?, ends: cells.next()?, revoked: cells.next()? };
        let user = User::read(&mut cells)?;
        let (role, unit): (Option<String>, Option<i64>) = (cells.next()?, cells.next()?);
        cells.end()?;
        let (_, user) = found.get_or_insert((stored, user));
        user.roles.extend(role.zip(unit.map(UnitId)));
    }
    Ok(found)
}

/// All tokens, by user and name.
///
/// # Errors
/// When the database does not answer.
pub async fn all(store: &Store) -> Result<Vec<StoredToken>, DbError> {
    let rows = store.db.read(vec![Query::new(ALL, [])]).await?;
    rows[0].iter().map(read).collect()
}

/// Keeps a new token under its digest.
pub fn create(token: &[u8], stored: &StoredToken) -> Step {
    let mut rows =
        Batch::new(&[("token", Kind::Bytes), ("user_id", Kind::Int), ("name", Kind::Text), ("ends", Kind::Int), ("revoked", Kind::Flag)]);
    rows.push([token.into(), stored.user.0.into(), stored.name.as_str().into(), stored.ends.into(), stored.revoked.into()]);
    Step::Insert(Insert::new("api_token", rows))
}

/// Revokes all tokens of a user with this name; the unit is stale when there is none.
pub fn revoke(user: UserId, name: &str) -> Step {
    Step::Sql { sql: REVOKE.into(), values: vec![user.0.into(), name.into()], expect: Expect::AtLeast(1) }
}
