//! Which accounts may be posted to on a day (末级科目), from the policy tables of that day and the bank accounts' own leaves.

use std::collections::HashSet;
use std::sync::Arc;

use core_calendar::Day;
use core_policy::{On, Table};

use crate::{Basis, VerifyError};

/// The tables that name accounts.
const TABLES: [&str; 3] = ["accounting.chart.first_level", "accounting.chart.sub_accounts", "accounting.chart.bonds"];
/// Accounts whose leaves are those of bank accounts and nothing else (handbook 06 §1.2.1).
const BANK_PARENTS: [&str; 6] = ["10101", "10102", "10201", "10202", "12101", "12201"];

/// Leaves of one day after the other; rows come by day, so the last one is kept.
pub(super) struct Leaves {
    banks: HashSet<i64>,
    day: Option<Day>,
    leaves: HashSet<i64>,
}

impl Leaves {
    pub(super) fn new(banks: HashSet<i64>) -> Leaves {
        Leaves { banks, day: None, leaves: HashSet::new() }
    }

    /// Whether the account is a leaf on this day.
    pub(super) fn holds(&mut self, basis: Basis<'_>, day: Day, account: i64) -> Result<bool, VerifyError> {
        if self.day != Some(day) {
            self.leaves = leaves(basis, day)?;
            self.day = Some(day);
        }
        Ok(self.leaves.contains(&account) || self.banks.contains(&account))
    }
}

fn leaves(basis: Basis<'_>, day: Day) -> Result<HashSet<i64>, VerifyError> {
    let mut codes: Vec<String> = Vec::new();
    for family in TABLES {
        let table = basis.policy.in_force::<Arc<Table>>(family, On::Day(day), basis.place)?.value;
        codes.extend(table.rows().filter_map(|row| row.get::<String>("code").ok()));
    }
    // Codes grow by two digits a level, so whatever begins with a code lies below it.
    let above: HashSet<&str> = codes.iter().filter_map(|c| c.get(..c.len().saturating_sub(2))).chain(BANK_PARENTS).collect();
    let leaf = |code: &&String| !above.contains(code.as_str());
    Ok(codes.iter().filter(leaf).filter_map(|code| code.parse().ok()).collect())
}
