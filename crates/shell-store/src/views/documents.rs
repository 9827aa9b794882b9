//! Printed documents (单据): found by their code, counted each time they are printed.
//!
//! A document that a case made available has its row from the commit; a statement gets one when it is printed first. The count
//! is raised in one unit with the audit record of the printing.

use core_case::ids::CaseId;

use crate::db::{Batch, DbError, Expect, Insert, Kind, Query, Row, Step};
use crate::store::Store;

crate::statements! {
    BY_CODE = "SELECT code, kind, subject, case_id, copies FROM document WHERE code = $1";
    BY_SUBJECT = "SELECT code, kind, subject, case_id, copies FROM document WHERE subject = $1 AND kind = $2";
    COUNT = "UPDATE document SET copies = copies + 1 WHERE code = $1 AND copies = $2";
}

/// A document as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRow {
    /// Verification code.
    pub code: String,
    /// Kind: `notice`, `receipt`, `member-statement` …
    pub kind: String,
    /// Of what: a subject key, with the period for a statement.
    pub subject: String,
    /// The case that made it available; 0 for a statement.
    pub case: CaseId,
    /// How often it was printed.
    pub copies: i64,
}

fn read(row: &Row) -> Result<DocumentRow, DbError> {
    Ok(DocumentRow { code: row.get(0)?, kind: row.get(1)?, subject: row.get(2)?, case: CaseId(row.get(3)?), copies: row.get(4)? })
}

/// The document with a code.
///
/// # Errors
/// When the database does not answer.
pub async fn by_code(store: &Store, code: &str) -> Result<Option<DocumentRow>, DbError> {
    let rows = store.db.read(vec![Query::new(BY_CODE, [code.into()])]).await?;
    rows[0].first().map(read).transpose()
}

/// The document of a kind about a subject.
///
/// # Errors
/// When the database does not answer.
pub async fn by_subject(store: &Store, subject: &str, kind: &str) -> Result<Option<DocumentRow>, DbError> {
    let rows = store.db.read(vec![Query::new(BY_SUBJECT, [subject.into(), kind.into()])]).await?;
    rows[0].first().map(read).transpose()
}

/// The step that counts one more copy: of a document that was printed `copies` times, or of a new one.
pub fn printed(document: &DocumentRow, new: bool) -> Step {
    if new {
        let mut rows = Batch::new(&[
            ("code", Kind::Text),
            ("kind", Kind::Text),
            ("subject", Kind::Text),
            ("case_id", Kind::Int),
            ("copies", Kind::Int),
        ]);
        let row = [
            document.code.as_str().into(),
            document.kind.as_str().into(),
            document.subject.as_str().into(),
            document.case.0.into(),
            1.into(),
        ];
        rows.push(row);
        return Step::Insert(Insert::new("document", rows));
    }
    Step::Sql { sql: COUNT.into(), values: vec![document.code.as_str().into(), document.copies.into()], expect: Expect::Exactly(1) }
}
