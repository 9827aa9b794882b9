//! Many rows as one command (批量): each row is the form of a single action, with the rules of its own month, and none stands twice.
//!
//! An import by Excel is a struct with a `Vec` of such forms: it declares its rules by [`rules_of_rows!`](crate::rules_of_rows),
//! calls the check of the single action for each row, and asks [`Twice`] about the keys that may stand once.

use std::collections::{BTreeSet, HashMap};

use core_case::action::{Bound, Looks, RuleDecl, Selects};
use core_case::form::Field;
use core_case::prelude::*;
use core_case::refusal::Because;
use core_case::{NoRule, On, Place, PolicySet};

/// A form that may be a row of a file.
pub(crate) trait Row: Bound {
    /// The month that picks its rules; none where the legal day picks all of them.
    fn month(&self) -> Option<Month>;
}

/// The rules of the rows, by their months.
#[derive(Debug)]
pub struct RowRules<R> {
    /// There is a row, and none stands twice.
    pub(crate) once: Holds,
    /// The month of a row has rules.
    known: Holds,
    months: HashMap<Option<Month>, R>,
}

const ONCE: &str = "case.row_once";
const KNOWN: &str = "case.row_month_known";

impl<R> RowRules<R> {
    /// Looks up the rules of each month once; a month that has none is the fault of its rows, not of the file.
    pub(crate) fn look<A: Row<Rules = R>>(rows: &[A], at: &At, policy: &PolicySet, place: &Place) -> Result<RowRules<R>, NoRule> {
        let (mut months, mut unknown) = (HashMap::new(), BTreeSet::new());
        for row in rows {
            let month = row.month();
            if months.contains_key(&month) || unknown.contains(&month) {
                continue;
            }
            match Bound::rules(row, at, policy, place) {
                Ok(rules) => drop(months.insert(month, rules)),
                Err(_) if month.is_some() => {
                    unknown.insert(month);
                }
                Err(e) => return Err(e),
            }
        }
        let of_file = |family| policy.in_force(family, On::Day(at.accepted), place);
        Ok(RowRules { once: of_file(ONCE)?, known: of_file(KNOWN)?, months })
    }

    /// The rules of every row, where no month picks them; none only without rows.
    pub(crate) fn of_all(&self) -> Option<&R> {
        self.months.get(&None)
    }

    /// The rules of a row; a month without rules is refused at `field`.
    pub(crate) fn of(&self, month: Month, because: &'static Because, field: Field, no: &mut Checks) -> Option<&R> {
        let rules = self.months.get(&Some(month));
        no.need(rules.is_some(), &self.known, because).at(field).found(month).tell("核对年月，或先在参数页补上该月的规定");
        rules
    }
}

/// The declarations of a file: its own and those of a row.
pub(crate) const fn declare<const N: usize>(of_a_row: &[RuleDecl]) -> [RuleDecl; N] {
    let once = RuleDecl { name: "once", family: ONCE, by: Selects::Day, fits: <Holds as Looks>::fits };
    let mut all = [once; N];
    all[1] = RuleDecl { name: "known", family: KNOWN, by: Selects::Day, fits: <Holds as Looks>::fits };
    let mut i = 0;
    while i < of_a_row.len() {
        all[i + 2] = of_a_row[i];
        i += 1;
    }
    all
}

/// Declares the rules of an import whose `lines` are rows of another form.
#[macro_export]
macro_rules! rules_of_rows {
    ($import:ident, $row:ident) => {
        /// The rules of the rows, by their months.
        pub type Rules = $crate::rows::RowRules<<$row as core_case::action::Bound>::Rules>;

        impl core_case::action::Bound for $import {
            type Rules = Rules;
            const RULES: &'static [core_case::action::RuleDecl] = &$crate::rows::declare::<
                { <$row as core_case::action::Bound>::RULES.len() + 2 },
            >(<$row as core_case::action::Bound>::RULES);
            fn rules(&self, at: &At, policy: &core_case::PolicySet, place: &core_case::Place) -> Result<Rules, core_case::NoRule> {
                $crate::rows::RowRules::look(&self.lines, at, policy, place)
            }
        }
    };
}

/// Keys met so far in a column, with their rows.
#[derive(Default)]
pub(crate) struct Twice(HashMap<String, usize>);

impl Twice {
    /// Refuses row `i` when an earlier one has the same key.
    pub(crate) fn once(&mut self, key: &str, i: usize, rule: &Holds, because: &'static Because, field: Field, no: &mut Checks) {
        let before = self.0.insert(key.to_owned(), i);
        no.need(before.is_none(), rule, because)
            .at(field)
            .found(before.map_or(String::new(), |b| format!("与第 {} 行相同", b + 1)))
            .tell("保留一行");
    }
}
