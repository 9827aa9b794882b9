//! The schema in one notation for both engines: what the golden holds, and what two engines must agree about.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::db::error::DbError;
use crate::db::lite::foreign_key_name;
use crate::db::row::Row;
use crate::db::value::Query;
use crate::db::words::type_check;
use crate::db::{Db, Engine};

/// One table, as far as both engines can tell it alike. Conditions of checks and of partial indexes are left out: PostgreSQL
/// gives them back rewritten.
#[derive(Default)]
struct Table {
    columns: Vec<String>,
    key: Vec<String>,
    lines: BTreeSet<String>,
}

type Tables = BTreeMap<String, Table>;

/// All tables of a centre: columns with types, keys, indexes, names of checks, foreign keys and guards. Equal texts mean that the
/// two engines hold the same schema.
///
/// # Errors
/// When the engine does not answer.
pub async fn schema(db: &Db) -> Result<String, DbError> {
    let tables = match db.engine() {
        Engine::Sqlite => of_sqlite(db).await?,
        Engine::Postgres => of_postgres(db).await?,
    };
    let mut out = String::new();
    for (name, table) in tables {
        let _ = writeln!(out, "table {name}");
        let key = format!("key ({})", table.key.join(", "));
        for line in table.columns.iter().chain((!table.key.is_empty()).then_some(&key)).chain(&table.lines) {
            let _ = writeln!(out, "  {line}");
        }
    }
    Ok(out)
}

async fn rows(db: &Db, queries: &[&'static str]) -> Result<Vec<Vec<Row>>, DbError> {
    db.read(queries.iter().map(|sql| Query::new(*sql, [])).collect()).await
}

fn column_line(name: &str, word: &str, required: bool) -> String {
    format!("{name} {word}{}", if required { " not null" } else { "" })
}

fn index_line(name: &str, unique: bool, columns: &str, partial: bool) -> String {
    let kind = if unique { "unique" } else { "index" };
    format!("{kind} {name} ({columns}){}", if partial { " partial" } else { "" })
}

async fn of_postgres(db: &Db) -> Result<Tables, DbError> {
    let answers = rows(
        db,
        &[
            "SELECT c.relname, a.attname, t.typname, a.attnotnull FROM pg_attribute AS a \
             JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_type AS t ON t.oid = a.atttypid \
             WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped \
             ORDER BY c.relname, a.attnum",
            "SELECT c.relname, i.relname AS index, x.indisprimary, x.indisunique, x.indpred IS NOT NULL AS partial, \
               (SELECT string_agg(pg_get_indexdef(x.indexrelid, n, true), ', ' ORDER BY n) \
                FROM generate_series(1, CAST(x.indnkeyatts AS integer)) AS n) AS columns \
             FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid JOIN pg_class AS c ON c.oid = x.indrelid \
             WHERE c.relnamespace = CAST(current_schema() AS regnamespace) ORDER BY c.relname, i.relname",
            "SELECT c.relname, k.conname, k.contype = 'f' AS is_foreign, f.relname AS target, \
               (SELECT string_agg(a.attname, ', ' ORDER BY n.at) FROM unnest(k.conkey) WITH ORDINALITY AS n (attnum, at) \
                JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = n.attnum) AS columns, \
               (SELECT string_agg(a.attname, ', ' ORDER BY n.at) FROM unnest(k.confkey) WITH ORDINALITY AS n (attnum, at) \
                JOIN pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = n.attnum) AS targets \
             FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid LEFT JOIN pg_class AS f ON f.oid = k.confrelid \
             WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND k.contype IN ('c', 'f') ORDER BY c.relname, k.conname",
            "SELECT c.relname, t.tgname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid \
             WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND NOT t.tgisinternal ORDER BY c.relname, t.tgname",
        ],
    )
    .await?;
    let [columns, indexes, constraints, guards] = four(answers)?;
    let mut tables = Tables::new();
    for row in columns {
        let (table, name, ty, required): (String, String, String, bool) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        let word = match ty.as_str() {
            "int8" => "int",
            "bytea" => "bytes",
            "bool" => "flag",
            "date" => "day",
            other => other,
        };
        tables.entry(table).or_default().columns.push(column_line(&name, word, required));
    }
    for row in indexes {
        let (name, primary, unique, partial, columns): (String, bool, bool, bool, String) =
            (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
        let table = tables.entry(row.get(0)?).or_default();
        match primary {
            true => table.key = columns.split(", ").map(str::to_owned).collect(),
            false => drop(table.lines.insert(index_line(&name, unique, &columns, partial))),
        }
    }
    for row in constraints {
        let name: String = row.get(1)?;
        let line = match row.get(2)? {
            true => {
                let (target, columns, targets): (String, String, String) = (row.get(3)?, row.get(4)?, row.get(5)?);
                format!("foreign {name} ({columns}) -> {target} ({targets})")
            }
            false => format!("check {name}"),
        };
        tables.entry(row.get(0)?).or_default().lines.insert(line);
    }
    for row in guards {
        let line = format!("guard {}", row.get::<String>(1)?);
        tables.entry(row.get(0)?).or_default().lines.insert(line);
    }
    Ok(tables)
}

/// A foreign key of SQLite, gathered column by column.
#[derive(Default)]
struct ForeignKey {
    target: String,
    create_table: String,
    columns: Vec<String>,
    targets: Vec<String>,
}

async fn of_sqlite(db: &Db) -> Result<Tables, DbError> {
    let answers = rows(
        db,
        &[
            "SELECT t.name, c.name AS column, c.type, c.\"notnull\", c.pk, t.sql FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid",
            "SELECT t.name, i.name AS index_name, i.\"unique\", i.partial, \
               (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) AS columns \
             FROM sqlite_schema AS t JOIN pragma_index_list(t.name) AS i \
             WHERE t.type = 'table' AND i.origin <> 'pk' ORDER BY t.name, i.name",
            "SELECT t.name, f.id, f.\"table\" AS target, f.\"from\" AS source, f.\"to\" AS goal, t.sql FROM sqlite_schema AS t \
             JOIN pragma_foreign_key_list(t.name) AS f WHERE t.type = 'table' ORDER BY t.name, f.id, f.seq",
            "SELECT tbl_name, name FROM sqlite_schema WHERE type = 'trigger' ORDER BY tbl_name, name",
        ],
    )
    .await?;
    let [columns, indexes, foreign, guards] = four(answers)?;
    let mut tables = Tables::new();
    for row in columns {
        let (name, column, ty, required, key): (String, String, String, bool, usize) =
            (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
        let sql: String = row.get(5)?;
        let table = tables.entry(name.clone()).or_default();
        let checked = |word: &&str| sql.contains(&format!("CONSTRAINT {} CHECK", type_check(word, &name, &column)));
        let plain = match ty.as_str() {
            "INTEGER" => "int",
            "TEXT" => "text",
            "BLOB" => "bytes",
            other => other,
        };
        let word = ["flag", "day", "json"].into_iter().find(checked).unwrap_or(plain);
        table.columns.push(column_line(&column, word, required || key > 0));
        if key > 0 {
            table.key.resize(table.key.len().max(key), String::new());
            table.key[key - 1] = column;
        }
        for check in
            check_names(&sql).filter(|check| !["flag", "day", "json"].iter().any(|word| check.starts_with(&format!("{word}_type_{name}_"))))
        {
            table.lines.insert(format!("check {check}"));
        }
    }
    for row in indexes {
        let (name, unique, partial, columns): (String, bool, bool, Option<String>) = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
        let line = index_line(&name, unique, columns.as_deref().unwrap_or("expression"), partial);
        tables.entry(row.get(0)?).or_default().lines.insert(line);
    }
    let mut keys: BTreeMap<(String, i64), ForeignKey> = BTreeMap::new();
    for row in foreign {
        let key = keys.entry((row.get(0)?, row.get(1)?)).or_default();
        (key.target, key.create_table) = (row.get(2)?, row.get(5)?);
        key.columns.push(row.get(3)?);
        key.targets.push(row.get(4)?);
    }
    for ((table, _), key) in keys {
        let name = foreign_key_name(&table, &key.columns, &key.create_table);
        let line = format!("foreign {name} ({}) -> {} ({})", key.columns.join(", "), key.target, key.targets.join(", "));
        tables.entry(table).or_default().lines.insert(line);
    }
    for row in guards {
        let name: String = row.get(1)?;
        // A guard against change is one trigger for UPDATE and one for DELETE here.
        let name = ["_u", "_d", "_i"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
        tables.entry(row.get(0)?).or_default().lines.insert(format!("guard {name}"));
    }
    Ok(tables)
}

/// Names in `CONSTRAINT name CHECK`.
fn check_names(sql: &str) -> impl Iterator<Item = &str> {
    let words: Vec<&str> = sql.split(|c: char| c.is_whitespace() || c == '(').filter(|word| !word.is_empty()).collect();
    let found = words.windows(3).filter(|three| three[0] == "CONSTRAINT" && three[2] == "CHECK").map(|three| three[1]);
    found.collect::<Vec<_>>().into_iter()
}

fn four(answers: Vec<Vec<Row>>) -> Result<[Vec<Row>; 4], DbError> {
    answers.try_into().map_err(|_| DbError::Lost("an answer is missing".to_owned()))
}
