//! 一笔多单位分摊 Split of one receipt over several employers (财政代扣): all of it or nothing.
//!
//! Law: handbook 02 §1.6.8; 17 §5 (its sum must equal the receipt, else the whole stays 2190401), §8 (file); entries 06 E-A3, E-A19.

use std::collections::BTreeMap;

use core_case::prelude::*;

use crate::settle::Payer;
use crate::terms::{AllocationDay, total};

/// 一笔多单位分摊
#[derive(Form, Clone, Debug)]
pub struct ReceiptSplit {
    /// 收款编号
    pub receipt: ReceiptId,
    /// 分摊明细
    pub lines: Vec<SplitLine>,
}

/// 分摊明细
#[derive(Form, Clone, Debug)]
pub struct SplitLine {
    /// 单位账号
    pub employer: EmployerId,
    /// 汇缴年月
    /// 付款人的说明；入账仍先付最早的清册
    pub month: Month,
    /// 金额
    pub amount: Money,
}

facts! { ReceiptSplit, |it, at| {
    receipt:   Receipt(it.receipt),
    employers: each Employer(line.employer) for line in &it.lines,
} }
rules! { ReceiptSplit, |it, at| {
    open:     Holds = "collection.receipt.open"            by Day(at.accepted),
    employer: Holds = "collection.suspense.employer_known"           by Day(at.accepted),
    whole:    Holds = "collection.receipt.split_agrees"     by Day(at.accepted),
    enough:   Holds = "collection.remittance.enough_money" by Day(at.accepted),
    value:    InForce<AllocationDay> = "collection.value_date.from_suspense"   by Day(at.accepted),
} }
because! { ReceiptSplit {
    NO_RECEIPT   "没有这笔收款";
    NOT_OPEN     "这笔收款不是待认领的暂收款";
    NOTHING      "没有分摊明细";
    NO_EMPLOYER  "没有这个单位账号";
    CLOSED       "单位已销户";
    NOT_POSITIVE "分摊金额应大于零";
    NOT_WHOLE    "分摊合计与收款金额不符";
} }

impl Action for ReceiptSplit {
    const NAME: &'static str = "collection.receipt.split";
    const SHORT: &'static str = "ft";
    const FLOWS: Flows = Flows::Same("case.review.allocation");

    fn concerns(&self) -> Vec<Concern> {
        let mut all = vec![Concern::of(Subject::Receipt(self.receipt), Class::Money)];
        let employers: std::collections::BTreeSet<EmployerId> = self.lines.iter().map(|l| l.employer).collect();
        all.extend(employers.into_iter().map(|e| Concern::of(Subject::Employer(e), Class::Money)));
        all
    }

    fn summary(&self) -> String {
        format!("收款 {} 分给 {} 户", self.receipt, self.lines.len())
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        let Some(receipt) = no.some(&f.receipt, &r.open, &NO_RECEIPT, ReceiptSplit::RECEIPT) else { return no.stop() };
        no.need(receipt.state == ReceiptState::Unknown, &r.open, &NOT_OPEN)
            .at(ReceiptSplit::RECEIPT)
            .found(receipt.state.words())
            .tell("在暂收款清单中重新选择");
        no.need(!self.lines.is_empty(), &r.whole, &NOTHING).at(ReceiptSplit::LINES).tell("按付款人的分摊表填写");
        for (i, (line, employer)) in self.lines.iter().zip(&f.employers).enumerate() {
            no.line(ReceiptSplit::LINES, i, |no| {
                if let Some(employer) = no.some(employer, &r.employer, &NO_EMPLOYER, SplitLine::EMPLOYER) {
                    no.need(employer.state != EmployerState::Closed, &r.employer, &CLOSED)
                        .at(SplitLine::EMPLOYER)
                        .found(&employer.name)
                        .tell("向付款人核实后重新分摊");
                }
                no.need(!line.amount.is_negative() && !line.amount.is_zero(), &r.whole, &NOT_POSITIVE)
                    .at(SplitLine::AMOUNT)
                    .found(line.amount)
                    .tell("填写大于零的金额");
            });
        }
        let sum = total(self.lines.iter().map(|l| l.amount));
        no.need(sum == receipt.amount, &r.whole, &NOT_WHOLE)
            .at(ReceiptSplit::LINES)
            .found(sum)
            .required(receipt.amount)
            .tell("向付款人核对分摊表；合计相符前整笔仍为暂收款");
        no.under(&r.enough);
        no.under(&r.value);
        let mut then = no.pass()?;
        then.state(Change::Receipt(receipt.id, ReceiptState::Unknown, ReceiptState::Allocated));
        let mut by_employer: BTreeMap<EmployerId, (Money, usize)> = BTreeMap::new();
        for (i, line) in self.lines.iter().enumerate() {
            by_employer.entry(line.employer).or_insert((Money::ZERO, i)).0 += line.amount;
        }
        for (id, (amount, _)) in &by_employer {
            then.post(&core_ledger::entries::E_A3, *amount, [Party::Receipt(receipt.id), Party::Employer(*id)], ValueDay::Commit);
        }
        for (amount, first) in by_employer.values() {
            if let Some(employer) = &f.employers[*first] {
                Payer::new(employer).settle(&mut then, &employer.awaiting, employer.suspense + *amount);
            }
        }
        then.done()
    }
}
