//! 期初余额 (`handbook 17 §6, §8`): one workbook, sheets 职工, 科目 and 暂存, one case of `collection.opening.import`.
//!
//! Left out: interest products and freezes of an old core; a row that brings any is refused instead of losing them, except a
//! product of zero, as after 30 June.

use std::collections::HashSet;

use core_calendar::Month;
use core_case::ids::SavingsId;
use core_case::nouns::{self, Answer, Noun};
use serde_json::{Map, Value};
use shell_files::problem::RowError;
use shell_files::sheet::{RowView, Workbook};
use shell_store::{facts, imports};

use super::draft::{Columns, Draft, Table};
use super::{Errand, ImportAnswer, NOT_TAKEN_OVER, NUMBER_TAKEN, PAID_MONTHS};
use crate::command::PipelineError;

const MEMBERS: Columns = &[
    ("savings", "member"),
    ("employer", "employer"),
    ("name", "name"),
    ("id_kind", "id_type"),
    ("id_number", "id_number"),
    ("mobile", "mobile"),
    ("state", "state"),
    ("opened", "opened_on"),
    ("first_month", "first_month"),
    ("paid_to", "paid_to_month"),
    ("base", "base"),
    ("carried_over", "carried_over_balance"),
    ("current_year", "current_year_deposits"),
    ("paid_months", "paid_months"),
    ("card", "card"),
    ("card_bank", "card_bank"),
];
const LEDGER: Columns = &[("account", "account"), ("debit", "debit"), ("credit", "credit")];
const SUSPENSE: Columns = &[("employer", "employer"), ("suspense", "suspense"), ("prepayment", "prepayment"), ("paid_to", "paid_to_month")];

/// The three sheets as a command, dated the opening day.
pub(super) async fn draft<'a>(at: &Errand<'_>, book: &'a Workbook, answer: &mut ImportAnswer) -> Result<Draft<'a>, PipelineError> {
    let day = at.options.day.unwrap_or(at.centre.about.opened);
    let brought: Vec<SavingsId> = book.sheet("opening_members").into_iter().flat_map(|s| s.rows()).filter_map(|r| number(&r)).collect();
    // Once opening balances were taken over these numbers are their own; what is to be said then, the rules say.
    let once = facts::load(&at.centre.store, &[nouns::OpeningTaken().ask()]).await?;
    let taken = match once.answers[..] {
        [Answer::OpeningTaken(true)] => HashSet::new(),
        _ => imports::savings_taken(&at.centre.store, &brought).await?,
    };
    let mut tables = Vec::new();
    for (key, field, columns) in
        [("opening_members", "members", MEMBERS), ("opening_ledger", "ledger", LEDGER), ("opening_suspense", "suspense", SUSPENSE)]
    {
        if let Some(sheet) = book.sheet(key) {
            tables.push(Table::of(sheet, field, columns, &mut answer.errors, |row, _, errors| {
                if field == "members" {
                    brings(row, errors);
                    if number(row).is_some_and(|n| taken.contains(&n)) {
                        let remedy = "核对原系统账号；留空则编新号。".into();
                        errors.push(row.error("member", NUMBER_TAKEN, "个人账号已被使用。".into(), remedy));
                    }
                }
            }));
        }
    }
    let mut head = Map::new();
    head.insert("day".into(), Value::String(day.to_string()));
    Ok(Draft { action: at.kind.action(), head, heads: Vec::new(), tables, done_counts: true })
}

fn number(row: &RowView<'_>) -> Option<SavingsId> {
    row.text("member").and_then(SavingsId::parse)
}

/// What a row brings that the form has no place for, and whether its months fit its paid-to month.
fn brings(row: &RowView<'_>, errors: &mut Vec<RowError>) {
    for column in ["carried_over_product", "current_year_product"] {
        if row.money(column).is_some_and(|product| !product.is_zero()) {
            errors.push(row.error(column, NOT_TAKEN_OVER, "积数暂不能接管。".into(), "在 7 月 1 日结息后接管，积数为零或留空。".into()));
        }
    }
    if row.text("freezes").is_some() {
        errors.push(row.error("freezes", NOT_TAKEN_OVER, "冻结暂不能接管。".into(), "留空，接管后另行登记冻结。".into()));
    }
    if let (Some(text), Some(first), Some(paid_to)) = (row.text("paid_months"), row.month("first_month"), row.month("paid_to_month")) {
        let said = match last_paid(text, first) {
            Some(last) if last > paid_to => Some(format!("已缴月份到 {last}，晚于缴至年月 {paid_to}。")),
            Some(_) => None,
            None => Some("已缴月份读不出。".to_owned()),
        };
        if let Some(message) = said {
            let remedy = "写成 2025-01、2025-02 的样子，或从首次汇缴年月起每月一位 0、1；最后一个月不晚于缴至年月。";
            errors.push(row.error("paid_months", PAID_MONTHS, message, remedy.into()));
        }
    }
}

/// The last month that is paid, of a list of months or of a bitmap that begins with the first month; none if it is neither.
fn last_paid(text: &str, first: Month) -> Option<Month> {
    let months = || text.split(|c: char| ",，、;； \n".contains(c)).filter(|t| !t.is_empty());
    // 202507 is a month, 110110 a bitmap: a month wins where it can be one.
    let listed: Option<Vec<Month>> = months().map(month).collect();
    if let Some(last) = listed.and_then(|l| l.into_iter().max()) {
        return Some(last);
    }
    let bits: Option<Vec<bool>> = text.chars().map(|c| matches!(c, '0' | '1').then_some(c == '1')).collect();
    let last = bits?.iter().rposition(|paid| *paid)?;
    Some(first + i32::try_from(last).ok()?)
}

fn month(text: &str) -> Option<Month> {
    if text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) {
        let (year, month) = text.split_at(4);
        return Month::ym(year.parse().ok()?, month.parse().ok()?).filter(|m| (1990..=2999).contains(&m.year()));
    }
    Month::parse(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paid_months_are_a_list_or_a_bitmap() {
        let first = Month::ym(2025, 1).unwrap();
        for (text, last) in
            [("2025-01、2025-03", "2025-03"), ("202501,202504", "2025-04"), ("11011", "2025-05"), ("110110", "2025-05"), ("1", "2025-01")]
        {
            assert_eq!(last_paid(text, first).map(|m| m.to_string()).as_deref(), Some(last), "{text}");
        }
        for text in ["000", "一月", "2025-13"] {
            assert_eq!(last_paid(text, first), None, "{text}");
        }
    }
}
