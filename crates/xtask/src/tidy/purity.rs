//! Deciding code has no clock, no random, no I/O, no async, and no floats.

use super::Breach;
use crate::source::SourceFile;

/// What core and areas may not say, and what they say instead.
const BANNED: &[(&[&str], &str)] = &[
    (
        &["SystemTime", "Instant::now", "Timestamp::now", "Zoned::now", "Utc::now", "Local::now"],
        "take the day as an input: At.accepted, At.today",
    ),
    (&["getrandom", "thread_rng", "OsRng", "rand::", "Uuid::new"], "take new ids and random bytes as inputs: ids of the case (new#1)"),
    (&["async fn", "async move", ".await", "tokio::"], "declare a fact; the shell loads it before decide"),
    (
        &["std::net", "std::process", "std::thread", "std::env::", "std::fs", "File::open"],
        "declare a fact or give an effect; I/O belongs to a shell",
    ),
];

/// Files of core that read files on purpose: the policy folder, at start-up only.
const READS_FILES: &[&str] = &["crates/core-policy/src/source.rs"];

/// Numbers near money are whole.
const FLOAT: &str = "count in whole fen, ten-millionths or core_money::Fraction";

/// Whether a line says a word, and not only a longer one that begins with it.
fn says(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let ends = line[at + word.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '_');
        ends || word.ends_with(':')
    })
}

pub fn check(file: &SourceFile) -> Vec<Breach> {
    let pure = file.krate().starts_with("core-") || file.krate().starts_with("area-");
    if !pure || !file.in_src() {
        return Vec::new();
    }
    let mut breaches = Vec::new();
    for (number, line) in file.shipped_lines() {
        for word in line.split(|c: char| !c.is_alphanumeric() && c != '_') {
            let float = matches!(word, "f32" | "f64")
                || (word.ends_with("f64") || word.ends_with("f32")) && word.starts_with(|c: char| c.is_ascii_digit());
            if float {
                breaches.push(Breach::new(file, number, format!("a float `{word}`"), FLOAT));
            }
        }
        for (words, instead) in BANNED {
            for word in words.iter().filter(|word| says(line, word)) {
                let reads_files = word.contains("fs") && READS_FILES.contains(&file.path.as_str());
                if !reads_files {
                    breaches.push(Breach::new(file, number, format!("`{word}`"), instead));
                }
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
    fn clocks_random_io_and_floats_are_told_in_core_and_areas_only() {
        let text = "//! x\nlet t = SystemTime::now();\nlet x: f64 = 1f64;\nstd::fs::read(p); let n = f.awaiting;\n// f64 in words\n\"f32\";\n#[cfg(test)]\nf64\n";
        let said = ["2 `SystemTime`", "3 a float `f64`", "3 a float `1f64`", "4 `std::fs`"];
        assert_eq!(told(check, "crates/area-x/src/a.rs", text), said);
        assert_eq!(told(check, "crates/core-x/src/a.rs", text), said);
        assert!(told(check, "crates/shell-x/src/a.rs", text).is_empty());
        assert!(told(check, "crates/core-x/tests/a.rs", text).is_empty());
    }
}
