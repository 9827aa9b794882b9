//! Buttons with key caps: one primary action a page, others after it.
//!
//! A button is never greyed out; pressing it says what is missing. Words are verbs (提交复核, not 确定). A key is shown in the
//! button and works through `keys.js`; on the phone the cap vanishes.

use maud::{Markup, html};

use super::Text;

/// A button or a link that looks like one.
#[derive(Clone, Debug)]
pub struct Button {
    label: Text,
    key: Option<Text>,
    look: &'static str,
    does: Does,
}

#[derive(Clone, Debug)]
enum Does {
    Go(Text),
    Submit { form: Option<Text>, value: Text },
}

impl Button {
    /// A link to a page.
    pub fn go(label: impl Into<Text>, href: impl Into<Text>) -> Button {
        Button { label: label.into(), key: None, look: "btn", does: Does::Go(href.into()) }
    }

    /// Submits the form around it with `do=value`.
    pub fn submit(label: impl Into<Text>, value: impl Into<Text>) -> Button {
        Button { label: label.into(), key: None, look: "btn", does: Does::Submit { form: None, value: value.into() } }
    }

    /// Submits the form with this id, wherever the button stands (action bar).
    pub fn of_form(mut self, id: impl Into<Text>) -> Button {
        if let Does::Submit { form, .. } = &mut self.does {
            *form = Some(id.into());
        }
        self
    }

    /// Its key, as people say it: `N`, `F9`, `Alt P`, `[`.
    pub fn key(mut self, key: impl Into<Text>) -> Button {
        self.key = Some(key.into());
        self
    }

    /// The one action of the page.
    pub fn primary(mut self) -> Button {
        self.look = "btn primary";
        self
    }

    /// Returns, refuses, reverses; always asks first.
    pub fn danger(mut self) -> Button {
        self.look = "btn danger";
        self
    }

    /// Height of a row.
    pub fn small(mut self) -> Button {
        self.look = match self.look {
            "btn primary" => "btn primary small",
            "btn danger" => "btn danger small",
            _ => "btn small",
        };
        self
    }

    /// Inside a sentence, as a link.
    pub fn inline(mut self) -> Button {
        self.look = "link as-link";
        self
    }

    /// Draws it.
    pub fn show(&self) -> Markup {
        let keys = self.key.as_deref().map(spoken);
        html! {
            @match &self.does {
                Does::Go(href) => a class=(self.look) href=(href) data-key=[keys.as_deref()] aria-keyshortcuts=[keys.as_deref()] {
                    (self.label) @if let Some(key) = &self.key { (cap(key)) }
                },
                Does::Submit { form, value } => button class=(self.look) type="submit" name="do" value=(value) form=[form.as_deref()]
                    data-key=[keys.as_deref()] aria-keyshortcuts=[keys.as_deref()] {
                    (self.label) @if let Some(key) = &self.key { (cap(key)) }
                },
            }
        }
    }
}

/// A key cap (键帽).
pub fn cap(key: &str) -> Markup {
    html! { kbd aria-hidden="true" { (key) } }
}

/// A hint beside the action bar: caps and what they do.
pub fn hint(keys: &[&str], does: &str) -> Markup {
    html! { span.hint { @for key in keys { (cap(key)) } " " (does) } }
}

/// `Alt P` → `Alt+P`, the way scripts and screen readers name keys.
fn spoken(key: &str) -> String {
    if key == "Esc" { "Escape".to_owned() } else { key.replace(' ', "+") }
}
