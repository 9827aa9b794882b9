//! Main journeys: signing in, entering and approving, an approval that comes back, a forged form.

use core_case::flow::Channel;
use core_money::Money;
use shell_pipeline::{Actor, Answer, Command, Origin};
use shell_store::registers;
use testkit::browser::{Browser, Page};

use crate::bed::Bed;

pub fn sign_in_needs_both_factors(bed: &Bed, browser: &mut Browser) {
    let mut page = browser.page(1440);
    page.goto(&bed.at("/cases?mine"));
    page.until("the way in", "location.pathname === '/sign-in'");
    page.fill("#field-number", "clerk0");
    page.fill("#field-password", "not the password");
    page.click("text=下一步");
    page.sees("当前口令");
    assert_eq!(page.evaluate("location.pathname"), "/sign-in/code");
    let mut found = Vec::new();
    crate::pages::both(&mut page, "sign-in-code", &mut found);
    assert_eq!(found, Vec::<String>::new());
    page.fill("#field-code", "000000");
    page.press("Enter");
    page.sees("登录名、密码或动态口令不正确");
    bed.sign_in(&mut page, "clerk0");
    page.sees("我的工作台");
    assert_eq!(page.complaints(), Vec::<String>::new());
    // The cookie is not for scripts.
    assert_eq!(page.evaluate("document.cookie"), "");
    page.goto(&bed.at("/me"));
    page.click("text=退出登录");
    page.until("the way in", "location.pathname === '/sign-in'");
    page.goto(&bed.at("/"));
    page.until("still the way in", "location.pathname === '/sign-in'");
}

/// Fills and submits an employer's opening; an address as the page of the case.
fn enter_employer(bed: &Bed, page: &mut Page<'_>, name: &str) {
    page.goto(&bed.at("/cases/new/collection.employer.open"));
    let text = [
        ("name", name),
        ("address", "彩云县振兴路 8 号"),
        ("representative", "周启明"),
        ("representative_number", "11010519491231002X"),
        ("nature", "企业"),
        ("economic_type", "170"),
        ("industry", "C"),
        ("established", "2020-03-01"),
        ("pay_day", "10"),
        ("first_month", "2025-09"),
        ("employer_rate", "7"),
        ("member_rate", "7"),
        ("handler", "林知夏"),
        ("handler_number", "11010519491231002X"),
        ("handler_mobile", "13800138000"),
        ("entrusted_bank", "彩云农商行"),
    ];
    for (field, value) in text {
        page.fill(&format!("#field-{field}"), value);
    }
    for kind in ["representative_kind", "handler_kind"] {
        page.evaluate(&format!("document.querySelector('#field-{kind}').value = '01'"));
    }
}

/// Uploads a scan for each of these pieces of the material list.
fn hand_in(bed: &Bed, page: &mut Page<'_>, pieces: &[&str]) {
    let file = bed.folder().join("scan.png");
    std::fs::write(&file, b"\x89PNG\r\n\x1a\n a picture").expect("a file");
    for piece in pieces {
        page.upload(&format!("#field-material-{piece}"), &[&file]);
    }
}

/// What an employer hands in at its opening.
const PAPERS: [&str; 6] = ["representative_id", "handler_id", "licence", "form", "duties", "online"];

pub fn a_case_is_refused_to_its_own_maker_and_approved_by_another(bed: &Bed, browser: &mut Browser) {
    let mut page = browser.page(1440);
    bed.sign_in(&mut page, "clerk0");
    page.goto(&bed.at("/cases/new/collection.employer.open"));
    page.press("Alt+p");
    page.sees("处要处理，才能提交");
    page.sees("单位名称没有填写");
    enter_employer(bed, &mut page, "彩云县拾光食品有限公司");
    page.fill("#field-employer_rate", "13");
    page.press("Alt+p");
    page.sees("缴存比例高于上限");
    let mut found = Vec::new();
    crate::pages::both(&mut page, "case-form-refused", &mut found);
    assert_eq!(found, Vec::<String>::new());
    page.sees("缴存比例");
    page.fill("#field-employer_rate", "7");
    // What the material list asks for is missed by name, and what came with a refused form is not asked for again.
    page.sees("缺少材料：营业执照或其他载有统一社会信用代码的证件。");
    let text = bed.folder().join("not-a-scan.png");
    std::fs::write(&text, "not a picture").expect("a file");
    page.upload("#field-material-licence", &[&text]);
    page.press("Alt+p");
    page.sees("内容不是 PDF、JPG、PNG 或 OFD");
    hand_in(bed, &mut page, &["representative_id", "handler_id", "licence", "form", "duties"]);
    page.press("Alt+p");
    page.sees("缺少材料：网上业务服务协议。");
    page.sees("✓ 已收 scan.png");
    assert_eq!(page.evaluate("document.querySelectorAll('.problems [data-problem]').length"), 1);
    crate::pages::both(&mut page, "case-form-material", &mut found);
    hand_in(bed, &mut page, &["online"]);
    page.press("Alt+p");
    page.until("the case", "/^\\/cases\\/\\d{15}$/.test(location.pathname)");
    page.sees("已提交，业务号");
    page.sees("PNG · 1 KB");
    let case = page.evaluate("location.pathname").as_str().unwrap_or_default().to_owned();
    // The maker looks at the review and is refused.
    page.goto(&bed.at(&format!("{case}/review")));
    page.press("Alt+y");
    page.sees("自己经办的业务不能自己复核");
    assert_eq!(page.complaints(), Vec::<String>::new());
    drop(page);
    let mut page = browser.page(1440);
    bed.sign_in(&mut page, "reviewer0");
    page.sees("彩云县拾光食品有限公司");
    page.goto(&bed.at(&format!("{case}/review")));
    page.sees("您同意后，将发生");
    let mut found = Vec::new();
    crate::pages::both(&mut page, "review", &mut found);
    assert_eq!(found, Vec::<String>::new());
    page.press("Alt+y");
    page.sees("已办结，业务号");
    page.sees("审查依据");
    assert_eq!(page.complaints(), Vec::<String>::new());
}

/// Sent back with a reason, corrected under the same number without typing the identity numbers again, approved with the
/// difference in sight; what was entered before is kept.
pub fn a_returned_case_is_corrected_in_place(bed: &Bed, browser: &mut Browser) {
    let mut page = browser.page(1440);
    bed.sign_in(&mut page, "clerk3");
    enter_employer(bed, &mut page, "彩云县晴窗书店有限公司");
    hand_in(bed, &mut page, &PAPERS);
    page.press("Alt+p");
    page.until("the case", "/^\\/cases\\/\\d{15}$/.test(location.pathname)");
    let case = page.evaluate("location.pathname").as_str().unwrap_or_default().to_owned();
    drop(page);
    let mut page = browser.page(1440);
    bed.sign_in(&mut page, "reviewer3");
    page.goto(&bed.at(&format!("{case}/review")));
    page.fill("#field-why", "发薪日与工资表不符");
    page.press("Alt+b");
    page.until("the case", "/^\\/cases\\/\\d{15}$/.test(location.pathname)");
    page.sees("退回补正");
    // Nobody but the maker may correct it.
    page.goto(&bed.at(&format!("{case}/correction")));
    page.sees("由它的经办人更正");
    drop(page);
    let mut page = browser.page(1440);
    bed.sign_in(&mut page, "clerk3");
    page.goto(&bed.at(&case));
    let before = page.evaluate("document.querySelector('.digest')?.textContent");
    page.press("e");
    page.until("the form", "location.pathname.endsWith('/correction')");
    page.sees("退回原因：发薪日与工资表不符");
    assert_eq!(page.evaluate("document.querySelector('#field-name').value"), "彩云县晴窗书店有限公司");
    assert_eq!(page.evaluate("document.querySelector('#field-representative_number').value"), "");
    page.sees("已录入 110***********002X，不改就留空");
    page.fill("#field-employer_rate", "13");
    page.press("Alt+p");
    page.sees("没有受理");
    page.fill("#field-employer_rate", "7");
    page.fill("#field-pay_day", "15");
    let mut found = Vec::new();
    crate::pages::both(&mut page, "case-correction", &mut found);
    page.press("Alt+p");
    page.until("the case", "/^\\/cases\\/\\d{15}$/.test(location.pathname)");
    page.sees("更正经过");
    crate::pages::both(&mut page, "case-corrected", &mut found);
    let after = page.evaluate("document.querySelector('.digest')?.textContent");
    assert_ne!(before, after, "what is signed now is another digest");
    drop(page);
    let mut page = browser.page(1440);
    bed.sign_in(&mut page, "reviewer3");
    page.goto(&bed.at(&format!("{case}/review")));
    page.sees("与上次退回相比");
    page.sees("发薪日与工资表不符");
    assert_eq!(page.evaluate("[...document.querySelectorAll('dl.changes del, dl.changes ins')].map(e => e.textContent).join()"), "10,15");
    crate::pages::both(&mut page, "review-corrected", &mut found);
    assert_eq!(found, Vec::<String>::new());
    page.press("Alt+y");
    page.sees("已办结，业务号");
    assert_eq!(page.complaints(), Vec::<String>::new());
}

/// A receipt of the bank's, recorded unattended; what was known before of lists and unknown receipts tells what became of it.
fn bank_line(bed: &Bed, serial: &str, amount: Money, remark: &str) {
    let form = serde_json::json!({
        "account": sim::year::bank_number(1), "host_serial": serial, "amount": amount.to_string(),
        "day": bed.centre.day().to_string(), "payer_name": "来历不明的付款户", "summary": "汇款", "remark": remark,
    });
    let command = Command::new("collection.receipt.record", form, serial).by(Channel::Bank);
    let answer = bed.runtime.block_on(bed.centre.submit(&Actor::batch(), &Origin::local("test"), &command));
    assert!(matches!(answer, Ok(Answer::Done(_))), "{answer:?}");
}

/// Unknown money is about to pay a list; before the second person signs, the employer pays the list itself.
pub fn an_approval_comes_back_when_the_facts_moved(bed: &Bed, browser: &mut Browser) {
    let store = &bed.centre.store;
    let awaiting = bed.runtime.block_on(registers::awaiting(store)).expect("lists");
    let list = awaiting.first().expect("the simulation leaves lists that wait for money").clone();
    bank_line(bed, "HS-MOVED-1", list.due, "");
    let unknown = bed.runtime.block_on(registers::unknown(store)).expect("receipts");
    let receipt = unknown.iter().filter(|u| u.amount == list.due).map(|u| u.receipt).next_back().expect("the receipt has no owner");
    let mut page = browser.page(1440);
    bed.sign_in(&mut page, "clerk2");
    page.goto(&bed.at(&format!("/cases/new/collection.receipt.allocate?receipt={receipt}&employer={}", list.employer)));
    page.fill("#field-proof", "单位来函说明，原件附后");
    page.press("Alt+p");
    page.until("the case", "/^\\/cases\\/\\d{15}$/.test(location.pathname)");
    page.sees("入账分摊");
    let case = page.evaluate("location.pathname").as_str().unwrap_or_default().to_owned();
    drop(page);
    bank_line(bed, "HS-MOVED-2", list.due, &list.list.to_string());
    let mut page = browser.page(1440);
    // The case belongs to the branch of its maker.
    bed.sign_in(&mut page, "reviewer2");
    page.goto(&bed.at(&format!("{case}/review")));
    page.sees("录入以后事实有变");
    page.press("Alt+y");
    page.sees("您上次看过以后，事实有变");
    let mut found = Vec::new();
    crate::pages::both(&mut page, "review-moved", &mut found);
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(page.complaints(), Vec::<String>::new());
    page.press("Alt+y");
    page.sees("已办结，业务号");
}

pub fn forms_not_made_by_us_are_refused(bed: &Bed, browser: &mut Browser) {
    let mut page = browser.page(1440);
    bed.sign_in(&mut page, "reviewer1");
    let status = |page: &mut Page<'_>, body: &str| {
        let ask =
            format!("fetch('/sign-out', {{method: 'POST', body: new URLSearchParams({body}), redirect: 'manual'}}).then(r => r.status)");
        page.evaluate(&ask)
    };
    assert_eq!(status(&mut page, "{form_token: 'guessed'}"), 403);
    assert_eq!(status(&mut page, "{}"), 403);
    page.goto(&bed.at("/"));
    page.sees("我的工作台");
}
