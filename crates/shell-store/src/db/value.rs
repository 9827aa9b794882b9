//! Values on their way in: what is bound to `$n`, one by one or by columns.

use std::borrow::Cow;

use core_calendar::Day;

use crate::db::error::DbError;

/// Type of a column, in the words of the migrations (`@int @text @bytes @flag @day @json`; `@money` is an `Int` of fen).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Whole number: `bigint`, `INTEGER`.
    Int,
    /// Text in byte order: `text COLLATE "C"`, `TEXT`.
    Text,
    /// Bytes: `bytea`, `BLOB`.
    Bytes,
    /// True or false: `boolean`, `INTEGER` 0 or 1.
    Flag,
    /// Day: `date`, `TEXT` as `YYYY-MM-DD`.
    Day,
    /// JSON text, kept byte for byte: `json`, `TEXT`. Bound and read as text.
    Json,
}

/// A value bound to a parameter or read from a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// No value.
    Null,
    /// Whole number; money is fen.
    Int(i64),
    /// Text without the character NUL, which PostgreSQL cannot store.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// True or false.
    Flag(bool),
    /// Day of the years 1 to 9999.
    Day(Day),
    /// A list of numbers for `= ANY($n)`.
    Ints(Vec<i64>),
    /// A list of texts for `= ANY($n)`.
    Texts(Vec<String>),
    /// A list of byte strings for `= ANY($n)`.
    ByteLists(Vec<Vec<u8>>),
}

impl Value {
    /// Elements of a list; 0 for a single value.
    pub(crate) fn list_len(&self) -> usize {
        match self {
            Value::Ints(list) => list.len(),
            Value::Texts(list) => list.len(),
            Value::ByteLists(list) => list.len(),
            _ => 0,
        }
    }

    /// Refuses what one engine stores and the other does not: NUL in text, days that have no `YYYY-MM-DD`.
    pub(crate) fn check(&self) -> Result<(), DbError> {
        match self {
            Value::Text(text) => check_text(text),
            Value::Day(day) => check_day(*day),
            Value::Texts(texts) => texts.iter().try_for_each(|text| check_text(text)),
            _ => Ok(()),
        }
    }

    /// Its kind in words, for messages; the value itself stays out of them, it may be personal.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Int(_) => "a number",
            Value::Text(_) => "text",
            Value::Bytes(_) => "bytes",
            Value::Flag(_) => "a flag",
            Value::Day(_) => "a day",
            Value::Ints(_) | Value::Texts(_) | Value::ByteLists(_) => "a list",
        }
    }
}

fn check_text(text: &str) -> Result<(), DbError> {
    match text.contains('\0') {
        true => Err(DbError::BadValue("a text holds the character NUL, which PostgreSQL cannot store".to_owned())),
        false => Ok(()),
    }
}

fn check_day(day: Day) -> Result<(), DbError> {
    match day < Day::MIN || day > Day::MAX {
        true => Err(DbError::BadValue(format!("the day {day} lies outside the years 1 to 9999"))),
        false => Ok(()),
    }
}

macro_rules! from {
    ($($from:ty => $value:expr;)*) => {$(
        impl From<$from> for Value {
            fn from(from: $from) -> Value {
                #[allow(clippy::redundant_closure_call)]
                ($value)(from)
            }
        }
    )*};
}

from! {
    i64 => Value::Int;
    i32 => |n: i32| Value::Int(n.into());
    u32 => |n: u32| Value::Int(n.into());
    u16 => |n: u16| Value::Int(n.into());
    u8 => |n: u8| Value::Int(n.into());
    bool => Value::Flag;
    String => Value::Text;
    &str => |text: &str| Value::Text(text.to_owned());
    Vec<u8> => Value::Bytes;
    &[u8] => |bytes: &[u8]| Value::Bytes(bytes.to_vec());
    Day => Value::Day;
    Vec<i64> => Value::Ints;
    Vec<String> => Value::Texts;
    Vec<Vec<u8>> => Value::ByteLists;
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Value {
        Value::Bytes(bytes.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

/// A question to the database (查询): its text with `$1`, `$2` … and the values for them.
#[derive(Clone, Debug)]
pub struct Query {
    /// The text.
    pub sql: Cow<'static, str>,
    /// The values, `$1` first.
    pub values: Vec<Value>,
}

impl Query {
    /// A question with its values.
    pub fn new(sql: impl Into<Cow<'static, str>>, values: impl IntoIterator<Item = Value>) -> Query {
        Query { sql: sql.into(), values: values.into_iter().collect() }
    }
}

/// Rows by columns, for [`Insert`](crate::db::Insert) and [`Update`](crate::db::Update) of many rows at once.
///
/// A row that does not fit (number of values, a wrong kind) is remembered and fails the commit, naming the column, so that
/// pushing needs no error handling in the middle of a loop.
#[derive(Clone, Debug)]
pub struct Batch {
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: usize,
    fault: Option<DbError>,
}

/// One column of a batch.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) cells: ColumnCells,
}

/// The cells of a column, typed once.
#[derive(Clone, Debug)]
pub(crate) enum ColumnCells {
    Int(Vec<Option<i64>>),
    Text(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
    Flag(Vec<Option<bool>>),
    Day(Vec<Option<Day>>),
}

impl Batch {
    /// No rows yet, of these columns.
    pub fn new(columns: &[(&'static str, Kind)]) -> Batch {
        Batch::with_capacity(columns, 0)
    }

    /// No rows yet, with room for so many.
    pub fn with_capacity(columns: &[(&'static str, Kind)], rows: usize) -> Batch {
        let columns = columns.iter().map(|&(name, kind)| Column {
            name,
            kind,
            cells: match kind {
                Kind::Int => ColumnCells::Int(Vec::with_capacity(rows)),
                Kind::Text | Kind::Json => ColumnCells::Text(Vec::with_capacity(rows)),
                Kind::Bytes => ColumnCells::Bytes(Vec::with_capacity(rows)),
                Kind::Flag => ColumnCells::Flag(Vec::with_capacity(rows)),
                Kind::Day => ColumnCells::Day(Vec::with_capacity(rows)),
            },
        });
        Batch { columns: columns.collect(), rows: 0, fault: None }
    }

    /// Adds a row, its values in the order of the columns.
    pub fn push(&mut self, row: impl IntoIterator<Item = Value>) {
        let mut values = row.into_iter();
        let mut filled = 0;
        for (column, value) in self.columns.iter_mut().zip(&mut values) {
            filled += 1;
            let fault = value.check().and_then(|()| column.push(value));
            if let (Err(fault), None) = (fault, &self.fault) {
                self.fault = Some(fault);
            }
        }
        if self.fault.is_none() && (filled < self.columns.len() || values.next().is_some()) {
            let columns = self.columns.len();
            self.fault = Some(DbError::BadValue(format!("row {} does not have {columns} values", self.rows + 1)));
        }
        self.rows += 1;
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Whether there is one row, which PostgreSQL takes without arrays.
    pub(crate) fn is_single(&self) -> bool {
        self.rows == 1
    }

    pub(crate) fn check(&self) -> Result<(), DbError> {
        match &self.fault {
            Some(fault) => Err(fault.clone()),
            None => Ok(()),
        }
    }

    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

impl Column {
    fn push(&mut self, value: Value) -> Result<(), DbError> {
        match (&mut self.cells, value) {
            (ColumnCells::Int(cells), Value::Int(n)) => cells.push(Some(n)),
            (ColumnCells::Text(cells), Value::Text(text)) => cells.push(Some(text)),
            (ColumnCells::Bytes(cells), Value::Bytes(bytes)) => cells.push(Some(bytes)),
            (ColumnCells::Flag(cells), Value::Flag(flag)) => cells.push(Some(flag)),
            (ColumnCells::Day(cells), Value::Day(day)) => cells.push(Some(day)),
            (cells, value) => {
                match cells {
                    ColumnCells::Int(cells) => cells.push(None),
                    ColumnCells::Text(cells) => cells.push(None),
                    ColumnCells::Bytes(cells) => cells.push(None),
                    ColumnCells::Flag(cells) => cells.push(None),
                    ColumnCells::Day(cells) => cells.push(None),
                }
                if value != Value::Null {
                    let message = format!("column {} is {:?} and was given {}", self.name, self.kind, value.word());
                    return Err(DbError::BadValue(message));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_wrong_shape_is_remembered_with_its_column() {
        let mut batch = Batch::new(&[("id", Kind::Int), ("name", Kind::Text)]);
        batch.push([1.into(), "a".into()]);
        assert_eq!(batch.check(), Ok(()));
        batch.push([2.into(), true.into()]);
        assert_eq!(batch.check().unwrap_err().to_string(), "column name is Text and was given a flag");

        let mut short = Batch::new(&[("id", Kind::Int), ("name", Kind::Text)]);
        short.push([1.into()]);
        assert_eq!(short.check().unwrap_err().to_string(), "row 1 does not have 2 values");
    }

    #[test]
    fn what_only_one_engine_stores_is_refused() {
        assert!(Value::from("a\0b").check().is_err());
        assert!(Value::Day(Day::MAX).check().is_ok());
        assert!(Value::Day(Day::MAX + 1).check().is_err());
    }
}
