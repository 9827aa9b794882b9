//! SQL stands in the store and nowhere else, so that one place knows the tables and no row is written past decide and commit.

use super::Breach;
use crate::source::SourceFile;

const INSTEAD: &str = "put the query into crates/shell-store and call its function; changes go through an action";

/// Where SQL may stand: the store, the test tools, and tests that spoil or count rows through a raw connection.
fn may(file: &SourceFile) -> bool {
    matches!(file.krate(), "shell-store" | "testkit" | "xtask") || file.krate() != "sim" && file.path.split('/').nth(2) == Some("tests")
}

/// The statement a text begins or holds. `sim` is searched in any case of letters: it holds no SQL at all.
fn statement(text: &str) -> Option<&'static str> {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c == '(' || c == '\\').filter(|word| !word.is_empty()).collect();
    let pair = |first: &str, second: &str| words.windows(2).any(|two| two[0] == first && two[1] == second);
    let apart =
        |first: &str, second: &str| words.iter().position(|word| *word == first).is_some_and(|at| words[at + 1..].contains(&second));
    if pair("INSERT", "INTO") {
        Some("INSERT INTO")
    } else if pair("DELETE", "FROM") {
        Some("DELETE FROM")
    } else if words.windows(3).any(|three| three[0] == "UPDATE" && three[2] == "SET") {
        Some("UPDATE … SET")
    } else if apart("SELECT", "FROM") || words.first() == Some(&"SELECT") {
        Some("SELECT")
    } else if ["TABLE", "INDEX", "TRIGGER", "SCHEMA"].iter().any(|what| ["CREATE", "ALTER", "DROP"].iter().any(|verb| pair(verb, what))) {
        Some("CREATE, ALTER or DROP")
    } else {
        None
    }
}

pub fn check(file: &SourceFile) -> Vec<Breach> {
    if may(file) {
        return Vec::new();
    }
    let found = |text: &str| if file.krate() == "sim" { statement(&text.to_uppercase()) } else { statement(text) };
    file.strings
        .iter()
        .filter_map(|piece| found(&piece.text).map(|statement| Breach::new(file, piece.line, format!("SQL: {statement}"), INSTEAD)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::told;

    #[test]
    fn statements_are_found_in_strings_outside_the_store() {
        let text = "//! SELECT in words FROM a comment\nf(\"SELECT a FROM b\");\ng(\"UPDATE t SET x = 1\");\nh(\"INSERT INTO t\");\ni(\"Select a file FROM\");\n";
        assert_eq!(told(check, "crates/shell-web/src/a.rs", text), ["2 SQL: SELECT", "3 SQL: UPDATE … SET", "4 SQL: INSERT INTO"]);
        assert!(told(check, "crates/shell-store/src/a.rs", text).is_empty());
        assert!(told(check, "crates/anju/tests/a.rs", text).is_empty());
    }

    #[test]
    fn the_simulation_holds_none_in_any_spelling_and_not_in_its_tests() {
        let text = "//! x\nf(\"insert  into entry values (1)\");\n";
        for path in ["crates/sim/src/a.rs", "crates/sim/tests/a.rs"] {
            assert_eq!(told(check, path, text), ["2 SQL: INSERT INTO"], "{path}");
        }
    }
}
