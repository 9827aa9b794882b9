//! 业务记录 One case: steps, effects, reasons with citations, refusals, attachments, outcome, and what can be done with it now.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use core_case::action::{At, Entry};
use core_case::effect::Decision;
use core_case::form::{Choice, Field as FormField, Kind, Value};
use core_case::ids::CaseId;
use core_case::refusal::Refused;
use core_case::state::CaseState;
use core_case::things::UserKind;
use maud::{Markup, html};
use shell_pipeline::catalogue;
use shell_pipeline::materials::Material;
use shell_store::cases::WholeCase;
use shell_store::effects::StepKind;
use shell_store::facts;
use shell_store::views::cases as stored;
use shell_store::views::work::{self, CaseLine};

use super::case_form::area;
use crate::app::App;
use crate::attachments;
use crate::fault::{Answer, Fault};
use crate::materials;
use crate::posted::{Asked, Post};
use crate::tasks;
use crate::ui::progress;
use crate::ui::steps::{At as StepAt, Step};
use crate::ui::{Button, Fact, link};
use crate::views::case::{self as view, Attachment, Case};
use crate::who::Who;
use crate::words;

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/cases/{id}", get(page).post(act))
        .route("/cases/{id}/attachments", post(attach).layer(DefaultBodyLimit::max(attachments::REQUEST_LIMIT)))
        .route("/attachments/{id}", get(attachment))
}

/// The case of an address, if this person may see it.
pub(crate) async fn found(app: &App, who: &Who, id: &str) -> Result<(WholeCase, &'static Entry), Fault> {
    let id = CaseId::parse(id).ok_or(Fault::NotFound)?;
    let whole = app.centre.case(id).await?;
    let entry = catalogue::action(&whole.case.action).ok_or(Fault::NotFound)?;
    if may_see(who, &whole) { Ok((whole, entry)) } else { Err(Fault::NotFound) }
}

/// Business staff see business, each maker his own, administrators what concerns users and parameters.
fn may_see(who: &Who, whole: &WholeCase) -> bool {
    let case = &whole.case;
    let of_administration = case.action.starts_with("administration.");
    case.maker == who.actor.user
        || whole.reviews.iter().any(|r| r.reviewer == who.actor.user)
        || match who.actor.kind {
            UserKind::Business => who.actor.may("view.business").is_some(),
            UserKind::System | UserKind::Security | UserKind::Audit => of_administration,
            UserKind::Officer => false,
        }
}

/// The line of a case as lists know it.
pub(crate) fn line(whole: &WholeCase) -> CaseLine {
    let c = &whole.case;
    CaseLine {
        id: c.id,
        action: c.action.clone(),
        state: c.state,
        channel: c.channel,
        accepted: c.accepted,
        promised: c.promised,
        maker: c.maker,
        branch: c.branch,
        summary: c.summary.clone(),
        amount: c.amount,
        flow: c.flow.clone(),
        level: c.level,
    }
}

/// Lines of a table that a page shows.
pub(crate) const LINES_SHOWN: usize = 8;

/// The form as facts; identifiers masked.
pub(crate) fn form_facts(app: &App, fields: &[FormField], (form, counts): &(Value, Vec<(String, usize)>)) -> Vec<Fact> {
    let mut list = Vec::new();
    for f in fields {
        match (&f.kind, form.get(f.name)) {
            (_, None | Some(Value::Null)) => {}
            (Kind::Lines(nested), Some(Value::Array(lines))) => {
                let all = counts.iter().find(|(table, _)| table == f.name).map_or(lines.len(), |(_, n)| *n);
                list.push(Fact::new(f.label, format!("{all} 行")));
                for (i, one) in lines.iter().take(LINES_SHOWN).enumerate() {
                    let words: Vec<String> =
                        nested.iter().filter_map(|n| one.get(n.name).filter(|v| !v.is_null()).map(|v| value(app, n, v))).collect();
                    list.push(Fact::new(format!("第 {} 行", i + 1), words.join(" · ")));
                }
                if all > LINES_SHOWN {
                    list.push(Fact::new("其余", format!("{} 行", all - LINES_SHOWN)));
                }
            }
            (_, Some(v)) => list.push(Fact::new(f.label, value(app, f, v))),
        }
    }
    list
}

pub(super) fn value(app: &App, field: &FormField, value: &Value) -> String {
    let text = match value {
        Value::String(s) => s.clone(),
        other => other.to_string(),
    };
    match field.kind {
        Kind::IdNumber => core_identity::mask_id_number(&text),
        Kind::Mobile => core_identity::mask_mobile(&text),
        Kind::Card => core_identity::mask_card(&text),
        Kind::Money => core_money::Money::parse(&text).map_or(text, |m| format!("{} 元", words::amount(m))),
        Kind::Rate => format!("{text} %"),
        Kind::Flag => if text == "true" { "是" } else { "否" }.to_owned(),
        Kind::Choice(list) => list.iter().find(|(code, _)| *code == text).map_or(text.clone(), |(_, w)| (*w).to_owned()),
        Kind::Text(_) if field.name == "role" => words::role(&text).to_owned(),
        Kind::Number("机构") => {
            let name = core_case::ids::UnitId::parse(&text).map_or("", |id| app.unit(id));
            if name.is_empty() { text } else { name.to_owned() }
        }
        _ => text,
    }
}

/// Steps of a case with who and when, then those to come.
pub(crate) fn steps(app: &App, whole: &WholeCase, names: &std::collections::BTreeMap<i64, (String, String)>) -> Vec<Step> {
    let name = |id: i64| names.get(&id).map_or_else(|| if id == 0 { "日终".to_owned() } else { format!("用户 {id}") }, |(n, _)| n.clone());
    let mut list: Vec<Step> = whole
        .steps
        .iter()
        .map(|s| {
            let kind = StepKind::from_code(&s.kind);
            let stopped = matches!(kind, Some(StepKind::Refused | StepKind::Rejected | StepKind::Withdrawn));
            let note = if s.note.is_empty() { String::new() } else { format!(" · {}", s.note) };
            Step {
                word: kind.map_or(s.kind.clone(), |k| k.words().to_owned()).into(),
                at: if stopped { StepAt::Stopped } else { StepAt::Done },
                detail: format!("{} · {}{note}", name(s.by.0), words::moment(s.at)).into(),
            }
        })
        .collect();
    let case = &whole.case;
    if case.state == CaseState::Waiting {
        for (i, role) in case.flow.iter().enumerate().skip(case.level) {
            let at = if i == case.level { StepAt::Now } else { StepAt::ToCome };
            list.push(Step { word: format!("待{}", words::role(role)).into(), at, detail: app.unit(case.branch).to_owned().into() });
        }
    } else if case.state == CaseState::Returned {
        list.push(Step { word: "等经办补正".into(), at: StepAt::Now, detail: name(case.maker.0).into() });
    }
    if case.state.in_flight() {
        list.push(Step { word: "办结".into(), at: StepAt::ToCome, detail: "".into() });
    }
    list
}

/// What the rules say of a stored case now. Nothing is recorded.
pub(crate) async fn decided_now(app: &App, whole: &WholeCase, entry: &Entry) -> Result<Option<Result<Decision, Refused>>, Fault> {
    let centre = &app.centre;
    let Ok(prepared) = whole.case.read_form(&centre.store, entry)? else { return Ok(None) };
    let at = At { accepted: whole.case.accepted, today: centre.day(), channel: whole.case.channel };
    let loaded = facts::load_for(&centre.store, &prepared.asks(&at), Some(whole.case.id)).await?;
    Ok(prepared.decide(&at, loaded.answers, &centre.policy(), &centre.place).ok())
}

/// Reasons of a decision as lines of the check list.
pub(crate) fn reasons_of(app: &App, list: &[core_case::refusal::Reason]) -> Vec<crate::ui::Check> {
    let policy = app.centre.policy();
    list.iter()
        .map(|r| {
            let seen = r.seen.clone().or_else(|| (r.lines > 1).then(|| format!("{} 行", r.lines)));
            words::check(&policy, &words::Reason { rule: r.rule.clone(), under: r.under.clone(), seen })
        })
        .collect()
}

/// Attachments as rows.
pub(crate) fn rows(
    files: &[stored::Attachment],
    names: &std::collections::BTreeMap<i64, (String, String)>,
    list: &[Material],
) -> Vec<Attachment> {
    files
        .iter()
        .map(|a| Attachment {
            what: list.iter().find(|m| m.code == a.material).map_or("其他材料".to_owned(), |m| m.name.clone()).into(),
            name: link(a.name.clone(), format!("/attachments/{}", a.id)),
            kind: format!("{} · {}", a.media.rsplit('/').next().unwrap_or_default().to_uppercase(), size(a.size)).into(),
            hash: words::grouped_hex(&a.hash, 2).into(),
            taken: format!("{} {}", names.get(&a.by.0).map_or("", |(n, _)| n.as_str()), words::moment(a.at)).into(),
        })
        .collect()
}

fn size(bytes: i64) -> String {
    if bytes >= 1 << 20 {
        format!("{}.{} MB", bytes >> 20, ((bytes & 0xf_ffff) * 10) >> 20)
    } else {
        format!("{} KB", (bytes + 1023) / 1024)
    }
}

async fn page(State(app): State<Arc<App>>, who: Who, Path(id): Path<String>, asked: Asked) -> Answer<Markup> {
    let (whole, entry) = found(&app, &who, &id).await?;
    draw(&app, &who, &whole, entry, asked.has("new")).await
}

async fn draw(app: &App, who: &Who, whole: &WholeCase, entry: &'static Entry, new: bool) -> Answer<Markup> {
    let (centre, case) = (&app.centre, &whole.case);
    let store = &centre.store;
    let files = stored::attachments(store, case.id).await?;
    let vouchers = stored::vouchers(store, case.id).await?;
    let names = stored::names(store, whole.steps.iter().map(|s| s.by).chain([case.maker]).chain(files.iter().map(|f| f.by))).await?;
    let kept = shell_store::cases::reasons(store, case).await?;
    let mut reasons = words::reasons(&centre.policy(), &kept);
    if reasons.is_empty()
        && case.state.in_flight()
        && let Some(Ok(decision)) = decided_now(app, whole, entry).await?
    {
        reasons = reasons_of(app, &decision.reasons);
    }
    let form = case.shown_form(store, LINES_SHOWN)?;
    let corrections = super::correction::history(app, whole, entry).await?;
    let list = centre.materials(entry, case.accepted)?.map_or_else(Vec::new, |list| list.value);
    let mine = case.maker == who.actor.user;
    let mut actions = Vec::new();
    if tasks::is_mine(&who.actor, &line(whole)) && !mine {
        actions.push(Button::go("去复核", format!("/cases/{}/review", case.id)).key("F").primary());
    }
    // Who has just signed goes on with the next one.
    if new && !mine {
        let open = work::open_cases(store).await?;
        let next = open.iter().find(|c| c.id != case.id && c.maker != who.actor.user && tasks::is_mine(&who.actor, c));
        if let Some(next) = next {
            actions.push(Button::go("下一件待办", format!("/cases/{}/review", next.id)).key("]").primary());
        }
    }
    if mine && case.state == CaseState::Returned {
        actions.push(Button::go("更正", format!("/cases/{}/correction", case.id)).key("E").primary());
        actions.push(Button::submit("不改，重新提交", "resubmit").key("Alt P"));
    }
    if mine && case.state.ways_out().contains(&CaseState::Withdrawn) {
        actions.push(Button::submit("撤回", "withdraw").danger());
    }
    if mine && matches!(case.state, CaseState::Refused | CaseState::Withdrawn | CaseState::Rejected) {
        actions.push(Button::go("照此重新录入", format!("/cases/new/{}?from_case={}", entry.name, case.id)));
    }
    let maker = names.get(&case.maker.0).map_or("日终", |(n, _)| n.as_str());
    let mut outcome: Vec<Fact> = vouchers
        .iter()
        .map(|(id, term, total)| {
            let number = words::number(format!("{id:014}"));
            Fact::drawn("凭证", html! { (link(number, format!("/vouchers/{id}")).show()) " " (term) " " (words::fen(*total)) })
        })
        .collect();
    outcome.push(Fact::new("受理日", case.accepted.to_string()));
    outcome.push(Fact::new("承诺", case.promised.map_or("当日".to_owned(), |d| d.to_string())));
    if let Some(day) = case.done_day {
        outcome.push(Fact::new("办结日", day.to_string()));
    }
    outcome.push(Fact::new("规则集", words::grouped_hex(&case.policy, 4)));
    let title = if case.summary.is_empty() { entry.term.to_owned() } else { format!("{} · {}", entry.term, case.summary) };
    let view = Case {
        title: title.into(),
        pill: words::state(case.state),
        context: format!("{} · {maker} · {} · {}", words::number(case.id), case.channel.words(), app.unit(case.branch)).into(),
        steps: steps(app, whole, &names),
        refused: case.refusals.as_deref().map(words::stored_refusals).unwrap_or_default(),
        form: form_facts(app, entry.fields, &form),
        effects: words::effects(&case.effects, case.effect_count),
        effects_title: if case.state == CaseState::Done { "已发生" } else { "同意后将发生" }.into(),
        digest: case.digest.as_ref().map_or("—".to_owned(), |d| words::digest(d, 4)).into(),
        reasons,
        attachments: rows(&files, &names, &list),
        missing: materials::missing_of(&list, &files),
        materials: list.iter().map(|m| (m.code.clone().into(), m.name.clone().into())).collect(),
        corrections: corrections.into_iter().map(|c| (c.note.into(), c.changes)).collect(),
        outcome,
        actions,
        form_token: who.form_token.clone().into(),
        attach: (mine && case.state.in_flight()).then(|| format!("/cases/{}/attachments", case.id).into()),
        news: new.then(|| match case.state {
            CaseState::Waiting => {
                let role = case.flow.get(case.level).map_or("复核", |r| words::role(r));
                let by = case.promised.map_or(String::new(), |d| format!("，承诺 {} 月 {} 日前有结果", d.month(), d.day()));
                progress::news(&format!("已提交，业务号 {}。须由“{role}”复核{by}。", words::number(case.id)), None)
            }
            _ => progress::news(&format!("已办结，业务号 {}。", words::number(case.id)), None),
        }),
    };
    let (area, root) = area(entry.name);
    let number = words::number(case.id);
    let frame = who.frame(app, area, &[root, ("业务", "/cases"), (number.as_str(), "")]).await?;
    Ok(view::page(&frame, &view))
}

async fn act(State(app): State<Arc<App>>, Path(id): Path<String>, Post { who, form }: Post) -> Answer {
    let (whole, _) = found(&app, &who, &id).await?;
    let id = whole.case.id;
    match form.get("do") {
        "resubmit" => {
            let answer = app.centre.resubmit(&who.actor, &who.origin, id).await?;
            if let shell_pipeline::Approved::Refused(_, refusals) = answer {
                let first = refusals.first().map(|r| r.sentence()).unwrap_or_default();
                return Err(Fault::Told(format!("现在的规则和事实下仍不能受理：{first}")));
            }
        }
        "withdraw" => app.centre.withdraw(&who.actor, &who.origin, id, "经办人撤回").await?,
        _ => return Err(Fault::NotFound),
    }
    Ok(Redirect::to(&format!("/cases/{id}")).into_response())
}

async fn attach(State(app): State<Arc<App>>, Path(id): Path<String>, Post { who, form }: Post) -> Answer {
    let (whole, entry) = found(&app, &who, &id).await?;
    if whole.case.maker != who.actor.user || !whole.case.state.in_flight() {
        return Err(Fault::Told("只有经办人可以在办结前补充材料。".into()));
    }
    let list = app.centre.materials(entry, whole.case.accepted)?.map_or_else(Vec::new, |list| list.value);
    let material = list.iter().find(|m| m.code == form.get("material")).map_or(String::new(), |m| m.code.clone());
    let (files, refused) = attachments::accepted(&app, &form.files);
    if let Some(problem) = refused.first() {
        return Err(Fault::Told(format!("{}{}", problem.sentence, problem.remedy)));
    }
    for mut file in files {
        file.material.clone_from(&material);
        attachments::keep(&app, &who, whole.case.id, file).await?;
    }
    Ok(Redirect::to(&format!("/cases/{}", whole.case.id)).into_response())
}

async fn attachment(State(app): State<Arc<App>>, who: Who, Path(id): Path<i64>) -> Answer {
    let row = stored::attachment_by_id(&app.centre.store, id).await?.ok_or(Fault::NotFound)?;
    found(&app, &who, &row.case.to_string()).await?;
    let bytes = attachments::content(&app, &row).await?;
    let name: String = row
        .name
        .bytes()
        .map(|b| if b.is_ascii_alphanumeric() || b == b'.' { (b as char).to_string() } else { format!("%{b:02X}") })
        .collect();
    let kind = row.media.clone();
    Ok(file_response(&kind, &format!("inline; filename*=UTF-8''{name}"), bytes))
}

/// A file of somebody else's making: shown or saved, never run.
fn file_response(kind: &str, disposition: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, disposition.to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    (headers, bytes).into_response()
}
