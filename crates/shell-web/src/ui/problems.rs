//! Error summary and refusal lines: what was found, what is required, which rule, what you can do.
//!
//! The same [`Problem`] makes the line in the summary, the note below a table row and the entry in the check list. A handled
//! problem stays with ✓ until submission. After a failed submission the summary takes the focus (`data-focus`).

use maud::{Markup, html};

use super::checks::{Cite, Mark};
use super::{Button, Text};

/// One problem (退回原因、填写错误).
#[derive(Clone, Debug)]
pub struct Problem {
    /// Found and limit, as one sentence. Never “数据有误”.
    pub sentence: Text,
    /// Where it is: `#field-amount`, `#row-23`.
    pub at: Text,
    /// The rule.
    pub under: Option<Cite>,
    /// What the person can do, as a sentence.
    pub remedy: Text,
    /// What the person can do, as buttons.
    pub remedies: Vec<Button>,
    /// Already dealt with.
    pub handled: bool,
}

impl Problem {
    /// A problem that waits.
    pub fn new(sentence: impl Into<Text>, at: impl Into<Text>, under: Cite) -> Problem {
        Problem { sentence: sentence.into(), at: at.into(), under: Some(under), remedy: "".into(), remedies: Vec::new(), handled: false }
    }
    /// Says what can be done.
    pub fn remedy(mut self, sentence: impl Into<Text>) -> Problem {
        self.remedy = sentence.into();
        self
    }
    /// Offers to do it.
    pub fn offer(mut self, button: Button) -> Problem {
        self.remedies.push(button);
        self
    }
    /// Marks it as dealt with.
    pub fn handled(mut self) -> Problem {
        self.handled = true;
        self
    }
}

/// The summary above a form or list. Nothing is drawn when there are no problems.
pub fn summary(title: &str, problems: &[Problem]) -> Markup {
    html! {
        @if !problems.is_empty() {
            section.problems role="group" aria-labelledby="problems-title" tabindex="-1" data-focus {
                h2 #problems-title { (title) }
                ul {
                    @for problem in problems {
                        li {
                            (if problem.handled { Mark::Holds } else { Mark::Fails }.show())
                            @if problem.handled { span.said { (problem.sentence) } }
                            @else { a.said href=(problem.at) data-problem { (problem.sentence) } }
                            @if let Some(under) = &problem.under { span.under { (under.show()) } }
                            @if !problem.remedy.is_empty() || !problem.remedies.is_empty() {
                                span.remedy { (problem.remedy) @for button in &problem.remedies { " " (button.clone().inline().show()) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The note below a table row: sentence, remedy and rule, then buttons. A handled problem takes one quiet line.
pub fn note(problem: &Problem) -> Markup {
    if problem.handled {
        return html! {
            p.row-problem-done { span.good { "✓ " } (problem.sentence) @for button in &problem.remedies { " " (button.clone().inline().show()) } }
        };
    }
    html! {
        div.row-problem {
            p.bad { "✕ " (problem.sentence) }
            @if !problem.remedy.is_empty() || problem.under.is_some() {
                p.note { (problem.remedy) @if let Some(under) = &problem.under { " " (under.show()) } }
            }
            @if !problem.remedies.is_empty() { div.buttons { @for button in &problem.remedies { (button.clone().small().show()) } } }
        }
    }
}
