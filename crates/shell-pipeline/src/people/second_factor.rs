//! 动态口令 The second factor: enrolled by its owner, confirmed by a first code, taken away by a security administrator.
//!
//! Rule: handbook 12 §1 point 6, staff and employers sign in with two factors, one of them cryptographic. In the demonstration
//! the page shows the code instead of leaving the factor out.

use core_case::ids::UserId;
use shell_store::people::{credentials, sessions, users};
use shell_vault::SystemEntropy;
use shell_vault::totp::{STEP_SECONDS, Totp};
use zeroize::Zeroizing;

use super::{PeopleError, entry, object};
use crate::actor::Actor;
use crate::centre::Centre;
use crate::command::Origin;
use crate::people::sessions::Session;

/// What an authenticator app takes (启用动态口令), shown once.
#[derive(Debug)]
pub struct Enrolment {
    /// The secret in base 32, to be typed.
    pub secret: Zeroizing<String>,
    /// The address that a QR code holds.
    pub uri: Zeroizing<String>,
}

/// The code that a demonstration shows on its sign-in page (演示动态口令).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemonstrationCode {
    /// Six digits.
    pub code: String,
    /// Seconds until it is accepted; 0 unless two sign-ins of half a minute have used up what came before.
    pub wait: i64,
}

impl Centre {
    /// Begins to enrol the second factor in one's session. Begun again, it gives another secret and forgets the one before.
    ///
    /// # Errors
    /// [`PeopleError::Enrolled`] once it is confirmed; [`PeopleError::NoSession`].
    pub async fn enrol_totp(&self, origin: &Origin, token: &str) -> Result<Enrolment, PeopleError> {
        let (_, user, _) = self.found(origin, token).await?;
        if user.second_factor {
            return Err(PeopleError::Enrolled);
        }
        let totp = Totp::generate(&mut SystemEntropy::new())?;
        let secret = totp.to_base32();
        let sealed = credentials::seal_totp(&self.store, user.id, &secret)?;
        let record = entry("second-factor", &object(user.id), serde_json::json!({ "step": "begun" }), "done");
        self.must_record(origin, user.id, record, |w| {
            w.also([credentials::propose_totp(user.id, sealed)]);
            Ok(())
        })
        .await?;
        Ok(Enrolment { secret, uri: totp.provisioning_uri(&self.about.name, &user.login) })
    }

    /// Confirms the second factor with a first code; from then on nobody signs in as this user without it.
    ///
    /// # Errors
    /// [`PeopleError::WrongCode`], [`PeopleError::NotEnrolled`], [`PeopleError::Enrolled`], [`PeopleError::NoSession`].
    pub async fn confirm_totp(&self, origin: &Origin, token: &str, code: &str) -> Result<Session, PeopleError> {
        let (session, user, _) = self.found(origin, token).await?;
        if user.second_factor {
            return Err(PeopleError::Enrolled);
        }
        let secrets = credentials::secrets(&self.store, user.id).await?;
        let secret = secrets.map(|s| s.totp(&self.store)).transpose()?.flatten().map(Zeroizing::new).ok_or(PeopleError::NotEnrolled)?;
        let accepted = Totp::from_base32(&secret)?.accept(code, u64::try_from(origin.now).unwrap_or(0));
        let step = accepted.and_then(|step| i64::try_from(step.0).ok()).ok_or(PeopleError::WrongCode)?;
        let record = entry("second-factor", &object(user.id), serde_json::json!({ "step": "confirmed" }), "done");
        self.must_record(origin, user.id, record, |w| {
            w.also([credentials::confirm_totp(user.id, step)]);
            Ok(())
        })
        .await?;
        let enrolled = users::User { second_factor: true, ..user };
        Ok(super::sessions::of(session, &enrolled, &self.limits()?, self.day()))
    }

    /// Takes a user's second factor away (解除动态口令) after a lost phone, by a security administrator; it is enrolled anew at
    /// the next sign-in. The password stays, and sessions end.
    ///
    /// # Errors
    /// [`PeopleError::Denied`], also for oneself; [`PeopleError::NotFound`].
    pub async fn reset_totp(&self, actor: &Actor, origin: &Origin, user: UserId) -> Result<(), PeopleError> {
        self.require(actor, origin, "administration.user.roles", "second-factor", &object(user)).await?;
        self.not_oneself(actor, user)?;
        self.user(user).await?;
        let record = entry("second-factor", &object(user), serde_json::json!({ "step": "removed" }), "done");
        self.must_record(origin, actor.user, record, |w| {
            w.also([credentials::drop_totp(user), sessions::end_all(user, origin.now, "解除动态口令")]);
            Ok(())
        })
        .await
    }

    /// The code a demonstration user can sign in with now.
    ///
    /// # Errors
    /// [`PeopleError::NotDemonstration`] in every other centre; [`PeopleError::NotFound`] without such a user or factor.
    pub async fn demonstration_code(&self, login: &str, now: i64) -> Result<DemonstrationCode, PeopleError> {
        if !self.about.demonstration {
            return Err(PeopleError::NotDemonstration);
        }
        let nobody = || PeopleError::NotFound("没有这个演示用户，或还没有启用动态口令。".to_owned());
        let user = users::by_login(&self.store, &super::plain(login.trim(), 64)).await?.ok_or_else(nobody)?;
        let secrets = credentials::secrets(&self.store, user.id).await?.filter(|s| s.enrolled()).ok_or_else(nobody)?;
        let secret = secrets.totp(&self.store)?.map(Zeroizing::new).ok_or_else(nobody)?;
        let seconds = i64::try_from(STEP_SECONDS).unwrap_or(30);
        // A step used up is passed over; the one after now is accepted already, any later one when it is the next.
        let step = (now / seconds).max(secrets.totp_step + 1);
        let code = Totp::from_base32(&secret)?.code_at(u64::try_from(step * seconds).unwrap_or(0));
        Ok(DemonstrationCode { code, wait: ((step - 1) * seconds - now).max(0) })
    }
}
