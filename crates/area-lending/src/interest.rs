//! Interest of a period, of broken days, and penalty interest, all exact until somebody names a rounding.

use core_money::{Fraction, Money, Rate};

use crate::instalment::PERIODS_A_YEAR;

/// Interest of a whole period (一期利息): a twelfth of the yearly rate on the balance before it (X-C1), whatever its days.
pub fn period_interest(balance: Money, rate: Rate) -> Fraction {
    rate.of(balance).over(i128::from(PERIODS_A_YEAR))
}

/// Interest by days (按天计息): days over a day base, 360 for broken days (X-C3): a first period that is no whole month (X-B8), a
/// payoff between two due days (X-B6).
pub fn days_interest(balance: Money, rate: Rate, days: u32, day_base: u32) -> Fraction {
    rate.of(balance).times(i128::from(days)).over(i128::from(day_base))
}

/// Penalty interest (罚息): the rate of the contract times the multiple, on what is overdue, for the days late (X-B7; handbook 17
/// §14). The multiple is a rate itself: 150 % for one and a half times. Penalty bears no penalty.
pub fn penalty_interest(overdue: Money, rate: Rate, multiple: Rate, days: u32, day_base: u32) -> Fraction {
    let daily = rate.of(overdue).times(i128::from(multiple.units())).over(i128::from(Rate::SCALE));
    daily.times(i128::from(days)).over(i128::from(day_base))
}
