//! Money: vouchers with their postings, and an employer's suspense with balance after.

use core_calendar::Month;
use core_case::effect::{FreePosting, Party};
use core_case::ids::EmployerId;
use core_ledger::{Analytic, LedgerCode, Root, Side, Template};
use core_money::Money;

use super::{Context, WriteError, Writer};
use crate::db::{Expect, Registered, Step, Value};
use crate::facts::month_number;
use crate::numbers::Range;

pub(crate) static QUERIES: &[Registered] =
    &[Registered { name: "effects.suspense", sql: SUSPENSE }, Registered { name: "effects.suspense_entry", sql: SUSPENSE_ENTRY }];

const SUSPENSE: &str = "UPDATE employer_money SET suspense = suspense + $2, seq = seq + 1 WHERE employer = $1";
const SUSPENSE_ENTRY: &str = "INSERT INTO suspense_entry (employer, seq, day, entry, amount, balance_after, voucher, receipt, list, case_id) \
    SELECT employer, seq, $2, $3, $4, suspense, $5, $6, \
    $7, $8 FROM employer_money WHERE employer = $1";

/// Side as stored.
pub(crate) fn side_code(side: Side) -> &'static str {
    match side {
        Side::Debit => "D",
        Side::Credit => "C",
    }
}

/// A posting to write.
pub(crate) struct Line {
    pub(crate) account: LedgerCode,
    pub(crate) side: Side,
    pub(crate) amount: Money,
    pub(crate) employer: Option<i64>,
    pub(crate) receipt: Option<i64>,
}

impl Writer<'_> {
    /// A voucher of the business day with its postings; asserts that it balances (handbook 06 E-H4).
    pub(super) fn voucher(
        &mut self,
        context: &Context,
        id: Option<i64>,
        entry: &str,
        term: &str,
        reverses: Option<i64>,
        lines: &[Line],
    ) -> Result<i64, WriteError> {
        let period = Month::of(self.at.day);
        let id = match id {
            Some(id) => id,
            None => self.store.numbers.give(Range::Voucher(period), &mut self.lease)?,
        };
        let sum = |side| lines.iter().filter(|l| l.side == side).map(|l| l.amount).sum::<Money>();
        if sum(Side::Debit) != sum(Side::Credit) {
            return Err(WriteError::Fault(format!("voucher {entry} does not balance: {} and {}", sum(Side::Debit), sum(Side::Credit))));
        }
        self.rows.voucher.push([
            id.into(),
            self.at.day.into(),
            month_number(period).into(),
            entry.into(),
            term.into(),
            if reverses.is_some() { "red".into() } else { "blue".into() },
            sum(Side::Debit).fen().into(),
            reverses.into(),
            context.case.0.into(),
            context.audit.into(),
        ]);
        for (line, posting) in lines.iter().enumerate() {
            self.rows.posting.push([
                id.into(),
                (line as i64 + 1).into(),
                i64::from(posting.account.number()).into(),
                side_code(posting.side).into(),
                posting.amount.fen().into(),
                posting.employer.into(),
                posting.receipt.into(),
            ]);
        }
        Ok(id)
    }

    /// The lines of a template with its parties; a bank's own leaf must lie below the leg's account.
    pub(super) fn lines(&self, context: &Context, template: &Template, amount: Money, parties: &[Party]) -> Result<Vec<Line>, WriteError> {
        let mut lines = Vec::with_capacity(template.legs.len());
        for (leg, party) in template.legs.iter().zip(parties) {
            let account = match (leg.root, party) {
                (Root::Leaf(code), _) => code,
                (Root::BankUnder(root), Party::Bank(bank)) => {
                    let leaf = self.store.bank_leaf(bank.0).filter(|leaf| leaf.within(root));
                    leaf.ok_or_else(|| WriteError::Fault(format!("bank account {bank} has no leaf below {root}")))?
                }
                (Root::BankUnder(root), party) => return Err(WriteError::Fault(format!("{party} is no bank account below {root}"))),
            };
            let fits = matches!(
                (leg.analytic, party),
                (Analytic::Bank, Party::Bank(_))
                    | (Analytic::Member, Party::Savings(_))
                    | (Analytic::MembersOfList, Party::List(_))
                    | (Analytic::EmployerSuspense, Party::Employer(_))
                    | (Analytic::UnknownReceipt, Party::Receipt(_))
                    | (Analytic::Plain, Party::Nobody)
            );
            if !fits {
                return Err(WriteError::Fault(format!("{} does not take {party} beside {account}", template.id)));
            }
            let employer = match party {
                Party::Employer(e) => Some(context.employer(*e)?),
                _ => None,
            };
            let receipt = match party {
                Party::Receipt(r) => Some(context.receipt(*r)?),
                _ => None,
            };
            lines.push(Line { account, side: leg.side, amount, employer, receipt });
        }
        Ok(lines)
    }

    /// Posts an amount through a template: voucher and sub-ledgers at once.
    pub(super) fn post(&mut self, context: &Context, template: &Template, amount: Money, parties: &[Party]) -> Result<(), WriteError> {
        let lines = self.lines(context, template, amount, parties)?;
        let voucher = self.voucher(context, None, template.id, template.term, None, &lines)?;
        let receipt = parties.iter().find_map(|p| if let Party::Receipt(r) = p { Some(*r) } else { None });
        let receipt = receipt.map(|r| context.receipt(r)).transpose()?;
        for (leg, party) in template.legs.iter().zip(parties) {
            match party {
                Party::Employer(e) => {
                    let e = context.employer(*e)?;
                    let change = if leg.side == Side::Credit { amount } else { -amount };
                    self.suspense_step(e, change, template.id, voucher, receipt, None, context.case.0);
                }
                Party::Bank(bank) if leg.side == Side::Credit => {
                    let id = self.store.numbers.give(Range::Payment, &mut self.lease)?;
                    self.rows.payment.push([
                        id.into(),
                        bank.0.into(),
                        amount.fen().into(),
                        template.term.into(),
                        self.at.day.into(),
                        "instructed".into(),
                        voucher.into(),
                        context.case.0.into(),
                    ]);
                }
                Party::Savings(_) => return Err(WriteError::Fault("single postings to a savings account come with withdrawals".into())),
                _ => {}
            }
        }
        Ok(())
    }

    /// A movement of an employer's suspense; the balance may not fall below zero, which the table's check holds.
    #[expect(clippy::too_many_arguments, reason = "one argument a column of the entry")]
    pub(super) fn suspense_step(
        &mut self,
        employer: i64,
        change: Money,
        entry: &str,
        voucher: i64,
        receipt: Option<i64>,
        list: Option<i64>,
        case: i64,
    ) {
        let update: Vec<Value> = vec![employer.into(), change.fen().into()];
        self.suspense.push(Step::Sql { sql: SUSPENSE.into(), values: update, expect: Expect::Exactly(1) });
        let values = vec![
            employer.into(),
            self.at.day.into(),
            entry.into(),
            change.fen().into(),
            voucher.into(),
            receipt.into(),
            list.into(),
            case.into(),
        ];
        self.suspense.push(Step::Sql { sql: SUSPENSE_ENTRY.into(), values, expect: Expect::Exactly(1) });
    }

    /// A voucher whose postings were chosen by hand (opening, manual voucher).
    pub(super) fn free_voucher(&mut self, context: &Context, entry: &str, term: &str, postings: &[FreePosting]) -> Result<(), WriteError> {
        let line = |p: &FreePosting| Line { account: p.account, side: p.side, amount: p.amount, employer: None, receipt: None };
        let lines: Vec<Line> = postings.iter().map(line).collect();
        let id = if entry == "E-A22" { context.opening_voucher } else { None };
        self.voucher(context, id, entry, term, None, &lines)?;
        Ok(())
    }

    /// The employer of a party that is one.
    pub(super) fn employer_line(code: LedgerCode, side: Side, amount: Money, employer: EmployerId) -> Line {
        Line { account: code, side, amount, employer: Some(employer.0), receipt: None }
    }
}
