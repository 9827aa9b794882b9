//! A snapshot that answers query after query, and big answers in batches.

use std::marker::PhantomData;

use tokio::sync::mpsc;

use crate::db::error::DbError;
use crate::db::row::Row;
use crate::db::value::Query;

/// A question to the task that holds the snapshot's connection.
pub(crate) struct Ask {
    pub(crate) query: Query,
    pub(crate) batch: usize,
    pub(crate) to: mpsc::Sender<Part>,
}

/// A batch of rows, none after the last; a channel that ends without that was cut off.
pub(crate) type Part = Result<Option<Vec<Row>>, DbError>;

/// The database as it was at one moment (快照). Dropped, it lets go of its connection.
#[derive(Debug)]
pub struct Snapshot {
    asking: mpsc::Sender<Ask>,
}

impl Snapshot {
    pub(crate) fn new(asking: mpsc::Sender<Ask>) -> Snapshot {
        Snapshot { asking }
    }

    /// All rows of one query.
    ///
    /// # Errors
    /// When the query fails or the engine is lost.
    pub async fn read(&mut self, query: Query) -> Result<Vec<Row>, DbError> {
        let mut stream = self.stream(query, 4096).await?;
        let mut all = Vec::new();
        while let Some(rows) = stream.next().await? {
            all.extend(rows);
        }
        Ok(all)
    }

    /// Rows of one query in batches of `batch` rows (at least one).
    ///
    /// # Errors
    /// When the engine is lost; what is wrong with the query comes with the first batch.
    pub async fn stream(&mut self, query: Query, batch: usize) -> Result<RowStream<'_>, DbError> {
        let rows = ask(&self.asking, query, batch).await?;
        Ok(RowStream { rows, ended: false, _snapshot: None, _borrowed: PhantomData })
    }

    pub(crate) async fn into_stream(self, query: Query, batch: usize) -> Result<RowStream<'static>, DbError> {
        let rows = ask(&self.asking, query, batch).await?;
        Ok(RowStream { rows, ended: false, _snapshot: Some(self), _borrowed: PhantomData })
    }
}

async fn ask(asking: &mpsc::Sender<Ask>, query: Query, batch: usize) -> Result<mpsc::Receiver<Part>, DbError> {
    let (to, rows) = mpsc::channel(1);
    let ask = Ask { query, batch: batch.max(1), to };
    asking.send(ask).await.map_err(|_| DbError::Lost("the snapshot's connection is gone".to_owned()))?;
    Ok(rows)
}

/// Rows that arrive in batches; two batches at most are in memory.
#[derive(Debug)]
pub struct RowStream<'a> {
    rows: mpsc::Receiver<Part>,
    ended: bool,
    _snapshot: Option<Snapshot>,
    _borrowed: PhantomData<&'a mut ()>,
}

impl RowStream<'_> {
    /// The next batch; none after the last.
    ///
    /// # Errors
    /// When the query fails or the engine is lost: rows before the error are not all rows.
    pub async fn next(&mut self) -> Result<Option<Vec<Row>>, DbError> {
        if self.ended {
            return Ok(None);
        }
        let part = self.rows.recv().await.unwrap_or_else(|| Err(DbError::Lost("the answer was cut off".to_owned())));
        self.ended = !matches!(part, Ok(Some(_)));
        part
    }
}
