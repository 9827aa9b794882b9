//! The books (账簿): trial balance of a day, the ledger of one account, vouchers with their postings and their trace.

use core_calendar::{Day, Month};
use core_case::ids::{CaseId, EmployerId, ReceiptId, VoucherId};
use core_ledger::{LedgerCode, Side};
use core_money::Money;

use crate::db::{DbError, Query, Row};
use crate::facts::{ledger_code, month, month_number};
use crate::store::Store;

macro_rules! listed {
    ($rest:literal) => {
        concat!(
            "SELECT v.id, v.day, v.entry, v.term, v.kind, v.total, v.reverses, v.case_id, v.audit, c.action, c.summary FROM voucher v \
             LEFT JOIN business_case c ON c.id = v.case_id ",
            $rest
        )
    };
}

macro_rules! lines {
    ($rest:literal) => {
        concat!(
            "SELECT v.id, p.line, v.day, v.entry, v.term, v.kind, p.side, p.amount, p.employer, e.name, p.receipt FROM posting p \
             JOIN voucher v ON v.id = p.voucher LEFT JOIN employer e ON e.id = p.employer ",
            $rest
        )
    };
}

macro_rules! sum {
    ($rest:literal) => {
        concat!(
            "SELECT COALESCE(CAST(SUM(CASE WHEN side = 'D' THEN amount ELSE 0 END) AS bigint), 0) AS debit, \
             COALESCE(CAST(SUM(CASE WHEN side = 'C' THEN amount ELSE 0 END) AS bigint), 0) AS credit FROM posting ",
            $rest
        )
    };
}

crate::statements! {
    // Closed days stand summed up; the postings of days still open are added by themselves. `$1 <= day <= $2`.
    ROLLED = "SELECT d.account, CAST(SUM(d.debit) AS bigint) AS debit, CAST(SUM(d.credit) AS bigint) AS credit FROM ledger_day d \
        JOIN business_day b ON b.day = d.day AND b.state = 'closed' WHERE d.day >= $1 AND d.day <= $2 GROUP BY d.account ORDER BY d.account";
    OPEN_DAYS = "SELECT p.account, CAST(SUM(CASE WHEN p.side = 'D' THEN p.amount ELSE 0 END) AS bigint) AS debit, \
        CAST(SUM(CASE WHEN p.side = 'C' THEN p.amount ELSE 0 END) AS bigint) AS credit FROM business_day b \
        JOIN voucher v ON v.day = b.day JOIN posting p ON p.voucher = v.id WHERE b.state <> 'closed' AND b.day >= $1 AND b.day <= $2 \
        GROUP BY p.account ORDER BY p.account";
    LAST = "SELECT COALESCE(MAX(id), 0) AS last FROM voucher";
    VOUCHERS_OF = "SELECT COUNT(*) AS vouchers FROM voucher WHERE day >= $1 AND day <= $2";
    PERIOD = "SELECT closed FROM period WHERE month = $1";
    MEMBERS_TOTAL = "SELECT COUNT(*) AS accounts, COALESCE(CAST(SUM(balance) AS bigint), 0) AS total FROM savings_balance";
    SUSPENSE_TOTAL = "SELECT COUNT(*) AS employers, COALESCE(CAST(SUM(suspense) AS bigint), 0) AS total FROM employer_money WHERE suspense > 0";
    LINES = lines!("WHERE p.account = $1 AND p.voucher >= $2 AND p.voucher <= $3 ORDER BY p.voucher, p.line LIMIT $4");
    LINES_OF = lines!("WHERE p.employer = $5 AND p.account = $1 AND p.voucher >= $2 AND p.voucher <= $3 ORDER BY p.voucher, p.line LIMIT $4");
    SUM = sum!("WHERE account = $1 AND voucher >= $2 AND voucher < $3");
    SUM_OF = sum!("WHERE employer = $4 AND account = $1 AND voucher >= $2 AND voucher < $3");
    VOUCHERS = listed!("WHERE v.day <= $1 AND v.id < $2 AND (v.entry = $3 OR $3 = '') ORDER BY v.day DESC, v.id DESC LIMIT $4");
    VOUCHER = listed!("WHERE v.id = $1");
    OF_CASE = listed!("WHERE v.case_id = $1 ORDER BY v.id LIMIT 50");
    REVERSED_BY = "SELECT id FROM voucher WHERE reverses = $1";
    POSTINGS = "SELECT p.line, p.account, p.side, p.amount, p.employer, e.name, p.receipt FROM posting p \
        LEFT JOIN employer e ON e.id = p.employer WHERE p.voucher = $1 ORDER BY p.line";
    HANDS = "SELECT u.name, s.kind, s.at FROM case_step s LEFT JOIN app_user u ON u.id = s.by_user WHERE s.case_id = $1 ORDER BY s.seq";
    MAC = "SELECT at, mac FROM audit_record WHERE id = $1";
    SEAL = "SELECT id, day FROM audit_seal WHERE first_record <= $1 AND last_record >= $1 ORDER BY id LIMIT 1";
    LIST = "SELECT id, month, people, total, receipt, confirmed FROM remittance_list WHERE employer = $1 AND voucher = $2";
    RECEIPTS_BEFORE = "SELECT s.receipt FROM suspense_entry s WHERE s.employer = $1 AND s.receipt IS NOT NULL AND s.seq <= \
        (SELECT MAX(x.seq) FROM suspense_entry x WHERE x.employer = $1 AND x.voucher = $2) ORDER BY s.seq DESC LIMIT 1";
}

/// Debits and credits of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turnover {
    /// 借方
    pub debit: Money,
    /// 贷方
    pub credit: Money,
}

impl Turnover {
    /// What is left on a side.
    pub fn balance(&self, side: Side) -> Money {
        match side {
            Side::Debit => self.debit - self.credit,
            Side::Credit => self.credit - self.debit,
        }
    }

    /// Both together.
    pub fn plus(&self, other: Turnover) -> Turnover {
        Turnover { debit: self.debit + other.debit, credit: self.credit + other.credit }
    }
}

/// Opening and turnover of every leaf that was ever posted to.
#[derive(Clone, Debug, Default)]
pub struct Balances {
    /// By leaf: before the first day, and from it until the last.
    pub leaves: std::collections::BTreeMap<LedgerCode, (Turnover, Turnover)>,
    /// Vouchers from the first day until the last.
    pub vouchers: u32,
    /// Whether the period of the last day is closed.
    pub closed: bool,
}

/// Sums that the ledger must equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proofs {
    /// Savings accounts, and the sum of their balances.
    pub members: (u32, Money),
    /// Employers with suspense, and its sum.
    pub suspense: (u32, Money),
    /// Receipts without owner, and their sum.
    pub unknown: (u32, Money),
}

/// A line in the ledger of an account (明细账).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRow {
    /// 凭证
    pub voucher: VoucherId,
    /// Line in it.
    pub line: i64,
    /// 记账日期
    pub day: Day,
    /// Entry of handbook 06.
    pub entry: String,
    /// Summary.
    pub term: String,
    /// Whether the voucher is red.
    pub red: bool,
    /// Side.
    pub side: Side,
    /// Amount, negative in a red one.
    pub amount: Money,
    /// Analytic item: employer.
    pub employer: Option<(EmployerId, String)>,
    /// Analytic item: receipt.
    pub receipt: Option<ReceiptId>,
}

/// A voucher in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherRow {
    /// Number.
    pub id: VoucherId,
    /// 记账日期
    pub day: Day,
    /// Entry of handbook 06.
    pub entry: String,
    /// Summary.
    pub term: String,
    /// Whether it is red.
    pub red: bool,
    /// Sum of each side.
    pub total: Money,
    /// The voucher it reverses.
    pub reverses: Option<VoucherId>,
    /// The case.
    pub case: CaseId,
    /// Its audit record.
    pub audit: i64,
    /// Name of the case's action.
    pub action: String,
    /// Title of the case.
    pub summary: String,
}

/// A posting of a voucher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingRow {
    /// Account.
    pub account: LedgerCode,
    /// Side.
    pub side: Side,
    /// Amount.
    pub amount: Money,
    /// Analytic item: employer.
    pub employer: Option<(EmployerId, String)>,
    /// Analytic item: receipt.
    pub receipt: Option<ReceiptId>,
}

/// The list that a voucher posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostedList {
    /// Number.
    pub list: core_case::ids::ListId,
    /// Month.
    pub month: Month,
    /// People.
    pub people: u32,
    /// Sum.
    pub total: Money,
    /// The one receipt that paid it.
    pub receipt: Option<ReceiptId>,
    /// Day of confirmation.
    pub confirmed: Day,
}

/// A voucher with everything beside it.
#[derive(Clone, Debug)]
pub struct VoucherWhole {
    /// The row.
    pub row: VoucherRow,
    /// Its postings.
    pub postings: Vec<PostingRow>,
    /// Other vouchers of its case.
    pub sisters: Vec<VoucherRow>,
    /// The red voucher that took it back.
    pub reversed_by: Option<VoucherId>,
    /// Who did what in its case: name, kind of step, seconds since 1970.
    pub hands: Vec<(String, String, i64)>,
    /// When its audit record was written, and its MAC in hex.
    pub audit: Option<(i64, String)>,
    /// The seal over that record, with its day; none before the day-end.
    pub seal: Option<(i64, Day)>,
    /// The list it posted.
    pub list: Option<PostedList>,
    /// The receipt its money came by, where one can be named.
    pub receipt: Option<ReceiptId>,
}

fn side(code: &str) -> Side {
    if code == "D" { Side::Debit } else { Side::Credit }
}

fn turnovers(rows: &[Row], into: &mut std::collections::BTreeMap<LedgerCode, (Turnover, Turnover)>, before: bool) -> Result<(), DbError> {
    for row in rows {
        let turnover = Turnover { debit: Money::from_fen(row.get(1)?), credit: Money::from_fen(row.get(2)?) };
        let (opening, period) = into.entry(ledger_code(row.get(0)?)?).or_default();
        let own = if before { opening } else { period };
        *own = own.plus(turnover);
    }
    Ok(())
}

/// Opening before `from` and turnover from then until `until`, by leaf.
///
/// # Errors
/// When the database does not answer.
pub async fn balances(store: &Store, from: Day, until: Day) -> Result<Balances, DbError> {
    let before = || [Day::MIN.into(), from.pred().into()];
    let within = || [from.into(), until.into()];
    let rows = store
        .db
        .read(vec![
            Query::new(ROLLED, before()),
            Query::new(OPEN_DAYS, before()),
            Query::new(ROLLED, within()),
            Query::new(OPEN_DAYS, within()),
            Query::new(VOUCHERS_OF, within()),
            Query::new(PERIOD, [month_number(Month::of(until)).into()]),
        ])
        .await?;
    let mut balances = Balances::default();
    for (at, rows) in rows[..4].iter().enumerate() {
        turnovers(rows, &mut balances.leaves, at < 2)?;
    }
    balances.vouchers = rows[4].first().map_or(Ok(0), |row| row.get(0))?;
    balances.closed = rows[5].first().map_or(Ok(false), |row| row.get(0))?;
    Ok(balances)
}

/// The latest voucher: as long as it is the same, no sum of the books has changed.
///
/// # Errors
/// When the database does not answer.
pub async fn last(store: &Store) -> Result<VoucherId, DbError> {
    let rows = store.db.read(vec![Query::new(LAST, [])]).await?;
    Ok(VoucherId(rows[0].first().map_or(Ok(0), |row| row.get(0))?))
}

/// The sums of the sub-ledgers now.
///
/// # Errors
/// When the database does not answer.
pub async fn proofs(store: &Store) -> Result<Proofs, DbError> {
    // All three are read from the same committed state as far as a page needs it; the nightly proof is the strict one.
    let rows = store.db.read(vec![Query::new(MEMBERS_TOTAL, []), Query::new(SUSPENSE_TOTAL, [])]).await?;
    let sum = |rows: &[Row]| match rows.first() {
        Some(row) => Ok::<_, DbError>((row.get(0)?, Money::from_fen(row.get(1)?))),
        None => Ok((0, Money::ZERO)),
    };
    let (receipts, total, _) = super::money::unknown_total(store).await?;
    Ok(Proofs { members: sum(&rows[0])?, suspense: sum(&rows[1])?, unknown: (receipts, total) })
}

/// Numbers of the first and last voucher of a month (handbook 17 §9: YYYYMM and 8 digits).
fn numbers(of: Month) -> (i64, i64) {
    let base = month_number(of) * 100_000_000;
    (base + 1, base + 99_999_999)
}

/// Lines of a leaf in a month from a voucher on, and what was posted in that month before it.
///
/// # Errors
/// When the database does not answer.
pub async fn lines(
    store: &Store,
    account: LedgerCode,
    of: Month,
    employer: Option<EmployerId>,
    from: VoucherId,
    limit: usize,
) -> Result<(Turnover, Vec<LedgerRow>), DbError> {
    let (first, last) = numbers(of);
    let code = i64::from(account.number());
    let start = from.0.clamp(first, last);
    let mut page = vec![code.into(), start.into(), last.into(), (limit as i64).into()];
    page.extend(employer.map(|e| e.0.into()));
    let sql = if employer.is_some() { LINES_OF } else { LINES };
    let rows = store.db.read(vec![sum(code, first, start, employer), Query::new(sql, page)]).await?;
    let before = match rows[0].first() {
        Some(row) => Turnover { debit: Money::from_fen(row.get(0)?), credit: Money::from_fen(row.get(1)?) },
        None => Turnover::default(),
    };
    let one = |row: &Row| {
        let (kind, dc): (String, String) = (row.get(5)?, row.get(6)?);
        let (employer, name): (Option<i64>, Option<String>) = (row.get(8)?, row.get(9)?);
        Ok(LedgerRow {
            voucher: VoucherId(row.get(0)?),
            line: row.get(1)?,
            day: row.get(2)?,
            entry: row.get(3)?,
            term: row.get(4)?,
            red: kind == "red",
            side: side(&dc),
            amount: Money::from_fen(row.get(7)?),
            employer: employer.map(EmployerId).zip(name),
            receipt: row.get::<Option<i64>>(10)?.map(ReceiptId),
        })
    };
    Ok((before, rows[1].iter().map(one).collect::<Result<_, DbError>>()?))
}

/// The question for what a leaf was posted from one voucher until before another, of all employers or of one.
fn sum(code: i64, from: i64, before: i64, employer: Option<EmployerId>) -> Query {
    let values = [code.into(), from.into(), before.into()];
    match employer {
        Some(employer) => Query::new(SUM_OF, values.into_iter().chain([employer.0.into()])),
        None => Query::new(SUM, values),
    }
}

/// What a leaf was posted before a month, of all employers (from the days' sums) or of one.
///
/// # Errors
/// When the database does not answer.
pub async fn before(store: &Store, account: LedgerCode, of: Month, employer: Option<EmployerId>) -> Result<Turnover, DbError> {
    if employer.is_none() {
        let all = balances(store, of.first_day(), of.first_day()).await?;
        return Ok(all.leaves.get(&account).map_or(Turnover::default(), |(opening, _)| *opening));
    }
    let rows = store.db.read(vec![sum(i64::from(account.number()), 0, numbers(of).0, employer)]).await?;
    match rows[0].first() {
        Some(row) => Ok(Turnover { debit: Money::from_fen(row.get(0)?), credit: Money::from_fen(row.get(1)?) }),
        None => Ok(Turnover::default()),
    }
}

fn voucher_row(row: &Row) -> Result<VoucherRow, DbError> {
    let kind: String = row.get(4)?;
    Ok(VoucherRow {
        id: VoucherId(row.get(0)?),
        day: row.get(1)?,
        entry: row.get(2)?,
        term: row.get(3)?,
        red: kind == "red",
        total: Money::from_fen(row.get(5)?),
        reverses: row.get::<Option<i64>>(6)?.map(VoucherId),
        case: CaseId(row.get(7)?),
        audit: row.get(8)?,
        action: row.get::<Option<String>>(9)?.unwrap_or_default(),
        summary: row.get::<Option<String>>(10)?.unwrap_or_default(),
    })
}

/// Vouchers until a day and before a number, newest first; only of one entry if it is named.
///
/// # Errors
/// When the database does not answer.
pub async fn vouchers(store: &Store, until: Day, before: VoucherId, entry: &str, limit: usize) -> Result<Vec<VoucherRow>, DbError> {
    let values = [until.into(), before.0.into(), entry.into(), (limit as i64).into()];
    let rows = store.db.read(vec![Query::new(VOUCHERS, values)]).await?;
    rows[0].iter().map(voucher_row).collect()
}

/// Vouchers of a case, at most fifty.
///
/// # Errors
/// When the database does not answer.
pub async fn of_case(store: &Store, case: CaseId) -> Result<Vec<VoucherRow>, DbError> {
    let rows = store.db.read(vec![Query::new(OF_CASE, [case.0.into()])]).await?;
    rows[0].iter().map(voucher_row).collect()
}

/// The postings of a voucher.
///
/// # Errors
/// When the database does not answer.
pub async fn postings(store: &Store, voucher: VoucherId) -> Result<Vec<PostingRow>, DbError> {
    let rows = store.db.read(vec![Query::new(POSTINGS, [voucher.0.into()])]).await?;
    rows[0].iter().map(posting_row).collect()
}

fn posting_row(row: &Row) -> Result<PostingRow, DbError> {
    let dc: String = row.get(2)?;
    let (employer, name): (Option<i64>, Option<String>) = (row.get(4)?, row.get(5)?);
    Ok(PostingRow {
        account: ledger_code(row.get(1)?)?,
        side: side(&dc),
        amount: Money::from_fen(row.get(3)?),
        employer: employer.map(EmployerId).zip(name),
        receipt: row.get::<Option<i64>>(6)?.map(ReceiptId),
    })
}

/// A voucher with its postings, its case and its trace.
///
/// # Errors
/// When the database does not answer.
pub async fn voucher(store: &Store, id: VoucherId) -> Result<Option<VoucherWhole>, DbError> {
    let rows = store.db.read(vec![Query::new(VOUCHER, [id.0.into()]), Query::new(POSTINGS, [id.0.into()])]).await?;
    let Some(row) = rows[0].first() else { return Ok(None) };
    let row = voucher_row(row)?;
    let postings: Vec<PostingRow> = rows[1].iter().map(posting_row).collect::<Result<_, _>>()?;
    let employer = postings.iter().find_map(|p| p.employer.as_ref()).map_or(0, |(e, _)| e.0);
    let own = row.reverses.unwrap_or(row.id).0;
    let rest = store
        .db
        .read(vec![
            Query::new(OF_CASE, [row.case.0.into()]),
            Query::new(REVERSED_BY, [id.0.into()]),
            Query::new(HANDS, [row.case.0.into()]),
            Query::new(MAC, [row.audit.into()]),
            Query::new(SEAL, [row.audit.into()]),
            Query::new(LIST, [employer.into(), own.into()]),
            Query::new(RECEIPTS_BEFORE, [employer.into(), own.into()]),
        ])
        .await?;
    let list = match rest[5].first() {
        Some(r) => Some(PostedList {
            list: core_case::ids::ListId(r.get(0)?),
            month: month(r.get(1)?)?,
            people: r.get(2)?,
            total: Money::from_fen(r.get(3)?),
            receipt: r.get::<Option<i64>>(4)?.map(ReceiptId),
            confirmed: r.get(5)?,
        }),
        None => None,
    };
    let from_suspense = rest[6].first().map(|r| r.get::<Option<i64>>(0)).transpose()?.flatten().map(ReceiptId);
    let receipt = postings.iter().find_map(|p| p.receipt).or(list.and_then(|l| l.receipt)).or(from_suspense);
    let hex = |bytes: Vec<u8>| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let hand = |r: &Row| Ok((r.get::<Option<String>>(0)?.unwrap_or_default(), r.get(1)?, r.get(2)?));
    Ok(Some(VoucherWhole {
        sisters: rest[0].iter().map(voucher_row).filter(|v| v.as_ref().map_or(true, |v| v.id != id)).collect::<Result<_, _>>()?,
        reversed_by: rest[1].first().map(|r| r.get(0)).transpose()?.map(VoucherId),
        hands: rest[2].iter().map(hand).collect::<Result<_, DbError>>()?,
        audit: rest[3].first().map(|r| Ok::<_, DbError>((r.get(0)?, hex(r.get(1)?)))).transpose()?,
        seal: rest[4].first().map(|r| Ok::<_, DbError>((r.get(0)?, r.get(1)?))).transpose()?,
        list,
        receipt,
        postings,
        row,
    }))
}
