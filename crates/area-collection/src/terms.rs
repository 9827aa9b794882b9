//! Words of collection: base applied, monthly amount of a side, a person's line of a list.

use core_money::{Money, Rate, Rounding};

/// Scale of a rate: ten-millionths of one.
const RATE_SCALE: i128 = 10_000_000;

/// Monthly amount (月缴存额) of one side: base × rate, rounded by the named mode; sides are added after rounding
/// (handbook 02 §1.5.6, §1.5.7).
pub fn side_amount(base: Money, rate: Rate, rounding: Rounding) -> Money {
    rounding.apply(i128::from(base.fen()) * i128::from(rate.units()), RATE_SCALE)
}

/// Base applied (缴存基数) in a month: not below the floor of the month, not above the cap of the fund-year
/// (handbook 02 §1.4.6; handbook 17 §1).
pub fn applied_base(base: Money, floor: Money, cap: Money) -> Money {
    base.max(floor).min(cap)
}
