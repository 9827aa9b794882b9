//! Test tools: text tables with two arrows, goldens, a PostgreSQL, a Chromium and a plain HTTP client for tests.

pub mod browser;
mod diff;
mod folder;
pub mod golden;
pub mod http;
pub mod look;
mod paper;
pub mod pg;
mod root;
pub mod table;

pub use folder::Folder;
pub use paper::Paper;
pub use root::workspace_root;
