//! The one writer: a thread that applies units in savepoints and commits all that wait together.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::db::error::{Constraint, DbError};
use crate::db::lite::names::{Meaning, Names, broken_foreign_key, error_of};
use crate::db::lite::{control, open_writer, wire};
use crate::db::row::Row;
use crate::db::unit::{Done, Insert, Outcome, Step, Unit, Update, Weight};
use crate::db::value::Value;
use crate::db::{Fault, FaultCell};

/// Small units in the queue; whoever comes then waits outside.
const SMALL_ROOM: usize = 1024;
/// Bulk units in the queue: each may hold some megabytes.
const BULK_ROOM: usize = 4;
/// Small units under one COMMIT, so that the first of a flood is not kept waiting for the last.
const GROUP: usize = 256;
/// Groups of small units before a waiting bulk unit has its turn.
const PATIENCE: usize = 8;

/// A unit with the one who waits for it.
struct Job {
    unit: Unit,
    answer: oneshot::Sender<Outcome>,
    _room: OwnedSemaphorePermit,
}

#[derive(Default)]
struct Waiting {
    small: VecDeque<Job>,
    bulk: VecDeque<Job>,
    /// Groups of small units since the last bulk unit.
    smalls: usize,
    closed: bool,
}

#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    wake: Condvar,
}

/// Handle of the writer's thread; dropped, it waits until everything accepted is committed.
pub(super) struct Writer {
    /// Each unit has a COMMIT of its own, see [`crate::db::Db::commit_alone`].
    pub(super) alone: Arc<AtomicBool>,
    queue: Arc<Queue>,
    small: Arc<Semaphore>,
    bulk: Arc<Semaphore>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(path: PathBuf, db: Connection, fault: Arc<FaultCell>) -> Result<Writer, DbError> {
        let queue = Arc::new(Queue::default());
        let alone = Arc::new(AtomicBool::new(false));
        let (its_queue, its_alone) = (queue.clone(), alone.clone());
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || serve(&its_queue, &its_alone, &path, db, &fault))
            .map_err(|error| DbError::Unreachable(format!("no thread for the writer: {error}")))?;
        let (small, bulk) = (Arc::new(Semaphore::new(SMALL_ROOM)), Arc::new(Semaphore::new(BULK_ROOM)));
        Ok(Writer { alone, queue, small, bulk, thread: Some(thread) })
    }

    pub(super) async fn commit(&self, unit: Unit) -> Outcome {
        let room = match unit.weight {
            Weight::Small => self.small.clone().acquire_owned().await,
            Weight::Bulk => self.bulk.clone().acquire_owned().await,
        };
        let Ok(room) = room else { return Outcome::Failed(DbError::Lost("the writer has ended".to_owned())) };
        let (answer, answered) = oneshot::channel();
        {
            let mut waiting = self.queue.lock();
            let weight = unit.weight;
            let job = Job { unit, answer, _room: room };
            match weight {
                Weight::Small => waiting.small.push_back(job),
                Weight::Bulk => waiting.bulk.push_back(job),
            }
        }
        self.queue.wake.notify_one();
        answered.await.unwrap_or_else(|_| Outcome::Unknown(DbError::Lost("the writer stopped".to_owned())))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.lock().closed = true;
        self.queue.wake.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Queue {
    fn lock(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// The first unit of a group: small ones first, but a bulk unit is not kept waiting for ever. None at the end.
    fn first(&self) -> Option<Job> {
        let mut waiting = self.lock();
        loop {
            let bulk_turn = waiting.small.is_empty() || waiting.smalls >= PATIENCE;
            if bulk_turn && let Some(job) = waiting.bulk.pop_front() {
                waiting.smalls = 0;
                return Some(job);
            }
            if let Some(job) = waiting.small.pop_front() {
                waiting.smalls += 1;
                return Some(job);
            }
            if waiting.closed {
                return None;
            }
            waiting = self.wake.wait(waiting).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
    }

    /// A further small unit for the group, if one waits.
    fn further(&self) -> Option<Job> {
        self.lock().small.pop_front()
    }
}

/// The connection with what is known of its schema.
struct Open {
    db: Connection,
    names: Names,
}

fn serve(queue: &Queue, alone: &AtomicBool, path: &Path, db: Connection, fault: &FaultCell) {
    let mut open = Some(Open { db, names: Names::default() });
    while let Some(first) = queue.first() {
        let reopened = match open.take() {
            Some(open) => Ok(open),
            None => open_writer(path).map(|db| Open { db, names: Names::default() }),
        };
        let mut state = match reopened {
            Ok(state) => state,
            Err(error) => {
                let _ = first.answer.send(Outcome::Failed(error));
                continue;
            }
        };
        // Whoever is in the group when something breaks is told that the end is unknown: their senders live out here.
        let mut group = Vec::new();
        let ended = catch_unwind(AssertUnwindSafe(|| state.group(queue, alone.load(Ordering::Relaxed), first, &mut group, fault)));
        let end = ended.unwrap_or_else(|_| End::Broken(DbError::Lost("the writer panicked".to_owned())));
        match end {
            End::Whole => {
                group.into_iter().for_each(|(answer, outcome)| drop(answer.send(outcome)));
                open = Some(state);
            }
            End::Nothing(error) => {
                group.into_iter().for_each(|(answer, _)| drop(answer.send(Outcome::Retry(error.clone()))));
                open = Some(state);
            }
            // The connection is dropped, which rolls back what it still holds.
            End::Broken(error) => group.into_iter().for_each(|(answer, _)| drop(answer.send(Outcome::Unknown(error.clone())))),
        }
    }
}

/// How a group ended.
enum End {
    /// Each unit has its own outcome, and those done are durable.
    Whole,
    /// The group could not begin, somebody else holds the file.
    Nothing(DbError),
    /// Something broke: nobody can rely on anything.
    Broken(DbError),
}

type Group = Vec<(oneshot::Sender<Outcome>, Outcome)>;

fn unanswered() -> Outcome {
    Outcome::Unknown(DbError::Lost("the group was not finished".to_owned()))
}

impl Open {
    fn group(&mut self, queue: &Queue, alone: bool, first: Job, group: &mut Group, fault: &FaultCell) -> End {
        let alone = alone || first.unit.weight == Weight::Bulk;
        let mut next = Some(first);
        if let Err(error) = self.db.execute_batch("BEGIN IMMEDIATE") {
            group.extend(next.map(|job| (job.answer, unanswered())));
            let found = error_of(error, "BEGIN IMMEDIATE");
            return End::Nothing(found);
        }
        while let Some(Job { unit, answer, _room }) = next {
            group.push((answer, unanswered()));
            let outcome = match self.unit(&unit) {
                Ok(outcome) => outcome,
                Err(error) => return End::Broken(error),
            };
            // A full disk or a broken file may have rolled back everything, the earlier units too.
            if self.db.is_autocommit() {
                let error = match outcome {
                    Outcome::Failed(error) | Outcome::Retry(error) => error,
                    _ => DbError::Lost("the engine ended the transaction".to_owned()),
                };
                return End::Broken(error);
            }
            if let Some(last) = group.last_mut() {
                last.1 = outcome;
            }
            next = if alone || group.len() >= GROUP { None } else { queue.further() };
        }
        match fault.take() {
            Some(Fault::BeforeCommit) => return End::Broken(DbError::Lost("fault before COMMIT".to_owned())),
            Some(Fault::AfterCommit) => {
                let _ = self.db.execute_batch("COMMIT");
                return End::Broken(DbError::Lost("fault after COMMIT".to_owned()));
            }
            None => {}
        }
        match control(&self.db, "COMMIT") {
            Ok(()) => End::Whole,
            Err(error) => End::Broken(error),
        }
    }

    /// One unit in its savepoint. An error means that not even the savepoint could be rolled back.
    fn unit(&mut self, unit: &Unit) -> Result<Outcome, DbError> {
        control(&self.db, "SAVEPOINT unit")?;
        let mut done = Done::default();
        for (index, step) in unit.steps.iter().enumerate() {
            let stopped = match run(&self.db, step) {
                Ok((found, rows)) if step.expect().allows(found) => {
                    done.counts.push(found);
                    done.rows.push(rows);
                    continue;
                }
                Ok((found, _)) => Outcome::Stale { step: index, found },
                Err(stopped) => self.outcome(stopped, step, index),
            };
            if !self.db.is_autocommit() {
                control(&self.db, "ROLLBACK TO unit")?;
                control(&self.db, "RELEASE unit")?;
            }
            return Ok(stopped);
        }
        control(&self.db, "RELEASE unit")?;
        Ok(Outcome::Done(done))
    }

    fn outcome(&mut self, stopped: Stopped, step: &Step, index: usize) -> Outcome {
        let (error, sql) = match stopped {
            Stopped::Engine(error, sql) => (error, sql),
            Stopped::Ours(error) => return Outcome::Failed(error),
        };
        if self.names.is_stale(&error) && !self.db.is_autocommit() {
            match Names::load(&self.db) {
                Ok(names) => self.names = names,
                Err(error) => return Outcome::Failed(error),
            }
        }
        match self.names.meaning(&error) {
            Meaning::Refused(constraint) => Outcome::Refused { constraint, step: index },
            Meaning::ForeignKey => Outcome::Refused { constraint: self.foreign_key(step), step: index },
            Meaning::Busy => Outcome::Retry(error_of(error, &sql)),
            Meaning::Other => Outcome::Failed(error_of(error, &sql)),
        }
    }

    /// Runs the step again with its foreign keys unchecked until COMMIT, looks which one is broken, and leaves the rest to the
    /// caller, who rolls the savepoint back.
    fn foreign_key(&self, step: &Step) -> Constraint {
        let search = || -> rusqlite::Result<Option<Constraint>> {
            self.db.execute_batch("PRAGMA defer_foreign_keys = ON")?;
            let found = match run(&self.db, step) {
                Ok(_) => broken_foreign_key(&self.db)?,
                Err(_) => None,
            };
            self.db.execute_batch("PRAGMA defer_foreign_keys = OFF")?;
            Ok(found)
        };
        search().ok().flatten().unwrap_or_else(|| Constraint::new("foreign_key"))
    }
}

/// Why a step could not run.
enum Stopped {
    /// The engine refuses it, with the statement.
    Engine(rusqlite::Error, String),
    /// We refuse it.
    Ours(DbError),
}

/// Runs one step: the rows it met, and those it gives back.
fn run(db: &Connection, step: &Step) -> Result<(u64, Vec<Row>), Stopped> {
    match step {
        Step::Sql { sql, values, .. } => statement(db, sql, values, false),
        Step::Returning { sql, values, .. } => statement(db, sql, values, true),
        Step::Insert(insert) => bulk_insert(db, insert),
        Step::Update(update) => bulk_update(db, update),
    }
}

fn statement(db: &Connection, sql: &str, values: &[Value], keep: bool) -> Result<(u64, Vec<Row>), Stopped> {
    let engine = |error| Stopped::Engine(error, sql.to_owned());
    let mut statement = wire::prepare(db, sql, values).map_err(Stopped::Ours)?;
    if statement.column_count() == 0 {
        return Ok((statement.raw_execute().map_err(engine)? as u64, Vec::new()));
    }
    let columns = wire::columns(&statement);
    let mut found = statement.raw_query();
    let (mut count, mut rows) = (0, Vec::new());
    while let Some(next) = found.next().map_err(engine)? {
        count += 1;
        if keep {
            rows.push(wire::row(&columns, next).map_err(Stopped::Ours)?);
        }
    }
    Ok((count, rows))
}

fn bulk_insert(db: &Connection, insert: &Insert) -> Result<(u64, Vec<Row>), Stopped> {
    let sql = insert.for_sqlite();
    let engine = |error| Stopped::Engine(error, sql.clone());
    let mut statement = db.prepare_cached(&sql).map_err(engine)?;
    let mut count = 0;
    for row in 0..insert.rows.len() {
        for (n, column) in insert.rows.columns.iter().enumerate() {
            wire::bind_cell(&mut statement, n + 1, &column.cells, row).map_err(engine)?;
        }
        count += statement.raw_execute().map_err(engine)? as u64;
    }
    Ok((count, Vec::new()))
}

fn bulk_update(db: &Connection, update: &Update) -> Result<(u64, Vec<Row>), Stopped> {
    let sql = update.for_sqlite();
    let engine = |error| Stopped::Engine(error, sql.clone());
    let mut statement = db.prepare_cached(&sql).map_err(engine)?;
    let columns = wire::columns(&statement);
    let parameters = statement.parameter_count();
    let (mut count, mut rows) = (0, Vec::new());
    for row in 0..update.rows.len() {
        // A last column that no expression names has no parameter.
        for (n, column) in update.rows.columns.iter().enumerate().take(parameters) {
            wire::bind_cell(&mut statement, n + 1, &column.cells, row).map_err(engine)?;
        }
        if columns.is_empty() {
            count += statement.raw_execute().map_err(engine)? as u64;
            continue;
        }
        let mut found = statement.raw_query();
        while let Some(next) = found.next().map_err(engine)? {
            count += 1;
            rows.push(wire::row(&columns, next).map_err(Stopped::Ours)?);
        }
    }
    Ok((count, rows))
}
