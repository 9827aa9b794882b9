//! The one pipeline run on a store: submit, review, bulk, day-end.

pub mod catalogue;
