//! Texts of policy files, and the one function here that touches a disk.

use std::fs;
use std::io;
use std::path::Path;

/// A policy file: its name as problems print it, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Name with folders: `policy/collection/common.yaml`. The last two parts give area and subject.
    pub name: String,
    /// The text.
    pub text: String,
}

impl Source {
    /// All `.yaml` files below a centre's own policy folder, sorted by name, named with the folder's own last part.
    ///
    /// Errors: the folder or a file cannot be read, or is not UTF-8.
    pub fn read_dir(dir: &Path) -> io::Result<Vec<Source>> {
        let root = dir.file_name().map_or_else(|| "policy".to_owned(), |n| n.to_string_lossy().into_owned());
        let mut sources = Vec::new();
        walk(dir, &root, &mut sources)?;
        sources.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(sources)
    }
}

fn walk(dir: &Path, name: &str, into: &mut Vec<Source>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let (path, name) = (entry.path(), format!("{name}/{}", entry.file_name().to_string_lossy()));
        if entry.file_type()?.is_dir() {
            walk(&path, &name, into)?;
        } else if name.ends_with(".yaml") {
            let text = fs::read_to_string(&path).map_err(|e| io::Error::new(e.kind(), format!("{name}: {e}")))?;
            into.push(Source { name, text });
        }
    }
    Ok(())
}

/// The files embedded when the program was built.
pub(crate) fn shipped() -> Vec<Source> {
    const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/shipped.rs"));
    FILES.iter().map(|(name, text)| Source { name: (*name).to_owned(), text: (*text).to_owned() }).collect()
}
