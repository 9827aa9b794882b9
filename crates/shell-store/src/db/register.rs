//! Every statement is listed where it stands, so that one test prepares all of them on both engines.

use crate::db::error::DbError;
use crate::db::value::Kind;
use crate::db::{Db, Engine};

/// A statement in the list of its module; made by [`statements!`](crate::statements).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registered {
    /// Module and name.
    pub name: &'static str,
    /// The text.
    pub sql: &'static str,
}

/// Names the statements of a module and lists them in `STATEMENTS`.
///
/// ```
/// mod queries {
///     shell_store::statements! {
///         /// Version of a guard row.
///         pub GUARD = "SELECT version FROM guard WHERE key = $1";
///         /// Guard rows of some keys.
///         pub GUARDS = "SELECT key, version FROM guard WHERE key = ANY($1)";
///     }
/// }
/// assert_eq!(queries::STATEMENTS.len(), 2);
/// assert!(queries::STATEMENTS[0].name.ends_with("queries::GUARD"));
/// assert_eq!(queries::STATEMENTS[0].sql, queries::GUARD);
/// ```
#[macro_export]
macro_rules! statements {
    ($($(#[$meta:meta])* $visible:vis $name:ident = $sql:expr;)*) => {
        $($(#[$meta])* $visible const $name: &str = $sql;)*

        /// Every statement of this module, for the test that prepares them on both engines.
        pub const STATEMENTS: &[$crate::db::Registered] = &[
            $($crate::db::Registered { name: concat!(module_path!(), "::", stringify!($name)), sql: $name },)*
        ];
    };
}

/// What an engine makes of a statement. An empty list of kinds is a type it does not tell (SQLite, for parameters and computed
/// columns) or one that we neither bind nor read (PostgreSQL, `numeric`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The possible kinds of each parameter.
    pub parameters: Vec<Vec<Kind>>,
    /// Name and possible kinds of each column of the answer.
    pub columns: Vec<(String, Vec<Kind>)>,
}

/// Prepares statements on both engines and says, a line each, where one refuses or the two part: number of parameters, names
/// and types of columns, types that cannot be bound or read.
///
/// # Errors
/// When an engine is lost.
pub async fn disagreements(sqlite: &Db, postgres: &Db, statements: &[Registered]) -> Result<Vec<String>, DbError> {
    debug_assert_eq!((sqlite.engine(), postgres.engine()), (Engine::Sqlite, Engine::Postgres));
    let mut lines = Vec::new();
    for Registered { name, sql } in statements {
        let (ours, theirs) = match (sqlite.prepare(sql).await, postgres.prepare(sql).await) {
            (Ok(ours), Ok(theirs)) => (ours, theirs),
            (ours, theirs) => {
                for (engine, refused) in [("SQLite", ours.err()), ("PostgreSQL", theirs.err())] {
                    match refused {
                        Some(lost) if lost.is_outage() => return Err(lost),
                        Some(refused) => lines.push(format!("{name}: {engine} refuses it: {refused}")),
                        None => {}
                    }
                }
                continue;
            }
        };
        lines.extend(differences(&ours, &theirs).into_iter().map(|line| format!("{name}: {line}")));
    }
    Ok(lines)
}

fn differences(sqlite: &Prepared, postgres: &Prepared) -> Vec<String> {
    let mut lines = Vec::new();
    let (ours, theirs) = (sqlite.parameters.len(), postgres.parameters.len());
    if ours != theirs {
        lines.push(format!("{ours} parameters on SQLite, {theirs} on PostgreSQL"));
    }
    for (n, kinds) in postgres.parameters.iter().enumerate() {
        if kinds.is_empty() {
            lines.push(format!("parameter ${} has a type on PostgreSQL that we do not bind", n + 1));
        }
    }
    let names = |prepared: &Prepared| prepared.columns.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>().join(", ");
    let (ours, theirs) = (names(sqlite), names(postgres));
    if ours != theirs {
        lines.push(format!("columns ({ours}) on SQLite, ({theirs}) on PostgreSQL"));
        return lines;
    }
    for ((name, ours), (_, theirs)) in sqlite.columns.iter().zip(&postgres.columns) {
        if theirs.is_empty() {
            lines.push(format!("column {name} has a type on PostgreSQL that we do not read"));
        } else if !ours.is_empty() && !ours.iter().any(|kind| theirs.contains(kind)) {
            lines.push(format!("column {name} is one of {ours:?} on SQLite, {theirs:?} on PostgreSQL"));
        }
    }
    lines
}
