//! Months paid (已缴月份): posted regular lists of an employer follow one another without a gap.
//!
//! Handbook 02 §1.6.5. The paid-to month is the last of them; it is kept nowhere, so nothing can part from it.

use shell_store::db::{DbError, Query};
use shell_store::verify_queries::MONTH_ROWS;

use super::Subject;
use super::terms::{month, month_number};
use crate::proof::{BATCH, Proof};

/// No month between two posted lists is missing, and the first is the one due.
pub static IN_ORDER: Subject = Subject { name: "months.in_order", term: "单位已缴月份连续" };

pub(super) async fn run(proof: &mut Proof<'_>) -> Result<(), DbError> {
    let (mut wrong, mut read) = (Vec::new(), 0u64);
    let mut before: Option<(i64, i64)> = None;
    let mut stream = proof.snapshot().stream(Query::new(MONTH_ROWS, []), BATCH).await?;
    while let Some(rows) = stream.next().await? {
        for row in rows {
            let mut c = row.cells();
            let (employer, list, found): (i64, i64, i64) = (c.next()?, c.next()?, c.next()?);
            let (first, taken_over): (Option<i64>, Option<i64>) = (c.next()?, c.next()?);
            c.end()?;
            read += 1;
            let follows = |number: i64| month(number).map_or(0, |m| month_number(m.succ()));
            let expected = match before {
                Some((e, last)) if e == employer => follows(last),
                _ => taken_over.map_or(first.unwrap_or(0), follows),
            };
            if expected != found {
                wrong.push((list, expected, found));
            }
            before = Some((employer, found));
        }
    }
    drop(stream);
    proof.compared(&IN_ORDER, read);
    for (list, expected, found) in wrong {
        proof.broken(&IN_ORDER, "remittance_list", list, expected, found);
    }
    Ok(())
}
