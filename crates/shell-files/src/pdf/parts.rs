//! What every document carries: letterhead, verification, who printed it, seal and pale waves.

use krilla::geom::PathBuilder;
use qrcode::{Color as Module, EcLevel, QrCode};

use super::PdfError;
use super::canvas::{At, Canvas, Colour, Pen, measure};
use super::fonts::Style;

/// Who issues the document (抬头).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letterhead {
    /// Name of the centre (管理中心).
    pub centre: String,
    /// Inscription under the star of the printed seal, such as 业务专用章（3）; none for documents without a seal. The
    /// printed seal is a picture and no electronic signature.
    pub seal: Option<String>,
}

/// Who made and printed the document (打印信息), `handbook 14 §3.1` and `handbook 12`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printing {
    /// Maker (经办).
    pub maker: String,
    /// Checker (复核); none when the document needed no review.
    pub checker: Option<String>,
    /// Branch (管理部) that accepted the business.
    pub branch: String,
    /// Moment of printing in the centre's time, as `2026-11-24 11:08`.
    pub at: String,
    /// How many times the document has been printed, this time included.
    pub copy: u32,
}

/// How the holder can check that the document is genuine (查验).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The code: 12 characters without 0 O 1 I L (`handbook 17 §9`); printed in fours.
    pub code: String,
    /// What the QR code holds: the address of the centre's page for verification with the code.
    pub link: String,
}

impl Verification {
    /// The code in groups of four: `7KQ4 M9XT R2HC`.
    pub fn grouped(&self) -> String {
        let chars: Vec<char> = self.code.chars().filter(|c| !c.is_whitespace()).collect();
        chars.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }
}

/// Pale waves over the whole page: a copy without them is easily told from the original.
pub(crate) fn waves(canvas: &mut Canvas<'_, '_>) {
    const LONG: f32 = 54.0;
    const HIGH: f32 = 5.0;
    const APART: f32 = 17.5;
    let mut path = PathBuilder::new();
    let mut y = 4.0;
    let mut shift = 0.0;
    while y < canvas.height + HIGH {
        for swing in [HIGH, -HIGH] {
            let mut x = -shift;
            path.move_to(x, y);
            let mut up = swing;
            while x < canvas.width {
                // A half wave; the handles at 0.3642 of its length make it close to a sine.
                let half = LONG / 2.0;
                path.cubic_to(x + half * 0.3642, y - up, x + half * 0.6358, y - up, x + half, y);
                x += half;
                up = -up;
            }
        }
        y += APART;
        shift = (shift + LONG / 4.0) % LONG;
    }
    canvas.stroke(path, 0.45, Colour::WAVE);
}

/// Name of the centre and title at the left, pairs of label and value at the right, a double rule below. Returns the y
/// below the rule.
pub(crate) fn letterhead(
    canvas: &mut Canvas<'_, '_>,
    margin: f32,
    top: f32,
    head: &Letterhead,
    title: &str,
    pairs: &[(&str, &str)],
) -> f32 {
    let right = canvas.width - margin;
    canvas.text(Pen::new(Style::Serif, 10.2, Colour::INK).tracked(0.4), At::Left, margin, top + 9.0, &head.centre);

    let label = Pen::new(Style::Sans, 8.8, Colour::INK_2);
    let value = Pen::new(Style::Sans, 9.4, Colour::INK);
    let value_width = pairs.iter().map(|(_, text)| measure(canvas.fonts, value, text)).fold(0.0, f32::max);
    let label_width = pairs.iter().map(|(text, _)| measure(canvas.fonts, label, text)).fold(0.0, f32::max);
    let value_x = right - value_width;
    let label_x = value_x - 14.0 - label_width;

    let title_pen = Pen::new(Style::SerifBold, 19.0, Colour::INK).tracked(0.5);
    let room = label_x - margin - 16.0;
    let wide = measure(canvas.fonts, title_pen, title);
    let title_pen = if wide > room { title_pen.sized(19.0 * room / wide).tracked(0.0) } else { title_pen };
    canvas.text(title_pen, At::Left, margin, top + 32.0, title);

    #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
    let mut y = top + 33.0 - 16.0 * (pairs.len().saturating_sub(1)) as f32;
    for (name, text) in pairs {
        canvas.text(label, At::Left, label_x, y, name);
        canvas.text(value, At::Left, value_x, y, text);
        y += 16.0;
    }
    let rule = top + 45.0;
    canvas.line((margin, rule), (right, rule), 0.9, Colour::INK);
    canvas.line((margin, rule + 2.0), (right, rule + 2.0), 0.5, Colour::INK);
    rule + 2.0
}

/// The QR code as a square of `size` points.
pub(crate) fn qr(canvas: &mut Canvas<'_, '_>, x: f32, y: f32, size: f32, content: &str) {
    let Ok(code) = QrCode::with_error_correction_level(content.as_bytes(), EcLevel::M) else {
        canvas.fail(PdfError::QrCode);
        return;
    };
    let side = code.width();
    #[expect(clippy::cast_precision_loss, reason = "at most 177 modules")]
    let module = size / side as f32;
    let mut path = PathBuilder::new();
    let mut any = false;
    for (row, modules) in code.to_colors().chunks(side).enumerate() {
        let mut column = 0;
        while column < side {
            let run = modules[column..].iter().take_while(|module| **module == Module::Dark).count();
            if run > 0 {
                #[expect(clippy::cast_precision_loss, reason = "at most 177 modules")]
                let (left, top, wide) = (x + column as f32 * module, y + row as f32 * module, run as f32 * module);
                // A hair of overlap, or viewers show seams between the rows.
                if let Some(rect) = krilla::geom::Rect::from_xywh(left, top, wide, module + 0.02) {
                    path.push_rect(rect);
                    any = true;
                }
            }
            column += run.max(1);
        }
    }
    if any {
        // White ground, so that the waves do not disturb a reader.
        canvas.fill_rect(x - 2.0 * module, y - 2.0 * module, size + 4.0 * module, size + 4.0 * module, Colour::WHITE);
        canvas.fill(path, Colour::INK);
    }
}

/// QR code, code in fours and how to use them. Returns the width taken.
pub(crate) fn verification(canvas: &mut Canvas<'_, '_>, x: f32, y: f32, size: f32, verification: &Verification) -> f32 {
    qr(canvas, x, y, size, &verification.link);
    let text_x = x + size + 15.0;
    canvas.text(Pen::new(Style::Sans, 8.6, Colour::INK_2), At::Left, text_x, y + 12.0, "查验码");
    let code = Pen::new(Style::SansBold, 13.0, Colour::INK).tracked(0.9);
    let wide = canvas.text(code, At::Left, text_x, y + size * 0.46, &verification.grouped());
    let hint = Pen::new(Style::Sans, 8.6, Colour::INK_2);
    let first = canvas.text(hint, At::Left, text_x, y + size * 0.46 + 16.0, "扫码，或在中心网站“单据查验”输入。");
    let second = canvas.text(hint, At::Left, text_x, y + size * 0.46 + 29.5, "查验结果与本页不同的，以查验结果为准。");
    size + 15.0 + wide.max(first).max(second)
}

/// Who made, checked, accepted and printed the document.
pub(crate) fn signatures(canvas: &mut Canvas<'_, '_>, x: f32, y: f32, printing: &Printing) {
    let label = Pen::new(Style::Sans, 8.6, Colour::INK_2);
    let value = Pen::new(Style::Sans, 8.9, Colour::INK);
    let mut rows = vec![("经办", printing.maker.clone())];
    if let Some(checker) = &printing.checker {
        rows.push(("复核", checker.clone()));
    }
    rows.push(("受理", printing.branch.clone()));
    rows.push(("打印", format!("{}　第 {} 次", printing.at, printing.copy)));
    let mut y = y + 9.0;
    for (name, text) in rows {
        canvas.text(label, At::Left, x, y, name);
        canvas.text(value, At::Left, x + 30.0, y, &text);
        y += 16.4;
    }
}

/// The printed seal (印章): ring, name along it, star, inscription; turned a little, as a hand would set it.
pub(crate) fn seal(canvas: &mut Canvas<'_, '_>, x: f32, y: f32, radius: f32, head: &Letterhead) {
    let Some(inscription) = &head.seal else { return };
    canvas.turned(-6.0, x, y, |canvas| {
        let mut ring = PathBuilder::new();
        circle(&mut ring, x, y, radius);
        canvas.stroke(ring, radius * 0.042, Colour::SEAL);

        let count = head.centre.chars().count();
        if count > 0 {
            // The name takes at most 232 degrees of the ring; long names get smaller characters.
            #[expect(clippy::cast_precision_loss, reason = "a name")]
            let gaps = (count.max(2) - 1) as f32;
            let step = (232.0 / gaps).min(21.0);
            let reach = radius * 0.76;
            let size = (reach * step.to_radians() * 0.92).min(radius * 0.27);
            let pen = Pen::new(Style::SerifBold, size, Colour::SEAL);
            let mut angle = -step * gaps / 2.0;
            for c in head.centre.chars() {
                canvas.turned(angle, x, y, |canvas| {
                    canvas.shape_of_text(pen, x, y - reach + size * 0.36, c.encode_utf8(&mut [0; 4]));
                });
                angle += step;
            }
        }

        let mut star = PathBuilder::new();
        for point in 0..5_u8 {
            let corner = |turn: f32, reach: f32| {
                let angle = (turn * 36.0 - 90.0).to_radians();
                (x + reach * angle.cos(), y + reach * angle.sin())
            };
            let outer = corner(f32::from(point) * 2.0, radius * 0.28);
            let inner = corner(f32::from(point) * 2.0 + 1.0, radius * 0.28 * 0.382);
            if point == 0 {
                star.move_to(outer.0, outer.1);
            } else {
                star.line_to(outer.0, outer.1);
            }
            star.line_to(inner.0, inner.1);
        }
        star.close();
        canvas.fill(star, Colour::SEAL);
        let pen = Pen::new(Style::SerifBold, radius * 0.15, Colour::SEAL);
        canvas.shape_of_text(pen, x, y + radius * 0.62, inscription);
    });
}

fn circle(path: &mut PathBuilder, x: f32, y: f32, radius: f32) {
    // Four arcs; the handle length that makes a cubic close to a quarter circle.
    let k = radius * 0.552_284_8;
    path.move_to(x, y - radius);
    path.cubic_to(x + k, y - radius, x + radius, y - k, x + radius, y);
    path.cubic_to(x + radius, y + k, x + k, y + radius, x, y + radius);
    path.cubic_to(x - k, y + radius, x - radius, y + k, x - radius, y);
    path.cubic_to(x - radius, y - k, x - k, y - radius, x, y - radius);
    path.close();
}

/// A quiet line of text at the foot of the page above a hairline, wrapped over the width.
pub(crate) fn footnote(canvas: &mut Canvas<'_, '_>, margin: f32, y: f32, text: &str) {
    let right = canvas.width - margin;
    canvas.line((margin, y), (right, y), 0.6, Colour::EDGE);
    let pen = Pen::new(Style::Sans, 8.6, Colour::INK_2);
    let mut line_y = y + 14.5;
    for line in super::canvas::wrap(canvas.fonts, pen, text, right - margin) {
        canvas.text(pen, At::Left, margin, line_y, &line);
        line_y += 12.5;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_printed_in_fours() {
        let verification = Verification { code: "7KQ4M9XTR2HC".to_owned(), link: String::new() };
        assert_eq!(verification.grouped(), "7KQ4 M9XT R2HC");
    }
}
