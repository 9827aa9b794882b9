//! The limit on PostgreSQL: a second schema, binary COPY of bytes held in memory, one update a table.

use std::time::Instant;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt, pin_mut};
use tokio_postgres::{Client, NoTls};

use super::{Raw, Table, same};
use crate::db::error::DbError;
use crate::db::pg::{chain, config};

fn failed(error: tokio_postgres::Error) -> DbError {
    DbError::BadUnit(format!("the limit: {}", chain(&error)))
}

/// A connection that sees a schema: its triggers name their tables without one.
async fn connected(url: &str, schema: &str) -> Result<Client, DbError> {
    let (client, connection) = config(url)?.connect(NoTls).await.map_err(|error| DbError::Unreachable(chain(&error)))?;
    // It ends with its client; what fails shows there.
    tokio::spawn(connection);
    client.batch_execute(&format!("SET search_path TO {schema}")).await.map_err(failed)?;
    Ok(client)
}

/// Copies all rows into the migrated twin.
pub(super) async fn copy(url: &str, own: &str, twin: &str) -> Result<(), DbError> {
    let client = connected(url, twin).await?;
    for Table { name, .. } in tables(&client, own).await? {
        // The twin's migrations wrote their own table, and may have written rows.
        let rows = format!("DELETE FROM {twin}.{name}; INSERT INTO {twin}.{name} SELECT * FROM {own}.{name}");
        client.batch_execute(&rows).await.map_err(failed)?;
    }
    client.batch_execute("ANALYZE").await.map_err(failed)
}

/// Writes what the twin lacks.
pub(super) async fn run(url: &str, own: &str, twin: &str) -> Result<Raw, DbError> {
    let (reader, writer) = (connected(url, own).await?, connected(url, twin).await?);
    let tables = tables(&reader, own).await?;
    let mut raw = Raw::default();
    writer.batch_execute("BEGIN").await.map_err(failed)?;
    for table in &tables {
        let (here, there) = (format!("{own}.{}", table.name), format!("{twin}.{}", table.name));
        let texts = table.texts(&here, &there, "IS DISTINCT FROM");
        let changed: i64 = reader.query_one(&texts.changed, &[]).await.map_err(failed)?.get(0);
        if changed > 0 {
            let begun = Instant::now();
            let rows = writer.execute(&texts.update, &[]).await.map_err(failed)?;
            raw.updated += rows;
            raw.add(texts.update, rows, begun.elapsed());
        }
        let out = reader.copy_out(&format!("COPY ({}) TO STDOUT (FORMAT binary)", texts.new)).await.map_err(failed)?;
        pin_mut!(out);
        let mut bytes: Vec<Bytes> = Vec::new();
        while let Some(piece) = out.next().await {
            bytes.push(piece.map_err(failed)?);
        }
        // The server sends a message a row; larger ones spare the client what is no work of the engine.
        let mut bytes = joined(bytes);
        let sql = format!("COPY {there} ({}) FROM STDIN (FORMAT binary)", table.columns());
        let begun = Instant::now();
        let sink = writer.copy_in(&sql).await.map_err(failed)?;
        pin_mut!(sink);
        for piece in bytes.drain(..) {
            sink.feed(piece).await.map_err(failed)?;
        }
        let rows = sink.finish().await.map_err(failed)?;
        if rows > 0 {
            raw.inserted += rows;
            raw.add(sql, rows, begun.elapsed());
        }
    }
    let begun = Instant::now();
    writer.batch_execute("COMMIT").await.map_err(failed)?;
    raw.add("COMMIT".to_owned(), 0, begun.elapsed());
    for table in &tables {
        let texts = table.texts(&format!("{own}.{}", table.name), &format!("{twin}.{}", table.name), "IS DISTINCT FROM");
        let missing = reader.query_one(&format!("SELECT COUNT(*) FROM ({}) missing", texts.new), &[]).await.map_err(failed)?.get(0);
        same(&table.name, missing, reader.query_one(&texts.changed, &[]).await.map_err(failed)?.get(0))?;
    }
    Ok(raw)
}

fn joined(pieces: Vec<Bytes>) -> Vec<Bytes> {
    const LARGE: usize = 64 * 1024;
    let mut all = Vec::new();
    let mut next = Vec::with_capacity(LARGE * 2);
    for piece in pieces {
        next.extend_from_slice(&piece);
        if next.len() >= LARGE {
            all.push(Bytes::from(std::mem::replace(&mut next, Vec::with_capacity(LARGE * 2))));
        }
    }
    all.push(next.into());
    all
}

/// Drops a schema.
pub(super) async fn remove(url: &str, schema: &str) -> Result<(), DbError> {
    connected(url, schema).await?.batch_execute(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE")).await.map_err(failed)
}

/// Tables with a key; those that refer to others come last.
async fn tables(client: &Client, schema: &str) -> Result<Vec<Table>, DbError> {
    let sql = "SELECT c.relname::text, a.attname::text, COALESCE(array_position(i.indkey::int2[], a.attnum), -1)::int4, \
        EXISTS (SELECT 1 FROM pg_constraint f WHERE f.conrelid = c.oid AND f.contype = 'f') AS refers \
        FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace AND s.nspname = $1 \
        JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary \
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
        WHERE c.relkind = 'r' ORDER BY refers, c.oid, a.attnum";
    let mut tables: Vec<(Table, Vec<(i32, String)>)> = Vec::new();
    for row in client.query(sql, &[&schema]).await.map_err(failed)? {
        let (name, column, place): (String, String, i32) = (row.get(0), row.get(1), row.get(2));
        if tables.last().is_none_or(|(table, _)| table.name != name) {
            tables.push((Table { name, ..Table::default() }, Vec::new()));
        }
        if let Some((table, key)) = tables.last_mut() {
            match place {
                -1 => table.other.push(column),
                place => key.push((place, column)),
            }
        }
    }
    let keyed = tables.into_iter().map(|(mut table, mut key)| {
        key.sort_unstable();
        table.key = key.into_iter().map(|(_, column)| column).collect();
        table
    });
    Ok(keyed.collect())
}
