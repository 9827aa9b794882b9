//! The remittance desk (汇缴): a month's lists by branch and state, who has not reported, one list with its lines.

use core_calendar::{Day, Month};
use core_case::ids::{CaseId, EmployerId, ListId, ReceiptId, SavingsId, UnitId, VoucherId};
use core_case::state::ListState;
use core_case::things::{LineChange, ListKind};
use core_money::{Money, Rate};

use super::PAGE;
use crate::db::{DbError, Query, Row};
use crate::facts::{choice, month, month_number};
use crate::store::Store;

/// What is read of a list wherever one is shown.
macro_rules! head {
    ($rest:literal) => {
        concat!(
            "SELECT l.id, l.employer, e.name, e.branch, l.month, l.kind, l.state, l.people, l.total, l.employer_rate, l.member_rate, \
             l.last_people, l.last_total, l.confirmed, l.expires, l.source, l.receipt, l.posted, l.value_day, l.voucher, l.case_id, \
             l.posted_case, m.suspense, l.digest FROM remittance_list l JOIN employer e ON e.id = l.employer \
             JOIN employer_money m ON m.employer = l.employer ",
            $rest
        )
    };
}

crate::statements! {
    QUEUE = head!("WHERE l.month = $1 AND (e.branch = $2 OR $2 = 0) AND (l.state = $3 OR $3 = '') AND (l.employer = $4 OR $4 = 0) \
        AND l.employer >= $5 AND (l.employer > $5 OR l.id > $6) ORDER BY l.employer, l.id LIMIT $7");
    COUNTS = "SELECT l.state, COUNT(*) AS lists, CAST(SUM(l.people) AS bigint) AS people, CAST(SUM(l.total) AS bigint) AS total \
        FROM remittance_list l JOIN employer e ON e.id = l.employer \
        WHERE l.month = $1 AND (e.branch = $2 OR $2 = 0) AND (l.employer = $3 OR $3 = 0) GROUP BY l.state ORDER BY l.state";
    UNREPORTED = "SELECT e.id, e.name, e.branch FROM employer e WHERE e.id > $3 AND (e.branch = $2 OR $2 = 0) AND e.state IN ('01', '02') \
        AND e.first_month <= $1 AND (e.taken_over_paid_to IS NULL OR e.taken_over_paid_to < $1) \
        AND NOT EXISTS (SELECT 1 FROM remittance_list l WHERE l.employer = e.id AND l.month = $1 \
          AND l.kind = '1' AND l.state IN ('awaiting_money', 'posted', 'posting_failed')) ORDER BY e.id LIMIT $4";
    OF_MONTH = head!("WHERE l.month = $2 AND l.employer = $1 ORDER BY l.id DESC");
    OF_EMPLOYER = head!("WHERE l.employer = $1 AND l.month < $2 ORDER BY l.month DESC, l.id DESC LIMIT $3");
    ONE = head!("WHERE l.id = $1");
    LINES = "SELECT savings, base, employer_amount, member_amount, change FROM list_line WHERE list = $1 ORDER BY savings";
    NAMES = "SELECT s.id, p.name FROM savings s JOIN person p ON p.id = s.person WHERE s.id = ANY($1)";
    LIVE_BEFORE = "SELECT id FROM remittance_list WHERE employer = $1 AND month = $2 AND kind = '1' \
        AND state IN ('awaiting_money', 'posted', 'posting_failed')";
}

/// A list as it is shown.
#[derive(Clone, Debug)]
pub struct ListRow {
    /// 清册号
    pub id: ListId,
    /// 单位账号
    pub employer: EmployerId,
    /// 单位名称
    pub employer_name: String,
    /// 管理部
    pub branch: UnitId,
    /// 汇缴年月
    pub month: Month,
    /// 清册种类
    pub kind: ListKind,
    /// State.
    pub state: ListState,
    /// People on it.
    pub people: u32,
    /// Amount due.
    pub total: Money,
    /// 单位缴存比例、个人缴存比例
    pub rates: (Rate, Rate),
    /// People and sum of last month's list.
    pub last: (u32, Money),
    /// Day of confirmation.
    pub confirmed: Day,
    /// Last day on which money is taken.
    pub expires: Day,
    /// Where its money came from: `receipt`, `suspense`, `unknown`.
    pub source: Option<String>,
    /// The receipt that paid it, where one did alone.
    pub receipt: Option<ReceiptId>,
    /// 入账日期
    pub posted: Option<Day>,
    /// 起息日
    pub value_day: Option<Day>,
    /// 凭证
    pub voucher: Option<VoucherId>,
    /// The case that confirmed it.
    pub case: CaseId,
    /// The case that posted it.
    pub posted_case: Option<CaseId>,
    /// 未分摊余额 of the employer now.
    pub suspense: Money,
    /// Digest of its lines.
    pub digest: String,
}

/// A line of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineRow {
    /// 个人账号
    pub savings: SavingsId,
    /// 缴存基数
    pub base: Money,
    /// 单位月缴存额
    pub employer_amount: Money,
    /// 个人月缴存额
    pub member_amount: Money,
    /// Against last month.
    pub change: LineChange,
}

impl LineRow {
    /// Both sides together.
    pub fn total(&self) -> Money {
        self.employer_amount + self.member_amount
    }
}

/// How many lists of a month stand in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateCount {
    /// State.
    pub state: ListState,
    /// Lists.
    pub lists: u32,
    /// People on them.
    pub people: u32,
    /// Amount due.
    pub total: Money,
}

/// An employer that has no list of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreported {
    /// 单位账号
    pub employer: EmployerId,
    /// 单位名称
    pub name: String,
    /// 管理部
    pub branch: UnitId,
}

/// Which lists of a month (筛选条件).
#[derive(Clone, Copy, Debug, Default)]
pub struct Which {
    /// Only of this branch.
    pub branch: Option<UnitId>,
    /// Only in this state.
    pub state: Option<ListState>,
    /// Only of this employer.
    pub employer: Option<EmployerId>,
}

pub(super) fn read(row: Row) -> Result<ListRow, DbError> {
    let mut c = row.cells();
    let (id, employer, employer_name, branch): (i64, i64, String, i64) = (c.next()?, c.next()?, c.next()?, c.next()?);
    let (of, kind, state): (i64, String, String) = (c.next()?, c.next()?, c.next()?);
    let (people, total, own, member): (u32, i64, i64, i64) = (c.next()?, c.next()?, c.next()?, c.next()?);
    let (last_people, last_total): (u32, i64) = (c.next()?, c.next()?);
    let (confirmed, expires, source) = (c.next()?, c.next()?, c.next()?);
    let receipt: Option<i64> = c.next()?;
    let (posted, value_day) = (c.next()?, c.next()?);
    let (voucher, case, posted_case): (Option<i64>, i64, Option<i64>) = (c.next()?, c.next()?, c.next()?);
    let (suspense, digest): (i64, String) = (c.next()?, c.next()?);
    c.end()?;
    Ok(ListRow {
        id: ListId(id),
        employer: EmployerId(employer),
        employer_name,
        branch: UnitId(branch),
        month: month(of)?,
        kind: choice(&kind)?,
        state: choice(&state)?,
        people,
        total: Money::from_fen(total),
        rates: (Rate::from_units(own), Rate::from_units(member)),
        last: (last_people, Money::from_fen(last_total)),
        confirmed,
        expires,
        source,
        receipt: receipt.map(ReceiptId),
        posted,
        value_day,
        voucher: voucher.map(VoucherId),
        case: CaseId(case),
        posted_case: posted_case.map(CaseId),
        suspense: Money::from_fen(suspense),
        digest,
    })
}

/// The next lists of a month after `after` (employer and list), by employer; `limit` of them.
///
/// # Errors
/// When the database does not answer.
pub async fn queue(store: &Store, of: Month, which: Which, after: (EmployerId, ListId), limit: usize) -> Result<Vec<ListRow>, DbError> {
    use core_case::form::Choice;
    let values = [
        month_number(of).into(),
        which.branch.map_or(0, |b| b.0).into(),
        which.state.map_or("", ListState::code).into(),
        which.employer.map_or(0, |e| e.0).into(),
        after.0.0.into(),
        after.1.0.into(),
        (limit as i64).into(),
    ];
    let mut rows = store.db.read(vec![Query::new(QUEUE, values)]).await?;
    rows.remove(0).into_iter().map(read).collect()
}

/// How many lists of a month stand in each state.
///
/// # Errors
/// When the database does not answer.
pub async fn counts(store: &Store, of: Month, which: Which) -> Result<Vec<StateCount>, DbError> {
    let values = [month_number(of).into(), which.branch.map_or(0, |b| b.0).into(), which.employer.map_or(0, |e| e.0).into()];
    let rows = store.db.read(vec![Query::new(COUNTS, values)]).await?;
    let one = |row: &Row| {
        let state: String = row.get(0)?;
        Ok(StateCount { state: choice(&state)?, lists: row.get(1)?, people: row.get(2)?, total: Money::from_fen(row.get(3)?) })
    };
    rows[0].iter().map(one).collect()
}

/// Employers that should have a list of a month and have none, after a number.
///
/// # Errors
/// When the database does not answer.
pub async fn unreported(
    store: &Store,
    of: Month,
    branch: Option<UnitId>,
    after: EmployerId,
    limit: usize,
) -> Result<Vec<Unreported>, DbError> {
    let values = [month_number(of).into(), branch.map_or(0, |b| b.0).into(), after.0.into(), (limit as i64).into()];
    let rows = store.db.read(vec![Query::new(UNREPORTED, values)]).await?;
    let one = |row: &Row| Ok(Unreported { employer: EmployerId(row.get(0)?), name: row.get(1)?, branch: UnitId(row.get(2)?) });
    rows[0].iter().map(one).collect()
}

/// The lists of an employer and month, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn of_month(store: &Store, employer: EmployerId, of: Month) -> Result<Vec<ListRow>, DbError> {
    let mut rows = store.db.read(vec![Query::new(OF_MONTH, [employer.0.into(), month_number(of).into()])]).await?;
    rows.remove(0).into_iter().map(read).collect()
}

/// The lists of an employer of months before one, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn of_employer(store: &Store, employer: EmployerId, before: Month, limit: usize) -> Result<Vec<ListRow>, DbError> {
    let values = [employer.0.into(), month_number(before).into(), (limit as i64).into()];
    let mut rows = store.db.read(vec![Query::new(OF_EMPLOYER, values)]).await?;
    rows.remove(0).into_iter().map(read).collect()
}

/// One list.
///
/// # Errors
/// When the database does not answer.
pub async fn one(store: &Store, list: ListId) -> Result<Option<ListRow>, DbError> {
    let mut rows = store.db.read(vec![Query::new(ONE, [list.0.into()])]).await?;
    rows.remove(0).into_iter().next().map(read).transpose()
}

/// The lines of a list by account number.
///
/// # Errors
/// When the database does not answer.
pub async fn lines(store: &Store, list: ListId) -> Result<Vec<LineRow>, DbError> {
    let rows = store.db.read(vec![Query::new(LINES, [list.0.into()])]).await?;
    let one = |row: &Row| {
        let change: String = row.get(4)?;
        Ok(LineRow {
            savings: SavingsId(row.get(0)?),
            base: Money::from_fen(row.get(1)?),
            employer_amount: Money::from_fen(row.get(2)?),
            member_amount: Money::from_fen(row.get(3)?),
            change: choice(&change)?,
        })
    };
    rows[0].iter().map(one).collect()
}

/// The live regular list of an employer and month.
///
/// # Errors
/// When the database does not answer.
pub async fn live(store: &Store, employer: EmployerId, of: Month) -> Result<Option<ListId>, DbError> {
    let rows = store.db.read(vec![Query::new(LIVE_BEFORE, [employer.0.into(), month_number(of).into()])]).await?;
    rows[0].first().map(|row| Ok(ListId(row.get(0)?))).transpose()
}

/// Names of accounts, masked (`赵*岚`), in no order.
///
/// # Errors
/// When the database does not answer.
pub async fn names(store: &Store, accounts: Vec<SavingsId>) -> Result<Vec<(SavingsId, String)>, DbError> {
    let mut named = Vec::with_capacity(accounts.len());
    // A bounded number at once: a list of thousands would make a statement of thousands of values.
    for some in accounts.chunks(PAGE * 20) {
        let ids: Vec<i64> = some.iter().map(|s| s.0).collect();
        let rows = store.db.read(vec![Query::new(NAMES, [ids.into()])]).await?;
        for row in &rows[0] {
            let name: String = row.get(1)?;
            named.push((SavingsId(row.get(0)?), core_identity::mask_name(&name)));
        }
    }
    Ok(named)
}
