//! Pager (翻页): where we are among how many, neighbours by `[` and `]`.

use maud::{Markup, html};

use super::Text;
use super::button::cap;

/// Place in a long list.
#[derive(Clone, Debug)]
pub struct Pager {
    /// “第 1–50 条，共 3,300 条”.
    pub place: Text,
    /// Address of the page before.
    pub before: Option<Text>,
    /// Address of the page after.
    pub after: Option<Text>,
}

impl Pager {
    /// Draws it.
    pub fn show(&self) -> Markup {
        html! {
            nav.pager aria-label="翻页" {
                span { (self.place) }
                @if let Some(href) = &self.before { a.btn.small rel="prev" href=(href) data-key="[" { "上一页" (cap("[")) } }
                @if let Some(href) = &self.after { a.btn.small rel="next" href=(href) data-key="]" { "下一页" (cap("]")) } }
            }
        }
    }
}
