//! Worked examples as text tables (算例) that a clerk can read, with two arrows.
//!
//! ```text
//! # 800,000 yuan over 30 years                    a comment
//! given method = equal-instalment                 holds for the rows below, until given again
//! # principal  | rate | periods                   a `#` line with a bar names the columns; one column: `# amount |`
//! 800000.00    | 3.50 | 360
//! == 3592.36                                      from paper: never rewritten
//! => last 3591.02                                 frozen by the tool: ANJU_BLESS=1 rewrites it
//! ```
//!
//! A row is followed by its answer, one arrow a line. A cell `_` leaves what is given. `given form a=1 b=2` gives `form` the rest of
//! the line.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;

use crate::root::{blessing, workspace_root};

/// A row of a table with its columns and all that is given above it.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its line in the file, from 1.
    pub line: usize,
    columns: Vec<String>,
    cells: Vec<String>,
    given: BTreeMap<String, String>,
}

impl Row {
    /// The cell of this column, or what is given under this name when there is no such column or the cell is `_`.
    pub fn get(&self, name: &str) -> Option<&str> {
        let column = self.columns.iter().position(|column| column == name);
        match column.map(|at| self.cells[at].as_str()) {
            Some("_") | None => self.given(name),
            cell => cell,
        }
    }

    /// The same, where it must be there.
    ///
    /// Panics with the names that are there.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_else(|| {
            let given: Vec<&str> = self.given.keys().map(String::as_str).collect();
            panic!("nothing called {name}; columns: {}; given: {}", self.columns.join(", "), given.join(", "))
        })
    }

    /// The same, read as a value.
    ///
    /// Panics with the text that could not be read.
    pub fn value<T: FromStr>(&self, name: &str) -> T
    where
        T::Err: std::fmt::Display,
    {
        let text = self.text(name);
        text.parse().unwrap_or_else(|error| panic!("{name} cannot be {text}: {error}"))
    }

    /// What is given above the row under this name.
    pub fn given(&self, name: &str) -> Option<&str> {
        self.given.get(name).map(String::as_str)
    }

    /// All that is given above the row, by name.
    pub fn all_given(&self) -> impl Iterator<Item = (&str, &str)> {
        self.given.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Column and cell, in order, `_` included.
    pub fn cells(&self) -> impl Iterator<Item = (&str, &str)> {
        self.columns.iter().zip(&self.cells).map(|(column, cell)| (column.as_str(), cell.as_str()))
    }
}

/// Runs `answer` over each row of the table at this path from the workspace root and compares line by line.
///
/// With `ANJU_BLESS=1` the `=>` lines are rewritten; a `==` line that differs fails in either case.
///
/// Panics with all rows that differ; also when the file is missing, malformed or has no row.
pub fn check(path: &str, answer: impl FnMut(&Row) -> String) {
    let file = workspace_root().join(path);
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{path} cannot be read: {error}"));
    let outcome = run(path, &text, blessing(), answer);
    if let Some(rewritten) = outcome.rewritten {
        std::fs::write(&file, rewritten).unwrap_or_else(|error| panic!("{path} cannot be written: {error}"));
    }
    if let Some(report) = outcome.report {
        panic!("{report}");
    }
}

struct Outcome {
    /// The new text of the file, when blessing changed it.
    rewritten: Option<String>,
    /// What is wrong, for people.
    report: Option<String>,
}

/// An answer line: from paper (`==`) or frozen (`=>`).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arrow {
    Paper,
    Frozen,
}

impl Arrow {
    fn split(line: &str) -> Option<(Arrow, &str)> {
        let (arrow, text) = match line.strip_prefix("==") {
            Some(text) => (Arrow::Paper, text),
            None => (Arrow::Frozen, line.strip_prefix("=>")?),
        };
        (text.is_empty() || text.starts_with(' ')).then(|| (arrow, text.strip_prefix(' ').unwrap_or(text).trim_end()))
    }

    fn show(self, text: &str) -> String {
        let sign = if self == Arrow::Paper { "==" } else { "=>" };
        format!("{sign} {text}").trim_end().to_owned()
    }
}

fn run(path: &str, text: &str, bless: bool, mut answer: impl FnMut(&Row) -> String) -> Outcome {
    let (mut columns, mut given): (Vec<String>, _) = (Vec::new(), BTreeMap::new());
    let (mut wrong, mut rows, mut out): (Vec<String>, usize, Vec<String>) = (Vec::new(), 0, Vec::new());
    let mut lines = text.lines().enumerate().peekable();
    while let Some((at, line)) = lines.next() {
        out.push(line.to_owned());
        let at = at + 1;
        let content = line.trim();
        if let Some(comment) = content.strip_prefix('#') {
            if comment.contains('|') {
                columns = cells(comment);
            }
        } else if let Some(rest) = content.strip_prefix("given ") {
            let rest = rest.trim_start();
            let (name, value) = rest.split_at(rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len()));
            let value = value.trim_start();
            given.insert(name.to_owned(), value.strip_prefix('=').unwrap_or(value).trim().to_owned());
        } else if Arrow::split(content).is_some() {
            wrong.push(format!("{path}:{at}: an answer without a row above it"));
        } else if !content.is_empty() {
            let mut expected = Vec::new();
            while let Some((_, line)) = lines.peek()
                && let Some(arrow) = Arrow::split(line.trim())
            {
                expected.push(arrow);
                lines.next();
            }
            rows += 1;
            let row = Row { line: at, columns: columns.clone(), cells: cells(content), given: given.clone() };
            let found = if row.cells.len() == row.columns.len() {
                let found = catch_unwind(AssertUnwindSafe(|| answer(&row)));
                found.unwrap_or_else(|panic| format!("panicked: {}", panic_text(&*panic)))
            } else {
                wrong.push(format!("{path}:{at}: {} cells under {} columns", row.cells.len(), row.columns.len()));
                out.extend(expected.iter().map(|(arrow, text)| arrow.show(text)));
                continue;
            };
            let mut found: Vec<&str> = found.lines().map(str::trim_end).collect();
            if found.is_empty() {
                found.push("");
            }
            if expected.iter().map(|(_, text)| *text).eq(found.iter().copied()) {
                out.extend(expected.iter().map(|(arrow, text)| arrow.show(text)));
                continue;
            }
            let paper_holds = expected.iter().enumerate().all(|(n, (arrow, text))| *arrow == Arrow::Frozen || found.get(n) == Some(text));
            if bless && paper_holds {
                out.extend(found.iter().enumerate().map(|(n, text)| {
                    let arrow = expected.get(n).map_or(Arrow::Frozen, |(arrow, _)| *arrow);
                    arrow.show(text)
                }));
            } else {
                wrong.push(format!("{path}:{at}: {content}\n{}", difference(&expected, &found)));
                out.extend(expected.iter().map(|(arrow, text)| arrow.show(text)));
            }
        }
    }
    if rows == 0 {
        wrong.push(format!("{path}: no rows"));
    }
    let rewritten = out.join("\n") + "\n";
    Outcome {
        rewritten: (bless && rewritten != text).then_some(rewritten),
        report: (!wrong.is_empty()).then(|| {
            let hint = "- stands in the file, + found now; ANJU_BLESS=1 rewrites => lines, never == lines";
            format!("{} differences in {rows} rows ({hint})\n{}", wrong.len(), wrong.join("\n"))
        }),
    }
}

fn difference(expected: &[(Arrow, &str)], found: &[&str]) -> String {
    let mut text = String::new();
    for n in 0..expected.len().max(found.len()) {
        match (expected.get(n), found.get(n)) {
            (Some((arrow, old)), Some(new)) if old == new => text.push_str(&format!("    {}\n", arrow.show(old))),
            (old, new) => {
                if let Some((arrow, old)) = old {
                    text.push_str(&format!("  - {}\n", arrow.show(old)));
                }
                if let Some(new) = new {
                    text.push_str(&format!("  + {new}\n"));
                }
            }
        }
    }
    text
}

/// Cells between bars; a bar at the end closes the last one.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    line.strip_suffix('|').unwrap_or(line).split('|').map(|cell| cell.trim().to_owned()).collect()
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("without words").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str =
        "# a comment\ngiven unit = fen\ngiven form a=1 b=2\n\n# a | b\n1 | 2\n== 3 fen\n1 | _\n=> 0\n# a |\n5 |\n=> 5\n=> twice\n";

    fn sum(row: &Row) -> String {
        match row.get("b") {
            Some(b) => format!("{} {}", row.value::<i32>("a") + b.parse::<i32>().unwrap(), row.text("unit")),
            None => format!("{}\ntwice", row.text("a")),
        }
    }

    #[test]
    fn rows_get_columns_given_values_and_answers_of_several_lines() {
        let outcome = run("t", &TABLE.replace("1 | _\n=> 0", "1 | 8\n=> 9 fen"), false, sum);
        assert_eq!(outcome.report, None);
        let mut seen = Vec::new();
        run("t", TABLE, false, |row| {
            seen.push((row.line, row.get("b").map(str::to_owned), row.given("form").map(str::to_owned)));
            String::new()
        });
        let form = Some("a=1 b=2".to_owned());
        assert_eq!(seen, [(6, Some("2".to_owned()), form.clone()), (8, None, form.clone()), (11, None, form)]);
    }

    #[test]
    fn blessing_rewrites_frozen_answers_only() {
        let outcome = run("t", &TABLE.replace("=> 0", "=> 0\n=> 1\n=> 2").replace("=> twice\n", ""), true, sum);
        assert_eq!(outcome.report, None);
        assert_eq!(outcome.rewritten, Some(TABLE.replace("=> 0", "=> 1\n=> twice")));
        let paper = run("t", &TABLE.replace("== 3 fen", "== 4 fen").replace("=> 0", "=> 1\n=> twice"), true, sum);
        assert_eq!(paper.rewritten, None);
        assert!(paper.report.unwrap().contains("t:6: 1 | 2\n  - == 4 fen\n  + 3 fen\n"));
    }

    #[test]
    fn every_wrong_row_is_told() {
        let report = run("t", "=> 1\n# a | b\n1 | 2 | 3\n=> 1\n1 | x\n=> 1\n", false, sum).report.unwrap();
        for part in [
            "3 differences in 2 rows",
            "t:1: an answer without a row",
            "t:3: 3 cells under 2 columns",
            "t:5: 1 | x\n  - => 1\n  + panicked: ",
        ] {
            assert!(report.contains(part), "{part} missing in {report}");
        }
        assert_eq!(run("t", "# nothing\n", false, sum).report.unwrap().lines().last(), Some("t: no rows"));
    }
}
