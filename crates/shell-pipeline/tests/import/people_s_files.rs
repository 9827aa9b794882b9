//! Files as people make them, end to end: cleaned where the meaning is plain, refused with the reason where it is not.

use shell_pipeline::import::{Kind, Options};

use crate::bed::{Bed, MEMBERS, citizen, clerk, csv, member, on_both_engines, short};

on_both_engines! {
    oddities_of_writing_are_understood
    a_file_of_another_kind_is_an_answer
}

/// Digits in full width.
fn wide(text: &str) -> String {
    text.chars().filter_map(|c| char::from_u32(u32::from(c) + 0xFEE0)).collect()
}

async fn oddities_of_writing_are_understood(bed: Bed) {
    let (bed, [first, _]) = bed.with_employers().await;
    let mut rows: Vec<Vec<String>> = (1..=6).map(|n| member(first, n)).collect();
    rows[0][3] = wide(&citizen(1));
    rows[1][5] = " 6,002.00 元".into();
    rows[2][6] = "2025年7月".into();
    rows[3][6] = "202507".into();
    rows[4][6] = "2025/7".into();
    rows[5][4] = format!("+86 {}", rows[5][4]);
    rows[5][1] = "\u{3000}𬭳\u{a0}岚 ".into();
    rows.push(vec![String::new(); 9]);
    rows.push(std::iter::once("合计".to_owned()).chain((0..8).map(|_| String::new())).collect());
    let mut file = "白鹭县第1小学职工名册,,,,,,,,\n".as_bytes().to_vec();
    file.extend(csv(MEMBERS, &rows));
    let answer = bed.import(&clerk(), Kind::Members, &file, Options::default()).await;
    assert_eq!((short(&answer), answer.rows, answer.accepted), (vec![], 6, 6), "{:?}", answer.errors);
    assert_eq!(answer.notes, ["个人开户：跳过合计行：第 10 行。"]);
    bed.approve(&answer).await;
    assert_eq!(bed.number("SELECT COUNT(*) AS n FROM person WHERE name = '𬭳岚'").await, 1);
    assert_eq!(bed.number("SELECT COUNT(*) AS n FROM membership WHERE from_month = 202507").await, 6);
    assert_eq!(bed.number("SELECT COUNT(*) AS n FROM contribution_base WHERE base = 600200").await, 1);
}

async fn a_file_of_another_kind_is_an_answer(bed: Bed) {
    let before = bed.row_counts().await;
    let lists: &[(&[u8], &str)] = &[
        (b"", "file.empty"),
        (b"%PDF-1.7 ...", "file.wrong_kind"),
        (b"<html><table></table></html>", "file.wrong_kind"),
        (b"PK\x03\x04 broken", "file.damaged"),
        ("甲,乙,丙\n1,2,3\n".as_bytes(), "file.no_headings"),
    ];
    for kind in Kind::ALL {
        for (bytes, code) in lists {
            let answer = bed.import(&clerk(), kind, bytes, Options::default()).await;
            assert!(!answer.errors.is_empty() && answer.accepted == 0, "{kind:?} {code}");
            if kind != Kind::Receipts {
                assert_eq!(answer.errors[0].code, *code, "{kind:?}");
            }
        }
    }
    assert_eq!(bed.row_counts().await, before);
}
