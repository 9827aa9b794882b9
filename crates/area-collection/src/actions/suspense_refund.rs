//! 未分摊款退回单位 Refund of suspense to its employer.
//!
//! Law: handbook 06 E-A5 (over-payment refunded); 17 §7 (one more person). The payment is instructed with the commit; the
//! bank's own line confirms it when it comes. Left out: the instruction to the bank itself.

use core_case::prelude::*;

/// 未分摊款退回
#[derive(Form, Clone, Debug)]
pub struct SuspenseRefund {
    /// 单位账号
    pub employer: EmployerId,
    /// 付款专户
    pub bank: BankAccountId,
    /// 金额
    pub amount: Money,
    /// 退款原因
    pub reason: String,
}

facts! { SuspenseRefund, |it, at| {
    employer: Employer(it.employer),
    bank:     BankAccount(it.bank),
} }
rules! { SuspenseRefund, |it, at| {
    owner:   Holds = "collection.suspense.employer_known"        by Day(at.accepted),
    account: Holds = "collection.receipt.registered_account" by Day(at.accepted),
    refund:  Holds = "collection.suspense.refund_to_payer" by Day(at.accepted),
    amount:  Holds = "collection.suspense.amount_positive" by Day(at.accepted),
    enough:  Holds = "collection.suspense.enough"      by Day(at.accepted),
} }
because! { SuspenseRefund {
    NO_EMPLOYER  "没有这个单位账号";
    NO_ACCOUNT   "不是已登记的公积金专户";
    NOT_POSITIVE "金额应大于零";
    NOT_ENOUGH   "未分摊余额不足";
} }

impl Action for SuspenseRefund {
    const NAME: &'static str = "collection.suspense.refund";
    const SHORT: &'static str = "wt";
    const FLOWS: Flows = Flows::Same("case.review.refund");

    fn concerns(&self) -> Vec<Concern> {
        vec![Concern::of(Subject::Employer(self.employer), Class::Money)]
    }

    fn summary(&self) -> String {
        format!("单位 {}", self.employer)
    }

    fn amount(&self) -> Option<Money> {
        Some(self.amount)
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        let employer = no.some(&f.employer, &r.owner, &NO_EMPLOYER, SuspenseRefund::EMPLOYER);
        no.some(&f.bank, &r.account, &NO_ACCOUNT, SuspenseRefund::BANK);
        no.need(!self.amount.is_negative() && !self.amount.is_zero(), &r.amount, &NOT_POSITIVE)
            .at(SuspenseRefund::AMOUNT)
            .found(self.amount)
            .tell("填写大于零的金额");
        if let Some(employer) = employer {
            no.need(self.amount <= employer.suspense, &r.enough, &NOT_ENOUGH)
                .at(SuspenseRefund::AMOUNT)
                .found(self.amount)
                .required(format!("不超过 {}", employer.suspense))
                .remedy(Remedy::AtMost(employer.suspense));
        }
        no.under(&r.refund);
        let mut then = no.pass()?;
        let parties = [Party::Employer(self.employer), Party::Bank(self.bank)];
        then.post(&core_ledger::entries::E_A5_REFUND, self.amount, parties, ValueDay::Commit);
        then.done()
    }
}
