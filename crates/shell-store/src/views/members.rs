//! Members (职工): lists and searches, one account with its dated records, its months and its entries.

use core_calendar::{Day, Month};
use core_case::effect::{SealReason, Subject};
use core_case::ids::{CaseId, EmployerId, ListId, SavingsId, UnitId, VoucherId};
use core_case::state::{CaseState, SavingsState};
use core_identity::{mask_card, mask_id_number, mask_mobile, mask_name};
use core_money::{Money, Rate};

use crate::db::{DbError, Query, Row};
use crate::facts::{choice, month};
use crate::store::Store;

/// What a list of accounts reads.
macro_rules! listed {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, p.name, s.state, s.employer, e.name AS employer_name, s.opened, b.balance, b.reserved, \
             (SELECT cb.base FROM contribution_base cb WHERE cb.savings = s.id ORDER BY cb.from_month DESC LIMIT 1) AS base \
             FROM savings s JOIN person p ON p.id = s.person JOIN employer e ON e.id = s.employer \
             JOIN savings_balance b ON b.savings = s.id ",
            $rest
        )
    };
}

/// What a list of entries reads.
macro_rules! entries {
    ($rest:literal) => {
        concat!(
            "SELECT n.savings, n.seq, n.day, n.value_day, n.kind, n.month, n.amount, n.balance_after, n.employer, e.name AS employer_name, \
             n.list, n.red, n.voucher, l.employer_amount, l.member_amount FROM entry n JOIN employer e ON e.id = n.employer \
             LEFT JOIN list_line l ON l.list = n.list AND l.savings = n.savings ",
            $rest
        )
    };
}

crate::statements! {
    ALL = listed!("WHERE s.id > $1 AND (s.state = $2 OR $2 = '') ORDER BY s.id LIMIT $3");
    OF_EMPLOYER = listed!("WHERE s.employer = $4 AND s.id > $1 AND (s.state = $2 OR $2 = '') ORDER BY s.id LIMIT $3");
    BY_ID = listed!("WHERE s.id = $1");
    // Open accounts only: they have an index by person (savings_one_open).
    BY_NAME = listed!("WHERE p.name >= $1 AND p.name < $2 AND s.state IN ('01', '02') ORDER BY p.name, s.id LIMIT $3");
    BY_SIX = listed!("WHERE p.id_six = $1 AND s.state IN ('01', '02') AND s.id > $2 ORDER BY s.id LIMIT $3");
    ONE = "SELECT s.id, p.name, p.id_kind, p.id AS person, p.id_number, p.mobile, p.card, p.card_bank, s.state, s.employer, \
        e.name AS employer_name, e.branch, s.opened, s.first_month, s.taken_over_paid_to, b.balance, b.carried_over, b.current_year, \
        b.reserved, b.seq FROM savings s JOIN person p ON p.id = s.person JOIN employer e ON e.id = s.employer \
        JOIN savings_balance b ON b.savings = s.id WHERE s.id = $1";
    MONTHS = "SELECT month, CAST(SUM(amount) AS bigint) AS total, MAX(kind) AS kind, COUNT(*) AS entries FROM entry \
        WHERE savings = $1 AND month IS NOT NULL GROUP BY month ORDER BY month";
    ENTRIES = entries!("WHERE n.savings = $1 AND n.seq < $2 ORDER BY n.seq DESC LIMIT $3");
    ENTRIES_BETWEEN = entries!("WHERE n.savings = $1 AND n.day >= $2 AND n.day <= $3 ORDER BY n.seq");
    ENTRY = entries!("WHERE n.savings = $1 AND n.seq = $2");
    BALANCE_BEFORE = "SELECT balance_after FROM entry WHERE savings = $1 AND day < $2 ORDER BY seq DESC LIMIT 1";
    BASES = "SELECT from_month, base, case_id FROM contribution_base WHERE savings = $1 ORDER BY from_month";
    MEMBERSHIPS = "SELECT m.from_month, m.until_month, m.employer, e.name, m.change, m.case_id FROM membership m \
        JOIN employer e ON e.id = m.employer WHERE m.savings = $1 ORDER BY m.from_month";
    SEALS = "SELECT from_month, until_month, reason, case_id FROM seal WHERE savings = $1 ORDER BY from_month";
    RATES = "SELECT from_month, employer_rate, member_rate FROM employer_rate WHERE employer = $1 ORDER BY from_month";
    IN_FLIGHT = "SELECT c.id, c.action, c.state, c.accepted, c.promised, c.amount, c.summary FROM case_concern n \
        JOIN business_case c ON c.id = n.case_id WHERE n.subject = $1 OR n.container = $1 GROUP BY c.id, c.action, c.state, c.accepted, \
        c.promised, c.amount, c.summary ORDER BY c.id LIMIT 20";
    LOOKS = "SELECT a.at, u.name, a.kind, a.detail, a.result FROM audit_record a LEFT JOIN app_user u ON u.id = a.actor \
        WHERE a.object = $1 AND a.kind IN ('read', 'unmask', 'print', 'export') ORDER BY a.id DESC LIMIT 50";
}

/// An account in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    /// 个人账号
    pub savings: SavingsId,
    /// 姓名, masked.
    pub name: String,
    /// 账户状态
    pub state: SavingsState,
    /// 单位账号
    pub employer: EmployerId,
    /// 单位名称
    pub employer_name: String,
    /// 开户日期
    pub opened: Day,
    /// Balance.
    pub balance: Money,
    /// Waiting for the bank.
    pub reserved: Money,
    /// Latest base; none where it has none.
    pub base: Option<Money>,
}

/// Which accounts (筛选条件); the first that is given counts, in this order.
#[derive(Clone, Debug, Default)]
pub struct Which {
    /// This account.
    pub savings: Option<SavingsId>,
    /// Last six characters of the identity number.
    pub six: Option<String>,
    /// The name begins with this.
    pub name: Option<String>,
    /// Of this employer.
    pub employer: Option<EmployerId>,
    /// In this state; together with `employer` or alone.
    pub state: Option<SavingsState>,
}

/// SavingsAccount (个人账户) with what is known of its person, masked.
#[derive(Clone, Debug)]
pub struct MemberHead {
    /// 个人账号
    pub savings: SavingsId,
    /// 姓名, masked.
    pub name: String,
    /// 证件类型, code.
    pub id_kind: String,
    /// 证件号码, masked.
    pub id_number: String,
    /// 手机号码, masked.
    pub mobile: Option<String>,
    /// 银行卡号, masked.
    pub card: Option<String>,
    /// 开户银行
    pub card_bank: Option<String>,
    /// 账户状态
    pub state: SavingsState,
    /// 单位账号
    pub employer: EmployerId,
    /// 单位名称
    pub employer_name: String,
    /// 管理部
    pub branch: UnitId,
    /// 开户日期
    pub opened: Day,
    /// 首次汇缴年月
    pub first_month: Month,
    /// 缴至年月 as taken over.
    pub taken_over_paid_to: Option<Month>,
    /// 账户余额
    pub balance: Money,
    /// 上年结转余额
    pub carried_over: Money,
    /// 当年归集
    pub current_year: Money,
    /// Waiting for the bank.
    pub reserved: Money,
    /// Number of entries so far.
    pub entries: i64,
}

/// What was paid for a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthPaid {
    /// Month.
    pub month: Month,
    /// Sum; zero where a reversal took it back.
    pub total: Money,
    /// By a supplementary list.
    pub supplementary: bool,
    /// Posted, reversed and posted again.
    pub corrected: bool,
}

/// A personal entry (明细).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Number in the account.
    pub seq: i64,
    /// 记账日期
    pub day: Day,
    /// 起息日
    pub value_day: Day,
    /// Kind: 01 汇缴, 02 补缴, 99 期初.
    pub kind: String,
    /// 所属年月
    pub month: Option<Month>,
    /// Amount; negative in a red entry.
    pub amount: Money,
    /// Balance after.
    pub balance: Money,
    /// 单位账号
    pub employer: EmployerId,
    /// 单位名称
    pub employer_name: String,
    /// 清册
    pub list: Option<ListId>,
    /// Whether it is a reversal.
    pub red: bool,
    /// 凭证
    pub voucher: VoucherId,
    /// 单位部分、个人部分, negative in a red entry.
    pub sides: Option<(Money, Money)>,
}

impl EntryRow {
    /// The kind in words.
    pub fn kind_words(&self) -> &'static str {
        match (self.red, self.kind.as_str()) {
            (true, _) => "冲正",
            (_, "01") => "汇缴",
            (_, "02") => "补充清册",
            (_, "99") => "期初余额",
            _ => "其他",
        }
    }
}

/// A dated record of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated<T> {
    /// First month.
    pub from: Month,
    /// Last month, none while in force.
    pub until: Option<Month>,
    /// What.
    pub what: T,
    /// By which case.
    pub case: CaseId,
}

/// A case in flight about an account or employer.
#[derive(Clone, Debug)]
pub struct InFlight {
    /// The case.
    pub case: CaseId,
    /// Name of the action.
    pub action: String,
    /// State.
    pub state: CaseState,
    /// Accepted.
    pub accepted: Day,
    /// Promised by.
    pub promised: Option<Day>,
    /// Amount.
    pub amount: Option<Money>,
    /// Title.
    pub summary: String,
}

/// A recorded look at personal data.
#[derive(Clone, Debug)]
pub struct Look {
    /// Seconds since 1970.
    pub at: i64,
    /// Name of the person.
    pub who: String,
    /// `read`, `unmask`, `print` or `export`.
    pub kind: String,
    /// Particulars as JSON.
    pub detail: String,
    /// done or denied.
    pub result: String,
}

/// Everything dated about an account (变更): read together with its head.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// 缴存基数, oldest first.
    pub bases: Vec<Dated<Money>>,
    /// 单位归属, oldest first: number, name and how it began.
    pub memberships: Vec<Dated<(EmployerId, String, String)>>,
    /// 封存, oldest first.
    pub seals: Vec<Dated<SealReason>>,
    /// Months paid, oldest first.
    pub months: Vec<MonthPaid>,
    /// Rates of the employer now, oldest first.
    pub rates: Vec<(Month, Rate, Rate)>,
    /// Cases in flight.
    pub in_flight: Vec<InFlight>,
}

fn listed(row: &Row) -> Result<MemberRow, DbError> {
    let (name, state): (String, String) = (row.get(1)?, row.get(2)?);
    Ok(MemberRow {
        savings: SavingsId(row.get(0)?),
        name: mask_name(&name),
        state: choice(&state)?,
        employer: EmployerId(row.get(3)?),
        employer_name: row.get(4)?,
        opened: row.get(5)?,
        balance: Money::from_fen(row.get(6)?),
        reserved: Money::from_fen(row.get(7)?),
        base: row.get::<Option<i64>>(8)?.map(Money::from_fen),
    })
}

/// Accounts after a number, by number; `limit` of them. A name or six characters find open accounts only; by name they come in
/// the order of names from the first, whatever `after` says: who looks for more writes more of the name.
///
/// # Errors
/// When the database does not answer.
pub async fn list(store: &Store, which: &Which, after: SavingsId, limit: usize) -> Result<Vec<MemberRow>, DbError> {
    use core_case::form::Choice;
    let limit = limit as i64;
    let state = which.state.map_or("", SavingsState::code);
    let query = match which {
        Which { savings: Some(id), .. } => Query::new(BY_ID, [id.0.into()]),
        Which { six: Some(six), .. } => Query::new(BY_SIX, [store.keys.last_six(six).into(), after.0.into(), limit.into()]),
        Which { name: Some(name), .. } => Query::new(BY_NAME, [name.as_str().into(), beyond(name).into(), limit.into()]),
        Which { employer: Some(employer), .. } => Query::new(OF_EMPLOYER, [after.0.into(), state.into(), limit.into(), employer.0.into()]),
        _ => Query::new(ALL, [after.0.into(), state.into(), limit.into()]),
    };
    let rows = store.db.read(vec![query]).await?;
    rows[0].iter().map(listed).collect()
}

/// The first text after all that begin with `prefix`, in the order of bytes.
fn beyond(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}

/// One account.
///
/// # Errors
/// When the database does not answer, or an identifier cannot be opened.
pub async fn one(store: &Store, savings: SavingsId) -> Result<Option<MemberHead>, DbError> {
    let rows = store.db.read(vec![Query::new(ONE, [savings.0.into()])]).await?;
    let Some(row) = rows[0].first() else { return Ok(None) };
    let mut c = row.clone().cells();
    let (id, name, id_kind, person): (i64, String, String, i64) = (c.next()?, c.next()?, c.next()?, c.next()?);
    let (number, mobile, card): (Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>) = (c.next()?, c.next()?, c.next()?);
    let (card_bank, state): (Option<String>, String) = (c.next()?, c.next()?);
    let (employer, employer_name, branch): (i64, String, i64) = (c.next()?, c.next()?, c.next()?);
    let (opened, first_month, taken): (Day, i64, Option<i64>) = (c.next()?, c.next()?, c.next()?);
    let (balance, carried, current): (i64, i64, i64) = (c.next()?, c.next()?, c.next()?);
    let (reserved, entries): (i64, i64) = (c.next()?, c.next()?);
    c.end()?;
    let open =
        |column: &str, sealed: &[u8]| store.keys.open("person", column, person, sealed).map_err(|e| DbError::BadValue(e.to_string()));
    Ok(Some(MemberHead {
        savings: SavingsId(id),
        name: mask_name(&name),
        id_kind,
        id_number: mask_id_number(&open("id_number", &number)?),
        mobile: mobile.map(|sealed| open("mobile", &sealed)).transpose()?.map(|text| mask_mobile(&text)),
        card: card.map(|sealed| open("card", &sealed)).transpose()?.map(|text| mask_card(&text)),
        card_bank,
        state: choice(&state)?,
        employer: EmployerId(employer),
        employer_name,
        branch: UnitId(branch),
        opened,
        first_month: month(first_month)?,
        taken_over_paid_to: taken.map(month).transpose()?,
        balance: Money::from_fen(balance),
        carried_over: Money::from_fen(carried),
        current_year: Money::from_fen(current),
        reserved: Money::from_fen(reserved),
        entries,
    }))
}

/// What is dated about an account, what was paid for it, and what is in flight; one snapshot.
///
/// # Errors
/// When the database does not answer.
pub async fn history(store: &Store, savings: SavingsId, employer: EmployerId) -> Result<History, DbError> {
    let id = || [savings.0.into()];
    let rows = store
        .db
        .read(vec![
            Query::new(BASES, id()),
            Query::new(MEMBERSHIPS, id()),
            Query::new(SEALS, id()),
            Query::new(MONTHS, id()),
            Query::new(RATES, [employer.0.into()]),
            Query::new(IN_FLIGHT, [Subject::Savings(savings).key().into()]),
        ])
        .await?;
    let mut history = History::default();
    for row in &rows[0] {
        let base = Money::from_fen(row.get(1)?);
        history.bases.push(Dated { from: month(row.get(0)?)?, until: None, what: base, case: CaseId(row.get(2)?) });
    }
    for row in &rows[1] {
        history.memberships.push(Dated {
            from: month(row.get(0)?)?,
            until: row.get::<Option<i64>>(1)?.map(month).transpose()?,
            what: (EmployerId(row.get(2)?), row.get(3)?, row.get(4)?),
            case: CaseId(row.get(5)?),
        });
    }
    for row in &rows[2] {
        let reason: String = row.get(2)?;
        history.seals.push(Dated {
            from: month(row.get(0)?)?,
            until: row.get::<Option<i64>>(1)?.map(month).transpose()?,
            what: choice(&reason)?,
            case: CaseId(row.get(3)?),
        });
    }
    for row in &rows[3] {
        let (kind, entries): (String, i64) = (row.get(2)?, row.get(3)?);
        history.months.push(MonthPaid {
            month: month(row.get(0)?)?,
            total: Money::from_fen(row.get(1)?),
            supplementary: kind == "02",
            corrected: entries > 2,
        });
    }
    for row in &rows[4] {
        history.rates.push((month(row.get(0)?)?, Rate::from_units(row.get(1)?), Rate::from_units(row.get(2)?)));
    }
    history.in_flight = rows[5].iter().map(in_flight_row).collect::<Result<_, _>>()?;
    Ok(history)
}

fn in_flight_row(row: &Row) -> Result<InFlight, DbError> {
    let state: String = row.get(2)?;
    Ok(InFlight {
        case: CaseId(row.get(0)?),
        action: row.get(1)?,
        state: choice(&state)?,
        accepted: row.get(3)?,
        promised: row.get(4)?,
        amount: row.get::<Option<i64>>(5)?.map(Money::from_fen),
        summary: row.get(6)?,
    })
}

/// Cases in flight about a subject or about something within it.
///
/// # Errors
/// When the database does not answer.
pub async fn in_flight(store: &Store, subject: Subject) -> Result<Vec<InFlight>, DbError> {
    let rows = store.db.read(vec![Query::new(IN_FLIGHT, [subject.key().into()])]).await?;
    rows[0].iter().map(in_flight_row).collect()
}

fn entry_row(row: &Row) -> Result<EntryRow, DbError> {
    let red: bool = row.get(11)?;
    let side = |at: usize| Ok::<_, DbError>(row.get::<Option<i64>>(at)?.map(|fen| Money::from_fen(if red { -fen } else { fen })));
    Ok(EntryRow {
        seq: row.get(1)?,
        day: row.get(2)?,
        value_day: row.get(3)?,
        kind: row.get(4)?,
        month: row.get::<Option<i64>>(5)?.map(month).transpose()?,
        amount: Money::from_fen(row.get(6)?),
        balance: Money::from_fen(row.get(7)?),
        employer: EmployerId(row.get(8)?),
        employer_name: row.get(9)?,
        list: row.get::<Option<i64>>(10)?.map(ListId),
        red,
        voucher: VoucherId(row.get(12)?),
        sides: side(13)?.zip(side(14)?),
    })
}

/// Entries before a number, newest first; `limit` of them.
///
/// # Errors
/// When the database does not answer.
pub async fn entries(store: &Store, savings: SavingsId, before: i64, limit: usize) -> Result<Vec<EntryRow>, DbError> {
    let rows = store.db.read(vec![Query::new(ENTRIES, [savings.0.into(), before.into(), (limit as i64).into()])]).await?;
    rows[0].iter().map(entry_row).collect()
}

/// One entry.
///
/// # Errors
/// When the database does not answer.
pub async fn entry(store: &Store, savings: SavingsId, seq: i64) -> Result<Option<EntryRow>, DbError> {
    let rows = store.db.read(vec![Query::new(ENTRY, [savings.0.into(), seq.into()])]).await?;
    rows[0].first().map(entry_row).transpose()
}

/// Balance before a day and the entries from then until another, oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn statement(store: &Store, savings: SavingsId, from: Day, until: Day) -> Result<(Money, Vec<EntryRow>), DbError> {
    let rows = store
        .db
        .read(vec![
            Query::new(BALANCE_BEFORE, [savings.0.into(), from.into()]),
            Query::new(ENTRIES_BETWEEN, [savings.0.into(), from.into(), until.into()]),
        ])
        .await?;
    let opening = rows[0].first().map_or(Ok(0), |row| row.get(0))?;
    Ok((Money::from_fen(opening), rows[1].iter().map(entry_row).collect::<Result<_, _>>()?))
}

/// Who looked at a subject's data, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn looks(store: &Store, subject: Subject) -> Result<Vec<Look>, DbError> {
    let rows = store.db.read(vec![Query::new(LOOKS, [subject.key().into()])]).await?;
    let one = |row: &Row| {
        Ok(Look {
            at: row.get(0)?,
            who: row.get::<Option<String>>(1)?.unwrap_or_default(),
            kind: row.get(2)?,
            detail: row.get(3)?,
            result: row.get(4)?,
        })
    };
    rows[0].iter().map(one).collect()
}
