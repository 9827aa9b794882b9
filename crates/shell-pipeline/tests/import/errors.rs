//! Every error has its sheet, row and column, whether the reader of the file or a rule found it, and all come out at once.

use shell_files::layouts::{BASE, OPENING_LEDGER, OPENING_MEMBERS, OPENING_SUSPENSE, REMITTANCE_LIST, SPLIT};
use shell_pipeline::import::{Kind, Options, export_list};

use crate::bed::{
    BANK, Bed, EMPLOYERS, MEMBERS, citizen, clerk, csv, day, employer, member, mobile, officer, on_both_engines, opening, short, workbook,
};

on_both_engines! {
    each_row_of_a_members_sheet_names_its_cell
    a_row_that_cannot_be_read_is_judged_by_the_rules_too
    each_row_of_an_employers_sheet_names_its_cell
    the_opening_workbook_is_judged_over_its_three_sheets
    a_list_that_is_not_the_derived_one_is_told_line_by_line
    a_base_sheet_is_judged_against_the_books
    a_split_must_find_its_receipt
    an_officer_imports_for_the_own_employer_only
    a_receipt_line_is_told_at_its_field
}

async fn each_row_of_a_members_sheet_names_its_cell(bed: Bed) {
    let (bed, [first, _]) = bed.with_employers().await;
    let known = bed.import(&clerk(), Kind::Members, &csv(MEMBERS, &[member(first, 1)]), Options::default()).await;
    bed.approve(&known).await;
    let before = bed.row_counts().await;
    let spoiled: [(usize, &str, &str, &str); 11] = [
        (0, "980000000000001", "单位账号", "NO_EMPLOYER"),
        (3, "532301199003070013", "证件号码", "ID_INVALID"),
        (3, &citizen(1), "证件号码", "HAS_ACCOUNT"),
        (4, &mobile(1), "手机号码", "MOBILE_TAKEN"),
        (5, "999999.00", "缴存基数", "BASE_HIGH"),
        (5, "1.00", "缴存基数", "BASE_LOW"),
        (6, "2025-06", "首次汇缴年月", "MONTH_EARLY"),
        (5, "12.345", "缴存基数", "file.decimals"),
        (1, "", "姓名", "file.required"),
        (2, "学生证", "证件类型", "file.not_in_list"),
        (4, &mobile(102), "手机号码", "MOBILE_TWICE"),
    ];
    let mut rows: Vec<Vec<String>> = vec![member(first, 101), member(first, 102)];
    let mut expected = Vec::new();
    for (i, (column, text, heading, code)) in spoiled.iter().enumerate() {
        let mut row = member(first, 200 + i);
        row[*column] = (*text).to_owned();
        rows.push(row);
        expected.push((u32::try_from(i + 4).unwrap(), *heading, *code));
    }
    let answer = bed.import(&clerk(), Kind::Members, &csv(MEMBERS, &rows), Options::default()).await;
    assert_eq!(short(&answer), expected);
    assert_eq!((answer.rows, answer.accepted, &answer.case), (13, 0, &None));
    let twice = answer.errors.last().unwrap();
    assert!(twice.message.contains("与第 3 行相同"), "rows as the sheet counts them: {}", twice.message);
    assert_eq!(bed.row_counts().await, before, "a file with errors changes nothing");
    let told = serde_json::to_string(&answer).unwrap();
    for secret in [citizen(1), mobile(1), mobile(102), "532301199003070013".into()] {
        assert!(!told.contains(&secret), "{secret} is told in clear");
    }
}

/// One cell that cannot be read does not hide what the rules say about the others, and what is said is about this row alone.
async fn a_row_that_cannot_be_read_is_judged_by_the_rules_too(bed: Bed) {
    let (bed, [first, _]) = bed.with_employers().await;
    let mut rows: Vec<Vec<String>> = (1..7).map(|n| member(first, n)).collect();
    (rows[1][5], rows[1][3]) = ("12.345".into(), "532301199003070013".into());
    (rows[2][3], rows[2][5]) = ("12".into(), "1.00".into());
    rows[3][2] = "学生证".into();
    (rows[4][1], rows[4][4]) = (String::new(), mobile(1));
    let expected = [
        (3, "证件号码", "ID_INVALID"),
        (3, "缴存基数", "file.decimals"),
        (4, "证件号码", "form.identifier"),
        (4, "缴存基数", "BASE_LOW"),
        (5, "证件类型", "file.not_in_list"),
        (6, "姓名", "file.required"),
        (6, "手机号码", "MOBILE_TWICE"),
    ];
    let options = Options { accept_good_rows: true, ..Options::default() };
    for options in [Options::default(), options] {
        let answer = bed.import(&clerk(), Kind::Members, &csv(MEMBERS, &rows), options).await;
        assert_eq!(short(&answer), expected);
        assert_eq!((answer.rows, answer.accepted), (6, if options.accept_good_rows { 2 } else { 0 }));
    }
}

async fn each_row_of_an_employers_sheet_names_its_cell(bed: Bed) {
    let (bed, _) = bed.with_employers().await;
    let taken = employer(1);
    let spoiled: [(usize, &str, &str, &str); 8] = [
        (0, &taken[0], "单位名称", "NAME_TAKEN"),
        (1, &taken[1], "统一社会信用代码", "CODE_TAKEN"),
        (1, "915323010000000011", "统一社会信用代码", "CODE_INVALID"),
        (9, "月亮管理部", "管理部", "import.unknown_unit"),
        (10, "2030-01-01", "首次汇缴年月", "BEFORE_ESTABLISHED"),
        (13, "25", "单位缴存比例", "RATE_HIGH"),
        (17, "532301199003070013", "经办人证件号码", "ID_INVALID"),
        (11, "32", "发薪日", "file.range"),
    ];
    let mut rows = Vec::new();
    for (i, (column, text, ..)) in spoiled.iter().enumerate() {
        let mut row = employer(20 + i);
        row[*column] = (*text).to_owned();
        if *column == 13 {
            row[14] = (*text).to_owned();
        }
        rows.push(row);
    }
    let answer = bed.import(&clerk(), Kind::Employers, &csv(EMPLOYERS, &rows), Options::default()).await;
    let mut expected: Vec<(u32, &str, &str)> =
        spoiled.iter().enumerate().map(|(i, (_, _, heading, code))| (u32::try_from(i + 2).unwrap(), *heading, *code)).collect();
    expected.insert(6, (7, "个人缴存比例", "RATE_HIGH"));
    assert_eq!(short(&answer), expected);
    assert!(answer.errors.iter().any(|e| e.remedy.contains("白鹭管理部、青川管理部")), "the branches are told");
}

async fn the_opening_workbook_is_judged_over_its_three_sheets(bed: Bed) {
    let (bed, [first, _]) = bed.with_employers().await;
    let before = bed.row_counts().await;
    let person = |n: usize, change: &[(&'static str, &str)]| {
        let mut row = vec![
            ("employer", first.to_string()),
            ("name", "赵青岚".to_owned()),
            ("id_type", "01".into()),
            ("id_number", citizen(n)),
            ("state", "正常".into()),
            ("opened_on", "2015-03-01".into()),
            ("first_month", "2015-03".into()),
            ("paid_to_month", "2025-06".into()),
            ("base", "6000".into()),
            ("carried_over_balance", "100".into()),
            ("current_year_deposits", "0".into()),
        ];
        for (key, text) in change {
            row.retain(|(k, _)| k != key);
            row.push((*key, (*text).to_owned()));
        }
        row
    };
    let members = vec![
        person(1, &[]),
        person(1, &[]),
        person(2, &[("carried_over_product", "36500")]),
        person(3, &[("freezes", "法院冻结 100")]),
        person(4, &[("paid_months", "2025-05、2025-07")]),
        person(5, &[("paid_to_month", "2025-09")]),
        person(6, &[("state", "提取销户")]),
    ];
    let ledger = vec![
        vec![("account", "1010199".to_owned()), ("debit", "700".to_owned())],
        vec![("account", "999".into()), ("credit", "700".into())],
    ];
    let stays = vec![vec![("employer", "980000000000009".to_owned()), ("suspense", "0".to_owned())]];
    let file = workbook(&[(&OPENING_MEMBERS, members), (&OPENING_LEDGER, ledger), (&OPENING_SUSPENSE, stays)]);
    let answer = bed.import(&clerk(), Kind::Opening, &file, Options::default()).await;
    let found: Vec<(&str, u32, &str, &str)> = answer.errors.iter().map(|e| (e.sheet.as_str(), e.row, e.column.as_str(), e.code)).collect();
    for expected in [
        ("职工", 3, "证件号码", "PERSON_TWICE"),
        ("职工", 4, "上年结转积数", "import.not_taken_over"),
        ("职工", 5, "冻结", "import.not_taken_over"),
        ("职工", 6, "已缴月份", "import.paid_months"),
        ("职工", 7, "缴至年月", "PAID_LATER"),
        ("职工", 8, "账户状态", "CLOSED_STATE"),
        ("科目", 3, "科目编号", "BAD_ACCOUNT"),
        ("暂存", 2, "单位账号", "NO_EMPLOYER"),
    ] {
        assert!(found.contains(&expected), "{expected:?} among {found:?}");
    }
    assert!(!found.iter().any(|e| e.3 == "MEMBERS_DIFFER"), "sums mean nothing while rows are left out");
    assert_eq!(bed.row_counts().await, before);

    let mut sheets = workbook(&[(&OPENING_MEMBERS, vec![person(1, &[])])]);
    let answer = bed.import(&clerk(), Kind::Opening, &sheets, Options::default()).await;
    assert_eq!(
        answer.errors.iter().map(|e| (e.sheet.as_str(), e.code)).collect::<Vec<_>>(),
        [("科目", "file.sheet_missing"), ("暂存", "file.sheet_missing")]
    );

    sheets = opening(first, 1..4, "0");
    let good = bed.import(&clerk(), Kind::Opening, &sheets, Options { dry_run: true, ..Options::default() }).await;
    assert_eq!((short(&good), good.accepted), (vec![], 6));
    let wrong = workbook(&[
        (&OPENING_MEMBERS, vec![person(1, &[])]),
        (
            &OPENING_LEDGER,
            vec![
                vec![("account", "1010101".to_owned()), ("debit", "90".to_owned())],
                vec![("account", "201".into()), ("credit", "90".into())],
            ],
        ),
        (&OPENING_SUSPENSE, vec![]),
    ]);
    let answer = bed.import(&clerk(), Kind::Opening, &wrong, Options::default()).await;
    assert_eq!(short(&answer), [(0, "", "MEMBERS_DIFFER")], "{:?}", answer.errors);
    assert!(answer.errors[0].message.contains("现为 100.00，要求 90.00"), "{}", answer.errors[0].message);
}

async fn a_list_that_is_not_the_derived_one_is_told_line_by_line(bed: Bed) {
    let (bed, [first, second]) = bed.with_employers().await;
    let people = bed
        .import(&clerk(), Kind::Members, &csv(MEMBERS, &[member(first, 1), member(first, 2), member(first, 3)]), Options::default())
        .await;
    bed.approve(&people).await;
    let list = export_list(&bed.centre, first, "2025-07".parse().unwrap()).await.unwrap();
    let book = shell_files::sheet::read_workbook(&list, Kind::Remittance.layouts()).unwrap();
    let rows: Vec<Vec<(&str, String)>> = book.sheets[0]
        .rows()
        .map(|row| REMITTANCE_LIST.columns.iter().filter_map(|c| row.text(c.key).map(|t| (c.key, t.to_owned()))).collect())
        .collect();
    let with = |i: usize, key: &'static str, text: &str| {
        let mut row = rows[i].clone();
        row.retain(|(k, _)| *k != key);
        row.push((key, text.to_owned()));
        row
    };
    let table = [
        (vec![with(0, "base", "6500"), rows[1].clone(), rows[2].clone()], vec![(2, "缴存基数", "BASE_DIFFERS")]),
        (
            vec![with(0, "member", "990000000000001"), rows[0].clone(), rows[1].clone(), rows[2].clone()],
            vec![(2, "个人账号", "LINE_UNKNOWN")],
        ),
        (vec![rows[0].clone(), rows[1].clone()], vec![(0, "", "LINE_MISSING")]),
        (vec![rows[0].clone(), rows[1].clone(), rows[2].clone(), rows[1].clone()], vec![(5, "个人账号", "LINE_TWICE")]),
        (vec![rows[0].clone(), with(1, "total", "1"), rows[2].clone()], vec![(3, "合计", "import.sum_differs")]),
        (vec![rows[0].clone(), with(1, "member_rate", "12"), rows[2].clone()], vec![(3, "个人比例", "import.rate_differs")]),
        (vec![rows[0].clone(), with(1, "employer", &second.to_string()), rows[2].clone()], vec![(3, "单位账号", "import.several")]),
        (vec![rows[0].clone(), rows[1].clone(), with(2, "month", "2025-08")], vec![(4, "汇缴年月", "import.several")]),
        (
            vec![with(0, "month", "2025-09"), with(1, "month", "2025-09"), with(2, "month", "2025-09")],
            vec![(2, "汇缴年月", "OUT_OF_ORDER"), (2, "汇缴年月", "AHEAD")],
        ),
    ];
    for (rows, expected) in table {
        let answer = bed.import(&clerk(), Kind::Remittance, &workbook(&[(&REMITTANCE_LIST, rows)]), Options::default()).await;
        assert_eq!(short(&answer), expected);
        assert_eq!(answer.accepted, 0);
    }
    let bare =
        |row: &Vec<(&'static str, String)>| row.iter().filter(|(k, _)| !["employer", "month"].contains(k)).cloned().collect::<Vec<_>>();
    let bare: Vec<_> = rows
        .iter()
        .map(|row| bare(&row.iter().map(|(k, t)| (REMITTANCE_LIST.columns[REMITTANCE_LIST.position(k).unwrap()].key, t.clone())).collect()))
        .collect();
    let bare = workbook(&[(&REMITTANCE_LIST, bare)]);
    let answer = bed.import(&clerk(), Kind::Remittance, &bare, Options::default()).await;
    assert_eq!(short(&answer), [(0, "单位账号", "import.undecided"), (0, "汇缴年月", "import.undecided")]);
    let told = Options { employer: Some(first), month: Some("2025-07".parse().unwrap()), dry_run: true, ..Options::default() };
    assert_eq!(bed.import(&clerk(), Kind::Remittance, &bare, told).await.accepted, 3);
}

async fn a_base_sheet_is_judged_against_the_books(bed: Bed) {
    let (bed, [first, _]) = bed.with_employers().await;
    let taken = bed.import(&clerk(), Kind::Opening, &opening(first, 1..5, "0"), Options::default()).await;
    bed.approve(&taken).await;
    let row = |n: usize, cells: &[(&'static str, &str)]| {
        let mut row = vec![("member", format!("88{n:08}"))];
        row.extend(cells.iter().map(|(k, t)| (*k, (*t).to_owned())));
        row
    };
    let rows = vec![
        row(1, &[("base_after", "7000"), ("name", "钱多多")]),
        row(2, &[("base_after", "7000"), ("employer_amount", "490"), ("member_amount", "491"), ("total", "980")]),
        row(3, &[("base_after", "99999")]),
        row(9, &[("base_after", "7000")]),
        row(4, &[("base_after", "6004")]),
    ];
    let answer = bed.import(&clerk(), Kind::Base, &workbook(&[(&BASE, rows)]), Options::default()).await;
    assert_eq!(
        short(&answer),
        [
            (2, "姓名", "import.name_differs"),
            (3, "个人月缴存额", "import.sum_differs"),
            (4, "调整后基数", "BASE_HIGH"),
            (5, "个人账号", "NO_ACCOUNT"),
        ]
    );
    assert_eq!((answer.rows, answer.accepted, answer.unchanged), (5, 0, 1));
}

async fn a_split_must_find_its_receipt(bed: Bed) {
    let (bed, [first, second]) = bed.with_employers().await;
    let row = |serial: &str, employer: String, amount: &str| {
        vec![("bank_serial", serial.to_owned()), ("employer", employer), ("month", "2025-07".to_owned()), ("amount", amount.to_owned())]
    };
    let file = |rows| workbook(&[(&SPLIT, rows)]);
    let answer = bed.import(&clerk(), Kind::Split, &file(vec![row("HS1", first.to_string(), "60")]), Options::default()).await;
    assert_eq!(short(&answer), [(2, "银行流水号", "import.no_serial")]);
    let notice = format!("1|{BANK}|HS1|||州财政局|100.00|20250701||||代扣|156|||||||||0||\n");
    let come = bed.import(&clerk(), Kind::Receipts, notice.as_bytes(), Options::default()).await;
    assert_eq!((short(&come), come.accepted), (vec![], 1));
    let wrong = vec![row("HS1", first.to_string(), "60"), row("HS2", second.to_string(), "40")];
    assert_eq!(short(&bed.import(&clerk(), Kind::Split, &file(wrong), Options::default()).await), [(3, "银行流水号", "import.several")]);
    let short_of = vec![row("HS1", first.to_string(), "60"), row("HS1", second.to_string(), "30")];
    assert_eq!(short(&bed.import(&clerk(), Kind::Split, &file(short_of), Options::default()).await), [(0, "", "NOT_WHOLE")]);
    let whole = vec![row("HS1", first.to_string(), "60"), row("HS1", second.to_string(), "40")];
    let done = bed.import(&clerk(), Kind::Split, &file(whole.clone()), Options::default()).await;
    assert_eq!((short(&done), done.accepted), (vec![], 2));
    bed.approve(&done).await;
    assert_eq!(bed.number("SELECT CAST(SUM(suspense) AS bigint) AS n FROM employer_money").await, 10_000);
    let again = bed.import(&clerk(), Kind::Split, &file(whole), Options::default()).await;
    assert_eq!((again.accepted, again.unchanged, again.case), (0, 2, done.case));
}

async fn an_officer_imports_for_the_own_employer_only(bed: Bed) {
    let (bed, [first, second]) = bed.with_employers().await;
    let rows = [member(first, 1), member(second, 2)];
    let answer = bed.import(&officer(first), Kind::Members, &csv(MEMBERS, &rows), Options::default()).await;
    assert_eq!(short(&answer), [(3, "单位账号", "import.not_own")]);
    let good = bed.import(&officer(first), Kind::Members, &csv(MEMBERS, &rows[..1]), Options::default()).await;
    assert_eq!((short(&good), good.accepted), (vec![], 1), "an officer's list needs no review");
    assert_eq!(bed.number("SELECT COUNT(*) AS n FROM savings").await, 1);
    let denied = bed.try_import(&officer(first), Kind::Employers, &csv(EMPLOYERS, &[employer(7)]), Options::default()).await;
    assert!(denied.unwrap_err().to_string().contains("没有导入“单位开户”的权限"));
}

async fn a_receipt_line_is_told_at_its_field(bed: Bed) {
    let (bed, _) = bed.with_employers().await;
    let before = bed.row_counts().await;
    let line =
        |account: &str, serial: &str, amount: &str, on: &str| format!("1|{account}|{serial}|||某校|{amount}|{on}|||||156|||||||||0||\n");
    let file = [
        line(BANK, "HS1", "10.00", "20250701"),
        line("53230100000099", "HS2", "10.00", "20250701"),
        line(BANK, "HS3", "10.00", "20250702"),
        line(BANK, "HS4", "10.001", "20250701"),
        line(BANK, "HS5", "-10.00", "20250701"),
    ];
    let answer = bed.import(&clerk(), Kind::Receipts, file.concat().as_bytes(), Options::default()).await;
    assert_eq!(short(&answer), [(2, "账号", "NO_ACCOUNT"), (3, "日期", "LATE_DAY"), (4, "金额", "file.decimals")]);
    assert_eq!((answer.rows, answer.accepted, answer.unchanged), (5, 0, 0));
    assert!(answer.notes.iter().any(|n| n.contains("1 行支出流水")), "{:?}", answer.notes);
    assert_eq!(bed.row_counts().await, before, "nothing is recorded, not even a refusal");
    let good =
        bed.import(&clerk(), Kind::Receipts, file.concat().as_bytes(), Options { accept_good_rows: true, ..Options::default() }).await;
    assert_eq!((good.accepted, short(&good).len()), (1, 3));
    assert_eq!(bed.number("SELECT COUNT(*) AS n FROM receipt").await, 1);
    assert_eq!(bed.centre.day(), day("2025-07-01"));
}
