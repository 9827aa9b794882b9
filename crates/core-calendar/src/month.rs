//! Months (年月).

use std::fmt;
use std::ops::{Add, AddAssign, Sub, SubAssign};

use crate::Day;
use crate::day::month_length;
use crate::text::{NotCivil, as_text, digits};

/// Month (年月): what remittances, bases and paid-to months are counted in; as year × 12 + months after January.
///
/// Months made from year and month lie in the years 1 to 9999; adding may lead beyond.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// The month of this year, 1 to 12; none outside the years 1 to 9999.
    pub const fn ym(year: i32, month: u32) -> Option<Month> {
        if year < 1 || year > 9999 || month < 1 || month > 12 {
            return None;
        }
        Some(Month(year * 12 + month as i32 - 1))
    }

    /// The month of a day.
    pub const fn of(day: Day) -> Month {
        Month(day.year() * 12 + day.month() as i32 - 1)
    }

    /// The month of this number, year × 12 + months after January.
    pub const fn from_number(months: i32) -> Month {
        Month(months)
    }

    /// Year × 12 + months after January: how stores keep it.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// Year.
    pub const fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// Month of the year, 1 to 12.
    pub const fn month(self) -> u32 {
        self.0.rem_euclid(12) as u32 + 1
    }

    /// Its first day.
    pub const fn first_day(self) -> Day {
        Day::from_civil(self.year(), self.month(), 1)
    }

    /// Its last day.
    pub const fn last_day(self) -> Day {
        Day::from_civil(self.year(), self.month(), self.length())
    }

    /// Days in the month, 28 to 31.
    pub const fn length(self) -> u32 {
        match month_length(self.year(), self.month()) {
            Some(length) => length,
            // `month` gives 1 to 12 only.
            None => unreachable!(),
        }
    }

    /// The day of this number, or the last day of a shorter month: 31 in February is the 28th or 29th (X-C12, clamp: house rule
    /// for due days, handbook 05 §4.5.12). A number below 1 means the first.
    pub fn clamped(self, day: u32) -> Day {
        Day::from_civil(self.year(), self.month(), day.clamp(1, self.length()))
    }

    /// Whether the day lies in the month.
    pub fn contains(self, day: Day) -> bool {
        Month::of(day) == self
    }

    /// The next month.
    pub fn succ(self) -> Month {
        self + 1
    }

    /// The month before.
    pub fn pred(self) -> Month {
        self - 1
    }

    /// Months from this month to the other; negative when the other is earlier.
    pub const fn months_until(self, other: Month) -> i32 {
        match other.0.checked_sub(self.0) {
            Some(months) => months,
            None => panic!("months overflow"),
        }
    }

    /// Reads `2025-07` or `202507`, exactly so.
    ///
    /// Errors: another form, a month that does not exist.
    pub fn parse(text: &str) -> Result<Month, NotCivil> {
        let form = NotCivil::Form("2025-07");
        let (year, month) = match text.split_once('-') {
            Some(parts) => parts,
            None => text.split_at_checked(4).ok_or(form)?,
        };
        if (year.len(), month.len()) != (4, 2) {
            return Err(form);
        }
        let (Some(year), Some(month)) = (digits(year), digits(month)) else { return Err(form) };
        Month::ym(year, month.unsigned_abs()).ok_or(NotCivil::NoSuchDate)
    }

    /// Six digits (YYYYMM), the form of banks' files and numbers.
    pub fn compact(self) -> String {
        format!("{:04}{:02}", self.year(), self.month())
    }
}

/// ISO: `2025-07`.
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match f.width() {
            None => write!(f, "{:04}-{:02}", self.year(), self.month()),
            Some(_) => f.pad(&format!("{:04}-{:02}", self.year(), self.month())),
        }
    }
}

as_text!(Month, "a month as YYYY-MM");

impl From<Day> for Month {
    fn from(day: Day) -> Month {
        Month::of(day)
    }
}

/// So many months later.
impl Add<i32> for Month {
    type Output = Month;
    fn add(self, months: i32) -> Month {
        Month(self.0.checked_add(months).expect("month overflows"))
    }
}

/// So many months earlier.
impl Sub<i32> for Month {
    type Output = Month;
    fn sub(self, months: i32) -> Month {
        Month(self.0.checked_sub(months).expect("month overflows"))
    }
}

impl AddAssign<i32> for Month {
    fn add_assign(&mut self, months: i32) {
        *self = *self + months;
    }
}

impl SubAssign<i32> for Month {
    fn sub_assign(&mut self, months: i32) {
        *self = *self - months;
    }
}
