//! The raw limit (数据库自身的极限): what the engine needs for the very rows that a measured run wrote, and nothing else.
//!
//! Before the run the whole database is copied to a twin: same tables, indexes, checks and triggers. Afterwards the rows that came
//! are written into the twin as fast as the engine takes them, binary COPY on PostgreSQL, a prepared insert on SQLite, and the rows
//! that changed by one set-based UPDATE a table, all in one transaction under the same durability. Rows lie in memory before the
//! clock runs. At the end both databases must hold the same, so that nobody compares with less work than was done.

mod lite;
mod pg;

use std::time::Duration;

use crate::db::error::DbError;
use crate::db::{Place, lite as engine_lite};

/// Codes of centres that exist only to be measured.
const PREFIX: &str = "bench_";

/// A twin that waits for the rows of a run.
pub struct Limit {
    address: String,
    own: String,
}

/// What the limit took.
#[derive(Clone, Debug, Default)]
pub struct Raw {
    /// Time inside the engine's statements and COMMIT.
    pub time: Duration,
    /// New rows.
    pub inserted: u64,
    /// Changed rows.
    pub updated: u64,
    /// The statements as they ran, each with its rows and time.
    pub statements: Vec<Timed>,
}

/// A statement of the limit.
#[derive(Clone, Debug)]
pub struct Timed {
    /// Its text.
    pub sql: String,
    /// Rows it wrote.
    pub rows: u64,
    /// How long it took.
    pub time: Duration,
}

impl Raw {
    fn add(&mut self, sql: String, rows: u64, time: Duration) {
        self.time += time;
        self.statements.push(Timed { sql, rows, time });
    }
}

impl Limit {
    /// Copies a centre that exists only to be measured (its code begins with `bench_`) as it is now.
    ///
    /// # Errors
    /// When the code is another's, or the database does not answer.
    pub async fn before(address: &str, centre: &str) -> Result<Limit, DbError> {
        measured(centre)?;
        let limit = Limit { address: address.to_owned(), own: centre.to_owned() };
        match (Place::of(address, centre)?, Place::of(address, &twin_of(&limit.own))?) {
            (Place::Lite(own), Place::Lite(twin)) => blocking(move || lite::copy(&own, &twin)).await?,
            (Place::Pg { url, schema: own }, Place::Pg { schema: twin, .. }) => {
                crate::db::migrate(address, &twin_of(&limit.own), &crate::db::Migrations::shipped()?).await?;
                pg::copy(&url, &own, &twin).await?;
            }
            _ => unreachable!("one address is one engine"),
        }
        Ok(limit)
    }

    /// Writes into the twin what the centre got since. Both go with [`remove`].
    ///
    /// # Errors
    /// When the database does not answer, or the twin does not hold the same afterwards.
    pub async fn run(self) -> Result<Raw, DbError> {
        Ok(match (Place::of(&self.address, &self.own)?, Place::of(&self.address, &twin_of(&self.own))?) {
            (Place::Lite(own), Place::Lite(twin)) => blocking(move || lite::run(&own, &twin)).await?,
            (Place::Pg { url, schema: own }, Place::Pg { schema: twin, .. }) => pg::run(&url, &own, &twin).await?,
            _ => unreachable!("one address is one engine"),
        })
    }
}

/// Removes a centre that existed only to be measured, and its twin where one is left.
///
/// # Errors
/// When its code is another's, or the database does not answer.
pub async fn remove(address: &str, centre: &str) -> Result<(), DbError> {
    measured(centre)?;
    for code in [twin_of(centre), centre.to_owned()] {
        match Place::of(address, &code)? {
            Place::Lite(path) => {
                for suffix in ["", "-wal", "-shm"] {
                    let mut file = path.clone().into_os_string();
                    file.push(suffix);
                    match std::fs::remove_file(&file) {
                        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                            return Err(DbError::Unreachable(error.to_string()));
                        }
                        _ => {}
                    }
                }
            }
            Place::Pg { url, schema } => pg::remove(&url, &schema).await?,
        }
    }
    Ok(())
}

/// The code of a centre's twin.
fn twin_of(centre: &str) -> String {
    format!("{centre}_twin")
}

fn measured(centre: &str) -> Result<(), DbError> {
    match centre.starts_with(PREFIX) {
        true => Ok(()),
        false => Err(DbError::BadUnit(format!("{centre} is no centre made for measuring"))),
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, DbError> + Send + 'static) -> Result<T, DbError> {
    engine_lite::blocking(work).await
}

/// A table with its key, as the catalogue tells.
#[derive(Clone, Debug, Default)]
struct Table {
    name: String,
    key: Vec<String>,
    other: Vec<String>,
}

/// The texts of a table's statements; `own` and `twin` are how it is named on either side.
struct Texts {
    /// Rows the twin does not have.
    new: String,
    /// How many rows it has otherwise.
    changed: String,
    /// Makes them the same.
    update: String,
}

impl Table {
    fn texts(&self, own: &str, twin: &str, differs: &str) -> Texts {
        let each = |columns: &[String], with: &dyn Fn(&String) -> String, between: &str| {
            columns.iter().map(with).collect::<Vec<_>>().join(between)
        };
        let same_key = |t: &str| each(&self.key, &|k| format!("n.{k} = {t}.{k}"), " AND ");
        let unlike = |t: &str| match self.other.is_empty() {
            // A table that is all key has no rows that changed.
            true => "1 = 0".to_owned(),
            false => each(&self.other, &|c| format!("{t}.{c} {differs} n.{c}"), " OR "),
        };
        let set = each(&self.other, &|c| format!("{c} = n.{c}"), ", ");
        let columns = each(&[&self.key[..], &self.other[..]].concat(), &|c| format!("n.{c}"), ", ");
        Texts {
            new: format!("SELECT {columns} FROM {own} n WHERE NOT EXISTS (SELECT 1 FROM {twin} o WHERE {})", same_key("o")),
            changed: format!("SELECT COUNT(*) FROM {twin} o JOIN {own} n ON {} WHERE {}", same_key("o"), unlike("o")),
            update: format!("UPDATE {twin} AS o SET {set} FROM {own} n WHERE {} AND ({})", same_key("o"), unlike("o")),
        }
    }

    fn columns(&self) -> String {
        [&self.key[..], &self.other[..]].concat().join(", ")
    }
}

/// What is left after the limit ran must be nothing.
fn same(table: &str, missing: i64, changed: i64) -> Result<(), DbError> {
    match (missing, changed) {
        (0, 0) => Ok(()),
        _ => Err(DbError::BadUnit(format!("the limit left {missing} rows of {table} out and {changed} unlike"))),
    }
}
