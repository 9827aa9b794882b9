//! Values (取值) of steps and how code reads them.

use std::sync::Arc;

use core_calendar::{Day, DayCount};
use core_money::{Money, Rate, Reading, Rounding};

use crate::review::ReviewFlow;
use crate::time_limit::TimeLimit;
use crate::unit::{Column, Unit};

/// A value as loaded: parsed once, checked once, immutable after.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A rule without a number holds.
    Holds,
    /// Empty cell of a table.
    Empty,
    /// Yes or no.
    Flag(bool),
    /// A whole number of what the unit names.
    Whole(i64),
    /// An amount.
    Money(Money),
    /// A percentage.
    Rate(Rate),
    /// A rounding mode.
    Rounding(Rounding),
    /// A reading of a rounding mode.
    Reading(Reading),
    /// A day count.
    DayCount(DayCount),
    /// Text, or one of the family's choices.
    Text(Arc<str>),
    /// A date.
    Date(Day),
    /// A time limit.
    TimeLimit(TimeLimit),
    /// A review flow.
    Review(Arc<ReviewFlow>),
    /// Rows and columns.
    Table(Arc<Table>),
}

impl Value {
    /// Reads a scalar in the unit of its family; the error says what would be right.
    pub(crate) fn parse(text: &str, unit: &Unit) -> Result<Value, String> {
        let or = |wanted: &str| format!("应为{wanted}，写的是“{text}”");
        match unit {
            Unit::Holds => Err("单位 holds 不带值".to_owned()),
            Unit::Flag => match text {
                "yes" => Ok(Value::Flag(true)),
                "no" => Ok(Value::Flag(false)),
                _ => Err(or(" yes 或 no ")),
            },
            Unit::Whole(_) => match text.parse::<i64>() {
                Ok(n) if n >= 0 && n.to_string() == text => Ok(Value::Whole(n)),
                _ => Err(or("非负整数")),
            },
            Unit::Yuan => Money::parse(text).map(Value::Money).map_err(|_| or("以元为单位、至多两位小数的金额")),
            Unit::Percent => Rate::parse(text).map(Value::Rate).map_err(|_| or("百分数，不带 %")),
            Unit::Rounding => Rounding::from_key(text).map(Value::Rounding).ok_or_else(|| or("取整方式（handbook 17 §2）")),
            Unit::Reading => Reading::from_key(text).map(Value::Reading).ok_or_else(|| or(" digit 或 ceiling ")),
            Unit::DayCount => DayCount::from_key(text).map(Value::DayCount).ok_or_else(|| or("计息天数基准（handbook 03 §2.10）")),
            Unit::Choice(choices) => match choices.iter().find(|c| ***c == *text) {
                Some(choice) => Ok(Value::Text(choice.clone())),
                None => Err(or(&format!("“{}”之一", choices.join("、")))),
            },
            Unit::Text if text.trim().is_empty() => Err(or("文字")),
            Unit::Text => Ok(Value::Text(text.into())),
            Unit::Date => Day::parse(text).map(Value::Date).map_err(|_| or("日期 YYYY-MM-DD")),
            Unit::TimeLimit => TimeLimit::parse(text).map(Value::TimeLimit).ok_or_else(|| or("期限，如 3 working_days、30 days、6 months")),
            Unit::ReviewFlow => ReviewFlow::of_words(text).map(|f| Value::Review(Arc::new(f))),
            Unit::Table(_) => Err("表格要写 rows".to_owned()),
        }
    }

    /// The value as text, the same for equal values: timeline and digest are made of it. Tables are one row a line.
    pub fn text(&self) -> String {
        match self {
            Value::Holds => "holds".to_owned(),
            Value::Empty => "-".to_owned(),
            Value::Flag(yes) => (if *yes { "yes" } else { "no" }).to_owned(),
            Value::Whole(n) => n.to_string(),
            Value::Money(amount) => amount.to_string(),
            Value::Rate(rate) => rate.to_string(),
            Value::Rounding(mode) => mode.key().to_owned(),
            Value::Reading(reading) => reading.key().to_owned(),
            Value::DayCount(count) => count.key().to_owned(),
            Value::Text(text) => text.to_string(),
            Value::Date(day) => day.to_string(),
            Value::TimeLimit(limit) => limit.to_string(),
            Value::Review(flow) => flow.to_string(),
            Value::Table(table) => table.text(),
        }
    }
}

/// What a family's value can be read as. Implemented here for the plain kinds; an area implements it for a type of its own
/// that it builds from a [`Table`] (the chart of accounts does).
pub trait PolicyValue: Sized {
    /// Unit words that fit, as the policy files spell them; the start-up check compares them with the file.
    const UNITS: &'static [&'static str];

    /// Reads the value; the error says why it cannot be used.
    fn read(value: &Value) -> Result<Self, String>;
}

fn other(value: &Value) -> String {
    format!("不认得的取值 {}", value.text())
}

macro_rules! plain {
    ($($type:ty, [$($unit:literal),+], $pattern:pat => $result:expr;)+) => {
        $(impl PolicyValue for $type {
            const UNITS: &'static [&'static str] = &[$($unit),+];
            fn read(value: &Value) -> Result<Self, String> {
                match value {
                    $pattern => Ok($result),
                    _ => Err(other(value)),
                }
            }
        })+
    };
}

plain! {
    (), ["holds"], Value::Holds => ();
    bool, ["flag"], Value::Flag(yes) => *yes;
    i64, ["days", "months", "years", "hours", "minutes", "persons", "count", "characters", "mebibytes"], Value::Whole(n) => *n;
    Money, ["yuan"], Value::Money(amount) => *amount;
    Rate, ["percent"], Value::Rate(rate) => *rate;
    Rounding, ["rounding"], Value::Rounding(mode) => *mode;
    Reading, ["reading"], Value::Reading(reading) => *reading;
    DayCount, ["day_count"], Value::DayCount(count) => *count;
    Arc<str>, ["text", "choice"], Value::Text(text) => text.clone();
    String, ["text", "choice"], Value::Text(text) => text.to_string();
    Day, ["date"], Value::Date(day) => *day;
    TimeLimit, ["time_limit"], Value::TimeLimit(limit) => *limit;
    Arc<ReviewFlow>, ["review_flow"], Value::Review(flow) => flow.clone();
    Arc<Table>, ["table"], Value::Table(table) => table.clone();
}

impl PolicyValue for u32 {
    const UNITS: &'static [&'static str] = <i64 as PolicyValue>::UNITS;
    fn read(value: &Value) -> Result<Self, String> {
        i64::read(value)?.try_into().map_err(|_| other(value))
    }
}

/// Any value as it is, for pages and reports.
impl PolicyValue for Value {
    const UNITS: &'static [&'static str] = &[
        "holds",
        "flag",
        "days",
        "months",
        "years",
        "hours",
        "minutes",
        "persons",
        "count",
        "characters",
        "mebibytes",
        "yuan",
        "percent",
        "rounding",
        "reading",
        "day_count",
        "choice",
        "text",
        "date",
        "time_limit",
        "review_flow",
        "table",
    ];
    fn read(value: &Value) -> Result<Self, String> {
        Ok(value.clone())
    }
}

/// A table (表) as the instrument prints it: named columns, rows in printed order.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub(crate) columns: Arc<[Column]>,
    pub(crate) rows: Vec<Vec<Value>>,
}

impl Table {
    /// The columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The rows in printed order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = RowRef<'_>> {
        self.rows.iter().map(|cells| RowRef { table: self, cells })
    }

    /// The first row whose leading cells read like these.
    pub fn find<'t>(&'t self, keys: &[&str]) -> Option<RowRef<'t>> {
        self.rows().find(|row| keys.len() <= row.cells.len() && keys.iter().zip(row.cells).all(|(key, cell)| cell.text() == *key))
    }

    /// Reads the cells of a row; `-` is an empty cell where the column allows one. All mistakes of the row at once.
    pub(crate) fn row(columns: &[Column], cells: &[String]) -> Result<Vec<Value>, Vec<String>> {
        if cells.len() != columns.len() {
            return Err(vec![format!("这一行应有 {} 格，写了 {} 格", columns.len(), cells.len())]);
        }
        let (mut read, mut wrong) = (Vec::with_capacity(cells.len()), Vec::new());
        for (column, cell) in columns.iter().zip(cells) {
            if column.optional && cell == "-" {
                read.push(Value::Empty);
            } else {
                match Value::parse(cell, &column.unit) {
                    Ok(value) => read.push(value),
                    Err(why) => wrong.push(format!("列 {}：{why}", column.key)),
                }
            }
        }
        if wrong.is_empty() { Ok(read) } else { Err(wrong) }
    }

    pub(crate) fn parse(columns: &Arc<[Column]>, rows: &[Vec<String>]) -> Result<Table, String> {
        let rows: Result<Vec<_>, _> = rows.iter().map(|row| Table::row(columns, row)).collect();
        Ok(Table { columns: columns.clone(), rows: rows.map_err(|wrong| wrong.join("；"))? })
    }

    fn text(&self) -> String {
        self.rows.iter().map(|row| row.iter().map(Value::text).collect::<Vec<_>>().join(" | ")).collect::<Vec<_>>().join("\n")
    }
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub struct RowRef<'t> {
    table: &'t Table,
    cells: &'t [Value],
}

impl<'t> RowRef<'t> {
    /// The cells in printed order.
    pub fn cells(&self) -> &'t [Value] {
        self.cells
    }

    /// The cell of this column as `T`; an error names a missing column, an empty cell or another kind.
    pub fn get<T: PolicyValue>(&self, column: &str) -> Result<T, String> {
        self.optional(column)?.ok_or_else(|| format!("列 {column} 为空"))
    }

    /// The same for a column whose cells may be empty.
    pub fn optional<T: PolicyValue>(&self, column: &str) -> Result<Option<T>, String> {
        let at = self.table.columns.iter().position(|c| *c.key == *column).ok_or_else(|| format!("没有列 {column}"))?;
        match &self.cells[at] {
            Value::Empty => Ok(None),
            cell => T::read(cell).map(Some).map_err(|why| format!("列 {column}：{why}")),
        }
    }
}
