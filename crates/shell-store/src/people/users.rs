//! Users (用户) with their roles, the table of roles, and accounts that nobody uses.

use core_calendar::Day;
use core_case::effect::Subject;
use core_case::form::Choice;
use core_case::guard::{Guard, Register};
use core_case::ids::{EmployerId, UnitId, UserId};
use core_case::things::UserKind;

use crate::db::{Batch, Cells, DbError, Expect, Insert, Kind, Query, Row, Step};
use crate::facts::choice;
use crate::store::Store;

crate::statements! {
    BY_LOGIN = "SELECT id, login, name, kind, unit, employer, enabled, must_change, password_day, \
        password IS NOT NULL AS has_password, (totp IS NOT NULL AND totp_step >= 0) AS second_factor, locked_until, last_seen_day \
        FROM app_user WHERE login = $1";
    BY_ID = "SELECT id, login, name, kind, unit, employer, enabled, must_change, password_day, \
        password IS NOT NULL AS has_password, (totp IS NOT NULL AND totp_step >= 0) AS second_factor, locked_until, last_seen_day \
        FROM app_user WHERE id = $1";
    ALL = "SELECT id, login, name, kind, unit, employer, enabled, must_change, password_day, \
        password IS NOT NULL AS has_password, (totp IS NOT NULL AND totp_step >= 0) AS second_factor, locked_until, last_seen_day \
        FROM app_user ORDER BY id";
    STALE = "SELECT id, login, name, kind, unit, employer, enabled, must_change, password_day, \
        password IS NOT NULL AS has_password, (totp IS NOT NULL AND totp_step >= 0) AS second_factor, locked_until, last_seen_day \
        FROM app_user WHERE enabled AND (last_seen_day IS NULL OR last_seen_day < $1) \
        AND (password_day IS NULL OR password_day < $1) AND (last_seen_day IS NOT NULL OR password_day IS NOT NULL) ORDER BY id";
    ROLES_BY_LOGIN = "SELECT r.user_id, r.role, r.unit FROM user_role r JOIN app_user u ON u.id = r.user_id WHERE u.login = $1 \
        ORDER BY r.role, r.unit";
    ROLES_BY_ID = "SELECT user_id, role, unit FROM user_role WHERE user_id = $1 ORDER BY role, unit";
    ALL_ROLES = "SELECT user_id, role, unit FROM user_role ORDER BY user_id, role, unit";
    ANYBODY = "SELECT id FROM app_user ORDER BY id LIMIT 1";
    DISABLE = "UPDATE app_user SET enabled = false WHERE id = $1 AND enabled";
    SEEN = "UPDATE app_user SET last_seen_day = $2 WHERE id = $1 AND (last_seen_day IS NULL OR last_seen_day < $2)";
}

/// A user as stored (用户), without anything secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Number.
    pub id: UserId,
    /// 登录名
    pub login: String,
    /// 姓名
    pub name: String,
    /// Kind.
    pub kind: UserKind,
    /// Where the user works.
    pub unit: UnitId,
    /// For an officer, the employer.
    pub employer: Option<EmployerId>,
    /// 启用
    pub enabled: bool,
    /// The password must be changed before anything else.
    pub must_change: bool,
    /// Business day on which the password was set.
    pub password_day: Option<Day>,
    /// Whether there is a password; a machine has none.
    pub has_password: bool,
    /// Whether the second factor (动态口令) is enrolled and confirmed.
    pub second_factor: bool,
    /// Until when the account is locked, seconds since 1970; for display, the lock itself stands elsewhere.
    pub locked_until: Option<i64>,
    /// Business day of the last sign-in or use of a token.
    pub last_seen: Option<Day>,
    /// Roles with the unit they are held at, in order.
    pub roles: Vec<(String, UnitId)>,
}

impl User {
    /// Takes the columns of a user from the left of a row.
    pub(crate) fn read(c: &mut Cells) -> Result<User, DbError> {
        let (id, login, name, kind): (i64, String, String, String) = (c.next()?, c.next()?, c.next()?, c.next()?);
        let (unit, employer): (i64, Option<i64>) = (c.next()?, c.next()?);
        Ok(User {
            id: UserId(id),
            login,
            name,
            kind: choice(&kind)?,
            unit: UnitId(unit),
            employer: employer.map(EmployerId),
            enabled: c.next()?,
            must_change: c.next()?,
            password_day: c.next()?,
            has_password: c.next()?,
            second_factor: c.next()?,
            locked_until: c.next()?,
            last_seen: c.next()?,
            roles: Vec::new(),
        })
    }
}

/// The questions for one user by login: the user, the roles.
pub(crate) fn ask_login(login: &str) -> [Query; 2] {
    [Query::new(BY_LOGIN, [login.into()]), Query::new(ROLES_BY_LOGIN, [login.into()])]
}

/// The user of the answers to such questions.
pub(crate) fn read_one(user: &[Row], roles: &[Row]) -> Result<Option<User>, DbError> {
    let mut users = read_many(user, roles)?;
    Ok(users.pop())
}

fn read_many(users: &[Row], roles: &[Row]) -> Result<Vec<User>, DbError> {
    let mut found = Vec::with_capacity(users.len());
    for row in users {
        let mut cells = row.clone().cells();
        found.push(User::read(&mut cells)?);
        cells.end()?;
    }
    let mut roles = roles.iter().peekable();
    for user in &mut found {
        // Both come in the order of users; roles of users not asked for are passed over.
        while let Some(row) = roles.peek() {
            let of: i64 = row.get(0)?;
            if of > user.id.0 {
                break;
            }
            if of == user.id.0 {
                user.roles.push((row.get(1)?, UnitId(row.get(2)?)));
            }
            roles.next();
        }
    }
    Ok(found)
}

/// The user with a login (按登录名).
///
/// # Errors
/// When the database does not answer.
pub async fn by_login(store: &Store, login: &str) -> Result<Option<User>, DbError> {
    let rows = store.db.read(ask_login(login).into()).await?;
    read_one(&rows[0], &rows[1])
}

/// The user with a number (按编号).
///
/// # Errors
/// When the database does not answer.
pub async fn by_id(store: &Store, id: UserId) -> Result<Option<User>, DbError> {
    let rows = store.db.read(vec![Query::new(BY_ID, [id.0.into()]), Query::new(ROLES_BY_ID, [id.0.into()])]).await?;
    read_one(&rows[0], &rows[1])
}

/// All users in order of their numbers; staff and officers are thousands, not millions.
///
/// # Errors
/// When the database does not answer.
pub async fn all(store: &Store) -> Result<Vec<User>, DbError> {
    let rows = store.db.read(vec![Query::new(ALL, []), Query::new(ALL_ROLES, [])]).await?;
    read_many(&rows[0], &rows[1])
}

/// Enabled users who neither signed in nor were given a password since `before` (久未使用的账号, handbook 12 §1 point 9). A user
/// who never had a password cannot be used and is no finding.
///
/// # Errors
/// When the database does not answer.
pub async fn stale(store: &Store, before: Day) -> Result<Vec<User>, DbError> {
    let rows = store.db.read(vec![Query::new(STALE, [before.into()]), Query::new(ALL_ROLES, [])]).await?;
    read_many(&rows[0], &rows[1])
}

/// Whether the centre has any user.
///
/// # Errors
/// When the database does not answer.
pub async fn anybody(store: &Store) -> Result<bool, DbError> {
    let rows = store.db.read(vec![Query::new(ANYBODY, [])]).await?;
    Ok(!rows[0].is_empty())
}

/// Takes a user's access away and lets every case that looked at him find out.
pub fn disable(store: &Store, user: UserId) -> Vec<Step> {
    let mut guards = Batch::new(&[("key", Kind::Text), ("version", Kind::Int)]);
    guards.push([store.keys.guard_key(&Guard::User(user)).into(), 1.into()]);
    let mut bump = Insert::new("guard", guards);
    bump.on_conflict = Some("(key) DO UPDATE SET version = guard.version + 1");
    vec![Step::Insert(bump), Step::Sql { sql: DISABLE.into(), values: vec![user.0.into()], expect: Expect::Exactly(1) }]
}

/// Notes the day a user was last seen.
pub fn seen(user: UserId, day: Day) -> Step {
    Step::Sql { sql: SEEN.into(), values: vec![user.0.into(), day.into()], expect: Expect::AtMost(1) }
}

/// A role to write into the table of roles.
#[derive(Clone, Debug)]
pub struct RoleRow<'a> {
    /// Code.
    pub code: &'a str,
    /// 名称
    pub name: &'a str,
    /// The only kind of user who may hold it.
    pub kind: UserKind,
    /// Permission and scope keys.
    pub permissions: Vec<(&'a str, &'a str)>,
}

/// Writes roles with their permissions (角色与权限); those that stand already take the new words.
pub fn write_roles(roles: &[RoleRow<'_>]) -> Vec<Step> {
    let mut heads = Batch::new(&[("code", Kind::Text), ("name", Kind::Text), ("kind", Kind::Text)]);
    let mut permissions = Batch::new(&[("role", Kind::Text), ("action", Kind::Text), ("scope", Kind::Text)]);
    for role in roles {
        heads.push([role.code.into(), role.name.into(), role.kind.code().into()]);
        for (action, scope) in &role.permissions {
            permissions.push([role.code.into(), (*action).into(), (*scope).into()]);
        }
    }
    let mut steps = Vec::new();
    let batches = [
        ("role", heads, "(code) DO UPDATE SET name = excluded.name"),
        ("role_permission", permissions, "(role, action) DO UPDATE SET scope = excluded.scope"),
    ];
    for (table, rows, conflict) in batches {
        if !rows.is_empty() {
            let mut insert = Insert::new(table, rows);
            insert.on_conflict = Some(conflict);
            steps.push(Step::Insert(insert));
        }
    }
    steps
}

/// A user to write before there is anybody who could decide: the first administrators, and the demonstration's staff.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Number, from [`crate::effects::Writer::user_number`].
    pub id: UserId,
    /// 登录名
    pub login: String,
    /// 姓名
    pub name: String,
    /// Kind.
    pub kind: UserKind,
    /// Where the user works.
    pub unit: UnitId,
    /// For an officer, the employer.
    pub employer: Option<EmployerId>,
    /// Text of the password's hash.
    pub password: String,
    /// Day the password was set; none where it does not age (demonstration).
    pub password_day: Option<Day>,
    /// Whether it must be changed at the first sign-in.
    pub must_change: bool,
    /// Sealed secret of the second factor.
    pub totp: Option<Vec<u8>>,
    /// Roles with their units.
    pub roles: Vec<(String, UnitId)>,
}

/// Writes users with their logins claimed, their password remembered and their roles.
pub fn write_users(store: &Store, users: &[NewUser]) -> Vec<Step> {
    let mut claims = Batch::new(&[
        ("register", Kind::Text),
        ("key_hash", Kind::Bytes),
        ("holder", Kind::Text),
        ("words", Kind::Text),
        ("case_id", Kind::Int),
        ("in_flight", Kind::Flag),
    ]);
    let mut heads = Batch::new(&[
        ("id", Kind::Int),
        ("login", Kind::Text),
        ("name", Kind::Text),
        ("kind", Kind::Text),
        ("unit", Kind::Int),
        ("employer", Kind::Int),
        ("enabled", Kind::Flag),
        ("password", Kind::Text),
        ("password_day", Kind::Day),
        ("must_change", Kind::Flag),
        ("failures", Kind::Int),
        ("totp", Kind::Bytes),
        ("totp_step", Kind::Int),
    ]);
    let mut history = Batch::new(&[("user_id", Kind::Int), ("seq", Kind::Int), ("password", Kind::Text)]);
    let mut roles = Batch::new(&[
        ("user_id", Kind::Int),
        ("user_kind", Kind::Text),
        ("role", Kind::Text),
        ("role_kind", Kind::Text),
        ("unit", Kind::Int),
    ]);
    for u in users {
        let holder = Subject::User(u.id);
        let key = store.keys.register_key(Register::Login, &u.login);
        // No case opened these users: case 0.
        claims.push([
            Register::Login.key().into(),
            key.into(),
            holder.key().into(),
            format!("用户 {}", u.id).into(),
            0.into(),
            false.into(),
        ]);
        heads.push([
            u.id.0.into(),
            u.login.as_str().into(),
            u.name.as_str().into(),
            u.kind.code().into(),
            u.unit.0.into(),
            u.employer.map(|e| e.0).into(),
            true.into(),
            u.password.as_str().into(),
            u.password_day.into(),
            u.must_change.into(),
            0.into(),
            u.totp.clone().into(),
            0.into(),
        ]);
        history.push([u.id.0.into(), 1.into(), u.password.as_str().into()]);
        for (role, unit) in &u.roles {
            roles.push([u.id.0.into(), u.kind.code().into(), role.as_str().into(), u.kind.code().into(), unit.0.into()]);
        }
    }
    [("claim", claims), ("app_user", heads), ("password_history", history), ("user_role", roles)]
        .into_iter()
        .filter(|(_, rows)| !rows.is_empty())
        .map(|(table, rows)| Step::Insert(Insert::new(table, rows)))
        .collect()
}
