//! Rates (比例、利率) in ten-millionths of one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Fraction, Money};

/// Rate (比例、利率): contribution rate, interest a year, share; in ten-millionths of one, so 1.50 % is 150,000.
///
/// The grain is that of field type N8,7 (handbook 10, type notation). Written in percent without trailing zeros (`1.5`), in JSON
/// as a string.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rate(i64);

/// Why a text is no rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// Anything but `digits[.digits]`.
    #[error("应为百分数，如 1.50，不带 %")]
    NotDecimal,
    /// More than five decimals of a percent.
    #[error("百分数至多五位小数")]
    TooManyDecimals,
    /// 1000 % and more, which N8,7 cannot carry.
    #[error("百分数应小于 1000")]
    TooLarge,
}

impl Rate {
    /// Units in one: the scale of the whole number inside.
    pub const SCALE: i64 = 10_000_000;
    /// Units in one per cent.
    const PERCENT: i64 = Rate::SCALE / 100;
    /// Nothing.
    pub const ZERO: Rate = Rate(0);

    /// This many ten-millionths of one.
    pub const fn from_units(units: i64) -> Rate {
        Rate(units)
    }

    /// This many whole per cent.
    pub const fn from_percent(percent: i32) -> Rate {
        Rate(percent as i64 * Rate::PERCENT)
    }

    /// The rate in ten-millionths of one.
    pub const fn units(self) -> i64 {
        self.0
    }

    /// Whether it is a whole number of per cent; contribution rates have to be (handbook 17 §1).
    pub const fn is_whole_percent(self) -> bool {
        self.0 % Rate::PERCENT == 0
    }

    /// Reads percent without its sign: `7`, `1.50`, `0.05`. Strictly: digits, optionally a point and one to five digits.
    ///
    /// Errors: another form (a minus too: no rate of the fund is below zero), more than five decimals, 1000 % or more.
    pub fn parse(text: &str) -> Result<Rate, RateError> {
        let (whole, decimals) = match text.split_once('.') {
            Some((whole, decimals)) if !decimals.is_empty() => (whole, decimals),
            Some(_) => return Err(RateError::NotDecimal),
            None => (text, ""),
        };
        if whole.is_empty() || !whole.bytes().chain(decimals.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(RateError::NotDecimal);
        }
        if decimals.len() > 5 {
            return Err(RateError::TooManyDecimals);
        }
        if whole.trim_start_matches('0').len() > 3 {
            return Err(RateError::TooLarge);
        }
        let digits = whole.bytes().chain(decimals.bytes().chain(std::iter::repeat(b'0')).take(5));
        Ok(Rate(digits.fold(0, |units, b| units * 10 + i64::from(b - b'0'))))
    }

    /// This share of the amount, exactly; a named rounding makes it an amount again.
    pub fn of(self, amount: Money) -> Fraction {
        Fraction::new(i128::from(amount.fen()) * i128::from(self.0), i128::from(Rate::SCALE))
    }

    /// This many times the rate, if it fits: a penalty rate is one and a half times the rate of the contract.
    pub const fn checked_mul(self, numer: i64, denom: i64) -> Option<Rate> {
        match self.0.checked_mul(numer) {
            Some(units) if denom != 0 && units % denom == 0 => Some(Rate(units / denom)),
            _ => None,
        }
    }
}

/// Percent without its sign and without trailing zeros: `7`, `1.5`.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (units, percent) = (self.0.unsigned_abs(), Rate::PERCENT.unsigned_abs());
        let sign = if self.0 < 0 { "-" } else { "" };
        let decimals = format!("{:05}", units % percent);
        let decimals = decimals.trim_end_matches('0');
        let point = if decimals.is_empty() { "" } else { "." };
        f.pad(&format!("{sign}{}{point}{decimals}", units / percent))
    }
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rate({self} %)")
    }
}

impl FromStr for Rate {
    type Err = RateError;
    fn from_str(text: &str) -> Result<Rate, RateError> {
        Rate::parse(text)
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Rate, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Rate;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a rate in percent as a decimal string")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Rate, E> {
                Rate::parse(text).map_err(E::custom)
            }
        }
        from.deserialize_str(Text)
    }
}
