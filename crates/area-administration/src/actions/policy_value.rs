//! 参数设定 A policy value of the centre's own: one person enters it with its instrument, another confirms.
//!
//! Law: design §3 (two persons, narrower place wins), 17 §7 (policy value: another person confirms).
//! Left out: the value itself is read and checked by the policy loader when the case is entered; a value it cannot read is
//! refused there with file-like message.

use core_case::prelude::*;

/// 参数设定
#[derive(Form, Clone, Debug)]
pub struct PolicyValue {
    /// 参数名称
    /// 如 collection.base_cap
    #[form(max = 100)]
    pub family: String,
    /// 生效日期
    pub from: Day,
    /// 参数值
    pub value: String,
    /// 依据文件
    /// 文件名称和文号
    pub instrument: String,
}

facts! { PolicyValue, |it, at| {
    business: Period(Month::of(it.from)),
} }
rules! { PolicyValue, |it, at| {
    two:   Holds = "administration.policy.two_persons" by Day(at.accepted),
    cited: Holds = "administration.policy.cited"       by Day(at.accepted),
    ahead: Holds = "accounting.period_open" by Day(at.accepted),
} }
because! { PolicyValue {
    BACKWARDS "生效日期所在期间已经结账";
} }

impl Action for PolicyValue {
    const NAME: &'static str = "administration.policy.value";
    const FLOWS: Flows = Flows::Same("case.review.policy_value");

    fn concerns(&self) -> Vec<Concern> {
        vec![Concern::of(Subject::Centre, Class::Policy)]
    }

    fn summary(&self) -> String {
        format!("{} 自 {}", self.family, self.from)
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        no.under(&r.two);
        no.under(&r.cited);
        no.need(!f.business.closed, &r.ahead, &BACKWARDS).at(PolicyValue::FROM).found(self.from).tell("改为未结账期间的日期");
        let mut then = no.pass()?;
        then.add(Effect::PolicyValue {
            family: self.family.clone(),
            from: self.from,
            value: self.value.clone(),
            instrument: self.instrument.clone(),
        });
        then.done()
    }
}
