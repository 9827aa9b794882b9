//! Audit (审计): records, seals over them, and whether the chain holds.

use maud::{Markup, html};

use crate::ui::field::{Field, Kind};
use crate::ui::kpi::{self, Kpi};
use crate::ui::mark::digest;
use crate::ui::pager::Pager;
use crate::ui::problems::{self, Problem};
use crate::ui::table::{Line, OnPhone, Row, Table, narrow, two, words};
use crate::ui::title::Title;
use crate::ui::{Button, Frame, Link, Pill, Sheet, Tag, Text};

/// One audit record.
#[derive(Clone, Debug)]
pub struct Record {
    /// When.
    pub time: Text,
    /// Who, with role and place.
    pub who: (Text, Text),
    /// Kind: 业务, 查看, 登录, 权限.
    pub kind: Tag,
    /// What, leading to the record.
    pub what: Link,
    /// About whom or what, masked; reason for a look at personal data.
    pub about: Text,
    /// First groups of its MAC.
    pub mac: Text,
}

/// The audit as a page.
#[derive(Clone, Debug)]
pub struct Audit {
    /// Whether the chain holds.
    pub pill: Pill,
    /// “链首 第 20,417 号 · 2026-11-24 11:10”.
    pub context: Text,
    /// Actions.
    pub actions: Vec<Button>,
    /// Records, seals, looks at personal data.
    pub kpis: Vec<Kpi>,
    /// Breaks that the check named: row and what is wrong with it.
    pub breaks: Vec<Problem>,
    /// Filter values: from, to, person, kind.
    pub filter: [Text; 4],
    /// Kinds to choose from.
    pub kinds: Vec<(Text, Text)>,
    /// Seals and their records, newest first.
    pub seals: Vec<(Text, Text, Vec<Record>)>,
    /// Place in the list.
    pub pager: Pager,
}

/// Draws the page.
pub fn page(frame: &Frame, view: &Audit) -> Markup {
    let columns = vec![
        narrow("时间", OnPhone::Line),
        narrow("何人", OnPhone::Line),
        narrow("种类", OnPhone::Side),
        words("何事", OnPhone::Lead),
        words("对象与理由", OnPhone::Line),
        narrow("校验值", OnPhone::Hidden),
    ];
    let mut lines = Vec::new();
    for (seal, root, records) in &view.seals {
        lines.push(Line::Group(seal.clone(), root.clone()));
        lines.extend(records.iter().map(|one| {
            Line::Row(Row::new(vec![
                html! { span.num { (one.time) } },
                two(html! { (one.who.0) }, &one.who.1),
                one.kind.show(),
                one.what.show(),
                html! { (one.about) },
                digest("", &one.mac),
            ]))
        }));
    }
    let [from, to, person, kind] = view.filter.clone();
    frame.page(html! {
        (Title::new("审计").pill(view.pill.clone()).context(html! { (view.context) }).trail(html! { @for action in &view.actions { (action.show()) } }).show())
        (problems::summary("审计链有断点", &view.breaks))
        (kpi::strip(&view.kpis, &[]))
        (Sheet::bare(html! {
            form.filters aria-label="筛选审计记录" {
                (Field::new("from", "自", Kind::Date, from).optional().show())
                (Field::new("to", "至", Kind::Date, to).optional().show())
                (Field::new("person", "何人", Kind::Line, person).optional().show())
                (Field::new("kind", "种类", Kind::Many(view.kinds.clone()), kind).show())
                button.btn type="submit" { "筛选" }
            }
        }).show())
        (Sheet::new("记录", Table { caption: "审计记录，按封签".into(), columns, lines, walk: true }.show()).flush().foot(view.pager.show()).show())
    })
}
