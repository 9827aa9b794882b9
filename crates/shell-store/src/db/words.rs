//! Type words of the migrations: `@money @int @text @bytes @flag @day @json`, one text for both engines.
//!
//! On SQLite a table becomes STRICT, a flag and a day get the check their type stands for on PostgreSQL, and a table whose key
//! is not one number is kept in the order of its key (WITHOUT ROWID), which saves the second tree.

use std::fmt::Write;

use crate::db::Engine;
use crate::db::error::DbError;

/// A piece of a migration's text.
enum Token<'a> {
    Word(&'a str),
    /// `@word`.
    Type(&'a str),
    Sign(char),
    /// Spaces, comments, quoted text: copied.
    Other(&'a str),
}

fn tokens(sql: &str) -> Vec<Token<'_>> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let quoted = |quote: char| rest[1..].find(quote).map_or(rest.len(), |n| n + 2);
        let length = match first {
            '\'' | '"' => quoted(first),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '$' if rest.starts_with("$$") => rest[2..].find("$$").map_or(rest.len(), |n| n + 4),
            c if c.is_whitespace() => rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len()),
            '@' => 1 + rest[1..].find(|c| !is_word(c)).unwrap_or(rest.len() - 1),
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (piece, behind) = rest.split_at(length);
        tokens.push(match first {
            '@' => Token::Type(&piece[1..]),
            c if is_word(c) => Token::Word(piece),
            '\'' | '"' | '$' => Token::Other(piece),
            '-' if length > 1 => Token::Other(piece),
            c if c.is_whitespace() => Token::Other(piece),
            c => Token::Sign(c),
        });
        rest = behind;
    }
    tokens
}

/// The text of a migration for an engine.
///
/// # Errors
/// [`DbError::Migration`] for a type word nobody knows.
pub(crate) fn expand(sql: &str, engine: Engine) -> Result<String, DbError> {
    let mut out = String::with_capacity(sql.len() * 2);
    let mut table = Table::default();
    for token in tokens(sql) {
        match token {
            Token::Word(word) => {
                table.word(word);
                out.push_str(word);
            }
            Token::Type(word) => {
                expand_type(word, engine, &mut table, &mut out)?;
            }
            Token::Other(other) => out.push_str(other),
            Token::Sign(sign) => {
                out.push(sign);
                table.sign(sign);
                if sign == ')' && table.closes() && engine == Engine::Sqlite {
                    out.push_str(if table.keyed_by_row || !table.has_key { " STRICT" } else { " STRICT, WITHOUT ROWID" });
                }
            }
        }
    }
    Ok(out)
}

fn expand_type(word: &str, engine: Engine, table: &mut Table, out: &mut String) -> Result<(), DbError> {
    table.type_word(word);
    let Table { name, column, .. } = &*table;
    let text = match (engine, word) {
        (Engine::Postgres, "int" | "money") => "bigint",
        (Engine::Postgres, "text") => "text COLLATE \"C\"",
        (Engine::Postgres, "bytes") => "bytea",
        (Engine::Postgres, "flag") => "boolean",
        (Engine::Postgres, "day") => "date",
        (Engine::Postgres, "json") => "json",
        (Engine::Sqlite, "int" | "money") => "INTEGER",
        (Engine::Sqlite, "text") => "TEXT",
        (Engine::Sqlite, "bytes") => "BLOB",
        (Engine::Sqlite, "flag" | "day" | "json") => {
            let (storage, check) = match word {
                "flag" => ("INTEGER", format!("{column} IN (0, 1)")),
                // Without the modifier, 30 February passes.
                "day" => ("TEXT", format!("{column} IS date({column}, '+0 days')")),
                _ => ("TEXT", format!("{column} IS NULL OR json_valid({column})")),
            };
            let _ = write!(out, "{storage} CONSTRAINT {} CHECK ({check})", type_check(word, name, column));
            return Ok(());
        }
        _ => return Err(DbError::Migration(format!("type word @{word} is not one of @int @money @text @bytes @flag @day @json"))),
    };
    out.push_str(text);
    Ok(())
}

/// Name of the check that gives a column of SQLite the type it has on PostgreSQL.
pub(crate) fn type_check(word: &str, table: &str, column: &str) -> String {
    format!("{word}_type_{table}_{column}")
}

/// Where in a CREATE TABLE or ALTER TABLE the text stands.
#[derive(Default)]
struct Table {
    before: Vec<String>,
    name: String,
    column: String,
    creating: bool,
    depth: usize,
    column_is_number: bool,
    keyed_by_row: bool,
    has_key: bool,
}

impl Table {
    fn word(&mut self, word: &str) {
        let upper = word.to_ascii_uppercase();
        let is_name = match self.before.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            [.., "CREATE", "TABLE"] | [.., "ALTER", "TABLE"] => !matches!(upper.as_str(), "IF" | "ONLY"),
            [.., "TABLE", "IF", "NOT", "EXISTS"] => true,
            _ => false,
        };
        if is_name {
            let creating = !self.before.iter().any(|word| word == "ALTER");
            *self = Table { name: word.to_owned(), creating, ..Table::default() };
        }
        if self.before.last().is_some_and(|last| last == "PRIMARY") && upper == "KEY" {
            self.has_key = true;
            self.keyed_by_row |= self.depth == 1 && self.column_is_number;
        }
        word.clone_into(&mut self.column);
        self.before.push(upper);
        if self.before.len() > 5 {
            self.before.remove(0);
        }
    }

    fn type_word(&mut self, word: &str) {
        self.column_is_number = matches!(word, "int" | "money");
    }

    fn sign(&mut self, sign: char) {
        match sign {
            '(' => self.depth += 1,
            ')' => self.depth = self.depth.saturating_sub(1),
            ',' if self.depth == 1 => self.column_is_number = false,
            ';' => *self = Table::default(),
            _ => {}
        }
    }

    /// Whether the parenthesis just closed was the table's own.
    fn closes(&mut self) -> bool {
        self.depth == 0 && std::mem::take(&mut self.creating)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLES: &str = "-- Rows (@rows are not a type here).\n\
        CREATE TABLE unit (id @int NOT NULL PRIMARY KEY, name @text NOT NULL, CONSTRAINT unit_name CHECK (name <> '@x'));\n\
        CREATE TABLE entry (savings @int NOT NULL, day @day NOT NULL, red @flag, note @json, PRIMARY KEY (savings, day));\n\
        CREATE TABLE log (line @bytes);\n\
        ALTER TABLE unit ADD COLUMN closed @day;";

    #[test]
    fn type_words_for_sqlite() {
        assert_eq!(
            expand(TABLES, Engine::Sqlite).unwrap(),
            "-- Rows (@rows are not a type here).\n\
             CREATE TABLE unit (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, CONSTRAINT unit_name CHECK (name <> '@x')) STRICT;\n\
             CREATE TABLE entry (savings INTEGER NOT NULL, day TEXT CONSTRAINT day_type_entry_day CHECK (day IS date(day, '+0 days')) NOT NULL, \
             red INTEGER CONSTRAINT flag_type_entry_red CHECK (red IN (0, 1)), \
             note TEXT CONSTRAINT json_type_entry_note CHECK (note IS NULL OR json_valid(note)), PRIMARY KEY (savings, day)) STRICT, WITHOUT ROWID;\n\
             CREATE TABLE log (line BLOB) STRICT;\n\
             ALTER TABLE unit ADD COLUMN closed TEXT CONSTRAINT day_type_unit_closed CHECK (closed IS date(closed, '+0 days'));"
        );
    }

    #[test]
    fn type_words_for_postgresql() {
        assert_eq!(
            expand("CREATE TABLE IF NOT EXISTS t (a @money NOT NULL, b @text, c @bytes, d @flag, e @day, f @json);", Engine::Postgres)
                .unwrap(),
            "CREATE TABLE IF NOT EXISTS t (a bigint NOT NULL, b text COLLATE \"C\", c bytea, d boolean, e date, f json);"
        );
    }

    #[test]
    fn functions_are_copied_and_unknown_words_named() {
        let function = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE '@money'; END $$;";
        assert_eq!(expand(function, Engine::Postgres).unwrap(), function);
        let message = expand("CREATE TABLE t (a @date)", Engine::Sqlite).unwrap_err().to_string();
        assert_eq!(message, "type word @date is not one of @int @money @text @bytes @flag @day @json");
    }
}
