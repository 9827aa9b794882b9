//! Time limits (办理时限): so many calendar days, working days or months.

use std::fmt;

use core_calendar::{Day, Month, NoCalendar, WorkCalendar};

/// What a time limit counts. The Regulation says 日; which kind it means is open (handbook 01 §4), so every limit says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Calendar days (自然日).
    Days,
    /// Working days (工作日).
    WorkingDays,
    /// Months (月): the same day of a later month, clamped to its end.
    Months,
}

/// Time limit (时限). The first day is not counted: three days from a Monday end on Thursday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeLimit {
    /// How many.
    pub number: u32,
    /// Of what.
    pub clock: Clock,
}

impl TimeLimit {
    /// Reads `3 working_days`, `30 days`, `6 months`.
    pub fn parse(text: &str) -> Option<TimeLimit> {
        let (number, clock) = text.split_once(' ')?;
        let clock = match clock {
            "days" => Clock::Days,
            "working_days" => Clock::WorkingDays,
            "months" => Clock::Months,
            _ => return None,
        };
        // At most three digits: no limit of this trade is longer, and no addition can overflow.
        let number = number.parse::<u32>().ok().filter(|n| *n < 1000 && n.to_string() == number)?;
        Some(TimeLimit { number, clock })
    }

    /// Last day of the term (期限届满日) when the event happens on `from`.
    ///
    /// Errors: working days are counted into a year without a calendar.
    pub fn due(self, from: Day, calendar: &WorkCalendar) -> Result<Day, NoCalendar> {
        match self.clock {
            Clock::Days => Ok(from + self.number as i32),
            Clock::WorkingDays => calendar.add_working_days(from, self.number),
            Clock::Months => {
                let month = Month::of(from) + self.number as i32;
                Ok(month.clamped(from.day()))
            }
        }
    }

    /// In Chinese: 3 个工作日.
    pub fn words(self) -> String {
        let unit = match self.clock {
            Clock::Days => "日",
            Clock::WorkingDays => "个工作日",
            Clock::Months => "个月",
        };
        format!("{} {unit}", self.number)
    }
}

impl fmt::Display for TimeLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = match self.clock {
            Clock::Days => "days",
            Clock::WorkingDays => "working_days",
            Clock::Months => "months",
        };
        write!(f, "{} {clock}", self.number)
    }
}

#[cfg(test)]
mod tests {
    use core_calendar::YearOfHolidays;

    use super::*;

    #[test]
    fn a_term_ends_on_the_day_a_clerk_would_name() {
        let day = |text: &str| Day::parse(text).unwrap();
        let year = YearOfHolidays { year: 2026, off: vec![(day("2026-10-01"), day("2026-10-07"))], make_up: vec![day("2026-10-10")] };
        let calendar = WorkCalendar::new(vec![year]).unwrap();
        let due = |limit: &str, from: &str| TimeLimit::parse(limit).unwrap().due(day(from), &calendar).map(|d| d.to_string());
        assert_eq!(due("3 days", "2026-09-30"), Ok("2026-10-03".to_owned()));
        assert_eq!(due("3 working_days", "2026-09-30"), Ok("2026-10-10".to_owned()));
        assert_eq!(due("6 months", "2026-08-31"), Ok("2027-02-28".to_owned()));
        assert_eq!(due("1 working_days", "2026-12-31"), Err(NoCalendar { year: 2027 }));
        assert_eq!(TimeLimit::parse("3 working_days").unwrap().words(), "3 个工作日");
        for wrong in ["", "3", "03 days", "-1 days", "3 weeks", "1000 days", "3  days"] {
            assert_eq!(TimeLimit::parse(wrong), None, "{wrong:?}");
        }
    }
}
