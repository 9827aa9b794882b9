//! Member 360° (职工): balance, month by month, movements, what is in flight, and why a payment was made.

use maud::{Markup, html};

use crate::ui::chart::{Shade, legend};
use crate::ui::checks::checks;
use crate::ui::drawer::drawer;
use crate::ui::kpi::share_bar;
use crate::ui::months::{self, Year};
use crate::ui::table::{Line, OnPhone, Row, Table, cell, narrow, numbers, words};
use crate::ui::tabs::{Tab, tabs};
use crate::ui::title::Title;
use crate::ui::unmask::Unmask;
use crate::ui::{Button, Check, Fact, Frame, Link, Pill, Sheet, Tag, Text, amount, button, facts};

/// One movement of the account (明细).
#[derive(Clone, Debug)]
pub struct Movement {
    /// Posting date.
    pub day: Text,
    /// Business.
    pub business: Text,
    /// Where its reasons are told (the page with the drawer), when it has any.
    pub why: Option<Text>,
    /// A tag beside it: 冲正.
    pub tag: Option<Tag>,
    /// Summary.
    pub summary: Text,
    /// Amount with sign.
    pub amount: Text,
    /// Balance after.
    pub balance: Text,
    /// Voucher.
    pub voucher: Link,
    /// The one the drawer explains.
    pub selected: bool,
}

/// A line of the movements.
#[derive(Clone, Debug)]
pub enum Entry {
    /// A movement.
    One(Movement),
    /// Several folded: words that lead to them.
    Folded(Link),
}

/// Why a payment was made: the reasons kept with its case.
#[derive(Clone, Debug)]
pub struct Why {
    /// “为什么付了这笔”, “为什么记了这笔”.
    pub title: Text,
    /// Amount.
    pub amount: Text,
    /// Business and day; business number.
    pub context: Vec<Text>,
    /// Which edition applied.
    pub edition: Markup,
    /// Reasons.
    pub reasons: Vec<Check>,
    /// Maker, checker, payment, rule set.
    pub hands: Vec<Fact>,
    /// Voucher, bank line, material.
    pub links: Vec<Link>,
    /// The page without the drawer.
    pub close: Text,
}

/// The member as a page.
#[derive(Clone, Debug)]
pub struct Member {
    /// Name, masked.
    pub name: Text,
    /// State of the account.
    pub pill: Pill,
    /// Account number and employer.
    pub context: Markup,
    /// Actions at the right of the title.
    pub actions: Vec<Button>,
    /// Balance.
    pub balance: Text,
    /// Carried over and current year.
    pub made_of: Vec<Fact>,
    /// Reserved, remainder, available.
    pub available: Vec<Fact>,
    /// Shares of the bar and their words.
    pub shares: Vec<(Shade, u32, Text)>,
    /// “公积金年度，7 月至次年 6 月 · 共缴 67 个月”.
    pub months_note: Text,
    /// Fund-years, newest first.
    pub years: Vec<Year>,
    /// Tabs.
    pub tabs: Vec<Tab>,
    /// Movements.
    pub entries: Vec<Entry>,
    /// A quiet sentence below them.
    pub entries_note: Text,
    /// What another tab shows instead of the movements.
    pub tab_body: Option<Markup>,
    /// Identity, masked.
    pub identity: Vec<Fact>,
    /// Control to unmask, for roles that may.
    pub unmask: Option<Unmask>,
    /// Contribution: base, rate, amount, paid-to month …
    pub contribution: Vec<Fact>,
    /// A quiet sentence below it.
    pub contribution_note: Text,
    /// Cases in flight: link, amount, number and limit, status.
    pub in_flight: Vec<(Link, Text, Text, Pill)>,
    /// The open drawer.
    pub why: Option<Why>,
}

/// Draws the page.
pub fn page(frame: &Frame, view: &Member) -> Markup {
    frame.page(html! {
        (Title::new(view.name.clone()).pill(view.pill.clone()).context(view.context.clone()).trail(html! { @for action in &view.actions { (action.show()) } }).show())
        div class=(if view.why.is_some() { "cols record" } else { "cols record undrawn" }) {
            div { (identity(view)) (contribution(view)) (in_flight(view)) }
            div.phone-first { (balance(view)) (months_sheet(view)) (movements(view)) }
            @if let Some(why) = &view.why { div { (because(why)) } }
        }
    })
}

fn identity(view: &Member) -> Markup {
    Sheet::new(
        "身份",
        html! {
            div.pad { (facts::facts(&view.identity)) }
            @if let Some(unmask) = &view.unmask { div.sunk-part.pad { (unmask.show()) } }
        },
    )
    .flush()
    .trail(html! { "默认隐去" })
    .show()
}

fn contribution(view: &Member) -> Markup {
    Sheet::new("缴存", facts::facts(&view.contribution)).foot(html! { (view.contribution_note) }).show()
}

fn in_flight(view: &Member) -> Markup {
    let list = html! {
        @if view.in_flight.is_empty() { p.note { "没有在途业务。" } }
        @for (case, sum, number, pill) in &view.in_flight { div { p { (case.show()) "　" b { (amount(sum)) } } small.block { (number) } p { (pill.show()) } } }
    };
    Sheet::new("在途业务", list).trail(html! { (view.in_flight.len()) " 件" }).show()
}

fn balance(view: &Member) -> Markup {
    let shares: Vec<_> = view.shares.iter().map(|(shade, width, _)| (*shade, *width)).collect();
    let words: Vec<_> = view.shares.iter().map(|(shade, _, words)| (*shade, &**words)).collect();
    Sheet::bare(html! {
        div.balance {
            div { span.quiet { "账户余额" } p.balance-figure { (view.balance) } }
            div { (facts::facts(&view.made_of)) }
            div { (facts::facts(&view.available)) }
        }
        (share_bar(&shares))
        (legend(&words))
    })
    .show()
}

fn months_sheet(view: &Member) -> Markup {
    Sheet::new("逐月缴存", months::grid(&view.years)).note(html! { (view.months_note) }).trail(months::legend()).show()
}

fn movements(view: &Member) -> Markup {
    let columns = vec![
        narrow("入账日", OnPhone::Foot),
        narrow("业务", OnPhone::Lead),
        words("摘要", OnPhone::Line),
        numbers("发生额", OnPhone::Sum),
        numbers("余额", OnPhone::Side),
        narrow("凭证", OnPhone::Side),
    ];
    let lines: Vec<Line> = view
        .entries
        .iter()
        .map(|entry| match entry {
            Entry::One(one) => {
                let row = Row::new(vec![
                    cell(&one.day),
                    html! { @match &one.why { Some(href) => a.link href=(href) data-drawer data-key="W" { (one.business) }, None => (one.business) } @if let Some(tag) = &one.tag { " " (tag.show()) } },
                    cell(&one.summary),
                    amount(&one.amount),
                    html! { span.mobile-only { "余 " } (amount(&one.balance)) },
                    one.voucher.show(),
                ]);
                Line::Row(if one.selected { row.selected() } else { row })
            }
            Entry::Folded(link) => Line::Folded(vec![
                Markup::default(),
                Markup::default(),
                link.show(),
                Markup::default(),
                Markup::default(),
                Markup::default(),
            ]),
        })
        .collect();
    Sheet::bare(html! {
        (tabs("职工的资料", &view.tabs))
        @if let Some(body) = &view.tab_body { (body) } @else { (Table { caption: "账户明细".into(), columns, lines, walk: true }.show()) }
    })
    .flush()
    .foot(html! { (view.entries_note) span.end.desk-only { (button::hint(&["1–6"], "换页签")) (button::hint(&["W"], "看依据")) } })
    .show()
}

fn because(why: &Why) -> Markup {
    drawer(
        &why.title,
        &why.close,
        html! {
            div { p.big-figure { (amount(&why.amount)) } @for line in &why.context { small.block { (line) } } }
            p.box.brand { (why.edition) }
            (checks(&why.reasons))
            hr;
            (facts::particulars(&why.hands))
        },
        html! { @for link in &why.links { (link.show()) } },
    )
}
