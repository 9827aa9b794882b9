//! Label and value, one a line; a sum below an edge line. And facts that came from outside, with their source.

use maud::{Markup, html};

use super::{Text, amount};

/// One line of a list of facts.
#[derive(Clone, Debug)]
pub struct Fact {
    label: Text,
    value: Markup,
    total: bool,
}

impl Fact {
    /// Label and plain value.
    pub fn new(label: impl Into<Text>, value: impl Into<Text>) -> Fact {
        let value = value.into();
        Fact { label: label.into(), value: html! { (value) }, total: false }
    }
    /// Label and amount.
    pub fn amount(label: impl Into<Text>, value: &str) -> Fact {
        Fact { label: label.into(), value: amount(value), total: false }
    }
    /// Label and drawn value (a link, a pill).
    pub fn drawn(label: impl Into<Text>, value: Markup) -> Fact {
        Fact { label: label.into(), value, total: false }
    }
    /// The sum of the lines above.
    pub fn total(mut self) -> Fact {
        self.total = true;
        self
    }
}

/// Labels left, values right.
pub fn facts(list: &[Fact]) -> Markup {
    html! {
        dl.facts { @for fact in list { div class=[fact.total.then_some("total")] { dt { (fact.label) } dd { (fact.value) } } } }
    }
}

/// Labels left in one column, values beside them: for people, days and links.
pub fn particulars(list: &[Fact]) -> Markup {
    html! { dl.particulars { @for fact in list { div { dt { (fact.label) } dd { (fact.value) } } } } }
}

/// Labels above values, side by side: heads of vouchers and records.
pub fn heads(list: &[Fact]) -> Markup {
    html! { dl.heads { @for fact in list { div { dt { (fact.label) } dd { (fact.value) } } } } }
}
