//! Lists as data (清单): one description gives the table of a page and the sheet of its export, so the two cannot part.

use core_calendar::Day;
use core_money::Money;
use maud::{Markup, html};
use shell_files::xlsx::{self, Report, SheetOut, Show, Value, WriteError};

use crate::posted::Asked;
use crate::ui::table::{self, Line, OnPhone, Row, Table};
use crate::ui::{Link, Pill, amount};
use crate::words;

/// Where a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Both,
    Page,
    File,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    Words,
    Narrow,
    Numbers,
}

/// A column of a list.
#[derive(Clone, Copy, Debug)]
pub struct Col {
    head: &'static str,
    look: Look,
    phone: OnPhone,
    show: Show,
    width: u16,
    place: Place,
}

impl Col {
    const fn new(head: &'static str, look: Look, phone: OnPhone, show: Show, width: u16) -> Col {
        Col { head, look, phone, show, width, place: Place::Both }
    }
    /// Words; `width` in the file.
    pub const fn words(head: &'static str, phone: OnPhone, width: u16) -> Col {
        Col::new(head, Look::Words, phone, Show::Text, width)
    }
    /// A number that must stay text.
    pub const fn id(head: &'static str, phone: OnPhone) -> Col {
        Col::new(head, Look::Narrow, phone, Show::Identifier, 20)
    }
    /// A day or month.
    pub const fn day(head: &'static str, phone: OnPhone) -> Col {
        Col::new(head, Look::Narrow, phone, Show::Date, 12)
    }
    /// A state or kind.
    pub const fn state(head: &'static str, phone: OnPhone) -> Col {
        Col::new(head, Look::Narrow, phone, Show::Text, 12)
    }
    /// An amount.
    pub const fn money(head: &'static str, phone: OnPhone) -> Col {
        Col::new(head, Look::Numbers, phone, Show::Money, 17)
    }
    /// A count.
    pub const fn count(head: &'static str, phone: OnPhone) -> Col {
        Col::new(head, Look::Numbers, phone, Show::Integer, 9)
    }
    /// Only on the page: two things in one cell.
    pub const fn page(mut self) -> Col {
        self.place = Place::Page;
        self
    }
    /// Only in the file: what the page puts below something else.
    pub const fn file(mut self) -> Col {
        self.place = Place::File;
        self
    }
}

/// A cell of a list.
#[derive(Clone, Debug)]
pub enum Cell {
    /// Nothing.
    Blank,
    /// Words.
    Text(String),
    /// Words that lead somewhere.
    Go(Link),
    /// A link with a quiet line below it.
    Two(Link, String),
    /// An amount.
    Money(Money),
    /// A count.
    Count(i64),
    /// A status.
    Pill(Pill),
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Cell {
        Cell::Text(text.into())
    }
    /// A day, where there is one.
    pub fn day(day: Option<Day>) -> Cell {
        day.map_or(Cell::Blank, |day| Cell::Text(day.to_string()))
    }

    fn draw(&self) -> Markup {
        match self {
            Cell::Blank => table::dash(),
            Cell::Text(text) if text.is_empty() => table::dash(),
            Cell::Text(text) => html! { (text) },
            Cell::Go(link) => link.show(),
            Cell::Two(link, under) => table::two(link.show(), under),
            Cell::Money(money) => amount(&words::amount(*money)),
            Cell::Count(count) => html! { span.num { (count) } },
            Cell::Pill(pill) => pill.bare(),
        }
    }

    fn value(&self) -> Value<'static> {
        match self {
            Cell::Blank => Value::Empty,
            Cell::Text(text) => Value::text(text.clone()),
            Cell::Go(link) | Cell::Two(link, _) => Value::text(link.label.to_string()),
            Cell::Money(money) => Value::Money(*money),
            Cell::Count(count) => Value::Integer(*count),
            Cell::Pill(pill) => Value::text(pill.word.to_string()),
        }
    }
}

/// A list.
#[derive(Clone, Debug)]
pub struct Listing {
    /// What is listed; also the name of the sheet.
    pub title: String,
    /// Lines below the title of the file: what was asked for.
    pub under: Vec<String>,
    /// Columns.
    pub columns: &'static [Col],
    /// Rows, a cell a column.
    pub rows: Vec<Vec<Cell>>,
    /// Totals, a cell a column.
    pub totals: Option<Vec<Cell>>,
}

impl Listing {
    /// The table of a page.
    pub fn table(&self) -> Table {
        let shown = |cells: &[Cell]| -> Vec<Markup> {
            self.columns.iter().zip(cells).filter(|(column, _)| column.place != Place::File).map(|(_, cell)| cell.draw()).collect()
        };
        let columns = self.columns.iter().filter(|column| column.place != Place::File);
        let columns = columns.map(|column| match column.look {
            Look::Words => table::words(column.head, column.phone),
            Look::Narrow => table::narrow(column.head, column.phone),
            Look::Numbers => table::numbers(column.head, column.phone),
        });
        let mut lines: Vec<Line> = self.rows.iter().map(|row| Line::Row(Row::new(shown(row)))).collect();
        let total = |cells: &Vec<Cell>| {
            let drawn = self.columns.iter().zip(cells).filter(|(column, _)| column.place != Place::File);
            drawn.map(|(_, cell)| if matches!(cell, Cell::Blank) { Markup::default() } else { cell.draw() }).collect()
        };
        lines.extend(self.totals.as_ref().map(|cells| Line::Total(total(cells))));
        Table { caption: self.title.clone().into(), columns: columns.collect(), lines, walk: true }
    }

    /// The workbook of an export.
    ///
    /// # Errors
    /// When the workbook cannot be written.
    pub fn workbook(&self) -> Result<Vec<u8>, WriteError> {
        let kept = |cells: &[Cell]| -> Vec<Value<'static>> {
            self.columns.iter().zip(cells).filter(|(column, _)| column.place != Place::Page).map(|(_, cell)| cell.value()).collect()
        };
        let columns = self.columns.iter().filter(|column| column.place != Place::Page);
        let columns = columns.map(|column| xlsx::Column { heading: column.head.to_owned(), show: column.show, width: column.width });
        let report = Report {
            sheet: sheet_name(&self.title),
            title: self.title.clone(),
            subtitle: self.under.clone(),
            columns: columns.collect(),
            totals: self.totals.as_deref().map(kept),
        };
        xlsx::workbook_bytes(vec![SheetOut::new(report, self.rows.iter().map(|row| kept(row)))])
    }
}

/// An address with the named values of a query that are not empty, and something more.
pub fn address(path: &str, ask: &Asked, names: &[&str], more: &str) -> String {
    let kept = names.iter().filter(|name| !ask.get(name).is_empty()).map(|name| format!("{name}={}", encoded(ask.get(name))));
    let pairs: Vec<String> = kept.chain((!more.is_empty()).then(|| more.to_owned())).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// A value as a query can bear it.
fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// A title as a sheet can bear it: at most 31 characters, none that the format forbids.
fn sheet_name(title: &str) -> String {
    title.chars().map(|c| if "[]:*?/\\".contains(c) { ' ' } else { c }).take(31).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::link;

    const COLUMNS: &[Col] =
        &[Col::words("单位", OnPhone::Lead, 20).page(), Col::id("单位账号", OnPhone::Hidden).file(), Col::money("金额", OnPhone::Sum)];

    #[test]
    fn a_page_and_its_file_show_the_same_rows() {
        let row = vec![Cell::Two(link("甲单位", "/employers/1"), "1".into()), Cell::text("1"), Cell::Money(Money::from_fen(-123_456))];
        let listing = Listing { title: "单位[全部]".into(), under: Vec::new(), columns: COLUMNS, rows: vec![row], totals: None };
        let page = listing.table().show().into_string();
        assert!(page.contains("甲单位") && page.contains("−1,234.56") && !page.contains("单位账号"), "{page}");
        assert!(listing.workbook().expect("a workbook").starts_with(b"PK"));
        assert_eq!(sheet_name(&listing.title), "单位 全部 ");
    }
}
