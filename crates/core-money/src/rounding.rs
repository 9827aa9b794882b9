//! Rounding modes (取整方式) by name: none is implicit.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Money;

/// Rounding mode (取整方式): the ten that the cores in production know (handbook 17 §2).
///
/// All work on the exact result, and on its size: a negative amount rounds as its positive twin does, so that a reversal is the
/// exact opposite of what it reverses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// To whole yuan, 0.50 up (四舍五入到元), `half_up_yuan`: the sample centre's rule for the monthly amount.
    HalfUpYuan,
    /// To 0.10, 0.05 up (四舍五入到角), `half_up_jiao`.
    HalfUpJiao,
    /// To 0.01, 0.005 up (四舍五入到分), `half_up_fen`: interest and instalments.
    HalfUpFen,
    /// Everything below the yuan dropped (舍去到元), `cut_yuan`.
    CutYuan,
    /// Everything below the jiao dropped (舍去到角), `cut_jiao`.
    CutJiao,
    /// Everything below the fen dropped (舍去到分), `cut_fen`.
    CutFen,
    /// A jiao raises the yuan (见角进元), `jiao_up_to_yuan`.
    JiaoUpToYuan,
    /// A fen raises the jiao (见分进角), `fen_up_to_jiao`.
    FenUpToJiao,
    /// A jiao or a fen raises the yuan (见角分进元), `jiao_fen_up_to_yuan`.
    JiaoFenUpToYuan,
    /// Anything below the fen raises it (见厘进分), `li_up_to_fen`; in both readings.
    LiUpToFen,
}

/// Reading of the modes that raise (取整口径): cores in production disagree about smaller digits (handbook 17 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Reading {
    /// Digit reading (按位), `digit`: only the digits in the mode's name count, smaller ones are dropped. The default, as the
    /// names say.
    #[default]
    Digit,
    /// Ceiling reading (有余即进), `ceiling`: any remainder counts.
    Ceiling,
}

impl Rounding {
    /// All ten, in the handbook's order.
    pub const ALL: [Rounding; 10] = [
        Rounding::HalfUpYuan,
        Rounding::HalfUpJiao,
        Rounding::HalfUpFen,
        Rounding::CutYuan,
        Rounding::CutJiao,
        Rounding::CutFen,
        Rounding::JiaoUpToYuan,
        Rounding::FenUpToJiao,
        Rounding::JiaoFenUpToYuan,
        Rounding::LiUpToFen,
    ];

    /// The mode of this key.
    pub fn from_key(key: &str) -> Option<Rounding> {
        Rounding::ALL.into_iter().find(|mode| mode.key() == key)
    }

    /// Key in policy files, commands and JSON.
    pub const fn key(self) -> &'static str {
        match self {
            Rounding::HalfUpYuan => "half_up_yuan",
            Rounding::HalfUpJiao => "half_up_jiao",
            Rounding::HalfUpFen => "half_up_fen",
            Rounding::CutYuan => "cut_yuan",
            Rounding::CutJiao => "cut_jiao",
            Rounding::CutFen => "cut_fen",
            Rounding::JiaoUpToYuan => "jiao_up_to_yuan",
            Rounding::FenUpToJiao => "fen_up_to_jiao",
            Rounding::JiaoFenUpToYuan => "jiao_fen_up_to_yuan",
            Rounding::LiUpToFen => "li_up_to_fen",
        }
    }

    /// Name on screens.
    pub const fn term(self) -> &'static str {
        match self {
            Rounding::HalfUpYuan => "四舍五入到元",
            Rounding::HalfUpJiao => "四舍五入到角",
            Rounding::HalfUpFen => "四舍五入到分",
            Rounding::CutYuan => "舍去到元",
            Rounding::CutJiao => "舍去到角",
            Rounding::CutFen => "舍去到分",
            Rounding::JiaoUpToYuan => "见角进元",
            Rounding::FenUpToJiao => "见分进角",
            Rounding::JiaoFenUpToYuan => "见角分进元",
            Rounding::LiUpToFen => "见厘进分",
        }
    }

    /// The grain of the result in fen: 100, 10 or 1.
    pub const fn grain(self) -> i64 {
        match self {
            Rounding::HalfUpYuan | Rounding::CutYuan | Rounding::JiaoUpToYuan | Rounding::JiaoFenUpToYuan => 100,
            Rounding::HalfUpJiao | Rounding::CutJiao | Rounding::FenUpToJiao => 10,
            Rounding::HalfUpFen | Rounding::CutFen | Rounding::LiUpToFen => 1,
        }
    }

    /// Rounds `numer / denom` fen, digit reading.
    ///
    /// Panics when the denominator is not above zero or the result does not fit; [`Rounding::checked_apply`] is for figures from
    /// outside.
    pub fn apply(self, numer: i128, denom: i128) -> Money {
        self.apply_in(Reading::Digit, numer, denom)
    }

    /// Rounds `numer / denom` fen in the given reading; panics as [`Rounding::apply`] does.
    pub fn apply_in(self, reading: Reading, numer: i128, denom: i128) -> Money {
        assert!(denom > 0, "denominator of an exact amount must be above zero");
        self.checked_apply(reading, numer, denom).expect("amount overflows")
    }

    /// Rounds `numer / denom` fen; none when the denominator is not above zero or the result does not fit an amount.
    pub fn checked_apply(self, reading: Reading, numer: i128, denom: i128) -> Option<Money> {
        if denom <= 0 {
            return None;
        }
        let (size, denom) = (numer.unsigned_abs(), denom.unsigned_abs());
        let grain = u128::from(self.grain().unsigned_abs());
        let steps = match (self, reading) {
            (Rounding::HalfUpYuan | Rounding::HalfUpJiao | Rounding::HalfUpFen, _) => half_up(size, denom.checked_mul(grain)?),
            (Rounding::CutYuan | Rounding::CutJiao | Rounding::CutFen, _) => size / denom.checked_mul(grain)?,
            // The rule itself says "anything", so this mode has one reading.
            (Rounding::LiUpToFen, _) | (_, Reading::Ceiling) => size.div_ceil(denom.checked_mul(grain)?),
            // Drop what is smaller than the digit named, then let any rest of that digit raise the grain.
            (Rounding::JiaoUpToYuan, Reading::Digit) => (size / denom.checked_mul(10)?).div_ceil(10),
            (Rounding::FenUpToJiao | Rounding::JiaoFenUpToYuan, Reading::Digit) => (size / denom).div_ceil(grain),
        };
        let fen = i64::try_from(steps.checked_mul(grain)?).ok()?;
        Some(Money::from_fen(if numer < 0 { -fen } else { fen }))
    }
}

/// `numer / denom` to the nearest whole, a half up; without doubling, so that nothing overflows.
const fn half_up(numer: u128, denom: u128) -> u128 {
    let (whole, rest) = (numer / denom, numer % denom);
    if rest >= denom.div_ceil(2) { whole + 1 } else { whole }
}

impl Reading {
    /// Both.
    pub const ALL: [Reading; 2] = [Reading::Digit, Reading::Ceiling];

    /// The reading of this key.
    pub fn from_key(key: &str) -> Option<Reading> {
        Reading::ALL.into_iter().find(|reading| reading.key() == key)
    }

    /// Key in policy files.
    pub const fn key(self) -> &'static str {
        match self {
            Reading::Digit => "digit",
            Reading::Ceiling => "ceiling",
        }
    }

    /// Name on screens.
    pub const fn term(self) -> &'static str {
        match self {
            Reading::Digit => "按位",
            Reading::Ceiling => "有余即进",
        }
    }
}

macro_rules! by_key {
    ($type:ty, $what:literal) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.key())
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.key())
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<$type, D::Error> {
                struct Key;
                impl de::Visitor<'_> for Key {
                    type Value = $type;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($what)
                    }
                    fn visit_str<E: de::Error>(self, key: &str) -> Result<$type, E> {
                        <$type>::from_key(key).ok_or_else(|| E::invalid_value(de::Unexpected::Str(key), &self))
                    }
                }
                from.deserialize_str(Key)
            }
        }
    };
}

by_key!(Rounding, "the key of a rounding mode");
by_key!(Reading, "digit or ceiling");
