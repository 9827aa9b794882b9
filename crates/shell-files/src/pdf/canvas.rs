//! A page to draw on: text with measured widths, lines, boxes, and what the documents share below that.
//!
//! Lengths are points, the origin is the top left corner, y grows downwards. Text is placed glyph by glyph from the
//! character map and the advances of the face: Chinese needs no shaping, and what is drawn is what was measured.

use krilla::Document;
use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::geom::{Path, PathBuilder, Point, Rect, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{ContentTag, SpanTag};
use krilla::text::{GlyphId, KrillaGlyph};

use super::PdfError;
use super::fonts::{Fonts, Style};

/// A colour of the printed page: the roles of the screens, of which documents use few.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour(pub(crate) u8, pub(crate) u8, pub(crate) u8);

impl Colour {
    pub(crate) const INK: Self = Self(0x12, 0x18, 0x1F);
    pub(crate) const INK_2: Self = Self(0x4C, 0x57, 0x63);
    pub(crate) const EDGE: Self = Self(0x7E, 0x7C, 0x76);
    pub(crate) const LINE: Self = Self(0xD8, 0xD5, 0xCD);
    pub(crate) const HEAD: Self = Self(0xF4, 0xF3, 0xEF);
    pub(crate) const WAVE: Self = Self(0xE9, 0xF0, 0xF0);
    pub(crate) const SEAL: Self = Self(0xB3, 0x33, 0x1F);
    pub(crate) const BAD: Self = Self(0xB0, 0x25, 0x1C);
    pub(crate) const WHITE: Self = Self(0xFF, 0xFF, 0xFF);

    fn fill(self) -> Fill {
        Fill { paint: rgb::Color::new(self.0, self.1, self.2).into(), ..Fill::default() }
    }

    fn stroke(self, width: f32) -> Stroke {
        Stroke { paint: rgb::Color::new(self.0, self.1, self.2).into(), width, ..Stroke::default() }
    }
}

/// How a text is written: style, size, colour, and extra space between characters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pen {
    pub(crate) style: Style,
    pub(crate) size: f32,
    pub(crate) colour: Colour,
    pub(crate) tracking: f32,
}

impl Pen {
    pub(crate) const fn new(style: Style, size: f32, colour: Colour) -> Self {
        Self { style, size, colour, tracking: 0.0 }
    }

    pub(crate) const fn tracked(mut self, tracking: f32) -> Self {
        self.tracking = tracking;
        self
    }

    pub(crate) const fn sized(mut self, size: f32) -> Self {
        self.size = size;
        self
    }

    pub(crate) const fn coloured(mut self, colour: Colour) -> Self {
        self.colour = colour;
        self
    }
}

/// Where a text stands against its x.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    Left,
    Centre,
    Right,
}

/// A box on the page: left, top, width, height.
pub(crate) type Box4 = (f32, f32, f32, f32);

/// A run of glyphs of one face.
struct Run<'f> {
    font: &'f krilla::text::Font,
    text: String,
    glyphs: Vec<KrillaGlyph>,
    width: f32,
}

/// A document being written, page by page.
pub(crate) struct Pdf<'f> {
    document: Document,
    pub(crate) fonts: &'f Fonts,
    /// The first thing that went wrong; drawing goes on and the end reports it.
    failed: Option<PdfError>,
}

impl<'f> Pdf<'f> {
    /// A PDF/A-2b document. `printed_at` is `2026-11-24 11:08`; it becomes the creation date when it reads as one.
    pub(crate) fn new(fonts: &'f Fonts, title: &str, author: &str, printed_at: &str) -> Result<Self, PdfError> {
        let configuration = ConfigurationBuilder::new()
            .with_archival_validator(Archival::A2_B)
            .finish()
            .map_err(|error| PdfError::Writer(format!("{error:?}")))?;
        let mut document = Document::new_with(SerializeSettings {
            configuration,
            // For the spans that say what a spread label is. No structure tree is written: A-2b asks for none.
            enable_tagging: true,
            ..SerializeSettings::default()
        });
        let mut metadata = Metadata::new()
            .title(title.to_owned())
            .authors(vec![author.to_owned()])
            .creator("安居".to_owned())
            .language("zh-CN".to_owned());
        if let Some(date) = creation_date(printed_at) {
            metadata = metadata.creation_date(date);
        }
        document.set_metadata(metadata);
        Ok(Self { document, fonts, failed: None })
    }

    /// Adds a page and draws it.
    pub(crate) fn page(&mut self, width: f32, height: f32, draw: impl FnOnce(&mut Canvas<'_, '_>)) {
        let Some(settings) = PageSettings::from_wh(width, height) else {
            self.failed.get_or_insert(PdfError::Writer("page size".to_owned()));
            return;
        };
        let mut page = self.document.start_page_with(settings);
        {
            let surface = page.surface();
            let mut canvas = Canvas { surface, fonts: self.fonts, failed: &mut self.failed, width, height };
            draw(&mut canvas);
        }
        page.finish();
    }

    /// The finished file, or the first thing that went wrong.
    pub(crate) fn finish(self) -> Result<Vec<u8>, PdfError> {
        match self.failed {
            Some(error) => Err(error),
            None => self.document.finish().map_err(|error| PdfError::Writer(format!("{error:?}"))),
        }
    }
}

fn creation_date(printed_at: &str) -> Option<DateTime> {
    let mut numbers = printed_at.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let year = numbers.next()?.parse().ok()?;
    let mut two = || -> Option<u8> { numbers.next()?.parse().ok() };
    let (month, day, hour, minute) = (two()?, two()?, two()?, two()?);
    Some(DateTime::new(year).month(month).day(day).hour(hour).minute(minute).second(0).utc_offset_hour(8).utc_offset_minute(0))
}

/// Width of a text in points. Characters that no font has count as one em: the end of the document reports them.
pub(crate) fn measure(fonts: &Fonts, pen: Pen, text: &str) -> f32 {
    runs(fonts, pen, text, &mut None).iter().map(|run| run.width).sum::<f32>() - if text.is_empty() { 0.0 } else { pen.tracking }
}

/// Splits a text into runs of one face each. The tracking follows every glyph, the last one too.
fn runs<'f>(fonts: &'f Fonts, pen: Pen, text: &str, failed: &mut Option<PdfError>) -> Vec<Run<'f>> {
    let mut out = Vec::new();
    let face = match fonts.face(pen.style) {
        Ok(face) => face,
        Err(error) => {
            failed.get_or_insert(error.into());
            return out;
        }
    };
    let mut rest = text;
    let mut current = face;
    while !rest.is_empty() {
        let (glyphs, left) = current.glyphs(rest);
        let taken = &rest[..rest.len() - left.len()];
        if !taken.is_empty() {
            let mut width = 0.0;
            let krilla_glyphs = taken
                .char_indices()
                .zip(&glyphs)
                .map(|((at, c), glyph)| {
                    let advance = glyph.advance + pen.tracking / pen.size;
                    width += advance * pen.size;
                    KrillaGlyph::new(GlyphId::new(glyph.id), advance, 0.0, 0.0, 0.0, at..at + c.len_utf8(), None)
                })
                .collect();
            out.push(Run { font: &current.font, text: taken.to_owned(), glyphs: krilla_glyphs, width });
        }
        rest = left;
        current = match rest.chars().next() {
            None => break,
            Some(c) => match fonts.face_with(c) {
                // Back to the face of the style as soon as it can go on.
                Some(other) if taken.is_empty() || std::ptr::eq(current, face) => other,
                Some(_) => face,
                None => {
                    failed.get_or_insert(PdfError::MissingGlyph { character: c });
                    rest = &rest[c.len_utf8()..];
                    face
                }
            },
        };
    }
    out
}

/// Breaks a text into lines of a width: between Chinese characters anywhere, in letters and digits at spaces only, and
/// never before a closing mark. A word longer than the width is broken where it must be.
pub(crate) fn wrap(fonts: &Fonts, pen: Pen, text: &str, width: f32) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut line_width = 0.0;
    for word in words(text) {
        let word_width = measure(fonts, pen, word) + pen.tracking;
        if line_width + word_width <= width + 0.01 || line.is_empty() && word_width <= width {
            line.push_str(word);
            line_width += word_width;
            continue;
        }
        if !line.trim().is_empty() {
            lines.push(line.trim_end().to_owned());
        }
        line = String::new();
        line_width = 0.0;
        let word = word.trim_start();
        for c in word.chars() {
            let c_width = measure(fonts, pen, c.encode_utf8(&mut [0; 4])) + pen.tracking;
            if line_width + c_width > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                line_width = 0.0;
            }
            line.push(c);
            line_width += c_width;
        }
    }
    if !line.trim().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// The pieces between which a line may break.
fn words(text: &str) -> Vec<&str> {
    const NOT_FIRST: &str = "，。、；：？！）》」』”’％%)]}·—…";
    const NOT_LAST: &str = "（《「『“‘([{¥￥";
    let mut out = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        if let Some(b) = before {
            let tight = |c: char| c.is_alphanumeric() && u32::from(c) < 0x2E80 || matches!(c, '.' | ',' | '-' | '_' | '/' | '*' | '−');
            let keep = tight(b) && tight(c) || NOT_FIRST.contains(c) || NOT_LAST.contains(b);
            if !keep {
                out.push(&text[start..at]);
                start = at;
            }
        }
        before = Some(c);
    }
    if start < text.len() {
        out.push(&text[start..]);
    }
    out
}

/// A page being drawn.
pub(crate) struct Canvas<'p, 'f> {
    surface: Surface<'p>,
    pub(crate) fonts: &'f Fonts,
    failed: &'p mut Option<PdfError>,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

impl Canvas<'_, '_> {
    /// Notes that the document cannot be made.
    pub(crate) fn fail(&mut self, error: PdfError) {
        self.failed.get_or_insert(error);
    }

    /// Writes one line of text with its baseline at `y`, and returns its width.
    pub(crate) fn text(&mut self, pen: Pen, at: At, x: f32, y: f32, text: &str) -> f32 {
        self.write(pen, at, x, y, text, false)
    }

    fn write(&mut self, pen: Pen, at: At, x: f32, y: f32, text: &str, outlined: bool) -> f32 {
        let runs = runs(self.fonts, pen, text, self.failed);
        let width = runs.iter().map(|run| run.width).sum::<f32>() - if text.is_empty() { 0.0 } else { pen.tracking };
        let mut x = match at {
            At::Left => x,
            At::Centre => x - width / 2.0,
            At::Right => x - width,
        };
        self.surface.set_fill(Some(pen.colour.fill()));
        self.surface.set_stroke(None);
        for run in runs {
            self.surface.draw_glyphs(Point::from_xy(x, y), &run.glyphs, run.font.clone(), &run.text, pen.size, outlined);
            x += run.width;
        }
        width
    }

    /// Writes a text in the middle of a box's height, shrunk to fit its width, down to three quarters of its size; a text that
    /// is still too long takes two lines.
    pub(crate) fn text_in_box(&mut self, pen: Pen, at: At, (x, top, width, height): Box4, text: &str) {
        let full = measure(self.fonts, pen, text);
        let anchor = match at {
            At::Left => x,
            At::Centre => x + width / 2.0,
            At::Right => x + width,
        };
        let middle = |pen: Pen| top + height / 2.0 + pen.size * 0.36;
        if full <= width {
            self.text(pen, at, anchor, middle(pen), text);
            return;
        }
        let shrunk = pen.sized(pen.size * width / full);
        if shrunk.size >= pen.size * 0.75 {
            self.text(shrunk, at, anchor, middle(shrunk), text);
            return;
        }
        let small = pen.sized((pen.size * 0.8).min(height * 0.36));
        let mut lines = wrap(self.fonts, small, text, width);
        // Never silently cut: what does not fit in two lines is drawn smaller in as many as it takes.
        let mut small = small;
        while lines.len() > 2 && small.size > 3.0 {
            small = small.sized(small.size * 0.92);
            lines = wrap(self.fonts, small, text, width);
        }
        let leading = small.size * 1.25;
        #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
        let first = top + height / 2.0 - leading * (lines.len() as f32 - 1.0) / 2.0 + small.size * 0.36;
        let mut y = first;
        for line in &lines {
            self.text(small, at, anchor, y, line);
            y += leading;
        }
    }

    /// Writes a short label spread over a width, first and last character at the edges, as forms do (`人　　数`).
    pub(crate) fn spread(&mut self, pen: Pen, x: f32, width: f32, y: f32, text: &str) {
        let natural = measure(self.fonts, pen, text);
        let gaps = text.chars().count().saturating_sub(1);
        if gaps == 0 || natural >= width {
            self.text(pen, At::Centre, x + width / 2.0, y, text);
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "a handful of characters")]
        let tracking = (width - natural) / gaps as f32;
        // Readers split a text at wide gaps; the span says what it is: 人数, not 人 and 数.
        let span = SpanTag::empty().with_actual_text(Some(text));
        self.surface.start_tagged(ContentTag::Span(span));
        self.text(pen.tracked(tracking), At::Left, x, y, text);
        self.surface.end_tagged();
    }

    /// A straight line.
    pub(crate) fn line(&mut self, from: (f32, f32), to: (f32, f32), width: f32, colour: Colour) {
        let mut path = PathBuilder::new();
        path.move_to(from.0, from.1);
        path.line_to(to.0, to.1);
        self.stroke(path, width, colour);
    }

    /// A filled rectangle.
    pub(crate) fn fill_rect(&mut self, x: f32, y: f32, width: f32, height: f32, colour: Colour) {
        if let Some(rect) = Rect::from_xywh(x, y, width, height) {
            let mut path = PathBuilder::new();
            path.push_rect(rect);
            self.fill(path, colour);
        }
    }

    /// The outline of a rectangle.
    pub(crate) fn stroke_rect(&mut self, x: f32, y: f32, width: f32, height: f32, line: f32, colour: Colour) {
        if let Some(rect) = Rect::from_xywh(x, y, width, height) {
            let mut path = PathBuilder::new();
            path.push_rect(rect);
            self.stroke(path, line, colour);
        }
    }

    /// Strokes a path.
    pub(crate) fn stroke(&mut self, path: PathBuilder, width: f32, colour: Colour) {
        self.paint(path.finish(), None, Some(colour.stroke(width)));
    }

    /// Fills a path.
    pub(crate) fn fill(&mut self, path: PathBuilder, colour: Colour) {
        self.paint(path.finish(), Some(Fill { rule: FillRule::NonZero, ..colour.fill() }), None);
    }

    fn paint(&mut self, path: Option<Path>, fill: Option<Fill>, stroke: Option<Stroke>) {
        if let Some(path) = path {
            self.surface.set_fill(fill);
            self.surface.set_stroke(stroke);
            self.surface.draw_path(&path);
        }
    }

    /// Draws with the page turned by `degrees` around a point.
    pub(crate) fn turned(&mut self, degrees: f32, x: f32, y: f32, draw: impl FnOnce(&mut Self)) {
        self.surface.push_transform(&Transform::from_rotate_at(degrees, x, y));
        draw(self);
        self.surface.pop();
    }

    /// Text as shapes: it looks the same and is no text of the document, for the inscription of a seal.
    pub(crate) fn shape_of_text(&mut self, pen: Pen, x: f32, y: f32, text: &str) {
        self.write(pen, At::Centre, x, y, text, true);
    }
}
