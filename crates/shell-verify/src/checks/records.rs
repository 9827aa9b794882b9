//! Dated records (历史记录): memberships and seals do not overlap, and states follow from them.

use shell_store::db::DbError;
use shell_store::verify_queries::*;

use super::Subject;
use crate::proof::{Finding, Proof, Shown};

/// One employer at a time (handbook 08 R-A13), and the account names the one in force.
pub static MEMBERSHIPS: Subject = Subject { name: "records.memberships", term: "单位归属不重叠" };
/// One seal at a time, and the account is sealed exactly while one is in force (handbook 02 §1.9).
pub static SEALS: Subject = Subject { name: "records.seals", term: "封存记录不重叠且与账户状态相符" };

pub(super) async fn run(proof: &mut Proof<'_>) -> Result<(), DbError> {
    for (of, count) in [(&MEMBERSHIPS, COUNT_MEMBERSHIPS), (&SEALS, COUNT_SEALS), (&SEALS, COUNT_SAVINGS)] {
        proof.count(of, count).await?;
    }
    for (of, table, find) in [
        (&MEMBERSHIPS, "membership", FIND_MEMBERSHIPS),
        (&MEMBERSHIPS, "savings", FIND_EMPLOYER_OF_MEMBER),
        (&SEALS, "seal", FIND_SEALS),
        (&SEALS, "savings", FIND_SEAL_STATES),
    ] {
        proof.find(&Finding { of, table, find, shown: Shown::Plain }).await?;
    }
    Ok(())
}
