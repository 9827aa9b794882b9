//! Correcting a returned case (更正): its maker enters the form anew under the same number; what was entered before is kept.
//!
//! Rule: handbook 17 §7 (a case sent back goes to its maker and through its reviews again). The day it was accepted on stays,
//! so the rules of that day still hold; facts are of now. Effects get a new digest, so no earlier signature covers them.
//! Left out: correction by somebody else than the maker; a deputy enters a case of his own.

use core_case::form::{Choice, FieldError, Value};
use core_case::ids::CaseId;
use core_case::state::CaseState;
use core_case::stored;
use shell_store::cases::{self, WholeCase};
use shell_store::db::Outcome;
use shell_store::effects::{CaseRow, Writer};

use crate::actor::Actor;
use crate::centre::Centre;
use crate::command::{Answer, Command, Origin, PipelineError, Waiting, lines};
use crate::submit::{Intake, again, moment};

/// So often is a correction decided again when its facts moved under it.
const TRIES: usize = 5;

impl Centre {
    /// Submits a returned case with a corrected form. A form that the rules refuse changes nothing: the case stays returned.
    ///
    /// # Errors
    /// When somebody else asks, the case was not returned, or its maker may no longer do such business.
    pub async fn correct(&self, actor: &Actor, origin: &Origin, id: CaseId, form: &Value) -> Result<Answer, PipelineError> {
        let _held = self.hold_day();
        for _ in 0..TRIES {
            let whole = self.case(id).await?;
            let case = &whole.case;
            let intake = match self.corrected(actor, &whole, form)? {
                Ok(intake) => intake,
                Err(errors) => return Ok(Answer::Fields(errors)),
            };
            let mut decided = self.decide_for(actor, &intake, Some(id)).await?;
            if let Some(sentence) = self.conflict(&mut decided, Some(id)).await? {
                return Ok(Answer::Conflict { sentence });
            }
            let decision = match &decided.outcome {
                Err(refusals) => return Ok(Answer::Refused { case: Some(id), refusals: refusals.clone() }),
                Ok(decision) => decision,
            };
            let day = intake.at.today;
            self.store.numbers.prime(&self.store.db, &Writer::ranges(day)).await?;
            // Who was sent back to answers to a reviewer, even where the amount alone would no longer ask for one.
            let flow = Some(self.flow(&intake)?).filter(|flow| !flow.is_empty()).unwrap_or_else(|| case.flow.clone());
            let (form, policy) = (stored::write(&*intake.prepared), self.policy_digest());
            let row = CaseRow {
                action: intake.entry.name,
                version: intake.entry.version,
                state: CaseState::Waiting,
                channel: case.channel,
                accepted: case.accepted,
                promised: case.promised,
                maker: case.maker,
                branch: case.branch,
                summary: intake.prepared.summary(),
                amount: intake.prepared.amount(),
                form: &form,
                flow: &flow,
                policy: &policy,
                refusals: &[],
            };
            let mut writer = Writer::new(&self.store, moment(day, actor, origin));
            writer.read_guards(decided.guards.clone());
            writer.bump(decided.subjects().map(|subject| cases::flight_guard(&subject)));
            writer.correct(case, &row, decision, &decided.containers, whole.next_seq())?;
            let answer = Answer::Waiting(Waiting {
                case: id,
                effects: lines(decision),
                digest: Some(decision.digest()),
                next: flow.first().cloned().unwrap_or_default(),
                promised: case.promised,
                repeated: false,
            });
            let (unit, lease) = writer.finish();
            match self.store.db.commit(unit).await {
                Outcome::Done(_) => return Ok(answer),
                other => {
                    self.store.numbers.not_committed(&other, lease);
                    again::<()>(other)?;
                }
            }
        }
        Err(PipelineError::Busy)
    }

    /// Decides a correction and shows what would happen; records nothing.
    ///
    /// # Errors
    /// As [`Centre::correct`].
    pub async fn preview_correction(&self, actor: &Actor, id: CaseId, form: &Value) -> Result<Answer, PipelineError> {
        let whole = self.case(id).await?;
        match self.corrected(actor, &whole, form)? {
            Ok(intake) => self.would(actor, &intake, Some(id)).await,
            Err(errors) => Ok(Answer::Fields(errors)),
        }
    }

    /// The corrected form as a command of the day its case was accepted on.
    fn corrected(&self, actor: &Actor, whole: &WholeCase, form: &Value) -> Result<Result<Intake, Vec<FieldError>>, PipelineError> {
        let case = &whole.case;
        if case.maker != actor.user {
            return Err(PipelineError::Denied("只有经办人可以更正自己的业务。".into()));
        }
        if case.state != CaseState::Returned {
            return Err(PipelineError::WrongState { case: case.id, state: case.state.words(), what: "更正" });
        }
        let command = Command { action: case.action.clone(), form: form.clone(), key: String::new(), channel: case.channel };
        Ok(self.intake(actor, &command)?.map(|mut intake| {
            (intake.at.accepted, intake.at.channel) = (case.accepted, case.channel);
            intake
        }))
    }
}
