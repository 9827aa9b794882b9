//! 个人账户启封 Unseal: the same employer pays for a sealed member again.
//!
//! Law: handbook 02 §1.9.3, §1.9.8. Left out: the months missed become back payments, a later action.

use core_case::prelude::*;

/// 个人账户启封
#[derive(Form, Clone, Debug)]
pub struct MemberUnseal {
    /// 个人账号
    pub savings: SavingsId,
    /// 从哪个月起汇缴
    pub from: Month,
}

facts! { MemberUnseal, |it, at| {
    account: Savings(it.savings),
} }
rules! { MemberUnseal, |it, at| {
    live:     Holds = "collection.member.open"     by Day(at.accepted),
    unseal:   Holds = "collection.seal.unseal_account_sealed"          by Day(at.accepted),
    employer: Holds = "collection.seal.unseal_employer_not_sealed" by Day(at.accepted),
    unpaid:   Holds = "collection.seal.unseal_after_paid_to_month" by Day(at.accepted),
} }
because! { MemberUnseal {
    NO_ACCOUNT    "没有这个个人账号或已销户";
    NOT_SEALED    "账户没有封存";
    EMPLOYER_SHUT "单位账户已封存或销户，不能启封职工";
    MONTH_EARLY   "启封月份早于封存起始月或已缴月份";
} }

impl Action for MemberUnseal {
    const NAME: &'static str = "collection.member.unseal";
    const SHORT: &'static str = "qf";
    const FLOWS: Flows = Flows::ByChannel { counter: "case.review.unseal", hall: "case.review.officer_list" };

    fn concerns(&self) -> Vec<Concern> {
        vec![Concern::of(Subject::Savings(self.savings), Class::Member)]
    }

    fn summary(&self) -> String {
        format!("账号 {}，{} 起", self.savings, self.from)
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        let Some(account) = no.some(&f.account, &r.live, &NO_ACCOUNT, MemberUnseal::SAVINGS) else { return no.stop() };
        let open = account.state.open();
        no.need(open, &r.live, &NO_ACCOUNT).at(MemberUnseal::SAVINGS).found(account.state.words()).tell("核对账号");
        let sealed_from = account.sealed_from;
        no.need(!open || sealed_from.is_some(), &r.unseal, &NOT_SEALED)
            .at(MemberUnseal::SAVINGS)
            .found(account.state.words())
            .tell("核对账号");
        let active = !matches!(account.employer_state, EmployerState::Sealed | EmployerState::Closed);
        no.need(active, &r.employer, &EMPLOYER_SHUT).at(MemberUnseal::SAVINGS).found(account.employer_state.words()).tell("先办理单位启封");
        let earliest = sealed_from.into_iter().chain(account.paid_to.map(Month::succ)).max();
        no.need(earliest.is_none_or(|m| self.from >= m), &r.unpaid, &MONTH_EARLY)
            .at(MemberUnseal::FROM)
            .found(self.from)
            .required(earliest.map_or(String::new(), |m| format!("不早于 {m}")))
            .tell(earliest.map_or(String::new(), |m| format!("改为 {m} 或以后")));
        let mut then = no.pass()?;
        then.end(Subject::Savings(self.savings), account.employer, RecordKind::Seal, self.from.pred());
        then.done()
    }
}
