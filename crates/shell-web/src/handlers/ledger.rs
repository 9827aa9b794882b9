//! The books (账簿): trial balance of a month or day, the ledger of one account, vouchers, each down to case and bank line.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use axum::routing::get;
use core_calendar::{Day, Month};
use core_case::ids::{EmployerId, ReceiptId, VoucherId};
use core_ledger::{Chart, Class, LedgerCode, Side};
use core_money::Money;
use maud::{Markup, html};
use shell_pipeline::Centre;
use shell_store::views::books::{self, Balances, PostingRow, Proofs, Turnover, VoucherRow, VoucherWhole};
use shell_store::views::{PAGE, money};

use super::members::{pager, step};
use super::receipts::matched;
use crate::app::App;
use crate::fault::{Answer, Fault};
use crate::listing::{Cell, Col, Listing, address};
use crate::posted::Asked;
use crate::reach::Reach;
use crate::ui::empty::Empty;
use crate::ui::field::{Field, Kind};
use crate::ui::frame::Area;
use crate::ui::kpi::Kpi;
use crate::ui::mark::digest;
use crate::ui::table::OnPhone;
use crate::ui::trace::Node;
use crate::ui::voucher::{Posting, Side as Shown, Voucher};
use crate::ui::{Button, Fact, Pill, Tag, Tone, link};
use crate::views::list::{self as list_view, List};
use crate::views::sub_ledger::{self as sub_ledger_view, LedgerLine, SubLedger};
use crate::views::trial_balance::{self as trial_balance_view, AccountLine, TrialBalance};
use crate::views::voucher::{self as voucher_view, VoucherPage};
use crate::who::Who;
use crate::words;

/// Lines of a ledger on one page.
const LINES: usize = 60;

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/ledger", get(trial_balance))
        .route("/ledger/{account}", get(account))
        .route("/vouchers", get(vouchers))
        .route("/vouchers/{voucher}", get(voucher))
}

/// The days of a trial balance: the month of the day asked for, until that day.
fn span(ask: &Asked, today: Day) -> Answer<(Day, Day)> {
    let told = |text: &str| Fault::Told(format!("“{text}”读不出日期，写成 2025-07-31 或 2025-07 的样子。"));
    if !ask.get("month").is_empty() {
        let month = Month::parse(ask.get("month")).map_err(|_| told(ask.get("month")))?;
        return Ok((month.first_day(), month.last_day().min(today.max(month.first_day()))));
    }
    let until = match ask.get("day") {
        "" => today,
        text => Day::parse(text).map_err(|_| told(text))?,
    };
    Ok((Month::of(until).first_day(), until))
}

/// One account with the sums of everything below it.
struct Sums {
    code: LedgerCode,
    name: String,
    class: Class,
    opening: Turnover,
    period: Turnover,
    leaf: bool,
}

/// Accounts that have a balance or moved, parents before children, each with the sums of its leaves.
fn rolled(chart: &Chart, balances: &Balances) -> Vec<Sums> {
    let mut sums: BTreeMap<LedgerCode, (Turnover, Turnover)> = BTreeMap::new();
    for (leaf, (opening, period)) in &balances.leaves {
        let mut at = Some(*leaf);
        while let Some(code) = at {
            let own = sums.entry(code).or_default();
            *own = (own.0.plus(*opening), own.1.plus(*period));
            at = code.parent();
        }
    }
    sums.into_iter()
        .filter(|(_, (opening, period))| !(opening.debit == opening.credit && period.debit.is_zero() && period.credit.is_zero()))
        .map(|(code, (opening, period))| {
            let known = chart.get(code).ok();
            Sums {
                code,
                name: known.map_or_else(|| code.to_string(), |a| a.name.clone()),
                class: known.map_or(Class::Asset, |a| a.class),
                opening,
                period,
                leaf: balances.leaves.contains_key(&code),
            }
        })
        .collect()
}

const CLASSES: [(Class, &str); 5] =
    [(Class::Asset, "资产"), (Class::Liability, "负债"), (Class::NetAssets, "净资产"), (Class::Income, "收入"), (Class::Expense, "支出")];

const BALANCE: &[Col] = &[
    Col::id("科目编号", OnPhone::Line),
    Col::words("科目", OnPhone::Lead, 30),
    Col::money("期初余额", OnPhone::Hidden),
    Col::money("本期借方", OnPhone::Named),
    Col::money("本期贷方", OnPhone::Named),
    Col::state("向", OnPhone::Side),
    Col::money("期末余额", OnPhone::Sum),
];

/// The trial balance as a list.
pub(crate) async fn trial_balance_listing(app: &Centre, reach: &Reach, ask: &Asked) -> Answer<Listing> {
    reach.staff()?;
    let (from, until) = span(ask, app.day())?;
    let (balances, chart) = (books::balances(&app.store, from, until).await?, app.chart(until).await?);
    let rows = rolled(&chart, &balances);
    let leaves = rows.iter().filter(|s| s.leaf);
    let sum = |side: fn(&Turnover) -> Money| leaves.clone().map(|s| side(&s.period)).sum::<Money>();
    let mut totals = vec![Cell::Blank; BALANCE.len()];
    totals[0] = Cell::text("合计");
    totals[3] = Cell::Money(sum(|t| t.debit));
    totals[4] = Cell::Money(sum(|t| t.credit));
    let cells = rows.iter().map(|s| {
        let side = s.class.normal_side();
        vec![
            Cell::text(s.code.to_string()),
            Cell::text(&*s.name),
            Cell::Money(s.opening.balance(side)),
            Cell::Money(s.period.debit),
            Cell::Money(s.period.credit),
            Cell::text(side.word()),
            Cell::Money(s.opening.plus(s.period).balance(side)),
        ]
    });
    let under = vec![format!("{from} 至 {until}　单位：元。合计只计末级科目。")];
    Ok(Listing { title: "总账余额".into(), under, columns: BALANCE, rows: cells.collect(), totals: Some(totals) })
}

async fn trial_balance(State(app): State<Arc<App>>, who: Who, ask: Asked) -> Answer {
    Reach::of(&app, &who.actor)?.staff()?;
    let today = app.centre.day();
    let (from, until) = span(&ask, today)?;
    let store = &app.centre.store;
    let (balances, chart) = (books::balances(store, from, until).await?, app.centre.chart(until).await?);
    let rows = rolled(&chart, &balances);
    let month = Month::of(until);
    let proofs = if until >= today { Some(app.proofs.get(store).await?) } else { None };
    let frame = who.frame(&app, Area::Accounting, &[("会计", "/accounting"), ("总账余额", "")]).await?;
    let classes = CLASSES.iter().filter_map(|(class, words)| {
        let accounts: Vec<AccountLine> = rows.iter().filter(|s| s.class == *class).map(|s| line(s, month)).collect();
        (!accounts.is_empty()).then(|| ((*words).into(), accounts))
    });
    let leaves = || rows.iter().filter(|s| s.leaf);
    let (debit, credit) = (leaves().map(|s| s.period.debit).sum::<Money>(), leaves().map(|s| s.period.credit).sum::<Money>());
    let view = TrialBalance {
        period: if until == month.last_day() { words_of(month) } else { format!("{} 至 {until}", words_of(month)) }.into(),
        pill: if balances.closed { Pill::done("已结账") } else { Pill::doing("未结账") },
        actions: vec![
            Button::go("上月", format!("/ledger?month={}", month.pred())).key("["),
            Button::go("下月", format!("/ledger?month={}", month.succ())).key("]"),
            Button::go("导出 Excel", address("/ledger/export", &ask, &["month", "day"], "")).key("X"),
            Button::go("凭证", format!("/vouchers?day={until}")),
            Button::go("月度结账", format!("/cases/new/accounting.period.close?month={month}")).primary(),
        ],
        proofs: proof_cells(&rows, proofs, balances.vouchers, debit == credit),
        classes: classes.collect(),
        total: ["".into(), words::amount(debit).into(), words::amount(credit).into(), "".into()],
        note: "合计只计末级科目；上级科目为下级之和。每个数字都可打开，直到凭证、业务与银行流水。".into(),
    };
    Ok(trial_balance_view::page(&frame, &view).into_response())
}

fn words_of(month: Month) -> String {
    format!("{} 年 {} 月", month.year(), month.month())
}

fn line(s: &Sums, month: Month) -> AccountLine {
    let side = s.class.normal_side();
    AccountLine {
        code: s.code.to_string().into(),
        name: link(s.name.clone(), format!("/ledger/{}?month={month}", s.code)),
        depth: s.code.level() - 1,
        opening: words::amount(s.opening.balance(side)).into(),
        debit: words::amount(s.period.debit).into(),
        credit: words::amount(s.period.credit).into(),
        side: side.word().into(),
        closing: words::amount(s.opening.plus(s.period).balance(side)).into(),
    }
}

/// The proofs above the table: sub-ledgers against their leaves, and the number of vouchers.
fn proof_cells(rows: &[Sums], proofs: Option<Proofs>, vouchers: u32, balanced: bool) -> Vec<Kpi> {
    let ledger = |code: LedgerCode| {
        rows.iter().find(|s| s.code == code).map_or(Money::ZERO, |s| s.opening.plus(s.period).balance(s.class.normal_side()))
    };
    let mut cells = Vec::new();
    if let Some(proofs) = proofs {
        let cell = |label: &'static str, (count, sum): (u32, Money), unit: &str, code: LedgerCode| {
            let apart = sum - ledger(code);
            Kpi::new(label, words::amount(sum), "元", format!("差 {} · {count} {unit}", words::amount(apart)))
        };
        cells.push(cell("职工账户之和 = 201", proofs.members, "户", core_ledger::entries::MEMBERS));
        cells.push(cell("单位未分摊 = 2190402", proofs.suspense, "户", core_ledger::entries::SUSPENSE));
        cells.push(cell("待认领暂收 = 2190401", proofs.unknown, "笔", core_ledger::entries::UNKNOWN));
    }
    let told = if balanced { "借贷平衡，号不断" } else { "借贷不平，请运行核对" };
    cells.push(Kpi::new("本期凭证", vouchers.to_string(), "张", told));
    cells
}

/// The sums of the sub-ledgers, kept as long as no voucher was written.
#[derive(Debug, Default)]
pub(crate) struct KeptProofs(tokio::sync::Mutex<Option<(VoucherId, Proofs)>>);

impl KeptProofs {
    /// The sums now: summing all balances of a large centre takes longer than a page may, and only vouchers change them.
    async fn get(&self, store: &shell_store::Store) -> Answer<Proofs> {
        let last = books::last(store).await?;
        let mut kept = self.0.lock().await;
        if let Some((at, proofs)) = *kept
            && at == last
        {
            return Ok(proofs);
        }
        let proofs = books::proofs(store).await?;
        *kept = Some((last, proofs));
        Ok(proofs)
    }
}

async fn account(State(app): State<Arc<App>>, who: Who, Path(code): Path<String>, ask: Asked) -> Answer {
    Reach::of(&app, &who.actor)?.staff()?;
    let code: LedgerCode = code.parse().map_err(|_| Fault::NotFound)?;
    let today = app.centre.day();
    let (from, until) = span(&ask, today)?;
    let month = Month::of(from);
    let store = &app.centre.store;
    let chart = app.centre.chart(until).await?;
    let known = chart.get(code).map_err(|_| Fault::NotFound)?.clone();
    if !chart.is_leaf(code) {
        return below(&app, &who, &chart, code, (from, until)).await;
    }
    let employer = EmployerId::parse(ask.get("employer"));
    let start = VoucherId::parse(ask.get("after")).unwrap_or(VoucherId(0));
    let before = books::before(store, code, month, employer).await?;
    let (earlier, mut rows) = books::lines(store, code, month, employer, start, LINES + 1).await?;
    let next = (rows.len() > LINES).then(|| rows[LINES].voucher);
    rows.truncate(LINES);
    let side = known.class.normal_side();
    let mut balance = before.plus(earlier);
    let brought = words::amount(balance.balance(side));
    let chosen = VoucherId::parse(ask.get("voucher")).or(rows.last().map(|r| r.voucher));
    let base = |more: &str| address(&format!("/ledger/{code}"), &ask, &["month", "employer", "after"], more);
    let mut lines = vec![LedgerLine {
        day: from.to_string().get(5..).unwrap_or_default().to_owned().into(),
        business: if start.0 == 0 { "上月结转".into() } else { "承前页".into() },
        tag: None,
        summary: "".into(),
        voucher: None,
        debit: "".into(),
        credit: "".into(),
        side: side.word().into(),
        balance: brought.into(),
        selected: false,
    }];
    let (mut debit, mut credit) = (Money::ZERO, Money::ZERO);
    for row in &rows {
        let own = match row.side {
            Side::Debit => Turnover { debit: row.amount, credit: Money::ZERO },
            Side::Credit => Turnover { debit: Money::ZERO, credit: row.amount },
        };
        balance = balance.plus(own);
        debit += own.debit;
        credit += own.credit;
        let shown = |money: Money| if money.is_zero() { String::new() } else { words::amount(money) };
        let summary = match (&row.employer, row.receipt) {
            (Some((_, name)), _) => name.clone(),
            (None, Some(receipt)) => format!("收款 {receipt}"),
            _ => row.entry.clone(),
        };
        lines.push(LedgerLine {
            day: row.day.to_string().get(5..).unwrap_or_default().to_owned().into(),
            business: row.term.clone().into(),
            tag: row.red.then(|| Tag::new(Tone::Bad, "红字")),
            summary: summary.into(),
            voucher: Some(link(words::number(row.voucher), base(&format!("voucher={}", row.voucher)))),
            debit: shown(own.debit).into(),
            credit: shown(own.credit).into(),
            side: side.word().into(),
            balance: words::amount(balance.balance(side)).into(),
            selected: chosen == Some(row.voucher),
        });
    }
    let whole = match chosen {
        Some(id) => books::voucher(store, id).await?,
        None => None,
    };
    let paid = receipt_of(&app.centre, whole.as_ref()).await?;
    let crumbs = [("会计", "/accounting"), ("总账余额", "/ledger"), (&*known.name, "")];
    let frame = who.frame(&app, Area::Accounting, &crumbs).await?;
    let mut actions = vec![
        Button::go("上月", address(&format!("/ledger/{code}"), &ask, &["employer"], &format!("month={}", month.pred()))).key("["),
        Button::go("下月", address(&format!("/ledger/{code}"), &ask, &["employer"], &format!("month={}", month.succ()))).key("]"),
        Button::go("导出 Excel", address(&format!("/ledger/{code}/export"), &ask, &["month", "employer"], "")).key("X"),
    ];
    if let Some(next) = next {
        let more = format!("after={next}");
        actions.push(Button::go("后面的分录", address(&format!("/ledger/{code}"), &ask, &["month", "employer"], &more)).key("J"));
    }
    let whom = employer.map_or(String::new(), |e| format!(" · 单位 {}", words::number(e)));
    let view = SubLedger {
        title: format!("明细账　{code} {}", known.name).into(),
        context: format!("{} · {}{whom}", chart.full_name(code), words_of(month)).into(),
        actions,
        trace: whole.as_ref().map_or(Vec::new(), |w| trace(w, paid.as_ref())),
        path: html! { "总账 " (link(known.code.to_string(), format!("/ledger?month={month}")).show()) },
        proof: Pill::done(format!("期末 {} {}", side.word(), words::amount(balance.balance(side)))),
        lines,
        total: [words::amount(debit).into(), words::amount(credit).into(), side.word().into(), words::amount(balance.balance(side)).into()],
        note: "红字冲减同方向发生额；点凭证号在旁边看分录。".into(),
        voucher: whole.as_ref().map(|w| sheet(w, &chart, paid.as_ref())),
        voucher_actions: whole.as_ref().map_or(Vec::new(), |w| vec![Button::go("打开凭证", format!("/vouchers/{}", w.row.id)).key("O")]),
        voucher_sentence: "".into(),
    };
    Ok(sub_ledger_view::page(&frame, &view).into_response())
}

/// An account that is no leaf: the accounts below it.
async fn below(app: &Arc<App>, who: &Who, chart: &Chart, code: LedgerCode, (from, until): (Day, Day)) -> Answer {
    let balances = books::balances(&app.centre.store, from, until).await?;
    let rows: Vec<Sums> = rolled(chart, &balances).into_iter().filter(|s| s.code.within(code)).collect();
    let month = Month::of(from);
    let name = chart.get(code).map_or(String::new(), |a| a.name.clone());
    let frame = who.frame(app, Area::Accounting, &[("会计", "/accounting"), ("总账余额", "/ledger"), (&name, "")]).await?;
    let leaves = || rows.iter().filter(|s| s.leaf);
    let view = TrialBalance {
        period: format!("{code} {name} · {}", words_of(month)).into(),
        pill: if balances.closed { Pill::done("已结账") } else { Pill::doing("未结账") },
        actions: vec![
            Button::go("上月", format!("/ledger/{code}?month={}", month.pred())).key("["),
            Button::go("下月", format!("/ledger/{code}?month={}", month.succ())).key("]"),
        ],
        proofs: vec![Kpi::new("下级科目", leaves().count().to_string(), "个", "有余额或有发生额的末级科目")],
        classes: vec![(name.into(), rows.iter().map(|s| line(s, month)).collect())],
        total: [
            "".into(),
            words::amount(leaves().map(|s| s.period.debit).sum()).into(),
            words::amount(leaves().map(|s| s.period.credit).sum()).into(),
            "".into(),
        ],
        note: "打开末级科目可看逐笔分录。".into(),
    };
    Ok(trial_balance_view::page(&frame, &view).into_response())
}

const LEDGER: &[Col] = &[
    Col::day("日期", OnPhone::Foot),
    Col::id("凭证号", OnPhone::Line),
    Col::state("摘要", OnPhone::Lead),
    Col::words("单位或收款", OnPhone::Line, 36),
    Col::money("借方", OnPhone::Sum),
    Col::money("贷方", OnPhone::Sum),
    Col::state("向", OnPhone::Hidden),
    Col::money("余额", OnPhone::Side),
];

/// The ledger of a leaf in a month as a list.
pub(crate) async fn account_listing(app: &Centre, reach: &Reach, code: &str, ask: &Asked) -> Answer<Listing> {
    reach.staff()?;
    let code: LedgerCode = code.parse().map_err(|_| Fault::NotFound)?;
    let (from, until) = span(ask, app.day())?;
    let month = Month::of(from);
    let chart = app.chart(until).await?;
    let known = chart.get(code).map_err(|_| Fault::NotFound)?;
    let employer = EmployerId::parse(ask.get("employer"));
    let side = known.class.normal_side();
    let mut balance = books::before(&app.store, code, month, employer).await?;
    let opening = balance.balance(side);
    let (_, rows) = books::lines(&app.store, code, month, employer, VoucherId(0), super::MOST).await?;
    let mut cells = Vec::with_capacity(rows.len());
    let (mut debit, mut credit) = (Money::ZERO, Money::ZERO);
    for row in &rows {
        let own = match row.side {
            Side::Debit => Turnover { debit: row.amount, credit: Money::ZERO },
            Side::Credit => Turnover { debit: Money::ZERO, credit: row.amount },
        };
        balance = balance.plus(own);
        debit += own.debit;
        credit += own.credit;
        let amount = |money: Money| if money.is_zero() { Cell::Blank } else { Cell::Money(money) };
        let whom = match (&row.employer, row.receipt) {
            (Some((_, name)), _) => name.clone(),
            (None, Some(receipt)) => format!("收款 {receipt}"),
            _ => String::new(),
        };
        cells.push(vec![
            Cell::text(row.day.to_string()),
            Cell::text(row.voucher.to_string()),
            Cell::text(&*row.term),
            Cell::text(whom),
            amount(own.debit),
            amount(own.credit),
            Cell::text(side.word()),
            Cell::Money(balance.balance(side)),
        ]);
    }
    let mut totals = vec![Cell::Blank; LEDGER.len()];
    totals[0] = Cell::text("合计");
    totals[4] = Cell::Money(debit);
    totals[5] = Cell::Money(credit);
    totals[7] = Cell::Money(balance.balance(side));
    let under = vec![format!("{code} {}　{month}　期初{} {} 元", chart.full_name(code), side.word(), opening.grouped())];
    Ok(Listing { title: "明细账".into(), under, columns: LEDGER, rows: cells, totals: Some(totals) })
}

const VOUCHERS: &[Col] = &[
    Col::id("凭证号", OnPhone::Side),
    Col::day("记账日期", OnPhone::Foot),
    Col::words("摘要", OnPhone::Lead, 24),
    Col::words("业务", OnPhone::Line, 40),
    Col::state("分录", OnPhone::Hidden),
    Col::money("金额（元）", OnPhone::Sum),
    Col::state("字", OnPhone::FootSide),
    Col::id("业务流水号", OnPhone::Hidden),
];

/// The list before a voucher; whether more follow.
pub(crate) async fn vouchers_listing(app: &Centre, reach: &Reach, ask: &Asked, limit: usize) -> Answer<(Listing, Option<VoucherId>)> {
    reach.staff()?;
    let (_, until) = span(ask, app.day())?;
    let before = VoucherId::parse(ask.get("after")).unwrap_or(VoucherId(i64::MAX));
    let entry = ask.get("entry");
    let mut found = books::vouchers(&app.store, until, before, entry, limit.saturating_add(1)).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|v| v.id);
    let rows = found.iter().map(|v| {
        let term = shell_pipeline::catalogue::action(&v.action).map_or(v.action.as_str(), |a| a.term);
        vec![
            Cell::Go(link(words::number(v.id), format!("/vouchers/{}", v.id))),
            Cell::text(v.day.to_string()),
            Cell::text(&*v.term),
            Cell::text(format!("{term}　{}", v.summary)),
            Cell::text(&*v.entry),
            Cell::Money(v.total),
            Cell::Pill(if v.red { Pill::stopped("红字") } else { Pill::done("蓝字") }),
            Cell::Go(link(words::number(v.case), format!("/cases/{}", v.case))),
        ]
    });
    let under = vec![format!("截至 {until}")];
    Ok((Listing { title: "凭证".into(), under, columns: VOUCHERS, rows: rows.collect(), totals: None }, next))
}

async fn vouchers(State(app): State<Arc<App>>, who: Who, ask: Asked) -> Answer {
    let reach = Reach::of(&app, &who.actor)?;
    let (listing, next) = vouchers_listing(&app.centre, &reach, &ask, PAGE).await?;
    let frame = who.frame(&app, Area::Accounting, &[("会计", "/accounting"), ("凭证", "")]).await?;
    let names = ["day", "month", "entry"];
    let entries = std::iter::once(("".into(), "全部".into()))
        .chain(core_ledger::entries::ALL.iter().map(|t| (t.id.into(), format!("{} {}", t.id, t.term).into())));
    let view = List {
        title: "凭证".into(),
        context: "新的在前；每张凭证都由业务生成".into(),
        actions: vec![
            Button::go("导出 Excel", address("/vouchers/export", &ask, &names, "")).key("X"),
            Button::go("总账余额", "/ledger"),
            Button::go("手工凭证", "/cases/new/accounting.voucher.manual").key("N").primary(),
        ],
        kpis: Vec::new(),
        filter: vec![
            Field::new("day", "不晚于", Kind::Date, ask.get("day").to_owned()).optional(),
            Field::new("entry", "分录", Kind::Many(entries.collect()), ask.get("entry").to_owned()).optional(),
        ],
        segments: Vec::new(),
        table: listing.table(),
        empty: Empty { why: "这一天以前没有凭证。".into(), next: Some(link("看最近的", "/vouchers")) },
        pager: Some(pager(
            listing.rows.len(),
            "张",
            &ask,
            next.map(|n| address("/vouchers", &ask, &names, &format!("after={n}"))),
            &address("/vouchers", &ask, &names, ""),
        )),
    };
    Ok(list_view::page(&frame, &view).into_response())
}

/// The receipt that a voucher's money came by: serial, amount, day, how it was matched.
struct Paid {
    id: ReceiptId,
    serial: String,
    amount: Money,
    day: Day,
    by: &'static str,
}

async fn receipt_of(app: &Centre, whole: Option<&VoucherWhole>) -> Answer<Option<Paid>> {
    let Some(id) = whole.and_then(|w| w.receipt) else { return Ok(None) };
    let found = money::some(&app.store, vec![id.0]).await?.into_iter().next();
    Ok(found.map(|r| Paid { id, by: matched(&r), amount: r.amount, day: r.day, serial: r.serial }))
}

async fn voucher(State(app): State<Arc<App>>, who: Who, Path(id): Path<String>) -> Answer {
    let reach = Reach::of(&app, &who.actor)?;
    let id = VoucherId::parse(&id).ok_or(Fault::NotFound)?;
    let whole = books::voucher(&app.centre.store, id).await?.ok_or(Fault::NotFound)?;
    if let Some(own) = reach.own
        && !whole.postings.iter().any(|p| p.employer.as_ref().is_some_and(|(e, _)| *e == own))
    {
        return Err(Fault::NotFound);
    }
    let chart = app.centre.chart(whole.row.day).await?;
    let paid = receipt_of(&app.centre, Some(&whole)).await?;
    let number = words::number(id);
    let frame = who.frame(&app, Area::Accounting, &[("会计", "/accounting"), ("凭证", "/vouchers"), (&number, "")]).await?;
    let mut actions = vec![Button::go("导出 Excel", format!("/vouchers/{id}/export")).key("X")];
    let mut sentence = "";
    if let (Some(list), false, None, None) = (whole.list, whole.row.red, whole.reversed_by, reach.own) {
        actions.push(Button::go("申请冲正", format!("/cases/new/collection.remittance.reverse?list={}", list.list)).danger());
        sentence = "冲正须两级复核";
    }
    let view = VoucherPage {
        trace: trace(&whole, paid.as_ref()),
        voucher: sheet(&whole, &chart, paid.as_ref()),
        actions,
        sentence: sentence.into(),
    };
    Ok(voucher_view::page(&frame, &view).into_response())
}

fn items(posting: &PostingRow, whole: &VoucherWhole) -> Vec<(crate::ui::Text, Markup)> {
    let mut items = Vec::new();
    if let Some((id, name)) = &posting.employer {
        items.push(("单位".into(), link(name.clone(), format!("/employers/{id}")).show()));
    }
    if let Some(receipt) = posting.receipt {
        items.push(("收款".into(), link(receipt.to_string(), format!("/receipts/{receipt}")).show()));
    }
    if let (Some(list), true, Some((employer, _))) = (whole.list, posting.account == core_ledger::entries::MEMBERS, &posting.employer) {
        let href = format!("/remittance/{employer}/{}?list={}&show=all", list.month, list.list);
        items.push(("职工".into(), link(format!("{} 人明细", list.people), href).show()));
    }
    items
}

fn sheet(whole: &VoucherWhole, chart: &Chart, paid: Option<&Paid>) -> Voucher {
    let row = &whole.row;
    let posting = |p: &PostingRow| Posting {
        side: if p.side == Side::Debit { Shown::Debit } else { Shown::Credit },
        account: chart.get(p.account).map_or_else(|_| p.account.to_string(), |a| a.name.clone()).into(),
        code: p.account.to_string().into(),
        items: items(p, whole),
        amount: words::amount(p.amount).into(),
    };
    let term = shell_pipeline::catalogue::action(&row.action).map_or(row.action.as_str(), |a| a.term);
    let mut links = vec![Fact::drawn("业务", link(format!("{term} {}", words::number(row.case)), format!("/cases/{}", row.case)).show())];
    if let Some(paid) = paid {
        let words = format!("{}　{} 元", paid.serial, words::amount(paid.amount));
        links.push(Fact::drawn("银行流水", link(words, format!("/receipts/{}", paid.id)).show()));
    }
    for sister in whole.sisters.iter().take(4) {
        links.push(Fact::drawn("同笔凭证", voucher_link(sister)));
    }
    if let Some(original) = row.reverses {
        links.push(Fact::drawn("冲销", link(words::number(original), format!("/vouchers/{original}")).show()));
    }
    if let Some(red) = whole.reversed_by {
        links.push(Fact::drawn("被冲正", link(words::number(red), format!("/vouchers/{red}")).show()));
    }
    links.push(Fact::new("依据", format!("分录 {} · {}", row.entry, row.term)));
    let mut makers: Vec<Fact> = whole
        .hands
        .iter()
        .map(|(name, kind, at)| {
            Fact::new(step(kind), format!("{} {}", if name.is_empty() { "系统" } else { name.as_str() }, words::moment(*at)))
        })
        .collect();
    if let Some((_, mac)) = &whole.audit {
        makers.push(Fact::drawn("审计摘要", digest("", &words::grouped_hex(mac, 2))));
    }
    Voucher {
        number: words::number(row.id).into(),
        pill: match (row.red, whole.reversed_by) {
            (true, _) => Pill::stopped("红字凭证"),
            (false, Some(_)) => Pill::over("已冲正"),
            (false, None) => Pill::done("已记账"),
        },
        heads: vec![Fact::new("业务", format!("{term} · {}", row.term)), Fact::new("记账日期", row.day.to_string())],
        postings: whole.postings.iter().map(posting).collect(),
        total: words::amount(row.total).into(),
        in_words: row.total.to_words().into(),
        links,
        makers,
    }
}

fn voucher_link(row: &VoucherRow) -> Markup {
    link(format!("{}　{} {}", words::number(row.id), row.term, words::amount(row.total)), format!("/vouchers/{}", row.id)).show()
}

/// From the bank's line to the members and the seal.
fn trace(whole: &VoucherWhole, paid: Option<&Paid>) -> Vec<Node> {
    let row = &whole.row;
    let node = |kind: &'static str, links: Vec<crate::ui::Link>, figure: String, time: String| Node {
        kind: kind.into(),
        links,
        figure: figure.into(),
        time: time.into(),
        current: kind == "凭证",
    };
    let mut nodes = Vec::new();
    if let Some(paid) = paid {
        let here = format!("/receipts/{}", paid.id);
        nodes.push(node("银行流水", vec![link(paid.serial.clone(), here.clone())], words::amount(paid.amount), paid.day.to_string()));
        nodes.push(node("到账匹配", vec![link("怎样认出", here)], paid.by.into(), paid.day.to_string()));
    }
    let employer = whole.postings.iter().find_map(|p| p.employer.as_ref()).map(|(id, _)| *id);
    if let (Some(list), Some(employer)) = (&whole.list, employer) {
        let desk = format!("/remittance/{employer}/{}?list={}", list.month, list.list);
        nodes.push(node(
            "清册",
            vec![link(words::number(list.list), desk.clone())],
            format!("{} 人", list.people),
            list.confirmed.to_string(),
        ));
        nodes.push(node(
            "凭证",
            vec![link(words::number(row.id), format!("/vouchers/{}", row.id))],
            words::amount(row.total),
            row.day.to_string(),
        ));
        nodes.push(node(
            "职工明细",
            vec![link(format!("{} 行", list.people), format!("{desk}&show=all"))],
            words::amount(list.total),
            row.day.to_string(),
        ));
    } else {
        nodes.push(node(
            "业务",
            vec![link(words::number(row.case), format!("/cases/{}", row.case))],
            row.summary.clone(),
            row.day.to_string(),
        ));
        nodes.push(node(
            "凭证",
            vec![link(words::number(row.id), format!("/vouchers/{}", row.id))],
            words::amount(row.total),
            row.day.to_string(),
        ));
    }
    let (figure, time) = match whole.seal {
        Some((seal, day)) => (format!("第 {seal} 号封签"), day.to_string()),
        None => ("日终时封签".to_owned(), whole.audit.as_ref().map_or(String::new(), |(at, _)| words::moment(*at))),
    };
    let about = link(format!("记录 {}", row.audit), format!("/audit?q={}", row.case));
    nodes.push(node("审计封签", vec![about], figure, time));
    nodes
}

const POSTINGS: &[Col] = &[
    Col::id("科目编号", OnPhone::Line),
    Col::words("科目", OnPhone::Lead, 30),
    Col::words("单位", OnPhone::Line, 36),
    Col::money("借方", OnPhone::Sum),
    Col::money("贷方", OnPhone::Sum),
];

/// One voucher as a list of its postings.
pub(crate) async fn voucher_listing(app: &Centre, reach: &Reach, id: &str) -> Answer<Listing> {
    let id = VoucherId::parse(id).ok_or(Fault::NotFound)?;
    let whole = books::voucher(&app.store, id).await?.ok_or(Fault::NotFound)?;
    if let Some(own) = reach.own
        && !whole.postings.iter().any(|p| p.employer.as_ref().is_some_and(|(e, _)| *e == own))
    {
        return Err(Fault::NotFound);
    }
    let chart = app.chart(whole.row.day).await?;
    let rows = whole.postings.iter().map(|p| {
        let (debit, credit) =
            if p.side == Side::Debit { (Cell::Money(p.amount), Cell::Blank) } else { (Cell::Blank, Cell::Money(p.amount)) };
        vec![
            Cell::text(p.account.to_string()),
            Cell::text(chart.get(p.account).map_or_else(|_| p.account.to_string(), |a| a.name.clone())),
            Cell::text(p.employer.as_ref().map_or("", |(_, name)| name.as_str())),
            debit,
            credit,
        ]
    });
    let mut totals = vec![Cell::Blank; POSTINGS.len()];
    totals[0] = Cell::text("合计");
    totals[1] = Cell::text(whole.row.total.to_words());
    totals[3] = Cell::Money(whole.row.total);
    totals[4] = Cell::Money(whole.row.total);
    let under = vec![format!("凭证 {id}　{}　{}　业务 {}", whole.row.day, whole.row.term, whole.row.case)];
    Ok(Listing { title: "记账凭证".into(), under, columns: POSTINGS, rows: rows.collect(), totals: Some(totals) })
}
