//! Page title: what this is, its status, one line of context; actions or the step bar at the right.

use maud::{Markup, html};

use super::{Pill, Text};

/// Page title (页题).
#[derive(Clone, Debug)]
pub struct Title {
    /// The only `h1` of the page.
    pub words: Text,
    /// Status beside it.
    pub pill: Option<Pill>,
    /// One line of context.
    pub context: Markup,
    /// Buttons or the step bar.
    pub trail: Markup,
}

impl Title {
    /// A title with nothing beside it.
    pub fn new(words: impl Into<Text>) -> Title {
        Title { words: words.into(), pill: None, context: Markup::default(), trail: Markup::default() }
    }
    /// Adds the status.
    pub fn pill(mut self, pill: Pill) -> Title {
        self.pill = Some(pill);
        self
    }
    /// Adds the line of context.
    pub fn context(mut self, context: Markup) -> Title {
        self.context = context;
        self
    }
    /// Adds what stands at the right.
    pub fn trail(mut self, trail: Markup) -> Title {
        self.trail = trail;
        self
    }
    /// Draws it.
    pub fn show(&self) -> Markup {
        html! {
            div.page-title {
                h1 { (self.words) }
                @if let Some(pill) = &self.pill { (pill.show()) }
                div.page-context { (self.context) }
                div.page-trail { (self.trail) }
            }
        }
    }
}
