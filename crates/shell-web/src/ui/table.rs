//! Table: columns as data; group rows, totals, folded rows, row notes, selected and error rows; cards on the phone.
//!
//! A column says where its cell goes on a phone's card ([`OnPhone`]); what has no place there is left out before anything
//! scrolls sideways. Rows can be walked with J and K and opened with Enter (`keys.js`).

use maud::{Markup, PreEscaped, html};

use super::Text;

/// Where a cell goes on a phone's card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnPhone {
    /// The name, first line, left.
    Lead,
    /// The amount, first line, right.
    Sum,
    /// A further line at the left.
    Line,
    /// A further line at the right.
    Side,
    /// The last line at the left (a day, a deadline).
    Foot,
    /// Beside the last line, at the right (a status).
    FootSide,
    /// A line at the left that names its column first (`缴存基数 6,850.00`).
    Named,
    /// Not shown.
    Hidden,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    head: Text,
    class: &'static str,
    phone: OnPhone,
}

/// A column of words.
pub fn words(head: impl Into<Text>, phone: OnPhone) -> Column {
    Column { head: head.into(), class: "", phone }
}

/// A column of numbers: right-aligned, never wrapping.
pub fn numbers(head: impl Into<Text>, phone: OnPhone) -> Column {
    Column { head: head.into(), class: "n", phone }
}

/// A column that takes the room that is left (a bar).
pub fn wide(head: impl Into<Text>, phone: OnPhone) -> Column {
    Column { head: head.into(), class: "w", phone }
}

/// A column that is as narrow as its content (a number, a status).
pub fn narrow(head: impl Into<Text>, phone: OnPhone) -> Column {
    Column { head: head.into(), class: "s", phone }
}

/// One row.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// A cell a column.
    pub cells: Vec<Markup>,
    /// The one we are at.
    pub selected: bool,
    /// Something is wrong with it.
    pub error: bool,
    /// A person must look at it.
    pub look: bool,
    /// What is to be said below it (a problem with remedies).
    pub note: Option<Markup>,
    /// An id to link to (`row-23`).
    pub id: Option<Text>,
}

impl Row {
    /// A row of cells.
    pub fn new(cells: Vec<Markup>) -> Row {
        Row { cells, ..Row::default() }
    }
    /// The one we are at.
    pub fn selected(mut self) -> Row {
        self.selected = true;
        self
    }
    /// Wrong.
    pub fn error(mut self) -> Row {
        self.error = true;
        self
    }
    /// Wants a look.
    pub fn look(mut self) -> Row {
        self.look = true;
        self
    }
    /// With a note below.
    pub fn note(mut self, note: Markup) -> Row {
        self.note = Some(note);
        self
    }
    /// With an id.
    pub fn id(mut self, id: impl Into<Text>) -> Row {
        self.id = Some(id.into());
        self
    }
}

/// One line of the table's body.
#[derive(Clone, Debug)]
pub enum Line {
    /// A row.
    Row(Row),
    /// Head of a group: name and count.
    Group(Text, Text),
    /// Rows folded into one line that still carries its sums.
    Folded(Vec<Markup>),
    /// Totals, above them an edge line.
    Total(Vec<Markup>),
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// What it lists, for a screen reader.
    pub caption: Text,
    /// Columns.
    pub columns: Vec<Column>,
    /// Lines.
    pub lines: Vec<Line>,
    /// Whether J, K and Enter walk it.
    pub walk: bool,
}

/// Plain words as a cell.
pub fn cell(text: &str) -> Markup {
    html! { (text) }
}

/// A cell of two lines: name, then number in grey.
pub fn two(name: Markup, under: &str) -> Markup {
    html! { span.two { (name) small { (under) } } }
}

/// An empty cell: a dash that is silent.
pub fn dash() -> Markup {
    html! { span.ink-3 aria-label="无" { "—" } }
}

/// No cell content at all.
pub fn nothing() -> Markup {
    PreEscaped(String::new())
}

impl Table {
    /// Draws it.
    pub fn show(&self) -> Markup {
        // Cards change how rows are laid out, and browsers then forget that they are rows: hence the roles.
        html! {
            table.grid role="table" data-list[self.walk] {
                caption.sr { (self.caption) }
                thead role="rowgroup" {
                    tr role="row" { @for column in &self.columns { th role="columnheader" scope="col" class=(column.class) { (column.head) } } }
                }
                tbody role="rowgroup" { @for line in &self.lines { (self.line(line)) } }
            }
        }
    }

    fn line(&self, line: &Line) -> Markup {
        let span = self.columns.len();
        html! {
            @match line {
                Line::Group(name, count) => tr.group role="row" { th role="rowheader" scope="rowgroup" colspan=(span) { (name) " " span.count { (count) } } },
                Line::Folded(cells) => tr.folded role="row" { (self.cells(cells)) },
                Line::Total(cells) => tr.total role="row" { (self.cells(cells)) },
                Line::Row(row) => {
                    @let class = if row.error { "row error" } else if row.selected { "row selected" } else if row.look { "row look" } else { "row" };
                    tr class={ (class) @if row.note.is_some() { " noted" } } role="row" id=[row.id.as_deref()] data-row aria-current=[row.selected.then_some("true")] { (self.cells(&row.cells)) }
                    @if let Some(note) = &row.note {
                        tr class={ "note-row" @if row.error { " error" } } role="row" { td role="cell" colspan=(span) { (note) } }
                    }
                },
            }
        }
    }

    fn cells(&self, cells: &[Markup]) -> Markup {
        html! {
            @for (column, cell) in self.columns.iter().zip(cells) {
                @let phone = match column.phone { OnPhone::Lead => "p-lead", OnPhone::Sum => "p-sum", OnPhone::Line => "p-line", OnPhone::Side => "p-side", OnPhone::Foot => "p-line p-foot", OnPhone::FootSide => "p-side p-foot-side", OnPhone::Named => "p-line p-named", OnPhone::Hidden => "p-off" };
                td role="cell" class={ (column.class) " " (phone) @if cell.0.is_empty() { " blank" } } data-head=[(column.phone == OnPhone::Named).then_some(&column.head)] { (cell) }
            }
        }
    }
}
