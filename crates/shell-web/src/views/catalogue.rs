//! Service catalogue (业务目录): every action a person may begin, by area, with what it needs and how long it takes.

use maud::{Markup, html};

use crate::ui::empty::Empty;
use crate::ui::title::Title;
use crate::ui::{Frame, Sheet, Tag, Text, Tone};

/// One action of the catalogue.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its term.
    pub term: Text,
    /// Address of its form.
    pub href: Text,
    /// Promise and review: “3 个工作日 · 须 1 人复核”.
    pub promise: Text,
    /// Who may bring it, which material.
    pub needs: Text,
    /// Its short code for the search field.
    pub code: Text,
}

/// The catalogue.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// What was looked for.
    pub query: Text,
    /// Used often by this person.
    pub often: Vec<Item>,
    /// Areas and their actions.
    pub areas: Vec<(Text, Vec<Item>)>,
}

/// Draws the page.
pub fn page(frame: &Frame, view: &Catalogue) -> Markup {
    let count: usize = view.areas.iter().map(|(_, items)| items.len()).sum();
    frame.page(html! {
        (Title::new("业务目录").context(html! { (count) " 项 · 只列您可办的" }).show())
        (Sheet::bare(html! {
            form.filters role="search" aria-label="查找业务" action="/catalogue" {
                div.field.span-2 {
                    label.label for="field-q" { "名称或快捷码" }
                    input.input #field-q type="search" name="q" value=(view.query) autocomplete="off" placeholder="例：封存";
                }
                button.btn.primary type="submit" { "查找" }
            }
        }).show())
        @if !view.often.is_empty() && view.query.is_empty() { (Sheet::new("常办", items(&view.often)).flush().note(html! { "按您近 30 天" }).show()) }
        @if count == 0 { (Sheet::bare(Empty { why: "目录里没有这个业务，或您没有它的权限。".into(), next: Some(crate::ui::link("看全部业务", "/catalogue")) }.show()).show()) }
        @for (area, list) in &view.areas { @if !list.is_empty() { (Sheet::new(area.clone(), items(list)).flush().trail(html! { (list.len()) " 项" }).show()) } }
    })
}

fn items(list: &[Item]) -> Markup {
    html! {
        div.catalogue {
            @for item in list {
                a href=(item.href) { b { (item.term) } (Tag::new(Tone::Plain, item.code.clone()).show()) small { (item.promise) br; (item.needs) } }
            }
        }
    }
}
