//! An employer's officer sends the month's list, a clerk the bank's notice; what comes out is a receipt with the amount in words.

use std::path::PathBuf;
use std::process::Command as Program;

use core_calendar::Month;
use core_case::ids::{EmployerId, ListId, SavingsId, UnitId};
use core_case::state::ListState;
use core_case::things::{ListKind, UserKind};
use core_money::Money;
use shell_pipeline::Origin;
use shell_pipeline::import::export_list;
use shell_pipeline::people::DemonstrationUser;
use shell_store::views::{employers, lists, members};
use testkit::browser::{Browser, Page};

use crate::bed::{Bed, PASSWORD};

/// What the main journey made, for those after it.
pub struct Walked {
    /// The employer.
    pub employer: EmployerId,
    /// Another one.
    pub other: EmployerId,
    /// The month that was sent.
    pub month: Month,
    /// Its list.
    pub list: ListId,
    /// A member of the employer.
    pub member: SavingsId,
    /// Amount of the list.
    pub due: Money,
    /// Folder of the files sent.
    pub folder: PathBuf,
}

/// Fetches a file as the browser would, with its cookies.
fn fetched(page: &mut Page<'_>, path: &str) -> Vec<u8> {
    let ask = format!(
        "fetch('{path}').then(r => r.ok ? r.arrayBuffer() : r.text().then(t => {{ throw new Error(r.status + ' ' + t.slice(0, 2000)) }}))\
         .then(b => {{ let s = ''; new Uint8Array(b).forEach(x => s += x.toString(16).padStart(2, '0')); return s }})"
    );
    let hex = page.evaluate(&ask);
    let hex = hex.as_str().unwrap_or_default();
    (0..hex.len() / 2).filter_map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).ok()).collect()
}

/// The text of a PDF, as whoever searches in it finds it.
fn text_of(folder: &std::path::Path, pdf: &[u8]) -> String {
    assert!(pdf.starts_with(b"%PDF"), "a PDF");
    let file = folder.join("printed.pdf");
    std::fs::write(&file, pdf).expect("the folder is ours");
    let out = Program::new("pdftotext").args(["-layout"]).arg(&file).arg("-").output();
    let out = out.expect("pdftotext is installed (apt-get install poppler-utils)");
    String::from_utf8_lossy(&out.stdout).chars().filter(|c| !c.is_whitespace()).collect()
}

pub fn from_a_list_to_its_receipt(bed: &Bed, browser: &mut Browser) -> Walked {
    let folder = bed.folder().to_owned();
    let store = &bed.centre.store;
    let month = Month::parse("2025-09").expect("a month");
    // An employer that has paid August and not reported September.
    let (employer, other) = bed.runtime.block_on(async {
        let waiting = lists::unreported(store, month, None, EmployerId(0), 100).await.expect("a list");
        let mut ready = Vec::new();
        for one in waiting {
            let whole = employers::whole(store, one.employer).await.expect("an employer").expect("an employer");
            if whole.head.paid_to == Some(month.pred()) && whole.head.suspense.is_zero() {
                ready.push(one.employer);
            }
        }
        (ready[0], ready[1])
    });
    // A code of the second factor is good once, so each journey has a person of its own.
    let officer = |login: &str| DemonstrationUser {
        login: login.into(),
        name: "苏溪".into(),
        kind: UserKind::Officer,
        unit: UnitId(1),
        employer: Some(employer),
        roles: vec![("officer".into(), UnitId(1))],
    };
    let officers = ["officer1", "officer2", "officer3"].map(officer);
    bed.runtime.block_on(bed.centre.demonstration_users(&Origin::local("test"), &officers, PASSWORD)).expect("officers");
    let sheet = bed.runtime.block_on(export_list(&bed.centre, employer, month)).expect("the list");
    let file = folder.join("qingce-202509.xlsx");
    std::fs::write(&file, sheet).expect("the folder is ours");

    let mut page = browser.page(1440);
    bed.sign_in(&mut page, "officer1");
    page.goto(&bed.at("/remittance"));
    page.click("text=办理汇缴");
    page.until("the desk", "location.pathname.startsWith('/remittance/') && location.pathname.endsWith('/2025-09')");
    page.sees("尚未确认");
    page.upload("input[type=file]", &[&file]);
    page.click("text=上传并核对");
    page.until("the result", "location.pathname.startsWith('/imports/remittance/')");
    page.sees("试算，未改动任何数据");
    assert_eq!(testkit::look::both(&mut page, "business-import-tried"), Vec::<String>::new(), "{}", "/imports/{kind}/{job}");
    page.sees("每一行都可以导入");
    let none = bed.runtime.block_on(lists::of_month(store, employer, month)).expect("lists");
    assert!(none.is_empty(), "trying a file changes nothing");
    page.press("Alt+p");
    page.sees("已导入");
    page.click("text=回到汇缴");
    page.sees("待入账");

    let list = bed.runtime.block_on(lists::of_month(store, employer, month)).expect("lists").remove(0);
    // A list is found by its number.
    page.goto(&bed.at(&format!("/remittance/{}", list.id)));
    page.until("the desk of its month", "location.pathname.endsWith('/2025-09') && location.search.startsWith('?list=')");
    assert_eq!((list.state, list.kind), (ListState::AwaitingMoney, ListKind::Regular));
    let notice = text_of(&folder, &fetched(&mut page, &format!("/remittance/{employer}/2025-09/notice.pdf?list={}", list.id)));
    assert!(notice.contains(&list.id.to_string()) && notice.contains(&list.total.to_words()), "{notice}");

    // The bank's notice: the number in the remark, as the payment notice asks for.
    let bank = sim::year::bank_number(1);
    let line = format!(
        "1|{bank}|HS250904000001|1001|6200000000000001|{}|{}|20250904|093012||青岚支行|{}|156|2|||||102|转账|0||\n",
        list.employer_name, list.total, list.id
    );
    let bank_file = folder.join("notice.txt");
    std::fs::write(&bank_file, line).expect("the folder is ours");
    drop(page);
    let mut page = browser.page(1440);
    bed.sign_in(&mut page, "clerk7");
    page.goto(&bed.at("/imports/receipts"));
    page.upload("input[type=file]", &[&bank_file]);
    page.click("text=上传并试算");
    page.sees("试算，未改动任何数据");
    page.click("text=确认导入");
    page.sees("已导入");
    page.goto(&bed.at("/receipts?state=posted"));
    page.sees("HS250904000001");

    page.goto(&bed.at(&format!("/remittance/{employer}/2025-09")));
    page.sees("已入账分摊");
    page.sees("HS250904000001");
    let receipt = text_of(&folder, &fetched(&mut page, &format!("/remittance/{employer}/2025-09/receipt.pdf?list={}", list.id)));
    assert!(receipt.contains(&format!("人民币{}", list.total.to_words())), "{receipt}");
    assert!(receipt.contains("HS250904000001") && receipt.contains(&list.total.grouped()), "{receipt}");

    // Whoever holds the paper checks its code without signing in; each print is counted.
    let document = bed.runtime.block_on(shell_store::views::documents::by_subject(store, &format!("list:{}", list.id.0), "receipt"));
    let document = document.expect("the register").expect("printed once");
    assert_eq!(document.copies, 1);
    let again = text_of(&folder, &fetched(&mut page, &format!("/documents/{}", document.code)));
    assert!(again.contains(&list.total.to_words()));
    drop(page);
    let mut page = browser.page(390);
    page.goto(&bed.at(&format!("/verify?code={}", document.code.to_lowercase())));
    page.sees("真实有效");
    page.sees("2 份");
    page.goto(&bed.at("/verify?code=2222222222222"));
    page.sees("查无此单");
    drop(page);

    let member = bed.runtime.block_on(lists::lines(store, list.id)).expect("lines")[0].savings;
    let due = list.total;
    let walked = Walked { employer, other, month, list: list.id, member, due, folder };
    let mut page = browser.page(1440);
    bed.sign_in(&mut page, "approver");
    page.goto(&bed.at(&format!("/members/{member}")));
    page.sees("2025 年 9 月");
    let statement = text_of(&walked.folder, &fetched(&mut page, &format!("/members/{member}/statement.pdf")));
    assert!(statement.contains("住房公积金个人缴存明细") && statement.contains("2025-09"), "{statement}");
    let whole = text_of(&walked.folder, &fetched(&mut page, &format!("/employers/{employer}/statement.pdf")));
    assert!(whole.contains("住房公积金单位缴存明细") && whole.contains(&due.grouped()), "{whole}");
    walked
}

pub fn a_spoiled_list_names_row_column_and_remedy(bed: &Bed, browser: &mut Browser, walked: &Walked) {
    let file = walked.folder.join("spoiled.csv");
    let text = "个人账号*,缴存基数,单位月缴存额\n123,abc,12.345\n,5000,\n";
    std::fs::write(&file, text).expect("the folder is ours");
    let mut page = browser.page(1440);
    bed.sign_in(&mut page, "clerk8");
    page.goto(&bed.at(&format!("/remittance/{}/2025-09", walked.other)));
    page.upload("input[type=file]", &[&file]);
    page.click("text=上传并核对");
    page.sees("有要改的，未改动任何数据");
    assert_eq!(testkit::look::both(&mut page, "business-import-errors"), Vec::<String>::new());
    page.sees("缴存基数");
    page.sees("12.345");
    let rows = page.evaluate("document.querySelectorAll('table.grid tbody tr.row').length");
    assert!(rows.as_u64().unwrap_or(0) >= 3, "each error has a row: {rows}");
}

pub fn an_officer_sees_no_other_employer(bed: &Bed, browser: &mut Browser, walked: &Walked) {
    let store = &bed.centre.store;
    let which = members::Which { employer: Some(walked.other), ..members::Which::default() };
    let stranger = bed.runtime.block_on(members::list(store, &which, SavingsId(0), 1)).expect("members")[0].savings;
    let mut page = browser.page(1440);
    bed.sign_in(&mut page, "officer2");
    for path in [
        format!("/employers/{}", walked.other),
        format!("/members/{stranger}"),
        format!("/members/{stranger}/export"),
        format!("/remittance/{}/2025-08", walked.other),
        format!("/remittance/{}/2025-08/export", walked.other),
    ] {
        let status = page.evaluate(&format!("fetch('{path}').then(r => r.status)"));
        assert_eq!(status, 404, "{path}");
    }
    for path in ["/ledger", "/vouchers", "/suspense", "/employers/export"] {
        let status = page.evaluate(&format!("fetch('{path}').then(r => r.status)"));
        assert_eq!(status, 403, "{path}");
    }
    let found = page.evaluate(&format!("fetch('/members?q={stranger}').then(r => r.text()).then(t => t.includes('/members/{stranger}'))"));
    assert_eq!(found, false, "a search by number finds only the own employer's people");
}

pub fn a_look_in_the_clear_is_recorded(bed: &Bed, browser: &mut Browser, walked: &Walked) {
    let branch = bed.runtime.block_on(members::one(&bed.centre.store, walked.member)).expect("a member").expect("a member").branch;
    let mut page = browser.page(1440);
    bed.sign_in(&mut page, &format!("reviewer{}", branch.0 - 2));
    page.goto(&bed.at(&format!("/members/{}", walked.member)));
    page.until("masks", "document.body.innerText.includes('****')");
    page.click("text=窗口核对证件原件");
    page.click("text=显示 60 秒");
    page.until("the number in the clear", "/\\b\\d{17}[\\dX]\\b/.test(document.body.innerText)");
    page.goto(&bed.at(&format!("/members/{}?tab=looks", walked.member)));
    page.sees("显示明文");
    page.sees("窗口核对证件原件");
    page.sees("查看页面");
    // Somebody of another branch may look at the masks, not behind them.
    let elsewhere = if branch.0 == 2 { "reviewer1" } else { "reviewer0" };
    drop(page);
    let mut page = browser.page(1440);
    bed.sign_in(&mut page, elsewhere);
    page.goto(&bed.at(&format!("/members/{}", walked.member)));
    page.click("text=显示 60 秒");
    page.sees("您没有这项权限");
}
