//! Trace (来处与去处): bank line → match → list → voucher → member lines → audit seal. Each node can be opened.

use maud::{Markup, html};

use super::{Link, Text};

/// One node of the trace.
#[derive(Clone, Debug)]
pub struct Node {
    /// Kind of thing.
    pub kind: Text,
    /// Number, as links.
    pub links: Vec<Link>,
    /// Amount or outcome.
    pub figure: Text,
    /// Time.
    pub time: Text,
    /// The one we are looking at.
    pub current: bool,
}

/// Draws the trace.
pub fn trace(nodes: &[Node]) -> Markup {
    html! {
        ol.trace {
            @for node in nodes {
                li aria-current=[node.current.then_some("true")] {
                    small { (node.kind) }
                    span.numbers { @for link in &node.links { (link.show()) " " } }
                    b.num { (node.figure) }
                    small.num { (node.time) }
                }
            }
        }
    }
}
