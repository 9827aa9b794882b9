//! One SQL text for both engines: placeholders, lists, and the texts of bulk steps.

use std::fmt::Write;

use crate::db::unit::{Insert, Update};
use crate::db::value::Kind;

/// Calls `plain` for each stretch of a text outside quotes and comments and copies the rest as it is.
fn outside_quotes(sql: &str, mut plain: impl FnMut(&str, &mut String)) -> String {
    let mut out = String::with_capacity(sql.len() + 16);
    let (bytes, mut start, mut at) = (sql.as_bytes(), 0, 0);
    while at < bytes.len() {
        let end = match bytes[at] {
            quote @ (b'\'' | b'"') => sql[at + 1..].find(quote as char).map(|n| at + 1 + n + 1),
            b'-' if bytes.get(at + 1) == Some(&b'-') => sql[at..].find('\n').map(|n| at + n),
            _ => {
                at += 1;
                continue;
            }
        }
        .unwrap_or(sql.len());
        plain(&sql[start..at], &mut out);
        out.push_str(&sql[at..end]);
        (start, at) = (end, end);
    }
    plain(&sql[start..], &mut out);
    out
}

/// The text as SQLite takes it: `$n` is `?n`, `= ANY($n)` is `IN rarray(?n)`, `<> ALL($n)` is `NOT IN rarray(?n)`.
pub(crate) fn for_sqlite(sql: &str) -> String {
    outside_quotes(sql, |plain, out| {
        let mut rest = plain;
        while let Some(at) = rest.find(['=', '<', '$']) {
            out.push_str(&rest[..at]);
            let found = &rest[at..];
            let (replacement, length) = match found {
                _ if found.starts_with("= ANY(") => ("IN rarray(", 6),
                _ if found.starts_with("<> ALL(") => ("NOT IN rarray(", 7),
                _ if found.starts_with('$') => ("?", 1),
                _ => (&found[..1], 1),
            };
            out.push_str(replacement);
            rest = &found[length..];
        }
        out.push_str(rest);
    })
}

/// Whether the first word of a text is this one, in any case.
pub(crate) fn begins_with_word(sql: &str, word: &str) -> bool {
    let sql = sql.trim_start();
    let first = sql.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    first.eq_ignore_ascii_case(word)
}

/// The names of `:name` in an expression.
pub(crate) fn named_parameters(text: &str) -> Vec<&str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let pieces = text.split(':').skip(1);
    pieces.map(|piece| piece.split(|c| !is_name(c)).next().unwrap_or("")).filter(|name| !name.is_empty()).collect()
}

/// An expression with each `:name` replaced.
fn with_parameters(text: &str, mut name_of: impl FnMut(&str) -> String) -> String {
    let mut pieces = text.split(':');
    let mut out = pieces.next().unwrap_or("").to_owned();
    for piece in pieces {
        let length = piece.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(piece.len());
        out.push_str(&name_of(&piece[..length]));
        out.push_str(&piece[length..]);
    }
    out
}

/// PostgreSQL's name of a kind.
pub(crate) fn pg_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Int => "bigint",
        Kind::Text => "text",
        Kind::Bytes => "bytea",
        Kind::Flag => "boolean",
        Kind::Day => "date",
        Kind::Json => "json",
    }
}

fn joined(items: impl IntoIterator<Item = impl AsRef<str>>, between: &str) -> String {
    let mut out = String::new();
    for (n, item) in items.into_iter().enumerate() {
        if n > 0 {
            out.push_str(between);
        }
        out.push_str(item.as_ref());
    }
    out
}

impl Insert {
    fn columns(&self) -> String {
        joined(self.rows.columns.iter().map(|column| column.name), ", ")
    }

    fn conflict(&self, sql: &mut String) {
        if let Some(clause) = self.on_conflict {
            let _ = write!(sql, " ON CONFLICT {clause}");
        }
    }

    /// `INSERT INTO t (a, b) SELECT * FROM unnest($1::bigint[], $2::text[])`; a single row is `VALUES ($1, $2)`, which the
    /// server runs in half the time.
    pub(crate) fn for_pg(&self) -> String {
        if self.rows.is_single() {
            let values = (1..=self.rows.columns.len()).map(|n| format!("${n}"));
            return self.with_values(values);
        }
        let arrays = self.rows.columns.iter().enumerate().map(|(n, column)| format!("${}::{}[]", n + 1, pg_type(column.kind)));
        let mut sql = format!("INSERT INTO {} ({}) SELECT * FROM unnest({})", self.table, self.columns(), joined(arrays, ", "));
        self.conflict(&mut sql);
        sql
    }

    /// `COPY t (a, b) FROM STDIN BINARY`.
    pub(crate) fn for_copy(&self) -> String {
        format!("COPY {} ({}) FROM STDIN BINARY", self.table, self.columns())
    }

    /// `INSERT INTO t (a, b) VALUES (?1, ?2)`.
    pub(crate) fn for_sqlite(&self) -> String {
        self.with_values((1..=self.rows.columns.len()).map(|n| format!("?{n}")))
    }

    fn with_values(&self, values: impl Iterator<Item = String>) -> String {
        let mut sql = format!("INSERT INTO {} ({}) VALUES ({})", self.table, self.columns(), joined(values, ", "));
        self.conflict(&mut sql);
        sql
    }
}

impl Update {
    fn text(&self, value: impl Fn(usize) -> String, from: &str) -> String {
        let named = |name: &str| value(self.rows.position(name).unwrap_or(usize::MAX));
        let set = joined(self.set.iter().map(|text| with_parameters(text, named)), ", ");
        let key = self.key.iter().map(|name| format!("{}.{name} = {}", self.table, named(name)));
        let guard = self.guard.iter().map(|text| format!("({})", with_parameters(text, named)));
        let mut sql = format!("UPDATE {} SET {set}{from} WHERE {}", self.table, joined(key.chain(guard), " AND "));
        if !self.returning.is_empty() {
            let _ = write!(sql, " RETURNING {}", self.returning.join(", "));
        }
        sql
    }

    /// `UPDATE t SET n = n + v.c2 FROM unnest($1::bigint[], $2::bigint[]) AS v (c1, c2) WHERE t.id = v.c1`; the columns of `v`
    /// have names that no table has, so that those of the table need no prefix. A single row is compared and assigned directly.
    pub(crate) fn for_pg(&self) -> String {
        if self.rows.is_single() {
            return self.text(|at| format!("${}::{}", at + 1, self.rows.columns.get(at).map_or("", |c| pg_type(c.kind))), "");
        }
        let arrays = self.rows.columns.iter().enumerate().map(|(n, column)| format!("${}::{}[]", n + 1, pg_type(column.kind)));
        let names = (1..=self.rows.columns.len()).map(|n| format!("c{n}"));
        let from = format!(" FROM unnest({}) AS v ({})", joined(arrays, ", "), joined(names, ", "));
        self.text(|at| format!("v.c{}", at + 1), &from)
    }

    /// `UPDATE t SET n = n + ?2 WHERE t.id = ?1`, run row by row.
    pub(crate) fn for_sqlite(&self) -> String {
        self.text(|at| format!("?{}", at + 1), "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::value::Batch;

    #[test]
    fn placeholders_and_lists_become_those_of_sqlite() {
        let table = [
            ("SELECT a FROM t WHERE b = $1 AND c <= $12", "SELECT a FROM t WHERE b = ?1 AND c <= ?12"),
            ("DELETE FROM t WHERE a = ANY($1) AND b <> ALL($2)", "DELETE FROM t WHERE a IN rarray(?1) AND b NOT IN rarray(?2)"),
            ("SELECT '$1', \"$2\", 'it''s $3', $4", "SELECT '$1', \"$2\", 'it''s $3', ?4"),
            ("SELECT a -- costs $5\nFROM t WHERE b = $1", "SELECT a -- costs $5\nFROM t WHERE b = ?1"),
            ("SELECT '元' || $1", "SELECT '元' || ?1"),
        ];
        for (sql, expected) in table {
            assert_eq!(for_sqlite(sql), expected);
        }
    }

    #[test]
    fn a_bulk_update_has_two_texts_of_one_meaning() {
        let rows = Batch::new(&[("savings", Kind::Int), ("amount", Kind::Int), ("seq", Kind::Int)]);
        let update = Update {
            table: "savings_balance",
            rows,
            key: &["savings"],
            guard: &["seq = :seq"],
            set: &["balance = balance + :amount", "seq = seq + 1"],
            returning: &["savings", "balance"],
        };
        assert_eq!(
            update.for_pg(),
            "UPDATE savings_balance SET balance = balance + v.c2, seq = seq + 1 \
             FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS v (c1, c2, c3) \
             WHERE savings_balance.savings = v.c1 AND (seq = v.c3) RETURNING savings, balance"
        );
        assert_eq!(
            update.for_sqlite(),
            "UPDATE savings_balance SET balance = balance + ?2, seq = seq + 1 \
             WHERE savings_balance.savings = ?1 AND (seq = ?3) RETURNING savings, balance"
        );
    }

    #[test]
    fn a_single_row_needs_no_arrays() {
        let mut rows = Batch::new(&[("key", Kind::Text), ("version", Kind::Int)]);
        rows.push(["a".into(), 1.into()]);
        let insert = Insert { on_conflict: Some("(key) DO NOTHING"), ..Insert::new("guard", rows.clone()) };
        assert_eq!(insert.for_pg(), "INSERT INTO guard (key, version) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING");
        let update =
            Update { table: "guard", rows, key: &["key"], guard: &["version = :version"], set: &["version = version + 1"], returning: &[] };
        assert_eq!(update.for_pg(), "UPDATE guard SET version = version + 1 WHERE guard.key = $1::text AND (version = $2::bigint)");
    }

    #[test]
    fn a_bulk_insert_has_two_texts_of_one_meaning() {
        let rows = Batch::new(&[("key", Kind::Text), ("sealed", Kind::Flag)]);
        let insert = Insert { on_conflict: Some("(key) DO NOTHING"), ..Insert::new("guard", rows) };
        assert_eq!(
            insert.for_pg(),
            "INSERT INTO guard (key, sealed) SELECT * FROM unnest($1::text[], $2::boolean[]) ON CONFLICT (key) DO NOTHING"
        );
        assert_eq!(insert.for_sqlite(), "INSERT INTO guard (key, sealed) VALUES (?1, ?2) ON CONFLICT (key) DO NOTHING");
    }

    #[test]
    fn names_in_expressions_are_found() {
        assert_eq!(named_parameters("balance >= :amount + :fee"), ["amount", "fee"]);
        assert!(begins_with_word("\n delete from t", "DELETE"));
        assert!(!begins_with_word("UPDATED", "UPDATE"));
    }
}
