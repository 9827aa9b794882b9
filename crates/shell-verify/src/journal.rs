//! The vouchers as a journal of hledger (明细账导出): another program adds up what we added up.
//!
//! Accounts are written by level with number and name, `101 住房公积金存款:10101 活期存款:1010101 …`, because vouchers show the
//! name, never the number alone (handbook 06 §1.1). Debits are positive, credits negative; red vouchers are negative on the same
//! side, as in our books. Left out: members, who have no account of their own in the ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::Arc;

use core_calendar::Day;
use core_money::Money;
use core_policy::{On, Table};
use shell_store::Store;
use shell_store::db::{Query, Row};
use shell_store::verify_queries::{ACCOUNT_TOTALS, JOURNAL_BANKS, JOURNAL_ROWS, LAST_DAY};

use crate::{Basis, VerifyError};

/// Rows read at once.
const BATCH: usize = 2_048;
/// 人民币.
const COMMODITY: &str = "CNY";

/// What was written (导出结果).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Journal {
    /// Vouchers.
    pub vouchers: u64,
    /// Postings.
    pub postings: u64,
}

/// A posting on its way into the journal.
struct Line {
    voucher: i64,
    day: Day,
    entry: String,
    term: String,
    red: bool,
    reverses: Option<i64>,
    case: i64,
    account: i64,
    amount: i64,
    employer: Option<i64>,
    receipt: Option<i64>,
}

/// Writes a journal of all vouchers (导出 hledger 账簿) that `hledger check --strict` accepts; streamed, over one snapshot.
///
/// # Errors
/// When the database or the policy does not answer, or the journal cannot be written.
pub async fn export_journal(store: &Store, basis: Basis<'_>, to: &mut (dyn Write + Send)) -> Result<Journal, VerifyError> {
    let mut snapshot = store.db.snapshot().await?;
    let last: Option<Day> = match snapshot.read(Query::new(LAST_DAY, [])).await?.first() {
        Some(row) => row.get(0)?,
        None => None,
    };
    let mut names = match last {
        Some(day) => names(basis, day)?,
        None => BTreeMap::new(),
    };
    for row in snapshot.read(Query::new(JOURNAL_BANKS, [])).await? {
        let (leaf, bank, name): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        names.insert(leaf.to_string(), clean(&format!("{bank} {name}")));
    }
    let mut used = BTreeSet::new();
    for row in snapshot.read(Query::new(ACCOUNT_TOTALS, [])).await? {
        used.insert(row.get::<i64>(0)?.to_string());
    }
    writeln!(to, "; 住房公积金凭证。借方为正，贷方为负；红字凭证与原凭证同方向、金额为负。")?;
    writeln!(to, "commodity {COMMODITY} 1000.00")?;
    for code in &used {
        writeln!(to, "account {}", path(code, &names))?;
    }
    let mut written = Journal { vouchers: 0, postings: 0 };
    let mut voucher = None;
    let mut stream = snapshot.stream(Query::new(JOURNAL_ROWS, []), BATCH).await?;
    while let Some(rows) = stream.next().await? {
        for row in rows {
            let line = line(row)?;
            if voucher.replace(line.voucher) != Some(line.voucher) {
                head(to, &line)?;
                written.vouchers += 1;
            }
            posting(to, &line, &names)?;
            written.postings += 1;
        }
    }
    to.flush()?;
    Ok(written)
}

fn line(row: Row) -> Result<Line, VerifyError> {
    let mut c = row.cells();
    let (voucher, day, entry, term): (i64, Day, String, String) = (c.next()?, c.next()?, c.next()?, c.next()?);
    let (kind, reverses, case): (String, Option<i64>, i64) = (c.next()?, c.next()?, c.next()?);
    let (account, side, amount): (i64, String, i64) = (c.next()?, c.next()?, c.next()?);
    let (employer, receipt) = (c.next()?, c.next()?);
    c.end()?;
    let amount = if side == "D" { amount } else { -amount };
    Ok(Line { voucher, day, entry, term, red: kind == "red", reverses, case, account, amount, employer, receipt })
}

fn head(to: &mut dyn Write, line: &Line) -> std::io::Result<()> {
    let red = if line.red { "（红字）" } else { "" };
    write!(to, "\n{} * ({}) {}{red}  ; entry: {}, case: {:015}", line.day, line.voucher, clean(&line.term), line.entry, line.case)?;
    match line.reverses {
        Some(voucher) => writeln!(to, ", reverses: {voucher}"),
        None => writeln!(to),
    }
}

fn posting(to: &mut dyn Write, line: &Line, names: &BTreeMap<String, String>) -> std::io::Result<()> {
    write!(to, "    {}  {COMMODITY} {}", path(&line.account.to_string(), names), plain(line.amount))?;
    match (line.employer, line.receipt) {
        (Some(employer), _) => writeln!(to, "  ; employer: {employer}"),
        (None, Some(receipt)) => writeln!(to, "  ; receipt: {receipt}"),
        (None, None) => writeln!(to),
    }
}

/// Names of the chart of a day, by code.
fn names(basis: Basis<'_>, day: Day) -> Result<BTreeMap<String, String>, VerifyError> {
    let mut names = BTreeMap::new();
    for family in ["accounting.chart.first_level", "accounting.chart.sub_accounts", "accounting.chart.bonds"] {
        let table = basis.policy.in_force::<Arc<Table>>(family, On::Day(day), basis.place)?.value;
        for row in table.rows() {
            if let (Ok(code), Ok(name)) = (row.get::<String>("code"), row.get::<String>("name")) {
                names.insert(code, clean(&name));
            }
        }
    }
    Ok(names)
}

/// An account by its levels, each with number and name.
fn path(code: &str, names: &BTreeMap<String, String>) -> String {
    let levels = [3, 5, 7].into_iter().filter_map(|digits| code.get(..digits));
    let named = levels.map(|level| match names.get(level) {
        Some(name) => format!("{level} {name}"),
        None => level.to_owned(),
    });
    named.collect::<Vec<_>>().join(":")
}

/// A name without what means something to hledger: colons part levels, two spaces end an account, a semicolon begins a comment.
fn clean(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if matches!(c, ':' | ';' | '|' | '(' | ')' | '[' | ']') || c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An amount with a point and two decimals.
fn plain(fen: i64) -> String {
    Money::from_fen(fen).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_written_by_level_and_names_cannot_break_the_journal() {
        let names = [("101", "住房公积金存款"), ("10101", "活期存款"), ("1010101", "建行")].map(|(c, n)| (c.to_owned(), n.to_owned()));
        let names = BTreeMap::from(names);
        assert_eq!(path("1010101", &names), "101 住房公积金存款:10101 活期存款:1010101 建行");
        assert_eq!(path("2190402", &names), "219:21904:2190402");
        assert_eq!(clean("建行:一  支行;(旧)\n"), "建行 一 支行 旧");
        assert_eq!(plain(-123_456_705), "-1234567.05");
    }
}
