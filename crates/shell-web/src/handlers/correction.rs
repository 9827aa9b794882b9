//! 更正 A returned case corrected by its maker: the form opened with what was entered, submitted under the same number.
//!
//! Personal identifiers never stand in an input: they are shown masked beside it, and an input left blank keeps what was entered.
//! What changed is told to the reviewer and kept with the case ([`history`]).

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use core_case::action::Entry;
use core_case::form::{Choice, Field as FormField, Kind, Value};
use core_case::state::CaseState;
use maud::Markup;
use shell_store::cases::{self, WholeCase};
use shell_store::effects::StepKind;
use shell_store::views::cases as stored;

use super::case::{found as find, value};
use super::case_form::{self as form, Correcting, Given, MOST_ROWS, Typed};
use crate::app::App;
use crate::attachments;
use crate::fault::{Answer, Fault};
use crate::posted::Post;
use crate::ui::diff::Change;
use crate::views::case_form as view;
use crate::who::Who;

/// So many lines of a table are compared with what they were before.
const COMPARED: usize = 500;

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/cases/{id}/correction", get(page).post(submit).layer(DefaultBodyLimit::max(attachments::REQUEST_LIMIT)))
        .route("/cases/{id}/correction/checks", post(checks))
}

/// The returned case of an address, for its maker only, with its form in the present shape.
async fn returned(app: &App, who: &Who, id: &str) -> Result<(WholeCase, &'static Entry, Value), Fault> {
    let (whole, entry) = find(app, who, id).await?;
    if whole.case.maker != who.actor.user || whole.case.state != CaseState::Returned {
        return Err(Fault::Told("只有退回补正的业务，可以由它的经办人更正。".into()));
    }
    let (mut stored, _) = whole.case.shown_form(&app.centre.store, usize::MAX)?;
    (entry.upgrade)(whole.case.version, &mut stored);
    Ok((whole, entry, stored))
}

/// Why a case was sent back last: the reviewer's words.
fn why(whole: &WholeCase) -> String {
    let sent_back = [StepKind::Returned.code(), StepKind::Differs.code()];
    whole.steps.iter().rev().find(|s| sent_back.contains(&s.kind.as_str())).map_or(String::new(), |s| s.note.clone())
}

fn correcting(app: &App, whole: &WholeCase, entry: &Entry, stored: &Value) -> Correcting {
    let mut masks = Typed::new();
    each_sealed(entry.fields, &mut |field, name, place| {
        if let Some(entered) = stored.pointer(place).filter(|v| !v.is_null()) {
            masks.insert(name.to_owned(), value(app, field, entered));
        }
    });
    Correcting { id: whole.case.id, accepted: whole.case.accepted, why: why(whole), masks }
}

/// Every input of a personal identifier: its field, its name on the page, its place in the form.
fn each_sealed(fields: &[FormField], each: &mut dyn FnMut(&FormField, &str, &str)) {
    for f in fields {
        match f.kind {
            Kind::Lines(nested) => {
                for n in nested.iter().filter(|n| n.kind.sealed()) {
                    for i in 0..MOST_ROWS {
                        each(n, &format!("{}-{i}-{}", f.name, n.name), &format!("/{}/{i}/{}", f.name, n.name));
                    }
                }
            }
            _ if f.kind.sealed() => each(f, f.name, &format!("/{}", f.name)),
            _ => {}
        }
    }
}

/// What is submitted: inputs as typed, and identifiers left blank as they were entered.
fn kept(entry: &Entry, stored: &Value, typed: &Typed) -> Value {
    let mut sent = typed.clone();
    each_sealed(entry.fields, &mut |_, name, place| {
        let blank = sent.get(name).is_some_and(|text| text.trim().is_empty());
        if let (true, Some(Value::String(entered))) = (blank, stored.pointer(place)) {
            sent.insert(name.to_owned(), entered.clone());
        }
    });
    form::json(entry.fields, &sent)
}

/// Material that the case has.
async fn there(app: &App, whole: &WholeCase) -> Result<Vec<(String, String)>, Fault> {
    let files = stored::attachments(&app.centre.store, whole.case.id).await?;
    Ok(files.into_iter().map(|a| (a.material, a.name)).collect())
}

async fn page(State(app): State<Arc<App>>, who: Who, Path(id): Path<String>) -> Answer<Markup> {
    let (whole, entry, stored) = returned(&app, &who, &id).await?;
    let mut typed = Typed::new();
    form::fill(entry.fields, &stored, "", &mut typed);
    let rows = form::rows(entry, &typed);
    let mut given = Given { rows, typed, correcting: Some(correcting(&app, &whole, entry, &stored)), ..Given::default() };
    given.hold(there(&app, &whole).await?.into_iter());
    form::draw(&app, &who, entry, given).await
}

async fn submit(State(app): State<Arc<App>>, Path(id): Path<String>, Post { who, form: sent }: Post) -> Answer {
    let (whole, entry, stored) = returned(&app, &who, &id).await?;
    let typed = form::typed(&sent);
    let rows = form::rows(entry, &typed).max(1);
    let command = kept(entry, &stored, &typed);
    let mut given = Given { typed, rows, correcting: Some(correcting(&app, &whole, entry, &stored)), ..Given::default() };
    given.hold(there(&app, &whole).await?.into_iter());
    let mut files = app.staged.take(who.actor.user, sent.get("idempotency_key"));
    let (new, refused) = attachments::accepted(&app, &sent.files);
    files.extend(new);
    if sent.get("do") == "row" {
        given.rows = (rows + 1).min(MOST_ROWS);
        given.wait(&app, &who, files)?;
        return Ok(form::draw(&app, &who, entry, given).await?.into_response());
    }
    let there = given.held.len();
    given.hold(files.iter().map(|f| (f.material.clone(), f.name.clone())));
    let missing = given.missing(&app, entry, whole.case.accepted, refused)?;
    let met = match missing.is_empty() {
        true => given.take(app.centre.correct(&who.actor, &who.origin, whole.case.id, &command).await)?,
        false => given.take(app.centre.preview_correction(&who.actor, whole.case.id, &command).await)?.and(None),
    };
    given.lack(missing);
    let Some(case) = met else {
        given.held.truncate(there);
        given.wait(&app, &who, files)?;
        return Ok(form::draw(&app, &who, entry, given).await?.into_response());
    };
    for file in files {
        attachments::keep(&app, &who, case, file).await?;
    }
    Ok(Redirect::to(&format!("/cases/{case}?new")).into_response())
}

async fn checks(State(app): State<Arc<App>>, Path(id): Path<String>, Post { who, form: sent }: Post) -> Answer<Markup> {
    let (whole, entry, stored) = returned(&app, &who, &id).await?;
    let typed = form::typed(&sent);
    let met = app.centre.preview_correction(&who.actor, whole.case.id, &kept(entry, &stored, &typed)).await;
    let checks = form::found(met)?;
    let given = Given { typed, checks, correcting: Some(correcting(&app, &whole, entry, &stored)), ..Given::default() };
    Ok(view::live(&form::frame_of(&app, &who, entry, given).await?))
}

/// One correction of a case: when, why it had been sent back, what changed.
pub(super) struct Correction {
    /// Day, and the reviewer's words.
    pub(super) note: String,
    /// What changed.
    pub(super) changes: Vec<Change>,
}

/// The corrections of a case, newest first.
pub(super) async fn history(app: &App, whole: &WholeCase, entry: &Entry) -> Result<Vec<Correction>, Fault> {
    let (store, mut list) = (&app.centre.store, Vec::new());
    let formers = cases::formers(store, whole.case.id, COMPARED).await?;
    if formers.is_empty() {
        return Ok(list);
    }
    let (mut after, _) = whole.case.shown_form(store, COMPARED)?;
    (entry.upgrade)(whole.case.version, &mut after);
    for former in formers.into_iter().rev() {
        let mut before = former.form;
        (entry.upgrade)(former.version, &mut before);
        let returned = whole.steps.iter().rev().find(|s| s.seq < former.seq && s.kind == StepKind::Returned.code());
        let note = returned.map_or("事实有变后更正".to_owned(), |s| format!("{} 退回：{}", s.day, s.note));
        list.push(Correction { note, changes: changes(app, entry.fields, "", &before, &after) });
        after = before;
    }
    Ok(list)
}

/// What differs between two forms, in the words of the page; identifiers masked.
fn changes(app: &App, fields: &[FormField], within: &str, before: &Value, after: &Value) -> Vec<Change> {
    let mut list = Vec::new();
    for f in fields {
        let label = format!("{within}{}", f.label);
        let (old, new) = (before.get(f.name).unwrap_or(&Value::Null), after.get(f.name).unwrap_or(&Value::Null));
        if old == new {
            continue;
        }
        if let Kind::Lines(nested) = f.kind {
            let rows = |v: &Value| v.as_array().map_or(0, Vec::len);
            for i in 0..rows(old).max(rows(new)) {
                let row = |v: &Value| v.get(i).cloned().unwrap_or(Value::Null);
                list.extend(changes(app, nested, &format!("{label} {} · ", i + 1), &row(old), &row(new)));
            }
            continue;
        }
        let shown = |v: &Value| if v.is_null() { "未填".to_owned() } else { value(app, f, v) };
        let (old, mut new) = (shown(old), shown(new));
        if old == new {
            new += "（掩码相同，号码已改）";
        }
        list.push(Change::new(label, old, new));
    }
    list
}
