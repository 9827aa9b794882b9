//! Day counts (计息天数基准).

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Day count (计息天数基准): what interest counts and what a year of it is (handbook 03 §2.10; handbook 16 §1). Which one holds is
/// a dated parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayCount {
    /// Actual days / 360 (实际天数/360), `actual/360`: X-C3.
    Actual360,
    /// Actual days / 365, in leap years too (实际天数/365), `actual/365`: X-C2.
    Actual365,
    /// Whole months / 12 (按月), `months`: X-C1 for loans, the month products of X-A6 for deposits.
    Months,
}

impl DayCount {
    /// All three.
    pub const ALL: [DayCount; 3] = [DayCount::Actual360, DayCount::Actual365, DayCount::Months];

    /// The day count of this key.
    pub fn from_key(key: &str) -> Option<DayCount> {
        DayCount::ALL.into_iter().find(|count| count.key() == key)
    }

    /// Key in policy files, commands and JSON.
    pub const fn key(self) -> &'static str {
        match self {
            DayCount::Actual360 => "actual/360",
            DayCount::Actual365 => "actual/365",
            DayCount::Months => "months",
        }
    }

    /// Name on screens.
    pub const fn term(self) -> &'static str {
        match self {
            DayCount::Actual360 => "实际天数/360",
            DayCount::Actual365 => "实际天数/365",
            DayCount::Months => "按月",
        }
    }

    /// What a year has of the unit counted: 360 or 365 days, 12 months.
    pub const fn year(self) -> i32 {
        match self {
            DayCount::Actual360 => 360,
            DayCount::Actual365 => 365,
            DayCount::Months => 12,
        }
    }
}

impl fmt::Display for DayCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

impl Serialize for DayCount {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.key())
    }
}

impl<'de> Deserialize<'de> for DayCount {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<DayCount, D::Error> {
        struct Key;
        impl de::Visitor<'_> for Key {
            type Value = DayCount;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("actual/360, actual/365 or months")
            }
            fn visit_str<E: de::Error>(self, key: &str) -> Result<DayCount, E> {
                DayCount::from_key(key).ok_or_else(|| E::invalid_value(de::Unexpected::Str(key), &self))
            }
        }
        from.deserialize_str(Key)
    }
}
