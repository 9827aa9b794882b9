//! 收款登记 Recording a bank receipt: money is recognised in the handbook's order and goes to a list, to suspense or to the
//! unknown receipts, unattended.
//!
//! Law: handbook 02 §1.6.4, §1.6.12 (matching order), §1.6.14 (closed employers); 17 §4 (value date), §5 (short, over, several,
//! duplicates); entries 06 E-A1, E-A2, E-A19, E-A21. Reg. 21 for the value date.
//! Left out: an identity number in the summary means a transfer-in, which a later action takes.

use core_case::nouns::IncomingKey;
use core_case::prelude::*;
use core_identity::fold_width;

use crate::settle::Payer;
use crate::terms::{AllocationDay, RemittanceValue};

/// 收款登记
#[derive(Form, Clone, Debug)]
pub struct ReceiptRecord {
    /// 专户账号
    #[form(max = 30)]
    pub account: String,
    /// 银行主机流水号
    #[form(max = 40)]
    pub host_serial: String,
    /// 金额
    pub amount: Money,
    /// 银行记账日期
    pub day: Day,
    /// 对方账号
    pub payer_account: Option<Card>,
    /// 对方户名
    pub payer_name: Option<String>,
    /// 摘要
    pub summary: Option<String>,
    /// 备注
    pub remark: Option<String>,
}

impl ReceiptRecord {
    fn texts(&self) -> [&str; 3] {
        [self.remark.as_deref().unwrap_or(""), self.summary.as_deref().unwrap_or(""), self.payer_name.as_deref().unwrap_or("")]
    }

    /// What is looked up: numbers of 15 digits in remark, then summary, then payer name; 98 is an employer, 99 a member, the
    /// rest are business numbers (handbook 17 §9).
    pub(crate) fn key(&self) -> IncomingKey {
        let mut numbers = Vec::new();
        let mut employers = Vec::new();
        for text in self.texts() {
            let folded = fold_width(text);
            for run in folded.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 15) {
                let Ok(number) = run.parse::<i64>() else { continue };
                let list = if run.starts_with("98") { &mut employers } else { &mut numbers };
                if !run.starts_with("99") && !list.contains(&number) {
                    list.push(number);
                }
            }
        }
        let line = IncomingKey::of_line(&self.account, &self.host_serial, self.amount, self.payer_name.as_deref().unwrap_or(""));
        IncomingKey { numbers, employers, ..line }
    }
}

facts! { ReceiptRecord, |it, at| {
    incoming: Incoming(it.key()),
} }
rules! { ReceiptRecord, |it, at| {
    account:   Holds = "collection.receipt.registered_account"        by Day(at.accepted),
    money_in:  Holds = "collection.suspense.amount_positive"            by Day(at.accepted),
    duplicate: Holds = "collection.receipt.duplicate"           by Day(at.accepted),
    not_later: Holds = "collection.value_date.not_after_posting"                 by Day(at.accepted),
    matching:  Holds = "collection.receipt.matching_order"      by Day(at.accepted),
    closed:    Holds = "collection.receipt.closed_employer"     by Day(at.accepted),
    list:      Holds = "collection.remittance.needs_list"       by Day(at.accepted),
    oldest:    Holds = "collection.remittance.oldest_first"     by Day(at.accepted),
    enough:    Holds = "collection.remittance.enough_money"     by Day(at.accepted),
    value:     InForce<RemittanceValue> = "collection.value_date.remittance" by Day(at.accepted),
    allocated: InForce<AllocationDay> = "collection.value_date.from_suspense" by Day(at.accepted),
} }
because! { ReceiptRecord {
    NO_ACCOUNT "不是已登记的公积金专户";
    NOT_IN     "不是收入流水";
    SEEN       "这笔流水已经登记过";
    LATE_DAY   "银行记账日期晚于营业日";
} }

impl Action for ReceiptRecord {
    const NAME: &'static str = "collection.receipt.record";
    const SHORT: &'static str = "sk";
    const FLOWS: Flows = Flows::Same("case.review.receipts");

    fn concerns(&self) -> Vec<Concern> {
        Vec::new()
    }

    fn summary(&self) -> String {
        format!("流水 {}", self.host_serial)
    }

    fn amount(&self) -> Option<Money> {
        Some(self.amount)
    }

    fn decide(&self, at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        let found = &f.incoming;
        let account = no.some(&found.account, &r.account, &NO_ACCOUNT, ReceiptRecord::ACCOUNT);
        no.need(!self.amount.is_negative() && !self.amount.is_zero(), &r.money_in, &NOT_IN)
            .at(ReceiptRecord::AMOUNT)
            .found(self.amount)
            .tell("支出流水由付款业务核销");
        no.need(found.seen.is_none(), &r.duplicate, &SEEN)
            .at(ReceiptRecord::HOST_SERIAL)
            .found(found.seen.map_or(String::new(), |s| format!("收款 {s}")))
            .tell("重复通知，不必再登记");
        no.need(self.day <= at.today, &r.not_later, &LATE_DAY)
            .at(ReceiptRecord::DAY)
            .found(self.day)
            .required(format!("不晚于 {}", at.today))
            .tell("核对流水日期");
        let Some(bank) = account.map(|a| a.id) else { return no.stop() };
        no.under(&r.matching);
        // A closed employer keeps what is sent under a number of its own; its name alone proves nothing (02 §1.6.14).
        let owner = found.employer.as_ref().filter(|e| e.state != EmployerState::Closed || found.by != "name");
        let closed = found.employer.as_ref().is_some_and(|e| e.state == EmployerState::Closed);
        if closed {
            no.under(&r.closed);
        }
        match owner.map(|e| e.awaiting.len()) {
            Some(0) => no.under(&r.list),
            Some(_) if !closed => {
                no.under(&r.oldest);
                no.under(&r.enough);
            }
            _ => {}
        }

        // Only the oldest list may be paid, and only in its turn: months go in order, no later list overtakes.
        let exact = owner.filter(|_| !closed).and_then(|employer| employer.awaiting.split_first()).filter(|(oldest, _)| {
            let own_number = found.list.as_ref().is_none_or(|l| l.binding.list == oldest.binding.list);
            oldest.binding.sum == self.amount && own_number && owner.is_some_and(|e| Payer::new(e).is_due(oldest))
        });
        match exact {
            Some(_) => no.under(&r.value),
            None => no.under(&r.allocated),
        }

        let mut then = no.pass()?;
        let thing = |state, employer, matched_by| ReceiptThing {
            id: ReceiptId(0),
            bank,
            host_serial: self.host_serial.clone(),
            amount: self.amount,
            day: self.day,
            payer_account: self.payer_account.clone(),
            payer_name: self.payer_name.clone().unwrap_or_default(),
            summary: self.summary.clone().unwrap_or_default(),
            remark: self.remark.clone().unwrap_or_default(),
            state,
            employer,
            matched_by,
        };
        let claim = self.key().line_key();
        let Some(employer) = owner else {
            let receipt = then.open_receipt(thing(ReceiptState::Unknown, None, ""));
            then.claim(Register::BankLine, claim, Subject::Receipt(receipt));
            then.post(&core_ledger::entries::E_A2, self.amount, [Party::Bank(bank), Party::Receipt(receipt)], ValueDay::On(self.day));
            return then.done();
        };
        let mut payer = Payer::new(employer);
        if let Some((list, later)) = exact {
            let receipt = then.open_receipt(thing(ReceiptState::Posted, Some(employer.id), found.by));
            then.claim(Register::BankLine, claim, Subject::Receipt(receipt));
            payer.post(&mut then, list, Source::Receipt(receipt, bank), r.value.value.day(self.day, list.confirmed));
            payer.settle(&mut then, later, employer.suspense);
            return then.done();
        }
        let receipt = then.open_receipt(thing(ReceiptState::Suspense, Some(employer.id), found.by));
        then.claim(Register::BankLine, claim, Subject::Receipt(receipt));
        then.post(&core_ledger::entries::E_A21, self.amount, [Party::Bank(bank), Party::Employer(employer.id)], ValueDay::On(self.day));
        if closed {
            for l in &employer.awaiting {
                let b = l.binding;
                then.state(Change::List(b.list, b.employer, b.month, ListState::AwaitingMoney, ListState::Voided));
            }
        } else {
            payer.settle(&mut then, &employer.awaiting, employer.suspense + self.amount);
        }
        then.done()
    }
}
