//! The ten commonest jobs of a counter, done with the keyboard alone: every key is counted, and `docs/jobs.md` holds the counts.
//!
//! Each begins at the workbench. What is typed as data is counted in characters apart from the keys; choosing a scan is two keys (the
//! dialog, its confirmation), since the browser's own dialog is not ours. The list follows handbook 14 §1 (functions of collection,
//! accounting and operation); nobody has published how often each is done.

use core_case::ids::SavingsId;
use shell_store::views::{books, lists, members};
use testkit::browser::{Browser, Page};
use testkit::golden;

use crate::bed::Bed;
use crate::journey::Walked;

/// Where the generated part of the page begins and ends.
const MARKS: [&str; 2] = ["<!-- jobs: written by the test `business` of shell-web -->\n", "<!-- jobs: end -->\n"];

/// Two hands on a keyboard; there is no mouse here.
struct Hands<'p, 'b> {
    page: &'p mut Page<'b>,
    keys: usize,
    characters: usize,
    told: Vec<String>,
}

impl<'p, 'b> Hands<'p, 'b> {
    fn at_the_workbench(page: &'p mut Page<'b>, bed: &Bed) -> Hands<'p, 'b> {
        page.goto(&bed.at("/"));
        Hands { page, keys: 0, characters: 0, told: Vec::new() }
    }

    fn press(&mut self, key: &str) -> &mut Self {
        self.page.press(key);
        self.keys += 1;
        self.told.push(format!("`{}`", key.replace('+', " ")));
        self
    }

    /// Types data into the field that has the focus.
    fn data(&mut self, name: &str, text: &str) -> &mut Self {
        self.page.until("a field to type in", "document.activeElement.matches('input:not([type=file]), textarea')");
        self.page.insert(text);
        self.characters += text.chars().count();
        self.told.push(format!("‹{name}›"));
        self
    }

    /// Tabs to the field of this name, so that a table tells how far it was.
    fn to(&mut self, name: &str) -> &mut Self {
        for _ in 0..12 {
            if self.page.evaluate(&format!("document.activeElement.name === '{name}'")) == true {
                return self;
            }
            self.press("Tab");
        }
        panic!("{name} is not reached by twelve tabs");
    }

    /// Chooses a file in the upload that has the focus.
    fn choose(&mut self, file: &std::path::Path) -> &mut Self {
        self.page.until("an upload with the focus", "document.activeElement.matches('input[type=file]')");
        self.page.upload(":focus", &[file]);
        self.keys += 2;
        self.told.push("‹选文件›".into());
        self
    }

    fn row(&self, job: &str, who: &str) -> String {
        let mut told: Vec<(String, usize)> = Vec::new();
        for one in &self.told {
            match told.last_mut() {
                Some((last, n)) if last == one => *n += 1,
                _ => told.push((one.clone(), 1)),
            }
        }
        let told: Vec<String> = told.into_iter().map(|(one, n)| if n == 1 { one } else { format!("{one}×{n}") }).collect();
        format!("| {job} | {who} | {} | {} | {} |\n", self.keys, self.characters, told.join(" "))
    }
}

const CASE: &str = "/^\\/cases\\/\\d{15}$/.test(location.pathname)";

pub fn ten_jobs_without_a_mouse(bed: &Bed, browser: &mut Browser, walked: &Walked) {
    let store = &bed.centre.store;
    let run = &bed.runtime;
    let scan = walked.folder.join("scan.png");
    std::fs::write(&scan, b"\x89PNG\r\n\x1a\n a picture").expect("the folder is ours");
    let head = run.block_on(shell_store::views::employers::whole(store, walked.other)).expect("an employer").expect("an employer").head;
    let branch = head.branch.0 - 2;
    let (clerk, reviewer) = (format!("clerk{branch}"), format!("reviewer{branch}"));
    let which = members::Which { employer: Some(walked.other), ..members::Which::default() };
    let people = run.block_on(members::list(store, &which, SavingsId(0), 3)).expect("members");
    let member = people[0].savings.to_string();
    let mut rows = String::new();

    let mut page = browser.page(1440);
    bed.sign_in(&mut page, &clerk);
    {
        let mut h = Hands::at_the_workbench(&mut page, bed);
        h.press("/").data("名称", &head.name).press("Enter");
        h.page.until("the employer", "location.pathname.startsWith('/employers/')");
        h.press("h");
        h.page.until("the desk", "location.pathname.startsWith('/remittance/')");
        h.press("Alt+p");
        h.page.sees("清册号");
        rows += &h.row("确认一个单位当月的清册", "经办");
    }
    let list = run.block_on(lists::of_month(store, walked.other, walked.month)).expect("lists").remove(0);
    {
        let notice = walked.folder.join("jobs-notice.txt");
        let line = |serial: &str, name: &str, amount: &str, note: &str| {
            let bank = sim::year::bank_number(1);
            format!("1|{bank}|{serial}|1001|6200000000000001|{name}|{amount}|20250904|093012||青岚支行|{note}|156|2|||||102|转账|0||\n")
        };
        let text =
            line("HS250904000071", "来历不明的付款户", "321.00", "") + &line("HS250904000072", &head.name, &list.total.to_string(), "");
        std::fs::write(&notice, text).expect("the folder is ours");
        let mut h = Hands::at_the_workbench(&mut page, bed);
        h.press("g").press("j");
        h.page.until("collection", "location.pathname === '/collection'");
        h.press("2");
        h.page.until("receipts", "location.pathname === '/receipts'");
        h.press("n");
        h.page.until("the import", "location.pathname === '/imports/receipts'");
        h.press("Alt+m").choose(&notice).press("Alt+u");
        h.page.sees("试算，未改动任何数据");
        h.press("Alt+p");
        h.page.sees("已导入");
        rows += &h.row("导入银行到账通知", "经办");
    }
    {
        let mut h = Hands::at_the_workbench(&mut page, bed);
        h.press("g").press("j");
        h.page.until("collection", "location.pathname === '/collection'");
        h.press("2");
        h.page.until("receipts", "location.pathname === '/receipts'");
        h.press("j").press("Enter");
        h.page.until("a receipt", "/^\\/receipts\\/\\d+$/.test(location.pathname)");
        h.press("n");
        h.page.until("the form", "location.pathname.endsWith('/collection.receipt.allocate')");
        h.data("单位账号", &walked.other.to_string()).press("Tab").data("依据", "单位来函说明").press("Alt+p");
        h.page.until("the case", CASE);
        rows += &h.row("认领一笔暂收款", "经办");
    }
    {
        let mut h = Hands::at_the_workbench(&mut page, bed);
        h.press("/").data("快捷码和账号", &format!("fc {member}")).press("Enter");
        h.page.until("the form", "location.pathname.endsWith('/collection.member.seal')");
        h.data("年月", "2025-10").press("Tab").press("2").press("Alt+p");
        h.page.until("the case", CASE);
        rows += &h.row("封存一名职工", "经办");
    }
    {
        let mut h = Hands::at_the_workbench(&mut page, bed);
        h.press("/").data("快捷码和账号", &format!("kh {}", walked.other)).press("Enter");
        h.page.until("the form", "location.pathname.endsWith('/collection.member.open')");
        h.data("姓名", "林知夏").press("Tab").press("0").press("Tab").data("证件号码", "11010519491231002X").press("Tab");
        h.data("手机", "13800138000").press("Tab").data("基数", "5000").press("Tab").data("年月", "2025-10").press("Tab");
        h.data("卡号", "6200000000000000005").press("Tab").data("开户银行", "彩云农商行");
        for _ in 0..3 {
            h.press("Alt+m").choose(&scan);
        }
        h.press("Alt+p");
        h.page.until("the case", CASE);
        rows += &h.row("为一名职工开户（三份材料）", "经办");
    }
    {
        let mut h = Hands::at_the_workbench(&mut page, bed);
        h.press("/").data("快捷码和账号", &format!("bl {}", walked.other)).press("Enter");
        h.page.until("the form", "location.pathname.endsWith('/collection.rate.change')");
        h.data("年月", "2025-11")
            .to("employer_rate")
            .data("比例", "8")
            .press("Tab")
            .data("比例", "8")
            .press("Tab")
            .data("决议", "2025-08-28 职代会决议");
        for _ in 0..3 {
            h.press("Alt+m").choose(&scan);
        }
        h.press("Alt+p");
        h.page.until("the case", CASE);
        rows += &h.row("调整一个单位的缴存比例（三份材料）", "经办");
    }
    {
        let mut h = Hands::at_the_workbench(&mut page, bed);
        h.press("/").data("账号", &walked.member.to_string()).press("Enter");
        h.page.until("the member", "location.pathname.startsWith('/members/')");
        let paper = h.page.evaluate("document.querySelector('[data-key=P]').getAttribute('href')");
        assert_eq!(paper, format!("/members/{}/statement.pdf", walked.member));
        h.page.evaluate("document.addEventListener('click', e => { document.title = 'pressed ' + e.target.closest('a').pathname; e.preventDefault(); })");
        h.press("p");
        h.page.until("the statement", "document.title.startsWith('pressed /members/')");
        rows += &h.row("查一名职工并打印对账单", "经办");
    }
    {
        let vouchers = run.block_on(books::vouchers(store, core_calendar::Day::MAX, core_case::ids::VoucherId(i64::MAX), "E-A19", 1));
        let any = vouchers
            .expect("vouchers")
            .first()
            .map_or(run.block_on(lists::one(store, walked.list)).expect("a list").expect("a list").voucher.expect("posted"), |v| v.id);
        let mut h = Hands::at_the_workbench(&mut page, bed);
        h.press("/").data("凭证号", &any.to_string()).press("Enter");
        h.page.until("the voucher", "location.pathname.startsWith('/vouchers/')");
        rows += &h.row("查一张凭证", "经办");
    }
    drop(page);
    let mut page = browser.page(1440);
    bed.sign_in(&mut page, &reviewer);
    {
        let mut h = Hands::at_the_workbench(&mut page, bed);
        h.press("j").press("Enter");
        h.page.until("the review", "location.pathname.endsWith('/review')");
        h.press("Alt+y");
        h.page.sees("已办结，业务号");
        rows += &h.row("复核同意第一件待办", "复核");
        // The next one is two keys away.
        h.press("]");
        h.page.until("the next review", "location.pathname.endsWith('/review')");
    }
    drop(page);
    let mut page = browser.page(1440);
    bed.sign_in(&mut page, "system");
    {
        let mut h = Hands::at_the_workbench(&mut page, bed);
        h.press("g").press("x");
        h.page.until("operation", "location.pathname === '/operation'");
        h.press("1");
        h.page.until("the day-end", "location.pathname === '/day-end'");
        h.press("Alt+p");
        h.page.sees("已结束");
        rows += &h.row("做日终", "系统管理员");
    }
    let path = testkit::workspace_root().join("docs/jobs.md");
    let text = std::fs::read_to_string(path).expect("the page of the jobs");
    let (before, rest) = text.split_once(MARKS[0]).expect("where the table begins");
    let (_, after) = rest.split_once(MARKS[1]).expect("where it ends");
    let table = format!("| 业务 | 谁 | 按键 | 录入字符 | 从工作台起怎么按 |\n|---|---|---|---|---|\n{rows}");
    golden::check("docs/jobs.md", &format!("{before}{}{table}{}{after}", MARKS[0], MARKS[1]));
}
