//! Sub-ledger (明细账): the month of one ledger account or one analytic item, the trace of its money, one voucher beside it.

use maud::{Markup, html};

use super::voucher::foot;
use crate::ui::table::{Line, OnPhone, Row, Table, cell, narrow, numbers, words};
use crate::ui::title::Title;
use crate::ui::trace::{Node, trace};
use crate::ui::voucher::Voucher;
use crate::ui::{Button, Frame, Link, Pill, Sheet, Tag, Text, amount};

/// One line of the ledger.
#[derive(Clone, Debug)]
pub struct LedgerLine {
    /// Day, `11-24`.
    pub day: Text,
    /// Business.
    pub business: Text,
    /// A tag beside it: 红字.
    pub tag: Option<Tag>,
    /// Summary.
    pub summary: Text,
    /// Voucher; none for a balance brought forward.
    pub voucher: Option<Link>,
    /// Debit; empty for none.
    pub debit: Text,
    /// Credit; empty for none.
    pub credit: Text,
    /// Side of the balance: 借, 贷, 平.
    pub side: Text,
    /// Balance after.
    pub balance: Text,
    /// The one whose voucher is shown.
    pub selected: bool,
}

/// The page.
#[derive(Clone, Debug)]
pub struct SubLedger {
    /// “明细账　201 住房公积金”.
    pub title: Text,
    /// Employer, month, whether closed.
    pub context: Text,
    /// Month before, month after, export.
    pub actions: Vec<Button>,
    /// From bank to member.
    pub trace: Vec<Node>,
    /// Where we are in the ledger, with a way deeper.
    pub path: Markup,
    /// Whether the parts make the whole.
    pub proof: Pill,
    /// Lines.
    pub lines: Vec<LedgerLine>,
    /// Sums: debit, credit, side, balance.
    pub total: [Text; 4],
    /// A quiet sentence below.
    pub note: Text,
    /// The voucher beside it.
    pub voucher: Option<Voucher>,
    /// Actions in its foot.
    pub voucher_actions: Vec<Button>,
    /// “须两级复核”.
    pub voucher_sentence: Text,
}

/// Draws the page.
pub fn page(frame: &Frame, view: &SubLedger) -> Markup {
    frame.page(html! {
        (Title::new(view.title.clone()).context(html! { (view.context) }).trail(html! { @for action in &view.actions { (action.show()) } }).show())
        @if !view.trace.is_empty() { (Sheet::new("这笔钱的来处与去处", trace(&view.trace)).note(html! { "从银行到个人，每一节都可打开" }).show()) }
        div.cols.ledger {
            div { (ledger(view)) }
            @if let Some(voucher) = &view.voucher { div { (voucher.sheet(foot(&view.voucher_actions, &view.voucher_sentence))) } }
        }
    })
}

fn ledger(view: &SubLedger) -> Markup {
    let columns = vec![
        narrow("日期", OnPhone::Foot),
        narrow("业务", OnPhone::Lead),
        words("摘要", OnPhone::Line),
        narrow("凭证号", OnPhone::Line),
        numbers("借方", OnPhone::Sum),
        numbers("贷方", OnPhone::Sum),
        narrow("向", OnPhone::Hidden),
        numbers("余额", OnPhone::Side),
    ];
    let side = |sign: &'static str, text: &str| html! { @if !text.is_empty() { span.mobile-only { (sign) " " } (amount(text)) } };
    let mut lines: Vec<Line> = view
        .lines
        .iter()
        .map(|line| {
            let row = Row::new(vec![
                cell(&line.day),
                html! { (line.business) @if let Some(tag) = &line.tag { " " (tag.show()) } },
                cell(&line.summary),
                html! { @if let Some(voucher) = &line.voucher { (voucher.show()) } },
                side("借", &line.debit),
                side("贷", &line.credit),
                cell(&line.side),
                html! { span.mobile-only { "余 " } (amount(&line.balance)) },
            ]);
            Line::Row(if line.selected { row.selected() } else { row })
        })
        .collect();
    let [debit, credit, way, balance] = &view.total;
    lines.push(Line::Total(vec![
        Markup::default(),
        cell("本月合计"),
        Markup::default(),
        Markup::default(),
        side("借", debit),
        side("贷", credit),
        cell(way),
        amount(balance),
    ]));
    Sheet::new("明细账", Table { caption: "明细账".into(), columns, lines, walk: true }.show())
        .flush()
        .note(view.path.clone())
        .trail(view.proof.show())
        .foot(html! { (view.note) })
        .show()
}
