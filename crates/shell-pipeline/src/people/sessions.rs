//! 会话 Sessions: found by token, ended by leaving, by time, by a security administrator, by a change of password or roles.
//!
//! Rules: handbook 12 §1 point 4; 17 §13: thirty minutes idle, twelve hours in any case.

use core_calendar::Day;
use shell_store::people::sessions::{self as stored, OpenSession, StoredSession};
use shell_store::people::users::User;
use shell_vault::token::Token;

use super::{Limits, PeopleError, Recorded, actor, entry, object};
use crate::actor::Actor;
use crate::centre::Centre;
use crate::command::Origin;

/// Use is noted when so many seconds have passed since the last note, so that not every page writes. A session therefore ends up
/// to a minute earlier than the idle time says, never later.
const NOTE_SECONDS: i64 = 60;

/// Why there is no session (会话结束原因).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Ended {
    /// No such token.
    #[error("请先登录。")]
    Unknown,
    /// Idle.
    #[error("{minutes} 分钟没有操作，会话已结束，请重新登录。")]
    Idle {
        /// Minutes allowed.
        minutes: i64,
    },
    /// Too long.
    #[error("会话已满 {hours} 小时，请重新登录。")]
    Absolute {
        /// Hours allowed.
        hours: i64,
    },
    /// By somebody or something else, in words.
    #[error("会话已结束（{0}），请重新登录。")]
    By(String),
    /// The account is disabled.
    #[error("账号已停用。")]
    Disabled,
}

/// An open session (会话).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Number, for the list.
    pub id: i64,
    /// Who acts. Without roles while [`Session::restricted`].
    pub actor: Actor,
    /// The password must be changed first: it is a one-time password, or too old.
    pub must_change_password: bool,
    /// The second factor must be enrolled first.
    pub must_enrol_totp: bool,
    /// Opened, seconds since 1970.
    pub opened: i64,
    /// Ends in any case.
    pub ends: i64,
    /// From which address it was opened.
    pub address: String,
    /// With which program.
    pub agent: String,
}

impl Session {
    /// Whether nothing may be done in it but to change the password or to enrol the second factor.
    pub fn restricted(&self) -> bool {
        self.must_change_password || self.must_enrol_totp
    }
}

/// A stored session with its user, as it may be used on a business day.
pub(crate) fn of(session: StoredSession, user: &User, limits: &Limits, today: Day) -> Session {
    let expired = user.password_day.is_some_and(|day| limits.password.is_expired(i64::from(day.days_until(today))));
    let mut found = Session {
        id: session.id,
        actor: actor(user),
        must_change_password: user.must_change || expired,
        must_enrol_totp: !user.second_factor,
        opened: session.opened,
        ends: session.ends,
        address: session.address,
        agent: session.agent,
    };
    if found.restricted() {
        found.actor.roles.clear();
    }
    found
}

impl Centre {
    /// The session of a token (验证会话), with who acts in it; notes that it was used.
    ///
    /// # Errors
    /// [`PeopleError::NoSession`] with the reason to show; the end by time is recorded when it is first met.
    pub async fn session(&self, origin: &Origin, token: &str) -> Result<Session, PeopleError> {
        let (session, user, digest) = self.found(origin, token).await?;
        if origin.now - session.seen >= NOTE_SECONDS {
            let note = shell_store::db::Unit::small().step(stored::touch(&digest, origin.now));
            self.store.db.commit(note).await.done()?;
        }
        Ok(of(session, &user, &self.limits()?, self.day()))
    }

    /// A session that is not over, with its user and the digest of its token.
    pub(crate) async fn found(&self, origin: &Origin, token: &str) -> Result<(StoredSession, User, Vec<u8>), PeopleError> {
        let unknown = || PeopleError::NoSession(Ended::Unknown);
        let digest = Token::parse(token).ok_or_else(unknown)?.digest().to_vec();
        let (session, user) = stored::find(&self.store, &digest).await?.ok_or_else(unknown)?;
        if session.ended.is_some() {
            return Err(PeopleError::NoSession(Ended::By(session.ended_by.unwrap_or_default())));
        }
        if !user.enabled {
            return Err(PeopleError::NoSession(Ended::Disabled));
        }
        let limits = self.limits()?;
        let idle = session.seen + limits.idle_seconds;
        let over = if origin.now >= session.ends {
            Some((session.ends, "到时", Ended::Absolute { hours: limits.absolute_seconds / 3600 }))
        } else if origin.now >= idle {
            Some((idle, "空闲超时", Ended::Idle { minutes: limits.idle_seconds / 60 }))
        } else {
            None
        };
        let Some((at, why, ended)) = over else { return Ok((session, user, digest)) };
        let record = entry("session-end", &object(user.id), serde_json::json!({ "session": session.id, "why": why }), "done");
        // Whoever met it first has ended it.
        let _: Recorded = self
            .recorded(origin, user.id, record, |w| {
                w.also([stored::end(session.id, at, why)]);
                Ok(())
            })
            .await?;
        Err(PeopleError::NoSession(ended))
    }

    /// Signs out (退出): the session ends and its token opens nothing any more.
    ///
    /// # Errors
    /// [`PeopleError::NoSession`] when it was over already.
    pub async fn sign_out(&self, origin: &Origin, token: &str) -> Result<(), PeopleError> {
        let (session, user, _) = self.found(origin, token).await?;
        let record = entry("sign-out", &object(user.id), serde_json::json!({ "session": session.id }), "done");
        self.must_record(origin, user.id, record, |w| {
            w.also([stored::end(session.id, origin.now, "退出")]);
            Ok(())
        })
        .await
    }

    /// Open sessions of everybody (会话列表), last used first; for security administrators.
    ///
    /// # Errors
    /// [`PeopleError::Denied`], or the database does not answer.
    pub async fn list_sessions(&self, actor: &Actor, origin: &Origin) -> Result<Vec<OpenSession>, PeopleError> {
        self.require(actor, origin, "view.security", "session-list", "centre").await?;
        Ok(stored::open_ones(&self.store, origin.now, origin.now - self.limits()?.idle_seconds).await?)
    }

    /// Ends somebody's session (强制下线) by a security administrator.
    ///
    /// # Errors
    /// [`PeopleError::Denied`]; [`PeopleError::NotFound`] when it is over already.
    pub async fn end_session(&self, actor: &Actor, origin: &Origin, session: i64) -> Result<(), PeopleError> {
        self.require(actor, origin, "administration.user.roles", "session-end", &format!("session:{session}")).await?;
        let gone = || PeopleError::NotFound(format!("会话 {session} 不存在或已经结束。"));
        let found = stored::by_id(&self.store, session).await?.filter(|s| s.ended.is_none()).ok_or_else(gone)?;
        let record = entry("session-end", &object(found.user), serde_json::json!({ "session": session, "why": "强制下线" }), "done");
        let recorded = self
            .recorded(origin, actor.user, record, |w| {
                w.also([stored::end(session, origin.now, "强制下线")]);
                Ok(())
            })
            .await?;
        match recorded {
            Recorded::Done => Ok(()),
            Recorded::Stale => Err(gone()),
        }
    }
}
