//! Amounts (金额) as a whole number of fen.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Amount (金额): renminbi in whole fen, negative when money goes the other way.
///
/// Written as decimal yuan with two places (`1234.56`), in JSON as a string. Sums panic on overflow rather than wrap: an amount
/// near 92 quadrillion yuan is a broken program, not a rich centre. Where the figures come from outside, use the `checked_`
/// forms.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i64);

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Anything but `[-]digits[.digits]`.
    #[error("应为十进制金额，如 1234.56")]
    NotDecimal,
    /// More than two decimals: fen are the smallest coin.
    #[error("金额至多两位小数")]
    TooManyDecimals,
    /// More than sixteen digits before the point.
    #[error("金额的整数部分至多 16 位")]
    TooLarge,
}

/// Digits before the point that N18,2 of JGJ/T 320 leaves (handbook 10, type notation).
const MOST_DIGITS: usize = 16;

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);
    /// One fen (分), the smallest amount.
    pub const FEN: Money = Money(1);
    /// The largest amount that the data standard can carry, N18,2 (handbook 10, type notation).
    pub const MAX: Money = Money(999_999_999_999_999_999);

    /// This many fen (分).
    pub const fn from_fen(fen: i64) -> Money {
        Money(fen)
    }

    /// This many whole yuan (元).
    ///
    /// Panics when the fen do not fit.
    pub const fn from_yuan(yuan: i64) -> Money {
        match yuan.checked_mul(100) {
            Some(fen) => Money(fen),
            None => panic!("amount overflows"),
        }
    }

    /// The amount in fen (分).
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// Reads decimal yuan, strictly: optional `-`, digits, optionally a point and one or two digits. No sign `+`, no separators,
    /// no exponent, no blanks; what people type is folded by the edges first.
    ///
    /// Errors: another form, more than two decimals, more than the 16 digits before the point that N18,2 holds.
    pub fn parse(text: &str) -> Result<Money, MoneyError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (yuan, decimals) = match digits.split_once('.') {
            Some((yuan, decimals)) if !decimals.is_empty() => (yuan, decimals),
            Some(_) => return Err(MoneyError::NotDecimal),
            None => (digits, ""),
        };
        if yuan.is_empty() || !yuan.bytes().chain(decimals.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(MoneyError::NotDecimal);
        }
        if decimals.len() > 2 {
            return Err(MoneyError::TooManyDecimals);
        }
        if yuan.trim_start_matches('0').len() > MOST_DIGITS {
            return Err(MoneyError::TooLarge);
        }
        let fen = yuan
            .bytes()
            .chain(decimals.bytes().chain(std::iter::repeat(b'0')).take(2))
            .fold(0_i64, |fen, b| fen * 10 + i64::from(b - b'0'));
        Ok(Money(if negative { -fen } else { fen }))
    }

    /// For people to read: `1,234.56`, and with the minus sign U+2212 `−1,234.56`.
    pub fn grouped(self) -> String {
        let (yuan, fen) = self.parts();
        let digits = yuan.to_string();
        let mut text = String::with_capacity(digits.len() * 4 / 3 + 7);
        if self.is_negative() {
            text.push('−');
        }
        for (at, digit) in digits.char_indices() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        text.push_str(&format!(".{fen:02}"));
        text
    }

    /// Without its sign.
    ///
    /// Panics on the one amount whose opposite does not fit.
    pub const fn abs(self) -> Money {
        match self.0.checked_abs() {
            Some(fen) => Money(fen),
            None => panic!("amount overflows"),
        }
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether it is below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether it is above zero.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// The sum, if it fits.
    pub const fn checked_add(self, other: Money) -> Option<Money> {
        match self.0.checked_add(other.0) {
            Some(fen) => Some(Money(fen)),
            None => None,
        }
    }

    /// The difference, if it fits.
    pub const fn checked_sub(self, other: Money) -> Option<Money> {
        match self.0.checked_sub(other.0) {
            Some(fen) => Some(Money(fen)),
            None => None,
        }
    }

    /// The opposite, if it fits.
    pub const fn checked_neg(self) -> Option<Money> {
        match self.0.checked_neg() {
            Some(fen) => Some(Money(fen)),
            None => None,
        }
    }

    /// So many times the amount, if it fits.
    pub const fn checked_mul(self, times: i64) -> Option<Money> {
        match self.0.checked_mul(times) {
            Some(fen) => Some(Money(fen)),
            None => None,
        }
    }

    /// The sum of many, if it and every partial sum fit.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Money>) -> Option<Money> {
        amounts.into_iter().try_fold(Money::ZERO, Money::checked_add)
    }

    /// Yuan and fen of the amount without its sign.
    const fn parts(self) -> (u64, u64) {
        let fen = self.0.unsigned_abs();
        (fen / 100, fen % 100)
    }
}

/// Plain decimal yuan: `1234.56`, `-0.05`. The inverse of [`Money::parse`].
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (yuan, fen) = self.parts();
        let sign = if self.is_negative() { "-" } else { "" };
        match f.width() {
            // The common case allocates nothing: lists print a million amounts.
            None => write!(f, "{sign}{yuan}.{fen:02}"),
            Some(_) => f.pad(&format!("{sign}{yuan}.{fen:02}")),
        }
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Money({self})")
    }
}

impl FromStr for Money {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Money, MoneyError> {
        Money::parse(text)
    }
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        self.checked_add(other).expect("amount overflows")
    }
}

impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        self.checked_sub(other).expect("amount overflows")
    }
}

impl Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        self.checked_neg().expect("amount overflows")
    }
}

/// So many times the amount.
impl Mul<i64> for Money {
    type Output = Money;
    fn mul(self, times: i64) -> Money {
        self.checked_mul(times).expect("amount overflows")
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        *self = *self + other;
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Money) {
        *self = *self - other;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, Add::add)
    }
}

impl<'a> Sum<&'a Money> for Money {
    fn sum<I: Iterator<Item = &'a Money>>(amounts: I) -> Money {
        amounts.copied().sum()
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Money, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Money;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an amount in yuan as a decimal string")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Money, E> {
                Money::parse(text).map_err(E::custom)
            }
        }
        // Never from a number: a JSON number has been a float somewhere on its way.
        from.deserialize_str(Text)
    }
}
