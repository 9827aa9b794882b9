//! Words that several checks use: months as numbers, the rules of a month, a running balance.

use std::collections::BTreeMap;

use core_calendar::{FundYear, Month};
use core_money::{Money, Rate, Reading, Rounding};
use core_policy::On;

use crate::{Basis, VerifyError};

/// The number `YYYYMM` of a month.
pub(super) fn month_number(month: Month) -> i64 {
    i64::from(month.year()) * 100 + i64::from(month.month())
}

/// The month of a number, none when it is no month.
pub(super) fn month(number: i64) -> Option<Month> {
    Month::ym(i32::try_from(number / 100).ok()?, u32::try_from(number % 100).ok()?)
}

/// What amounts of a month are computed by.
#[derive(Clone, Copy)]
pub(super) struct MonthRules {
    floor: Money,
    cap: Money,
    rounding: Rounding,
    reading: Reading,
}

impl MonthRules {
    /// Base applied: not below the floor, not above the cap (handbook 02 §1.4.3, §1.4.4).
    pub(super) fn applied(&self, base: i64) -> i64 {
        base.max(self.floor.fen()).min(self.cap.fen())
    }

    /// Amount of one side: base × rate, rounded (handbook 02 §1.5.6, §1.5.7); none when it fits no amount.
    pub(super) fn side(&self, base: i64, rate: i64) -> Option<i64> {
        let exact = i128::from(base) * i128::from(rate);
        self.rounding.checked_apply(self.reading, exact, i128::from(Rate::SCALE)).map(Money::fen)
    }
}

/// Rules of the months met so far.
#[derive(Default)]
pub(super) struct Rules(BTreeMap<i64, Option<MonthRules>>);

impl Rules {
    /// The rules of a month; none when the number is no month.
    pub(super) fn of(&mut self, basis: Basis<'_>, number: i64) -> Result<Option<MonthRules>, VerifyError> {
        if let Some(known) = self.0.get(&number) {
            return Ok(*known);
        }
        let rules = match month(number) {
            None => None,
            Some(month) => {
                let (policy, place) = (basis.policy, basis.place);
                let of_year = On::Month(FundYear::of_month(month).first_month());
                let on = On::Month(month);
                Some(MonthRules {
                    floor: policy.in_force("collection.base_floor", on, place)?.value,
                    cap: policy.in_force("collection.base_cap", of_year, place)?.value,
                    rounding: policy.in_force("collection.rounding", on, place)?.value,
                    reading: policy.in_force("collection.rounding_reading", on, place)?.value,
                })
            }
        };
        self.0.insert(number, rules);
        Ok(rules)
    }
}

/// Follows the entries of one account: numbers without gaps, balance after each.
#[derive(Clone, Copy, Default)]
pub(super) struct Running {
    /// Number of the last entry.
    pub(super) seq: i64,
    /// Balance that the last entry states.
    pub(super) after: i64,
    sum: i64,
}

impl Running {
    /// Takes the next entry; the number and the balance it should have had, where it has another.
    ///
    /// A wrong amount shifts every balance behind it. Only the first is named: those behind it agree with the one before them.
    pub(super) fn step(&mut self, seq: i64, amount: i64, after: i64) -> (Option<i64>, Option<i64>) {
        let number = (seq != self.seq + 1).then_some(self.seq + 1);
        let (sum, stated) = (self.sum.wrapping_add(amount), self.after.wrapping_add(amount));
        let balance = (after != sum && after != stated).then_some(sum);
        self.sum = if after == stated { stated } else { sum };
        self.seq = seq;
        self.after = after;
        (number, balance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_amount_or_balance_is_named_once() {
        let wrong = |entries: &[(i64, i64, i64)]| {
            let mut run = Running::default();
            let steps = entries.iter().map(|&(seq, amount, after)| run.step(seq, amount, after));
            steps.zip(entries).filter(|(step, _)| *step != (None, None)).map(|(step, entry)| (entry.0, step)).collect::<Vec<_>>()
        };
        assert_eq!(wrong(&[(1, 100, 100), (2, 50, 150), (3, -150, 0)]), []);
        assert_eq!(wrong(&[(1, 100, 100), (2, 51, 150), (3, 10, 160), (4, 10, 170)]), [(2, (None, Some(151)))], "amount");
        assert_eq!(wrong(&[(1, 100, 100), (2, 50, 151), (3, 10, 160), (4, 10, 170)]), [(2, (None, Some(150)))], "balance after");
        assert_eq!(wrong(&[(1, 100, 100), (3, 10, 160), (4, 10, 170)]), [(3, (Some(2), Some(110)))], "an entry taken out");
    }
}
