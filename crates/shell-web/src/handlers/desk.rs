//! The remittance desk (汇缴): a month's lists by branch and state; one employer's month from list to receipt.
//!
//! Before it is confirmed the list is the one that dated history makes; afterwards it is the one kept. Either way each line
//! stands beside last month's, and only what differs is shown unless all is asked for.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use core_calendar::{Day, Month};
use core_case::form::Choice;
use core_case::ids::{EmployerId, ListId, ReceiptId, SavingsId, UnitId};
use core_case::state::ListState;
use core_case::things::{LineChange, ListKind};
use core_ledger::{Chart, Side, Template};
use core_money::{Money, Rate};
use maud::{Markup, html};
use shell_pipeline::import::{ExportError, export_list};
use shell_pipeline::{Answer as Told, Centre, Command, PipelineError, ended};
use shell_store::views::lists::{self, LineRow, ListRow, Which};
use shell_store::views::money::{self, ReceiptRow};
use shell_store::views::{PAGE, books, employers};

use super::employers::{branch_field, list_pill};
use super::members::pager;
use super::receipts::matched;
use crate::app::App;
use crate::fault::{Answer, Fault};
use crate::listing::{Cell, Col, Listing, address};
use crate::posted::{Asked, Post};
use crate::reach::Reach;
use crate::ui::action_bar::ActionBar;
use crate::ui::checks::Mark;
use crate::ui::empty::Empty;
use crate::ui::field::{Field, Kind};
use crate::ui::frame::Area;
use crate::ui::kpi::Kpi;
use crate::ui::problems::Problem;
use crate::ui::steps::{At, Step, from_words};
use crate::ui::table::{OnPhone, dash};
use crate::ui::tabs::Tab;
use crate::ui::{Button, Fact, Pill, Sheet, Tag, Text, Tone, amount, link};
use crate::views::list::{self as list_view, List};
use crate::views::remittance::{self as desk_view, ListLine, Preview, Receipt, Remittance, Waiting};
use crate::who::Who;
use crate::words;

/// Lines of a list on one page.
const LINES: usize = 100;

/// Employers in the queue at the left.
const QUEUE: usize = 14;

/// The action that confirms a list.
const CONFIRM: &str = "collection.remittance.confirm";

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/remittance", get(index))
        .route("/remittance/{list}", get(of_list))
        .route("/remittance/{employer}/{month}", get(desk).post(act))
        .route("/remittance/{employer}/{month}/notice.pdf", get(notice))
        .route("/remittance/{employer}/{month}/receipt.pdf", get(receipt))
}

const COLUMNS: &[Col] = &[
    Col::words("单位", OnPhone::Lead, 36).page(),
    Col::id("单位账号", OnPhone::Hidden).file(),
    Col::words("单位名称", OnPhone::Hidden, 36).file(),
    Col::day("汇缴年月", OnPhone::Hidden).file(),
    Col::state("管理部", OnPhone::Line),
    Col::count("人数", OnPhone::Named),
    Col::money("应缴（元）", OnPhone::Sum),
    Col::money("未分摊（元）", OnPhone::Hidden),
    Col::day("确认", OnPhone::Foot),
    Col::day("入账", OnPhone::Hidden),
    Col::day("缴款期限", OnPhone::Hidden),
    Col::state("状态", OnPhone::FootSide),
    Col::id("清册号", OnPhone::Hidden).file(),
];

fn month_of(ask: &Asked, today: Day) -> Month {
    Month::parse(ask.get("month")).unwrap_or_else(|_| Month::of(today))
}

fn after(ask: &Asked) -> (EmployerId, ListId) {
    let parsed = ask.get("after").split_once('.').and_then(|(e, l)| Some((EmployerId::parse(e)?, ListId::parse(l)?)));
    parsed.unwrap_or((EmployerId(0), ListId(0)))
}

fn branch(ask: &Asked) -> Option<UnitId> {
    UnitId::parse(ask.get("branch")).filter(|b| b.0 > 0)
}

/// The lists of a month from a place on; where it goes on.
pub(crate) async fn listing(app: &Centre, reach: &Reach, ask: &Asked, limit: usize) -> Answer<(Listing, Option<String>)> {
    let month = month_of(ask, app.day());
    let (employer, list) = after(ask);
    let under = vec![format!("{month} 汇缴清册　营业日 {}", app.day())];
    if ask.get("state") == "unreported" {
        reach.staff()?;
        let mut found = lists::unreported(&app.store, month, branch(ask), employer, limit.saturating_add(1)).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|e| format!("{}.0", e.employer));
        let rows = found.iter().map(|e| {
            let mut row = vec![Cell::Blank; COLUMNS.len()];
            row[0] = Cell::Two(link(e.name.clone(), format!("/remittance/{}/{month}", e.employer)), words::number(e.employer));
            row[1] = Cell::text(e.employer.to_string());
            row[2] = Cell::text(&*e.name);
            row[3] = Cell::text(month.to_string());
            row[4] = Cell::text(reach.unit(e.branch));
            row[11] = Cell::Pill(Pill::idle("未报"));
            row
        });
        let rows = rows.collect();
        return Ok((Listing { title: "汇缴".into(), under, columns: COLUMNS, rows, totals: None }, next));
    }
    let which = Which { branch: branch(ask), state: ListState::from_code(ask.get("state")), employer: reach.own };
    let mut found = lists::queue(&app.store, month, which, (employer, list), limit.saturating_add(1)).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|l| format!("{}.{}", l.employer, l.id));
    let rows = found.iter().map(|l| {
        let kind = if l.kind == ListKind::Supplementary { " · 补充清册" } else { "" };
        vec![
            Cell::Two(
                link(l.employer_name.clone(), format!("/remittance/{}/{}?list={}", l.employer, l.month, l.id)),
                format!("{}{kind}", words::number(l.id)),
            ),
            Cell::text(l.employer.to_string()),
            Cell::text(&*l.employer_name),
            Cell::text(l.month.to_string()),
            Cell::text(reach.unit(l.branch)),
            Cell::Count(i64::from(l.people)),
            Cell::Money(l.total),
            Cell::Money(l.suspense),
            Cell::text(l.confirmed.to_string()),
            Cell::day(l.posted),
            Cell::text(l.expires.to_string()),
            Cell::Pill(list_pill(l.state)),
            Cell::text(l.id.to_string()),
        ]
    });
    let rows = rows.collect();
    Ok((Listing { title: "汇缴".into(), under, columns: COLUMNS, rows, totals: None }, next))
}

/// Where a list is looked up by its number: the desk of its month, which asks whether this person may see it.
async fn of_list(State(app): State<Arc<App>>, _: Who, Path(list): Path<String>) -> Answer {
    let id = ListId::parse(&list).ok_or(Fault::NotFound)?;
    let list = lists::one(&app.centre.store, id).await?.ok_or(Fault::NotFound)?;
    Ok(Redirect::to(&format!("/remittance/{}/{}?list={id}", list.employer, list.month)).into_response())
}

async fn index(State(app): State<Arc<App>>, who: Who, ask: Asked) -> Answer {
    let reach = Reach::of(&app, &who.actor)?;
    let month = month_of(&ask, app.centre.day());
    let (listing, next) = listing(&app.centre, &reach, &ask, PAGE).await?;
    let which = Which { branch: branch(&ask), state: None, employer: reach.own };
    let counts = lists::counts(&app.centre.store, month, which).await?;
    let frame = who.frame(&app, Area::Collection, &[("归集", "/collection"), ("汇缴", "")]).await?;
    let names = ["month", "branch", "state"];
    let code = ask.get("state");
    let of = |state: ListState| counts.iter().find(|c| c.state == state);
    let cell = |label: &'static str, state: ListState| {
        let (lists, people, total) = of(state).map_or((0, 0, Money::ZERO), |c| (c.lists, c.people, c.total));
        Kpi::new(label, words::amount(total), "元", format!("{lists} 份，{people} 人"))
    };
    let live: Money = counts.iter().filter(|c| c.state.live()).map(|c| c.total).sum();
    let number: u32 = counts.iter().filter(|c| c.state.live()).map(|c| c.lists).sum();
    let tab = |value: &str, label: Text, count: String| {
        let more = if value.is_empty() { String::new() } else { format!("state={value}") };
        let tab = Tab::new(label, count, address("/remittance", &ask, &["month", "branch"], &more));
        if value == code { tab.current() } else { tab }
    };
    let total: u32 = counts.iter().map(|c| c.lists).sum();
    let mut segments = vec![tab("", "全部".into(), total.to_string())];
    segments.extend(counts.iter().map(|c| tab(c.state.code(), c.state.words().into(), c.lists.to_string())));
    if reach.own.is_none() {
        segments.push(tab("unreported", "未报".into(), String::new()));
    }
    let mut filter = vec![Field::new("month", "汇缴年月", Kind::Month, month.to_string())];
    if reach.own.is_none() {
        filter.push(branch_field(&app, &ask));
    }
    let step = |month: Month| address("/remittance", &ask, &["branch", "state"], &format!("month={month}"));
    let mut actions = vec![
        Button::go("上月", step(month.pred())),
        Button::go("下月", step(month.succ())),
        Button::go("导出 Excel", address("/remittance/export", &ask, &names, "")).key("X"),
    ];
    actions.push(match reach.own {
        Some(own) => Button::go("办理汇缴", format!("/remittance/{own}/{}", next_month(&app, own).await?)).key("N").primary(),
        None => Button::go("上传清册", "/imports/remittance").key("N").primary(),
    });
    let view = List {
        title: format!("汇缴　{} 年 {} 月", month.year(), month.month()).into(),
        context: format!("{number} 份有效清册").into(),
        actions,
        kpis: vec![
            Kpi::new("应缴", words::amount(live), "元", format!("{number} 份")),
            cell("已入账", ListState::Posted),
            cell("待入账", ListState::AwaitingMoney),
            cell("入账失败", ListState::PostingFailed),
        ],
        filter,
        segments,
        table: listing.table(),
        empty: Empty {
            why: if code == "unreported" { "应报的单位都已报清册。".into() } else { "这个月还没有清册。".into() },
            next: reach.own.is_none().then(|| link("看未报的单位", address("/remittance", &ask, &["month", "branch"], "state=unreported"))),
        },
        pager: Some(pager(
            listing.rows.len(),
            "份",
            &ask,
            next.map(|n| address("/remittance", &ask, &names, &format!("after={n}"))),
            &address("/remittance", &ask, &names, ""),
        )),
    };
    Ok(list_view::page(&frame, &view).into_response())
}

/// The next month an employer has to report.
async fn next_month(app: &App, employer: EmployerId) -> Answer<Month> {
    let whole = employers::whole(&app.centre.store, employer).await?.ok_or(Fault::NotFound)?;
    let far = Month::of(app.centre.day()) + 13;
    let listed = lists::of_employer(&app.centre.store, employer, far, 6).await?;
    let last = listed.iter().filter(|l| l.state.live() && l.kind == ListKind::Regular).map(|l| l.month).max();
    let paid = whole.head.paid_to.map_or(whole.head.first_month, Month::succ);
    Ok(last.map_or(paid, |m| m.succ().max(paid)))
}

/// What stands on the desk.
struct Desk {
    employer: EmployerId,
    name: String,
    branch: UnitId,
    month: Month,
    rates: Option<(Rate, Rate)>,
    suspense: Money,
    /// The list kept, none before it is confirmed.
    list: Option<ListRow>,
    /// Other lists of the month.
    others: Vec<ListRow>,
    lines: Vec<LineRow>,
    before: Vec<LineRow>,
}

impl Desk {
    fn due(&self) -> Money {
        self.lines.iter().map(LineRow::total).sum()
    }
    fn base(&self) -> String {
        format!("/remittance/{}/{}", self.employer, self.month)
    }
    fn here(&self) -> String {
        self.list.as_ref().map_or(self.base(), |l| format!("{}?list={}", self.base(), l.id))
    }
}

async fn read(app: &App, who: &Who, employer: &str, month: &str, ask: &Asked) -> Answer<(Reach, Desk)> {
    let reach = Reach::of(app, &who.actor)?;
    let employer = EmployerId::parse(employer).ok_or(Fault::NotFound)?;
    let month = Month::parse(month).map_err(|_| Fault::NotFound)?;
    reach.employer(employer)?;
    let store = &app.centre.store;
    let mut all = lists::of_month(store, employer, month).await?;
    let wanted = ListId::parse(ask.get("list"));
    let at = match wanted {
        Some(id) => all.iter().position(|l| l.id == id),
        None if ask.has("new") => None,
        None => all.iter().position(|l| l.state.live() && l.kind == ListKind::Regular),
    };
    let list = at.map(|at| all.remove(at));
    let before = match (lists::live(store, employer, month.pred()).await?, &list) {
        // A supplementary list stands beside nothing: its people were not on last month's list.
        (_, Some(l)) if l.kind == ListKind::Supplementary => Vec::new(),
        (Some(id), _) => lists::lines(store, id).await?,
        (None, _) => Vec::new(),
    };
    let desk = match list {
        Some(list) => Desk {
            employer,
            name: list.employer_name.clone(),
            branch: list.branch,
            month,
            rates: Some(list.rates),
            suspense: list.suspense,
            lines: lists::lines(store, list.id).await?,
            before,
            others: all,
            list: Some(list),
        },
        None => {
            let monthly = app.centre.monthly(employer, month).await?.ok_or(Fault::NotFound)?;
            Desk {
                employer,
                name: monthly.employer.name.clone(),
                branch: monthly.employer.branch,
                month,
                rates: monthly.rates,
                suspense: monthly.employer.suspense,
                lines: monthly.lines,
                before,
                others: all,
                list: None,
            }
        }
    };
    Ok((reach, desk))
}

async fn desk(State(app): State<Arc<App>>, who: Who, Path((employer, month)): Path<(String, String)>, ask: Asked) -> Answer {
    let (reach, desk) = read(&app, &who, &employer, &month, &ask).await?;
    let problems = match &desk.list {
        None => preview(&app, &who, &desk).await?,
        Some(_) => Vec::new(),
    };
    Ok(page(&app, &who, &reach, &desk, &ask, problems).await?.into_response())
}

fn confirm(desk: &Desk, key: &str) -> Command {
    let supplementary = desk.others.iter().any(|l| l.state.live() && l.kind == ListKind::Regular);
    let kind = if supplementary { ListKind::Supplementary } else { ListKind::Regular };
    let form = serde_json::json!({
        "employer": desk.employer.to_string(), "month": desk.month.to_string(), "kind": kind.code(), "lines": [],
    });
    Command::new(CONFIRM, form, key)
}

/// What the rules say of confirming it now; nothing for whoever may not confirm.
async fn preview(app: &App, who: &Who, desk: &Desk) -> Answer<Vec<Problem>> {
    match app.centre.preview(&who.actor, &confirm(desk, "preview")).await {
        Ok(answer) => Ok(problems(answer)),
        Err(PipelineError::Denied(_)) if who.actor.may(CONFIRM).is_none() => Ok(Vec::new()),
        Err(PipelineError::Denied(sentence)) => Ok(vec![words::told(sentence).remedy("由单位所在管理部的经办确认，或请单位在网厅确认。")]),
        Err(PipelineError::NoRule(sentence)) => Ok(vec![words::told(sentence)]),
        Err(other) => Err(other.into()),
    }
}

fn problems(answer: Told) -> Vec<Problem> {
    match answer {
        Told::Refused { refusals, .. } => refusals.iter().map(words::refused).collect(),
        Told::Fields(errors) => errors.iter().map(words::wrong).collect(),
        Told::Ended { case, state } => vec![words::told(ended(case, state))],
        Told::Conflict { sentence } => vec![words::told(sentence)],
        Told::Done(_) | Told::Waiting(_) => Vec::new(),
    }
}

async fn act(State(app): State<Arc<App>>, Path((employer, month)): Path<(String, String)>, Post { who, form }: Post) -> Answer {
    let ask = Asked::of("new");
    let (reach, desk) = read(&app, &who, &employer, &month, &ask).await?;
    if form.get("do") != "confirm" || form.get("key").len() < 8 {
        return Err(Fault::Told("没有这个动作。".into()));
    }
    let told = app.centre.submit(&who.actor, &who.origin, &confirm(&desk, &format!("desk:{}", form.get("key")))).await?;
    match told {
        Told::Done(done) => Ok(Redirect::to(&format!("{}?list={}", desk.base(), done.case)).into_response()),
        Told::Waiting(waiting) => Ok(Redirect::to(&format!("/cases/{}", waiting.case)).into_response()),
        Told::Ended { case, .. } => Ok(Redirect::to(&format!("/cases/{case}")).into_response()),
        Told::Refused { refusals, case } if refusals.is_empty() => {
            let case = case.map_or("/cases".to_owned(), |c| format!("/cases/{c}"));
            Ok(Redirect::to(&case).into_response())
        }
        other => Ok(page(&app, &who, &reach, &desk, &ask, problems(other)).await?.into_response()),
    }
}

/// A line beside last month's.
struct Compared {
    row: Option<usize>,
    savings: SavingsId,
    now: Option<LineRow>,
    before: Option<LineRow>,
}

impl Compared {
    fn same(&self) -> bool {
        match (&self.now, &self.before) {
            (Some(now), Some(before)) => now.total() == before.total() && now.change == LineChange::None,
            _ => false,
        }
    }
}

fn compared(desk: &Desk) -> Vec<Compared> {
    let mut before: HashMap<SavingsId, LineRow> = desk.before.iter().map(|l| (l.savings, *l)).collect();
    let mut all: Vec<Compared> = desk
        .lines
        .iter()
        .enumerate()
        .map(|(i, line)| Compared { row: Some(i + 1), savings: line.savings, now: Some(*line), before: before.remove(&line.savings) })
        .collect();
    let mut gone: Vec<LineRow> = before.into_values().collect();
    gone.sort_by_key(|l| l.savings);
    // People who are gone matter only where the list replaces last month's.
    if !desk.before.is_empty() {
        all.extend(gone.into_iter().map(|l| Compared { row: None, savings: l.savings, now: None, before: Some(l) }));
    }
    all
}

fn tag(line: &Compared) -> Tag {
    match (&line.now, &line.before) {
        (None, _) => Tag::new(Tone::Plain, "移出"),
        (Some(now), _) if now.change != LineChange::None => {
            let tone = if matches!(now.change, LineChange::Base | LineChange::Rate) { Tone::Brand } else { Tone::Good };
            Tag::new(tone, now.change.words())
        }
        (Some(_), None) => Tag::new(Tone::Good, "新列"),
        (Some(now), Some(before)) if now.total() != before.total() => Tag::new(Tone::Brand, "金额变动"),
        _ => Tag::new(Tone::Plain, "无变更"),
    }
}

fn cells(line: &Compared) -> [Markup; 5] {
    let shown = |money: Option<Money>| money.map_or_else(dash, |m| amount(&words::amount(m)));
    let now = line.now;
    [
        shown(now.map(|l| l.base)),
        shown(now.map(|l| l.employer_amount)),
        shown(now.map(|l| l.member_amount)),
        html! { b { (shown(now.map(|l| l.total()))) } },
        html! { span.quiet { (shown(line.before.map(|l| l.total()))) } },
    ]
}

async fn page(app: &Arc<App>, who: &Who, reach: &Reach, desk: &Desk, ask: &Asked, problems: Vec<Problem>) -> Answer<Markup> {
    let store = &app.centre.store;
    let all = compared(desk);
    let show_all = ask.get("show") == "all";
    let from = ask.get("from").parse::<usize>().unwrap_or(0);
    let differing = all.iter().filter(|l| !l.same()).count();
    let wanted: Vec<&Compared> = all.iter().filter(|l| show_all || !l.same()).skip(from).take(LINES).collect();
    let names: HashMap<SavingsId, String> = lists::names(store, wanted.iter().map(|l| l.savings).collect()).await?.into_iter().collect();
    let lines = wanted.iter().map(|line| ListLine {
        row: line.row.map_or("—".into(), |n| n.to_string().into()),
        who: (names.get(&line.savings).cloned().unwrap_or_default().into(), words::number(line.savings).into()),
        change: tag(line),
        cells: cells(line),
        problem: None,
    });
    let lines: Vec<ListLine> = lines.collect();
    let sums = |keep: &dyn Fn(&Compared) -> bool| -> [Text; 4] {
        let kept = || all.iter().filter(|l| keep(l));
        let now = |of: fn(&LineRow) -> Money| kept().filter_map(|l| l.now.as_ref()).map(of).sum::<Money>();
        let before: Money = kept().filter_map(|l| l.before).map(|l| l.total()).sum();
        [now(|l| l.employer_amount), now(|l| l.member_amount), now(LineRow::total), before].map(|m| words::amount(m).into())
    };
    let here = desk.here();
    let more = |pairs: &str| format!("{here}{}{pairs}", if here.contains('?') { "&" } else { "?" });
    let unchanged = all.len() - differing;
    let rest = wanted.len() + from;
    let folded = if show_all {
        let left = all.len().saturating_sub(rest);
        let next = more(&format!("show=all&from={rest}"));
        (if left > 0 { link(format!("还有 {left} 人"), next) } else { link("只看有变化的", here.clone()) }, sums(&|_| false))
    } else if differing > rest {
        (link(format!("还有 {} 处变化", differing - rest), more(&format!("from={rest}"))), sums(&|l| l.same()))
    } else {
        let told = if unchanged == 0 {
            "没有与上月一致的人，看全部".to_owned()
        } else {
            format!("其余 {unchanged} 人与上月一致")
        };
        (link(told, more("show=all")), sums(&|l| l.same()))
    };
    let month = format!("{} 年 {} 月", desk.month.year(), desk.month.month());
    let chart = app.centre.chart(app.centre.day()).await?;
    let (receipt, vouchers, foot) = money_of(app, desk, &chart).await?;
    let crumbs = [("归集", "/collection"), ("汇缴", "/remittance"), (&*format!("{} {}", desk.name, desk.month), "")];
    let frame = who.frame(app, Area::Collection, &crumbs).await?;
    let (queue, left, done) = queue(app, reach, desk).await?;
    let problem_title = format!("有 {} 处要处理，才能确认清册", problems.len());
    let blocked = !problems.is_empty();
    let view = Remittance {
        employer: desk.name.clone().into(),
        pill: desk.list.as_ref().map_or_else(|| Pill::doing("核对中"), |l| list_pill(l.state)),
        context: context(desk, &month).into(),
        steps: steps(desk),
        queue,
        queue_left: left.into(),
        queue_done: done.into(),
        problem_title: problem_title.into(),
        problems,
        sum: difference(desk, &all),
        filter: vec![
            mark_current(!show_all, Tab::new("变化", differing.to_string(), here.clone())),
            mark_current(show_all, Tab::new("全部", desk.lines.len().to_string(), more("show=all"))),
        ],
        source: source(desk).into(),
        lines,
        unchanged: folded,
        total: (format!("本月应缴　{} 人", desk.lines.len()).into(), sums(&|_| true)),
        receipt,
        voucher_head: match &desk.list {
            Some(l) if l.state == ListState::Posted => ("凭证".into(), "已记账".into()),
            _ => ("凭证预览".into(), "入账时生成".into()),
        },
        vouchers,
        voucher_foot: foot,
        running: None,
        side: side(who, desk),
        bar: bar(who, reach, desk, blocked),
        key: who.origin.request.clone().into(),
        form_token: who.form_token.clone().into(),
    };
    Ok(desk_view::page(&frame, &view))
}

fn mark_current(current: bool, tab: Tab) -> Tab {
    if current { tab.current() } else { tab }
}

fn context(desk: &Desk, month: &str) -> String {
    let kind = desk.list.as_ref().map_or("汇缴清册", |l| l.kind.words());
    let rates = desk.rates.map_or(String::new(), |(own, member)| format!(" · 比例 {own} % + {member} %"));
    format!("{month}{kind} · 单位账号 {}{rates}", words::number(desk.employer))
}

fn source(desk: &Desk) -> String {
    match &desk.list {
        Some(l) => format!("清册号 {} · {} 确认", words::number(l.id), l.confirmed),
        None => "按在册职工和基数生成，尚未确认".into(),
    }
}

const STEPS: [&str; 5] = ["报清册", "核对", "单位确认", "到账匹配", "入账"];

fn steps(desk: &Desk) -> Vec<Step> {
    match desk.list.as_ref().map(|l| l.state) {
        None => from_words(&STEPS, 1),
        Some(ListState::AwaitingMoney) => from_words(&STEPS, 3),
        Some(ListState::Posted) => from_words(&STEPS, 5),
        Some(_) => {
            let mut steps = from_words(&STEPS, 3);
            steps[3].at = At::Stopped;
            steps
        }
    }
}

/// Last month, increase, decrease, this month.
fn difference(desk: &Desk, all: &[Compared]) -> Vec<Kpi> {
    let (mut up, mut down) = (Money::ZERO, Money::ZERO);
    let (mut came, mut went) = (0, 0);
    for line in all {
        match (&line.now, &line.before) {
            (Some(now), Some(before)) if now.total() > before.total() => up += now.total() - before.total(),
            (Some(now), Some(before)) => down += before.total() - now.total(),
            (Some(now), None) => {
                up += now.total();
                came += 1;
            }
            (None, Some(before)) => {
                down += before.total();
                went += 1;
            }
            (None, None) => {}
        }
    }
    let before: Money = desk.before.iter().map(LineRow::total).sum();
    vec![
        Kpi::new("上月", words::amount(before), "", format!("{} 人", desk.before.len())),
        Kpi::new("增加", words::amount(up), "", format!("{came} 人新列")).sign("+"),
        Kpi::new("减少", words::amount(down), "", format!("{went} 人移出")).sign("−"),
        Kpi::new("本月应缴", words::amount(desk.due()), "", format!("{} 人", desk.lines.len())).sign("="),
    ]
}

/// The month's queue beside this employer, as near in number as can be had.
async fn queue(app: &App, reach: &Reach, desk: &Desk) -> Answer<(Vec<Waiting>, String, String)> {
    let store = &app.centre.store;
    let one = |l: &ListRow, current: bool| Waiting {
        name: l.employer_name.clone().into(),
        people: format!("{} 人", l.people).into(),
        pill: list_pill(l.state),
        amount: words::amount(l.total).into(),
        href: format!("/remittance/{}/{}?list={}", l.employer, l.month, l.id).into(),
        current,
    };
    if reach.own.is_some() {
        let months = lists::of_employer(store, desk.employer, Month::of(app.centre.day()) + 13, QUEUE).await?;
        let current = |l: &ListRow| desk.list.as_ref().is_some_and(|own| own.id == l.id);
        let rows = months.iter().map(|l| {
            let mut row = one(l, current(l));
            row.name = format!("{} 年 {} 月", l.month.year(), l.month.month()).into();
            row
        });
        return Ok((rows.collect(), "逐月".into(), format!("{} 份", months.len())));
    }
    let which = Which { branch: Some(desk.branch), state: None, employer: None };
    let counts = lists::counts(store, desk.month, which).await?;
    let of = |state: ListState| counts.iter().find(|c| c.state == state).map_or(0, |c| c.lists);
    let waiting = Which { state: Some(ListState::AwaitingMoney), ..which };
    let mut found = lists::queue(store, desk.month, waiting, (EmployerId(0), ListId(0)), QUEUE).await?;
    if let Some(own) = &desk.list
        && !found.iter().any(|l| l.id == own.id)
    {
        found.insert(0, own.clone());
    }
    let mut rows: Vec<Waiting> = found.iter().map(|l| one(l, desk.list.as_ref().is_some_and(|own| own.id == l.id))).collect();
    if desk.list.is_none() {
        rows.insert(
            0,
            Waiting {
                name: desk.name.clone().into(),
                people: format!("{} 人", desk.lines.len()).into(),
                pill: Pill::doing("核对中"),
                amount: words::amount(desk.due()).into(),
                href: desk.base().into(),
                current: true,
            },
        );
    }
    let (posted, left) = (of(ListState::Posted), of(ListState::AwaitingMoney));
    Ok((rows, format!("{left} 户待入账"), format!("{posted} / {} 户已入账", posted + left)))
}

/// The receipt, the vouchers that were written or will be, and the sentence below them.
async fn money_of(app: &App, desk: &Desk, chart: &Chart) -> Answer<(Option<Receipt>, Vec<Preview>, (Text, Text))> {
    let store = &app.centre.store;
    let due = desk.due();
    if let Some(list) = &desk.list
        && let Some(voucher) = list.voucher
    {
        let whole = books::voucher(store, voucher).await?;
        let paid = match whole.as_ref().and_then(|w| w.receipt) {
            Some(id) => money::some(store, vec![id.0]).await?.into_iter().next(),
            None => None,
        };
        let receipt = paid.map(|r| matched_receipt(&r, due, desk, true));
        let Some(whole) = whole else { return Ok((receipt, Vec::new(), ("".into(), "".into()))) };
        let name = format!("凭证 {}　{}", words::number(voucher), whole.row.term);
        let lines = whole.postings.iter().map(|p| {
            let account = chart.get(p.account).map_or_else(|_| p.account.to_string(), |a| a.name.clone());
            (p.side == Side::Debit, account.into(), p.account.to_string().into(), words::amount(p.amount).into())
        });
        let value = list.value_day.map_or(String::new(), |d| d.to_string());
        let vouchers = vec![Preview { name: name.into(), lines: lines.collect() }];
        return Ok((receipt, vouchers, (value.into(), "借贷平衡 ✓".into())));
    }
    let open = desk.list.as_ref().is_none_or(|l| l.state == ListState::AwaitingMoney);
    if !open {
        return Ok((None, Vec::new(), ("—".into(), "没有入账，不生成凭证".into())));
    }
    let latest = money::of_employer(store, desk.employer, (Day::MAX, ReceiptId(i64::MAX)), 1).await?;
    let receipt = latest.first().filter(|_| desk.suspense.is_positive()).map(|r| matched_receipt(r, due, desk, false));
    let (template, sentence): (&Template, Text) = if desk.suspense >= due && due.is_positive() {
        (&core_ledger::entries::E_A19, "未分摊够付，确认后当即入账".into())
    } else if desk.suspense.is_positive() {
        let missing = due - desk.suspense;
        (&core_ledger::entries::E_A19, format!("再到 {} 元，补足后入账", words::amount(missing)).into())
    } else {
        (&core_ledger::entries::E_A1, "到账与应缴相等时，一笔入账".into())
    };
    Ok((receipt, vec![template_preview(template, chart, due, desk.lines.len())], ("到账日".into(), sentence)))
}

fn template_preview(template: &Template, chart: &Chart, due: Money, people: usize) -> Preview {
    let lines = template.legs.iter().map(|leg| {
        let code = match leg.root {
            core_ledger::Root::Leaf(code) | core_ledger::Root::BankUnder(code) => code,
        };
        let account = chart.get(code).map_or_else(|_| code.to_string(), |a| a.name.clone());
        let beside = match leg.analytic {
            core_ledger::Analytic::Bank => format!("{code} 收款专户"),
            core_ledger::Analytic::MembersOfList => format!("{code} · 分 {people} 人"),
            core_ledger::Analytic::EmployerSuspense => format!("{code} 本单位"),
            _ => code.to_string(),
        };
        (leg.side == Side::Debit, account.into(), beside.into(), words::amount(due).into())
    });
    Preview { name: format!("{}　{}", template.id, template.term).into(), lines: lines.collect() }
}

fn matched_receipt(row: &ReceiptRow, due: Money, desk: &Desk, posted: bool) -> Receipt {
    let at_hand = if posted { row.amount } else { desk.suspense };
    let apart = at_hand - due;
    let (pill, label) = match apart.fen() {
        0 => (Pill::done("金额相等"), "相差"),
        n if n > 0 => (Pill::waiting(format!("多 {}", words::amount(apart))), "多出，留作未分摊"),
        _ => (Pill::waiting(format!("差 {}", words::amount(-apart))), "还差"),
    };
    let same_name = core_identity::fold_width(&row.payer).trim() == core_identity::fold_width(&desk.name).trim();
    let mark = |holds: bool| if holds { Mark::Holds } else { Mark::Look };
    Receipt {
        pill,
        movement: link(row.serial.clone(), format!("/receipts/{}", row.id)),
        amount: words::amount(row.amount).into(),
        context: vec![format!("{} · {}", row.day, row.bank_name).into(), format!("认出依据：{}", matched(row)).into()],
        sums: vec![
            Fact::amount(if posted { "到账" } else { "未分摊余额" }, &words::amount(at_hand)),
            Fact::amount("应缴", &words::amount(-due)),
            Fact::amount(label, &words::amount(apart)).total(),
        ],
        explained: "".into(),
        compared: vec![
            (mark(row.matched_by == "list"), "附言里的业务号与清册一致".into(), "15 位".into()),
            (mark(same_name), "付款户名与单位名称一致".into(), "全半角同视".into()),
            (Mark::Holds, "不是重复通知".into(), "主机流水".into()),
        ],
    }
}

/// What stands below the vouchers: other lists of the month, and the form to send a list.
fn side(who: &Who, desk: &Desk) -> Markup {
    let may = who.actor.may(CONFIRM).is_some();
    let action = format!("/imports/remittance?employer={}&month={}", desk.employer, desk.month);
    html! {
        @if desk.list.is_none() && may {
            (Sheet::new("上传清册", html! {
                p.note { "单位自己的清册逐行与系统核对；没有自己的清册，直接按系统清册确认。" }
                form.upload method="post" action=(action) enctype="multipart/form-data" {
                    input type="hidden" name="form_token" value=(who.form_token);
                    input type="hidden" name="employer" value=(desk.employer);
                    input type="hidden" name="month" value=(desk.month);
                    (Field::new("file", "清册文件", Kind::File(".xlsx,.xls,.csv".into()), "").show())
                    div.buttons { (Button::submit("上传并核对", "try").key("Alt U").show()) }
                }
            }).show())
        }
        @if !desk.others.is_empty() {
            (Sheet::new("本月其他清册", html! {
                ul.plain {
                    @for other in &desk.others {
                        li { (link(format!("{} {}", other.kind.words(), words::number(other.id)), format!("{}?list={}", desk.base(), other.id)).show()) "　" (amount(&words::amount(other.total))) "　" (list_pill(other.state).bare()) }
                    }
                }
            }).show())
        }
    }
}

fn bar(who: &Who, reach: &Reach, desk: &Desk, blocked: bool) -> ActionBar {
    let base = desk.base();
    let file = Button::go("下载清册", format!("{base}/export")).key("X");
    let mut buttons = Vec::new();
    let sentence: Text;
    let staff = reach.own.is_none();
    match &desk.list {
        None => {
            if who.actor.may(CONFIRM).is_some() {
                buttons.push(Button::submit("确认清册", "confirm").of_form("remittance").key("Alt P").primary());
            }
            buttons.push(file);
            sentence = if blocked {
                "按上面的办法处理后再确认。".into()
            } else {
                "确认后定下应缴额，生成汇缴书；钱到即入账。".into()
            };
        }
        Some(list) => {
            let id = list.id;
            match list.state {
                ListState::AwaitingMoney | ListState::PostingFailed => {
                    buttons.push(Button::go("打印汇缴书", format!("{base}/notice.pdf?list={id}")).key("P").primary());
                    buttons.push(file);
                    if staff {
                        buttons.push(Button::go("作废清册", format!("/cases/new/collection.remittance.void?list={id}")).danger());
                    }
                    sentence = format!("请在 {} 前缴款，附言只写业务流水号。", list.expires).into();
                }
                ListState::Posted => {
                    buttons.push(Button::go("打印回单", format!("{base}/receipt.pdf?list={id}")).key("P").primary());
                    if let Some(voucher) = list.voucher {
                        buttons.push(Button::go("打开凭证", format!("/vouchers/{voucher}")).key("O"));
                    }
                    buttons.push(file);
                    buttons.push(Button::go("补充清册", format!("{base}?new")));
                    if staff {
                        buttons.push(Button::go("申请冲正", format!("/cases/new/collection.remittance.reverse?list={id}")).danger());
                    }
                    sentence = format!("{} 入账，{} 人", list.posted.map_or(String::new(), |d| d.to_string()), list.people).into();
                }
                _ => {
                    buttons.push(Button::go("重新报清册", format!("{base}?new")).key("N").primary());
                    buttons.push(Button::go("打开业务", format!("/cases/{id}")).key("O"));
                    sentence = "这份清册不再入账，本月可以重新报。".into();
                }
            }
        }
    }
    ActionBar { buttons, hints: Vec::new(), sentence }
}

async fn printed(app: &App, who: &Who, employer: &str, month: &str, ask: &Asked) -> Answer<ListRow> {
    let (_, desk) = read(app, who, employer, month, ask).await?;
    desk.list.ok_or_else(|| Fault::Told("清册还没有确认。".into()))
}

async fn notice(
    State(app): State<Arc<App>>,
    who: Who,
    Path((employer, month)): Path<(String, String)>,
    ask: Asked,
    headers: HeaderMap,
) -> Answer {
    let list = printed(&app, &who, &employer, &month, &ask).await?;
    super::documents::notice(&app, &who, &list, &headers).await
}

async fn receipt(
    State(app): State<Arc<App>>,
    who: Who,
    Path((employer, month)): Path<(String, String)>,
    ask: Asked,
    headers: HeaderMap,
) -> Answer {
    let list = printed(&app, &who, &employer, &month, &ask).await?;
    super::documents::receipt(&app, &who, &list, &headers).await
}

/// The list of a month in the layout it is imported in.
pub(crate) async fn list_file(centre: &Centre, employer: EmployerId, month: Month) -> Answer<Vec<u8>> {
    export_list(centre, employer, month).await.map_err(|e| match e {
        ExportError::NoEmployer(_) => Fault::NotFound,
        ExportError::Centre(e) => e.into(),
        ExportError::Write(e) => Fault::Broken(e.to_string()),
    })
}
