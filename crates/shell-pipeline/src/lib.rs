//! The one pipeline run on a store: submit, review, bulk, day-end.
//!
//! intake → authorise → facts → decide → case → commit; nothing else writes. It knows actions only as entries of the
//! catalogue, and the database only through `shell-store`.

pub mod actor;
pub mod bulk;
pub mod catalogue;
pub mod centre;
mod chart;
pub mod command;
mod correct;
pub mod day_end;
pub mod documents;
pub mod import;
pub mod looks;
pub mod materials;
pub mod monthly;
pub mod people;
pub mod review;
mod submit;
mod writing;

pub use actor::Actor;
pub use bulk::{BulkAnswer, Order};
pub use centre::{Centre, CentreError};
pub use command::{Answer, Command, Done, Origin, PipelineError, Waiting, ended};
pub use day_end::{DayEnd, DayStep};
pub use looks::{Look, Looks};
pub use review::Approved;
