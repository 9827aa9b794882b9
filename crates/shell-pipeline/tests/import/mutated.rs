//! Files that something happened to: whatever is in them, an import answers by its contract and writes nothing it did not say.

use std::collections::HashSet;

use shell_pipeline::catalogue;
use shell_pipeline::import::{CODES, ImportAnswer, Kind, Options};

use crate::bed::{BANK, Bed, EMPLOYERS, MEMBERS, clerk, csv, employer, member, opening};

/// A small generator of our own: the same files each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }
}

/// What people, spreadsheets and networks put into files.
const ODD: &[&str] = &[
    "",
    " ",
    "\u{3000}",
    "\"",
    "\"\"",
    ",",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "０",
    "１２",
    "-",
    "−1",
    "1e9",
    "9999999999999999999999",
    "0.001",
    "#N/A",
    "=1+1",
    "2025-13",
    "2025/2/30",
    "合计",
    "\u{feff}",
    "\u{202e}",
    "𬭳",
    "😀",
    "null",
    "是",
    "99%",
    "'",
    ";",
    "单位账号",
];

fn mutate(file: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut out = file.to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(out.len().max(1));
        match dice.below(6) {
            0 => out.truncate(at),
            1 if !out.is_empty() => out[at] = u8::try_from(dice.below(256)).unwrap(),
            2 if !out.is_empty() => drop(out.drain(at..(at + 1 + dice.below(40)).min(out.len()))),
            3 => {
                let again = out[at..(at + dice.below(200)).min(out.len())].to_vec();
                out.splice(at..at, again);
            }
            _ => drop(out.splice(at.min(out.len())..at.min(out.len()), ODD[dice.below(ODD.len())].bytes())),
        }
    }
    out
}

/// The promises of an answer.
fn keeps_its_contract(answer: &ImportAnswer, good_rows: bool, codes: &HashSet<&str>) {
    assert!(answer.accepted + answer.unchanged <= answer.rows, "{answer:?}");
    assert!(good_rows || answer.errors.is_empty() || answer.accepted == 0, "errors and accepted rows: {answer:?}");
    for e in &answer.errors {
        // Codes of a form's fields are those of the form itself.
        assert!(codes.contains(e.code) || e.code == "required" || e.code.starts_with("form."), "code {} is in no catalogue", e.code);
        assert!(!e.message.is_empty(), "an error without words: {e:?}");
        assert!(!e.message.contains('\n') && e.found.chars().count() <= 200, "{e:?}");
    }
    let told: HashSet<_> = answer.errors.iter().map(|e| (&e.sheet, e.row, &e.column, e.code)).collect();
    assert_eq!(told.len(), answer.errors.len(), "an error is told once: {answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mutated_file_is_answered_and_changes_nothing() {
    let (bed, [first, second]) = Bed::sqlite().await.with_employers().await;
    let mut codes: HashSet<&str> = CODES.iter().chain(shell_files::problem::code::ALL).map(|(code, _)| *code).collect();
    codes.extend(catalogue::actions().flat_map(|entry| entry.refusals.iter().map(|because| because.code)));
    let people: Vec<Vec<String>> = (1..9).map(|n| member(if n % 2 == 0 { first } else { second }, n)).collect();
    let notice: String = (1..6).map(|n| format!("{n}|{BANK}|HS{n}|||某校|10.0{n}|20250701||||{first}|156|||||||||0||\n")).collect();
    let files = [
        (Kind::Employers, csv(EMPLOYERS, &[employer(5), employer(6), employer(7)]), 120),
        (Kind::Members, csv(MEMBERS, &people), 200),
        (Kind::Opening, opening(first, 1..6, "50"), 80),
        (Kind::Receipts, notice.into_bytes(), 120),
        (Kind::Base, csv("个人账号,调整后缴存基数", &[vec!["1".into(), "6000".into()]]), 60),
        (
            Kind::Remittance,
            csv("单位账号,汇缴年月,个人账号,缴存基数", &[vec![first.to_string(), "2025-07".into(), "1".into(), "6000".into()]]),
            60,
        ),
    ];
    let before = bed.row_counts().await;
    let mut dice = Dice(20_250_701);
    for (kind, file, times) in files {
        for n in 0..times {
            let good_rows = n % 2 == 0;
            let options = Options { dry_run: true, accept_good_rows: good_rows, ..Options::default() };
            let answer = bed.import(&clerk(), kind, &mutate(&file, &mut dice), options).await;
            keeps_its_contract(&answer, good_rows, &codes);
        }
    }
    assert_eq!(bed.row_counts().await, before, "a dry run writes nothing");
}
