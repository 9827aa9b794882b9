//! Tokens of machines (接口令牌): each external system has its own user, an end, and is revoked alone (handbook 12 §1 point 50).

use core_case::ids::UserId;

use super::users::{User, read_one};
use crate::db::{Batch, DbError, Expect, Insert, Kind, Query, Step, Value};
use crate::store::Store;

crate::statements! {
    ONE = "SELECT user_id, name, ends, revoked FROM api_token WHERE token = $1";
    USER_OF = "SELECT u.id, u.login, u.name, u.kind, u.unit, u.employer, u.enabled, u.must_change, u.password_day, \
        u.password IS NOT NULL AS has_password, (u.totp IS NOT NULL AND u.totp_step >= 0) AS second_factor, u.locked_until, \
        u.last_seen_day FROM api_token t JOIN app_user u ON u.id = t.user_id WHERE t.token = $1";
    ROLES_OF = "SELECT r.user_id, r.role, r.unit FROM api_token t JOIN user_role r ON r.user_id = t.user_id WHERE t.token = $1 \
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

/// The token of a digest with its user, whether it is over or not.
///
/// # Errors
/// When the database does not answer.
pub async fn find(store: &Store, token: &[u8]) -> Result<Option<(StoredToken, User)>, DbError> {
    let by = || [Value::from(token)];
    let rows = store.db.read(vec![Query::new(ONE, by()), Query::new(USER_OF, by()), Query::new(ROLES_OF, by())]).await?;
    let Some(row) = rows[0].first() else { return Ok(None) };
    let stored = read(row)?;
    Ok(read_one(&rows[1], &rows[2])?.map(|user| (stored, user)))
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
