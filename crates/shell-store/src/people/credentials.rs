//! What a person signs in with: password, second factor, and the failures that lock.
//!
//! Failures are counted by the name that was typed and by the address it came from, whether or not the name belongs to anybody,
//! so that an answer never tells which names do (handbook 12 §1 point 3; 17 §13).

use core_calendar::Day;
use core_case::ids::UserId;
use shell_vault::{Purpose, VaultError, mac};

use super::users::{User, ask_login, read_one};
use crate::db::{DbError, Expect, Query, Step, Value};
use crate::store::Store;

crate::statements! {
    SECRETS_BY_LOGIN = "SELECT id, password, totp, totp_step FROM app_user WHERE login = $1";
    SECRETS_BY_ID = "SELECT id, password, totp, totp_step FROM app_user WHERE id = $1";
    FAILURES_OF_LOGIN = "SELECT CAST(SUM(failures) AS bigint) AS failures FROM sign_in_failure \
        WHERE login = $1 AND at > $2 AND failures > 0";
    OTHERS_AT_ADDRESS = "SELECT COUNT(*) AS names FROM sign_in_failure WHERE address = $1 AND at > $2 AND failures > 0 AND login <> $3";
    LOCKED = "SELECT MAX(until) AS until FROM sign_in_lock WHERE subject = ANY($1)";
    LOCK = "INSERT INTO sign_in_lock (subject, until) VALUES ($1, $2) ON CONFLICT (subject) DO UPDATE SET until = excluded.until";
    UNLOCK = "UPDATE sign_in_lock SET until = 0 WHERE subject = $1 AND until > 0";
    HISTORY = "SELECT password FROM password_history WHERE user_id = $1 ORDER BY seq DESC LIMIT $2";
    PASSWORDS = "SELECT login, password FROM app_user WHERE password IS NOT NULL ORDER BY id";
    FAILED = "INSERT INTO sign_in_failure (login, address, failures, at) VALUES ($1, $2, 1, $3) ON CONFLICT (login, address) DO UPDATE \
        SET failures = CASE WHEN sign_in_failure.at > $4 THEN sign_in_failure.failures + 1 ELSE 1 END, at = excluded.at";
    FORGIVEN = "UPDATE sign_in_failure SET failures = 0 WHERE login = $1 AND failures > 0";
    MARK = "UPDATE app_user SET failures = $2, locked_until = $3 WHERE id = $1";
    CODE_USED = "UPDATE app_user SET totp_step = $2 WHERE id = $1 AND enabled AND totp IS NOT NULL AND totp_step >= 0 AND totp_step < $2";
    NOT_ENROLLED = "SELECT id FROM app_user WHERE id = $1 AND enabled AND (totp IS NULL OR totp_step < 0)";
    STILL_PASSWORD = "SELECT id FROM app_user WHERE id = $1 AND password = $2";
    SET_PASSWORD = "UPDATE app_user SET password = $2, password_day = $3, must_change = $4 WHERE id = $1";
    REMEMBER = "INSERT INTO password_history (user_id, seq, password) SELECT CAST($1 AS bigint), COALESCE(MAX(seq), 0) + 1, \
        CAST($2 AS text) FROM password_history WHERE user_id = $1";
    REHASH = "UPDATE app_user SET password = $3 WHERE id = $1 AND password = $2";
    PROPOSE_TOTP = "UPDATE app_user SET totp = $2, totp_step = -1 WHERE id = $1 AND (totp IS NULL OR totp_step < 0)";
    CONFIRM_TOTP = "UPDATE app_user SET totp_step = $2 WHERE id = $1 AND totp IS NOT NULL AND totp_step < 0";
    DROP_TOTP = "UPDATE app_user SET totp = NULL, totp_step = 0 WHERE id = $1 AND totp IS NOT NULL";
}

/// The secrets of a user as stored (凭证): a slow hash and ciphertext. It prints nothing of them.
#[derive(Clone)]
pub struct Secrets {
    /// Whose.
    pub user: UserId,
    /// Text of the password's hash.
    pub password: Option<String>,
    totp: Option<Vec<u8>>,
    /// Step of the last code used; below zero while the secret waits to be confirmed by a first code.
    pub totp_step: i64,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secrets of user {}", self.user)
    }
}

impl Secrets {
    /// Whether a second factor is enrolled and confirmed.
    pub fn enrolled(&self) -> bool {
        self.totp.is_some() && self.totp_step >= 0
    }

    /// The second factor's secret in base 32, confirmed or not; none where there is none.
    ///
    /// # Errors
    /// When the ciphertext was altered or moved, or its key is missing.
    pub fn totp(&self, store: &Store) -> Result<Option<String>, VaultError> {
        self.totp.as_ref().map(|sealed| store.keys.open("app_user", "totp", self.user.0, sealed)).transpose()
    }
}

/// Failures counted since a moment, and the lock that stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// Failures of the name typed, from all addresses.
    pub of_login: i64,
    /// Other names that failed at the address and have not succeeded since.
    pub others_at_address: i64,
    /// Until when name or address are locked, seconds since 1970; it may be past.
    pub locked_until: Option<i64>,
}

/// What is locked (锁定对象).
#[derive(Clone, Copy, Debug)]
pub enum Locked<'a> {
    /// A name that was typed, whether or not it belongs to anybody.
    Login(&'a str),
    /// An address.
    Address(&'a str),
}

impl Locked<'_> {
    fn subject(self, store: &Store) -> String {
        match self {
            Locked::Login(login) => {
                let hex = login_key(store, login).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
                format!("login:{hex}")
            }
            Locked::Address(address) => format!("address:{address}"),
        }
    }
}

/// What a sign-in looks at, from one snapshot.
#[derive(Clone, Debug)]
pub struct SignInFacts {
    /// The user of that name, none where there is none.
    pub user: Option<(User, Secrets)>,
    /// Failures.
    pub failures: Failures,
}

/// Stored key of a name that was typed: a keyed hash, because people type passwords into the wrong field.
pub fn login_key(store: &Store, login: &str) -> Vec<u8> {
    mac(&store.keys.ring(), Purpose::Session, format!("sign-in\n{login}").as_bytes()).to_bytes().to_vec()
}

/// Reads what a sign-in looks at; failures at or before `since` no longer count.
///
/// # Errors
/// When the database does not answer.
pub async fn sign_in_facts(store: &Store, login: &str, address: &str, since: i64) -> Result<SignInFacts, DbError> {
    let [user, roles] = ask_login(login);
    let key = login_key(store, login);
    let subjects = vec![Locked::Login(login).subject(store), Locked::Address(address).subject(store)];
    let rows = store
        .db
        .read(vec![
            user,
            roles,
            Query::new(SECRETS_BY_LOGIN, [login.into()]),
            Query::new(FAILURES_OF_LOGIN, [key.clone().into(), since.into()]),
            Query::new(OTHERS_AT_ADDRESS, [address.into(), since.into(), key.into()]),
            Query::new(LOCKED, [subjects.into()]),
        ])
        .await?;
    let user = read_one(&rows[0], &rows[1])?;
    let mut failures = Failures::default();
    if let Some(row) = rows[3].first() {
        failures.of_login = row.get::<Option<i64>>(0)?.unwrap_or(0);
    }
    if let Some(row) = rows[4].first() {
        failures.others_at_address = row.get(0)?;
    }
    if let Some(row) = rows[5].first() {
        failures.locked_until = row.get(0)?;
    }
    Ok(SignInFacts { user: user.zip(read_secrets(&rows[2])?), failures })
}

fn read_secrets(rows: &[crate::db::Row]) -> Result<Option<Secrets>, DbError> {
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(Secrets { user: UserId(row.get(0)?), password: row.get(1)?, totp: row.get(2)?, totp_step: row.get(3)? }))
}

/// The secrets of a user.
///
/// # Errors
/// When the database does not answer.
pub async fn secrets(store: &Store, user: UserId) -> Result<Option<Secrets>, DbError> {
    let rows = store.db.read(vec![Query::new(SECRETS_BY_ID, [user.0.into()])]).await?;
    read_secrets(&rows[0])
}

/// Hashes of a user's last passwords, newest first, the present one among them.
///
/// # Errors
/// When the database does not answer.
pub async fn history(store: &Store, user: UserId, last: usize) -> Result<Vec<String>, DbError> {
    let last = i64::try_from(last).unwrap_or(i64::MAX);
    let rows = store.db.read(vec![Query::new(HISTORY, [user.0.into(), last.into()])]).await?;
    rows[0].iter().map(|row| row.get(0)).collect()
}

/// Login and hash of everybody who has a password, for the start-up check of their cost.
///
/// # Errors
/// When the database does not answer.
pub async fn passwords(store: &Store) -> Result<Vec<(String, String)>, DbError> {
    let rows = store.db.read(vec![Query::new(PASSWORDS, [])]).await?;
    rows[0].iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

fn sql(text: &'static str, values: impl IntoIterator<Item = Value>, expect: Expect) -> Step {
    Step::Sql { sql: text.into(), values: values.into_iter().collect(), expect }
}

/// Counts a failure of a name at an address; what stood at or before `since` is forgotten.
pub fn failed(store: &Store, login: &str, address: &str, now: i64, since: i64) -> Step {
    sql(FAILED, [login_key(store, login).into(), address.into(), now.into(), since.into()], Expect::Exactly(1))
}

/// Locks a name or an address until a moment.
pub fn lock(store: &Store, what: Locked<'_>, until: i64) -> Step {
    sql(LOCK, [what.subject(store).into(), until.into()], Expect::Exactly(1))
}

/// Forgets the failures of a name and its lock, at a success or an unlocking.
pub fn forgiven(store: &Store, login: &str) -> [Step; 2] {
    [
        sql(FORGIVEN, [login_key(store, login).into()], Expect::AtLeast(0)),
        sql(UNLOCK, [Locked::Login(login).subject(store).into()], Expect::AtMost(1)),
    ]
}

/// Shows failures and lock with the user, for pages.
pub fn mark(user: UserId, failures: i64, locked_until: Option<i64>) -> Step {
    sql(MARK, [user.0.into(), failures.into(), locked_until.into()], Expect::Exactly(1))
}

/// Uses up the codes of a step and all before it. The unit is stale when they were used already, so that of two sign-ins with
/// one code only one commits.
pub fn code_used(user: UserId, step: i64) -> Step {
    sql(CODE_USED, [user.0.into(), step.into()], Expect::Exactly(1))
}

/// Holds the unit to a user who is enabled and has no confirmed second factor.
pub fn not_enrolled(user: UserId) -> Step {
    sql(NOT_ENROLLED, [user.0.into()], Expect::Exactly(1))
}

/// Holds the unit to the password that was looked at, so that one changed meanwhile opens nothing.
pub fn still_password(user: UserId, hash: &str) -> Step {
    sql(STILL_PASSWORD, [user.0.into(), hash.into()], Expect::Exactly(1))
}

/// Sets a password and remembers it among the former ones. History is kept whole: how much of it counts is policy.
pub fn set_password(user: UserId, hash: &str, day: Day, must_change: bool) -> Vec<Step> {
    vec![
        sql(SET_PASSWORD, [user.0.into(), hash.into(), day.into(), must_change.into()], Expect::Exactly(1)),
        sql(REMEMBER, [user.0.into(), hash.into()], Expect::Exactly(1)),
    ]
}

/// Replaces the hash of the same password by a costlier one.
pub fn rehash(user: UserId, old: &str, new: &str) -> Step {
    sql(REHASH, [user.0.into(), old.into(), new.into()], Expect::Exactly(1))
}

/// Seals the secret of a second factor, in base 32, for its cell.
///
/// # Errors
/// When the system has no random bytes.
pub fn seal_totp(store: &Store, user: UserId, base32: &str) -> Result<Vec<u8>, VaultError> {
    store.keys.seal("app_user", "totp", user.0, base32.as_bytes())
}

/// Keeps a sealed secret until a first code confirms it; the unit is stale when one is confirmed already.
pub fn propose_totp(user: UserId, sealed: Vec<u8>) -> Step {
    sql(PROPOSE_TOTP, [user.0.into(), sealed.into()], Expect::Exactly(1))
}

/// Confirms the secret with the step of its first code.
pub fn confirm_totp(user: UserId, step: i64) -> Step {
    sql(CONFIRM_TOTP, [user.0.into(), step.into()], Expect::Exactly(1))
}

/// Takes the second factor away, so that it is enrolled again.
pub fn drop_totp(user: UserId) -> Step {
    sql(DROP_TOTP, [user.0.into()], Expect::AtMost(1))
}
