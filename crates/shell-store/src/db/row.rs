//! Rows on their way out: read by position into Rust types.

use std::fmt;
use std::sync::Arc;

use core_calendar::Day;

use crate::db::error::DbError;
use crate::db::value::Value;

/// One row of an answer (行).
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
}

/// A row is printed by its columns only: values may be personal.
impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Row").field(&self.columns).finish()
    }
}

impl Row {
    pub(crate) fn new(columns: Arc<[String]>, values: Vec<Value>) -> Row {
        Row { columns, values }
    }

    /// The column at a position, from 0, as a Rust type.
    ///
    /// # Errors
    /// [`DbError::WrongType`] names the column when the type does not fit; [`DbError::NoColumn`] when there is none.
    pub fn get<T: FromColumn>(&self, position: usize) -> Result<T, DbError> {
        let value = self.values.get(position).ok_or(DbError::NoColumn(position))?;
        convert(&self.columns[position], value.clone())
    }

    /// Reads the columns one after the other, without copying.
    pub fn cells(self) -> Cells {
        Cells { columns: self.columns, values: self.values.into_iter(), next: 0 }
    }

    /// Names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The values as they are, in the order of the columns.
    pub fn values(&self) -> &[Value] {
        &self.values
    }
}

fn convert<T: FromColumn>(column: &str, value: Value) -> Result<T, DbError> {
    T::from_column(value).map_err(|found| DbError::WrongType { column: column.to_owned(), expected: T::EXPECTED, found: found.word() })
}

/// The cells of a row from left to right. `end` makes sure that none was forgotten.
#[derive(Debug)]
pub struct Cells {
    columns: Arc<[String]>,
    values: std::vec::IntoIter<Value>,
    next: usize,
}

impl Cells {
    /// The next column as a Rust type.
    ///
    /// # Errors
    /// As [`Row::get`].
    #[allow(clippy::should_implement_trait)] // Each call has its own type, which no iterator can have.
    pub fn next<T: FromColumn>(&mut self) -> Result<T, DbError> {
        let value = self.values.next().ok_or(DbError::NoColumn(self.next))?;
        self.next += 1;
        convert(&self.columns[self.next - 1], value)
    }

    /// Nothing may be left.
    ///
    /// # Errors
    /// [`DbError::TooManyColumns`] with the name of the first column nobody read.
    pub fn end(self) -> Result<(), DbError> {
        match self.columns.get(self.next) {
            Some(column) => Err(DbError::TooManyColumns(column.clone())),
            None => Ok(()),
        }
    }
}

/// A Rust type that a column can be read into.
pub trait FromColumn: Sized {
    /// What it needs, in words: "a number".
    const EXPECTED: &'static str;

    /// The value as this type, or the value back when it does not fit.
    fn from_column(value: Value) -> Result<Self, Value>;
}

impl FromColumn for i64 {
    const EXPECTED: &'static str = "a number";

    fn from_column(value: Value) -> Result<i64, Value> {
        match value {
            Value::Int(n) => Ok(n),
            other => Err(other),
        }
    }
}

macro_rules! narrow {
    ($($number:ty),*) => {$(
        impl FromColumn for $number {
            const EXPECTED: &'static str = concat!("a number that fits ", stringify!($number));

            fn from_column(value: Value) -> Result<$number, Value> {
                match value {
                    Value::Int(n) => n.try_into().map_err(|_| value),
                    other => Err(other),
                }
            }
        }
    )*};
}

narrow!(i32, u8, u16, u32, u64, usize);

impl FromColumn for String {
    const EXPECTED: &'static str = "text";

    fn from_column(value: Value) -> Result<String, Value> {
        match value {
            Value::Text(text) => Ok(text),
            other => Err(other),
        }
    }
}

impl FromColumn for Vec<u8> {
    const EXPECTED: &'static str = "bytes";

    fn from_column(value: Value) -> Result<Vec<u8>, Value> {
        match value {
            Value::Bytes(bytes) => Ok(bytes),
            other => Err(other),
        }
    }
}

impl<const N: usize> FromColumn for [u8; N] {
    const EXPECTED: &'static str = "bytes of fixed length";

    fn from_column(value: Value) -> Result<[u8; N], Value> {
        match value {
            Value::Bytes(bytes) => bytes.try_into().map_err(Value::Bytes),
            other => Err(other),
        }
    }
}

/// SQLite keeps flags as 0 and 1.
impl FromColumn for bool {
    const EXPECTED: &'static str = "a flag";

    fn from_column(value: Value) -> Result<bool, Value> {
        match value {
            Value::Flag(flag) => Ok(flag),
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            other => Err(other),
        }
    }
}

/// SQLite keeps days as `YYYY-MM-DD`.
impl FromColumn for Day {
    const EXPECTED: &'static str = "a day";

    fn from_column(value: Value) -> Result<Day, Value> {
        match value {
            Value::Day(day) => Ok(day),
            Value::Text(text) => Day::parse(&text).map_err(|_| Value::Text(text)),
            other => Err(other),
        }
    }
}

impl<T: FromColumn> FromColumn for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_column(value: Value) -> Result<Option<T>, Value> {
        match value {
            Value::Null => Ok(None),
            other => T::from_column(other).map(Some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        let columns = ["id", "sealed", "since"].map(str::to_owned);
        Row::new(Arc::new(columns), vec![Value::Int(300), Value::Int(1), Value::Text("2026-02-28".to_owned())])
    }

    #[test]
    fn columns_are_read_by_position_into_types() {
        let mut cells = row().cells();
        assert_eq!(cells.next::<u16>().unwrap(), 300);
        assert!(cells.next::<bool>().unwrap());
        assert_eq!(cells.next::<Option<Day>>().unwrap(), Day::ymd(2026, 2, 28));
        cells.end().unwrap();
    }

    #[test]
    fn a_wrong_type_names_the_column_and_not_the_value() {
        let message = row().get::<u8>(0).unwrap_err().to_string();
        assert_eq!(message, "column id: expected a number that fits u8, found a number");
        assert_eq!(row().get::<i64>(2).unwrap_err().to_string(), "column since: expected a number, found text");
        assert_eq!(row().get::<i64>(3).unwrap_err().to_string(), "the answer has no column at position 3");
    }

    #[test]
    fn a_forgotten_column_is_an_error() {
        let mut cells = row().cells();
        cells.next::<i64>().unwrap();
        assert_eq!(cells.end().unwrap_err().to_string(), "nobody reads column sealed of the answer");
    }
}
