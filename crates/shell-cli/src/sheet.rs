//! Tables for a terminal (对齐表格): a Han character takes two columns.

use std::fmt;

/// On which side the cells of a column stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Words and dates.
    Left,
    /// Figures.
    Right,
}

/// Rows of cells, printed with two blanks between columns and none at the end of a line.
pub(crate) struct Sheet {
    sides: Vec<Side>,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    /// A table whose first columns are words, the rest figures.
    pub(crate) fn new(words: usize, figures: usize) -> Sheet {
        let sides = std::iter::repeat_n(Side::Left, words).chain(std::iter::repeat_n(Side::Right, figures));
        Sheet { sides: sides.collect(), rows: Vec::new() }
    }

    /// Adds a row; cells beyond the columns are not shown, missing ones are empty.
    pub(crate) fn row<T: ToString>(&mut self, cells: impl IntoIterator<Item = T>) -> &mut Sheet {
        self.rows.push(cells.into_iter().map(|cell| cell.to_string()).collect());
        self
    }
}

impl fmt::Display for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cell = |row: &Vec<String>, at: usize| row.get(at).cloned().unwrap_or_default();
        let widest = |at: usize| self.rows.iter().map(|row| width(&cell(row, at))).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.sides.len()).map(widest).collect();
        for row in &self.rows {
            let mut line = String::new();
            for (at, side) in self.sides.iter().enumerate() {
                let text = cell(row, at);
                let blank = " ".repeat(widths[at] - width(&text));
                line += if at > 0 { "  " } else { "" };
                line += &match side {
                    Side::Left => text + &blank,
                    Side::Right => blank + &text,
                };
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Columns of a terminal that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// Han, kana, hangul and full-width forms; what Unicode calls ambiguous counts as narrow.
fn is_wide(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF01..=0xFF60 | 0xFFE0..=0xFFE6
        | 0x20000..=0x3FFFD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_left_figures_right_and_han_takes_two_columns() {
        let mut sheet = Sheet::new(1, 2);
        sheet.row(["", "单位", "个人"]).row(["月缴存额", "1,785.00", "85.00"]).row(["余额"]);
        let expected = ["              单位   个人", "月缴存额  1,785.00  85.00", "余额", ""].join("\n");
        assert_eq!(sheet.to_string(), expected);
        assert_eq!((width("a《条例》"), width("−1")), (9, 2));
    }
}
