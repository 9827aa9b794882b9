//! The first rows of a centre and its business days: what `init` writes before there is anybody who could decide.

use core_calendar::{Day, Month};

use crate::db::{Batch, DbError, Expect, Kind, Outcome, Query, Registered, Step, Unit};
use crate::facts::month_number;
use crate::store::Store;

/// The statements of this module.
pub(crate) static QUERIES: &[Registered] = &[
    Registered { name: "bootstrap.centre", sql: CENTRE },
    Registered { name: "bootstrap.business_days", sql: DAYS },
    Registered { name: "bootstrap.day_state", sql: DAY_STATE },
    Registered { name: "bootstrap.overrides", sql: OVERRIDES },
    Registered { name: "bootstrap.units", sql: UNITS },
    Registered { name: "bootstrap.banks", sql: BANKS },
    Registered { name: "bootstrap.roll_ledger", sql: ROLL_LEDGER },
    Registered { name: "bootstrap.archive_products", sql: ARCHIVE_PRODUCTS },
    Registered { name: "bootstrap.roll_products", sql: ROLL_PRODUCTS },
    Registered { name: "bootstrap.balances_behind", sql: BEHIND },
    Registered { name: "bootstrap.chunks", sql: CHUNKS },
    Registered { name: "bootstrap.bump_sealed", sql: BUMP_SEALED },
    Registered { name: "bootstrap.follow_seals", sql: FOLLOW_SEALS },
];

const CENTRE: &str = "SELECT code, name, division, opened, demonstration FROM centre";
const DAYS: &str = "SELECT day, state FROM business_day WHERE state <> 'closed' ORDER BY day";
const DAY_STATE: &str = "UPDATE business_day SET state = $3 WHERE day = $1 AND state = $2";
const OVERRIDES: &str = "SELECT family, from_day, value, instrument, case_id FROM policy_override ORDER BY id";
const UNITS: &str = "SELECT id, kind, name, division FROM unit ORDER BY id";
const BANKS: &str = "SELECT id, number, bank, name, leaf FROM bank_account ORDER BY id";
const ROLL_LEDGER: &str = "INSERT INTO ledger_day (account, day, debit, credit) \
    SELECT p.account, v.day, CAST(SUM(CASE WHEN p.side = 'D' THEN p.amount ELSE 0 END) AS bigint), \
    CAST(SUM(CASE WHEN p.side = 'C' THEN p.amount ELSE 0 END) AS bigint) \
    FROM voucher v JOIN posting p ON p.voucher = v.id WHERE v.day = $1 GROUP BY p.account, v.day";
// The year's products stand apart until their interest is settled; the new year begins with the whole balance carried over.
const ARCHIVE_PRODUCTS: &str = "INSERT INTO settled_product (savings, fund_year, carried_product, current_product) \
    SELECT savings, fund_year, carried_product, current_product FROM savings_balance WHERE fund_year = $1 AND savings > $2 AND savings <= $3";
const ROLL_PRODUCTS: &str = "UPDATE savings_balance SET carried_over = balance, current_year = 0, carried_product = balance * $4, \
    current_product = 0, fund_year = fund_year + 1 WHERE fund_year = $1 AND savings > $2 AND savings <= $3";
const BEHIND: &str = "SELECT savings FROM savings_balance WHERE fund_year = $1 AND savings > $2 ORDER BY savings LIMIT 1000";
const CHUNKS: &str = "SELECT chunk FROM run_chunk WHERE day = $1 AND step = $2";
// Accounts whose state is not what their seals say of a month.
macro_rules! out_of_step {
    ($first:literal, $last:literal) => {
        concat!(
            $first,
            " WHERE savings.state IN ('01', '02') AND savings.state <> CASE WHEN EXISTS (SELECT 1 FROM seal s WHERE s.savings = savings.id \
             AND s.from_month <= $1 AND (s.until_month IS NULL OR s.until_month >= $1)) THEN '02' ELSE '01' END",
            $last
        )
    };
}
const BUMP_SEALED: &str = out_of_step!(
    "INSERT INTO guard (key, version) SELECT 'savings:' || CAST(id AS text), 1 FROM savings",
    " ON CONFLICT (key) DO UPDATE SET version = guard.version + 1"
);
const FOLLOW_SEALS: &str = out_of_step!("UPDATE savings SET state = CASE state WHEN '01' THEN '02' ELSE '01' END", "");

/// A unit of the centre to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUnit {
    /// Number.
    pub id: i64,
    /// centre, section, branch.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Division code.
    pub division: String,
}

/// A fund bank account to register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBank {
    /// Order of registration.
    pub id: i64,
    /// Account number.
    pub number: String,
    /// Bank.
    pub bank: String,
    /// Account name.
    pub name: String,
    /// Leaf of the chart.
    pub leaf: u32,
}

/// What a centre begins with.
#[derive(Clone, Debug)]
pub struct NewCentre {
    /// Code; also the name of its schema.
    pub code: String,
    /// Name.
    pub name: String,
    /// Division code.
    pub division: String,
    /// First business day.
    pub opened: Day,
    /// Demonstration mode.
    pub demonstration: bool,
    /// Units.
    pub units: Vec<NewUnit>,
    /// Fund bank accounts.
    pub banks: Vec<NewBank>,
}

/// A centre as stored.
#[derive(Clone, Debug)]
pub struct StoredCentre {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Division code.
    pub division: String,
    /// First business day.
    pub opened: Day,
    /// Demonstration mode.
    pub demonstration: bool,
}

/// A policy value of the centre as stored.
#[derive(Clone, Debug)]
pub struct StoredOverride {
    /// Family.
    pub family: String,
    /// From.
    pub from: Day,
    /// Value.
    pub value: String,
    /// Instrument.
    pub instrument: String,
    /// Case that confirmed it.
    pub case: i64,
}

/// Writes the first rows.
///
/// # Errors
/// When the centre exists already, or the database does not answer.
pub async fn create(store: &Store, centre: &NewCentre) -> Result<(), DbError> {
    let mut unit = Unit::small();
    let mut rows = Batch::new(&[
        ("code", Kind::Text),
        ("name", Kind::Text),
        ("division", Kind::Text),
        ("opened", Kind::Day),
        ("demonstration", Kind::Flag),
    ]);
    rows.push([
        centre.code.as_str().into(),
        centre.name.as_str().into(),
        centre.division.as_str().into(),
        centre.opened.into(),
        centre.demonstration.into(),
    ]);
    unit = unit.insert("centre", rows);
    let mut rows = Batch::new(&[("id", Kind::Int), ("kind", Kind::Text), ("name", Kind::Text), ("division", Kind::Text)]);
    for u in &centre.units {
        rows.push([u.id.into(), u.kind.as_str().into(), u.name.as_str().into(), u.division.as_str().into()]);
    }
    unit = unit.insert("unit", rows);
    let mut rows =
        Batch::new(&[("id", Kind::Int), ("number", Kind::Text), ("bank", Kind::Text), ("name", Kind::Text), ("leaf", Kind::Int)]);
    for b in &centre.banks {
        rows.push([b.id.into(), b.number.as_str().into(), b.bank.as_str().into(), b.name.as_str().into(), b.leaf.into()]);
    }
    if !rows.is_empty() {
        unit = unit.insert("bank_account", rows);
    }
    let mut rows = Batch::new(&[("day", Kind::Day), ("state", Kind::Text)]);
    rows.push([centre.opened.into(), "open".into()]);
    unit = unit.insert("business_day", rows);
    let mut rows = Batch::new(&[("month", Kind::Int), ("closed", Kind::Flag)]);
    rows.push([month_number(Month::of(centre.opened)).into(), false.into()]);
    unit = unit.insert("period", rows);
    store.db.commit(unit).await.done()?;
    store.read_bank_leaves().await
}

/// The centre of this database, none before `init`.
///
/// # Errors
/// When the database does not answer.
pub async fn centre(store: &Store) -> Result<Option<StoredCentre>, DbError> {
    let rows = store.db.read(vec![Query::new(CENTRE, [])]).await?;
    match rows[0].first() {
        Some(row) => Ok(Some(StoredCentre {
            code: row.get(0)?,
            name: row.get(1)?,
            division: row.get(2)?,
            opened: row.get(3)?,
            demonstration: row.get(4)?,
        })),
        None => Ok(None),
    }
}

/// Units of the centre.
///
/// # Errors
/// When the database does not answer.
pub async fn units(store: &Store) -> Result<Vec<NewUnit>, DbError> {
    let rows = store.db.read(vec![Query::new(UNITS, [])]).await?;
    rows[0].iter().map(|r| Ok(NewUnit { id: r.get(0)?, kind: r.get(1)?, name: r.get(2)?, division: r.get(3)? })).collect()
}

/// Fund bank accounts.
///
/// # Errors
/// When the database does not answer.
pub async fn banks(store: &Store) -> Result<Vec<NewBank>, DbError> {
    let rows = store.db.read(vec![Query::new(BANKS, [])]).await?;
    rows[0].iter().map(|r| Ok(NewBank { id: r.get(0)?, number: r.get(1)?, bank: r.get(2)?, name: r.get(3)?, leaf: r.get(4)? })).collect()
}

/// Business days that are not closed, oldest first, with their state.
///
/// # Errors
/// When the database does not answer.
pub async fn open_days(store: &Store) -> Result<Vec<(Day, String)>, DbError> {
    let rows = store.db.read(vec![Query::new(DAYS, [])]).await?;
    rows[0].iter().map(|r| Ok((r.get(0)?, r.get(1)?))).collect()
}

/// The centre's own policy values.
///
/// # Errors
/// When the database does not answer.
pub async fn overrides(store: &Store) -> Result<Vec<StoredOverride>, DbError> {
    let rows = store.db.read(vec![Query::new(OVERRIDES, [])]).await?;
    rows[0]
        .iter()
        .map(|r| Ok(StoredOverride { family: r.get(0)?, from: r.get(1)?, value: r.get(2)?, instrument: r.get(3)?, case: r.get(4)? }))
        .collect()
}

/// Opens the next business day and begins to close the one before; its period opens with its first day.
///
/// # Errors
/// When the day is not open any more, or the database does not answer.
pub async fn open_next_day(store: &Store, today: Day, next: Day) -> Result<(), DbError> {
    let mut rows = Batch::new(&[("day", Kind::Day), ("state", Kind::Text)]);
    rows.push([next.into(), "open".into()]);
    let mut unit = Unit::small().insert("business_day", rows);
    if Month::of(next) != Month::of(today) {
        let mut rows = Batch::new(&[("month", Kind::Int), ("closed", Kind::Flag)]);
        rows.push([month_number(Month::of(next)).into(), false.into()]);
        unit = unit.insert("period", rows);
    }
    unit = unit.sql(DAY_STATE, [today.into(), "open".into(), "closing".into()], Expect::Exactly(1));
    store.db.commit(unit).await.done().map(drop)
}

/// Closes a day that is closing.
///
/// # Errors
/// When it is not closing, or the database does not answer.
pub async fn close_day(store: &Store, day: Day) -> Result<(), DbError> {
    let unit = Unit::small().sql(DAY_STATE, [day.into(), "closing".into(), "closed".into()], Expect::Exactly(1));
    store.db.commit(unit).await.done().map(drop)
}

fn chunk_step(day: Day, step: &str, chunk: i64, documents: i64) -> Step {
    let mut rows =
        Batch::new(&[("day", Kind::Day), ("step", Kind::Text), ("chunk", Kind::Int), ("documents", Kind::Int), ("detail", Kind::Text)]);
    rows.push([day.into(), step.into(), chunk.into(), documents.into(), "".into()]);
    Step::Insert(crate::db::Insert::new("run_chunk", rows))
}

/// Sums a day's postings by account; done once, whatever is run again.
///
/// # Errors
/// When the database does not answer.
pub async fn roll_ledger(store: &Store, day: Day) -> Result<(), DbError> {
    let unit = Unit::bulk().step(chunk_step(day, "roll-ledger", 1, 1)).sql(ROLL_LEDGER, [day.into()], Expect::Any);
    match store.db.commit(unit).await {
        Outcome::Refused { constraint, .. } if constraint.is("run_chunk_pkey") => Ok(()),
        other => other.done().map(drop),
    }
}

/// Chunks of a step that are done on a day.
///
/// # Errors
/// When the database does not answer.
pub async fn chunks_done(store: &Store, day: Day, step: &str) -> Result<Vec<i64>, DbError> {
    let rows = store.db.read(vec![Query::new(CHUNKS, [day.into(), step.into()])]).await?;
    rows[0].iter().map(|r| r.get(0)).collect()
}

/// Lets the seals and unseals of a month begin: the state of each account becomes what its seals say of that month. Returns how
/// many accounts were sealed or unsealed by it.
///
/// # Errors
/// When the database does not answer.
pub async fn follow_seals(store: &Store, month: Month) -> Result<u64, DbError> {
    let month = || vec![month_number(month).into()];
    let unit = Unit::bulk().sql(BUMP_SEALED, month(), Expect::AtLeast(0)).sql(FOLLOW_SEALS, month(), Expect::AtLeast(0));
    Ok(store.db.commit(unit).await.done()?.counts.last().copied().unwrap_or(0))
}

/// Moves a thousand balances into the next fund-year: products kept apart, balance carried over. Returns the last account
/// moved, none when nothing is left; a killed run goes on where it stands.
///
/// # Errors
/// When the database does not answer.
pub async fn roll_fund_year(store: &Store, old_year: i32, days_of_new: i64, after: i64) -> Result<Option<i64>, DbError> {
    let rows = store.db.read(vec![Query::new(BEHIND, [old_year.into(), after.into()])]).await?;
    let Some(last) = rows[0].last() else { return Ok(None) };
    let (last, count): (i64, u64) = (last.get(0)?, rows[0].len() as u64);
    let span = || vec![old_year.into(), after.into(), last.into()];
    let mut moved = span();
    moved.push(days_of_new.into());
    let unit = Unit::bulk().sql(ARCHIVE_PRODUCTS, span(), Expect::Exactly(count)).sql(ROLL_PRODUCTS, moved, Expect::Exactly(count));
    store.db.commit(unit).await.done()?;
    Ok(Some(last))
}
