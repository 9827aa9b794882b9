//! Whole files in: workbooks and CSV as people send them, what comes out of them and what is said about them.

use std::io::{Cursor, Write};

use core_money::{Money, Rate};
use rust_xlsxwriter::{Format, Formula, Workbook};
use shell_files::layout::{Column, Kind, Layout};
use shell_files::problem::{FileError, code};
use shell_files::sheet::{Limits, read_workbook, read_workbook_within};
use shell_files::xlsx::{Report, SheetOut, Value, template, workbook_bytes};
use shell_files::{codes, layouts};

fn fen(fen: i64) -> Money {
    Money::from_fen(fen)
}

const SUSPENSE: &[&Layout] = &[&layouts::OPENING_SUSPENSE];

/// A workbook with one sheet from rows of text cells.
fn book(sheet: &str, rows: &[&[&str]]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let out = workbook.add_worksheet();
    out.set_name(sheet).unwrap();
    for (at, row) in (0_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(*row) {
            if !cell.is_empty() {
                out.write_string(at, column, *cell).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// Errors as `(row, column, code)`.
fn errors(bytes: &[u8], layouts: &[&'static Layout]) -> Vec<(u32, String, &'static str)> {
    let workbook = read_workbook(bytes, layouts).unwrap();
    workbook.errors.iter().map(|error| (error.row, error.column.clone(), error.code)).collect()
}

#[test]
fn headings_are_found_under_a_title_in_any_order_with_stars_and_units() {
    let bytes = book(
        "暂存",
        &[
            &["白鹭县各单位暂存款"],
            &["填表日期：2025-07-01"],
            &["经办", "预缴余额（元）", "＊ 单位 账号", "缴至年月", "未分摊余额"],
            &["周宁", "", "982404170000318", "2025年6月", "1,643.00"],
        ],
    );
    let workbook = read_workbook(&bytes, SUSPENSE).unwrap();
    assert_eq!(workbook.errors, []);
    let row = workbook.sheet("opening_suspense").unwrap().rows().next().unwrap();
    assert_eq!(row.number(), 4);
    assert_eq!(row.text("employer"), Some("982404170000318"));
    assert_eq!(row.money("suspense"), Some(fen(164_300)));
    assert_eq!(row.raw("suspense"), Some("1,643.00"));
    assert_eq!(row.text("prepayment"), None);
    assert_eq!(row.text("paid_to_month"), Some("2025-06"));
    assert_eq!(workbook.notes[0].message, "没有读取模板以外的列：经办。");
}

#[test]
fn every_error_of_every_row_comes_out_with_row_column_and_remedy() {
    let bytes = book(
        "个人开户",
        &[
            &["单位账号", "姓名", "证件类型", "证件号码", "手机号码", "缴存基数", "首次汇缴年月", "银行卡号", "开户银行"],
            &[
                "982404170000318",
                "赵小岚",
                "身份证",
                "53230119900101204X",
                "13900000001",
                "8000",
                "2025-07",
                "6200000000000000001",
                "农业银行",
            ],
            &["", "李明", "驾驶证", "532301199001012046", "139", "8000.005", "2025-13", "", "农业银行"],
        ],
    );
    assert_eq!(
        errors(&bytes, &[&layouts::MEMBERS]),
        [
            (3, "单位账号".to_owned(), code::REQUIRED),
            (3, "证件类型".to_owned(), code::NOT_IN_LIST),
            (3, "手机号码".to_owned(), code::FORM),
            (3, "缴存基数".to_owned(), code::DECIMALS),
            (3, "首次汇缴年月".to_owned(), code::NO_SUCH_DAY),
            (3, "银行卡号".to_owned(), code::REQUIRED),
        ]
    );
    let workbook = read_workbook(&bytes, &[&layouts::MEMBERS]).unwrap();
    let sheet = workbook.sheet("members").unwrap();
    assert_eq!(sheet.good_rows().map(|row| row.number()).collect::<Vec<_>>(), [2]);
    assert!(workbook.errors.iter().all(|error| !error.remedy.is_empty() && error.sheet == "个人开户"));
}

#[test]
fn an_id_number_that_became_a_number_is_refused_for_its_lost_digits_and_not_shown() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("汇缴清册").unwrap();
    for (at, heading) in (0_u16..).zip(["个人账号", "姓名", "证件号码"]) {
        sheet.write_string(0, at, heading).unwrap();
    }
    sheet.write_number(1, 0, 992_404_170_000_318.0).unwrap();
    sheet.write_string(1, 1, "赵小岚").unwrap();
    sheet.write_number(1, 2, 532_301_199_001_012_046.0).unwrap();
    let workbook = read_workbook(&workbook.save_to_buffer().unwrap(), layouts::REMITTANCE).unwrap();
    let [error] = workbook.errors.as_slice() else { panic!("one error: {:?}", workbook.errors) };
    assert_eq!((error.row, error.column.as_str(), error.code), (2, "证件号码", code::DIGITS_LOST));
    assert!(error.message.contains("前 15 位"), "{}", error.message);
    assert!(!error.found.contains("19900101"), "masked: {}", error.found);
    let row = workbook.sheets[0].rows().next().unwrap();
    assert_eq!(row.text("member"), Some("992404170000318"), "fifteen digits are exact");
}

#[test]
fn formulas_give_their_stored_value_and_are_refused_without_one() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("暂存").unwrap();
    sheet.write_string(0, 0, "单位账号").unwrap();
    sheet.write_string(0, 1, "未分摊余额").unwrap();
    sheet.write_string(1, 0, "1").unwrap();
    sheet.write_formula(1, 1, Formula::new("0.1+0.2").set_result("0.3")).unwrap();
    sheet.write_string(2, 0, "2").unwrap();
    sheet.write_formula(2, 1, Formula::new("1/0").set_result("#DIV/0!")).unwrap();
    sheet.write_string(3, 0, "3").unwrap();
    sheet.write_formula(3, 1, Formula::new("B2").set_result("")).unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let workbook = read_workbook(&bytes, SUSPENSE).unwrap();
    assert_eq!(workbook.sheets[0].rows().next().unwrap().money("suspense"), Some(fen(30)));
    assert_eq!(errors(&bytes, SUSPENSE), [(3, "未分摊余额".to_owned(), code::CELL_FAULT)], "an empty stored result is an empty cell");
    let without = with_part(&bytes, "xl/worksheets/sheet1.xml", |xml| xml.replace("<v>0.3</v>", ""));
    assert_eq!(errors(&without, SUSPENSE)[0], (2, "未分摊余额".to_owned(), code::FORMULA_EMPTY));
}

#[test]
fn empty_rows_are_skipped_hidden_rows_are_read_totals_are_left_out_and_all_is_said() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("暂存").unwrap();
    for (row, (account, amount)) in (0_u32..).zip([("单位账号", "未分摊余额"), ("1", "1"), ("　", " "), ("2", "2"), ("合计", "3")])
    {
        sheet.write_string(row, 0, account).unwrap();
        sheet.write_string(row, 1, amount).unwrap();
    }
    sheet.set_row_hidden(3).unwrap();
    let extra = workbook.add_worksheet();
    extra.set_name("草稿").unwrap();
    let workbook = read_workbook(&workbook.save_to_buffer().unwrap(), SUSPENSE).unwrap();
    assert_eq!(workbook.errors, []);
    let rows: Vec<(u32, bool)> = workbook.sheets[0].rows().map(|row| (row.number(), row.is_hidden())).collect();
    assert_eq!(rows, [(2, false), (4, true)]);
    let notes: Vec<&str> = workbook.notes.iter().map(|note| note.message.as_str()).collect();
    assert_eq!(
        notes,
        ["跳过空行：第 3 行。", "跳过合计行：第 5 行。", "隐藏的行也已读取：第 4 行。", "没有读取工作表“草稿”：它不在模板内。"]
    );
}

#[test]
fn a_missing_compulsory_heading_is_one_error_and_not_one_a_row() {
    let bytes = book("一笔多单位", &[&["银行流水号", "单位账号", "金额"], &["HS1", "1", "2.00"], &["HS1", "2", "3.00"]]);
    assert_eq!(errors(&bytes, &[&layouts::SPLIT]), [(1, "汇缴年月".to_owned(), code::HEADING_MISSING)]);
}

#[test]
fn a_heading_that_stands_twice_is_refused() {
    let bytes = book("暂存", &[&["单位账号", "未分摊余额", "未分摊余额(元)"], &["1", "2.00", "3.00"]]);
    assert_eq!(errors(&bytes, SUSPENSE), [(1, "未分摊余额".to_owned(), code::HEADING_TWICE)]);
}

#[test]
fn the_opening_workbook_wants_its_three_sheets() {
    let bytes = book("科目", &[&["科目编号", "借方余额", "贷方余额"], &["101", "100.00", ""], &["201", "", "100.00"]]);
    let workbook = read_workbook(&bytes, layouts::OPENING).unwrap();
    assert_eq!(workbook.sheet("opening_ledger").unwrap().rows().len(), 2);
    let missing: Vec<&str> = workbook.errors.iter().map(|error| error.sheet.as_str()).collect();
    assert_eq!(missing, ["职工", "暂存"]);
    assert!(workbook.errors.iter().all(|error| error.code == code::SHEET_MISSING));
}

#[test]
fn a_sheet_of_another_name_is_taken_when_its_headings_fit() {
    let bytes = book("Sheet1", &[&["单位账号", "未分摊余额"], &["1", "2.00"]]);
    let workbook = read_workbook(&bytes, SUSPENSE).unwrap();
    assert_eq!((workbook.row_count(), workbook.sheets[0].name.as_str()), (1, "Sheet1"));
    let bytes = book("Sheet1", &[&["甲", "乙"], &["1", "2.00"]]);
    assert!(matches!(read_workbook(&bytes, SUSPENSE), Err(FileError::NoHeadings("单位账号"))));
}

#[test]
fn csv_in_both_encodings_and_three_separators_reads_like_the_workbook() {
    let rare = "𠮷田小岚";
    for separator in [",", ";", "\t"] {
        let text =
            ["个人账号", "姓名", "缴存基数"].join(separator) + "\r\n\r\n" + &["992404170000318", rare, "8000.5"].join(separator) + "\r\n";
        let gb = encoding_rs::GB18030.encode(&text).0.into_owned();
        let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        for bytes in [gb, marked, text.into_bytes()] {
            let workbook = read_workbook(&bytes, layouts::REMITTANCE).unwrap();
            assert_eq!(workbook.errors, []);
            let row = workbook.sheet("remittance").unwrap().rows().next().unwrap();
            assert_eq!((row.number(), row.text("name"), row.money("base")), (3, Some(rare), Some(fen(800_050))));
        }
    }
}

#[test]
fn wrong_and_locked_files_under_a_right_name_say_what_they_are() {
    let kind = |bytes: &[u8]| read_workbook(bytes, SUSPENSE).unwrap_err().code();
    assert_eq!(kind(b""), code::EMPTY);
    assert_eq!(kind(b"  \r\n"), code::EMPTY);
    assert_eq!(kind(b"%PDF-1.7 ..."), code::WRONG_KIND);
    assert_eq!(kind("<html><table><tr><td>单位账号</td></tr></table>".as_bytes()), code::WRONG_KIND);
    assert_eq!(kind(&compound(&["/EncryptionInfo", "/EncryptedPackage"])), code::LOCKED);
    assert_eq!(kind(&compound(&["/WordDocument"])), code::WRONG_KIND);
    assert_eq!(kind(&zip_of(&[("word/document.xml", b"<x/>".as_slice())])), code::WRONG_KIND);
    assert_eq!(kind(b"\x81\xFF\xFF\xFF"), code::ENCODING);
    let whole = book("暂存", &[&["单位账号", "未分摊余额"], &["1", "2.00"]]);
    assert_eq!(kind(&whole[..whole.len() / 2]), code::DAMAGED);
}

#[test]
fn a_zip_bomb_is_stopped_by_what_it_inflates_to_and_not_by_what_it_claims() {
    let mut xml = b"<worksheet><sheetData>".to_vec();
    xml.extend(std::iter::repeat_n(b' ', 8 << 20));
    let bytes = zip_of(&[
        ("xl/workbook.xml", br#"<workbook><sheets><sheet name="a" id="r1"/></sheets></workbook>"#.as_slice()),
        ("xl/_rels/workbook.xml.rels", br#"<R><Relationship Id="r1" Target="worksheets/sheet1.xml"/></R>"#),
        ("xl/worksheets/sheet1.xml", &xml),
    ]);
    assert!(bytes.len() < 64 << 10, "small to send");
    let limits = Limits { inflated: 1 << 20, ..Limits::default() };
    assert!(matches!(read_workbook_within(&bytes, SUSPENSE, limits), Err(FileError::TooLarge(_))));
}

#[test]
fn rows_and_texts_are_bounded() {
    let text: String = std::iter::once("单位账号,未分摊余额\n".to_owned()).chain((0..50).map(|n| format!("{n},1\n"))).collect();
    let rows = Limits { rows: 49, ..Limits::default() };
    assert!(matches!(read_workbook_within(text.as_bytes(), SUSPENSE, rows), Err(FileError::TooLarge(_))));
    let little = Limits { text: 20, ..Limits::default() };
    assert!(matches!(read_workbook_within(text.as_bytes(), SUSPENSE, little), Err(FileError::TooLarge(_))));
}

#[test]
fn a_cell_in_the_last_corner_of_the_grid_costs_nothing() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("暂存").unwrap();
    sheet.write_string(0, 0, "单位账号").unwrap();
    sheet.write_string(0, 1, "未分摊余额").unwrap();
    sheet.write_string(1_048_575, 0, "1").unwrap();
    sheet.write_string(1_048_575, 16_383, "角落").unwrap();
    let workbook = read_workbook(&workbook.save_to_buffer().unwrap(), SUSPENSE).unwrap();
    assert_eq!(workbook.sheets[0].rows().next().unwrap().number(), 1_048_576);
}

#[test]
fn the_monthly_list_that_is_exported_can_be_imported() {
    let mut report = Report::of_layout(&layouts::REMITTANCE_LIST);
    report.title = "住房公积金汇缴清册".to_owned();
    report.subtitle = vec!["白鹭县第一中学　2026 年 11 月　单位：元".to_owned()];
    let row = |member: &'static str, name: &'static str, change: &'static str, base: i64| {
        let base = fen(base);
        vec![
            Value::text("982404170000318"),
            Value::text("2026-11"),
            Value::text(member),
            Value::text(name),
            Value::text("53230119900101204X"),
            Value::text(codes::words(codes::MEMBER_CHANGE, change).unwrap_or("")),
            Value::Money(base),
            Value::Percent(Rate::from_percent(12)),
            Value::Percent(Rate::parse("5.5").unwrap()),
            Value::Money(fen(98_413)),
            Value::Money(fen(-1)),
            Value::Money(fen(98_412)),
            Value::Empty,
        ]
    };
    let mut totals = vec![Value::Empty; 13];
    totals[0] = Value::text("合计");
    totals[11] = Value::Money(fen(196_824));
    report.totals = Some(totals);
    let mut summary = Report::of_layout(&layouts::REMITTANCE_SUMMARY);
    summary.title = "汇总".to_owned();
    let bytes = workbook_bytes(vec![
        SheetOut::new(report, vec![row("992404170000001", "赵小岚", "1", 820_109), row("992404170000002", "𠮷田", "", 99_999_999_999_999)]),
        SheetOut::new(summary, vec![vec![Value::text("上月"), Value::Integer(127), Value::Money(fen(29_008_400))]]),
    ])
    .unwrap();

    let workbook = read_workbook(&bytes, layouts::REMITTANCE).unwrap();
    assert_eq!(workbook.errors, []);
    let list = workbook.sheet("remittance").unwrap();
    let rows: Vec<_> = list.rows().collect();
    assert_eq!(rows.len(), 2, "the total is left out");
    assert_eq!(rows[0].text("month"), Some("2026-11"));
    assert_eq!(rows[0].text("change"), Some("1"));
    assert_eq!(
        (rows[0].money("base"), rows[0].text("employer_rate"), rows[0].text("member_rate")),
        (Some(fen(820_109)), Some("12"), Some("5.5"))
    );
    assert_eq!(rows[0].money("member_amount"), Some(fen(-1)));
    assert_eq!((rows[1].text("name"), rows[1].money("base")), (Some("𠮷田"), Some(fen(99_999_999_999_999))));
    let summary = workbook.sheet("summary").unwrap().rows().next().unwrap();
    assert_eq!((summary.integer("people"), summary.money("amount")), (Some(127), Some(fen(29_008_400))));
}

#[test]
fn the_base_sheet_that_is_exported_can_be_imported() {
    let rows = vec![vec![
        Value::text("992404170000001"),
        Value::text("买买提·吐尔逊"),
        Value::text("53230119900101204X"),
        Value::Money(fen(800_000)),
        Value::Money(fen(850_050)),
        Value::Money(fen(102_000)),
        Value::Money(fen(102_000)),
        Value::Money(fen(204_000)),
    ]];
    let bytes = workbook_bytes(vec![SheetOut::new(Report::of_layout(&layouts::BASE), rows)]).unwrap();
    let workbook = read_workbook(&bytes, &[&layouts::BASE]).unwrap();
    assert_eq!((workbook.errors.len(), workbook.notes.len()), (0, 0));
    let row = workbook.sheets[0].rows().next().unwrap();
    assert_eq!(
        (row.text("name"), row.money("base_after"), row.money("total")),
        (Some("买买提·吐尔逊"), Some(fen(850_050)), Some(fen(204_000)))
    );
}

#[test]
fn the_same_data_gives_the_same_bytes() {
    let write = || workbook_bytes(vec![SheetOut::new(Report::of_layout(&layouts::BASE), vec![])]).unwrap();
    assert_eq!(write(), write());
}

#[test]
fn every_template_is_read_by_its_own_layout() {
    for layout in layouts::ALL {
        let bytes = template(&[layout]).unwrap();
        let workbook = read_workbook(&bytes, &[layout]).unwrap();
        assert_eq!((workbook.errors.len(), workbook.row_count()), (0, 0), "{}", layout.key);
    }
}

#[test]
fn an_independent_reader_sees_amounts_as_numbers_and_identifiers_as_text() {
    use calamine::{Data, Reader as _, Xlsx};
    let rows = vec![vec![Value::text("982404170000318"), Value::Money(fen(164_300)), Value::Money(fen(0)), Value::text("2026-11")]];
    let bytes = workbook_bytes(vec![SheetOut::new(Report::of_layout(&layouts::OPENING_SUSPENSE), rows)]).unwrap();
    let mut file: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = file.worksheet_range("暂存").unwrap();
    let row: Vec<&Data> = range.rows().nth(1).unwrap().iter().collect();
    assert_eq!(
        row,
        [&Data::String("982404170000318".to_owned()), &Data::Float(1643.0), &Data::Float(0.0), &Data::String("2026-11".to_owned())]
    );
}

#[test]
fn dates_formatted_by_the_spreadsheet_are_read() {
    static DAY: Layout = Layout {
        key: "days",
        sheets: &["日"],
        required: true,
        columns: &[Column::required("日期", "day", Kind::Day), Column::required("年月", "month", Kind::Month)],
    };
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("日").unwrap();
    sheet.write_string(0, 0, "日期").unwrap();
    sheet.write_string(0, 1, "年月").unwrap();
    let format = Format::new().set_num_format("yyyy/m/d");
    sheet.write_number_with_format(1, 0, 45_839.0, &format).unwrap();
    sheet.write_number_with_format(1, 1, 45_839.0, &format).unwrap();
    let workbook = read_workbook(&workbook.save_to_buffer().unwrap(), &[&DAY]).unwrap();
    let row = workbook.sheets[0].rows().next().unwrap();
    assert_eq!((row.text("day"), row.text("month")), (Some("2025-07-01"), Some("2025-07")));
}

/// Spoiled files: each byte position of a small workbook, CSV and old workbook in turn, and cut at every length. The reader
/// answers; it never panics and never runs away.
#[test]
fn spoiled_bytes_never_make_the_reader_panic() {
    let xlsx = book("暂存", &[&["单位账号", "未分摊余额"], &["982404170000318", "1,643.00"]]);
    let limits = Limits { inflated: 8 << 20, text: 8 << 20, area: 100_000, ..Limits::default() };
    let mut seed = 0x9E37_79B9_u32;
    let mut next = move || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        usize::try_from(seed >> 8).unwrap()
    };
    let stored = stored_copy(&xlsx);
    for original in [&xlsx, &stored, &compound(&["/Workbook"]), &xls(), &"单位账号,未分摊余额\n1,\"2\"\n".as_bytes().to_vec()] {
        for _ in 0..400 {
            let mut bytes = original.clone();
            for _ in 0..=next() % 4 {
                let at = next() % bytes.len();
                bytes[at] = u8::try_from(next() % 256).unwrap();
            }
            if next().is_multiple_of(5) {
                bytes.truncate(next() % bytes.len());
            }
            let _ = read_workbook_within(&bytes, SUSPENSE, limits);
        }
    }
}

#[test]
fn the_old_format_is_read_with_rows_numbers_and_dates() {
    let workbook = read_workbook(&xls(), SUSPENSE).unwrap();
    assert_eq!(workbook.errors, []);
    let row = workbook.sheet("opening_suspense").unwrap().rows().next().unwrap();
    assert_eq!((row.number(), row.text("employer"), row.money("suspense")), (2, Some("982404170000318"), Some(fen(164_300))));
    assert!(row.is_hidden());
}

#[test]
fn an_old_workbook_with_a_password_says_so() {
    let mut records = record(0x0809, &[0x00, 0x06, 0x05, 0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    records.extend(record(0x002F, &[1, 0]));
    let bytes = compound_with("/Workbook", &records);
    assert!(matches!(read_workbook(&bytes, SUSPENSE), Err(FileError::Locked)));
}

#[test]
fn an_old_workbook_that_spans_the_whole_grid_is_refused_before_it_is_laid_out() {
    let corner = |row: u16, column: u16| {
        let mut body = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
        body.extend(1.0_f64.to_le_bytes());
        record(0x0203, &body)
    };
    let mut records = record(0x0809, &[0x00, 0x06, 0x10, 0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    records.extend(corner(0, 0));
    records.extend(corner(65_535, 255));
    records.extend(record(0x000A, &[]));
    let bytes = compound_with("/Workbook", &records);
    assert!(matches!(read_workbook(&bytes, SUSPENSE), Err(FileError::TooLarge(_))));
}

// --- small makers of files -------------------------------------------------------------------------------------------

fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The parts of a workbook without compression, so that spoiled bytes reach the XML reader.
fn stored_copy(workbook: &[u8]) -> Vec<u8> {
    rewrite(workbook, zip::CompressionMethod::Stored, |_, content| content)
}

fn with_part(workbook: &[u8], part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    rewrite(workbook, zip::CompressionMethod::Deflated, |name, content| {
        if name == part { change(String::from_utf8(content).unwrap()).into_bytes() } else { content }
    })
}

fn rewrite(workbook: &[u8], method: zip::CompressionMethod, change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut content).unwrap();
        writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(&change(&name, content)).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn compound(streams: &[&str]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap();
    for stream in streams {
        file.create_stream(stream).unwrap().write_all(b"content").unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn compound_with(stream: &str, content: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap();
    file.create_stream(stream).unwrap().write_all(content).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn record(kind: u16, body: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes(), &u16::try_from(body.len()).unwrap().to_le_bytes(), body].concat()
}

/// A small BIFF8 workbook: one sheet 暂存, headings as texts, one hidden row with an account as text and an amount.
fn xls() -> Vec<u8> {
    let bof = |kind: u8| record(0x0809, &[0x00, 0x06, kind, 0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let label = |row: u16, column: u16, text: &str| {
        let length = u16::try_from(text.encode_utf16().count()).unwrap();
        let mut body = [row.to_le_bytes(), column.to_le_bytes(), [0, 0], length.to_le_bytes()].concat();
        body.push(1);
        body.extend(wide(text));
        record(0x0204, &body)
    };
    let number = |row: u16, column: u16, value: f64| {
        let mut body = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
        body.extend(value.to_le_bytes());
        record(0x0203, &body)
    };
    let mut sheet = bof(0x10);
    let mut hidden = [1_u16.to_le_bytes(), [0, 0], [2, 0], [0, 0], [0, 0], [0, 0]].concat();
    hidden.extend([0x20, 0, 0, 0]);
    sheet.extend(record(0x0208, &hidden));
    sheet.extend(label(0, 0, "单位账号"));
    sheet.extend(label(0, 1, "未分摊余额"));
    sheet.extend(label(1, 0, "982404170000318"));
    sheet.extend(number(1, 1, 1643.0));
    sheet.extend(record(0x000A, &[]));

    let mut globals = bof(0x05);
    globals.extend(record(0x0042, &1200_u16.to_le_bytes()));
    let name = "暂存";
    let mut bound = vec![0; 4];
    bound.extend([0, 0, u8::try_from(name.encode_utf16().count()).unwrap(), 1]);
    bound.extend(wide(name));
    let start = u32::try_from(globals.len() + 4 + bound.len() + 4).unwrap();
    bound[..4].copy_from_slice(&start.to_le_bytes());
    globals.extend(record(0x0085, &bound));
    globals.extend(record(0x000A, &[]));
    globals.extend(sheet);
    // Streams shorter than 4096 bytes live in the mini stream; padding after the last EOF is ignored by readers.
    globals.resize(globals.len().max(4_200), 0);
    compound_with("/Workbook", &globals)
}
