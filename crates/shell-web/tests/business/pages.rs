//! Every business page: no finding of axe, no complaint of the console, nothing wider than the window, at a desk and on a phone.

use core_calendar::Day;
use core_case::ids::{ReceiptId, VoucherId};
use shell_store::views::{books, lists, money};
use testkit::browser::Browser;
use testkit::look;

use crate::bed::Bed;
use crate::journey::Walked;

pub fn every_page_is_sound(bed: &Bed, browser: &mut Browser, walked: &Walked) {
    let store = &bed.centre.store;
    let (employer, member) = (walked.employer, walked.member);
    let list = bed.runtime.block_on(lists::one(store, walked.list)).expect("a list").expect("a list");
    let voucher = list.voucher.expect("posted");
    let newest = bed.runtime.block_on(books::vouchers(store, Day::MAX, VoucherId(i64::MAX), "E-A19", 1)).expect("vouchers");
    let receipts = bed.runtime.block_on(money::list(store, None, (Day::MAX, ReceiptId(i64::MAX)), 1)).expect("receipts");
    let suspense = newest.first().map_or(voucher, |v| v.id);
    let waiting = bed.runtime.block_on(lists::queue(
        store,
        walked.month.pred(),
        lists::Which::default(),
        (core_case::ids::EmployerId(0), core_case::ids::ListId(0)),
        100,
    ));
    let august = waiting.expect("lists").into_iter().next().expect("a list of August");
    let staff: Vec<(&str, String)> = vec![
        ("remittance", "/remittance".into()),
        ("remittance-august", "/remittance?month=2025-08".into()),
        ("remittance-unreported", "/remittance?state=unreported".into()),
        ("desk-new", format!("/remittance/{}/2025-09", walked.other)),
        ("desk-posted", format!("/remittance/{employer}/2025-09")),
        ("desk-posted-all", format!("/remittance/{employer}/2025-09?show=all")),
        ("desk-august", format!("/remittance/{}/2025-08?list={}", august.employer, august.id)),
        ("desk-refused", format!("/remittance/{}/2025-11", walked.other)),
        ("imports", "/imports".into()),
        ("imports-members", "/imports/members".into()),
        ("imports-remittance", "/imports/remittance".into()),
        ("receipts", "/receipts".into()),
        ("receipts-all", "/receipts?state=all".into()),
        ("receipt", format!("/receipts/{}", receipts[0].id)),
        ("suspense", "/suspense".into()),
        ("members", "/members".into()),
        ("members-none", "/members?q=%E6%97%A0%E6%AD%A4%E4%BA%BA".into()),
        ("member", format!("/members/{member}")),
        ("member-why", format!("/members/{member}?why=2")),
        ("member-changes", format!("/members/{member}?tab=changes")),
        ("member-looks", format!("/members/{member}?tab=looks")),
        ("employers", "/employers".into()),
        ("employer", format!("/employers/{employer}")),
        ("employer-receipts", format!("/employers/{employer}?tab=receipts")),
        ("employer-suspense", format!("/employers/{employer}?tab=suspense")),
        ("ledger", "/ledger".into()),
        ("ledger-august", "/ledger?month=2025-08".into()),
        ("ledger-101", "/ledger/101".into()),
        ("ledger-201", "/ledger/201".into()),
        ("ledger-suspense", "/ledger/2190402?month=2025-08".into()),
        ("vouchers", "/vouchers".into()),
        ("voucher", format!("/vouchers/{voucher}")),
        ("voucher-suspense", format!("/vouchers/{suspense}")),
        ("verify", "/verify".into()),
    ];
    let own: Vec<(&str, String)> = vec![
        ("officer-remittance", "/remittance".into()),
        ("officer-desk", format!("/remittance/{employer}/2025-09")),
        ("officer-employer", format!("/employers/{employer}")),
        ("officer-members", "/members".into()),
        ("officer-imports", "/imports".into()),
    ];
    let mut found = Vec::new();
    let only = std::env::var("ANJU_ONLY").unwrap_or_default();
    for (login, paths) in [("clerk9", staff), ("officer3", own)] {
        let mut page = browser.page(1440);
        bed.sign_in(&mut page, login);
        page.complaints();
        for (name, path) in paths {
            if !only.is_empty() && !only.split(',').any(|one| one == name) {
                continue;
            }
            page.resize(1440);
            page.goto(&bed.at(&path));
            page.until("the page", "document.readyState === 'complete' && !!document.querySelector('h1')");
            let title = page.evaluate("document.querySelector('h1').textContent");
            if ["出错了，是系统的问题", "没有这个页面", "您没有这项权限"].iter().any(|bad| title == *bad) {
                found.push(format!("{name} {path}: {title}"));
                continue;
            }
            found.extend(look::both(&mut page, &format!("business-{name}")));
        }
    }
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}
