//! A large file: every error of every row in one answer.

use shell_pipeline::import::{Kind, Options};

use crate::bed::{Bed, MEMBERS, clerk, csv, member, on_both_engines, short};

on_both_engines! {
    five_thousand_rows_with_thirty_seven_errors
}

async fn five_thousand_rows_with_thirty_seven_errors(bed: Bed) {
    let (bed, [first, second]) = bed.with_employers().await;
    let mut rows: Vec<Vec<String>> = (0..5_000).map(|n| member(if n % 2 == 0 { first } else { second }, n)).collect();
    let mut expected = Vec::new();
    for i in 0..37_usize {
        let at = i * 131 + 7;
        let (column, text, heading, code) = [
            (5, "12.345", "缴存基数", "file.decimals"),
            (5, "1.00", "缴存基数", "BASE_LOW"),
            (3, "532301199003070013", "证件号码", "ID_INVALID"),
            (6, "2025-13", "首次汇缴年月", "file.no_such_day"),
            (0, "980000000000001", "单位账号", "NO_EMPLOYER"),
        ][i % 5];
        rows[at][column] = text.to_owned();
        expected.push((u32::try_from(at + 2).unwrap(), heading, code));
    }
    // The broken identity number stands in several rows: the later ones are also the same person twice.
    let answer = bed.import(&clerk(), Kind::Members, &csv(MEMBERS, &rows), Options::default()).await;
    let found: Vec<(u32, &str, &str)> = short(&answer).into_iter().filter(|e| e.2 != "PERSON_TWICE").collect();
    assert_eq!(found, expected);
    assert_eq!((answer.rows, answer.accepted), (5_000, 0));

    let options = Options { accept_good_rows: true, ..Options::default() };
    let good = bed.import(&clerk(), Kind::Members, &csv(MEMBERS, &rows), options).await;
    assert_eq!(good.accepted, 5_000 - 37);
    bed.approve(&good).await;
    assert_eq!(bed.number("SELECT COUNT(*) AS n FROM savings").await, 5_000 - 37);
}
