//! The exact instalment (期供) of an equal-instalment loan.

use core_money::{Money, Rate, Rounding};

use crate::natural::Natural;

/// Periods a year has, for whole periods (X-C1).
pub(crate) const PERIODS_A_YEAR: i64 = 12;

/// Instalment (期供) of equal instalments before rounding: P·i·(1+i)ⁿ / ((1+i)ⁿ − 1), i a twelfth of the yearly rate, P/n without
/// interest (handbook 16 §5).
///
/// Held as a quotient of whole numbers, so that any rounding of it is right in the last fen and no digit is lost on the way.
#[derive(Clone, Debug)]
pub struct Instalment {
    /// Quotient and rest in fen.
    whole: u64,
    rest: Natural,
    divisor: Natural,
}

impl Instalment {
    /// The instalment that repays `principal` at the yearly `rate` in `periods` months.
    ///
    /// None unless principal and periods are above zero and the rate is not below it, or when the result is beyond any amount.
    pub fn of(principal: Money, rate: Rate, periods: u32) -> Option<Instalment> {
        let units = u64::try_from(rate.units()).ok()?;
        Instalment::of_factors(principal, PERIODS_A_YEAR, (0..periods).map(|_| units))
    }

    /// The instalment over periods that bear interest by their days: `days` of each in turn, out of a year of `day_base` days
    /// (handbook 16 §1, the rule of the X-F cases: instalment = P·Π(1 + f) / fn).
    ///
    /// None as for [`Instalment::of`], and without periods.
    pub fn by_days(principal: Money, rate: Rate, day_base: u32, days: &[u32]) -> Option<Instalment> {
        let units = u64::try_from(rate.units()).ok()?;
        let factors: Option<Vec<u64>> = days.iter().map(|days| units.checked_mul(u64::from(*days))).collect();
        Instalment::of_factors(principal, i64::from(day_base), factors?.into_iter())
    }

    /// Every period's factor is its units over a year's `share` of one.
    fn of_factors(principal: Money, share: i64, factors: impl Iterator<Item = u64> + Clone) -> Option<Instalment> {
        let fen = u64::try_from(principal.fen()).ok().filter(|fen| *fen > 0)?;
        let year = u64::try_from(Rate::SCALE.checked_mul(share)?).ok()?;
        // In lowest terms, so that the numbers stay short; without interest the year is one.
        let common = factors.clone().fold(year, greatest_common_divisor);
        let year = year / common;
        let mut factors = factors.map(|units| units / common).peekable();
        factors.peek()?;
        // grown = Π(1 + f) and paid = fn of the rule, both times year^n: fn_k = fn_(k−1)·(1 + f_k) + 1.
        let (mut grown, mut paid, mut power) = (Natural::one(), Natural::zero(), Natural::one());
        for units in factors {
            let growth = year.checked_add(units)?;
            grown = grown.times(growth);
            paid = paid.times(growth).plus(&power);
            power = power.times(year);
        }
        let divisor = paid.times(year);
        let (whole, rest) = grown.times(fen).divide(&divisor)?;
        Some(Instalment { whole, rest, divisor })
    }

    /// The instalment as an amount; none when it fits none.
    pub fn round(&self, rounding: Rounding) -> Option<Money> {
        // No mode asks for more than: how many tenths of a fen, and is there a rest? So tenths and a half for the rest, over
        // twentieths, round as the exact quotient does.
        let (tenths, rest) = self.rest.clone().times(10).divide(&self.divisor)?;
        let tenths = i128::from(self.whole) * 10 + i128::from(tenths);
        rounding.checked_apply(core_money::Reading::Digit, tenths * 2 + i128::from(!rest.is_zero()), 20)
    }

    /// Decimal yuan with this many places (2 to 18), the last one half up: how calculators show the exact figure.
    pub fn to_decimal(&self, places: u32) -> String {
        assert!((2..=18).contains(&places), "two to eighteen places");
        let (mut units, mut rest) = (u128::from(self.whole), self.rest.clone());
        let mut next_digit = || {
            // The rest is below the divisor, so the digit is below ten.
            let (digit, next) = rest.clone().times(10).divide(&self.divisor)?;
            rest = next;
            Some(u128::from(digit))
        };
        for _ in 2..places {
            units = units * 10 + next_digit().unwrap_or(0);
        }
        units += u128::from(next_digit() >= Some(5));
        let one = 10_u128.pow(places);
        format!("{}.{:0width$}", units / one, units % one, width = places as usize)
    }
}

fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}
