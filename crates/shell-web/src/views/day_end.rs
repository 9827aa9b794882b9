//! Day-end (日终): ordered steps, the chunk map of the running one, the retry list, how long past nights took.
//!
//! System administrators see steps, not documents: their retry list carries no amounts and no people ([`Retry::Closed`]).

use maud::{Markup, html};

use crate::ui::chart::{Series, Shade, legend};
use crate::ui::empty::Empty;
use crate::ui::kpi::{self, Kpi};
use crate::ui::mark::{Shape, shape};
use crate::ui::progress::Progress;
use crate::ui::steps::At;
use crate::ui::table::{Line, OnPhone, Row, Table, narrow, numbers, two, words};
use crate::ui::title::Title;
use crate::ui::{Button, Frame, Link, Pill, Sheet, Text};

/// One step of the night.
#[derive(Clone, Debug)]
pub struct NightStep {
    /// Its word.
    pub word: Text,
    /// What it did or does.
    pub context: Text,
    /// Done / of.
    pub lines: Text,
    /// When it ended, or “昨晚”.
    pub when: Text,
    /// How long it took.
    pub took: Text,
    /// Where it stands.
    pub at: At,
    /// Left documents on the retry list.
    pub retries: bool,
    /// Progress of the running one.
    pub progress: Option<Progress>,
}

/// A chunk of the running step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chunk {
    /// Committed.
    Done,
    /// Being worked on.
    Running,
    /// To come.
    Waiting,
    /// Committed; documents of it are on the retry list.
    Retry,
}

/// What is on the retry list.
#[derive(Clone, Debug)]
pub enum Retry {
    /// A document, for people of the business: step, document, why, remedy, tries, status.
    Open(Text, Link, Text, Text, Text, Pill),
    /// The same without anything personal: step, kind of reason, how many, status.
    Closed(Text, Text, Text, Pill),
}

/// The day-end as a page.
#[derive(Clone, Debug)]
pub struct DayEnd {
    /// Business day that ends.
    pub day: Text,
    /// Status.
    pub pill: Pill,
    /// Started when, expected until when.
    pub context: Text,
    /// Actions.
    pub actions: Vec<Button>,
    /// Next day, steps, speed, retries.
    pub kpis: Vec<Kpi>,
    /// Steps in their order.
    pub steps: Vec<NightStep>,
    /// Guards the form around the actions against forgery.
    pub form_token: Text,
    /// Name of the running step and its share, where it works in chunks.
    pub running: Option<(Text, Text, Text)>,
    /// Its chunks.
    pub chunks: Vec<Chunk>,
    /// Retry list.
    pub retries: Vec<Retry>,
    /// Speed over the run.
    pub speed: Option<Series>,
    /// Past nights.
    pub nights: Option<Series>,
}

/// Draws the page.
pub fn page(frame: &Frame, view: &DayEnd) -> Markup {
    frame.page(html! {
        (Title::new(format!("日终　{}", view.day)).pill(view.pill.clone()).context(html! { (view.context) }).trail(html! {
            form.buttons method="post" action="/day-end" { input type="hidden" name="form_token" value=(view.form_token); @for action in &view.actions { (action.show()) } }
        }).show())
        (kpi::strip(&view.kpis, &[]))
        div.cols.day-end {
            div { (steps(view)) }
            div {
                @if let Some(running) = &view.running { (chunks(view, running)) }
                (retries(view))
                div.cols.half {
                    @if let Some(speed) = &view.speed { div { (Sheet::new("全程速度", speed.line()).trail(html! { (speed.unit) }).show()) } }
                    @if let Some(nights) = &view.nights { div { (Sheet::new("历晚用时", nights.columns()).trail(html! { (nights.unit) }).show()) } }
                }
            }
        }
    })
}

fn steps(view: &DayEnd) -> Markup {
    let list = html! {
        ol.night {
            @for step in &view.steps {
                @let class = match step.at { At::Done => "done", At::Now => "now", At::Stopped => "stopped", At::ToCome => "to-come" };
                li class=(class) aria-current=[(step.at == At::Now).then_some("step")] {
                    span.dot aria-hidden="true" { @if step.at == At::Done { "✓" } @if step.at == At::Stopped { "✕" } @if step.retries { (shape(Shape::Stopped)) } }
                    span.word { (step.word) @if step.retries { span.sr { "，有重试" } } small { (step.context) } @if let Some(progress) = &step.progress { (progress.show(&step.word)) } }
                    span.num.lines { (step.lines) } span.num.quiet { (step.when) } span.num.took { (step.took) }
                }
            }
        }
    };
    Sheet::new("步骤", list).flush().trail(html! { "每片一个事务，中断后从断点续跑" }).show()
}

fn chunks(view: &DayEnd, running: &(Text, Text, Text)) -> Markup {
    let count = |kind| view.chunks.iter().filter(|chunk| **chunk == kind).count();
    let said = format!(
        "完成 {} 片，进行中 {} 片，有重试 {} 片，等待 {} 片",
        count(Chunk::Done),
        count(Chunk::Running),
        count(Chunk::Retry),
        count(Chunk::Waiting)
    );
    let body = html! {
        div.chunks role="img" aria-label=(said) {
            @for chunk in &view.chunks {
                svg viewBox="0 0 14 14" aria-hidden="true" {
                    @match chunk {
                        Chunk::Done => rect.chunk.done width="14" height="14" rx="3" {},
                        Chunk::Running => rect.chunk.running y="3" width="14" height="8" rx="2" {},
                        Chunk::Waiting => rect.chunk.waiting width="14" height="14" rx="3" {},
                        Chunk::Retry => path.chunk.retry d="M7 0 14 7 7 14 0 7z" {},
                    }
                }
            }
        }
        div.spread { (legend(&[(Shade::Main, "完成"), (Shade::Pale, "进行中"), (Shade::Missing, "等待")])) small { (said) } }
    };
    Sheet::new(running.0.clone(), body).note(html! { (running.1) }).trail(html! { b.strong { (running.2) } }).show()
}

fn retries(view: &DayEnd) -> Markup {
    let columns = vec![
        narrow("步骤", OnPhone::Line),
        narrow("单据", OnPhone::Lead),
        words("原因与办法", OnPhone::Line),
        numbers("次数", OnPhone::Hidden),
        narrow("状态", OnPhone::Sum),
    ];
    let lines: Vec<_> = view
        .retries
        .iter()
        .map(|one| {
            Line::Row(Row::new(match one {
                Retry::Open(step, document, why, remedy, tries, pill) => {
                    vec![html! { (step) }, document.show(), two(html! { (why) }, remedy), html! { (tries) }, pill.show()]
                }
                Retry::Closed(step, why, count, pill) => {
                    vec![html! { (step) }, html! { (count) }, html! { (why) }, Markup::default(), pill.show()]
                }
            }))
        })
        .collect();
    let body = if lines.is_empty() {
        Empty { why: "重试清单是空的。".into(), next: None }.show()
    } else {
        Table { caption: "重试清单".into(), columns, lines, walk: true }.show()
    };
    Sheet::new("重试清单", body).flush().note(html! { "单据留下，整片不退" }).show()
}
