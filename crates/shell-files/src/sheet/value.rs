//! Cells to values: one reader per [`Kind`], each giving the cleaned text or what is wrong and how to put it right.

use core_calendar::{Day, Month};

use super::raw::Raw;
use crate::clean;
use crate::layout::{Choice, Column, Kind};
use crate::problem::code;

/// Why a cell was refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) remedy: String,
}

fn fault<T>(code: &'static str, message: impl Into<String>, remedy: impl Into<String>) -> Result<T, Fault> {
    Err(Fault { code, message: message.into(), remedy: remedy.into() })
}

/// The largest amount in yuan that a file may hold: more digits are a slip of the hand. Far below what fits in 64 bits.
const LARGEST_YUAN_DIGITS: usize = 15;

/// Reads a cell of a column. `Ok(None)` when it shows nothing.
pub(crate) fn read_column(column: &Column, raw: &Raw) -> Result<Option<String>, Fault> {
    if column.masked_too && matches!(raw, Raw::Text(_)) {
        let masked = match column.kind {
            Kind::IdNumber => clean::compact(raw.shown()).to_ascii_uppercase(),
            Kind::Name => clean::name(raw.shown()).replace('＊', "*"),
            _ => String::new(),
        };
        // A mask, not a number that somebody spoiled: what is not a star is what masks leave to be seen.
        if masked.contains('*') && masked.chars().count() <= 18 && masked.chars().all(|c| c == '*' || c.is_alphanumeric()) {
            return Ok(Some(masked));
        }
    }
    read(&column.kind, raw)
}

/// Reads a cell as a kind. `Ok(None)` when it shows nothing.
pub(crate) fn read(kind: &Kind, raw: &Raw) -> Result<Option<String>, Fault> {
    match raw {
        Raw::FormulaWithoutValue => {
            return fault(
                code::FORMULA_EMPTY,
                "单元格是公式，文件里没有保存它的结果。",
                "在 Excel 或 WPS 中打开并保存一次，或把公式粘贴为数值。",
            );
        }
        Raw::Fault(shown) => {
            return fault(code::CELL_FAULT, format!("单元格显示错误值 {shown}。"), "改正公式引用，或直接填写数值。");
        }
        Raw::Truth(value) => {
            return fault(code::FORM, format!("单元格是逻辑值 {}。", if *value { "TRUE" } else { "FALSE" }), "改为文字或数值。");
        }
        Raw::Text(_) | Raw::Number { .. } if raw.is_blank() => return Ok(None),
        Raw::Text(_) | Raw::Number { .. } => {}
    }
    match kind {
        Kind::Text { longest } => text(raw.shown(), *longest),
        Kind::Name => name(raw.shown()),
        Kind::AccountNumber => account_number(raw),
        Kind::IdNumber => id_number(raw),
        Kind::CreditCode => credit_code(raw),
        Kind::Mobile => mobile(raw),
        Kind::Phone => phone(raw.shown()),
        Kind::Card => card(raw),
        Kind::Money => return money(raw.shown()),
        Kind::Rate => rate(raw),
        Kind::Day => day(raw.shown()).map(|day| day.to_string()),
        Kind::Month => month(raw),
        Kind::Integer { least, most } => integer(raw.shown(), *least, *most),
        Kind::Choice(list) => choice(raw, list),
    }
    .map(Some)
}

fn text(raw: &str, longest: usize) -> Result<String, Fault> {
    let cleaned = clean::text(raw);
    readable(&cleaned)?;
    within(cleaned, longest)
}

fn name(raw: &str) -> Result<String, Fault> {
    let cleaned = clean::name(raw);
    readable(&cleaned)?;
    if cleaned.chars().any(|c| matches!(c, '?' | '？' | '*' | '＊' | '□')) {
        return fault(code::CHARACTER, "姓名里有问号、星号或方框。", "按身份证填写全名；生僻字请用国家标准字库的字，不要用符号代替。");
    }
    within(cleaned, 120)
}

/// Refuses characters that were lost on the way (U+FFFD) and private-use characters, which only the machine that made
/// them can show (造字).
fn readable(cleaned: &str) -> Result<(), Fault> {
    let lost = cleaned.contains('\u{FFFD}');
    let private = cleaned.chars().any(|c| matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}'));
    if lost || private {
        return fault(
            code::CHARACTER,
            if private { "含有造字区的字，换一台电脑就显示不出来。" } else { "含有转码时丢失的字。" },
            "改用国家标准字库的字，或另存为 .xlsx 后重新填写这一格。",
        );
    }
    Ok(())
}

fn within(cleaned: String, longest: usize) -> Result<String, Fault> {
    let length = cleaned.chars().count();
    if length > longest {
        return fault(code::TOO_LONG, format!("有 {length} 个字，最多 {longest} 个字。"), "缩短后再填。");
    }
    Ok(cleaned)
}

/// The digits or letters of an identifier, after refusing number cells that have lost digits. CSV files that went through
/// a spreadsheet hold the same loss as text: `5.3012E+17`.
fn identifier(raw: &Raw) -> Result<String, Fault> {
    let cleaned = clean::compact(raw.shown());
    let scientific = cleaned.split_once(['E', 'e']).is_some_and(|(mantissa, exponent)| {
        mantissa.contains('.')
            && mantissa.chars().all(|c| c.is_ascii_digit() || c == '.')
            && exponent.trim_start_matches('+').chars().all(|c| c.is_ascii_digit())
            && exponent.len() > 1
    });
    if matches!(raw, Raw::Number { digits_lost: true, .. }) || scientific {
        return fault(
            code::DIGITS_LOST,
            "号码按数值保存，Excel 只保留前 15 位，后面的数字已经丢失。",
            "把这一列设为文本格式，重新录入完整号码。",
        );
    }
    if matches!(raw, Raw::Number { .. }) && (cleaned.contains('.') || cleaned.starts_with('-')) {
        return fault(code::FORM, "号码是带小数或负号的数值。", "把这一列设为文本格式，重新录入完整号码。");
    }
    Ok(cleaned)
}

fn account_number(raw: &Raw) -> Result<String, Fault> {
    let cleaned: String = identifier(raw)?.chars().filter(|c| *c != '-').collect();
    if cleaned.is_empty() || cleaned.len() > 40 || !cleaned.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return fault(code::FORM, "号码只能是字母和数字，最多 40 位。", "核对号码，去掉其他字符。");
    }
    Ok(cleaned)
}

fn id_number(raw: &Raw) -> Result<String, Fault> {
    let cleaned = identifier(raw)?.to_ascii_uppercase();
    let allowed = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'(' | b')' | b'-' | b'/');
    if cleaned.is_empty() || cleaned.len() > 18 || !cleaned.bytes().all(allowed) {
        return fault(code::FORM, "证件号码只能是字母、数字、括号和连字符，最多 18 位。", "按证件填写；身份证末位是 X 的填 X。");
    }
    Ok(cleaned)
}

fn credit_code(raw: &Raw) -> Result<String, Fault> {
    let cleaned: String = identifier(raw)?.to_ascii_uppercase().chars().filter(|c| *c != '-').collect();
    if cleaned.len() != 18 || !cleaned.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return fault(
            code::FORM,
            format!("统一社会信用代码应为 18 位字母和数字，这里有 {} 位。", cleaned.chars().count()),
            "按营业执照或法人证书填写。",
        );
    }
    Ok(cleaned)
}

fn mobile(raw: &Raw) -> Result<String, Fault> {
    let joined: String = identifier(raw)?.chars().filter(|c| *c != '-').collect();
    let cleaned = match joined.strip_prefix("+86") {
        Some(rest) => rest,
        None if joined.len() == 13 => joined.strip_prefix("86").unwrap_or(&joined),
        None => &joined,
    };
    if cleaned.len() != 11 || !cleaned.starts_with('1') || !cleaned.bytes().all(|b| b.is_ascii_digit()) {
        return fault(code::FORM, "手机号码应为 1 开头的 11 位数字。", "核对后重填；座机填在“电话”列。");
    }
    Ok(cleaned.to_owned())
}

fn phone(raw: &str) -> Result<String, Fault> {
    let cleaned = clean::compact(raw).replace(['—', '–', '－'], "-");
    if cleaned.len() > 20 || !cleaned.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'(' | b')')) {
        return fault(code::FORM, "电话只能是数字、连字符和括号，最多 20 位。", "例：0878-3120000。");
    }
    Ok(cleaned)
}

fn card(raw: &Raw) -> Result<String, Fault> {
    let cleaned: String = identifier(raw)?.chars().filter(|c| *c != '-').collect();
    if !(8..=32).contains(&cleaned.len()) || !cleaned.bytes().all(|b| b.is_ascii_digit()) {
        return fault(code::FORM, "银行账号或卡号应为 8 至 32 位数字。", "按银行卡填写，只填数字。");
    }
    Ok(cleaned)
}

/// A decimal number without currency signs and separators: sign, digits, digits after the point (without end zeros).
struct Decimal {
    negative: bool,
    whole: String,
    rest: String,
}

/// Reads a decimal number as people write amounts. `Ok(None)` for the lone dash with which the accounting format of a
/// spreadsheet shows zero-length nothing.
fn decimal(raw: &str) -> Result<Option<Decimal>, Fault> {
    const EXAMPLE: &str = "填数字，单位为元，例：1234.50。";
    let compacted = clean::compact(raw).replace(['−', '–', '—', '﹣'], "-").replace(['、', '，'], ",");
    let mut rest: &str = &compacted;
    if rest.chars().all(|c| c == '-') {
        return Ok(None);
    }
    if rest.contains(['万', '亿', '千', '百', '仟', '佰', '拾']) {
        return fault(code::FORM, "金额写成了大写或万元、亿元。", EXAMPLE);
    }
    let mut negative = false;
    if let Some(inner) = rest.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        negative = true;
        rest = inner;
    }
    for mark in ["人民币", "RMB", "CNY", "¥", "￥"] {
        rest = rest.strip_prefix(mark).unwrap_or(rest);
    }
    rest = rest.trim_end_matches("元").trim_end_matches("RMB").trim_end_matches("CNY");
    if let Some(after) = rest.strip_prefix('-') {
        if negative {
            return fault(code::FORM, "金额同时有括号和负号。", EXAMPLE);
        }
        negative = true;
        rest = after;
    } else {
        rest = rest.strip_prefix('+').unwrap_or(rest);
    }
    for mark in ["¥", "￥"] {
        rest = rest.strip_prefix(mark).unwrap_or(rest);
    }
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let grouped = whole.contains(',');
    let groups_fit = || {
        let mut groups = whole.split(',');
        let first = groups.next().unwrap_or("");
        (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3)
    };
    if grouped && !groups_fit() {
        return fault(code::AMBIGUOUS, "逗号的位置不像千位分隔符，看不出金额是多少。", EXAMPLE);
    }
    let whole: String = whole.chars().filter(|c| *c != ',').collect();
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if !digits(&whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return fault(code::FORM, "不是数字。", EXAMPLE);
    }
    let whole = whole.trim_start_matches('0');
    Ok(Some(Decimal {
        negative,
        whole: if whole.is_empty() { "0".to_owned() } else { whole.to_owned() },
        rest: fraction.trim_end_matches('0').to_owned(),
    }))
}

fn money(raw: &str) -> Result<Option<String>, Fault> {
    let Some(Decimal { negative, whole, rest }) = decimal(raw)? else {
        return Ok(None);
    };
    if rest.len() > 2 {
        return fault(
            code::DECIMALS,
            format!("金额有 {} 位小数，最多两位。", rest.len()),
            "先在表中四舍五入到分，再导入；系统不替您舍入。",
        );
    }
    if whole.len() > LARGEST_YUAN_DIGITS {
        return fault(code::RANGE, format!("整数部分有 {} 位，最多 {LARGEST_YUAN_DIGITS} 位。", whole.len()), "核对金额。");
    }
    let zero = whole == "0" && rest.is_empty();
    Ok(Some(format!("{}{whole}.{rest:0<2}", if negative && !zero { "-" } else { "" })))
}

fn rate(raw: &Raw) -> Result<String, Fault> {
    const EXAMPLE: &str = "填百分数，例：12 或 12%。";
    let compacted = clean::compact(raw.shown());
    let (number, in_percent) = match compacted.strip_suffix('%') {
        Some(number) => (number, true),
        None => (compacted.as_str(), false),
    };
    let Some(Decimal { negative, whole, rest }) = decimal(number)? else {
        return fault(code::FORM, "不是比例。", EXAMPLE);
    };
    if negative {
        return fault(code::RANGE, "比例不能为负。", EXAMPLE);
    }
    // A share: 0.12, or 12 % in a cell that is formatted as per cent. Two places to the left.
    let (whole, rest) = if whole == "0" && !rest.is_empty() && !in_percent {
        let padded = format!("{rest:0<2}");
        let (percent, below) = padded.split_at(2);
        (percent.trim_start_matches('0').to_owned(), below.to_owned())
    } else {
        (whole, rest)
    };
    let whole = if whole.is_empty() { "0".to_owned() } else { whole };
    if whole.len() > 3 || whole.parse::<u32>().unwrap_or(u32::MAX) > 100 {
        return fault(code::RANGE, "比例大于 100 %。", EXAMPLE);
    }
    if rest.len() > 5 {
        return fault(code::DECIMALS, "比例的小数位数过多。", EXAMPLE);
    }
    Ok(if rest.is_empty() { whole } else { format!("{whole}.{rest}") })
}

fn integer(raw: &str, least: i64, most: i64) -> Result<String, Fault> {
    let remedy = || format!("填 {least} 至 {most} 的整数。");
    let Some(Decimal { negative, whole, rest }) = decimal(raw)? else {
        return fault(code::FORM, "不是整数。", remedy());
    };
    if !rest.is_empty() {
        return fault(code::FORM, "不是整数。", remedy());
    }
    match format!("{}{whole}", if negative { "-" } else { "" }).parse::<i64>() {
        Ok(number) if (least..=most).contains(&number) => Ok(number.to_string()),
        _ => fault(code::RANGE, "超出允许范围。", remedy()),
    }
}

fn choice(raw: &Raw, list: &[Choice]) -> Result<String, Fault> {
    let found = clean::compact(raw.shown());
    // A code whose leading zero the spreadsheet dropped: 1 for 01.
    let padded = |code: &str| -> bool {
        found.bytes().all(|b| b.is_ascii_digit())
            && !found.is_empty()
            && found.len() < code.len()
            && code.trim_start_matches('0') == found.trim_start_matches('0')
            && code.starts_with('0')
    };
    // “01 身份证” and “01-身份证” are common too.
    let bare = |code: &str| -> Option<String> {
        found.strip_prefix(code).map(|rest| rest.trim_start_matches(['-', '.', '_', ':', '、']).to_owned())
    };
    let same = |words: &str| clean::compact(words).eq_ignore_ascii_case(&found);
    let exact = list.iter().find(|c| c.code == found || c.words.iter().any(|words| same(words)));
    let hit = exact
        .or_else(|| list.iter().find(|c| padded(c.code)))
        .or_else(|| list.iter().find(|c| bare(c.code).is_some_and(|rest| c.words.iter().any(|words| clean::compact(words) == rest))));
    match hit {
        Some(choice) => Ok(choice.code.to_owned()),
        None => {
            let offers: Vec<String> = list
                .iter()
                .map(|c| match c.words.first() {
                    Some(words) if c.code.bytes().all(|b| b.is_ascii_digit()) => {
                        format!("{} {words}", c.code)
                    }
                    Some(words) => (*words).to_owned(),
                    None => c.code.to_owned(),
                })
                .collect();
            fault(code::NOT_IN_LIST, "不在代码表内。", format!("填其中之一：{}。", offers.join("、")))
        }
    }
}

const DAY_EXAMPLE: &str = "例：2025-07-01、2025/7/1、2025.7.1、20250701 或 2025年7月1日。";
const MONTH_EXAMPLE: &str = "例：2025-07、2025/7、202507 或 2025年7月。";

/// First and last serial day that is taken for a date: 1950-01-01 and 2099-12-31. Smaller and larger numbers are more
/// likely something else typed into the wrong column.
const SERIAL_DAYS: std::ops::RangeInclusive<i64> = 18_264..=73_050;

/// Years a file may name. Births and foundations reach back, plans reach forward.
const YEARS: std::ops::RangeInclusive<i64> = 1900..=2199;

/// Reads a day in five spellings, or as the serial number of a spreadsheet (days since 1899-12-30).
fn day(raw: &str) -> Result<Day, Fault> {
    let cleaned = date_text(raw);
    let parts: Vec<&str> = cleaned.split('-').collect();
    let numbers = || -> Option<Vec<i64>> { parts.iter().map(|part| all_digits(part).then(|| part.parse().ok()).flatten()).collect() };
    let found = match (parts.as_slice(), numbers()) {
        ([one], Some(number)) if one.len() == 8 => Some((number[0] / 10_000, number[0] / 100 % 100, number[0] % 100)),
        ([one], Some(number)) if one.len() == 5 && SERIAL_DAYS.contains(&number[0]) => {
            let days = i32::try_from(number[0] - SERIAL_OF_1970).unwrap_or(0);
            return Ok(Day::from_number(days));
        }
        ([year, ..], Some(number)) if number.len() == 3 && year.len() == 4 => Some((number[0], number[1], number[2])),
        ([_, _, year], Some(number)) if number.len() == 3 && year.len() == 4 => {
            return fault(code::AMBIGUOUS, "年份在最后，看不出哪个是月、哪个是日。", DAY_EXAMPLE);
        }
        ([year, ..], Some(number)) if number.len() == 3 && year.len() == 2 => {
            return fault(code::AMBIGUOUS, "年份只有两位。", DAY_EXAMPLE);
        }
        _ => None,
    };
    match found {
        Some((year, month, day)) => existing(year, month, day),
        None => fault(code::FORM, "不是日期。", DAY_EXAMPLE),
    }
}

fn month(raw: &Raw) -> Result<String, Fault> {
    let shown = raw.shown();
    if matches!(raw, Raw::Number { .. }) {
        // 2025.10 typed into a cell that is not text becomes the number 2025.1: January or October, nobody knows.
        if let Some((year, tenths)) = shown.split_once('.')
            && year.len() == 4
            && tenths == "1"
        {
            return fault(code::AMBIGUOUS, "数值 2025.1 这样的写法分不出 1 月和 10 月。", "把这一列设为文本格式，按 2025-01 的样子填写。");
        }
    }
    let cleaned = date_text(shown);
    let parts: Vec<&str> = cleaned.split('-').collect();
    let numeric = parts.iter().all(|part| all_digits(part));
    let number = |text: &str| text.parse::<i64>().unwrap_or(-1);
    let (year, month) = match parts.as_slice() {
        [one] if numeric && one.len() == 6 => (number(one) / 100, number(one) % 100),
        [year, month] if numeric && year.len() == 4 && month.len() <= 2 => (number(year), number(month)),
        // A whole date stands for its month: spreadsheets turn 2025-07 into 2025-07-01 by themselves.
        _ => match day(shown) {
            Ok(day) => return Ok(Month::of(day).to_string()),
            Err(fault) if fault.code == code::FORM => {
                return self::fault(code::FORM, "不是年月。", MONTH_EXAMPLE);
            }
            Err(fault) => return Err(fault),
        },
    };
    existing(year, month, 1).map(|first| Month::of(first).to_string())
}

/// One spelling of a date: separators to hyphens, the words 年月日 taken for separators, a time of day dropped (old
/// systems export days with a time; a day column has no use for it).
fn date_text(raw: &str) -> String {
    // The time stands behind a space or a T, which cleaning would glue to the day.
    let trimmed = raw.trim_matches(|c: char| c.is_whitespace() || clean::is_invisible(c) || c == '\'');
    let before_time = match trimmed.split_once([' ', 'T']) {
        Some((date, time)) if date.len() >= 8 && is_time(time.trim()) => date,
        _ => match trimmed.split_once('.') {
            // A serial number with a time of day: 45839.5 is noon.
            Some((serial, time)) if serial.len() == 5 && all_digits(serial) && all_digits(time) => serial,
            _ => trimmed,
        },
    };
    let cleaned: String = clean::compact(before_time)
        .replace("月份", "月")
        .chars()
        .map(|c| match c {
            '/' | '.' | '年' | '月' | '−' | '–' | '—' | '。' | '\\' => '-',
            _ => c,
        })
        .filter(|c| !matches!(c, '日' | '号'))
        .collect();
    cleaned.trim_end_matches('-').to_owned()
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_time(text: &str) -> bool {
    text.contains(':') && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.'))
}

/// The day, if there is one and its year is one that a file may name.
fn existing(year: i64, month: i64, day: i64) -> Result<Day, Fault> {
    let part = |number: i64| u32::try_from(number).ok();
    let found = YEARS.contains(&year).then(|| Day::ymd(i32::try_from(year).ok()?, part(month)?, part(day)?)).flatten();
    match found {
        Some(day) => Ok(day),
        None => fault(code::NO_SUCH_DAY, "没有这一天。", "核对年、月、日。"),
    }
}

/// The serial number of 1970-01-01 in the 1900 system, whose day 0 is 1899-12-30 for every day after February 1900 (the
/// spreadsheet believes in 29 February 1900).
const SERIAL_OF_1970: i64 = 25_569;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes;

    fn typed(kind: Kind, raw: &str) -> Result<Option<String>, &'static str> {
        read(&kind, &Raw::Text(raw.to_owned())).map_err(|fault| fault.code)
    }

    fn number(kind: Kind, raw: f64) -> Result<Option<String>, &'static str> {
        read(&kind, &Raw::number(raw).expect("finite")).map_err(|fault| fault.code)
    }

    fn ok(text: &str) -> Result<Option<String>, &'static str> {
        Ok(Some(text.to_owned()))
    }

    #[test]
    fn amounts_as_people_write_them() {
        for (written, read) in [
            ("1234.5", "1234.50"),
            ("1,234.50", "1234.50"),
            ("１，２３４．５０", "1234.50"),
            ("¥1,234.50", "1234.50"),
            ("￥ 1 234.5", "1234.50"),
            ("人民币1234元", "1234.00"),
            ("1234.5000", "1234.50"),
            ("-12.30", "-12.30"),
            ("−12.30", "-12.30"),
            ("(12.30)", "-12.30"),
            ("￥-12.30", "-12.30"),
            ("0", "0.00"),
            ("-0.00", "0.00"),
            (".5", "0.50"),
            ("0012", "12.00"),
        ] {
            assert_eq!(typed(Kind::Money, written), ok(read), "{written}");
        }
        assert_eq!(typed(Kind::Money, " - "), Ok(None), "the accounting format shows nothing as a dash");
        for (written, code) in [
            ("12.345", code::DECIMALS),
            ("12,34", code::AMBIGUOUS),
            ("1,23,456.00", code::AMBIGUOUS),
            ("壹佰元", code::FORM),
            ("3万", code::FORM),
            ("12.3.4", code::FORM),
            ("abc", code::FORM),
            ("--5", code::FORM),
            ("(-5)", code::FORM),
            ("1234567890123456", code::RANGE),
        ] {
            assert_eq!(typed(Kind::Money, written), Err(code), "{written}");
        }
    }

    #[test]
    fn floats_of_the_sheet_become_amounts_through_their_decimal_text() {
        assert_eq!(number(Kind::Money, 0.1 + 0.2), ok("0.30"));
        assert_eq!(number(Kind::Money, 145_042.0), ok("145042.00"));
        assert_eq!(number(Kind::Money, 1_234.560_000_000_000_1), ok("1234.56"));
        assert_eq!(number(Kind::Money, 12.345), Err(code::DECIMALS));
    }

    #[test]
    fn rates_with_and_without_the_percent_sign() {
        for (written, read) in [
            ("12", "12"),
            ("12%", "12"),
            ("12 ％", "12"),
            ("0.12", "12"),
            ("0.05", "5"),
            ("0.055", "5.5"),
            ("5.50", "5.5"),
            ("0.5%", "0.5"),
        ] {
            assert_eq!(typed(Kind::Rate, written), ok(read), "{written}");
        }
        assert_eq!(number(Kind::Rate, 0.12), ok("12"));
        assert_eq!(number(Kind::Rate, 7.0), ok("7"));
        assert_eq!(typed(Kind::Rate, "120"), Err(code::RANGE));
        assert_eq!(typed(Kind::Rate, "-5"), Err(code::RANGE));
        assert_eq!(typed(Kind::Rate, "一成"), Err(code::FORM));
    }

    #[test]
    fn days_in_five_spellings_and_as_serial_numbers() {
        for written in [
            "2025-07-01",
            "2025/7/1",
            "2025.7.1",
            "20250701",
            "2025年7月1日",
            "2025年07月01号",
            "２０２５－０７－０１",
            "2025-07-01 00:00:00",
            "2025-07-01T00:00:00",
            "'2025-07-01",
            "2025/7/1 13:45:20",
            "45839",
            "45839.5",
        ] {
            assert_eq!(typed(Kind::Day, written), ok("2025-07-01"), "{written}");
        }
        assert_eq!(number(Kind::Day, 45_839.0), ok("2025-07-01"));
        assert_eq!(number(Kind::Day, 20_250_701.0), ok("2025-07-01"));
        assert_eq!(number(Kind::Day, 36_585.0), ok("2000-02-29"));
        for (written, code) in [
            ("2025-02-30", code::NO_SUCH_DAY),
            ("2025-13-01", code::NO_SUCH_DAY),
            ("1/7/2025", code::AMBIGUOUS),
            ("25-7-1", code::AMBIGUOUS),
            ("2025-07", code::FORM),
            ("昨天", code::FORM),
            ("2025-07-01 下午", code::FORM),
        ] {
            assert_eq!(typed(Kind::Day, written), Err(code), "{written}");
        }
    }

    #[test]
    fn months_in_their_spellings() {
        for written in ["2025-07", "2025/7", "2025.7", "202507", "2025年7月", "2025年07月份", "2025-07-01", "20250731", "2025年7月1日"]
        {
            assert_eq!(typed(Kind::Month, written), ok("2025-07"), "{written}");
        }
        assert_eq!(number(Kind::Month, 202_507.0), ok("2025-07"));
        assert_eq!(number(Kind::Month, 45_839.0), ok("2025-07"));
        assert_eq!(number(Kind::Month, 2025.7), ok("2025-07"));
        assert_eq!(number(Kind::Month, 2025.1), Err(code::AMBIGUOUS), "January and October are the same number");
        assert_eq!(typed(Kind::Month, "2025.10"), ok("2025-10"));
        assert_eq!(typed(Kind::Month, "2025-13"), Err(code::NO_SUCH_DAY));
        assert_eq!(typed(Kind::Month, "七月"), Err(code::FORM));
    }

    #[test]
    fn long_numbers_in_number_cells_have_lost_digits() {
        for kind in [Kind::IdNumber, Kind::Card, Kind::AccountNumber] {
            assert_eq!(number(kind, 532_301_199_001_012_046.0), Err(code::DIGITS_LOST));
            assert_eq!(typed(kind, "5.32301E+17"), Err(code::DIGITS_LOST), "a spreadsheet wrote the CSV");
        }
        assert_eq!(number(Kind::AccountNumber, 982_404_170_000_318.0), ok("982404170000318"), "fifteen digits fit");
        assert_eq!(number(Kind::AccountNumber, 12.5), Err(code::FORM));
    }

    #[test]
    fn identifiers_lose_their_spaces_and_keep_their_form() {
        assert_eq!(typed(Kind::IdNumber, "5323 0119 9001 0120 4x"), ok("53230119900101204X"));
        assert_eq!(typed(Kind::IdNumber, "５３２３０１１９９００１０１２０４Ｘ"), ok("53230119900101204X"));
        assert_eq!(typed(Kind::IdNumber, "H12345678(9)"), ok("H12345678(9)"));
        assert_eq!(typed(Kind::IdNumber, "身份证"), Err(code::FORM));
        assert_eq!(typed(Kind::Card, "6200 0000-0000 0000 000"), ok("6200000000000000000"));
        assert_eq!(typed(Kind::Card, "6200"), Err(code::FORM));
        assert_eq!(typed(Kind::Mobile, "+86 139-0000-0000"), ok("13900000000"));
        assert_eq!(typed(Kind::Mobile, "8613900000000"), ok("13900000000"));
        assert_eq!(typed(Kind::Mobile, "0878-3120000"), Err(code::FORM));
        assert_eq!(typed(Kind::CreditCode, "91350100m000100y43"), ok("91350100M000100Y43"));
        assert_eq!(typed(Kind::CreditCode, "91350100"), Err(code::FORM));
        assert_eq!(typed(Kind::Phone, "（0878）3120000"), ok("(0878)3120000"));
    }

    #[test]
    fn codes_and_words_are_the_same_choice() {
        let kind = Kind::Choice(codes::ID_TYPE);
        for written in ["01", "1", "身份证", " 身 份 证 ", "居民身份证", "01 身份证", "01-身份证", "０１"] {
            assert_eq!(typed(kind, written), ok("01"), "{written}");
        }
        assert_eq!(number(kind, 1.0), ok("01"));
        assert_eq!(typed(kind, "驾驶证"), Err(code::NOT_IN_LIST));
        assert_eq!(typed(Kind::Choice(codes::SEX), "男"), ok("1"));
        assert_eq!(typed(Kind::Choice(codes::FUNDING_SOURCE), "财政"), ok("fiscal"));
    }

    #[test]
    fn rare_characters_in_names_stay_and_lost_ones_are_refused() {
        assert_eq!(typed(Kind::Name, "𠮷 𬱖"), ok("𠮷𬱖"));
        assert_eq!(typed(Kind::Name, "李\u{E000}明"), Err(code::CHARACTER));
        assert_eq!(typed(Kind::Name, "李\u{FFFD}明"), Err(code::CHARACTER));
        assert_eq!(typed(Kind::Name, "李?明"), Err(code::CHARACTER));
        assert_eq!(typed(Kind::Name, "　\u{200B} "), Ok(None));
    }

    #[test]
    fn masks_are_taken_only_where_the_column_says_so() {
        let column = Column::optional("证件号码", "id", Kind::IdNumber);
        let cell = Raw::Text("532***********2046".to_owned());
        assert!(read_column(&column, &cell).is_err());
        assert_eq!(read_column(&column.masked_too(), &cell), Ok(Some("532***********2046".to_owned())));
        let column = Column::optional("姓名", "name", Kind::Name);
        let cell = Raw::Text("赵＊岚".to_owned());
        assert!(read_column(&column, &cell).is_err());
        assert_eq!(read_column(&column.masked_too(), &cell), Ok(Some("赵*岚".to_owned())));
    }

    #[test]
    fn formulas_without_value_and_spreadsheet_errors_are_named() {
        let code_of = |raw: Raw| read(&Kind::Money, &raw).map_err(|fault| fault.code);
        assert_eq!(code_of(Raw::FormulaWithoutValue), Err(code::FORMULA_EMPTY));
        assert_eq!(code_of(Raw::Fault("#N/A".to_owned())), Err(code::CELL_FAULT));
        assert_eq!(code_of(Raw::Truth(true)), Err(code::FORM));
    }

    #[test]
    fn integers_stay_within_their_limits() {
        let kind = Kind::Integer { least: 1, most: 31 };
        assert_eq!(typed(kind, "10"), ok("10"));
        assert_eq!(number(kind, 10.0), ok("10"));
        assert_eq!(typed(kind, "10日"), Err(code::FORM));
        assert_eq!(typed(kind, "32"), Err(code::RANGE));
        assert_eq!(typed(kind, "1.5"), Err(code::FORM));
    }
}
