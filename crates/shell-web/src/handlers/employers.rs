//! Employers (缴存单位): the register, employer 360° with months, receipts, suspense and changes, statement, suspense of all.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use core_calendar::{Day, Month};
use core_case::effect::Subject;
use core_case::form::Choice;
use core_case::ids::{CaseId, EmployerId, ReceiptId, UnitId};
use core_case::state::{EmployerState, ListState};
use core_money::Money;
use maud::Markup;
use shell_files::codes;
use shell_files::pdf::{EmployerLine, EmployerStatement, Verification};
use shell_pipeline::Centre;
use shell_store::views::employers::{self, EmployerHead, Which, Whole};
use shell_store::views::lists::{self, ListRow};
use shell_store::views::{PAGE, money};

use super::documents::{copy_of, letterhead, pdf, printing, verify_link};
use super::members::{pager, period};
use crate::app::App;
use crate::fault::{Answer, Fault};
use crate::listing::{Cell, Col, Listing, address};
use crate::posted::Asked;
use crate::reach::Reach;
use crate::ui::chart::{Point, Series};
use crate::ui::empty::Empty;
use crate::ui::field::{Field, Kind};
use crate::ui::frame::Area;
use crate::ui::kpi::Kpi;
use crate::ui::table::OnPhone;
use crate::ui::tabs::Tab;
use crate::ui::{Button, Fact, Pill, Text, link};
use crate::views::employer::{self as employer_view, Dated, Employer, EmployerMonth};
use crate::views::list::{self as list_view, List};
use crate::who::Who;
use crate::words;

/// Months of an employer on one page.
const MONTHS: usize = 24;

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/employers", get(index))
        .route("/employers/{employer}", get(one))
        .route("/employers/{employer}/statement.pdf", get(statement_pdf))
        .route("/suspense", get(suspense_index))
}

const COLUMNS: &[Col] = &[
    Col::words("单位", OnPhone::Lead, 36).page(),
    Col::id("单位账号", OnPhone::Hidden).file(),
    Col::words("单位名称", OnPhone::Hidden, 36).file(),
    Col::state("管理部", OnPhone::Line),
    Col::count("人数", OnPhone::Named),
    Col::money("月应缴（元）", OnPhone::Sum),
    Col::day("缴至年月", OnPhone::Named),
    Col::money("未分摊（元）", OnPhone::Hidden),
    Col::state("状态", OnPhone::Side),
];

pub(crate) fn pill(state: EmployerState) -> Pill {
    match state {
        EmployerState::Normal => Pill::done(state.words()),
        EmployerState::Opening => Pill::doing(state.words()),
        EmployerState::Deferred => Pill::waiting(state.words()),
        EmployerState::Sealed => Pill::idle(state.words()),
        EmployerState::Closed => Pill::over(state.words()),
    }
}

/// A status of a list.
pub(crate) fn list_pill(state: ListState) -> Pill {
    match state {
        ListState::AwaitingMoney => Pill::waiting(state.words()),
        ListState::Posted => Pill::done(state.words()),
        ListState::PostingFailed => Pill::stopped(state.words()),
        ListState::Expired | ListState::Voided => Pill::over(state.words()),
        ListState::Reversed => Pill::stopped(state.words()),
    }
}

fn which(ask: &Asked) -> Which {
    Which {
        branch: UnitId::parse(ask.get("branch")).filter(|b| b.0 > 0),
        state: EmployerState::from_code(ask.get("state")),
        name: ask.get("q").to_owned(),
    }
}

/// The list after an employer; whether more follow.
pub(crate) async fn listing(app: &Centre, reach: &Reach, ask: &Asked, limit: usize) -> Answer<(Listing, Option<EmployerId>)> {
    reach.staff()?;
    let after = EmployerId::parse(ask.get("after")).unwrap_or(EmployerId(0));
    let q = core_identity::fold_width(ask.get("q"));
    let mut found = match EmployerId::parse(q.trim()).filter(|_| q.trim().len() > 6) {
        Some(id) => {
            employers::list(&app.store, &Which::default(), EmployerId(id.0 - 1), 1).await?.into_iter().filter(|e| e.id == id).collect()
        }
        None => employers::list(&app.store, &which(ask), after, limit.saturating_add(1)).await?,
    };
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|e| e.id);
    let rows = found.iter().map(|e| {
        vec![
            Cell::Two(link(e.name.clone(), format!("/employers/{}", e.id)), words::number(e.id)),
            Cell::text(e.id.to_string()),
            Cell::text(&*e.name),
            Cell::text(reach.unit(e.branch)),
            Cell::Count(i64::from(e.people)),
            Cell::Money(e.monthly),
            e.paid_to.map_or(Cell::Blank, |m| Cell::text(m.to_string())),
            Cell::Money(e.suspense),
            Cell::Pill(pill(e.state)),
        ]
    });
    let under = vec![format!("营业日 {}", app.day())];
    Ok((Listing { title: "缴存单位".into(), under, columns: COLUMNS, rows: rows.collect(), totals: None }, next))
}

pub(crate) fn branch_field(app: &App, ask: &Asked) -> Field {
    let all = std::iter::once(("".into(), "全部".into()));
    let branches = app.branches().iter().map(|(id, name)| (Text::from(id.to_string()), Text::from(name.clone())));
    Field::new("branch", "管理部", Kind::Many(all.chain(branches).collect()), ask.get("branch").to_owned()).optional()
}

async fn index(State(app): State<Arc<App>>, who: Who, ask: Asked) -> Answer {
    let reach = Reach::of(&app, &who.actor)?;
    if let Some(own) = reach.own {
        return Ok(axum::response::Redirect::to(&format!("/employers/{own}")).into_response());
    }
    let (listing, next) = listing(&app.centre, &reach, &ask, PAGE).await?;
    let branch = UnitId::parse(ask.get("branch")).filter(|b| b.0 > 0);
    let counts = employers::counts(&app.centre.store, branch).await?;
    let frame = who.frame(&app, Area::Collection, &[("归集", "/collection"), ("缴存单位", "")]).await?;
    let names = ["q", "branch", "state"];
    let total: u32 = counts.iter().map(|(_, n)| n).sum();
    let state = ask.get("state");
    let tab = |code: &str, label: Text, count: u32| {
        let more = if code.is_empty() { String::new() } else { format!("state={code}") };
        let tab = Tab::new(label, count.to_string(), address("/employers", &ask, &["q", "branch"], &more));
        if code == state { tab.current() } else { tab }
    };
    let mut segments = vec![tab("", "全部".into(), total)];
    segments.extend(counts.iter().map(|(s, n)| tab(s.code(), s.words().into(), *n)));
    let view = List {
        title: "缴存单位".into(),
        context: format!("{total} 户").into(),
        actions: vec![
            Button::go("导出 Excel", address("/employers/export", &ask, &names, "")).key("X"),
            Button::go("单位缴存登记", "/cases/new/collection.employer.open").key("N").primary(),
        ],
        kpis: Vec::new(),
        filter: vec![
            Field::new("q", "单位名称中的字，或单位账号", Kind::Line, ask.get("q").to_owned()).optional().span(2),
            branch_field(&app, &ask),
        ],
        segments,
        table: listing.table(),
        empty: Empty { why: "没有符合条件的单位。".into(), next: Some(link("看全部", "/employers")) },
        pager: Some(pager(
            listing.rows.len(),
            "户",
            &ask,
            next.map(|n| address("/employers", &ask, &names, &format!("after={n}"))),
            &address("/employers", &ask, &names, ""),
        )),
    };
    Ok(list_view::page(&frame, &view).into_response())
}

async fn found(app: &App, who: &Who, employer: &str) -> Answer<(Reach, Whole)> {
    let reach = Reach::of(app, &who.actor)?;
    let id = EmployerId::parse(employer).ok_or(Fault::NotFound)?;
    reach.employer(id)?;
    let whole = employers::whole(&app.centre.store, id).await?.ok_or(Fault::NotFound)?;
    Ok((reach, whole))
}

async fn one(State(app): State<Arc<App>>, who: Who, Path(employer): Path<String>, ask: Asked) -> Answer {
    let (reach, whole) = found(&app, &who, &employer).await?;
    let head = &whole.head;
    let store = &app.centre.store;
    let base = format!("/employers/{}", head.id);
    let next_month = Month::of(app.centre.day()) + 13;
    let months = lists::of_employer(store, head.id, next_month, MONTHS).await?;
    let tab = match ask.get("tab") {
        name @ ("receipts" | "suspense") => name,
        _ => "months",
    };
    let tab_body = match tab {
        "receipts" => Some(receipts(&app, head.id).await?),
        "suspense" => Some(suspense(&app, head.id, &ask).await?.table().show()),
        _ => None,
    };
    let in_flight = shell_store::views::members::in_flight(store, Subject::Employer(head.id)).await?;
    let frame = who.frame(&app, Area::Collection, &[("归集", "/collection"), ("缴存单位", "/employers"), (&head.name, "")]).await?;
    let view = drawn(&reach, &whole, &months, tab, tab_body, &base, in_flight.len());
    Ok(employer_view::page(&frame, &view).into_response())
}

fn drawn(reach: &Reach, whole: &Whole, months: &[ListRow], tab: &str, tab_body: Option<Markup>, base: &str, in_flight: usize) -> Employer {
    let head = &whole.head;
    let live = |l: &&ListRow| l.state.live();
    let latest = months.iter().filter(live).find(|l| l.kind == core_case::things::ListKind::Regular);
    let current = |name: &str, one: Tab| if tab == name { one.current() } else { one };
    let mut actions = vec![
        Button::go("单位对账单", format!("{base}/statement.pdf")).key("P"),
        Button::go("导出 Excel", format!("{base}/export")).key("X"),
    ];
    let next = head.paid_to.map_or(head.first_month, Month::succ);
    let waiting = months.iter().filter(|l| l.state == ListState::AwaitingMoney).map(|l| l.month).max();
    let desk = waiting.unwrap_or(next);
    actions.push(Button::go(format!("{desk} 汇缴"), format!("/remittance/{}/{desk}", head.id)).key("H").primary());
    let kpis = vec![
        Kpi::new("缴存职工", whole.people.active.to_string(), "人", format!("另有封存 {} 人", whole.people.sealed)),
        Kpi::new(
            "月应缴",
            latest.map_or("—".into(), |l| words::amount(l.total)),
            "元",
            latest.map_or("还没有清册".into(), |l| format!("{} 清册，{} 人", l.month, l.people)),
        ),
        Kpi::new("缴至年月", head.paid_to.map_or("—".into(), |m| m.to_string()), "", format!("首次汇缴 {}", head.first_month)),
        Kpi::new("未分摊", words::amount(head.suspense), "元", if head.suspense.is_zero() { "没有留存" } else { "可抵以后月份" }),
    ];
    Employer {
        name: head.name.clone().into(),
        pill: pill(head.state),
        context: format!("单位账号 {} · {} · {}", words::number(head.id), reach.unit(head.branch), head.entrusted_bank).into(),
        actions,
        kpis,
        tabs: vec![
            current("months", Tab::new("逐月", months.len().to_string(), base.to_owned())),
            Tab::new("职工", (whole.people.active + whole.people.sealed).to_string(), format!("/members?employer={}", head.id)),
            current("receipts", Tab::new("到账", "", format!("{base}?tab=receipts"))),
            current("suspense", Tab::new("未分摊", "", format!("{base}?tab=suspense"))),
        ],
        tab_body,
        months: month_rows(months),
        months_note: format!("账户余额合计 {} 元 · 在途业务 {in_flight} 件", words::amount(whole.people.balance)).into(),
        registration: registration(head, whole),
        officers: officers(head, whole),
        history: history(whole),
        people: people(months),
    }
}

fn month_rows(months: &[ListRow]) -> Vec<EmployerMonth> {
    let most = months.iter().map(|l| l.total.fen()).max().unwrap_or(0);
    months
        .iter()
        .map(|l| {
            let share = words::thousandths(l.total.fen(), most);
            let bar = match l.state {
                ListState::Posted => (share, 0),
                ListState::AwaitingMoney | ListState::PostingFailed => (0, share),
                _ => (0, 0),
            };
            let supplementary = l.kind == core_case::things::ListKind::Supplementary;
            let change = i64::from(l.people) - i64::from(l.last.0);
            let under = match change {
                _ if supplementary => "补充清册".to_owned(),
                _ if l.last.0 == 0 => "首份清册".to_owned(),
                0 => "人数未变".to_owned(),
                n if n > 0 => format!("+{n}"),
                n => format!("−{}", -n),
            };
            EmployerMonth {
                month: link(l.month.to_string(), format!("/remittance/{}/{}?list={}", l.employer, l.month, l.id)),
                people: (format!("{} 人", l.people).into(), under.into()),
                due: words::amount(l.total).into(),
                bar,
                posted: l.posted.map_or(String::new(), |d| d.to_string()).into(),
                voucher: l.voucher.map(|v| link(words::number(v), format!("/vouchers/{v}"))),
                pill: list_pill(l.state),
            }
        })
        .collect()
}

fn registration(head: &EmployerHead, whole: &Whole) -> Vec<Fact> {
    let coded = |list, code: &str| codes::words(list, code).unwrap_or(code).to_owned();
    let mut facts = Vec::new();
    facts.extend(head.credit_code.clone().map(|code| Fact::new("统一社会信用代码", code)));
    facts.push(Fact::new("单位性质", coded(codes::EMPLOYER_NATURE, &head.nature)));
    facts.push(Fact::new("经济类型", coded(codes::ECONOMIC_TYPE, &head.economic_type)));
    facts.push(Fact::new("所属行业", head.industry.clone()));
    facts.push(Fact::new("单位地址", head.address.clone()));
    facts.push(Fact::new("发薪日", format!("每月 {} 日", head.pay_day)));
    facts.push(Fact::new("资金来源", if head.fiscal { "财政" } else { "自筹" }));
    if let Some(step) = whole.rates.first() {
        facts.push(Fact::new("缴存比例", format!("{} % + {} %", step.rates.0, step.rates.1)));
    }
    facts.push(Fact::new("法定代表人", format!("{}　{}", head.representative, head.representative_number)));
    facts.extend(head.payroll_account.clone().map(|account| Fact::new("发薪账户", account)));
    facts.push(Fact::new("成立", head.established.to_string()));
    facts.push(Fact::new("开户", head.opened.to_string()));
    facts
}

fn officers(head: &EmployerHead, whole: &Whole) -> Vec<Fact> {
    let mut facts = vec![Fact::new("经办人", head.handler.clone()), Fact::new("手机", head.handler_mobile.clone())];
    for officer in &whole.officers {
        let state = if officer.enabled { "在用" } else { "停用" };
        facts.push(Fact::new("专办员", format!("{}（{}）{state}", officer.name, officer.login)));
    }
    facts
}

fn history(whole: &Whole) -> Vec<Dated> {
    let mut list: Vec<Dated> = whole
        .rates
        .iter()
        .enumerate()
        .map(|(i, step)| Dated {
            from: step.from.to_string().into(),
            what: format!("缴存比例 {} % + {} %", step.rates.0, step.rates.1).into(),
            because: format!("业务 {}", words::number(step.case)).into(),
            current: i == 0,
        })
        .collect();
    list.push(Dated {
        from: whole.head.opened.to_string().into(),
        what: "缴存登记".into(),
        because: format!("业务 {}", words::number(whole.head.case)).into(),
        current: false,
    });
    list
}

/// People of the last twelve regular lists, oldest first.
fn people(months: &[ListRow]) -> Series {
    let mut seen: Vec<&ListRow> =
        months.iter().filter(|l| l.state.live() && l.kind == core_case::things::ListKind::Regular).take(12).collect();
    seen.reverse();
    let (least, most) = (seen.iter().map(|l| l.people).min().unwrap_or(0), seen.iter().map(|l| l.people).max().unwrap_or(0));
    // Some room above and below, so that a flat line does not lie on the frame.
    let room = ((most - least) / 2).max(2);
    let (low, high) = (least.saturating_sub(room), most + room);
    let label = |l: &ListRow| l.month.to_string().get(2..).unwrap_or_default().to_owned();
    let mut points: Vec<Point> = seen.iter().map(|l| Point::new(label(l), i64::from(l.people), l.people.to_string())).collect();
    if let Some(last) = points.last_mut() {
        *last = last.clone().says(last.words.clone());
    }
    let says = match (seen.first(), seen.last()) {
        (Some(first), Some(last)) => format!("从 {} 的 {} 人到 {} 的 {} 人。", first.month, first.people, last.month, last.people),
        _ => "还没有清册。".into(),
    };
    Series {
        id: "people".into(),
        title: "近 12 个月缴存人数".into(),
        says: says.into(),
        unit: "人".into(),
        points,
        scale: (
            i64::from(low),
            i64::from(high),
            [high.to_string().into(), (low + (high - low) / 2).to_string().into(), low.to_string().into()],
        ),
    }
}

async fn receipts(app: &App, employer: EmployerId) -> Answer<Markup> {
    let found = money::of_employer(&app.centre.store, employer, (Day::MAX, ReceiptId(i64::MAX)), PAGE).await?;
    Ok(super::receipts::listed(&found, "到账").table().show())
}

const SUSPENSE: &[Col] = &[
    Col::day("记账日期", OnPhone::Foot),
    Col::state("业务", OnPhone::Lead),
    Col::money("发生额", OnPhone::Sum),
    Col::money("余额", OnPhone::Side),
    Col::words("来处与去处", OnPhone::Line, 30),
    Col::id("凭证号", OnPhone::Side),
];

/// An entry of handbook 06 in words.
pub(crate) fn entry_words(entry: &str) -> &'static str {
    match entry {
        "E-A22" => "期初余额",
        "E-B1" => "手工凭证",
        other => core_ledger::entries::by_id(other).map_or("记账", |t| t.term),
    }
}

async fn suspense(app: &App, employer: EmployerId, ask: &Asked) -> Answer<Listing> {
    let before = ask.get("before").parse::<i64>().ok().filter(|n| *n > 0).unwrap_or(i64::MAX);
    let found = employers::suspense(&app.centre.store, employer, before, PAGE).await?;
    let rows = found.iter().map(|s| {
        let way = match (s.receipt, s.list) {
            (Some(receipt), _) => Cell::Go(link(format!("收款 {receipt}"), format!("/receipts/{receipt}"))),
            (None, Some(list)) => Cell::Go(link(format!("清册 {}", words::number(list)), format!("/cases/{list}"))),
            _ => Cell::Go(link(format!("业务 {}", words::number(s.case)), format!("/cases/{}", s.case))),
        };
        vec![
            Cell::text(s.day.to_string()),
            Cell::text(entry_words(&s.entry)),
            Cell::Money(s.amount),
            Cell::Money(s.balance),
            way,
            Cell::Go(link(words::number(s.voucher), format!("/vouchers/{}", s.voucher))),
        ]
    });
    Ok(Listing { title: "未分摊明细".into(), under: Vec::new(), columns: SUSPENSE, rows: rows.collect(), totals: None })
}

const HOLDERS: &[Col] = &[
    Col::words("单位", OnPhone::Lead, 36).page(),
    Col::id("单位账号", OnPhone::Hidden).file(),
    Col::words("单位名称", OnPhone::Hidden, 36).file(),
    Col::state("管理部", OnPhone::Line),
    Col::money("未分摊（元）", OnPhone::Sum),
    Col::day("最近变动", OnPhone::Foot),
];

/// Employers whose suspense is not empty.
pub(crate) async fn holders(app: &Centre, reach: &Reach, ask: &Asked, limit: usize) -> Answer<(Listing, Option<EmployerId>)> {
    reach.staff()?;
    let branch = UnitId::parse(ask.get("branch")).filter(|b| b.0 > 0);
    let after = EmployerId::parse(ask.get("after")).unwrap_or(EmployerId(0));
    let mut found = employers::holders(&app.store, branch, after, limit.saturating_add(1)).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|e| e.employer);
    let rows = found.iter().map(|e| {
        vec![
            Cell::Two(link(e.name.clone(), format!("/employers/{}?tab=suspense", e.employer)), words::number(e.employer)),
            Cell::text(e.employer.to_string()),
            Cell::text(&*e.name),
            Cell::text(reach.unit(e.branch)),
            Cell::Money(e.suspense),
            Cell::day(e.last),
        ]
    });
    let mut totals = vec![Cell::Blank; HOLDERS.len()];
    totals[0] = Cell::Text("本页合计".into());
    totals[1] = Cell::text("合计");
    totals[4] = Cell::Money(found.iter().map(|e| e.suspense).sum());
    let under = vec![format!("营业日 {}", app.day())];
    Ok((Listing { title: "单位未分摊".into(), under, columns: HOLDERS, rows: rows.collect(), totals: Some(totals) }, next))
}

async fn suspense_index(State(app): State<Arc<App>>, who: Who, ask: Asked) -> Answer {
    let reach = Reach::of(&app, &who.actor)?;
    let (listing, next) = holders(&app.centre, &reach, &ask, PAGE).await?;
    let frame = who.frame(&app, Area::Collection, &[("归集", "/collection"), ("单位未分摊", "")]).await?;
    let view = List {
        title: "单位未分摊".into(),
        context: "已知单位、尚未分摊到职工的钱（2190402）".into(),
        actions: vec![
            Button::go("导出 Excel", address("/suspense/export", &ask, &["branch"], "")).key("X"),
            Button::go("未分摊转移", "/cases/new/collection.suspense.move"),
            Button::go("未分摊退款", "/cases/new/collection.suspense.refund").key("N").primary(),
        ],
        kpis: Vec::new(),
        filter: vec![branch_field(&app, &ask)],
        segments: Vec::new(),
        empty: Empty { why: "没有单位留有未分摊的钱。".into(), next: None },
        pager: Some(pager(
            listing.rows.len(),
            "户",
            &ask,
            next.map(|n| address("/suspense", &ask, &["branch"], &format!("after={n}"))),
            &address("/suspense", &ask, &["branch"], ""),
        )),
        table: if listing.rows.is_empty() { Listing { totals: None, ..listing }.table() } else { listing.table() },
    };
    Ok(list_view::page(&frame, &view).into_response())
}

const STATEMENT: &[Col] = &[
    Col::day("记账日期", OnPhone::Foot),
    Col::state("业务", OnPhone::Lead),
    Col::day("所属年月", OnPhone::Line),
    Col::count("人数", OnPhone::Line),
    Col::money("发生额", OnPhone::Sum),
    Col::money("未分摊增减", OnPhone::Named),
    Col::money("未分摊余额", OnPhone::Named),
    Col::id("凭证号", OnPhone::Hidden),
];

/// The statement of an employer as a list.
pub(crate) async fn statement(app: &Centre, reach: &Reach, employer: EmployerId, ask: &Asked) -> Answer<Listing> {
    reach.employer(employer)?;
    let whole = employers::whole(&app.store, employer).await?.ok_or(Fault::NotFound)?;
    let (from, until) = period(ask, app.day())?;
    let (lines, _) = statement_lines(app, employer, (from, until)).await?;
    let rows = lines.iter().map(|l| {
        vec![
            Cell::text(&*l.day),
            Cell::text(&*l.kind),
            Cell::text(&*l.month),
            l.people.map_or(Cell::Blank, |n| Cell::Count(i64::from(n))),
            Cell::Money(l.amount),
            Cell::Money(l.suspense),
            Cell::Money(l.suspense_balance),
            Cell::text(l.voucher.replace(' ', "")),
        ]
    });
    let mut totals = vec![Cell::Blank; STATEMENT.len()];
    totals[0] = Cell::text("合计");
    totals[4] = Cell::Money(lines.iter().map(|l| l.amount).sum());
    totals[5] = Cell::Money(lines.iter().map(|l| l.suspense).sum());
    let under = vec![format!("单位账号 {employer}　{}", whole.head.name), format!("{from} 至 {until}")];
    Ok(Listing { title: "住房公积金单位缴存明细".into(), under, columns: STATEMENT, rows: rows.collect(), totals: Some(totals) })
}

/// The lines of a period, and the suspense at its end.
async fn statement_lines(app: &Centre, employer: EmployerId, (from, until): (Day, Day)) -> Answer<(Vec<EmployerLine>, Money)> {
    let (mut balance, rows) = employers::statement(&app.store, employer, from, until).await?;
    let lines = rows
        .into_iter()
        .map(|row| {
            balance += row.suspense;
            let kind = if row.red { "冲正".to_owned() } else { row.term };
            EmployerLine {
                day: row.day.to_string(),
                kind,
                month: row.list.map_or(String::new(), |(_, month, _)| month.to_string()),
                people: row.list.map(|(_, _, people)| people),
                amount: row.members,
                suspense: row.suspense,
                suspense_balance: balance,
                voucher: words::number(row.voucher),
                remark: String::new(),
            }
        })
        .collect();
    Ok((lines, balance))
}

async fn statement_pdf(State(app): State<Arc<App>>, who: Who, Path(employer): Path<String>, ask: Asked, headers: HeaderMap) -> Answer {
    let reach = Reach::of(&app, &who.actor)?;
    let id = EmployerId::parse(&employer).ok_or(Fault::NotFound)?;
    reach.employer(id)?;
    employer_statement(&app, &who, id, period(&ask, app.centre.day())?, &headers).await
}

/// Prints a statement: one more copy, with its code.
pub(crate) async fn employer_statement(
    app: &Arc<App>,
    who: &Who,
    id: EmployerId,
    span: (Day, Day),
    headers: &HeaderMap,
) -> Answer<Response> {
    let whole = employers::whole(&app.centre.store, id).await?.ok_or(Fault::NotFound)?;
    let (lines, suspense) = statement_lines(&app.centre, id, span).await?;
    let (from, until) = span;
    let subject = format!("{}@{from}..{until}", Subject::Employer(id).key());
    let copy = copy_of(app, who, "employer-statement", &subject, &subject, CaseId(0)).await?;
    let head = &whole.head;
    let statement = EmployerStatement {
        head: letterhead(app),
        account: words::number(id),
        name: head.name.clone(),
        state: head.state.words().to_owned(),
        paid_to: head.paid_to.map_or("尚未缴存".into(), |m| format!("{} 年 {} 月", m.year(), m.month())),
        people: (whole.people.active, whole.people.sealed),
        period: (from.to_string(), until.to_string()),
        balance: whole.people.balance,
        suspense,
        lines,
        verification: Verification { code: copy.code.clone(), link: verify_link(app, headers, &copy.code) },
        printing: printing(app, who, copy.number, None),
    };
    pdf(app, format!("statement-{id}-{from}-{until}"), move |fonts| statement.render(fonts)).await
}
