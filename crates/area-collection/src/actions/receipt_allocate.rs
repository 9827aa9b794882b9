//! 暂收款认领 Allocation of an unknown receipt to its employer; a list it covers posts at once.
//!
//! Law: handbook 02 §1.6.4; 17 §5 (employer unknown), §7 (manual allocation: one more person); entries 06 E-A3, then E-A19.
//! Left out: straight to the members without the employer's suspense (E-A18): the trace through suspense is the better proof.

use core_case::prelude::*;

use crate::settle::Payer;
use crate::terms::AllocationDay;

/// 暂收款认领
#[derive(Form, Clone, Debug)]
pub struct ReceiptAllocate {
    /// 收款编号
    pub receipt: ReceiptId,
    /// 认领单位账号
    pub employer: EmployerId,
    /// 认领依据
    /// 单位说明或银行回单，原件作附件
    pub proof: String,
}

facts! { ReceiptAllocate, |it, at| {
    receipt:  Receipt(it.receipt),
    employer: Employer(it.employer),
} }
rules! { ReceiptAllocate, |it, at| {
    open:     Holds = "collection.receipt.open"            by Day(at.accepted),
    employer: Holds = "collection.suspense.employer_known"           by Day(at.accepted),
    enough:   Holds = "collection.remittance.enough_money" by Day(at.accepted),
    value:    InForce<AllocationDay> = "collection.value_date.from_suspense"   by Day(at.accepted),
} }
because! { ReceiptAllocate {
    NO_RECEIPT  "没有这笔收款";
    NOT_OPEN    "这笔收款不是待认领的暂收款";
    NO_EMPLOYER "没有这个单位账号";
} }

impl Action for ReceiptAllocate {
    const NAME: &'static str = "collection.receipt.allocate";
    const SHORT: &'static str = "rl";
    const FLOWS: Flows = Flows::Same("case.review.allocation");

    fn concerns(&self) -> Vec<Concern> {
        vec![Concern::of(Subject::Receipt(self.receipt), Class::Money), Concern::of(Subject::Employer(self.employer), Class::Money)]
    }

    fn summary(&self) -> String {
        format!("收款 {} 归单位 {}", self.receipt, self.employer)
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        let receipt = no.some(&f.receipt, &r.open, &NO_RECEIPT, ReceiptAllocate::RECEIPT);
        let employer = no.some(&f.employer, &r.employer, &NO_EMPLOYER, ReceiptAllocate::EMPLOYER);
        let (Some(receipt), Some(employer)) = (receipt, employer) else { return no.stop() };
        no.need(receipt.state == ReceiptState::Unknown, &r.open, &NOT_OPEN)
            .at(ReceiptAllocate::RECEIPT)
            .found(receipt.state.words())
            .tell("在暂收款清单中重新选择");
        no.under(&r.enough);
        no.under(&r.value);
        let mut then = no.pass()?;
        let parties = [Party::Receipt(receipt.id), Party::Employer(employer.id)];
        then.state(Change::Receipt(receipt.id, ReceiptState::Unknown, ReceiptState::Allocated));
        then.post(&core_ledger::entries::E_A3, receipt.amount, parties, ValueDay::Commit);
        if employer.state != EmployerState::Closed {
            Payer::new(employer).settle(&mut then, &employer.awaiting, employer.suspense + receipt.amount);
        }
        then.done()
    }
}
