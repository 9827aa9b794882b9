//! The rule behind an error of SQLite, by the name the migrations gave it.
//!
//! SQLite names a failing check and passes on the word of a guard trigger, but of a unique index it names only the columns
//! and of a foreign key nothing. So column lists are mapped to index names, and a failed foreign key is looked up.

use std::collections::HashMap;

use rusqlite::{Connection, ffi};

use crate::db::error::{Constraint, DbError};

/// Column lists of unique keys, as SQLite's messages spell them, to names.
#[derive(Debug, Default)]
pub(super) struct Names {
    unique: HashMap<String, String>,
}

/// What a failure of a statement means.
pub(super) enum Meaning {
    /// A rule refused the row.
    Refused(Constraint),
    /// Some foreign key refused the row; which, only a search tells.
    ForeignKey,
    /// Another process holds the file.
    Busy,
    /// Anything else.
    Other,
}

/// A unique key as SQLite lists it: `pk`, `u` (in the table's own text) or `c` (an index), and its columns where it has only those.
struct UniqueKey {
    table: String,
    index: String,
    origin: String,
    columns: Option<String>,
}

/// An error that belongs to a statement.
pub(super) fn error_of(error: rusqlite::Error, sql: &str) -> DbError {
    let code = error.sqlite_error().map_or("SQLITE".to_owned(), |error| format!("SQLITE_{}", error.extended_code));
    DbError::Sql { code, message: error.to_string(), sql: sql.to_owned() }
}

impl Names {
    /// Reads the unique keys of all tables.
    ///
    /// # Errors
    /// Two unique indexes over the same columns cannot be told apart here; the second is named in the message.
    pub(super) fn load(db: &Connection) -> Result<Names, DbError> {
        let sql = "SELECT t.name, i.name, i.origin, (SELECT group_concat(t.name || '.' || c.name, ', ') \
                     FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno) AS c) \
                   FROM sqlite_schema AS t JOIN pragma_index_list(t.name) AS i \
                   WHERE t.type = 'table' AND i.\"unique\" \
                   UNION ALL \
                   SELECT t.name, t.name, 'pk', t.name || '.' || c.name \
                   FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c \
                   WHERE t.type = 'table' AND c.pk = 1 \
                     AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) AS i WHERE i.origin = 'pk')";
        let read = || -> rusqlite::Result<Vec<UniqueKey>> {
            let mut statement = db.prepare(sql)?;
            let key = |row: &rusqlite::Row<'_>| {
                Ok(UniqueKey { table: row.get(0)?, index: row.get(1)?, origin: row.get(2)?, columns: row.get(3)? })
            };
            let keys = statement.query_map([], key)?;
            keys.collect()
        };
        let mut names = Names::default();
        for UniqueKey { table, index, origin, columns } in read().map_err(|error| error_of(error, sql))? {
            // An index over an expression is named by SQLite itself.
            let Some(columns) = columns else { continue };
            let name = match origin.as_str() {
                "pk" => format!("{table}_pkey"),
                "u" => format!("{table}_{}_key", columns.replace(&format!("{table}."), "").replace(", ", "_")),
                _ => index,
            };
            if let Some(other) = names.unique.insert(columns.clone(), name.clone()) {
                let message =
                    format!("unique indexes {other} and {name} are over the same columns ({columns}): SQLite cannot tell them apart");
                return Err(DbError::Migration(message));
            }
        }
        Ok(names)
    }

    /// The one place where a message of SQLite is read.
    pub(super) fn meaning(&self, error: &rusqlite::Error) -> Meaning {
        let Some(code) = error.sqlite_error() else { return Meaning::Other };
        let message = error.to_string();
        let after = |prefix: &str| message.strip_prefix(prefix).unwrap_or(&message).to_owned();
        match code.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
                let columns = after("UNIQUE constraint failed: ");
                let name = match columns.strip_prefix("index '").and_then(|rest| rest.strip_suffix('\'')) {
                    Some(index) => index.to_owned(),
                    None => self.unique.get(&columns).cloned().unwrap_or(columns),
                };
                Meaning::Refused(Constraint::new(name))
            }
            ffi::SQLITE_CONSTRAINT_CHECK => Meaning::Refused(Constraint::new(after("CHECK constraint failed: "))),
            ffi::SQLITE_CONSTRAINT_NOTNULL => {
                let column = after("NOT NULL constraint failed: ").replace('.', "_");
                Meaning::Refused(Constraint::new(format!("{column}_not_null")))
            }
            ffi::SQLITE_CONSTRAINT_TRIGGER => match message.strip_prefix("guard:") {
                Some(guard) => Meaning::Refused(Constraint::new(guard)),
                None => Meaning::Other,
            },
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Meaning::ForeignKey,
            code if matches!(code & 0xff, ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED) => Meaning::Busy,
            _ => Meaning::Other,
        }
    }

    /// Whether a message about these columns would be understood; if not, the schema has changed since it was read.
    pub(super) fn is_stale(&self, error: &rusqlite::Error) -> bool {
        let message = error.to_string();
        let columns = message.strip_prefix("UNIQUE constraint failed: ");
        columns.is_some_and(|columns| !columns.starts_with("index '") && !self.unique.contains_key(columns))
    }
}

/// Name of the first foreign key that rows of the database break. The caller has let them in for a moment, unchecked.
pub(super) fn broken_foreign_key(db: &Connection) -> rusqlite::Result<Option<Constraint>> {
    let found: Option<(String, i64)> = {
        let mut statement = db.prepare("SELECT \"table\", fkid FROM pragma_foreign_key_check LIMIT 1")?;
        let mut rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.next().transpose()?
    };
    let Some((table, id)) = found else { return Ok(None) };
    let mut statement = db.prepare("SELECT \"from\" FROM pragma_foreign_key_list(?1) WHERE id = ?2 ORDER BY seq")?;
    let columns: Vec<String> = statement.query_map((&table, id), |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let sql: String = db.query_row("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?1", [&table], |row| row.get(0))?;
    Ok(Some(Constraint::new(foreign_key_name(&table, &columns, &sql))))
}

/// The name in `CONSTRAINT name FOREIGN KEY (columns)`; PostgreSQL's name when there is none.
pub(crate) fn foreign_key_name(table: &str, columns: &[String], create_table: &str) -> String {
    let wanted = format!("FOREIGN KEY ({})", columns.join(", "));
    let spaced = create_table.split_whitespace().collect::<Vec<_>>().join(" ");
    let before = spaced.split(&wanted).next().filter(|before| before.len() < spaced.len());
    let mut words = before.unwrap_or("").split_whitespace().rev();
    match (words.next(), words.next()) {
        (Some(name), Some("CONSTRAINT")) => name.to_owned(),
        _ => format!("{table}_{}_fkey", columns.join("_")),
    }
}
