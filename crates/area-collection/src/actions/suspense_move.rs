//! 未分摊款转移 Moving suspense between employers.
//!
//! Law: handbook 02 §1.6.13, §1.6.14 (suspense of a closed employer stays movable); entry 06 E-A20; 17 §7 (one more person).

use core_case::prelude::*;

use crate::settle::Payer;
use crate::terms::AllocationDay;

/// 未分摊款转移
#[derive(Form, Clone, Debug)]
pub struct SuspenseMove {
    /// 转出单位账号
    pub from: EmployerId,
    /// 转入单位账号
    pub to: EmployerId,
    /// 金额
    pub amount: Money,
    /// 转移原因
    pub reason: String,
}

facts! { SuspenseMove, |it, at| {
    from: Employer(it.from),
    to:   Employer(it.to),
} }
rules! { SuspenseMove, |it, at| {
    owner:  Holds = "collection.suspense.employer_known"           by Day(at.accepted),
    two:    Holds = "collection.suspense.two_employers"  by Day(at.accepted),
    amount: Holds = "collection.suspense.amount_positive" by Day(at.accepted),
    enough: Holds = "collection.suspense.enough"         by Day(at.accepted),
    paid:   Holds = "collection.remittance.enough_money" by Day(at.accepted),
    value:  InForce<AllocationDay> = "collection.value_date.from_suspense"   by Day(at.accepted),
} }
because! { SuspenseMove {
    NO_FROM      "没有这个转出单位账号";
    NO_TO        "没有这个转入单位账号";
    SAME         "转出与转入是同一单位";
    CLOSED       "转入单位已销户";
    NOT_POSITIVE "金额应大于零";
    NOT_ENOUGH   "转出单位未分摊余额不足";
} }

impl Action for SuspenseMove {
    const NAME: &'static str = "collection.suspense.move";
    const SHORT: &'static str = "wz";
    const FLOWS: Flows = Flows::Same("case.review.suspense_move");

    fn concerns(&self) -> Vec<Concern> {
        vec![Concern::of(Subject::Employer(self.from), Class::Money), Concern::of(Subject::Employer(self.to), Class::Money)]
    }

    fn summary(&self) -> String {
        format!("单位 {} 到单位 {}", self.from, self.to)
    }

    fn amount(&self) -> Option<Money> {
        Some(self.amount)
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        let from = no.some(&f.from, &r.owner, &NO_FROM, SuspenseMove::FROM);
        let to = no.some(&f.to, &r.owner, &NO_TO, SuspenseMove::TO);
        let (Some(from), Some(to)) = (from, to) else { return no.stop() };
        no.need(self.from != self.to, &r.two, &SAME).at(SuspenseMove::TO).tell("选择另一个单位");
        no.need(to.state != EmployerState::Closed, &r.owner, &CLOSED).at(SuspenseMove::TO).found(&to.name).tell("选择在册单位");
        no.need(!self.amount.is_negative() && !self.amount.is_zero(), &r.amount, &NOT_POSITIVE)
            .at(SuspenseMove::AMOUNT)
            .found(self.amount)
            .tell("填写大于零的金额");
        no.need(self.amount <= from.suspense, &r.enough, &NOT_ENOUGH)
            .at(SuspenseMove::AMOUNT)
            .found(self.amount)
            .required(format!("不超过 {}", from.suspense))
            .remedy(Remedy::AtMost(from.suspense));
        no.under(&r.paid);
        no.under(&r.value);
        let mut then = no.pass()?;
        let parties = [Party::Employer(self.from), Party::Employer(self.to)];
        then.post(&core_ledger::entries::E_A20, self.amount, parties, ValueDay::Commit);
        Payer::new(to).settle(&mut then, &to.awaiting, to.suspense + self.amount);
        then.done()
    }
}
