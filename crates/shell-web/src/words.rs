//! From the pipeline's data to words on the screen: citations, problems, effects, times, numbers in groups.
//!
//! One place, so that a refusal reads the same on a form, a case and a list (look §6).

mod effects;
mod reasons;

use core_calendar::Day;
use core_case::digest::Digest;
use core_case::form::FieldError;
use core_case::refusal::{Refusal, Remedy};
use core_case::state::CaseState;
use core_money::Money;

use crate::ui::problems::Problem;
use crate::ui::{Button, Cite, Pill, Text};

pub use effects::effects;
pub use reasons::{Reason, check, reasons, stored_refusals};

/// A citation for the screen, leading to the rule's page.
pub fn cite(under: &core_policy::Cite, rule: &str) -> Cite {
    // The handbook is a book to people, not a folder.
    let words = under.to_string().replace("handbook ", "手册 ");
    let cite = if under.is_unknown() { Cite::unknown(words) } else { Cite::known(words) };
    if rule.is_empty() { cite } else { cite.at(format!("/policy/{rule}")) }
}

/// A refusal as a problem of a form whose fields have ids.
pub fn refused(refusal: &Refusal) -> Problem {
    let mut sentence = String::new();
    if let Some(line) = refusal.line {
        sentence.push_str(&format!("第 {} 行：", line + 1));
    }
    sentence.push_str(&refusal.words);
    match (&refusal.found, &refusal.required) {
        (Some(found), Some(required)) => sentence.push_str(&format!("：现为 {}，要求 {}", grouped(found), grouped(required))),
        (Some(found), None) => sentence.push_str(&format!("：{}", grouped(found))),
        (None, Some(required)) => sentence.push_str(&format!("：要求 {}", grouped(required))),
        (None, None) => {}
    }
    sentence.push('。');
    let at = refusal.field.as_deref().map_or("#main".to_owned(), |field| format!("#field-{}", id(field)));
    let mut problem = Problem::new(sentence, at, cite(&refusal.under, &refusal.rule));
    if let Some(remedy) = &refusal.remedy {
        let told = remedy.sentence();
        problem = problem.remedy(format!("{}。", told.trim_end_matches('。')));
        if let Remedy::First(action, term) = remedy {
            problem = problem.offer(Button::go(format!("去办“{term}”"), format!("/cases/new/{action}")));
        }
    }
    problem
}

/// An error of a field as a problem.
pub fn wrong(error: &FieldError) -> Problem {
    let line = error.path.split_once('[').and_then(|(_, rest)| rest.split_once(']')).and_then(|(n, _)| n.parse::<usize>().ok());
    let sentence = match line {
        Some(n) => format!("第 {} 行：{}", n + 1, error.message),
        None => error.message.clone(),
    };
    Problem {
        sentence: sentence.into(),
        at: format!("#field-{}", id(&error.path)).into(),
        under: None,
        remedy: format!("{}。", error.remedy.trim_end_matches('。')).into(),
        remedies: Vec::new(),
        handled: false,
    }
}

/// A sentence as a problem of the whole form.
pub fn told(sentence: impl Into<Text>) -> Problem {
    Problem { sentence: sentence.into(), at: "#main".into(), under: None, remedy: "".into(), remedies: Vec::new(), handled: false }
}

/// The id part of a path in a form: `lines[3].amount` as an address can name it.
pub fn id(path: &str) -> String {
    path.replace('[', "-").replace("].", "-").replace(']', "")
}

/// An amount in a sentence gets its separators; everything else stays.
fn grouped(text: &str) -> String {
    match Money::parse(text) {
        Ok(money) if text.contains('.') => format!("{} 元", amount(money)),
        _ => text.to_owned(),
    }
}

/// An amount with separators and the true minus sign.
pub fn amount(money: Money) -> String {
    money.grouped().replace('-', "−")
}

/// Fen as an amount.
pub fn fen(fen: i64) -> String {
    amount(Money::from_fen(fen))
}

/// Fen in ten thousands of yuan with two decimals, rounded half up: for overviews only.
pub fn wan(fen: i64) -> String {
    let hundredths = (fen.abs() + 5_000) / 10_000;
    let text = fen_like(hundredths);
    if fen < 0 && hundredths > 0 { format!("−{text}") } else { text }
}

fn fen_like(hundredths: i64) -> String {
    Money::from_fen(hundredths).grouped()
}

/// A share as thousandths, 0 where there is no whole.
pub fn thousandths(part: i64, whole: i64) -> u32 {
    if whole <= 0 { 0 } else { u32::try_from((i128::from(part.max(0)) * 1000 / i128::from(whole)).min(1000)).unwrap_or(1000) }
}

/// Thousandths as a percentage with one decimal.
pub fn percent(thousandths: u32) -> String {
    format!("{}.{} %", thousandths / 10, thousandths % 10)
}

/// A number of fifteen digits in groups: 02 261124 0000318.
pub fn number(id: impl std::fmt::Display) -> String {
    let text = id.to_string();
    match text.len() {
        15 if text.bytes().all(|b| b.is_ascii_digit()) => format!("{} {} {}", &text[..2], &text[2..8], &text[8..]),
        14 if text.bytes().all(|b| b.is_ascii_digit()) => format!("{} {}", &text[..6], &text[6..]),
        _ => text,
    }
}

/// A digest in groups of four, as many groups as asked for.
pub fn digest(digest: &Digest, groups: usize) -> String {
    grouped_hex(&digest.to_string(), groups)
}

/// Hexadecimal digits in groups of four.
pub fn grouped_hex(text: &str, groups: usize) -> String {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_hexdigit).collect();
    digits.chunks(4).take(groups).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Bytes as hexadecimal digits in groups of four.
pub fn grouped_bytes(bytes: &[u8], groups: usize) -> String {
    let text: String = bytes.iter().take(groups * 2).map(|b| format!("{b:02x}")).collect();
    grouped_hex(&text, groups)
}

/// The clock of the centre is eight hours ahead of UTC, without summer time.
const EAST: i64 = 8 * 3600;

/// A moment in Chinese time: day and `HH:MM`.
pub fn clock(at: i64) -> (Day, String) {
    let local = at + EAST;
    let day = Day::from_number(i32::try_from(local.div_euclid(86_400)).unwrap_or(0));
    let seconds = local.rem_euclid(86_400);
    (day, format!("{:02}:{:02}", seconds / 3600, seconds % 3600 / 60))
}

/// A moment as `11-24 09:40`.
pub fn moment(at: i64) -> String {
    let (day, time) = clock(at);
    format!("{} {time}", &day.to_string()[5..])
}

/// A moment with its year.
pub fn full_moment(at: i64) -> String {
    let (day, time) = clock(at);
    format!("{day} {time}")
}

/// 11 月 24 日 星期二
pub fn day_words(day: Day) -> String {
    const WEEK: [&str; 7] = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"];
    let since_monday = (i64::from(day.number()) + 3).rem_euclid(7) as usize;
    format!("{} 月 {} 日 {}", day.month(), day.day(), WEEK[since_monday])
}

/// The state of a case as a pill.
pub fn state(state: CaseState) -> Pill {
    use core_case::form::Choice;
    let words = state.words();
    match state {
        CaseState::Waiting => Pill::doing(words),
        CaseState::Done => Pill::done(words),
        CaseState::Returned => Pill::waiting(words),
        CaseState::Refused | CaseState::Rejected | CaseState::Failed => Pill::stopped(words),
        CaseState::Withdrawn | CaseState::Expired | CaseState::Voided => Pill::over(words),
    }
}

/// A role in words.
pub fn role(code: &str) -> &str {
    area_administration::roles::role(code).map_or(code, |r| r.name)
}

/// A name with its middle masked, as lists show it: 赵*岚, 钱*.
pub fn masked_name(name: &str) -> String {
    core_identity::mask_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_times_and_amounts_read_as_the_house_writes_them() {
        assert_eq!(number("022611240000318"), "02 261124 0000318");
        assert_eq!(number("20261100004127"), "202611 00004127");
        assert_eq!(fen(-221_800), "−2,218.00");
        assert_eq!(wan(128_436_449), "128.44");
        assert_eq!(wan(-5_000), "−0.01");
        assert_eq!(full_moment(1_795_505_940), "2026-11-24 15:39");
        assert_eq!(day_words(Day::parse("2026-11-24").expect("a day")), "11 月 24 日 星期二");
        assert_eq!(id("lines[3].amount"), "lines-3-amount");
        assert_eq!(percent(thousandths(1, 3)), "33.3 %");
        assert_eq!(grouped("18600.00"), "18,600.00 元");
        assert_eq!(grouped("2025-07"), "2025-07");
    }
}
