//! The fund-year (公积金年度).

use std::fmt;

use crate::text::{NotCivil, as_text, digits};
use crate::{Day, Month};

/// Fund-year (公积金年度): 1 July to 30 June (handbook 03 §2.5), named by both years, `2025-2026`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FundYear(i32);

impl FundYear {
    /// The fund-year that begins on 1 July of this year; none outside the years 1 to 9998.
    pub const fn beginning(year: i32) -> Option<FundYear> {
        if year < 1 || year > 9998 { None } else { Some(FundYear(year)) }
    }

    /// The fund-year of a day.
    pub const fn of(day: Day) -> FundYear {
        FundYear::of_month(Month::of(day))
    }

    /// The fund-year of a month.
    pub const fn of_month(month: Month) -> FundYear {
        FundYear(month.year() - (month.month() < 7) as i32)
    }

    /// The year in which it begins.
    pub const fn year(self) -> i32 {
        self.0
    }

    /// Its first day, 1 July.
    pub const fn first_day(self) -> Day {
        Day::from_civil(self.0, 7, 1)
    }

    /// Its last day, 30 June: the settlement day (结息日, handbook 03 §2.4).
    pub const fn last_day(self) -> Day {
        Day::from_civil(self.0 + 1, 6, 30)
    }

    /// The first day after it, 1 July of the next year.
    pub const fn end_exclusive(self) -> Day {
        Day::from_civil(self.0 + 1, 7, 1)
    }

    /// Its first month, July.
    pub const fn first_month(self) -> Month {
        Month::of(self.first_day())
    }

    /// Its last month, June.
    pub const fn last_month(self) -> Month {
        Month::of(self.last_day())
    }

    /// Its twelve months, in order.
    pub fn months(self) -> impl DoubleEndedIterator<Item = Month> + ExactSizeIterator {
        (0..12).map(move |n: i32| self.first_month() + n)
    }

    /// The next one.
    pub const fn succ(self) -> FundYear {
        FundYear(self.0 + 1)
    }

    /// The one before.
    pub const fn pred(self) -> FundYear {
        FundYear(self.0 - 1)
    }

    /// Reads `2025-2026`, exactly so.
    ///
    /// Errors: another form, years that do not follow each other.
    pub fn parse(text: &str) -> Result<FundYear, NotCivil> {
        let form = NotCivil::Form("2025-2026");
        let (from, to) = text.split_once('-').ok_or(form)?;
        if (from.len(), to.len()) != (4, 4) {
            return Err(form);
        }
        let (Some(from), Some(to)) = (digits(from), digits(to)) else { return Err(form) };
        FundYear::beginning(from).filter(|_| from + 1 == to).ok_or(NotCivil::NoSuchDate)
    }
}

/// Both years: `2025-2026`.
impl fmt::Display for FundYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:04}-{:04}", self.0, self.0 + 1))
    }
}

as_text!(FundYear, "a fund-year as YYYY-YYYY");

impl From<Day> for FundYear {
    fn from(day: Day) -> FundYear {
        FundYear::of(day)
    }
}

impl From<Month> for FundYear {
    fn from(month: Month) -> FundYear {
        FundYear::of_month(month)
    }
}
