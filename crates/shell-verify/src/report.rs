//! What the proof says: how much was compared, and what does not hold.

use serde::Serialize;

/// The report (核对报告), as `anju verify --json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Every check, whether it found something or not, in the order of [`crate::checks::ALL`].
    pub checks: Vec<Check>,
    /// What does not hold, check by check; at most [`Report::KEPT`] of each.
    pub breaks: Vec<Break>,
}

/// One check (核对项).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Its name, see [`crate::checks::ALL`].
    pub name: &'static str,
    /// Rows, sums or documents that were compared.
    pub compared: u64,
    /// Whether all of them hold.
    pub ok: bool,
}

/// One row or sum that does not hold (不符).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Break {
    /// Name of the check.
    pub check: &'static str,
    /// Table of the row.
    pub table: &'static str,
    /// Key of the row, its parts joined by `/`.
    pub key: String,
    /// What the proof computed; amounts in yuan.
    pub expected: String,
    /// What is stored.
    pub found: String,
}

impl Report {
    /// The most breaks of one check that a report keeps; a wholly spoiled table needs no longer list.
    pub const KEPT: usize = 1_000;

    /// Whether everything holds.
    pub fn holds(&self) -> bool {
        self.checks.iter().all(|c| c.ok)
    }

    /// Rows, sums and documents compared in all.
    pub fn compared(&self) -> u64 {
        self.checks.iter().map(|c| c.compared).sum()
    }
}
