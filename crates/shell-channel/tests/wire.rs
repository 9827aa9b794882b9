//! The wire form of the bank settlement system.

use core_calendar::Day;
use core_case::form::Choice as _;
use core_money::Money;
use proptest::prelude::*;
use shell_channel::bank::batch::{self, BatchError, Deduction, Payment, read_result, write_deductions, write_payments};
use shell_channel::bank::{Cipher, CipherError, Fields, Frame, FrameError, HEADER, Message, MessageError, Node, NotGbk, TxCode};

/// No cipher at all (明文): files travel as upper-case hexadecimal digits.
struct Plain;

impl Cipher for Plain {
    fn session(&mut self, _: &str) -> Result<(), CipherError> {
        Ok(())
    }

    fn seal(&self, body: &[u8]) -> Result<Vec<u8>, CipherError> {
        Ok(body.to_vec())
    }

    fn open(&self, body: &[u8]) -> Result<Vec<u8>, CipherError> {
        Ok(body.to_vec())
    }

    fn pack(&self, file: &[u8]) -> Result<String, CipherError> {
        Ok(file.iter().map(|byte| format!("{byte:02X}")).collect())
    }

    fn unpack(&self, data: &str) -> Result<Vec<u8>, CipherError> {
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        let pair = |pair: &[u8]| match pair {
            [high, low] => digit(high).zip(digit(low)).map(|(high, low)| (high * 16 + low) as u8),
            _ => None,
        };
        data.as_bytes().chunks(2).map(pair).collect::<Option<Vec<u8>>>().ok_or_else(|| CipherError("DATA 不是十六进制".to_owned()))
    }
}

fn centre() -> Node {
    Node::parse("C53230").expect("a node")
}

#[test]
fn a_frame_is_twenty_bytes_and_a_body() {
    let frame = Frame { sender: centre(), code: TxCode::Pay, body: b"abc".to_vec() };
    let bytes = frame.encode().expect("a short body");
    assert_eq!(bytes, b"C532300BDC101\0\0\0\0\0\0\x03abc");
    assert_eq!(Frame::decode(&bytes), Ok(frame));
    let signing = Frame { sender: Node::HUB, code: TxCode::SignIn, body: Vec::new() };
    assert_eq!(&signing.encode().expect("no body")[..16], b"D000001BDC001\0\0\0");
    let probe = Frame { sender: centre(), code: TxCode::AccountNotice, body: Vec::new() };
    assert_eq!(&probe.encode().expect("no body")[6..16], b"0SBDC100\0\0");
}

#[test]
fn what_is_no_frame_is_refused_before_its_body_is_read() {
    let header = |text: &[u8], length: u32| -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[..text.len()].copy_from_slice(text);
        bytes[16..].copy_from_slice(&length.to_be_bytes());
        bytes
    };
    assert_eq!(Frame::read_header(&header(b"c532300BDC101", 0)), Err(FrameError::Node));
    assert_eq!(Frame::read_header(&header(b"C532301BDC101", 0)), Err(FrameError::Kind(TxCode::Pay)));
    assert_eq!(Frame::read_header(&header(b"C532300BDC999", 0)), Err(FrameError::Code("BDC999".to_owned())));
    assert_eq!(Frame::read_header(&header(b"C532300BDC101", u32::MAX)), Err(FrameError::TooLong(u32::MAX as usize)));
    assert_eq!(Frame::decode(b"C53230"), Err(FrameError::Length { expected: HEADER, found: 6 }));
    let cut = [header(b"C532300BDC101", 5).as_slice(), b"abc"].concat();
    assert_eq!(Frame::decode(&cut), Err(FrameError::Length { expected: 5, found: 3 }));
}

#[test]
fn codes_differ_and_read_back() {
    for (code, words) in TxCode::CHOICES {
        assert_eq!(TxCode::from_code(code).map(|found| (found.code(), found.words())), Some((*code, *words)));
        assert!(code.len() <= 7);
    }
}

fn payment() -> Message {
    let file = Plain.pack(b"1@|$12.50").expect("plain");
    Message {
        head: Fields::default().with("SendDate", "20260710").with("TxCode", "BDC103").with("Empty", ""),
        body: Fields::default()
            .with("CrAcctName", "彝族自治州 <第一小学> & 附属 \"园\"")
            .with_list("FILE_LIST", [Fields::default().with("NAME", "BDC_BAT_532300000000000000001.DAT").with("DATA", file)]),
    }
}

#[test]
fn a_message_travels_as_gbk_xml() {
    let message = payment();
    let bytes = message.encode().expect("GBK");
    assert!(bytes.starts_with(b"<?xml version=\"1.0\" encoding=\"GBK\"?><message><head><field name=\"SendDate\">20260710</field>"));
    let read = Message::decode(&bytes).expect("a message");
    assert_eq!(read, message);
    assert_eq!(read.head.required("TxCode"), Ok("BDC103"));
    assert_eq!(read.head.text("Empty"), Some(""));
    assert_eq!(read.head.required("RtnCode"), Err(MessageError::Missing("RtnCode".to_owned())));
    let data = read.body.list("FILE_LIST").next().and_then(|file| file.text("DATA")).expect("a file");
    assert_eq!(Plain.unpack(data).as_deref(), Ok(b"1@|$12.50".as_slice()));
}

#[test]
fn a_rare_character_is_named_with_its_field() {
    let message = Message { head: Fields::default(), body: Fields::default().with("CrAcctName", "𠮷田") };
    let why = message.encode().expect_err("GBK has no such character");
    assert_eq!(why, MessageError::Text("CrAcctName".to_owned(), NotGbk::Character('𠮷')));
    assert_eq!(why.to_string(), "报文字段 CrAcctName：银行接口只收 GBK 字符，没有“𠮷”字（U+20BB7），请与本人确认在银行登记的写法");
    let control = Message { head: Fields::default().with("Remark", "a\u{1}b"), body: Fields::default() };
    assert_eq!(control.encode(), Err(MessageError::Control("Remark".to_owned())));
}

#[test]
fn what_is_no_message_is_refused() {
    for xml in [
        "",
        "<message>",
        "<message><head></head>",
        "<message><head/><body><field>1</field></body></message>",
        "<message><head/><body>text</body></message>",
        "<message><body/><field name=\"a\"/></message>",
        "<message><head><field name=\"a\"><field name=\"b\"/></field></head></message>",
        "<message><head></head><head></head></message>",
        "<message><head><field name=\"a\">&x;</field></head></message>",
        "<!DOCTYPE m [<!ENTITY x \"y\">]><message><head><field name=\"a\">&x;</field></head></message>",
        "<other/>",
    ] {
        assert!(matches!(Message::decode(xml.as_bytes()), Err(MessageError::Form(_))), "{xml}");
    }
    let deep = "<message><body>".to_owned() + &"<field-list name=\"0\">".repeat(1_000);
    assert!(matches!(Message::decode(deep.as_bytes()), Err(MessageError::Form(_))));
    assert_eq!(Message::decode(b"<message>\xff\xff"), Err(MessageError::Bytes(NotGbk::Bytes(9))));
}

proptest! {
    #[test]
    fn any_text_gbk_has_comes_back(texts in proptest::collection::vec("[ -~一-龥（）·]{0,20}", 1..6)) {
        let mut body = Fields::default();
        for (at, text) in texts.iter().enumerate() {
            body = body.with(&format!("F{at}"), text.as_str());
        }
        let message = Message { head: Fields::default().with("A", "b"), body };
        let bytes = message.encode().unwrap();
        prop_assert_eq!(Message::decode(&bytes).unwrap(), message);
    }

    #[test]
    fn no_bytes_make_it_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0_usize..400) {
        let _ = Message::decode(&bytes);
        let _ = Frame::decode(&bytes);
        let _ = read_result(&bytes);
        // Bytes of a true message with one of them changed.
        let mut message = payment().encode().unwrap();
        let place = at % message.len();
        message[place] = bytes.pop().unwrap_or(0);
        let _ = Message::decode(&message);
    }
}

#[test]
fn a_deduction_file_is_a_line_a_row() {
    let row = |seq: u32, name: &str| Deduction {
        seq,
        amount: Money::from_fen(320_873),
        account: "6200000000000001".to_owned(),
        name: name.to_owned(),
        whole: true,
        summary: "052607200000001".to_owned(),
    };
    let bytes = write_deductions(&[row(1, "ZHANG"), row(2, "LI")]).expect("a file");
    let text = String::from_utf8(bytes).expect("ASCII");
    assert_eq!(text.lines().next(), Some("1@|$3208.73@|$6200000000000001@|$ZHANG@|$1@|$052607200000001"));
    assert_eq!(text.lines().count(), 2);
    assert_eq!(write_deductions(&[row(1, "张|三")]), Err(BatchError::Separator { row: 1, column: "付款户名" }));
    assert_eq!(write_deductions(&[row(1, "𠮷")]), Err(BatchError::Text { row: 1, why: NotGbk::Character('𠮷') }));
    assert_eq!(write_deductions(&vec![row(1, "ZHANG"); 301]), Err(BatchError::TooMany(301)));
}

#[test]
fn a_payment_row_tells_principal_and_interest() {
    let payment = Payment {
        seq: 1,
        amount: Money::from_fen(8_638_650),
        account: "6200000000000002".to_owned(),
        name: "LI".to_owned(),
        summary: "012607200000001".to_owned(),
        business_account: "990000000000018".to_owned(),
        serials: ["012607200000001-1".to_owned(), String::new()],
        principal: Money::from_fen(8_600_000),
        interest: Money::from_fen(38_650),
    };
    let text = String::from_utf8(write_payments(&[payment]).expect("a file")).expect("ASCII");
    let wanted = "1@|$86386.50@|$6200000000000002@|$LI@|$012607200000001@|$990000000000018@|$012607200000001-1@|$@|$86000.00@|$386.50\n";
    assert_eq!(text, wanted);
}

const RESULT: &str = "\
$20260720|532300000000000|BDC_BAT_532300000000000000001|05|1|156|2|3|600.00|2|300.00|1|300.00|x|
1|156|2|100.00|6200000000000001|ZHANG|0.00|53230100000000001|FUND|1.00|00000|OK|20260720|HS1|||
2|156|2|200.00|6200000000000002|LI|0.00|53230100000000001|FUND|1.00|00000|OK|20260720|HS2|||
3|156|2|300.00|6200000000000003|WANG|0.00|53230100000000001|FUND|1.00|E4012|insufficient||||
";

#[test]
fn a_result_file_tells_each_row() {
    let result = read_result(RESULT.as_bytes()).expect("a result");
    assert_eq!((result.done, result.failed), ((2, Money::from_yuan(300)), (1, Money::from_yuan(300))));
    let row = &result.rows[2];
    assert_eq!((row.done(), row.seq, row.code.as_str(), row.host_day), (false, 3, "E4012", None));
    let row = &result.rows[0];
    assert_eq!((row.done(), row.host_serial.as_str(), row.host_day), (true, "HS1", Day::ymd(2026, 7, 20)));
}

#[test]
fn a_result_file_that_contradicts_itself_is_refused_with_every_reason() {
    let errors = read_result(RESULT.replace("|2|300.00|1|300.00", "|3|600.00|0|0.00").as_bytes()).expect_err("other totals");
    let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(words, ["首行与明细不符：成功首行 3 笔 600.00，明细 2 笔 300.00", "首行与明细不符：失败首行 0 笔 0.00，明细 1 笔 300.00"]);
    let broken = RESULT.replace("2|156|2|200.00", "x|156|2|two").replace("20260720|HS1", "20261320|HS1");
    let errors = read_result(broken.as_bytes()).expect_err("three columns");
    let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(words, ["第 2 行第 13 栏（主机日期）不对：20261320", "第 3 行第 1 栏（序号）不对：x", "第 3 行第 4 栏（金额）不对：two"]);
    assert!(matches!(read_result(b"").expect_err("nothing")[0], batch::BatchError::Column { row: 1, column: 8, .. }));
}
