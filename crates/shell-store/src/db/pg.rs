//! PostgreSQL: one pool for all centres of a server, units in three flushes.
//!
//! First flush: the schema's search path where the connection has another, and what is not prepared yet. Second: BEGIN and all statements. Third, when all
//! counts are right: COMMIT. Each runs in a task of its own, so that a dropped request cannot leave a transaction open.

mod wire;

use std::future::{Future, poll_fn};
use std::ops::Deref;
use std::pin::{Pin, pin};
use std::str::FromStr;
use std::sync::Arc;
use std::task::{Context, Poll};

use deadpool::managed::{self, Metrics, Object, Pool, PoolError, RecycleResult};
use deadpool_postgres::{ClientWrapper, Manager, ManagerConfig, RecyclingMethod, Runtime};
use futures_util::StreamExt;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Config, NoTls, Statement};

use crate::db::error::{Constraint, DbError};
use crate::db::register::Prepared;
use crate::db::row::Row;
use crate::db::snapshot::{Ask, Part, Snapshot};
use crate::db::text::begins_with_word;
use crate::db::unit::{Done, Insert, Outcome, Step, Unit, Weight};
use crate::db::value::{Batch, Query, Value};
use crate::db::{Durability, Fault, FaultCell};

use wire::Parameter;

/// Connections to a server.
const CONNECTIONS: usize = 20;
/// Bulk units at the same time, so that counters find a connection while the night runs.
const BULK: usize = 4;
/// Rows from which an insert is a COPY.
const COPIED: usize = 3_000;

/// A statement prepared while its table was small keeps the plan of a small table, which compares every row with every element
/// of a list: quadratic for the thousands of keys of a file. Such a transaction plans its statements by what they are given.
const PLAN_ANEW: &str = "SET LOCAL plan_cache_mode = force_custom_plan";

/// Keys in a list up to which a read keeps its plans whatever they are.
const FEW: usize = 16;

/// A list looks cheaper to the server once it knows how short it is, so it would plan the questions of every posting anew and spend
/// more on that than on answering them.
const PLAN_KEPT: &str = "SET LOCAL plan_cache_mode = force_generic_plan";

/// A server with one centre's schema. Siblings share the pool.
pub(crate) struct Pg {
    shared: Arc<Shared>,
    search_path: Arc<str>,
    pub(crate) fault: Arc<FaultCell>,
}

struct Shared {
    pool: Pool<Connections>,
    bulk: Semaphore,
}

/// Makes connections and keeps what is known of each.
struct Connections(Manager);

/// A connection, with the search path that it has.
struct Connection {
    client: ClientWrapper,
    path: Option<Arc<str>>,
}

impl managed::Manager for Connections {
    type Type = Connection;
    type Error = tokio_postgres::Error;

    async fn create(&self) -> Result<Connection, Self::Error> {
        Ok(Connection { client: managed::Manager::create(&self.0).await?, path: None })
    }

    async fn recycle(&self, connection: &mut Connection, metrics: &Metrics) -> RecycleResult<Self::Error> {
        managed::Manager::recycle(&self.0, &mut connection.client, metrics).await
    }

    fn detach(&self, connection: &mut Connection) {
        managed::Manager::detach(&self.0, &mut connection.client);
    }
}

/// Reads an address; the connection says who it is.
pub(crate) fn config(url: &str) -> Result<Config, DbError> {
    let mut config =
        Config::from_str(url).map_err(|error| DbError::Unreachable(format!("the address cannot be read: {}", chain(&error))))?;
    config.application_name("anju");
    Ok(config)
}

impl Pg {
    pub(crate) async fn open(url: &str, schema: String) -> Result<Pg, DbError> {
        let manager = Manager::from_config(config(url)?, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let pool = Pool::builder(Connections(manager)).max_size(CONNECTIONS).runtime(Runtime::Tokio1).build();
        let pool = pool.map_err(|error| DbError::Unreachable(error.to_string()))?;
        let shared = Arc::new(Shared { pool, bulk: Semaphore::new(BULK) });
        // Finds out now whether anybody answers.
        shared.lease().await?.give_back();
        Ok(Pg { shared, search_path: search_path(&schema), fault: Arc::default() })
    }

    pub(crate) fn sibling(&self, schema: String) -> Pg {
        Pg { shared: self.shared.clone(), search_path: search_path(&schema), fault: Arc::default() }
    }

    pub(crate) async fn read(&self, queries: Vec<Query>) -> Result<Vec<Vec<Row>>, DbError> {
        queries.iter().flat_map(|query| &query.values).try_for_each(Value::check)?;
        let (shared, path) = (self.shared.clone(), self.search_path.clone());
        on_its_own(async move {
            let mut lease = shared.lease().await?;
            match lease.read(&path, &queries).await {
                Err(Trouble::StalePlan) => {
                    lease.statement_cache.clear();
                    lease.read(&path, &queries).await
                }
                result => result,
            }
            .map_err(Trouble::into_error)
            .inspect(|_| lease.settled())
        })
        .await?
    }

    pub(crate) async fn commit(&self, unit: Unit) -> Outcome {
        let (shared, path, fault) = (self.shared.clone(), self.search_path.clone(), self.fault.clone());
        let work = async move {
            let _turn = match unit.weight {
                Weight::Bulk => Some(shared.bulk.acquire().await),
                Weight::Small => None,
            };
            let mut lease = match shared.lease().await {
                Ok(lease) => lease,
                Err(error) => return Outcome::Failed(error),
            };
            match lease.unit(&path, &unit, &fault).await {
                Err(Trouble::StalePlan) => {
                    lease.statement_cache.clear();
                    lease.unit(&path, &unit, &fault).await.unwrap_or_else(Trouble::into_outcome)
                }
                Ok(outcome) => outcome,
                Err(trouble) => trouble.into_outcome(),
            }
        };
        on_its_own(work).await.unwrap_or_else(Outcome::Unknown)
    }

    pub(crate) async fn prepare(&self, sql: &str) -> Result<Prepared, DbError> {
        let mut lease = self.shared.lease().await?;
        lease.batch_execute(&self.search_path).await.map_err(|error| trouble(&error, &self.search_path).into_error())?;
        lease.has_path(&self.search_path);
        let statement = lease.prepare(sql).await.map_err(|error| trouble(&error, sql).into_error())?;
        lease.settled();
        let kinds = |ty| wire::kind_of(ty).into_iter().collect::<Vec<_>>();
        Ok(Prepared {
            parameters: statement.params().iter().map(kinds).collect(),
            columns: statement.columns().iter().map(|column| (column.name().to_owned(), kinds(column.type_()))).collect(),
        })
    }

    pub(crate) async fn snapshot(&self) -> Result<Snapshot, DbError> {
        let (shared, path) = (self.shared.clone(), self.search_path.clone());
        let (asking, asked) = mpsc::channel(1);
        let (ready, is_ready) = oneshot::channel();
        tokio::spawn(async move {
            let begin = async {
                let lease = shared.lease().await?;
                // The snapshot is taken by the first query.
                let begin = format!("{path}; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1");
                lease.batch_execute(&begin).await.map_err(|error| trouble(&error, &begin).into_error())?;
                Ok(lease)
            };
            match begin.await {
                Ok(lease) => {
                    let _ = ready.send(Ok(()));
                    lease.answer(asked).await;
                }
                Err(error) => drop(ready.send(Err(error))),
            }
        });
        is_ready.await.map_err(|_| DbError::Lost("the reader stopped".to_owned()))??;
        Ok(Snapshot::new(asking))
    }

    pub(crate) async fn durability(&self) -> Result<Durability, DbError> {
        let names = ["fsync", "synchronous_commit", "full_page_writes", "wal_sync_method", "wal_level", "synchronous_standby_names"];
        let mut queries = vec![Query::new("SELECT current_setting('server_version') AS value", [])];
        queries.extend(names.iter().map(|name| Query::new(format!("SELECT current_setting('{name}') AS value"), [])));
        let mut values = self.read(queries).await?.into_iter().map(|rows| match rows.first() {
            Some(row) => row.get::<String>(0),
            None => Err(DbError::Lost("a setting was not answered".to_owned())),
        });
        let version = values.next().transpose()?.unwrap_or_default();
        let version = version.split(' ').next().unwrap_or_default();
        let mut settings = Vec::new();
        for (name, value) in names.iter().zip(values) {
            settings.push(((*name).to_owned(), value?));
        }
        let strong = |name: &str, value: &str| match name {
            "fsync" | "full_page_writes" => value == "on",
            "synchronous_commit" => value != "off",
            _ => true,
        };
        let weakened = settings.iter().filter(|(name, value)| !strong(name, value)).map(|(name, _)| name.clone()).collect();
        Ok(Durability { engine: format!("PostgreSQL {version}"), settings, weakened })
    }
}

/// What a connection is told first. Plans must be fit for tables that grow: with the usual cost of a random page, that of a turning
/// disk, a chunk of a thousand lines read whole registers (60 µs a line of bulk posting at 40,000 accounts), and a plan made while a
/// table had ten pages went on reading it whole for ever.
fn search_path(schema: &str) -> Arc<str> {
    format!("SET search_path TO {schema}; SET random_page_cost = 1.1").into()
}

/// Runs work in a task that ends by itself when nobody waits for it any more.
async fn on_its_own<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Result<T, DbError> {
    tokio::spawn(work).await.map_err(|stopped| DbError::Lost(stopped.to_string()))
}

impl Shared {
    async fn lease(&self) -> Result<Lease, DbError> {
        match self.pool.get().await {
            Ok(object) => Ok(Lease { object: Some(object), clean: false }),
            Err(PoolError::Backend(error)) => Err(DbError::Unreachable(chain(&error))),
            Err(error) => Err(DbError::Unreachable(error.to_string())),
        }
    }
}

/// A connection on loan. It goes back to the pool only when its user has said that nothing is left open on it; on any other way
/// out (error, panic, a dropped future) it is closed, which rolls back whatever was open.
struct Lease {
    object: Option<Object<Connections>>,
    clean: bool,
}

impl Lease {
    fn connection(&self) -> &Connection {
        match &self.object {
            Some(object) => object,
            // Taken only by `drop`.
            None => unreachable!("a lease in use has its connection"),
        }
    }

    fn settled(&mut self) {
        self.clean = true;
    }

    /// Remembers the search path, once the server has said that it is set.
    fn has_path(&mut self, path: &Arc<str>) {
        if let Some(object) = &mut self.object
            && object.path.as_ref() != Some(path)
        {
            object.path = Some(path.clone());
        }
    }

    fn give_back(mut self) {
        self.settled();
    }
}

impl Deref for Lease {
    type Target = ClientWrapper;

    fn deref(&self) -> &Self::Target {
        &self.connection().client
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(object) = self.object.take()
            && !self.clean
        {
            drop(Object::take(object));
        }
    }
}

impl Lease {
    /// Sends the search path and prepares the texts. Where all were prepared before, nothing is waited for: the answer to the
    /// search path comes with those of the flush that is handed back.
    async fn opening<'a>(&'a self, path: &'a Arc<str>, texts: &'a [String]) -> Result<(Flush<'a, Answer>, Vec<Statement>), Trouble> {
        let mut flush = Flush::default();
        if self.connection().path.as_ref() != Some(path) {
            flush.add(self.control(path));
            flush.send().await;
        }
        let mut preparing = Flush::default();
        for sql in texts {
            preparing.add(async move { self.prepare_cached(sql).await.map_err(|error| trouble(&error, sql)) });
        }
        let statements = preparing.answers().await.into_iter().collect::<Result<_, _>>()?;
        Ok((flush, statements))
    }

    async fn control(&self, sql: &str) -> Result<Answer, Trouble> {
        self.batch_execute(sql).await.map_err(|error| trouble(&error, sql))?;
        Ok(Answer::default())
    }

    async fn rows(&self, statement: &Statement, values: &[Parameter<'_>], sql: &str) -> Result<Answer, Trouble> {
        counted(statement, values.len(), sql)?;
        let rows = self.query(statement, &dynamic(values)).await.map_err(|error| trouble(&error, sql))?;
        let rows = wire::rows(&rows).map_err(Trouble::Failed)?;
        Ok(Answer { count: rows.len() as u64, rows })
    }

    async fn count(&self, statement: &Statement, values: &[Parameter<'_>], sql: &str) -> Result<Answer, Trouble> {
        counted(statement, values.len(), sql)?;
        let count = self.execute(statement, &dynamic(values)).await.map_err(|error| trouble(&error, sql))?;
        Ok(Answer { count, rows: Vec::new() })
    }

    async fn copy(&self, statement: &Statement, insert: &Insert, sql: &str) -> Result<Answer, Trouble> {
        let failed = |error| trouble(&error, sql);
        let sink = self.copy_in(statement).await.map_err(failed)?;
        let count = wire::copy(sink, &insert.rows).await.map_err(failed)?;
        Ok(Answer { count, rows: Vec::new() })
    }

    async fn read(&mut self, path: &Arc<str>, queries: &[Query]) -> Result<Vec<Vec<Row>>, Trouble> {
        let texts: Vec<String> = queries.iter().map(|query| query.sql.clone().into_owned()).collect();
        // One SELECT is a snapshot by itself, and cannot write.
        let longest = |query: &Query| query.values.iter().map(Value::list_len).max();
        let large = queries.iter().filter_map(longest).any(|keys| keys >= COPIED);
        // Questions by anything but keys (a range of days, a page of a list) are judged by the server as ever.
        let kept = queries.iter().filter_map(longest).all(|keys| (1..=FEW).contains(&keys));
        let transaction = large || !(queries.len() == 1 && begins_with_word(&texts[0], "SELECT"));
        let this = &*self;
        let (mut flush, statements) = this.opening(path, &texts).await?;
        if transaction {
            flush.add(this.control("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
        }
        if large {
            flush.add(this.control(PLAN_ANEW));
        } else if transaction && kept {
            flush.add(this.control(PLAN_KEPT));
        }
        let first = flush.len();
        for (query, statement) in queries.iter().zip(statements) {
            let values: Vec<Parameter<'_>> = query.values.iter().map(Parameter::Value).collect();
            flush.add(async move { this.rows(&statement, &values, &query.sql).await });
        }
        if transaction {
            flush.add(this.control("COMMIT"));
        }
        let answers: Vec<Answer> = flush.answers().await.into_iter().collect::<Result<_, _>>()?;
        let rows = answers.into_iter().skip(first).take(queries.len()).map(|answer| answer.rows).collect();
        self.has_path(path);
        self.settled();
        Ok(rows)
    }

    async fn unit(&mut self, path: &Arc<str>, unit: &Unit, fault: &FaultCell) -> Result<Outcome, Trouble> {
        let texts: Vec<String> = unit.steps.iter().map(Step::for_pg).collect();
        let this = &*self;
        let (mut flush, statements) = this.opening(path, &texts).await?;
        flush.add(this.control("BEGIN ISOLATION LEVEL READ COMMITTED"));
        if unit.steps.iter().any(Step::is_large) {
            flush.add(this.control(PLAN_ANEW));
        }
        let first = flush.len();
        let mut answers = Vec::new();
        for ((step, statement), sql) in unit.steps.iter().zip(statements).zip(&texts) {
            if let Step::Insert(insert) = step
                && insert.is_copied()
            {
                // The server must have said that it listens, so what goes before has to be answered first.
                answers.append(&mut std::mem::take(&mut flush).answers().await);
                if answers.iter().any(Result::is_err) {
                    break;
                }
                flush.add(async move { this.copy(&statement, insert, sql).await });
                answers.append(&mut std::mem::take(&mut flush).answers().await);
                continue;
            }
            let (values, wants_rows) = step.parameters();
            flush.add(async move {
                match wants_rows {
                    true => this.rows(&statement, &values, sql).await,
                    false => this.count(&statement, &values, sql).await,
                }
            });
        }
        answers.append(&mut flush.answers().await);
        let mut answers = answers.into_iter();
        for opening in answers.by_ref().take(first) {
            opening?;
        }
        self.has_path(path);
        let mut done = Done::default();
        for (index, (answer, step)) in answers.zip(&unit.steps).enumerate() {
            // Only the first step that stops counts: those behind it were answered in a transaction already lost.
            let outcome = match answer {
                Ok(answer) if step.expect().allows(answer.count) => {
                    done.counts.push(answer.count);
                    done.rows.push(answer.rows);
                    continue;
                }
                Ok(answer) => Outcome::Stale { step: index, found: answer.count },
                Err(Trouble::Refused(constraint)) => Outcome::Refused { constraint, step: index },
                Err(trouble @ Trouble::StalePlan) => {
                    self.roll_back().await;
                    return Err(trouble);
                }
                Err(trouble) => trouble.into_outcome(),
            };
            self.roll_back().await;
            return Ok(outcome);
        }
        let fault = fault.take();
        if fault == Some(Fault::BeforeCommit) {
            return Ok(Outcome::Unknown(DbError::Lost("fault before COMMIT".to_owned())));
        }
        let committed = self.batch_execute("COMMIT").await;
        if fault == Some(Fault::AfterCommit) {
            return Ok(Outcome::Unknown(DbError::Lost("fault after COMMIT".to_owned())));
        }
        match committed.map_err(|error| trouble(&error, "COMMIT")) {
            Ok(()) => {
                self.settled();
                Ok(Outcome::Done(done))
            }
            // Class 40, the server itself says that it rolled back. Ended or shut down in COMMIT, it may have stored it.
            Err(Trouble::Retry(error)) if error.is_rollback() => Ok(Outcome::Retry(error)),
            Err(Trouble::Refused(constraint)) => Ok(Outcome::Refused { constraint, step: unit.steps.len() }),
            Err(trouble) => Ok(Outcome::Unknown(trouble.into_error())),
        }
    }

    /// Leaves the connection clean where that works; where not, it is closed.
    async fn roll_back(&mut self) {
        if self.batch_execute("ROLLBACK").await.is_ok() {
            self.settled();
        }
    }

    /// Answers the questions of a snapshot until it is dropped.
    async fn answer(mut self, mut asked: mpsc::Receiver<Ask>) {
        while let Some(Ask { query, batch, to }) = asked.recv().await {
            let answer = match self.batches(&query, batch, &to).await {
                Ok(true) => Ok(None),
                // Nobody wants the rest, and the server would still send it: the connection is closed.
                Ok(false) => return,
                Err(trouble) => Err(trouble.into_error()),
            };
            let failed = answer.is_err();
            let _ = to.send(answer).await;
            if failed {
                return;
            }
        }
        self.roll_back().await;
    }

    /// Hands on the rows of a query in batches; false when somebody no longer wants them.
    async fn batches(&self, query: &Query, batch: usize, to: &mpsc::Sender<Part>) -> Result<bool, Trouble> {
        query.values.iter().try_for_each(Value::check).map_err(Trouble::Failed)?;
        let failed = |error| trouble(&error, &query.sql);
        let statement = self.prepare_cached(&query.sql).await.map_err(failed)?;
        counted(&statement, query.values.len(), &query.sql)?;
        let columns = wire::columns(statement.columns());
        let values: Vec<Parameter<'_>> = query.values.iter().map(Parameter::Value).collect();
        let mut found = pin!(self.query_raw(&statement, dynamic(&values)).await.map_err(failed)?);
        let mut rows = Vec::with_capacity(batch.min(4096));
        while let Some(next) = found.next().await {
            rows.push(wire::row(&columns, &next.map_err(failed)?).map_err(Trouble::Failed)?);
            if rows.len() >= batch && to.send(Ok(Some(std::mem::take(&mut rows)))).await.is_err() {
                return Ok(false);
            }
        }
        Ok(rows.is_empty() || to.send(Ok(Some(rows))).await.is_ok())
    }
}

impl Insert {
    /// Arrays travel with the other statements; COPY has to wait for the server and knows no ON CONFLICT, but costs a third less
    /// a row when there are many. Measured with a key and a unique index, PostgreSQL 15, fsync on: equal at 1,000 rows, 15 %
    /// less at 3,000, 20 to 30 % at 10,000, 40 % at 100,000.
    fn is_copied(&self) -> bool {
        self.on_conflict.is_none() && self.rows.len() >= COPIED
    }
}

impl Step {
    /// Whether thousands of rows are met by their keys, see [`PLAN_ANEW`].
    fn is_large(&self) -> bool {
        match self {
            Step::Sql { values, .. } | Step::Returning { values, .. } => values.iter().any(|value| value.list_len() >= COPIED),
            Step::Insert(insert) => !insert.is_copied() && insert.rows.len() >= COPIED,
            Step::Update(update) => update.rows.len() >= COPIED,
        }
    }

    /// The text for PostgreSQL.
    fn for_pg(&self) -> String {
        match self {
            Step::Sql { sql, .. } | Step::Returning { sql, .. } => sql.clone().into_owned(),
            Step::Insert(insert) if insert.is_copied() => insert.for_copy(),
            Step::Insert(insert) => insert.for_pg(),
            Step::Update(update) => update.for_pg(),
        }
    }

    /// What is bound, and whether rows are wanted back.
    fn parameters(&self) -> (Vec<Parameter<'_>>, bool) {
        fn cells(batch: &Batch) -> Vec<Parameter<'_>> {
            let bound = if batch.is_single() { Parameter::Only } else { Parameter::Cells };
            batch.columns.iter().map(|column| bound(&column.cells)).collect()
        }
        match self {
            Step::Sql { values, .. } => (values.iter().map(Parameter::Value).collect(), false),
            Step::Returning { values, .. } => (values.iter().map(Parameter::Value).collect(), true),
            Step::Insert(insert) => (cells(&insert.rows), false),
            Step::Update(update) => (cells(&update.rows), !update.returning.is_empty()),
        }
    }
}

/// Answer to one message of a flush.
#[derive(Default)]
struct Answer {
    count: u64,
    rows: Vec<Row>,
}

/// Messages that travel together: sent in the order they were added, without waiting for answers in between. The order is what
/// correctness hangs on (BEGIN before the statements), so it is kept here and not left to a general-purpose join.
struct Flush<'a, T> {
    slots: Vec<Slot<'a, T>>,
}

enum Slot<'a, T> {
    Waiting(Pin<Box<dyn Future<Output = Result<T, Trouble>> + Send + 'a>>),
    Answered(Result<T, Trouble>),
}

impl<T> Default for Flush<'_, T> {
    fn default() -> Self {
        Flush { slots: Vec::new() }
    }
}

impl<'a, T> Flush<'a, T> {
    fn add(&mut self, message: impl Future<Output = Result<T, Trouble>> + Send + 'a) {
        self.slots.push(Slot::Waiting(Box::pin(message)));
    }

    fn len(&self) -> usize {
        self.slots.len()
    }

    /// Polls all that wait, first to last; a message goes out when it is polled for the first time.
    fn poll(&mut self, context: &mut Context<'_>) -> bool {
        let mut complete = true;
        for slot in &mut self.slots {
            if let Slot::Waiting(message) = slot {
                match message.as_mut().poll(context) {
                    Poll::Ready(answer) => *slot = Slot::Answered(answer),
                    Poll::Pending => complete = false,
                }
            }
        }
        complete
    }

    /// Sends what was added, without waiting for answers.
    async fn send(&mut self) {
        poll_fn(|context| {
            self.poll(context);
            Poll::Ready(())
        })
        .await;
    }

    /// Sends what was added and waits for all answers.
    async fn answers(mut self) -> Vec<Result<T, Trouble>> {
        poll_fn(|context| if self.poll(context) { Poll::Ready(()) } else { Poll::Pending }).await;
        let answered = |slot| match slot {
            Slot::Answered(answer) => Some(answer),
            Slot::Waiting(_) => None,
        };
        self.slots.into_iter().filter_map(answered).collect()
    }
}

fn dynamic<'a>(values: &'a [Parameter<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

/// The client library would panic.
fn counted(statement: &Statement, values: usize, sql: &str) -> Result<(), Trouble> {
    match statement.params().len() == values {
        true => Ok(()),
        false => {
            let message = format!("{values} values for {} parameters in: {sql}", statement.params().len());
            Err(Trouble::Failed(DbError::BadValue(message)))
        }
    }
}

/// What an error of the server or the connection means.
#[derive(Debug)]
enum Trouble {
    Refused(Constraint),
    Retry(DbError),
    /// A prepared statement no longer fits the schema (0A000): forget it and run again.
    StalePlan,
    Failed(DbError),
}

impl Trouble {
    fn into_error(self) -> DbError {
        match self {
            Trouble::Refused(constraint) => DbError::BadValue(format!("refused by {constraint}")),
            Trouble::Retry(error) | Trouble::Failed(error) => error,
            Trouble::StalePlan => DbError::Lost("the schema keeps changing under prepared statements".to_owned()),
        }
    }

    /// As the outcome of a unit that was not committed.
    fn into_outcome(self) -> Outcome {
        match self {
            Trouble::Retry(error) => Outcome::Retry(error),
            other => Outcome::Failed(other.into_error()),
        }
    }
}

/// The one place where an error of PostgreSQL is read: by SQLSTATE and by names, never by message text (but for the word of our
/// own guard triggers, which PostgreSQL passes on as a message).
fn trouble(error: &tokio_postgres::Error, sql: &str) -> Trouble {
    let Some(told) = error.as_db_error() else {
        let lost = error.is_closed() || std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>());
        return match lost {
            true => Trouble::Retry(DbError::Lost(chain(error))),
            false => Trouble::Failed(DbError::BadValue(format!("{} in: {sql}", chain(error)))),
        };
    };
    let code = told.code();
    let as_error = || DbError::Sql { code: code.code().to_owned(), message: told.message().to_owned(), sql: sql.to_owned() };
    if *code == SqlState::NOT_NULL_VIOLATION {
        let (table, column) = (told.table().unwrap_or_default(), told.column().unwrap_or_default());
        return Trouble::Refused(Constraint::new(format!("{table}_{column}_not_null")));
    }
    // Class 23: integrity constraint violations.
    if code.code().starts_with("23")
        && let Some(name) = told.constraint()
    {
        return Trouble::Refused(Constraint::new(name));
    }
    if *code == SqlState::RAISE_EXCEPTION
        && let Some(guard) = told.message().strip_prefix("guard:")
    {
        return Trouble::Refused(Constraint::new(guard));
    }
    // Class 57P: the server is going away, or was told to end this connection.
    if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED || code.code().starts_with("57P") {
        return Trouble::Retry(as_error());
    }
    if *code == SqlState::FEATURE_NOT_SUPPORTED && told.routine() == Some("RevalidateCachedQuery") {
        return Trouble::StalePlan;
    }
    Trouble::Failed(as_error())
}

/// An error with its causes: the outer one alone says little ("db error").
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
