//! Empty state: one sentence why it is empty, one next step.

use maud::{Markup, html};

use super::{Link, Text};

/// Nothing to show (空态).
#[derive(Clone, Debug)]
pub struct Empty {
    /// Why.
    pub why: Text,
    /// What next.
    pub next: Option<Link>,
}

impl Empty {
    /// Draws it: 今天没有待认领的暂收。昨天以前的，见“全部”。
    pub fn show(&self) -> Markup {
        html! { div.empty { svg viewBox="0 0 64 24" aria-hidden="true" { path d="M0 20q8-12 16 0q8-12 16 0q8-12 16 0q8-12 16 0" {} } p { (self.why) @if let Some(next) = &self.next { " " (next.show()) } } } }
    }
}
