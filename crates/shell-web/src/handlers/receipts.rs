//! Receipts (到账): who looks for an owner, what waits as suspense, everything; one receipt with where its money went.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use axum::routing::get;
use core_calendar::Day;
use core_case::form::Choice;
use core_case::ids::ReceiptId;
use core_case::state::ReceiptState;
use maud::{Markup, html};
use shell_files::mask;
use shell_pipeline::Centre;
use shell_store::views::PAGE;
use shell_store::views::money::{self, ReceiptRow, ReceiptWhole};

use super::employers::entry_words;
use super::members::pager;
use crate::app::App;
use crate::fault::{Answer, Fault};
use crate::listing::{Cell, Col, Listing, address};
use crate::posted::Asked;
use crate::reach::Reach;
use crate::ui::empty::Empty;
use crate::ui::facts::facts;
use crate::ui::frame::Area;
use crate::ui::kpi::Kpi;
use crate::ui::table::{Line, OnPhone, Row, Table, narrow, numbers, words as word_column};
use crate::ui::tabs::Tab;
use crate::ui::title::Title;
use crate::ui::{Button, Fact, Pill, Sheet, amount, link};
use crate::views::list::{self as list_view, List};
use crate::who::Who;
use crate::words;

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/receipts", get(index)).route("/receipts/{receipt}", get(one))
}

const COLUMNS: &[Col] = &[
    Col::day("到账日", OnPhone::Foot),
    Col::words("付款人", OnPhone::Lead, 36),
    Col::money("金额（元）", OnPhone::Sum),
    Col::words("单位", OnPhone::Line, 36),
    Col::id("专户", OnPhone::Hidden),
    Col::id("银行流水号", OnPhone::Side),
    Col::state("怎样认出", OnPhone::Hidden),
    Col::state("状态", OnPhone::FootSide),
    Col::id("收款编号", OnPhone::Hidden).file(),
];

pub(crate) fn pill(state: ReceiptState) -> Pill {
    match state {
        ReceiptState::Posted | ReceiptState::Allocated => Pill::done(state.words()),
        ReceiptState::Suspense => Pill::doing(state.words()),
        ReceiptState::Unknown => Pill::waiting(state.words()),
        ReceiptState::SentBack | ReceiptState::Outgoing => Pill::over(state.words()),
    }
}

/// How a receipt's owner was recognised, in words.
pub(crate) fn matched(row: &ReceiptRow) -> &'static str {
    match (row.matched_by.as_str(), row.state) {
        ("list", _) => "附言业务号",
        ("number", _) => "单位账号",
        ("name", _) => "付款户名",
        (_, ReceiptState::Allocated) => "人工认领",
        _ => "没有认出",
    }
}

/// A payer as a list shows it: organisations as they are, persons with the middle starred.
fn payer(name: &str) -> String {
    if name.chars().count() <= 4 { words::masked_name(name) } else { name.to_owned() }
}

/// Receipts as a list.
pub(crate) fn listed(found: &[ReceiptRow], title: &str) -> Listing {
    let rows = found.iter().map(|r| {
        let employer = match &r.employer {
            Some((id, name)) => Cell::Go(link(name.clone(), format!("/employers/{id}"))),
            None => Cell::Blank,
        };
        vec![
            Cell::text(r.day.to_string()),
            Cell::Go(link(payer(&r.payer), format!("/receipts/{}", r.id))),
            Cell::Money(r.amount),
            employer,
            Cell::text(&*r.bank_name),
            Cell::text(&*r.serial),
            Cell::text(matched(r)),
            Cell::Pill(pill(r.state)),
            Cell::text(r.id.to_string()),
        ]
    });
    Listing { title: title.into(), under: Vec::new(), columns: COLUMNS, rows: rows.collect(), totals: None }
}

fn state(ask: &Asked) -> Option<ReceiptState> {
    match ask.get("state") {
        "" => Some(ReceiptState::Unknown),
        "all" => None,
        code => ReceiptState::from_code(code),
    }
}

/// Where a list goes on: `after` is a day and a number.
fn place(ask: &Asked, unknown: bool) -> (Day, ReceiptId) {
    let parsed = ask.get("after").split_once('.').and_then(|(day, id)| Some((Day::parse(day).ok()?, ReceiptId::parse(id)?)));
    parsed.unwrap_or(if unknown { (Day::MIN, ReceiptId(0)) } else { (Day::MAX, ReceiptId(i64::MAX)) })
}

/// The list from a place on; whether more follow.
pub(crate) async fn listing(app: &Centre, reach: &Reach, ask: &Asked, limit: usize) -> Answer<(Listing, Option<(Day, ReceiptId)>)> {
    let unknown = state(ask) == Some(ReceiptState::Unknown);
    let at = place(ask, unknown);
    let mut found = match reach.own {
        Some(own) => money::of_employer(&app.store, own, place(ask, false), limit.saturating_add(1)).await?,
        None => money::list(&app.store, state(ask), at, limit.saturating_add(1)).await?,
    };
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|r| (r.day, r.id));
    let mut listing = listed(&found, "到账");
    listing.under = vec![format!("营业日 {}", app.day())];
    Ok((listing, next))
}

async fn index(State(app): State<Arc<App>>, who: Who, ask: Asked) -> Answer {
    let reach = Reach::of(&app, &who.actor)?;
    let (listing, next) = listing(&app.centre, &reach, &ask, PAGE).await?;
    let (count, total, oldest) = money::unknown_total(&app.centre.store).await?;
    let today = app.centre.day();
    let came = money::of_day(&app.centre.store, today).await?;
    let frame = who.frame(&app, Area::Collection, &[("归集", "/collection"), ("到账", "")]).await?;
    let code = ask.get("state");
    let tab = |value: &str, label: &'static str, count: String| {
        let tab = Tab::new(label, count, if value.is_empty() { "/receipts".to_owned() } else { format!("/receipts?state={value}") });
        if value == code { tab.current() } else { tab }
    };
    let days = oldest.map_or(0, |day| day.days_until(today));
    let sum =
        |wanted: ReceiptState| came.iter().find(|(s, _, _)| *s == wanted).map_or((0, core_money::Money::ZERO), |(_, n, sum)| (*n, *sum));
    let today_cell = |wanted: ReceiptState, label: &'static str| {
        let (n, sum) = sum(wanted);
        Kpi::new(label, words::amount(sum), "元", format!("{n} 笔"))
    };
    let kpis = if reach.own.is_some() {
        Vec::new()
    } else {
        vec![
            Kpi::new(
                "待认领暂收",
                words::amount(total),
                "元",
                if count == 0 { "没有".into() } else { format!("{count} 笔，最久 {days} 天") },
            ),
            today_cell(ReceiptState::Posted, "今日直接入账"),
            today_cell(ReceiptState::Suspense, "今日转未分摊"),
            today_cell(ReceiptState::Unknown, "今日无主"),
        ]
    };
    let view = List {
        title: "到账".into(),
        context: "银行到账通知逐笔登记，先认业务号，再认单位账号，最后认户名".into(),
        actions: vec![
            Button::go("导出 Excel", address("/receipts/export", &ask, &["state"], "")).key("X"),
            Button::go("导入到账通知", "/imports/receipts").key("N").primary(),
        ],
        kpis,
        filter: Vec::new(),
        segments: vec![
            tab("", "待认领", count.to_string()),
            tab("suspense", "未分摊", String::new()),
            tab("posted", "已入账", String::new()),
            tab("all", "全部", String::new()),
        ],
        table: listing.table(),
        empty: Empty { why: "没有待认领的暂收。".into(), next: Some(link("看全部到账", "/receipts?state=all")) },
        pager: Some(pager(
            listing.rows.len(),
            "笔",
            &ask,
            next.map(|(day, id)| address("/receipts", &ask, &["state"], &format!("after={day}.{id}"))),
            &address("/receipts", &ask, &["state"], ""),
        )),
    };
    Ok(list_view::page(&frame, &view).into_response())
}

async fn one(State(app): State<Arc<App>>, who: Who, Path(receipt): Path<String>) -> Answer {
    let reach = Reach::of(&app, &who.actor)?;
    let id = ReceiptId::parse(&receipt).ok_or(Fault::NotFound)?;
    let whole = money::one(&app.centre.store, id).await?.ok_or(Fault::NotFound)?;
    match (&whole.row.employer, reach.own) {
        (Some((employer, _)), _) => reach.employer(*employer)?,
        (None, Some(_)) => return Err(Fault::NotFound),
        (None, None) => {}
    }
    let frame = who.frame(&app, Area::Collection, &[("归集", "/collection"), ("到账", "/receipts"), (&whole.row.serial, "")]).await?;
    Ok(frame.page(drawn(&whole, reach.own.is_none())).into_response())
}

fn drawn(whole: &ReceiptWhole, staff: bool) -> Markup {
    let row = &whole.row;
    let mut bank = vec![
        Fact::amount("金额（元）", &words::amount(row.amount)),
        Fact::new("到账日", row.day.to_string()),
        Fact::new("专户", format!("{} {}", row.bank_name, row.bank_number)),
        Fact::new("银行流水号", row.serial.clone()),
        Fact::new("付款人", payer(&row.payer)),
    ];
    bank.extend(whole.payer_account.clone().map(|account| Fact::new("付款账号", account)));
    // People write identity numbers into remarks: long runs of digits are masked, but for the business number itself.
    bank.push(Fact::new("摘要", shown_note(&whole.summary, row)));
    bank.push(Fact::new("附言", shown_note(&whole.remark, row)));
    let mut found = vec![Fact::new("怎样认出", matched(row))];
    if let Some((id, name)) = &row.employer {
        found.push(Fact::drawn("单位", link(name.clone(), format!("/employers/{id}")).show()));
    }
    found.push(Fact::drawn("登记业务", link(words::number(row.case), format!("/cases/{}", row.case)).show()));
    let actions = (staff && row.state == ReceiptState::Unknown).then(|| {
        html! {
            (Button::go("认领到单位", format!("/cases/new/collection.receipt.allocate?receipt={}", row.id)).key("N").primary().show())
            (Button::go("一笔多单位", format!("/cases/new/collection.receipt.split?receipt={}", row.id)).show())
            (Button::go("退回付款人", format!("/cases/new/collection.receipt.send-back?receipt={}", row.id)).danger().show())
        }
    });
    html! {
        (Title::new(format!("到账　{}", row.serial)).pill(pill(row.state)).context(html! { "收款编号 " (row.id) }).trail(actions.unwrap_or_default()).show())
        div.cols.work {
            div { (where_it_went(whole)) }
            div { (Sheet::new("银行流水", facts(&bank)).show()) (Sheet::new("匹配", facts(&found)).show()) }
        }
    }
}

/// A remark as people wrote it: fifteen digits of a business number stay, other long numbers are masked.
fn shown_note(text: &str, row: &ReceiptRow) -> String {
    if text.trim().is_empty() {
        return "—".into();
    }
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if row.matched_by == "list" && bare.len() == 15 && bare.bytes().all(|b| b.is_ascii_digit()) {
        return words::number(bare);
    }
    mask::digits(text)
}

fn where_it_went(whole: &ReceiptWhole) -> Markup {
    let columns = vec![
        narrow("日期", OnPhone::Foot),
        narrow("去处", OnPhone::Lead),
        word_column("内容", OnPhone::Line),
        numbers("金额（元）", OnPhone::Sum),
        narrow("凭证", OnPhone::Side),
    ];
    let mut lines = Vec::new();
    let number = |id: core_case::ids::VoucherId| link(words::number(id), format!("/vouchers/{id}")).show();
    for (list, month, people, total) in &whole.lists {
        let employer = whole.row.employer.as_ref().map_or(String::new(), |(id, _)| id.to_string());
        let list = link(format!("{month} 清册，{people} 人"), format!("/remittance/{employer}/{month}?list={list}"));
        let voucher = whole.vouchers.first().map_or(Markup::default(), |(id, _, _)| number(*id));
        lines.push(Line::Row(Row::new(vec![
            html! { (whole.row.day) },
            html! { "入账分摊" },
            list.show(),
            amount(&words::amount(*total)),
            voucher,
        ])));
    }
    for m in &whole.moves {
        let what = match m.list {
            Some(list) => link(format!("清册 {}", words::number(list)), format!("/cases/{list}")).show(),
            None => link(format!("业务 {}", words::number(m.case)), format!("/cases/{}", m.case)).show(),
        };
        lines.push(Line::Row(Row::new(vec![
            html! { (m.day) },
            html! { (entry_words(&m.entry)) },
            what,
            amount(&words::amount(m.amount)),
            number(m.voucher),
        ])));
    }
    if lines.is_empty() {
        for (id, term, total) in &whole.vouchers {
            lines.push(Line::Row(Row::new(vec![
                html! { (whole.row.day) },
                html! { (term) },
                Markup::default(),
                amount(&words::amount(*total)),
                number(*id),
            ])));
        }
    }
    let body = if lines.is_empty() {
        Empty { why: "还没有记账。".into(), next: None }.show()
    } else {
        Table { caption: "钱去了哪里".into(), columns, lines, walk: true }.show()
    };
    Sheet::new("钱去了哪里", body).flush().note(html! { "每一步都可打开" }).show()
}
