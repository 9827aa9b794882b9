//! Personal identifiers as stored, for whoever is allowed to see one of them in the clear.

use core_case::ids::{CaseId, EmployerId, SavingsId, UnitId};
use shell_vault::{Place, Sealed, VaultError};

use crate::db::{DbError, Query};
use crate::store::Store;

crate::statements! {
    PERSON = "SELECT p.id, e.branch, p.id_number, p.mobile, p.card FROM savings s JOIN person p ON p.id = s.person \
        JOIN employer e ON e.id = s.employer WHERE s.id = $1";
    EMPLOYER = "SELECT id, branch, representative_number, handler_number, handler_mobile, payroll_account FROM employer WHERE id = $1";
    CASE = "SELECT id FROM business_case WHERE id = $1";
}

/// Columns of `person` that hold ciphertext, in the order they are read.
const PERSON_COLUMNS: [&str; 3] = ["id_number", "mobile", "card"];

/// Columns of `employer` that hold ciphertext, in the order they are read.
const EMPLOYER_COLUMNS: [&str; 4] = ["representative_number", "handler_number", "handler_mobile", "payroll_account"];

/// One sealed cell with the branch it belongs to.
#[derive(Clone, Debug)]
pub struct SealedCell {
    table: &'static str,
    column: &'static str,
    row: i64,
    /// Branch (管理部) of the employer, that decides who may look.
    pub branch: UnitId,
    sealed: Option<Vec<u8>>,
}

/// Marks a clear value that was asked for by name.
#[derive(Debug)]
pub struct Asked;

impl SealedCell {
    /// The clear value, none where nothing is stored.
    ///
    /// # Errors
    /// When the ciphertext was altered or moved, or its key is missing.
    pub fn open(&self, store: &Store) -> Result<Option<Sealed<Asked>>, VaultError> {
        let row = self.row.to_string();
        let place = Place { table: self.table, column: self.column, row: &row };
        self.sealed.as_ref().map(|sealed| Sealed::open(&store.keys.ring(), &place, sealed)).transpose()
    }
}

/// A sealed cell of the person behind a savings account; none where there is no such account or column.
///
/// # Errors
/// When the database does not answer.
pub async fn of_person(store: &Store, account: SavingsId, column: &str) -> Result<Option<SealedCell>, DbError> {
    cell(store, Query::new(PERSON, [account.0.into()]), "person", &PERSON_COLUMNS, column).await
}

/// A sealed cell of an employer; none where there is no such employer or column.
///
/// # Errors
/// When the database does not answer.
pub async fn of_employer(store: &Store, employer: EmployerId, column: &str) -> Result<Option<SealedCell>, DbError> {
    cell(store, Query::new(EMPLOYER, [employer.0.into()]), "employer", &EMPLOYER_COLUMNS, column).await
}

async fn cell(
    store: &Store,
    query: Query,
    table: &'static str,
    columns: &[&'static str],
    column: &str,
) -> Result<Option<SealedCell>, DbError> {
    let Some(at) = columns.iter().position(|c| *c == column) else { return Ok(None) };
    let rows = store.db.read(vec![query]).await?;
    let Some(row) = rows[0].first() else { return Ok(None) };
    Ok(Some(SealedCell { table, column: columns[at], row: row.get(0)?, branch: UnitId(row.get(1)?), sealed: row.get(2 + at)? }))
}

/// Whether there is a case with this number.
///
/// # Errors
/// When the database does not answer.
pub async fn is_case(store: &Store, case: CaseId) -> Result<bool, DbError> {
    let rows = store.db.read(vec![Query::new(CASE, [case.0.into()])]).await?;
    Ok(!rows[0].is_empty())
}
