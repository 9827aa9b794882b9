//! Lists and statements as `.xlsx` workbooks, and the templates of the import files.
//!
//! A [`Report`] is data: title, lines under it, columns, rows and totals. Rows come from an iterator and are written as they
//! come (constant memory), so a list of a hundred thousand lines needs a few megabytes. Identifiers are text, so that
//! nothing loses its last digits; amounts are numbers with `#,##0.00`; days and months are text in ISO form, which sorts by
//! itself and needs no locale. What is exported by a layout can be imported by the same layout.

use std::borrow::Cow;
use std::io::{Seek, Write};

use core_money::{Money, Rate};
use rust_xlsxwriter::{DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use crate::layout::{Kind, Layout};

/// A value of a report cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'a> {
    /// An empty cell.
    Empty,
    /// Text, identifiers, days (`2025-07-01`) and months (`2025-07`).
    Text(Cow<'a, str>),
    /// An amount, written in yuan.
    Money(Money),
    /// A rate, written in per cent.
    Percent(Rate),
    /// A whole number.
    Integer(i64),
}

impl<'a> Value<'a> {
    /// A text value.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }
}

/// How a column of a report is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Left-aligned text, wrapped when long.
    Text,
    /// Text that must stay text: accounts, ids, cards, phones, serials.
    Identifier,
    /// Amounts in yuan, right-aligned, with separators and two decimals.
    Money,
    /// Rates in per cent.
    Percent,
    /// Whole numbers with separators.
    Integer,
    /// Days and months, centred.
    Date,
}

/// A column of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Heading, in Chinese.
    pub heading: String,
    /// How its cells are shown.
    pub show: Show,
    /// Width in characters of the standard font; a Chinese character is about two.
    pub width: u16,
}

/// A list or statement to be written as one sheet (报表).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Name of the sheet; at most 31 characters, none of `[]:*?/\`.
    pub sheet: String,
    /// Title above the table; empty for none, as the machine-read lists have.
    pub title: String,
    /// Lines under the title: employer, month, unit of amounts, who printed it and when.
    pub subtitle: Vec<String>,
    /// The columns.
    pub columns: Vec<Column>,
    /// Whether a row of totals follows the rows; it begins with 合计, which the import leaves out.
    pub totals: Option<Vec<Value<'static>>>,
}

impl Report {
    /// A report with the headings of an import layout, so that what is exported can be imported.
    pub fn of_layout(layout: &Layout) -> Self {
        let columns = layout
            .columns
            .iter()
            .map(|column| Column { heading: column.printed_heading(), show: show(&column.kind), width: width(column) })
            .collect();
        Self { sheet: layout.sheet().to_owned(), title: String::new(), subtitle: Vec::new(), columns, totals: None }
    }
}

fn show(kind: &Kind) -> Show {
    match kind {
        Kind::Text { .. } | Kind::Name | Kind::Choice(_) => Show::Text,
        Kind::AccountNumber | Kind::IdNumber | Kind::CreditCode | Kind::Mobile | Kind::Phone | Kind::Card => Show::Identifier,
        Kind::Money => Show::Money,
        Kind::Rate => Show::Percent,
        Kind::Day | Kind::Month => Show::Date,
        Kind::Integer { .. } => Show::Integer,
    }
}

fn width(column: &crate::layout::Column) -> u16 {
    let content = match column.kind {
        Kind::AccountNumber | Kind::Mobile | Kind::Phone => 18,
        Kind::IdNumber | Kind::CreditCode => 21,
        Kind::Card => 24,
        Kind::Money => 15,
        Kind::Day => 12,
        Kind::Month | Kind::Name | Kind::Choice(_) => 11,
        Kind::Rate | Kind::Integer { .. } => 9,
        Kind::Text { longest } if longest > 200 => 28,
        Kind::Text { .. } => 14,
    };
    let heading = u16::try_from(column.printed_heading().chars().count() * 2 + 2).unwrap_or(u16::MAX);
    content.max(heading)
}

/// Why a workbook could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The writer of the format refused: a sheet name it cannot hold, too many rows, a full disk.
    #[error("写不出工作簿：{0}")]
    Xlsx(#[from] XlsxError),
    /// A row has another number of cells than the report has columns.
    #[error("第 {row} 行有 {found} 格，报表有 {columns} 列")]
    Shape {
        /// Row among the rows of the report, from 1; 0 for the row of totals.
        row: usize,
        /// Cells of that row.
        found: usize,
        /// Columns of the report.
        columns: usize,
    },
}

/// A sheet of a workbook to be written: the report and its rows.
pub struct SheetOut<'a> {
    /// What the sheet looks like.
    pub report: Report,
    /// The rows, each with a value per column.
    pub rows: Box<dyn Iterator<Item = Vec<Value<'a>>> + 'a>,
}

impl<'a> SheetOut<'a> {
    /// A sheet from a report and its rows.
    pub fn new(report: Report, rows: impl IntoIterator<Item = Vec<Value<'a>>> + 'a) -> Self {
        Self { report, rows: Box::new(rows.into_iter()) }
    }
}

/// Writes a workbook of one or more sheets to a file or buffer and returns the number of rows written to each.
///
/// # Errors
/// [`WriteError`]; nothing usable has been written then.
pub fn write_workbook<'a, W: Write + Seek + Send>(sheets: Vec<SheetOut<'a>>, writer: W) -> Result<Vec<usize>, WriteError> {
    let mut workbook = new_workbook()?;
    let formats = Formats::new();
    let mut counts = Vec::with_capacity(sheets.len());
    for sheet in sheets {
        counts.push(write_sheet(workbook.add_worksheet_with_constant_memory()?, sheet, &formats)?);
    }
    workbook.save_to_writer(writer)?;
    Ok(counts)
}

/// [`write_workbook`] into memory.
///
/// # Errors
/// As [`write_workbook`].
pub fn workbook_bytes(sheets: Vec<SheetOut<'_>>) -> Result<Vec<u8>, WriteError> {
    let mut buffer = std::io::Cursor::new(Vec::new());
    write_workbook(sheets, &mut buffer)?;
    Ok(buffer.into_inner())
}

/// A workbook whose properties hold no clock, so that the same data gives the same bytes.
fn new_workbook() -> Result<Workbook, WriteError> {
    let mut workbook = Workbook::new();
    let fixed = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_author("安居").set_creation_datetime(&fixed));
    Ok(workbook)
}

const FONT: &str = "微软雅黑";

struct Formats {
    title: Format,
    subtitle: Format,
    heading: Format,
    text: Format,
    identifier: Format,
    money: Format,
    percent: Format,
    integer: Format,
    date: Format,
}

impl Formats {
    fn new() -> Self {
        let base = || Format::new().set_font_name(FONT).set_font_size(10).set_align(FormatAlign::VerticalCenter);
        let cell = || base().set_border(FormatBorder::Hair).set_border_color(0x00D0_CCC2_u32);
        let number = |form: &str| cell().set_num_format(form).set_align(FormatAlign::Right);
        Self {
            title: base().set_font_name("宋体").set_font_size(16).set_bold().set_align(FormatAlign::Left),
            subtitle: base().set_font_color(0x004C_5763_u32),
            heading: cell().set_bold().set_text_wrap().set_align(FormatAlign::Center).set_background_color(0x00F4_F3EF_u32),
            text: cell().set_text_wrap(),
            identifier: cell().set_num_format("@"),
            money: number("#,##0.00;[Red]-#,##0.00"),
            percent: number("General"),
            integer: number("#,##0"),
            date: cell().set_num_format("@").set_align(FormatAlign::Center),
        }
    }

    fn of(&self, show: Show) -> &Format {
        match show {
            Show::Text => &self.text,
            Show::Identifier => &self.identifier,
            Show::Money => &self.money,
            Show::Percent => &self.percent,
            Show::Integer => &self.integer,
            Show::Date => &self.date,
        }
    }
}

fn write_sheet(sheet: &mut Worksheet, out: SheetOut<'_>, formats: &Formats) -> Result<usize, WriteError> {
    let report = out.report;
    let last_column = u16::try_from(report.columns.len().max(1) - 1).unwrap_or(u16::MAX);
    sheet.set_name(&report.sheet)?;
    for (at, column) in (0_u16..).zip(&report.columns) {
        sheet.set_column_width(at, f64::from(column.width))?;
    }

    let mut row = 0_u32;
    if !report.title.is_empty() {
        sheet.set_row_height(row, 26)?;
        sheet.write_string_with_format(row, 0, &report.title, &formats.title)?;
        row += 1;
    }
    for line in &report.subtitle {
        sheet.write_string_with_format(row, 0, line, &formats.subtitle)?;
        row += 1;
    }
    let heading_row = row;
    let mut rows = out.rows.peekable();
    // The writer puts its last row into the file twice when that row has a height of its own, and the file is then damaged.
    if rows.peek().is_some() || report.totals.is_some() {
        sheet.set_row_height(row, 22)?;
    }
    for (at, column) in (0_u16..).zip(&report.columns) {
        sheet.write_string_with_format(row, at, &column.heading, &formats.heading)?;
    }
    row += 1;

    let mut count = 0_usize;
    for values in rows {
        count += 1;
        write_row(sheet, row, &report.columns, &values, formats, false, count)?;
        row += 1;
    }
    let last_row = row.saturating_sub(1).max(heading_row);
    if let Some(totals) = &report.totals {
        write_row(sheet, row, &report.columns, totals, formats, true, 0)?;
    }

    sheet.set_freeze_panes(heading_row + 1, 0)?;
    if count > 0 {
        sheet.autofilter(heading_row, 0, last_row, last_column)?;
    }
    set_up_print(sheet, &report, heading_row)?;
    Ok(count)
}

fn set_up_print(sheet: &mut Worksheet, report: &Report, heading_row: u32) -> Result<(), WriteError> {
    let wide = report.columns.iter().map(|column| u32::from(column.width)).sum::<u32>() > 95;
    sheet.set_paper_size(9);
    if wide {
        sheet.set_landscape();
    }
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_print_center_horizontally(true);
    sheet.set_margins(0.5, 0.5, 0.6, 0.7, 0.3, 0.3);
    sheet.set_repeat_rows(heading_row, heading_row)?;
    sheet.set_footer("&L&8&A&R&8第 &P 页，共 &N 页");
    Ok(())
}

fn write_row(
    sheet: &mut Worksheet,
    row: u32,
    columns: &[Column],
    values: &[Value<'_>],
    formats: &Formats,
    total: bool,
    number: usize,
) -> Result<(), WriteError> {
    if values.len() != columns.len() {
        return Err(WriteError::Shape { row: number, found: values.len(), columns: columns.len() });
    }
    for (at, (column, value)) in (0_u16..).zip(columns.iter().zip(values)) {
        let plain = formats.of(column.show);
        let bold;
        let format = if total {
            bold = plain.clone().set_bold().set_border_top(FormatBorder::Medium);
            &bold
        } else {
            plain
        };
        match value {
            Value::Empty => sheet.write_blank(row, at, format)?,
            Value::Text(text) => sheet.write_string_with_format(row, at, text.as_ref(), format)?,
            Value::Integer(number) => write_number(sheet, row, at, &number.to_string(), format)?,
            Value::Money(amount) => write_number(sheet, row, at, &amount.to_string(), format)?,
            Value::Percent(rate) => write_number(sheet, row, at, &rate.to_string(), format)?,
        };
    }
    Ok(())
}

/// Writes the number of a decimal text, or the text itself when a number cell could not hold it exactly.
fn write_number<'s>(sheet: &'s mut Worksheet, row: u32, column: u16, text: &str, format: &Format) -> Result<&'s mut Worksheet, XlsxError> {
    match exact(text) {
        Some(number) => sheet.write_number_with_format(row, column, number, format),
        None => sheet.write_string_with_format(row, column, text, format),
    }
}

/// The number that a cell stores for a decimal text: the nearest float, if the text has at most the 15 digits that the
/// spreadsheet gives back unchanged. Longer numbers are written as text, never rounded.
fn exact(text: &str) -> Option<f64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (digits <= 15).then(|| text.parse().ok()).flatten()
}

/// Writes the empty template (模板) of import layouts: headings with stars, columns of identifiers as text, code lists as
/// choices, and a sheet that explains each column.
///
/// # Errors
/// [`WriteError`], which for the layouts of this crate means a full disk.
pub fn template(layouts: &[&Layout]) -> Result<Vec<u8>, WriteError> {
    let mut workbook = new_workbook()?;
    let formats = Formats::new();
    for layout in layouts {
        let report = Report::of_layout(layout);
        let sheet = workbook.add_worksheet();
        sheet.set_name(&report.sheet)?;
        sheet.set_row_height(0, 22)?;
        for (at, (out, column)) in (0_u16..).zip(report.columns.iter().zip(layout.columns)) {
            // The whole column as text, so that what is typed or pasted keeps its digits.
            let format = Format::new().set_font_name(FONT).set_font_size(10).set_num_format(match out.show {
                Show::Money => "#,##0.00",
                Show::Percent | Show::Integer => "General",
                Show::Text | Show::Identifier | Show::Date => "@",
            });
            sheet.set_column_format(at, &format)?;
            sheet.set_column_width(at, f64::from(out.width))?;
            sheet.write_string_with_format(0, at, &out.heading, &formats.heading)?;
            if let Kind::Choice(list) = column.kind {
                let words: Vec<&str> = list.iter().filter_map(|choice| choice.words.first().copied()).collect();
                // The format holds at most 255 characters of choices; longer lists are only explained.
                if words.iter().map(|word| word.chars().count() + 1).sum::<usize>() <= 255 && words.iter().all(|word| !word.contains(',')) {
                    let choices = DataValidation::new().allow_list_strings(&words)?;
                    sheet.add_data_validation(1, at, 1_048_575, at, &choices)?;
                }
            }
        }
        sheet.set_freeze_panes(1, 0)?;
    }
    let guide = Report {
        sheet: "填写说明".to_owned(),
        title: String::new(),
        subtitle: Vec::new(),
        columns: [("工作表", 14), ("列", 20), ("必填", 8), ("示例", 24), ("填写方法", 80)]
            .map(|(heading, width)| Column { heading: heading.to_owned(), show: Show::Text, width })
            .to_vec(),
        totals: None,
    };
    let rows: Vec<Vec<Value<'_>>> = layouts
        .iter()
        .flat_map(|layout| {
            layout.columns.iter().map(|column| {
                vec![
                    Value::text(layout.sheet()),
                    Value::text(column.heading),
                    Value::text(if column.required { "必填" } else { "" }),
                    Value::text(example(column)),
                    Value::text(guidance(&column.kind)),
                ]
            })
        })
        .collect();
    write_sheet(workbook.add_worksheet(), SheetOut::new(guide, rows), &formats)?;
    Ok(workbook.save_to_buffer()?)
}

/// An example row stands in the explanation, column by column, and not under the headings: nobody forgets to delete it there.
/// Its numbers are invented; their check digits are right.
fn example(column: &crate::layout::Column) -> &'static str {
    match (column.key, column.kind) {
        ("name", Kind::Text { .. }) => "白鹭县第一小学",
        ("address", _) => "白鹭县文化路 1 号",
        ("industry", _) => "教育",
        ("branch", _) => "白鹭管理部",
        ("bank" | "card_bank", _) => "中国建设银行",
        ("postcode", _) => "675000",
        ("email", _) => "caiwu@example.cn",
        ("education", _) => "本科",
        ("occupation", _) => "教师",
        ("title", _) => "一级教师",
        ("post", _) => "教研组长",
        ("item", _) => "本月",
        ("paid_months", _) => "2025-04、2025-05、2025-06",
        ("bank_serial", _) => "HS250710000017",
        ("employer", _) => "982507010000001",
        ("member", _) => "992507010000001",
        ("account", _) => "201",
        (_, Kind::Text { .. }) => "",
        (_, Kind::Name) => "赵青岚",
        (_, Kind::AccountNumber) => "982507010000001",
        (_, Kind::IdNumber) => "532301199001010024",
        (_, Kind::CreditCode) => "91532301000000001B",
        (_, Kind::Mobile) => "13900000001",
        (_, Kind::Phone) => "0878-3120000",
        (_, Kind::Card) => "6217000000000000012",
        (_, Kind::Money) => "6800.00",
        (_, Kind::Rate) => "12",
        (_, Kind::Day) => "2025-07-01",
        (_, Kind::Month) => "2025-07",
        (_, Kind::Integer { .. }) => "10",
        (_, Kind::Choice(list)) => list.first().and_then(|choice| choice.words.first()).copied().unwrap_or(""),
    }
}

/// How a column is to be filled, in Chinese.
fn guidance(kind: &Kind) -> String {
    match kind {
        Kind::Text { longest } => format!("文字，最多 {longest} 个字。"),
        Kind::Name => "按证件填写全名，生僻字照填。".to_owned(),
        Kind::AccountNumber => "按文本填写号码。".to_owned(),
        Kind::IdNumber => "按文本填写，末位是 X 的填 X。".to_owned(),
        Kind::CreditCode => "18 位，按证照填写。".to_owned(),
        Kind::Mobile => "11 位手机号码。".to_owned(),
        Kind::Phone => "区号和号码，例：0878-3120000。".to_owned(),
        Kind::Card => "按文本填写账号或卡号，只填数字。".to_owned(),
        Kind::Money => "单位为元，最多两位小数。".to_owned(),
        Kind::Rate => "百分数，例：12。".to_owned(),
        Kind::Day => "例：2025-07-01。".to_owned(),
        Kind::Month => "例：2025-07。".to_owned(),
        Kind::Integer { least, most } => format!("{least} 至 {most} 的整数。"),
        Kind::Choice(list) => {
            let words: Vec<&str> = list.iter().filter_map(|choice| choice.words.first().copied()).collect();
            format!("填其中之一：{}。", words.join("、"))
        }
    }
}
