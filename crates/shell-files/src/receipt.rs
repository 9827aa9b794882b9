//! The receipt file (到账通知文件): account-change notices of a bank, one movement a line, 23 fields between `|`.
//!
//! Form: `handbook 17 §8`, names and order of the fields: `handbook 11 §3`. Money out is negative (sign
//! rule G), the reversal flag is 1 when the bank reversed the movement (G). Reading gives every error with its line; the
//! good lines stay usable. Left out here: whether the account is one of the fund's, and doubles (same account, amount,
//! payer and host serial, `handbook 17 §5`); both need the books.

use encoding_rs::{Encoding as Coder, GB18030};

use core_calendar::Day;
use core_money::{Money, MoneyError};

use crate::layout::Kind;
use crate::mask;
use crate::problem::{FileError, RowError, code};

/// How the bytes of a receipt file become text (编码).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// GB18030, which holds GBK.
    Gb18030,
}

impl Encoding {
    /// The encoding of `--encoding NAME`: `utf-8`, `gbk` or `gb18030` in any case. `None` for other names.
    pub fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Some(Self::Utf8),
            "gbk" | "gb2312" | "gb18030" => Some(Self::Gb18030),
            _ => None,
        }
    }

    fn decode(self, line: &[u8]) -> Option<String> {
        match self {
            Self::Utf8 => std::str::from_utf8(line).ok().map(str::to_owned),
            Self::Gb18030 => strict(GB18030, line),
        }
    }
}

fn strict(coder: &'static Coder, bytes: &[u8]) -> Option<String> {
    coder.decode_without_bom_handling_and_without_replacement(bytes).map(|text| text.into_owned())
}

/// One movement on a fund account as the bank notifies it (账户变动通知, ReceiptNotice).
///
/// Texts are as the bank sent them, trimmed; matching folds full-width characters itself (`handbook 02 §1.6.12`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeLine {
    /// Line in the file, from 1. Not a field.
    pub line: u32,
    /// 1 seq: running number.
    pub seq: String,
    /// 2 account: the fund account that moved. Compulsory.
    pub account: String,
    /// 3 bank host serial (银行流水号). Compulsory.
    pub host_serial: String,
    /// 4 transaction code of the bank, kept.
    pub tx_code: String,
    /// 5 counter account (对方账号).
    pub counter_account: String,
    /// 6 counter name (对方户名): the payer of money in.
    pub counter_name: String,
    /// 7 amount; negative when money went out. Compulsory, never zero.
    pub amount: Money,
    /// 8 the bank's accounting date (记账日期). Compulsory.
    pub date: Day,
    /// 9 time of day as `HHMMSS`, or empty.
    pub time: String,
    /// 10 available balance.
    pub available: Option<Money>,
    /// 11 branch of the bank.
    pub branch: String,
    /// 12 remark (备注); the business number is looked for here first.
    pub remark: String,
    /// 13 currency; always 156 (yuan).
    pub currency: String,
    /// 14 cash or remittance (钞汇): `1`, `2` or empty.
    pub cash_remit: String,
    /// 15 balance after the movement.
    pub balance: Option<Money>,
    /// 16 overdraft.
    pub overdraft: Option<Money>,
    /// 17 voucher type of the bank.
    pub voucher_type: String,
    /// 18 voucher number of the bank.
    pub voucher_number: String,
    /// 19 interbank number of the counter bank (联行号).
    pub counter_bank_number: String,
    /// 20 summary (摘要); the business number is looked for here next.
    pub summary: String,
    /// 21 reversal flag: the bank took the movement back.
    pub reversal: bool,
    /// 22 line number in the bank's book.
    pub line_number: String,
    /// 23 book number.
    pub book_number: String,
}

impl NoticeLine {
    /// A line with the four compulsory fields; the others are empty, the currency is the yuan.
    pub fn new(account: impl Into<String>, host_serial: impl Into<String>, amount: Money, date: Day) -> Self {
        Self {
            line: 0,
            seq: String::new(),
            account: account.into(),
            host_serial: host_serial.into(),
            tx_code: String::new(),
            counter_account: String::new(),
            counter_name: String::new(),
            amount,
            date,
            time: String::new(),
            available: None,
            branch: String::new(),
            remark: String::new(),
            currency: "156".to_owned(),
            cash_remit: String::new(),
            balance: None,
            overdraft: None,
            voucher_type: String::new(),
            voucher_number: String::new(),
            counter_bank_number: String::new(),
            summary: String::new(),
            reversal: false,
            line_number: String::new(),
            book_number: String::new(),
        }
    }
}

/// A receipt file that was read (到账通知).
#[derive(Debug)]
pub struct Notices {
    /// The lines without an error, in the order of the file.
    pub lines: Vec<NoticeLine>,
    /// Every error of every line; `column` names the field in Chinese.
    pub errors: Vec<RowError>,
    /// Lines that hold something, good or not.
    pub rows: usize,
    /// The encoding that was used.
    pub encoding: Encoding,
}

/// The number of fields of a line.
pub const FIELDS: usize = 23;

/// Names of the fields, for errors and for people who look at a file.
pub const FIELD_NAMES: [&str; FIELDS] = [
    "序号",
    "账号",
    "银行流水号",
    "交易代码",
    "对方账号",
    "对方户名",
    "金额",
    "日期",
    "时间",
    "可用余额",
    "网点",
    "备注",
    "币种",
    "钞汇标志",
    "余额",
    "透支额",
    "凭证种类",
    "凭证号码",
    "对方行号",
    "摘要",
    "冲正标志",
    "行号",
    "册号",
];

/// Bytes of the largest receipt file that is read; a day of a whole centre is a hundredth of it.
pub const LARGEST_FILE: usize = 256 << 20;

/// Reads a receipt file.
///
/// Without `forced`, the encoding is UTF-8 when the file has a byte order mark or every line is valid UTF-8; also when most
/// lines with other than ASCII characters are, so that one spoiled line does not turn all names into other characters; else
/// GB18030. A line that is not valid in the encoding is an error with its number.
///
/// # Errors
/// [`FileError::Empty`] without any line, [`FileError::WrongKind`] for spreadsheets and other binary files,
/// [`FileError::TooLarge`] above [`LARGEST_FILE`].
pub fn read_notices(bytes: &[u8], forced: Option<Encoding>) -> Result<Notices, FileError> {
    if bytes.len() > LARGEST_FILE {
        return Err(FileError::TooLarge(format!("超过 {} MB", LARGEST_FILE >> 20)));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(FileError::WrongKind("Excel 工作簿，到账通知应为文本文件"));
    }
    if bytes.contains(&0) {
        return Err(FileError::WrongKind("二进制数据"));
    }
    let (bytes, marked) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(FileError::Empty);
    }
    let lines = || bytes.split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let encoding = forced.unwrap_or_else(|| if marked { Encoding::Utf8 } else { guess(lines()) });

    let mut notices = Notices { lines: Vec::new(), errors: Vec::new(), rows: 0, encoding };
    for (number, line) in (1_u32..).zip(lines()) {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        notices.rows += 1;
        match encoding.decode(line) {
            Some(text) => parse(number, &text, &mut notices),
            None => notices.errors.push(error(
                number,
                "",
                code::ENCODING,
                String::new(),
                format!("第 {number} 行不是有效的 {} 文本。", encoding_name(encoding)),
                "请银行重发文件，或用 --encoding 指定编码。",
            )),
        }
    }
    Ok(notices)
}

fn encoding_name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Utf8 => "UTF-8",
        Encoding::Gb18030 => "GB18030",
    }
}

fn guess<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Encoding {
    let (mut valid, mut invalid) = (0_usize, 0_usize);
    for line in lines.filter(|line| !line.is_ascii()) {
        if std::str::from_utf8(line).is_ok() { valid += 1 } else { invalid += 1 }
    }
    if invalid == 0 || valid > invalid { Encoding::Utf8 } else { Encoding::Gb18030 }
}

fn error(row: u32, column: &str, code: &'static str, found: String, message: String, remedy: impl Into<String>) -> RowError {
    RowError { sheet: "到账通知".to_owned(), row, column: column.to_owned(), code, found, message, remedy: remedy.into() }
}

const ASK_THE_BANK: &str = "请银行核对后重发这一行。";

fn parse(number: u32, text: &str, notices: &mut Notices) {
    let mut fields: Vec<&str> = text.split('|').map(str::trim).collect();
    // Some systems end every field, the last one too, with the separator.
    if fields.len() == FIELDS + 1 && fields[FIELDS].is_empty() {
        fields.pop();
    }
    if fields.len() != FIELDS {
        notices.errors.push(error(
            number,
            "",
            code::FIELDS,
            mask::digits(&text.chars().take(40).collect::<String>()),
            format!("这一行有 {} 个字段，应有 {FIELDS} 个。", fields.len()),
            "核对分隔符“|”的个数；字段内容里不能有“|”。",
        ));
        return;
    }
    let before = notices.errors.len();
    let errors = &mut notices.errors;
    let mut complain = |at: usize, code, message: &str, remedy: &str| {
        let kind = if matches!(at, 1 | 4) { Kind::Card } else { Kind::Text { longest: 60 } };
        errors.push(error(number, FIELD_NAMES[at], code, mask::found(&kind, fields[at]), message.to_owned(), remedy));
    };
    for at in [1, 2, 6, 7] {
        if fields[at].is_empty() {
            complain(at, code::REQUIRED, &format!("“{}”必填，这里是空的。", FIELD_NAMES[at]), ASK_THE_BANK);
        }
    }
    let mut amount_at = |at: usize| -> Option<Money> {
        match fields[at] {
            "" => None,
            text => match money(text) {
                Ok(amount) => Some(amount),
                Err((code, message)) => {
                    complain(at, code, message, "金额以元为单位，最多两位小数，例：125640.00；支出为负。");
                    None
                }
            },
        }
    };
    let (amount, available, balance, overdraft) = (amount_at(6), amount_at(9), amount_at(14), amount_at(15));
    if amount == Some(Money::ZERO) {
        complain(6, code::RANGE, "金额为零。", ASK_THE_BANK);
    }
    let date = match fields[7] {
        "" => None,
        text => match day(text) {
            Some(date) => Some(date),
            None => {
                complain(7, code::NO_SUCH_DAY, "不是存在的日期，应为 YYYYMMDD。", ASK_THE_BANK);
                None
            }
        },
    };
    if !fields[8].is_empty() && !is_time(fields[8]) {
        complain(8, code::FORM, "时间应为 HHMMSS 六位数字。", ASK_THE_BANK);
    }
    if !matches!(fields[12], "" | "156" | "CNY" | "RMB") {
        complain(12, code::NOT_IN_LIST, "币种不是人民币（156）。", "外币账户不属于本系统，请删去这一行。");
    }
    if !matches!(fields[13], "" | "1" | "2") {
        complain(13, code::NOT_IN_LIST, "钞汇标志应为 1 或 2。", ASK_THE_BANK);
    }
    if !matches!(fields[20], "" | "0" | "1") {
        complain(20, code::NOT_IN_LIST, "冲正标志应为 0 或 1。", ASK_THE_BANK);
    }
    let (Some(amount), Some(date), true) = (amount, date, notices.errors.len() == before) else {
        return;
    };
    let own = |at: usize| fields[at].to_owned();
    notices.lines.push(NoticeLine {
        line: number,
        seq: own(0),
        account: own(1),
        host_serial: own(2),
        tx_code: own(3),
        counter_account: own(4),
        counter_name: own(5),
        amount,
        date,
        time: own(8),
        available,
        branch: own(10),
        remark: own(11),
        currency: "156".to_owned(),
        cash_remit: own(13),
        balance,
        overdraft,
        voucher_type: own(16),
        voucher_number: own(17),
        counter_bank_number: own(18),
        summary: own(19),
        reversal: fields[20] == "1",
        line_number: own(21),
        book_number: own(22),
    });
}

/// An amount in yuan as a bank writes it: sign, digits, at most two decimals. Separators are not accepted: a bank's
/// machine does not write them.
fn money(text: &str) -> Result<Money, (&'static str, &'static str)> {
    let unsigned = match text.strip_prefix('+') {
        Some(rest) if rest.starts_with('-') => return Err((code::FORM, "不是金额。")),
        Some(rest) => rest,
        None => text,
    };
    // Zeros beyond the fen say nothing.
    let shortened = match unsigned.split_once('.') {
        Some((whole, cents)) if cents.len() > 2 => {
            let kept = cents.trim_end_matches('0');
            format!("{whole}.{kept:0<2}")
        }
        _ => unsigned.to_owned(),
    };
    Money::parse(&shortened).map_err(|error| match error {
        MoneyError::TooManyDecimals => (code::DECIMALS, "金额超过两位小数。"),
        MoneyError::TooLarge => (code::RANGE, "金额过大。"),
        _ => (code::FORM, "不是金额。"),
    })
}

/// The day of `20250710`, if there is such a day.
fn day(text: &str) -> Option<Day> {
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Day::ymd(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?)
}

/// Whether a text is a time of day as `HHMMSS`.
fn is_time(text: &str) -> bool {
    let below = |from: usize, end: u32| text.get(from..from + 2).and_then(|two| two.parse::<u32>().ok()).is_some_and(|n| n < end);
    text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) && below(0, 24) && below(2, 60) && below(4, 60)
}

/// Writes a receipt file, for tests, demonstrations and exchange with other systems. Lines end with LF, without a byte order
/// mark. A `|` or line break inside a text becomes a space: the form knows no escape.
pub fn write_notices<'a>(lines: impl IntoIterator<Item = &'a NoticeLine>, encoding: Encoding) -> Vec<u8> {
    let mut text = String::new();
    for line in lines {
        let yuan = |amount: Option<Money>| amount.map(|amount| amount.to_string()).unwrap_or_default();
        let fields: [String; FIELDS] = [
            line.seq.clone(),
            line.account.clone(),
            line.host_serial.clone(),
            line.tx_code.clone(),
            line.counter_account.clone(),
            line.counter_name.clone(),
            line.amount.to_string(),
            line.date.compact(),
            line.time.clone(),
            yuan(line.available),
            line.branch.clone(),
            line.remark.clone(),
            line.currency.clone(),
            line.cash_remit.clone(),
            yuan(line.balance),
            yuan(line.overdraft),
            line.voucher_type.clone(),
            line.voucher_number.clone(),
            line.counter_bank_number.clone(),
            line.summary.clone(),
            if line.reversal { "1" } else { "0" }.to_owned(),
            line.line_number.clone(),
            line.book_number.clone(),
        ];
        let joined = fields.map(|field| field.replace(['|', '\n', '\r'], " ")).join("|");
        text.push_str(&joined);
        text.push('\n');
    }
    match encoding {
        Encoding::Utf8 => text.into_bytes(),
        Encoding::Gb18030 => GB18030.encode(&text).0.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The invented line of `handbook 17 §8`.
    const LINE: &str = "1|53230100000001|HS250710000017|1001|6200000000000001|某县第一小学|125640.00|20250710|093012||楚雄支行|汇缴 022507100000042|156|2|8125640.00||||102000000000|代发单位汇缴|0||";

    fn codes(text: &str) -> Vec<(u32, String, &'static str)> {
        let notices = read_notices(text.as_bytes(), None).expect("readable");
        notices.errors.iter().map(|error| (error.row, error.column.clone(), error.code)).collect()
    }

    #[test]
    fn the_line_of_the_handbook_is_read() {
        let notices = read_notices(LINE.as_bytes(), None).expect("readable");
        assert_eq!(notices.errors, []);
        let line = &notices.lines[0];
        assert_eq!((line.amount, line.date.to_string(), line.reversal), (Money::from_fen(12_564_000), "2025-07-10".to_owned(), false));
        assert_eq!((line.balance, line.available), (Some(Money::from_fen(812_564_000)), None));
        assert_eq!(line.remark, "汇缴 022507100000042");
        assert_eq!(line.counter_name, "某县第一小学");
    }

    #[test]
    fn both_encodings_and_both_line_ends_give_the_same_lines() {
        let text = format!("{LINE}\r\n\r\n{}\r\n", LINE.replace("|125640.00|", "|-20.05|").replace("|0||", "|1||"));
        let utf8 = read_notices(text.as_bytes(), None).expect("UTF-8");
        let marked = read_notices(&[b"\xEF\xBB\xBF", text.as_bytes()].concat(), None).expect("with mark");
        let gb = GB18030.encode(&text).0.into_owned();
        let gbk = read_notices(&gb, None).expect("GBK");
        assert_eq!(gbk.encoding, Encoding::Gb18030);
        assert_eq!(utf8.lines, gbk.lines);
        assert_eq!(utf8.lines, marked.lines);
        assert_eq!(utf8.lines[1].amount, Money::from_fen(-2_005));
        assert!(utf8.lines[1].reversal);
        assert_eq!(utf8.lines[1].line, 3, "lines count as the file has them");
    }

    #[test]
    fn a_wrong_forced_encoding_is_an_error_of_each_line() {
        let gb = GB18030.encode(LINE).0.into_owned();
        let notices = read_notices(&gb, Some(Encoding::Utf8)).expect("readable");
        assert_eq!(notices.errors.iter().map(|e| (e.row, e.code)).collect::<Vec<_>>(), [(1, code::ENCODING)]);
    }

    #[test]
    fn one_spoiled_line_does_not_change_the_encoding_of_the_others() {
        let mut bytes = format!("{LINE}\n{LINE}\n").into_bytes();
        bytes.extend_from_slice(b"1|\xFF\xFF|\n");
        let notices = read_notices(&bytes, None).expect("readable");
        assert_eq!(notices.encoding, Encoding::Utf8);
        assert_eq!(notices.lines.len(), 2);
        assert_eq!(notices.errors.iter().map(|e| (e.row, e.code)).collect::<Vec<_>>(), [(3, code::ENCODING)]);
    }

    #[test]
    fn every_error_of_every_line_comes_out() {
        let bad = "1||HS1|1|6200000000000001|某校|12.345|20250230|256000|||备注|840|3|||||102|摘要|9||";
        let text = format!("一|二\n{bad}\n{LINE}\n1|5323|HS2|||某校|0.00|20250710|||||||||||||||");
        assert_eq!(
            codes(&text),
            [
                (1, String::new(), code::FIELDS),
                (2, "账号".to_owned(), code::REQUIRED),
                (2, "金额".to_owned(), code::DECIMALS),
                (2, "日期".to_owned(), code::NO_SUCH_DAY),
                (2, "时间".to_owned(), code::FORM),
                (2, "币种".to_owned(), code::NOT_IN_LIST),
                (2, "钞汇标志".to_owned(), code::NOT_IN_LIST),
                (2, "冲正标志".to_owned(), code::NOT_IN_LIST),
                (4, "金额".to_owned(), code::RANGE),
            ]
        );
    }

    #[test]
    fn files_of_another_kind_are_refused_as_a_whole() {
        assert!(matches!(read_notices(b"PK\x03\x04rest", None), Err(FileError::WrongKind(_))));
        assert!(matches!(read_notices(b"\xEF\xBB\xBF \r\n", None), Err(FileError::Empty)));
        assert!(matches!(read_notices(b"a\0b", None), Err(FileError::WrongKind(_))));
    }

    #[test]
    fn amounts_keep_their_sign_below_one_yuan() {
        assert_eq!(money("-0.05"), Ok(Money::from_fen(-5)));
        assert_eq!(money("+7"), Ok(Money::from_fen(700)));
        assert_eq!(money("7.100"), Ok(Money::from_fen(710)));
        for wrong in ["1,000.00", ".5", "99999999999999999999", "+-5", "7.001", ""] {
            assert!(money(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            amount in -1_000_000_000_000_i64..1_000_000_000_000,
            name in "[\u{4e00}-\u{9fa5}]{1,12}",
            remark in "[ -{}~０-９\u{4e00}-\u{9fa5}]{0,30}",
            reversal: bool,
            gbk: bool,
        ) {
            prop_assume!(amount != 0);
            let date = Day::ymd(2025, 7, 10).expect("a day");
            let line = NoticeLine {
                line: 1,
                seq: "1".into(),
                counter_name: name,
                remark: remark.trim().to_owned(),
                reversal,
                ..NoticeLine::new("53230100000001", "HS1", Money::from_fen(amount), date)
            };
            let encoding = if gbk { Encoding::Gb18030 } else { Encoding::Utf8 };
            let notices = read_notices(&write_notices([&line], encoding), Some(encoding)).expect("readable");
            prop_assert_eq!(notices.errors, []);
            prop_assert_eq!(notices.lines, vec![line]);
        }

        #[test]
        fn no_bytes_make_the_reader_fail_otherwise_than_by_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = read_notices(&bytes, None);
        }
    }
}
