//! Employers (缴存单位): the register, one employer with its dated records, its suspense and its ledger.

use core_calendar::{Day, Month};
use core_case::ids::{CaseId, EmployerId, ListId, ReceiptId, UnitId, VoucherId};
use core_case::state::EmployerState;
use core_identity::{mask_card, mask_id_number, mask_mobile, mask_name};
use core_money::{Money, Rate};

use crate::db::{DbError, Query, Row};
use crate::facts::{choice, month};
use crate::store::Store;

crate::statements! {
    // Each employer's figures come from indexes by employer; a page asks for fifty.
    ALL = "SELECT e.id, e.name, e.branch, e.state, e.first_month, e.taken_over_paid_to, m.suspense, \
        (SELECT MAX(l.month) FROM remittance_list l WHERE l.employer = e.id AND l.kind = '1' AND l.state = 'posted') AS posted, \
        (SELECT MAX(l.people) FROM remittance_list l WHERE l.employer = e.id AND l.kind = '1' AND l.month = \
          (SELECT MAX(x.month) FROM remittance_list x WHERE x.employer = e.id AND x.kind = '1' AND x.state IN ('awaiting_money', 'posted'))) AS people, \
        (SELECT MAX(l.total) FROM remittance_list l WHERE l.employer = e.id AND l.kind = '1' AND l.state IN ('awaiting_money', 'posted') \
          AND l.month = (SELECT MAX(x.month) FROM remittance_list x WHERE x.employer = e.id AND x.kind = '1' \
          AND x.state IN ('awaiting_money', 'posted'))) AS total \
        FROM employer e JOIN employer_money m ON m.employer = e.id \
        WHERE e.id > $1 AND (e.branch = $2 OR $2 = 0) AND (e.state = $3 OR $3 = '') AND (e.name LIKE $4 OR $4 = '') ORDER BY e.id LIMIT $5";
    COUNTS = "SELECT state, COUNT(*) AS employers FROM employer WHERE branch = $1 OR $1 = 0 GROUP BY state ORDER BY state";
    ONE = "SELECT e.id, e.name, e.credit_code, e.address, e.representative, e.representative_number, e.nature, e.economic_type, \
        e.industry, e.branch, e.established, e.pay_day, e.first_month, e.entrusted_bank, e.payroll_account, e.fiscal, e.handler, \
        e.handler_number, e.handler_mobile, e.state, e.opened, e.taken_over_paid_to, e.case_id, m.suspense \
        FROM employer e JOIN employer_money m ON m.employer = e.id WHERE e.id = $1";
    RATES = "SELECT from_month, employer_rate, member_rate, case_id FROM employer_rate WHERE employer = $1 ORDER BY from_month DESC";
    PEOPLE = "SELECT s.state, COUNT(*) AS people, CAST(SUM(b.balance) AS bigint) AS balance FROM savings s \
        JOIN savings_balance b ON b.savings = s.id WHERE s.employer = $1 GROUP BY s.state ORDER BY s.state";
    OFFICERS = "SELECT login, name, enabled FROM app_user WHERE employer = $1 ORDER BY id";
    POSTED = "SELECT MAX(month) AS month FROM remittance_list WHERE employer = $1 AND kind = '1' AND state = 'posted'";
    SUSPENSE = "SELECT seq, day, entry, amount, balance_after, voucher, receipt, list, case_id FROM suspense_entry \
        WHERE employer = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3";
    SUSPENSE_BEFORE = "SELECT balance_after FROM suspense_entry WHERE employer = $1 AND day < $2 ORDER BY seq DESC LIMIT 1";
    // Every voucher that touched the employer's members (201) or suspense (2190402), from the ledger itself.
    STATEMENT = "SELECT v.id, v.day, v.entry, v.term, v.kind, \
        CAST(SUM(CASE WHEN p.account <> 201 THEN 0 WHEN p.side = 'C' THEN p.amount ELSE 0 - p.amount END) AS bigint) AS members, \
        CAST(SUM(CASE WHEN p.account <> 2190402 THEN 0 WHEN p.side = 'C' THEN p.amount ELSE 0 - p.amount END) AS bigint) AS suspense \
        FROM posting p JOIN voucher v ON v.id = p.voucher WHERE p.employer = $1 AND v.day >= $2 AND v.day <= $3 \
        GROUP BY v.id, v.day, v.entry, v.term, v.kind ORDER BY v.id";
    STATEMENT_LISTS = "SELECT id, voucher, month, people FROM remittance_list WHERE employer = $1 AND voucher IS NOT NULL";
    SUSPENSE_TOTALS = "SELECT m.employer, e.name, e.branch, m.suspense, \
        (SELECT MAX(s.day) FROM suspense_entry s WHERE s.employer = m.employer) AS last FROM employer_money m \
        JOIN employer e ON e.id = m.employer WHERE m.suspense > 0 AND (e.branch = $1 OR $1 = 0) AND m.employer > $2 ORDER BY m.employer LIMIT $3";
}

/// An employer in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmployerRow {
    /// 单位账号
    pub id: EmployerId,
    /// 单位名称
    pub name: String,
    /// 管理部
    pub branch: UnitId,
    /// 账户状态
    pub state: EmployerState,
    /// 首次汇缴年月
    pub first_month: Month,
    /// 缴至年月
    pub paid_to: Option<Month>,
    /// 未分摊余额
    pub suspense: Money,
    /// People on the latest list.
    pub people: u32,
    /// Amount of the latest list.
    pub monthly: Money,
}

/// Which employers (筛选条件).
#[derive(Clone, Debug, Default)]
pub struct Which {
    /// Only of this branch.
    pub branch: Option<UnitId>,
    /// Only in this state.
    pub state: Option<EmployerState>,
    /// The name holds this.
    pub name: String,
}

/// EmployerAccount (单位账户), identifiers masked.
#[derive(Clone, Debug)]
pub struct EmployerHead {
    /// 单位账号
    pub id: EmployerId,
    /// 单位名称
    pub name: String,
    /// 统一社会信用代码
    pub credit_code: Option<String>,
    /// 单位地址
    pub address: String,
    /// 法定代表人, masked.
    pub representative: String,
    /// Number of the representative's document, masked.
    pub representative_number: String,
    /// 单位性质, code or words.
    pub nature: String,
    /// 经济类型, code or words.
    pub economic_type: String,
    /// 所属行业
    pub industry: String,
    /// 管理部
    pub branch: UnitId,
    /// 成立日期
    pub established: Day,
    /// 发薪日
    pub pay_day: u8,
    /// 首次汇缴年月
    pub first_month: Month,
    /// 受托银行
    pub entrusted_bank: String,
    /// 发薪账户, masked.
    pub payroll_account: Option<String>,
    /// Paid by finance.
    pub fiscal: bool,
    /// 经办人, masked.
    pub handler: String,
    /// Number of the handler's document, masked.
    pub handler_number: String,
    /// 经办人手机, masked.
    pub handler_mobile: String,
    /// 账户状态
    pub state: EmployerState,
    /// 开户日期
    pub opened: Day,
    /// 缴至年月: the latest month posted, or as taken over.
    pub paid_to: Option<Month>,
    /// The case that opened it.
    pub case: CaseId,
    /// 未分摊余额
    pub suspense: Money,
}

/// How an employer's people stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// Normal accounts.
    pub active: u32,
    /// Sealed accounts.
    pub sealed: u32,
    /// Closed accounts.
    pub closed: u32,
    /// Sum of all balances.
    pub balance: Money,
}

/// contribution_rate (缴存比例): a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateStep {
    /// From which month.
    pub from: Month,
    /// 单位缴存比例、个人缴存比例
    pub rates: (Rate, Rate),
    /// By which case.
    pub case: CaseId,
}

/// EmployerOfficer (专办员).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    /// 登录名
    pub login: String,
    /// 姓名, masked.
    pub name: String,
    /// Whether the user may sign in.
    pub enabled: bool,
}

/// One employer with what is read beside it, in one snapshot.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The head.
    pub head: EmployerHead,
    /// Its people.
    pub people: People,
    /// Its rates, newest first.
    pub rates: Vec<RateStep>,
    /// Its officers.
    pub officers: Vec<Officer>,
}

/// A movement of an employer's suspense (未分摊明细).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuspenseRow {
    /// Number in the account.
    pub seq: i64,
    /// 记账日期
    pub day: Day,
    /// Entry of handbook 06.
    pub entry: String,
    /// Amount, negative when it is used.
    pub amount: Money,
    /// Balance after.
    pub balance: Money,
    /// 凭证
    pub voucher: VoucherId,
    /// The receipt it came from.
    pub receipt: Option<ReceiptId>,
    /// The list it paid.
    pub list: Option<ListId>,
    /// The case.
    pub case: CaseId,
}

/// A voucher in an employer's statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementRow {
    /// 凭证
    pub voucher: VoucherId,
    /// 记账日期
    pub day: Day,
    /// Entry of handbook 06.
    pub entry: String,
    /// Summary.
    pub term: String,
    /// Whether it is a reversal.
    pub red: bool,
    /// What the members' balances changed by.
    pub members: Money,
    /// What the suspense changed by.
    pub suspense: Money,
    /// Month and people of the list it posted.
    pub list: Option<(ListId, Month, u32)>,
}

/// An employer whose suspense is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuspenseHolder {
    /// 单位账号
    pub employer: EmployerId,
    /// 单位名称
    pub name: String,
    /// 管理部
    pub branch: UnitId,
    /// 未分摊余额
    pub suspense: Money,
    /// Day of the last movement.
    pub last: Option<Day>,
}

/// Employers after a number, by number; `limit` of them.
///
/// # Errors
/// When the database does not answer.
pub async fn list(store: &Store, which: &Which, after: EmployerId, limit: usize) -> Result<Vec<EmployerRow>, DbError> {
    use core_case::form::Choice;
    let like = if which.name.is_empty() { String::new() } else { format!("%{}%", which.name.replace(['%', '_'], "")) };
    let values = [
        after.0.into(),
        which.branch.map_or(0, |b| b.0).into(),
        which.state.map_or("", EmployerState::code).into(),
        like.into(),
        (limit as i64).into(),
    ];
    let rows = store.db.read(vec![Query::new(ALL, values)]).await?;
    let one = |row: &Row| {
        let state: String = row.get(3)?;
        let (taken, posted): (Option<i64>, Option<i64>) = (row.get(5)?, row.get(7)?);
        Ok(EmployerRow {
            id: EmployerId(row.get(0)?),
            name: row.get(1)?,
            branch: UnitId(row.get(2)?),
            state: choice(&state)?,
            first_month: month(row.get(4)?)?,
            paid_to: posted.or(taken).map(month).transpose()?,
            suspense: Money::from_fen(row.get(6)?),
            people: row.get::<Option<u32>>(8)?.unwrap_or(0),
            monthly: Money::from_fen(row.get::<Option<i64>>(9)?.unwrap_or(0)),
        })
    };
    rows[0].iter().map(one).collect()
}

/// How many employers stand in each state.
///
/// # Errors
/// When the database does not answer.
pub async fn counts(store: &Store, branch: Option<UnitId>) -> Result<Vec<(EmployerState, u32)>, DbError> {
    let rows = store.db.read(vec![Query::new(COUNTS, [branch.map_or(0, |b| b.0).into()])]).await?;
    let one = |row: &Row| {
        let state: String = row.get(0)?;
        Ok((choice(&state)?, row.get(1)?))
    };
    rows[0].iter().map(one).collect()
}

/// One employer with its people, rates and officers.
///
/// # Errors
/// When the database does not answer, or an identifier cannot be opened.
pub async fn whole(store: &Store, id: EmployerId) -> Result<Option<Whole>, DbError> {
    let by = || [id.0.into()];
    let rows = store
        .db
        .read(vec![
            Query::new(ONE, by()),
            Query::new(PEOPLE, by()),
            Query::new(RATES, by()),
            Query::new(OFFICERS, by()),
            Query::new(POSTED, by()),
        ])
        .await?;
    let Some(row) = rows[0].first() else { return Ok(None) };
    let mut head = head(store, row.clone())?;
    if let Some(posted) = rows[4].first().map(|row| row.get::<Option<i64>>(0)).transpose()?.flatten() {
        head.paid_to = Some(month(posted)?);
    }
    let mut people = People::default();
    for row in &rows[1] {
        let (state, count): (String, u32) = (row.get(0)?, row.get(1)?);
        match state.as_str() {
            "01" => people.active = count,
            "02" => people.sealed = count,
            _ => people.closed += count,
        }
        people.balance += Money::from_fen(row.get(2)?);
    }
    let rate = |row: &Row| {
        Ok(RateStep {
            from: month(row.get(0)?)?,
            rates: (Rate::from_units(row.get(1)?), Rate::from_units(row.get(2)?)),
            case: CaseId(row.get(3)?),
        })
    };
    let officer = |row: &Row| {
        let name: String = row.get(1)?;
        Ok(Officer { login: row.get(0)?, name: mask_name(&name), enabled: row.get(2)? })
    };
    Ok(Some(Whole {
        head,
        people,
        rates: rows[2].iter().map(rate).collect::<Result<_, DbError>>()?,
        officers: rows[3].iter().map(officer).collect::<Result<_, DbError>>()?,
    }))
}

fn head(store: &Store, row: Row) -> Result<EmployerHead, DbError> {
    let mut c = row.cells();
    let (id, name, credit_code, address): (i64, String, Option<String>, String) = (c.next()?, c.next()?, c.next()?, c.next()?);
    let (representative, representative_number): (String, Vec<u8>) = (c.next()?, c.next()?);
    let (nature, economic_type, industry): (String, String, String) = (c.next()?, c.next()?, c.next()?);
    let (branch, established, pay_day, first_month): (i64, Day, u8, i64) = (c.next()?, c.next()?, c.next()?, c.next()?);
    let (entrusted_bank, payroll, fiscal): (String, Option<Vec<u8>>, bool) = (c.next()?, c.next()?, c.next()?);
    let (handler, handler_number, handler_mobile): (String, Vec<u8>, Vec<u8>) = (c.next()?, c.next()?, c.next()?);
    let (state, opened, taken): (String, Day, Option<i64>) = (c.next()?, c.next()?, c.next()?);
    let (case, suspense): (i64, i64) = (c.next()?, c.next()?);
    c.end()?;
    let open = |column: &str, sealed: &[u8]| store.keys.open("employer", column, id, sealed).map_err(|e| DbError::BadValue(e.to_string()));
    Ok(EmployerHead {
        id: EmployerId(id),
        name,
        credit_code,
        address,
        representative: mask_name(&representative),
        representative_number: mask_id_number(&open("representative_number", &representative_number)?),
        nature,
        economic_type,
        industry,
        branch: UnitId(branch),
        established,
        pay_day,
        first_month: month(first_month)?,
        entrusted_bank,
        payroll_account: payroll.map(|sealed| open("payroll_account", &sealed)).transpose()?.map(|text| mask_card(&text)),
        fiscal,
        handler: mask_name(&handler),
        handler_number: mask_id_number(&open("handler_number", &handler_number)?),
        handler_mobile: mask_mobile(&open("handler_mobile", &handler_mobile)?),
        state: choice(&state)?,
        opened,
        paid_to: taken.map(month).transpose()?,
        case: CaseId(case),
        suspense: Money::from_fen(suspense),
    })
}

/// Movements of an employer's suspense before a number, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn suspense(store: &Store, employer: EmployerId, before: i64, limit: usize) -> Result<Vec<SuspenseRow>, DbError> {
    let rows = store.db.read(vec![Query::new(SUSPENSE, [employer.0.into(), before.into(), (limit as i64).into()])]).await?;
    rows[0].iter().map(suspense_row).collect()
}

pub(super) fn suspense_row(row: &Row) -> Result<SuspenseRow, DbError> {
    Ok(SuspenseRow {
        seq: row.get(0)?,
        day: row.get(1)?,
        entry: row.get(2)?,
        amount: Money::from_fen(row.get(3)?),
        balance: Money::from_fen(row.get(4)?),
        voucher: VoucherId(row.get(5)?),
        receipt: row.get::<Option<i64>>(6)?.map(ReceiptId),
        list: row.get::<Option<i64>>(7)?.map(ListId),
        case: CaseId(row.get(8)?),
    })
}

/// Suspense before a day, and every voucher from then until another that touched the employer, oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn statement(store: &Store, employer: EmployerId, from: Day, until: Day) -> Result<(Money, Vec<StatementRow>), DbError> {
    let rows = store
        .db
        .read(vec![
            Query::new(SUSPENSE_BEFORE, [employer.0.into(), from.into()]),
            Query::new(STATEMENT, [employer.0.into(), from.into(), until.into()]),
            Query::new(STATEMENT_LISTS, [employer.0.into()]),
        ])
        .await?;
    let mut lists = std::collections::HashMap::new();
    for row in &rows[2] {
        let (list, voucher, of): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        lists.insert(voucher, (ListId(list), month(of)?, row.get::<u32>(3)?));
    }
    let one = |row: &Row| {
        let (voucher, kind): (i64, String) = (row.get(0)?, row.get(4)?);
        Ok(StatementRow {
            voucher: VoucherId(voucher),
            day: row.get(1)?,
            entry: row.get(2)?,
            term: row.get(3)?,
            red: kind == "red",
            members: Money::from_fen(row.get(5)?),
            suspense: Money::from_fen(row.get(6)?),
            list: lists.get(&voucher).copied(),
        })
    };
    let opening = rows[0].first().map_or(Ok(0), |row| row.get(0))?;
    Ok((Money::from_fen(opening), rows[1].iter().map(one).collect::<Result<_, DbError>>()?))
}

/// Employers whose suspense is not empty, after a number.
///
/// # Errors
/// When the database does not answer.
pub async fn holders(store: &Store, branch: Option<UnitId>, after: EmployerId, limit: usize) -> Result<Vec<SuspenseHolder>, DbError> {
    let values = [branch.map_or(0, |b| b.0).into(), after.0.into(), (limit as i64).into()];
    let rows = store.db.read(vec![Query::new(SUSPENSE_TOTALS, values)]).await?;
    let one = |row: &Row| {
        Ok(SuspenseHolder {
            employer: EmployerId(row.get(0)?),
            name: row.get(1)?,
            branch: UnitId(row.get(2)?),
            suspense: Money::from_fen(row.get(3)?),
            last: row.get(4)?,
        })
    };
    rows[0].iter().map(one).collect()
}
