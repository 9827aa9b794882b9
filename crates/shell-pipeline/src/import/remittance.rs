//! 汇缴清册 (`handbook 17 §8`): one file is one employer's month, confirmed by `collection.remittance.confirm` line by line.
//!
//! Employer and month stand in the rows, or in the options. Rates that are filled must be those of the month; the total of a
//! row must be the sum of its sides.

use core_calendar::Month;
use core_case::ids::EmployerId;
use core_case::nouns::{self, Answer, Noun};
use serde_json::{Map, Value};
use shell_files::problem::RowError;
use shell_files::sheet::{RowView, Sheet, Workbook};
use shell_store::facts;

use super::draft::{Columns, Draft, Head, Table};
use super::members::{employer, not_own};
use super::{Errand, ImportAnswer, RATE_DIFFERS, SEVERAL, SUM_DIFFERS, UNDECIDED};
use crate::command::PipelineError;

const COLUMNS: Columns = &[
    ("savings", "member"),
    ("change", "change"),
    ("base", "base"),
    ("employer_amount", "employer_amount"),
    ("member_amount", "member_amount"),
];

/// The rows as a command; none when it cannot be told which employer's month it is.
pub(super) async fn draft<'a>(at: &Errand<'_>, book: &'a Workbook, answer: &mut ImportAnswer) -> Result<Option<Draft<'a>>, PipelineError> {
    let Some(sheet) = book.sheet("remittance") else { return Ok(None) };
    let errors = &mut answer.errors;
    let first = |key: &str| sheet.rows().find(|row| row.text(key).is_some());
    let (employer_row, month_row) = (first("employer"), first("month"));
    let whose = employer_row.as_ref().and_then(employer).or(at.options.employer).or(at.actor.employer);
    let month = month_row.as_ref().and_then(|row| row.month("month")).or(at.options.month);
    let (Some(whose), Some(month)) = (whose, month) else {
        for (missing, heading) in [(whose.is_none(), "单位账号"), (month.is_none(), "汇缴年月")] {
            if missing {
                errors.push(undecided(sheet, heading));
            }
        }
        return Ok(None);
    };
    if !at.owns(Some(whose)) {
        errors.extend(employer_row.as_ref().map(not_own));
        return Ok(None);
    }

    let asks = [nouns::Employer(whose).ask(), nouns::EmployerMonth(whose, month).ask()];
    let mut known = facts::load(&at.centre.store, &asks).await?.answers.into_iter();
    let rates = match known.next() {
        Some(Answer::Employer(Some(e))) => e.rates.on(month),
        _ => None,
    };
    let listed = matches!(known.next(), Some(Answer::EmployerMonth(m)) if m.lists.iter().any(|l| l.state.live()));

    let table = Table::of(sheet, "lines", COLUMNS, errors, |row, _, errors| {
        one_list(row, whose, month, errors);
        if let Some((own, member)) = rates {
            for (column, rate) in [("employer_rate", own), ("member_rate", member)] {
                if row.rate(column).is_some_and(|found| found != rate) {
                    let message = format!("缴存比例与系统不符：应为 {rate}%。");
                    errors.push(row.error(column, RATE_DIFFERS, message, "比例有变的先办缴存比例调整，再重新下载清册。".into()));
                }
            }
        }
        if let (Some(own), Some(member), Some(total)) = (row.money("employer_amount"), row.money("member_amount"), row.money("total"))
            && own.fen().checked_add(member.fen()) != Some(total.fen())
        {
            errors.push(row.error("total", SUM_DIFFERS, "合计不等于单位与个人月缴存额之和。".into(), "核对三个金额。".into()));
        }
    });
    let mut head = Map::new();
    head.insert("employer".into(), Value::String(whose.to_string()));
    head.insert("month".into(), Value::String(month.to_string()));
    head.insert("kind".into(), Value::String(if at.options.supplementary { "2" } else { "1" }.into()));
    let heads =
        vec![Head { field: "employer", column: "employer", row: employer_row }, Head { field: "month", column: "month", row: month_row }];
    // A list that was voided or reversed since leaves its month free for the same rows.
    Ok(Some(Draft { action: at.kind.action(), head, heads, tables: vec![table], done_counts: listed }))
}

/// A file is one employer's month: rows of another one are told.
fn one_list(row: &RowView<'_>, whose: EmployerId, month: Month, errors: &mut Vec<RowError>) {
    let remedy = || "按单位和月份分开，每份清册导入一次。".to_owned();
    if row.text("employer").is_some() && employer(row) != Some(whose) {
        errors.push(row.error("employer", SEVERAL, format!("与前面的行不是同一单位（{whose}）。"), remedy()));
    }
    if row.month("month").is_some_and(|m| m != month) {
        errors.push(row.error("month", SEVERAL, format!("与前面的行不是同一月份（{month}）。"), remedy()));
    }
}

fn undecided(sheet: &Sheet, heading: &str) -> RowError {
    RowError {
        sheet: sheet.name.clone(),
        row: 0,
        column: heading.to_owned(),
        code: UNDECIDED,
        found: String::new(),
        message: format!("清册没有写明{heading}。"),
        remedy: format!("在“{heading}”列填写，或在导入时指定。"),
    }
}
