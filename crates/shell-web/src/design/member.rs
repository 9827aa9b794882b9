//! Samples: member 360°, employer 360°.

use maud::{Markup, html};

use super::{CLERK, frame};
use crate::ui::chart::{Point, Series, Shade};
use crate::ui::checks::Mark;
use crate::ui::frame::Area;
use crate::ui::kpi::Kpi;
use crate::ui::mark::digest;
use crate::ui::months::{Month, Year};
use crate::ui::tabs::Tab;
use crate::ui::unmask::Unmask;
use crate::ui::{Button, Check, Cite, Fact, Pill, Tag, Text, Tone, link};
use crate::views::employer::{Dated, Employer, EmployerMonth};
use crate::views::member::{Entry, Member, Movement, Why};
use crate::views::{employer as employer_view, member as member_view};

/// A fund-year from one letter a month: `1`–`4` paid, `b` back-paid, `c` corrected, `s` sealed, `.` to come, `-` before.
fn year(first: u16, months: &str, shade: u8, base: &'static str, total: &'static str) -> Year {
    let mut letters = months.chars();
    let cells = std::array::from_fn(|i| {
        let month = match letters.next().unwrap_or('.') {
            'p' => Month::Paid(shade),
            'b' => Month::BackPaid(shade),
            'c' => Month::Corrected(shade),
            's' => Month::Sealed,
            '-' => Month::Before,
            _ => Month::ToCome,
        };
        let (year, number) = if i < 6 { (first, i + 7) } else { (first + 1, i - 5) };
        let said = match month {
            Month::Paid(_) => "已缴",
            Month::BackPaid(_) => "补缴",
            Month::Corrected(_) => "更正后已缴",
            Month::Sealed => "封存",
            Month::Before => "开户前",
            _ => "未到",
        };
        (month, Text::from(format!("{year} 年 {number} 月，{said}")))
    });
    Year { label: format!("{first}–{:02}", (first + 1) % 100).into(), months: cells, base: base.into(), total: total.into() }
}

fn moved(
    day: &'static str,
    business: &'static str,
    summary: &'static str,
    sum: &'static str,
    balance: &'static str,
    voucher: &'static str,
) -> Entry {
    Entry::One(Movement {
        day: day.into(),
        business: business.into(),
        why: (business == "租房提取").then(|| "?why=052511170000263".into()),
        tag: sum.starts_with("−2,218").then(|| Tag::new(Tone::Bad, "冲正")),
        summary: summary.into(),
        amount: sum.into(),
        balance: balance.into(),
        voucher: link(voucher, format!("/accounting/vouchers/{}", voucher.replace(' ', ""))),
        selected: business == "租房提取",
    })
}

pub(super) fn member() -> Markup {
    let unknown = |words: &'static str| Cite::unknown(words);
    let rule = |words: &'static str| Cite::known(words);
    let view = Member {
        name: "赵*岚".into(),
        pill: Pill::done("正常"),
        context: html! { "个人账号 992103080001126 · " (link("白鹭县城关小学", "/collection/employers/982103080000096").show()) },
        actions: vec![
            Button::go("打印对账单", "/collection/members/992103080001126/statement.pdf").key("P"),
            Button::go("办理业务", "/cases/new?account=992103080001126").key("N").primary(),
        ],
        balance: "101,313.46".into(),
        made_of: vec![Fact::amount("上年结转", "89,483.46"), Fact::amount("当年归集", "11,830.00")],
        available: vec![
            Fact::new("占用（租房提取在途）", "−12,600.00"),
            Fact::new("保留", "−0.01"),
            Fact::amount("可用", "88,713.45").total(),
        ],
        shares: vec![(Shade::Main, 874, "可用 88,713.45".into()), (Shade::Second, 124, "占用 12,600.00，等银行付款结果".into())],
        months_note: "公积金年度，7 月至次年 6 月 · 共缴 67 个月".into(),
        years: vec![
            year(2026, "pcppp.......", 4, "9,860", "11,830.00"),
            year(2025, "pppppppppppp", 3, "9,240", "26,616.00"),
            year(2024, "pppppppppppp", 3, "8,700", "25,056.00"),
            year(2023, "pppppppppppp", 2, "8,150", "23,472.00"),
            year(2022, "ppsspppbpppp", 2, "7,600", "18,240.00"),
            year(2021, "pppppppppppp", 1, "7,100", "20,448.00"),
            year(2020, "--------pppp", 1, "6,500", "6,240.00"),
        ],
        tabs: vec![
            Tab::new("明细", "79", "?tab=movements").current(),
            Tab::new("提取", "5", "?tab=withdrawals"),
            Tab::new("贷款", "0", "?tab=loans"),
            Tab::new("办件", "6", "?tab=cases"),
            Tab::new("变更", "9", "?tab=changes"),
            Tab::new("查看记录", "12", "?tab=reads"),
        ],
        entries: vec![
            moved("2026-11-12", "汇缴", "2026 年 11 月", "+2,366.00", "101,313.46", "202611 00003461"),
            moved("2026-10-12", "汇缴", "2026 年 10 月", "+2,366.00", "98,947.46", "202610 00004066"),
            moved("2026-09-14", "汇缴", "2026 年 9 月", "+2,366.00", "96,581.46", "202609 00004969"),
            moved("2026-08-14", "汇缴", "2026 年 8 月 · 按新基数 9,860.00", "+2,366.00", "94,215.46", "202608 00003673"),
            moved("2026-08-14", "汇缴", "冲 202608 00003310，基数未更新", "−2,218.00", "91,849.46", "202608 00003672"),
            moved("2026-08-12", "汇缴", "2026 年 8 月", "+2,218.00", "94,067.46", "202608 00003310"),
            moved("2026-07-13", "汇缴", "2026 年 7 月", "+2,366.00", "91,849.46", "202607 00002683"),
            moved("2026-07-01", "结息", "2025–2026 年度 · 利率 1.50 %", "+1,200.16", "89,483.46", "202607 00000002"),
            Entry::Folded(link("2025-12 至 2026-06　7 笔汇缴", "?tab=movements&all")),
            moved("2025-11-19", "租房提取", "2025 年度 · 付本人卡尾号 0318", "−9,600.00", "72,757.30", "202511 00004149"),
        ],
        tab_body: None,
        entries_note: "红字为冲正：与原笔同科目、同方向、负数。".into(),
        identity: vec![
            Fact::new("姓名", "赵*岚"),
            Fact::new("证件号码", "532***********2046"),
            Fact::new("手机", "138****6120"),
            Fact::new("收款卡", "尾号 0318 · 一类"),
        ],
        unmask: Some(Unmask {
            action: "/collection/members/992103080001126/unmask".into(),
            reasons: vec![
                ("case".into(), "办理中的业务 05 261123 0000417".into()),
                ("document".into(), "窗口核对证件原件".into()),
                ("other".into(), "其他（须写明）".into()),
            ],
            form_token: "sample".into(),
        }),
        contribution: vec![
            Fact::amount("缴存基数", "9,860.00"),
            Fact::new("比例", "12 % + 12 %"),
            Fact::amount("月缴存额", "2,366.00"),
            Fact::new("缴至年月", "2026-11"),
            Fact::new("连续缴存", "45 个月"),
            Fact::new("开户", "2021-03-08"),
            Fact::new("冻结", "无"),
        ],
        contribution_note: "补缴月份不计入连续缴存".into(),
        in_flight: vec![(
            link("租房提取", "/cases/052611230000417"),
            "12,600.00".into(),
            "05 261123 0000417 · 限 11-26".into(),
            Pill::doing("复核中"),
        )],
        why: Some(Why {
            title: "为什么付了这笔".into(),
            amount: "−9,600.00".into(),
            context: vec!["租房提取 · 2025-11-19".into(), "业务号 05 251117 0000263".into()],
            edition: html! { "受理 2025-11-17，适用《条例》" b { "2019 版" } },
            reasons: vec![
                Check::new(Mark::Holds, "支付房租，本市无自有住房", "无", rule("《条例》（2019 版）第二十四条第（六）项")),
                Check::new(Mark::Holds, "房租超出家庭工资收入的规定比例", "超出", unknown("比例：本中心参数，文号待补")),
                Check::new(Mark::Holds, "未超年度限额 18,000.00", "9,600.00", unknown("本中心参数，文号待补")),
                Check::new(Mark::Holds, "余额足够，并留 0.01", "足", rule("规则 3.1.9")),
                Check::new(Mark::Holds, "无冻结，无其他在途提取", "无", rule("规则 3.1.13")),
                Check::new(Mark::Holds, "收款卡为本人一类借记卡", "是", rule("规则 3.1.3")),
                Check::new(Mark::Holds, "3 日内决定", "1 日", rule("《条例》（2019 版）第二十五条")),
            ],
            hands: vec![
                Fact::new("经办", "周宁　11-17 10:12"),
                Fact::new("复核", "许岚　11-18 09:20"),
                Fact::new("付款", "11-19 成功"),
                Fact::drawn("规则集", digest("", "5d20 91c7")),
            ],
            links: vec![
                link("凭证", "/accounting/vouchers/20251100004149"),
                link("银行流水", "/treasury/movements/HS251119000411"),
                link("办件材料 4 份", "/cases/052511170000263"),
            ],
            close: "?".into(),
        }),
    };
    member_view::page(&frame(Area::Collection, &[("归集", "/collection"), ("职工", "/collection/members"), ("赵*岚", "")], CLERK), &view)
}

fn month(
    month: &'static str,
    people: (&'static str, &'static str),
    due: &'static str,
    bar: (u32, u32),
    posted: &'static str,
    voucher: &'static str,
    pill: Pill,
) -> EmployerMonth {
    EmployerMonth {
        month: link(month, format!("/collection/remittances/982404170000318/{month}")),
        people: (people.0.into(), people.1.into()),
        due: due.into(),
        bar,
        posted: posted.into(),
        voucher: (!voucher.is_empty()).then(|| link(voucher, format!("/accounting/vouchers/{}", voucher.replace(' ', "")))),
        pill,
    }
}

pub(super) fn employer() -> Markup {
    let done = || Pill::done("已入账");
    let people = [
        ("25-12", 124),
        ("26-01", 124),
        ("26-02", 123),
        ("26-03", 125),
        ("26-04", 125),
        ("26-05", 126),
        ("26-06", 126),
        ("26-07", 121),
        ("26-08", 121),
        ("26-09", 126),
        ("26-10", 126),
        ("26-11", 127),
    ];
    let mut points: Vec<Point> = people.iter().map(|(label, value)| Point::new(*label, *value, value.to_string())).collect();
    points[7] = points[7].clone().says("7 月 5 人退休");
    points[11] = points[11].clone().says("127");
    let dated = |from: &'static str, what: &'static str, because: &'static str, current| Dated {
        from: from.into(),
        what: what.into(),
        because: because.into(),
        current,
    };
    let view = Employer {
        name: "白鹭县第一中学".into(),
        pill: Pill::done("正常"),
        context: "单位账号 982404170000318 · 白鹭管理部 · 青岚农商行白鹭支行".into(),
        actions: vec![
            Button::go("单位对账单", "/collection/employers/982404170000318/statement.pdf").key("P"),
            Button::go("办理业务", "/cases/new?employer=982404170000318").key("N").primary(),
        ],
        kpis: vec![
            Kpi::new("缴存职工", "127", "人", "另有封存 9 人"),
            Kpi::new("月应缴", "290,084.00", "元", "单位、个人各 145,042.00"),
            Kpi::new("缴至年月", "2026-11", "", "连续 31 个月按月缴"),
            Kpi::new("未分摊", "1,643.00", "元", "来自 11-24 多缴，可抵下月"),
        ],
        tabs: vec![
            Tab::new("逐月", "31", "?tab=months").current(),
            Tab::new("职工", "136", "?tab=members"),
            Tab::new("到账", "34", "?tab=receipts"),
            Tab::new("办件", "58", "?tab=cases"),
            Tab::new("变更", "12", "?tab=changes"),
        ],
        months: vec![
            month("2026-11", ("127 人", "+3 −2"), "290,084.00", (1000, 0), "11-24", "202611 00004127", done()),
            month("2026-10", ("126 人", "无变化"), "289,392.00", (997, 0), "10-12", "202610 00004021", done()),
            month("2026-09", ("126 人", "+5 −0"), "289,392.00", (997, 0), "09-10", "202609 00003310", done()),
            month("2026-08", ("121 人", "无变化"), "276,518.00", (953, 0), "08-12", "202608 00003022", done()),
            month("2026-07", ("121 人", "+0 −5"), "276,518.00", (953, 0), "07-13", "202607 00002644", done()),
            month("2026-06", ("126 人", "无变化"), "271,044.00", (934, 0), "06-11", "202606 00002790", done()),
        ],
        tab_body: None,
        months_note: "7 月起按 2026 年度新基数".into(),
        registration: vec![
            Fact::new("统一社会信用代码", "1253**********318X"),
            Fact::new("单位性质", "事业单位"),
            Fact::new("发薪日", "每月 10 日"),
            Fact::new("首次汇缴年月", "2024-05"),
            Fact::new("缴存比例", "12 % + 12 %"),
            Fact::new("法定代表人", "高*山"),
        ],
        officers: vec![
            Fact::new("专办员", "苏*"),
            Fact::new("手机", "139****4410"),
            Fact::new("电子证书", "至 2027-05-16"),
            Fact::new("费用", "中心承担"),
        ],
        history: vec![
            dated("2026-07-01", "年度基数调整，121 人", "业务 02 260626 0000077", true),
            dated("2025-03-10", "专办员由 何* 换为 苏*", "业务 01 250310 0000052", false),
            dated("2024-04-17", "缴存登记，比例 12 % + 12 %", "业务 01 240417 0000004", false),
        ],
        people: Series {
            id: "people".into(),
            title: "近 12 个月缴存人数".into(),
            says: "从 124 人到 127 人，7 月因 5 人退休降到 121 人。".into(),
            unit: "人".into(),
            points,
            scale: (110, 130, ["130".into(), "120".into(), "110".into()]),
        },
    };
    employer_view::page(
        &frame(Area::Collection, &[("归集", "/collection"), ("单位", "/collection/employers"), ("白鹭县第一中学", "")], CLERK),
        &view,
    )
}
