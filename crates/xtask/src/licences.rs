//! Licences of everything we build on, as a golden; one that we may not distribute is an error.

use std::collections::BTreeMap;

use crate::metadata::Package;

/// Licences under which a package may be part of the program. Permissive ones, and Mozilla's, whose files we do not change.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Whether an expression offers a way that is allowed: one side of OR, both of AND.
fn allowed(expression: &str) -> bool {
    let expression = expression.trim();
    // The outermost operator, OR binding weaker than AND; brackets hide what is inside.
    for operator in [" OR ", " AND "] {
        let mut depth = 0;
        for (at, c) in expression.char_indices() {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                ' ' if depth == 0 && expression[at..].starts_with(operator) => {
                    let (left, right) = (&expression[..at], &expression[at + operator.len()..]);
                    return if operator == " OR " { allowed(left) || allowed(right) } else { allowed(left) && allowed(right) };
                }
                _ => {}
            }
        }
    }
    match expression.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => allowed(inner),
        None => ALLOWED.contains(&expression),
    }
}

/// What may not be shipped, one sentence each.
pub fn breaches(packages: &[Package]) -> Vec<String> {
    packages
        .iter()
        .filter(|package| !allowed(&package.licence))
        .map(|package| format!("{} is under {}: take another package, or have the licence looked at", package.name, package.licence))
        .collect()
}

/// The list: by licence, first what is part of the program, then what only builds and tests it.
pub fn list(packages: &[Package]) -> String {
    let mut text = String::new();
    for (shipped, title) in [(true, "Part of the program"), (false, "Only for building and testing")] {
        let mut by: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for package in packages.iter().filter(|package| package.shipped == shipped) {
            by.entry(package.licence.as_str()).or_default().push(package.name.as_str());
        }
        text += &format!("### {title}\n\n| licence | packages |\n|---|---|\n");
        for (licence, names) in by {
            text += &format!("| {licence} | {} |\n", names.join(", "));
        }
        text.push('\n');
    }
    text.trim_end().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_side_of_or_and_both_sides_of_and_must_be_allowed() {
        for yes in
            ["MIT", "MIT OR GPL-3.0", "GPL-3.0 OR MIT", "(MIT OR Apache-2.0) AND Unicode-3.0", "Apache-2.0 WITH LLVM-exception OR MIT"]
        {
            assert!(allowed(yes), "{yes}");
        }
        for no in ["GPL-3.0", "MIT AND GPL-3.0", "not stated", "(GPL-3.0 OR AGPL-3.0) AND MIT"] {
            assert!(!allowed(no), "{no}");
        }
    }
}
