//! Registers as lists: employers, lists that wait, receipts without owner. What pages, exports and the simulation look up.

use core_calendar::{Day, Month};
use core_case::ids::{EmployerId, ListId, ReceiptId, SavingsId, UnitId};
use core_money::Money;

use crate::db::{DbError, Query, Registered};
use crate::facts::month;
use crate::store::Store;

/// The statements of this module.
pub(crate) static QUERIES: &[Registered] = &[
    Registered { name: "registers.employers", sql: EMPLOYERS },
    Registered { name: "registers.awaiting", sql: AWAITING },
    Registered { name: "registers.unknown", sql: UNKNOWN },
    Registered { name: "registers.savings_of", sql: SAVINGS_OF },
];

const EMPLOYERS: &str = "SELECT id, name, branch FROM employer ORDER BY id";
const AWAITING: &str =
    "SELECT id, employer, month, people, total, confirmed FROM remittance_list WHERE state = 'awaiting_money' ORDER BY id";
const UNKNOWN: &str = "SELECT id, bank_account, amount, day, payer_name FROM receipt WHERE state = 'unknown' ORDER BY id";
const SAVINGS_OF: &str = "SELECT id FROM savings WHERE employer = $1 AND state = '01' ORDER BY id";

/// An employer in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmployerLine {
    /// Number.
    pub id: EmployerId,
    /// Name.
    pub name: String,
    /// Branch.
    pub branch: UnitId,
}

/// A list that waits for money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwaitingLine {
    /// Number.
    pub list: ListId,
    /// Employer.
    pub employer: EmployerId,
    /// Month.
    pub month: Month,
    /// People.
    pub people: u32,
    /// Amount due.
    pub due: Money,
    /// Day of confirmation.
    pub confirmed: Day,
}

/// A receipt without owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownLine {
    /// Number.
    pub receipt: ReceiptId,
    /// Fund account.
    pub bank: i64,
    /// Amount.
    pub amount: Money,
    /// Bank's day.
    pub day: Day,
    /// Payer.
    pub payer: String,
}

/// All employers by number.
///
/// # Errors
/// When the database does not answer.
pub async fn employers(store: &Store) -> Result<Vec<EmployerLine>, DbError> {
    let rows = store.db.read(vec![Query::new(EMPLOYERS, [])]).await?;
    rows[0].iter().map(|r| Ok(EmployerLine { id: EmployerId(r.get(0)?), name: r.get(1)?, branch: UnitId(r.get(2)?) })).collect()
}

/// Lists that wait for money, by number.
///
/// # Errors
/// When the database does not answer.
pub async fn awaiting(store: &Store) -> Result<Vec<AwaitingLine>, DbError> {
    let rows = store.db.read(vec![Query::new(AWAITING, [])]).await?;
    rows[0]
        .iter()
        .map(|r| {
            Ok(AwaitingLine {
                list: ListId(r.get(0)?),
                employer: EmployerId(r.get(1)?),
                month: month(r.get(2)?)?,
                people: r.get(3)?,
                due: Money::from_fen(r.get(4)?),
                confirmed: r.get(5)?,
            })
        })
        .collect()
}

/// Receipts without owner, by number.
///
/// # Errors
/// When the database does not answer.
pub async fn unknown(store: &Store) -> Result<Vec<UnknownLine>, DbError> {
    let rows = store.db.read(vec![Query::new(UNKNOWN, [])]).await?;
    rows[0]
        .iter()
        .map(|r| {
            Ok(UnknownLine {
                receipt: ReceiptId(r.get(0)?),
                bank: r.get(1)?,
                amount: Money::from_fen(r.get(2)?),
                day: r.get(3)?,
                payer: r.get(4)?,
            })
        })
        .collect()
}

/// Normal accounts of an employer, by number.
///
/// # Errors
/// When the database does not answer.
pub async fn savings_of(store: &Store, employer: EmployerId) -> Result<Vec<SavingsId>, DbError> {
    let rows = store.db.read(vec![Query::new(SAVINGS_OF, [employer.0.into()])]).await?;
    rows[0].iter().map(|r| Ok(SavingsId(r.get(0)?))).collect()
}
