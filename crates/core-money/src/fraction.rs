//! Exact results between two amounts.

use std::ops::Add;

use crate::{Money, Reading, Rounding};

/// Exact amount (未取整金额): a fraction of fen, kept until a named rounding makes it an amount.
///
/// The denominator is above zero; fractions are not reduced, since a few multiplications of amounts, rates and days stay far
/// inside 128 bits. The operations panic with a message where they would not.
#[derive(Clone, Copy, Debug)]
pub struct Fraction {
    numer: i128,
    denom: i128,
}

impl Fraction {
    /// `numer / denom` fen.
    ///
    /// Panics unless the denominator is above zero: it is a constant of the formula, never input.
    pub const fn new(numer: i128, denom: i128) -> Fraction {
        assert!(denom > 0, "denominator of an exact amount must be above zero");
        Fraction { numer, denom }
    }

    /// The numerator, in fen.
    pub const fn numer(self) -> i128 {
        self.numer
    }

    /// The denominator, above zero.
    pub const fn denom(self) -> i128 {
        self.denom
    }

    /// So many times as much: days, months, people.
    pub fn times(self, n: i128) -> Fraction {
        Fraction { numer: self.numer.checked_mul(n).expect("exact amount overflows"), denom: self.denom }
    }

    /// Divided: by 12 for a month of a yearly rate, by 360 for a day.
    ///
    /// Panics unless the divisor is above zero.
    pub fn over(self, n: i128) -> Fraction {
        Fraction::new(self.numer, self.denom.checked_mul(n).expect("exact amount overflows"))
    }

    /// The amount under a named rounding, digit reading.
    pub fn round(self, rounding: Rounding) -> Money {
        rounding.apply(self.numer, self.denom)
    }

    /// The amount under a named rounding, where it matters in the ceiling reading.
    pub fn round_in(self, rounding: Rounding, reading: Reading) -> Money {
        rounding.apply_in(reading, self.numer, self.denom)
    }

    /// Decimal yuan with this many places (2 to 18), the last one half up: how unrounded interest is shown.
    pub fn to_decimal(self, places: u32) -> String {
        assert!((2..=18).contains(&places), "two to eighteen places");
        let scaled = self.numer.unsigned_abs().checked_mul(10_u128.pow(places - 2)).expect("exact amount overflows");
        let denom = self.denom.unsigned_abs();
        let units = scaled / denom + u128::from(scaled % denom >= denom.div_ceil(2));
        let one = 10_u128.pow(places);
        let sign = if self.numer < 0 && units > 0 { "-" } else { "" };
        format!("{sign}{}.{:0width$}", units / one, units % one, width = places as usize)
    }
}

/// The exact sum.
impl Add for Fraction {
    type Output = Fraction;
    fn add(self, other: Fraction) -> Fraction {
        if self.denom == other.denom {
            return Fraction { numer: self.numer.checked_add(other.numer).expect("exact amount overflows"), denom: self.denom };
        }
        let cross = |a: i128, b: i128| a.checked_mul(b).expect("exact amount overflows");
        Fraction {
            numer: cross(self.numer, other.denom).checked_add(cross(other.numer, self.denom)).expect("exact amount overflows"),
            denom: cross(self.denom, other.denom),
        }
    }
}

impl From<Money> for Fraction {
    fn from(amount: Money) -> Fraction {
        Fraction { numer: i128::from(amount.fen()), denom: 1 }
    }
}
