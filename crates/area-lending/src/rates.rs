//! Rates of a loan over its life (贷款利率的调整).

use core_calendar::{Day, Month};
use core_money::Rate;

/// A rate and the day from which it is in force (利率及执行日): of the published table, or of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateStep {
    /// First day.
    pub from: Day,
    /// A year.
    pub rate: Rate,
}

/// Rates that one loan bears, each from the day it reaches the loan (handbook 05 §4.4.2, §4.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoanRates {
    first: Rate,
    /// Later rates in order of day, no two neighbours equal.
    resets: Vec<RateStep>,
}

impl LoanRates {
    /// The rate of the disbursement day (放款日利率) and the later ones, which reach the loan on 1 January: one of that day at once,
    /// another on the next. A loan of up to a year keeps its rate.
    ///
    /// None when no step is in force on the day of disbursement. Steps may come in any order.
    pub fn of(steps: &[RateStep], disbursed_on: Day, periods: u32) -> Option<LoanRates> {
        let mut steps = steps.to_vec();
        steps.sort_by_key(|step| step.from);
        let later = steps.iter().position(|step| step.from > disbursed_on).unwrap_or(steps.len());
        let first = steps[..later].last()?.rate;
        let mut rates = LoanRates { first, resets: Vec::new() };
        if periods > 12 {
            for step in &steps[later..] {
                let from = first_of_january(step.from);
                // Two changes in one year: the later one is what January finds.
                rates.resets.retain(|reset| reset.from < from);
                if rates.on(from) != step.rate {
                    rates.resets.push(RateStep { from, rate: step.rate });
                }
            }
        }
        Some(rates)
    }

    /// The rate the loan bears on a day.
    pub fn on(&self, day: Day) -> Rate {
        self.resets.iter().rev().find(|reset| reset.from <= day).map_or(self.first, |reset| reset.rate)
    }

    /// The spans of one rate each within `[from, to)`.
    pub fn spans(&self, from: Day, to: Day) -> impl Iterator<Item = (Day, Day, Rate)> + '_ {
        let cuts = self.resets.iter().map(|reset| reset.from).filter(move |cut| from < *cut && *cut < to);
        let starts = std::iter::once(from).chain(cuts.clone());
        let ends = cuts.chain(std::iter::once(to));
        starts.zip(ends).filter(|(start, end)| start < end).map(|(start, end)| (start, end, self.on(start)))
    }
}

/// This day if it is a 1 January, else the next one.
fn first_of_january(day: Day) -> Day {
    let month = Month::of(day);
    let january = Month::from_number(month.number() - (month.month() as i32 - 1));
    if january.first_day() == day { day } else { Month::from_number(january.number() + 12).first_day() }
}
