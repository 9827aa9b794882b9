//! Writes as data: a unit of steps that is committed whole, and what became of it.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::db::error::{Constraint, DbError};
use crate::db::row::Row;
use crate::db::text::{begins_with_word, named_parameters};
use crate::db::value::{Batch, ColumnCells, Value};

/// How many rows a step must meet; anything else makes the unit [`Outcome::Stale`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// So many.
    Exactly(u64),
    /// So many or more.
    AtLeast(u64),
    /// So many or fewer; `AtMost(0)` is `Exactly(0)`.
    AtMost(u64),
    /// Any number. Refused for UPDATE and DELETE, whose writer always knows.
    Any,
}

impl Expect {
    /// Whether that many rows are right.
    pub fn allows(self, found: u64) -> bool {
        match self {
            Expect::Exactly(n) => found == n,
            Expect::AtLeast(n) => found >= n,
            Expect::AtMost(n) => found <= n,
            Expect::Any => true,
        }
    }
}

/// One step of a unit.
#[derive(Clone, Debug)]
pub enum Step {
    /// A statement; a SELECT counts the rows it finds, so it can carry a condition into the commit.
    Sql {
        /// Text with `$1`, `$2` …
        sql: Cow<'static, str>,
        /// The values, `$1` first.
        values: Vec<Value>,
        /// Rows to be met.
        expect: Expect,
    },
    /// A statement whose rows are given back in [`Done::rows`]: counters, balances after.
    Returning {
        /// Text with `$1`, `$2` …, a SELECT or with a RETURNING clause.
        sql: Cow<'static, str>,
        /// The values, `$1` first.
        values: Vec<Value>,
        /// Rows to be met.
        expect: Expect,
    },
    /// Many new rows.
    Insert(Insert),
    /// Many changed rows.
    Update(Update),
}

/// New rows of one table: arrays or, when there are thousands, COPY on PostgreSQL; one prepared statement in a loop on SQLite.
#[derive(Clone, Debug)]
pub struct Insert {
    /// The table.
    pub table: &'static str,
    /// The rows; their columns are columns of the table.
    pub rows: Batch,
    /// What follows ON CONFLICT, in words both engines know: `(key) DO UPDATE SET version = guard.version + 1`, `DO NOTHING`.
    /// With DO UPDATE no two rows of the batch may have the same key (PostgreSQL refuses them).
    pub on_conflict: Option<&'static str>,
    /// Rows to be written.
    pub expect: Expect,
}

impl Insert {
    /// All rows must be written.
    pub fn new(table: &'static str, rows: Batch) -> Insert {
        let expect = Expect::Exactly(rows.len() as u64);
        Insert { table, rows, on_conflict: None, expect }
    }
}

/// Changed rows of one table, each found by its key.
///
/// Sorted keys avoid deadlocks between bulk writers of the same rows.
#[derive(Clone, Debug)]
pub struct Update {
    /// The table.
    pub table: &'static str,
    /// One row of values for each row to change.
    pub rows: Batch,
    /// Columns of the batch that are the table's columns of the same name and identify a row; no two rows of the batch may
    /// have the same key.
    pub key: &'static [&'static str],
    /// Conditions on the row found, `version = :version`, `balance >= :amount`; `:name` is a column of the batch.
    pub guard: &'static [&'static str],
    /// Assignments, `balance = balance + :amount`, `version = version + 1`.
    pub set: &'static [&'static str],
    /// Columns or expressions given back of each row, in no particular order: name the key among them. Empty for none.
    pub returning: &'static [&'static str],
}

/// Who waits for whom at the writer: small units go before bulk chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// A posting of a counter or a page.
    Small,
    /// A chunk of a batch, some thousand rows.
    Bulk,
}

/// What is committed together (提交单元): steps in order. The idempotency step comes first, so that a repeated command is
/// [`Outcome::Refused`] by that step's unique key before anything else is looked at.
#[derive(Clone, Debug)]
pub struct Unit {
    /// The steps.
    pub steps: Vec<Step>,
    /// Its place in the queue.
    pub weight: Weight,
}

impl Unit {
    /// A small unit without steps.
    pub fn small() -> Unit {
        Unit { steps: Vec::new(), weight: Weight::Small }
    }

    /// A bulk unit without steps.
    pub fn bulk() -> Unit {
        Unit { steps: Vec::new(), weight: Weight::Bulk }
    }

    /// Adds [`Step::Sql`].
    #[must_use]
    pub fn sql(self, sql: impl Into<Cow<'static, str>>, values: impl IntoIterator<Item = Value>, expect: Expect) -> Unit {
        self.step(Step::Sql { sql: sql.into(), values: values.into_iter().collect(), expect })
    }

    /// Adds [`Step::Returning`].
    #[must_use]
    pub fn returning(self, sql: impl Into<Cow<'static, str>>, values: impl IntoIterator<Item = Value>, expect: Expect) -> Unit {
        self.step(Step::Returning { sql: sql.into(), values: values.into_iter().collect(), expect })
    }

    /// Adds new rows, all of which must be written.
    #[must_use]
    pub fn insert(self, table: &'static str, rows: Batch) -> Unit {
        self.step(Step::Insert(Insert::new(table, rows)))
    }

    /// Adds [`Step::Update`].
    #[must_use]
    pub fn update(self, update: Update) -> Unit {
        self.step(Step::Update(update))
    }

    /// Adds a step.
    #[must_use]
    pub fn step(mut self, step: Step) -> Unit {
        self.steps.push(step);
        self
    }

    /// Finds what is wrong before anything is sent.
    pub(crate) fn check(&self) -> Result<(), DbError> {
        self.steps.iter().enumerate().try_for_each(|(index, step)| {
            step.check().map_err(|error| match error {
                DbError::BadUnit(message) => DbError::BadUnit(format!("step {index}: {message}")),
                DbError::BadValue(message) => DbError::BadValue(format!("step {index}: {message}")),
                other => other,
            })
        })
    }
}

impl Step {
    /// Rows to be met.
    pub fn expect(&self) -> Expect {
        match self {
            Step::Sql { expect, .. } | Step::Returning { expect, .. } => *expect,
            Step::Insert(insert) => insert.expect,
            Step::Update(update) => Expect::Exactly(update.rows.len() as u64),
        }
    }

    fn check(&self) -> Result<(), DbError> {
        match self {
            Step::Sql { sql, values, expect } | Step::Returning { sql, values, expect } => {
                if *expect == Expect::Any && (begins_with_word(sql, "UPDATE") || begins_with_word(sql, "DELETE")) {
                    return Err(DbError::BadUnit(format!("an UPDATE or DELETE must say how many rows it expects: {sql}")));
                }
                values.iter().try_for_each(Value::check)
            }
            Step::Insert(insert) => insert.rows.check(),
            Step::Update(update) => update.check(),
        }
    }
}

impl Update {
    fn check(&self) -> Result<(), DbError> {
        self.rows.check()?;
        if self.key.is_empty() || self.set.is_empty() {
            return Err(DbError::BadUnit(format!("the update of {} needs a key and an assignment", self.table)));
        }
        let names = self.guard.iter().chain(self.set).flat_map(|text| named_parameters(text));
        for name in self.key.iter().copied().chain(names) {
            if self.rows.position(name).is_none() {
                return Err(DbError::BadUnit(format!("the update of {} has no column {name} in its rows", self.table)));
            }
        }
        // Where two rows have one key, PostgreSQL would apply one of them and SQLite both.
        let keys: Vec<&ColumnCells> =
            self.key.iter().filter_map(|name| self.rows.position(name)).map(|at| &self.rows.columns[at].cells).collect();
        let distinct = match keys.as_slice() {
            [ColumnCells::Int(cells)] => cells.iter().collect::<HashSet<_>>().len(),
            keys => {
                let row = |at| keys.iter().map(|cells| Cell::of(cells, at)).collect::<Vec<_>>();
                (0..self.rows.len()).map(row).collect::<HashSet<_>>().len()
            }
        };
        match distinct == self.rows.len() {
            true => Ok(()),
            false => Err(DbError::BadUnit(format!("the update of {} has two rows with the same key", self.table))),
        }
    }
}

/// A cell to be compared with others of its column.
#[derive(PartialEq, Eq, Hash)]
enum Cell<'a> {
    Number(Option<i64>),
    Bytes(Option<&'a [u8]>),
}

impl<'a> Cell<'a> {
    fn of(cells: &'a ColumnCells, at: usize) -> Cell<'a> {
        match cells {
            ColumnCells::Int(cells) => Cell::Number(cells[at]),
            ColumnCells::Flag(cells) => Cell::Number(cells[at].map(i64::from)),
            ColumnCells::Day(cells) => Cell::Number(cells[at].map(|day| day.number().into())),
            ColumnCells::Text(cells) => Cell::Bytes(cells[at].as_ref().map(|text| text.as_bytes())),
            ColumnCells::Bytes(cells) => Cell::Bytes(cells[at].as_deref()),
        }
    }
}

/// What became of a unit (提交结果).
#[derive(Debug)]
#[must_use]
pub enum Outcome {
    /// Committed and durable.
    Done(Done),
    /// A named rule refused a row; nothing is stored.
    Refused {
        /// The rule.
        constraint: Constraint,
        /// The step, from 0.
        step: usize,
    },
    /// A step met another number of rows than it expected: the facts have moved; nothing is stored.
    Stale {
        /// The step, from 0.
        step: usize,
        /// The rows it met.
        found: u64,
    },
    /// Nothing is stored, and the same unit may well go through when tried again (serialisation, deadlock, a busy file, a
    /// connection lost before COMMIT was sent).
    Retry(DbError),
    /// Whether it is stored nobody knows: ask by the idempotency key.
    Unknown(DbError),
    /// Nothing is stored, and trying again will not help before somebody mends the cause.
    Failed(DbError),
}

/// What a committed unit met and gave back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Rows met by each step.
    pub counts: Vec<u64>,
    /// Rows given back by each step, empty for steps that give none.
    pub rows: Vec<Vec<Row>>,
}

impl Outcome {
    /// What was done, or an error in words: for callers with nothing better to do than to pass it on.
    ///
    /// # Errors
    /// The error of [`Outcome::Failed`], [`Outcome::Unknown`] or [`Outcome::Retry`]; [`DbError::BadUnit`] for the others.
    pub fn done(self) -> Result<Done, DbError> {
        match self {
            Outcome::Done(done) => Ok(done),
            Outcome::Refused { constraint, step } => Err(DbError::BadUnit(format!("step {step} is refused by {constraint}"))),
            Outcome::Stale { step, found } => Err(DbError::BadUnit(format!("step {step} met {found} rows"))),
            Outcome::Retry(error) | Outcome::Unknown(error) | Outcome::Failed(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::value::Kind;

    #[test]
    fn an_update_must_say_what_it_expects() {
        let unit = Unit::small().sql("SELECT 1 AS one", [], Expect::Any).sql(" update guard SET version = 1", [], Expect::Any);
        let message = unit.check().unwrap_err().to_string();
        assert_eq!(message, "step 1: an UPDATE or DELETE must say how many rows it expects:  update guard SET version = 1");
    }

    fn update(keys: &[(i64, &str)]) -> Update {
        let mut rows = Batch::new(&[("savings", Kind::Int), ("kind", Kind::Text)]);
        keys.iter().for_each(|&(savings, kind)| rows.push([savings.into(), kind.into()]));
        Update { table: "t", rows, key: &["savings", "kind"], guard: &[], set: &["n = n + 1"], returning: &[] }
    }

    #[test]
    fn two_rows_of_one_key_are_refused_before_they_part_the_engines() {
        assert_eq!(update(&[(1, "a"), (1, "b"), (2, "a")]).check(), Ok(()));
        let message = update(&[(1, "a"), (2, "a"), (1, "a")]).check().unwrap_err().to_string();
        assert_eq!(message, "the update of t has two rows with the same key");
    }

    #[test]
    fn an_update_names_only_columns_it_carries() {
        let wrong = Update { guard: &["version = :version"], ..update(&[(1, "a")]) };
        assert_eq!(wrong.check().unwrap_err().to_string(), "the update of t has no column version in its rows");
    }
}
