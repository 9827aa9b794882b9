//! Progress of work behind the scenes, and the dark strip that tells of it.
//!
//! `<anju-progress>` listens to server-sent events `{"done": 31, "total": 38, "text": "…", "end": false}`; when the work
//! ends it reloads the page. Without script the page refreshes itself (see `Frame::refresh`). Errors never live in a strip.

use maud::{Markup, html};

use super::{Link, Text};

/// A running piece of work.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Stream of events; empty when the page only shows a state.
    pub events: Text,
    /// Done so far.
    pub done: u64,
    /// Of how many.
    pub total: u64,
    /// “2,914 行已入账 · 约剩 6 秒”.
    pub words: Text,
}

impl Progress {
    /// Draws bar and words.
    pub fn show(&self, label: &str) -> Markup {
        html! {
            anju-progress src=[(!self.events.is_empty()).then_some(&self.events)] {
                progress max=(self.total.max(1)) value=(self.done) aria-label=(label) {}
                small data-words { (self.words) }
            }
        }
    }
}

/// The dark strip (toast) in the flow of the page: title, progress, a link to look.
pub fn strip(title: &str, progress: Option<&Progress>, see: Option<&Link>) -> Markup {
    html! {
        div.strip role="status" {
            svg.turn viewBox="0 0 12 12" aria-hidden="true" { path d="M10.5 6a4.5 4.5 0 1 1-1.4-3.3M9.3 .6v2.3H7" {} }
            span.strip-title { (title) }
            @if let Some(see) = see { (see.show()) }
            @if let Some(progress) = progress { (progress.show(title)) }
        }
    }
}

/// A finished piece of news in the same strip: 已保存，业务号 01 261124 0000318。
pub fn news(words: &str, see: Option<&Link>) -> Markup {
    html! { div.strip role="status" { span.tick aria-hidden="true" { "✓" } span.strip-title { (words) } @if let Some(see) = see { (see.show()) } } }
}
