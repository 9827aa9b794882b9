//! A simulated centre: demonstration data, simulation with an independent auditor, benchmarks.
//!
//! A [`World`] is invented from a seed: branches, employers, people. A [`Year`] lets it live day by day and gives orders to a
//! [`Driver`]. A [`Game`] tries what clerks might and compares every step with an [`auditor`] of its own. Which store lies behind
//! the driver, or whether it is asked over HTTP, the simulation does not know; it holds no SQL and writes nothing itself.

pub mod auditor;
pub mod bulk;
pub mod deeds;
pub mod driver;
pub mod game;
pub mod names;
pub mod world;
pub mod year;

pub use bulk::Month;
pub use deeds::Deed;
pub use driver::{Awaiting, Driver, Given, Order, Told, Unclaimed, Who};
pub use game::{Broken, Desk, Game, Score, Seen, Signed, Step, Try, tries};
pub use world::{Employer, Person, Scale, World};
pub use year::{Progress, Year};
