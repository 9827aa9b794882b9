//! Documents out: every PDF gives its Chinese text back, embeds its fonts, and says what it cannot print.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use shell_files::pdf::{FontFiles, Fonts, PdfError, TableCell};

mod samples;

fn fonts() -> &'static Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(Fonts::default)
}

/// The fonts of a fresh machine: none but the embedded one.
fn embedded() -> &'static Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(|| Fonts::find_in(&FontFiles::default(), &[]).expect("the embedded font"))
}

/// Runs a program of poppler-utils on a document and returns what it prints.
fn poppler(program: &str, arguments: &[&str], name: &str, pdf: &[u8]) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{program}.pdf"));
    std::fs::write(&path, pdf).expect("a writable target folder");
    let output = Command::new(program)
        .arg(&path)
        .args(arguments)
        .output()
        .unwrap_or_else(|_| panic!("{program} cannot be started: install poppler-utils to run these tests"));
    assert!(output.status.success(), "{program} refused the document: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8 from poppler")
}

/// The text of a document without white space.
fn text(name: &str, pdf: &[u8]) -> String {
    poppler("pdftotext", &["-"], name, pdf).chars().filter(|c| !c.is_whitespace()).collect()
}

fn assert_holds(name: &str, pdf: &[u8], wanted: &[&str]) {
    let found = text(name, pdf);
    for wanted in wanted {
        let bare: String = wanted.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(found.contains(&bare), "{name} does not give back {wanted:?}; it gives {found}");
    }
}

#[test]
fn a_receipt_gives_back_its_text() {
    let pdf = samples::receipt().render(fonts()).expect("a receipt");
    assert_holds(
        "receipt",
        &pdf,
        &[
            "住房公积金汇缴入账回单",
            "青岚州住房公积金管理中心",
            "白鹭县第一中学",
            "982404170000318",
            "人民币贰拾玖万零捌拾肆元整",
            "¥ 290,084.00",
            "人数",
            "127 人",
            "起息日",
            "单位 12 %",
            "7KQ4 M9XT R2HC",
            "许岚",
            "2026-11-24 11:08",
            "第 1 次",
        ],
    );
}

#[test]
fn a_notice_says_what_to_pay_where_and_with_which_number() {
    let pdf = samples::notice().render(fonts()).expect("a notice");
    assert_holds(
        "notice",
        &pdf,
        &["住房公积金汇缴书", "人民币贰拾捌万玖仟零捌拾肆元整", "53230100000001", "022611240000318", "2026-12-05"],
    );
}

#[test]
fn a_statement_of_many_pages_carries_its_sums_and_masks_the_id_number() {
    let statement = samples::member_statement(71);
    let pdf = statement.render(fonts()).expect("a statement");
    let pages = poppler("pdfinfo", &[], "member", &pdf);
    assert!(pages.lines().any(|line| line.starts_with("Pages:") && line.ends_with(" 3")), "{pages}");
    assert_holds(
        "member",
        &pdf,
        &["赵小岚", "532***********204X", "过次页", "承前页", "合计", "58,362.00", "112,946.28", "−12,600.00", "第 3 页，共 3 页"],
    );
    assert!(!text("member-masked", &pdf).contains("53230119900101204X"));

    let full = samples::member_statement(2);
    let full = shell_files::pdf::MemberStatement { full_identifiers: true, ..full };
    let found = text("member-full", &full.render(fonts()).expect("a statement"));
    assert!(found.contains("53230119900101204X") && !found.contains("过次页"), "one page carries nothing: {found}");
}

#[test]
fn a_statement_without_lines_says_so() {
    let mut statement = samples::member_statement(0);
    statement.lines.clear();
    assert_holds("member-empty", &statement.render(fonts()).expect("a statement"), &["这段时间没有发生业务。", "第 1 页，共 1 页"]);
}

#[test]
fn an_employer_statement_keeps_numbers_on_one_line() {
    let pdf = samples::employer_statement().render(fonts()).expect("a statement");
    assert_holds("employer", &pdf, &["住房公积金单位缴存明细", "HS261023000411", "202611 00004127", "12,864,091.37", "−290,084.00"]);
}

#[test]
fn a_table_prints_rare_characters_of_names_and_every_row() {
    let table = samples::wide_table();
    let pdf = table.render(fonts()).expect("a table");
    assert_holds("table", &pdf, &["青岚州𠮷祥物业服务有限责任公司", "982404170000000", "982404170000059", "59,237,407,424.10"]);
}

#[test]
fn every_font_is_embedded_as_a_subset_and_the_file_says_pdf_a() {
    let pdf = samples::receipt().render(fonts()).expect("a receipt");
    let listed = poppler("pdffonts", &[], "fonts", &pdf);
    let rows: Vec<&str> = listed.lines().skip(2).collect();
    assert!(!rows.is_empty() && rows.iter().all(|row| row.contains("yes yes yes")), "{listed}");
    let raw = String::from_utf8_lossy(&pdf);
    assert!(raw.contains("<pdfaid:part>2</pdfaid:part>") && raw.contains("<pdfaid:conformance>B</pdfaid:conformance>"));
}

#[test]
fn a_character_that_no_font_has_is_named_and_nothing_is_printed() {
    let mut receipt = samples::receipt();
    receipt.employer = "白鹭县\u{10FFFD}小学".to_owned();
    let error = receipt.render(fonts()).expect_err("no font has it");
    assert!(matches!(error, PdfError::MissingGlyph { character: '\u{10FFFD}' }), "{error}");
    assert!(error.to_string().contains("U+10FFFD"), "{error}");
    assert_eq!(fonts().missing("白鹭县第一中学"), None);
    assert_eq!(fonts().missing("白\u{10FFFD}"), Some('\u{10FFFD}'));
}

#[test]
fn on_a_machine_without_fonts_every_document_gives_back_its_text() {
    let mut table = samples::wide_table();
    let error = table.render(embedded()).expect_err("a rare character of a name");
    assert!(matches!(error, PdfError::MissingGlyph { character: '𠮷' }), "{error}");
    assert!(error.to_string().contains("“𠮷”（U+20BB7）"), "{error}");
    for cell in table.rows.iter_mut().flatten() {
        if let TableCell::Text(text) = cell {
            *text = text.replace('𠮷', "吉");
        }
    }
    for (name, pdf, with_system_fonts) in [
        ("receipt", samples::receipt().render(embedded()), samples::receipt().render(fonts())),
        ("notice", samples::notice().render(embedded()), samples::notice().render(fonts())),
        ("member", samples::member_statement(71).render(embedded()), samples::member_statement(71).render(fonts())),
        ("employer", samples::employer_statement().render(embedded()), samples::employer_statement().render(fonts())),
        ("table", table.render(embedded()), table.render(fonts())),
    ] {
        let name = format!("embedded-{name}");
        let pdf = pdf.expect("a document");
        let listed = poppler("pdffonts", &[], &name, &pdf);
        assert!(listed.lines().skip(2).all(|row| row.contains("AnjuSansSubset") && row.contains("yes yes yes")), "{listed}");
        let mut found: Vec<char> = text(&name, &pdf).chars().collect();
        let mut wanted: Vec<char> = text(&format!("{name}-system"), &with_system_fonts.expect("a document")).chars().collect();
        // Lines may break elsewhere; what is written is the same.
        found.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(found.iter().collect::<String>(), wanted.iter().collect::<String>(), "{name}");
    }
}

#[test]
fn the_embedded_font_has_the_characters_of_names() {
    assert_eq!(embedded().missing("赵玥珺喆堃祎婳瑄玙昇翀淼 阿依古丽·买买提 ¥−12,600.00（㎡）"), None);
    assert_eq!(embedded().missing("甘肃省㐌县"), Some('㐌'));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let render = || samples::receipt().render(fonts()).expect("a receipt");
    assert_eq!(render(), render());
}

#[test]
fn a_row_of_another_width_is_refused_with_its_number() {
    let mut table = samples::wide_table();
    table.rows[4] = vec![TableCell::Blank];
    assert!(matches!(table.render(fonts()), Err(PdfError::Shape { row: 5, found: 1, columns: 7 })));
}

#[test]
fn long_values_shrink_or_wrap_and_are_never_cut() {
    let mut receipt = samples::receipt();
    receipt.employer = "白鹭县人民政府机关事务管理服务保障中心（本级）驻青岚州办事处后勤服务部".repeat(3);
    receipt.bank_serial = "HS2611240008730000000000000000".to_owned();
    let pdf = receipt.render(fonts()).expect("a receipt");
    let found: BTreeSet<char> = text("long", &pdf).chars().collect();
    assert!(receipt.employer.chars().all(|c| found.contains(&c)));
    assert_holds("long", &pdf, &["HS2611240008730000000000000000"]);
}
