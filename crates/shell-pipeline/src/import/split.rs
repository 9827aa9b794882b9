//! 一笔多单位 (`handbook 17 §5, §8`): one file splits one receipt, found by the bank's serial, by `collection.receipt.split`.

use serde_json::{Map, Value};
use shell_files::sheet::Workbook;
use shell_store::imports;

use super::draft::{Columns, Draft, Head, Table};
use super::{Errand, ImportAnswer, NO_SERIAL, SEVERAL};
use crate::command::PipelineError;

const COLUMNS: Columns = &[("employer", "employer"), ("month", "month"), ("amount", "amount")];

/// The rows as a command; none when the receipt cannot be told.
pub(super) async fn draft<'a>(at: &Errand<'_>, book: &'a Workbook, answer: &mut ImportAnswer) -> Result<Option<Draft<'a>>, PipelineError> {
    let Some(sheet) = book.sheets.first() else { return Ok(None) };
    let named = sheet.rows().find(|row| row.text("bank_serial").is_some());
    let Some((row, serial)) = named.and_then(|row| Some((row, row.text("bank_serial")?))) else { return Ok(None) };
    let receipts = imports::receipts_by_serial(&at.centre.store, serial).await?;
    let receipt = match receipts[..] {
        [one] => one,
        [] => {
            let remedy = "先导入银行到账通知，或核对流水号。".into();
            answer.errors.push(row.error("bank_serial", NO_SERIAL, "没有这笔银行流水。".into(), remedy));
            return Ok(None);
        }
        _ => {
            let message = format!("有 {} 笔收款使用这个流水号。", receipts.len());
            answer.errors.push(row.error("bank_serial", NO_SERIAL, message, "在暂收款页面选定一笔后分摊。".into()));
            return Ok(None);
        }
    };
    let table = Table::of(sheet, "lines", COLUMNS, &mut answer.errors, |row, _, errors| {
        if row.text("bank_serial").is_some_and(|other| other != serial) {
            let message = "与前面的行不是同一笔流水。".to_owned();
            errors.push(row.error("bank_serial", SEVERAL, message, "每笔流水一份文件，分别导入。".into()));
        }
    });
    let mut head = Map::new();
    head.insert("receipt".into(), Value::String(receipt.to_string()));
    let heads = vec![Head { field: "receipt", column: "bank_serial", row: Some(row) }];
    Ok(Some(Draft { action: at.kind.action(), head, heads, tables: vec![table], done_counts: true }))
}
