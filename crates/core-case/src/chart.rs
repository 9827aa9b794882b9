//! Which accounts of the chart (会计科目) may be posted to by hand: leaves only (handbook 06 §1.2), from the policy tables of the day.
//!
//! The tables name every account but the leaves of bank accounts, which are data of a centre (handbook 06 §1.2.1); below the
//! accounts of [`BANK_PARENTS`] any seven-digit code is taken for one, and the store refuses one that no bank account has.

use core_ledger::LedgerCode;
use core_policy::Table;

/// Accounts whose leaves are one per bank account.
pub const BANK_PARENTS: [LedgerCode; 6] = [
    LedgerCode::of(10_101),
    LedgerCode::of(10_102),
    LedgerCode::of(10_201),
    LedgerCode::of(10_202),
    LedgerCode::of(12_101),
    LedgerCode::of(12_201),
];

/// Whether the account exists in these tables (a column `code` each) and nothing lies below it.
pub fn is_leaf(code: LedgerCode, tables: &[&Table]) -> bool {
    if code.parent().is_some_and(|parent| BANK_PARENTS.contains(&parent)) {
        return true;
    }
    let codes = || tables.iter().flat_map(|t| t.rows()).filter_map(|row| row.get::<String>("code").ok()?.parse::<LedgerCode>().ok());
    codes().any(|known| known == code) && !BANK_PARENTS.contains(&code) && !codes().any(|known| known != code && known.within(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_calendar::Day;
    use core_policy::{On, Place, PolicySet};

    #[test]
    fn leaves_of_the_shipped_chart_and_of_bank_accounts_may_be_posted_to() {
        let day = On::Day(Day::parse("2026-11-24").unwrap());
        let table = |family| PolicySet::shipped().in_force::<std::sync::Arc<Table>>(family, day, &Place::default()).unwrap().value;
        let tables = [table("accounting.chart.first_level"), table("accounting.chart.sub_accounts"), table("accounting.chart.bonds")];
        let tables: Vec<&Table> = tables.iter().map(|t| &**t).collect();
        for (code, leaf) in [
            ("201", true),
            ("2190402", true),
            ("40104", true),
            ("12403", true),
            ("1010101", true),
            ("10101", false),
            ("101", false),
            ("21904", false),
            ("2190409", false),
            ("999", false),
        ] {
            assert_eq!(is_leaf(code.parse().unwrap(), &tables), leaf, "{code}");
        }
    }
}
