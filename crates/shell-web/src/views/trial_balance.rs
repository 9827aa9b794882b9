//! Trial balance (总账余额): opening, debit, credit and closing of every ledger account, down to its leaves.

use maud::{Markup, html};

use crate::ui::kpi::{self, Kpi};
use crate::ui::table::{Line, OnPhone, Row, Table, narrow, numbers, words};
use crate::ui::title::Title;
use crate::ui::{Button, Frame, Link, Pill, Sheet, Text, amount};

/// One ledger account.
#[derive(Clone, Debug)]
pub struct AccountLine {
    /// Code.
    pub code: Text,
    /// Name, leading to its leaves or its ledger.
    pub name: Link,
    /// Depth: 0 for a first-level account.
    pub depth: u8,
    /// Opening (with side), debit, credit, closing (with side).
    pub opening: Text,
    /// Debits of the period.
    pub debit: Text,
    /// Credits of the period.
    pub credit: Text,
    /// Side of the closing balance.
    pub side: Text,
    /// Closing balance.
    pub closing: Text,
}

/// The trial balance as a page.
#[derive(Clone, Debug)]
pub struct TrialBalance {
    /// “2026 年 11 月”.
    pub period: Text,
    /// Open, closing, closed.
    pub pill: Pill,
    /// Actions.
    pub actions: Vec<Button>,
    /// Proofs: members = 201, bank accounts = 101 …
    pub proofs: Vec<Kpi>,
    /// Classes (资产, 负债 …) with their accounts.
    pub classes: Vec<(Text, Vec<AccountLine>)>,
    /// Opening, debit, credit, closing of everything.
    pub total: [Text; 4],
    /// The sentence of proof below.
    pub note: Text,
}

/// Draws the page.
pub fn page(frame: &Frame, view: &TrialBalance) -> Markup {
    let columns = vec![
        narrow("科目编号", OnPhone::Line),
        words("科目", OnPhone::Lead),
        numbers("期初余额", OnPhone::Hidden),
        numbers("本期借方", OnPhone::Named),
        numbers("本期贷方", OnPhone::Named),
        narrow("向", OnPhone::Side),
        numbers("期末余额", OnPhone::Sum),
    ];
    let mut lines = Vec::new();
    for (class, accounts) in &view.classes {
        lines.push(Line::Group(class.clone(), "".into()));
        for one in accounts {
            lines.push(Line::Row(Row::new(vec![
                html! { (one.code) },
                html! { span class={ "depth-" (one.depth) } { (one.name.show()) } },
                amount(&one.opening),
                amount(&one.debit),
                amount(&one.credit),
                html! { (one.side) },
                amount(&one.closing),
            ])));
        }
    }
    let [opening, debit, credit, closing] = view.total.each_ref().map(|sum| amount(sum));
    lines.push(Line::Total(vec![Markup::default(), html! { "借方合计 = 贷方合计" }, opening, debit, credit, Markup::default(), closing]));
    frame.page(html! {
        (Title::new("总账余额").pill(view.pill.clone()).context(html! { (view.period) " · 元" }).trail(html! { @for action in &view.actions { (action.show()) } }).show())
        (kpi::strip(&view.proofs, &[]))
        (Sheet::bare(Table { caption: "科目余额".into(), columns, lines, walk: true }.show()).flush().foot(html! { (view.note) }).show())
    })
}
