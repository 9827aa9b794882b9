//! Masks (脱敏) for what an error message quotes.
//!
//! A file with errors is answered with the cell that was found. Identifiers in that answer are masked, and so is any long
//! run of digits that stands in the wrong column: an id number typed into the amount column must not reach a log.

use core_identity::{mask_card, mask_id_number, mask_mobile, mask_name};

use crate::layout::Kind;

/// The longest run of digits that is shown unmasked in a cell that should hold something else. Amounts and dates are
/// shorter; phones (11), accounts (15), ids (18) and cards are longer or as long.
const LONGEST_OPEN_RUN: usize = 10;

/// The number of characters of a quoted cell; more is cut with an ellipsis.
const LONGEST_QUOTE: usize = 60;

/// What an error message may show of a cell: identifiers masked (`532***********2046`), names with the middle starred
/// (`赵*岚`), other text with long runs of digits masked, everything cut at sixty characters.
pub fn found(kind: &Kind, raw: &str) -> String {
    let shown = match kind {
        Kind::AccountNumber | Kind::IdNumber | Kind::Phone => mask_id_number(raw.trim()),
        Kind::Mobile => mask_mobile(raw.trim()),
        Kind::Card => mask_card(raw.trim()),
        Kind::Name => mask_name(raw),
        _ => digits(raw),
    };
    if shown.chars().count() > LONGEST_QUOTE { shown.chars().take(LONGEST_QUOTE).chain(['…']).collect() } else { shown }
}

/// Masks every run of more than ten digits (spaces and hyphens inside a run do not end it).
pub fn digits(raw: &str) -> String {
    let chars: Vec<char> = raw.chars().collect();
    let mut out = String::with_capacity(raw.len());
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_numeric() {
            out.push(chars[at]);
            at += 1;
            continue;
        }
        let mut end = at;
        let mut count = 0;
        let mut last = at;
        while end < chars.len() && (chars[end].is_numeric() || matches!(chars[end], ' ' | '-' | '\u{3000}')) {
            if chars[end].is_numeric() {
                count += 1;
                last = end;
            }
            end += 1;
        }
        // The trailing X of an id number goes with its digits.
        if last + 1 < chars.len() && matches!(chars[last + 1], 'X' | 'x') {
            last += 1;
        }
        let run = &chars[at..=last];
        if count > LONGEST_OPEN_RUN {
            let bare: String = run.iter().filter(|c| c.is_alphanumeric()).collect();
            out.push_str(&if count == 11 { mask_mobile(&bare) } else { mask_id_number(&bare) });
        } else {
            out.extend(run);
        }
        at = last + 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_number_in_the_wrong_column_is_masked_and_an_amount_is_not() {
        assert_eq!(found(&Kind::Money, "53230119900101204X"), "532***********204X");
        assert_eq!(found(&Kind::Money, "1,234,567.891"), "1,234,567.891");
        assert_eq!(found(&Kind::Text { longest: 20 }, "电话13800138000联系"), "电话138****8000联系");
        assert_eq!(found(&Kind::Text { longest: 20 }, "6200 0000 0000 0000 000"), "620************0000");
    }

    #[test]
    fn a_long_cell_is_cut() {
        assert_eq!(found(&Kind::Text { longest: 20 }, &"长".repeat(100)).chars().count(), 61);
    }
}
