//! 参数设定 A policy value of the centre's own: one person enters it with its instrument, another confirms.
//!
//! Law: design §3 (two persons, narrower place wins), 17 §7 (policy value: another person confirms).
//! A value that the loader of policy cannot read, or of a parameter that does not exist, is refused when it is entered: once it
//! were confirmed the centre could not open any more.
//! Left out: tables, which a single text cannot say; they come by the centre's own folder.

use core_case::action::{Bound, Looks, RuleDecl, Selects};
use core_case::prelude::*;
use core_case::{NoRule, On, Place, PolicySet};
use core_policy::Override;

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

/// The rules in force, and what the policy itself says to the value.
#[derive(Debug)]
pub struct Rules {
    two: Holds,
    cited: Holds,
    ahead: Holds,
    known: bool,
    /// What the loader cannot read, a sentence each.
    wrong: Vec<String>,
}

const fn holds(name: &'static str, family: &'static str) -> RuleDecl {
    RuleDecl { name, family, by: Selects::Day, fits: <Holds as Looks>::fits }
}

const TWO: RuleDecl = holds("two", "administration.policy.two_persons");
const CITED: RuleDecl = holds("cited", "administration.policy.cited");
const AHEAD: RuleDecl = holds("ahead", "accounting.period_open");

impl Bound for PolicyValue {
    type Rules = Rules;
    const RULES: &'static [RuleDecl] = &[TWO, CITED, AHEAD];
    fn rules(&self, at: &At, policy: &PolicySet, place: &Place) -> Result<Rules, NoRule> {
        let of = |rule: RuleDecl| policy.in_force(rule.family, On::Day(at.accepted), place);
        let over = Override::entered(policy, &self.family, self.from, &self.value, &self.instrument, at.accepted, "entered".into());
        let wrong = policy.with_overrides(vec![over]).err().map_or_else(Vec::new, |e| e.0.into_iter().map(|p| p.message).collect());
        Ok(Rules { two: of(TWO)?, cited: of(CITED)?, ahead: of(AHEAD)?, known: policy.selected_by(&self.family).is_some(), wrong })
    }
}

because! { PolicyValue {
    NO_FAMILY  "没有这个参数";
    UNREADABLE "参数值读不出";
    BACKWARDS  "生效日期所在期间已经结账";
} }

impl Action for PolicyValue {
    const NAME: &'static str = "administration.policy.value";
    const SHORT: &'static str = "cs";
    const FLOWS: Flows = Flows::Same("case.review.policy_value");

    fn concerns(&self) -> Vec<Concern> {
        vec![Concern::of(Subject::Centre, Class::Policy)]
    }

    fn summary(&self) -> String {
        format!("{} 自 {}", self.family, self.from)
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        no.under(&r.two);
        no.need(r.known, &r.cited, &NO_FAMILY).at(PolicyValue::FAMILY).found(&self.family).tell("在参数页选定参数，照抄它的名称");
        no.need(!r.known || r.wrong.is_empty(), &r.cited, &UNREADABLE)
            .at(PolicyValue::VALUE)
            .found(r.wrong.join("；"))
            .tell("照参数页上现行值的写法填写");
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
