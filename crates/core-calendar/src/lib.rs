//! Days, months, the fund-year (公积金年度), working days with holidays as dated data, day counts.
//!
//! ```
//! use core_calendar::{Day, FundYear, Month};
//!
//! let day: Day = "2026-06-30".parse().unwrap();
//! assert_eq!(FundYear::of(day).to_string(), "2025-2026");
//! assert_eq!(FundYear::of(day).end_exclusive(), day + 1);
//! assert_eq!(Month::of(day).compact(), "202606");
//! ```
//!
//! No clock: today is an input of whoever asks. The civil arithmetic is a few lines over whole numbers, so no time library is
//! needed. Left out: time of day and time zones, which only the shells know.

mod count;
mod day;
mod fund_year;
mod month;
mod text;
mod working;

pub use count::DayCount;
pub use day::{Day, Weekday};
pub use fund_year::FundYear;
pub use month::Month;
pub use text::NotCivil;
pub use working::{BadCalendar, NoCalendar, WorkCalendar, YearOfHolidays};
