#![doc = include_str!("../README.md")]

mod convention;
mod instalment;
mod interest;
mod loan;
mod natural;
mod rates;
mod schedule;
mod story;

pub use convention::{Conventions, FirstPeriod, MonthRate, PenaltyBase, PenaltyDays, Shorten};
pub use instalment::Instalment;
pub use interest::{days_interest, penalty_interest, period_interest};
pub use loan::{Arrear, Loan, Paid, PrepaymentChoice, StepError, Terms};
pub use rates::{LoanRates, RateStep};
pub use schedule::{Method, Row, Schedule, TermsError, schedule, schedule_paying, shortest_term};
pub use story::{Event, Story, StoryRow, Stuck, StuckError, What, story};
