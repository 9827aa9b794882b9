//! Cases (业务): the row with its sealed form, its steps, reviews, what it concerns, and the claims it holds while in flight.

use core_calendar::Day;
use core_case::action::At;
use core_case::conflict::Concern;
use core_case::digest::Digest;
use core_case::effect::{Decision, Effect, Subject};
use core_case::flow::Channel;
use core_case::form::Choice;
use core_case::ids::{CaseId, EmployerId, UnitId, UserId};
use core_case::refusal::{Reason, Refusal};
use core_case::state::CaseState;
use core_money::Money;

use super::{AuditEntry, Context, WriteError, Writer};
use crate::cases::StoredCase;
use crate::db::{Expect, Registered, Step, Value};
use crate::numbers::Range;

pub(crate) static QUERIES: &[Registered] = &[
    Registered { name: "effects.case_move", sql: CASE_MOVE },
    Registered { name: "effects.case_shown", sql: CASE_SHOWN },
    Registered { name: "effects.case_corrected", sql: CASE_CORRECTED },
    Registered { name: "effects.case_done", sql: CASE_DONE },
    Registered { name: "effects.case_concerns_go", sql: CONCERNS_GO },
    Registered { name: "effects.case_claims_go", sql: CLAIMS_GO },
];

const CASE_MOVE: &str = "UPDATE business_case SET state = $3, level = $4 WHERE id = $1 AND state = $2";
const CASE_SHOWN: &str = "UPDATE business_case SET state = $3, level = 0, effects = $4, effect_count = $5, digest = $6, refusals = $7 \
    WHERE id = $1 AND state = $2";
const CASE_CORRECTED: &str = "UPDATE business_case SET state = 'waiting', level = 0, refusals = NULL, version = $2, promised = $3, \
    summary = $4, amount = $5, form = $6, effects = $7, effect_count = $8, digest = $9, flow = $10, policy = $11 \
    WHERE id = $1 AND state = 'returned'";
const CASE_DONE: &str = "UPDATE business_case SET state = 'done', level = $3, done_day = $4, reasons = $5 WHERE id = $1 AND state = $2";
const CONCERNS_GO: &str = "DELETE FROM case_concern WHERE case_id = $1";
const CLAIMS_GO: &str = "DELETE FROM claim WHERE case_id = $1 AND in_flight";

/// So many effect lines are kept as text with a case; the digest binds all of them.
const LINES_KEPT: usize = 400;

/// A case to write.
#[derive(Clone, Debug)]
pub struct CaseRow<'a> {
    /// Name of the action.
    pub action: &'static str,
    /// Version of its form.
    pub version: usize,
    /// State it is written in.
    pub state: CaseState,
    /// Channel.
    pub channel: Channel,
    /// Accepted.
    pub accepted: Day,
    /// Promised by.
    pub promised: Option<Day>,
    /// Who entered it.
    pub maker: UserId,
    /// Accepting branch.
    pub branch: UnitId,
    /// Title beside the action's term.
    pub summary: String,
    /// Amount.
    pub amount: Option<Money>,
    /// The form as text ([`core_case::stored::write`]); sealed as a whole.
    pub form: &'a [u8],
    /// Roles of its review levels.
    pub flow: &'a [String],
    /// Digest of the policy set it was decided under.
    pub policy: &'a str,
    /// Refusals, when it was refused.
    pub refusals: &'a [Refusal],
}

/// Kind of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, core_case::Choice)]
pub enum StepKind {
    /// Entered.
    #[choice("entered", "录入")]
    Entered,
    /// One level approved.
    #[choice("approved", "复核同意")]
    Approved,
    /// Sent back by a person.
    #[choice("returned", "退回补正")]
    Returned,
    /// Facts moved: shown again with the difference.
    #[choice("differs", "事实有变，重新复核")]
    Differs,
    /// Rejected.
    #[choice("rejected", "不同意")]
    Rejected,
    /// Withdrawn by its maker.
    #[choice("withdrawn", "撤回")]
    Withdrawn,
    /// Committed.
    #[choice("committed", "办结入账")]
    Committed,
    /// Refused by the rules.
    #[choice("refused", "不予受理")]
    Refused,
    /// Entered again after a return.
    #[choice("resubmitted", "重新提交")]
    Resubmitted,
    /// Corrected by its maker after a return, and entered again.
    #[choice("corrected", "更正后重新提交")]
    Corrected,
}

/// A step to write.
#[derive(Clone, Debug)]
pub struct CaseStep {
    /// Number in the case, from 1.
    pub seq: i64,
    /// What happened.
    pub kind: StepKind,
    /// Digest seen or committed.
    pub digest: Option<Digest>,
    /// Remark, without personal identifiers.
    pub note: String,
}

/// Kind digits of a business number (handbook 17 §9).
pub fn number_kind(action: &str) -> u8 {
    match action {
        a if a.starts_with("collection.member") || a.starts_with("collection.base") => 1,
        a if a.starts_with("collection.") => 2,
        a if a.starts_with("lending.") => 5,
        _ => 8,
    }
}

impl Writer<'_> {
    /// Number of a new case and of its audit record.
    ///
    /// # Errors
    /// When the day's numbers are used up.
    pub fn new_case(&mut self, action: &str) -> Result<(CaseId, i64), WriteError> {
        let case = self.store.numbers.give(Range::Case(number_kind(action), self.at.day), &mut self.lease)?;
        let audit = self.store.numbers.give(Range::Audit, &mut self.lease)?;
        Ok((CaseId(case), audit))
    }

    /// Remembers that a command's key was answered by this case.
    pub fn idempotency(&mut self, key: &str, command: &Digest, case: CaseId) {
        self.rows.idempotency.push([key.into(), command.0.to_vec().into(), case.0.into()]);
    }

    /// Notes a chunk of a run.
    pub fn run_chunk(&mut self, step: &str, chunk: i64, documents: i64, detail: &str) {
        self.rows.run_chunk.push([self.at.day.into(), step.into(), chunk.into(), documents.into(), detail.into()]);
    }

    /// Writes a case that is committed at once, with its effects.
    ///
    /// # Errors
    /// As [`Writer::new_case`], and when an effect names what it may not.
    pub fn commit_new(&mut self, (case, audit): (CaseId, i64), at: &At, row: &CaseRow<'_>, decision: &Decision) -> Result<(), WriteError> {
        let mut context = self.context(case, audit);
        self.decision(&mut context, at, decision)?;
        let digest = self.insert_case(case, row, Some(decision))?;
        self.step(case, CaseStep { seq: 1, kind: StepKind::Committed, digest, note: String::new() });
        self.audit_case(audit, case, row.action, &row.summary, "done", digest);
        Ok(())
    }

    /// Writes a case that waits for its reviews: concerns and claims are held, nothing else changes.
    ///
    /// # Errors
    /// As [`Writer::commit_new`].
    pub fn enter(
        &mut self,
        (case, audit): (CaseId, i64),
        row: &CaseRow<'_>,
        decision: &Decision,
        concerns: &[(Concern, Option<EmployerId>)],
    ) -> Result<(), WriteError> {
        let digest = self.insert_case(case, row, Some(decision))?;
        self.hold(case, decision, concerns);
        self.step(case, CaseStep { seq: 1, kind: StepKind::Entered, digest, note: String::new() });
        self.audit_case(audit, case, row.action, &row.summary, "waiting", digest);
        Ok(())
    }

    /// Writes a case that the rules refused, for the record.
    ///
    /// # Errors
    /// As [`Writer::new_case`].
    pub fn refuse(&mut self, (case, audit): (CaseId, i64), row: &CaseRow<'_>) -> Result<(), WriteError> {
        self.insert_case(case, row, None)?;
        self.step(case, CaseStep { seq: 1, kind: StepKind::Refused, digest: None, note: String::new() });
        let codes: Vec<&str> = row.refusals.iter().map(|r| &*r.code).collect();
        self.audit_case(audit, case, row.action, &row.summary, &format!("refused {}", codes.join(" ")), None);
        Ok(())
    }

    /// Commits a case that waited: its effects, its release, its last step.
    ///
    /// # Errors
    /// As [`Writer::commit_new`].
    pub fn commit_waiting(
        &mut self,
        case: CaseId,
        at: &At,
        decision: Decision,
        action: &str,
        level: i64,
        seq: i64,
    ) -> Result<(), WriteError> {
        let audit = self.store.numbers.give(Range::Audit, &mut self.lease)?;
        self.release(case);
        let mut context = self.context(case, audit);
        let digest = decision.digest();
        let reasons = self.reasons(&decision.reasons);
        self.prepare(&mut context, &decision)?;
        // Each effect goes as soon as its rows stand: a whole centre's are not in memory twice.
        for effect in decision.effects {
            self.effect(&mut context, at, &effect)?;
        }
        let values = vec![case.0.into(), CaseState::Waiting.code().into(), level.into(), self.at.day.into(), reasons.into()];
        self.after.push(Step::Sql { sql: CASE_DONE.into(), values, expect: Expect::Exactly(1) });
        self.step(case, CaseStep { seq, kind: StepKind::Committed, digest: Some(digest), note: String::new() });
        self.audit_case(audit, case, action, "", "done", Some(digest));
        Ok(())
    }

    /// Notes a step that changes nothing by itself.
    pub fn note(&mut self, case: CaseId, step: CaseStep) {
        self.step(case, step);
    }

    /// Notes a review of one level.
    pub fn review(&mut self, case: CaseId, round: i64, level: i64, maker: UserId, digest: &Digest) {
        self.rows.case_review.push([
            case.0.into(),
            round.into(),
            level.into(),
            maker.0.into(),
            self.at.actor.0.into(),
            digest.to_string().into(),
        ]);
    }

    /// Moves a case to another state or level, with a step and an audit record.
    ///
    /// # Errors
    /// When audit numbers are used up.
    pub fn move_case(
        &mut self,
        case: CaseId,
        from: CaseState,
        to: CaseState,
        level: i64,
        action: &str,
        step: CaseStep,
    ) -> Result<(), WriteError> {
        let values = vec![case.0.into(), from.code().into(), to.code().into(), level.into()];
        self.after.push(Step::Sql { sql: CASE_MOVE.into(), values, expect: Expect::Exactly(1) });
        if !to.in_flight() {
            self.release(case);
        }
        let audit = self.store.numbers.give(Range::Audit, &mut self.lease)?;
        let result = step.kind.code();
        let digest = step.digest;
        self.step(case, step);
        self.audit_case(audit, case, action, "", result, digest);
        Ok(())
    }

    /// Shows a case anew: other effects, or refusals, with reviews from the first level.
    ///
    /// # Errors
    /// When audit numbers are used up.
    pub fn show_anew(
        &mut self,
        case: CaseId,
        (from, to): (CaseState, CaseState),
        shown: Option<&Decision>,
        refusals: &[Refusal],
        action: &str,
        step: CaseStep,
    ) -> Result<(), WriteError> {
        let (lines, count, digest) = printed(shown);
        let values = vec![
            case.0.into(),
            from.code().into(),
            to.code().into(),
            lines.into(),
            count.into(),
            digest.map(|d| d.to_string()).into(),
            refusals_text(refusals).into(),
        ];
        self.after.push(Step::Sql { sql: CASE_SHOWN.into(), values, expect: Expect::Exactly(1) });
        let audit = self.store.numbers.give(Range::Audit, &mut self.lease)?;
        let result = step.kind.code();
        self.step(case, step);
        self.audit_case(audit, case, action, "", result, digest);
        Ok(())
    }

    /// Writes a returned case under a corrected form: the former one is kept beside it, what it held goes and what it holds now
    /// comes, reviews begin from the first level.
    ///
    /// # Errors
    /// When audit numbers are used up or sealing fails.
    pub fn correct(
        &mut self,
        former: &StoredCase,
        row: &CaseRow<'_>,
        decision: &Decision,
        concerns: &[(Concern, Option<EmployerId>)],
        seq: i64,
    ) -> Result<(), WriteError> {
        let (case, keys) = (former.id, &self.store.keys);
        let before = former.form_text(self.store)?;
        let before = keys.seal("case_former", "form", former_row(case, seq), before.as_bytes())?;
        let form = keys.seal("business_case", "form", case.0, row.form)?;
        self.rows.case_former.push([
            case.0.into(),
            seq.into(),
            (former.version as i64).into(),
            former.summary.as_str().into(),
            former.amount.map(Money::fen).into(),
            before.into(),
            former.effects.join("\n").into(),
            former.digest.map(|d| d.to_string()).into(),
        ]);
        self.release(case);
        self.hold(case, decision, concerns);
        let (lines, count, digest) = printed(Some(decision));
        let values = vec![
            case.0.into(),
            (row.version as i64).into(),
            row.promised.into(),
            row.summary.as_str().into(),
            row.amount.map(Money::fen).into(),
            form.into(),
            lines.into(),
            count.into(),
            digest.map(|d| d.to_string()).into(),
            row.flow.join(" ").into(),
            row.policy.into(),
        ];
        self.after.push(Step::Sql { sql: CASE_CORRECTED.into(), values, expect: Expect::Exactly(1) });
        let audit = self.store.numbers.give(Range::Audit, &mut self.lease)?;
        self.step(case, CaseStep { seq, kind: StepKind::Corrected, digest, note: String::new() });
        self.audit_case(audit, case, row.action, &row.summary, StepKind::Corrected.code(), digest);
        Ok(())
    }

    /// Holds what a case in flight keeps others from: its concerns and the keys its effects will claim.
    fn hold(&mut self, case: CaseId, decision: &Decision, concerns: &[(Concern, Option<EmployerId>)]) {
        for (concern, container) in concerns {
            let container = container.map(|e| Subject::Employer(e).key()).unwrap_or_default();
            self.rows.case_concern.push([case.0.into(), concern.subject.key().into(), container.into(), concern.class.code().into()]);
        }
        for effect in &decision.effects {
            if let Effect::Claim { register, key, .. } = effect {
                let hash = self.store.keys.register_key(*register, key);
                let holder = Subject::Centre.key();
                let words = format!("在途业务 {case}");
                let row: [Value; 6] = [register.key().into(), hash.into(), holder.into(), words.into(), case.0.into(), true.into()];
                self.rows.claim.push(row);
            }
        }
    }

    /// Lets go of what a case held.
    fn release(&mut self, case: CaseId) {
        for sql in [CONCERNS_GO, CLAIMS_GO] {
            self.changes.push(Step::Sql { sql: sql.into(), values: vec![case.0.into()], expect: Expect::AtLeast(0) });
        }
    }

    fn context(&self, case: CaseId, audit: i64) -> Context {
        Context { case, audit, new: Default::default(), taken_over: Default::default(), opening_voucher: None }
    }

    fn insert_case(&mut self, case: CaseId, row: &CaseRow<'_>, decision: Option<&Decision>) -> Result<Option<Digest>, WriteError> {
        let sealed = self.store.keys.seal("business_case", "form", case.0, row.form)?;
        let (lines, count, digest) = printed(decision);
        let reasons = decision.map(|d| self.reasons(&d.reasons));
        let done = row.state == CaseState::Done;
        self.rows.business_case.push([
            case.0.into(),
            row.action.into(),
            (row.version as i64).into(),
            row.state.code().into(),
            row.channel.code().into(),
            row.accepted.into(),
            row.promised.into(),
            row.maker.0.into(),
            row.branch.0.into(),
            row.summary.as_str().into(),
            row.amount.map(Money::fen).into(),
            sealed.into(),
            lines.into(),
            count.into(),
            digest.map(|d| d.to_string()).into(),
            row.flow.join(" ").into(),
            0.into(),
            row.policy.into(),
            reasons.filter(|_| done).into(),
            refusals_text(row.refusals).into(),
            done.then_some(self.at.day).into(),
        ]);
        Ok(digest)
    }

    /// Reasons are shared: cases with the same rules keep one text.
    fn reasons(&mut self, reasons: &[Reason]) -> Vec<u8> {
        let kept: Vec<serde_json::Value> =
            reasons.iter().map(|r| serde_json::json!({ "rule": r.rule, "under": &*r.under, "seen": r.seen })).collect();
        let text = serde_json::Value::Array(kept).to_string();
        let hash = Digest::of(text.as_bytes()).0.to_vec();
        self.rows.reason_set.push([hash.clone().into(), text.into()]);
        hash
    }

    fn step(&mut self, case: CaseId, step: CaseStep) {
        self.rows.case_step.push([
            case.0.into(),
            step.seq.into(),
            step.kind.code().into(),
            self.at.actor.0.into(),
            self.at.now.into(),
            self.at.day.into(),
            step.digest.map(|d| d.to_string()).into(),
            step.note.into(),
        ]);
    }

    fn audit_case(&mut self, audit: i64, case: CaseId, action: &str, summary: &str, result: &str, digest: Option<Digest>) {
        let entry = AuditEntry {
            kind: action.to_owned(),
            object: format!("case:{}", case.0),
            detail: summary.to_owned(),
            result: result.to_owned(),
            effects: Self::effects_digest(digest),
        };
        self.audit_as(audit, entry);
    }
}

/// Where a former form is sealed: its case and the step that replaced it.
pub(crate) fn former_row(case: CaseId, seq: i64) -> String {
    format!("{}-{seq}", case.0)
}

fn printed(decision: Option<&Decision>) -> (String, i64, Option<Digest>) {
    match decision {
        None => (String::new(), 0, None),
        Some(d) => {
            let lines: Vec<String> = d.lines().take(LINES_KEPT).collect();
            (lines.join("\n"), d.effects.len() as i64, Some(d.digest()))
        }
    }
}

fn refusals_text(refusals: &[Refusal]) -> Option<String> {
    (!refusals.is_empty()).then(|| serde_json::to_string(refusals).unwrap_or_default())
}
