//! Numbers (编号): given in order inside their range, never wrapped; a number whose unit failed is given again.
//!
//! One process writes for a centre (docs/decisions.md), so numbers are given in memory and seeded from the database when a range is
//! first used. Vouchers therefore have no gaps, and a killed run that is resumed gives the same numbers as one that was not.
//!
//! A commit without an answer leaves its numbers in doubt. Before the next unit they are looked up: those without a row are given
//! again. Should the commit still have been on its way, its row meets the second one at the key, and the number is looked up once
//! more ([`is_taken`]). A process that dies with numbers in doubt leaves at worst a hole in the vouchers of a period: whoever
//! writes next finds it when he first counts there, and gives those numbers first. The audit record of a voucher tells when it was
//! really written.

use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;

use core_calendar::{Day, Month};

use crate::db::{Constraint, Db, DbError, Outcome, Query, Registered};
use crate::facts::month_number;

/// Which numbers; each has a range of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Range {
    /// Employer accounts of a day: 98 + YYMMDD + 7 digits.
    Employer(Day),
    /// Savings accounts of a day: 99 + YYMMDD + 7 digits.
    Savings(Day),
    /// Business numbers of a day: kind (01, 02, 05, 08) + YYMMDD + 7 digits.
    Case(u8, Day),
    /// Vouchers of a period: YYYYMM + 8 digits.
    Voucher(Month),
    /// Persons.
    Person,
    /// Receipts.
    Receipt,
    /// Payments.
    Payment,
    /// Users.
    User,
    /// Audit records.
    Audit,
    /// Audit seals.
    AuditSeal,
    /// Outbox.
    Outbox,
    /// Attachments.
    Attachment,
    /// Sessions.
    Session,
    /// Policy values of the centre.
    PolicyOverride,
}

/// A range is used up: refused, never wrapped (handbook 17 §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("编号已用完：{0:?}")]
pub struct UsedUp(pub Range);

static MAXIMA: [(Table, &str); 12] = [
    (Table::Employer, "SELECT MAX(id) AS last FROM employer WHERE id >= $1 AND id <= $2"),
    (Table::Savings, "SELECT MAX(id) AS last FROM savings WHERE id >= $1 AND id <= $2"),
    (Table::Case, "SELECT MAX(id) AS last FROM business_case WHERE id >= $1 AND id <= $2"),
    (Table::Voucher, "SELECT MAX(id) AS last FROM voucher WHERE id >= $1 AND id <= $2"),
    (Table::Person, "SELECT MAX(id) AS last FROM person WHERE id >= $1 AND id <= $2"),
    (Table::Receipt, "SELECT MAX(id) AS last FROM receipt WHERE id >= $1 AND id <= $2"),
    (Table::Payment, "SELECT MAX(id) AS last FROM payment WHERE id >= $1 AND id <= $2"),
    (Table::User, "SELECT MAX(id) AS last FROM app_user WHERE id >= $1 AND id <= $2"),
    (Table::Audit, "SELECT MAX(id) AS last FROM audit_record WHERE id >= $1 AND id <= $2"),
    (Table::AuditSeal, "SELECT MAX(id) AS last FROM audit_seal WHERE id >= $1 AND id <= $2"),
    (Table::Outbox, "SELECT MAX(id) AS last FROM outbox WHERE id >= $1 AND id <= $2"),
    (Table::Attachment, "SELECT MAX(id) AS last FROM attachment WHERE id >= $1 AND id <= $2"),
];
const SESSION_MAX: &str = "SELECT MAX(id) AS last FROM session WHERE id >= $1 AND id <= $2";
const OVERRIDE_MAX: &str = "SELECT MAX(id) AS last FROM policy_override WHERE id >= $1 AND id <= $2";

// Where a run of vouchers ends before the last one: a hole begins behind it. The number before the first counts as a voucher.
const HOLES: &str = "SELECT v.id + 1 AS first, (SELECT MIN(n.id) FROM voucher n WHERE n.id > v.id AND n.id <= $2) AS next \
    FROM (SELECT id FROM voucher WHERE id >= $1 AND id <= $2 UNION ALL SELECT $1 - 1 AS id) v \
    WHERE NOT EXISTS (SELECT 1 FROM voucher n WHERE n.id = v.id + 1) ORDER BY v.id";

/// Keys of the tables whose rows are numbered here.
const KEYS: [&str; 14] = [
    "employer_pkey",
    "savings_pkey",
    "business_case_pkey",
    "voucher_pkey",
    "person_pkey",
    "receipt_pkey",
    "payment_pkey",
    "app_user_pkey",
    "audit_record_pkey",
    "audit_seal_pkey",
    "outbox_pkey",
    "attachment_pkey",
    "session_pkey",
    "policy_override_pkey",
];

/// Whether a unit was refused because a number of it has a row already: an unanswered commit came through late.
pub fn is_taken(constraint: &Constraint) -> bool {
    KEYS.iter().any(|key| constraint.is(key))
}

/// The statements of this module.
pub(crate) static QUERIES: &[Registered] = &[
    Registered { name: "numbers.employer", sql: MAXIMA[0].1 },
    Registered { name: "numbers.savings", sql: MAXIMA[1].1 },
    Registered { name: "numbers.case", sql: MAXIMA[2].1 },
    Registered { name: "numbers.voucher", sql: MAXIMA[3].1 },
    Registered { name: "numbers.person", sql: MAXIMA[4].1 },
    Registered { name: "numbers.receipt", sql: MAXIMA[5].1 },
    Registered { name: "numbers.payment", sql: MAXIMA[6].1 },
    Registered { name: "numbers.user", sql: MAXIMA[7].1 },
    Registered { name: "numbers.audit", sql: MAXIMA[8].1 },
    Registered { name: "numbers.audit_seal", sql: MAXIMA[9].1 },
    Registered { name: "numbers.outbox", sql: MAXIMA[10].1 },
    Registered { name: "numbers.attachment", sql: MAXIMA[11].1 },
    Registered { name: "numbers.session", sql: SESSION_MAX },
    Registered { name: "numbers.policy_override", sql: OVERRIDE_MAX },
    Registered { name: "numbers.voucher_holes", sql: HOLES },
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Table {
    Employer,
    Savings,
    Case,
    Voucher,
    Person,
    Receipt,
    Payment,
    User,
    Audit,
    AuditSeal,
    Outbox,
    Attachment,
}

impl Range {
    /// First and last number.
    fn bounds(self) -> (i64, i64) {
        let dated = |prefix: i64, day: Day| {
            let yymmdd = i64::from(day.year() % 100) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day());
            let base = (prefix * 1_000_000 + yymmdd) * 10_000_000;
            (base + 1, base + 9_999_999)
        };
        match self {
            Range::Employer(day) => dated(98, day),
            Range::Savings(day) => dated(99, day),
            Range::Case(kind, day) => dated(i64::from(kind), day),
            Range::Voucher(month) => {
                let base = month_number(month) * 100_000_000;
                (base + 1, base + 99_999_999)
            }
            _ => (1, i64::MAX - 1),
        }
    }

    fn sql(self) -> &'static str {
        let table = match self {
            Range::Employer(_) => Table::Employer,
            Range::Savings(_) => Table::Savings,
            Range::Case(..) => Table::Case,
            Range::Voucher(_) => Table::Voucher,
            Range::Person => Table::Person,
            Range::Receipt => Table::Receipt,
            Range::Payment => Table::Payment,
            Range::User => Table::User,
            Range::Audit => Table::Audit,
            Range::AuditSeal => Table::AuditSeal,
            Range::Outbox => Table::Outbox,
            Range::Attachment => Table::Attachment,
            Range::Session => return SESSION_MAX,
            Range::PolicyOverride => return OVERRIDE_MAX,
        };
        MAXIMA.iter().find(|(t, _)| *t == table).map_or("", |(_, sql)| sql)
    }
}

#[derive(Debug, Default)]
struct Given {
    next: i64,
    /// Given to units that failed; the smallest goes out first.
    free: BTreeSet<i64>,
}

/// The numbers of a centre.
#[derive(Debug, Default)]
pub struct Numbers {
    ranges: Mutex<HashMap<Range, Given>>,
    /// Of units nobody knows whether they were committed.
    doubtful: Mutex<Vec<(Range, i64)>>,
}

/// Numbers given to one unit; give them back if it fails.
#[derive(Debug, Default)]
pub struct Lease(Vec<(Range, i64)>);

impl Numbers {
    /// Seeds ranges that were not used yet from the database, and settles what is in doubt.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn prime(&self, db: &Db, ranges: &[Range]) -> Result<(), DbError> {
        self.settle(db).await?;
        let unknown: Vec<Range> = {
            let known = self.ranges.lock().unwrap_or_else(|p| p.into_inner());
            ranges.iter().copied().filter(|r| !known.contains_key(r)).collect()
        };
        if unknown.is_empty() {
            return Ok(());
        }
        let within = |sql, r: &Range| Query::new(sql, [r.bounds().0.into(), r.bounds().1.into()]);
        let vouchers: Vec<Range> = unknown.iter().copied().filter(|r| matches!(r, Range::Voucher(_))).collect();
        let queries = unknown.iter().map(|r| within(r.sql(), r)).chain(vouchers.iter().map(|r| within(HOLES, r))).collect();
        let mut answers = db.read(queries).await?;
        let holes = answers.split_off(unknown.len());
        let mut free: HashMap<Range, BTreeSet<i64>> = HashMap::new();
        for (range, rows) in vouchers.into_iter().zip(holes) {
            for row in &rows {
                // Behind the last voucher there is no next one, and no hole.
                let (first, next): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
                free.entry(range).or_default().extend(first..next.unwrap_or(first));
            }
        }
        let mut known = self.ranges.lock().unwrap_or_else(|p| p.into_inner());
        for (range, rows) in unknown.into_iter().zip(answers) {
            let last: Option<i64> = match rows.first() {
                Some(row) => row.get(0)?,
                None => None,
            };
            let next = last.map_or(range.bounds().0, |l| l + 1);
            known.entry(range).or_insert_with(|| Given { next, free: free.remove(&range).unwrap_or_default() });
        }
        Ok(())
    }

    /// Looks up the numbers in doubt: those with a row were committed, the others are given again.
    async fn settle(&self, db: &Db) -> Result<(), DbError> {
        let doubtful = std::mem::take(&mut *self.doubtful.lock().unwrap_or_else(|p| p.into_inner()));
        if doubtful.is_empty() {
            return Ok(());
        }
        let queries = doubtful.iter().map(|(range, number)| Query::new(range.sql(), [(*number).into(), (*number).into()])).collect();
        let answers = match db.read(queries).await {
            Ok(answers) => answers,
            Err(e) => {
                self.doubt(Lease(doubtful));
                return Err(e);
            }
        };
        let mut lost = Lease::default();
        for (given, rows) in doubtful.into_iter().zip(answers) {
            let found: Option<i64> = rows.first().map(|row| row.get(0)).transpose()?.flatten();
            if found.is_none() {
                lost.0.push(given);
            }
        }
        self.give_back(lost);
        Ok(())
    }

    /// Takes the numbers of a unit that was not committed. Whether an unanswered one was, nobody knows yet, nor whose row it is that
    /// has a number already.
    pub fn not_committed(&self, outcome: &Outcome, lease: Lease) {
        match outcome {
            Outcome::Unknown(_) => self.doubt(lease),
            Outcome::Refused { constraint, .. } if is_taken(constraint) => self.doubt(lease),
            _ => self.give_back(lease),
        }
    }

    /// Keeps the numbers of a unit of which nobody knows whether it was committed, until the next unit looks them up.
    pub fn doubt(&self, lease: Lease) {
        self.doubtful.lock().unwrap_or_else(|p| p.into_inner()).extend(lease.0);
    }

    /// The next number of a range that was primed.
    ///
    /// # Errors
    /// When the range is used up.
    pub fn give(&self, range: Range, lease: &mut Lease) -> Result<i64, UsedUp> {
        let mut ranges = self.ranges.lock().unwrap_or_else(|p| p.into_inner());
        let given = ranges.entry(range).or_insert_with(|| Given { next: range.bounds().0, free: BTreeSet::new() });
        let number = match given.free.pop_first() {
            Some(number) => number,
            None => {
                let number = given.next;
                if number > range.bounds().1 {
                    return Err(UsedUp(range));
                }
                given.next += 1;
                number
            }
        };
        lease.0.push((range, number));
        Ok(number)
    }

    /// Takes back the numbers of a unit that was not committed.
    pub fn give_back(&self, lease: Lease) {
        let mut ranges = self.ranges.lock().unwrap_or_else(|p| p.into_inner());
        for (range, number) in lease.0.into_iter().rev() {
            if let Some(given) = ranges.get_mut(&range) {
                if given.next == number + 1 {
                    given.next = number;
                    // Freed numbers that now stand at the end are simply not given yet.
                    while given.free.remove(&(given.next - 1)) {
                        given.next -= 1;
                    }
                } else {
                    given.free.insert(number);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_gaps_when_units_fail_and_are_never_wrapped() {
        let numbers = Numbers::default();
        let month = Month::ym(2025, 7).unwrap();
        let (mut a, mut b, mut c) = (Lease::default(), Lease::default(), Lease::default());
        assert_eq!(numbers.give(Range::Voucher(month), &mut a), Ok(20_250_700_000_001));
        assert_eq!(numbers.give(Range::Voucher(month), &mut b), Ok(20_250_700_000_002));
        numbers.give_back(a);
        assert_eq!(numbers.give(Range::Voucher(month), &mut c), Ok(20_250_700_000_001), "the freed number first");
        numbers.give_back(b);
        assert_eq!(numbers.give(Range::Voucher(month), &mut c), Ok(20_250_700_000_002));
        let day = Day::ymd(2025, 7, 10).unwrap();
        assert_eq!(numbers.give(Range::Case(2, day), &mut c), Ok(22_507_100_000_001));
        assert_eq!(numbers.give(Range::Savings(day), &mut c), Ok(992_507_100_000_001));
        numbers.ranges.lock().unwrap().get_mut(&Range::Savings(day)).unwrap().next = 992_507_110_000_000;
        assert_eq!(numbers.give(Range::Savings(day), &mut c), Err(UsedUp(Range::Savings(day))));
    }
}
