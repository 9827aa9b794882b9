//! Vouchers (凭证): balanced, numbered without gaps in their period, on leaves only, reversed in red, each traced to its case.
//!
//! Handbook 06 §1.2, §1.3 E-H1 to E-H4, §3 no. 1; 02 §1.11.3 for red reversal.

use std::collections::HashSet;

use core_calendar::{Day, Month};
use core_money::Money;
use shell_store::db::Query;
use shell_store::verify_queries::*;

use super::chart::Leaves;
use super::terms::month_number;
use super::{Basis, Subject, VerifyError};
use crate::proof::{BATCH, Finding, Proof, Shown, cell};

/// Debits = credits = total.
pub static BALANCED: Subject = Subject { name: "vouchers.balanced", term: "凭证借贷平衡" };
/// Numbers without gaps in a period, and the period is that of the day.
pub static NUMBERED: Subject = Subject { name: "vouchers.numbered", term: "凭证在期间内连号" };
/// Every posting on a leaf of the chart of its day.
pub static LEAF_ONLY: Subject = Subject { name: "vouchers.leaf_only", term: "分录只记末级科目" };
/// A red voucher is the mirror of the one it names.
pub static REVERSED: Subject = Subject { name: "vouchers.reversed", term: "红字凭证与原凭证相符" };
/// Every voucher names its audit record and its case, and both are there.
pub static TRACED: Subject = Subject { name: "vouchers.traced", term: "凭证可追到业务和审计记录" };

/// Numbers of vouchers: YYYYMM and eight digits (handbook 17 §9).
const PERIOD: i64 = 100_000_000;

/// A voucher whose postings are being added up.
struct Open {
    id: i64,
    total: i64,
    debit: i128,
    credit: i128,
}

pub(super) async fn run(proof: &mut Proof<'_>, basis: Basis<'_>) -> Result<(), VerifyError> {
    let of = proof.number(COUNT_POSTINGS).await?.unsigned_abs();
    let mut banks = HashSet::new();
    for row in proof.read(BANK_LEAVES, []).await? {
        banks.insert(cell::<i64>(&row, 0)?);
    }
    let mut leaves = Leaves::new(banks);
    // Findings wait until the stream is read: it holds the snapshot.
    let (mut wrong, mut vouchers, mut postings) = (Vec::new(), 0u64, 0u64);
    let mut open: Option<Open> = None;
    let mut before: Option<(i64, i64)> = None;
    proof.tell("凭证", 0, Some(of));
    let mut stream = proof.snapshot().stream(Query::new(VOUCHER_ROWS, []), BATCH).await?;
    while let Some(rows) = stream.next().await? {
        for row in rows {
            let mut c = row.cells();
            let (id, day, period): (i64, Day, i64) = (c.next()?, c.next()?, c.next()?);
            let (_kind, total): (String, i64) = (c.next()?, c.next()?);
            let (line, account): (Option<i64>, Option<i64>) = (c.next()?, c.next()?);
            let (side, amount): (Option<String>, Option<i64>) = (c.next()?, c.next()?);
            c.end()?;
            if open.as_ref().is_none_or(|o| o.id != id) {
                wrong.extend(open.replace(Open { id, total, debit: 0, credit: 0 }).and_then(|o| o.close()));
                vouchers += 1;
                let expected = match before {
                    Some((p, last)) if p == period => last + 1,
                    _ => period * PERIOD + 1,
                };
                if id != expected {
                    wrong.push((&NUMBERED, "voucher", id.to_string(), expected.to_string(), id.to_string()));
                }
                if month_number(Month::of(day)) != period {
                    wrong.push((
                        &NUMBERED,
                        "voucher",
                        id.to_string(),
                        format!("期间 {}", month_number(Month::of(day))),
                        format!("期间 {period}"),
                    ));
                }
                before = Some((period, id));
            }
            let (Some(line), Some(account), Some(side), Some(amount)) = (line, account, side, amount) else { continue };
            postings += 1;
            if let Some(open) = &mut open {
                let sum = if side == "D" { &mut open.debit } else { &mut open.credit };
                *sum += i128::from(amount);
            }
            if !leaves.holds(basis, day, account)? {
                wrong.push((&LEAF_ONLY, "posting", format!("{id}/{line}"), "末级科目".to_owned(), account.to_string()));
            }
        }
    }
    wrong.extend(open.and_then(|o| o.close()));
    drop(stream);
    proof.tell("凭证", of, Some(of));
    for subject in [&BALANCED, &NUMBERED, &TRACED] {
        proof.compared(subject, vouchers);
    }
    proof.compared(&LEAF_ONLY, postings);
    for (subject, table, key, expected, found) in wrong {
        proof.broken(subject, table, key, expected, found);
    }
    proof.count(&REVERSED, COUNT_RED).await?;
    for (of, table, find, shown) in [
        (&BALANCED, "posting", FIND_ORPHAN_POSTINGS, Shown::Plain),
        (&REVERSED, "voucher", FIND_NOT_MIRRORED, Shown::Fen),
        (&REVERSED, "voucher", FIND_RED_OF_NOTHING, Shown::Plain),
        (&TRACED, "voucher", FIND_VOUCHER_WITHOUT_AUDIT, Shown::Plain),
        (&TRACED, "voucher", FIND_VOUCHER_WITHOUT_CASE, Shown::Plain),
        (&TRACED, "voucher", FIND_VOUCHER_OF_OTHER_CASE, Shown::Plain),
    ] {
        proof.find(&Finding { of, table, find, shown }).await?;
    }
    Ok(())
}

type Wrong = (&'static Subject, &'static str, String, String, String);

impl Open {
    /// What is wrong with its sums: all three must be one.
    fn close(self) -> Option<Wrong> {
        let total = i128::from(self.total);
        let found = format!("借 {}，贷 {}", yuan(self.debit), yuan(self.credit));
        (self.debit != total || self.credit != total).then(|| (&BALANCED, "voucher", self.id.to_string(), yuan(total), found))
    }
}

/// A sum in yuan; one too large for an amount in fen.
fn yuan(fen: i128) -> String {
    i64::try_from(fen).map_or_else(|_| format!("{fen} 分"), |fen| Money::from_fen(fen).to_string())
}
