//! “您同意后，将发生”: one cell an effect, before → after, the consequence below. What is shown is what is signed.

use maud::{Markup, html};

use super::{Text, amount};

/// One effect in words and figures.
#[derive(Clone, Debug)]
pub struct Effect {
    /// What changes.
    pub label: Text,
    /// How.
    pub change: Change,
    /// What follows, in one line.
    pub consequence: Text,
}

/// How an effect changes something.
#[derive(Clone, Debug)]
pub enum Change {
    /// From a figure to another.
    FromTo(Text, Text),
    /// One figure or word.
    Is(Text),
    /// Voucher lines: side (借 or 贷) with account, amount. Credits are indented.
    Lines(Vec<(Text, Text)>),
}

/// The strip of effects.
pub fn effects(list: &[Effect]) -> Markup {
    html! {
        ul.effects {
            @for effect in list {
                li {
                    span.label { (effect.label) }
                    @match &effect.change {
                        Change::FromTo(old, new) => span.change { span.num { (old) } span.arrow aria-label="变为" { "→" } b.num { (new) } },
                        Change::Is(figure) => span.change { b { (amount(figure)) } },
                        Change::Lines(lines) => span.lines {
                            @for (account, sum) in lines {
                                span class=(if account.starts_with('贷') { "line credit" } else { "line" }) { span { (account) } (amount(sum)) }
                            }
                        },
                    }
                    @if !effect.consequence.is_empty() { small { (effect.consequence) } }
                }
            }
        }
    }
}
