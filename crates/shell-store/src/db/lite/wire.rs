//! Values to and from SQLite: flags are 0 and 1, days are `YYYY-MM-DD`, lists are `rarray` tables.

use std::rc::Rc;
use std::sync::Arc;

use rusqlite::types::{Null, Value as Stored, ValueRef};
use rusqlite::{CachedStatement, Connection, Statement};

use crate::db::error::DbError;
use crate::db::lite::names::error_of;
use crate::db::row::Row;
use crate::db::text::for_sqlite;
use crate::db::value::{ColumnCells, Query, Value};

/// Prepares a text of ours and binds its values.
pub(super) fn prepare<'c>(db: &'c Connection, sql: &str, values: &[Value]) -> Result<CachedStatement<'c>, DbError> {
    let mut statement = db.prepare_cached(&for_sqlite(sql)).map_err(|error| error_of(error, sql))?;
    if statement.parameter_count() != values.len() {
        let message = format!("{} values for {} parameters in: {sql}", values.len(), statement.parameter_count());
        return Err(DbError::BadValue(message));
    }
    for (n, value) in values.iter().enumerate() {
        bind(&mut statement, n + 1, value).map_err(|error| error_of(error, sql))?;
    }
    Ok(statement)
}

fn bind(statement: &mut Statement<'_>, at: usize, value: &Value) -> rusqlite::Result<()> {
    let list = |values: Vec<Stored>| Rc::new(values);
    match value {
        Value::Null => statement.raw_bind_parameter(at, Null),
        Value::Int(n) => statement.raw_bind_parameter(at, n),
        Value::Text(text) => statement.raw_bind_parameter(at, text),
        Value::Bytes(bytes) => statement.raw_bind_parameter(at, bytes),
        Value::Flag(flag) => statement.raw_bind_parameter(at, flag),
        Value::Day(day) => statement.raw_bind_parameter(at, day.to_string()),
        Value::Ints(items) => statement.raw_bind_parameter(at, list(items.iter().map(|n| Stored::Integer(*n)).collect())),
        Value::Texts(items) => statement.raw_bind_parameter(at, list(items.iter().map(|t| Stored::Text(t.clone())).collect())),
        Value::ByteLists(items) => statement.raw_bind_parameter(at, list(items.iter().map(|b| Stored::Blob(b.clone())).collect())),
    }
}

/// Binds one row of a batch cell by cell, without building values.
pub(super) fn bind_cell(statement: &mut Statement<'_>, at: usize, cells: &ColumnCells, row: usize) -> rusqlite::Result<()> {
    match cells {
        ColumnCells::Int(cells) => statement.raw_bind_parameter(at, cells[row]),
        ColumnCells::Text(cells) => statement.raw_bind_parameter(at, cells[row].as_deref()),
        ColumnCells::Bytes(cells) => statement.raw_bind_parameter(at, cells[row].as_deref()),
        ColumnCells::Flag(cells) => statement.raw_bind_parameter(at, cells[row]),
        ColumnCells::Day(cells) => statement.raw_bind_parameter(at, cells[row].map(|day| day.to_string())),
    }
}

/// Names of the columns of an answer.
pub(super) fn columns(statement: &Statement<'_>) -> Arc<[String]> {
    statement.column_names().map(str::to_owned).collect()
}

/// The row a statement stands on.
pub(super) fn row(columns: &Arc<[String]>, from: &rusqlite::Row<'_>) -> Result<Row, DbError> {
    let mut values = Vec::with_capacity(columns.len());
    for at in 0..columns.len() {
        let cell = from.get_ref(at).map_err(|error| error_of(error, &columns[at]))?;
        let wrong = |found| DbError::WrongType { column: columns[at].clone(), expected: "a whole number, text or bytes", found };
        values.push(match cell {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(n) => Value::Int(n),
            ValueRef::Text(text) => Value::Text(std::str::from_utf8(text).map_err(|_| wrong("text that is not UTF-8"))?.to_owned()),
            ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
            ValueRef::Real(_) => return Err(wrong("a floating number")),
        });
    }
    Ok(Row::new(columns.clone(), values))
}

/// All rows of one query.
pub(super) fn query(db: &Connection, query: &Query) -> Result<Vec<Row>, DbError> {
    query.values.iter().try_for_each(Value::check)?;
    let mut statement = prepare(db, &query.sql, &query.values)?;
    let columns = columns(&statement);
    let mut found = statement.raw_query();
    let mut rows = Vec::new();
    while let Some(next) = found.next().map_err(|error| error_of(error, &query.sql))? {
        rows.push(row(&columns, next)?);
    }
    Ok(rows)
}
