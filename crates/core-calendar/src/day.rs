//! Days (日期).

use std::fmt;
use std::ops::{Add, AddAssign, Sub, SubAssign};

use crate::text::{NotCivil, as_text, digits};

/// Day (日期) of the civil calendar, as the number of days since 1970-01-01.
///
/// Days made from year, month and day lie in the years 1 to 9999; adding days may lead beyond, which is still a day and prints
/// with as many digits as its year has, so that a date such as 9999-12-31 in somebody's file cannot stop the program.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

/// Day of the week (星期).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weekday {
    /// Monday (星期一).
    Monday,
    /// Tuesday (星期二).
    Tuesday,
    /// Wednesday (星期三).
    Wednesday,
    /// Thursday (星期四).
    Thursday,
    /// Friday (星期五).
    Friday,
    /// Saturday (星期六).
    Saturday,
    /// Sunday (星期日).
    Sunday,
}

impl Weekday {
    const ALL: [Weekday; 7] =
        [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday, Weekday::Saturday, Weekday::Sunday];

    /// Whether it is Saturday or Sunday.
    pub const fn is_weekend(self) -> bool {
        matches!(self, Weekday::Saturday | Weekday::Sunday)
    }

    /// Name on screens: 星期一.
    pub const fn term(self) -> &'static str {
        match self {
            Weekday::Monday => "星期一",
            Weekday::Tuesday => "星期二",
            Weekday::Wednesday => "星期三",
            Weekday::Thursday => "星期四",
            Weekday::Friday => "星期五",
            Weekday::Saturday => "星期六",
            Weekday::Sunday => "星期日",
        }
    }
}

/// Days of a period of 400 years, after which the calendar repeats.
const ERA: i64 = 146_097;
/// Days from 0000-03-01 to 1970-01-01.
const TO_EPOCH: i64 = 719_468;

/// Whether February has 29 days.
pub(crate) const fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days of a month, none for a month outside 1 to 12.
pub(crate) const fn month_length(year: i32, month: u32) -> Option<u32> {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if is_leap(year) { 29 } else { 28 }),
        _ => None,
    }
}

impl Day {
    /// The first day that can be written, 0001-01-01.
    pub const MIN: Day = Day::from_civil(1, 1, 1);
    /// The last day that can be written, 9999-12-31.
    pub const MAX: Day = Day::from_civil(9999, 12, 31);

    /// The day of year, month and day of the month; none when there is no such day in the years 1 to 9999.
    pub const fn ymd(year: i32, month: u32, day: u32) -> Option<Day> {
        if year < 1 || year > 9999 {
            return None;
        }
        match month_length(year, month) {
            Some(length) if day >= 1 && day <= length => Some(Day::from_civil(year, month, day)),
            _ => None,
        }
    }

    /// The day so many days after 1970-01-01.
    pub const fn from_number(days: i32) -> Day {
        Day(days)
    }

    /// Days since 1970-01-01: how stores keep it.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// Counts in years that begin in March, so that the odd day of a leap year comes last.
    pub(crate) const fn from_civil(year: i32, month: u32, day: u32) -> Day {
        let year = year as i64 - (month <= 2) as i64;
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * ((month as i64 + 9) % 12) + 2) / 5 + day as i64 - 1;
        let days = era * ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - TO_EPOCH;
        assert!(days >= i32::MIN as i64 && days <= i32::MAX as i64, "day overflows");
        Day(days as i32)
    }

    const fn civil(self) -> (i32, u32, u32) {
        let days = self.0 as i64 + TO_EPOCH;
        let (era, of_era) = (days.div_euclid(ERA), days.rem_euclid(ERA));
        let years = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * years + years / 4 - years / 100);
        let march_month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * march_month + 2) / 5 + 1;
        let month = (march_month + 2) % 12 + 1;
        let year = era * 400 + years + (month <= 2) as i64;
        (year as i32, month as u32, day as u32)
    }

    /// Year.
    pub const fn year(self) -> i32 {
        self.civil().0
    }

    /// Month of the year, 1 to 12.
    pub const fn month(self) -> u32 {
        self.civil().1
    }

    /// Day of the month, 1 to 31.
    pub const fn day(self) -> u32 {
        self.civil().2
    }

    /// Day of the week (星期).
    pub const fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        Weekday::ALL[(self.0 as i64 + 3).rem_euclid(7) as usize]
    }

    /// Days from this day to the other: the first counts, the last does not (算头不算尾); negative when the other is earlier.
    pub const fn days_until(self, other: Day) -> i32 {
        match other.0.checked_sub(self.0) {
            Some(days) => days,
            None => panic!("days overflow"),
        }
    }

    /// The day so many days later, if it can be counted.
    pub const fn checked_add(self, days: i32) -> Option<Day> {
        match self.0.checked_add(days) {
            Some(days) => Some(Day(days)),
            None => None,
        }
    }

    /// The next day.
    pub fn succ(self) -> Day {
        self + 1
    }

    /// The day before.
    pub fn pred(self) -> Day {
        self - 1
    }

    /// Reads `2026-09-20`, exactly so.
    ///
    /// Errors: another form, a day that does not exist.
    pub fn parse(text: &str) -> Result<Day, NotCivil> {
        let form = NotCivil::Form("2026-09-20");
        let [y, m, d] = text.split('-').collect::<Vec<_>>().try_into().map_err(|_| form)?;
        if (y.len(), m.len(), d.len()) != (4, 2, 2) {
            return Err(form);
        }
        let (Some(y), Some(m), Some(d)) = (digits(y), digits(m), digits(d)) else { return Err(form) };
        Day::ymd(y, m.unsigned_abs(), d.unsigned_abs()).ok_or(NotCivil::NoSuchDate)
    }

    /// Reads eight digits (YYYYMMDD), exactly so: the way back from [`Day::compact`].
    ///
    /// Errors: another form, a day that does not exist.
    pub fn parse_compact(text: &str) -> Result<Day, NotCivil> {
        match digits(text) {
            Some(number) if text.len() == 8 => {
                Day::ymd(number / 10_000, (number / 100 % 100).unsigned_abs(), (number % 100).unsigned_abs()).ok_or(NotCivil::NoSuchDate)
            }
            _ => Err(NotCivil::Form("20260920")),
        }
    }

    /// Eight digits (YYYYMMDD), the form of banks' files and of JGJ/T 320 (handbook 10, type notation).
    pub fn compact(self) -> String {
        let (y, m, d) = self.civil();
        format!("{y:04}{m:02}{d:02}")
    }
}

/// ISO: `2026-09-20`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, m, d) = self.civil();
        match f.width() {
            None => write!(f, "{y:04}-{m:02}-{d:02}"),
            Some(_) => f.pad(&format!("{y:04}-{m:02}-{d:02}")),
        }
    }
}

as_text!(Day, "a day as YYYY-MM-DD");

/// So many days later.
impl Add<i32> for Day {
    type Output = Day;
    fn add(self, days: i32) -> Day {
        Day(self.0.checked_add(days).expect("day overflows"))
    }
}

/// So many days earlier.
impl Sub<i32> for Day {
    type Output = Day;
    fn sub(self, days: i32) -> Day {
        Day(self.0.checked_sub(days).expect("day overflows"))
    }
}

impl AddAssign<i32> for Day {
    fn add_assign(&mut self, days: i32) {
        *self = *self + days;
    }
}

impl SubAssign<i32> for Day {
    fn sub_assign(&mut self, days: i32) {
        *self = *self - days;
    }
}
