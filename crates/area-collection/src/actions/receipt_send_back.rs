//! 暂收款退回 Sending an unknown receipt back to its payer.
//!
//! Law: handbook 06 E-A24; 17 §5, §7 (refund: one more person). The payment is instructed with the commit; the bank's own line
//! confirms it when it comes. Left out: the instruction to the bank itself, which the bank channel brings.

use core_case::prelude::*;

/// 暂收款退回
#[derive(Form, Clone, Debug)]
pub struct ReceiptSendBack {
    /// 收款编号
    pub receipt: ReceiptId,
    /// 退回原因
    pub reason: String,
}

facts! { ReceiptSendBack, |it, at| {
    receipt: Receipt(it.receipt),
} }
rules! { ReceiptSendBack, |it, at| {
    open: Holds = "collection.receipt.open"               by Day(at.accepted),
    back: Holds = "collection.receipt.sent_back_to_payer" by Day(at.accepted),
} }
because! { ReceiptSendBack {
    NO_RECEIPT "没有这笔收款";
    NOT_OPEN   "这笔收款不是待认领的暂收款";
} }

impl Action for ReceiptSendBack {
    const NAME: &'static str = "collection.receipt.send-back";
    const SHORT: &'static str = "th";
    const FLOWS: Flows = Flows::Same("case.review.refund");

    fn concerns(&self) -> Vec<Concern> {
        vec![Concern::of(Subject::Receipt(self.receipt), Class::Money)]
    }

    fn summary(&self) -> String {
        format!("收款 {}", self.receipt)
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        let Some(receipt) = no.some(&f.receipt, &r.open, &NO_RECEIPT, ReceiptSendBack::RECEIPT) else { return no.stop() };
        no.need(receipt.state == ReceiptState::Unknown, &r.open, &NOT_OPEN)
            .at(ReceiptSendBack::RECEIPT)
            .found(receipt.state.words())
            .tell("在暂收款清单中重新选择");
        no.under(&r.back);
        let mut then = no.pass()?;
        then.state(Change::Receipt(receipt.id, ReceiptState::Unknown, ReceiptState::SentBack));
        let parties = [Party::Receipt(receipt.id), Party::Bank(receipt.bank)];
        then.post(&core_ledger::entries::E_A24, receipt.amount, parties, ValueDay::Commit);
        then.done()
    }
}
