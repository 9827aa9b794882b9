//! Rewrites goldens and `=>` rows by running the tests with `ANJU_BLESS=1`; a `==` row is never touched.

use std::path::Path;
use std::process::Command;

use crate::{Failure, generated};

/// Runs the tests, blessing; arguments are handed to `cargo test`, none means the whole workspace.
pub fn run(root: &Path, arguments: &[String]) -> Result<(), Failure> {
    generated::write(root)?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.arg("test").args(["--no-fail-fast", "--quiet"]).current_dir(root).env("ANJU_BLESS", "1");
    if arguments.is_empty() {
        command.arg("--workspace");
    }
    let status = command.args(arguments).status().map_err(|error| format!("cargo test cannot be started: {error}"))?;
    println!("\nWhat changed, to be read before it is committed:");
    // Without git the rewritten files are there all the same; only the summary is missing.
    if Command::new("git").args(["diff", "--stat"]).current_dir(root).status().is_err() {
        println!("  (git is not installed)");
    }
    if status.success() { Ok(()) } else { Err("Some tests still fail: a == row, or something that is no golden.".into()) }
}
