//! 登录 Signing in: a password and a second factor, both looked at before either is judged.
//!
//! Rules: handbook 12 §1 points 3 and 6; 17 §13: five failures lock for thirty minutes, per account and per address. An account
//! is locked by failures of its name from anywhere within that time; an address by different names that failed there and have not succeeded since,
//! so that one clerk's slips do not lock the whole branch. Names that belong to nobody are counted the same way.

use shell_store::db::Step;
use shell_store::people::credentials::{self, Locked, Secrets, SignInFacts};
use shell_store::people::sessions::StoredSession;
use shell_store::people::users::{self, User};
use shell_vault::SystemEntropy;
use shell_vault::password::PasswordHash;
use shell_vault::token::Token;
use shell_vault::totp::Totp;
use zeroize::Zeroizing;

use super::sessions::{self, Session};
use super::{Limits, PeopleError, Recorded, aside, entry, nothing, object, plain};
use crate::centre::Centre;
use crate::command::Origin;

/// Sign-ins of one name go one after the other, so that many at once are not tried against one count. One process serves a
/// centre, so its memory is enough; the fixed number of gates also bounds the memory that hashing takes.
static GATES: [tokio::sync::Mutex<()>; 8] = [const { tokio::sync::Mutex::const_new(()) }; 8];

/// A session just opened (登录成功).
#[derive(Debug)]
pub struct SignedIn {
    /// The token, for the browser's cookie; it is not kept here and cannot be shown again.
    pub token: Zeroizing<String>,
    /// The session.
    pub session: Session,
}

/// How the factors were found.
struct Judged {
    /// Step of the code used, none before a second factor is enrolled.
    step: Option<i64>,
    /// A costlier hash of the same password.
    rehash: Option<String>,
}

/// The gate of a name.
pub(crate) async fn gate(login: &str) -> tokio::sync::MutexGuard<'static, ()> {
    let at = login.bytes().fold(0usize, |sum, b| sum.wrapping_mul(31).wrapping_add(usize::from(b)));
    GATES[at % GATES.len()].lock().await
}

impl Centre {
    /// Signs a person in (登录) and opens a session.
    ///
    /// Until a user has confirmed a second factor the password alone opens a session, in which nothing can be done but to
    /// change the password and to enrol ([`Session::restricted`]).
    ///
    /// # Errors
    /// [`PeopleError::Wrong`] whatever was wrong, [`PeopleError::Locked`], or the database does not answer. Each is recorded.
    pub async fn sign_in(&self, origin: &Origin, login: &str, password: &str, code: &str, agent: &str) -> Result<SignedIn, PeopleError> {
        let limits = self.limits()?;
        let login = login.trim();
        let _gate = gate(login).await;
        let facts = self.sign_in_facts(origin, login, &limits).await?;
        self.not_locked(origin, "sign-in", &facts).await?;
        let judged = match self.judge(&facts, password, code, origin).await? {
            Ok(judged) => judged,
            Err(because) => return Err(self.count_failure(origin, "sign-in", login, &facts, because, &limits).await?),
        };
        let Some((user, secrets)) = &facts.user else { return Err(PeopleError::Wrong) };
        let mut steps = vec![
            credentials::still_password(user.id, secrets.password.as_deref().unwrap_or_default()),
            match judged.step {
                Some(step) => credentials::code_used(user.id, step),
                None => credentials::not_enrolled(user.id),
            },
            credentials::mark(user.id, 0, None),
            users::seen(user.id, self.day()),
        ];
        steps.extend(credentials::forgiven(&self.store, login));
        if let Some(new) = &judged.rehash {
            steps.push(credentials::rehash(user.id, secrets.password.as_deref().unwrap_or_default(), new));
        }
        match self.open_session(origin, "sign-in", user, agent, limits.absolute_seconds + origin.now, steps).await? {
            Some(signed_in) => Ok(signed_in),
            // Password, code or user changed under the sign-in: the code was used by another one at the same moment, most likely.
            None => Err(self.count_failure(origin, "sign-in", login, &facts, "moved", &limits).await?),
        }
    }

    /// Opens a session together with other steps; none when one of them met other rows than it expected.
    pub(crate) async fn open_session(
        &self,
        origin: &Origin,
        kind: &str,
        user: &User,
        agent: &str,
        ends: i64,
        steps: Vec<Step>,
    ) -> Result<Option<SignedIn>, PeopleError> {
        let limits = self.limits()?;
        let token = Token::generate(&mut SystemEntropy::new())?;
        let mut stored = StoredSession {
            id: 0,
            opened: origin.now,
            seen: origin.now,
            ends,
            address: plain(&origin.address, 64),
            agent: plain(agent, 200),
            ended: None,
            ended_by: None,
            user: user.id,
        };
        let opened = &mut stored;
        let record = entry(kind, &object(user.id), serde_json::json!({}), "done");
        let recorded = self
            .recorded(origin, user.id, record, |w| {
                opened.id = w.session_number().map_err(shell_store::effects::WriteError::from)?;
                w.also(steps);
                w.also([shell_store::people::sessions::open(&token.digest(), opened)]);
                Ok(())
            })
            .await?;
        Ok(match recorded {
            Recorded::Stale => None,
            Recorded::Done => Some(SignedIn { token: token.reveal(), session: sessions::of(stored, user, &limits, self.day()) }),
        })
    }

    /// What a sign-in looks at. A name of another form than logins have belongs to nobody and is not asked for.
    pub(crate) async fn sign_in_facts(&self, origin: &Origin, login: &str, limits: &Limits) -> Result<SignInFacts, PeopleError> {
        let since = origin.now - limits.lock_seconds;
        let asked = plain(login, 64);
        Ok(credentials::sign_in_facts(&self.store, &asked, &plain(&origin.address, 64), since).await?)
    }

    /// Refuses while failures lock; recorded.
    pub(crate) async fn not_locked(&self, origin: &Origin, kind: &str, facts: &SignInFacts) -> Result<(), PeopleError> {
        let Some(until) = facts.failures.locked_until.filter(|until| *until > origin.now) else { return Ok(()) };
        let (by, about) = whom(facts);
        self.must_record(origin, by, entry(kind, &about, serde_json::json!({ "because": "locked" }), "refused"), nothing).await?;
        Err(PeopleError::Locked { minutes: (until - origin.now + 59) / 60 })
    }

    /// Counts a failure with its audit record and says what to answer.
    pub(crate) async fn count_failure(
        &self,
        origin: &Origin,
        kind: &str,
        login: &str,
        facts: &SignInFacts,
        because: &str,
        limits: &Limits,
    ) -> Result<PeopleError, PeopleError> {
        let since = origin.now - limits.lock_seconds;
        let (by, about) = whom(facts);
        let known = facts.user.as_ref().map(|(user, _)| user.id);
        let of_login = facts.failures.of_login + 1;
        let names = facts.failures.others_at_address + 1;
        let until = origin.now + limits.lock_seconds;
        let (lock_login, lock_address) = (of_login >= limits.lock_failures, names >= limits.lock_failures);
        let locked = lock_login || lock_address;
        let detail = serde_json::json!({ "because": because, "failures": of_login, "locked": locked });
        let address = plain(&origin.address, 64);
        let login = plain(login, 64);
        self.must_record(origin, by, entry(kind, &about, detail, "refused"), |w| {
            w.also([credentials::failed(&self.store, &login, &address, origin.now, since)]);
            w.also(known.map(|id| credentials::mark(id, of_login, lock_login.then_some(until))));
            w.also(lock_login.then(|| credentials::lock(&self.store, Locked::Login(&login), until)));
            w.also(lock_address.then(|| credentials::lock(&self.store, Locked::Address(&address), until)));
            Ok(())
        })
        .await?;
        Ok(if locked { PeopleError::Locked { minutes: limits.lock_seconds / 60 } } else { PeopleError::Wrong })
    }

    /// Looks at both factors, always at both; the error says for the audit record what was wrong.
    async fn judge(
        &self,
        facts: &SignInFacts,
        password: &str,
        code: &str,
        origin: &Origin,
    ) -> Result<Result<Judged, &'static str>, PeopleError> {
        let stored = facts.user.as_ref().and_then(|(_, s)| s.password.clone());
        let (verified, rehash) = self.verify(stored, password).await?;
        let Some((user, secrets)) = &facts.user else { return Ok(Err("name")) };
        let code = self.judge_code(secrets, code, origin)?;
        Ok(if !verified {
            Err("password")
        } else if !user.enabled {
            Err("disabled")
        } else {
            code.map(|step| Judged { step, rehash })
        })
    }

    /// Whether a password fits a stored hash, and a costlier hash where that one is too cheap. Takes as long for nobody.
    pub(crate) async fn verify(&self, stored: Option<String>, password: &str) -> Result<(bool, Option<String>), PeopleError> {
        let (password, cost) = (Zeroizing::new(password.to_owned()), self.cost());
        aside(move || {
            let Some(hash) = stored.and_then(|s| PasswordHash::parse(&s).ok()) else {
                return Ok((PasswordHash::verify_nobody(&password, cost), None));
            };
            let verified = hash.verify(&password);
            let renew = verified && hash.is_weaker_than(cost);
            let new = renew.then(|| PasswordHash::new(&password, cost, &mut SystemEntropy::new())).transpose()?;
            Ok((verified, new.map(|hash| hash.as_str().to_owned())))
        })
        .await?
    }

    /// Whether a code is the second factor's now and was not used before.
    fn judge_code(&self, secrets: &Secrets, code: &str, origin: &Origin) -> Result<Result<Option<i64>, &'static str>, PeopleError> {
        if !secrets.enrolled() {
            return Ok(Ok(None));
        }
        let Some(base32) = secrets.totp(&self.store)?.map(Zeroizing::new) else { return Ok(Ok(None)) };
        let accepted = Totp::from_base32(&base32)?.accept(code, u64::try_from(origin.now).unwrap_or(0));
        Ok(match accepted.and_then(|step| i64::try_from(step.0).ok()) {
            None => Err("code"),
            Some(step) if step <= secrets.totp_step => Err("code used before"),
            Some(step) => Ok(Some(step)),
        })
    }
}

/// Who tried, for the audit record: the user of the name, or nobody. The name itself is not kept, it may be a password.
fn whom(facts: &SignInFacts) -> (core_case::ids::UserId, String) {
    match &facts.user {
        Some((user, _)) => (user.id, object(user.id)),
        None => (core_case::ids::UserId(0), "user:unknown".to_owned()),
    }
}
