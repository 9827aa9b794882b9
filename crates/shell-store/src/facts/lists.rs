//! Remittance lists, the people of a month, and whose money an incoming payment is.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use core_calendar::Month;
use core_case::effect::{Source, Subject};
use core_case::guard::Register;
use core_case::ids::{BankAccountId, ReceiptId, SavingsId, VoucherId};
use core_case::nouns::{Ask, Incoming, IncomingKey, ListFacts, MonthFacts, Payable};
use core_case::state::ListState;
use core_case::things::LineChange;
use core_money::Money;

use super::employers::head_of;
use super::{At, Plan, Rows, choice, month, month_number};
use crate::db::{DbError, Query, Registered};
use crate::store::Store;

pub(crate) static QUERIES: &[Registered] = &[
    Registered { name: "facts.list_owner", sql: LIST_OWNER },
    Registered { name: "facts.employer_number", sql: EMPLOYER_NUMBER },
    Registered { name: "facts.employer_name", sql: EMPLOYER_NAME },
    Registered { name: "facts.month_lists", sql: MONTH_LISTS },
    Registered { name: "facts.month_people", sql: MONTH_PEOPLE },
    Registered { name: "facts.last_month", sql: LAST_MONTH },
    Registered { name: "facts.listed", sql: LISTED },
    Registered { name: "facts.lists", sql: LISTS },
    Registered { name: "facts.list_later", sql: LIST_LATER },
    Registered { name: "facts.list_supplements", sql: LIST_SUPPLEMENTS },
    Registered { name: "facts.list_used", sql: LIST_USED },
];

const LIST_OWNER: &str = "SELECT id, employer FROM remittance_list WHERE id = ANY($1)";
const EMPLOYER_NUMBER: &str = "SELECT id FROM employer WHERE id = ANY($1)";
// By the register of names, whose keys are folded to half width. A closed employer found by its name alone is refused by the
// action (handbook 02 §1.6.14).
const EMPLOYER_NAME: &str = "SELECT key_hash, holder FROM claim WHERE register = $1 AND key_hash = ANY($2) AND NOT in_flight";
const MONTH_LISTS: &str = "SELECT id, employer, month, people, total, digest, kind, state, confirmed, expires FROM remittance_list \
    WHERE month = $2 AND employer = ANY($1) ORDER BY employer, id";
// The people of a month from dated history: membership in force, not sealed, base in force, and what changed in that month.
const MONTH_PEOPLE: &str = "SELECT ms.employer, ms.savings, ms.from_month, ms.change, cb.base, cb.from_month AS base_from, \
    us.reason AS unsealed, r.from_month AS rate_from \
    FROM membership ms \
    JOIN contribution_base cb ON cb.savings = ms.savings AND cb.from_month = (SELECT MAX(x.from_month) FROM contribution_base x \
      WHERE x.savings = ms.savings AND x.from_month <= $2) \
    LEFT JOIN seal us ON us.savings = ms.savings AND us.until_month = $3 \
    LEFT JOIN employer_rate r ON r.employer = ms.employer AND r.from_month = $2 \
    WHERE ms.employer = ANY($1) AND ms.from_month <= $2 AND (ms.until_month IS NULL OR ms.until_month >= $2) \
    AND NOT EXISTS (SELECT 1 FROM seal s WHERE s.savings = ms.savings AND s.from_month <= $2 \
      AND (s.until_month IS NULL OR s.until_month >= $2)) \
    ORDER BY ms.employer, ms.savings";
const LAST_MONTH: &str = "SELECT employer, people, total FROM remittance_list WHERE month = $2 AND employer = ANY($1) AND kind = '1' \
    AND state IN ('awaiting_money', 'posted', 'posting_failed')";
const LISTED: &str = "SELECT l.employer, ll.savings FROM remittance_list l JOIN list_line ll ON ll.list = l.id \
    WHERE l.month = $2 AND l.employer = ANY($1) AND l.state IN ('awaiting_money', 'posted', 'posting_failed') \
    ORDER BY l.employer, ll.savings";
const LISTS: &str = "SELECT l.id, l.employer, l.month, l.people, l.total, l.digest, l.kind, l.state, l.confirmed, l.expires, \
    e.state AS employer_state, m.suspense, l.source, l.receipt, r.bank_account, l.posted, l.value_day, l.voucher \
    FROM remittance_list l JOIN employer e ON e.id = l.employer JOIN employer_money m ON m.employer = l.employer \
    LEFT JOIN receipt r ON r.id = l.receipt WHERE l.id = ANY($1)";
const LIST_LATER: &str = "SELECT l.id, MAX(x.month) AS later FROM remittance_list l JOIN remittance_list x ON x.employer = l.employer \
    AND x.month > l.month AND x.kind = '1' AND x.state = 'posted' WHERE l.id = ANY($1) GROUP BY l.id";
const LIST_SUPPLEMENTS: &str = "SELECT l.id, COUNT(*) AS live FROM remittance_list l JOIN remittance_list x ON x.employer = l.employer \
    AND x.month = l.month AND x.kind = '2' AND x.id <> l.id AND x.state IN ('awaiting_money', 'posted', 'posting_failed') \
    WHERE l.id = ANY($1) GROUP BY l.id";
const LIST_USED: &str = "SELECT ll.list, COUNT(*) AS used FROM list_line ll JOIN savings_balance b ON b.savings = ll.savings \
    WHERE ll.list = ANY($1) AND b.balance - b.reserved < ll.employer_amount + ll.member_amount GROUP BY ll.list";

/// Whose money incoming payments are, found in the handbook's order.
#[derive(Default)]
pub(crate) struct Owners {
    lists: HashMap<i64, i64>,
    numbers: BTreeSet<i64>,
    names: HashMap<String, i64>,
    asked: BTreeSet<i64>,
}

pub(crate) struct Owner {
    pub employer: Option<i64>,
    pub list: Option<i64>,
    pub by: &'static str,
}

impl Owners {
    /// First the business numbers as they stand, then employer numbers, then the exact name.
    pub(crate) fn of(&self, key: &IncomingKey) -> Owner {
        if let Some((list, employer)) = key.numbers.iter().find_map(|n| self.lists.get(n).map(|e| (*n, *e))) {
            return Owner { employer: Some(employer), list: Some(list), by: "list" };
        }
        if let Some(employer) = key.employers.iter().find(|n| self.numbers.contains(n)) {
            return Owner { employer: Some(*employer), list: None, by: "number" };
        }
        let named = self.names.get(&key.payer_name).copied();
        Owner { employer: named, list: None, by: if named.is_some() { "name" } else { "" } }
    }

    /// Every employer whose facts and money guard are needed.
    pub(crate) fn employers(&self) -> BTreeSet<i64> {
        self.asked.clone()
    }
}

/// Finds the employers that lists and incoming payments are about, before the snapshot of the facts.
pub(crate) async fn owners(store: &Store, asks: &[Ask]) -> Result<Owners, DbError> {
    let mut owners = Owners::default();
    let (mut numbers, mut employers, mut names) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for ask in asks {
        match ask {
            Ask::Incoming(Incoming(key)) => {
                numbers.extend(key.numbers.iter().copied());
                employers.extend(key.employers.iter().copied());
                if !key.payer_name.is_empty() {
                    names.insert(key.payer_name.clone());
                }
            }
            Ask::List(core_case::nouns::List(id)) => {
                numbers.insert(id.0);
            }
            _ => {}
        }
    }
    if numbers.is_empty() && employers.is_empty() && names.is_empty() {
        return Ok(owners);
    }
    let named: HashMap<Vec<u8>, String> =
        names.into_iter().map(|name: String| (store.keys.register_key(Register::EmployerName, &name), name)).collect();
    // Only what was named is asked for: a payment mostly carries one number.
    let mut queries = Vec::with_capacity(3);
    if !numbers.is_empty() {
        queries.push(Query::new(LIST_OWNER, [numbers.iter().copied().collect::<Vec<i64>>().into()]));
    }
    if !employers.is_empty() {
        queries.push(Query::new(EMPLOYER_NUMBER, [employers.iter().copied().collect::<Vec<i64>>().into()]));
    }
    if !named.is_empty() {
        let hashes = named.keys().cloned().collect::<Vec<Vec<u8>>>();
        queries.push(Query::new(EMPLOYER_NAME, [Register::EmployerName.key().into(), hashes.into()]));
    }
    let mut answers = store.db.read(queries).await?.into_iter();
    let mut next = |asked: bool| if asked { answers.next().unwrap_or_default() } else { Vec::new() };
    for row in next(!numbers.is_empty()) {
        owners.lists.insert(row.get(0)?, row.get(1)?);
    }
    for row in next(!employers.is_empty()) {
        owners.numbers.insert(row.get(0)?);
    }
    for row in next(!named.is_empty()) {
        let (hash, holder): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
        if let (Some(name), Subject::Employer(id)) = (named.get(&hash), super::people::subject(&holder)?) {
            owners.names.insert(name.clone(), id.0);
        }
    }
    for ask in asks {
        match ask {
            Ask::Incoming(Incoming(key)) => owners.asked.extend(owners.of(key).employer),
            Ask::List(core_case::nouns::List(id)) => owners.asked.extend(owners.lists.get(&id.0).copied()),
            _ => {}
        }
    }
    Ok(owners)
}

pub(crate) struct MonthAt {
    employers: Vec<i64>,
    lists: At,
    people: At,
    last: At,
    listed: At,
}

pub(crate) fn ask_month(plan: &mut Plan, month: Month, employers: &BTreeSet<i64>) -> MonthAt {
    let ids: Vec<i64> = employers.iter().copied().collect();
    let (this, before) = (month_number(month), month_number(month.pred()));
    MonthAt {
        lists: plan.add(MONTH_LISTS, [ids.clone().into(), this.into()]),
        people: plan.add(MONTH_PEOPLE, [ids.clone().into(), this.into(), before.into()]),
        last: plan.add(LAST_MONTH, [ids.clone().into(), before.into()]),
        listed: plan.add(LISTED, [ids.clone().into(), this.into()]),
        employers: ids,
    }
}

pub(crate) fn read_month(rows: &mut Rows, at_month: Month, at: MonthAt) -> Result<BTreeMap<i64, MonthFacts>, DbError> {
    let mut found: BTreeMap<i64, MonthFacts> = at.employers.iter().map(|e| (*e, MonthFacts::default())).collect();
    for row in rows.take(at.lists) {
        let mut c = row.cells();
        let head = head_of(&mut c)?;
        c.end()?;
        if let Some(facts) = found.get_mut(&head.binding.employer.0) {
            facts.lists.push(head);
        }
    }
    let number = month_number(at_month);
    for row in rows.take(at.people) {
        let mut c = row.cells();
        let (employer, savings, from): (i64, i64, i64) = (c.next()?, c.next()?, c.next()?);
        let (change, base, base_from): (String, i64, i64) = (c.next()?, c.next()?, c.next()?);
        let (unsealed, rate_from): (Option<String>, Option<i64>) = (c.next()?, c.next()?);
        c.end()?;
        let change = if from == number {
            choice(&change)?
        } else if unsealed.is_some() {
            LineChange::Unseal
        } else if base_from == number {
            LineChange::Base
        } else if rate_from.is_some() {
            LineChange::Rate
        } else {
            LineChange::None
        };
        if let Some(facts) = found.get_mut(&employer) {
            facts.people.push(Payable { savings: SavingsId(savings), base: Money::from_fen(base), change });
        }
    }
    for row in rows.take(at.last) {
        let people: i64 = row.get(1)?;
        if let Some(facts) = found.get_mut(&row.get::<i64>(0)?) {
            facts.last_month = Some((u32::try_from(people).unwrap_or(u32::MAX), Money::from_fen(row.get(2)?)));
        }
    }
    for row in rows.take(at.listed) {
        if let Some(facts) = found.get_mut(&row.get::<i64>(0)?) {
            facts.listed.push(SavingsId(row.get(1)?));
        }
    }
    Ok(found)
}

pub(crate) struct ListsAt {
    lists: At,
    later: At,
    supplements: At,
    used: At,
}

pub(crate) fn ask_lists(plan: &mut Plan, ids: &BTreeSet<i64>) -> Option<ListsAt> {
    let keys = || [ids.iter().copied().collect::<Vec<i64>>().into()];
    (!ids.is_empty()).then(|| ListsAt {
        lists: plan.add(LISTS, keys()),
        later: plan.add(LIST_LATER, keys()),
        supplements: plan.add(LIST_SUPPLEMENTS, keys()),
        used: plan.add(LIST_USED, keys()),
    })
}

pub(crate) fn read_lists(rows: &mut Rows, at: Option<ListsAt>) -> Result<BTreeMap<i64, ListFacts>, DbError> {
    let mut found = BTreeMap::new();
    let Some(at) = at else { return Ok(found) };
    for row in rows.take(at.lists) {
        let mut c = row.cells();
        let head = head_of(&mut c)?;
        let (employer_state, suspense): (String, i64) = (c.next()?, c.next()?);
        let (source, receipt, bank): (Option<String>, Option<i64>, Option<i64>) = (c.next()?, c.next()?, c.next()?);
        let posted = c.next()?;
        let value_day = c.next()?;
        let voucher: Option<i64> = c.next()?;
        c.end()?;
        let source = match (source.as_deref(), receipt) {
            (Some("receipt"), Some(r)) => bank.map(|b| Source::Receipt(ReceiptId(r), BankAccountId(b))),
            (Some("suspense"), _) => Some(Source::Suspense),
            (Some("unknown"), Some(r)) => Some(Source::Unknown(ReceiptId(r))),
            _ => None,
        };
        let facts = ListFacts {
            employer_state: choice(&employer_state)?,
            source,
            posted,
            value_day,
            voucher: voucher.map(VoucherId),
            later_posted: None,
            supplements: 0,
            used_lines: 0,
            suspense: Money::from_fen(suspense),
            head,
        };
        found.insert(facts.head.binding.list.0, facts);
    }
    for row in rows.take(at.later) {
        if let Some(l) = found.get_mut(&row.get::<i64>(0)?) {
            l.later_posted = Some(month(row.get(1)?)?);
        }
    }
    for row in rows.take(at.supplements) {
        if let Some(l) = found.get_mut(&row.get::<i64>(0)?) {
            l.supplements = row.get(1)?;
        }
    }
    for row in rows.take(at.used) {
        if let Some(l) = found.get_mut(&row.get::<i64>(0)?).filter(|l| l.head.state == ListState::Posted) {
            l.used_lines = row.get(1)?;
        }
    }
    Ok(found)
}
