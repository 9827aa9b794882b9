//! Deposit rates (存款利率) of a day as they apply to the two layers of a member's balance.

use std::sync::Arc;

use core_calendar::Day;
use core_money::Rate;

use crate::cite::{InForce, On};
use crate::place::Place;
use crate::problem::NoRule;
use crate::set::PolicySet;
use crate::value::Table;

/// Rates a year of both layers on a day, each with its citation (handbook 03 §2.2, §2.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepositRates {
    /// Carried over (上年结转): three months before 2016-02-21.
    pub carried_over: InForce<Rate>,
    /// Current-year deposits (当年归集): demand before 2016-02-21.
    pub current_year: InForce<Rate>,
}

impl PolicySet {
    /// The rates of a day. Before 2016-02-21 they are the pair posted on that day: ask with the settlement day; since then
    /// both are the one rate: ask with the first day of each segment.
    ///
    /// Errors: nothing is recorded before 1990-04-15.
    pub fn deposit_rates(&self, on: Day, place: &Place) -> Result<DepositRates, NoRule> {
        let method = self.in_force::<Arc<str>>("collection.interest.method", On::Day(on), place)?;
        if &*method.value == "single" {
            let rate = self.in_force::<Rate>("collection.interest.single_rate", On::Day(on), place)?;
            return Ok(DepositRates { carried_over: rate.clone(), current_year: rate });
        }
        let benchmark = self.in_force::<Arc<Table>>("collection.interest.benchmark", On::Day(on), place)?;
        let of = |column: &str| {
            let row = benchmark.value.rows().next().ok_or_else(|| "没有一行".to_owned());
            let rate = row.and_then(|r| r.get::<Rate>(column));
            rate.map(|rate| benchmark.clone().map(|_| rate)).map_err(|why| NoRule::Unusable { family: benchmark.rule.clone(), why })
        };
        Ok(DepositRates { carried_over: of("three_months")?, current_year: of("demand")? })
    }
}
