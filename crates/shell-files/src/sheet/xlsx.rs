//! Reading `.xlsx` row by row.
//!
//! The rows are read as a stream and not through a dense range, for three reasons: a file with one cell in the last corner
//! of the grid must not ask for seventeen thousand million cells; hidden rows have to be told; a formula without a stored
//! value has to be told from an empty cell. Numbers are taken as the decimal text of the stored float ([`Raw::number`]).
//!
//! Bounds: every part is inflated through a counter, so a header that lies about its size does not help a zip bomb; the
//! table of shared texts and the number of rows have limits of their own ([`Limits`]).

use std::cell::Cell;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::Limits;
use super::raw::{Raw, RawRow};
use crate::problem::FileError;

/// An opened `.xlsx` file: its sheets, in the order of the tabs, and the shared texts.
pub(crate) struct Xlsx<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    names: Vec<String>,
    sheets: Vec<Part>,
    shared: Vec<Box<str>>,
    limits: Limits,
    inflated: Rc<Cell<u64>>,
}

struct Part {
    name: String,
    path: String,
    hidden: bool,
}

fn damaged(place: &str) -> FileError {
    FileError::Damaged(place.to_owned())
}

impl<'a> Xlsx<'a> {
    /// Opens the container and reads the list of sheets and the shared texts.
    pub(crate) fn open(bytes: &'a [u8], limits: Limits) -> Result<Self, FileError> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged("zip directory"))?;
        if archive.len() > limits.parts {
            return Err(FileError::TooLarge(format!("压缩包里有 {} 个文件", archive.len())));
        }
        let names = archive.file_names().filter_map(Result::ok).map(|name| name.into_owned()).collect();
        let mut file = Self { archive, names, sheets: Vec::new(), shared: Vec::new(), limits, inflated: Rc::new(Cell::new(0)) };
        if !file.holds("xl/workbook.xml") {
            return Err(FileError::WrongKind(file.kind_of_container()));
        }
        file.read_list_of_sheets()?;
        file.read_shared_texts()?;
        Ok(file)
    }

    fn holds(&self, name: &str) -> bool {
        self.names.iter().any(|found| found.eq_ignore_ascii_case(name))
    }

    fn kind_of_container(&self) -> &'static str {
        let holds = |name| self.holds(name);
        if holds("word/document.xml") {
            "Word 文档"
        } else if holds("ppt/presentation.xml") {
            "演示文稿"
        } else if holds("xl/workbook.bin") {
            "二进制工作簿（.xlsb）"
        } else if holds("content.xml") {
            "OpenDocument 文档"
        } else {
            "压缩包"
        }
    }

    /// Names of the sheets with whether they are hidden.
    pub(crate) fn sheets(&self) -> Vec<(String, bool)> {
        self.sheets.iter().map(|part| (part.name.clone(), part.hidden)).collect()
    }

    /// Opens a part as XML behind the counter; `None` when the container has no such part.
    fn part(&mut self, path: &str) -> Result<Option<Reader<impl BufRead + use<'_, 'a>>>, FileError> {
        let wanted = path.trim_start_matches('/');
        // Some writers differ in the case of part names, which the format allows.
        let Some(name) = self.names.iter().find(|name| name.eq_ignore_ascii_case(wanted)) else {
            return Ok(None);
        };
        let entry = self.archive.by_name(name).map_err(|_| damaged(wanted))?;
        if entry.encrypted() {
            return Err(FileError::Locked);
        }
        let counted = Counted { inner: entry, total: Rc::clone(&self.inflated), most: self.limits.inflated };
        let mut reader = Reader::from_reader(BufReader::with_capacity(64 * 1024, counted));
        reader.config_mut().check_end_names = false;
        Ok(Some(reader))
    }

    fn read_list_of_sheets(&mut self) -> Result<(), FileError> {
        let mut targets = Vec::new();
        if let Some(reader) = self.part("xl/_rels/workbook.xml.rels")? {
            let mut events = Events::new(reader, "workbook.xml.rels");
            while let Some(event) = events.next()? {
                if let Event::Start(tag) | Event::Empty(tag) = event
                    && local(&tag) == "Relationship"
                    && let (Some(id), Some(target)) = (attribute(&tag, "Id"), attribute(&tag, "Target"))
                {
                    targets.push((id, target));
                }
            }
        }
        let reader = self.part("xl/workbook.xml")?.ok_or_else(|| damaged("workbook.xml"))?;
        let mut events = Events::new(reader, "workbook.xml");
        let mut sheets = Vec::new();
        while let Some(event) = events.next()? {
            let (Event::Start(tag) | Event::Empty(tag)) = event else {
                continue;
            };
            if local(&tag) != "sheet" {
                continue;
            }
            let name = attribute(&tag, "name").unwrap_or_default();
            let hidden = attribute(&tag, "state").is_some_and(|state| state.ends_with("idden"));
            let target =
                attribute(&tag, "id").and_then(|id| targets.iter().find(|(known, _)| *known == id)).map(|(_, target)| target.clone());
            if let Some(target) = target {
                let path = match target.strip_prefix('/') {
                    Some(absolute) => absolute.to_owned(),
                    None => format!("xl/{}", target.trim_start_matches("./")),
                };
                sheets.push(Part { name, path, hidden });
            }
        }
        drop(events);
        if sheets.is_empty() {
            return Err(damaged("no sheets"));
        }
        self.sheets = sheets;
        Ok(())
    }

    fn read_shared_texts(&mut self) -> Result<(), FileError> {
        let most = self.limits.text;
        let Some(reader) = self.part("xl/sharedStrings.xml")? else {
            return Ok(());
        };
        let mut events = Events::new(reader, "sharedStrings.xml");
        let mut shared: Vec<Box<str>> = Vec::new();
        let mut size = 0_usize;
        let mut text = Collector::default();
        while let Some(event) = events.next()? {
            match &event {
                Event::Start(tag) if local(tag) == "si" => text.clear(),
                Event::Empty(tag) if local(tag) == "si" => shared.push("".into()),
                Event::End(tag) if tag.local_name().as_ref() == "si" => {
                    // The size of an empty text counts too: a table of empty texts is a bomb as well.
                    size += text.value.len() + size_of::<Box<str>>();
                    shared.push(text.take().into());
                    if size > most {
                        return Err(FileError::TooLarge("文字太多".to_owned()));
                    }
                }
                other => text.see(other),
            }
        }
        drop(events);
        self.shared = shared;
        Ok(())
    }

    /// Hands every row of a sheet that has a cell or is told hidden to `sink`, in order.
    pub(crate) fn rows(&mut self, sheet: usize, sink: &mut dyn FnMut(RawRow) -> Result<(), FileError>) -> Result<(), FileError> {
        let path = self.sheets.get(sheet).map(|part| part.path.clone()).ok_or_else(|| damaged("sheet index"))?;
        let shared = std::mem::take(&mut self.shared);
        let columns = self.limits.columns;
        let result = self.part(&path).and_then(|reader| {
            let reader = reader.ok_or_else(|| damaged(&path))?;
            read_rows(reader, &path, &shared, columns, sink)
        });
        self.shared = shared;
        result
    }
}

fn read_rows<R: BufRead>(
    reader: Reader<R>,
    path: &str,
    shared: &[Box<str>],
    most_columns: u32,
    sink: &mut dyn FnMut(RawRow) -> Result<(), FileError>,
) -> Result<(), FileError> {
    let mut events = Events::new(reader, path);
    let mut in_data = false;
    let mut row = RawRow::default();
    let mut cell: Option<OpenCell> = None;
    let mut next_column = 0_u32;
    let mut last_number = 0_u32;
    while let Some(event) = events.next()? {
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let closed = matches!(event, Event::Empty(_));
                match local(tag) {
                    "sheetData" => in_data = !closed,
                    "row" if in_data => {
                        let number = attribute(tag, "r").and_then(|r| r.parse().ok()).unwrap_or(last_number + 1);
                        // Rows must ascend; a file in which they do not has been tampered with or damaged.
                        if number <= last_number || number > 1_048_576 {
                            return Err(damaged("row order"));
                        }
                        last_number = number;
                        let hidden = attribute(tag, "hidden").is_some_and(|value| value == "1" || value == "true");
                        row = RawRow { number, hidden, cells: Vec::new() };
                        next_column = 0;
                    }
                    "c" if in_data => {
                        let (reference, kind) = cell_attributes(tag);
                        let column = reference.unwrap_or(next_column);
                        next_column = column.saturating_add(1);
                        cell = (!closed).then(|| OpenCell { column, kind, ..OpenCell::default() });
                    }
                    "f" => {
                        if let Some(cell) = &mut cell {
                            cell.formula = true;
                            cell.in_formula = !closed;
                        }
                    }
                    "v" | "t" | "rPh" => {
                        if let Some(cell) = &mut cell {
                            cell.text.see(&event);
                        }
                    }
                    _ => {}
                }
            }
            Event::End(tag) => match tag.local_name().as_ref() {
                "sheetData" => break,
                "row" if in_data && row.number > 0 => sink(std::mem::take(&mut row))?,
                "c" => {
                    if let Some(cell) = cell.take() {
                        let column = cell.column;
                        if let Some(raw) = cell.finish(shared) {
                            // Cells far to the right belong to no template.
                            if column < most_columns {
                                row.cells.push((column, raw));
                            }
                        }
                    }
                }
                "f" => {
                    if let Some(cell) = &mut cell {
                        cell.in_formula = false;
                    }
                }
                _ => {
                    if let Some(cell) = &mut cell {
                        cell.text.see(&event);
                    }
                }
            },
            other => {
                if let Some(cell) = cell.as_mut().filter(|cell| !cell.in_formula) {
                    cell.text.see(other);
                }
            }
        }
    }
    Ok(())
}

/// A cell while its elements go by.
#[derive(Default)]
struct OpenCell {
    column: u32,
    kind: String,
    formula: bool,
    in_formula: bool,
    text: Collector,
}

impl OpenCell {
    fn finish(mut self, shared: &[Box<str>]) -> Option<Raw> {
        let seen = self.text.seen;
        let value = self.text.take();
        if !seen || (value.is_empty() && self.kind != "str") {
            return self.formula.then_some(Raw::FormulaWithoutValue);
        }
        match self.kind.as_str() {
            "s" => {
                let text = value.trim().parse::<usize>().ok().and_then(|at| shared.get(at));
                // A reference to a text that is not there is a damaged cell: shown as an error, never as empty.
                Some(text.map_or_else(|| Raw::Fault("#REF!".to_owned()), |text| Raw::Text(text.to_string())))
            }
            "str" | "inlineStr" | "d" => Some(Raw::Text(value)),
            "b" => Some(Raw::Truth(matches!(value.trim(), "1" | "true"))),
            "e" => Some(Raw::Fault(value)),
            _ => match value.trim().parse::<f64>().ok().and_then(Raw::number) {
                Some(number) => Some(number),
                None => Some(Raw::Text(value)),
            },
        }
    }
}

/// Collects the text of `v` and `t` elements, leaving out phonetic guides (`rPh`).
#[derive(Default)]
struct Collector {
    value: String,
    seen: bool,
    open: bool,
    phonetic: bool,
}

impl Collector {
    fn clear(&mut self) {
        *self = Self::default();
    }

    fn take(&mut self) -> String {
        let value = unescape_control(std::mem::take(&mut self.value));
        self.clear();
        value
    }

    fn see(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) => match local(tag) {
                "v" | "t" => {
                    self.open = !self.phonetic;
                    self.seen |= !self.phonetic;
                }
                "rPh" => self.phonetic = true,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "v" | "t" => self.open = false,
                "rPh" => self.phonetic = false,
                _ => {}
            },
            Event::Text(text) if self.open => self.value.push_str(&text.xml10_content()),
            Event::CData(text) if self.open => self.value.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) if self.open => match reference.resolve_char_ref() {
                Ok(Some(c)) => self.value.push(c),
                _ => {
                    let name = reference.xml10_content();
                    // Only the five entities of XML itself: a document type that defines others is not read.
                    self.value.push_str(quick_xml::escape::resolve_predefined_entity(&name).unwrap_or("\u{FFFD}"));
                }
            },
            _ => {}
        }
    }
}

/// `_x000D_` in the texts of a workbook stands for the control character with that number.
fn unescape_control(text: String) -> String {
    if !text.contains("_x") {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        let code = tail.get(2..6).filter(|_| tail.get(6..7) == Some("_"));
        match code.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32) {
            Some(c) => {
                out.push(c);
                rest = &tail[7..];
            }
            None => {
                out.push_str("_x");
                rest = &tail[2..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The column, from 0, of a cell reference such as `AB12`.
fn column_of(reference: &str) -> Option<u32> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let mut column = 0_u32;
    for letter in letters {
        column = column.checked_mul(26)?.checked_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)?;
    }
    column.checked_sub(1)
}

fn local<'t>(tag: &'t BytesStart<'_>) -> &'t str {
    let name = tag.name().into_inner();
    name.rsplit(':').next().unwrap_or(name)
}

/// Column and type of a cell, in one walk over its attributes: there are millions of them.
fn cell_attributes(tag: &BytesStart<'_>) -> (Option<u32>, String) {
    let (mut column, mut kind) = (None, String::new());
    for attribute in tag.attributes().with_checks(false).filter_map(Result::ok) {
        match attribute.key.local_name().as_ref() {
            "r" => column = column_of(&attribute.value),
            "t" => kind = attribute.value.into_owned(),
            _ => {}
        }
    }
    (column, kind)
}

/// The value of an attribute by its local name, entities resolved.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    tag.attributes()
        .with_checks(false)
        .filter_map(Result::ok)
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .and_then(|attribute| attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(|v| v.into_owned()))
}

/// XML events of a part, with one buffer and one kind of error.
struct Events<'p, R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
    place: &'p str,
}

impl<'p, R: BufRead> Events<'p, R> {
    fn new(reader: Reader<R>, place: &'p str) -> Self {
        Self { reader, buffer: Vec::new(), place }
    }

    fn next(&mut self) -> Result<Option<Event<'_>>, FileError> {
        self.buffer.clear();
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::Eof) => Ok(None),
            Ok(event) => Ok(Some(event)),
            Err(quick_xml::Error::Io(error)) if error.kind() == std::io::ErrorKind::FileTooLarge => {
                Err(FileError::TooLarge("解压后超过上限".to_owned()))
            }
            Err(_) => Err(damaged(self.place)),
        }
    }
}

/// A reader that counts what it hands out and stops at a limit over the whole file.
struct Counted<R> {
    inner: R,
    total: Rc<Cell<u64>>,
    most: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let total = self.total.get().saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        self.total.set(total);
        if total > self.most {
            return Err(std::io::Error::from(std::io::ErrorKind::FileTooLarge));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cell_references_name_their_column() {
        assert_eq!(column_of("A1"), Some(0));
        assert_eq!(column_of("AB12"), Some(27));
        assert_eq!(column_of("XFD1048576"), Some(16_383));
        assert_eq!(column_of("12"), None);
        assert_eq!(column_of("ZZZZZZZZZZ1"), None, "an overflow is no column");
    }

    #[test]
    fn escaped_control_characters_are_unescaped() {
        assert_eq!(unescape_control("一_x000D_二".to_owned()), "一\r二");
        assert_eq!(unescape_control("a_xyz_b_x12".to_owned()), "a_xyz_b_x12");
        assert_eq!(unescape_control("_x字字_".to_owned()), "_x字字_");
    }
}
