//! Policy (政策参数): families by area, which value holds on a day and under which instrument, one family through time.

use maud::{Markup, html};

use super::employer::{Dated, timeline};
use crate::ui::chart::pct;
use crate::ui::table::{Line, OnPhone, Row, Table, narrow, numbers, words};
use crate::ui::tabs::{Tab, segments, tabs};
use crate::ui::title::Title;
use crate::ui::{Button, Cite, Fact, Frame, Link, Pill, Sheet, Tag, Text, facts};

/// One family in the list.
#[derive(Clone, Debug)]
pub struct Family {
    /// Its term, leading to its timeline.
    pub term: Link,
    /// Its name in policy files and code.
    pub name: Text,
    /// Value in force on the day.
    pub value: Text,
    /// Unit.
    pub unit: Text,
    /// In force since.
    pub since: Text,
    /// National, provincial, of the centre.
    pub place: Tag,
    /// Under which instrument.
    pub under: Cite,
    /// Checked when; stale ones say so.
    pub checked: Pill,
}

/// The list of families.
#[derive(Clone, Debug)]
pub struct Families {
    /// The day the values hold on.
    pub day: Text,
    /// Digest of the effective set.
    pub digest: Text,
    /// Areas as tabs.
    pub tabs: Vec<Tab>,
    /// Subjects of the area, one file each.
    pub subjects: Vec<Tab>,
    /// Groups (files) and their families.
    pub files: Vec<(Text, Vec<Family>)>,
    /// “312 族 · 9 族一年未确认 · 41 族文号待补”.
    pub note: Text,
    /// Actions.
    pub actions: Vec<Button>,
}

/// A value and the time it holds.
#[derive(Clone, Debug)]
pub struct Span {
    /// Value in words.
    pub value: Text,
    /// Start and length in thousandths of the shown time.
    pub at: (u32, u32),
    /// Holds now.
    pub now: bool,
}

/// One family through time.
#[derive(Clone, Debug)]
pub struct OneFamily {
    /// Term.
    pub term: Text,
    /// Name.
    pub name: Text,
    /// Status of the newest value: in force, entered and not confirmed.
    pub pill: Pill,
    /// Unit, date of the case that picks the row, place, actions that use it.
    pub about: Vec<Fact>,
    /// Spans, oldest first.
    pub spans: Vec<Span>,
    /// Labels below the spans: first and last day.
    pub axis: (Text, Text),
    /// Steps, newest first.
    pub steps: Vec<Dated>,
    /// Actions that read it.
    pub used_by: Vec<Link>,
    /// Actions.
    pub actions: Vec<Button>,
    /// Who must act: “录入后须另一人对照原文确认”.
    pub sentence: Text,
}

/// Draws the list.
pub fn families(frame: &Frame, view: &Families) -> Markup {
    let columns = vec![
        words("参数", OnPhone::Lead),
        narrow("范围", OnPhone::Line),
        numbers("现值", OnPhone::Sum),
        narrow("单位", OnPhone::Side),
        narrow("起", OnPhone::Line),
        words("依据", OnPhone::Line),
        narrow("确认", OnPhone::Side),
    ];
    let mut lines = Vec::new();
    for (file, list) in &view.files {
        lines.push(Line::Group(file.clone(), format!("{} 族", list.len()).into()));
        lines.extend(list.iter().map(|one| {
            Line::Row(Row::new(vec![
                html! { span.two { (one.term.show()) small { (one.name) } } },
                one.place.show(),
                html! { b.num { (one.value) } },
                html! { (one.unit) },
                html! { (one.since) },
                one.under.show(),
                one.checked.bare(),
            ]))
        }));
    }
    frame.page(html! {
        (Title::new("政策参数").context(html! { (view.day) " 有效 · 规则集 " (view.digest) }).trail(html! { @for action in &view.actions { (action.show()) } }).show())
        (Sheet::bare(html! { (tabs("领域", &view.tabs)) @if view.subjects.len() > 1 { div.pad { (segments("主题", &view.subjects)) } } (Table { caption: "政策参数".into(), columns, lines, walk: true }.show()) }).flush().foot(html! { (view.note) }).show())
    })
}

/// Draws one family.
pub fn family(frame: &Frame, view: &OneFamily) -> Markup {
    frame.page(html! {
        (Title::new(view.term.clone()).pill(view.pill.clone()).context(html! { (view.name) }).trail(html! { @for action in &view.actions { (action.show()) } }).show())
        (Sheet::new("何时为何值", html! {
            div.swimlane {
                svg width="100%" height="46" role="img" aria-label="各值的有效期，见下面的步骤" {
                    @for span in &view.spans {
                        @let (x, width) = span.at;
                        rect class=(if span.now { "span now" } else { "span" }) x=(pct(x)) y="22" width=(pct(width.saturating_sub(3))) height="16" rx="3" {}
                        text x=(pct(x)) y="14" { (span.value) }
                    }
                }
                div.spread.note { span { (view.axis.0) } span { (view.axis.1) } }
            }
        }).show())
        div.cols.form {
            div { (Sheet::new("步骤", timeline(&view.steps)).note(html! { "新的在前" }).foot(html! { (view.sentence) }).show()) }
            div {
                (Sheet::new("关于它", facts::facts(&view.about)).show())
                (Sheet::new("哪些业务用它", html! { ul { @for link in &view.used_by { li { (link.show()) } } } }).trail(html! { (view.used_by.len()) " 项" }).show())
            }
        }
    })
}
