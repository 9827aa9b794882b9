//! Samples: trial balance, sub-ledger with voucher, one voucher.

use maud::{Markup, html};

use super::{ACCOUNTANT, frame};
use crate::ui::button::cap;
use crate::ui::frame::Area;
use crate::ui::kpi::Kpi;
use crate::ui::mark::digest;
use crate::ui::trace::Node;
use crate::ui::voucher::{Posting, Side, Voucher};
use crate::ui::{Button, Fact, Link, Pill, Tag, Tone, link};
use crate::views::sub_ledger::{LedgerLine, SubLedger};
use crate::views::trial_balance::{AccountLine, TrialBalance};
use crate::views::voucher::VoucherPage;
use crate::views::{sub_ledger as sub_ledger_view, trial_balance as trial_balance_view, voucher as voucher_view};

fn account(code: &'static str, name: &'static str, depth: u8, figures: [&'static str; 5]) -> AccountLine {
    let [opening, debit, credit, side, closing] = figures;
    AccountLine {
        code: code.into(),
        name: link(name, format!("/accounting/ledger/{code}/2026-11")),
        depth,
        opening: opening.into(),
        debit: debit.into(),
        credit: credit.into(),
        side: side.into(),
        closing: closing.into(),
    }
}

pub(super) fn trial_balance() -> Markup {
    let view = TrialBalance {
        period: "2026 年 11 月".into(),
        pill: Pill::doing("未结账"),
        actions: vec![
            Button::go("上月", "/accounting/2026-10").key("["),
            Button::go("导出 Excel", "/accounting/2026-11.xlsx").key("X"),
            Button::go("月度结账", "/cases/new/accounting.close_period").primary(),
        ],
        proofs: vec![
            Kpi::new("职工账户之和 = 201", "9,862,104,418.27", "元", "差 0.00 · 135,206 户"),
            Kpi::new("单位未分摊 = 2190402", "712,004.55", "元", "差 0.00 · 11 户"),
            Kpi::new("银行余额 = 101 各户", "3,052,318,870.41", "元", "差 0.00 · 8 个专户"),
            Kpi::new("凭证", "4,127", "张", "张张平衡，号不断"),
        ],
        classes: vec![
            (
                "资产".into(),
                vec![
                    account("101", "住房公积金存款", 0, ["3,027,905,113.86", "227,243,006.10", "202,829,249.55", "借", "3,052,318,870.41"]),
                    account("1010103", "白鹭专户", 1, ["61,204,418.20", "17,180,455.00", "9,840,112.37", "借", "68,544,760.83"]),
                    account("121", "委托贷款", 0, ["6,688,141,902.11", "40,206,000.00", "38,402,115.26", "借", "6,689,945,786.85"]),
                ],
            ),
            (
                "负债".into(),
                vec![
                    account("201", "住房公积金", 0, ["9,838,401,225.72", "161,022,418.05", "184,725,610.60", "贷", "9,862,104,418.27"]),
                    account("211", "应付利息", 0, ["61,044,208.13", "0.00", "12,208,841.62", "贷", "73,253,049.75"]),
                    account("2190401", "暂收", 1, ["182,440.00", "77,240.00", "48,200.00", "贷", "153,400.00"]),
                    account("2190402", "未分摊", 1, ["644,118.20", "290,084.00", "357,970.35", "贷", "712,004.55"]),
                ],
            ),
        ],
        total: ["".into(), "428,841,508.15".into(), "428,841,508.15".into(), "".into()],
        note: "示例只列部分科目。每个数字都可打开，直到凭证、业务与银行流水。".into(),
    };
    trial_balance_view::page(&frame(Area::Accounting, &[("会计", "/accounting"), ("总账余额", "")], ACCOUNTANT), &view)
}

fn node(kind: &'static str, links: Vec<Link>, figure: &'static str, time: &'static str) -> Node {
    Node { kind: kind.into(), links, figure: figure.into(), time: time.into(), current: kind == "凭证" }
}

fn trace() -> Vec<Node> {
    vec![
        node("银行流水", vec![link("HS261124000873", "/treasury/movements/HS261124000873")], "291,727.00", "11-24 09:31"),
        node("到账匹配", vec![link("附言业务号", "/treasury/matches/873")], "多 1,643.00", "11-24 09:31"),
        node("清册", vec![link("02 261124 0000318", "/cases/022611240000318")], "127 人", "11-24 10:58"),
        node(
            "凭证",
            vec![link("00004126", "/accounting/vouchers/20261100004126"), link("00004127", "/accounting/vouchers/20261100004127")],
            "290,084.00",
            "11-24 11:06",
        ),
        node("职工明细", vec![link("127 行", "/cases/022611240000318/lines")], "290,084.00", "11-24 11:06"),
        node("审计封签", vec![link("第 20,417 号", "/audit/seals/20417")], "链完整 ✓", "11-24 11:10"),
    ]
}

fn line(day: &'static str, business: &'static str, summary: &'static str, voucher: &'static str, sums: [&'static str; 3]) -> LedgerLine {
    let [debit, credit, balance] = sums;
    LedgerLine {
        day: day.into(),
        business: business.into(),
        tag: credit.starts_with('−').then(|| Tag::new(Tone::Bad, "红字")),
        summary: summary.into(),
        voucher: (!voucher.is_empty()).then(|| link(voucher, format!("/accounting/vouchers/{}", voucher.replace(' ', "")))),
        debit: debit.into(),
        credit: credit.into(),
        side: "贷".into(),
        balance: balance.into(),
        selected: voucher == "202611 00004127",
    }
}

fn sample_voucher() -> Voucher {
    let school = || html! { "白鹭县第一中学" };
    Voucher {
        number: "202611 00004127".into(),
        pill: Pill::done("已记账"),
        heads: vec![Fact::new("业务", "汇缴 · 以未分摊缴存"), Fact::new("记账日期", "2026-11-24"), Fact::new("起息日", "2026-11-24")],
        postings: vec![
            Posting {
                side: Side::Debit,
                account: "未分摊".into(),
                code: "2190402".into(),
                items: vec![("单位".into(), school())],
                amount: "290,084.00".into(),
            },
            Posting {
                side: Side::Credit,
                account: "住房公积金".into(),
                code: "201".into(),
                items: vec![("单位".into(), school()), ("职工".into(), link("127 人明细", "/cases/022611240000318/lines").show())],
                amount: "290,084.00".into(),
            },
        ],
        total: "290,084.00".into(),
        in_words: "贰拾玖万零捌拾肆元整".into(),
        links: vec![
            Fact::drawn("业务", html! { (link("汇缴 02 261124 0000318", "/cases/022611240000318").show()) (cap("G B")) }),
            Fact::drawn("银行流水", html! { (link("HS261124000873", "/treasury/movements/HS261124000873").show()) (cap("G Y")) }),
            Fact::drawn("同笔凭证", link("202611 00004126　到账 291,727.00", "/accounting/vouchers/20261100004126").show()),
            Fact::drawn("依据", link("分录 E-A19 · 多缴先挂账，再缴存", "/policy/accounting.entries").show()),
        ],
        makers: vec![
            Fact::new("制单", "周宁"),
            Fact::new("复核", "许岚"),
            Fact::new("记账", "系统 11:06:21"),
            Fact::drawn("审计摘要", digest("", "b93e 41d6")),
        ],
    }
}

fn voucher_actions() -> Vec<Button> {
    vec![
        Button::go("打印", "/accounting/vouchers/20261100004127.pdf").key("P"),
        Button::go("申请冲正 ⋯", "/cases/new/collection.reverse_remittance").danger(),
    ]
}

pub(super) fn sub_ledger() -> Markup {
    let view = SubLedger {
        title: "明细账　201 住房公积金".into(),
        context: "白鹭县第一中学 · 2026 年 11 月 · 未结账".into(),
        actions: vec![
            Button::go("上月", "?month=2026-10").key("["),
            Button::go("下月", "?month=2026-12").key("]"),
            Button::go("导出 Excel", "?as=xlsx").key("X"),
        ],
        trace: trace(),
        path: html! { "总账 201 › 单位 › " (link("职工 127 人", "?by=member").show()) },
        proof: Pill::done("明细之和 = 总账，差 0.00"),
        lines: vec![
            line("11-01", "上月结转", "", "", ["", "", "8,146,203.77"]),
            line("11-03", "内部转移 转入", "1 人，自白鹭县水务站", "202611 00000231", ["", "58,310.24", "8,204,514.01"]),
            line("11-05", "部分提取", "租房，1 人", "202611 00000614", ["9,600.00", "", "8,194,914.01"]),
            line("11-12", "补缴", "2026 年 10 月，1 人", "202611 00001975", ["", "2,260.00", "8,197,174.01"]),
            line("11-13", "补缴", "冲 202611 00001975，基数录错", "202611 00002210", ["", "−2,260.00", "8,194,914.01"]),
            line("11-13", "补缴", "2026 年 10 月，1 人", "202611 00002211", ["", "2,266.00", "8,197,180.01"]),
            line("11-18", "销户结息", "1 人", "202611 00002864", ["", "823.46", "8,198,003.47"]),
            line("11-18", "销户提取", "退休，1 人", "202611 00002865", ["142,905.31", "", "8,055,098.16"]),
            line("11-24", "汇缴", "2026 年 11 月，127 人", "202611 00004127", ["", "290,084.00", "8,345,182.16"]),
        ],
        total: ["152,505.31".into(), "351,483.70".into(), "贷".into(), "8,345,182.16".into()],
        note: "红字冲减同方向发生额，故本月贷方合计为净额；发生额不以借方对冲。".into(),
        voucher: Some(sample_voucher()),
        voucher_actions: voucher_actions(),
        voucher_sentence: "须两级复核".into(),
    };
    let crumbs =
        [("会计", "/accounting"), ("明细账", "/accounting/ledger"), ("201 住房公积金", "/accounting/ledger/201"), ("白鹭县第一中学", "")];
    sub_ledger_view::page(&frame(Area::Accounting, &crumbs, ACCOUNTANT), &view)
}

pub(super) fn voucher() -> Markup {
    let view = VoucherPage { voucher: sample_voucher(), trace: trace(), actions: voucher_actions(), sentence: "须两级复核".into() };
    voucher_view::page(
        &frame(Area::Accounting, &[("会计", "/accounting"), ("凭证", "/accounting/vouchers"), ("202611 00004127", "")], ACCOUNTANT),
        &view,
    )
}
