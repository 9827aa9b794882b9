//! A grid of labelled fields, as receipts and forms have it: grey label, white value, three pairs a row.

use super::canvas::{At, Canvas, Colour, Pen};
use super::fonts::Style;

/// How the value of a field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Emphasis {
    /// Plain, left.
    #[default]
    Plain,
    /// Bold, left: who or what the document is about.
    Strong,
    /// Right-aligned figure.
    Amount,
    /// Right-aligned bold figure: the amount that the document is about.
    GrandAmount,
    /// Bold Song type: the amount in words (大写).
    Words,
}

/// A labelled value of a document (字段).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The label, in Chinese.
    pub label: String,
    /// The value as it is printed, masked by whoever made the document where it must be.
    pub value: String,
    /// How the value is written.
    pub emphasis: Emphasis,
    /// How many of the three pairs of a row the field takes.
    pub span: u8,
}

impl Field {
    /// A plain field of one pair.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), emphasis: Emphasis::Plain, span: 1 }
    }

    /// The same field over so many pairs (1 to 3).
    #[must_use]
    pub fn over(mut self, span: u8) -> Self {
        self.span = span.clamp(1, 3);
        self
    }

    /// The same field, written otherwise.
    #[must_use]
    pub fn as_(mut self, emphasis: Emphasis) -> Self {
        self.emphasis = emphasis;
        self
    }
}

/// Shares of the width: label and value of the three pairs.
const SHARES: [f32; 6] = [0.128, 0.186, 0.118, 0.165, 0.118, 0.285];

/// Puts fields into rows of three pairs. A field that does not fit in what is left begins a row.
fn rows(fields: &[Field]) -> Vec<Vec<&Field>> {
    let mut out: Vec<Vec<&Field>> = Vec::new();
    let mut left = 0;
    for field in fields {
        if field.span > left {
            out.push(Vec::new());
            left = 3;
        }
        left -= field.span;
        if let Some(row) = out.last_mut() {
            row.push(field);
        }
    }
    out
}

fn row_height(row: &[&Field], base: f32) -> f32 {
    let tall = row.iter().any(|field| matches!(field.emphasis, Emphasis::Words | Emphasis::GrandAmount));
    if tall { base * 1.18 } else { base }
}

/// Height of a grid whose plain rows are `base` high.
pub(crate) fn height(fields: &[Field], base: f32) -> f32 {
    rows(fields).iter().map(|row| row_height(row, base)).sum()
}

/// Draws a grid and returns the y below it.
pub(crate) fn draw(canvas: &mut Canvas<'_, '_>, x: f32, top: f32, width: f32, base: f32, fields: &[Field]) -> f32 {
    let edges: Vec<f32> = std::iter::once(0.0)
        .chain(SHARES.iter().scan(0.0, |sum, share| {
            *sum += share;
            Some(*sum)
        }))
        .map(|share| x + share * width)
        .collect();
    let size = (base * 0.39).min(10.2);
    let mut y = top;
    for row in rows(fields) {
        let high = row_height(&row, base);
        let mut pair = 0;
        let last = row.len() - 1;
        for (at, field) in row.iter().enumerate() {
            let (left, label_end) = (edges[pair * 2], edges[pair * 2 + 1]);
            pair += usize::from(field.span);
            // The last field of a row fills it.
            let right = if at == last { edges[6] } else { edges[pair * 2] };
            cell(canvas, field, (left, label_end, right), y, high, size);
        }
        y += high;
    }
    canvas.stroke_rect(x, top, width, y - top, 0.9, Colour::EDGE);
    y
}

fn cell(canvas: &mut Canvas<'_, '_>, field: &Field, (left, label_end, right): (f32, f32, f32), top: f32, high: f32, size: f32) {
    canvas.fill_rect(left, top, label_end - left, high, Colour::HEAD);
    canvas.fill_rect(label_end, top, right - label_end, high, Colour::WHITE);
    canvas.stroke_rect(left, top, label_end - left, high, 0.6, Colour::EDGE);
    canvas.stroke_rect(label_end, top, right - label_end, high, 0.6, Colour::EDGE);

    let label = Pen::new(Style::Sans, size * 0.92, Colour::INK_2);
    let middle = top + high / 2.0 + label.size * 0.36;
    let count = field.label.chars().count();
    if (2..=3).contains(&count) {
        let wide = label.size * 4.0;
        canvas.spread(label, (left + label_end - wide) / 2.0, wide, middle, &field.label);
    } else {
        canvas.text_in_box(label, At::Centre, (left + 3.0, top, label_end - left - 6.0, high), &field.label);
    }

    let pad = size * 0.72;
    let (pen, at) = match field.emphasis {
        Emphasis::Plain => (Pen::new(Style::Sans, size, Colour::INK), At::Left),
        Emphasis::Strong => (Pen::new(Style::SansBold, size, Colour::INK), At::Left),
        Emphasis::Amount => (Pen::new(Style::Sans, size, Colour::INK), At::Right),
        Emphasis::GrandAmount => (Pen::new(Style::SansBold, size * 1.3, Colour::INK), At::Right),
        Emphasis::Words => (Pen::new(Style::SerifBold, size * 1.2, Colour::INK), At::Left),
    };
    let pen = if field.value.starts_with('−') { pen.coloured(Colour::BAD) } else { pen };
    canvas.text_in_box(pen, at, (label_end + pad, top, right - label_end - 2.0 * pad, high), &field.value);
}
