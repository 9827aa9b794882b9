//! A list (列表): filter, table, sums, pages, export. Employers, members, vouchers, receipts, cases: all lists are this page.

use maud::{Markup, html};

use crate::ui::empty::Empty;
use crate::ui::field::Field;
use crate::ui::kpi::{self, Kpi};
use crate::ui::pager::Pager;
use crate::ui::table::Table;
use crate::ui::tabs::{Tab, segments};
use crate::ui::title::Title;
use crate::ui::{Button, Frame, Sheet, Text};

/// A list as a page.
#[derive(Clone, Debug)]
pub struct List {
    /// What is listed.
    pub title: Text,
    /// How many, of which.
    pub context: Text,
    /// Actions: export, new.
    pub actions: Vec<Button>,
    /// Figures above it; empty for none.
    pub kpis: Vec<Kpi>,
    /// Fields of the filter.
    pub filter: Vec<Field>,
    /// Segments in the head of the table.
    pub segments: Vec<Tab>,
    /// The table.
    pub table: Table,
    /// Why it is empty.
    pub empty: Empty,
    /// Place in the list.
    pub pager: Option<Pager>,
}

/// Draws the page.
pub fn page(frame: &Frame, view: &List) -> Markup {
    let body = if view.table.lines.is_empty() { view.empty.show() } else { view.table.show() };
    let mut sheet = Sheet::bare(body).flush();
    if !view.segments.is_empty() {
        sheet = sheet.trail(segments("筛选", &view.segments));
    }
    if let Some(pager) = &view.pager {
        sheet = sheet.foot(pager.show());
    }
    frame.page(html! {
        (Title::new(view.title.clone()).context(html! { (view.context) }).trail(html! { @for action in &view.actions { (action.show()) } }).show())
        @if !view.kpis.is_empty() { (kpi::strip(&view.kpis, &[])) }
        @if !view.filter.is_empty() {
            (Sheet::bare(html! { form.filters role="search" aria-label={ "筛选" (view.title) } { @for field in &view.filter { (field.show()) } button.btn type="submit" { "筛选" } } }).show())
        }
        (sheet.show())
    })
}
