//! What changed: old struck, new in weight. Effects of an approval are in [`super::effects`].

use maud::{Markup, html};

use super::Text;

/// One changed thing.
#[derive(Clone, Debug)]
pub struct Change {
    /// What.
    pub label: Text,
    /// Before; empty when there was nothing.
    pub old: Text,
    /// Now; empty when it is gone.
    pub new: Text,
}

impl Change {
    /// Makes a line of the difference.
    pub fn new(label: impl Into<Text>, old: impl Into<Text>, new: impl Into<Text>) -> Change {
        Change { label: label.into(), old: old.into(), new: new.into() }
    }
}

/// The list of differences.
pub fn changes(list: &[Change]) -> Markup {
    html! {
        dl.changes {
            @for change in list {
                div {
                    dt { (change.label) }
                    dd.old { @if change.old.is_empty() { span aria-label="原无" { "—" } } @else { del { (change.old) } } }
                    dd.arrow aria-hidden="true" { "→" }
                    dd.new { @if change.new.is_empty() { span aria-label="已去掉" { "—" } } @else { ins { (change.new) } } }
                }
            }
        }
    }
}
