//! Samples: sign-in, workbench, catalogue.

use maud::{Markup, html};

use super::{CENTRE, CLERK, frame};
use crate::ui::chart::{Gauge, Shade};
use crate::ui::empty::Empty;
use crate::ui::frame::Area;
use crate::ui::gate::Gate;
use crate::ui::kpi::Kpi;
use crate::ui::mark::Near;
use crate::ui::tabs::Tab;
use crate::ui::{Fact, Pill, Pips, Tone, link};
use crate::views::catalogue::{Catalogue, Item};
use crate::views::second_factor::{self as second_factor_view, SecondFactor, Shown};
use crate::views::sign_in::{Known, SignIn, Step};
use crate::views::workbench::{BranchMonth, Notice, Task, TaskGroup, Workbench};
use crate::views::{catalogue as catalogue_view, sign_in as sign_in_view, workbench as workbench_view};

fn gate(title: &'static str) -> Gate {
    Gate {
        title: title.into(),
        centre: CENTRE.into(),
        facts: vec![Fact::new("营业日", "2026-11-24　星期二"), Fact::new("本机", "白鹭管理部　3 号窗"), Fact::new("柜面", "08:30–17:30")],
    }
}

fn known(context: &'static str) -> Known {
    Known {
        name: "周宁".into(),
        number: "0412".into(),
        context: context.into(),
        last: "上次登录 11-23 17:42，本窗口。".into(),
        demo_code: None,
        still: Some(18),
    }
}

fn sign_in_at(step: Step, typed: &'static str, tries: &'static str) -> SignIn {
    SignIn { step, problems: Vec::new(), tries: tries.into(), typed: typed.into(), form_token: "sample".into(), back: "".into() }
}

pub(super) fn sign_in() -> Markup {
    let step = Step::Code(known("密码已核对 · 经办 · 白鹭管理部"));
    sign_in_view::page(&gate("输入动态口令"), &sign_in_at(step, "482", "还可尝试 4 次；连续 5 次不符，锁定 30 分钟。"))
}

pub(super) fn sign_in_password() -> Markup {
    sign_in_view::page(&gate("登录"), &sign_in_at(Step::Password, "0412", "连续 5 次不符，锁定 30 分钟。闲置 30 分钟自动退出。"))
}

pub(super) fn second_factor() -> Markup {
    // A pattern of squares, not a code: nobody enrols with a sample.
    let squares = (0..29).map(|y| (0..29).map(|x| (x * y + x + y) % 3 == 0).collect()).collect();
    let shown = Shown { squares, secret: "ABCD EFGH IJKL MNOP QRST UVWX YZ23 4567".into(), uri: "".into() };
    let view = SecondFactor { name: "周宁".into(), shown: Some(shown), problems: Vec::new(), form_token: "sample".into() };
    second_factor_view::page(&gate("启用动态口令"), &view)
}

pub(super) fn sign_in_new() -> Markup {
    sign_in_view::page(&gate("换成自己的密码"), &sign_in_at(Step::NewPassword(known("一次性密码已核对 · 经办")), "", ""))
}

struct Sample(Pips, &'static str, &'static str, &'static str, &'static str, &'static str, Pill);

fn task(sample: Sample) -> Task {
    let Sample(due, business, about, context, amount, channel, pill) = sample;
    Task {
        due,
        business: link(business, "/cases/022611240000318"),
        about: about.into(),
        context: context.into(),
        amount: amount.into(),
        channel: channel.into(),
        pill,
        selected: business == "汇缴核对",
    }
}

fn branch(
    name: &'static str,
    employers: &'static str,
    done: &'static str,
    change: &'static str,
    gap: (u32, u32),
    last: u32,
    figures: [&'static str; 4],
) -> BranchMonth {
    BranchMonth {
        name: name.into(),
        ours: name == "白鹭",
        employers: employers.into(),
        done: done.into(),
        change: change.into(),
        gap,
        last_gap: (last > 0).then_some(last),
        figures: figures.map(Into::into),
    }
}

fn desk() -> Workbench {
    let soon = || Pips::new(1, 3, Near::Soon, "11-26");
    Workbench {
        day: "11 月 24 日 星期二 · 本月第 17 个工作日".into(),
        kpis: vec![
            Kpi::new("今日到账", "1,284.36", "万元", "186 笔 · 全中心，截至 10:42"),
            Kpi::new("已入账", "1,197.82", "万元", "171 笔 · 占到账 93.3 %").shade(Shade::Main),
            Kpi::new("未分摊", "71.20", "万元", "11 笔 · 单位已知，清册未齐").shade(Shade::Pale),
            Kpi::new("暂收", "15.34", "万元", "4 笔 · 付款单位不明").shade(Shade::Second),
            Kpi::new("我今日办结", "23", "件", "退回 1 件 · 平均 4 分 10 秒"),
        ],
        shares: vec![(Shade::Main, 931), (Shade::Pale, 55), (Shade::Second, 12)],
        task_count: "14 件".into(),
        filter: vec![
            Tab::new("全部", "14", "/?tasks=all").current(),
            Tab::new("等我", "9", "/?tasks=mine"),
            Tab::new("等别人", "5", "/?tasks=others"),
        ],
        groups: vec![
            TaskGroup {
                name: "今天到期".into(),
                count: "3 件".into(),
                tasks: vec![
                    task(Sample(
                        Pips::new(3, 3, Near::Today, "今天 17:30"),
                        "退休提取（销户）",
                        "孙*明",
                        "补正材料已于 11-23 收到",
                        "186,402.55",
                        "柜面",
                        Pill::stopped("退回补正"),
                    )),
                    task(Sample(
                        Pips::new(3, 3, Near::Today, "今天 17:30"),
                        "汇缴核对",
                        "白鹭县第一中学",
                        "2026 年 11 月 · 127 人 · 1 行待处理",
                        "290,084.00",
                        "网厅",
                        Pill::doing("核对中"),
                    )),
                    task(Sample(
                        Pips::new(5, 5, Near::Today, "今天"),
                        "暂收认领",
                        "付款户名与在册单位不符",
                        "挂账第 30 天，11-25 起列入稽核",
                        "48,200.00",
                        "银行到账",
                        Pill::waiting("待认领"),
                    )),
                ],
            },
            TaskGroup {
                name: "2 个工作日内".into(),
                count: "4 件".into(),
                tasks: vec![
                    task(Sample(soon(), "租房提取", "赵*岚", "已提交复核，等待结果", "12,600.00", "手机", Pill::doing("复核中"))),
                    task(Sample(soon(), "物业费提取", "钱*", "发票查验接口排队，第 2 次", "1,860.00", "手机", Pill::waiting("待核验"))),
                    task(Sample(
                        soon(),
                        "单位缴存登记",
                        "白鹭县拾穗农业专业合作社",
                        "11 人 · 自助填报，材料齐",
                        "—",
                        "网厅",
                        Pill::idle("待受理"),
                    )),
                    task(Sample(
                        Pips::new(3, 5, Near::Soon, "11-26"),
                        "异地转入",
                        "周*妍",
                        "联系函 08 已审核，待对方付款",
                        "31,544.19",
                        "转移平台",
                        Pill::waiting("待到账"),
                    )),
                ],
            },
            TaskGroup {
                name: "其后".into(),
                count: "7 件".into(),
                tasks: vec![task(Sample(
                    Pips::new(4, 10, Near::Later, "12-02"),
                    "缓缴申请",
                    "松坪岚山茶业有限公司",
                    "职代会决议已附，缺上年度决算",
                    "—",
                    "柜面",
                    Pill::waiting("待补材料"),
                ))],
            },
        ],
        more: Some(link("其余 6 件", "/cases?mine")),
        empty: None,
        notices: vec![
            Notice {
                tone: Tone::Bad,
                sentence: "暂收 48,200.00 元明日超 30 天".into(),
                context: "稽核规则 R-A18 · 今天认领或退回即可解除".into(),
                go: link("处理", "/collection/unknown-receipts"),
            },
            Notice {
                tone: Tone::Warn,
                sentence: "白鹭县 6 户欠缴满 2 个月".into(),
                context: "合计 41.86 万元 · 《条例》（2026 版）第三十五条".into(),
                go: link("催缴", "/collection/arrears"),
            },
            Notice {
                tone: Tone::Brand,
                sentence: "青岚农商行 09:55–10:07 通知中断，已恢复".into(),
                context: "补收 12 笔，无重复".into(),
                go: link("查看", "/treasury/notices"),
            },
        ],
        gauge: Some(Gauge {
            label: "个贷率".into(),
            words: "67.84 %".into(),
            value: 678,
            thresholds: vec![(850, "85".into()), (900, "90".into()), (950, "95".into())],
            sentence: "距一级预警 17.16 个百分点".into(),
        }),
        funds: vec![
            Fact::new("缴存余额", "98.62 亿元"),
            Fact::new("个人住房贷款余额", "66.90 亿元"),
            Fact::new("国债", "1.20 亿元"),
            Fact::new("结余资金", "30.52 亿元").total(),
        ],
        flow: html! { "本月净流入 " b { "+0.42" } " 亿元 = 归集 2.05 + 收回本金 0.38 − 提取 1.61 − 放款 0.40" },
        month: "2026 年 11 月 · 十个管理部 · 万元".into(),
        branches: vec![
            branch("州直", "318/341", "92.6 %", "+2.1", (45, 29), 95, ["8,426.40", "7,802.12", "382.40", "241.88"]),
            branch("云溪", "381/402", "92.9 %", "+1.8", (40, 31), 90, ["3,189.05", "2,961.04", "128.30", "99.71"]),
            branch("望川", "330/361", "88.7 %", "−1.5", (69, 44), 98, ["2,964.18", "2,630.07", "203.55", "130.56"]),
            branch("石岭", "317/338", "91.9 %", "+1.6", (42, 38), 97, ["2,147.70", "1,974.21", "91.20", "82.29"]),
            branch("白鹭", "289/318", "87.7 %", "−3.7", (80, 43), 86, ["1,926.34", "1,688.90", "154.12", "83.32"]),
            branch("南渡", "319/347", "89.7 %", "+0.1", (60, 43), 104, ["1,315.80", "1,180.66", "79.04", "56.10"]),
            branch("松坪", "281/296", "92.5 %", "+0.8", (31, 44), 83, ["974.12", "901.15", "30.18", "42.79"]),
            branch("禾丰", "287/331", "83.8 %", "−6.1", (103, 59), 101, ["798.66", "669.31", "82.60", "46.75"]),
            branch("竹园", "268/289", "90.6 %", "+0.1", (42, 52), 95, ["582.40", "527.77", "24.15", "30.48"]),
            branch("龙坝", "259/277", "91.5 %", "+0.7", (28, 57), 92, ["425.35", "389.07", "12.06", "24.22"]),
        ],
        total: Some(branch("合计", "3,049/3,300", "91.1 %", "", (52, 37), 0, ["22,750.00", "20,724.30", "1,187.60", "838.10"])),
        gap_scale: 200,
    }
}

pub(super) fn workbench() -> Markup {
    workbench_view::page(&frame(Area::Work, &[("我的工作台", "")], CLERK), &desk())
}

pub(super) fn workbench_empty() -> Markup {
    let mut view = desk();
    view.groups.clear();
    view.task_count = "0 件".into();
    view.filter = vec![
        Tab::new("全部", "0", "/?tasks=all").current(),
        Tab::new("等我", "0", "/?tasks=mine"),
        Tab::new("等别人", "0", "/?tasks=others"),
    ];
    view.more = None;
    view.notices.clear();
    view.empty =
        Some(Empty { why: "今天没有等您办的业务。别人经手的，见".into(), next: Some(link("全部业务", "/cases")) });
    let mut frame = frame(Area::Work, &[("我的工作台", "")], CLERK);
    frame.tasks = 0;
    frame.demo = Some("演示方式：人员、单位、金额都是虚构的，只在本机可见。".into());
    workbench_view::page(&frame, &view)
}

fn item(term: &'static str, name: &'static str, promise: &'static str, needs: &'static str, code: &'static str) -> Item {
    Item { term: term.into(), href: format!("/cases/new/{name}").into(), promise: promise.into(), needs: needs.into(), code: code.into() }
}

pub(super) fn catalogue() -> Markup {
    let view = Catalogue {
        query: "".into(),
        often: vec![
            item("汇缴核对", "collection.remittance", "当日 · 清册确认后自动入账", "单位专办员 · 汇缴清册", "hjhd"),
            item("个人开户", "collection.open_member", "当日 · 须 1 人复核", "单位经办人 · 身份证件", "grkh"),
            item("暂收认领", "collection.claim_receipt", "5 个工作日 · 须 1 人复核", "银行流水 · 单位说明", "zsrl"),
        ],
        areas: vec![
            (
                "归集".into(),
                vec![
                    item(
                        "单位缴存登记",
                        "collection.register_employer",
                        "3 个工作日 · 须 1 人复核",
                        "统一社会信用代码、法定代表人证件",
                        "dwjcdj",
                    ),
                    item("单位批量开户", "collection.register_employers", "3 个工作日 · 须 1 人复核", "Excel：单位开户", "dwplkh"),
                    item("个人开户", "collection.open_member", "当日 · 须 1 人复核", "单位经办人 · 身份证件", "grkh"),
                    item("个人批量开户", "collection.open_members", "当日 · 须 1 人复核", "Excel：个人开户", "grplkh"),
                    item("汇缴核对", "collection.remittance", "当日 · 清册确认后自动入账", "单位专办员 · 汇缴清册", "hjhd"),
                    item("暂收认领", "collection.claim_receipt", "5 个工作日 · 须 1 人复核", "银行流水 · 单位说明", "zsrl"),
                    item("一笔多单位分配", "collection.split_receipt", "当日 · 须 1 人复核", "Excel：一笔多单位", "ybddw"),
                    item("未分摊退款", "collection.refund_suspense", "3 个工作日 · 须 1 人复核", "单位申请 · 收款账户", "wfttk"),
                    item("汇缴冲正", "collection.reverse_remittance", "当日 · 须 2 人复核", "原凭证 · 说明", "hjcz"),
                ],
            ),
            (
                "会计核算".into(),
                vec![
                    item("期初余额", "accounting.opening", "当日 · 须 1 人复核", "工作簿：职工、科目、暂存", "qcye"),
                    item("月度结账", "accounting.close_period", "当日 · 须 1 人复核", "本月凭证齐、三账相符", "ydjz"),
                ],
            ),
            (
                "行政与运维".into(),
                vec![
                    item("角色变更", "administration.change_roles", "当日 · 须另一名安全管理员确认", "人员、角色、范围", "jsbg"),
                    item("政策参数录入", "administration.enter_policy", "当日 · 须另一人对照原文确认", "文件、条款、起始日", "zccs"),
                ],
            ),
        ],
    };
    catalogue_view::page(&frame(Area::Service, &[("服务", "/service"), ("业务目录", "")], CLERK), &view)
}
