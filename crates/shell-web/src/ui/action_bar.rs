//! Action bar: sticky at the bottom, primary first at the left, hints, then one quiet sentence on consequences.

use maud::{Markup, html};

use super::{Button, Text};

/// The bar.
#[derive(Clone, Debug)]
pub struct ActionBar {
    /// Buttons, primary first.
    pub buttons: Vec<Button>,
    /// Keys and what they do.
    pub hints: Vec<(Vec<&'static str>, &'static str)>,
    /// What follows, who must act and by when.
    pub sentence: Text,
}

impl ActionBar {
    /// Draws it; stands last inside `main`.
    pub fn show(&self) -> Markup {
        html! {
            div.action-bar role="group" aria-label="操作" {
                div.buttons { @for button in &self.buttons { (button.show()) } }
                div.hints { @for (keys, does) in &self.hints { (super::button::hint(keys, does)) } }
                span.sentence { (self.sentence) }
            }
        }
    }
}
