//! Facts: nouns to queries, many questions at once, read in one snapshot with the versions of the guards that protect them.
//!
//! A single case and a chunk of a bulk run use the same loader: keys of one noun are gathered and asked together, so the
//! number of queries grows with the kinds of nouns, not with the questions. Two nouns (`List`, `Incoming`) first find out
//! which employer they are about; that answer does not change, and everything decided on is read afterwards in one snapshot.

mod accounts;
mod employers;
pub(crate) mod ledger;
mod lists;
mod people;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use core_calendar::Month;
use core_case::guard::Guard;
use core_case::ids::CaseId;
use core_case::nouns::{self, Answer, Ask, Incoming, IncomingFacts};

use crate::db::{DbError, Query, Registered, Row, Value};
use crate::store::Store;

/// The statements of this module, prepared on both engines by a test.
pub static QUERIES: &[&[Registered]] =
    &[&GUARD_QUERIES, accounts::QUERIES, employers::QUERIES, ledger::QUERIES, lists::QUERIES, people::QUERIES];

static GUARD_QUERIES: [Registered; 1] = [Registered { name: "facts.guards", sql: GUARDS }];

pub(crate) const GUARDS: &str = "SELECT key, version FROM guard WHERE key = ANY($1)";

/// Answers in the order of the questions, and the guard versions they stand under (absent rows as version 0).
#[derive(Debug)]
pub struct Loaded {
    /// One a question.
    pub answers: Vec<Answer>,
    /// Row keys of guards with the version read.
    pub guards: BTreeMap<String, i64>,
}

/// Queries gathered for one snapshot, each with its place in the answer.
#[derive(Default)]
pub(crate) struct Plan {
    queries: Vec<Query>,
}

/// Place of a query in a plan.
#[derive(Clone, Copy)]
pub(crate) struct At(usize);

impl Plan {
    pub(crate) fn add(&mut self, sql: &'static str, values: impl IntoIterator<Item = Value>) -> At {
        self.queries.push(Query::new(sql, values));
        At(self.queries.len() - 1)
    }
}

/// Rows of a plan's queries.
pub(crate) struct Rows(Vec<Vec<Row>>);

impl Rows {
    pub(crate) fn take(&mut self, at: At) -> Vec<Row> {
        std::mem::take(&mut self.0[at.0])
    }
}

/// Loads the answers to all questions.
///
/// # Errors
/// When the database does not answer, or holds something that no version of ours wrote.
pub async fn load(store: &Store, asks: &[Ask]) -> Result<Loaded, DbError> {
    load_for(store, asks, None).await
}

/// The same for a case that is decided again: the keys it holds while it waits do not stand in its own way.
///
/// # Errors
/// As [`load`].
pub async fn load_for(store: &Store, asks: &[Ask], own: Option<CaseId>) -> Result<Loaded, DbError> {
    let owners = lists::owners(store, asks).await?;

    let mut plan = Plan::default();
    let mut employers: BTreeSet<i64> = owners.employers();
    let mut months: BTreeMap<Month, BTreeSet<i64>> = BTreeMap::new();
    let (mut savings, mut list_ids, mut periods, mut users, mut registered) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), Vec::new());
    let mut receipts = BTreeSet::new();
    let (mut opening, mut banks, mut units) = (false, false, false);
    let mut guards: BTreeSet<Guard> = asks.iter().flat_map(Ask::guards).collect();
    for ask in asks {
        match ask {
            Ask::Employer(nouns::Employer(id)) => {
                employers.insert(id.0);
            }
            Ask::EmployerMonth(nouns::EmployerMonth(id, month)) => {
                months.entry(*month).or_default().insert(id.0);
            }
            Ask::Registered(nouns::Registered(register, key)) => registered.push((*register, key.as_str())),
            Ask::Savings(nouns::Savings(id)) => {
                savings.insert(id.0);
            }
            Ask::List(nouns::List(id)) => {
                list_ids.insert(id.0);
            }
            Ask::Incoming(Incoming(key)) => {
                registered.push((core_case::guard::Register::BankLine, ""));
                let _ = key;
                banks = true;
            }
            Ask::Receipt(nouns::Receipt(id)) => {
                receipts.insert(id.0);
            }
            Ask::BankAccount(_) => banks = true,
            Ask::Period(nouns::Period(month)) => {
                periods.insert(*month);
            }
            Ask::OpeningTaken(_) => opening = true,
            Ask::Unit(_) => units = true,
            Ask::User(nouns::User(id)) => {
                users.insert(id.0);
            }
        }
    }
    registered.retain(|(_, key)| !key.is_empty());
    let line_keys: Vec<String> =
        asks.iter().filter_map(|a| if let Ask::Incoming(Incoming(key)) = a { Some(key.line_key()) } else { None }).collect();
    registered.extend(line_keys.iter().map(|k| (core_case::guard::Register::BankLine, k.as_str())));
    guards.extend(owners.employers().into_iter().map(|e| Guard::Money(core_case::ids::EmployerId(e))));

    let guard_keys: Vec<String> = guards.iter().map(|g| store.keys.guard_key(g)).collect();
    let guards_at = plan.add(GUARDS, [guard_keys.clone().into()]);
    let employers_at = employers::ask(&mut plan, &employers);
    let months_at: Vec<(Month, lists::MonthAt)> =
        months.iter().map(|(month, employers)| (*month, lists::ask_month(&mut plan, *month, employers))).collect();
    let claims_at = people::ask_claims(store, &mut plan, &registered);
    let savings_at = accounts::ask(&mut plan, &savings);
    let lists_at = lists::ask_lists(&mut plan, &list_ids);
    let receipts_at = ledger::ask_receipts(&mut plan, &receipts);
    let banks_at = banks.then(|| ledger::ask_banks(&mut plan));
    let periods_at = ledger::ask_periods(&mut plan, &periods);
    let opening_at = opening.then(|| ledger::ask_opening(&mut plan));
    let units_at = units.then(|| people::ask_units(&mut plan));
    let users_at = people::ask_users(&mut plan, &users);

    let mut rows = Rows(store.db.read(plan.queries).await?);

    let mut versions: BTreeMap<String, i64> = guard_keys.into_iter().map(|k| (k, 0)).collect();
    for row in rows.take(guards_at) {
        versions.insert(row.get(0)?, row.get(1)?);
    }
    let employer_facts = employers::read(&mut rows, employers_at)?;
    let mut month_facts = HashMap::new();
    for (month, at) in months_at {
        for (employer, facts) in lists::read_month(&mut rows, month, at)? {
            month_facts.insert((employer, month), facts);
        }
    }
    let claims = people::read_claims(&mut rows, claims_at, own)?;
    if let Some(at) = &savings_at {
        for row in rows.take(at.guards) {
            versions.insert(row.get(0)?, row.get(1)?);
        }
    }
    let savings_facts = accounts::read(&mut rows, savings_at)?;
    let list_facts = lists::read_lists(&mut rows, lists_at)?;
    let receipt_facts = ledger::read_receipts(&mut rows, receipts_at)?;
    let bank_facts = banks_at.map(|at| ledger::read_banks(&mut rows, at)).transpose()?.unwrap_or_default();
    let period_facts = ledger::read_periods(&mut rows, periods_at)?;
    let opening_taken = opening_at.map(|at| ledger::read_opening(&mut rows, at)).transpose()?.unwrap_or(false);
    let unit_facts = units_at.map(|at| people::read_units(&mut rows, at)).transpose()?.unwrap_or_default();
    let user_facts = people::read_users(&mut rows, users_at)?;

    let answers = asks
        .iter()
        .map(|ask| match ask {
            Ask::Employer(nouns::Employer(id)) => Answer::Employer(employer_facts.get(&id.0).cloned()),
            Ask::EmployerMonth(nouns::EmployerMonth(id, month)) => {
                Answer::EmployerMonth(month_facts.remove(&(id.0, *month)).unwrap_or_default())
            }
            Ask::Registered(nouns::Registered(register, key)) => Answer::Registered(claims.get(store, *register, key)),
            Ask::Savings(nouns::Savings(id)) => Answer::Savings(savings_facts.get(&id.0).cloned()),
            Ask::List(nouns::List(id)) => Answer::List(list_facts.get(&id.0).cloned()),
            Ask::Incoming(Incoming(key)) => {
                let owner = owners.of(key);
                let employer = owner.employer.and_then(|e| employer_facts.get(&e).cloned());
                Answer::Incoming(IncomingFacts {
                    account: bank_facts.values().find(|b| b.number == key.account).cloned(),
                    seen: claims.receipt(store, &key.line_key()),
                    list: owner
                        .list
                        .and_then(|l| employer.as_ref().and_then(|e| e.awaiting.iter().find(|h| h.binding.list.0 == l).cloned())),
                    by: if employer.is_some() { owner.by } else { "" },
                    employer,
                })
            }
            Ask::Receipt(nouns::Receipt(id)) => Answer::Receipt(receipt_facts.get(&id.0).cloned()),
            Ask::BankAccount(nouns::BankAccount(id)) => Answer::BankAccount(bank_facts.get(&id.0).cloned()),
            Ask::Period(nouns::Period(month)) => Answer::Period(period_facts.get(month).cloned().unwrap_or_default()),
            Ask::OpeningTaken(_) => Answer::OpeningTaken(opening_taken),
            Ask::Unit(nouns::Unit(id)) => Answer::Unit(unit_facts.get(&id.0).cloned()),
            Ask::User(nouns::User(id)) => Answer::User(user_facts.get(&id.0).cloned()),
        })
        .collect::<Vec<_>>();
    for guard in answers.iter().filter_map(Answer::guards) {
        versions.entry(store.keys.guard_key(&guard)).or_insert(0);
    }
    Ok(Loaded { answers, guards: versions })
}

/// A month from its number `YYYYMM`.
pub(crate) fn month(number: i64) -> Result<Month, DbError> {
    let (year, month) = (number / 100, number % 100);
    Month::ym(year as i32, month as u32).ok_or_else(|| DbError::BadValue(format!("{number} is no month")))
}

/// The number `YYYYMM` of a month.
pub(crate) fn month_number(month: Month) -> i64 {
    i64::from(month.year()) * 100 + i64::from(month.month())
}

pub(crate) use ledger::ledger_code;

/// A code of a closed list, see below.
pub(crate) fn choice<C: core_case::form::Choice>(code: &str) -> Result<C, DbError> {
    C::from_code(code).ok_or_else(|| DbError::BadValue(format!("{code} is no code of {}", std::any::type_name::<C>())))
}
