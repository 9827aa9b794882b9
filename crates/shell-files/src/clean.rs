//! Cleaning of what people type: full-width characters, spaces of all kinds, invisible marks.
//!
//! Nothing here decides whether a value is right; it only makes equal things look equal, so that the readers of
//! [`crate::sheet`] compare and parse one spelling. `handbook 17 §8`: "spaces stripped".

/// A character that is there but not seen: zero-width spaces and joiners, byte order marks, soft hyphens and the
/// marks that steer the direction of writing. Web pages and messengers leave them in copied numbers.
///
/// Variation selectors are kept: they belong to the spelling of a rare name.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}'
            | '\u{061C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{FEFF}'
    ) || (c.is_control() && !c.is_whitespace())
}

/// The half-width form of a full-width (全角) letter, digit, sign or space; every other character unchanged.
pub fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{FFE5}' => '¥',
        _ => c,
    }
}

/// The half-width form of full-width letters and digits only: Chinese punctuation stays as it was written.
fn half_width_alphanumeric(c: char) -> char {
    let half = half_width(c);
    if half.is_ascii_alphanumeric() { half } else { c }
}

/// Cleans running text: invisible characters out, any run of white space to one space, ends trimmed, full-width letters
/// and digits to half width. Chinese punctuation stays.
pub fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut gap = false;
    for c in raw.chars().filter(|c| !is_invisible(*c)) {
        if c.is_whitespace() {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push(' ');
            gap = false;
        }
        out.push(half_width_alphanumeric(c));
    }
    out
}

/// Cleans a number, code or date: no white space at all, everything to half width, and without the wrappings that
/// spreadsheet users put around numbers to keep them as text (a leading apostrophe, `="…"`).
pub fn compact(raw: &str) -> String {
    let joined: String = raw.chars().filter(|c| !is_invisible(*c) && !c.is_whitespace()).map(half_width).filter(|c| *c != ' ').collect();
    let inner = joined.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(&joined).trim_start_matches(['\'', '’', '‘']);
    inner.to_owned()
}

/// Cleans the name of a person (姓名): one form of the middle dot, no spaces between Chinese characters (“张 三”), one
/// space between the words of a name in letters. Rare characters stay as they are.
pub fn name(raw: &str) -> String {
    let spaced = text(raw);
    let mut out = String::with_capacity(spaced.len());
    let mut chars = spaced.chars().peekable();
    while let Some(c) = chars.next() {
        let c = match c {
            '•' | '・' | '‧' | '∙' | '⋅' | '．' | '･' => '·',
            _ => c,
        };
        if c == ' ' {
            let before = out.chars().next_back().is_some_and(is_latin);
            let after = chars.peek().copied().is_some_and(is_latin);
            if before && after {
                out.push(' ');
            }
            continue;
        }
        out.push(c);
    }
    out
}

fn is_latin(c: char) -> bool {
    c.is_alphabetic() && u32::from(c) < 0x0250 || matches!(c, '.' | '\'' | '-' | ',')
}

/// The form of a heading (表头) that is compared: without spaces, required marks, colons and the unit or hint in brackets
/// at its end. `＊ 缴存基数（元）` and `缴存基数` are the same heading.
pub fn heading(raw: &str) -> String {
    let mut joined: String = compact(raw).chars().filter(|c| !matches!(c, '*' | '★' | '☆' | '※' | ':' | '●')).collect();
    while joined.ends_with(')') {
        match joined.rfind('(') {
            Some(at) if at > 0 => joined.truncate(at),
            _ => break,
        }
    }
    joined.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_of_all_kinds_and_full_width_digits_are_taken_out_of_numbers() {
        for (written, read) in [
            (" 9824\u{00A0}0417\u{3000}0000318 ", "982404170000318"),
            ("９８２４０４１７００００３１８", "982404170000318"),
            ("\u{200B}982404170000318\u{FEFF}", "982404170000318"),
            ("'982404170000318", "982404170000318"),
            ("=\"982404170000318\"", "982404170000318"),
            ("１，２３４．５０", "1,234.50"),
        ] {
            assert_eq!(compact(written), read, "{written:?}");
        }
    }

    #[test]
    fn running_text_keeps_chinese_punctuation() {
        assert_eq!(text("　白鹭县　第一中学（东校区）\n１２号 "), "白鹭县 第一中学（东校区） 12号");
    }

    #[test]
    fn names_lose_spaces_between_han_characters_only() {
        for (written, read) in [
            ("张 三", "张三"),
            ("　𠮷 田\u{200B}", "𠮷田"),
            ("买买提•吐尔逊", "买买提·吐尔逊"),
            ("阿依夏木．买买提", "阿依夏木·买买提"),
            ("Anna  Maria Smith", "Anna Maria Smith"),
            ("欧阳 娜", "欧阳娜"),
        ] {
            assert_eq!(name(written), read, "{written:?}");
        }
    }

    #[test]
    fn headings_are_compared_without_stars_spaces_and_units() {
        for written in ["缴存基数", "＊缴存基数", "缴存 基数*", "缴存基数（元）", "缴存基数(元)：", "★缴存基数（必填）（元）"]
        {
            assert_eq!(heading(written), "缴存基数", "{written:?}");
        }
        assert_eq!(heading("（元）"), "(元)", "a heading that is only a bracket stays");
    }
}
