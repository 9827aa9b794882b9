//! Facts in, effects out: SQLite and PostgreSQL behind one thin layer.
//!
//! `db/` alone knows an engine; `facts/` turns nouns into queries, `effects/` turns effects into the steps of one unit.
//! Nothing outside this crate contains SQL.

pub mod audit;
pub mod bootstrap;
pub mod cases;
pub mod constraints;
pub mod db;
pub mod effects;
pub mod facts;
pub mod imports;
pub mod keys;
pub mod numbers;
pub mod people;
pub mod registers;
pub mod reports;
pub mod rotate;
pub mod statements;
pub mod store;
pub mod verify_queries;
pub mod views;

pub use store::Store;
