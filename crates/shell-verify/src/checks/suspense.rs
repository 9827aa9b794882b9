//! Suspense (未分摊) of employers against 2190402, and its entries: numbered, running, the last one the balance, each with its voucher.
//!
//! Handbook 06 §3 no. 2 and 6.

use core_money::Money;
use shell_store::db::{DbError, Query};
use shell_store::verify_queries::*;

use super::Subject;
use super::ledger::{SUSPENSE, balance};
use super::terms::Running;
use crate::proof::{BATCH, Finding, Proof, Shown};

/// Employers' suspense = ledger 2190402.
pub static LEDGER: Subject = Subject { name: "suspense.equal_ledger", term: "单位未分摊合计与科目 2190402 相符" };
/// Entries of an employer are numbered 1, 2, 3 …
pub static SEQUENCE: Subject = Subject { name: "suspense.sequence", term: "未分摊明细连号" };
/// Balance after each entry.
pub static RUNNING: Subject = Subject { name: "suspense.running_balance", term: "未分摊明细逐笔余额相符" };
/// The balance is that of the last entry.
pub static LAST: Subject = Subject { name: "suspense.last_entry", term: "未分摊余额与最后一笔明细相符" };
/// A voucher's lines of 2190402 = the suspense entries it carries.
pub static VOUCHERS: Subject = Subject { name: "suspense.vouchers", term: "未分摊明细与凭证相符" };

/// An employer whose entries are being followed.
#[derive(Default)]
struct Open {
    employer: i64,
    suspense: i64,
    last_seq: i64,
    run: Running,
}

type Wrong = (&'static Subject, &'static str, String, String, String);

pub(super) async fn run(proof: &mut Proof<'_>) -> Result<(), DbError> {
    let kept = proof.number(SUSPENSE_TOTAL).await?;
    let ledger = balance(proof, SUSPENSE).await?;
    proof.same(&LEDGER, "employer_money", SUSPENSE, ledger, Money::from_fen(kept));

    let (mut wrong, mut employers, mut entries) = (Vec::<Wrong>::new(), 0u64, 0u64);
    let mut open: Option<Open> = None;
    let mut stream = proof.snapshot().stream(Query::new(SUSPENSE_ROWS, []), BATCH).await?;
    while let Some(rows) = stream.next().await? {
        for row in rows {
            let mut c = row.cells();
            let (employer, suspense, last_seq): (i64, i64, i64) = (c.next()?, c.next()?, c.next()?);
            let (seq, amount, after): (Option<i64>, Option<i64>, Option<i64>) = (c.next()?, c.next()?, c.next()?);
            c.end()?;
            if open.as_ref().is_none_or(|o| o.employer != employer) {
                employers += 1;
                wrong.extend(open.replace(Open { employer, suspense, last_seq, ..Open::default() }).and_then(Open::close));
            }
            let (Some(open), Some(seq), Some(amount), Some(after)) = (&mut open, seq, amount, after) else { continue };
            entries += 1;
            open.entry(seq, amount, after, &mut wrong);
        }
    }
    wrong.extend(open.and_then(Open::close));
    drop(stream);
    for subject in [&SEQUENCE, &RUNNING, &VOUCHERS] {
        proof.compared(subject, entries);
    }
    proof.compared(&LAST, employers);
    for (subject, table, key, expected, found) in wrong {
        proof.broken(subject, table, key, expected, found);
    }
    proof.find(&Finding { of: &SEQUENCE, table: "suspense_entry", find: FIND_SUSPENSE_OF_NOBODY, shown: Shown::Plain }).await?;
    proof.find(&Finding { of: &VOUCHERS, table: "voucher", find: FIND_SUSPENSE_VOUCHERS, shown: Shown::Fen }).await
}

impl Open {
    fn entry(&mut self, seq: i64, amount: i64, after: i64, wrong: &mut Vec<Wrong>) {
        let key = || format!("{}/{seq}", self.employer);
        let (number, balance) = self.run.step(seq, amount, after);
        if let Some(expected) = number {
            wrong.push((&SEQUENCE, "suspense_entry", key(), expected.to_string(), seq.to_string()));
        }
        if let Some(expected) = balance {
            wrong.push((&RUNNING, "suspense_entry", key(), Money::from_fen(expected).to_string(), Money::from_fen(after).to_string()));
        }
    }

    fn close(self) -> Option<Wrong> {
        let expected = format!("{}，第 {} 笔后", Money::from_fen(self.run.after), self.run.seq);
        let found = format!("{}，第 {} 笔后", Money::from_fen(self.suspense), self.last_seq);
        (expected != found).then(|| (&LAST, "employer_money", self.employer.to_string(), expected, found))
    }
}
