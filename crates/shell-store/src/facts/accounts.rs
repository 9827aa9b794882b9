//! Savings accounts with their dated records.

use std::collections::{BTreeMap, BTreeSet};

use core_case::ids::{EmployerId, SavingsId};
use core_case::nouns::{Dated, SavingsFacts};
use core_money::Money;

use super::{At, Plan, Rows, choice, month};
use crate::db::{DbError, Registered};

pub(crate) static QUERIES: &[Registered] = &[
    Registered { name: "facts.savings", sql: SAVINGS },
    Registered { name: "facts.savings_membership", sql: MEMBERSHIP },
    Registered { name: "facts.savings_bases", sql: BASES },
    Registered { name: "facts.savings_seals", sql: SEALS },
    Registered { name: "facts.savings_paid_to", sql: PAID_TO },
    Registered { name: "facts.savings_awaiting", sql: AWAITING },
    Registered { name: "facts.savings_guards", sql: EMPLOYERS_GUARDS },
];

const SAVINGS: &str = "SELECT s.id, p.name, s.state, s.employer, e.state AS employer_state, s.first_month, s.taken_over_paid_to, \
    b.balance, b.reserved FROM savings s JOIN person p ON p.id = s.person JOIN employer e ON e.id = s.employer \
    JOIN savings_balance b ON b.savings = s.id WHERE s.id = ANY($1)";
const MEMBERSHIP: &str = "SELECT savings, from_month FROM membership WHERE savings = ANY($1) AND until_month IS NULL";
const BASES: &str = "SELECT savings, from_month, base FROM contribution_base WHERE savings = ANY($1) ORDER BY savings, from_month";
const SEALS: &str = "SELECT savings, from_month FROM seal WHERE savings = ANY($1) AND until_month IS NULL";
// Months paid are those of posted lists: a reversed list does not count, whatever its red entries say.
const PAID_TO: &str = "SELECT e.savings, MAX(e.month) AS month FROM entry e JOIN remittance_list l ON l.id = e.list \
    WHERE e.savings = ANY($1) AND NOT e.red AND l.state = 'posted' GROUP BY e.savings";
const AWAITING: &str = "SELECT ll.savings FROM savings s JOIN remittance_list l ON l.employer = s.employer AND l.state = 'awaiting_money' \
    JOIN list_line ll ON ll.list = l.id AND ll.savings = s.id WHERE s.id = ANY($1)";

// Which employer an account lies within is part of the answer, so its guard is found in the same snapshot.
const EMPLOYERS_GUARDS: &str = "SELECT key, version FROM guard WHERE key IN (SELECT 'money:' || CAST(employer AS text) FROM savings \
    WHERE id = ANY($1))";

pub(crate) struct SavingsAt {
    /// Versions of the employers' money.
    pub guards: At,
    savings: At,
    membership: At,
    bases: At,
    seals: At,
    paid_to: At,
    awaiting: At,
}

pub(crate) fn ask(plan: &mut Plan, ids: &BTreeSet<i64>) -> Option<SavingsAt> {
    let keys = || [ids.iter().copied().collect::<Vec<i64>>().into()];
    (!ids.is_empty()).then(|| SavingsAt {
        savings: plan.add(SAVINGS, keys()),
        membership: plan.add(MEMBERSHIP, keys()),
        bases: plan.add(BASES, keys()),
        seals: plan.add(SEALS, keys()),
        paid_to: plan.add(PAID_TO, keys()),
        awaiting: plan.add(AWAITING, keys()),
        guards: plan.add(EMPLOYERS_GUARDS, keys()),
    })
}

pub(crate) fn read(rows: &mut Rows, at: Option<SavingsAt>) -> Result<BTreeMap<i64, SavingsFacts>, DbError> {
    let mut found = BTreeMap::new();
    let Some(at) = at else { return Ok(found) };
    for row in rows.take(at.savings) {
        let mut c = row.cells();
        let id: i64 = c.next()?;
        let (name, state, employer, employer_state): (String, String, i64, String) = (c.next()?, c.next()?, c.next()?, c.next()?);
        let (first, taken): (i64, Option<i64>) = (c.next()?, c.next()?);
        let facts = SavingsFacts {
            id: SavingsId(id),
            name: core_identity::mask_name(&name),
            state: choice(&state)?,
            employer: EmployerId(employer),
            employer_state: choice(&employer_state)?,
            member_from: month(first)?,
            first_month: month(first)?,
            bases: Dated::default(),
            sealed_from: None,
            paid_to: taken.map(month).transpose()?,
            balance: Money::from_fen(c.next()?),
            reserved: Money::from_fen(c.next()?),
            on_awaiting_list: false,
        };
        c.end()?;
        found.insert(id, facts);
    }
    for row in rows.take(at.membership) {
        if let Some(s) = found.get_mut(&row.get::<i64>(0)?) {
            s.member_from = month(row.get(1)?)?;
        }
    }
    for row in rows.take(at.bases) {
        if let Some(s) = found.get_mut(&row.get::<i64>(0)?) {
            s.bases.0.push((month(row.get(1)?)?, Money::from_fen(row.get(2)?)));
        }
    }
    for row in rows.take(at.seals) {
        if let Some(s) = found.get_mut(&row.get::<i64>(0)?) {
            s.sealed_from = Some(month(row.get(1)?)?);
        }
    }
    for row in rows.take(at.paid_to) {
        if let Some(s) = found.get_mut(&row.get::<i64>(0)?) {
            s.paid_to = Some(month(row.get(1)?)?).max(s.paid_to);
        }
    }
    for row in rows.take(at.awaiting) {
        if let Some(s) = found.get_mut(&row.get::<i64>(0)?) {
            s.on_awaiting_list = true;
        }
    }
    Ok(found)
}
