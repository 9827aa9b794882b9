//! Words, amounts and links: what every other component is made of.

use std::borrow::Cow;

use maud::{Markup, html};

/// A piece of text for the screen; escaped when it is printed.
pub type Text = Cow<'static, str>;

/// An amount as formatted text (`−2,218.00`): never wraps, and is red when it is negative.
pub fn amount(text: &str) -> Markup {
    let class = if text.starts_with('−') { "num neg" } else { "num" };
    html! { span class=(class) { (text) } }
}

/// A link: what it says and where it leads.
#[derive(Clone, Debug)]
pub struct Link {
    /// What it says.
    pub label: Text,
    /// Where it leads.
    pub href: Text,
}

/// Makes a [`Link`].
pub fn link(label: impl Into<Text>, href: impl Into<Text>) -> Link {
    Link { label: label.into(), href: href.into() }
}

impl Link {
    /// Draws it.
    pub fn show(&self) -> Markup {
        html! { a.link href=(self.href) { (self.label) } }
    }
}
