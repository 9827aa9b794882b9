//! The engine layer: the only code that knows whether SQLite or PostgreSQL is underneath.
//!
//! Reads are lists of [`Query`] answered from one snapshot; writes are data, a [`Unit`] of [`Step`]s that is committed whole
//! or not at all, so no transaction is ever held while the application waits for something else. One SQL text with `$n`
//! serves both engines.
//!
//! ```no_run
//! use shell_store::db::{Db, Expect, Outcome, Query, Unit};
//!
//! # async fn show() -> Result<(), shell_store::db::DbError> {
//! let db = Db::open("data", "5323").await?;
//! let rows = db.read(vec![Query::new("SELECT state FROM business_day WHERE day = $1", [core_calendar::Day::MIN.into()])]).await?;
//! let unit = Unit::small().sql("UPDATE guard SET version = version + 1 WHERE key = $1 AND version = $2",
//!     ["home".into(), 7.into()], Expect::Exactly(1));
//! match db.commit(unit).await {
//!     Outcome::Done(done) => drop(done.counts),
//!     Outcome::Stale { step, found } => println!("step {step} met {found} rows"),
//!     other => println!("{other:?}"),
//! }
//! # drop(rows); Ok(()) }
//! ```
//!
//! Rules of SQL that hold for both engines: flags are written `WHERE sealed`, lists `= ANY($1)` or `<> ALL($1)`, sums
//! `CAST(SUM(x) AS bigint)`, every computed column has an alias; no `/`, no `::`, no clock, no sequence.
//! Left out: TLS to the server (run it on the same host or through a tunnel; `sslmode=require` is refused loudly), and
//! serialisable isolation: a question over many rows is protected by a guard row, not by the engine.

mod error;
pub mod limit;
mod lite;
mod migrate;
mod pg;
mod register;
mod row;
mod schema;
mod snapshot;
mod text;
mod unit;
mod value;
mod words;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use error::{Constraint, DbError};
pub use migrate::{Grants, Migration, Migrations, grant, migrate};
pub use register::{Prepared, Registered, disagreements};
pub use row::{Cells, FromColumn, Row};
pub use schema::schema;
pub use snapshot::{RowStream, Snapshot};
pub use unit::{Done, Expect, Insert, Outcome, Step, Unit, Update, Weight};
pub use value::{Batch, Kind, Query, Value};

/// Which database is underneath (数据库).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// One file for the centre, no server.
    Sqlite,
    /// One schema for the centre, `centre_<code>`.
    Postgres,
}

/// What the next commit is made to meet, so that what stands above can be tested against an unanswered commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The engine is lost before COMMIT: nothing is stored, and nobody is told.
    BeforeCommit,
    /// COMMIT goes through and its answer is lost.
    AfterCommit,
}

/// Settings that decide whether a commit survives a power cut, as the engine itself reports them (持久性设置).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Durability {
    /// The engine and its version, `PostgreSQL 15.18` or `SQLite 3.50.4`.
    pub engine: String,
    /// Name and value of each setting, in the order they were asked.
    pub settings: Vec<(String, String)>,
    /// Settings whose value is weaker than full durability; empty is what a benchmark needs before it prints a ratio.
    pub weakened: Vec<String>,
}

/// A centre's database (中心数据库). Clones are handles to the same one.
#[derive(Clone)]
pub struct Db {
    inner: Inner,
}

#[derive(Clone)]
enum Inner {
    Lite(Arc<lite::Lite>),
    Pg(Arc<pg::Pg>),
}

/// Where a centre's database is, read from an address or a path.
pub(crate) enum Place {
    Lite(PathBuf),
    Pg { url: String, schema: String },
}

impl Place {
    /// `postgres://…` is a server; anything else is a file, or a directory that holds `centre_<code>.db`.
    pub(crate) fn of(address: &str, centre: &str) -> Result<Place, DbError> {
        if centre.is_empty() || centre.len() > 32 || !centre.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            return Err(DbError::Unreachable(format!("{centre:?} is no centre code: lower-case letters, digits and _ only")));
        }
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            return Ok(Place::Pg { url: address.to_owned(), schema: format!("centre_{centre}") });
        }
        let path = Path::new(address);
        let is_directory = path.is_dir() || address.ends_with('/') || path.extension().is_none();
        Ok(Place::Lite(if is_directory { path.join(format!("centre_{centre}.db")) } else { path.to_owned() }))
    }
}

impl Db {
    /// Opens a centre's database: `postgres://…` with the schema `centre_<code>`, or a file, or a directory for its file.
    ///
    /// A SQLite file is created when missing; tables come from [`migrate()`].
    ///
    /// # Errors
    /// [`DbError::Unreachable`] when the server does not answer, the file cannot be opened, or the centre's code holds
    /// anything but lower-case letters, digits and `_`.
    pub async fn open(address: &str, centre: &str) -> Result<Db, DbError> {
        let inner = match Place::of(address, centre)? {
            Place::Lite(path) => Inner::Lite(Arc::new(lite::Lite::open(path).await?)),
            Place::Pg { url, schema } => Inner::Pg(Arc::new(pg::Pg::open(&url, schema).await?)),
        };
        Ok(Db { inner })
    }

    /// Another centre of the same server, over the same connections; on SQLite another file beside this one.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub async fn sibling(&self, centre: &str) -> Result<Db, DbError> {
        match &self.inner {
            Inner::Lite(lite) => {
                let folder = lite.path().parent().unwrap_or(Path::new("."));
                Db::open(&format!("{}/", folder.display()), centre).await
            }
            Inner::Pg(pg) => match Place::of("postgres://", centre)? {
                Place::Pg { schema, .. } => Ok(Db { inner: Inner::Pg(Arc::new(pg.sibling(schema))) }),
                Place::Lite(_) => unreachable!("the address names a server"),
            },
        }
    }

    /// Which engine is underneath.
    pub fn engine(&self) -> Engine {
        match &self.inner {
            Inner::Lite(_) => Engine::Sqlite,
            Inner::Pg(_) => Engine::Postgres,
        }
    }

    /// Answers all queries from one snapshot; a result for each query, in order.
    ///
    /// On PostgreSQL they travel in one flush (repeatable read, read only), on SQLite they run in one read transaction.
    ///
    /// # Errors
    /// The first query that fails, with its text.
    pub async fn read(&self, queries: Vec<Query>) -> Result<Vec<Vec<Row>>, DbError> {
        match &self.inner {
            Inner::Lite(lite) => lite.read(queries).await,
            Inner::Pg(pg) => pg.read(queries).await,
        }
    }

    /// Commits a unit whole, or says why not. See [`Outcome`] for what each answer means.
    ///
    /// A dropped future does not cancel a unit that has begun: it ends by itself, and its idempotency key tells how.
    pub async fn commit(&self, unit: Unit) -> Outcome {
        if let Err(error) = unit.check() {
            return Outcome::Failed(error);
        }
        match &self.inner {
            Inner::Lite(lite) => lite.commit(unit).await,
            Inner::Pg(pg) => pg.commit(unit).await,
        }
    }

    /// Rows of one big query in batches of `batch` rows, so that memory stays bounded (verify, exports).
    ///
    /// # Errors
    /// [`DbError::Unreachable`] when no connection is to be had.
    pub async fn stream(&self, query: Query, batch: usize) -> Result<RowStream<'static>, DbError> {
        self.snapshot().await?.into_stream(query, batch).await
    }

    /// A snapshot that answers query after query, all as of now, until it is dropped.
    ///
    /// For verify and exports, not for requests: on SQLite the log file grows while it is open, on PostgreSQL it holds a
    /// connection.
    ///
    /// # Errors
    /// [`DbError::Unreachable`] when no connection is to be had.
    pub async fn snapshot(&self) -> Result<Snapshot, DbError> {
        match &self.inner {
            Inner::Lite(lite) => lite.snapshot().await,
            Inner::Pg(pg) => pg.snapshot().await,
        }
    }

    /// The settings that decide about durability, read back from the engine.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub async fn durability(&self) -> Result<Durability, DbError> {
        match &self.inner {
            Inner::Lite(lite) => lite.durability().await,
            Inner::Pg(pg) => pg.durability().await,
        }
    }

    /// What the engine makes of a statement without running it: number of parameters, columns and types.
    ///
    /// # Errors
    /// When the engine does not accept the text, with its message.
    pub async fn prepare(&self, sql: &str) -> Result<Prepared, DbError> {
        match &self.inner {
            Inner::Lite(lite) => lite.prepare(sql).await,
            Inner::Pg(pg) => pg.prepare(sql).await,
        }
    }

    /// Whether each unit has a COMMIT of its own on SQLite instead of one with all that wait: for measuring what grouping gives.
    /// PostgreSQL groups by itself and is left alone.
    pub fn commit_alone(&self, alone: bool) {
        match &self.inner {
            Inner::Lite(lite) => lite.commit_alone(alone),
            Inner::Pg(_) => {}
        }
    }

    /// Makes the next commit meet a fault. For tests of what stands above; the outcome is [`Outcome::Unknown`].
    pub fn fail_next_commit(&self, fault: Fault) {
        match &self.inner {
            Inner::Lite(lite) => lite.fault.set(fault),
            Inner::Pg(pg) => pg.fault.set(fault),
        }
    }
}

/// A fault waiting for the next commit.
#[derive(Default)]
pub(crate) struct FaultCell(std::sync::Mutex<Option<Fault>>);

impl FaultCell {
    fn set(&self, fault: Fault) {
        *self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(fault);
    }

    pub(crate) fn take(&self) -> Option<Fault> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take()
    }
}
