//! 个人开户 (`handbook 17 §8`): each row is a person of `collection.member.import`.

use core_case::ids::EmployerId;
use serde_json::Map;
use shell_files::sheet::{RowView, Workbook};

use super::draft::{Columns, Draft, Table};
use super::{Errand, ImportAnswer, NOT_OWN};

const COLUMNS: Columns = &[
    ("employer", "employer"),
    ("name", "name"),
    ("id_kind", "id_type"),
    ("id_number", "id_number"),
    ("mobile", "mobile"),
    ("base", "base"),
    ("first_month", "first_month"),
    ("card", "card"),
    ("card_bank", "card_bank"),
    ("sex", "sex"),
    ("born", "birth_month"),
    ("marital", "marital_status"),
    ("education", "education"),
    ("occupation", "occupation"),
    ("professional_title", "title"),
    ("post", "post"),
    ("family_income", "family_income"),
    ("postcode", "postcode"),
    ("home", "address"),
];

/// The rows as a command.
pub(super) fn draft<'a>(at: &Errand<'_>, book: &'a Workbook, answer: &mut ImportAnswer) -> Draft<'a> {
    let tables = book.sheets.iter().take(1).map(|sheet| {
        Table::of(sheet, "lines", COLUMNS, &mut answer.errors, |row, _, errors| {
            if !at.owns(employer(row)) {
                errors.push(not_own(row));
            }
        })
    });
    let tables = tables.collect();
    Draft { action: at.kind.action(), head: Map::new(), heads: Vec::new(), tables, done_counts: true }
}

/// The employer a row names.
pub(super) fn employer(row: &RowView<'_>) -> Option<EmployerId> {
    row.text("employer").and_then(EmployerId::parse)
}

/// The error of a row that names another employer than the officer's.
pub(super) fn not_own(row: &RowView<'_>) -> shell_files::problem::RowError {
    row.error("employer", NOT_OWN, "不是本单位的账号。".into(), "只能办理本单位的业务，填写本单位账号。".into())
}
