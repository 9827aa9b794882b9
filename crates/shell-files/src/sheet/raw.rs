//! A cell as the file holds it, before any layout looks at it.

/// What a cell holds. An empty cell is not there at all.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Raw {
    /// Text, as typed.
    Text(String),
    /// A number, in plain decimal text.
    Number {
        /// The shortest decimal text of at most 15 significant digits, which is what the spreadsheet shows.
        text: String,
        /// Whether the number has more than 15 digits before the point, so that the last ones are invented.
        digits_lost: bool,
    },
    /// TRUE or FALSE.
    Truth(bool),
    /// An error of the spreadsheet, such as `#N/A`.
    Fault(String),
    /// A formula whose result is not stored in the file.
    FormulaWithoutValue,
}

impl Raw {
    /// A number cell from the float that the spreadsheet stores. `None` for infinities and NaN, which no file should hold.
    pub(crate) fn number(value: f64) -> Option<Self> {
        value.is_finite().then(|| Self::Number { text: decimal_text(value), digits_lost: value.abs() >= 1e15 })
    }

    /// The cell as text for quoting.
    pub(crate) fn shown(&self) -> &str {
        match self {
            Self::Text(text) | Self::Fault(text) | Self::Number { text, .. } => text,
            Self::Truth(true) => "TRUE",
            Self::Truth(false) => "FALSE",
            Self::FormulaWithoutValue => "",
        }
    }

    /// Whether the cell shows nothing.
    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Self::Text(text) => text.chars().all(|c| c.is_whitespace() || crate::clean::is_invisible(c)),
            _ => false,
        }
    }
}

/// A row as the file holds it: number from 1, hidden or not, and its filled cells with their column from 0.
#[derive(Debug, Default)]
pub(crate) struct RawRow {
    pub(crate) number: u32,
    pub(crate) hidden: bool,
    pub(crate) cells: Vec<(u32, Raw)>,
}

/// The plain decimal text of a stored float, rounded to the 15 significant digits that a spreadsheet shows and computes
/// with: 0.1 + 0.2 is stored as 0.30000000000000004 and means 0.3.
///
/// This is the only place where a float of a file becomes text; amounts are parsed from that text as integers.
fn decimal_text(value: f64) -> String {
    let scientific = format!("{value:.14e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let negative = mantissa.starts_with('-');
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return "0".to_owned();
    }
    let point = exponent + 1;
    let mut out = String::new();
    if negative {
        out.push('-');
    }
    let length = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    if point <= 0 {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', usize::try_from(-point).unwrap_or(0)));
        out.push_str(digits);
    } else if point >= length {
        out.push_str(digits);
        out.extend(std::iter::repeat_n('0', usize::try_from(point - length).unwrap_or(0)));
    } else {
        let (whole, rest) = digits.split_at(usize::try_from(point).unwrap_or(0));
        out.push_str(whole);
        out.push('.');
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_become_the_text_that_the_spreadsheet_shows() {
        for (stored, shown) in [
            (0.1 + 0.2, "0.3"),
            (1234.56, "1234.56"),
            (1234.5600000000001, "1234.56"),
            (8333.4, "8333.4"),
            (0.0, "0"),
            (-0.0, "0"),
            (-1643.0, "-1643"),
            (0.005, "0.005"),
            (982_404_170_000_318.0, "982404170000318"),
            (1e21, "1000000000000000000000"),
        ] {
            assert_eq!(decimal_text(stored), shown);
        }
    }

    #[test]
    fn sixteen_digits_are_too_many_for_a_number_cell() {
        assert!(matches!(Raw::number(999_999_999_999_999.0), Some(Raw::Number { digits_lost: false, .. })));
        assert!(matches!(Raw::number(5.323_011_990_010_1e17), Some(Raw::Number { digits_lost: true, .. })));
        assert_eq!(Raw::number(f64::NAN), None);
    }
}
