//! Users and roles (用户与角色): who may do what where; the three administrators exclude one another; changes take two.

use maud::{Markup, html};

use crate::ui::empty::Empty;
use crate::ui::table::{Line, OnPhone, Row, Table, narrow, two, words};
use crate::ui::tabs::{Tab, segments};
use crate::ui::title::Title;
use crate::ui::{Button, Frame, Link, Pill, Sheet, Tag, Text};

/// One user.
#[derive(Clone, Debug)]
pub struct User {
    /// Name, leading to the user.
    pub name: Link,
    /// Staff number.
    pub number: Text,
    /// Roles.
    pub roles: Vec<Tag>,
    /// Scope: branch, section, centre.
    pub scope: Text,
    /// Second factor set up?
    pub factor: Pill,
    /// Last sign-in.
    pub last: Text,
    /// Active, locked, left.
    pub pill: Pill,
}

/// A change that waits for the second administrator.
#[derive(Clone, Debug)]
pub struct RoleChange {
    /// What is to change.
    pub what: Text,
    /// Who entered it and when.
    pub entered: Text,
    /// Look and decide.
    pub go: Link,
}

/// Users and roles as a page.
#[derive(Clone, Debug)]
pub struct Users {
    /// “86 人 · 10 个管理部、5 个科”.
    pub context: Text,
    /// Actions.
    pub actions: Vec<Button>,
    /// Filter.
    pub filter: Vec<Tab>,
    /// Sections and branches with their users.
    pub groups: Vec<(Text, Vec<User>)>,
    /// Changes that wait.
    pub waiting: Vec<RoleChange>,
    /// Names of roles across the matrix.
    pub roles: Vec<Text>,
    /// Rights and which role holds them.
    pub rights: Vec<(Text, Vec<bool>)>,
    /// What excludes what, in words.
    pub exclusions: Vec<Text>,
}

/// Draws the page.
pub fn page(frame: &Frame, view: &Users) -> Markup {
    let columns = vec![
        words("姓名", OnPhone::Lead),
        words("角色", OnPhone::Line),
        words("范围", OnPhone::Line),
        narrow("第二因子", OnPhone::Hidden),
        narrow("上次登录", OnPhone::Line),
        narrow("状态", OnPhone::Sum),
    ];
    let mut lines = Vec::new();
    for (group, users) in &view.groups {
        lines.push(Line::Group(group.clone(), format!("{} 人", users.len()).into()));
        lines.extend(users.iter().map(|user| {
            Line::Row(Row::new(vec![
                two(user.name.show(), &user.number),
                html! { @for role in &user.roles { (role.show()) " " } },
                html! { (user.scope) },
                user.factor.bare(),
                html! { (user.last) },
                user.pill.bare(),
            ]))
        }));
    }
    frame.page(html! {
        (Title::new("用户与角色").context(html! { (view.context) }).trail(html! { @for action in &view.actions { (action.show()) } }).show())
        div.cols.work {
            div { (Sheet::new("用户", Table { caption: "用户".into(), columns, lines, walk: true }.show()).flush().trail(segments("筛选用户", &view.filter)).show()) }
            div {
                (Sheet::new("待第二人确认", html! {
                    @if view.waiting.is_empty() { (Empty { why: "没有待确认的变更。".into(), next: None }.show()) }
                    ul.notes { @for change in &view.waiting { li.warn { (crate::ui::mark::shape(crate::ui::mark::Shape::Waiting)) div { (change.what) small { (change.entered) } } div { (change.go.show()) } } } }
                }).flush().trail(html! { (view.waiting.len()) " 件" }).show())
                (Sheet::new("互斥", html! { ul.plain { @for words in &view.exclusions { li { (words) } } } }).show())
            }
        }
        (Sheet::new("角色与权限", matrix(view)).flush().note(html! { "由数据库约束，页面只是显示" }).show())
    })
}

fn matrix(view: &Users) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="角色与权限" {
            table.grid-plain.matrix {
                thead { tr { th scope="col" { "权限" } @for role in &view.roles { th scope="col" { (role) } } } }
                tbody {
                    @for (right, held) in &view.rights {
                        tr { th scope="row" { (right) } @for one in held { td { @if *one { span.good aria-label="有" { "✓" } } @else { span.ink-3 aria-label="无" { "·" } } } } }
                    }
                }
            }
        }
    }
}
