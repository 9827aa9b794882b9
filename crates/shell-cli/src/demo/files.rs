//! Orders as files (文件): openings, bases and the bank's notices as people and banks send them, in the layouts of `handbook 17 §8`.

use core_calendar::Day;
use core_money::{Money, Rate};
use serde_json::Value as Json;
use shell_files::layout::{Kind, Layout};
use shell_files::layouts;
use shell_files::receipt::{Encoding, NoticeLine, write_notices};
use shell_files::xlsx::{Report, SheetOut, Value, workbook_bytes};
use sim::{Given, Order};

/// Columns whose name in the form is another; the others bear the same name.
const OTHERS: &[(&str, &str)] = &[
    ("representative_name", "representative"),
    ("representative_id_type", "representative_kind"),
    ("representative_id_number", "representative_number"),
    ("founded_on", "established"),
    ("handler_name", "handler"),
    ("handler_id_type", "handler_kind"),
    ("handler_id_number", "handler_number"),
    ("bank", "entrusted_bank"),
    ("id_type", "id_kind"),
    ("member", "savings"),
    ("base_after", "base"),
    ("opened_on", "opened"),
    ("paid_to_month", "paid_to"),
    ("carried_over_balance", "carried_over"),
    ("current_year_deposits", "current_year"),
];

/// The kind of import that the first orders are, and how many of them go into one file: notices of a day together, each list of
/// an employer alone. None for an order that is no file.
pub(super) fn together(orders: &[Order]) -> Option<(&'static str, usize)> {
    let kind = match orders.first()?.action {
        "collection.employer.import" => "employers",
        "collection.member.import" => "members",
        "collection.opening.import" => "opening",
        "collection.base.adjust" => "base",
        "collection.receipt.record" => {
            return Some(("receipts", orders.iter().take_while(|o| o.action == "collection.receipt.record").count()));
        }
        _ => return None,
    };
    Some((kind, 1))
}

/// The file of these orders, with what the query has to say beside it.
pub(super) fn write(kind: &str, orders: &[Order]) -> Result<(String, Vec<u8>), Given> {
    if kind == "receipts" {
        let lines = orders.iter().map(|o| notice(&o.form)).collect::<Result<Vec<NoticeLine>, Given>>()?;
        // Banks write GBK.
        return Ok(("encoding=gbk".into(), write_notices(&lines, Encoding::Gb18030)));
    }
    let form = &orders[0].form;
    let text = |name: &str| form.get(name).and_then(Json::as_str).unwrap_or_default();
    let (query, sheets) = match kind {
        "employers" => (String::new(), vec![sheet(&layouts::EMPLOYERS, &form["lines"])]),
        "members" => (String::new(), vec![sheet(&layouts::MEMBERS, &form["lines"])]),
        "base" => (format!("month={}", text("from")), vec![sheet(&layouts::BASE, &form["lines"])]),
        _ => {
            let sheets = vec![
                sheet(&layouts::OPENING_MEMBERS, &form["members"]),
                sheet(&layouts::OPENING_LEDGER, &form["ledger"]),
                sheet(&layouts::OPENING_SUSPENSE, &form["suspense"]),
            ];
            (format!("day={}", text("day")), sheets)
        }
    };
    workbook_bytes(sheets).map(|bytes| (query, bytes)).map_err(|e| Given(e.to_string()))
}

fn sheet<'a>(layout: &'static Layout, lines: &'a Json) -> SheetOut<'a> {
    let lines = lines.as_array().map(Vec::as_slice).unwrap_or_default();
    SheetOut::new(
        Report::of_layout(layout),
        lines.iter().map(|line| layout.columns.iter().map(|column| cell(column.key, &column.kind, line)).collect::<Vec<_>>()),
    )
}

/// A field of a form as a person would have it in the sheet.
fn cell<'a>(column: &str, kind: &Kind, line: &'a Json) -> Value<'a> {
    if column == "funding_source" {
        return line
            .get("fiscal")
            .and_then(Json::as_bool)
            .map_or(Value::Empty, |fiscal| Value::text(if fiscal { "财政" } else { "自筹" }));
    }
    let field = OTHERS.iter().find(|(key, _)| *key == column).map_or(column, |(_, field)| *field);
    let Some(text) = line.get(field).and_then(Json::as_str) else { return Value::Empty };
    if column == "branch" {
        let branch = text.parse::<usize>().ok().and_then(|unit| sim::names::BRANCHES.get(unit.checked_sub(2)?));
        return branch.map_or(Value::text(text), |(name, ..)| Value::text(*name));
    }
    match kind {
        Kind::Money => Money::parse(text).map_or(Value::text(text), Value::Money),
        Kind::Rate => Rate::parse(text).map_or(Value::text(text), Value::Percent),
        Kind::Integer { .. } => text.parse().map_or(Value::text(text), Value::Integer),
        _ => Value::text(text),
    }
}

/// A receipt as the bank notifies it.
fn notice(form: &Json) -> Result<NoticeLine, Given> {
    let text = |name: &str| form.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let amount = Money::parse(&text("amount")).map_err(|e| Given(e.to_string()))?;
    let day = Day::parse(&text("day")).map_err(|e| Given(e.to_string()))?;
    Ok(NoticeLine {
        counter_account: text("payer_account"),
        counter_name: text("payer_name"),
        summary: text("summary"),
        remark: text("remark"),
        ..NoticeLine::new(text("account"), text("host_serial"), amount, day)
    })
}
