//! Drawer (抽屉): a right column on wide pages, a full sheet on phones. Esc closes; the focus returns to what opened it.

use maud::{Markup, html};

use super::button::cap;

/// Draws a drawer; `close` is the address of the page without it.
pub fn drawer(title: &str, close: &str, body: Markup, foot: Markup) -> Markup {
    html! {
        aside.sheet.drawer aria-label=(title) {
            div.sheet-head { h2 { (title) } div.sheet-trail { a.btn.small href=(close) data-key="Escape" { "关闭" (cap("Esc")) } } }
            div.sheet-body { (body) }
            div.sheet-foot { (foot) }
        }
    }
}
