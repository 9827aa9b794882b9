//! What pages look up: one file a subject, each with its statements, rows and small functions.
//!
//! Every question is bounded: by a key, by an index and a LIMIT, or by a day. Nothing here decides, and nothing is written but
//! what belongs to a look itself.

pub mod audit;
pub mod books;
pub mod cases;
pub mod documents;
pub mod employers;
pub mod find;
pub mod lists;
pub mod members;
pub mod money;
pub mod today;
pub mod work;

use crate::db::Registered;

/// The statements of this module, prepared on both engines by a test.
pub static QUERIES: &[&[Registered]] = &[
    audit::STATEMENTS,
    books::STATEMENTS,
    cases::STATEMENTS,
    documents::STATEMENTS,
    employers::STATEMENTS,
    find::STATEMENTS,
    lists::STATEMENTS,
    members::STATEMENTS,
    money::STATEMENTS,
    today::STATEMENTS,
    work::STATEMENTS,
];

/// Rows that a page of a list shows.
pub const PAGE: usize = 50;
