//! Samples: a list, day-end, pages for when something does not go.

use maud::{Markup, html};

use super::{CLERK, OPERATOR, frame};
use crate::ui::chart::{Point, Series};
use crate::ui::empty::Empty;
use crate::ui::field::{Field, Kind};
use crate::ui::frame::Area;
use crate::ui::kpi::Kpi;
use crate::ui::pager::Pager;
use crate::ui::progress::Progress;
use crate::ui::steps::At;
use crate::ui::table::{Line, OnPhone, Row, Table, narrow, numbers, two, words};
use crate::ui::tabs::Tab;
use crate::ui::{Button, Pill, amount, link};
use crate::views::day_end::{Chunk, DayEnd, NightStep, Retry};
use crate::views::list::List;
use crate::views::problem::Why;
use crate::views::{day_end as day_end_view, list as list_view, problem as problem_view};

fn employers() -> List {
    let row = |name: &'static str,
               number: &'static str,
               branch: &'static str,
               people: &'static str,
               due: &'static str,
               paid: &'static str,
               pill: Pill| {
        Line::Row(Row::new(vec![
            two(link(name, format!("/collection/employers/{number}")).show(), number),
            html! { (branch) },
            html! { (people) },
            amount(due),
            html! { span.num { (paid) } },
            pill.show(),
        ]))
    };
    let many = |key: &'static str, label: &'static str, values: &[&'static str]| {
        Field::new(key, label, Kind::Many(values.iter().map(|value| ((*value).into(), (*value).into())).collect()), values[0])
    };
    List {
        title: "缴存单位".into(),
        context: "3,300 户 · 正常 3,214、封存 61、注销 25".into(),
        actions: vec![
            Button::go("导出 Excel", "?as=xlsx").key("X"),
            Button::go("单位缴存登记", "/cases/new/collection.register_employer").key("N").primary(),
        ],
        kpis: Vec::new(),
        filter: vec![
            Field::new("q", "名称、账号或信用代码", Kind::Line, "").optional().span(2),
            many("branch", "管理部", &["全部", "白鹭", "州直", "云溪"]),
            many("state", "状态", &["全部", "正常", "欠缴", "缓缴", "封存"]),
            Field::new("paid_to", "缴至年月不晚于", Kind::Month, "").optional(),
        ],
        segments: vec![
            Tab::new("全部", "3,300", "?s=all").current(),
            Tab::new("欠缴", "86", "?s=arrears"),
            Tab::new("缓缴", "4", "?s=deferral"),
        ],
        table: Table {
            caption: "缴存单位".into(),
            columns: vec![
                words("单位", OnPhone::Lead),
                narrow("管理部", OnPhone::Line),
                numbers("人数", OnPhone::Named),
                numbers("月应缴（元）", OnPhone::Sum),
                narrow("缴至年月", OnPhone::Named),
                narrow("状态", OnPhone::Side),
            ],
            lines: vec![
                row("白鹭县第一中学", "982404170000318", "白鹭", "127", "290,084.00", "2026-11", Pill::done("正常")),
                row("白鹭县人民医院", "982306010000021", "白鹭", "312", "1,024,608.00", "2026-10", Pill::done("正常")),
                row(
                    "青岚州少数民族语言文字工作委员会办公室机关服务中心",
                    "982306010000107",
                    "州直",
                    "9",
                    "21,360.00",
                    "2026-11",
                    Pill::done("正常"),
                ),
                row("松坪岚山茶业有限公司", "982309110000412", "松坪", "18", "24,912.00", "2026-09", Pill::stopped("欠缴 2 个月")),
                row("青岚州澄石建材厂", "982306010000233", "州直", "64", "97,850.00", "2026-06", Pill::waiting("缓缴至 2026-12")),
                row(
                    "青岚云岭新能源电力集团股份有限公司",
                    "982401050000377",
                    "州直",
                    "4,206",
                    "121,584,306.00",
                    "2026-11",
                    Pill::done("正常"),
                ),
                row("望山镇畜牧站", "982306010000518", "望川", "0", "0.00", "2024-03", Pill::over("注销")),
            ],
            walk: true,
        },
        empty: Empty {
            why: "没有符合条件的单位。条件放宽些，或".into(), next: Some(link("看全部", "/collection/employers"))
        },
        pager: Some(Pager { place: "第 1–50 户，共 3,300 户".into(), before: None, after: Some("?page=2".into()) }),
    }
}

const LIST_CRUMBS: [(&str, &str); 2] = [("归集", "/collection"), ("单位", "")];

pub(super) fn list() -> Markup {
    list_view::page(&frame(Area::Collection, &LIST_CRUMBS, CLERK), &employers())
}

pub(super) fn list_empty() -> Markup {
    let mut view = employers();
    view.table.lines.clear();
    view.pager = None;
    view.context = "0 户".into();
    list_view::page(&frame(Area::Collection, &LIST_CRUMBS, CLERK), &view)
}

struct Sample(&'static str, &'static str, &'static str, &'static str, &'static str, At);

fn step(sample: Sample) -> NightStep {
    let Sample(word, context, lines, when, took, at) = sample;
    let running = at == At::Now;
    NightStep {
        word: word.into(),
        context: context.into(),
        lines: lines.into(),
        when: when.into(),
        took: took.into(),
        at,
        retries: word.starts_with("委托扣划"),
        progress: running.then(|| Progress { events: "".into(), done: 132, total: 215, words: "第 132 片 / 共 215 片".into() }),
    }
}

fn night() -> DayEnd {
    let chunks = (0..215)
        .map(|i| match i {
            47 | 101 => Chunk::Retry,
            0..=130 => Chunk::Done,
            131 | 132 => Chunk::Running,
            _ => Chunk::Waiting,
        })
        .collect();
    let speeds = [94, 96, 95, 97, 93, 96, 95, 98, 94, 55, 58, 95, 97, 93, 96, 92, 95, 93, 96, 94, 95, 97, 92, 94];
    let mut speed: Vec<Point> = speeds
        .iter()
        .enumerate()
        .map(|(i, value)| Point::new(format!("18:00:{:02}", i * 60 / 23), *value, format!("{}.{}", value / 10, value % 10)))
        .collect();
    speed[9] = speed[9].clone().says("冲还贷等银行 2 秒");
    let nights = [
        ("11-16", 341, "5:41"),
        ("11-17", 346, "5:46"),
        ("11-18", 352, "5:52"),
        ("11-19", 348, "5:48"),
        ("11-20", 371, "6:11"),
        ("11-23", 359, "5:59"),
        ("11-24", 60, "1:00"),
    ];
    let axis = |a: &'static str, b: &'static str, c: &'static str| [a.into(), b.into(), c.into()];
    DayEnd {
        day: "2026-11-24".into(),
        pill: Pill::doing("进行中"),
        context: "18:00:00 开始 · 已 1 分 00 秒 · 预计 18:06 前完成".into(),
        actions: vec![Button::go("暂停在下一片后", "/operation/day-end/pause").key("Alt S")],
        kpis: vec![
            Kpi::new("下一营业日", "2026-11-25", "已开", "柜面、网厅、手机不停办，新业务记入 25 日"),
            Kpi::new("步骤", "6 / 12", "", "第 7 步进行中"),
            Kpi::new("速度", "9,348", "行 / 秒", "前六晚同步 9,100–9,600"),
            Kpi::new("重试清单", "5", "笔", "2 笔要人处理，3 笔自动"),
        ],
        steps: vec![
            step(Sample("开启下一营业日", "2026-11-25 已开，柜面照常", "—", "18:00:02", "0.4 秒", At::Done)),
            step(Sample("汇缴入账　未尽批次", "412 户", "16,846 / 16,846", "18:00:09", "6.8 秒", At::Done)),
            step(Sample("到账匹配", "186 笔，4 笔转暂收", "186 / 186", "18:00:11", "1.2 秒", At::Done)),
            step(Sample("委托扣划　冲还贷", "1,204 笔，3 笔进重试", "1,201 / 1,204", "18:00:19", "7.9 秒", At::Done)),
            step(Sample("贷款逾期与罚息", "新增逾期 2 笔", "18,926 / 18,926", "18:00:24", "4.6 秒", At::Done)),
            step(Sample("利息预提", "41101 / 211，十个管理部", "214,806 / 214,806", "18:00:46", "21.7 秒", At::Done)),
            step(Sample("余额快照与积数校核", "第 132 片 / 共 215 片", "130,874 / 214,806", "18:00:46", "已 14 秒", At::Now)),
            step(Sample("凭证汇总与科目累计", "约 640 张凭证", "", "昨晚", "52 秒", At::ToCome)),
            step(Sample("三账核对", "职工、未分摊、暂收、银行", "", "昨晚", "21 秒", At::ToCome)),
            step(Sample("审计封签", "打印链首，两人留存", "", "昨晚", "8 秒", At::ToCome)),
            step(Sample("关闭营业日 2026-11-24", "重试清单处理完才关闭", "", "昨晚", "1 秒", At::ToCome)),
            step(Sample("全量核验", "独立程序，不用入账代码", "", "昨晚", "3 分 28 秒", At::ToCome)),
        ],
        form_token: "sample".into(),
        running: Some(("余额快照与积数校核".into(), "第 7 步 · 每片约 1,000 户".into(), "60.9 %".into())),
        chunks,
        retries: vec![
            Retry::Open(
                "委托扣划".into(),
                link("80 210604 0000118", "/lending/802106040000118"),
                "可用余额 1,846.20，应扣 2,113.75，差 267.55；配偶账户已封存".into(),
                "转银行卡扣，或明日再扣".into(),
                "2".into(),
                Pill::waiting("稍后再试"),
            ),
            Retry::Open(
                "委托扣划".into(),
                link("80 230911 0000402", "/lending/802309110000402"),
                "账户 11-24 16:40 部分冻结 30,000.00".into(),
                "冻结解除前不扣，转人工".into(),
                "1".into(),
                Pill::stopped("转人工"),
            ),
            Retry::Open(
                "委托扣划".into(),
                link("80 190318 0000077", "/lending/801903180000077"),
                "对手行未回结果，先查询，不重发".into(),
                "18:05 自动查询".into(),
                "1".into(),
                Pill::doing("查询中"),
            ),
            Retry::Open(
                "余额快照".into(),
                link("992009150000731", "/collection/members/992009150000731"),
                "重算积数与存数差 1 日：11-20 补记".into(),
                "看差异，两人更正".into(),
                "1".into(),
                Pill::stopped("待人工"),
            ),
            Retry::Open(
                "余额快照".into(),
                link("991811070002215", "/collection/members/991811070002215"),
                "单据被柜面占用 3 秒，版本已变".into(),
                "自动重试".into(),
                "1".into(),
                Pill::doing("自动"),
            ),
        ],
        speed: Some(Series {
            id: "speed".into(),
            title: "全程速度".into(),
            says: "每秒 9,300 行上下，18:00:23 因等银行降到 5,500。".into(),
            unit: "千行 / 秒".into(),
            points: speed,
            scale: (0, 100, axis("10", "5", "0")),
        }),
        nights: Some(Series {
            id: "nights".into(),
            title: "历晚日终用时".into(),
            says: "前六晚 5 分 41 秒到 6 分 11 秒，今晚至此 1 分。".into(),
            unit: "分:秒".into(),
            points: nights.iter().map(|(day, value, words)| Point::new(*day, *value, *words)).collect(),
            scale: (0, 400, axis("", "", "")),
        }),
    }
}

const NIGHT_CRUMBS: [(&str, &str); 3] = [("运行", "/operation"), ("日终", "/operation/day-ends"), ("2026-11-24", "")];

pub(super) fn day_end() -> Markup {
    let mut frame = frame(Area::Operation, &NIGHT_CRUMBS, OPERATOR);
    frame.day = "2026-11-25".into();
    day_end_view::page(&frame, &night())
}

pub(super) fn day_end_closed() -> Markup {
    let mut view = night();
    let closed =
        |step: &'static str, why: &'static str, count: &'static str, pill: Pill| Retry::Closed(step.into(), why.into(), count.into(), pill);
    view.retries = vec![
        closed("委托扣划", "可用余额不足", "1 笔", Pill::waiting("稍后再试")),
        closed("委托扣划", "账户有冻结", "1 笔", Pill::stopped("业务处理")),
        closed("委托扣划", "银行未回结果", "1 笔", Pill::doing("查询中")),
        closed("余额快照", "重算与存数不同", "1 笔", Pill::stopped("业务处理")),
        closed("余额快照", "版本已变", "1 笔", Pill::doing("自动")),
    ];
    let mut frame = frame(Area::Operation, &NIGHT_CRUMBS, ("段川", "系统管理员", "中心 信息科"));
    frame.areas = vec![Area::Work, Area::Operation];
    frame.tasks = 0;
    frame.compact = true;
    day_end_view::page(&frame, &view)
}

pub(super) fn error() -> Markup {
    problem_view::page(&frame(Area::Work, &[("出错了", "")], CLERK), &Why::Broken("E 261124 7KQ4".into()))
}

pub(super) fn not_allowed() -> Markup {
    problem_view::page(
        &frame(Area::Accounting, &[("会计", "/accounting"), ("没有权限", "")], CLERK),
        &Why::NotAllowed("会计核算 · 月度结账，中心范围".into()),
    )
}

pub(super) fn offline() -> Markup {
    let mut frame = frame(Area::Collection, &[("归集", "/collection"), ("暂时连不上", "")], CLERK);
    frame.day_open = false;
    frame.large = true;
    problem_view::page(&frame, &Why::OutOfReach)
}
