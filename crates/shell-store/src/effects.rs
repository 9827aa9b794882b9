//! Effects to steps: pure of any engine, one unit for a case or for a chunk of many.
//!
//! A [`Writer`] gathers the rows of all its cases by table, so that a chunk of a bulk run and a single case write the same
//! statements. Order inside the unit: idempotency keys, guards, new rows, changes of state, suspense, lists, the cases
//! themselves with their audit records. Nothing here decides: what an effect leaves open is a fault of the effect.

mod audit;
mod cases;
mod guards;
mod lists;
mod money;
mod tables;
mod things;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use core_calendar::{Day, FundYear, Month};
use core_case::action::At;
use core_case::effect::{Decision, Effect, Subject};
use core_case::ids::{CaseId, EmployerId, ListId, ReceiptId, SavingsId, UserId};

use crate::db::{Registered, Step, Unit};
use crate::numbers::{Lease, Range, UsedUp};
use crate::store::Store;

pub use audit::AuditEntry;
pub(crate) use cases::former_row;
pub use cases::{CaseRow, CaseStep, StepKind};

/// The statements of this module, prepared on both engines by a test.
pub static QUERIES: &[&[Registered]] = &[lists::QUERIES, money::QUERIES, cases::QUERIES, things::QUERIES];

/// Why a unit could not be built.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A range of numbers is used up.
    #[error(transparent)]
    UsedUp(#[from] UsedUp),
    /// Sealing failed.
    #[error(transparent)]
    Vault(#[from] shell_vault::VaultError),
    /// The effect names something it may not: a fault of an action.
    #[error("effect cannot be written: {0}")]
    Fault(String),
}

/// Who and when, the same for every row of a unit.
#[derive(Clone, Debug)]
pub struct Moment {
    /// Business day.
    pub day: Day,
    /// Seconds since 1970, for steps and audit only: never in the canonical digest.
    pub now: i64,
    /// Who acts.
    pub actor: UserId,
    /// From which address.
    pub address: String,
    /// Request id.
    pub request: String,
}

/// A case as its effects see it.
pub(crate) struct Context {
    pub(crate) case: CaseId,
    pub(crate) audit: i64,
    /// New things of the case by ordinal.
    pub(crate) new: HashMap<i64, i64>,
    /// Accounts taken over in this case, so that their first membership is no change of a month.
    pub(crate) taken_over: BTreeSet<i64>,
    pub(crate) opening_voucher: Option<i64>,
}

/// Builds one unit from decisions.
pub struct Writer<'s> {
    pub(crate) store: &'s Store,
    pub(crate) at: Moment,
    pub(crate) lease: Lease,
    pub(crate) rows: tables::Tables,
    pub(crate) changes: Vec<Step>,
    pub(crate) suspense: Vec<Step>,
    pub(crate) posted: lists::Waves,
    pub(crate) after: Vec<Step>,
    reads: BTreeMap<String, i64>,
    bumps: BTreeSet<String>,
    weight: usize,
}

impl<'s> Writer<'s> {
    /// A unit without rows.
    pub fn new(store: &'s Store, at: Moment) -> Writer<'s> {
        Writer {
            store,
            at,
            lease: Lease::default(),
            rows: tables::Tables::default(),
            changes: Vec::new(),
            suspense: Vec::new(),
            posted: lists::Waves::default(),
            after: Vec::new(),
            reads: BTreeMap::new(),
            bumps: BTreeSet::new(),
            weight: 0,
        }
    }

    /// Ranges a unit of this day may need; prime them before building.
    pub fn ranges(day: Day) -> Vec<Range> {
        let mut ranges = vec![
            Range::Employer(day),
            Range::Savings(day),
            Range::Voucher(Month::of(day)),
            Range::Person,
            Range::Receipt,
            Range::Payment,
            Range::User,
            Range::Audit,
            Range::Outbox,
            Range::PolicyOverride,
        ];
        ranges.extend([1, 2, 5, 8].map(|kind| Range::Case(kind, day)));
        ranges
    }

    /// Rows of detail so far.
    pub fn weight(&self) -> usize {
        self.weight
    }

    /// Whether none of these guards is bumped by what the unit already holds, so that facts read before are still true.
    pub fn independent_of(&self, guards: &BTreeMap<String, i64>) -> bool {
        guards.keys().all(|g| !self.bumps.contains(g))
    }

    /// Guards read for a decision that this unit carries.
    pub fn read_guards(&mut self, guards: BTreeMap<String, i64>) {
        self.reads.extend(guards);
    }

    /// Row keys of the guards the unit bumps so far.
    pub fn bumps(&self) -> &BTreeSet<String> {
        &self.bumps
    }

    /// Bumps further guards by their row keys.
    pub fn bump(&mut self, keys: impl IntoIterator<Item = String>) {
        self.bumps.extend(keys);
    }

    /// Writes what a decision says, for a case.
    ///
    /// # Errors
    /// When numbers are used up, sealing fails, or an effect names what it may not.
    pub(crate) fn decision(&mut self, context: &mut Context, at: &At, decision: &Decision) -> Result<(), WriteError> {
        self.prepare(context, decision)?;
        for effect in &decision.effects {
            self.effect(context, at, effect)?;
        }
        Ok(())
    }

    /// What concerns all effects of a decision, before the first is written.
    fn prepare(&mut self, context: &mut Context, decision: &Decision) -> Result<(), WriteError> {
        self.weight += decision.weight();
        for guard in decision.bumps() {
            self.bumps.insert(self.store.keys.guard_key(&self.resolved_guard(context, guard)));
        }
        if decision.effects.iter().any(|e| matches!(e, Effect::Voucher { entry: "E-A22", .. })) {
            context.opening_voucher = Some(self.store.numbers.give(Range::Voucher(Month::of(self.at.day)), &mut self.lease)?);
        }
        Ok(())
    }

    fn effect(&mut self, context: &mut Context, at: &At, effect: &Effect) -> Result<(), WriteError> {
        match effect {
            Effect::Open(thing) => self.open(context, at, thing),
            Effect::State(change) => self.change(context, *change),
            Effect::Begin { of, from, record, .. } => self.begin(context, *of, *from, record),
            Effect::End { of, kind, until, .. } => self.end(context, *of, *kind, *until),
            Effect::Post { template, amount, parties, .. } => self.post(context, template, *amount, parties),
            Effect::PostList { list, source, value } => self.post_list(context, list, *source, *value),
            Effect::ReverseList { list, source, voucher, posted, value_day } => {
                self.reverse_list(context, list, *source, voucher.0, (*value_day, *posted))
            }
            Effect::Voucher { entry, term, postings } => self.free_voucher(context, entry, term, postings),
            Effect::TakeOver { employer, suspense, paid_to } => self.take_over(context, *employer, *suspense, *paid_to),
            Effect::Claim { register, key, by } => self.claim(context, *register, key, *by),
            Effect::Free { register, key } => {
                self.free(*register, key);
                Ok(())
            }
            Effect::Send { message, to } => self.send(context, *message, *to),
            Effect::Print { document, of } => self.print(context, *document, *of),
            Effect::OpeningDone => {
                self.rows.opening.push([1.into(), self.at.day.into(), context.case.0.into()]);
                Ok(())
            }
            Effect::Roles { user, kind, roles } => self.roles(context, *user, *kind, roles),
            Effect::PolicyValue { family, from, value, instrument } => {
                let id = self.store.numbers.give(Range::PolicyOverride, &mut self.lease)?;
                self.rows.policy_override.push([
                    id.into(),
                    family.as_str().into(),
                    (*from).into(),
                    value.as_str().into(),
                    instrument.as_str().into(),
                    context.case.0.into(),
                ]);
                Ok(())
            }
        }
    }

    /// The unit and the numbers it uses.
    pub fn finish(mut self) -> (Unit, Lease) {
        let mut unit = if self.weight > 64 { Unit::bulk() } else { Unit::small() };
        let mut steps = self.rows.take_first();
        steps.extend(self.guard_steps());
        steps.extend(self.rows.take_things());
        steps.append(&mut self.changes);
        steps.extend(self.rows.take_postings());
        steps.append(&mut self.suspense);
        steps.extend(std::mem::take(&mut self.posted).steps());
        steps.extend(self.rows.take_records());
        steps.append(&mut self.after);
        unit.steps = steps;
        (unit, self.lease)
    }

    /// The fund-year of the business day: the one that balances are kept for.
    pub(crate) fn fund_year(&self) -> FundYear {
        FundYear::of(self.at.day)
    }
}

impl Context {
    fn resolve(&self, id: i64) -> Result<i64, WriteError> {
        if id >= 0 {
            return Ok(id);
        }
        self.new.get(&-id).copied().ok_or_else(|| WriteError::Fault(format!("new#{} was not opened before it was used", -id)))
    }
    pub(crate) fn employer(&self, id: EmployerId) -> Result<i64, WriteError> {
        self.resolve(id.0)
    }
    pub(crate) fn savings(&self, id: SavingsId) -> Result<i64, WriteError> {
        self.resolve(id.0)
    }
    pub(crate) fn list(&self, id: ListId) -> Result<i64, WriteError> {
        self.resolve(id.0)
    }
    pub(crate) fn receipt(&self, id: ReceiptId) -> Result<i64, WriteError> {
        self.resolve(id.0)
    }
    pub(crate) fn user(&self, id: UserId) -> Result<i64, WriteError> {
        self.resolve(id.0)
    }
    /// The subject with its number given.
    pub(crate) fn subject(&self, subject: Subject) -> Result<Subject, WriteError> {
        Ok(match subject {
            Subject::Employer(id) => Subject::Employer(EmployerId(self.employer(id)?)),
            Subject::Savings(id) => Subject::Savings(SavingsId(self.savings(id)?)),
            Subject::List(id) => Subject::List(ListId(self.list(id)?)),
            Subject::Receipt(id) => Subject::Receipt(ReceiptId(self.receipt(id)?)),
            Subject::User(id) => Subject::User(UserId(self.user(id)?)),
            other => other,
        })
    }
}
