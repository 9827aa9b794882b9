//! What somebody should look at again (待核对参数): unknown instruments, undecided defaults, old checks, data that runs out.

use std::sync::Arc;

use core_calendar::Day;

use crate::cite::{Rule, Selector};
use crate::place::Scope;
use crate::set::PolicySet;

/// A family and why it needs a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The family.
    pub rule: Rule,
    /// Its Chinese name.
    pub term: Arc<str>,
    /// The layer meant.
    pub scope: Scope,
    /// Why.
    pub why: Why,
}

/// Why a layer needs a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// So many steps name no instrument (文号待补); where the first of them was seen.
    UnknownInstrument {
        /// Number of such steps.
        steps: usize,
        /// Handbook section of the first.
        seen_in: Arc<str>,
    },
    /// A default of the house is in force: this body has to decide (待决定).
    Undecided {
        /// Who decides.
        decides: Arc<str>,
    },
    /// Nobody compared it with the paper for a year (超过一年未核对).
    Unchecked {
        /// Day of the last check.
        since: Day,
    },
    /// The last step ends by itself soon or has ended (即将到期): the next calendar, the next year's cap.
    RunsOut {
        /// Its last day or month.
        last: Selector,
    },
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Why::UnknownInstrument { steps, seen_in } => {
                write!(f, "文号待补 {steps} 处（{seen_in}）")
            }
            Why::Undecided { decides } => write!(f, "沿用缺省值，待{decides}决定"),
            Why::Unchecked { since } => write!(f, "{since} 之后未核对"),
            Why::RunsOut { last } => write!(f, "规定到 {last} 为止，尚无后续"),
        }
    }
}

impl PolicySet {
    /// Everything that needs a look on this day, in order of families.
    pub fn stale(&self, today: Day) -> Vec<Stale> {
        const YEAR: i32 = 365;
        const NOTICE: i32 = 60;
        let mut found = Vec::new();
        for family in self.families() {
            let narrowest = family.layers.last().map(|l| &l.scope);
            for layer in &family.layers {
                let mut push =
                    |why| found.push(Stale { rule: family.rule.clone(), term: family.term.clone(), scope: layer.scope.clone(), why });
                let unknown: Vec<_> = layer.steps.iter().filter(|s| s.under.is_unknown()).collect();
                if let Some(seen_in) = unknown.first().and_then(|s| s.under.seen_in.clone()) {
                    push(Why::UnknownInstrument { steps: unknown.len(), seen_in });
                }
                // A default over which something narrower stands has been decided.
                if let Some(decides) =
                    family.decides.clone().filter(|_| Some(&layer.scope) == narrowest && !matches!(layer.scope, Scope::Centre(_)))
                {
                    push(Why::Undecided { decides });
                }
                if layer.checked + YEAR < today {
                    push(Why::Unchecked { since: layer.checked });
                }
                let last = layer.steps.last().and_then(|s| s.until);
                let day = last.map(|l| match l {
                    Selector::Day(day) => day,
                    Selector::Month(month) => month.last_day(),
                    Selector::Always => today,
                });
                if let Some(last) = last.filter(|_| day.is_some_and(|d| d < today + NOTICE)) {
                    push(Why::RunsOut { last });
                }
            }
        }
        found
    }
}
