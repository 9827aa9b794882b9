//! Search (查找): numbers by their keys, employers by the beginning of their name, persons by the last six of their document.

use core_case::guard::Register;
use core_case::ids::{CaseId, EmployerId, SavingsId};

use crate::db::{DbError, Query};
use crate::store::Store;

crate::statements! {
    EMPLOYER = "SELECT id, name FROM employer WHERE id = $1";
    SAVINGS = "SELECT s.id, p.name, e.name AS employer FROM savings s JOIN person p ON p.id = s.person JOIN employer e ON e.id = s.employer WHERE s.id = $1";
    CASE = "SELECT id, action, summary FROM business_case WHERE id = $1";
    LIST = "SELECT l.id, e.name, l.month FROM remittance_list l JOIN employer e ON e.id = l.employer WHERE l.id = $1";
    VOUCHER = "SELECT id, term FROM voucher WHERE id = $1";
    CLAIM = "SELECT holder FROM claim WHERE register = $1 AND key_hash = $2";
    // The upper bound is the last character there is, so the index on names serves a beginning without LIKE.
    NAMED = "SELECT id, name FROM employer WHERE name >= $1 AND name < $2 ORDER BY name LIMIT 20";
    SIX = "SELECT s.id, p.name, e.name AS employer FROM person p JOIN savings s ON s.person = p.id JOIN employer e ON e.id = s.employer \
        WHERE p.id_six = $1 ORDER BY s.id LIMIT 50";
    PERSON_NAMED = "SELECT s.id, p.name, e.name AS employer FROM person p JOIN savings s ON s.person = p.id \
        JOIN employer e ON e.id = s.employer WHERE p.name = $1 ORDER BY s.id LIMIT 50";
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Employers: number and name.
    pub employers: Vec<(EmployerId, String)>,
    /// Accounts: number, person's name (to be masked), employer.
    pub savings: Vec<(SavingsId, String, String)>,
    /// Cases: number, action, title.
    pub cases: Vec<(CaseId, String, String)>,
    /// Lists: number, employer, month as YYYYMM.
    pub lists: Vec<(i64, String, i64)>,
    /// Vouchers: number and term.
    pub vouchers: Vec<(i64, String)>,
}

impl Found {
    /// How many.
    pub fn len(&self) -> usize {
        self.employers.len() + self.savings.len() + self.cases.len() + self.lists.len() + self.vouchers.len()
    }
    /// Nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Looks a number up among all that have numbers.
///
/// # Errors
/// When the database does not answer.
pub async fn number(store: &Store, number: i64) -> Result<Found, DbError> {
    let by = || [number.into()];
    let queries = [EMPLOYER, SAVINGS, CASE, LIST, VOUCHER].map(|sql| Query::new(sql, by()));
    let rows = store.db.read(queries.into()).await?;
    let mut found = Found::default();
    for r in &rows[0] {
        found.employers.push((EmployerId(r.get(0)?), r.get(1)?));
    }
    for r in &rows[1] {
        found.savings.push((SavingsId(r.get(0)?), r.get(1)?, r.get(2)?));
    }
    for r in &rows[2] {
        found.cases.push((CaseId(r.get(0)?), r.get(1)?, r.get(2)?));
    }
    for r in &rows[3] {
        found.lists.push((r.get(0)?, r.get(1)?, r.get(2)?));
    }
    for r in &rows[4] {
        found.vouchers.push((r.get(0)?, r.get(1)?));
    }
    Ok(found)
}

/// Looks for employers whose name begins so, and persons of exactly this name.
///
/// # Errors
/// When the database does not answer.
pub async fn name(store: &Store, text: &str) -> Result<Found, DbError> {
    let last = format!("{text}\u{10FFFF}");
    let queries = vec![Query::new(NAMED, [text.into(), last.as_str().into()]), Query::new(PERSON_NAMED, [text.into()])];
    let rows = store.db.read(queries).await?;
    let mut found = Found::default();
    for r in &rows[0] {
        found.employers.push((EmployerId(r.get(0)?), r.get(1)?));
    }
    for r in &rows[1] {
        found.savings.push((SavingsId(r.get(0)?), r.get(1)?, r.get(2)?));
    }
    Ok(found)
}

/// Looks for the employer with a unified social credit code; the register knows it by a hash of the code.
///
/// # Errors
/// When the database does not answer.
pub async fn credit_code(store: &Store, code: &str) -> Result<Found, DbError> {
    let key = store.keys.register_key(Register::EmployerCode, code);
    let rows = store.db.read(vec![Query::new(CLAIM, [Register::EmployerCode.key().into(), key.into()])]).await?;
    let holder: Option<String> = rows.iter().flatten().next().map(|r| r.get(0)).transpose()?;
    match holder.as_deref().and_then(|h| h.strip_prefix("employer:")).and_then(|id| id.parse().ok()) {
        Some(id) => number(store, id).await,
        None => Ok(Found::default()),
    }
}

/// Looks for accounts of persons whose document ends in these six characters.
///
/// # Errors
/// When the database does not answer.
pub async fn last_six(store: &Store, six: &str) -> Result<Found, DbError> {
    let rows = store.db.read(vec![Query::new(SIX, [store.keys.last_six(six).into()])]).await?;
    let mut found = Found::default();
    for r in rows.iter().flatten() {
        found.savings.push((SavingsId(r.get(0)?), r.get(1)?, r.get(2)?));
    }
    Ok(found)
}
