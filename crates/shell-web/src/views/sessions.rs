//! Sessions (登录会话): where somebody is signed in, and ending it.

use maud::{Markup, html};

use crate::ui::empty::Empty;
use crate::ui::table::{Line, OnPhone, Row, Table, narrow, two, words};
use crate::ui::title::Title;
use crate::ui::{Frame, Pill, Sheet, Text};

/// One session.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its number, for ending it.
    pub id: Text,
    /// Who and staff number.
    pub who: (Text, Text),
    /// Machine and address.
    pub place: (Text, Text),
    /// Signed in when; last seen when.
    pub since: Text,
    /// Last request.
    pub seen: Text,
    /// Ends by itself when: idle and absolute end.
    pub ends: Text,
    /// Active, idle, this one.
    pub pill: Pill,
    /// The one looking.
    pub own: bool,
}

/// Sessions as a page.
#[derive(Clone, Debug)]
pub struct Sessions {
    /// “闲置 30 分钟或满 12 小时自动结束”.
    pub context: Text,
    /// Sessions.
    pub list: Vec<Session>,
    /// Guards the forms against forgery.
    pub form_token: Text,
}

/// Draws the page.
pub fn page(frame: &Frame, view: &Sessions) -> Markup {
    let columns = vec![
        words("何人", OnPhone::Lead),
        words("何处", OnPhone::Line),
        narrow("登录", OnPhone::Named),
        narrow("最近操作", OnPhone::Named),
        narrow("最迟结束", OnPhone::Named),
        narrow("状态", OnPhone::Sum),
        narrow("", OnPhone::Side),
    ];
    let lines: Vec<_> = view
        .list
        .iter()
        .map(|one| {
            let end = html! {
                @if one.own { span.ink-3 { "本次" } }
                @else {
                    form method="post" action="/sessions/end" {
                        input type="hidden" name="form_token" value=(view.form_token);
                        input type="hidden" name="session" value=(one.id);
                        button.btn.danger.small type="submit" { "结束" span.sr { (one.who.0) "的会话" } }
                    }
                }
            };
            Line::Row(Row::new(vec![
                two(html! { (one.who.0) }, &one.who.1),
                two(html! { (one.place.0) }, &one.place.1),
                html! { span.num { (one.since) } },
                html! { span.num { (one.seen) } },
                html! { span.num { (one.ends) } },
                one.pill.show(),
                end,
            ]))
        })
        .collect();
    let mut columns = columns;
    if let Some(last) = columns.last_mut() {
        *last = narrow("处置", OnPhone::Side);
    }
    frame.page(html! {
        (Title::new("登录会话").context(html! { (view.context) }).show())
        (Sheet::bare(if lines.is_empty() { Empty { why: "现在没有人登录。".into(), next: None }.show() } else { Table { caption: "登录会话".into(), columns, lines, walk: true }.show() }).flush().show())
    })
}
