//! The frame before anyone is known: night at the left, one task at the right.

use maud::{DOCTYPE, Markup, html};

use super::frame::head;
use super::{Fact, Text};

/// What surrounds the sign-in pages.
#[derive(Clone, Debug)]
pub struct Gate {
    /// Title of the page.
    pub title: Text,
    /// Name of the centre.
    pub centre: Text,
    /// Business day, this machine, opening hours.
    pub facts: Vec<Fact>,
}

impl Gate {
    /// Draws the page around its one task.
    pub fn page(&self, body: Markup) -> Markup {
        html! {
            (DOCTYPE)
            html lang="zh-CN" {
                (head(&self.title, &self.centre, None))
                body.gate {
                    header.gate-night {
                        (waves())
                        div.gate-name { span.seal aria-hidden="true" { "安" } div { b { (self.centre) } "安居　核心业务系统" } }
                        p.gate-motto { "每一分钱，" br; "都查得到来处与依据。" }
                        div.gate-facts { (super::facts::heads(&self.facts)) }
                    }
                    main.gate-main #main { div { (body) } }
                }
            }
        }
    }
}

/// Rows of hills that fade upwards.
fn waves() -> Markup {
    let rows = [(20, 0, "w1"), (76, 60, "w2"), (132, 0, "w3"), (188, 60, "w4"), (244, 0, "w5"), (300, 60, "w6")];
    html! {
        svg.waves viewBox="0 0 640 320" preserveAspectRatio="xMidYMax slice" aria-hidden="true" {
            @for (y, shift, class) in rows {
                path class=(class) d={ "M" (-120 + shift) " " (y) @for _ in 0..8 { "q60-46 120 0" } } {}
            }
        }
    }
}
