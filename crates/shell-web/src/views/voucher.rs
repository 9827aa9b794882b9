//! One voucher (记账凭证) on a page of its own, with the trace of its money.

use maud::{Markup, html};

use crate::ui::title::Title;
use crate::ui::trace::{Node, trace};
use crate::ui::voucher::Voucher;
use crate::ui::{Button, Frame, Sheet, Text};

/// The page of a voucher.
#[derive(Clone, Debug)]
pub struct VoucherPage {
    /// The voucher.
    pub voucher: Voucher,
    /// From bank to member.
    pub trace: Vec<Node>,
    /// Actions in its foot.
    pub actions: Vec<Button>,
    /// Who must act: “须两级复核”.
    pub sentence: Text,
}

/// The foot of a voucher: printing at the left, reversal at the right.
pub fn foot(actions: &[Button], sentence: &str) -> Markup {
    html! {
        @if let Some((first, rest)) = actions.split_first() {
            (first.clone().small().show())
            span.end { @for action in rest { (action.clone().small().show()) } (sentence) }
        }
    }
}

/// Draws the page.
pub fn page(frame: &Frame, view: &VoucherPage) -> Markup {
    frame.page(html! {
        (Title::new(format!("记账凭证　{}", view.voucher.number)).pill(view.voucher.pill.clone()).show())
        (Sheet::new("这笔钱的来处与去处", trace(&view.trace)).note(html! { "从银行到个人，每一节都可打开" }).show())
        div.paper-width { (view.voucher.sheet(foot(&view.actions, &view.sentence))) }
    })
}
