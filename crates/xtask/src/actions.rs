//! The list of actions, read from their files: name, Chinese and English term, purpose.

use std::path::Path;

use crate::source::{self, SourceFile};

/// An action as its file tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionFile {
    /// Path from the root.
    pub path: String,
    /// `collection.member.seal`; none when the file has no `const NAME`.
    pub name: Option<String>,
    /// First `//!` sentence: `个人账户封存 Seal: the employer stops paying …`.
    pub said: String,
}

/// Reads `const NAME: &'static str = "…"` and the first line.
pub fn read(file: &SourceFile) -> ActionFile {
    let name = file.text.lines().find_map(|line| {
        let rest = line.trim().strip_prefix("const NAME: &'static str = \"")?;
        rest.split_once('"').map(|(name, _)| name.to_owned())
    });
    // The first paragraph's first sentence, which may go on over the end of its line.
    let mut said = String::new();
    for line in file.text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim).take_while(|line| !line.is_empty()) {
        said += if said.is_empty() { "" } else { " " };
        said += line;
        if line.ends_with('.') {
            break;
        }
    }
    ActionFile { path: file.path.clone(), name, said }
}

/// Every action of every area, by name; a file without a name is told by the tidy check.
pub fn all(root: &Path) -> Vec<ActionFile> {
    let mut actions: Vec<ActionFile> =
        source::rust_files(root).iter().filter(|file| file.is_action()).map(read).filter(|file| file.name.is_some()).collect();
    actions.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    actions
}

/// The list as a table of Markdown.
pub fn table(actions: &[ActionFile]) -> String {
    let mut table = format!("{} actions.\n\n| action | what it is |\n|---|---|\n", actions.len());
    for action in actions {
        table += &format!("| `{}` | {} |\n", action.name.as_deref().unwrap_or("?"), action.said.replace('|', "\\|"));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_first_line_are_read_from_the_file() {
        let text = "//! 封存 Seal: no more\n//! payments.\n//!\n//! Law: x\nimpl Action for Seal {\n    const NAME: &'static str = \"collection.member.seal\";\n}\n";
        let file = SourceFile::new("crates/area-collection/src/actions/member_seal.rs", text);
        assert!(file.is_action());
        let action = read(&file);
        assert_eq!(action.name.as_deref(), Some("collection.member.seal"));
        assert_eq!(action.said, "封存 Seal: no more payments.");
        assert!(table(&[action]).contains("| `collection.member.seal` | 封存 Seal"));
    }
}
