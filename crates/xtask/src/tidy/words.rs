//! One Chinese term, one English name: the handbook's glossary decides, doc comments follow.

use std::collections::BTreeMap;

use super::Breach;
use crate::glossary::{Told, Word, speaks_of};

pub fn check(handbook: &[Word], told: &[Told]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let known: BTreeMap<&str, &Word> =
        handbook.iter().flat_map(|word| word.chinese.iter().map(move |term| (term.as_str(), word))).collect();
    let mut first: BTreeMap<&str, &Told> = BTreeMap::new();
    for line in told {
        match known.get(line.chinese.as_str()) {
            Some(word) if !word.english.iter().any(|name| speaks_of(&line.english, name)) => breaches.push(Breach {
                path: line.path.clone(),
                line: line.line,
                found: format!("{} is called `{}`, in the glossary `{}`", line.chinese, line.english, word.english.join("` / `")),
                instead: "the name of docs/handbook/README.md §4",
            }),
            Some(_) => {}
            // Words beside the glossary are held to one name where the language of the house is made.
            None if line.path.starts_with("crates/core-") || line.path.starts_with("crates/area-") => {
                let before = first.entry(line.chinese.as_str()).or_insert(line);
                if !speaks_of(&before.english, &line.english) && !speaks_of(&line.english, &before.english) {
                    breaches.push(Breach {
                        path: line.path.clone(),
                        line: line.line,
                        found: format!(
                            "{} is called `{}`, in {}:{} `{}`",
                            line.chinese, line.english, before.path, before.line, before.english
                        ),
                        instead: "one English name for one Chinese term: choose, and change it everywhere today",
                    });
                }
            }
            None => {}
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(english: &str, chinese: &str, line: usize) -> Told {
        Told { path: "crates/core-x/src/a.rs".into(), line, english: english.into(), chinese: chinese.into() }
    }

    #[test]
    fn the_glossary_decides_and_words_beside_it_have_one_name_too() {
        let handbook = [Word { chinese: vec!["汇缴清册".into()], english: vec!["RemittanceList".into()], meaning: String::new() }];
        let lines = [
            told("Remittance list", "汇缴清册", 1),
            told("Remittance lists", "汇缴清册", 2),
            told("Payroll", "汇缴清册", 3),
            told("Run ledger", "批处理台账", 4),
            told("Batch log", "批处理台账", 5),
        ];
        let breaches = check(&handbook, &lines);
        assert_eq!(breaches.iter().map(|b| b.line).collect::<Vec<_>>(), [3, 5], "{breaches:?}");
    }
}
