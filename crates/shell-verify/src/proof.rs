//! A proof on its way: the snapshot it reads, what it compared, what it found.

use core_money::Money;
use shell_store::Store;
use shell_store::db::{DbError, FromColumn, Query, Row, Snapshot, Value};

use crate::checks::{ALL, Subject};
use crate::report::{Break, Check, Report};

/// Rows fetched at once.
pub(crate) const BATCH: usize = 2_048;

/// How far a proof is (进度).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is read now, in Chinese.
    pub reading: &'static str,
    /// Rows read so far of this.
    pub done: u64,
    /// Rows there are of this, where that is known beforehand.
    pub of: Option<u64>,
}

/// How a column of findings is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// As it is.
    Plain,
    /// Fen, shown in yuan.
    Fen,
}

/// Rows that do not hold, found by one statement: its key columns first, then `expected` and `found`.
pub(crate) struct Finding {
    pub(crate) of: &'static Subject,
    /// Table of the rows.
    pub(crate) table: &'static str,
    /// Statement that finds them.
    pub(crate) find: &'static str,
    pub(crate) shown: Shown,
}

pub(crate) struct Proof<'a> {
    snapshot: Snapshot,
    progress: &'a mut (dyn FnMut(Progress) + Send),
    compared: Vec<u64>,
    broken: Vec<u64>,
    breaks: Vec<Break>,
}

impl<'a> Proof<'a> {
    pub(crate) async fn new(store: &Store, progress: &'a mut (dyn FnMut(Progress) + Send)) -> Result<Proof<'a>, DbError> {
        let snapshot = store.db.snapshot().await?;
        Ok(Proof { snapshot, progress, compared: vec![0; ALL.len()], broken: vec![0; ALL.len()], breaks: Vec::new() })
    }

    pub(crate) fn snapshot(&mut self) -> &mut Snapshot {
        &mut self.snapshot
    }

    pub(crate) fn tell(&mut self, reading: &'static str, done: u64, of: Option<u64>) {
        (self.progress)(Progress { reading, done, of });
    }

    /// So many were compared, whatever came out.
    pub(crate) fn compared(&mut self, of: &'static Subject, n: u64) {
        self.compared[place(of)] += n;
    }

    /// One does not hold.
    pub(crate) fn broken(
        &mut self,
        of: &'static Subject,
        table: &'static str,
        key: impl ToString,
        expected: impl ToString,
        found: impl ToString,
    ) {
        let broken = &mut self.broken[place(of)];
        *broken += 1;
        if *broken <= Report::KEPT as u64 {
            let (key, expected, found) = (key.to_string(), expected.to_string(), found.to_string());
            self.breaks.push(Break { check: of.name, table, key, expected, found });
        }
    }

    /// Compares two values of one row.
    pub(crate) fn same<T: PartialEq + ToString>(
        &mut self,
        of: &'static Subject,
        table: &'static str,
        key: impl ToString,
        expected: T,
        found: T,
    ) {
        self.compared(of, 1);
        if expected != found {
            self.broken(of, table, key, expected, found);
        }
    }

    /// All rows of a small answer.
    pub(crate) async fn read(&mut self, sql: &'static str, values: impl IntoIterator<Item = Value>) -> Result<Vec<Row>, DbError> {
        self.snapshot.read(Query::new(sql, values)).await
    }

    /// The one number of an answer.
    pub(crate) async fn number(&mut self, sql: &'static str) -> Result<i64, DbError> {
        match self.read(sql, []).await?.first() {
            Some(row) => row.get(0),
            None => Err(DbError::NoColumn(0)),
        }
    }

    /// Counts the rows that findings are about.
    pub(crate) async fn count(&mut self, of: &'static Subject, sql: &'static str) -> Result<(), DbError> {
        let n = self.number(sql).await?;
        self.compared(of, n.unsigned_abs());
        Ok(())
    }

    /// Takes what a statement finds.
    pub(crate) async fn find(&mut self, finding: &Finding) -> Result<(), DbError> {
        let mut kept = 0;
        let mut stream = self.snapshot.stream(Query::new(finding.find, []), BATCH).await?;
        let mut found = Vec::new();
        while let Some(rows) = stream.next().await? {
            for row in rows {
                kept += 1;
                // What comes after is counted by the report as well, but nobody reads so far.
                if kept <= Report::KEPT + 1 {
                    found.push(row);
                }
            }
        }
        drop(stream);
        for row in found {
            let values = row.values();
            let [key @ .., expected, found] = values else { return Err(DbError::NoColumn(1)) };
            let key: Vec<String> = key.iter().map(|v| word(v, Shown::Plain)).collect();
            self.broken(finding.of, finding.table, key.join("/"), word(expected, finding.shown), word(found, finding.shown));
        }
        Ok(())
    }

    pub(crate) fn report(self) -> Report {
        let check =
            |(at, subject): (usize, &&'static Subject)| Check { name: subject.name, compared: self.compared[at], ok: self.broken[at] == 0 };
        let checks = ALL.iter().enumerate().map(check).collect();
        let mut breaks = self.breaks;
        let order = |b: &Break| ALL.iter().position(|s| s.name == b.check);
        breaks.sort_by_key(order);
        Report { checks, breaks }
    }
}

fn place(of: &'static Subject) -> usize {
    ALL.iter().position(|s| std::ptr::eq(*s, of)).expect("every subject stands in the list of checks")
}

/// A value of a finding in words; personal values are never among them.
fn word(value: &Value, shown: Shown) -> String {
    match value {
        Value::Int(fen) if shown == Shown::Fen => Money::from_fen(*fen).to_string(),
        Value::Int(n) => n.to_string(),
        Value::Text(text) => text.clone(),
        Value::Day(day) => day.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Null => "无".to_owned(),
        // Bytes and lists are no findings: a code or a hash says nothing to a person.
        Value::Bytes(_) | Value::Ints(_) | Value::Texts(_) | Value::ByteLists(_) => "…".to_owned(),
    }
}

/// The cell of a row at a position.
pub(crate) fn cell<T: FromColumn>(row: &Row, at: usize) -> Result<T, DbError> {
    row.get(at)
}
