//! A simulated centre: demonstration data, simulation with an independent auditor, benchmarks.
//!
//! A [`World`] is invented from a seed: branches, employers, people. A [`Year`] lets it live day by day and gives orders to a
//! [`Driver`]. Which store lies behind the driver, or whether it is asked over HTTP, the simulation does not know; it holds no
//! SQL and writes nothing itself.

pub mod bulk;
pub mod driver;
pub mod names;
pub mod world;
pub mod year;

pub use bulk::Month;
pub use driver::{Awaiting, Driver, Given, Order, Told, Unclaimed, Who};
pub use world::{Employer, Person, Scale, World};
pub use year::{Progress, Year};
