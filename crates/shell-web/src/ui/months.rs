//! Month grid (逐月缴存): rows are fund-years (July to June, handbook README §3), newest first, one cell a month.
//!
//! Shade = amount, in four steps; 补 with a dark ring, 封 hatched, 正 corrected, outline = yet to come, dash = before opening.
//! Each cell has a spoken label. Base and year's total stand at the right.

use maud::{Markup, html};

use super::{Text, amount};

/// What a month was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Month {
    /// Paid; the shade (1–4) stands for the amount.
    Paid(u8),
    /// Paid later by a back payment (补缴).
    BackPaid(u8),
    /// Paid, then corrected (错账调整 or 冲正 and new entry).
    Corrected(u8),
    /// The account was sealed (封存).
    Sealed,
    /// Due, but nothing came (欠缴).
    Missed,
    /// Yet to come.
    ToCome,
    /// Before the account was opened.
    Before,
}

/// One fund-year.
#[derive(Clone, Debug)]
pub struct Year {
    /// `2026–27`.
    pub label: Text,
    /// July to June, each with what is said about it: “2026 年 7 月，2,366.00 元”.
    pub months: [(Month, Text); 12],
    /// Contribution base.
    pub base: Text,
    /// Paid in this year.
    pub total: Text,
}

/// Draws the grid.
pub fn grid(years: &[Year]) -> Markup {
    html! {
        table.months {
            caption.sr { "逐月缴存，行为公积金年度，列为月份" }
            thead {
                tr {
                    th scope="col" { "年度" }
                    @for month in (7..=12).chain(1..=6) { th scope="col" { (month) span.sr { " 月" } } }
                    th.n.wide scope="col" { "基数" } th.n.wide scope="col" { "全年（元）" }
                }
            }
            tbody {
                @for year in years {
                    tr {
                        th scope="row" { (year.label) }
                        @for (month, said) in &year.months { (cell(*month, said)) }
                        td.n.wide { (amount(&year.base)) } td.n.wide { (amount(&year.total)) }
                    }
                }
            }
        }
    }
}

fn cell(month: Month, said: &str) -> Markup {
    let (class, sign) = match month {
        Month::Paid(shade) => (format!("month m{shade}"), ""),
        Month::BackPaid(shade) => (format!("month m{shade} ring"), "补"),
        Month::Corrected(shade) => (format!("month m{shade}"), "正"),
        Month::Sealed => ("month sealed".to_owned(), "封"),
        Month::Missed => ("month missed".to_owned(), "欠"),
        Month::ToCome => ("month to-come".to_owned(), ""),
        Month::Before => ("month before".to_owned(), "–"),
    };
    html! { td { span class=(class) { span aria-hidden="true" { (sign) } span.sr { (said) } } } }
}

/// The legend of the grid.
pub fn legend() -> Markup {
    html! {
        ul.legend {
            li { span.steps4 aria-hidden="true" { @for shade in 1..=4 { span class={ "month m" (shade) } {} } } "月额由低到高" }
            li { span.month.m2.ring aria-hidden="true" {} "补缴" }
            li { span.month.sealed aria-hidden="true" {} "封存" }
        }
    }
}
