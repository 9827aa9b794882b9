//! 复核 The reviewer's page: what will happen, why it may, the application and its material; sign, return or reject.
//!
//! The approval binds to the digest on the page. When the facts moved, the page comes back with the difference.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use core_case::action::Entry;
use core_case::digest::Digest;
use core_case::state::CaseState;
use maud::{Markup, html};
use shell_pipeline::{Approved, PipelineError};
use shell_store::cases::WholeCase;
use shell_store::views::cases as stored;

use super::case::{LINES_SHOWN, decided_now, form_facts, found, line, reasons_of, steps};
use super::case_form::area;
use crate::app::App;
use crate::fault::{Answer, Fault};
use crate::materials;
use crate::posted::Post;
use crate::tasks;
use crate::ui::action_bar::ActionBar;
use crate::ui::checks::Mark;
use crate::ui::diff::Change;
use crate::ui::{Button, Check, facts, link};
use crate::views::review::{self as view, Review};
use crate::who::Who;
use crate::words;

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/cases/{id}/review", get(page).post(sign))
}

async fn page(State(app): State<Arc<App>>, who: Who, Path(id): Path<String>) -> Answer {
    let (whole, entry) = found(&app, &who, &id).await?;
    if whole.case.state != CaseState::Waiting {
        return Ok(Redirect::to(&format!("/cases/{}", whole.case.id)).into_response());
    }
    Ok(draw(&app, &who, &whole, entry, Vec::new(), Vec::new()).await?.into_response())
}

async fn draw(
    app: &App,
    who: &Who,
    whole: &WholeCase,
    entry: &'static Entry,
    moved: Vec<Change>,
    problems: Vec<crate::ui::problems::Problem>,
) -> Answer<Markup> {
    let (centre, case) = (&app.centre, &whole.case);
    let store = &centre.store;
    let files = stored::attachments(store, case.id).await?;
    let names = stored::names(store, whole.steps.iter().map(|s| s.by).chain([case.maker])).await?;
    let form = case.shown_form(store, LINES_SHOWN)?;
    let now = decided_now(app, whole, entry).await?;
    let mut reasons = match &now {
        Some(Ok(decision)) => reasons_of(app, &decision.reasons),
        Some(Err(refused)) => {
            let fails = refused.refusals.iter().map(|r| Check {
                mark: Mark::Fails,
                asked: r.words.clone(),
                found: r.found.clone().unwrap_or_default().into(),
                under: Some(words::cite(&r.under, &r.rule)),
            });
            fails.chain(reasons_of(app, &refused.reasons)).collect()
        }
        None => Vec::new(),
    };
    if let Some(Ok(decision)) = &now
        && Some(decision.digest()) != case.digest
    {
        let asked = "录入以后事实有变：同意时先显示变化，不会按旧内容入账";
        reasons.insert(0, Check { mark: Mark::Look, asked: asked.into(), found: "".into(), under: None });
    }
    let last = super::correction::history(app, whole, entry).await?.into_iter().next();
    let (since, since_note) = last.map_or((Vec::new(), String::new()), |c| (c.changes, c.note));
    let list = centre.materials(entry, case.accepted)?.map_or_else(Vec::new, |list| list.value);
    let named = |f: &stored::Attachment| list.iter().find(|m| m.code == f.material).map_or_else(|| f.name.clone(), |m| m.name.clone());
    for what in materials::missing_of(&list, &files) {
        let asked = format!("没有附“{what}”：请您判断，或退回补正");
        reasons.insert(0, Check { mark: Mark::Look, asked: asked.into(), found: "缺".into(), under: None });
    }
    let look = reasons.iter().filter(|c| c.mark != Mark::Holds).count();
    let mine = tasks::is_mine(&who.actor, &line(whole));
    let maker = names.get(&case.maker.0).map_or("日终", |(n, _)| n.as_str());
    let role = case.flow.get(case.level).map_or("复核", |r| words::role(r));
    let left = case.flow.len().saturating_sub(case.level + 1);
    let then = if left == 0 { "同意后当即入账".to_owned() } else { format!("同意后还须 {left} 人复核") };
    let sentence = if case.maker == who.actor.user {
        "自己经办的业务不能自己复核，须由另一人复核。".to_owned()
    } else if mine {
        format!("您以“{role}”签署屏幕上的全部内容，{then}。")
    } else {
        format!("这一级须由{}的“{role}”复核。", app.unit(case.branch))
    };
    let of_form = |button: Button| button.of_form("review");
    let view = Review {
        title: format!("复核：{}", entry.term).into(),
        pill: words::state(case.state),
        context: format!("{} · {} · 经办 {maker} · {} ", words::number(case.id), case.summary, app.unit(case.branch)).into(),
        due: Some(tasks::pips(&centre.calendar(), centre.day(), case.accepted, case.promised)),
        steps: steps(app, whole, &names),
        effects: words::effects(&case.effects, case.effect_count),
        digest: case.digest.as_ref().map_or(String::new(), |d| words::digest(d, 16)).into(),
        moved,
        reasons_note: format!("{} 项 · {} 符合 · {look} 须看", reasons.len(), reasons.len() - look).into(),
        reasons,
        compared: Vec::new(),
        since,
        since_note: since_note.into(),
        material: Vec::new(),
        paper: html! {
            (facts::facts(&form_facts(app, entry.fields, &form)))
        },
        paper_note: html! {
            @if files.is_empty() { "没有附材料。" }
            @else {
                ul.plain aria-label="材料" {
                    @for f in &files {
                        li { (link(named(f), format!("/attachments/{}", f.id)).show()) " " small { "SM3 " (words::grouped_hex(&f.hash, 2)) } }
                    }
                }
            }
        },
        problems,
        bar: ActionBar {
            buttons: vec![
                of_form(Button::submit("同意并签署", "approve")).key("Alt Y").primary(),
                of_form(Button::submit("退回补正", "return")).key("Alt B"),
                of_form(Button::submit("不同意", "reject")).danger(),
            ],
            hints: Vec::new(),
            sentence: sentence.into(),
        },
        round: whole.round(),
        form_token: who.form_token.clone().into(),
    };
    let (area, root) = area(entry.name);
    let number = words::number(case.id);
    let back = format!("/cases/{}", case.id);
    let frame = who.frame(app, area, &[root, ("业务", "/cases"), (number.as_str(), back.as_str()), ("复核", "")]).await?;
    Ok(view::page(&frame, &view))
}

async fn sign(State(app): State<Arc<App>>, Path(id): Path<String>, Post { who, form }: Post) -> Answer {
    let (whole, entry) = found(&app, &who, &id).await?;
    let id = whole.case.id;
    let why: String = form.get("why").chars().take(200).collect();
    let done = || Ok(Redirect::to(&format!("/cases/{id}?new")).into_response());
    match form.get("do") {
        "approve" => {
            let signed: String = form.get("digest").chars().filter(char::is_ascii_hexdigit).collect();
            let Some(digest) = Digest::parse(&signed) else { return Err(Fault::Forged) };
            match app.centre.approve_in(&who.actor, &who.origin, id, digest, form.get("round").parse().ok()).await {
                Ok(Approved::Committed(_) | Approved::Next(..)) => done(),
                Ok(Approved::Differs { shown, now, .. }) => {
                    let (whole, entry) = found(&app, &who, &id.to_string()).await?;
                    Ok(draw(&app, &who, &whole, entry, changes(&shown, &now), Vec::new()).await?.into_response())
                }
                Ok(Approved::Refused(..)) => Ok(Redirect::to(&format!("/cases/{id}")).into_response()),
                Err(PipelineError::Denied(sentence)) => {
                    Ok(draw(&app, &who, &whole, entry, Vec::new(), vec![words::told(sentence)]).await?.into_response())
                }
                Err(PipelineError::Stale(_)) => {
                    let told = "显示的内容已经变化，请重新看过再签。";
                    let (whole, entry) = found(&app, &who, &id.to_string()).await?;
                    Ok(draw(&app, &who, &whole, entry, Vec::new(), vec![words::told(told)]).await?.into_response())
                }
                Err(other) => Err(other.into()),
            }
        }
        which @ ("return" | "reject") => {
            if why.chars().count() < 4 {
                let told = "退回或不同意要写明原因，至少四个字。";
                let problem = crate::ui::problems::Problem { at: "#field-why".into(), ..words::told(told) };
                return Ok(draw(&app, &who, &whole, entry, Vec::new(), vec![problem]).await?.into_response());
            }
            let did = if which == "return" {
                app.centre.send_back(&who.actor, &who.origin, id, &why).await
            } else {
                app.centre.reject(&who.actor, &who.origin, id, &why).await
            };
            match did {
                Ok(()) => Ok(Redirect::to(&format!("/cases/{id}")).into_response()),
                Err(PipelineError::Denied(sentence)) => {
                    Ok(draw(&app, &who, &whole, entry, Vec::new(), vec![words::told(sentence)]).await?.into_response())
                }
                Err(other) => Err(other.into()),
            }
        }
        _ => Err(Fault::NotFound),
    }
}

/// The difference of two lists of effect lines: what went, what came. Lines that begin alike stand beside one another.
fn changes(shown: &[String], now: &[String]) -> Vec<Change> {
    let gone: Vec<&String> = shown.iter().filter(|l| !now.contains(l)).collect();
    let mut come: Vec<&String> = now.iter().filter(|l| !shown.contains(l)).collect();
    let head = |line: &str| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    let mut list = Vec::new();
    for old in gone {
        let new = come.iter().position(|n| head(n) == head(old)).map(|i| come.remove(i).clone());
        list.push(Change::new("效果", old.clone(), new.unwrap_or_default()));
    }
    list.extend(come.into_iter().map(|new| Change::new("效果", "", new.clone())));
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moved_effects_stand_beside_what_they_were() {
        let lines = |l: &[&str]| l.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        let list = changes(&lines(&["post E-A1 1.00", "send message 2", "same"]), &lines(&["same", "post E-A1 2.00", "print receipt"]));
        let told: Vec<_> = list.iter().map(|c| (c.old.as_ref(), c.new.as_ref())).collect();
        assert_eq!(told, [("post E-A1 1.00", "post E-A1 2.00"), ("send message 2", ""), ("", "print receipt")]);
    }
}
