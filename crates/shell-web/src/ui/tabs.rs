//! Tabs of a record (keys 1–6) and the small segmented filter in a sheet's head. Both are links: each state has an address.

use maud::{Markup, html};

use super::Text;

/// One tab.
#[derive(Clone, Debug)]
pub struct Tab {
    /// Word.
    pub label: Text,
    /// How many are behind it.
    pub count: Option<Text>,
    /// Address.
    pub href: Text,
    /// Shown now.
    pub current: bool,
}

impl Tab {
    /// A tab that is not shown now.
    pub fn new(label: impl Into<Text>, count: impl Into<Text>, href: impl Into<Text>) -> Tab {
        let count = count.into();
        Tab { label: label.into(), count: (!count.is_empty()).then_some(count), href: href.into(), current: false }
    }
    /// Shown now.
    pub fn current(mut self) -> Tab {
        self.current = true;
        self
    }
}

/// Tabs below the head of a record.
pub fn tabs(name: &str, list: &[Tab]) -> Markup {
    html! { nav.tabs aria-label=(name) data-tabs { @for tab in list { (one(tab)) } } }
}

/// The segmented filter in the head of a sheet.
pub fn segments(name: &str, list: &[Tab]) -> Markup {
    html! { nav.segments aria-label=(name) { @for tab in list { (one(tab)) } } }
}

fn one(tab: &Tab) -> Markup {
    html! {
        a href=(tab.href) aria-current=[tab.current.then_some("page")] { (tab.label) @if let Some(count) = &tab.count { " " span.count { (count) } } }
    }
}
