//! Check list with citation (审查依据): what was asked, what was found, under which rule.
//!
//! The same data makes the list beside a form, the reasons on a review page and “为什么付了这笔”.

use maud::{Markup, html};

use super::Text;

/// A citation (依据), always with its edition: 《条例》（2026 版）第二十五条.
#[derive(Clone, Debug)]
pub struct Cite {
    /// The citation in words.
    pub words: Text,
    /// Whether the instrument is known. An unknown one has a dashed underline and says 文号待补.
    pub known: bool,
    /// Where the rule and its text can be read.
    pub href: Option<Text>,
}

impl Cite {
    /// A citation of a known instrument.
    pub fn known(words: impl Into<Text>) -> Cite {
        Cite { words: words.into(), known: true, href: None }
    }
    /// A value whose instrument is unknown.
    pub fn unknown(words: impl Into<Text>) -> Cite {
        Cite { words: words.into(), known: false, href: None }
    }
    /// Leads to the rule.
    pub fn at(mut self, href: impl Into<Text>) -> Cite {
        self.href = Some(href.into());
        self
    }
    /// Draws it.
    pub fn show(&self) -> Markup {
        let class = if self.known { "cite" } else { "cite unknown" };
        html! {
            @match &self.href {
                Some(href) => a class=(class) href=(href) { (self.words) },
                None => span class=(class) { (self.words) },
            }
        }
    }
}

/// Outcome of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// ✓ holds.
    Holds,
    /// ✕ does not hold.
    Fails,
    /// ! a person must look.
    Look,
}

impl Mark {
    /// Draws it, with a word for those who do not see it.
    pub fn show(self) -> Markup {
        let (class, sign, word) = match self {
            Mark::Holds => ("good", "✓", "符合"),
            Mark::Fails => ("bad", "✕", "不符"),
            Mark::Look => ("look", "!", "须看"),
        };
        html! { span class={ "check-mark " (class) } { span aria-hidden="true" { (sign) } span.sr { (word) } } }
    }
}

/// One line of the check list.
#[derive(Clone, Debug)]
pub struct Check {
    /// Outcome.
    pub mark: Mark,
    /// What was asked, as a sentence.
    pub asked: Text,
    /// What was found.
    pub found: Text,
    /// The rule.
    pub under: Option<Cite>,
}

impl Check {
    /// A line of the list.
    pub fn new(mark: Mark, asked: impl Into<Text>, found: impl Into<Text>, under: Cite) -> Check {
        Check { mark, asked: asked.into(), found: found.into(), under: Some(under) }
    }
}

/// The list; lines that a person must look at come first.
pub fn checks(list: &[Check]) -> Markup {
    let (look, rest): (Vec<_>, Vec<_>) = list.iter().partition(|check| check.mark == Mark::Look);
    html! {
        ul.checks {
            @for check in look.into_iter().chain(rest) {
                li data-problem[check.mark != Mark::Holds] tabindex=[(check.mark != Mark::Holds).then_some("-1")] {
                    (check.mark.show())
                    span.asked { (check.asked) }
                    span class=(if check.mark == Mark::Fails { "found bad" } else { "found" }) { (check.found) }
                    @if let Some(under) = &check.under { span.under { (under.show()) } }
                }
            }
        }
    }
}
