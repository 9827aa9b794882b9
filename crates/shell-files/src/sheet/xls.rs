//! Reading the old binary `.xls`, through calamine.
//!
//! calamine lays each sheet out as one dense range while it opens the file, so the container is walked first, record by
//! record: a file locked by a password is told, the area that the sheets span is bounded before anything is laid out, and
//! hidden rows are noted. What calamine makes of a damaged file is caught, whatever it is.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Reader as _, Xls as Calamine};

use super::Limits;
use super::raw::{Raw, RawRow};
use crate::problem::FileError;

/// An opened `.xls` file.
pub(crate) struct Xls {
    sheets: Vec<Sheet>,
}

struct Sheet {
    name: String,
    hidden: bool,
    hidden_rows: BTreeSet<u32>,
    range: calamine::Range<Data>,
}

fn damaged(place: &str) -> FileError {
    FileError::Damaged(place.to_owned())
}

impl Xls {
    /// Opens the file and reads all its sheets.
    pub(crate) fn open(bytes: &[u8], limits: Limits) -> Result<Self, FileError> {
        let survey = survey(bytes, limits)?;
        let opened = catch_unwind(AssertUnwindSafe(|| {
            let mut file: Calamine<_> = Calamine::new(Cursor::new(bytes)).map_err(|error| damaged(&format!("xls: {error}")))?;
            file.worksheets()
                .into_iter()
                .map(|(name, range)| {
                    let found = survey.iter().find(|sheet| sheet.name == name);
                    Ok(Sheet {
                        hidden: found.is_some_and(|sheet| sheet.hidden),
                        hidden_rows: found.map(|sheet| sheet.hidden_rows.clone()).unwrap_or_default(),
                        name,
                        range,
                    })
                })
                .collect::<Result<Vec<_>, FileError>>()
        }));
        match opened {
            Ok(sheets) => Ok(Self { sheets: sheets? }),
            Err(_) => Err(damaged("xls records")),
        }
    }

    /// Names of the sheets with whether they are hidden.
    pub(crate) fn sheets(&self) -> Vec<(String, bool)> {
        self.sheets.iter().map(|sheet| (sheet.name.clone(), sheet.hidden)).collect()
    }

    /// Hands every row of a sheet that has a cell to `sink`, in order.
    pub(crate) fn rows(&self, sheet: usize, sink: &mut dyn FnMut(RawRow) -> Result<(), FileError>) -> Result<(), FileError> {
        let sheet = self.sheets.get(sheet).ok_or_else(|| damaged("sheet index"))?;
        let (first_row, first_column) = sheet.range.start().unwrap_or((0, 0));
        for (row, index) in sheet.range.rows().zip(first_row..) {
            let cells: Vec<(u32, Raw)> = row.iter().zip(first_column..).filter_map(|(data, column)| Some((column, raw(data)?))).collect();
            if !cells.is_empty() {
                sink(RawRow { number: index + 1, hidden: sheet.hidden_rows.contains(&index), cells })?;
            }
        }
        Ok(())
    }
}

fn raw(data: &Data) -> Option<Raw> {
    match data {
        Data::Empty => None,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Some(Raw::Text(text.clone())),
        // The old format stores whole numbers of up to 30 bits as integers, all others as floats.
        Data::Int(number) => Some(Raw::Number { text: number.to_string(), digits_lost: number.unsigned_abs() >= 1_000_000_000_000_000 }),
        Data::Float(number) => Raw::number(*number),
        Data::DateTime(moment) => Raw::number(moment.as_f64()),
        Data::Bool(truth) => Some(Raw::Truth(*truth)),
        Data::Error(error) => Some(Raw::Fault(error.to_string())),
    }
}

/// What a first walk over the records tells about a sheet.
struct Surveyed {
    name: String,
    hidden: bool,
    hidden_rows: BTreeSet<u32>,
}

/// Walks the container and its records without keeping cells.
fn survey(bytes: &[u8], limits: Limits) -> Result<Vec<Surveyed>, FileError> {
    let mut container = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| damaged("compound file"))?;
    if container.exists("/EncryptedPackage") || container.exists("/EncryptionInfo") {
        return Err(FileError::Locked);
    }
    let stream = ["/Workbook", "/Book"].into_iter().find(|name| container.is_stream(name));
    let Some(stream) = stream else {
        let kind = if container.exists("/WordDocument") { "Word 文档" } else { "其他程序的文件" };
        return Err(FileError::WrongKind(kind));
    };
    let mut records = Vec::new();
    let opened = container.open_stream(stream).map_err(|_| damaged("workbook stream"))?;
    opened.take(limits.file + 1).read_to_end(&mut records).map_err(|_| damaged("workbook stream"))?;

    let mut sheets: Vec<(u32, Surveyed)> = Vec::new();
    let mut area = 0_u64;
    let mut corner: Option<(u16, u16, u16, u16)> = None;
    let mut current: Option<usize> = None;
    let mut at = 0_usize;
    while let Some(header) = records.get(at..at + 4) {
        let kind = u16::from_le_bytes([header[0], header[1]]);
        let length = usize::from(u16::from_le_bytes([header[2], header[3]]));
        let Some(body) = records.get(at + 4..at + 4 + length) else {
            break;
        };
        let word = |offset: usize| -> Option<u16> { body.get(offset..offset + 2).map(|two| u16::from_le_bytes([two[0], two[1]])) };
        match kind {
            FILEPASS => return Err(FileError::Locked),
            BOUNDSHEET => {
                if let (Some(low), Some(high)) = (word(0), word(2)) {
                    sheets.push((
                        u32::from(high) << 16 | u32::from(low),
                        Surveyed {
                            name: sheet_name(body.get(6..).unwrap_or_default()),
                            hidden: body.get(4).is_some_and(|state| state & 0x03 != 0),
                            hidden_rows: BTreeSet::new(),
                        },
                    ));
                }
            }
            BOF | BOF_4 | BOF_3 => {
                let position = u32::try_from(at).unwrap_or(u32::MAX);
                current = sheets.iter().position(|(start, _)| *start == position);
                corner = None;
            }
            EOF_RECORD => {
                if let Some((top, left, bottom, right)) = corner.take() {
                    area += spanned(top, left, bottom, right);
                }
            }
            ROW => {
                // grbit at offset 12; 0x20 is "height zero", that is hidden.
                if let (Some(row), Some(flags), Some(sheet)) = (word(0), word(12), current)
                    && flags & 0x20 != 0
                {
                    sheets[sheet].1.hidden_rows.insert(u32::from(row));
                }
            }
            kind if CELLS.contains(&kind) => {
                if let (Some(row), Some(column)) = (word(0), word(2)) {
                    let (top, left, bottom, right) = corner.unwrap_or((row, column, row, column));
                    // MULRK and MULBLANK end with the last column they fill.
                    let last = if matches!(kind, 0x00BD | 0x00BE) { word(length.saturating_sub(2)).unwrap_or(column) } else { column };
                    corner = Some((top.min(row), left.min(column), bottom.max(row), right.max(column).max(last)));
                }
            }
            _ => {}
        }
        at += 4 + length;
    }
    if let Some((top, left, bottom, right)) = corner {
        area += spanned(top, left, bottom, right);
    }
    if area > limits.area {
        return Err(FileError::TooLarge("表格占用的区域过大".to_owned()));
    }
    Ok(sheets.into_iter().map(|(_, sheet)| sheet).collect())
}

/// Cells in the rectangle between two corners, both included.
fn spanned(top: u16, left: u16, bottom: u16, right: u16) -> u64 {
    (u64::from(bottom - top) + 1) * (u64::from(right - left) + 1)
}

const FILEPASS: u16 = 0x002F;
const BOUNDSHEET: u16 = 0x0085;
const BOF: u16 = 0x0809;
const BOF_4: u16 = 0x0409;
const BOF_3: u16 = 0x0209;
const EOF_RECORD: u16 = 0x000A;
const ROW: u16 = 0x0208;

/// Records that carry the row and column of a cell in their first four bytes.
const CELLS: &[u16] = &[0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x0406, 0x0206, 0x027E];

/// The name in a BOUNDSHEET record of BIFF8: length, a flag for two-byte characters, the characters.
fn sheet_name(body: &[u8]) -> String {
    let (Some(length), Some(flag)) = (body.first(), body.get(1)) else {
        return String::new();
    };
    let length = usize::from(*length);
    let text = body.get(2..).unwrap_or_default();
    if flag & 1 == 0 {
        text.iter().take(length).map(|b| char::from(*b)).collect()
    } else {
        let units: Vec<u16> = text.chunks_exact(2).take(length).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
        String::from_utf16_lossy(&units)
    }
}
