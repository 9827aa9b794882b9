//! A table over as many pages as it takes: heads repeated, sums carried over, page numbers, totals at the end.

use core_money::Money;

use super::PdfError;
use super::canvas::{At, Canvas, Colour, Pdf, Pen, wrap};
use super::fonts::{Fonts, Style};
use super::grid::{self, Field};
use super::parts::{self, Letterhead, Printing, Verification};

/// How the cells of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Left: text.
    Left,
    /// Middle: days, months, codes.
    Centre,
    /// Right: figures.
    Right,
}

/// A column of a printed table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    /// Heading, in Chinese.
    pub heading: String,
    /// Share of the width against the other columns.
    pub share: u16,
    /// How its cells stand.
    pub align: Align,
    /// Whether its amounts are added up: carried from page to page and totalled at the end.
    pub summed: bool,
}

impl TableColumn {
    /// A column that is not added up.
    pub fn new(heading: impl Into<String>, share: u16, align: Align) -> Self {
        Self { heading: heading.into(), share, align, summed: false }
    }

    /// A column of amounts that is added up.
    pub fn summed(heading: impl Into<String>, share: u16) -> Self {
        Self { heading: heading.into(), share, align: Align::Right, summed: true }
    }
}

/// A cell of a printed table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableCell {
    /// Nothing.
    Blank,
    /// Text, wrapped when it is long.
    Text(String),
    /// An amount: grouped, two decimals, negative in red with the sign.
    Money(Money),
}

/// Whether a text is a number of something (`HS261124000873`, `202611 00004127`): one line, for half a number is none.
fn is_code(text: &str) -> bool {
    text.len() <= 24 && text.bytes().any(|b| b.is_ascii_digit()) && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
}

impl From<&str> for TableCell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for TableCell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Money> for TableCell {
    fn from(amount: Money) -> Self {
        Self::Money(amount)
    }
}

impl TableCell {
    fn shown(&self) -> String {
        match self {
            Self::Blank => String::new(),
            Self::Text(text) => text.clone(),
            Self::Money(amount) => amount.grouped(),
        }
    }
}

/// Any table as a document (表格单据): statements, lists, reports.
///
/// When a column is [summed](TableColumn::summed), each page ends with 过次页 and the next begins with 承前页, and the last
/// page has 合计; a table of one page has only 合计.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableDocument {
    /// Who issues it.
    pub head: Letterhead,
    /// Title.
    pub title: String,
    /// Up to three pairs of label and value at the right of the title.
    pub pairs: Vec<(String, String)>,
    /// Labelled fields above the table; may be empty.
    pub fields: Vec<Field>,
    /// The columns.
    pub columns: Vec<TableColumn>,
    /// The rows, each with a cell per column.
    pub rows: Vec<Vec<TableCell>>,
    /// What stands in place of rows when there are none, in Chinese.
    pub empty: String,
    /// Lines under the table.
    pub notes: Vec<String>,
    /// Whether the paper lies across.
    pub landscape: bool,
    /// How to check the document; none for working lists.
    pub verification: Option<Verification>,
    /// Who made and printed it.
    pub printing: Printing,
}

const A4: (f32, f32) = (595.28, 841.89);
const MARGIN: f32 = 40.0;
const TOP: f32 = 34.0;
/// Height of the foot of every page.
const FOOT: f32 = 46.0;
const HEAD_ROW: f32 = 22.0;
const SUM_ROW: f32 = 20.0;
const FIELD_ROW: f32 = 23.0;
const CELL: Pen = Pen::new(Style::Sans, 8.6, Colour::INK);
const LEADING: f32 = 11.0;
const PAD: f32 = 4.5;

/// A row with its cells already broken into lines.
struct Laid {
    lines: Vec<Vec<String>>,
    red: Vec<bool>,
    height: f32,
}

/// A page: its rows and the sums before and after them.
struct PagePlan {
    rows: std::ops::Range<usize>,
    before: Vec<Option<Money>>,
    after: Vec<Option<Money>>,
}

impl TableDocument {
    /// Lays the table out as a PDF.
    ///
    /// # Errors
    /// [`PdfError`]: a font or character is missing, a row does not fit the columns, the link is too long for a QR code.
    pub fn render(&self, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
        for (row, cells) in (1..).zip(&self.rows) {
            if cells.len() != self.columns.len() {
                return Err(PdfError::Shape { row, found: cells.len(), columns: self.columns.len() });
            }
        }
        let (width, height) = if self.landscape { (A4.1, A4.0) } else { A4 };
        let edges = self.edges(width);
        let laid: Vec<Laid> = self.rows.iter().map(|cells| self.lay(fonts, cells, &edges)).collect();
        let plan = self.plan(&laid, height);

        let mut pdf = Pdf::new(fonts, &self.title, &self.head.centre, &self.printing.at)?;
        let table_pages = plan.len();
        let closing_fits = self.closing_fits(&laid, plan.last(), table_pages == 1, height);
        let pages = table_pages + usize::from(!closing_fits);
        for (at, page) in plan.iter().enumerate() {
            let last = at + 1 == table_pages;
            pdf.page(width, height, |canvas| {
                parts::waves(canvas);
                let top = if at == 0 { self.draw_head(canvas) } else { self.draw_running_head(canvas) };
                let bottom = self.draw_table(canvas, top, &edges, &laid, page, at > 0, last);
                if last && closing_fits {
                    self.draw_closing(canvas, bottom);
                }
                self.draw_foot(canvas, at + 1, pages);
            });
        }
        if !closing_fits {
            pdf.page(width, height, |canvas| {
                parts::waves(canvas);
                let top = self.draw_running_head(canvas);
                self.draw_closing(canvas, top);
                self.draw_foot(canvas, pages, pages);
            });
        }
        pdf.finish()
    }

    fn is_summed(&self) -> bool {
        self.columns.iter().any(|column| column.summed)
    }

    fn edges(&self, width: f32) -> Vec<f32> {
        let all: f32 = self.columns.iter().map(|column| f32::from(column.share)).sum::<f32>().max(1.0);
        let room = width - 2.0 * MARGIN;
        std::iter::once(MARGIN)
            .chain(self.columns.iter().scan(0.0, |sum, column| {
                *sum += f32::from(column.share);
                Some(MARGIN + *sum / all * room)
            }))
            .collect()
    }

    fn lay(&self, fonts: &Fonts, cells: &[TableCell], edges: &[f32]) -> Laid {
        let lines: Vec<Vec<String>> = cells
            .iter()
            .zip(edges.windows(2))
            .map(|(cell, edge)| match cell {
                TableCell::Text(text) if !is_code(text) => wrap(fonts, CELL, text, edge[1] - edge[0] - 2.0 * PAD),
                // Amounts and numbers never wrap; they shrink when they must.
                other => vec![other.shown()],
            })
            .collect();
        let red = cells.iter().map(|cell| matches!(cell, TableCell::Money(amount) if amount.is_negative())).collect();
        let most = lines.iter().map(Vec::len).max().unwrap_or(1);
        #[expect(clippy::cast_precision_loss, reason = "lines of a cell")]
        let height = most as f32 * LEADING + 8.0;
        Laid { lines, red, height }
    }

    fn first_top(&self) -> f32 {
        let fields = if self.fields.is_empty() { 0.0 } else { grid::height(&self.fields, FIELD_ROW) + 12.0 };
        TOP + 47.0 + 12.0 + fields
    }

    const fn later_top() -> f32 {
        TOP + 26.0
    }

    /// Distributes the rows over pages. A page holds at least one row, whatever its height.
    fn plan(&self, laid: &[Laid], height: f32) -> Vec<PagePlan> {
        let carried = self.is_summed();
        let limit = height - FOOT - if carried { SUM_ROW } else { 0.0 };
        let mut sums: Vec<Option<Money>> = self.columns.iter().map(|column| column.summed.then_some(Money::ZERO)).collect();
        let mut pages = Vec::new();
        let mut start = 0;
        let mut before = sums.clone();
        let mut y = self.first_top() + HEAD_ROW;
        for (at, row) in laid.iter().enumerate() {
            if y + row.height > limit && at > start {
                pages.push(PagePlan { rows: start..at, before: before.clone(), after: sums.clone() });
                before.clone_from(&sums);
                start = at;
                y = Self::later_top() + HEAD_ROW + if carried { SUM_ROW } else { 0.0 };
            }
            y += row.height;
            for (sum, cell) in sums.iter_mut().zip(&self.rows[at]) {
                if let (Some(sum), TableCell::Money(amount)) = (sum, cell) {
                    *sum += *amount;
                }
            }
        }
        pages.push(PagePlan { rows: start..laid.len(), before, after: sums });
        pages
    }

    fn closing_height(&self) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "a few notes")]
        let notes = self.notes.len() as f32 * 13.0;
        22.0 + notes + if self.verification.is_some() { 92.0 } else { 76.0 }
    }

    fn closing_fits(&self, laid: &[Laid], last: Option<&PagePlan>, only: bool, height: f32) -> bool {
        let Some(last) = last else { return true };
        let rows: f32 = laid[last.rows.clone()].iter().map(|row| row.height).sum();
        let carried = self.is_summed();
        let top = if only { self.first_top() } else { Self::later_top() + if carried { SUM_ROW } else { 0.0 } };
        let rows = if last.rows.is_empty() { 34.0 } else { rows };
        top + HEAD_ROW + rows + if carried { SUM_ROW } else { 0.0 } + self.closing_height() <= height - FOOT
    }

    fn draw_head(&self, canvas: &mut Canvas<'_, '_>) -> f32 {
        let pairs: Vec<(&str, &str)> = self.pairs.iter().map(|(label, value)| (label.as_str(), value.as_str())).collect();
        let below = parts::letterhead(canvas, MARGIN, TOP, &self.head, &self.title, &pairs) + 12.0;
        if self.fields.is_empty() {
            return below;
        }
        let width = canvas.width - 2.0 * MARGIN;
        grid::draw(canvas, MARGIN, below, width, FIELD_ROW, &self.fields) + 12.0
    }

    fn draw_running_head(&self, canvas: &mut Canvas<'_, '_>) -> f32 {
        let right = canvas.width - MARGIN;
        canvas.text(Pen::new(Style::SerifBold, 11.0, Colour::INK), At::Left, MARGIN, TOP + 10.0, &self.title);
        if let Some((label, value)) = self.pairs.first() {
            let pen = Pen::new(Style::Sans, 8.6, Colour::INK_2);
            canvas.text(pen, At::Right, right, TOP + 10.0, &format!("{label}　{value}"));
        }
        canvas.line((MARGIN, TOP + 17.0), (right, TOP + 17.0), 0.7, Colour::INK);
        Self::later_top()
    }

    #[expect(clippy::too_many_arguments, reason = "one page of one table; a struct would only rename them")]
    fn draw_table(
        &self,
        canvas: &mut Canvas<'_, '_>,
        top: f32,
        edges: &[f32],
        laid: &[Laid],
        page: &PagePlan,
        carried_in: bool,
        last: bool,
    ) -> f32 {
        let (left, right) = (MARGIN, canvas.width - MARGIN);
        let carried = self.is_summed();
        let body: f32 = laid[page.rows.clone()].iter().map(|row| row.height).sum();
        let nothing = self.rows.is_empty();
        let sums_before = if carried && carried_in { SUM_ROW } else { 0.0 };
        let sums_after = if carried && !nothing { SUM_ROW } else { 0.0 };
        let high = HEAD_ROW + sums_before + body + sums_after + if nothing { 34.0 } else { 0.0 };
        canvas.fill_rect(left, top, right - left, high, Colour::WHITE);
        canvas.fill_rect(left, top, right - left, HEAD_ROW, Colour::HEAD);
        for (column, edge) in self.columns.iter().zip(edges.windows(2)) {
            let pen = Pen::new(Style::SansBold, 8.4, Colour::INK_2);
            let (x, width) = (edge[0] + PAD, edge[1] - edge[0] - 2.0 * PAD);
            let at = match column.align {
                Align::Left => At::Left,
                Align::Centre => At::Centre,
                Align::Right => At::Right,
            };
            canvas.text_in_box(pen, at, (x, top, width, HEAD_ROW), &column.heading);
        }
        let mut y = top + HEAD_ROW;
        if sums_before > 0.0 {
            self.draw_sums(canvas, y, edges, "承前页", &page.before);
            y += SUM_ROW;
            canvas.line((left, y), (right, y), 0.4, Colour::LINE);
        }
        for (at, row) in laid[page.rows.clone()].iter().enumerate() {
            if at > 0 {
                canvas.line((left, y), (right, y), 0.4, Colour::LINE);
            }
            self.draw_row(canvas, y, edges, row);
            y += row.height;
        }
        if nothing {
            let pen = Pen::new(Style::Sans, 9.0, Colour::INK_2);
            canvas.text(pen, At::Centre, (left + right) / 2.0, y + 20.0, &self.empty);
            y += 34.0;
        }
        if sums_after > 0.0 {
            canvas.line((left, y), (right, y), 0.9, Colour::EDGE);
            self.draw_sums(canvas, y, edges, if last { "合计" } else { "过次页" }, &page.after);
            y += SUM_ROW;
        }
        canvas.line((left, top + HEAD_ROW), (right, top + HEAD_ROW), 0.6, Colour::EDGE);
        canvas.line((left, top), (right, top), 0.9, Colour::EDGE);
        canvas.line((left, y), (right, y), 0.9, Colour::EDGE);
        y
    }

    fn draw_row(&self, canvas: &mut Canvas<'_, '_>, top: f32, edges: &[f32], row: &Laid) {
        for ((column, edge), (lines, red)) in self.columns.iter().zip(edges.windows(2)).zip(row.lines.iter().zip(&row.red)) {
            let (x, width) = (edge[0] + PAD, edge[1] - edge[0] - 2.0 * PAD);
            let (at, anchor) = match column.align {
                Align::Left => (At::Left, x),
                Align::Centre => (At::Centre, x + width / 2.0),
                Align::Right => (At::Right, x + width),
            };
            let pen = if *red { CELL.coloured(Colour::BAD) } else { CELL };
            if let [one] = lines.as_slice() {
                canvas.text_in_box(pen, at, (x, top, width, row.height), one);
                continue;
            }
            #[expect(clippy::cast_precision_loss, reason = "lines of a cell")]
            let mut y = top + (row.height - lines.len() as f32 * LEADING) / 2.0 + CELL.size * 0.98;
            for line in lines {
                canvas.text(pen, at, anchor, y, line);
                y += LEADING;
            }
        }
    }

    fn draw_sums(&self, canvas: &mut Canvas<'_, '_>, top: f32, edges: &[f32], words: &str, sums: &[Option<Money>]) {
        let label = Pen::new(Style::SansBold, 8.6, Colour::INK);
        canvas.text(label, At::Left, edges[0] + PAD, top + SUM_ROW / 2.0 + 3.1, words);
        for (sum, edge) in sums.iter().zip(edges.windows(2)) {
            if let Some(sum) = sum {
                let pen = if sum.is_negative() { label.coloured(Colour::BAD) } else { label };
                let (x, width) = (edge[0] + PAD, edge[1] - edge[0] - 2.0 * PAD);
                canvas.text_in_box(pen, At::Right, (x, top, width, SUM_ROW), &sum.grouped());
            }
        }
    }

    fn draw_closing(&self, canvas: &mut Canvas<'_, '_>, top: f32) {
        let mut y = top + 16.0;
        let pen = Pen::new(Style::Sans, 8.6, Colour::INK_2);
        for note in &self.notes {
            canvas.text_in_box(pen, At::Left, (MARGIN, y - 9.0, canvas.width - 2.0 * MARGIN, 13.0), note);
            y += 13.0;
        }
        y += 6.0;
        let signatures_x = match &self.verification {
            Some(verification) => {
                let wide = parts::verification(canvas, MARGIN + 4.0, y + 4.0, 58.0, verification);
                MARGIN + wide + 34.0
            }
            None => MARGIN,
        };
        parts::signatures(canvas, signatures_x, y, &self.printing);
        let radius = 39.0;
        parts::seal(canvas, canvas.width - MARGIN - radius - 4.0, y + 34.0, radius, &self.head);
    }

    fn draw_foot(&self, canvas: &mut Canvas<'_, '_>, page: usize, pages: usize) {
        let (y, right) = (canvas.height - 22.0, canvas.width - MARGIN);
        let pen = Pen::new(Style::Sans, 7.8, Colour::INK_2);
        canvas.line((MARGIN, y - 11.0), (right, y - 11.0), 0.4, Colour::LINE);
        let printed = format!("{}　{}　打印，第 {} 次", self.printing.at, self.printing.maker, self.printing.copy);
        canvas.text(pen, At::Left, MARGIN, y, &printed);
        if let Some(verification) = &self.verification {
            let code = format!("查验码 {}", verification.grouped());
            canvas.text(pen, At::Centre, canvas.width / 2.0, y, &code);
        }
        canvas.text(pen, At::Right, right, y, &format!("第 {page} 页，共 {pages} 页"));
    }
}
