//! Dated records (历史记录): memberships and seals do not overlap, and states follow from them.

use core_calendar::{Day, Month};
use shell_store::db::DbError;
use shell_store::verify_queries::*;

use super::Subject;
use super::terms::month_number;
use crate::proof::{Finding, Proof, Shown, cell};

/// One employer at a time (handbook 08 R-A13), and the account names the one in force.
pub static MEMBERSHIPS: Subject = Subject { name: "records.memberships", term: "单位归属不重叠" };
/// One seal at a time, and the account is sealed exactly while one covers the month of the business day (handbook 02 §1.9).
pub static SEALS: Subject = Subject { name: "records.seals", term: "封存记录不重叠且与账户状态相符" };

pub(super) async fn run(proof: &mut Proof<'_>) -> Result<(), DbError> {
    for (of, count) in [(&MEMBERSHIPS, COUNT_MEMBERSHIPS), (&SEALS, COUNT_SEALS), (&SEALS, COUNT_SAVINGS)] {
        proof.count(of, count).await?;
    }
    for (of, table, find) in
        [(&MEMBERSHIPS, "membership", FIND_MEMBERSHIPS), (&MEMBERSHIPS, "savings", FIND_EMPLOYER_OF_MEMBER), (&SEALS, "seal", FIND_SEALS)]
    {
        proof.find(&Finding { of, table, find, shown: Shown::Plain }).await?;
    }
    if let Some(row) = proof.read(LAST_DAY, []).await?.first() {
        let month = month_number(Month::of(cell::<Day>(row, 0)?));
        for row in proof.read(FIND_SEAL_STATES, [month.into()]).await? {
            let (id, expected, found): (i64, String, String) = (cell(&row, 0)?, cell(&row, 1)?, cell(&row, 2)?);
            proof.broken(&SEALS, "savings", id, expected, found);
        }
    }
    Ok(())
}
