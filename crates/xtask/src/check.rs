//! What CI runs: named steps, each with its time; nothing more happens there.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::{Failure, programs, tidy};

/// A step's work: nothing to say when it is well.
type Work = Box<dyn Fn(&Path) -> Result<(), Failure>>;

fn cargo(words: &'static [&'static str]) -> Work {
    Box::new(move |root| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        match Command::new(cargo).args(words).current_dir(root).status() {
            Ok(status) if status.success() => Ok(()),
            Ok(_) => Err(format!("cargo {} failed", words.join(" "))),
            Err(error) => Err(format!("cargo {} cannot be started: {error}", words.join(" "))),
        }
    })
}

/// Runs every step, also after one has failed, so that one run tells everything; only without its programs it stops at once.
pub fn run(root: &Path) -> Result<(), Failure> {
    let steps: Vec<(&str, Work)> = vec![
        ("programs", Box::new(|_| programs::run())),
        ("format", cargo(&["fmt", "--all", "--check"])),
        ("tidy", Box::new(tidy::run)),
        ("clippy", cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"])),
        // Plain cargo test: a binary's tests share one PostgreSQL and one browser, which a process for each test would start anew.
        ("tests", cargo(&["test", "--workspace", "--no-fail-fast", "--quiet"])),
    ];
    let begun = Instant::now();
    let mut told = Vec::new();
    let mut failed = Vec::new();
    for (name, work) in steps {
        println!("\n── {name} ──");
        let start = Instant::now();
        let outcome = work(root);
        let seconds = start.elapsed().as_secs();
        match outcome {
            Ok(()) => told.push(format!("  ok      {name:<10} {seconds:>4} s")),
            Err(failure) => {
                eprintln!("{failure}");
                told.push(format!("  FAILED  {name:<10} {seconds:>4} s"));
                failed.push(name);
                if name == "programs" {
                    break;
                }
            }
        }
    }
    println!("\n── check ──\n{}\n  all     {:<10} {:>4} s", told.join("\n"), "", begun.elapsed().as_secs());
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}
