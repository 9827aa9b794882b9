//! Dated parameters with their law (参数与依据): families, steps, citations, lookup on a day, timeline, digest.
//!
//! A *family* (参数) is one question with one answer a day: the highest base, the rounding of the monthly amount, whether one
//! person may hold two accounts. Its *steps* say from which day which value holds and under which instrument. Reading gives
//! [`InForce`]: value and citation together, so that no decision can use a figure and lose its source.
//!
//! ```
//! use core_calendar::{Day, Month};
//! use core_money::Rate;
//! use core_policy::{On, Place, PolicySet};
//!
//! let rules = PolicySet::shipped();
//! let day = Day::parse("2026-09-20").unwrap();
//! let lowest = rules.in_force::<Rate>("collection.rate_min", On::Day(day), &Place::default()).unwrap();
//! assert_eq!(lowest.value, Rate::parse("5").unwrap());
//! assert_eq!(lowest.under.to_string(), "《住房公积金管理条例》（2026 版）第十八条");
//! ```
//!
//! Files: `policy/<area>/<subject>.yaml`, families named `<area>.<subject>.<family>`; what several actions share stands in the
//! area's `common.yaml` and is named without it: `collection.base_cap`. The form of a file is told in `policy/README.md`.
//!
//! Left out: storing a centre's own values entered on a page (a shell does it and hands them over as [`Override`]s); wording
//! of refusals; the law's text, which we cite and paraphrase.

mod calendar;
mod cite;
mod deposit;
mod digest;
mod family;
mod instrument;
mod place;
mod problem;
mod read;
mod review;
mod set;
mod source;
mod stale;
mod time_limit;
mod timeline;
mod unit;
mod value;

pub use cite::{Cite, Holds, InForce, On, Rule, Selector, UNKNOWN};
pub use deposit::DepositRates;
pub use family::{Family, Layer, Step};
pub use instrument::{Edition, Instrument};
pub use place::{Place, Scope};
pub use problem::{NoRule, Problem, Problems};
pub use review::{ReviewFlow, Tier};
pub use set::{LoadError, Override, OverrideValue, PolicySet};
pub use source::Source;
pub use stale::{Stale, Why};
pub use time_limit::{Clock, TimeLimit};
pub use unit::{Column, SelectedBy, Unit};
pub use value::{PolicyValue, RowRef, Table, Value};
