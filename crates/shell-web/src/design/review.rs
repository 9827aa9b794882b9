//! Samples: review, review after facts moved, a case.

use maud::{Markup, html};

use super::{CLERK, REVIEWER, frame};
use crate::ui::action_bar::ActionBar;
use crate::ui::checks::Mark;
use crate::ui::diff;
use crate::ui::effects::{Change, Effect};
use crate::ui::frame::Area;
use crate::ui::mark::Near;
use crate::ui::steps::{At, Step, from_words};
use crate::ui::tabs::Tab;
use crate::ui::{Button, Check, Cite, Fact, Pill, Pips, link};
use crate::views::case::{Attachment, Case};
use crate::views::review::{Compared, Review};
use crate::views::{case as case_view, review as review_view};

fn effect(label: &'static str, change: Change, consequence: &'static str) -> Effect {
    Effect { label: label.into(), change, consequence: consequence.into() }
}

fn effects() -> Vec<Effect> {
    vec![
        effect("个人账户余额", Change::FromTo("101,313.46".into(), "88,713.46".into()), "付出 12,600.00"),
        effect("占用", Change::FromTo("12,600.00".into(), "0.00".into()), "付款成功时解除；失败则退还可用"),
        effect("本年度租房额度 已用", Change::FromTo("0.00".into(), "12,600.00".into()), "限额 18,000.00，剩 5,400.00"),
        effect("银行付款", Change::Is("12,600.00".into()), "至本人卡尾号 0318，一类借记卡"),
        effect(
            "凭证",
            Change::Lines(vec![("借 201 住房公积金".into(), "12,600.00".into()), ("贷 1010103 活期".into(), "12,600.00".into())]),
            "",
        ),
    ]
}

fn same(item: &'static str, applied: &'static str, shown: &'static str) -> Compared {
    Compared { item: item.into(), applied: html! { (applied) }, shown: html! { (shown) }, agrees: true }
}

fn reasons() -> Vec<Check> {
    let rule = |words: &'static str| Cite::known(words);
    vec![
        Check::new(Mark::Look, "合同地址与填报写法不同", "3 幢 / 3 栋", rule("系统不判断同义写法，请您看右侧合同")),
        Check::new(Mark::Holds, "支付房租，可以提取", "无收入比例要求", rule("《条例》（2026 版）第二十四条第（一）项")),
        Check::new(Mark::Holds, "本人在本市无自有住房", "无", rule("不动产登记查询 11-23 15:02")),
        Check::new(Mark::Holds, "未超年度限额 18,000.00", "12,600.00", Cite::unknown("本中心参数，自 2026-07-01，文号待补")),
        Check::new(Mark::Holds, "可用余额足够，并留 0.01", "101,313.45", rule("规则 3.1.9")),
        Check::new(Mark::Holds, "无冻结，无其他在途业务", "无", rule("规则 3.1.13、3.1.14")),
        Check::new(Mark::Holds, "不在失信限制期内", "无记录", rule("《条例》（2026 版）第四十一条")),
        Check::new(Mark::Holds, "受理起 3 日内决定", "第 2 日", rule("《条例》（2026 版）第二十五条")),
    ]
}

fn paper() -> Markup {
    html! {
        h3 { "房屋租赁合同" }
        p { "出租方（甲方）：唐*　　承租方（乙方）：赵*岚" }
        p { "一、甲方将坐落于 " mark.look { "城关镇柳桥路 18 号 3 幢 402" } " 的房屋出租给乙方居住，建筑面积 71.40 平方米。" }
        p { "二、租期自 " mark { "2026-06-01 至 2027-05-31" } " 止。" }
        p { "三、月租金人民币 " mark { "2,100.00 元" } " ，按月支付。" }
        div.rule {} div.rule {} div.rule {} div.rule {} div.rule {}
        p { "甲方：唐*　　　　　　　　乙方：赵*岚" }
        p { "2026 年 5 月 28 日" }
    }
}

fn sample() -> Review {
    Review {
        title: "租房提取".into(),
        pill: Pill::doing("待复核"),
        context: "业务号 05 261123 0000417 · 赵*岚 · 经办 周宁".into(),
        due: Some(Pips::new(1, 3, Near::Soon, "限 11-26，余 2 个工作日")),
        steps: from_words(&["受理", "录入", "复核", "付款", "入账"], 2),
        effects: effects(),
        digest: "8c41 e07b 5a92".into(),
        moved: Vec::new(),
        reasons: reasons(),
        reasons_note: "8 项 · 7 符合 · 1 须看".into(),
        compared: vec![
            same("承租人", "赵*岚", "赵*岚"),
            same("月租金", "2,100.00", "2,100.00"),
            same("租期", "2026-06-01 起，12 个月", "2026-06-01 起，12 个月"),
            Compared {
                item: "坐落".into(),
                applied: html! { "柳桥路 18 号 " mark { "3 栋" } " 402" },
                shown: html! { "柳桥路 18 号 " mark { "3 幢" } " 402" },
                agrees: false,
            },
            same("申请月份", "2026-06 至 11，6 个月", "转账 6 笔 × 2,100.00"),
            same("自有住房", "无", "查询无登记、无网签"),
            same("收款卡", "尾号 0318", "本人，一类"),
        ],
        since: vec![
            diff::Change::new("月租金", "2,400.00", "2,100.00"),
            diff::Change::new("提取金额", "14,400.00", "12,600.00"),
            diff::Change::new("材料", "", "补租金转账记录 1 份"),
        ],
        since_note: "11-23 16:10 您退回：月租与合同不符".into(),
        material: vec![
            Tab::new("租赁合同", "", "?m=1").current(),
            Tab::new("转账记录", "", "?m=2"),
            Tab::new("无房查询", "", "?m=3"),
            Tab::new("身份", "", "?m=4"),
        ],
        paper: paper(),
        paper_note: html! { "第 1 / 4 页 · 备案号 0526-00318 · SM3 已核" },
        problems: Vec::new(),
        bar: ActionBar {
            buttons: vec![
                Button::submit("同意并签署", "approve").of_form("review").key("Alt Y").primary(),
                Button::submit("退回 ⋯", "return").of_form("review").key("Alt B").danger(),
                Button::submit("不予提取 ⋯", "refuse").of_form("review").key("Alt R"),
            ],
            hints: vec![(vec!["F8"], "下一处须看"), (vec!["[", "]"], "上一件 / 下一件")],
            sentence: "您签署的就是将入账的；入账前事实有变，会退回给您".into(),
        },
        round: 1,
        form_token: "sample".into(),
    }
}

const CRUMBS: [(&str, &str); 3] = [("提取", "/withdrawal"), ("待复核 6 件", "/cases?review"), ("租房提取", "")];

pub(super) fn review() -> Markup {
    review_view::page(&frame(Area::Withdrawal, &CRUMBS, REVIEWER), &sample())
}

pub(super) fn review_moved() -> Markup {
    let mut view = sample();
    view.moved = vec![
        diff::Change::new("个人账户余额", "101,313.46", "103,679.46"),
        diff::Change::new("签署摘要", "8c41 e07b 5a92", "1f06 b2c9 77d0"),
    ];
    view.effects[0].change = Change::FromTo("103,679.46".into(), "91,079.46".into());
    view.digest = "1f06 b2c9 77d0".into();
    view.pill = Pill::stopped("退回复核人");
    review_view::page(&frame(Area::Withdrawal, &CRUMBS, REVIEWER), &view)
}

pub(super) fn case() -> Markup {
    let step = |word: &'static str, at, detail: &'static str| Step { word: word.into(), at, detail: detail.into() };
    let view = Case {
        title: "汇缴".into(),
        pill: Pill::done("已入账"),
        context: "业务号 02 261124 0000318 · 白鹭县第一中学 · 网厅".into(),
        steps: vec![
            step("报清册", At::Done, "11-23 16:08　专办员 苏*　网厅"),
            step("核对", At::Done, "11-24 10:51　周宁"),
            step("单位确认", At::Done, "11-24 10:58　专办员 苏*　证书签名"),
            step("复核（多缴）", At::Done, "11-24 11:05　许岚　签署 4f20 9ab1 c3d7"),
            step("入账", At::Done, "11-24 11:06:21　系统"),
        ],
        refused: Vec::new(),
        form: vec![
            Fact::new("单位", "白鹭县第一中学"),
            Fact::new("汇缴年月", "2026 年 11 月"),
            Fact::new("人数", "127 人"),
            Fact::amount("单位部分", "145,042.00"),
            Fact::amount("个人部分", "145,042.00"),
            Fact::amount("应缴合计", "290,084.00").total(),
        ],
        effects: vec![
            effect("127 人个人账户", Change::Is("290,084.00".into()), "清册摘要 77d1 02ce 9b4a"),
            effect("单位未分摊", Change::FromTo("291,727.00".into(), "1,643.00".into()), "可用于以后月份，也可申请退回"),
            effect("缴至年月", Change::FromTo("2026-10".into(), "2026-11".into()), "单位与 127 人"),
            effect(
                "凭证",
                Change::Lines(vec![("借 2190402 未分摊".into(), "290,084.00".into()), ("贷 201 住房公积金".into(), "290,084.00".into())]),
                "",
            ),
        ],
        effects_title: "已发生".into(),
        digest: "4f20 9ab1 c3d7".into(),
        reasons: vec![
            Check::new(Mark::Holds, "基数在上限与下限之间", "127 人", Cite::unknown("本中心参数，文号待补")),
            Check::new(Mark::Holds, "比例与单位登记一致", "12 % + 12 %", Cite::known("规则 1.4")),
            Check::new(Mark::Holds, "没有封存而列缴的人", "移出 1 人", Cite::known("规则 1.9")),
            Check::new(Mark::Holds, "已分配的到账足以支付本清册", "291,727.00", Cite::known("规则 1.6.12")),
            Check::new(Mark::Holds, "上月已缴", "2026-10", Cite::known("规则 1.6")),
        ],
        attachments: vec![
            Attachment {
                what: "汇缴清册".into(),
                name: link("汇缴清册 202611.xlsx", "/attachments/21"),
                kind: "Excel · 127 行 · 31 KB".into(),
                hash: "2b9e 10f4".into(),
                taken: "网厅 11-23 16:08".into(),
            },
            Attachment {
                what: "单位确认书".into(),
                name: link("单位确认书", "/attachments/22"),
                kind: "PDF · 1 页 · 48 KB".into(),
                hash: "c07a 3d15".into(),
                taken: "网厅 11-24 10:58".into(),
            },
        ],
        missing: Vec::new(),
        materials: Vec::new(),
        corrections: vec![(
            "11-24 10:40 退回：第 12 行基数与工资表不符".into(),
            vec![diff::Change::new("第 12 行 · 缴存基数", "8,210.00 元", "8,201.00 元")],
        )],
        outcome: vec![
            Fact::drawn(
                "凭证",
                html! { (link("202611 00004126", "/accounting/vouchers/20261100004126").show()) (link("202611 00004127", "/accounting/vouchers/20261100004127").show()) },
            ),
            Fact::drawn("银行流水", link("HS261124000873", "/treasury/movements/HS261124000873").show()),
            Fact::drawn("回单", link("02 261124 0000318.pdf", "/documents/7KQ4M9XTR2HC").show()),
            Fact::new("短信", "127 条已交 12329"),
            Fact::drawn("审计", link("第 20,417 号封签", "/audit").show()),
        ],
        actions: vec![Button::go("打印回单", "/documents/7KQ4M9XTR2HC").key("P"), Button::submit("申请冲正 ⋯", "reverse").danger()],
        form_token: "sample".into(),
        attach: None,
        news: None,
    };
    case_view::page(&frame(Area::Collection, &[("归集", "/collection"), ("业务", "/cases"), ("02 261124 0000318", "")], CLERK), &view)
}
