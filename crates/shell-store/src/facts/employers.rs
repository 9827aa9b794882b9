//! Employers with rates, money that waits and paid-to month.

use std::collections::{BTreeMap, BTreeSet};

use core_case::effect::ListBinding;
use core_case::ids::{EmployerId, ListId, UnitId};
use core_case::nouns::{Dated, EmployerFacts, ListHead};
use core_money::{Money, Rate};

use super::{At, Plan, Rows, choice, month};
use crate::db::{Cells, DbError, Registered};

pub(crate) static QUERIES: &[Registered] = &[
    Registered { name: "facts.employers", sql: EMPLOYERS },
    Registered { name: "facts.rates", sql: RATES },
    Registered { name: "facts.paid_to", sql: PAID_TO },
    Registered { name: "facts.awaiting", sql: AWAITING },
];

const EMPLOYERS: &str = "SELECT e.id, e.name, e.state, e.branch, e.first_month, e.taken_over_paid_to, m.suspense \
    FROM employer e JOIN employer_money m ON m.employer = e.id WHERE e.id = ANY($1)";
const RATES: &str = "SELECT employer, from_month, employer_rate, member_rate FROM employer_rate \
    WHERE employer = ANY($1) ORDER BY employer, from_month";
const PAID_TO: &str = "SELECT employer, MAX(month) AS month FROM remittance_list \
    WHERE employer = ANY($1) AND kind = '1' AND state = 'posted' GROUP BY employer";
const AWAITING: &str = "SELECT id, employer, month, people, total, digest, kind, state, confirmed, expires FROM remittance_list \
    WHERE employer = ANY($1) AND state = 'awaiting_money' ORDER BY employer, month, id";

pub(crate) struct EmployersAt {
    employers: At,
    rates: At,
    paid_to: At,
    awaiting: At,
}

pub(crate) fn ask(plan: &mut Plan, ids: &BTreeSet<i64>) -> Option<EmployersAt> {
    let keys = || [ids.iter().copied().collect::<Vec<i64>>().into()];
    (!ids.is_empty()).then(|| EmployersAt {
        employers: plan.add(EMPLOYERS, keys()),
        rates: plan.add(RATES, keys()),
        paid_to: plan.add(PAID_TO, keys()),
        awaiting: plan.add(AWAITING, keys()),
    })
}

pub(crate) fn read(rows: &mut Rows, at: Option<EmployersAt>) -> Result<BTreeMap<i64, EmployerFacts>, DbError> {
    let mut found = BTreeMap::new();
    let Some(at) = at else { return Ok(found) };
    for row in rows.take(at.employers) {
        let mut c = row.cells();
        let id: i64 = c.next()?;
        let (name, state): (String, String) = (c.next()?, c.next()?);
        let (branch, first, taken): (i64, i64, Option<i64>) = (c.next()?, c.next()?, c.next()?);
        let facts = EmployerFacts {
            id: EmployerId(id),
            name,
            state: choice(&state)?,
            branch: UnitId(branch),
            first_month: month(first)?,
            rates: Dated::default(),
            paid_to: taken.map(month).transpose()?,
            suspense: Money::from_fen(c.next()?),
            awaiting: Vec::new(),
        };
        c.end()?;
        found.insert(id, facts);
    }
    for row in rows.take(at.rates) {
        let (from, employer_rate, member_rate): (i64, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
        if let Some(e) = found.get_mut(&row.get::<i64>(0)?) {
            e.rates.0.push((month(from)?, (Rate::from_units(employer_rate), Rate::from_units(member_rate))));
        }
    }
    for row in rows.take(at.paid_to) {
        if let Some(e) = found.get_mut(&row.get::<i64>(0)?) {
            e.paid_to = Some(month(row.get(1)?)?).max(e.paid_to);
        }
    }
    for row in rows.take(at.awaiting) {
        let head = head(row.cells())?;
        if let Some(e) = found.get_mut(&head.binding.employer.0) {
            e.awaiting.push(head);
        }
    }
    Ok(found)
}

/// Head of a list from the ten columns that all list queries begin with.
pub(crate) fn head_of(c: &mut Cells) -> Result<ListHead, DbError> {
    let (id, employer, number): (i64, i64, i64) = (c.next()?, c.next()?, c.next()?);
    let (people, total): (i64, i64) = (c.next()?, c.next()?);
    let (digest, kind, state): (String, String, String) = (c.next()?, c.next()?, c.next()?);
    Ok(ListHead {
        binding: ListBinding {
            list: ListId(id),
            employer: EmployerId(employer),
            month: month(number)?,
            count: u32::try_from(people).map_err(|_| DbError::BadValue("people of a list".into()))?,
            sum: Money::from_fen(total),
            digest: core_case::digest::Digest::parse(&digest).ok_or_else(|| DbError::BadValue("digest of a list".into()))?,
        },
        kind: choice(&kind)?,
        state: choice(&state)?,
        confirmed: c.next()?,
        expires: c.next()?,
    })
}

fn head(mut c: Cells) -> Result<ListHead, DbError> {
    let head = head_of(&mut c)?;
    c.end()?;
    Ok(head)
}
