//! `/design`: tokens, every component in its states, and the way to all sample pages.

use maud::{Markup, html};

use super::{CLERK, PAGES, frame};
use crate::ui::chart::{Gauge, Point, Series, Shade, gap_bar, legend, row_bar};
use crate::ui::checks::{Check, Mark, checks};
use crate::ui::diff::{self, changes};
use crate::ui::effects::{Change, Effect, effects};
use crate::ui::empty::Empty;
use crate::ui::facts::{facts, particulars};
use crate::ui::field::{Field, Group, Kind, groups};
use crate::ui::frame::Area;
use crate::ui::kpi::{self, Kpi};
use crate::ui::mark::{Near, delta, digest};
use crate::ui::months::{Month, Year, grid, legend as month_legend};
use crate::ui::pager::Pager;
use crate::ui::problems::{self, Problem};
use crate::ui::progress::{Progress, news, strip};
use crate::ui::steps::{At, Step, bar, column, from_words};
use crate::ui::table::{Line, OnPhone, Row, Table, cell, narrow, numbers, two, words};
use crate::ui::tabs::{Tab, segments, tabs};
use crate::ui::title::Title;
use crate::ui::unmask::{Unmask, unmasked};
use crate::ui::{Button, Cite, Fact, Pill, Pips, Sheet, Tag, Tone, amount, keys, link};

/// Draws the page.
pub(super) fn page() -> Markup {
    frame(Area::Operation, &[("运行", "/operation"), ("设计", "")], CLERK).page(html! {
        (Title::new("设计").context(html! { "颜色、字级、组件与样页；数据都是虚构的" }).show())
        (Sheet::new("样页", html! { ul.catalogue { @for page in PAGES { li { a.specimen href={ "/design/" (page.name) } { b { (page.title) } small { (page.name) } } } } } }).flush().trail(html! { (PAGES.len()) " 页" }).show())
        div.cols.half { div { (colours()) (marks()) (buttons()) (progress()) } div { (type_scale()) (steps()) (check_list()) } }
        (fields())
        (problem_lines())
        (tables())
        (kpi::strip(&[
            Kpi::new("上月", "289,392.00", "", "126 人"),
            Kpi::new("增加", "5,656.00", "", "3 人").sign("+"),
            Kpi::new("减少", "4,964.00", "", "2 人").sign("−"),
            Kpi::new("本月应缴", "290,084.00", "", "127 人").sign("="),
        ], &[]))
        (charts())
        div.cols.half { div { (differences()) (empty()) } div { (identity()) (Sheet::new("快捷键", keys::table(&Area::ALL)).flush().id("keys-list").show()) } }
    })
}

fn colours() -> Markup {
    let roles = [
        ("r-ink", "ink"),
        ("r-ink2", "ink-2"),
        ("r-ink3", "ink-3"),
        ("r-ground", "ground"),
        ("r-paper", "paper"),
        ("r-sunk", "sunk"),
        ("r-line", "line"),
        ("r-line2", "line-2"),
        ("r-edge", "edge"),
        ("r-brand", "brand"),
        ("r-wash", "brand-wash"),
        ("r-night", "night"),
        ("r-good", "good"),
        ("r-warn", "warn"),
        ("r-bad", "bad"),
        ("r-badge", "badge"),
        ("r-seal", "seal"),
        ("c1", "chart-1"),
        ("c1b", "chart-1b"),
        ("c2", "chart-2"),
        ("c3", "chart-3"),
        ("c4", "chart-4"),
    ];
    Sheet::new("颜色", html! { ul.swatches { @for (class, name) in roles { li { svg aria-hidden="true" { rect class=(class) width="100%" height="100%" {} } (name) } } } })
        .note(html! { "每个角色两个值：亮、暗" })
        .show()
}

fn type_scale() -> Markup {
    let sizes = [
        ("s34", "34 余额 101,313.46"),
        ("s26", "26 指标 1,284.36"),
        ("s22", "22 页题 汇缴核对"),
        ("s15", "15 卡片题"),
        ("s14", "14 正文与控件"),
        ("s13", "13 表格 2026-11-24 290,084.00"),
        ("s12", "12 注 规则 3.1.9"),
    ];
    Sheet::new("字级", html! { ul.scale { @for (class, words) in sizes { li class=(class) { (words) } } li.song { "宋体：贰拾玖万零捌拾肆元整 · 台归提贷账资稽服行" } } }).show()
}

fn marks() -> Markup {
    Sheet::new("状态、标签、期限", html! {
        div.specimens {
            (Pill::done("已入账").show()) (Pill::doing("核对中").show()) (Pill::waiting("待到账").show()) (Pill::idle("待受理").show()) (Pill::stopped("退回补正").show()) (Pill::over("已撤回").show())
        }
        div.specimens { (Pill::done("已入账").bare()) (Pill::doing("待核对").bare()) (Pill::waiting("未到账").bare()) (Pill::stopped("退回").bare()) }
        div.specimens { @for (tone, word) in [(Tone::Good, "新增"), (Tone::Brand, "更正"), (Tone::Warn, "轮候"), (Tone::Bad, "冲正"), (Tone::Plain, "封存")] { (Tag::new(tone, word).show()) } }
        div.specimens { (Pips::new(3, 3, Near::Today, "今天 17:30").show()) (Pips::new(1, 3, Near::Soon, "11-26").show()) (Pips::new(4, 10, Near::Later, "12-02").show()) }
        div.specimens { (digest("签署摘要", "8c41 e07b 5a92")) (delta("+2.1")) (delta("−3.7")) (amount("−2,218.00")) }
    })
    .show()
}

fn buttons() -> Markup {
    Sheet::new("按钮", html! {
        div.specimens {
            (Button::go("提交复核", "#").key("Alt P").primary().show()) (Button::go("暂存", "#").key("Alt D").show()) (Button::go("退回 ⋯", "#").key("Alt B").danger().show())
        }
        div.specimens { (Button::go("显示 60 秒", "#").primary().small().show()) (Button::go("取消", "#").small().show()) (Button::go("申请冲正 ⋯", "#").danger().small().show()) span { "句中：" (Button::go("填入最高可提额", "#").inline().show()) } }
        p.note { "提交按钮从不置灰；按下后说明还缺什么。" }
    })
    .show()
}

fn steps() -> Markup {
    let step = |word: &'static str, at, detail: &'static str| Step { word: word.into(), at, detail: detail.into() };
    Sheet::new("步骤", html! {
        (bar(&from_words(&["报清册", "核对", "单位确认", "到账匹配", "入账"], 1)))
        (column(&[step("已受理", At::Done, "11 月 23 日 15:02　手机提交"), step("审核中", At::Now, "承诺 11 月 26 日前有结果"), step("银行付款", At::ToCome, "付到您本人尾号 0318 的卡")]))
        (bar(&[step("受理", At::Done, ""), step("复核退回", At::Stopped, ""), step("入账", At::ToCome, "")]))
    })
    .show()
}

fn check_list() -> Markup {
    Sheet::new(
        "审查依据",
        checks(&[
            Check::new(Mark::Holds, "受理起 3 日内决定", "第 2 日", Cite::known("《条例》（2026 版）第二十五条")),
            Check::new(Mark::Fails, "未超年度限额 18,000.00", "超 600.00", Cite::unknown("本中心参数，文号待补")),
            Check::new(Mark::Look, "合同地址与填报写法不同", "3 幢 / 3 栋", Cite::known("请您看合同")),
        ]),
    )
    .show()
}

fn fields() -> Markup {
    let choice = |values: &[(&'static str, &'static str)]| {
        values.iter().map(|(value, words)| ((*value).into(), (*words).into())).collect::<Vec<_>>()
    };
    let form = groups(&[
        Group {
            name: "常用".into(),
            fields: vec![
                Field::new("line", "单位名称", Kind::Line, "白鹭县第一中学"),
                Field::new("money", "缴存基数", Kind::Money("元 / 月".into()), "9,860.00"),
                Field::new("day", "成立日期", Kind::Date, "").hint("2026-11-24、20261124、2026/11/24 都可以"),
                Field::new("month", "首次汇缴年月", Kind::Month, "2026-11"),
                Field::new("many", "管理部", Kind::Many(choice(&[("bl", "白鹭"), ("yx", "云溪")])), "bl"),
                Field::new("few", "变更类型", Kind::Few(choice(&[("new", "新增"), ("in", "转入"), ("un", "启封")])), "in"),
            ],
        },
        Group {
            name: "其他".into(),
            fields: vec![
                Field::new("sealed", "证件号码", Kind::Sealed, "532***********2046").hint("已隐去"),
                Field::new("fact", "单位状态", Kind::Fact("市场监管 11-24 09:12".into()), "存续"),
                Field::new("file", "材料", Kind::File(".pdf,.jpg,.png,.ofd".into()), "").hint("PDF、JPG、PNG、OFD，每份不超过 20 MB"),
                Field::new("area", "说明", Kind::Area, "").optional().span(2),
                Field::new("tick", "单位承诺", Kind::Tick("清册与发薪一致".into()), "yes"),
            ],
        },
        Group {
            name: "有错".into(),
            fields: vec![
                Field::new("wrong", "提取金额", Kind::Money("元".into()), "18,600.00")
                    .error("超过限额 600.00 元")
                    .hint("本年度限额 18,000.00，已用 0.00"),
                Field::new("late", "租期止", Kind::Date, "2025-12-31").error("不能早于租期起 2026-01-01"),
            ],
        },
    ]);
    Sheet::new("填写项", form).flush().show()
}

fn problem_lines() -> Markup {
    problems::summary(
        "还有 1 行要处理，才能提交入账",
        &[
            Problem::new("第 23 行　何*清　证件号码末位校验不符", "#row-23", Cite::known("GB 11643"))
                .remedy("请单位核对证件后更正。")
                .offer(Button::go("移出，列入补充清册", "#")),
            Problem::new("第 41 行　吕*　个人部分少 1.00 元，已更正", "#", Cite::known("取整：四舍五入到元")).handled(),
        ],
    )
}

fn tables() -> Markup {
    let columns = vec![
        narrow("行", OnPhone::Hidden),
        words("职工", OnPhone::Lead),
        narrow("变化", OnPhone::Side),
        numbers("缴存基数", OnPhone::Named),
        numbers("本月合计", OnPhone::Sum),
    ];
    let row = |number: &'static str, name: &'static str, account: &'static str, tag: Tag, base: &'static str, sum: &'static str| {
        Row::new(vec![cell(number), two(html! { (name) }, account), tag.show(), amount(base), amount(sum)])
    };
    let note = problems::note(
        &Problem::new("证件号码末位校验不符：按前 17 位应为 4，清册为 7。", "#", Cite::known("GB 11643"))
            .remedy("请单位核对证件后更正。")
            .offer(Button::go("改证件号码", "#").key("F2")),
    );
    let lines = vec![
        Line::Group("今天到期".into(), "3 件".into()),
        Line::Row(
            row("23", "何*清", "99211103 0004127", Tag::new(Tone::Good, "新增"), "6,850.00", "1,644.00").error().note(note).id("row-23"),
        ),
        Line::Row(
            row("41", "欧阳阿依古丽·吐尔逊江娜孜热提", "99180702 0001865", Tag::new(Tone::Brand, "更正"), "8,850.00", "2,124.00")
                .selected(),
        ),
        Line::Row(row("64", "𠮷*䶮", "99200311 0002290", Tag::new(Tone::Bad, "冲正"), "9,420.00", "−123,456,789.00")),
        Line::Folded(vec![
            Markup::default(),
            link("其余 123 人与上月一致", "#").show(),
            Markup::default(),
            Markup::default(),
            amount("282,304.00"),
        ]),
        Line::Total(vec![Markup::default(), cell("合计 127 人"), Markup::default(), Markup::default(), amount("290,084.00")]),
    ];
    Sheet::new("表格", Table { caption: "样表".into(), columns, lines, walk: true }.show())
        .flush()
        .note(segments("筛选样表", &[Tab::new("变化", "7", "#").current(), Tab::new("问题", "3", "#"), Tab::new("全部", "127", "#")]))
        .foot(Pager { place: "第 1–50 条，共 3,300 条".into(), before: Some("#".into()), after: Some("#".into()) }.show())
        .show()
}

fn charts() -> Markup {
    let axis = |a: &'static str, b: &'static str, c: &'static str| [a.into(), b.into(), c.into()];
    let line = Series {
        id: "line".into(),
        title: "余额走势".into(),
        says: "从 7.3 万元升到 10.1 万元。".into(),
        unit: "万元".into(),
        points: [("25-12", 75), ("26-02", 79), ("26-04", 84), ("26-06", 88), ("26-07", 92), ("26-09", 97), ("26-11", 101)]
            .into_iter()
            .map(|(label, value)| Point::new(label, value, format!("{}.{}", value / 10, value % 10)))
            .enumerate()
            .map(|(i, point)| match i {
                4 => point.says("结息 +1,200.16"),
                _ => point,
            })
            .collect(),
        scale: (70, 110, axis("11", "9", "7")),
    };
    let columns = Series {
        id: "columns".into(),
        title: "历晚用时".into(),
        says: "六晚都在 6 分上下。".into(),
        unit: "分:秒".into(),
        points: [("11-18", 352, "5:52"), ("11-19", 348, "5:48"), ("11-20", 371, "6:11"), ("11-23", 359, "5:59")]
            .into_iter()
            .map(|(day, value, words)| Point::new(day, value, words))
            .collect(),
        scale: (0, 400, axis("", "", "")),
    };
    let gauge = Gauge {
        label: "个贷率".into(),
        words: "67.84 %".into(),
        value: 678,
        thresholds: vec![(850, "85".into()), (900, "90".into()), (950, "95".into())],
        sentence: "距一级预警 17.16 个百分点".into(),
    };
    let months = std::array::from_fn(|i| (if i < 5 { Month::Paid(4) } else { Month::ToCome }, "".into()));
    let former = std::array::from_fn(|i| {
        (
            match i {
                2 | 3 => Month::Sealed,
                7 => Month::BackPaid(2),
                9 => Month::Missed,
                10 => Month::Corrected(3),
                _ => Month::Paid(1 + (i % 4) as u8),
            },
            "".into(),
        )
    });
    html! {
        div.cols.third {
            div { (Sheet::new("线与面", line.line()).trail(html! { (line.unit) }).show()) }
            div { (Sheet::new("柱", columns.columns()).trail(html! { (columns.unit) }).show()) }
            div { (Sheet::new("刻度与条", html! {
                (gauge.show())
                div { small { "进度，上月同日" } (row_bar(&[(Shade::Main, 877), (Shade::Pale, 80), (Shade::Missing, 43)], Some(914))) }
                div { small { "还差，放大到 20 %" } (gap_bar(&[(Shade::Pale, 80), (Shade::Missing, 43)], Some(86), 200)) }
                (legend(&[(Shade::Main, "已入账"), (Shade::Pale, "待入账"), (Shade::Missing, "未报")]))
            }).show()) }
        }
        (Sheet::new("月格", grid(&[
            Year { label: "2026–27".into(), months, base: "9,860".into(), total: "11,830.00".into() },
            Year { label: "2025–26".into(), months: former, base: "9,240".into(), total: "26,616.00".into() },
        ])).trail(month_legend()).show())
    }
}

fn differences() -> Markup {
    let effect =
        |label: &'static str, change, consequence: &'static str| Effect { label: label.into(), change, consequence: consequence.into() };
    html! {
        (Sheet::new("差异与效果", html! {
            (changes(&[diff::Change::new("月租金", "2,400.00", "2,100.00"), diff::Change::new("材料", "", "补租金转账记录 1 份")]))
            (effects(&[effect("缴至年月", Change::FromTo("2026-10".into(), "2026-11".into()), "单位与 127 人"), effect("银行付款", Change::Is("12,600.00".into()), "至本人卡尾号 0318")]))
        }).show())
        (Sheet::new("事实", html! {
            (facts(&[Fact::amount("到账", "291,727.00"), Fact::new("应缴", "−290,084.00"), Fact::amount("多出，留作未分摊", "1,643.00").total()]))
            (particulars(&[Fact::new("经办", "周宁　11-17 10:12"), Fact::new("复核", "许岚　11-18 09:20")]))
        }).show())
    }
}

fn progress() -> Markup {
    let running = Progress { events: "".into(), done: 31, total: 38, words: "2,914 行已入账 · 1 户进重试 · 约剩 6 秒".into() };
    Sheet::new("后台与消息", html! { (strip("后台入账　第 2 批 31 / 38 户", Some(&running), Some(&link("查看", "#")))) (news("已提交复核，业务号 01 261124 0000318。", Some(&link("查看", "#")))) (running.show("入账")) }).show()
}

fn empty() -> Markup {
    Sheet::new("空态", Empty { why: "今天没有待认领的暂收。昨天以前的，见".into(), next: Some(link("全部", "#")) }.show()).flush().show()
}

fn identity() -> Markup {
    Sheet::new("身份与页签", html! {
        (tabs("样例", &[Tab::new("明细", "79", "#").current(), Tab::new("提取", "5", "#"), Tab::new("贷款", "0", "#")]))
        (Unmask { action: "#".into(), reasons: vec![("case".into(), "办理中的业务 05 261123 0000417".into()), ("other".into(), "其他（须写明）".into())], form_token: "sample".into() }.show())
        p { "手机 " (unmasked("13800006120", "138****6120", 60)) }
    })
    .show()
}
