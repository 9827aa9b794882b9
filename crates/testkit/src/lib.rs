//! Test tools: text tables with two arrows, goldens, a PostgreSQL and a Chromium for tests.

pub mod browser;
mod diff;
pub mod golden;
pub mod pg;
mod root;
pub mod table;

pub use root::workspace_root;
