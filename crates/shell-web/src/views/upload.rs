//! Sending a file (上传): what it is for, its template, the form, and the files sent lately.

use maud::{Markup, html};

use crate::ui::field::Field;
use crate::ui::problems::{self, Problem};
use crate::ui::title::Title;
use crate::ui::{Button, Frame, Link, Pill, Sheet, Text, facts};

/// One file sent lately.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Its name, leading to its result.
    pub file: Link,
    /// When.
    pub time: Text,
    /// What became of it.
    pub pill: Pill,
}

/// A kind of file.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Its name, leading to its page.
    pub go: Link,
    /// What it is for.
    pub about: Text,
}

/// The page of a kind.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Kind: “个人开户”.
    pub kind: Text,
    /// What it is for.
    pub about: Text,
    /// Where the form goes.
    pub action: Text,
    /// Template, list to fill.
    pub templates: Vec<Button>,
    /// Fields beside the file.
    pub fields: Vec<Field>,
    /// What a browser offers to choose.
    pub accept: Text,
    /// What is wrong with what was sent.
    pub problems: Vec<Problem>,
    /// Columns: heading, and whether it is required.
    pub columns: Vec<facts::Fact>,
    /// Sent lately.
    pub sent: Vec<Sent>,
    /// Guards the form against forgery.
    pub form_token: Text,
}

/// The form that sends a file; the file is tried first, nothing is changed.
pub fn form(action: &str, form_token: &str, fields: &[Field], accept: &str) -> Markup {
    html! {
        form.upload method="post" action=(action) enctype="multipart/form-data" {
            input type="hidden" name="form_token" value=(form_token);
            div.fields {
                (Field::new("file", "文件", crate::ui::field::Kind::File(accept.to_owned().into()), "").hint("先试算，列出全部问题；您看过再导入").span(2).show())
                @for field in fields { (field.show()) }
            }
            div.buttons { (Button::submit("上传并试算", "try").key("Alt U").primary().show()) }
        }
    }
}

/// Draws the page of a kind.
pub fn page(frame: &Frame, view: &Upload) -> Markup {
    frame.page(html! {
        (Title::new(format!("导入　{}", view.kind)).context(html! { (view.about) }).trail(html! { @for one in &view.templates { (one.show()) } }).show())
        (problems::summary("还没有上传", &view.problems))
        div.cols.form {
            div {
                (Sheet::bare(form(&view.action, &view.form_token, &view.fields, &view.accept)).show())
                (Sheet::new("最近上传", sent(&view.sent)).note(html! { "只有您自己看得到" }).show())
            }
            div { @if !view.columns.is_empty() { (Sheet::new("表头", facts::facts(&view.columns)).show()) } }
        }
    })
}

fn sent(list: &[Sent]) -> Markup {
    html! {
        @if list.is_empty() { p.note { "还没有上传过。" } }
        @else { ul.plain { @for one in list { li { (one.file.show()) "　" span.quiet { (one.time) } "　" (one.pill.bare()) } } } }
    }
}

/// Draws the page of all kinds.
pub fn index(frame: &Frame, kinds: &[Kind]) -> Markup {
    frame.page(html! {
        (Title::new("导入").context(html! { "表格或银行文件，先试算再导入" }).show())
        (Sheet::bare(html! {
            ul.notes { @for kind in kinds { li { (crate::ui::mark::shape(crate::ui::mark::Shape::Waiting)) div { (kind.go.show()) small { (kind.about) } } div {} } } }
        }).flush().show())
    })
}
