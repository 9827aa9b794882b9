//! 密码 Passwords: changed by their owner, given once by a system administrator, failures forgiven by a security administrator.
//!
//! Rules: handbook 12 §1 point 2; 17 §13: twelve characters, three of four classes, none of the last five, ninety days, changed
//! at the first sign-in. A change ends all sessions of the user.

use core_case::ids::UserId;
use shell_store::people::{credentials, sessions, users};
use shell_vault::SystemEntropy;
use shell_vault::password::{PasswordHash, one_time_password};
use zeroize::Zeroizing;

use super::sign_in::{SignedIn, gate};
use super::{PeopleError, aside, entry, object};
use crate::actor::Actor;
use crate::centre::Centre;
use crate::command::Origin;

impl Centre {
    /// Changes one's own password (修改密码). All sessions end; the answer is a fresh one that ends when the old one would have.
    ///
    /// # Errors
    /// [`PeopleError::WrongPassword`] (counted as a failure of the name), [`PeopleError::Password`] with every rule broken,
    /// [`PeopleError::Locked`], [`PeopleError::NoSession`].
    pub async fn change_password(&self, origin: &Origin, token: &str, current: &str, new: &str) -> Result<SignedIn, PeopleError> {
        let (session, user, _) = self.found(origin, token).await?;
        let limits = self.limits()?;
        let _gate = gate(&user.login).await;
        let facts = self.sign_in_facts(origin, &user.login, &limits).await?;
        self.not_locked(origin, "password", &facts).await?;
        let hash = facts.user.as_ref().and_then(|(_, secrets)| secrets.password.clone()).unwrap_or_default();
        let (verified, _) = self.verify(Some(hash.clone()), current).await?;
        if !verified {
            return Err(match self.count_failure(origin, "password", &user.login, &facts, "password", &limits).await? {
                PeopleError::Wrong => PeopleError::WrongPassword,
                locked => locked,
            });
        }
        let former = credentials::history(&self.store, user.id, limits.password.history).await?;
        let (candidate, login, cost) = (Zeroizing::new(new.to_owned()), user.login.clone(), self.cost());
        let made = aside(move || {
            let former: Vec<PasswordHash> = former.iter().filter_map(|h| PasswordHash::parse(h).ok()).collect();
            let problems = limits.password.check(&candidate, &login, &former);
            if !problems.is_empty() {
                return Err(PeopleError::Password(problems));
            }
            Ok(PasswordHash::new(&candidate, cost, &mut SystemEntropy::new())?)
        })
        .await??;
        let mut steps = vec![credentials::still_password(user.id, &hash)];
        steps.extend(credentials::set_password(user.id, made.as_str(), self.day(), false));
        steps.extend(credentials::forgiven(&self.store, &user.login));
        steps.push(credentials::mark(user.id, 0, None));
        steps.push(sessions::end_all(user.id, origin.now, "修改密码"));
        let changed = users::User { must_change: false, password_day: Some(self.day()), ..user };
        let opened = self.open_session(origin, "password", &changed, &session.agent, session.ends, steps).await?;
        opened.ok_or(PeopleError::Moved)
    }

    /// Gives a user a one-time password (一次性密码), shown once, by a system administrator: for a new user, or one who forgot.
    /// It must be changed at the next sign-in; failures are forgiven, sessions end, the second factor stays.
    ///
    /// # Errors
    /// [`PeopleError::Denied`] without `administration.user.open` or for oneself; [`PeopleError::NotFound`].
    pub async fn one_time_password(&self, actor: &Actor, origin: &Origin, user: UserId) -> Result<Zeroizing<String>, PeopleError> {
        self.require(actor, origin, "administration.user.open", "one-time-password", &object(user)).await?;
        self.not_oneself(actor, user)?;
        let found = self.user(user).await?;
        let cost = self.cost();
        let (password, hash) = aside(move || -> Result<_, PeopleError> {
            let password = one_time_password(&mut SystemEntropy::new())?;
            let hash = PasswordHash::new(&password, cost, &mut SystemEntropy::new())?;
            Ok((password, hash))
        })
        .await??;
        let record = entry("one-time-password", &object(user), serde_json::json!({}), "done");
        self.must_record(origin, actor.user, record, |w| {
            w.also(credentials::set_password(user, hash.as_str(), self.day(), true));
            w.also(credentials::forgiven(&self.store, &found.login));
            w.also([credentials::mark(user, 0, None), sessions::end_all(user, origin.now, "重发一次性密码")]);
            Ok(())
        })
        .await?;
        Ok(password)
    }

    /// Forgives the failures of a user (解锁) before the lock ends by itself, by a security administrator.
    ///
    /// # Errors
    /// [`PeopleError::Denied`] or [`PeopleError::NotFound`].
    pub async fn unlock(&self, actor: &Actor, origin: &Origin, user: UserId) -> Result<(), PeopleError> {
        self.require(actor, origin, "administration.user.roles", "unlock", &object(user)).await?;
        let found = self.user(user).await?;
        self.must_record(origin, actor.user, entry("unlock", &object(user), serde_json::json!({}), "done"), |w| {
            w.also(credentials::forgiven(&self.store, &found.login));
            w.also([credentials::mark(user, 0, None)]);
            Ok(())
        })
        .await
    }

    /// Users whose hash costs less than a real centre's must (弱摘要): the start-up check of a centre that is no demonstration
    /// finds here any account that was copied from one (handbook 12 §1 point 8).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn weak_passwords(&self) -> Result<Vec<String>, PeopleError> {
        let standard = shell_vault::password::Cost::STANDARD;
        let weak = |hash: &str| PasswordHash::parse(hash).map_or(true, |h| h.is_weaker_than(standard));
        let all = credentials::passwords(&self.store).await?;
        Ok(all.into_iter().filter(|(_, hash)| weak(hash)).map(|(login, _)| login).collect())
    }

    /// A user by number.
    pub(crate) async fn user(&self, user: UserId) -> Result<users::User, PeopleError> {
        users::by_id(&self.store, user).await?.ok_or_else(|| PeopleError::NotFound(format!("没有用户 {user}。")))
    }

    /// Keys of one's own are given by somebody else.
    pub(crate) fn not_oneself(&self, actor: &Actor, user: UserId) -> Result<(), PeopleError> {
        if actor.user == user {
            Err(PeopleError::Denied("不能为自己办理，请另一位管理员办理。".to_owned()))
        } else {
            Ok(())
        }
    }
}
