//! First lines, reminders, leftovers, paths of one machine.

use super::Breach;
use crate::source::SourceFile;

/// Code that is never committed.
const LEFTOVERS: &[(&str, &str)] = &[
    ("todo!(", "write it now, or leave it out and say so under `Left out` in the module's comment"),
    ("unimplemented!(", "write it now, or leave it out and say so under `Left out` in the module's comment"),
    ("dbg!(", "take it out; for what operators should see use the log"),
    ("#[ignore", "make the test right; if behaviour is wrong today, its row says so and why"),
    ("#[allow(unsafe_code", "find the safe way"),
];

pub fn check_rust(file: &SourceFile) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let first = file.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if !first.starts_with("//!") && !first.starts_with("#![doc = include_str!") {
        breaches.push(Breach::new(file, 1, "no first `//!` line", "say in one line what the file is"));
    }
    for (number, line) in file.code.lines().enumerate() {
        for (word, instead) in LEFTOVERS.iter().filter(|(word, _)| line.contains(word)) {
            breaches.push(Breach::new(file, number + 1, format!("`{}`", word.trim_end_matches('(')), instead));
        }
    }
    for comment in &file.comments {
        for (offset, line) in comment.text.lines().enumerate() {
            let reminder = line.split(|c: char| !c.is_alphanumeric()).find(|word| matches!(*word, "TODO" | "FIXME" | "XXX" | "HACK"));
            if let Some(word) = reminder {
                let instead = "do it now; an open point of the domain goes to docs/open-questions.md";
                breaches.push(Breach::new(file, comment.line + offset, format!("a reminder `{word}`"), instead));
            }
        }
    }
    breaches
}

/// Beginnings of paths that exist on one machine only. Composed, so that this file does not find itself.
fn machine_paths() -> [String; 6] {
    ["work", "home", "root", "tmp", "Users", "mnt"].map(|folder| format!("/{folder}/"))
}

pub fn check_text(file: &SourceFile) -> Vec<Breach> {
    // The handbook is the domain's text, the CI scripts may name folders of the machine they run on.
    if file.path.starts_with("docs/handbook/") || file.path.starts_with(".ci/") {
        return Vec::new();
    }
    let mut breaches = Vec::new();
    let paths = machine_paths();
    for (number, line) in file.text.lines().enumerate() {
        for path in &paths {
            // Only where a path begins: behind a space, a quote or a bracket, not inside another path or an address.
            let begins = line.match_indices(path.as_str()).any(|(at, _)| {
                line[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '(' | '=' | '>'))
            });
            if begins {
                let instead = "a path from the root of the repository; for a scratch folder std::env::temp_dir()";
                breaches.push(Breach::new(file, number + 1, format!("a path of one machine, {path}"), instead));
            }
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::told;

    #[test]
    fn a_file_begins_with_what_it_is_and_holds_no_leftovers() {
        let text = "use x;\nfn f() { todo!(); dbg!(1); }\n// TODO later\n#[ignore = \"x\"]\nlet s = \"todo!()\";\n";
        let said = ["1 no first `//!` line", "2 `todo!`", "2 `dbg!`", "4 `#[ignore`", "3 a reminder `TODO`"];
        assert_eq!(told(check_rust, "crates/a/src/a.rs", text), said);
        assert!(told(check_rust, "crates/a/src/a.rs", "#![doc = include_str!(\"../README.md\")]\n").is_empty());
    }

    #[test]
    fn paths_of_one_machine_are_told_wherever_they_begin() {
        let home = format!("/{}/someone/x", "home");
        assert_eq!(told(check_text, "docs/a.md", &format!("see `{home}`")).len(), 1);
        assert!(told(check_text, "docs/a.md", &format!("https://example.org{home}")).is_empty());
        assert!(told(check_text, "docs/handbook/a.md", &home).is_empty());
    }
}
