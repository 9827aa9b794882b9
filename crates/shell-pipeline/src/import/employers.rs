//! 单位开户 (`handbook 17 §8`): each row is an employer of `collection.employer.import`.

use serde_json::{Map, Value};
use shell_files::sheet::Workbook;
use shell_store::bootstrap::{self, NewUnit};

use super::draft::{Columns, Draft, Table};
use super::{Errand, ImportAnswer, UNKNOWN_UNIT};
use crate::command::PipelineError;

const COLUMNS: Columns = &[
    ("name", "name"),
    ("credit_code", "credit_code"),
    ("address", "address"),
    ("representative", "representative_name"),
    ("representative_kind", "representative_id_type"),
    ("representative_number", "representative_id_number"),
    ("nature", "nature"),
    ("economic_type", "economic_type"),
    ("industry", "industry"),
    ("affiliation", "subordination"),
    ("branch", "branch"),
    ("established", "founded_on"),
    ("pay_day", "pay_day"),
    ("first_month", "first_month"),
    ("employer_rate", "employer_rate"),
    ("member_rate", "member_rate"),
    ("handler", "handler_name"),
    ("handler_kind", "handler_id_type"),
    ("handler_number", "handler_id_number"),
    ("handler_mobile", "handler_mobile"),
    ("entrusted_bank", "bank"),
    ("payroll_account", "payroll_account"),
    ("fiscal", "funding_source"),
    ("postcode", "postcode"),
    ("telephone", "phone"),
    ("email", "email"),
];

/// The rows as a command; branches by name, the source of money as the flag 财政.
pub(super) async fn draft<'a>(at: &Errand<'_>, book: &'a Workbook, answer: &mut ImportAnswer) -> Result<Option<Draft<'a>>, PipelineError> {
    let Some(sheet) = book.sheets.first() else { return Ok(None) };
    let units = bootstrap::units(&at.centre.store).await?;
    let branches: Vec<&NewUnit> = units.iter().filter(|u| u.kind == "branch").collect();
    let table = Table::of(sheet, "lines", COLUMNS, &mut answer.errors, |row, line, errors| {
        let named = row.text("branch").unwrap_or("");
        match branches.iter().find(|u| is_called(u, named)) {
            Some(unit) => drop(line.insert("branch".into(), Value::String(unit.id.to_string()))),
            None => {
                let names: Vec<&str> = branches.iter().map(|u| u.name.as_str()).collect();
                let remedy = format!("填写其中之一：{}。", names.join("、"));
                errors.push(row.error("branch", UNKNOWN_UNIT, "没有这个管理部。".into(), remedy));
            }
        }
        if let Some(source) = row.text("funding_source") {
            line.insert("fiscal".into(), Value::String((source == "fiscal").to_string()));
        }
    });
    Ok(Some(Draft { action: at.kind.action(), head: Map::new(), heads: Vec::new(), tables: vec![table], done_counts: true }))
}

/// People write the name of a branch with or without its last words.
fn is_called(unit: &NewUnit, named: &str) -> bool {
    let short = |name: &str| name.strip_suffix("管理部").unwrap_or(name).to_owned();
    unit.name == named || short(&unit.name) == short(named)
}
