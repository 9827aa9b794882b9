//! 工作台 The workbench: my tasks by promised day, today's money, reminders, the month by branch.

use std::cmp::Ordering;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use core_calendar::Month;
use core_case::form::Choice;
use core_case::things::UserKind;
use maud::Markup;
use shell_store::views::cases;
use shell_store::views::today::{self, BranchMonth as Branch, Sum};
use shell_store::views::work::{self, CaseLine};

use crate::app::App;
use crate::fault::{Answer, Fault};
use crate::posted::Asked;
use crate::tasks;
use crate::ui::chart::Shade;
use crate::ui::empty::Empty;
use crate::ui::frame::Area;
use crate::ui::kpi::Kpi;
use crate::ui::mark::Near;
use crate::ui::tabs::Tab;
use crate::ui::{Tone, link};
use crate::views::workbench::{self as view, BranchMonth, Notice, Task, TaskGroup, Workbench};
use crate::who::Who;
use crate::words;

/// So many tasks are drawn; the rest is a link.
const DRAWN: usize = 40;

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/", get(page))
}

async fn page(State(app): State<Arc<App>>, who: Who, asked: Asked) -> Answer<Markup> {
    let centre = &app.centre;
    let (day, store) = (centre.day(), &centre.store);
    let open = work::open_cases(store).await?;
    let mine: Vec<&CaseLine> = open.iter().filter(|c| tasks::is_mine(&who.actor, c)).collect();
    let others: Vec<&CaseLine> = open.iter().filter(|c| !tasks::is_mine(&who.actor, c) && tasks::is_followed(&who.actor, c)).collect();
    let shown: Vec<&CaseLine> = match asked.get("tasks") {
        "mine" => mine.clone(),
        "others" => others.clone(),
        _ => mine.iter().chain(&others).copied().collect(),
    };
    let filter = [("all", "全部", mine.len() + others.len()), ("mine", "等我", mine.len()), ("others", "等别人", others.len())];
    let current = if matches!(asked.get("tasks"), "mine" | "others") { asked.get("tasks") } else { "all" };
    let business = who.actor.kind == UserKind::Business && who.actor.may("view.business").is_some();
    let mut view = Workbench {
        day: format!("{}{}", words::day_words(day), working_day(&app)).into(),
        kpis: Vec::new(),
        shares: Vec::new(),
        task_count: format!("{} 件", shown.len()).into(),
        filter: filter
            .map(|(key, word, count)| {
                let tab = Tab::new(word, count.to_string(), format!("/?tasks={key}"));
                if key == current { tab.current() } else { tab }
            })
            .to_vec(),
        groups: groups(&app, &shown, &who),
        more: (shown.len() > DRAWN).then(|| link(format!("其余 {} 件", shown.len() - DRAWN), "/cases?state=waiting")),
        empty: Some(Empty { why: "没有等您办的业务。办过的，见".into(), next: Some(link("业务记录", "/cases?mine")) }),
        notices: Vec::new(),
        gauge: None,
        funds: Vec::new(),
        flow: Markup::default(),
        month: "".into(),
        branches: Vec::new(),
        total: None,
        gap_scale: 200,
    };
    if business {
        let figures = today::today(store, day).await?;
        let done = done_today(&app, &who).await?;
        (view.kpis, view.shares) = kpis(&figures, &done);
        view.notices = notices(&figures);
        let branches = today::branches(store, Month::of(day), day).await?;
        month(&app, &who, &mut view, &branches);
    }
    view.notices.extend(reminders(&who, &mine));
    let frame = who.frame(&app, Area::Work, &[("我的工作台", "")]).await?;
    Ok(view::page(&frame, &view))
}

/// “ · 本月第 17 个工作日”, where the calendar reaches so far.
fn working_day(app: &App) -> String {
    let (day, calendar) = (app.centre.day(), app.centre.calendar());
    let first = Month::of(day).clamped(1);
    match (calendar.is_working_day(day), calendar.working_days_between(first.pred(), day)) {
        (Ok(true), Ok(n)) => format!(" · 本月第 {n} 个工作日"),
        (Ok(false), _) => " · 非工作日".to_owned(),
        _ => String::new(),
    }
}

fn groups(app: &App, shown: &[&CaseLine], who: &Who) -> Vec<TaskGroup> {
    let (today, calendar) = (app.centre.day(), app.centre.calendar());
    let mut groups: [(Near, &'static str, Vec<Task>); 3] =
        [(Near::Today, "今天到期", Vec::new()), (Near::Soon, "2 个工作日内", Vec::new()), (Near::Later, "其后", Vec::new())];
    for case in shown.iter().take(DRAWN) {
        let due = tasks::pips(&calendar, today, case.accepted, case.promised);
        let mine = tasks::is_mine(&who.actor, case);
        let href = if mine && case.maker != who.actor.user { format!("/cases/{}/review", case.id) } else { format!("/cases/{}", case.id) };
        let term = shell_pipeline::catalogue::action(&case.action).map_or(case.action.as_str(), |a| a.term);
        let waits = match case.next() {
            Some(role) => format!("等{} · {}", words::role(role), app.unit(case.branch)),
            None => format!("{} · {}", case.state.words(), app.unit(case.branch)),
        };
        let near = due.near;
        let task = Task {
            due,
            business: link(term.to_owned(), href),
            about: if case.summary.is_empty() { words::number(case.id).into() } else { case.summary.clone().into() },
            context: format!("{} · {waits}", words::number(case.id)).into(),
            amount: case.amount.map_or("—".into(), |m| words::amount(m).into()),
            channel: case.channel.words().into(),
            pill: words::state(case.state),
            selected: false,
        };
        if let Some(group) = groups.iter_mut().find(|(n, ..)| *n == near) {
            group.2.push(task);
        }
    }
    groups
        .into_iter()
        .filter(|(.., tasks)| !tasks.is_empty())
        .map(|(_, name, tasks)| TaskGroup { name: name.into(), count: format!("{} 件", tasks.len()).into(), tasks })
        .collect()
}

/// Done, still under way and sent back of what this person entered today.
async fn done_today(app: &App, who: &Who) -> Result<(i64, i64), Fault> {
    let counts = cases::counts_of_maker(&app.centre.store, who.actor.user, app.centre.day()).await?;
    let sum = |wanted: &str| counts.iter().filter(|(_, state, _)| state == wanted).map(|(.., n)| n).sum();
    Ok((sum("done"), sum("returned")))
}

fn kpis(figures: &today::Today, done: &(i64, i64)) -> (Vec<Kpi>, Vec<(Shade, u32)>) {
    let of = |states: &[&str]| {
        figures
            .receipts
            .iter()
            .filter(|(s, _)| states.contains(&s.as_str()))
            .fold(Sum::default(), |a, (_, b)| Sum { count: a.count + b.count, fen: a.fen + b.fen })
    };
    let (all, posted, suspense, unknown) = (
        of(&["posted", "suspense", "unknown", "allocated", "returned"]),
        of(&["posted", "allocated"]),
        of(&["suspense"]),
        of(&["unknown"]),
    );
    let share = |sum: Sum| words::thousandths(sum.fen, all.fen);
    let kpis = vec![
        Kpi::new("今日到账", words::wan(all.fen), "万元", format!("{} 笔 · 全中心", all.count)),
        Kpi::new("已入账", words::wan(posted.fen), "万元", format!("{} 笔 · 占到账 {}", posted.count, words::percent(share(posted))))
            .shade(Shade::Main),
        Kpi::new("未分摊", words::wan(suspense.fen), "万元", format!("{} 笔 · 单位已知，清册未齐", suspense.count)).shade(Shade::Pale),
        Kpi::new("暂收", words::wan(unknown.fen), "万元", format!("{} 笔 · 付款单位不明", unknown.count)).shade(Shade::Second),
        Kpi::new("我今日办结", done.0.to_string(), "件", format!("退回 {} 件", done.1)),
    ];
    let shares = if all.fen > 0 {
        vec![(Shade::Main, share(posted)), (Shade::Pale, share(suspense)), (Shade::Second, share(unknown))]
    } else {
        Vec::new()
    };
    (kpis, shares)
}

fn notices(figures: &today::Today) -> Vec<Notice> {
    let mut list = Vec::new();
    let mut add = |tone, sum: Sum, sentence: String, context: &str, go: crate::ui::Link| {
        if sum.count > 0 {
            list.push(Notice {
                tone,
                sentence: sentence.into(),
                context: format!("{} · 合计 {} 元", context, words::fen(sum.fen)).into(),
                go,
            });
        }
    };
    let unknown = || link("处理", "/receipts?state=unknown");
    add(Tone::Bad, figures.unknown_90, format!("{} 笔暂收超过 90 天", figures.unknown_90.count), "认领或退回", unknown());
    let younger = Sum { count: figures.unknown_30.count - figures.unknown_90.count, fen: figures.unknown_30.fen - figures.unknown_90.fen };
    add(Tone::Warn, younger, format!("{} 笔暂收超过 30 天", younger.count), "认领或退回", unknown());
    let fresh = Sum { count: figures.unknown.count - figures.unknown_30.count, fen: figures.unknown.fen - figures.unknown_30.fen };
    add(Tone::Brand, fresh, format!("{} 笔暂收待认领", fresh.count), "30 天内", unknown());
    add(
        Tone::Warn,
        figures.expiring,
        format!("{} 份清册 3 天内到期", figures.expiring.count),
        "到期未缴齐即过期，须重新核定",
        link("催缴", "/remittance?state=awaiting_money"),
    );
    list
}

/// What waits for an administrator, as reminders.
fn reminders(who: &Who, mine: &[&CaseLine]) -> Vec<Notice> {
    let go = |sentence: &str, context: &str, label: &'static str, href: &'static str| Notice {
        tone: Tone::Brand,
        sentence: sentence.to_owned().into(),
        context: context.to_owned().into(),
        go: link(label, href),
    };
    match who.actor.kind {
        UserKind::Security if !mine.is_empty() => {
            vec![go("有权限变更等您确认", "须由录入人以外的安全管理员确认", "去看", "/users")]
        }
        UserKind::System => vec![go("日终由系统管理员启动", "下一营业日先打开，柜面不停", "日终", "/day-end")],
        UserKind::Audit => vec![go("审计链按日封签", "链首应每日抄存到系统以外", "审计", "/audit")],
        _ => Vec::new(),
    }
}

/// What is still missing is estimated by what the branch posted for the month before.
fn month(app: &App, who: &Who, view: &mut Workbench, branches: &[Branch]) {
    let lines: Vec<BranchMonth> =
        branches.iter().map(|b| line(app.unit(core_case::ids::UnitId(b.branch)), b.branch == who.actor.unit.0, b)).collect();
    let widest = lines.iter().map(|l| l.gap.0 + l.gap.1).chain(lines.iter().filter_map(|l| l.last_gap)).max().unwrap_or(0);
    view.gap_scale = widest.div_ceil(100).clamp(1, 10) * 100;
    let sum = branches.iter().fold(Branch::default(), |a, b| Branch {
        branch: 0,
        employers: a.employers + b.employers,
        posted: Sum { count: a.posted.count + b.posted.count, fen: a.posted.fen + b.posted.fen },
        waiting: Sum { count: a.waiting.count + b.waiting.count, fen: a.waiting.fen + b.waiting.fen },
        last_month: a.last_month + b.last_month,
        last_month_by_now: a.last_month_by_now + b.last_month_by_now,
    });
    view.total = Some(line("合计", false, &sum));
    let month = Month::of(app.centre.day());
    view.month = format!("{month} · {} 个管理部 · 万元 · 未报按上月入账额估计", lines.len()).into();
    view.branches = lines;
}

fn line(name: &str, ours: bool, b: &Branch) -> BranchMonth {
    let known = b.posted.fen + b.waiting.fen;
    let unreported = (b.last_month - known).max(0);
    let due = known + unreported;
    let done = words::thousandths(b.posted.fen, due);
    let then = words::thousandths(b.last_month_by_now, b.last_month);
    let (sign, points) = match done.cmp(&then) {
        Ordering::Greater => ("+", done - then),
        Ordering::Equal => ("", 0),
        Ordering::Less => ("−", then - done),
    };
    BranchMonth {
        name: name.trim_end_matches("管理部").to_owned().into(),
        ours,
        employers: format!("{}/{}", b.posted.count, b.employers).into(),
        done: words::percent(done).into(),
        change: if b.last_month > 0 { format!("{sign}{}.{}", points / 10, points % 10).into() } else { "".into() },
        gap: (words::thousandths(b.waiting.fen, due), words::thousandths(unreported, due)),
        last_gap: (b.last_month > 0).then_some(1000 - then),
        figures: [due, b.posted.fen, b.waiting.fen, unreported].map(|fen| words::wan(fen).into()),
    }
}
