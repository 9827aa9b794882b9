//! Test tools: text tables with two arrows, goldens, a PostgreSQL, a Chromium and a plain HTTP client for tests.

pub mod browser;
mod diff;
pub mod golden;
pub mod http;
pub mod look;
pub mod pg;
mod root;
pub mod table;

pub use root::workspace_root;
