//! Receipts, fund bank accounts, accounting periods, the opening.

use std::collections::{BTreeMap, BTreeSet};

use core_calendar::Month;
use core_case::ids::{BankAccountId, EmployerId, ReceiptId};
use core_case::nouns::{BankAccountFacts, PeriodFacts, ReceiptFacts};
use core_ledger::LedgerCode;
use core_money::Money;

use super::{At, Plan, Rows, choice, month_number};
use crate::db::{DbError, Registered};

pub(crate) static QUERIES: &[Registered] = &[
    Registered { name: "facts.receipts", sql: RECEIPTS },
    Registered { name: "facts.banks", sql: BANKS },
    Registered { name: "facts.periods", sql: PERIODS },
    Registered { name: "facts.period_vouchers", sql: PERIOD_VOUCHERS },
    Registered { name: "facts.period_income", sql: PERIOD_INCOME },
    Registered { name: "facts.business_day", sql: BUSINESS_DAY },
    Registered { name: "facts.opening", sql: OPENING },
];

const RECEIPTS: &str = "SELECT id, state, amount, bank_account, day, payer_name, employer FROM receipt WHERE id = ANY($1)";
const BANKS: &str = "SELECT id, number, leaf, name FROM bank_account";
const PERIODS: &str = "SELECT month, closed FROM period ORDER BY month";
const PERIOD_VOUCHERS: &str = "SELECT period, entry, COUNT(*) AS vouchers FROM voucher WHERE period = ANY($1) GROUP BY period, entry";
const PERIOD_INCOME: &str = "SELECT v.period FROM voucher v JOIN posting p ON p.voucher = v.id WHERE v.period = ANY($1) \
    AND ((p.account >= 401 AND p.account < 412) OR (p.account >= 40100 AND p.account < 41200) \
    OR (p.account >= 4010000 AND p.account < 4120000)) GROUP BY v.period";
const BUSINESS_DAY: &str = "SELECT MAX(day) AS day FROM business_day WHERE state = 'open'";
const OPENING: &str = "SELECT COUNT(*) AS taken FROM opening";

pub(crate) fn ask_receipts(plan: &mut Plan, ids: &BTreeSet<i64>) -> Option<At> {
    (!ids.is_empty()).then(|| plan.add(RECEIPTS, [ids.iter().copied().collect::<Vec<i64>>().into()]))
}

pub(crate) fn read_receipts(rows: &mut Rows, at: Option<At>) -> Result<BTreeMap<i64, ReceiptFacts>, DbError> {
    let mut found = BTreeMap::new();
    for row in at.map(|at| rows.take(at)).unwrap_or_default() {
        let mut c = row.cells();
        let (id, state, amount, bank): (i64, String, i64, i64) = (c.next()?, c.next()?, c.next()?, c.next()?);
        let facts = ReceiptFacts {
            id: ReceiptId(id),
            state: choice(&state)?,
            amount: Money::from_fen(amount),
            bank: BankAccountId(bank),
            day: c.next()?,
            payer_name: c.next()?,
            employer: c.next::<Option<i64>>()?.map(EmployerId),
        };
        c.end()?;
        found.insert(id, facts);
    }
    Ok(found)
}

pub(crate) fn ask_banks(plan: &mut Plan) -> At {
    plan.add(BANKS, [])
}

pub(crate) fn read_banks(rows: &mut Rows, at: At) -> Result<BTreeMap<i64, BankAccountFacts>, DbError> {
    let mut found = BTreeMap::new();
    for row in rows.take(at) {
        let (id, leaf): (i64, i64) = (row.get(0)?, row.get(2)?);
        found.insert(id, BankAccountFacts { id: BankAccountId(id), number: row.get(1)?, leaf: ledger_code(leaf)?, name: row.get(3)? });
    }
    Ok(found)
}

/// A ledger account from its number.
pub(crate) fn ledger_code(number: i64) -> Result<LedgerCode, DbError> {
    number.to_string().parse().map_err(|_| DbError::BadValue(format!("{number} is no ledger account")))
}

pub(crate) struct PeriodsAt {
    months: Vec<Month>,
    periods: At,
    vouchers: At,
    income: At,
    day: At,
}

pub(crate) fn ask_periods(plan: &mut Plan, months: &BTreeSet<Month>) -> Option<PeriodsAt> {
    let numbers = || [months.iter().map(|m| month_number(*m)).collect::<Vec<i64>>().into()];
    (!months.is_empty()).then(|| PeriodsAt {
        months: months.iter().copied().collect(),
        periods: plan.add(PERIODS, []),
        vouchers: plan.add(PERIOD_VOUCHERS, numbers()),
        income: plan.add(PERIOD_INCOME, numbers()),
        day: plan.add(BUSINESS_DAY, []),
    })
}

pub(crate) fn read_periods(rows: &mut Rows, at: Option<PeriodsAt>) -> Result<BTreeMap<Month, PeriodFacts>, DbError> {
    let Some(at) = at else { return Ok(BTreeMap::new()) };
    let mut closed = BTreeMap::new();
    for row in rows.take(at.periods) {
        closed.insert(row.get::<i64>(0)?, row.get::<bool>(1)?);
    }
    let mut vouchers: BTreeMap<i64, Vec<(String, u32)>> = BTreeMap::new();
    for row in rows.take(at.vouchers) {
        vouchers.entry(row.get(0)?).or_default().push((row.get(1)?, row.get(2)?));
    }
    let mut income = BTreeSet::new();
    for row in rows.take(at.income) {
        income.insert(row.get::<i64>(0)?);
    }
    let business_day = match rows.take(at.day).first() {
        Some(row) => row.get(0)?,
        None => None,
    };
    let facts = |month: Month| {
        let number = month_number(month);
        let own = vouchers.remove(&number).unwrap_or_default();
        PeriodFacts {
            closed: closed.get(&number).copied().unwrap_or(false),
            // A period before the first one kept counts as closed: nothing was ever posted there.
            previous_closed: closed.range(..number).next_back().is_none_or(|(_, c)| *c),
            later_closed: closed.range(number + 1..).any(|(_, c)| *c),
            vouchers: own.iter().map(|(_, n)| n).sum(),
            entries: own.into_iter().map(|(entry, _)| entry).collect(),
            income_or_expense: income.contains(&number),
            business_day,
        }
    };
    let mut facts = facts;
    Ok(at.months.into_iter().map(|m| (m, facts(m))).collect())
}

pub(crate) fn ask_opening(plan: &mut Plan) -> At {
    plan.add(OPENING, [])
}

pub(crate) fn read_opening(rows: &mut Rows, at: At) -> Result<bool, DbError> {
    match rows.take(at).first() {
        Some(row) => Ok(row.get::<i64>(0)? > 0),
        None => Ok(false),
    }
}
