//! SQLite: one file, one writer that commits whoever waits together, a few readers.
//!
//! The write-ahead log lets readers read while the writer writes; `synchronous=FULL` makes every commit durable, and the
//! writer spreads the cost of that over all units that waited meanwhile.

mod names;
mod wire;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::{Semaphore, mpsc, oneshot};

use crate::db::error::DbError;
use crate::db::register::Prepared;
use crate::db::row::Row;
use crate::db::snapshot::{Ask, Snapshot};
use crate::db::text::for_sqlite;
use crate::db::unit::{Outcome, Unit};
use crate::db::value::{Kind, Query, Value};
use crate::db::{Durability, FaultCell};

pub(crate) use names::foreign_key_name;

/// How long one process waits for another that writes to the same file.
const BUSY: Duration = Duration::from_secs(10);
/// Connections that read at the same time.
const READERS: usize = 4;
/// Prepared statements kept by a connection.
const STATEMENTS: usize = 256;

/// An open SQLite file.
pub(crate) struct Lite {
    path: PathBuf,
    writer: writer::Writer,
    readers: Arc<Readers>,
    pub(crate) fault: Arc<FaultCell>,
}

impl Lite {
    pub(crate) async fn open(path: PathBuf) -> Result<Lite, DbError> {
        let file = path.clone();
        let connection = blocking(move || open_writer(&file)).await?;
        let fault = Arc::new(FaultCell::default());
        let writer = writer::Writer::start(path.clone(), connection, fault.clone())?;
        let readers = Readers { path: path.clone(), idle: Mutex::default(), places: Arc::new(Semaphore::new(READERS)) };
        Ok(Lite { path, writer, readers: Arc::new(readers), fault })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn commit_alone(&self, alone: bool) {
        self.writer.alone.store(alone, std::sync::atomic::Ordering::Relaxed);
    }

    pub(crate) async fn commit(&self, unit: Unit) -> Outcome {
        self.writer.commit(unit).await
    }

    pub(crate) async fn read(&self, queries: Vec<Query>) -> Result<Vec<Vec<Row>>, DbError> {
        let one = queries.len() == 1;
        self.readers
            .run(move |db| {
                // One statement is a snapshot by itself.
                if one {
                    return queries.iter().map(|query| wire::query(db, query)).collect();
                }
                control(db, "BEGIN")?;
                let rows = queries.iter().map(|query| wire::query(db, query)).collect();
                control(db, "ROLLBACK")?;
                rows
            })
            .await
    }

    pub(crate) async fn prepare(&self, sql: &str) -> Result<Prepared, DbError> {
        let sql = sql.to_owned();
        self.readers
            .run(move |db| {
                let statement = db.prepare(&for_sqlite(&sql)).map_err(|error| names::error_of(error, &sql))?;
                let columns = statement.columns();
                let columns = columns.map(|column| (column.name().to_owned(), kinds_of(column.decl_type()))).collect();
                Ok(Prepared { parameters: vec![Vec::new(); statement.parameter_count()], columns })
            })
            .await
    }

    pub(crate) async fn snapshot(&self) -> Result<Snapshot, DbError> {
        let path = self.path.clone();
        let (asking, asked) = mpsc::channel(1);
        let (ready, is_ready) = oneshot::channel();
        tokio::task::spawn_blocking(move || {
            let opened = open_reader(&path).and_then(|db| {
                control(&db, "BEGIN")?;
                // The snapshot is taken by the first read.
                wire::query(&db, &Query::new("SELECT count(*) AS tables FROM sqlite_schema", []))?;
                Ok(db)
            });
            match opened {
                Ok(db) => {
                    let _ = ready.send(Ok(()));
                    answer(&db, asked);
                }
                Err(error) => drop(ready.send(Err(error))),
            }
        });
        is_ready.await.map_err(|_| DbError::Lost("the reader stopped".to_owned()))??;
        Ok(Snapshot::new(asking))
    }

    pub(crate) async fn durability(&self) -> Result<Durability, DbError> {
        // The writer's own connection is asked: these settings belong to a connection.
        let names = ["journal_mode", "synchronous", "wal_autocheckpoint", "foreign_keys"];
        let mut unit = Unit::small().returning("SELECT sqlite_version() AS version", [], crate::db::Expect::Any);
        for name in names {
            unit = unit.returning(format!("PRAGMA {name}"), [], crate::db::Expect::Any);
        }
        let mut rows = self.commit(unit).await.done()?.rows.into_iter().flatten();
        let mut next = || -> Result<Value, DbError> {
            let row = rows.next().ok_or_else(|| DbError::Lost("a setting was not answered".to_owned()))?;
            row.values().first().cloned().ok_or(DbError::NoColumn(0))
        };
        let text = |value: Value| match value {
            Value::Text(text) => text,
            Value::Int(n) => n.to_string(),
            other => other.word().to_owned(),
        };
        let engine = format!("SQLite {}", text(next()?));
        let mut settings = Vec::new();
        for name in names {
            settings.push((name.to_owned(), text(next()?)));
        }
        let strong = |name: &str, value: &str| match name {
            "journal_mode" => value == "wal",
            "synchronous" => value == "2" || value == "3",
            _ => true,
        };
        let weakened = settings.iter().filter(|(name, value)| !strong(name, value)).map(|(name, _)| name.clone()).collect();
        Ok(Durability { engine, settings, weakened })
    }
}

/// What a declared column type can hold; nothing is known of computed columns.
fn kinds_of(declared: Option<&str>) -> Vec<Kind> {
    match declared {
        Some("INTEGER") => vec![Kind::Int, Kind::Flag],
        Some("TEXT") => vec![Kind::Text, Kind::Day, Kind::Json],
        Some("BLOB") => vec![Kind::Bytes],
        _ => Vec::new(),
    }
}

/// Answers the questions of a snapshot until it is dropped.
fn answer(db: &Connection, mut asked: mpsc::Receiver<Ask>) {
    while let Some(Ask { query, batch, to }) = asked.blocking_recv() {
        let send = |rows| to.blocking_send(Ok(Some(rows))).is_ok();
        let _ = to.blocking_send(batches(db, &query, batch, send).map(|()| None));
    }
}

/// Hands on the rows of a query in batches, until somebody no longer wants them.
fn batches(db: &Connection, query: &Query, batch: usize, send: impl Fn(Vec<Row>) -> bool) -> Result<(), DbError> {
    query.values.iter().try_for_each(Value::check)?;
    let mut statement = wire::prepare(db, &query.sql, &query.values)?;
    let columns = wire::columns(&statement);
    let mut found = statement.raw_query();
    let mut rows = Vec::with_capacity(batch.min(4096));
    while let Some(next) = found.next().map_err(|error| names::error_of(error, &query.sql))? {
        rows.push(wire::row(&columns, next)?);
        if rows.len() >= batch && !send(std::mem::take(&mut rows)) {
            return Ok(());
        }
    }
    if !rows.is_empty() {
        send(rows);
    }
    Ok(())
}

/// Runs BEGIN, ROLLBACK and their like.
fn control(db: &Connection, sql: &str) -> Result<(), DbError> {
    db.execute_batch(sql).map_err(|error| names::error_of(error, sql))
}

/// Work that blocks, off the threads that serve requests.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, DbError> + Send + 'static) -> Result<T, DbError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(stopped) => Err(DbError::Lost(stopped.to_string())),
    }
}

fn opened(path: &Path, flags: OpenFlags) -> Result<Connection, DbError> {
    let unreachable = |error: rusqlite::Error| DbError::Unreachable(format!("{}: {error}", path.display()));
    let db = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(unreachable)?;
    db.busy_timeout(BUSY).map_err(unreachable)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    rusqlite::vtab::array::load_module(&db).map_err(unreachable)?;
    Ok(db)
}

/// The one connection that writes; creates the file, readable to its owner only: it holds people's data.
fn open_writer(path: &Path) -> Result<Connection, DbError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| DbError::Unreachable(format!("{}: {error}", folder.display())))?;
    }
    let mut create = std::fs::OpenOptions::new();
    create.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut create, 0o600);
    create.open(path).map_err(|error| DbError::Unreachable(format!("{}: {error}", path.display())))?;
    let db = opened(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                    PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;";
    db.execute_batch(settings).map_err(|error| DbError::Unreachable(format!("{}: {error}", path.display())))?;
    Ok(db)
}

/// A connection for migrations, set up as the writer's.
pub(crate) fn open_for_migration(path: &Path) -> Result<Connection, DbError> {
    open_writer(path)
}

/// Finds unique indexes that cannot be told apart.
pub(crate) fn check_names(db: &Connection) -> Result<(), DbError> {
    names::Names::load(db).map(drop)
}

/// A connection that cannot write. (It opens the file for writing all the same: readers of a write-ahead log keep their marks
/// in a file beside it.)
pub(crate) fn open_reader(path: &Path) -> Result<Connection, DbError> {
    let db = opened(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let settings = "PRAGMA query_only = ON; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;";
    db.execute_batch(settings).map_err(|error| DbError::Unreachable(format!("{}: {error}", path.display())))?;
    Ok(db)
}

/// Connections that read, opened when first needed.
struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
}

impl Readers {
    async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Connection) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, DbError> {
        let place = self.places.clone().acquire_owned().await.map_err(|closed| DbError::Lost(closed.to_string()))?;
        let readers = self.clone();
        // The work ends by itself when the one who asked is gone: the connection comes back without a transaction.
        blocking(move || {
            let _place = place;
            let idle = readers.idle.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).pop();
            let db = match idle {
                Some(db) => db,
                None => open_reader(&readers.path)?,
            };
            let result = work(&db);
            if db.is_autocommit() {
                readers.idle.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(db);
            }
            result
        })
        .await
    }
}
