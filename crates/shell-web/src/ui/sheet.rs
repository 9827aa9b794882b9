//! Sheet (卡片): white paper on warm ground, with an optional head and foot.

use maud::{Markup, html};

use super::Text;

/// A sheet.
#[derive(Clone, Debug)]
pub struct Sheet {
    title: Option<Text>,
    note: Option<Markup>,
    trail: Option<Markup>,
    body: Markup,
    foot: Option<Markup>,
    flush: bool,
    extra: &'static str,
    id: Option<Text>,
}

impl Sheet {
    /// A sheet with a title.
    pub fn new(title: impl Into<Text>, body: Markup) -> Sheet {
        Sheet { title: Some(title.into()), ..Sheet::bare(body) }
    }
    /// A sheet without a head.
    pub fn bare(body: Markup) -> Sheet {
        Sheet { title: None, note: None, trail: None, body, foot: None, flush: false, extra: "", id: None }
    }
    /// A quiet remark after the title.
    pub fn note(mut self, note: Markup) -> Sheet {
        self.note = Some(note);
        self
    }
    /// What stands at the right end of the head.
    pub fn trail(mut self, trail: Markup) -> Sheet {
        self.trail = Some(trail);
        self
    }
    /// A foot, behind a hairline.
    pub fn foot(mut self, foot: Markup) -> Sheet {
        self.foot = Some(foot);
        self
    }
    /// The body runs to the edges (tables, lists).
    pub fn flush(mut self) -> Sheet {
        self.flush = true;
        self
    }
    /// A further class: `phone-first`, `drawer` …
    pub fn class(mut self, class: &'static str) -> Sheet {
        self.extra = class;
        self
    }
    /// An id to link to.
    pub fn id(mut self, id: impl Into<Text>) -> Sheet {
        self.id = Some(id.into());
        self
    }
    /// Draws it.
    pub fn show(&self) -> Markup {
        html! {
            section class={ "sheet " (self.extra) } id=[self.id.as_deref()] {
                @if self.title.is_some() || self.trail.is_some() {
                    div.sheet-head {
                        @if let Some(title) = &self.title { h2 { (title) } }
                        @if let Some(note) = &self.note { div.sheet-note { (note) } }
                        @if let Some(trail) = &self.trail { div.sheet-trail { (trail) } }
                    }
                }
                div class=(if self.flush { "sheet-body flush" } else { "sheet-body" }) { (self.body) }
                @if let Some(foot) = &self.foot { div.sheet-foot { (foot) } }
            }
        }
    }
}
