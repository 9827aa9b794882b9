//! Every page of the list of exports gives a workbook; what stands in it is what the books hold.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use shell_pipeline::{Actor, Origin};
use shell_store::people::users;
use shell_store::views::lists;
use shell_web::export::{ExportError, PAGES, export};

use crate::bed::Bed;
use crate::journey::Walked;

fn rows(bytes: &[u8]) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let sheet = book.worksheet_range_at(0).expect("a sheet").expect("readable");
    sheet.rows().map(<[Data]>::to_vec).collect()
}

fn holds(rows: &[Vec<Data>], words: &str) -> bool {
    rows.iter().flatten().any(|cell| matches!(cell, Data::String(text) if text == words))
}

pub fn every_list_and_statement_can_be_read_again(bed: &Bed, walked: &Walked) {
    let centre = &bed.centre;
    let run = |login: &str, path: &str, key: Option<&str>| {
        bed.runtime.block_on(async {
            let user = users::by_login(&centre.store, login).await.expect("the store").expect("a user");
            let actor = Actor {
                user: user.id,
                login: user.login.clone(),
                name: user.name.clone(),
                kind: user.kind,
                unit: user.unit,
                employer: user.employer,
                roles: user.roles.clone(),
            };
            export(centre, &actor, &Origin::local("test"), path, key).await
        })
    };
    let list = bed.runtime.block_on(lists::one(&centre.store, walked.list)).expect("a list").expect("a list");
    let voucher = list.voucher.expect("posted").to_string();
    for (path, words) in PAGES {
        let path = path
            .replace("{savings}", &walked.member.to_string())
            .replace("{employer}", &walked.employer.to_string())
            .replace("{month}", &walked.month.to_string())
            .replace("{account}", "201")
            .replace("{voucher}", &voucher);
        let bytes = run("clerk1", &path, None).unwrap_or_else(|e| panic!("{words} {path}: {e}"));
        assert!(rows(&bytes).len() >= 2, "{words} {path} has a heading and rows");
    }
    // The employer's statement holds the posted list by its amount; a key is the last part of a path.
    let statement = rows(&run("clerk1", "employers", Some(&walked.employer.to_string())).expect("a statement"));
    let due: f64 = walked.due.to_string().parse().expect("a number");
    assert!(statement.iter().flatten().any(|c| matches!(c, Data::Float(f) if (f - due).abs() < 0.001)), "{statement:?}");
    let members = rows(&run("clerk1", &format!("/members?employer={}", walked.employer), None).expect("members"));
    assert!(holds(&members, &walked.member.to_string()));
    // Names are masked in a file as on a page.
    assert!(members.iter().skip(3).filter_map(|r| r.get(1)).all(|name| name.to_string().contains('*') || name.to_string().is_empty()));
    assert!(matches!(run("clerk1", "/nowhere", None), Err(ExportError::NoPage(_))));
    assert!(matches!(run("auditor", "/members", None), Err(ExportError::Denied(_))));
    assert!(matches!(run("officer2", "/ledger", None), Err(ExportError::Denied(_))));
}
