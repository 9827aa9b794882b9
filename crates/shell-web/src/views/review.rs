//! Review (复核): what will happen, why it may, the evidence, then sign or return. What is shown here is what is signed.

use maud::{Markup, html};

use crate::ui::action_bar::ActionBar;
use crate::ui::checks::checks;
use crate::ui::diff::{Change, changes};
use crate::ui::effects::{Effect, effects};
use crate::ui::field::{Field, Kind};
use crate::ui::mark::digest;
use crate::ui::problems::{self, Problem};
use crate::ui::steps::{self, Step};
use crate::ui::table::{Line, OnPhone, Row, Table, cell, narrow, words};
use crate::ui::tabs::{Tab, segments};
use crate::ui::title::Title;
use crate::ui::{Check, Frame, Pill, Pips, Sheet, Text};

/// One compared item.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What.
    pub item: Text,
    /// As applied for.
    pub applied: Markup,
    /// As the material or a query says.
    pub shown: Markup,
    /// Agrees; otherwise the reviewer judges.
    pub agrees: bool,
}

/// The page of a reviewer.
#[derive(Clone, Debug)]
pub struct Review {
    /// Business.
    pub title: Text,
    /// Status.
    pub pill: Pill,
    /// Number, person, maker.
    pub context: Text,
    /// Promised when, in words with days left.
    pub due: Option<Pips>,
    /// Steps.
    pub steps: Vec<Step>,
    /// Effects that will be signed.
    pub effects: Vec<Effect>,
    /// Their digest in groups of four.
    pub digest: Text,
    /// A former approval that no longer holds: what moved since.
    pub moved: Vec<Change>,
    /// Reasons.
    pub reasons: Vec<Check>,
    /// “8 项 · 7 符合 · 1 须看”.
    pub reasons_note: Text,
    /// Compared items.
    pub compared: Vec<Compared>,
    /// Against the last return.
    pub since: Vec<Change>,
    /// When and why it was returned.
    pub since_note: Text,
    /// Material, as tabs.
    pub material: Vec<Tab>,
    /// The page of the material.
    pub paper: Markup,
    /// Page, record number, hash checked.
    pub paper_note: Markup,
    /// Why the last press did nothing.
    pub problems: Vec<Problem>,
    /// Actions; their buttons belong to the form `review`.
    pub bar: ActionBar,
    /// Which round of reviews is signed.
    pub round: i64,
    /// Guards the form against forgery.
    pub form_token: Text,
}

/// Draws the page.
pub fn page(frame: &Frame, view: &Review) -> Markup {
    let body = html! {
        (Title::new(view.title.clone()).pill(view.pill.clone()).context(html! { (view.context) @if let Some(due) = &view.due { (due.show()) } }).trail(steps::bar(&view.steps)).show())
        (problems::summary("没有签", &view.problems))
        @if !view.moved.is_empty() {
            section.problems data-focus tabindex="-1" role="group" aria-labelledby="moved" {
                h2 #moved { "您上次看过以后，事实有变，须重新看过再签" }
                (changes(&view.moved))
            }
        }
        (Sheet::bare(html! {
            div.spread { h2 { "您同意后，将发生" } (digest("签署摘要", &view.digest)) }
            (effects(&view.effects))
        }).show())
        div.cols.review {
            div { (Sheet::new("审查依据", checks(&view.reasons)).trail(html! { (view.reasons_note) }).show()) }
            div { (evidence(view)) (opinion(view)) }
        }
    };
    frame.page_with(body, view.bar.show())
}

/// The form that is signed: what stands here is written into the steps of the case.
fn opinion(view: &Review) -> Markup {
    let why = Field::new("why", "退回或不同意的原因", Kind::Line, "")
        .optional()
        .span(3)
        .hint("退回、不同意必须写明，经办人看得到。不写个人证件号码。");
    Sheet::new(
        "复核意见",
        html! {
            form #review method="post" {
                input type="hidden" name="form_token" value=(view.form_token);
                input type="hidden" name="digest" value=(view.digest);
                input type="hidden" name="round" value=(view.round);
                (why.show())
            }
        },
    )
    .show()
}

fn evidence(view: &Review) -> Markup {
    let columns = vec![
        narrow("项目", OnPhone::Lead),
        words("申请填报", OnPhone::Named),
        words("材料与查询", OnPhone::Named),
        narrow("结论", OnPhone::Sum),
    ];
    let lines = view
        .compared
        .iter()
        .map(|item| {
            let verdict = if item.agrees {
                html! { span.good.strong { "✓ 一致" } }
            } else {
                html! { span.warn.strong { "! 请您判断" } }
            };
            let row = Row::new(vec![cell(&item.item), item.applied.clone(), item.shown.clone(), verdict]);
            Line::Row(if item.agrees { row } else { row.look() })
        })
        .collect();
    Sheet::new(
        if view.compared.is_empty() { "申请内容与材料" } else { "逐项对照" },
        html! {
            div class=(if view.compared.is_empty() && view.since_note.is_empty() { "pad" } else { "beside" }) {
                @if !view.compared.is_empty() || !view.since_note.is_empty() { div {
                    @if !view.compared.is_empty() { (Table { caption: "申请与材料逐项对照".into(), columns, lines, walk: false }.show()) }
                    @if !view.since_note.is_empty() {
                        div.pad.sunk-line {
                            div.spread { h3 { "与上次退回相比" } small { (view.since_note) } }
                            @if view.since.is_empty() { p.note { "申请内容没有改动。" } } @else { (changes(&view.since)) }
                        }
                    }
                } }
                div.evidence { div.paper { (view.paper) } div.note { (view.paper_note) } }
            }
        },
    )
    .flush()
    .trail(if view.material.is_empty() { Markup::default() } else { segments("材料", &view.material) })
    .show()
}
