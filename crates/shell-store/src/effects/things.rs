//! Things that open, records that begin and end, states that move, keys that are claimed.

use core_calendar::Month;
use core_case::action::At;
use core_case::digest::Digest;
use core_case::effect::{Change, Document, Record, RecordKind, Subject, Thing};
use core_case::form::Choice;
use core_case::guard::Register;
use core_case::ids::{EmployerId, ListId, UnitId, UserId};
use core_case::state::{ListState, SavingsState};
use core_case::things::{EmployerThing, ListThing, ReceiptThing, SavingsThing, UserKind, UserThing};
use core_money::Money;

use super::{Context, WriteError, Writer};
use crate::db::{Batch, Expect, Kind, Registered, Step, Value};
use crate::facts::month_number;
use crate::numbers::Range;

pub(crate) static QUERIES: &[Registered] = &[
    Registered { name: "effects.free_claim", sql: FREE_CLAIM },
    Registered { name: "effects.end_membership", sql: END_MEMBERSHIP },
    Registered { name: "effects.end_seal", sql: END_SEAL },
    Registered { name: "effects.trim_seals", sql: TRIM_SEALS },
    Registered { name: "effects.savings_state", sql: SAVINGS_STATE },
    Registered { name: "effects.savings_employer", sql: SAVINGS_EMPLOYER },
    Registered { name: "effects.list_state", sql: LIST_STATE },
    Registered { name: "effects.employer_state", sql: EMPLOYER_STATE },
    Registered { name: "effects.receipt_state", sql: RECEIPT_STATE },
    Registered { name: "effects.period", sql: PERIOD },
    Registered { name: "effects.user_state", sql: USER_STATE },
    Registered { name: "effects.end_sessions", sql: END_SESSIONS },
    Registered { name: "effects.clear_roles", sql: CLEAR_ROLES },
    Registered { name: "effects.employer_paid_to", sql: EMPLOYER_PAID_TO },
];

const FREE_CLAIM: &str = "DELETE FROM claim WHERE register = $1 AND key_hash = $2";
// A transfer begins the next membership in the same unit, and rows stand before changes: only the one begun before ends.
const END_MEMBERSHIP: &str = "UPDATE membership SET until_month = $2 WHERE savings = $1 AND until_month IS NULL AND from_month <= $2";
const END_SEAL: &str = "UPDATE seal SET until_month = $2 WHERE savings = $1 AND until_month IS NULL";
// A seal over months that a seal before covered already: the one before ends where this begins, or covers nothing any more.
const TRIM_SEALS: &str = "UPDATE seal SET until_month = CASE WHEN from_month < $2 THEN $3 \
    WHEN from_month % 100 = 1 THEN from_month - 89 ELSE from_month - 1 END \
    WHERE savings = $1 AND until_month IS NOT NULL AND until_month >= $2";
// The state follows the seals of the month: one that begins later seals nobody today.
const SAVINGS_STATE: &str = "UPDATE savings SET state = CASE WHEN EXISTS (SELECT 1 FROM seal s WHERE s.savings = $1 AND s.from_month <= $2 \
    AND (s.until_month IS NULL OR s.until_month >= $2)) THEN '02' ELSE '01' END WHERE id = $1 AND state IN ('01', '02')";
const SAVINGS_EMPLOYER: &str = "UPDATE savings SET employer = $2 WHERE id = $1";
const LIST_STATE: &str = "UPDATE remittance_list SET state = $3 WHERE id = $1 AND state = $2";
const EMPLOYER_STATE: &str = "UPDATE employer SET state = $3 WHERE id = $1 AND state = $2";
const RECEIPT_STATE: &str = "UPDATE receipt SET state = $3 WHERE id = $1 AND state = $2";
const PERIOD: &str = "INSERT INTO period (month, closed) VALUES ($1, $2) ON CONFLICT (month) DO UPDATE SET closed = excluded.closed";
const USER_STATE: &str = "UPDATE app_user SET enabled = $2 WHERE id = $1";
const END_SESSIONS: &str = "UPDATE session SET ended = $2, ended_by = $3 WHERE user_id = $1 AND ended IS NULL";
const CLEAR_ROLES: &str = "DELETE FROM user_role WHERE user_id = $1";
const EMPLOYER_PAID_TO: &str = "UPDATE employer SET taken_over_paid_to = $2 WHERE id = $1";

impl Writer<'_> {
    pub(super) fn open(&mut self, context: &mut Context, at: &At, thing: &Thing) -> Result<(), WriteError> {
        match thing {
            Thing::Employer(t) => self.open_employer(context, t),
            Thing::Savings(t) => self.open_savings(context, t),
            Thing::List(t) => self.open_list(context, at, t),
            Thing::Receipt(t) => self.open_receipt(context, t),
            Thing::User(t) => self.open_user(context, t),
        }
    }

    /// Number of a new thing, remembered under its ordinal; a number taken over stays as it is.
    fn number(&mut self, context: &mut Context, id: i64, range: Range) -> Result<i64, WriteError> {
        if id > 0 {
            return Ok(id);
        }
        let number = self.store.numbers.give(range, &mut self.lease)?;
        context.new.insert(-id, number);
        Ok(number)
    }

    fn open_employer(&mut self, context: &mut Context, t: &EmployerThing) -> Result<(), WriteError> {
        let id = self.number(context, t.id.0, Range::Employer(self.at.day))?;
        let keys = &self.store.keys;
        let seal = |column: &str, clear: &str| keys.seal("employer", column, id, clear.as_bytes());
        self.rows.employer.push([
            id.into(),
            t.name.as_str().into(),
            t.credit_code.clone().into(),
            t.address.as_str().into(),
            t.representative.as_str().into(),
            t.representative_document.kind.as_str().into(),
            seal("representative_number", t.representative_document.number.reveal())?.into(),
            t.nature.as_str().into(),
            t.economic_type.as_str().into(),
            t.industry.as_str().into(),
            t.affiliation.clone().into(),
            t.branch.0.into(),
            t.established.into(),
            t.pay_day.into(),
            month_number(t.first_month).into(),
            t.entrusted_bank.as_str().into(),
            t.payroll_account.as_ref().map(|c| seal("payroll_account", c.reveal())).transpose()?.into(),
            t.fiscal.into(),
            t.handler.as_str().into(),
            t.handler_document.kind.as_str().into(),
            seal("handler_number", t.handler_document.number.reveal())?.into(),
            seal("handler_mobile", t.handler_mobile.reveal())?.into(),
            "02".into(),
            self.at.day.into(),
            keys.version().into(),
            context.case.0.into(),
        ]);
        self.rows.employer_money.push([id.into(), 0.into(), 0.into()]);
        Ok(())
    }

    fn open_savings(&mut self, context: &mut Context, t: &SavingsThing) -> Result<(), WriteError> {
        let id = self.number(context, t.id.0, Range::Savings(self.at.day))?;
        let person = self.store.numbers.give(Range::Person, &mut self.lease)?;
        let keys = &self.store.keys;
        let seal = |column: &str, clear: &str| keys.seal("person", column, person, clear.as_bytes());
        self.rows.person.push([
            person.into(),
            t.name.as_str().into(),
            t.document.kind.as_str().into(),
            seal("id_number", t.document.number.reveal())?.into(),
            keys.register_key(Register::PersonDocument, &t.document.key()).into(),
            keys.last_six(t.document.number.reveal()).into(),
            t.mobile.as_ref().map(|m| seal("mobile", m.reveal())).transpose()?.into(),
            t.card.as_ref().map(|c| seal("card", c.reveal())).transpose()?.into(),
            t.card_bank.clone().into(),
            keys.version().into(),
        ]);
        let taken = t.taken_over.as_ref();
        if taken.is_some() {
            context.taken_over.insert(id);
        }
        let employer = context.employer(t.employer)?;
        self.rows.savings.push([
            id.into(),
            person.into(),
            taken.map_or(SavingsState::Normal, |k| k.state).code().into(),
            employer.into(),
            taken.map_or(self.at.day, |k| k.opened).into(),
            month_number(t.first_month).into(),
            taken.and_then(|k| k.paid_to).map(month_number).into(),
            context.case.0.into(),
        ]);
        let (carried, current) = taken.map_or((Money::ZERO, Money::ZERO), |k| (k.carried_over, k.current_year));
        let value_day = taken.map_or(self.at.day, |k| k.day);
        let fund_year = self.fund_year();
        let days = i64::from(value_day.max(fund_year.first_day()).days_until(fund_year.end_exclusive()));
        let balance = carried + current;
        self.rows.savings_balance.push([
            id.into(),
            balance.fen().into(),
            carried.fen().into(),
            current.fen().into(),
            (carried.fen() * days).into(),
            (current.fen() * days).into(),
            fund_year.year().into(),
            0.into(),
            i64::from(!balance.is_zero()).into(),
        ]);
        if let (false, Some(voucher)) = (balance.is_zero(), context.opening_voucher) {
            self.rows.entry.push([
                id.into(),
                1.into(),
                self.at.day.into(),
                value_day.into(),
                "99".into(),
                Value::Null,
                balance.fen().into(),
                balance.fen().into(),
                employer.into(),
                Value::Null,
                false.into(),
                voucher.into(),
            ]);
        }
        Ok(())
    }

    fn open_list(&mut self, context: &mut Context, at: &At, t: &ListThing) -> Result<(), WriteError> {
        // The list's number is the business number of the case that confirms it: payers write it into the remark.
        let id = context.case.0;
        context.new.insert(-t.id.0, id);
        let employer = context.employer(t.employer)?;
        self.rows.remittance_list.push([
            id.into(),
            employer.into(),
            month_number(t.month).into(),
            t.kind.code().into(),
            ListState::AwaitingMoney.code().into(),
            (t.lines.len() as i64).into(),
            t.sum.fen().into(),
            t.digest().to_string().into(),
            t.rates.0.units().into(),
            t.rates.1.units().into(),
            i64::from(t.last_month.0).into(),
            t.last_month.1.fen().into(),
            at.accepted.into(),
            t.expires.into(),
            context.case.0.into(),
        ]);
        for l in &t.lines {
            self.rows.list_line.push([
                id.into(),
                l.savings.0.into(),
                l.base.fen().into(),
                l.employer_amount.fen().into(),
                l.member_amount.fen().into(),
                l.change.code().into(),
            ]);
        }
        Ok(())
    }

    fn open_receipt(&mut self, context: &mut Context, t: &ReceiptThing) -> Result<(), WriteError> {
        let id = self.number(context, t.id.0, Range::Receipt)?;
        let keys = &self.store.keys;
        let note = serde_json::json!({ "summary": t.summary, "remark": t.remark }).to_string();
        self.rows.receipt.push([
            id.into(),
            t.bank.0.into(),
            t.host_serial.as_str().into(),
            t.amount.fen().into(),
            t.day.into(),
            t.payer_account.as_ref().map(|c| keys.seal("receipt", "payer_account", id, c.reveal().as_bytes())).transpose()?.into(),
            t.payer_name.as_str().into(),
            keys.seal("receipt", "note", id, note.as_bytes())?.into(),
            t.state.code().into(),
            t.employer.map(|e| context.employer(e)).transpose()?.into(),
            t.matched_by.into(),
            keys.version().into(),
            context.case.0.into(),
        ]);
        Ok(())
    }

    fn open_user(&mut self, context: &mut Context, t: &UserThing) -> Result<(), WriteError> {
        let id = self.number(context, t.id.0, Range::User)?;
        self.rows.app_user.push([
            id.into(),
            t.login.as_str().into(),
            t.name.as_str().into(),
            t.kind.code().into(),
            t.unit.0.into(),
            t.employer.map(|e| e.0).into(),
            true.into(),
            true.into(),
            0.into(),
            0.into(),
            context.case.0.into(),
        ]);
        Ok(())
    }

    pub(super) fn begin(&mut self, context: &Context, of: Subject, from: Month, record: &Record) -> Result<(), WriteError> {
        let (first, from) = (from, month_number(from));
        let case = context.case.0;
        match (context.subject(of)?, record) {
            (Subject::Savings(id), Record::Membership(employer)) => {
                let employer = context.employer(*employer)?;
                let new = matches!(of, Subject::Savings(named) if named.ordinal().is_some());
                let change = if context.taken_over.contains(&id.0) {
                    "0"
                } else if new {
                    "1"
                } else {
                    self.changes.push(update(SAVINGS_EMPLOYER, [id.0.into(), employer.into()]));
                    "3"
                };
                self.rows.membership.push([id.0.into(), from.into(), employer.into(), change.into(), case.into()]);
            }
            (Subject::Savings(id), Record::Base(base)) => {
                self.rows.contribution_base.push([id.0.into(), from.into(), base.fen().into(), case.into()]);
            }
            (Subject::Savings(id), Record::Seal(reason)) => {
                self.rows.seal.push([id.0.into(), from.into(), reason.code().into(), case.into()]);
                let today = month_number(Month::of(self.at.day));
                if !context.taken_over.contains(&id.0) {
                    let before = vec![id.0.into(), from.into(), month_number(first.pred()).into()];
                    self.changes.push(Step::Sql { sql: TRIM_SEALS.into(), values: before, expect: Expect::AtLeast(0) });
                }
                // An account taken over as sealed is so already, unless it was paid in advance.
                if !context.taken_over.contains(&id.0) || from > today {
                    self.changes.push(update(SAVINGS_STATE, [id.0.into(), today.into()]));
                }
            }
            (Subject::Employer(id), Record::Rates(employer, member)) => {
                self.rows.employer_rate.push([id.0.into(), from.into(), employer.units().into(), member.units().into(), case.into()]);
            }
            (of, record) => return Err(WriteError::Fault(format!("{of} has no record {record:?}"))),
        }
        Ok(())
    }

    pub(super) fn end(&mut self, context: &Context, of: Subject, kind: RecordKind, until: Month) -> Result<(), WriteError> {
        let until = month_number(until);
        match (context.subject(of)?, kind) {
            (Subject::Savings(id), RecordKind::Membership) => self.changes.push(update(END_MEMBERSHIP, [id.0.into(), until.into()])),
            (Subject::Savings(id), RecordKind::Seal) => {
                self.changes.push(update(END_SEAL, [id.0.into(), until.into()]));
                self.changes.push(update(SAVINGS_STATE, [id.0.into(), month_number(Month::of(self.at.day)).into()]));
            }
            (of, kind) => return Err(WriteError::Fault(format!("{of} has no record {}", kind.name()))),
        }
        Ok(())
    }

    pub(super) fn change(&mut self, context: &Context, change: Change) -> Result<(), WriteError> {
        match change {
            Change::List(id, _, _, from, to) => {
                let id = context.list(id)?;
                self.changes.push(update(LIST_STATE, [id.into(), from.code().into(), to.code().into()]));
            }
            Change::Employer(id, from, to) => {
                let id = context.employer(id)?;
                self.changes.push(update(EMPLOYER_STATE, [id.into(), from.code().into(), to.code().into()]));
            }
            Change::Receipt(id, from, to) => {
                let id = context.receipt(id)?;
                self.changes.push(update(RECEIPT_STATE, [id.into(), from.code().into(), to.code().into()]));
            }
            Change::Period(month, _, closed) => {
                self.changes.push(update(PERIOD, [month_number(month).into(), closed.into()]));
            }
            Change::User(id, _, enabled) => {
                let id = context.user(id)?;
                self.changes.push(update(USER_STATE, [id.into(), enabled.into()]));
                if !enabled {
                    self.end_sessions(id, "停用");
                }
            }
        }
        Ok(())
    }

    fn end_sessions(&mut self, user: i64, why: &str) {
        let values = vec![user.into(), self.at.now.into(), why.into()];
        self.after.push(Step::Sql { sql: END_SESSIONS.into(), values, expect: Expect::AtLeast(0) });
    }

    pub(super) fn roles(&mut self, context: &Context, user: UserId, kind: UserKind, roles: &[(String, UnitId)]) -> Result<(), WriteError> {
        let user = context.user(user)?;
        self.changes.push(Step::Sql { sql: CLEAR_ROLES.into(), values: vec![user.into()], expect: Expect::AtLeast(0) });
        let mut rows = Batch::new(&[
            ("user_id", Kind::Int),
            ("user_kind", Kind::Text),
            ("role", Kind::Text),
            ("role_kind", Kind::Text),
            ("unit", Kind::Int),
            ("case_id", Kind::Int),
        ]);
        for (role, unit) in roles {
            rows.push([user.into(), kind.code().into(), role.as_str().into(), kind.code().into(), unit.0.into(), context.case.0.into()]);
        }
        if !rows.is_empty() {
            self.changes.push(Step::Insert(crate::db::Insert::new("user_role", rows)));
        }
        // A change of roles ends the user's sessions: the next sign-in has the new rights (handbook 17 §13).
        self.end_sessions(user, "授权变更");
        Ok(())
    }

    pub(super) fn claim(&mut self, context: &Context, register: Register, key: &str, by: Subject) -> Result<(), WriteError> {
        let by = context.subject(by)?;
        let words = match by {
            Subject::Employer(id) => format!("单位账号 {id}"),
            Subject::Savings(id) => format!("个人账号 {id}"),
            Subject::Receipt(id) => format!("收款 {id}"),
            Subject::User(id) => format!("用户 {id}"),
            other => other.to_string(),
        };
        let hash = self.store.keys.register_key(register, key);
        let values: [Value; 6] = [register.key().into(), hash.into(), by.key().into(), words.into(), context.case.0.into(), false.into()];
        self.rows.claim.push(values);
        Ok(())
    }

    pub(super) fn free(&mut self, register: Register, key: &str) {
        let hash = self.store.keys.register_key(register, key);
        self.changes.push(update(FREE_CLAIM, [register.key().into(), hash.into()]));
    }

    pub(super) fn take_over(
        &mut self,
        context: &Context,
        employer: EmployerId,
        suspense: Money,
        paid_to: Option<Month>,
    ) -> Result<(), WriteError> {
        let id = context.employer(employer)?;
        if let Some(paid_to) = paid_to {
            self.changes.push(update(EMPLOYER_PAID_TO, [id.into(), month_number(paid_to).into()]));
            // An employer that has paid before is normal from the first day with us.
            let values = vec![id.into(), "02".into(), "01".into()];
            self.changes.push(Step::Sql { sql: EMPLOYER_STATE.into(), values, expect: Expect::AtMost(1) });
        }
        if let (false, Some(voucher)) = (suspense.is_zero(), context.opening_voucher) {
            self.suspense_step(id, suspense, "E-A22", voucher, None, None, context.case.0);
        }
        Ok(())
    }

    pub(super) fn send(&mut self, context: &Context, message: u8, to: Subject) -> Result<(), WriteError> {
        let id = self.store.numbers.give(Range::Outbox, &mut self.lease)?;
        let subject = context.subject(to)?.key();
        self.rows.outbox.push([
            id.into(),
            context.case.0.into(),
            format!("message-{message}").into(),
            subject.into(),
            "waiting".into(),
            self.at.day.into(),
        ]);
        Ok(())
    }

    pub(super) fn print(&mut self, context: &Context, document: Document, of: Subject) -> Result<(), WriteError> {
        let subject = context.subject(of)?;
        let number = match subject {
            Subject::List(ListId(id)) => id.to_string(),
            other => other.key(),
        };
        let code = shell_vault::document::document_code(&self.store.keys.ring(), document.code(), &number);
        self.rows.document.push([code.into(), document.code().into(), subject.key().into(), context.case.0.into(), 0.into()]);
        Ok(())
    }

    /// Digest of what a case's effects said, as audit keeps it.
    pub(super) fn effects_digest(digest: Option<Digest>) -> String {
        digest.map(|d| d.to_string()).unwrap_or_default()
    }
}

/// A change of exactly one row.
fn update(sql: &'static str, values: impl IntoIterator<Item = Value>) -> Step {
    Step::Sql { sql: sql.into(), values: values.into_iter().collect(), expect: Expect::Exactly(1) }
}
