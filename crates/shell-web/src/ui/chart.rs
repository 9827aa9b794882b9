//! Charts: own small SVG, classes only, so that dark screens and paper colour them. Integers in, thousandths of the width.
//!
//! A chart says its title and description to a screen reader and carries the same figures as a table below it, except where
//! it stands inside a table row, whose cells are the figures.

use maud::{Markup, html};

use super::Text;

/// A chart colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shade {
    /// The main series: posted, available, done.
    Main,
    /// Its pale companion: waiting, running.
    Pale,
    /// The second series: unknown, reserved.
    Second,
    /// The third.
    Third,
    /// The fourth.
    Fourth,
    /// What is not there: not reported.
    Missing,
}

impl Shade {
    /// The class that fills it.
    pub fn class(self) -> &'static str {
        match self {
            Shade::Main => "c1",
            Shade::Pale => "c1b",
            Shade::Second => "c2",
            Shade::Third => "c3",
            Shade::Fourth => "c4",
            Shade::Missing => "c0",
        }
    }
    /// A little box for labels; the pale one is flat, the missing one a line, so that they differ without colour.
    pub fn swatch(self) -> Markup {
        let (y, height) = match self {
            Shade::Pale => (3, 5),
            Shade::Missing => (5, 2),
            _ => (1, 9),
        };
        html! { svg.swatch width="9" height="11" aria-hidden="true" { rect class=(self.class()) y=(y) width="9" height=(height) rx="1.5" {} } }
    }
}

/// Thousandths as an SVG percentage: 678 → `67.8%`.
pub fn pct(thousandths: u32) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

/// Entries of a legend, only where no label fits.
pub fn legend(entries: &[(Shade, &str)]) -> Markup {
    html! { ul.legend { @for (shade, word) in entries { li { (shade.swatch()) (word) } } } }
}

/// A bar inside a table row: parts in thousandths (full, half, line by height), a tick for last month.
pub fn row_bar(parts: &[(Shade, u32)], tick: Option<u32>) -> Markup {
    let mut x = 0;
    let placed: Vec<_> = parts
        .iter()
        .map(|&(shade, width)| {
            x += width;
            (shade, x - width, width)
        })
        .collect();
    html! {
        svg.row-bar width="100%" height="14" aria-hidden="true" {
            @for (shade, x, width) in placed {
                @let (y, height) = match shade { Shade::Pale => (6, 6), Shade::Missing => (11, 1), _ => (2, 10) };
                rect class=(shade.class()) x=(pct(x)) width=(pct(width)) y=(y) height=(height) {}
            }
            @if let Some(tick) = tick { rect.tick x=(pct(tick)) y="0" width="1.5" height="14" {} }
        }
    }
}

/// Gap to done: only what is missing is drawn, so near-complete rows still differ. Parts are thousandths of the amount due;
/// `scale` is the largest gap of the table, rounded up; the tick is last month's gap on the same day.
pub fn gap_bar(parts: &[(Shade, u32)], tick: Option<u32>, scale: u32) -> Markup {
    let scale = scale.max(1);
    let stretched: Vec<_> = parts.iter().map(|&(shade, width)| (shade, width * 1000 / scale)).collect();
    row_bar(&stretched, tick.map(|tick| tick * 1000 / scale))
}

/// Threshold gauge, for a quotient such as 个贷率: a value on a track, thresholds as ticks with their numbers.
#[derive(Clone, Debug)]
pub struct Gauge {
    /// What is measured.
    pub label: Text,
    /// Value in words: `67.84 %`.
    pub words: Text,
    /// Value in thousandths of the track.
    pub value: u32,
    /// Thresholds in thousandths and their words.
    pub thresholds: Vec<(u32, Text)>,
    /// How far the next one is.
    pub sentence: Text,
}

impl Gauge {
    /// Draws it.
    pub fn show(&self) -> Markup {
        html! {
            div.gauge {
                div.gauge-head { span { (self.label) } b.num { (self.words) } }
                svg width="100%" height="38" role="img" aria-label={ (self.label) " " (self.words) "。" (self.sentence) } {
                    rect.track y="4" width="100%" height="9" rx="4.5" {}
                    rect class=(Shade::Main.class()) y="4" width=(pct(self.value)) height="9" rx="4.5" {}
                    @for (at, words) in &self.thresholds {
                        rect.tick x=(pct(*at)) y="0" width="1" height="18" {}
                        text x=(pct(*at)) y="32" text-anchor="middle" { (words) }
                    }
                    text x="0" y="32" { "0" }
                }
                small { (self.sentence) }
            }
        }
    }
}

/// One point of a line or one column.
#[derive(Clone, Debug)]
pub struct Point {
    /// Label on the axis.
    pub label: Text,
    /// Value in the smallest unit of the chart.
    pub value: i64,
    /// Value in words, for label and table.
    pub words: Text,
    /// Annotation (at most two a line).
    pub says: Option<Text>,
}

impl Point {
    /// A point.
    pub fn new(label: impl Into<Text>, value: i64, words: impl Into<Text>) -> Point {
        Point { label: label.into(), value, words: words.into(), says: None }
    }
    /// Annotated.
    pub fn says(mut self, words: impl Into<Text>) -> Point {
        self.says = Some(words.into());
        self
    }
}

/// A line over an area, or columns.
#[derive(Clone, Debug)]
pub struct Series {
    /// An id of the page, for title and description.
    pub id: Text,
    /// Title for a screen reader and for the table.
    pub title: Text,
    /// What a person would say about it.
    pub says: Text,
    /// Head of the value column, with the unit.
    pub unit: Text,
    /// The points, first to last.
    pub points: Vec<Point>,
    /// Lowest and highest value of the scale, with three words for top, middle and bottom. Columns start at 0 by themselves.
    pub scale: (i64, i64, [Text; 3]),
}

impl Series {
    /// Draws a line with its area.
    pub fn line(&self) -> Markup {
        let last = (self.points.len().max(2) - 1) as u32;
        let x = |i: usize| i as u32 * 1000 / last;
        let y = |value: i64| 1000 - self.place(value);
        let path: Vec<String> = self.points.iter().enumerate().map(|(i, p)| format!("{},{}", x(i), y(p.value))).collect();
        let path = path.join(" ");
        html! {
            figure.chart {
                div.plot {
                    svg.canvas width="100%" height="150" role="img" aria-labelledby={ (self.id) "-t " (self.id) "-d" } {
                        title id={ (self.id) "-t" } { (self.title) }
                        desc id={ (self.id) "-d" } { (self.says) }
                        @for y in ["0.5", "75", "149.5"] { line.grid x1="0" x2="100%" y1=(y) y2=(y) {} }
                        svg viewBox="0 0 1000 1000" preserveAspectRatio="none" width="100%" height="150" {
                            polygon.area points={ "0,1000 " (path) " 1000,1000" } {}
                            polyline.line points=(path) {}
                        }
                        @for (i, point) in self.points.iter().enumerate() {
                            @if let Some(says) = &point.says {
                                circle.dot cx=(pct(x(i))) cy=(pct(y(point.value))) r="4" {}
                                @let anchor = if x(i) > 500 { "end" } else { "start" };
                                text.says x=(pct(x(i))) y=(pct(y(point.value))) dy=(if self.dips(i) || y(point.value) < 200 { "20" } else { "-10" }) text-anchor=(anchor) { (says) }
                            }
                        }
                    }
                    (self.ticks())
                }
                div.axis aria-hidden="true" { @for i in self.shown() { span { (self.points[i].label) } } }
                (self.table())
            }
        }
    }

    /// Draws columns, each with its value above.
    pub fn columns(&self) -> Markup {
        html! {
            figure.chart {
                div.columns role="img" aria-labelledby={ (self.id) "-t" } {
                    span.sr id={ (self.id) "-t" } { (self.title) "。" (self.says) }
                    @for (i, point) in self.points.iter().enumerate() {
                        @let height = (self.place(point.value) * 120 / 1000).max(1);
                        div aria-hidden="true" {
                            b.num { (point.words) }
                            svg width="100%" height=(height) { rect class=(if i + 1 == self.points.len() { "c1" } else { "c1b" }) width="100%" height=(height) rx="2" {} }
                        }
                    }
                }
                div.axis.even aria-hidden="true" { @for point in &self.points { span { (point.label) } } }
                (self.table())
            }
        }
    }

    /// The value's place on the scale, in thousandths.
    fn place(&self, value: i64) -> u32 {
        let (low, high, _) = &self.scale;
        let span = (high - low).max(1);
        ((value.clamp(*low, *high) - low) * 1000 / span) as u32
    }

    /// Whether the line comes down to this point, so that words fit below it rather than above.
    fn dips(&self, i: usize) -> bool {
        i.checked_sub(1).is_some_and(|before| self.points[before].value > self.points[i].value)
    }

    fn ticks(&self) -> Markup {
        html! { div.ticks aria-hidden="true" { @for words in &self.scale.2 { span { (words) } } } }
    }

    /// First, last and two between: more labels than that do not fit on a phone.
    fn shown(&self) -> Vec<usize> {
        let n = self.points.len();
        if n <= 4 { (0..n).collect() } else { vec![0, (n - 1) / 3, (n - 1) * 2 / 3, n - 1] }
    }

    fn table(&self) -> Markup {
        html! {
            details.figures {
                summary { "数据表" }
                table {
                    caption.sr { (self.title) }
                    thead { tr { th scope="col" { "时间" } th.n scope="col" { (self.unit) } } }
                    tbody { @for point in &self.points { tr { td { (point.label) } td.n { (point.words) } } } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousandths_print_as_percent() {
        assert_eq!(pct(678), "67.8%");
        assert_eq!(pct(1000), "100.0%");
        assert_eq!(pct(5), "0.5%");
    }

    #[test]
    fn values_outside_the_scale_stay_on_it_and_no_scale_is_no_crash() {
        let mut series = Series {
            id: "s".into(),
            title: "".into(),
            says: "".into(),
            unit: "".into(),
            points: Vec::new(),
            scale: (10, 20, ["".into(), "".into(), "".into()]),
        };
        assert_eq!([series.place(0), series.place(15), series.place(99)], [0, 500, 1000]);
        series.scale = (7, 7, ["".into(), "".into(), "".into()]);
        assert_eq!(series.place(7), 0);
        let _ = series.line().into_string() + &series.columns().into_string();
    }
}
