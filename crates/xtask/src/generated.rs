//! The generated parts of the documents: written by `cargo xtask map`, compared by a test.

use std::path::Path;

use crate::metadata::{Member, Package};
use crate::{Failure, actions, dependencies, glossary, graph, licences, metadata, source};

/// What the parts are made from, read once.
struct House {
    members: Vec<Member>,
    packages: Vec<Package>,
}

/// A part of a document: its file, the name between its markers (none: the whole file), how it is made from what it was.
struct Part {
    path: &'static str,
    name: Option<&'static str>,
    make: fn(&Path, &House, &str) -> Result<String, Failure>,
}

const PARTS: &[Part] = &[
    Part { path: "ARCHITECTURE.md", name: Some("crates"), make: |_, house, _| Ok(graph::draw(&house.members)) },
    Part { path: "ARCHITECTURE.md", name: Some("actions"), make: |root, _, _| Ok(actions::table(&actions::all(root))) },
    Part { path: "docs/dependencies.md", name: Some("packages"), make: |_, house, was| Ok(dependencies::table(&house.members, was)) },
    Part { path: "docs/licences.md", name: Some("packages"), make: |_, house, _| Ok(licences::list(&house.packages)) },
    Part {
        path: "docs/glossary.md",
        name: None,
        make: |root, _, _| Ok(glossary::document(&glossary::handbook(root)?, &glossary::told_in_code(&source::rust_files(root)))),
    },
];

fn markers(name: &str) -> (String, String) {
    (format!("<!-- {name}: drawn by cargo xtask map -->\n"), format!("<!-- {name}: end -->"))
}

/// What stands between the markers.
fn between<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (begin, end) = markers(name);
    let from = text.find(&begin)? + begin.len();
    let length = text[from..].find(&end)?;
    Some(&text[from..from + length])
}

/// Every part: file, what it is now, what it should be.
fn compare(root: &Path) -> Result<Vec<(&'static Part, String, String)>, Failure> {
    let house = House { members: metadata::members(root)?, packages: metadata::packages(root)? };
    PARTS
        .iter()
        .map(|part| {
            let text = match (std::fs::read_to_string(root.join(part.path)), part.name) {
                (Ok(text), _) => text,
                (Err(_), None) => String::new(),
                (Err(error), Some(_)) => return Err(format!("{} cannot be read: {error}", part.path)),
            };
            let was = match part.name {
                None => text.as_str(),
                Some(name) => between(&text, name).ok_or_else(|| format!("{} has no markers for `{name}`", part.path))?,
            };
            let should = (part.make)(root, &house, was)?;
            Ok((part, was.to_owned(), should))
        })
        .collect()
}

/// Writes every part that differs, and says which.
pub fn write(root: &Path) -> Result<(), Failure> {
    for (part, was, should) in compare(root)?.into_iter().filter(|(_, was, should)| was != should) {
        let file = root.join(part.path);
        let text = match part.name {
            None => should,
            Some(name) => {
                // Read again: an earlier part may have written the same file.
                let text = std::fs::read_to_string(&file).map_err(|error| format!("{} cannot be read: {error}", part.path))?;
                let (begin, _) = markers(name);
                text.replacen(&format!("{begin}{was}"), &format!("{begin}{should}"), 1)
            }
        };
        std::fs::write(&file, text).map_err(|error| format!("{} cannot be written: {error}", part.path))?;
        println!("  drawn again: {}{}", part.path, part.name.map_or(String::new(), |name| format!(" ({name})")));
    }
    Ok(())
}

/// Packages without a line of reason in docs/dependencies.md, and lines without a package.
pub fn reasons(root: &Path) -> Result<Vec<String>, Failure> {
    let path = "docs/dependencies.md";
    let text = std::fs::read_to_string(root.join(path)).map_err(|error| format!("{path} cannot be read: {error}"))?;
    let table = between(&text, "packages").ok_or_else(|| format!("{path} has no markers for `packages`"))?;
    Ok(dependencies::breaches(&metadata::members(root)?, table))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first line in which two texts differ.
    fn difference(was: &str, should: &str) -> String {
        let mut lines = was.lines();
        for line in should.lines() {
            let kept = lines.next().unwrap_or_default();
            if kept != line {
                return format!("\n  - {kept}\n  + {line}");
            }
        }
        lines.next().map_or(String::new(), |line| format!("\n  - {line}"))
    }

    #[test]
    fn the_documents_show_the_house_as_it_is() {
        let root = crate::root();
        if std::env::var_os("ANJU_BLESS").is_some_and(|value| value == "1") {
            write(&root).unwrap();
        }
        let stale: Vec<String> = compare(&root)
            .unwrap()
            .iter()
            .filter(|(_, was, should)| was != should)
            .map(|(part, was, should)| format!("{} {}{}", part.path, part.name.unwrap_or_default(), difference(was, should)))
            .collect();
        assert!(stale.is_empty(), "cargo xtask map draws these again:\n{}", stale.join("\n"));
    }

    #[test]
    fn a_part_is_what_stands_between_its_markers() {
        let (begin, end) = markers("crates");
        assert_eq!(between(&format!("a\n{begin}x\n{end}\nb"), "crates"), Some("x\n"));
        assert_eq!(between("a", "crates"), None);
    }
}
