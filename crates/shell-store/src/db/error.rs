//! What can go wrong, said the same way on both engines.

use std::fmt;

/// Name of the rule that refused a row (约束): a unique index, a check, a foreign key, or a guard trigger.
///
/// Names are those of the migrations. What the migrations leave unnamed is called as PostgreSQL calls it: `entry_pkey` for a
/// primary key, `entry_day_not_null` for a missing value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Constraint(String);

impl Constraint {
    pub(crate) fn new(name: impl Into<String>) -> Constraint {
        Constraint(name.into())
    }

    /// The name as the engine gave it; compare with [`Constraint::is`].
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Whether it is the rule of this name. A distributed engine adds `_` and digits to names, which does not count.
    pub fn is(&self, name: &str) -> bool {
        match self.0.strip_prefix(name) {
            Some("") => true,
            Some(rest) => rest.strip_prefix('_').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())),
            None => false,
        }
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An error of the store. Messages hold statements and names, never bound values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// The server or the file cannot be reached (exit code 4 of a command).
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// The connection or the engine was lost in the middle.
    #[error("the database was lost: {0}")]
    Lost(String),
    /// The engine refuses a statement: its code (SQLSTATE, or `SQLITE_…` and number), message and the statement.
    #[error("{code}: {message} in: {sql}")]
    Sql {
        /// SQLSTATE, or SQLite's extended result code.
        code: String,
        /// The engine's message.
        message: String,
        /// The statement.
        sql: String,
    },
    /// A value that cannot be stored, or not on both engines.
    #[error("{0}")]
    BadValue(String),
    /// A column does not hold what the reader wants.
    #[error("column {column}: expected {expected}, found {found}")]
    WrongType {
        /// Name of the column.
        column: String,
        /// What the reader wants.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// The answer has fewer columns.
    #[error("the answer has no column at position {0}")]
    NoColumn(usize),
    /// The answer has more columns than were read.
    #[error("nobody reads column {0} of the answer")]
    TooManyColumns(String),
    /// A unit that is wrong in itself: an UPDATE that expects nothing, an update that names an unknown column.
    #[error("{0}")]
    BadUnit(String),
    /// A migration cannot be applied: a changed digest, a gap, an unknown type word, a failing statement.
    #[error("{0}")]
    Migration(String),
}

impl DbError {
    /// Whether the database itself is away, as opposed to a mistake in what was asked.
    pub fn is_outage(&self) -> bool {
        matches!(self, DbError::Unreachable(_) | DbError::Lost(_))
    }

    /// Whether PostgreSQL says that it rolled the transaction back (class 40: serialisation, deadlock).
    pub(crate) fn is_rollback(&self) -> bool {
        matches!(self, DbError::Sql { code, .. } if code.starts_with("40"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suffix_of_a_distributed_engine_does_not_count() {
        let constraint = Constraint::new("entry_pkey_102077");
        assert!(constraint.is("entry_pkey"));
        assert!(constraint.is("entry_pkey_102077"));
        assert!(!constraint.is("entry"));
        assert!(!constraint.is("entry_pkey_10"));
        assert!(!Constraint::new("entry_pkey_").is("entry_pkey"));
    }
}
