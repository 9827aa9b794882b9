//! Import files (导入文件): `.xlsx`, `.xls` and CSV to cleaned rows, or every error of every row in one answer.
//!
//! ```
//! use shell_files::{layouts, sheet};
//!
//! let file = "单位账号,未分摊余额\n982404170000318,\"1,643.00\"\n982404170000319,12.345\n";
//! let workbook = sheet::read_workbook(file.as_bytes(), &[&layouts::OPENING_SUSPENSE]).unwrap();
//!
//! let suspense = workbook.sheet("opening_suspense").unwrap();
//! let first = suspense.rows().next().unwrap();
//! assert_eq!(first.number(), 2);
//! assert_eq!(first.text("suspense"), Some("1643.00"));
//! assert_eq!(workbook.errors[0].message, "金额有 3 位小数，最多两位。");
//! assert_eq!((workbook.errors[0].row, workbook.errors[0].column.as_str()), (3, "未分摊余额"));
//! ```
//!
//! The kind of file is told by its content, never by its name. A file that cannot be read at all is a [`FileError`];
//! everything else is a [`RowError`] with sheet, row and column, and the rows without one stay usable.

mod csv;
mod raw;
mod value;
mod xls;
mod xlsx;

use std::path::Path;

use core_calendar::{Day, Month};
use core_money::{Money, Rate};
use serde::Serialize;

use crate::layout::{Column, Layout};
use crate::problem::{FileError, RowError, code};
use crate::{clean, mask};
use raw::{Raw, RawRow};

/// Bounds on what is read (上限), so that no file can exhaust the memory of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file itself.
    pub file: u64,
    /// Bytes of all parts of an `.xlsx` file together after unpacking.
    pub inflated: u64,
    /// Files inside an `.xlsx` container.
    pub parts: usize,
    /// Bytes of text kept: shared texts, and separately the cells of all rows.
    pub text: usize,
    /// Rows of all sheets together.
    pub rows: u32,
    /// Columns; cells to the right of them belong to no template and are not looked at.
    pub columns: u32,
    /// Cells in the rectangles that the sheets of an `.xls` file span.
    pub area: u64,
}

impl Default for Limits {
    /// Room for a centre's opening balances (135,000 members, `handbook 15`) in one file, and not much more.
    fn default() -> Self {
        Self { file: 128 << 20, inflated: 768 << 20, parts: 2_000, text: 256 << 20, rows: 300_000, columns: 256, area: 8_000_000 }
    }
}

/// What was read of a file (读取结果): sheets with their rows, every error, and notes on what was passed over.
#[derive(Debug)]
pub struct Workbook {
    /// The sheets that were found, in the order of the layouts asked for.
    pub sheets: Vec<Sheet>,
    /// Every error of every row, by sheet and row, columns in the order of the template.
    pub errors: Vec<RowError>,
    /// What was passed over or deserves a look, for the person who sent the file.
    pub notes: Vec<Note>,
}

impl Workbook {
    /// The sheet of the layout with this key, if the file has it.
    pub fn sheet(&self, key: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.layout.key == key)
    }

    /// Number of rows read over all sheets, those with errors included; headings, empty and total rows are not rows.
    pub fn row_count(&self) -> usize {
        self.sheets.iter().map(|sheet| sheet.rows.len()).sum()
    }
}

/// Something passed over while reading (说明). Notes never stop an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Name of the sheet as the file has it.
    pub sheet: String,
    /// The sentence, in Chinese.
    pub message: String,
}

/// A sheet that was read (工作表).
#[derive(Debug)]
pub struct Sheet {
    /// The layout it follows.
    pub layout: &'static Layout,
    /// Its name as the file has it.
    pub name: String,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    number: u32,
    hidden: bool,
    faulty: bool,
    /// The texts of all cells, one behind the other: a workbook of a whole centre has two million of them.
    text: Box<str>,
    cells: Box<[Option<Cell>]>,
}

/// Where a cell lies in the text of its row.
#[derive(Debug, Clone, Copy)]
struct Cell {
    start: u32,
    end: u32,
    /// End of what the cell showed, which follows, when cleaning changed it; else the same as `end`.
    shown: u32,
}

impl Row {
    /// Puts a cell behind the others.
    fn keep(text: &mut String, cleaned: &str, shown: &str) -> Cell {
        // The limits of a workbook keep the text of a row far below four gigabytes.
        let at = |text: &String| u32::try_from(text.len()).unwrap_or(u32::MAX);
        let start = at(text);
        text.push_str(cleaned);
        let end = at(text);
        if shown != cleaned {
            text.push_str(shown);
        }
        Cell { start, end, shown: at(text) }
    }

    fn part(&self, start: u32, end: u32) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or("")
    }
}

impl Sheet {
    /// Every row, in the order of the sheet, those with errors included.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = RowView<'_>> {
        self.rows.iter().map(|row| RowView { sheet: self, row })
    }

    /// The rows without an error (`--accept-good-rows`).
    pub fn good_rows(&self) -> impl Iterator<Item = RowView<'_>> {
        self.rows().filter(|row| !row.is_faulty())
    }
}

/// A row of a sheet, asked by the keys of its layout.
#[derive(Debug, Clone, Copy)]
pub struct RowView<'a> {
    sheet: &'a Sheet,
    row: &'a Row,
}

impl<'a> RowView<'a> {
    /// The row number as the sheet counts it, from 1.
    pub fn number(&self) -> u32 {
        self.row.number
    }

    /// Whether the row is hidden in the spreadsheet. Hidden rows are read like the others.
    pub fn is_hidden(&self) -> bool {
        self.row.hidden
    }

    /// Whether the row has an error.
    pub fn is_faulty(&self) -> bool {
        self.row.faulty
    }

    /// The cleaned text of a cell: `1234.50` for amounts in yuan, `12` for rates in per cent, `2025-07-01`, `2025-07`, the
    /// code of a choice. `None` when the cell is empty, faulty or its column is not in the file.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.cell(key).map(|cell| self.row.part(cell.start, cell.end))
    }

    /// The cell as the file shows it, before cleaning.
    pub fn raw(&self, key: &str) -> Option<&'a str> {
        let cell = self.cell(key)?;
        Some(if cell.shown > cell.end { self.row.part(cell.end, cell.shown) } else { self.row.part(cell.start, cell.end) })
    }

    /// The amount of a cell of kind [`Money`](crate::layout::Kind::Money).
    pub fn money(&self, key: &str) -> Option<Money> {
        Money::parse(self.text(key)?).ok()
    }

    /// The rate of a cell of kind [`Rate`](crate::layout::Kind::Rate).
    pub fn rate(&self, key: &str) -> Option<Rate> {
        Rate::parse(self.text(key)?).ok()
    }

    /// The day of a cell of kind [`Day`](crate::layout::Kind::Day).
    pub fn day(&self, key: &str) -> Option<Day> {
        Day::parse(self.text(key)?).ok()
    }

    /// The month of a cell of kind [`Month`](crate::layout::Kind::Month).
    pub fn month(&self, key: &str) -> Option<Month> {
        Month::parse(self.text(key)?).ok()
    }

    /// The number of a cell of kind [`Integer`](crate::layout::Kind::Integer).
    pub fn integer(&self, key: &str) -> Option<i64> {
        self.text(key)?.parse().ok()
    }

    /// The error that an area found in this row when it looked at the cell `key` (check digits, limits, doubles), with the
    /// cell quoted and masked by the same rules.
    pub fn error(&self, key: &str, code: &'static str, message: String, remedy: String) -> RowError {
        let column = self.sheet.layout.position(key).map(|at| &self.sheet.layout.columns[at]);
        RowError {
            sheet: self.sheet.name.clone(),
            row: self.row.number,
            column: column.map(|column| column.heading.to_owned()).unwrap_or_default(),
            code,
            found: column.map(|column| mask::found(&column.kind, self.raw(key).unwrap_or(""))).unwrap_or_default(),
            message,
            remedy,
        }
    }

    fn cell(&self, key: &str) -> Option<Cell> {
        let at = self.sheet.layout.position(key)?;
        *self.row.cells.get(at)?
    }
}

/// Reads a file from disk; see [`read_workbook`].
///
/// # Errors
/// As [`read_workbook`], and [`FileError::Unreadable`] when the file cannot be read.
pub fn read_file(path: &Path, layouts: &[&'static Layout]) -> Result<Workbook, FileError> {
    let limits = Limits::default();
    if std::fs::metadata(path)?.len() > limits.file {
        return Err(FileError::TooLarge(format!("超过 {} MB", limits.file >> 20)));
    }
    read_workbook_within(&std::fs::read(path)?, layouts, limits)
}

/// Reads an import file: `.xlsx`, `.xls` or CSV, told by its content.
///
/// Sheets are found by the names of the layouts; when the layouts ask for one compulsory sheet only, a sheet of another
/// name is taken if its headings fit. Unknown sheets and columns are noted and passed over, empty rows and rows that hold
/// a total (合计) are left out, hidden rows are read and noted.
///
/// # Errors
/// A [`FileError`] when nothing of the file can be used: empty, locked, of another kind, damaged, too large, in an unknown
/// encoding, or without the headings of any layout.
pub fn read_workbook(bytes: &[u8], layouts: &[&'static Layout]) -> Result<Workbook, FileError> {
    read_workbook_within(bytes, layouts, Limits::default())
}

/// [`read_workbook`] with other limits.
///
/// # Errors
/// As [`read_workbook`].
pub fn read_workbook_within(bytes: &[u8], layouts: &[&'static Layout], limits: Limits) -> Result<Workbook, FileError> {
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limits.file {
        return Err(FileError::TooLarge(format!("超过 {} MB", limits.file >> 20)));
    }
    let mut source = Source::open(bytes, limits)?;
    let mut reading = Reading { limits, rows: 0, text: 0, workbook: Workbook { sheets: vec![], errors: vec![], notes: vec![] } };
    reading.read(&mut source, layouts)?;
    Ok(reading.workbook)
}

/// A file by the kind of its content.
enum Source<'a> {
    Xlsx(Box<xlsx::Xlsx<'a>>),
    Xls(xls::Xls),
    Csv(std::borrow::Cow<'a, str>, u32),
}

impl<'a> Source<'a> {
    fn open(bytes: &'a [u8], limits: Limits) -> Result<Self, FileError> {
        let starts = |magic: &[u8]| bytes.starts_with(magic);
        if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
            return Ok(Self::Xlsx(Box::new(xlsx::Xlsx::open(bytes, limits)?)));
        }
        if starts(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
            return Ok(Self::Xls(xls::Xls::open(bytes, limits)?));
        }
        for (magic, kind) in [
            (b"%PDF".as_slice(), "PDF"),
            (b"\x89PNG", "图片"),
            (b"\xFF\xD8\xFF", "图片"),
            (b"GIF8", "图片"),
            (b"Rar!", "压缩包"),
            (b"7z\xBC\xAF", "压缩包"),
            (b"\x1F\x8B", "压缩包"),
            (b"MZ", "程序"),
        ] {
            if starts(magic) {
                return Err(FileError::WrongKind(kind));
            }
        }
        let text = csv::decode(bytes)?;
        let begin = text.trim_start();
        if begin.is_empty() {
            return Err(FileError::Empty);
        }
        // Web systems like to call their HTML and XML tables .xls.
        if begin.starts_with('<') {
            return Err(FileError::WrongKind("网页或 XML"));
        }
        if text.contains('\0') {
            return Err(FileError::WrongKind("二进制数据"));
        }
        Ok(Self::Csv(text, limits.columns))
    }

    fn sheets(&self, layouts: &[&'static Layout]) -> Vec<(String, bool)> {
        match self {
            Self::Xlsx(file) => file.sheets(),
            Self::Xls(file) => file.sheets(),
            Self::Csv(..) => vec![(layouts.first().map_or("CSV", |layout| layout.sheet()).to_owned(), false)],
        }
    }

    fn rows(&mut self, sheet: usize, sink: &mut dyn FnMut(RawRow) -> Result<(), FileError>) -> Result<(), FileError> {
        match self {
            Self::Xlsx(file) => file.rows(sheet, sink),
            Self::Xls(file) => file.rows(sheet, sink),
            Self::Csv(text, columns) => csv::rows(text, *columns, sink),
        }
    }

    /// The first rows of a sheet, in which the headings are looked for.
    fn head(&mut self, sheet: usize) -> Result<Vec<RawRow>, FileError> {
        let mut head = Vec::new();
        let result = self.rows(sheet, &mut |row| {
            head.push(row);
            // The reader stops at an error; this one is ours and is taken back below.
            if head.len() >= HEAD_ROWS { Err(FileError::Empty) } else { Ok(()) }
        });
        match result {
            Err(FileError::Empty) => Ok(head),
            other => other.map(|()| head),
        }
    }
}

/// Rows at the top of a sheet among which the headings are looked for: people put titles and notes above them.
const HEAD_ROWS: usize = 20;

/// Where the headings of a layout stand in a sheet.
struct Headings {
    row: u32,
    /// For each column of the layout, the column of the sheet.
    places: Vec<Option<u32>>,
    /// Headings that belong to no column of the layout.
    unknown: Vec<String>,
    /// Headings of the layout that stand twice.
    twice: Vec<&'static str>,
}

impl Headings {
    fn count(&self) -> usize {
        self.places.iter().flatten().count()
    }

    fn fits(&self, layout: &Layout) -> bool {
        layout.columns.iter().zip(&self.places).all(|(column, place)| !column.required || place.is_some())
    }
}

/// Finds the row that holds most headings of a layout; the first of equals. One heading alone is not enough when the
/// layout has several: a title may happen to be a heading's word.
fn find_headings(layout: &'static Layout, head: &[RawRow]) -> Option<Headings> {
    let enough = layout.columns.len().min(2);
    let mut best: Option<Headings> = None;
    for row in head {
        let mut found = Headings { row: row.number, places: vec![None; layout.columns.len()], unknown: Vec::new(), twice: Vec::new() };
        for (place, raw) in &row.cells {
            let shown = clean::heading(raw.shown());
            if shown.is_empty() {
                continue;
            }
            let known = layout
                .columns
                .iter()
                .position(|column| std::iter::once(&column.heading).chain(column.aliases).any(|name| clean::heading(name) == shown));
            match known {
                Some(at) if found.places[at].is_some() => found.twice.push(layout.columns[at].heading),
                Some(at) => found.places[at] = Some(*place),
                None => found.unknown.push(mask::digits(&clean::text(raw.shown()))),
            }
        }
        if found.count() >= enough && best.as_ref().is_none_or(|best| found.count() > best.count()) {
            best = Some(found);
        }
    }
    best
}

/// The state of reading one file.
struct Reading {
    limits: Limits,
    rows: u32,
    text: usize,
    workbook: Workbook,
}

impl Reading {
    fn read(&mut self, source: &mut Source<'_>, layouts: &[&'static Layout]) -> Result<(), FileError> {
        let sheets = source.sheets(layouts);
        let is_csv = matches!(source, Source::Csv(..));
        let alike = |name: &str, layout: &Layout| layout.sheets.iter().any(|known| clean::heading(known) == clean::heading(name));
        let mut taken: Vec<Option<usize>> =
            layouts.iter().map(|layout| if is_csv { None } else { sheets.iter().position(|(name, _)| alike(name, layout)) }).collect();

        // Sheets that carry no known name: for the one compulsory layout, the visible sheet whose headings fit best.
        let compulsory: Vec<usize> = (0..layouts.len()).filter(|at| layouts[*at].required).collect();
        let candidates: &[usize] = if is_csv { &(0..layouts.len()).collect::<Vec<_>>() } else { &compulsory };
        if is_csv || (compulsory.len() == 1 && taken[compulsory[0]].is_none()) {
            let mut best: Option<(usize, usize, bool, usize)> = None;
            for (sheet, (_, hidden)) in sheets.iter().enumerate() {
                if *hidden || taken.contains(&Some(sheet)) {
                    continue;
                }
                let head = source.head(sheet)?;
                for at in candidates {
                    if let Some(found) = find_headings(layouts[*at], &head) {
                        let rank = (found.fits(layouts[*at]), found.count());
                        if best.is_none_or(|(_, _, fits, count)| rank > (fits, count)) {
                            best = Some((sheet, *at, rank.0, rank.1));
                        }
                    }
                }
            }
            if let Some((sheet, at, ..)) = best {
                taken[at] = Some(sheet);
            }
        }
        if taken.iter().all(Option::is_none) {
            let first = layouts.first().and_then(|layout| layout.columns.first()).map_or("", |column| column.heading);
            return Err(FileError::NoHeadings(first));
        }

        for (layout, sheet) in layouts.iter().zip(&taken) {
            match sheet {
                Some(sheet) => {
                    let name = if is_csv { layout.sheet().to_owned() } else { sheets[*sheet].0.clone() };
                    self.read_sheet(source, *sheet, name, layout)?;
                }
                None if layout.required => self.workbook.errors.push(RowError {
                    sheet: layout.sheet().to_owned(),
                    row: 0,
                    column: String::new(),
                    code: code::SHEET_MISSING,
                    found: sheets.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join("、"),
                    message: format!("缺少工作表“{}”。", layout.sheet()),
                    remedy: "按模板补上这张工作表，没有数据也要有表头。".to_owned(),
                }),
                None => {}
            }
        }
        if !is_csv {
            for (at, (name, hidden)) in sheets.iter().enumerate() {
                if !taken.contains(&Some(at)) {
                    let hidden = if *hidden { "隐藏的" } else { "" };
                    self.note(name, format!("没有读取{hidden}工作表“{name}”：它不在模板内。"));
                }
            }
        }
        Ok(())
    }

    fn note(&mut self, sheet: &str, message: String) {
        self.workbook.notes.push(Note { sheet: sheet.to_owned(), message });
    }

    fn read_sheet(&mut self, source: &mut Source<'_>, at: usize, name: String, layout: &'static Layout) -> Result<(), FileError> {
        let head = source.head(at)?;
        let Some(headings) = find_headings(layout, &head) else {
            self.workbook.errors.push(RowError {
                sheet: name.clone(),
                row: 0,
                column: String::new(),
                code: code::NO_HEADINGS,
                found: String::new(),
                message: format!("工作表“{name}”前 {HEAD_ROWS} 行里找不到表头。"),
                remedy: format!("把表头放在数据上方，至少含“{}”。", layout.columns[0].heading),
            });
            return Ok(());
        };
        self.check_headings(&name, layout, &headings);

        let mut sheet = Sheet { layout, name, rows: Vec::new() };
        let mut passed = Passed::default();
        source.rows(at, &mut |row| {
            if row.number <= headings.row {
                return Ok(());
            }
            self.rows += 1;
            if self.rows > self.limits.rows {
                return Err(FileError::TooLarge(format!("超过 {} 行", self.limits.rows)));
            }
            self.read_row(&mut sheet, &headings, &row, &mut passed)
        })?;
        passed.tell(&mut self.workbook.notes, &sheet.name);
        self.workbook.sheets.push(sheet);
        Ok(())
    }

    fn check_headings(&mut self, sheet: &str, layout: &'static Layout, headings: &Headings) {
        let mut error = |column: &Column, code, message: String, remedy: String| {
            self.workbook.errors.push(RowError {
                sheet: sheet.to_owned(),
                row: headings.row,
                column: column.heading.to_owned(),
                code,
                found: String::new(),
                message,
                remedy,
            });
        };
        for (column, place) in layout.columns.iter().zip(&headings.places) {
            if column.required && place.is_none() {
                error(
                    column,
                    code::HEADING_MISSING,
                    format!("缺少必填列“{}”。", column.heading),
                    "按模板补上这一列，列的先后不限。".to_owned(),
                );
            }
            if headings.twice.contains(&column.heading) {
                error(column, code::HEADING_TWICE, format!("“{}”有两列，不知道取哪一列。", column.heading), "只留一列。".to_owned());
            }
        }
        if !headings.unknown.is_empty() {
            let names = headings.unknown.join("、");
            self.note(sheet, format!("没有读取模板以外的列：{names}。"));
        }
    }

    fn read_row(&mut self, sheet: &mut Sheet, headings: &Headings, row: &RawRow, passed: &mut Passed) -> Result<(), FileError> {
        let at = |place: Option<u32>| -> Option<&Raw> {
            let place = place?;
            // Cells ascend by column in every format; a linear search over a dozen is the fastest.
            row.cells.iter().find(|(column, _)| *column == place).map(|(_, raw)| raw)
        };
        let filled = headings.places.iter().any(|place| at(*place).is_some_and(|raw| !raw.is_blank()));
        if !filled {
            passed.empty(row.number);
            return Ok(());
        }
        if is_total(sheet.layout, headings, row) {
            passed.totals.push(row.number);
            return Ok(());
        }
        if row.hidden {
            passed.hidden.push(row.number);
        }
        let mut faulty = false;
        let mut cells = Vec::with_capacity(sheet.layout.columns.len());
        let mut kept = String::new();
        for (column, place) in sheet.layout.columns.iter().zip(&headings.places) {
            let raw = at(*place);
            let outcome = match raw {
                None => Ok(None),
                Some(raw) => value::read_column(column, raw),
            };
            let refused = match outcome {
                Ok(None) if column.required && place.is_some() => Some(value::Fault {
                    code: code::REQUIRED,
                    message: format!("“{}”必填，这里是空的。", column.heading),
                    remedy: "补填后再导入。".to_owned(),
                }),
                Ok(None) => {
                    cells.push(None);
                    None
                }
                Ok(Some(text)) => {
                    cells.push(Some(Row::keep(&mut kept, &text, raw.map_or("", Raw::shown))));
                    None
                }
                Err(fault) => Some(fault),
            };
            if let Some(fault) = refused {
                faulty = true;
                cells.push(None);
                let found = mask::found(&column.kind, raw.map_or("", Raw::shown));
                self.text += found.len() + fault.message.len() + fault.remedy.len() + sheet.name.len();
                self.workbook.errors.push(RowError {
                    sheet: sheet.name.clone(),
                    row: row.number,
                    column: column.heading.to_owned(),
                    code: fault.code,
                    found,
                    message: fault.message,
                    remedy: fault.remedy,
                });
            }
        }
        self.text += kept.len();
        if self.text > self.limits.text {
            return Err(FileError::TooLarge("文字太多".to_owned()));
        }
        sheet.rows.push(Row { number: row.number, hidden: row.hidden, faulty, text: kept.into(), cells: cells.into() });
        Ok(())
    }
}

/// Whether a row holds a total that somebody put under the data: its first filled cell is 合计, 总计 or 小计, and no
/// compulsory identifier is filled.
fn is_total(layout: &Layout, headings: &Headings, row: &RawRow) -> bool {
    let first = row.cells.iter().find(|(_, raw)| !raw.is_blank());
    let says_total = first.is_some_and(|(_, raw)| {
        matches!(clean::heading(raw.shown()).as_str(), "合计" | "总计" | "小计" | "共计" | "本页合计" | "本页小计")
    });
    let place_of_first = first.map(|(place, _)| *place);
    says_total
        && !layout.columns.iter().zip(&headings.places).any(|(column, place)| {
            column.required
                && !matches!(column.kind, crate::layout::Kind::Money | crate::layout::Kind::Integer { .. })
                && *place != place_of_first
                && place.is_some_and(|place| row.cells.iter().any(|(at, raw)| *at == place && !raw.is_blank()))
        })
}

/// Rows passed over or worth telling.
#[derive(Default)]
struct Passed {
    empty: Vec<u32>,
    totals: Vec<u32>,
    hidden: Vec<u32>,
}

impl Passed {
    fn empty(&mut self, row: u32) {
        self.empty.push(row);
    }

    fn tell(&self, notes: &mut Vec<Note>, sheet: &str) {
        let mut tell = |rows: &[u32], message: fn(String) -> String| {
            if !rows.is_empty() {
                notes.push(Note { sheet: sheet.to_owned(), message: message(row_list(rows)) });
            }
        };
        tell(&self.empty, |rows| format!("跳过空行：{rows}。"));
        tell(&self.totals, |rows| format!("跳过合计行：{rows}。"));
        tell(&self.hidden, |rows| format!("隐藏的行也已读取：{rows}。"));
    }
}

/// `第 3、7–9 行`, with at most ten ranges named.
fn row_list(rows: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for row in rows {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *row => *last = *row,
            _ => ranges.push((*row, *row)),
        }
    }
    let named: Vec<String> =
        ranges.iter().take(10).map(|(first, last)| if first == last { first.to_string() } else { format!("{first}–{last}") }).collect();
    let more = if ranges.len() > 10 { format!("等共 {} 行", rows.len()) } else { " 行".to_owned() };
    format!("第 {}{more}", named.join("、"))
}
