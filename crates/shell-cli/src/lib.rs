//! The anju commands (命令行).
//!
//! A command reads its options, opens the centre, finds out who acts, and goes through the same cases and reviews as a page; it
//! knows no more than a page does. What a person reads is Chinese and says what to do next; `--json` gives a script one line.
//! Exit codes stand in [`exit`].
//!
//! | module | what it is |
//! |---|---|
//! | [`cli`] | the options of every command, and which function runs it |
//! | [`terminal`] | what surrounds a command: output, questions, environment, clock |
//! | [`place`] | which centre |
//! | [`who`] | who acts |
//! | [`failure`] | why a command did not do what it was told |
//!
//! The others are one command each, by its name.

pub mod audit;
pub mod bench;
pub mod calc;
pub mod case;
pub mod cli;
mod client;
pub mod day_end;
pub mod demo;
pub mod exit;
pub mod export;
pub mod failure;
pub mod import;
pub mod init;
pub mod key;
pub mod migrate;
pub mod place;
pub mod policy;
pub mod report;
pub mod serve;
mod sheet;
pub mod simulate;
pub mod terminal;
pub mod user;
pub mod verify;
pub mod who;

pub use cli::{Cli, run, run_line};
pub use failure::Failure;
pub use terminal::Terminal;
