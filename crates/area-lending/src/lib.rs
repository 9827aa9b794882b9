#![doc = include_str!("../README.md")]

mod instalment;
mod interest;
mod natural;
mod schedule;

pub use instalment::Instalment;
pub use interest::{broken_interest, penalty_interest, period_interest};
pub use schedule::{Method, Row, Schedule, TermsError, schedule, schedule_paying, shortest_term};
