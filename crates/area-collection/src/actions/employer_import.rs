//! 单位批量开户 Employer opening by Excel: the same checks a row as at the counter, all rows in one case.
//!
//! Law: as for one employer (handbook 02 §1.2). Left out: nothing beside it; the sheet is handbook 17 §8.

use core_case::prelude::*;

use super::employer_open::{self, EmployerOpen, Questions};
use crate::rows::Twice;

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

crate::rules_of_rows! { EmployerImport, EmployerOpen }

because! { EmployerImport + [EmployerOpen::REFUSALS] {
    NOTHING    "清单里没有可办理的行";
    CODE_TWICE "清单内统一社会信用代码重复";
    NAME_TWICE "清单内单位名称重复";
} }

impl Action for EmployerImport {
    const NAME: &'static str = "collection.employer.import";
    const SHORT: &'static str = "dp";
    const FLOWS: Flows = Flows::Same("case.review.employer_opening");

    fn concerns(&self) -> Vec<Concern> {
        Vec::new()
    }

    fn summary(&self) -> String {
        format!("{} 户", self.lines.len())
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        no.need(!self.lines.is_empty(), &r.once, &NOTHING).at(EmployerImport::LINES).tell("在表中填写至少一户");
        let (mut codes, mut names) = (Twice::default(), Twice::default());
        for (i, line) in self.lines.iter().enumerate() {
            no.line(EmployerImport::LINES, i, |no| {
                if let Some(rules) = r.of_all() {
                    employer_open::check(line, &Questions { code: &f.codes[i], name: &f.names[i], unit: &f.units[i] }, rules, no);
                }
                if let Some(code) = &line.credit_code {
                    codes.once(code.as_str(), i, &r.once, &CODE_TWICE, EmployerOpen::CREDIT_CODE, no);
                }
                names.once(&line.name, i, &r.once, &NAME_TWICE, EmployerOpen::NAME, no);
            });
        }
        let mut then = no.pass()?;
        for line in &self.lines {
            employer_open::open(line, &mut then);
        }
        then.done()
    }
}
