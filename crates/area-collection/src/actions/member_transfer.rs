//! 个人账户内部转移 Transfer: a new employer takes over a sealed account; balance, products and history stay with the person.
//!
//! Law: Reg. 14, 15; handbook 02 §1.10.1 (sealed, no business in flight), §1.9.3. Level 1 of the books does not change
//! (E-A13): our members' entries name the employer of their time, so nothing is posted.
//! Left out: transfer between centres.

use core_case::prelude::*;

/// 个人账户转移
#[derive(Form, Clone, Debug)]
pub struct MemberTransfer {
    /// 个人账号
    pub savings: SavingsId,
    /// 转入单位账号
    pub employer: EmployerId,
    /// 从哪个月起由新单位汇缴
    pub from: Month,
    /// 缴存基数
    /// 新单位当月工资
    pub base: Money,
}

facts! { MemberTransfer, |it, at| {
    account:  Savings(it.savings),
    employer: Employer(it.employer),
} }
rules! { MemberTransfer, |it, at| {
    live:     Holds          = "collection.member.open"     by Day(at.accepted),
    transfer: Holds          = "collection.member.sealed_before_opening"        by Day(at.accepted),
    employer: Holds          = "collection.employer.normal" by Day(at.accepted),
    cap:      InForce<Money> = "collection.base_cap"        by Month(it.from),
    floor:    InForce<Money> = "collection.base_floor"      by Month(it.from),
} }
because! { MemberTransfer {
    NO_ACCOUNT    "没有这个个人账号或已销户";
    NOT_SEALED    "账户尚未封存，不能转移";
    NO_EMPLOYER   "没有这个转入单位账号";
    EMPLOYER_SHUT "转入单位已封存或销户";
    SAME_EMPLOYER "转入单位就是现单位";
    MONTH_EARLY   "转入月份过早";
    BASE_HIGH     "缴存基数高于上限";
    BASE_LOW      "缴存基数低于下限";
} }

impl Action for MemberTransfer {
    const NAME: &'static str = "collection.member.transfer";
    const SHORT: &'static str = "zy";
    const FLOWS: Flows = Flows::ByChannel { counter: "case.review.transfer", hall: "case.review.officer_list" };

    fn concerns(&self) -> Vec<Concern> {
        vec![Concern::of(Subject::Savings(self.savings), Class::Member), Concern::of(Subject::Employer(self.employer), Class::Member)]
    }

    fn summary(&self) -> String {
        format!("账号 {} 转入单位 {}", self.savings, self.employer)
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        let account = no.some(&f.account, &r.live, &NO_ACCOUNT, MemberTransfer::SAVINGS);
        let employer = no.some(&f.employer, &r.employer, &NO_EMPLOYER, MemberTransfer::EMPLOYER);
        let (Some(account), Some(employer)) = (account, employer) else { return no.stop() };
        let open = account.state.open();
        no.need(open, &r.live, &NO_ACCOUNT).at(MemberTransfer::SAVINGS).found(account.state.words()).tell("核对账号");
        no.need(!open || account.sealed_from.is_some(), &r.transfer, &NOT_SEALED)
            .at(MemberTransfer::SAVINGS)
            .found(account.state.words())
            .remedy(Remedy::first("collection.member.seal", "个人账户封存"));
        let active = matches!(employer.state, EmployerState::Normal | EmployerState::Opening | EmployerState::Deferred);
        no.need(active, &r.employer, &EMPLOYER_SHUT).at(MemberTransfer::EMPLOYER).found(employer.state.words()).tell("先办理单位启封");
        no.need(account.employer != self.employer, &r.transfer, &SAME_EMPLOYER)
            .at(MemberTransfer::EMPLOYER)
            .remedy(Remedy::first("collection.member.unseal", "个人账户启封"));
        let earliest =
            [account.sealed_from, account.paid_to.map(Month::succ), Some(account.member_from.succ()), Some(employer.next_month())];
        let earliest = earliest.into_iter().flatten().max().unwrap_or(self.from);
        no.need(self.from >= earliest, &r.transfer, &MONTH_EARLY)
            .at(MemberTransfer::FROM)
            .found(self.from)
            .required(format!("不早于 {earliest}"))
            .tell(format!("改为 {earliest} 或以后"));
        no.at_most(self.base, &r.cap, &BASE_HIGH).at(MemberTransfer::BASE).remedy(Remedy::AtMost(r.cap.value));
        no.at_least(self.base, &r.floor, &BASE_LOW).at(MemberTransfer::BASE).remedy(Remedy::AtLeast(r.floor.value));
        let mut then = no.pass()?;
        let of = Subject::Savings(self.savings);
        then.end(of, account.employer, RecordKind::Membership, self.from.pred());
        then.end(of, account.employer, RecordKind::Seal, self.from.pred());
        then.begin(of, self.employer, self.from, Record::Membership(self.employer));
        then.begin(of, self.employer, self.from, Record::Base(self.base));
        then.done()
    }
}
