//! 单位批量开户 Employer opening by Excel: the same checks a row as at the counter, all rows in one case.
//!
//! Law: as for one employer (handbook 02 §1.2). Left out: nothing beside it; the sheet is handbook 17 §8.

use std::collections::HashMap;

use core_case::action::{Bound, Looks, RuleDecl, Selects};
use core_case::prelude::*;

use super::employer_open::{self, EmployerOpen, Questions};

/// 单位批量开户
#[derive(Form, Clone, Debug)]
pub struct EmployerImport {
    /// 单位
    pub lines: Vec<EmployerOpen>,
}

facts! { EmployerImport, |it, at| {
    codes: each Registered(Register::EmployerCode, line.credit_code.clone().unwrap_or_default()) for line in &it.lines,
    names: each Registered(Register::EmployerName, line.name.clone()) for line in &it.lines,
    units: each Unit(line.branch) for line in &it.lines,
} }

/// The rules of a row; rows with another first month look theirs up under the same families.
#[derive(Debug)]
pub struct Rules {
    once: Holds,
    months: HashMap<Month, employer_open::Rules>,
}

/// The rule of the file itself: there is a row, and none stands twice.
const ONCE: RuleDecl = RuleDecl { name: "once", family: "case.row_once", by: Selects::Day, fits: <Holds as Looks>::fits };

impl Bound for EmployerImport {
    type Rules = Rules;
    const RULES: &'static [RuleDecl] = {
        const OF_A_ROW: &[RuleDecl] = <EmployerOpen as Bound>::RULES;
        const ALL: [RuleDecl; OF_A_ROW.len() + 1] = {
            let mut all = [ONCE; OF_A_ROW.len() + 1];
            let mut i = 0;
            while i < OF_A_ROW.len() {
                all[i + 1] = OF_A_ROW[i];
                i += 1;
            }
            all
        };
        &ALL
    };
    fn rules(&self, at: &At, policy: &core_case::PolicySet, place: &core_case::Place) -> Result<Rules, core_case::NoRule> {
        let mut months = HashMap::new();
        for line in &self.lines {
            if let std::collections::hash_map::Entry::Vacant(slot) = months.entry(line.first_month) {
                slot.insert(Bound::rules(line, at, policy, place)?);
            }
        }
        let once = policy.in_force(ONCE.family, core_case::On::Day(at.accepted), place)?;
        Ok(Rules { once, months })
    }
}

because! { EmployerImport + [EmployerOpen::REFUSALS] {
    NOTHING    "清单里没有可办理的行";
    CODE_TWICE "清单内统一社会信用代码重复";
    NAME_TWICE "清单内单位名称重复";
} }

impl Action for EmployerImport {
    const NAME: &'static str = "collection.employer.import";
    const FLOWS: Flows = Flows::Same("case.review.employer_opening");

    fn concerns(&self) -> Vec<Concern> {
        Vec::new()
    }

    fn summary(&self) -> String {
        format!("{} 户", self.lines.len())
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        no.need(!self.lines.is_empty(), &r.once, &NOTHING).at(EmployerImport::LINES).tell("在表中填写至少一户");
        let (mut codes, mut names) = (HashMap::new(), HashMap::new());
        for (i, line) in self.lines.iter().enumerate() {
            no.line(EmployerImport::LINES, i, |no| {
                if let Some(rules) = r.months.get(&line.first_month) {
                    employer_open::check(line, &Questions { code: &f.codes[i], name: &f.names[i], unit: &f.units[i] }, rules, no);
                }
                let code_before = line.credit_code.as_ref().and_then(|c| codes.insert(c.as_str(), i));
                no.need(code_before.is_none(), &r.once, &CODE_TWICE)
                    .at(EmployerOpen::CREDIT_CODE)
                    .found(code_before.map_or(String::new(), |b| format!("与第 {} 行相同", b + 1)))
                    .tell("保留一行");
                let name_before = names.insert(line.name.as_str(), i);
                no.need(name_before.is_none(), &r.once, &NAME_TWICE)
                    .at(EmployerOpen::NAME)
                    .found(name_before.map_or(String::new(), |b| format!("与第 {} 行相同", b + 1)))
                    .tell("保留一行");
            });
        }
        let mut then = no.pass()?;
        for line in &self.lines {
            employer_open::open(line, &mut then);
        }
        then.done()
    }
}
