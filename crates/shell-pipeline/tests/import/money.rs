//! From the opening to a posted list by files alone, and files that go out come in again.

use core_calendar::Month;
use shell_files::layout::{self, Column, Layout};
use shell_files::layouts::BASE;
use shell_files::sheet::read_workbook;
use shell_pipeline::import::{Encoding, Kind, Options, export_base, export_list, template};
use shell_store::registers;

use crate::bed::{BANK, Bed, clerk, officer, on_both_engines, opening, short, workbook};

on_both_engines! {
    from_the_opening_to_a_posted_list_by_files
    a_base_sheet_goes_out_and_comes_in
    an_employer_without_people_has_an_empty_list
}

fn july() -> Month {
    Month::ym(2025, 7).unwrap()
}

async fn from_the_opening_to_a_posted_list_by_files(bed: Bed) {
    let (bed, [first, _]) = bed.with_employers().await;
    let taken = bed.import(&clerk(), Kind::Opening, &opening(first, 1..4, "50"), Options::default()).await;
    assert_eq!((short(&taken), taken.accepted), (vec![], 7));
    bed.approve(&taken).await;
    assert_eq!(bed.number("SELECT CAST(SUM(balance) AS bigint) AS n FROM savings_balance").await, 300_600);

    // Bases 6,001 to 6,003 at 7 % a side, each side rounded to the yuan or to the fen as policy says.
    let list = export_list(&bed.centre, first, july()).await.unwrap();
    let book = read_workbook(&list, Kind::Remittance.layouts()).unwrap();
    assert_eq!(book.errors, [], "what goes out can come in");
    let summary: Vec<(String, i64)> =
        book.sheets[1].rows().map(|r| (r.text("item").unwrap().to_owned(), r.integer("people").unwrap())).collect();
    assert_eq!(summary, [("上月".into(), 3), ("本月增加".into(), 0), ("本月减少".into(), 0), ("本月".to_owned(), 3)]);
    assert_eq!(book.sheets[0].rows().next().unwrap().text("name"), Some("赵*岚"));
    let confirmed = bed.import(&officer(first), Kind::Remittance, &list, Options::default()).await;
    assert_eq!((short(&confirmed), confirmed.rows, confirmed.accepted), (vec![], 3, 3));
    let again = bed.import(&officer(first), Kind::Remittance, &list, Options::default()).await;
    assert_eq!((again.accepted, again.unchanged, &again.case), (0, 3, &confirmed.case));

    let awaiting = registers::awaiting(&bed.centre.store).await.unwrap();
    let (due, number) = (awaiting[0].due, awaiting[0].list);
    let notice =
        format!("1|{BANK}|HS7|1001|6200000000000001|白鹭县第1小学|{due}|20250701|093012||楚雄支行|汇缴 {number}|156|2|||||102|代发|0||\n");
    let notice = encoding(&notice);
    let paid = bed.import(&clerk(), Kind::Receipts, &notice, Options { encoding: Some(Encoding::Gb18030), ..Options::default() }).await;
    assert_eq!((short(&paid), paid.accepted), (vec![], 1));
    assert!(paid.notes.iter().any(|n| n.starts_with("已入账 1 笔")), "{:?}", paid.notes);
    assert!(registers::awaiting(&bed.centre.store).await.unwrap().is_empty());
    let again = bed.import(&officer(first), Kind::Remittance, &list, Options::default()).await;
    assert_eq!((again.accepted, again.unchanged, &again.case), (0, 3, &confirmed.case), "also once it is posted");
}

/// GB18030 bytes of a text, by the writer of receipt files' own coder.
fn encoding(text: &str) -> Vec<u8> {
    let line = shell_files::receipt::read_notices(text.as_bytes(), None).unwrap().lines;
    shell_files::receipt::write_notices(&line, Encoding::Gb18030)
}

async fn a_base_sheet_goes_out_and_comes_in(bed: Bed) {
    let (bed, [first, _]) = bed.with_employers().await;
    let taken = bed.import(&clerk(), Kind::Opening, &opening(first, 1..4, "0"), Options::default()).await;
    bed.approve(&taken).await;
    let sheet = export_base(&bed.centre, first, july()).await.unwrap();
    let same = bed.import(&officer(first), Kind::Base, &sheet, Options::default()).await;
    assert_eq!((short(&same), same.rows, same.accepted, same.unchanged, &same.case), (vec![], 3, 0, 3, &None));
    let changed = workbook(&[(
        &BASE,
        (1..4)
            .map(|n| vec![("member", format!("88{n:08}")), ("base_after", if n == 2 { "8000".into() } else { format!("{}", 6_000 + n) })])
            .collect(),
    )]);
    let adjusted = bed.import(&officer(first), Kind::Base, &changed, Options::default()).await;
    assert_eq!((short(&adjusted), adjusted.accepted, adjusted.unchanged), (vec![], 1, 2));
    assert_eq!(bed.number("SELECT base AS n FROM contribution_base WHERE from_month = 202507").await, 800_000);
    let again = bed.import(&officer(first), Kind::Base, &changed, Options::default()).await;
    assert_eq!((short(&again), again.accepted, again.unchanged, &again.case), (vec![], 0, 3, &adjusted.case));
}

async fn an_employer_without_people_has_an_empty_list(bed: Bed) {
    let (bed, [first, _]) = bed.with_employers().await;
    let list = export_list(&bed.centre, first, july()).await.unwrap();
    let answer = bed.import(&officer(first), Kind::Remittance, &list, Options::default()).await;
    assert_eq!((short(&answer), answer.rows), (vec![(0, "汇缴年月", "import.undecided")], 0));
    let unknown = core_case::ids::EmployerId(980_000_000_000_001);
    assert!(export_list(&bed.centre, unknown, july()).await.unwrap_err().to_string().contains("没有单位账号"));
}

/// The sheet that explains the columns, read like any other.
const GUIDE: Layout = Layout {
    key: "guide",
    sheets: &["填写说明"],
    required: true,
    columns: &[
        Column::required("工作表", "sheet", layout::Kind::Text { longest: 60 }),
        Column::required("列", "column", layout::Kind::Text { longest: 60 }),
        Column::optional("示例", "example", layout::Kind::Text { longest: 60 }),
    ],
};

#[test]
fn a_template_reads_as_its_layout_and_its_examples_are_right() {
    for kind in Kind::ALL.into_iter().filter(|k| *k != Kind::Receipts) {
        let bytes = template(kind).unwrap();
        let book = read_workbook(&bytes, kind.layouts()).unwrap();
        assert_eq!(book.errors, [], "{kind:?}");
        assert_eq!(book.sheets.len(), kind.layouts().len(), "{kind:?}");

        let guide = read_workbook(&bytes, &[&GUIDE]).unwrap();
        let filled = kind.layouts().iter().map(|layout| {
            let key = |heading: &str| layout.columns.iter().find(|c| c.heading == heading).map(|c| c.key);
            let rows = guide.sheets[0].rows().filter(|row| row.text("sheet") == Some(layout.sheet()));
            let row = rows.filter_map(|row| Some((key(row.text("column")?)?, row.text("example")?.to_owned()))).collect();
            (*layout, vec![row])
        });
        let filled = workbook(&filled.collect::<Vec<_>>());
        assert_eq!(read_workbook(&filled, kind.layouts()).unwrap().errors, [], "the examples of {kind:?}");
    }
}
