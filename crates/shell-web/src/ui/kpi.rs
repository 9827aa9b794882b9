//! Key figures in one sheet: label, figure and unit, one line of context; a share bar when the cells add up.

use maud::{Markup, html};

use super::Text;
use super::chart::{Shade, pct};

/// One figure.
#[derive(Clone, Debug)]
pub struct Kpi {
    /// Which colour of the share bar it is.
    pub shade: Option<Shade>,
    /// `+`, `−` or `=` between this and the figure before, when they make a sum.
    pub sign: Option<&'static str>,
    /// Label.
    pub label: Text,
    /// Figure.
    pub figure: Text,
    /// Unit; empty for none.
    pub unit: Text,
    /// One line of context.
    pub context: Text,
}

impl Kpi {
    /// A figure.
    pub fn new(label: impl Into<Text>, figure: impl Into<Text>, unit: impl Into<Text>, context: impl Into<Text>) -> Kpi {
        Kpi { shade: None, sign: None, label: label.into(), figure: figure.into(), unit: unit.into(), context: context.into() }
    }
    /// Its colour in the share bar.
    pub fn shade(mut self, shade: Shade) -> Kpi {
        self.shade = Some(shade);
        self
    }
    /// How it joins the sum.
    pub fn sign(mut self, sign: &'static str) -> Kpi {
        self.sign = Some(sign);
        self
    }
}

/// The strip. `shares` are thousandths of the whole and make the bar below; empty for none.
pub fn strip(cells: &[Kpi], shares: &[(Shade, u32)]) -> Markup {
    html! {
        section class={ "sheet kpis" @if cells.iter().any(|cell| cell.sign.is_some()) { " quiet" } } {
            ul class=(if cells.len() % 2 == 1 { "kpi-cells odd" } else { "kpi-cells" }) {
                @for cell in cells {
                    li {
                        @if let Some(sign) = cell.sign { span.kpi-sign { (sign) } }
                        span.label { @if let Some(shade) = cell.shade { (shade.swatch()) } (cell.label) }
                        span.figure.long[cell.figure.len() > 11] { b.num { (cell.figure) } @if !cell.unit.is_empty() { " " span.unit { (cell.unit) } } }
                        small { (cell.context) }
                    }
                }
            }
            @if !shares.is_empty() { (share_bar(shares)) }
        }
    }
}

/// Parts of a whole, in thousandths, as one bar. The figures stand beside it, so it is silent for screen readers.
pub fn share_bar(shares: &[(Shade, u32)]) -> Markup {
    let mut x = 0;
    let placed: Vec<_> = shares
        .iter()
        .map(|&(shade, width)| {
            x += width;
            (shade, x - width, width)
        })
        .collect();
    html! {
        svg.share width="100%" height="7" aria-hidden="true" {
            @for (shade, x, width) in placed { rect class=(shade.class()) x=(pct(x)) width=(pct(width.saturating_sub(3).max(2))) height="7" {} }
        }
    }
}
