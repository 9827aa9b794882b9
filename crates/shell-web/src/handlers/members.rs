//! Members (职工): the list with search, member 360°, unmasking, statement as PDF and workbook.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use core_calendar::{Day, FundYear, Month};
use core_case::effect::Subject;
use core_case::form::Choice;
use core_case::ids::{CaseId, EmployerId, SavingsId};
use core_case::state::SavingsState;
use core_identity::fold_width;
use core_money::Money;
use maud::{Markup, html};
use shell_files::pdf::{MemberLine, MemberStatement, Verification};
use shell_pipeline::people::{PersonalField, Why as Reason};
use shell_store::views::members::{self, EntryRow, History, MemberHead, Which};
use shell_store::views::{PAGE, books, lists};

use super::documents::{copy_of, letterhead, pdf, printing};
use crate::app::App;
use crate::fault::{Answer, Fault};
use crate::listing::{Cell, Col, Listing};
use crate::posted::{Asked, Post};
use crate::reach::Reach;
use crate::ui::chart::Shade;
use crate::ui::empty::Empty;
use crate::ui::field::{Field, Kind};
use crate::ui::frame::Area;
use crate::ui::mark::digest;
use crate::ui::months::{Month as Shown, Year};
use crate::ui::pager::Pager;
use crate::ui::table::{Line, OnPhone, Row, Table, narrow, words as word_column};
use crate::ui::tabs::Tab;
use crate::ui::unmask::{Unmask, unmasked};
use crate::ui::{Button, Fact, Pill, Tag, Text, Tone, link};
use crate::views::list::{self as list_view, List};
use crate::views::member::{self as member_view, Entry, Member, Movement, Why};
use crate::who::Who;
use crate::words;
use shell_pipeline::Look;

/// Entries of an account on one page.
const ENTRIES: usize = 30;

/// Fund-years that the grid shows at most.
const YEARS: usize = 12;

/// How long an unmasked value is shown, in seconds.
const SHOWN: u32 = 60;

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/members", get(index))
        .route("/members/{savings}", get(one))
        .route("/members/{savings}/unmask", post(unmask))
        .route("/members/{savings}/statement.pdf", get(statement_pdf))
}

const COLUMNS: &[Col] = &[
    Col::words("职工", OnPhone::Lead, 12).page(),
    Col::id("个人账号", OnPhone::Hidden).file(),
    Col::words("姓名", OnPhone::Hidden, 10).file(),
    Col::words("单位", OnPhone::Line, 34),
    Col::id("单位账号", OnPhone::Hidden).file(),
    Col::money("缴存基数", OnPhone::Named),
    Col::money("余额（元）", OnPhone::Sum),
    Col::day("开户日期", OnPhone::Hidden),
    Col::state("状态", OnPhone::Side),
];

/// What the words of a search mean: an account number, the last six of a document, or the beginning of a name.
fn asked(reach: &Reach, ask: &Asked) -> Which {
    let q = fold_width(ask.get("q"));
    let q = q.trim();
    let digits = q.bytes().filter(u8::is_ascii_digit).count();
    let employer = reach.own.or_else(|| EmployerId::parse(ask.get("employer")));
    let mut which = Which { employer, state: SavingsState::from_code(ask.get("state")), ..Which::default() };
    if q.len() > 6 && digits == q.len() {
        which.savings = SavingsId::parse(q);
    } else if q.len() == 6 && digits >= 5 {
        which.six = Some(q.to_uppercase());
    } else if !q.is_empty() {
        which.name = Some(q.to_owned());
    }
    which
}

fn pill(state: SavingsState) -> Pill {
    match state {
        SavingsState::Normal => Pill::done(state.words()),
        SavingsState::Sealed => Pill::idle(state.words()),
        _ => Pill::over(state.words()),
    }
}

/// The list after an account; whether more follow.
pub(crate) async fn listing(
    app: &shell_pipeline::Centre,
    reach: &Reach,
    ask: &Asked,
    limit: usize,
) -> Answer<(Listing, Option<SavingsId>)> {
    let which = asked(reach, ask);
    let after = SavingsId::parse(ask.get("after")).unwrap_or(SavingsId(0));
    let mut found = members::list(&app.store, &which, after, limit.saturating_add(1)).await?;
    // A search by number, name or document looks everywhere; an officer sees only what is the own employer's.
    if let Some(own) = reach.own {
        found.retain(|m| m.employer == own);
    }
    let more = found.len() > limit;
    found.truncate(limit);
    // A search by name has no next page: more of the name finds fewer people.
    let next = found.last().filter(|_| more && which.name.is_none()).map(|m| m.savings);
    let rows = found.iter().map(|m| {
        vec![
            Cell::Two(link(m.name.clone(), format!("/members/{}", m.savings)), words::number(m.savings)),
            Cell::text(m.savings.to_string()),
            Cell::text(&*m.name),
            Cell::Go(link(m.employer_name.clone(), format!("/employers/{}", m.employer))),
            Cell::text(m.employer.to_string()),
            m.base.map_or(Cell::Blank, Cell::Money),
            Cell::Money(m.balance),
            Cell::text(m.opened.to_string()),
            Cell::Pill(pill(m.state)),
        ]
    });
    let listing = Listing {
        title: "职工".into(),
        under: vec![format!("营业日 {}", app.day())],
        columns: COLUMNS,
        rows: rows.collect(),
        totals: None,
    };
    Ok((listing, next))
}

async fn index(State(app): State<Arc<App>>, who: Who, ask: Asked) -> Answer {
    let reach = Reach::of(&app, &who.actor)?;
    let (listing, next) = listing(&app.centre, &reach, &ask, PAGE).await?;
    let frame = who.frame(&app, Area::Collection, &[("归集", "/collection"), ("职工", "")]).await?;
    let query = |more: &str| crate::listing::address("/members", &ask, &["q", "employer", "state"], more);
    let states = std::iter::once(("".into(), "全部".into()))
        .chain([SavingsState::Normal, SavingsState::Sealed].map(|s| (Text::from(s.code()), Text::from(s.words()))));
    let view = List {
        title: "职工".into(),
        context: if listing.rows.len() == PAGE && next.is_none() {
            "只列前 50 人，姓名写得更全可以少找一些 · 姓名默认隐去".into()
        } else {
            format!("本页 {} 人 · 姓名默认隐去", listing.rows.len()).into()
        },
        actions: vec![
            Button::go("导出 Excel", query("").replacen("/members", "/members/export", 1)).key("X"),
            Button::go("个人开户", "/cases/new/collection.member.open").key("N").primary(),
        ],
        kpis: Vec::new(),
        filter: vec![
            Field::new("q", "个人账号、姓名开头或证件后六位", Kind::Line, ask.get("q").to_owned()).optional().span(2),
            Field::new("employer", "单位账号", Kind::Line, ask.get("employer").to_owned()).optional(),
            Field::new("state", "状态", Kind::Many(states.collect()), ask.get("state").to_owned()).optional(),
        ],
        segments: Vec::new(),
        table: listing.table(),
        empty: Empty {
            why: "没有符合条件的职工。姓名要从头写起，证件写后六位。".into(), next: Some(link("看全部", "/members"))
        },
        pager: Some(pager(listing.rows.len(), "人", &ask, next.map(|n| query(&format!("after={n}"))), "/members")),
    };
    Ok(list_view::page(&frame, &view).into_response())
}

/// Place in a list that is walked by keys: forward by the last key, back to its beginning.
pub(crate) fn pager(shown: usize, unit: &str, ask: &Asked, next: Option<String>, first: &str) -> Pager {
    let later = !ask.get("after").is_empty();
    Pager { place: format!("本页 {shown} {unit}").into(), before: later.then(|| first.to_owned().into()), after: next.map(Into::into) }
}

async fn found(app: &App, who: &Who, savings: &str) -> Answer<(Reach, MemberHead)> {
    let reach = Reach::of(app, &who.actor)?;
    let id = SavingsId::parse(savings).ok_or(Fault::NotFound)?;
    let head = members::one(&app.centre.store, id).await?.ok_or(Fault::NotFound)?;
    reach.employer(head.employer)?;
    Ok((reach, head))
}

async fn one(State(app): State<Arc<App>>, who: Who, Path(savings): Path<String>, ask: Asked) -> Answer {
    let (reach, head) = found(&app, &who, &savings).await?;
    look(&app, &who, &head, "read", serde_json::json!({ "page": "member", "tab": tab(&ask) })).await?;
    Ok(drawn(&app, &who, &reach, &head, &ask, None).await?.into_response())
}

/// Records the look before anything of it is shown.
async fn look(app: &App, who: &Who, head: &MemberHead, kind: &'static str, detail: serde_json::Value) -> Answer<()> {
    let object = Subject::Savings(head.savings).key();
    app.looks.record(Look { by: who.actor.user, origin: who.origin.clone(), kind, object, detail }).await?;
    Ok(())
}

fn tab(ask: &Asked) -> &'static str {
    match ask.get("tab") {
        "changes" => "changes",
        "looks" => "looks",
        _ => "entries",
    }
}

/// Values in the clear, for the one page that follows their record.
struct Clear {
    id_number: Option<String>,
    mobile: Option<String>,
    card: Option<String>,
}

async fn unmask(State(app): State<Arc<App>>, Path(savings): Path<String>, Post { who, form }: Post) -> Answer {
    let (reach, head) = found(&app, &who, &savings).await?;
    let subject = Subject::Savings(head.savings);
    let in_flight = members::in_flight(&app.centre.store, subject).await?;
    let why = match (form.get("reason"), in_flight.first()) {
        ("case", Some(case)) => Reason::Case(case.case),
        ("document", _) => Reason::Reason("窗口核对证件原件".into()),
        ("member", _) => Reason::Reason("职工本人当面要求核对".into()),
        _ => return Err(Fault::Told("查看明文要选一个理由。".into())),
    };
    let mut clear = Clear { id_number: None, mobile: None, card: None };
    let wanted = [
        (PersonalField::IdNumber, true, &mut clear.id_number),
        (PersonalField::Mobile, head.mobile.is_some(), &mut clear.mobile),
        (PersonalField::Card, head.card.is_some(), &mut clear.card),
    ];
    for (field, there, into) in wanted {
        if there {
            let value = app.centre.unmask(&who.actor, &who.origin, subject, field, &why).await?;
            *into = Some(value.expose().to_owned());
        }
    }
    let mut page = drawn(&app, &who, &reach, &head, &Asked::default(), Some(clear)).await?.into_response();
    // The page holds clear values: nothing may keep it.
    page.headers_mut().insert(axum::http::header::CACHE_CONTROL, axum::http::HeaderValue::from_static("no-store"));
    Ok(page)
}

async fn drawn(app: &App, who: &Who, reach: &Reach, head: &MemberHead, ask: &Asked, clear: Option<Clear>) -> Answer<Markup> {
    let store = &app.centre.store;
    let base = format!("/members/{}", head.savings);
    let history = members::history(store, head.savings, head.employer).await?;
    let tab = tab(ask);
    let before = ask.get("before").parse::<i64>().ok().filter(|n| *n > 0).unwrap_or(i64::MAX);
    let mut entries = if tab == "entries" { members::entries(store, head.savings, before, ENTRIES + 1).await? } else { Vec::new() };
    let more = entries.len() > ENTRIES;
    entries.truncate(ENTRIES);
    let why_seq = ask.get("why").parse::<i64>().ok();
    let why = match why_seq {
        Some(seq) => because(app, head, seq, &base).await?,
        None => None,
    };
    let mut shown: Vec<Entry> = entries.iter().map(|e| movement(e, &base, why_seq)).collect();
    if let (true, Some(last)) = (more, entries.last()) {
        shown.push(Entry::Folded(link(format!("更早的 {} 笔", last.seq - 1), format!("{base}?before={}", last.seq))));
    }
    let tab_body = match tab {
        "changes" => Some(changes(&history)),
        "looks" => Some(looks(&members::looks(store, Subject::Savings(head.savings)).await?)),
        _ => None,
    };
    let mut frame = who.frame(app, Area::Collection, &[("归集", "/collection"), ("职工", "/members"), (&head.name, "")]).await?;
    let clear_now = clear.is_some();
    if clear_now {
        frame.refresh = Some(SHOWN);
    }
    let available = head.balance - head.reserved;
    let changes = history.bases.len() + history.memberships.len() + history.seals.len();
    let mut actions = vec![
        Button::go("打印对账单", format!("{base}/statement.pdf")).key("P"),
        Button::go("导出 Excel", format!("{base}/export")).key("X"),
    ];
    if reach.own.is_none() {
        actions.push(Button::go("办理业务", format!("/catalogue?savings={}", head.savings)).key("N").primary());
    }
    let current = |name: &str, one: Tab| if tab == name { one.current() } else { one };
    let view = Member {
        name: head.name.clone().into(),
        pill: pill(head.state),
        context: html! { "个人账号 " (words::number(head.savings)) " · " (link(head.employer_name.clone(), format!("/employers/{}", head.employer)).show()) },
        actions,
        balance: words::amount(head.balance).into(),
        made_of: vec![
            Fact::amount("上年结转", &words::amount(head.carried_over)),
            Fact::amount("当年归集", &words::amount(head.current_year)),
        ],
        available: vec![Fact::amount("占用", &words::amount(-head.reserved)), Fact::amount("可用", &words::amount(available)).total()],
        shares: shares(head.balance, head.reserved),
        months_note: format!("公积金年度，7 月至次年 6 月 · 共缴 {} 个月", history.months.iter().filter(|m| m.total.is_positive()).count())
            .into(),
        years: years(head, &history, app.centre.day()),
        tabs: vec![
            current("entries", Tab::new("明细", head.entries.to_string(), base.clone())),
            current("changes", Tab::new("变更", changes.to_string(), format!("{base}?tab=changes"))),
            current("looks", Tab::new("查看记录", "", format!("{base}?tab=looks"))),
        ],
        entries: shown,
        entries_note: "红字为冲正：与原笔同科目、同方向、负数。".into(),
        tab_body,
        identity: identity(head, clear),
        unmask: unmask_control(who, &history, &base, clear_now),
        contribution: contribution(head, &history),
        contribution_note: "月缴存额为最近一个已入账月份的合计".into(),
        in_flight: history.in_flight.iter().map(in_flight).collect(),
        why,
    };
    Ok(member_view::page(&frame, &view))
}

fn shares(balance: Money, reserved: Money) -> Vec<(Shade, u32, Text)> {
    let available = balance - reserved;
    let mut shares =
        vec![(Shade::Main, words::thousandths(available.fen(), balance.fen()), format!("可用 {}", words::amount(available)).into())];
    if reserved.is_positive() {
        shares.push((
            Shade::Second,
            words::thousandths(reserved.fen(), balance.fen()),
            format!("占用 {}，等银行付款结果", words::amount(reserved)).into(),
        ));
    }
    shares
}

fn movement(entry: &EntryRow, base: &str, why: Option<i64>) -> Entry {
    let summary = match entry.month {
        Some(month) => format!("{} 年 {} 月 · {}", month.year(), month.month(), entry.employer_name),
        None => entry.employer_name.clone(),
    };
    let sign = if entry.amount.is_negative() { "" } else { "+" };
    Entry::One(Movement {
        day: entry.day.to_string().into(),
        business: if entry.red { "汇缴".into() } else { entry.kind_words().into() },
        why: Some(format!("{base}?why={}", entry.seq).into()),
        tag: entry.red.then(|| Tag::new(Tone::Bad, "冲正")),
        summary: summary.into(),
        amount: format!("{sign}{}", words::amount(entry.amount)).into(),
        balance: words::amount(entry.balance).into(),
        voucher: link(words::number(entry.voucher), format!("/vouchers/{}", entry.voucher)),
        selected: why == Some(entry.seq),
    })
}

/// Why an entry was posted: the rules that held when its list was confirmed and when it was posted.
async fn because(app: &App, head: &MemberHead, seq: i64, base: &str) -> Answer<Option<Why>> {
    let store = &app.centre.store;
    let Some(entry) = members::entry(store, head.savings, seq).await? else { return Ok(None) };
    let Some(voucher) = books::voucher(store, entry.voucher).await? else { return Ok(None) };
    let mut cases: Vec<CaseId> = Vec::new();
    if let Some(list) = entry.list
        && let Some(list) = lists::one(store, list).await?
    {
        cases.push(list.case);
    }
    if !cases.contains(&voucher.row.case) {
        cases.push(voucher.row.case);
    }
    let policy = app.centre.policy();
    let mut reasons = Vec::new();
    let mut rule_set = String::new();
    for case in &cases {
        if let Some(whole) = shell_store::cases::whole(store, *case).await? {
            let kept = shell_store::cases::reasons(store, &whole.case).await?;
            for check in words::reasons(&policy, &kept) {
                if !reasons.iter().any(|r: &crate::ui::Check| r.asked == check.asked) {
                    reasons.push(check);
                }
            }
            rule_set = whole.case.policy;
        }
    }
    let mut hands: Vec<Fact> = voucher
        .hands
        .iter()
        .map(|(name, kind, at)| {
            let who = if name.is_empty() { "系统" } else { name.as_str() };
            Fact::new(step(kind), format!("{who}　{}", words::moment(*at)))
        })
        .collect();
    hands.push(Fact::new("起息日", entry.value_day.to_string()));
    hands.push(Fact::drawn("规则集", digest("", &words::grouped_hex(&rule_set, 2))));
    let mut links = vec![link("凭证", format!("/vouchers/{}", entry.voucher)), link("业务", format!("/cases/{}", voucher.row.case))];
    if let Some(receipt) = voucher.receipt {
        links.push(link("银行流水", format!("/receipts/{receipt}")));
    }
    let business = if entry.red { "冲正" } else { entry.kind_words() };
    Ok(Some(Why {
        title: "为什么记了这笔".into(),
        amount: words::amount(entry.amount).into(),
        context: vec![format!("{business} · {}", entry.day).into(), format!("业务号 {}", words::number(voucher.row.case)).into()],
        edition: html! { "记账日 " b { (entry.day) } "，按当日有效的规则" },
        reasons,
        hands,
        links,
        close: base.to_owned().into(),
    }))
}

/// A kind of step in words.
pub(crate) fn step(kind: &str) -> &'static str {
    match kind {
        "entered" => "经办",
        "approved" => "复核",
        "returned" => "退回",
        "differs" => "重新复核",
        "resubmitted" => "重新提交",
        "corrected" => "更正",
        "committed" => "入账",
        _ => "处理",
    }
}

/// The grid of fund-years, newest first.
fn years(head: &MemberHead, history: &History, today: Day) -> Vec<Year> {
    let last_paid = history.months.iter().filter(|m| m.total.is_positive()).map(|m| m.month).next_back();
    let first = history.months.first().map_or(head.first_month, |m| m.month).max(head.first_month);
    let most = history.months.iter().map(|m| m.total.fen()).max().unwrap_or(0).max(1);
    let mut years = Vec::new();
    let mut year = FundYear::of(today).max(last_paid.map_or(FundYear::of(today), FundYear::of_month));
    while years.len() < YEARS && year >= FundYear::of_month(first) {
        let mut total = Money::ZERO;
        let months: Vec<(Shown, Text)> = year
            .months()
            .map(|month| {
                let paid = history.months.iter().find(|m| m.month == month && m.total.is_positive());
                if let Some(paid) = paid {
                    total += paid.total;
                }
                let (kind, said) = month_cell(month, first, last_paid, paid, history, most);
                (kind, format!("{} 年 {} 月，{said}", month.year(), month.month()).into())
            })
            .collect();
        let base = history.bases.iter().rev().find(|b| b.from <= year.last_month()).map(|b| b.what);
        let Ok(months) = months.try_into() else { break };
        years.push(Year {
            label: format!("{}–{:02}", year.year(), (year.year() + 1) % 100).into(),
            months,
            base: base.map_or("—".into(), |b| words::amount(b).into()),
            total: words::amount(total).into(),
        });
        year = year.pred();
    }
    years
}

fn month_cell(
    month: Month,
    first: Month,
    last_paid: Option<Month>,
    paid: Option<&members::MonthPaid>,
    history: &History,
    most: i64,
) -> (Shown, String) {
    if let Some(paid) = paid {
        let shade = u8::try_from((paid.total.fen() * 4 + most - 1) / most).unwrap_or(4).clamp(1, 4);
        let said = format!("{} 元", words::amount(paid.total));
        return match (paid.corrected, paid.supplementary) {
            (true, _) => (Shown::Corrected(shade), format!("更正后 {said}")),
            (_, true) => (Shown::BackPaid(shade), format!("补缴 {said}")),
            _ => (Shown::Paid(shade), said),
        };
    }
    if history.seals.iter().any(|s| s.from <= month && s.until.is_none_or(|until| until >= month)) {
        return (Shown::Sealed, "封存".into());
    }
    if month < first {
        return (Shown::Before, "本系统记账前".into());
    }
    if last_paid.is_some_and(|last| month < last) {
        return (Shown::Missed, "未缴".into());
    }
    (Shown::ToCome, "未到".into())
}

fn identity(head: &MemberHead, clear: Option<Clear>) -> Vec<Fact> {
    let clear = clear.unwrap_or(Clear { id_number: None, mobile: None, card: None });
    let value = |label: &'static str, clear: Option<String>, mask: &str| match clear {
        Some(value) => Fact::drawn(label, unmasked(&value, mask, SHOWN)),
        None => Fact::new(label, mask.to_owned()),
    };
    let kind = shell_files::codes::words(shell_files::codes::ID_TYPE, &head.id_kind).unwrap_or("证件");
    let mut facts =
        vec![Fact::new("姓名", head.name.clone()), Fact::new("证件类型", kind), value("证件号码", clear.id_number, &head.id_number)];
    if let Some(mobile) = &head.mobile {
        facts.push(value("手机", clear.mobile, mobile));
    }
    if let Some(card) = &head.card {
        facts.push(value("收款卡", clear.card, card));
        facts.extend(head.card_bank.clone().map(|bank| Fact::new("开户银行", bank)));
    }
    facts
}

fn unmask_control(who: &Who, history: &History, base: &str, clear: bool) -> Option<Unmask> {
    if clear || who.actor.may("unmask").is_none() {
        return None;
    }
    let mut reasons: Vec<(Text, Text)> = Vec::new();
    if let Some(case) = history.in_flight.first() {
        reasons.push(("case".into(), format!("办理中的业务 {}", words::number(case.case)).into()));
    }
    reasons.push(("document".into(), "窗口核对证件原件".into()));
    reasons.push(("member".into(), "职工本人当面要求核对".into()));
    Some(Unmask { action: format!("{base}/unmask").into(), reasons, form_token: who.form_token.clone().into() })
}

fn contribution(head: &MemberHead, history: &History) -> Vec<Fact> {
    let paid = history.months.iter().rev().find(|m| m.total.is_positive());
    let paid_to = paid.map(|m| m.month).or(head.taken_over_paid_to);
    let mut facts = Vec::new();
    if let Some(base) = history.bases.last() {
        facts.push(Fact::amount("缴存基数", &words::amount(base.what)));
    }
    if let Some((_, own, member)) = history.rates.last() {
        facts.push(Fact::new("比例", format!("{own} % + {member} %")));
    }
    if let Some(paid) = paid {
        facts.push(Fact::amount("月缴存额", &words::amount(paid.total)));
    }
    facts.push(Fact::new("缴至年月", paid_to.map_or("尚未缴存".into(), |m| m.to_string())));
    facts.push(Fact::new("首次汇缴", head.first_month.to_string()));
    facts.push(Fact::new("开户", head.opened.to_string()));
    if let Some(seal) = history.seals.iter().rev().find(|s| s.until.is_none()) {
        facts.push(Fact::new("封存", format!("自 {} · {}", seal.from, seal.what.words())));
    }
    facts
}

pub(crate) fn in_flight(case: &members::InFlight) -> (crate::ui::Link, Text, Text, Pill) {
    let term = shell_pipeline::catalogue::action(&case.action).map_or(case.action.as_str(), |a| a.term);
    let promised = case.promised.map_or(String::new(), |d| format!(" · 限 {}", &d.to_string()[5..]));
    (
        link(term.to_owned(), format!("/cases/{}", case.case)),
        case.amount.map_or(String::new(), words::amount).into(),
        format!("{}{promised}", words::number(case.case)).into(),
        words::state(case.state),
    )
}

fn span(from: Month, until: Option<Month>) -> String {
    match until {
        Some(until) => format!("{from} 至 {until}"),
        None => format!("{from} 起"),
    }
}

/// Dated records, newest first: memberships, bases, seals.
fn changes(history: &History) -> Markup {
    let mut all: Vec<(Month, String, &'static str, String, CaseId)> = Vec::new();
    for m in &history.memberships {
        let how = match m.what.2.as_str() {
            "0" => "接管时在册",
            "1" => "开户",
            _ => "转入",
        };
        all.push((m.from, span(m.from, m.until), "缴存单位", format!("{}（{how}）", m.what.1), m.case));
    }
    for b in &history.bases {
        all.push((b.from, span(b.from, None), "缴存基数", format!("{} 元", words::amount(b.what)), b.case));
    }
    for s in &history.seals {
        all.push((s.from, span(s.from, s.until), "封存", s.what.words().to_owned(), s.case));
    }
    all.sort_by(|a, b| b.0.cmp(&a.0).then(b.4.cmp(&a.4)));
    let columns = vec![
        narrow("期间", OnPhone::Foot),
        narrow("事项", OnPhone::Lead),
        word_column("内容", OnPhone::Line),
        narrow("业务", OnPhone::Side),
    ];
    let lines = all.into_iter().map(|(_, when, what, value, case)| {
        let case = link(words::number(case), format!("/cases/{case}"));
        Line::Row(Row::new(vec![html! { (when) }, html! { (what) }, html! { (value) }, case.show()]))
    });
    Table { caption: "变更".into(), columns, lines: lines.collect(), walk: true }.show()
}

/// Who looked, newest first.
fn looks(list: &[members::Look]) -> Markup {
    let columns = vec![
        narrow("时间", OnPhone::Foot),
        narrow("何人", OnPhone::Lead),
        narrow("方式", OnPhone::Side),
        word_column("理由", OnPhone::Line),
    ];
    let lines = list.iter().map(|look| {
        let detail: serde_json::Value = serde_json::from_str(&look.detail).unwrap_or_default();
        let reason = detail.get("reason").and_then(|r| r.as_str()).map(str::to_owned);
        let case = detail.get("case").and_then(serde_json::Value::as_i64).map(|c| format!("业务 {}", words::number(CaseId(c))));
        let way = match look.kind.as_str() {
            "unmask" => "显示明文",
            "print" => "打印",
            "export" => "导出",
            _ => "查看页面",
        };
        let why =
            reason.or(case).unwrap_or_else(|| if look.result == "denied" { "没有权限，未显示".into() } else { "默认隐去".into() });
        Line::Row(Row::new(vec![html! { (words::full_moment(look.at)) }, html! { (look.who) }, html! { (way) }, html! { (why) }]))
    });
    Table { caption: "查看记录".into(), columns, lines: lines.collect(), walk: true }.show()
}

/// The period of a statement: as asked, or this fund-year until the business day.
pub(crate) fn period(ask: &Asked, today: Day) -> Answer<(Day, Day)> {
    let day = |name: &str, or: Day| match ask.get(name) {
        "" => Ok(or),
        text => Day::parse(text).map_err(|_| Fault::Told(format!("日期“{text}”写成 2025-07-01 的样子。"))),
    };
    let (from, until) = (day("from", FundYear::of(today).first_day())?, day("until", today)?);
    if from > until {
        return Err(Fault::Told(format!("起始日 {from} 晚于截止日 {until}。")));
    }
    Ok((from, until))
}

const STATEMENT: &[Col] = &[
    Col::day("记账日期", OnPhone::Foot),
    Col::day("起息日", OnPhone::Hidden),
    Col::state("业务", OnPhone::Lead),
    Col::day("所属年月", OnPhone::Line),
    Col::money("单位部分", OnPhone::Hidden),
    Col::money("个人部分", OnPhone::Hidden),
    Col::money("发生额", OnPhone::Sum),
    Col::money("余额", OnPhone::Side),
    Col::words("单位", OnPhone::Line, 34),
    Col::id("凭证号", OnPhone::Hidden),
];

/// The statement of an account as a list.
pub(crate) async fn statement(app: &shell_pipeline::Centre, reach: &Reach, savings: SavingsId, ask: &Asked) -> Answer<Listing> {
    let head = members::one(&app.store, savings).await?.ok_or(Fault::NotFound)?;
    reach.employer(head.employer)?;
    let (from, until) = period(ask, app.day())?;
    let (opening, entries) = members::statement(&app.store, savings, from, until).await?;
    let side = |e: &EntryRow, first: bool| e.sides.map_or(Cell::Blank, |(own, member)| Cell::Money(if first { own } else { member }));
    let rows = entries.iter().map(|e| {
        vec![
            Cell::text(e.day.to_string()),
            Cell::text(e.value_day.to_string()),
            Cell::text(e.kind_words()),
            e.month.map_or(Cell::Blank, |m| Cell::text(m.to_string())),
            side(e, true),
            side(e, false),
            Cell::Money(e.amount),
            Cell::Money(e.balance),
            Cell::text(&*e.employer_name),
            Cell::text(e.voucher.to_string()),
        ]
    });
    let closing = entries.last().map_or(opening, |e| e.balance);
    let total: Money = entries.iter().map(|e| e.amount).sum();
    let mut totals = vec![Cell::Blank; STATEMENT.len()];
    totals[0] = Cell::text("合计");
    totals[6] = Cell::Money(total);
    totals[7] = Cell::Money(closing);
    let under = vec![
        format!("个人账号 {savings}　姓名 {}　{}", head.name, head.employer_name),
        format!("{from} 至 {until}　期初余额 {} 元，期末余额 {} 元", opening.grouped(), closing.grouped()),
    ];
    Ok(Listing { title: "住房公积金个人缴存明细".into(), under, columns: STATEMENT, rows: rows.collect(), totals: Some(totals) })
}

async fn statement_pdf(
    State(app): State<Arc<App>>,
    who: Who,
    Path(savings): Path<String>,
    ask: Asked,
    headers: axum::http::HeaderMap,
) -> Answer {
    let (_, head) = found(&app, &who, &savings).await?;
    let (from, until) = period(&ask, app.centre.day())?;
    member_statement(&app, &who, &head, (from, until), &headers).await
}

/// Prints a statement: one more copy, with its code.
pub(crate) async fn member_statement(
    app: &Arc<App>,
    who: &Who,
    head: &MemberHead,
    (from, until): (Day, Day),
    headers: &axum::http::HeaderMap,
) -> Answer<Response> {
    let store = &app.centre.store;
    let (opening, entries) = members::statement(store, head.savings, from, until).await?;
    let history = members::history(store, head.savings, head.employer).await?;
    let subject = format!("{}@{from}..{until}", Subject::Savings(head.savings).key());
    let copy = copy_of(app, who, "member-statement", &subject, &subject, CaseId(0)).await?;
    let paid = history.months.iter().rev().find(|m| m.total.is_positive());
    let paid_to = paid.map(|m| m.month).or(head.taken_over_paid_to);
    let statement = MemberStatement {
        head: letterhead(app),
        account: words::number(head.savings),
        name: head.name.clone(),
        id_number: head.id_number.clone(),
        full_identifiers: false,
        employer: head.employer_name.clone(),
        state: head.state.words().to_owned(),
        paid_to: paid_to.map_or("尚未缴存".into(), |m| format!("{} 年 {} 月", m.year(), m.month())),
        base: history.bases.last().map_or(Money::ZERO, |b| b.what),
        monthly_amount: paid.map_or(Money::ZERO, |m| m.total),
        period: (from.to_string(), until.to_string()),
        opening,
        closing: entries.last().map_or(opening, |e| e.balance),
        lines: entries
            .iter()
            .map(|e| MemberLine {
                day: e.day.to_string(),
                kind: e.kind_words().to_owned(),
                month: e.month.map_or(String::new(), |m| m.to_string()),
                employer_part: e.sides.map(|(own, _)| own),
                member_part: e.sides.map(|(_, member)| member),
                amount: e.amount,
                balance: e.balance,
                remark: e.employer_name.clone(),
            })
            .collect(),
        verification: Verification { code: copy.code.clone(), link: super::documents::verify_link(app, headers, &copy.code) },
        printing: printing(app, who, copy.number, None),
    };
    pdf(app, format!("statement-{}-{from}-{until}", head.savings), move |fonts| statement.render(fonts)).await
}
