//! 接口令牌 Tokens of machines: a bearer token stands for a user of its own, with an end, revoked alone.
//!
//! Rule: handbook 12 §1 point 50. Left out: rate limits and address lists of external systems (points 49 and 50), for the web.

use core_case::ids::UserId;
use shell_store::people::tokens::{self, StoredToken};
use shell_store::people::users;
use shell_vault::SystemEntropy;
use shell_vault::token::Token;
use zeroize::Zeroizing;

use super::{PeopleError, Recorded, actor as acting, entry, object, plain};
use crate::actor::Actor;
use crate::centre::Centre;
use crate::command::Origin;

/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;

/// A token just created.
#[derive(Debug)]
pub struct MachineToken {
    /// The token, shown once.
    pub token: Zeroizing<String>,
    /// When it ends, seconds since 1970.
    pub ends: i64,
}

impl Centre {
    /// Creates a token for a user (签发接口令牌), by a system administrator. It lives as long as a password may
    /// (`administration.security.password_max_age`); the handbook names no number of its own.
    ///
    /// # Errors
    /// [`PeopleError::Denied`], also for oneself; [`PeopleError::NotFound`].
    pub async fn create_token(&self, actor: &Actor, origin: &Origin, user: UserId, name: &str) -> Result<MachineToken, PeopleError> {
        self.require(actor, origin, "administration.user.open", "token", &object(user)).await?;
        self.not_oneself(actor, user)?;
        let found = self.user(user).await?;
        let name = plain(name.trim(), 60);
        if name.is_empty() {
            return Err(PeopleError::NotFound("令牌要有用途名称，便于以后停用。".to_owned()));
        }
        let token = Token::generate(&mut SystemEntropy::new())?;
        let ends = origin.now.saturating_add(self.limits()?.password.max_age_days.saturating_mul(DAY_SECONDS));
        let stored = StoredToken { user: found.id, name: name.clone(), ends, revoked: false };
        let record = entry("token", &object(user), serde_json::json!({ "name": name, "ends": ends }), "done");
        self.must_record(origin, actor.user, record, |w| {
            w.also([tokens::create(&token.digest(), &stored)]);
            Ok(())
        })
        .await?;
        Ok(MachineToken { token: token.reveal(), ends })
    }

    /// Who acts with a bearer token (验证接口令牌). A machine has no second factor: its token is one itself, of 256 bits.
    ///
    /// # Errors
    /// [`PeopleError::NoToken`] when it is unknown, over, revoked, or its user disabled; recorded unless it is unknown.
    pub async fn machine(&self, origin: &Origin, token: &str) -> Result<Actor, PeopleError> {
        let digest = Token::parse(token).ok_or(PeopleError::NoToken)?.digest();
        let (stored, user) = tokens::find(&self.store, &digest).await?.ok_or(PeopleError::NoToken)?;
        if stored.revoked || stored.ends <= origin.now || !user.enabled {
            let record = entry("token", &object(user.id), serde_json::json!({ "name": stored.name }), "refused");
            self.must_record(origin, user.id, record, super::nothing).await?;
            return Err(PeopleError::NoToken);
        }
        if user.last_seen.is_none_or(|day| day < self.day()) {
            let note = shell_store::db::Unit::small().step(users::seen(user.id, self.day()));
            self.store.db.commit(note).await.done()?;
        }
        Ok(acting(&user))
    }

    /// Revokes a user's tokens of a name (停用接口令牌), by a system or a security administrator.
    ///
    /// # Errors
    /// [`PeopleError::Denied`]; [`PeopleError::NotFound`] when there is none.
    pub async fn revoke_token(&self, actor: &Actor, origin: &Origin, user: UserId, name: &str) -> Result<(), PeopleError> {
        if actor.may("administration.user.roles").is_none() {
            self.require(actor, origin, "administration.user.open", "token", &object(user)).await?;
        }
        let name = plain(name.trim(), 60);
        let record = entry("token", &object(user), serde_json::json!({ "name": name, "step": "revoked" }), "done");
        let recorded = self
            .recorded(origin, actor.user, record, |w| {
                w.also([tokens::revoke(user, &name)]);
                Ok(())
            })
            .await?;
        match recorded {
            Recorded::Done => Ok(()),
            Recorded::Stale => Err(PeopleError::NotFound(format!("用户 {user} 没有名为“{name}”的有效令牌。"))),
        }
    }
}
