//! Small marks: status pill by shape, tag, change, deadline pips, signature digest.
//!
//! Never colour alone: full dot = done, half dot = doing, ring = waiting, diamond = stopped.

use maud::{Markup, html};

use super::Text;

/// What a mark means, as colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Neither good nor bad.
    Plain,
    /// In hand.
    Brand,
    /// In order.
    Good,
    /// Wants a look.
    Warn,
    /// Wrong, overdue, stopped.
    Bad,
}

impl Tone {
    /// The class that carries the colour.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Plain => "plain",
            Tone::Brand => "brand",
            Tone::Good => "good",
            Tone::Warn => "warn",
            Tone::Bad => "bad",
        }
    }
}

/// Shape of a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Full dot: done.
    Done,
    /// Half dot: somebody or something is at it.
    Doing,
    /// Ring: waits.
    Waiting,
    /// Diamond: stopped, returned, refused.
    Stopped,
}

/// Draws a shape alone.
pub fn shape(shape: Shape) -> Markup {
    html! {
        svg.shape viewBox="0 0 10 10" aria-hidden="true" {
            @match shape {
                Shape::Done => circle cx="5" cy="5" r="4" {},
                Shape::Doing => { circle.ring cx="5" cy="5" r="3.4" {} path d="M5 1.6a3.4 3.4 0 0 1 0 6.8z" {} },
                Shape::Waiting => circle.ring cx="5" cy="5" r="3.2" {},
                Shape::Stopped => path d="M5 .2 9.8 5 5 9.8 .2 5z" {},
            }
        }
    }
}

/// Status pill (状态): shape and word on a wash.
#[derive(Clone, Debug)]
pub struct Pill {
    /// Shape.
    pub shape: Shape,
    /// Colour.
    pub tone: Tone,
    /// Word.
    pub word: Text,
}

impl Pill {
    /// Done, in order.
    pub fn done(word: impl Into<Text>) -> Pill {
        Pill { shape: Shape::Done, tone: Tone::Good, word: word.into() }
    }
    /// In hand.
    pub fn doing(word: impl Into<Text>) -> Pill {
        Pill { shape: Shape::Doing, tone: Tone::Brand, word: word.into() }
    }
    /// Waits for something that should come soon.
    pub fn waiting(word: impl Into<Text>) -> Pill {
        Pill { shape: Shape::Waiting, tone: Tone::Warn, word: word.into() }
    }
    /// Waits without urgency.
    pub fn idle(word: impl Into<Text>) -> Pill {
        Pill { shape: Shape::Waiting, tone: Tone::Plain, word: word.into() }
    }
    /// Stopped, returned, refused.
    pub fn stopped(word: impl Into<Text>) -> Pill {
        Pill { shape: Shape::Stopped, tone: Tone::Bad, word: word.into() }
    }
    /// Over without effect: withdrawn, expired, voided.
    pub fn over(word: impl Into<Text>) -> Pill {
        Pill { shape: Shape::Stopped, tone: Tone::Plain, word: word.into() }
    }
    /// Draws it on its wash.
    pub fn show(&self) -> Markup {
        html! { span class={ "pill " (self.tone.class()) } { (shape(self.shape)) (self.word) } }
    }
    /// Draws it without the wash, for lists.
    pub fn bare(&self) -> Markup {
        html! { span class={ "pill bare " (self.tone.class()) } { (shape(self.shape)) (self.word) } }
    }
}

/// Tag (标签): a kind in a square box (新增 转入 封存 冲正).
#[derive(Clone, Debug)]
pub struct Tag {
    /// Colour.
    pub tone: Tone,
    /// Word.
    pub word: Text,
}

impl Tag {
    /// Makes a tag.
    pub fn new(tone: Tone, word: impl Into<Text>) -> Tag {
        Tag { tone, word: word.into() }
    }
    /// Draws it.
    pub fn show(&self) -> Markup {
        html! { span class={ "tag " (self.tone.class()) } { (self.word) } }
    }
}

/// A change against an earlier figure: ▼ and sign when it fell.
pub fn delta(text: &str) -> Markup {
    html! { @if text.starts_with('−') { span.num.bad { "▼ " (text) } } @else { span.num { (text) } } }
}

/// How near a deadline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Near {
    /// Due today or overdue: red.
    Today,
    /// Within two working days: brown.
    Soon,
    /// Later: grey.
    Later,
}

/// Deadline pips (承诺期限): one box a promised working day, used ones filled, then the date.
#[derive(Clone, Debug)]
pub struct Pips {
    /// Working days promised.
    pub promised: u8,
    /// Working days used.
    pub used: u8,
    /// How near.
    pub near: Near,
    /// Date or “今天 17:30”.
    pub word: Text,
}

impl Pips {
    /// Makes the pips of a deadline.
    pub fn new(used: u8, promised: u8, near: Near, word: impl Into<Text>) -> Pips {
        Pips { promised, used, near, word: word.into() }
    }
    /// Draws boxes and word.
    pub fn show(&self) -> Markup {
        let class = match self.near {
            Near::Today => "pips bad",
            Near::Soon => "pips warn",
            Near::Later => "pips later",
        };
        let width = u32::from(self.promised) * 8;
        html! {
            span class=(class) {
                svg viewBox={ "0 0 " (width) " 12" } width=(width) height="12" role="img" aria-label={ "承诺 " (self.promised) " 个工作日，已用 " (self.used) " 个" } {
                    @for day in 0..self.promised {
                        rect class=(if day < self.used { "used" } else { "left" }) x={ (u32::from(day) * 8) ".75" } y=".75" width="5" height="10" rx="1.25" {}
                    }
                }
                span { (self.word) }
            }
        }
    }
}

/// Signature digest (签署摘要): dashed chip, groups of four.
pub fn digest(label: &str, groups: &str) -> Markup {
    html! { span.digest { @if !label.is_empty() { (label) " " } code { (groups) } } }
}
