//! People at the door: signing in with two factors, sessions, passwords, tokens of machines, and looks at personal data.
//!
//! Law: handbook 12 §1 points 1–14, 40, 50; numbers 17 §13, kept as policy in `administration.security.*`. Everything here
//! leaves an audit record in its own unit (points 15–18): who, when, from where, about whom, with what result; never a password,
//! a code, a token or a personal identifier.
//!
//! Two hands at every key: the system administrator gives passwords and tokens, the security administrators give roles, end
//! sessions and take second factors away. So nobody alone becomes somebody else: a new password leaves the second factor, and a
//! dropped second factor leaves the password.
//!
//! Left out: certificates of employers (handbook 12 §4, a later stage), limits of concurrent sessions (point 52, no number known).

mod first;
mod machines;
mod passwords;
mod second_factor;
mod sessions;
mod sign_in;
mod unmask;
mod unused;

use area_administration::roles::Scope;
use core_case::effect::Subject;
use core_case::ids::UserId;
use shell_store::constraints;
use shell_store::db::{DbError, Outcome};
use shell_store::effects::{AuditEntry, Moment, WriteError, Writer};
use shell_store::numbers::Range;
use shell_store::people::users::User;
use shell_vault::VaultError;
use shell_vault::password::{Cost, PasswordPolicy, Problem};

use crate::actor::Actor;
use crate::centre::{Centre, CentreError};
use crate::command::Origin;

pub use first::{DemonstrationUser, FIRST_USERS, FirstUser, OneTime};
pub use machines::MachineToken;
pub use second_factor::{DemonstrationCode, Enrolment};
pub use sessions::{Ended, Session};
pub use sign_in::SignedIn;
pub use unmask::{PersonalField, Why};

/// So often is a unit tried again that the engine refused for a reason of its own.
const TRIES: usize = 5;

/// Why something about a person was not done (不予办理). The printed form is the sentence for the person.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The sign-in is refused. Which of name, password and code was wrong is never told (handbook 12 §1 point 3).
    #[error("登录名、密码或动态口令不正确。连续不正确会暂时锁定。")]
    Wrong,
    /// Too many failures of this name or at this address; the same answer whether or not the name belongs to anybody.
    #[error("登录失败次数过多，已暂时锁定。请 {minutes} 分钟后再试，或请安全管理员解锁。")]
    Locked {
        /// Minutes until it can be tried again, rounded up.
        minutes: i64,
    },
    /// There is no such session any more.
    #[error("{0}")]
    NoSession(Ended),
    /// The token of a machine is unknown, over or revoked.
    #[error("接口令牌无效、已到期或已停用。请系统管理员重新签发。")]
    NoToken,
    /// The present password is wrong.
    #[error("当前密码不正确。")]
    WrongPassword,
    /// The new password breaks rules; all of them at once.
    #[error("新密码不合要求：{}", .0.iter().map(Problem::to_string).collect::<Vec<_>>().join(" "))]
    Password(Vec<Problem>),
    /// The code that should confirm a second factor is wrong.
    #[error("动态口令不正确。核对手机时间，输入应用里现在显示的六位数字。")]
    WrongCode,
    /// A second factor is confirmed already.
    #[error("动态口令已经启用。要更换，请安全管理员先解除。")]
    Enrolled,
    /// No second factor was begun.
    #[error("还没有开始启用动态口令，请先取得密钥。")]
    NotEnrolled,
    /// The actor may not do this; recorded.
    #[error("{0}")]
    Denied(String),
    /// A look at personal data without a case or a reason; recorded.
    #[error("{0}")]
    NoReason(&'static str),
    /// Something named does not exist.
    #[error("{0}")]
    NotFound(String),
    /// Only a centre in demonstration mode does this.
    #[error("只有演示中心可以这样做。")]
    NotDemonstration,
    /// The first users were written already, or are not the ones that the law asks for.
    #[error("{0}")]
    FirstUsers(String),
    /// Somebody changed the same at the same moment.
    #[error("数据刚刚被别人改动，请重试。")]
    Moved,
    /// A named rule of the database refused.
    #[error("数据库拒绝：{0}")]
    Constraint(String),
    /// A background computation was lost.
    #[error("系统繁忙，请重试。")]
    Lost,
    /// The centre, its policy or its database.
    #[error(transparent)]
    Centre(#[from] CentreError),
    /// Writing.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// Keys.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<DbError> for PeopleError {
    fn from(e: DbError) -> PeopleError {
        PeopleError::Centre(e.into())
    }
}

/// Numbers of `administration.security.*` in force (安全参数).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// So many failures lock.
    pub(crate) lock_failures: i64,
    /// For so many seconds.
    pub(crate) lock_seconds: i64,
    /// A session without use ends after so many seconds.
    pub(crate) idle_seconds: i64,
    /// A session ends in any case after so many seconds.
    pub(crate) absolute_seconds: i64,
    /// Rules of passwords.
    pub(crate) password: PasswordPolicy,
}

/// What became of a unit with its audit record.
pub(crate) enum Recorded {
    /// It is on disk.
    Done,
    /// A step met other rows than it expected.
    Stale,
}

impl Centre {
    /// The security numbers in force.
    pub(crate) fn limits(&self) -> Result<Limits, PeopleError> {
        let number = |name: &str| self.setting::<i64>(&format!("administration.security.{name}"));
        let size = |name: &str| number(name).map(|n| usize::try_from(n).unwrap_or(0));
        Ok(Limits {
            lock_failures: number("lock_failures")?.max(1),
            lock_seconds: number("lock_minutes")?.saturating_mul(60),
            idle_seconds: number("session_idle")?.saturating_mul(60),
            absolute_seconds: number("session_absolute")?.saturating_mul(3600),
            password: PasswordPolicy {
                min_length: size("password_length")?,
                min_classes: size("password_classes")?,
                history: size("password_history")?,
                max_age_days: number("password_max_age")?,
            },
        })
    }

    /// What a new hash costs here: little only in the demonstration, whose people and passwords are invented.
    pub(crate) fn cost(&self) -> Cost {
        if self.about.demonstration { Cost::DEMONSTRATION } else { Cost::STANDARD }
    }

    /// Commits steps with their audit record, or nothing.
    pub(crate) async fn recorded(
        &self,
        origin: &Origin,
        by: UserId,
        entry: AuditEntry,
        steps: impl FnOnce(&mut Writer<'_>) -> Result<(), PeopleError>,
    ) -> Result<Recorded, PeopleError> {
        self.store.numbers.prime(&self.store.db, &[Range::Audit, Range::Session, Range::User]).await?;
        let moment = Moment {
            day: self.day(),
            now: origin.now,
            actor: by,
            address: plain(&origin.address, 64),
            request: plain(&origin.request, 64),
        };
        let mut writer = Writer::new(&self.store, moment);
        let built = steps(&mut writer).and_then(|()| Ok(writer.audit(entry).map(drop)?));
        let (unit, lease) = writer.finish();
        if let Err(e) = built {
            self.store.numbers.give_back(lease);
            return Err(e);
        }
        let mut tries = TRIES;
        loop {
            let outcome = self.store.db.commit(unit.clone()).await;
            if let (Outcome::Retry(_), 1..) = (&outcome, tries) {
                tries -= 1;
                continue;
            }
            if !matches!(outcome, Outcome::Done(_)) {
                self.store.numbers.not_committed(&outcome, lease);
            }
            return match outcome {
                Outcome::Done(_) => Ok(Recorded::Done),
                Outcome::Stale { .. } => Ok(Recorded::Stale),
                Outcome::Refused { constraint, .. } => Err(PeopleError::Constraint(constraints::sentence(&constraint))),
                Outcome::Retry(e) | Outcome::Failed(e) | Outcome::Unknown(e) => Err(e.into()),
            };
        }
    }

    /// As [`Centre::recorded`], for steps that nobody else should have touched.
    pub(crate) async fn must_record(
        &self,
        origin: &Origin,
        by: UserId,
        entry: AuditEntry,
        steps: impl FnOnce(&mut Writer<'_>) -> Result<(), PeopleError>,
    ) -> Result<(), PeopleError> {
        match self.recorded(origin, by, entry, steps).await? {
            Recorded::Done => Ok(()),
            Recorded::Stale => Err(PeopleError::Moved),
        }
    }

    /// The scope in which an actor may do something; a refusal is recorded before it is told.
    pub(crate) async fn require(
        &self,
        actor: &Actor,
        origin: &Origin,
        permission: &str,
        kind: &str,
        object: &str,
    ) -> Result<Scope, PeopleError> {
        match actor.may(permission) {
            Some(scope) => Ok(scope),
            None => {
                self.must_record(origin, actor.user, entry(kind, object, serde_json::json!({ "needs": permission }), "denied"), nothing)
                    .await?;
                Err(PeopleError::Denied(format!("{}（{}）没有这项权限。", actor.name, actor.login)))
            }
        }
    }
}

/// Who a user is when acting.
pub(crate) fn actor(user: &User) -> Actor {
    Actor {
        user: user.id,
        login: user.login.clone(),
        name: user.name.clone(),
        kind: user.kind,
        unit: user.unit,
        employer: user.employer,
        roles: user.roles.clone(),
    }
}

/// Key of a user in audit records.
pub(crate) fn object(user: UserId) -> String {
    Subject::User(user).key()
}

/// An audit record about people: it writes no effects of a case.
pub(crate) fn entry(kind: &str, object: &str, detail: serde_json::Value, result: &str) -> AuditEntry {
    AuditEntry {
        kind: kind.to_owned(),
        object: object.to_owned(),
        detail: detail.to_string(),
        result: result.to_owned(),
        effects: String::new(),
    }
}

/// No steps but the audit record.
pub(crate) fn nothing(_: &mut Writer<'_>) -> Result<(), PeopleError> {
    Ok(())
}

/// A text of a client, fit to be kept: no control characters, at most so many characters.
pub(crate) fn plain(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}

/// Runs what takes long off the threads that answer requests.
pub(crate) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, PeopleError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| PeopleError::Lost)
}
