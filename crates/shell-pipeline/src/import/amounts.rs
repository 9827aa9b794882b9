//! Monthly amounts as the rules of a month make them, for the computed columns of sheets.

use core_calendar::{FundYear, Month};
use core_case::nouns::EmployerFacts;
use core_money::{Money, Rate, Reading, Rounding};
use core_policy::{On, PolicyValue};

use area_collection::terms::{applied_base, side_amount};

use crate::centre::Centre;
use crate::command::PipelineError;

/// Limits and rounding of one month (handbook 02 §1.4.6, §1.5.7).
pub(crate) struct Amounts {
    floor: Money,
    cap: Money,
    mode: (Rounding, Reading),
}

impl Amounts {
    /// Those in force in a month; the cap is the one of its fund-year.
    pub fn of(centre: &Centre, month: Month) -> Result<Amounts, PipelineError> {
        Ok(Amounts {
            floor: value(centre, "collection.base_floor", month)?,
            cap: value(centre, "collection.base_cap", FundYear::of_month(month).first_month())?,
            mode: (value(centre, "collection.rounding", month)?, value(centre, "collection.rounding_reading", month)?),
        })
    }

    /// The employer's and the member's side for a base.
    pub fn sides(&self, base: Money, rates: (Rate, Rate)) -> (Money, Money) {
        let base = self.base(base);
        (side_amount(base, rates.0, self.mode), side_amount(base, rates.1, self.mode))
    }

    /// The base as applied, within floor and cap.
    pub fn base(&self, base: Money) -> Money {
        applied_base(base, self.floor, self.cap)
    }
}

fn value<T: PolicyValue>(centre: &Centre, family: &str, month: Month) -> Result<T, PipelineError> {
    let policy = centre.policy();
    policy.in_force::<T>(family, On::Month(month), &centre.place).map(|v| v.value).map_err(|e| PipelineError::NoRule(e.to_string()))
}

/// The rates of an employer in a month, zero where it has none yet.
pub(crate) fn rates(employer: &EmployerFacts, month: Month) -> (Rate, Rate) {
    employer.rates.on(month).unwrap_or_default()
}
