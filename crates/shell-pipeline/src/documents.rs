//! 打印单据 Printing documents: each copy is counted and recorded before it is given, with its verification code.
//!
//! Rules: handbook 12 (receipts carry a verification code and a print count); 17 §9 (the code does not follow from the number).
//! Receipts and notices have their row from the commit that made them; a statement gets one when it is printed first.

use core_case::ids::CaseId;
use shell_store::effects::Writer;
use shell_store::views::documents::{self, DocumentRow};
use shell_vault::document::document_code;

use crate::actor::Actor;
use crate::centre::Centre;
use crate::command::Origin;
use crate::people::{PeopleError, Recorded, entry};

/// So often is the count raised again when somebody printed at the same moment.
const TRIES: usize = 5;

/// A copy that may be printed (打印的一份).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// Verification code, 12 characters.
    pub code: String,
    /// Which copy it is, from 1.
    pub number: u32,
}

impl Centre {
    /// Counts one more copy of a document and records who printed it.
    ///
    /// `subject` is what the document is about (`list:…`, or `savings:…@first..last` for a statement); `number` is what its code
    /// follows from, the same each time.
    ///
    /// # Errors
    /// [`PeopleError::Moved`] when others keep printing it at the same moment; otherwise when the record cannot be written.
    pub async fn print_copy(
        &self,
        actor: &Actor,
        origin: &Origin,
        kind: &str,
        subject: &str,
        number: &str,
        case: CaseId,
    ) -> Result<Copy, PeopleError> {
        for _ in 0..TRIES {
            let known = documents::by_subject(&self.store, subject, kind).await?;
            let new = known.is_none();
            let row = known.unwrap_or_else(|| DocumentRow {
                code: document_code(&self.store.keys.ring(), kind, number),
                kind: kind.to_owned(),
                subject: subject.to_owned(),
                case,
                copies: 0,
            });
            let copy = row.copies + 1;
            let object = subject.split('@').next().unwrap_or(subject);
            let record = entry("print", object, serde_json::json!({ "document": kind, "of": subject, "copy": copy }), "done");
            let step = documents::printed(&row, new);
            let count = |writer: &mut Writer<'_>| {
                writer.also([step]);
                Ok(())
            };
            match self.recorded(origin, actor.user, record, count).await {
                Ok(Recorded::Done) => return Ok(Copy { code: row.code, number: u32::try_from(copy).unwrap_or(u32::MAX) }),
                Ok(Recorded::Stale) => {}
                // Somebody printed the first copy just now.
                Err(PeopleError::Constraint(_)) if new => {}
                Err(other) => return Err(other),
            }
        }
        Err(PeopleError::Moved)
    }
}
