//! The engine layer on both engines: one suite, every case run on SQLite and on PostgreSQL.

mod bed;
mod commits;
mod engines;
mod killed;
mod migrations;
mod reads;
mod statements;
mod values;
