//! 基数调整 (`handbook 17 §8`): each row whose base is another than the one in force is a line of `collection.base.adjust`.
//!
//! Rows whose base is in force already are unchanged; computed columns must agree when they are filled.

use std::collections::{BTreeSet, HashMap};

use core_calendar::Month;
use core_case::ids::{EmployerId, SavingsId};
use core_case::nouns::{self, Answer, Ask, EmployerFacts, Noun, SavingsFacts};
use core_identity::mask_name;
use core_money::Money;
use serde_json::{Map, Value};
use shell_files::problem::RowError;
use shell_files::sheet::{RowView, Workbook};
use shell_store::facts;

use super::amounts::{Amounts, rates};
use super::draft::{Columns, Draft, Table};
use super::{Errand, ImportAnswer, NAME_DIFFERS, SUM_DIFFERS};
use crate::command::PipelineError;

const COLUMNS: Columns = &[("savings", "member"), ("base", "base_after")];

/// The rows as a command, from the month of the options or of the business day.
pub(super) async fn draft<'a>(at: &Errand<'_>, book: &'a Workbook, answer: &mut ImportAnswer) -> Result<Option<Draft<'a>>, PipelineError> {
    let Some(sheet) = book.sheets.first() else { return Ok(None) };
    let from = at.options.month.unwrap_or(Month::of(at.centre.day()));
    let ids: BTreeSet<SavingsId> = sheet.good_rows().filter_map(|row| account(&row)).collect();
    let accounts = savings(at, &ids).await?;
    let employers = employers_of(at, accounts.values().map(|a| a.employer).collect()).await?;
    let amounts = Amounts::of(at.centre, from)?;

    let mut unchanged = BTreeSet::new();
    let table = Table::of(sheet, "lines", COLUMNS, &mut answer.errors, |row, _, errors| {
        // Somebody else's account is told nothing about; the pipeline refuses it.
        let known = account(row).and_then(|id| accounts.get(&id)).filter(|a| at.owns(Some(a.employer)));
        let (Some(account), Some(base)) = (known, row.money("base_after")) else { return };
        let before = errors.len();
        if row.text("name").is_some_and(|name| masked(name) != account.name) {
            errors.push(row.error(
                "name",
                NAME_DIFFERS,
                format!("姓名与账号不符：系统为 {}。", account.name),
                "核对账号和姓名是否错行。".into(),
            ));
        }
        if let Some(employer) = employers.get(&account.employer) {
            let (own, member) = amounts.sides(base, rates(employer, from));
            agree(row, [("employer_amount", own), ("member_amount", member), ("total", own + member)], errors);
        }
        if !row.is_faulty() && errors.len() == before && account.bases.on(from) == Some(base) {
            unchanged.insert(row.number());
        }
    });
    let mut table = table;
    table.retain(|row| !unchanged.contains(&row.number()));
    answer.unchanged = unchanged.len();
    let mut head = Map::new();
    head.insert("from".into(), Value::String(from.to_string()));
    Ok(Some(Draft { action: at.kind.action(), head, heads: Vec::new(), tables: vec![table], done_counts: true }))
}

/// Tells each filled computed column that is not what the rules make.
pub(super) fn agree(row: &RowView<'_>, columns: [(&'static str, Money); 3], errors: &mut Vec<RowError>) {
    for (column, expected) in columns {
        if row.money(column).is_some_and(|found| found != expected) {
            let message = format!("与系统计算不符：应为 {expected}。");
            errors.push(row.error(column, SUM_DIFFERS, message, format!("改为 {expected}，或留空由系统计算。")));
        }
    }
}

/// A name as the facts show it; one that is masked already stays.
fn masked(name: &str) -> String {
    if name.contains('*') { name.to_owned() } else { mask_name(name) }
}

fn account(row: &RowView<'_>) -> Option<SavingsId> {
    row.text("member").and_then(SavingsId::parse)
}

async fn savings(at: &Errand<'_>, ids: &BTreeSet<SavingsId>) -> Result<HashMap<SavingsId, SavingsFacts>, PipelineError> {
    let asks: Vec<Ask> = ids.iter().map(|id| nouns::Savings(*id).ask()).collect();
    let loaded = facts::load(&at.centre.store, &asks).await?;
    let found = loaded.answers.into_iter().filter_map(|a| if let Answer::Savings(found) = a { found } else { None });
    Ok(found.map(|s| (s.id, s)).collect())
}

/// Facts of employers, by their numbers.
pub(super) async fn employers_of(at: &Errand<'_>, ids: BTreeSet<EmployerId>) -> Result<HashMap<EmployerId, EmployerFacts>, PipelineError> {
    let asks: Vec<Ask> = ids.into_iter().map(|id| nouns::Employer(id).ask()).collect();
    let loaded = facts::load(&at.centre.store, &asks).await?;
    let found = loaded.answers.into_iter().filter_map(|a| if let Answer::Employer(found) = a { found } else { None });
    Ok(found.map(|e| (e.id, e)).collect())
}
