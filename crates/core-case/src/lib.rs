//! The action catalogue: forms as data, facts, rules, refusals, effects, review flows, conflicts.
//!
//! An action is a plain struct with `#[derive(Form)]`, three small tables (`facts!`, `rules!`, `because!`) and
//! `impl Action` with `NAME`, `concerns` and `decide`. Everything here is pure: no clock, no random, no database, no async.

extern crate self as core_case;

pub mod action;
pub mod chart;
pub mod conflict;
pub mod digest;
pub mod effect;
#[cfg(feature = "examples")]
pub mod examples;
pub mod flow;
pub mod form;
pub mod guard;
pub mod ids;
pub mod nouns;
pub mod refusal;
pub mod state;
pub mod stored;
pub mod things;

pub use core_case_derive::{Choice, Form};
pub use core_policy::{NoRule, On, Place, PolicySet};
#[doc(hidden)]
pub use core_policy::{PolicyValue, Value as PolicyText};
pub use refusal::Because;

/// Everything an action file needs: `use core_case::prelude::*;`.
pub mod prelude {
    pub use crate::action::{Action, At, Outcome};
    pub use crate::conflict::{Class, Concern};
    pub use crate::effect::{
        Change, Document, Effect, FreePosting, Party, Record, RecordKind, SealReason, Source, Subject, Thing, ValueDay,
    };
    pub use crate::flow::{Channel, Flows};
    pub use crate::form::{Card, Choice as _, Form as _, IdNumber, Mobile};
    pub use crate::guard::Register;
    pub use crate::ids::*;
    pub use crate::refusal::{Checks, Remedy};
    pub use crate::state::*;
    pub use crate::things::*;
    pub use crate::{because, facts, reasons, rules};
    pub use core_calendar::{Day, FundYear, Month};
    pub use core_case_derive::{Choice, Form};
    pub use core_money::{Money, Rate};
    pub use core_policy::{Holds, InForce};
}
