//! Four eyes (经办复核分离): nobody reviews a case of his own, and reviewers of one case differ.
//!
//! Handbook 12 §1 no. 14, 02 §1.11.8; 08 R-C20.

use shell_store::db::DbError;
use shell_store::verify_queries::*;

use super::Subject;
use crate::proof::{Finding, Proof, Shown};

/// Maker ≠ reviewer, and no reviewer twice in a round.
pub static FOUR_EYES: Subject = Subject { name: "reviews.four_eyes", term: "经办与复核不为同一人" };

pub(super) async fn run(proof: &mut Proof<'_>) -> Result<(), DbError> {
    proof.count(&FOUR_EYES, COUNT_REVIEWS).await?;
    for find in [FIND_OWN_REVIEWS, FIND_REVIEWED_TWICE] {
        proof.find(&Finding { of: &FOUR_EYES, table: "case_review", find, shown: Shown::Plain }).await?;
    }
    Ok(())
}
