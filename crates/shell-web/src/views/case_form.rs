//! Case form (业务录入): generated from the action's form; errors, refusals and remedies above, the person and the checks at
//! the right. The submit button is never greyed out: pressing it says what is missing.

use maud::{Markup, html};

use crate::ui::action_bar::ActionBar;
use crate::ui::checks::checks;
use crate::ui::field::{self, Group};
use crate::ui::problems::{self, Problem};
use crate::ui::steps::{self, Step};
use crate::ui::title::Title;
use crate::ui::{Button, Check, Fact, Frame, Pill, Sheet, Text, facts};

/// One piece of material (材料).
#[derive(Clone, Debug)]
pub struct Material {
    /// 已收, 免交 or 待收.
    pub pill: Pill,
    /// What, and how many pages or what replaces it.
    pub words: Text,
    /// What can be done with it.
    pub action: Button,
}

/// Whom the form is about, as a side sheet.
#[derive(Clone, Debug)]
pub struct About {
    /// Name, masked.
    pub name: Text,
    /// State.
    pub pill: Pill,
    /// Label and figure in large type.
    pub figure: (Text, Text),
    /// Facts.
    pub facts: Vec<Fact>,
}

/// The form as a page.
#[derive(Clone, Debug)]
pub struct CaseForm {
    /// Business.
    pub title: Text,
    /// Status.
    pub pill: Pill,
    /// Channel and number.
    pub context: Text,
    /// Steps.
    pub steps: Vec<Step>,
    /// “有 3 处要处理，才能提交复核”.
    pub problem_title: Text,
    /// Problems.
    pub problems: Vec<Problem>,
    /// Where the form is sent: `/cases/new/withdrawal.rent`.
    pub action: Text,
    /// Idempotency key of this form.
    pub key: Text,
    /// Guards the form against forgery.
    pub form_token: Text,
    /// Fields.
    pub groups: Vec<Group>,
    /// Material.
    pub material: Vec<Material>,
    /// Whom it is about, once known.
    pub about: Option<About>,
    /// “能不能提”.
    pub checks_title: Text,
    /// Checks, computed while typing.
    pub checks: Vec<Check>,
    /// Actions; their buttons belong to the form `case`.
    pub bar: ActionBar,
}

/// Draws the page. With script the checks at the right are asked again when a field has changed; without, at submission.
pub fn page(frame: &Frame, view: &CaseForm) -> Markup {
    let body = html! {
        (Title::new(view.title.clone()).pill(view.pill.clone()).context(html! { (view.context) }).trail(steps::bar(&view.steps)).show())
        div.cols.form {
            div {
                (problems::summary(&view.problem_title, &view.problems))
                form.sheet #case method="post" action=(view.action) enctype="multipart/form-data" novalidate {
                    input type="hidden" name="form_token" value=(view.form_token);
                    input type="hidden" name="idempotency_key" value=(view.key);
                    (field::groups(&view.groups))
                    @if !view.material.is_empty() { (material(&view.material)) }
                }
            }
            div {
                @if let Some(about) = &view.about { (who(about)) }
                @if !view.checks.is_empty() { (live(view)) }
            }
        }
    };
    frame.page_with(body, view.bar.show())
}

/// The sheet that htmx replaces while the form is filled.
pub fn live(view: &CaseForm) -> Markup {
    Sheet::new(view.checks_title.clone(), html! {
        div hx-post={ (view.action) "/checks" } hx-trigger="change from:#case delay:200ms" hx-include="#case" hx-target="#checks" hx-select="#checks" hx-swap="outerHTML" { (checks(&view.checks)) }
    })
    .trail(html! { "随填随算" })
    .id("checks")
    .show()
}

fn material(list: &[Material]) -> Markup {
    html! {
        div.field-group role="group" aria-label="材料" {
            h2 { "材料" }
            ul.materials { @for item in list { li { (item.pill.show()) span { (item.words) } (item.action.clone().inline().show()) } } }
        }
    }
}

fn who(about: &About) -> Markup {
    html! {
        section.sheet aria-label=(about.name) {
            div.sheet-head { h2 { (about.name) } (about.pill.show()) }
            div.sheet-body { div { small { (about.figure.0) } p.balance-figure { (about.figure.1) } } hr; (facts::facts(&about.facts)) }
        }
    }
}
