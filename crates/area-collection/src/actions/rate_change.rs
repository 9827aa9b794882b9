//! 缴存比例调整 Rate change: an employer chooses other rates inside the limits, from a month not yet listed.
//!
//! Law: Reg. 18; handbook 02 §1.5.1 to §1.5.3, §1.5.10 (decision of the congress or union, effective month not before the
//! next due month). Left out: rates below the minimum (hardship, Reg. 20) are an action of their own.

use core_case::prelude::*;

use super::rates::{self, RateRules};

/// 缴存比例调整
#[derive(Form, Clone, Debug)]
pub struct RateChange {
    /// 单位账号
    pub employer: EmployerId,
    /// 从哪个月起执行
    pub from: Month,
    /// 单位缴存比例
    pub employer_rate: Rate,
    /// 个人缴存比例
    pub member_rate: Rate,
    /// 职代会或工会决议
    /// 决议日期和文号，原件作附件
    pub decision: String,
}

facts! { RateChange, |it, at| {
    employer: Employer(it.employer),
} }
rules! { RateChange, |it, at| {
    active:        Holds         = "collection.employer.normal"     by Day(at.accepted),
    month:         Holds         = "collection.rate.effective_month"      by Day(at.accepted),
    rate_min:      InForce<Rate> = "collection.rate_min"            by Day(at.accepted),
    rate_max:      InForce<Rate> = "collection.rate_max"            by Day(at.accepted),
    whole_percent: InForce<bool> = "collection.whole_percent" by Day(at.accepted),
    equal_sides:   InForce<bool> = "collection.equal_sides" by Day(at.accepted),
} }
because! { RateChange + [rates::RATES] {
    NO_EMPLOYER   "没有这个单位账号";
    EMPLOYER_SHUT "单位账户已封存或销户";
    MONTH_EARLY   "执行月份早于下一个应缴月份";
    MONTH_LISTED  "执行月份已有待入账的清册";
    SAME          "与现行比例相同";
} }

impl Action for RateChange {
    const NAME: &'static str = "collection.rate.change";
    const SHORT: &'static str = "bl";
    const FLOWS: Flows = Flows::Same("case.review.rate_change");
    const MATERIALS: Option<&'static str> = Some("case.material.rate_change");

    fn concerns(&self) -> Vec<Concern> {
        vec![Concern::of(Subject::Employer(self.employer), Class::Base)]
    }

    fn summary(&self) -> String {
        format!("单位 {}，{} 起 {} + {}", self.employer, self.from, self.employer_rate, self.member_rate)
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        let Some(employer) = no.some(&f.employer, &r.active, &NO_EMPLOYER, RateChange::EMPLOYER) else { return no.stop() };
        let active = matches!(employer.state, EmployerState::Normal | EmployerState::Opening);
        no.need(active, &r.active, &EMPLOYER_SHUT).at(RateChange::EMPLOYER).found(employer.state.words()).tell("先办理单位启封");
        no.need(self.from >= employer.next_month(), &r.month, &MONTH_EARLY)
            .at(RateChange::FROM)
            .found(self.from)
            .required(format!("不早于 {}", employer.next_month()))
            .tell(format!("改为 {} 或以后", employer.next_month()));
        let listed = employer.awaiting.iter().find(|l| l.binding.month >= self.from);
        no.need(listed.is_none(), &r.month, &MONTH_LISTED)
            .at(RateChange::FROM)
            .found(listed.map_or(String::new(), |l| format!("{} 清册 {}", l.binding.month, l.binding.list)))
            .tell("待该清册入账或作废后再办");
        no.need(employer.rates.on(self.from) != Some((self.employer_rate, self.member_rate)), &r.month, &SAME)
            .at(RateChange::EMPLOYER_RATE)
            .tell("无需调整");
        let limits = RateRules { min: &r.rate_min, max: &r.rate_max, whole: &r.whole_percent, equal: &r.equal_sides };
        rates::check(&mut no, (self.employer_rate, self.member_rate), &limits, [RateChange::EMPLOYER_RATE, RateChange::MEMBER_RATE]);
        let mut then = no.pass()?;
        let of = Subject::Employer(self.employer);
        then.begin(of, self.employer, self.from, Record::Rates(self.employer_rate, self.member_rate));
        then.done()
    }
}
