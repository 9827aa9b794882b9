//! The workbench (工作台): my tasks by deadline, today's money, the loan-to-deposit ratio, the month by branch.

use maud::{Markup, html};

use crate::ui::chart::{self, Gauge, Shade};
use crate::ui::empty::Empty;
use crate::ui::kpi::{self, Kpi};
use crate::ui::mark::{self, Shape, delta};
use crate::ui::table::{Line, OnPhone, Row, Table, cell, narrow, numbers, two, wide, words};
use crate::ui::tabs::{Tab, segments};
use crate::ui::title::Title;
use crate::ui::{Button, Fact, Frame, Link, Pill, Pips, Sheet, Tag, Text, Tone, amount, button, facts};

/// One task.
#[derive(Clone, Debug)]
pub struct Task {
    /// Promised when.
    pub due: Pips,
    /// Kind of business, leading to the case.
    pub business: Link,
    /// Who it is about, masked.
    pub about: Text,
    /// What it waits for.
    pub context: Text,
    /// Amount, or `—`.
    pub amount: Text,
    /// Channel it came through.
    pub channel: Text,
    /// Status.
    pub pill: Pill,
    /// The one last looked at.
    pub selected: bool,
}

/// Tasks with one deadline in common.
#[derive(Clone, Debug)]
pub struct TaskGroup {
    /// “今天到期”.
    pub name: Text,
    /// “3 件”.
    pub count: Text,
    /// Tasks.
    pub tasks: Vec<Task>,
}

/// A reminder that is not a case.
#[derive(Clone, Debug)]
pub struct Notice {
    /// How urgent.
    pub tone: Tone,
    /// Sentence.
    pub sentence: Text,
    /// What is behind it.
    pub context: Text,
    /// What to do.
    pub go: Link,
}

/// A branch in the month's progress.
#[derive(Clone, Debug)]
pub struct BranchMonth {
    /// Short name.
    pub name: Text,
    /// Ours.
    pub ours: bool,
    /// Employers posted / employers due.
    pub employers: Text,
    /// Posted, in words: `92.6 %`.
    pub done: Text,
    /// Against the same day last month, in percentage points.
    pub change: Text,
    /// Confirmed but not paid, not yet reported: thousandths of the amount due.
    pub gap: (u32, u32),
    /// Last month's gap on the same day.
    pub last_gap: Option<u32>,
    /// Due, posted, waiting, unreported, in 万元.
    pub figures: [Text; 4],
}

/// The workbench.
#[derive(Clone, Debug)]
pub struct Workbench {
    /// “11 月 24 日 星期二 · 本月第 17 个工作日”.
    pub day: Text,
    /// Today's figures.
    pub kpis: Vec<Kpi>,
    /// Their shares.
    pub shares: Vec<(Shade, u32)>,
    /// “14 件”.
    pub task_count: Text,
    /// Filter of the tasks.
    pub filter: Vec<Tab>,
    /// Tasks.
    pub groups: Vec<TaskGroup>,
    /// The rest, as a link.
    pub more: Option<Link>,
    /// Why there are no tasks.
    pub empty: Option<Empty>,
    /// Reminders.
    pub notices: Vec<Notice>,
    /// Loan-to-deposit ratio (个贷率).
    pub gauge: Option<Gauge>,
    /// What it is made of.
    pub funds: Vec<Fact>,
    /// How the money moved this month.
    pub flow: Markup,
    /// “2026 年 11 月 · 十个管理部 · 万元”.
    pub month: Text,
    /// Branches.
    pub branches: Vec<BranchMonth>,
    /// Their sum.
    pub total: Option<BranchMonth>,
    /// The widest gap, rounded up, in thousandths: the scale of the bars.
    pub gap_scale: u32,
}

/// Draws the page.
pub fn page(frame: &Frame, view: &Workbench) -> Markup {
    frame.page(html! {
        (Title::new("我的工作台").context(html! { (view.day) }).trail(html! {
            (Button::go("业务目录", "/catalogue").key("C").show())
            (Button::go("新建业务", "/cases/new").key("N").primary().show())
        }).show())
        (kpi::strip(&view.kpis, &view.shares))
        div.cols.work {
            div { (tasks(view)) }
            div { (notices(view)) (funds(view)) }
        }
        @if !view.branches.is_empty() { (month(view)) }
    })
}

fn tasks(view: &Workbench) -> Markup {
    let columns = vec![
        narrow("承诺期限", OnPhone::Foot),
        words("业务", OnPhone::Lead),
        words("办理对象", OnPhone::Line),
        numbers("金额（元）", OnPhone::Sum),
        narrow("来源", OnPhone::Hidden),
        narrow("状态", OnPhone::FootSide),
    ];
    let mut lines = Vec::new();
    for group in &view.groups {
        lines.push(Line::Group(group.name.clone(), group.count.clone()));
        for task in &group.tasks {
            let row = Row::new(vec![
                task.due.show(),
                task.business.show(),
                two(html! { (task.about) }, &task.context),
                amount(&task.amount),
                cell(&task.channel),
                task.pill.show(),
            ]);
            lines.push(Line::Row(if task.selected { row.selected() } else { row }));
        }
    }
    let body = match (&view.empty, lines.is_empty()) {
        (Some(empty), true) => empty.show(),
        _ => Table { caption: "待办".into(), columns, lines, walk: true }.show(),
    };
    Sheet::new("待办", body)
        .flush()
        .note(html! { (view.task_count) })
        .trail(segments("筛选待办", &view.filter))
        .foot(html! {
            @if let Some(more) = &view.more { (more.show()) }
            span.end.desk-only { (button::hint(&["J", "K"], "上下")) (button::hint(&["Enter"], "打开")) (button::hint(&["?"], "全部快捷键")) }
        })
        .show()
}

fn notices(view: &Workbench) -> Markup {
    let list = html! {
        @if view.notices.is_empty() { (Empty { why: "没有要您留意的事。".into(), next: None }.show()) }
        ul.notes {
            @for notice in &view.notices {
                li class=(notice.tone.class()) {
                    (mark::shape(match notice.tone { Tone::Bad => Shape::Stopped, Tone::Warn => Shape::Done, _ => Shape::Waiting }))
                    div { (notice.sentence) small { (notice.context) } }
                    div { (notice.go.show()) }
                }
            }
        }
    };
    Sheet::new("提醒", list).flush().trail(html! { (view.notices.len()) " 条" }).show()
}

fn funds(view: &Workbench) -> Markup {
    html! {
        @if let Some(gauge) = &view.gauge {
            (Sheet::new("资金与个贷率", html! { (gauge.show()) (facts::facts(&view.funds)) p.note { (view.flow) } }).trail(html! { "昨日日终" }).show())
        }
    }
}

fn month(view: &Workbench) -> Markup {
    let columns = vec![
        narrow("管理部", OnPhone::Lead),
        numbers("入账户数", OnPhone::Hidden),
        numbers("进度", OnPhone::Sum),
        wide("还差（占应缴）", OnPhone::Line),
        numbers("较上月同日", OnPhone::Hidden),
        numbers("应缴", OnPhone::Hidden),
        numbers("已入账", OnPhone::Hidden),
        numbers("待入账", OnPhone::Hidden),
        numbers("未报", OnPhone::Hidden),
    ];
    let cells = |branch: &BranchMonth| {
        let (waiting, unreported) = branch.gap;
        let mut cells = vec![
            html! { (branch.name) @if branch.ours { " " (Tag::new(Tone::Plain, "我部").show()) } },
            cell(&branch.employers),
            html! { b { (branch.done) } },
            html! { span.sr { "还差 " (chart::pct(waiting + unreported)) } (chart::gap_bar(&[(Shade::Pale, waiting), (Shade::Missing, unreported)], branch.last_gap, view.gap_scale)) },
            delta(&branch.change),
        ];
        cells.extend(branch.figures.iter().map(|figure| amount(figure)));
        cells
    };
    let mut lines: Vec<Line> = view
        .branches
        .iter()
        .map(|branch| Line::Row(if branch.ours { Row::new(cells(branch)).selected() } else { Row::new(cells(branch)) }))
        .collect();
    lines.extend(view.total.as_ref().map(|total| Line::Total(cells(total))));
    let table = Table { caption: "本月汇缴进度，按管理部".into(), columns, lines, walk: false }.show();
    Sheet::new("本月汇缴进度", html! { div.bars-table { (table) } })
        .flush()
        .note(html! { (view.month) })
        .trail(html! {
            ul.legend {
                li { (Shade::Pale.swatch()) "待入账（清册已确认，等款）" }
                li { (Shade::Missing.swatch()) "清册未报" }
                li { span.tick-mark aria-hidden="true" {} "上月同日" }
            }
            span.desk-only { "横轴 0–" (view.gap_scale / 10) " %" }
        })
        .show()
}
