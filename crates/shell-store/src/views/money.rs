//! Money that came in (到账): receipts by state and day, one receipt with where it went, the fund's bank accounts.

use core_calendar::{Day, Month};
use core_case::ids::{BankAccountId, CaseId, EmployerId, ListId, ReceiptId, VoucherId};
use core_case::state::ReceiptState;
use core_identity::mask_card;
use core_money::Money;

use super::employers::{SuspenseRow, suspense_row};
use crate::db::{DbError, Query, Row};
use crate::facts::{choice, month};
use crate::store::Store;

macro_rules! listed {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.bank_account, b.bank, b.number, r.host_serial, r.amount, r.day, r.payer_name, r.state, e.id AS employer, \
             e.name AS employer_name, r.matched_by, r.case_id FROM receipt r JOIN bank_account b ON b.id = r.bank_account \
             LEFT JOIN employer e ON e.id = COALESCE(r.employer, (SELECT MIN(s.employer) FROM suspense_entry s WHERE s.receipt = r.id)) ",
            $rest
        )
    };
}

crate::statements! {
    UNKNOWN = listed!("WHERE r.state = 'unknown' AND (r.day > $1 OR (r.day = $1 AND r.id > $2)) ORDER BY r.day, r.id LIMIT $3");
    ALL = listed!("WHERE r.day <= $1 AND (r.day < $1 OR r.id < $2) AND (r.state = $3 OR $3 = '') ORDER BY r.day DESC, r.id DESC LIMIT $4");
    OF_EMPLOYER = listed!("WHERE r.employer = $1 AND r.day <= $2 AND (r.day < $2 OR r.id < $3) ORDER BY r.day DESC, r.id DESC LIMIT $4");
    ONE = listed!("WHERE r.id = $1");
    OF_CASE = listed!("WHERE r.id = ANY($1) ORDER BY r.id");
    SEALED = "SELECT payer_account, note FROM receipt WHERE id = $1";
    LISTS = "SELECT id, month, people, total FROM remittance_list WHERE employer = $1 AND receipt = $2 ORDER BY id";
    MOVES = "SELECT seq, day, entry, amount, balance_after, voucher, receipt, list, case_id FROM suspense_entry \
        WHERE receipt = $1 ORDER BY employer, seq";
    VOUCHERS = "SELECT id, term, total FROM voucher WHERE case_id = $1 ORDER BY id";
    UNKNOWN_TOTAL = "SELECT COUNT(*) AS receipts, COALESCE(CAST(SUM(amount) AS bigint), 0) AS total, MIN(day) AS oldest FROM receipt WHERE state = 'unknown'";
    OF_DAY = "SELECT state, COUNT(*) AS receipts, CAST(SUM(amount) AS bigint) AS total FROM receipt WHERE day = $1 GROUP BY state ORDER BY state";
    BANKS = "SELECT id, number, bank, name, leaf FROM bank_account ORDER BY id";
}

/// A receipt in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptRow {
    /// 收款编号
    pub id: ReceiptId,
    /// 专户
    pub bank: BankAccountId,
    /// Name of its bank.
    pub bank_name: String,
    /// Its number.
    pub bank_number: String,
    /// 银行流水号
    pub serial: String,
    /// Amount.
    pub amount: Money,
    /// Bank's day.
    pub day: Day,
    /// 对方户名
    pub payer: String,
    /// State.
    pub state: ReceiptState,
    /// Whose it is, if known, or to whom it was given later (the first of several), with the name.
    pub employer: Option<(EmployerId, String)>,
    /// How its owner was found: list, number, name, or nothing.
    pub matched_by: String,
    /// The case that recorded it.
    pub case: CaseId,
}

/// One receipt with what is beside it.
#[derive(Clone, Debug)]
pub struct ReceiptWhole {
    /// The row.
    pub row: ReceiptRow,
    /// 对方账号, masked.
    pub payer_account: Option<String>,
    /// 摘要, long numbers masked by the page.
    pub summary: String,
    /// 备注, long numbers masked by the page.
    pub remark: String,
    /// Lists it paid: number, month, people, sum.
    pub lists: Vec<(ListId, Month, u32, Money)>,
    /// What it moved in the suspense of its employer, or of several.
    pub moves: Vec<SuspenseRow>,
    /// Vouchers of the case that recorded it: number, summary, sum.
    pub vouchers: Vec<(VoucherId, String, Money)>,
}

/// SpecialAccount (专户).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankRow {
    /// Number of registration.
    pub id: BankAccountId,
    /// 账号
    pub number: String,
    /// 银行
    pub bank: String,
    /// 户名
    pub name: String,
    /// Leaf of 101.
    pub leaf: i64,
}

fn listed(row: &Row) -> Result<ReceiptRow, DbError> {
    let (state, employer): (String, Option<i64>) = (row.get(8)?, row.get(9)?);
    let name: Option<String> = row.get(10)?;
    Ok(ReceiptRow {
        id: ReceiptId(row.get(0)?),
        bank: BankAccountId(row.get(1)?),
        bank_name: row.get(2)?,
        bank_number: row.get(3)?,
        serial: row.get(4)?,
        amount: Money::from_fen(row.get(5)?),
        day: row.get(6)?,
        payer: row.get(7)?,
        state: choice(&state)?,
        employer: employer.map(EmployerId).zip(name),
        matched_by: row.get(11)?,
        case: CaseId(row.get(12)?),
    })
}

/// Receipts before a day and number, newest first; of unknown ones those after it, oldest first: they wait longest.
///
/// # Errors
/// When the database does not answer.
pub async fn list(store: &Store, state: Option<ReceiptState>, at: (Day, ReceiptId), limit: usize) -> Result<Vec<ReceiptRow>, DbError> {
    use core_case::form::Choice;
    let (day, id, limit) = (at.0, at.1.0, limit as i64);
    let query = match state {
        Some(ReceiptState::Unknown) => Query::new(UNKNOWN, [day.into(), id.into(), limit.into()]),
        state => Query::new(ALL, [day.into(), id.into(), state.map_or("", ReceiptState::code).into(), limit.into()]),
    };
    let rows = store.db.read(vec![query]).await?;
    rows[0].iter().map(listed).collect()
}

/// Receipts of an employer before a day and number, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn of_employer(store: &Store, employer: EmployerId, at: (Day, ReceiptId), limit: usize) -> Result<Vec<ReceiptRow>, DbError> {
    let values = [employer.0.into(), at.0.into(), at.1.0.into(), (limit as i64).into()];
    let rows = store.db.read(vec![Query::new(OF_EMPLOYER, values)]).await?;
    rows[0].iter().map(listed).collect()
}

/// Receipts by their numbers.
///
/// # Errors
/// When the database does not answer.
pub async fn some(store: &Store, ids: Vec<i64>) -> Result<Vec<ReceiptRow>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = store.db.read(vec![Query::new(OF_CASE, [ids.into()])]).await?;
    rows[0].iter().map(listed).collect()
}

/// One receipt.
///
/// # Errors
/// When the database does not answer, or an identifier cannot be opened.
pub async fn one(store: &Store, id: ReceiptId) -> Result<Option<ReceiptWhole>, DbError> {
    let rows = store.db.read(vec![Query::new(ONE, [id.0.into()]), Query::new(SEALED, [id.0.into()])]).await?;
    let (Some(row), Some(sealed)) = (rows[0].first(), rows[1].first()) else { return Ok(None) };
    let row = listed(row)?;
    let open = |column: &str, cell: &[u8]| store.keys.open("receipt", column, id.0, cell).map_err(|e| DbError::BadValue(e.to_string()));
    let payer_account = sealed.get::<Option<Vec<u8>>>(0)?.map(|cell| open("payer_account", &cell)).transpose()?;
    let note = open("note", &sealed.get::<Vec<u8>>(1)?)?;
    let note: serde_json::Value = serde_json::from_str(&note).map_err(|e| DbError::BadValue(format!("note of receipt {id}: {e}")))?;
    let words = |key: &str| note.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    let employer = row.employer.as_ref().map_or(0, |(e, _)| e.0);
    let both = || [employer.into(), id.0.into()];
    let moves = Query::new(MOVES, [id.0.into()]);
    let rest = store.db.read(vec![Query::new(LISTS, both()), moves, Query::new(VOUCHERS, [row.case.0.into()])]).await?;
    let mut whole = ReceiptWhole {
        payer_account: payer_account.map(|text| mask_card(&text)),
        summary: words("summary"),
        remark: words("remark"),
        lists: Vec::new(),
        moves: Vec::new(),
        vouchers: Vec::new(),
        row,
    };
    for r in &rest[0] {
        whole.lists.push((ListId(r.get(0)?), month(r.get(1)?)?, r.get(2)?, Money::from_fen(r.get(3)?)));
    }
    whole.moves = rest[1].iter().map(suspense_row).collect::<Result<_, _>>()?;
    for r in &rest[2] {
        whole.vouchers.push((VoucherId(r.get(0)?), r.get(1)?, Money::from_fen(r.get(2)?)));
    }
    Ok(Some(whole))
}

/// How many receipts look for an owner, their sum, and the oldest day.
///
/// # Errors
/// When the database does not answer.
pub async fn unknown_total(store: &Store) -> Result<(u32, Money, Option<Day>), DbError> {
    let rows = store.db.read(vec![Query::new(UNKNOWN_TOTAL, [])]).await?;
    let Some(row) = rows[0].first() else { return Ok((0, Money::ZERO, None)) };
    Ok((row.get(0)?, Money::from_fen(row.get(1)?), row.get(2)?))
}

/// What came on a day, by where it went.
///
/// # Errors
/// When the database does not answer.
pub async fn of_day(store: &Store, day: Day) -> Result<Vec<(ReceiptState, u32, Money)>, DbError> {
    let rows = store.db.read(vec![Query::new(OF_DAY, [day.into()])]).await?;
    let one = |row: &Row| {
        let state: String = row.get(0)?;
        Ok((choice(&state)?, row.get(1)?, Money::from_fen(row.get(2)?)))
    };
    rows[0].iter().map(one).collect()
}

/// The fund's bank accounts.
///
/// # Errors
/// When the database does not answer.
pub async fn banks(store: &Store) -> Result<Vec<BankRow>, DbError> {
    let rows = store.db.read(vec![Query::new(BANKS, [])]).await?;
    let one = |row: &Row| {
        Ok(BankRow { id: BankAccountId(row.get(0)?), number: row.get(1)?, bank: row.get(2)?, name: row.get(3)?, leaf: row.get(4)? })
    };
    rows[0].iter().map(one).collect()
}
