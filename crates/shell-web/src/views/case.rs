//! One case (业务记录): its steps with who and when, reasons, effects, attachments, and what can be done with it now.

use maud::{Markup, html};

use crate::ui::checks::checks;
use crate::ui::diff::{Change, changes};
use crate::ui::effects::{Effect, effects};
use crate::ui::empty::Empty;
use crate::ui::field::{Field, Kind};
use crate::ui::mark::digest;
use crate::ui::problems::{self, Problem};
use crate::ui::steps::{self, Step};
use crate::ui::table::{Line, OnPhone, Row, Table, narrow, numbers, words};
use crate::ui::title::Title;
use crate::ui::{Button, Check, Fact, Frame, Link, Pill, Sheet, Text, facts};

/// One attachment.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Which piece of the material list.
    pub what: Text,
    /// What it is, leading to it.
    pub name: Link,
    /// Type and size: “PDF · 4 页 · 1.2 MB”.
    pub kind: Text,
    /// First groups of its SM3.
    pub hash: Text,
    /// Who took it in and when.
    pub taken: Text,
}

/// The case as a page.
#[derive(Clone, Debug)]
pub struct Case {
    /// Business.
    pub title: Text,
    /// Status.
    pub pill: Pill,
    /// Number, person, channel.
    pub context: Text,
    /// Steps.
    pub steps: Vec<Step>,
    /// Refusals, when it was refused or returned.
    pub refused: Vec<Problem>,
    /// What was applied for.
    pub form: Vec<Fact>,
    /// Effects and their digest; committed or to come.
    pub effects: Vec<Effect>,
    /// “已入账的效果” or “同意后将发生”.
    pub effects_title: Text,
    /// Digest in groups of four.
    pub digest: Text,
    /// Reasons.
    pub reasons: Vec<Check>,
    /// Attachments.
    pub attachments: Vec<Attachment>,
    /// Mandatory material of which there is no file.
    pub missing: Vec<Text>,
    /// The material list, code and name, for who adds a file.
    pub materials: Vec<(Text, Text)>,
    /// Corrections, newest first: when and why it had been sent back, what changed.
    pub corrections: Vec<(Text, Vec<Change>)>,
    /// Vouchers, payments, messages, documents.
    pub outcome: Vec<Fact>,
    /// What can be done now.
    pub actions: Vec<Button>,
    /// Guards the form against forgery.
    pub form_token: Text,
    /// Where further attachments are sent, for who may.
    pub attach: Option<Text>,
    /// What has just happened, as a strip.
    pub news: Option<Markup>,
}

/// Draws the page.
pub fn page(frame: &Frame, view: &Case) -> Markup {
    let columns = vec![
        words("材料", OnPhone::Lead),
        words("文件", OnPhone::Line),
        narrow("种类", OnPhone::Line),
        narrow("SM3", OnPhone::Side),
        numbers("收取", OnPhone::Line),
    ];
    let lines = view
        .attachments
        .iter()
        .map(|one| {
            Line::Row(Row::new(vec![
                html! { (one.what) },
                one.name.show(),
                html! { (one.kind) },
                digest("", &one.hash),
                html! { (one.taken) },
            ]))
        })
        .collect();
    frame.page(html! {
        (Title::new(view.title.clone()).pill(view.pill.clone()).context(html! { (view.context) }).trail(html! {
            @if !view.actions.is_empty() {
                form.buttons method="post" { input type="hidden" name="form_token" value=(view.form_token); @for action in &view.actions { (action.show()) } }
            }
        }).show())
        @if let Some(news) = &view.news { (news) }
        (problems::summary("没有办成，因为", &view.refused))
        @if !view.effects.is_empty() { (Sheet::bare(html! { div.spread { h2 { (view.effects_title) } (digest("签署摘要", &view.digest)) } (effects(&view.effects)) }).show()) }
        div.cols.form {
            div {
                (Sheet::new("审查依据", html! { @if view.reasons.is_empty() { (Empty { why: "没有保存审查依据：没有办成的业务只留不予受理的理由。".into(), next: None }.show()) } @else { (checks(&view.reasons)) } }).trail(html! { (view.reasons.len()) " 项" }).show())
                (Sheet::new("材料", html! {
                    @if !view.missing.is_empty() {
                        ul.materials.pad aria-label="缺少的材料" { @for what in &view.missing { li { (Pill::waiting("缺").show()) span { (what) } } } }
                    }
                    @if view.attachments.is_empty() { @if view.missing.is_empty() { (Empty { why: "没有附材料，这项业务也不要求。".into(), next: None }.show()) } }
                    @else { (Table { caption: "材料".into(), columns, lines, walk: true }.show()) }
                }).flush().trail(html! { (view.attachments.len()) " 份" @if !view.missing.is_empty() { " · 缺 " (view.missing.len()) " 份" } }).show())
                @if !view.corrections.is_empty() { (corrections(&view.corrections)) }
                @if let Some(to) = &view.attach { (Sheet::bare(attach(to, view)).show()) }
            }
            div.phone-first {
                (Sheet::new("办理过程", steps::column(&view.steps)).show())
                (Sheet::new("申请内容", facts::facts(&view.form)).show())
                (Sheet::new("结果", facts::particulars(&view.outcome)).show())
            }
        }
    })
}

fn corrections(list: &[(Text, Vec<Change>)]) -> Markup {
    Sheet::new(
        "更正经过",
        html! {
            @for (note, changed) in list {
                div.sunk-line { p.note { (note) } @if changed.is_empty() { p.note { "申请内容没有改动。" } } @else { (changes(changed)) } }
            }
        },
    )
    .trail(html! { (list.len()) " 次" })
    .show()
}

fn attach(to: &str, view: &Case) -> Markup {
    let mut list = view.materials.clone();
    list.push(("".into(), "其他材料".into()));
    html! {
        form.attach method="post" action=(to) enctype="multipart/form-data" {
            input type="hidden" name="form_token" value=(view.form_token);
            @if list.len() > 1 { (Field::new("material", "哪一份", Kind::Many(list), "").show()) }
            (Field::new("attachments", "补充材料", Kind::File(".pdf,.jpg,.jpeg,.png,.ofd".into()), "").show())
            (Button::submit("上传", "attach").show())
        }
    }
}
