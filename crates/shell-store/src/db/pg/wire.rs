//! Values to and from PostgreSQL, in its binary format and only where kinds agree.

use std::error::Error;
use std::pin::pin;
use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};
use core_calendar::Day;
use tokio_postgres::CopyInSink;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{FromSql, IsNull, Kind as PgKind, ToSql, Type, to_sql_checked};

use crate::db::error::DbError;
use crate::db::row::Row;
use crate::db::value::{Batch, ColumnCells, Kind, Value};

/// Days from 1970-01-01 to 2000-01-01, where PostgreSQL begins to count.
const TO_2000: i32 = 10_957;

type Failure = Box<dyn Error + Sync + Send>;

fn mismatch(what: &str, ty: &Type) -> Failure {
    format!("{what} for a parameter of type {ty}").into()
}

/// A single value without its allocation, as parameter or as element of an array.
#[derive(Debug, Clone, Copy)]
enum Scalar<'a> {
    Int(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
    Flag(bool),
    Day(Day),
}

impl ToSql for Scalar<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match *self {
            Scalar::Int(n) if *ty == Type::INT8 => out.put_i64(n),
            Scalar::Int(n) if *ty == Type::INT4 => out.put_i32(n.try_into()?),
            Scalar::Int(n) if *ty == Type::INT2 => out.put_i16(n.try_into()?),
            Scalar::Text(text) if is_text(ty) => out.put_slice(text.as_bytes()),
            Scalar::Bytes(bytes) if *ty == Type::BYTEA => out.put_slice(bytes),
            Scalar::Flag(flag) if *ty == Type::BOOL => out.put_u8(flag.into()),
            Scalar::Day(day) if *ty == Type::DATE => out.put_i32(day.number() - TO_2000),
            Scalar::Int(_) => return Err(mismatch("a number", ty)),
            Scalar::Text(_) => return Err(mismatch("a text", ty)),
            Scalar::Bytes(_) => return Err(mismatch("bytes", ty)),
            Scalar::Flag(_) => return Err(mismatch("a flag", ty)),
            Scalar::Day(_) => return Err(mismatch("a day", ty)),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn is_text(ty: &Type) -> bool {
    [Type::TEXT, Type::VARCHAR, Type::BPCHAR, Type::NAME, Type::JSON, Type::UNKNOWN].contains(ty)
}

fn list<'a>(items: impl Iterator<Item = Scalar<'a>>, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
    match ty.kind() {
        PgKind::Array(_) => items.collect::<Vec<_>>().to_sql(ty, out),
        _ => Err(mismatch("a list", ty)),
    }
}

/// What is bound to one parameter.
#[derive(Debug, Clone, Copy)]
pub(super) enum Parameter<'a> {
    Value(&'a Value),
    /// A column of a batch, as an array.
    Cells(&'a ColumnCells),
    /// The only cell of a column.
    Only(&'a ColumnCells),
}

impl ToSql for Parameter<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match self {
            Parameter::Value(value) => match value {
                Value::Null => Ok(IsNull::Yes),
                Value::Int(n) => Scalar::Int(*n).to_sql(ty, out),
                Value::Text(text) => Scalar::Text(text).to_sql(ty, out),
                Value::Bytes(bytes) => Scalar::Bytes(bytes).to_sql(ty, out),
                Value::Flag(flag) => Scalar::Flag(*flag).to_sql(ty, out),
                Value::Day(day) => Scalar::Day(*day).to_sql(ty, out),
                Value::Ints(items) => list(items.iter().map(|n| Scalar::Int(*n)), ty, out),
                Value::Texts(items) => list(items.iter().map(|text| Scalar::Text(text)), ty, out),
                Value::ByteLists(items) => list(items.iter().map(|bytes| Scalar::Bytes(bytes)), ty, out),
            },
            Parameter::Only(cells) => cells.scalar(0).to_sql(ty, out),
            Parameter::Cells(cells) => match cells {
                ColumnCells::Int(cells) => cells.to_sql(ty, out),
                ColumnCells::Flag(cells) => cells.to_sql(ty, out),
                ColumnCells::Text(cells) => optional(cells, |text| Scalar::Text(text), ty, out),
                ColumnCells::Bytes(cells) => optional(cells, |bytes| Scalar::Bytes(bytes), ty, out),
                ColumnCells::Day(cells) => optional(cells, |day| Scalar::Day(*day), ty, out),
            },
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn optional<'a, T>(cells: &'a [Option<T>], scalar: impl Fn(&'a T) -> Scalar<'a>, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
    cells.iter().map(|cell| cell.as_ref().map(&scalar)).collect::<Vec<_>>().to_sql(ty, out)
}

impl ColumnCells {
    fn scalar(&self, row: usize) -> Option<Scalar<'_>> {
        match self {
            ColumnCells::Int(cells) => cells[row].map(Scalar::Int),
            ColumnCells::Flag(cells) => cells[row].map(Scalar::Flag),
            ColumnCells::Day(cells) => cells[row].map(Scalar::Day),
            ColumnCells::Text(cells) => cells[row].as_deref().map(Scalar::Text),
            ColumnCells::Bytes(cells) => cells[row].as_deref().map(Scalar::Bytes),
        }
    }
}

/// Writes a batch into a COPY that has begun; the number of rows comes back.
pub(super) async fn copy(sink: CopyInSink<Bytes>, batch: &Batch) -> Result<u64, tokio_postgres::Error> {
    let types = batch.columns.iter().map(|column| match column.kind {
        Kind::Int => Type::INT8,
        Kind::Text => Type::TEXT,
        Kind::Bytes => Type::BYTEA,
        Kind::Flag => Type::BOOL,
        Kind::Day => Type::DATE,
        Kind::Json => Type::JSON,
    });
    let mut writer = pin!(BinaryCopyInWriter::new(sink, &types.collect::<Vec<_>>()));
    for row in 0..batch.rows {
        let cells: Vec<Option<Scalar<'_>>> = batch.columns.iter().map(|column| column.cells.scalar(row)).collect();
        writer.as_mut().write_raw(cells).await?;
    }
    writer.finish().await
}

/// A column as one of our values.
struct Read(Value);

impl<'a> FromSql<'a> for Read {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Read, Failure> {
        let value = match *ty {
            Type::INT8 => Value::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Value::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Value::Int(i16::from_sql(ty, raw)?.into()),
            Type::BOOL => Value::Flag(bool::from_sql(ty, raw)?),
            Type::BYTEA => Value::Bytes(raw.to_vec()),
            Type::DATE => {
                let days = i32::from_be_bytes(raw.try_into()?);
                Value::Day(Day::from_number(days.checked_add(TO_2000).ok_or("a day that is infinite")?))
            }
            _ if is_text(ty) => Value::Text(std::str::from_utf8(raw)?.to_owned()),
            _ => return Err(format!("a column of type {ty}").into()),
        };
        Ok(Read(value))
    }

    fn from_sql_null(_: &Type) -> Result<Read, Failure> {
        Ok(Read(Value::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Names of the columns of an answer.
pub(super) fn columns(from: &[tokio_postgres::Column]) -> Arc<[String]> {
    from.iter().map(|column| column.name().to_owned()).collect()
}

/// A row as ours.
pub(super) fn row(columns: &Arc<[String]>, from: &tokio_postgres::Row) -> Result<Row, DbError> {
    let mut values = Vec::with_capacity(columns.len());
    for at in 0..columns.len() {
        let read: Read = from.try_get(at).map_err(|error| {
            let found = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            DbError::BadValue(format!("column {} cannot be read: {found}", columns[at]))
        })?;
        values.push(read.0);
    }
    Ok(Row::new(columns.clone(), values))
}

/// All rows of an answer as ours.
pub(super) fn rows(from: &[tokio_postgres::Row]) -> Result<Vec<Row>, DbError> {
    let Some(first) = from.first() else { return Ok(Vec::new()) };
    let columns = columns(first.columns());
    from.iter().map(|next| row(&columns, next)).collect()
}

/// Our kind of a type, none for a type that we neither bind nor read.
pub(super) fn kind_of(ty: &Type) -> Option<Kind> {
    match *ty {
        Type::INT8 | Type::INT4 | Type::INT2 => Some(Kind::Int),
        Type::JSON => Some(Kind::Json),
        Type::BYTEA => Some(Kind::Bytes),
        Type::BOOL => Some(Kind::Flag),
        Type::DATE => Some(Kind::Day),
        _ if is_text(ty) => Some(Kind::Text),
        _ => match ty.kind() {
            PgKind::Array(element) => kind_of(element),
            _ => None,
        },
    }
}
