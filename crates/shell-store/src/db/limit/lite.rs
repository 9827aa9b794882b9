//! The limit on SQLite: a copy of the file, prepared inserts of rows held in memory, one update a table.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::types::Value as Stored;
use rusqlite::{Connection, params_from_iter};

use super::{Raw, Table, same};
use crate::db::error::DbError;
use crate::db::lite::{open_for_migration, open_reader};

/// Rows held in memory at once.
const ROWS: usize = 20_000;

fn failed(error: rusqlite::Error) -> DbError {
    DbError::BadUnit(format!("the limit: {error}"))
}

/// Copies the file as it is now.
pub(super) fn copy(own: &Path, twin: &Path) -> Result<(), DbError> {
    let db = open_for_migration(own)?;
    let busy: i64 = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).map_err(failed)?;
    if busy != 0 {
        return Err(DbError::BadUnit("the limit: somebody reads the database while it is copied".to_owned()));
    }
    std::fs::copy(own, twin).map_err(|error| DbError::Unreachable(error.to_string()))?;
    Ok(())
}

fn attached(db: Connection, path: &Path, name: &str) -> Result<Connection, DbError> {
    db.execute(&format!("ATTACH DATABASE ?1 AS {name}"), [path.display().to_string()]).map_err(failed)?;
    Ok(db)
}

/// Writes what the twin lacks.
pub(super) fn run(own: &Path, twin: &Path) -> Result<Raw, DbError> {
    let writer = attached(open_for_migration(twin)?, own, "own")?;
    // Reads the twin as it was: the writer's transaction is not seen before it commits.
    let reader = attached(open_reader(own)?, twin, "twin")?;
    let tables = tables(&reader)?;
    let mut raw = Raw::default();
    writer.execute_batch("BEGIN IMMEDIATE").map_err(failed)?;
    for table in &tables {
        let reading = table.texts(&format!("main.{}", table.name), &format!("twin.{}", table.name), "IS NOT");
        let writing = table.texts(&format!("own.{}", table.name), &format!("main.{}", table.name), "IS NOT");
        let changed: i64 = reader.query_row(&reading.changed, [], |row| row.get(0)).map_err(failed)?;
        if changed > 0 {
            let begun = Instant::now();
            let rows = writer.execute(&writing.update, []).map_err(failed)? as u64;
            raw.updated += rows;
            raw.add(writing.update, rows, begun.elapsed());
        }
        insert(&reader, &writer, table, &reading.new, &mut raw)?;
    }
    let begun = Instant::now();
    writer.execute_batch("COMMIT").map_err(failed)?;
    raw.add("COMMIT".to_owned(), 0, begun.elapsed());
    for table in &tables {
        let texts = table.texts(&format!("own.{}", table.name), &format!("main.{}", table.name), "IS NOT");
        let count = |sql: &str| writer.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(failed);
        same(&table.name, count(&format!("SELECT COUNT(*) FROM ({})", texts.new))?, count(&texts.changed)?)?;
    }
    Ok(raw)
}

fn insert(reader: &Connection, writer: &Connection, table: &Table, new: &str, raw: &mut Raw) -> Result<(), DbError> {
    let width = table.key.len() + table.other.len();
    let places = (1..=width).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
    let sql = format!("INSERT INTO main.{} ({}) VALUES ({places})", table.name, table.columns());
    let mut statement = writer.prepare(&sql).map_err(failed)?;
    let mut select = reader.prepare(new).map_err(failed)?;
    let mut found = select.query([]).map_err(failed)?;
    let (mut rows, mut time) = (0, Duration::ZERO);
    loop {
        let mut batch: Vec<Vec<Stored>> = Vec::new();
        while batch.len() < ROWS
            && let Some(row) = found.next().map_err(failed)?
        {
            batch.push((0..width).map(|at| row.get(at)).collect::<Result<_, _>>().map_err(failed)?);
        }
        if batch.is_empty() {
            break;
        }
        rows += batch.len() as u64;
        let begun = Instant::now();
        for row in &batch {
            statement.execute(params_from_iter(row)).map_err(failed)?;
        }
        time += begun.elapsed();
    }
    if rows > 0 {
        raw.inserted += rows;
        raw.add(sql, rows, time);
    }
    Ok(())
}

/// Tables with a key, in the order they were made.
fn tables(db: &Connection) -> Result<Vec<Table>, DbError> {
    let names = "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid";
    let mut statement = db.prepare(names).map_err(failed)?;
    let names: Vec<String> = statement.query_map([], |row| row.get(0)).and_then(Iterator::collect).map_err(failed)?;
    let mut tables = Vec::new();
    for name in names {
        let mut statement = db.prepare("SELECT name, pk FROM pragma_table_info(?1, 'main') ORDER BY cid").map_err(failed)?;
        let columns: Vec<(String, i64)> =
            statement.query_map([&name], |row| Ok((row.get(0)?, row.get(1)?))).and_then(Iterator::collect).map_err(failed)?;
        let mut key: Vec<&(String, i64)> = columns.iter().filter(|(_, pk)| *pk > 0).collect();
        key.sort_by_key(|(_, pk)| *pk);
        let key = key.into_iter().map(|(name, _)| name.clone()).collect();
        let other = columns.iter().filter(|(_, pk)| *pk == 0).map(|(name, _)| name.clone()).collect();
        tables.push(Table { name, key, other });
    }
    Ok(tables)
}
