//! Reviews: what was signed is what is posted. Approval decides again; another digest goes back with the difference.

use core_case::action::At;
use core_case::digest::Digest;
use core_case::form::Choice;
use core_case::ids::CaseId;
use core_case::refusal::Refusal;
use core_case::state::CaseState;
use shell_store::cases::{self, WholeCase};
use shell_store::db::Outcome;
use shell_store::effects::{CaseStep, StepKind, Writer};

use crate::actor::Actor;
use crate::catalogue;
use crate::centre::Centre;
use crate::command::{Origin, PipelineError, lines};
use crate::submit::{Intake, again, changes_policy, moment};

/// What became of an approval.
#[derive(Clone, Debug)]
pub enum Approved {
    /// Carried out.
    Committed(CaseId),
    /// One level more; the role that reviews next.
    Next(CaseId, String),
    /// The facts moved: what was shown, what would happen now. Reviews begin again.
    Differs {
        /// The case.
        case: CaseId,
        /// Lines signed.
        shown: Vec<String>,
        /// Lines now.
        now: Vec<String>,
        /// Digest now.
        digest: Digest,
    },
    /// The rules say no by now; it went back to its maker.
    Refused(CaseId, Vec<Refusal>),
}

const TRIES: usize = 5;

impl Centre {
    /// A case with steps and reviews.
    ///
    /// # Errors
    /// When there is none, or the database does not answer.
    pub async fn case(&self, id: CaseId) -> Result<WholeCase, PipelineError> {
        cases::whole(&self.store, id).await?.ok_or(PipelineError::NoCase(id))
    }

    /// Approves one level of a case, signing the digest seen.
    ///
    /// # Errors
    /// When the actor may not review it, the digest is not the one shown now, or the case does not wait.
    pub async fn approve(&self, actor: &Actor, origin: &Origin, id: CaseId, seen: Digest) -> Result<Approved, PipelineError> {
        self.approve_in(actor, origin, id, seen, None).await
    }

    /// As [`Centre::approve`], by somebody who looked at the case in this round of its reviews. Effects print identifiers masked, so a
    /// correction of one digit may leave their digest as it was: what was seen before it is not signed after it.
    ///
    /// # Errors
    /// As [`Centre::approve`]; stale when another round began since.
    pub async fn approve_in(
        &self,
        actor: &Actor,
        origin: &Origin,
        id: CaseId,
        seen: Digest,
        round: Option<i64>,
    ) -> Result<Approved, PipelineError> {
        let _held = self.hold_day();
        for _ in 0..TRIES {
            let whole = self.case(id).await?;
            let case = &whole.case;
            if case.state != CaseState::Waiting {
                return Err(PipelineError::WrongState { case: id, state: case.state.words(), what: "复核" });
            }
            self.may_review(actor, &whole)?;
            if case.digest != Some(seen) || round.is_some_and(|round| round != whole.round()) {
                return Err(PipelineError::Stale(id));
            }
            let level = case.level + 1;
            let last = level >= case.flow.len();
            let intake = self.reopen(&whole)?;
            let decided = self.decide_again(id, &intake).await?;
            // A form of a whole centre is not kept beside what came of it.
            let Intake { entry, at, prepared, .. } = intake;
            drop(prepared);
            let policy = changes_policy(&decided.outcome);
            let day = at.today;
            self.store.numbers.prime(&self.store.db, &Writer::ranges(day)).await?;
            let mut writer = Writer::new(&self.store, moment(day, actor, origin));
            let seq = whole.next_seq();
            let answer = match decided.outcome {
                Err(refusals) => {
                    let step = CaseStep { seq, kind: StepKind::Differs, digest: None, note: "规则不再允许，退回经办".into() };
                    writer.show_anew(id, (CaseState::Waiting, CaseState::Returned), None, &refusals, entry.name, step)?;
                    Approved::Refused(id, refusals)
                }
                Ok(decision) if decision.digest() != seen => {
                    let step = CaseStep { seq, kind: StepKind::Differs, digest: Some(decision.digest()), note: String::new() };
                    writer.show_anew(id, (CaseState::Waiting, CaseState::Waiting), Some(&decision), &[], entry.name, step)?;
                    Approved::Differs { case: id, shown: case.effects.clone(), now: lines(&decision), digest: decision.digest() }
                }
                Ok(decision) => {
                    writer.review(id, whole.round(), level as i64, case.maker, &seen);
                    if last {
                        let approved = CaseStep { seq, kind: StepKind::Approved, digest: Some(seen), note: String::new() };
                        writer.note(id, approved);
                        writer.read_guards(decided.guards);
                        writer.commit_waiting(id, &at, decision, entry.name, level as i64, seq + 1)?;
                        Approved::Committed(id)
                    } else {
                        let step = CaseStep { seq, kind: StepKind::Approved, digest: Some(seen), note: String::new() };
                        writer.move_case(id, CaseState::Waiting, CaseState::Waiting, level as i64, entry.name, step)?;
                        Approved::Next(id, case.flow[level].clone())
                    }
                }
            };
            let (unit, lease) = writer.finish();
            match self.store.db.commit(unit).await {
                Outcome::Done(_) => {
                    if matches!(answer, Approved::Committed(_)) {
                        self.after_commit(policy).await?;
                    }
                    return Ok(answer);
                }
                other => {
                    self.store.numbers.not_committed(&other, lease);
                    again::<()>(other)?;
                }
            }
        }
        Err(PipelineError::Busy)
    }

    /// Sends a case back to its maker with a reason.
    ///
    /// # Errors
    /// As [`Centre::approve`].
    pub async fn send_back(&self, actor: &Actor, origin: &Origin, id: CaseId, why: &str) -> Result<(), PipelineError> {
        let whole = self.waiting(id, "退回").await?;
        self.may_review(actor, &whole)?;
        self.move_on(actor, origin, &whole, CaseState::Returned, StepKind::Returned, why).await
    }

    /// Rejects a case for good.
    ///
    /// # Errors
    /// As [`Centre::approve`].
    pub async fn reject(&self, actor: &Actor, origin: &Origin, id: CaseId, why: &str) -> Result<(), PipelineError> {
        let whole = self.waiting(id, "否决").await?;
        self.may_review(actor, &whole)?;
        self.move_on(actor, origin, &whole, CaseState::Rejected, StepKind::Rejected, why).await
    }

    /// Withdraws a case by its maker.
    ///
    /// # Errors
    /// When somebody else asks, or the case is not in flight.
    pub async fn withdraw(&self, actor: &Actor, origin: &Origin, id: CaseId, why: &str) -> Result<(), PipelineError> {
        let whole = self.case(id).await?;
        if whole.case.maker != actor.user {
            return Err(PipelineError::Denied("只有经办人可以撤回自己的业务。".into()));
        }
        if !whole.case.state.ways_out().contains(&CaseState::Withdrawn) {
            return Err(PipelineError::WrongState { case: id, state: whole.case.state.words(), what: "撤回" });
        }
        self.move_on(actor, origin, &whole, CaseState::Withdrawn, StepKind::Withdrawn, why).await
    }

    /// Submits a returned case again as it is, decided anew.
    ///
    /// # Errors
    /// When somebody else asks, or the case was not returned.
    pub async fn resubmit(&self, actor: &Actor, origin: &Origin, id: CaseId) -> Result<Approved, PipelineError> {
        let _held = self.hold_day();
        for _ in 0..TRIES {
            let whole = self.case(id).await?;
            if whole.case.maker != actor.user {
                return Err(PipelineError::Denied("只有经办人可以重新提交自己的业务。".into()));
            }
            if whole.case.state != CaseState::Returned {
                return Err(PipelineError::WrongState { case: id, state: whole.case.state.words(), what: "重新提交" });
            }
            let intake = self.reopen(&whole)?;
            let mut decided = self.decide_again(id, &intake).await?;
            if let Some(sentence) = self.conflict(&mut decided, Some(id)).await? {
                return Err(PipelineError::Constraint(sentence));
            }
            let decision = match &decided.outcome {
                Err(refusals) => return Ok(Approved::Refused(id, refusals.clone())),
                Ok(decision) => decision,
            };
            let day = intake.at.today;
            self.store.numbers.prime(&self.store.db, &Writer::ranges(day)).await?;
            let mut writer = Writer::new(&self.store, moment(day, actor, origin));
            let step =
                CaseStep { seq: whole.next_seq(), kind: StepKind::Resubmitted, digest: Some(decision.digest()), note: String::new() };
            writer.show_anew(id, (CaseState::Returned, CaseState::Waiting), Some(decision), &[], intake.entry.name, step)?;
            writer.read_guards(decided.guards);
            let (unit, lease) = writer.finish();
            match self.store.db.commit(unit).await {
                Outcome::Done(_) => return Ok(Approved::Next(id, whole.case.flow.first().cloned().unwrap_or_default())),
                other => {
                    self.store.numbers.not_committed(&other, lease);
                    again::<()>(other)?;
                }
            }
        }
        Err(PipelineError::Busy)
    }

    async fn waiting(&self, id: CaseId, what: &'static str) -> Result<WholeCase, PipelineError> {
        let whole = self.case(id).await?;
        match whole.case.state {
            CaseState::Waiting => Ok(whole),
            state => Err(PipelineError::WrongState { case: id, state: state.words(), what }),
        }
    }

    async fn move_on(
        &self,
        actor: &Actor,
        origin: &Origin,
        whole: &WholeCase,
        to: CaseState,
        kind: StepKind,
        why: &str,
    ) -> Result<(), PipelineError> {
        let day = self.day();
        self.store.numbers.prime(&self.store.db, &Writer::ranges(day)).await?;
        let mut writer = Writer::new(&self.store, moment(day, actor, origin));
        let step = CaseStep { seq: whole.next_seq(), kind, digest: None, note: why.to_owned() };
        writer.move_case(whole.case.id, whole.case.state, to, 0, &whole.case.action, step)?;
        let (unit, lease) = writer.finish();
        match self.store.db.commit(unit).await {
            Outcome::Done(_) => Ok(()),
            other => {
                self.store.numbers.not_committed(&other, lease);
                again::<()>(other)?;
                Err(PipelineError::Busy)
            }
        }
    }

    /// Maker is never checker, reviewers differ, the review belongs to the accepting branch (handbook 17 §7).
    fn may_review(&self, actor: &Actor, whole: &WholeCase) -> Result<(), PipelineError> {
        let case = &whole.case;
        let denied = |sentence: String| Err(PipelineError::Denied(sentence));
        if case.maker == actor.user {
            return denied("自己经办的业务不能自己复核。请由另一人复核。".into());
        }
        let round = whole.round();
        if whole.reviews.iter().any(|r| r.round == round && r.reviewer == actor.user) {
            return denied("您已复核过这笔业务，下一级须由另一人复核。".into());
        }
        let Some(role) = case.flow.get(case.level) else { return denied("这笔业务没有待办的复核。".into()) };
        let review = actor.may("review").is_some();
        if !review || !actor.holds(role, case.branch) {
            let name = area_administration::roles::role(role).map_or(role.as_str(), |r| r.name);
            return denied(format!("这一级须由受理管理部的“{name}”复核。"));
        }
        Ok(())
    }

    /// The stored command in its present shape, with the legal day it was accepted on.
    fn reopen(&self, whole: &WholeCase) -> Result<Intake, PipelineError> {
        let case = &whole.case;
        let entry = catalogue::action(&case.action).ok_or_else(|| PipelineError::NoAction(case.action.clone()))?;
        let prepared = case.read_form(&self.store, entry)?.map_err(|errors| {
            let paths: Vec<String> = errors.into_iter().map(|e| e.path).collect();
            PipelineError::NoRule(format!("业务 {} 保存的表单读不出：{}", case.id, paths.join("、")))
        })?;
        let at = At { accepted: case.accepted, today: self.day(), channel: case.channel };
        Ok(Intake { entry, prepared, at, scope: area_administration::roles::Scope::Centre })
    }

    /// Decides a stored command on the facts of now; its own claims in flight do not stand in its way.
    async fn decide_again(&self, case: CaseId, intake: &Intake) -> Result<crate::submit::Decided, PipelineError> {
        self.decide_for(&Actor::batch(), intake, Some(case)).await
    }
}
