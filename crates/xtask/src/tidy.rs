//! The house rules over all sources: each breach is told with its place and with what to write instead.

mod actions;
mod house;
mod purity;
mod sql;
mod words;

use std::fmt;
use std::path::Path;

use crate::source::{self, SourceFile};
use crate::{Failure, generated, glossary, graph, licences, metadata};

/// A breach of a house rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Breach {
    /// Path from the root.
    pub path: String,
    /// Line, 0 for the whole file.
    pub line: usize,
    /// What stands there.
    pub found: String,
    /// What to write instead.
    pub instead: &'static str,
}

impl Breach {
    fn new(file: &SourceFile, line: usize, found: impl Into<String>, instead: &'static str) -> Breach {
        Breach { path: file.path.clone(), line, found: found.into(), instead }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}; instead: {}", self.path, self.found, self.instead),
            line => write!(f, "{}:{line}: {}; instead: {}", self.path, self.found, self.instead),
        }
    }
}

/// Every breach, as lines.
fn all(root: &Path) -> Result<Vec<String>, Failure> {
    let rust = source::rust_files(root);
    let mut breaches: Vec<Breach> = rust.iter().flat_map(purity::check).collect();
    breaches.extend(rust.iter().flat_map(sql::check));
    breaches.extend(rust.iter().flat_map(house::check_rust));
    breaches.extend(source::text_files(root).iter().flat_map(house::check_text));
    breaches.extend(actions::check(&rust));
    breaches.extend(words::check(&glossary::handbook(root)?, &glossary::told_in_code(&rust)));
    breaches.sort();
    breaches.dedup();
    let mut said: Vec<String> = breaches.iter().map(ToString::to_string).collect();
    said.extend(graph::breaches(&metadata::members(root)?));
    said.extend(licences::breaches(&metadata::packages(root)?));
    said.extend(generated::reasons(root)?);
    Ok(said)
}

/// Tells every breach.
pub fn run(root: &Path) -> Result<(), Failure> {
    let said = all(root)?;
    if said.is_empty() {
        println!("  every file keeps the house rules");
        return Ok(());
    }
    Err(format!("{}\n{} breaches of the house rules", said.join("\n"), said.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_is_tidy() {
        let said = all(&crate::root()).unwrap();
        assert!(said.is_empty(), "\n{}", said.join("\n"));
    }

    /// What the checks of one file say of a text, as `line found`.
    pub fn told(check: fn(&SourceFile) -> Vec<Breach>, path: &str, text: &str) -> Vec<String> {
        check(&SourceFile::new(path, text)).iter().map(|b| format!("{} {}", b.line, b.found)).collect()
    }
}
