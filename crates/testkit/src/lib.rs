//! Test tools: text tables with two arrows, goldens, a PostgreSQL and a Chromium for tests.

pub mod browser;
