//! Every citation resolves to a line of the handbook: those of policy/ and those in comments of the code.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use core_policy::{PolicySet, Source};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The handbook by file number (`README` for its README).
struct Handbook(BTreeMap<String, String>);

impl Handbook {
    fn read() -> Handbook {
        let files = fs::read_dir(root().join("docs/handbook")).unwrap().map(|e| e.unwrap().path());
        let key = |p: &Path| p.file_stem().unwrap().to_str().unwrap().split('-').next().unwrap().to_owned();
        Handbook(files.filter(|p| p.extension().is_some_and(|e| e == "md")).map(|p| (key(&p), fs::read_to_string(&p).unwrap())).collect())
    }

    /// Whether the file has that section: a heading, or a row of a table that starts with its number.
    fn has(&self, file: &str, section: &str) -> bool {
        let starts = |line: &str| {
            let line = line.trim_start_matches(['#', '|', '*', ' ']);
            line.strip_prefix(section).is_some_and(|rest| {
                rest.starts_with([' ', '.', '|', '*'])
                    && !rest.starts_with(|c: char| c.is_ascii_digit())
                    && !rest[1..].starts_with(|c: char| c.is_ascii_digit())
            })
        };
        self.0.get(file).is_some_and(|text| text.lines().filter(|l| l.starts_with(['#', '|'])).any(starts))
    }
}

/// Every `handbook NN §x` of a text; several sections may follow one file: `handbook 02 §1.6.11, §1.6.12`.
fn references(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for after in text.split("handbook ").skip(1) {
        let Some((file, rest)) = after.split_once(" §") else {
            continue;
        };
        if file != "README" && (file.len() != 2 || !file.bytes().all(|b| b.is_ascii_digit())) {
            continue;
        }
        let mut rest = rest;
        loop {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            found.push((file.to_owned(), rest[..end].trim_end_matches('.').to_owned()));
            match [", §", "、§", "-§", " and §", "/§"].iter().find_map(|join| rest[end..].strip_prefix(join)) {
                Some(next) => rest = next,
                None => break,
            }
        }
    }
    found
}

#[test]
fn references_are_read_as_people_write_them() {
    let read = |text: &str| references(text).into_iter().map(|(f, s)| format!("{f} {s}")).collect::<Vec<_>>();
    assert_eq!(read("see handbook 02 §1.6.12. Then handbook 17 §4, §5 and nothing"), ["02 1.6.12", "17 4", "17 5"]);
    assert_eq!(read("(handbook README §2); handbook 06 E-A1; the handbook says §3"), ["README 2"]);
}

#[test]
fn every_seen_in_and_every_instrument_of_the_policy_stands_in_the_handbook() {
    let (handbook, set) = (Handbook::read(), PolicySet::shipped());
    let everything: String = handbook.0.values().map(String::as_str).collect();
    let mut wrong = Vec::new();
    let mut resolve = |what: String, seen_in: &str| {
        let read = references(seen_in);
        // Behind the section may stand the id of an entry, which must be in that file.
        let entry = seen_in.rsplit(' ').next().filter(|w| w.starts_with("E-"));
        let has =
            |file: &str, section: &str| handbook.has(file, section) && entry.is_none_or(|e| handbook.0[file].contains(&format!("| {e} |")));
        if read.len() != 1 || read.iter().any(|(file, section)| !has(file, section)) {
            wrong.push(format!("{what}: {seen_in}"));
        }
    };
    for instrument in set.instruments() {
        resolve(format!("instrument {}", instrument.id), &instrument.seen_in);
    }
    for family in set.families() {
        for step in family.layers.iter().flat_map(|l| &l.steps) {
            match &step.under.seen_in {
                Some(seen_in) => resolve(step.source(), seen_in),
                None => resolve(step.source(), "not said where it was seen"),
            }
        }
    }
    for instrument in set.instruments() {
        let numbers = instrument.editions.iter().filter_map(|e| e.number.as_deref());
        for text in numbers.chain([&*instrument.shown]) {
            if !everything.contains(text) {
                wrong.push(format!("{text} does not occur in the handbook"));
            }
        }
    }
    assert!(wrong.is_empty(), "citations that do not resolve:\n{}", wrong.join("\n"));
}

#[test]
fn every_article_of_the_regulation_stands_in_the_map_of_its_edition() {
    let handbook = Handbook::read();
    let map = &handbook.0["01"];
    // The map gives 1-30 the same number; later ones are listed as old->new, new ones apart.
    let renumbered: BTreeMap<u32, u32> = map
        .lines()
        .find(|l| l.starts_with("| renumbered"))
        .expect("the map of file 01, 2.1")
        .split(|c: char| !(c.is_ascii_digit() || c == '-' || c == '>'))
        .filter_map(|pair| pair.split_once("->"))
        .map(|(old, new)| (new.parse().unwrap(), old.parse().unwrap()))
        .collect();
    let fresh: Vec<u32> = map
        .lines()
        .find(|l| l.starts_with("| new, no old number"))
        .unwrap()
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|n| n.parse().ok())
        .collect();
    let mut articles = 0;
    for family in PolicySet::shipped().families() {
        let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
        for step in family.layers.iter().flat_map(|l| &l.steps).filter(|s| &*s.under.instrument == "住房公积金管理条例") {
            let article =
                article(step.under.place.as_deref().expect("an article")).unwrap_or_else(|| panic!("{}: {}", step.source(), step.under));
            let edition = step.under.edition.as_deref().unwrap();
            let known = match edition {
                "2026" => article <= 30 || renumbered.contains_key(&article) || fresh.contains(&article),
                _ => article <= 30 || renumbered.values().any(|old| *old == article),
            };
            assert!(known, "{}: {} is not in the map", step.source(), step.under);
            seen.insert(edition, article);
            articles += 1;
        }
        if let (Some(old), Some(new)) = (seen.get("2019"), seen.get("2026")) {
            assert_eq!(
                *old,
                renumbered.get(new).copied().unwrap_or(*new),
                "{}: the two editions' articles do not belong together",
                family.rule
            );
        }
    }
    assert!(articles > 60);
}

/// 第三十七条 -> 37.
fn article(text: &str) -> Option<u32> {
    let digit = |c: char| "零一二三四五六七八九".chars().position(|d| d == c).map(|d| d as u32);
    let number = text.strip_prefix('第')?.split('条').next()?;
    match number.split_once('十') {
        None => number.chars().next().and_then(digit),
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { digit(tens.chars().next()?)? };
            let ones = if ones.is_empty() { 0 } else { digit(ones.chars().next()?)? };
            Some(tens * 10 + ones)
        }
    }
}

#[test]
fn articles_are_read() {
    assert_eq!(["第九条", "第十条", "第十八条", "第二十条", "第三十七条"].map(article), [9, 10, 18, 20, 37].map(Some));
}

#[test]
fn every_handbook_section_named_in_code_policy_and_docs_exists() {
    let handbook = Handbook::read();
    let mut wrong = Vec::new();
    let mut files: Vec<(String, String)> =
        Source::read_dir(&root().join("policy")).unwrap().into_iter().map(|s| (s.name, s.text)).collect();
    for folder in ["crates", "docs"] {
        walk(&root().join(folder), folder, &mut files);
    }
    let mut met = 0;
    for (name, text) in files.iter().filter(|(name, _)| !name.ends_with("core-policy/tests/citations.rs")) {
        for (number, line) in text.lines().enumerate() {
            for (file, section) in references(line) {
                met += 1;
                if !handbook.has(&file, &section) {
                    wrong.push(format!("{name}:{}: handbook {file} §{section}", number + 1));
                }
            }
        }
    }
    assert!(met > 200, "only {met} references met: the scan looks in the wrong place");
    assert!(wrong.is_empty(), "references that do not resolve:\n{}", wrong.join("\n"));
}

/// Rust and Markdown below a folder; the handbook itself and build output are left out.
fn walk(dir: &Path, name: &str, into: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(dir).unwrap().map(|e| e.unwrap()) {
        let (path, name) = (entry.path(), format!("{name}/{}", entry.file_name().to_string_lossy()));
        if path.is_dir() {
            if !name.ends_with("/handbook") && !name.ends_with("/target") && !name.ends_with("/node_modules") {
                walk(&path, &name, into);
            }
        } else if name.ends_with(".rs") || name.ends_with(".md") {
            into.push((name, fs::read_to_string(&path).unwrap_or_default()));
        }
    }
}
