//! Tasks of the house: check, tidy, bless, map.
//!
//! `cargo xtask check` is all that CI runs. The tasks know files, cargo and programs; they know nothing of housing funds, so
//! they build in seconds, also while a crate of the house does not compile.

mod actions;
mod bless;
mod check;
mod dependencies;
mod generated;
mod glossary;
mod graph;
mod licences;
mod metadata;
mod programs;
mod source;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask check               everything CI asks for: programs, format, tidy, clippy, tests
cargo xtask tidy                the house rules over all sources, each with what to write instead
cargo xtask bless [ARGUMENTS]   runs the tests with ANJU_BLESS=1: goldens and => rows are rewritten, == rows never;
                                arguments go to cargo test: cargo xtask bless -p area-collection
cargo xtask map                 draws the generated parts of the documents again: crate graph, list of actions, dependencies,
                                licences, glossary
cargo xtask programs            the programs that the tests need and where they were found";

/// What a task says when it fails: lines for the terminal, already whole sentences.
pub(crate) type Failure = String;

/// The root of the workspace: two folders above this crate.
pub(crate) fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.ancestors().nth(2).map_or_else(|| here.clone(), Path::to_path_buf)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = root();
    let outcome = match arguments.split_first() {
        Some((task, rest)) => match (task.as_str(), rest) {
            ("check", []) => check::run(&root),
            ("tidy", []) => tidy::run(&root),
            ("bless", rest) => bless::run(&root, rest),
            ("map", []) => generated::write(&root),
            ("programs", []) => programs::run(),
            ("help" | "--help" | "-h", []) => {
                println!("{USAGE}");
                return ExitCode::SUCCESS;
            }
            _ => {
                eprintln!("{USAGE}");
                return ExitCode::from(2);
            }
        },
        None => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}
