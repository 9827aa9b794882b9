//! Layouts (导入模板): what a sheet of an import file must look like, as data.
//!
//! A [`Layout`] names its sheet, and each [`Column`] its Chinese heading, the key under which the program reads it, the
//! [`Kind`] of value and whether it is compulsory. The layouts of `handbook 17 §8` are constants in [`crate::layouts`].

/// One choice of a code list (代码表): the code that is stored and the words that people write.
///
/// The first words are the official ones; a cell that holds the code or any of the words is read as the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The stored code, for example `01`.
    pub code: &'static str,
    /// The words, the official one first, for example `["身份证", "居民身份证"]`. Never empty.
    pub words: &'static [&'static str],
}

/// What a column holds, and so how its cells are cleaned and checked.
///
/// Checks are of the form only (shape, length, range). Check digits, limits and everything that needs the books belong to
/// the areas, which see the cleaned text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Running text up to a number of characters.
    Text {
        /// The largest number of characters (JGJ/T 320 lengths, `handbook 10 §1`).
        longest: usize,
    },
    /// Name of a person (姓名), rare characters included, at most 120 characters.
    Name,
    /// Number of a fund account, loan, serial or voucher: letters and digits, at most 40. A number cell of more than 15
    /// digits is refused, because a spreadsheet keeps only 15.
    AccountNumber,
    /// Number of an identity document (证件号码): letters, digits, brackets and hyphens, at most 18 characters
    /// (`handbook 10 §1`: C18), in capitals. The same refusal of long number cells.
    IdNumber,
    /// Unified social credit code (统一社会信用代码): 18 letters and digits in capitals.
    CreditCode,
    /// Mobile number (手机号码): 11 digits beginning with 1; a leading +86 is taken off.
    Mobile,
    /// Telephone (电话): digits, hyphens, plus and brackets, at most 20 characters.
    Phone,
    /// Bank card or bank account number (银行卡号): 8 to 32 digits. The same refusal of long number cells.
    Card,
    /// Amount in yuan (金额), at most two decimals: cleaned to `-1234.50`.
    Money,
    /// Rate in per cent (比例): `12`, `12%` and a cell formatted as per cent (0.12) are read as `12`. A value between 0 and
    /// 1 can only be a share, for no contribution rate is below 1 % (at least 5 %, `handbook 17 §1`).
    Rate,
    /// Day (日期): cleaned to `2025-07-01`.
    Day,
    /// Month (年月): cleaned to `2025-07`.
    Month,
    /// Whole number within limits, both included.
    Integer {
        /// Smallest number allowed.
        least: i64,
        /// Largest number allowed.
        most: i64,
    },
    /// One of a code list; cleaned to the code.
    Choice(&'static [Choice]),
}

/// A column (列) of a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The heading as the template prints it, in Chinese, without the star of compulsory columns.
    pub heading: &'static str,
    /// Other headings under which people send the same column.
    pub aliases: &'static [&'static str],
    /// The name by which the program asks for the column.
    pub key: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether the heading must be there and every row must fill it.
    pub required: bool,
    /// Whether a masked name or id number (`赵*岚`, `532***********2046`) is taken too. Lists that are exported carry masks
    /// unless the role allows more, and must be importable as they are; there the column only helps to compare.
    pub masked_too: bool,
}

impl Column {
    /// A column that may be left out or empty.
    pub const fn optional(heading: &'static str, key: &'static str, kind: Kind) -> Self {
        Self { heading, aliases: &[], key, kind, required: false, masked_too: false }
    }

    /// A compulsory column (必填, marked `*` in `handbook 17 §8`).
    pub const fn required(heading: &'static str, key: &'static str, kind: Kind) -> Self {
        Self { heading, aliases: &[], key, kind, required: true, masked_too: false }
    }

    /// The same column, in which a masked name or id number is taken too.
    pub const fn masked_too(mut self) -> Self {
        self.masked_too = true;
        self
    }

    /// The same column, found under further headings too.
    pub const fn or(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// The heading as a template prints it: with a star when compulsory.
    pub fn printed_heading(&self) -> String {
        if self.required { format!("{}*", self.heading) } else { self.heading.to_owned() }
    }
}

/// The layout (模板) of one sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// The name by which the program asks for the sheet.
    pub key: &'static str,
    /// Names of the sheet in a workbook, the official one first. When a file holds one layout only, a sheet of another
    /// name is taken too if its headings fit.
    pub sheets: &'static [&'static str],
    /// The columns in the order of the template.
    pub columns: &'static [Column],
    /// Whether the workbook must hold the sheet.
    pub required: bool,
}

impl Layout {
    /// The official name of the sheet.
    pub fn sheet(&self) -> &'static str {
        self.sheets.first().copied().unwrap_or(self.key)
    }

    /// The place of the column with this key in [`Layout::columns`].
    pub fn position(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key == key)
    }
}
