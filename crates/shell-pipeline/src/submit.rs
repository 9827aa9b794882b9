//! Submitting a command: intake, authorise, facts, decide, case, commit. One way for pages, API, command line and imports.

use std::collections::BTreeMap;
use std::sync::Arc;

use area_administration::roles::Scope;
use core_case::action::{At, Entry, Prepared, Problem, Reading};
use core_case::conflict::{Class, Concern, Reach, conflict};
use core_case::digest::Digest;
use core_case::effect::{Decision, Subject};
use core_case::flow::Channel;
use core_case::form::{Choice, FieldError};
use core_case::ids::{CaseId, EmployerId};
use core_case::nouns::{Answer as Fact, Ask};
use core_case::refusal::Refusal;
use core_case::state::{CaseState, SavingsState};
use core_case::stored;
use core_policy::{On, ReviewFlow, TimeLimit};
use shell_store::db::{DbError, Outcome};
use shell_store::effects::{CaseRow, Moment, Writer};
use shell_store::facts::{self, Loaded};
use shell_store::numbers::is_taken;
use shell_store::{cases, constraints};

use crate::actor::Actor;
use crate::catalogue;
use crate::centre::Centre;
use crate::command::{Answer, Command, Done, Origin, PipelineError, Waiting, lines};

/// So often is a command decided again when its facts moved under it.
const TRIES: usize = 5;

/// A command that was read and may be decided.
pub(crate) struct Intake {
    pub(crate) entry: &'static Entry,
    pub(crate) prepared: Box<dyn Prepared>,
    pub(crate) at: At,
    pub(crate) scope: Scope,
}

/// By which name a command is known when it comes again.
pub(crate) struct Named<'k> {
    /// Idempotency key.
    pub(crate) key: &'k str,
    /// What the key stands for.
    pub(crate) digest: Digest,
}

/// A decision with what it stands on.
pub(crate) struct Decided {
    pub(crate) outcome: Result<Decision, Vec<Refusal>>,
    pub(crate) guards: BTreeMap<String, i64>,
    pub(crate) containers: Vec<(Concern, Option<EmployerId>)>,
}

impl Decided {
    /// What it concerns, and what that lies within.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = Subject> {
        around(&self.containers).into_iter()
    }
}

impl Centre {
    /// Submits a command.
    ///
    /// # Errors
    /// See [`PipelineError`]; refusals and field errors are answers, not errors.
    pub async fn submit(&self, actor: &Actor, origin: &Origin, command: &Command) -> Result<Answer, PipelineError> {
        let named = Named { key: &command.key, digest: command.digest() };
        if let Some(answer) = self.answered(&named).await? {
            return Ok(answer);
        }
        let _held = self.hold_day();
        match self.intake(actor, command)? {
            Ok(intake) => self.submit_read(actor, origin, &named, &intake).await,
            Err(errors) => Ok(Answer::Fields(errors)),
        }
    }

    /// Submits a command that was read.
    pub(crate) async fn submit_read(
        &self,
        actor: &Actor,
        origin: &Origin,
        named: &Named<'_>,
        intake: &Intake,
    ) -> Result<Answer, PipelineError> {
        for _ in 0..TRIES {
            let mut decided = self.decide(actor, intake).await?;
            if let Some(sentence) = self.conflict(&mut decided, None).await? {
                // The case in the way may be this command's own, sent a moment ago by another client.
                return Ok(self.answered(named).await?.unwrap_or(Answer::Conflict { sentence }));
            }
            match self.carry_out(actor, origin, named, intake, decided).await? {
                Some(answer) => return Ok(answer),
                None => {
                    if let Some(answer) = self.answered(named).await? {
                        return Ok(answer);
                    }
                }
            }
        }
        Err(PipelineError::Busy)
    }

    /// Decides a command and shows what would happen; records nothing.
    ///
    /// # Errors
    /// As [`Centre::submit`].
    pub async fn preview(&self, actor: &Actor, command: &Command) -> Result<Answer, PipelineError> {
        match self.intake(actor, command)? {
            Ok(intake) => self.would(actor, &intake, None).await,
            Err(errors) => Ok(Answer::Fields(errors)),
        }
    }

    /// What would become of a command; `own` is the case that would be decided again.
    pub(crate) async fn would(&self, actor: &Actor, intake: &Intake, own: Option<CaseId>) -> Result<Answer, PipelineError> {
        let mut decided = self.decide_for(actor, intake, own).await?;
        if let Some(sentence) = self.conflict(&mut decided, own).await? {
            return Ok(Answer::Conflict { sentence });
        }
        Ok(match decided.outcome {
            Ok(decision) => Answer::Waiting(Waiting {
                case: CaseId(0),
                effects: lines(&decision),
                digest: Some(decision.digest()),
                next: String::new(),
                promised: None,
                repeated: false,
            }),
            Err(refusals) => Answer::Refused { case: None, refusals },
        })
    }

    /// The answer a key already has.
    pub(crate) async fn answered(&self, named: &Named<'_>) -> Result<Option<Answer>, PipelineError> {
        let Some((digest, case)) = cases::answered(&self.store, named.key).await? else { return Ok(None) };
        if digest != named.digest.0 {
            return Err(PipelineError::KeyReused(named.key.to_owned()));
        }
        let whole = cases::whole(&self.store, case).await?.ok_or(PipelineError::NoCase(case))?.case;
        Ok(Some(match whole.state {
            CaseState::Done => Answer::Done(Done { case, effects: whole.effects, digest: whole.digest, repeated: true }),
            CaseState::Refused => Answer::Refused { case: Some(case), refusals: whole.refused()? },
            state @ (CaseState::Rejected | CaseState::Withdrawn | CaseState::Expired | CaseState::Voided) => Answer::Ended { case, state },
            CaseState::Waiting | CaseState::Returned | CaseState::Failed => Answer::Waiting(Waiting {
                case,
                effects: whole.effects,
                digest: whole.digest,
                next: whole.flow.get(whole.level).cloned().unwrap_or_default(),
                promised: whole.promised,
                repeated: true,
            }),
        }))
    }

    /// Finds the action, checks the permission, reads the form.
    pub(crate) fn intake(&self, actor: &Actor, command: &Command) -> Result<Result<Intake, Vec<FieldError>>, PipelineError> {
        self.intake_of(actor, &command.action, command.channel, |entry| (entry.read)(&command.form))
    }

    /// The same for a form that is read by `read`, wherever it comes from.
    pub(crate) fn intake_of(
        &self,
        actor: &Actor,
        action: &str,
        channel: Channel,
        read: impl FnOnce(&'static Entry) -> Reading,
    ) -> Result<Result<Intake, Vec<FieldError>>, PipelineError> {
        let entry = catalogue::action(action).ok_or_else(|| PipelineError::NoAction(action.to_owned()))?;
        let scope = actor
            .may(entry.name)
            .ok_or_else(|| PipelineError::Denied(format!("{}（{}）没有办理“{}”的权限。", actor.name, actor.login, entry.term)))?;
        let day = self.day();
        // The channel follows who acts: an officer is always in the hall, a bank's machine the bank, the batch never at
        // the counter.
        let channel = match actor.kind {
            core_case::things::UserKind::Officer => Channel::Hall,
            _ if actor.is_batch() && channel == Channel::Counter => Channel::Batch,
            _ if actor.is_bank() => Channel::Bank,
            _ if channel == Channel::Hall => Channel::Counter,
            _ => channel,
        };
        let at = At { accepted: day, today: day, channel };
        Ok(read(entry).map(|prepared| Intake { entry, prepared, at, scope }))
    }

    /// Loads the facts and decides; a case decided again does not stand in its own way.
    pub(crate) async fn decide_for(&self, actor: &Actor, intake: &Intake, own: Option<CaseId>) -> Result<Decided, PipelineError> {
        let asks = intake.prepared.asks(&intake.at);
        let loaded = facts::load_for(&self.store, &asks, own).await?;
        self.decide_on(actor, intake, &asks, loaded)
    }

    /// Loads the facts and decides.
    pub(crate) async fn decide(&self, actor: &Actor, intake: &Intake) -> Result<Decided, PipelineError> {
        self.decide_for(actor, intake, None).await
    }

    /// Decides on facts that were loaded.
    pub(crate) fn decide_on(&self, actor: &Actor, intake: &Intake, asks: &[Ask], loaded: Loaded) -> Result<Decided, PipelineError> {
        within_scope(actor, intake, asks, &loaded.answers)?;
        let containers = containers(intake.prepared.concerns(), &loaded.answers);
        let policy = self.policy();
        let guards = loaded.guards;
        let outcome = intake.prepared.decide(&intake.at, loaded.answers, &policy, &self.place).map_err(|e| match e {
            Problem::NoRule(sentence) => PipelineError::NoRule(sentence),
            other => PipelineError::NoRule(other.to_string()),
        })?;
        Ok(Decided { outcome: outcome.map_err(|r| r.refusals), guards, containers })
    }

    /// The sentence about a case in flight that stands in the way; `own` is the case being decided again.
    pub(crate) async fn conflict(&self, decided: &mut Decided, own: Option<CaseId>) -> Result<Option<String>, PipelineError> {
        let (flying, guards) = cases::in_flight(&self.store, &around(&decided.containers)).await?;
        // What was seen in flight must still stand at the commit, so that two cases cannot both miss one another.
        decided.guards.extend(guards);
        Ok(in_the_way(&decided.containers, &flying, own))
    }

    /// The review flow of a command.
    pub(crate) fn flow(&self, intake: &Intake) -> Result<Vec<String>, PipelineError> {
        let family = intake.entry.flows.family(intake.at.channel);
        let flow = self
            .policy()
            .in_force::<Arc<ReviewFlow>>(family, On::Day(intake.at.accepted), &self.place)
            .map_err(|e| PipelineError::NoRule(e.to_string()))?;
        let amount = intake.prepared.amount().unwrap_or_default();
        Ok(flow.value.reviewers(amount).iter().map(|r| r.to_string()).collect())
    }

    /// Writes the case; none when the facts moved and it must be decided again.
    async fn carry_out(
        &self,
        actor: &Actor,
        origin: &Origin,
        named: &Named<'_>,
        intake: &Intake,
        decided: Decided,
    ) -> Result<Option<Answer>, PipelineError> {
        let day = intake.at.today;
        self.store.numbers.prime(&self.store.db, &Writer::ranges(day)).await?;
        let form = stored::write(&*intake.prepared);
        let flow = self.flow(intake)?;
        let policy = self.policy_digest();
        let mut writer = Writer::new(&self.store, moment(day, actor, origin));
        let numbers = writer.new_case(intake.entry.name)?;
        let case = numbers.0;
        writer.idempotency(named.key, &named.digest, case);
        let mut row = CaseRow {
            action: intake.entry.name,
            version: intake.entry.version,
            state: CaseState::Refused,
            channel: intake.at.channel,
            accepted: intake.at.accepted,
            promised: None,
            maker: actor.user,
            branch: actor.unit,
            summary: intake.prepared.summary(),
            amount: intake.prepared.amount(),
            form: &form,
            flow: &flow,
            policy: &policy,
            refusals: &[],
        };
        let answer = match &decided.outcome {
            Err(refusals) => {
                row.refusals = refusals;
                writer.refuse(numbers, &row)?;
                Answer::Refused { case: Some(case), refusals: refusals.clone() }
            }
            Ok(decision) if flow.is_empty() => {
                row.state = CaseState::Done;
                writer.read_guards(decided.guards.clone());
                writer.commit_new(numbers, &intake.at, &row, decision)?;
                Answer::Done(Done { case, effects: lines(decision), digest: Some(decision.digest()), repeated: false })
            }
            Ok(decision) => {
                row.state = CaseState::Waiting;
                row.promised = self.promise(intake)?;
                writer.read_guards(decided.guards.clone());
                writer.bump(decided.subjects().map(|subject| cases::flight_guard(&subject)));
                writer.enter(numbers, &row, decision, &decided.containers)?;
                Answer::Waiting(Waiting {
                    case,
                    effects: lines(decision),
                    digest: Some(decision.digest()),
                    next: flow.first().cloned().unwrap_or_default(),
                    promised: row.promised,
                    repeated: false,
                })
            }
        };
        let (unit, lease) = writer.finish();
        match self.store.db.commit(unit).await {
            Outcome::Done(_) => {
                self.after_commit(changes_policy(&decided.outcome)).await?;
                Ok(Some(answer))
            }
            other => {
                self.store.numbers.not_committed(&other, lease);
                again(other)
            }
        }
    }

    /// What the process keeps in memory follows what was committed.
    pub(crate) async fn after_commit(&self, changes_policy: bool) -> Result<(), PipelineError> {
        if changes_policy {
            self.read_overrides().await?;
        }
        Ok(())
    }

    /// The promised day (承诺办结日), where the calendar reaches so far.
    fn promise(&self, intake: &Intake) -> Result<Option<core_calendar::Day>, PipelineError> {
        let limit = self.policy().in_force::<TimeLimit>("case.promise", On::Day(intake.at.accepted), &self.place);
        let limit = limit.map_err(|e| PipelineError::NoRule(e.to_string()))?;
        Ok(limit.value.due(intake.at.accepted, &self.calendar()).ok())
    }
}

/// Whether a decision sets a policy value of the centre.
pub(crate) fn changes_policy(outcome: &Result<Decision, Vec<Refusal>>) -> bool {
    outcome.as_ref().is_ok_and(|d| d.effects.iter().any(|e| matches!(e, core_case::effect::Effect::PolicyValue { .. })))
}

/// What became of a unit that was not committed: none to decide again, else the error.
pub(crate) fn again<T>(outcome: Outcome) -> Result<Option<T>, PipelineError> {
    match outcome {
        Outcome::Done(_) => Ok(None),
        Outcome::Stale { .. } | Outcome::Retry(_) | Outcome::Unknown(_) => Ok(None),
        // A commit that was not answered came through late: its numbers are looked up.
        Outcome::Refused { constraint, .. } if is_taken(&constraint) => Ok(None),
        // The key was answered meanwhile, or a guard appeared: look again.
        Outcome::Refused { constraint, .. } if constraint.is("idempotency_pkey") || constraint.is("guard_pkey") => Ok(None),
        Outcome::Refused { constraint, .. } => Err(PipelineError::Constraint(constraints::sentence(&constraint))),
        Outcome::Failed(e) => Err(DbError::into(e)),
    }
}

pub(crate) fn moment(day: core_calendar::Day, actor: &Actor, origin: &Origin) -> Moment {
    Moment { day, now: origin.now, actor: actor.user, address: origin.address.clone(), request: origin.request.clone() }
}

/// Subjects about which a case in flight may stand in the way: what a case concerns, and what that lies within.
pub(crate) fn around(containers: &[(Concern, Option<EmployerId>)]) -> Vec<Subject> {
    containers.iter().flat_map(|(c, container)| [Some(c.subject), container.map(Subject::Employer)]).flatten().collect()
}

/// The sentence about one of these cases in flight that excludes a case with these concerns.
pub(crate) fn in_the_way(containers: &[(Concern, Option<EmployerId>)], flying: &[cases::InFlight], own: Option<CaseId>) -> Option<String> {
    for (concern, container) in containers {
        let (subject, container) = (concern.subject.key(), container.map(|e| Subject::Employer(e).key()).unwrap_or_default());
        for other in flying.iter().filter(|o| Some(o.case) != own) {
            let same = other.subject == subject;
            // An account lies within its employer: cases about the employer meet cases about its accounts.
            let around = other.subject == container || other.container == subject;
            let Some(class) = Class::from_code(&other.class) else { continue };
            let meet = match conflict(class, concern.class) {
                Some(Reach::Account) => same && matches!(concern.subject, Subject::Savings(_)),
                Some(Reach::Around) => same || around,
                None => false,
            };
            if meet {
                let words = class.words();
                return Some(format!("业务 {}（{words}）正在办理，与本业务互斥。待它办结或撤回后再办。", other.case));
            }
        }
    }
    None
}

/// What a case concerns, with the employer that each account lies within.
pub(crate) fn containers(concerns: Vec<Concern>, facts: &[Fact]) -> Vec<(Concern, Option<EmployerId>)> {
    let mut employers: BTreeMap<i64, EmployerId> = BTreeMap::new();
    let mut lists: BTreeMap<i64, EmployerId> = BTreeMap::new();
    for fact in facts {
        match fact {
            Fact::Savings(Some(s)) => {
                employers.insert(s.id.0, s.employer);
            }
            Fact::List(Some(l)) => {
                lists.insert(l.head.binding.list.0, l.head.binding.employer);
            }
            _ => {}
        }
    }
    concerns
        .into_iter()
        .map(|c| {
            let container = match c.subject {
                Subject::Savings(id) => employers.get(&id.0).copied(),
                Subject::List(id) => lists.get(&id.0).copied(),
                _ => None,
            };
            (c, container)
        })
        .collect()
}

/// Refuses a command about somebody else's employer or branch.
fn within_scope(actor: &Actor, intake: &Intake, asks: &[Ask], facts: &[Fact]) -> Result<(), PipelineError> {
    let denied = |what: &str| Err(PipelineError::Denied(format!("{what}不在 {} 的业务范围内。", actor.name)));
    match intake.scope {
        Scope::Centre => Ok(()),
        Scope::Branch => {
            let foreign = facts.iter().find_map(|f| match f {
                Fact::Employer(Some(e)) if e.branch != actor.unit => Some(e.name.clone()),
                _ => None,
            });
            foreign.map_or(Ok(()), |name| denied(&name))
        }
        Scope::Own => {
            let own = actor.employer;
            let foreign_ask = asks.iter().any(|a| match a {
                Ask::Employer(core_case::nouns::Employer(e)) | Ask::EmployerMonth(core_case::nouns::EmployerMonth(e, _)) => Some(*e) != own,
                _ => false,
            });
            let foreign_fact = facts.iter().any(|f| match f {
                // A sealed account may be taken over from another employer by the officer of the new one; one whose seal is still to
                // come is the old one's.
                Fact::Savings(Some(s)) => Some(s.employer) != own && s.state != SavingsState::Sealed,
                Fact::List(Some(l)) => Some(l.head.binding.employer) != own,
                _ => false,
            });
            if foreign_ask || foreign_fact { denied("其他单位的账户") } else { Ok(()) }
        }
    }
}
