//! Batch files (批量文件): rows that are asked for, and what became of them (handbook 11 §3).

use core_calendar::Day;
use core_money::Money;

use super::gbk::{self, NotGbk};

/// Most rows of one file to one bank (handbook 11 §3, one practice).
pub const MOST_ROWS: usize = 300;

/// Between the columns of a request.
const REQUEST: &str = "@|$";

/// A row of a loan deduction (批量贷款扣款, BDC105).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deduction {
    /// Running number (序号), from 1.
    pub seq: u32,
    /// Amount asked for.
    pub amount: Money,
    /// Account of the payer (付款账号).
    pub account: String,
    /// Its holder (付款户名).
    pub name: String,
    /// All or nothing (足额标志), else as much as there is.
    pub whole: bool,
    /// Summary (摘要): carries the business number.
    pub summary: String,
}

/// A row of a payment within one bank (批量付款, 同行, BDC103).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Running number (序号), from 1.
    pub seq: u32,
    /// Amount: principal and interest.
    pub amount: Money,
    /// Account of the payee (收款账号).
    pub account: String,
    /// Its holder (收款户名).
    pub name: String,
    /// Summary (摘要).
    pub summary: String,
    /// Business account (业务账号): the member's or the loan's.
    pub business_account: String,
    /// Business numbers (业务流水号): of the case, and a second one.
    pub serials: [String; 2],
    /// Principal in it.
    pub principal: Money,
    /// Interest in it.
    pub interest: Money,
}

/// Why a file cannot be written or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// More rows than one file takes.
    #[error("一个批次最多 {MOST_ROWS} 笔，现有 {0} 笔")]
    TooMany(usize),
    /// A text with the separator or a line break in it.
    #[error("第 {row} 笔的{column}含有分隔符或换行")]
    Separator {
        /// From 1.
        row: usize,
        /// Which column.
        column: &'static str,
    },
    /// Characters.
    #[error("第 {row} 行：{why}")]
    Text {
        /// From 1.
        row: usize,
        /// Which.
        why: NotGbk,
    },
    /// A column that does not read.
    #[error("第 {row} 行第 {column} 栏（{name}）不对：{found}")]
    Column {
        /// From 1.
        row: usize,
        /// From 1.
        column: usize,
        /// What stands in it.
        name: &'static str,
        /// What was found.
        found: String,
    },
    /// Count or sum of the first line and of the rows differ.
    #[error("首行与明细不符：{0}")]
    Totals(String),
}

/// The file of a loan deduction.
///
/// Errors: too many rows; a text that cannot travel.
pub fn write_deductions(rows: &[Deduction]) -> Result<Vec<u8>, BatchError> {
    write(rows, |row| {
        vec![
            ("序号", row.seq.to_string()),
            ("金额", row.amount.to_string()),
            ("付款账号", row.account.clone()),
            ("付款户名", row.name.clone()),
            ("足额标志", if row.whole { "1" } else { "0" }.to_owned()),
            ("摘要", row.summary.clone()),
        ]
    })
}

/// The file of a payment within one bank.
///
/// Errors: too many rows; a text that cannot travel.
pub fn write_payments(rows: &[Payment]) -> Result<Vec<u8>, BatchError> {
    write(rows, |row| {
        vec![
            ("序号", row.seq.to_string()),
            ("金额", row.amount.to_string()),
            ("收款账号", row.account.clone()),
            ("收款户名", row.name.clone()),
            ("摘要", row.summary.clone()),
            ("业务账号", row.business_account.clone()),
            ("流水号一", row.serials[0].clone()),
            ("流水号二", row.serials[1].clone()),
            ("本金", row.principal.to_string()),
            ("利息", row.interest.to_string()),
        ]
    })
}

fn write<R>(rows: &[R], columns: impl Fn(&R) -> Vec<(&'static str, String)>) -> Result<Vec<u8>, BatchError> {
    if rows.len() > MOST_ROWS {
        return Err(BatchError::TooMany(rows.len()));
    }
    let mut bytes = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let columns = columns(row);
        if let Some((column, _)) = columns.iter().find(|(_, text)| text.contains(['|', '\n', '\r']) || text.contains(REQUEST)) {
            return Err(BatchError::Separator { row: at + 1, column });
        }
        let line = columns.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(REQUEST) + "\n";
        bytes.extend(gbk::encode(&line).map_err(|why| BatchError::Text { row: at + 1, why })?);
    }
    Ok(bytes)
}

/// What became of a batch (批量结果): its first line and its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchResult {
    /// Number of the batch (批次号).
    pub batch: String,
    /// Rows and sum of those that succeeded.
    pub done: (u32, Money),
    /// Rows and sum of those that failed.
    pub failed: (u32, Money),
    /// One for each row asked for.
    pub rows: Vec<ResultRow>,
}

/// What became of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultRow {
    /// Running number of the request.
    pub seq: u32,
    /// Amount moved or refused.
    pub amount: Money,
    /// Account of the payer.
    pub payer: String,
    /// Account of the payee.
    pub payee: String,
    /// Response code: zeros for success.
    pub code: String,
    /// Response text, as the bank words it: shown, never compared (handbook 05 §4.9.11).
    pub text: String,
    /// Accounting day of the bank (主机日期), where money moved.
    pub host_day: Option<Day>,
    /// Serial of the bank (主机流水号).
    pub host_serial: String,
}

impl ResultRow {
    /// Whether the money moved: a code of zeros only.
    pub fn done(&self) -> bool {
        !self.code.is_empty() && self.code.bytes().all(|byte| byte == b'0')
    }
}

/// Reads a result file: a first line after `$`, then a line a row, columns divided by `|`.
///
/// Errors: every line that does not read, and totals that are not those of the rows, all at once.
pub fn read_result(bytes: &[u8]) -> Result<BatchResult, Vec<BatchError>> {
    let text = gbk::decode(bytes).map_err(|why| vec![BatchError::Text { row: 1, why }])?;
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let mut errors = Vec::new();
    let first = lines.next().map_or("", |(_, line)| line);
    let head = Columns { row: 1, columns: first.trim_start_matches('$').split('|').map(str::trim).collect() };
    let mut number = |at: usize, name: &'static str| head.read(at, name, |text| text.parse::<u32>().ok(), &mut errors);
    let counts = (number(8, "笔数"), number(10, "成功笔数"), number(12, "失败笔数"));
    let mut sum = |at: usize, name: &'static str| head.read(at, name, |text| Money::parse(text).ok(), &mut errors);
    let sums = (sum(9, "金额"), sum(11, "成功金额"), sum(13, "失败金额"));
    let mut rows = Vec::new();
    for (at, line) in lines {
        let found = Columns { row: at + 1, columns: line.split('|').map(str::trim).collect() };
        let seq = found.read(1, "序号", |text| text.parse().ok(), &mut errors);
        let amount = found.read(4, "金额", |text| Money::parse(text).ok(), &mut errors);
        let day = |text: &str| if text.is_empty() { Some(None) } else { Day::parse_compact(text).ok().map(Some) };
        let host_day = found.read(13, "主机日期", day, &mut errors);
        let code = found.read(11, "响应码", |text| (!text.is_empty()).then(|| text.to_owned()), &mut errors);
        if let (Some(seq), Some(amount), Some(host_day), Some(code)) = (seq, amount, host_day, code) {
            let text = |at: usize| found.at(at).to_owned();
            rows.push(ResultRow { seq, amount, payer: text(5), payee: text(8), code, text: text(12), host_day, host_serial: text(14) });
        }
    }
    let (Some(count), Some(done), Some(failed)) = counts else { return Err(errors) };
    let (Some(total), Some(done_sum), Some(failed_sum)) = sums else { return Err(errors) };
    if !errors.is_empty() {
        return Err(errors);
    }
    let of = |wanted: bool| {
        let those = || rows.iter().filter(move |row| row.done() == wanted);
        (u32::try_from(those().count()).unwrap_or(u32::MAX), Money::checked_sum(those().map(|row| row.amount)))
    };
    let told = [("成功", (done, done_sum), of(true)), ("失败", (failed, failed_sum), of(false))];
    for (word, (count, sum), (rows, found)) in told {
        if count != rows || Some(sum) != found {
            let found = found.map_or_else(|| "过大".to_owned(), |sum| sum.to_string());
            errors.push(BatchError::Totals(format!("{word}首行 {count} 笔 {sum}，明细 {rows} 笔 {found}")));
        }
    }
    if done.checked_add(failed) != Some(count) || done_sum.checked_add(failed_sum) != Some(total) {
        errors.push(BatchError::Totals(format!("总数 {count} 笔 {total}，成功加失败不等于总数")));
    }
    if errors.is_empty() {
        Ok(BatchResult { batch: head.at(3).to_owned(), done: (done, done_sum), failed: (failed, failed_sum), rows })
    } else {
        Err(errors)
    }
}

/// A line in columns.
struct Columns<'t> {
    row: usize,
    columns: Vec<&'t str>,
}

impl<'t> Columns<'t> {
    /// A column, from 1; empty where the line is shorter.
    fn at(&self, column: usize) -> &'t str {
        self.columns.get(column - 1).copied().unwrap_or_default()
    }

    fn read<T>(&self, column: usize, name: &'static str, read: impl FnOnce(&str) -> Option<T>, errors: &mut Vec<BatchError>) -> Option<T> {
        let found = self.at(column);
        let value = read(found);
        if value.is_none() {
            errors.push(BatchError::Column { row: self.row, column, name, found: found.to_owned() });
        }
        value
    }
}
