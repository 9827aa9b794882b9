//! 个人账户封存 Seal: the employer stops paying for a member from a month on.
//!
//! Law: Reg. 15 (within 30 days of the end of employment); handbook 02 §1.9.1, §1.9.7, reasons §1.9.6.
//! Left out: a month already paid (wrong payment 错缴) and the move to the central pool are later actions.

use core_case::prelude::*;

/// 个人账户封存
#[derive(Form, Clone, Debug)]
pub struct MemberSeal {
    /// 个人账号
    pub savings: SavingsId,
    /// 从哪个月起封存
    /// 该月起不再汇缴
    pub from: Month,
    /// 封存原因
    pub reason: SealReason,
}

facts! { MemberSeal, |it, at| {
    account: Savings(it.savings),
} }
rules! { MemberSeal, |it, at| {
    live:     Holds = "collection.member.open"             by Day(at.accepted),
    seal:     Holds = "collection.seal.account_normal"                    by Day(at.accepted),
    unpaid:   Holds = "collection.seal.month_not_paid"       by Day(at.accepted),
    no_list:  Holds = "collection.seal.no_remittance_in_flight" by Day(at.accepted),
} }
because! { MemberSeal {
    NO_ACCOUNT "没有这个个人账号或已销户";
    SEALED     "账户已经封存";
    ON_LIST    "此人在待入账的清册上";
    MONTH_PAID "该月已经缴存，不能从该月起封存";
} }

impl Action for MemberSeal {
    const NAME: &'static str = "collection.member.seal";
    const SHORT: &'static str = "fc";
    const FLOWS: Flows = Flows::ByChannel { counter: "case.review.seal", hall: "case.review.officer_list" };

    fn concerns(&self) -> Vec<Concern> {
        vec![Concern::of(Subject::Savings(self.savings), Class::Member)]
    }

    fn summary(&self) -> String {
        format!("账号 {}，{} 起", self.savings, self.from)
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        let Some(account) = no.some(&f.account, &r.live, &NO_ACCOUNT, MemberSeal::SAVINGS) else { return no.stop() };
        no.need(account.state.open(), &r.live, &NO_ACCOUNT).at(MemberSeal::SAVINGS).found(account.state.words()).tell("核对账号");
        // A seal without an end stands in the way, one that begins later (预封存) too; one that ends is no hindrance to the next.
        no.need(account.sealed_from.is_none(), &r.seal, &SEALED)
            .at(MemberSeal::SAVINGS)
            .found(account.sealed_from.map_or(String::new(), |m| format!("{m} 起")))
            .tell("无需再次封存");
        no.need(!account.on_awaiting_list, &r.no_list, &ON_LIST).at(MemberSeal::SAVINGS).tell("待清册入账或作废后再办");
        no.need(account.paid_to.is_none_or(|paid| self.from > paid), &r.unpaid, &MONTH_PAID)
            .at(MemberSeal::FROM)
            .found(self.from)
            .required(account.paid_to.map_or(String::new(), |m| format!("晚于 {m}")))
            .tell("改为未缴的月份；已缴月份按错缴更正办理");
        let mut then = no.pass()?;
        then.begin(Subject::Savings(self.savings), account.employer, self.from, Record::Seal(self.reason));
        then.done()
    }
}
