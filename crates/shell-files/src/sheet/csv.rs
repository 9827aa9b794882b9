//! Reading CSV: UTF-8 with or without byte order mark, UTF-16 with one, or GB18030; comma, semicolon or tab.
//!
//! Rows are counted as a spreadsheet counts them: blank lines count, and a quoted cell with a line break in it is one row.

use std::borrow::Cow;

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use super::raw::{Raw, RawRow};
use crate::problem::FileError;

/// The text of a CSV file: by its byte order mark, else strict UTF-8, else strict GB18030.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, FileError> {
    let strict = |encoding: &'static encoding_rs::Encoding, bytes| {
        encoding.decode_without_bom_handling_and_without_replacement(bytes).ok_or(FileError::Encoding)
    };
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return std::str::from_utf8(rest).map(Cow::Borrowed).map_err(|_| FileError::Encoding);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return strict(UTF_16LE, rest);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return strict(UTF_16BE, rest);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(_) => strict(GB18030, bytes),
    }
}

/// The separator: the one of comma, semicolon and tab that stands most often outside quotes in the first line that has
/// one; a comma when none does. The first line `sep=;` that some spreadsheets write decides by itself.
pub(crate) fn separator(text: &str) -> char {
    for line in text.lines().take(30) {
        if let Some(named) = line.trim().strip_prefix("sep=").and_then(|rest| rest.chars().next()) {
            return named;
        }
        let mut quoted = false;
        let mut counts = [0_usize; 3];
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => counts[0] += 1,
                ';' if !quoted => counts[1] += 1,
                '\t' if !quoted => counts[2] += 1,
                _ => {}
            }
        }
        let best = counts.iter().copied().max().unwrap_or(0);
        if best > 0 {
            return [',', ';', '\t'][counts.iter().position(|count| *count == best).unwrap_or(0)];
        }
    }
    ','
}

/// Hands every row that has a cell to `sink`, in order.
pub(crate) fn rows(text: &str, most_columns: u32, sink: &mut dyn FnMut(RawRow) -> Result<(), FileError>) -> Result<(), FileError> {
    let separator = separator(text);
    let mut chars = text.chars().peekable();
    let mut number = 1_u32;
    let mut cells: Vec<(u32, Raw)> = Vec::new();
    let mut column = 0_u32;
    let mut cell = String::new();
    let mut quoted = false;
    let mut was_quoted = false;
    let push = |cells: &mut Vec<(u32, Raw)>, column: u32, cell: &mut String| {
        let value = std::mem::take(cell);
        if !value.is_empty() && column < most_columns {
            cells.push((column, Raw::Text(value)));
        }
    };
    while let Some(c) = chars.next() {
        if quoted {
            match c {
                '"' if chars.peek() == Some(&'"') => {
                    cell.push('"');
                    chars.next();
                }
                '"' => quoted = false,
                _ => cell.push(c),
            }
            continue;
        }
        match c {
            '"' if cell.trim().is_empty() && !was_quoted => {
                cell.clear();
                quoted = true;
                was_quoted = true;
            }
            c if c == separator => {
                push(&mut cells, column, &mut cell);
                column = column.saturating_add(1);
                was_quoted = false;
            }
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' => {
                push(&mut cells, column, &mut cell);
                let full = std::mem::take(&mut cells);
                if !full.is_empty() {
                    sink(RawRow { number, hidden: false, cells: full })?;
                }
                number = number.checked_add(1).ok_or_else(|| FileError::TooLarge("行数过多".to_owned()))?;
                column = 0;
                was_quoted = false;
            }
            _ => cell.push(c),
        }
    }
    if quoted {
        // Everything after the open quote has been swallowed: better refused than read as one cell.
        return Err(FileError::Damaged(format!("quote opened before row {number} never closed")));
    }
    push(&mut cells, column, &mut cell);
    if !cells.is_empty() {
        sink(RawRow { number, hidden: false, cells })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(u32, Vec<(u32, String)>)> {
        let mut out = Vec::new();
        rows(text, 256, &mut |row| {
            out.push((row.number, row.cells.iter().map(|(at, raw)| (*at, raw.shown().to_owned())).collect()));
            Ok(())
        })
        .expect("readable");
        out
    }

    #[test]
    fn rows_count_as_a_spreadsheet_counts_them() {
        let text = "甲,乙\r\n\r\n\"一\n行\",\"说\"\"好\"\"\"\n,尾";
        assert_eq!(
            read(text),
            [
                (1, vec![(0, "甲".to_owned()), (1, "乙".to_owned())]),
                (3, vec![(0, "一\n行".to_owned()), (1, "说\"好\"".to_owned())]),
                (4, vec![(1, "尾".to_owned())]),
            ]
        );
    }

    #[test]
    fn the_separator_is_found_outside_quotes() {
        assert_eq!(separator("标题\n\"甲,乙,丙\";丁"), ';');
        assert_eq!(separator("甲\t乙,丙\t丁"), '\t');
        assert_eq!(separator("只有一列"), ',');
    }

    #[test]
    fn encodings_are_recognised_strictly() {
        let text = "姓名,𠮷田";
        let gb = GB18030.encode(text).0.into_owned();
        assert_eq!(decode(text.as_bytes()).expect("UTF-8"), text);
        assert_eq!(decode(&gb).expect("GB18030"), text);
        assert_eq!(decode(&[b"\xEF\xBB\xBF", text.as_bytes()].concat()).expect("with mark"), text);
        let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(decode(&wide).expect("UTF-16"), text);
        assert!(matches!(decode(b"\x81\xFF\xFF"), Err(FileError::Encoding)));
    }

    #[test]
    fn a_quote_that_never_closes_is_refused() {
        assert!(matches!(rows("甲,\"乙\n丙,丁", 256, &mut |_| Ok(())), Err(FileError::Damaged(_))));
    }
}
