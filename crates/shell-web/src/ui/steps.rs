//! Step bar (步骤): ✓ green, the current one filled with a halo, those to come ringed. The word always stands beside it.

use maud::{Markup, html};

use super::Text;

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Done.
    Done,
    /// Now.
    Now,
    /// Yet to come.
    ToCome,
    /// Stopped here.
    Stopped,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its word.
    pub word: Text,
    /// Where it stands.
    pub at: At,
    /// Who and when; shown in the vertical form.
    pub detail: Text,
}

/// Steps from words, `done` of them done and the next one current.
pub fn from_words(words: &[&'static str], done: usize) -> Vec<Step> {
    let at = |i| {
        if i < done {
            At::Done
        } else if i == done {
            At::Now
        } else {
            At::ToCome
        }
    };
    words.iter().enumerate().map(|(i, word)| Step { word: (*word).into(), at: at(i), detail: "".into() }).collect()
}

/// In one line, beside a page title.
pub fn bar(steps: &[Step]) -> Markup {
    html! { ol.steps aria-label="步骤" { @for (i, step) in steps.iter().enumerate() { (one(i, step, false)) } } }
}

/// From top to bottom, with who and when.
pub fn column(steps: &[Step]) -> Markup {
    html! { ol.steps.column aria-label="步骤" { @for (i, step) in steps.iter().enumerate() { (one(i, step, true)) } } }
}

fn one(i: usize, step: &Step, detailed: bool) -> Markup {
    let (class, said) = match step.at {
        At::Done => ("done", "已完成"),
        At::Now => ("now", "进行中"),
        At::ToCome => ("to-come", "未开始"),
        At::Stopped => ("stopped", "已停下"),
    };
    html! {
        li class=(class) aria-current=[(step.at == At::Now).then_some("step")] {
            span.dot aria-hidden="true" { @match step.at { At::Done => "✓", At::Stopped => "✕", _ => (i + 1) } }
            span.word { (step.word) span.sr { "，" (said) } @if detailed && !step.detail.is_empty() { small { (step.detail) } } }
        }
    }
}
