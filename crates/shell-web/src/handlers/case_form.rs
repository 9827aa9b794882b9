//! 业务录入 The case form, generated from an action's fields: typed, checked while it is filled, submitted through the pipeline.
//!
//! Field errors and refusals come back on the same page with what was typed. Rows of nested tables have names such as
//! `roles-0-unit`; blank rows are left out. The form carries an idempotency key, so pressing twice submits once.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use core_case::action::Entry;
use core_case::form::{Field as FormField, Kind, Map, Value};
use core_case::ids::CaseId;
use maud::Markup;
use shell_pipeline::{Answer as Outcome, Command, PipelineError, catalogue};
use shell_store::bootstrap;
use shell_vault::SystemEntropy;
use shell_vault::token::Token;

use super::catalogue::flow_words;
use crate::app::App;
use crate::attachments;
use crate::fault::{Answer, Fault};
use crate::posted::{Asked, Fields, Post};
use crate::ui::action_bar::ActionBar;
use crate::ui::checks::Mark;
use crate::ui::field::{Field, Group, Kind as Input};
use crate::ui::frame::Area;
use crate::ui::problems::Problem;
use crate::ui::{Button, Check, Pill, Text, steps};
use crate::views::case_form::{self as view, CaseForm};
use crate::who::Who;
use crate::words;

/// Most rows of a table typed on a page; longer lists come as a file.
const MOST_ROWS: usize = 60;

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/cases/new/{action}", get(empty).post(submit).layer(DefaultBodyLimit::max(attachments::REQUEST_LIMIT)))
        .route("/cases/new/{action}/checks", post(checks))
}

/// What stands in the inputs: by name as in the page.
type Typed = BTreeMap<String, String>;

/// The action, if this person may begin it.
fn action(who: &Who, name: &str) -> Result<&'static Entry, Fault> {
    let entry = catalogue::action(name).ok_or(Fault::NotFound)?;
    who.needs(entry.name, entry.term)?;
    Ok(entry)
}

async fn empty(State(app): State<Arc<App>>, who: Who, Path(name): Path<String>, asked: Asked) -> Answer<Markup> {
    let entry = action(&who, &name)?;
    let mut typed: Typed = asked.pairs().iter().filter(|(n, _)| n != "from_case").cloned().collect();
    if let Some(id) = CaseId::parse(asked.get("from_case")) {
        let whole = app.centre.case(id).await?;
        if whole.case.maker == who.actor.user && whole.case.action == entry.name {
            let (form, _) = whole.case.shown_form(&app.centre.store, usize::MAX)?;
            fill(entry.fields, &form, "", &mut typed);
        }
    }
    if entry.fields.iter().any(|f| f.name == "branch") {
        typed.entry("branch".into()).or_insert_with(|| who.actor.unit.to_string());
    }
    let given = Given { typed, rows: 1, ..Given::default() };
    draw(&app, &who, entry, given).await
}

/// Fills inputs from a stored form; personal identifiers are typed again.
fn fill(fields: &[FormField], form: &Value, within: &str, typed: &mut Typed) {
    for f in fields {
        let name = if within.is_empty() { f.name.to_owned() } else { format!("{within}-{}", f.name) };
        match (&f.kind, form.get(f.name)) {
            (kind, _) if kind.sealed() => {}
            (Kind::Lines(nested), Some(Value::Array(lines))) => {
                for (i, line) in lines.iter().enumerate() {
                    fill(nested, line, &format!("{name}-{i}"), typed);
                }
            }
            (_, Some(Value::String(text))) => {
                typed.insert(name, text.clone());
            }
            (_, Some(other)) if !other.is_null() => {
                typed.insert(name, other.to_string());
            }
            _ => {}
        }
    }
}

/// What goes onto the page.
#[derive(Default)]
struct Given {
    typed: Typed,
    rows: usize,
    title: String,
    problems: Vec<Problem>,
    errors: BTreeMap<String, Text>,
    checks: Vec<Check>,
    refused: Option<CaseId>,
}

fn rows_typed(field: &FormField, typed: &Typed) -> usize {
    let prefix = format!("{}-", field.name);
    let of = |name: &str| name.strip_prefix(&prefix).and_then(|rest| rest.split('-').next()).and_then(|n| n.parse::<usize>().ok());
    typed.iter().filter(|(_, v)| !v.trim().is_empty()).filter_map(|(n, _)| of(n)).max().map_or(0, |n| n + 1)
}

/// The form as JSON, from inputs. Rows keep their numbers, so that errors name the row on the page: only blank rows at the end go.
fn json(fields: &[FormField], typed: &Typed) -> Value {
    let mut object = Map::new();
    for f in fields {
        if let Kind::Lines(nested) = f.kind {
            let lines = (0..rows_typed(f, typed).min(MOST_ROWS)).map(|i| {
                let text = |n: &FormField| typed.get(&format!("{}-{i}-{}", f.name, n.name)).map_or("", |v| v.trim());
                let pairs = nested.iter().filter(|n| !text(n).is_empty()).map(|n| (n.name.to_owned(), Value::String(text(n).to_owned())));
                Value::Object(pairs.collect())
            });
            object.insert(f.name.to_owned(), Value::Array(lines.collect()));
        } else if let Some(value) = typed.get(f.name).filter(|v| !v.trim().is_empty()) {
            object.insert(f.name.to_owned(), Value::String(value.trim().to_owned()));
        }
    }
    Value::Object(object)
}

fn typed(form: &Fields) -> Typed {
    let own = ["form_token", "idempotency_key", "do"];
    form.pairs.iter().filter(|(n, _)| !own.contains(&n.as_str())).cloned().collect()
}

async fn submit(State(app): State<Arc<App>>, Path(name): Path<String>, Post { who, form }: Post) -> Answer {
    let entry = action(&who, &name)?;
    let typed = typed(&form);
    let rows = entry.fields.iter().filter(|f| matches!(f.kind, Kind::Lines(_))).map(|f| rows_typed(f, &typed)).max().unwrap_or(0);
    if form.get("do") == "row" {
        let given = Given { typed, rows: (rows + 1).min(MOST_ROWS), ..Given::default() };
        return Ok(draw(&app, &who, entry, given).await?.into_response());
    }
    let files = attachments::accepted(&app, &form.files)?;
    let key = form.get("idempotency_key");
    let key = if key.is_empty() { fresh_key()? } else { format!("page:{}:{}", who.actor.user, key.chars().take(64).collect::<String>()) };
    let command = Command::new(entry.name, json(entry.fields, &typed), key);
    let mut given = Given { typed, rows: rows.max(1), ..Given::default() };
    let case = match app.centre.submit(&who.actor, &who.origin, &command).await {
        Ok(Outcome::Done(done)) => done.case,
        Ok(Outcome::Waiting(waiting)) => waiting.case,
        Ok(Outcome::Refused { case, refusals }) => {
            given.title = format!("有 {} 处不符合规定，没有受理", refusals.len());
            for refusal in &refusals {
                if let Some(field) = &refusal.field {
                    given.errors.entry(words::id(field)).or_insert_with(|| refusal.words.clone());
                }
            }
            given.problems = refusals.iter().map(words::refused).collect();
            given.refused = case;
            return Ok(draw(&app, &who, entry, given).await?.into_response());
        }
        Ok(Outcome::Fields(errors)) => {
            given.title = format!("有 {} 处要处理，才能提交", errors.len());
            for error in &errors {
                given.errors.entry(words::id(&error.path)).or_insert_with(|| error.message.clone().into());
            }
            given.problems = errors.iter().map(words::wrong).collect();
            return Ok(draw(&app, &who, entry, given).await?.into_response());
        }
        Ok(Outcome::Conflict { sentence }) => {
            given.title = "有在途业务，暂不能提交".into();
            given.problems = vec![words::told(sentence)];
            return Ok(draw(&app, &who, entry, given).await?.into_response());
        }
        Err(e @ (PipelineError::NoRule(_) | PipelineError::Busy)) => {
            given.title = "没有提交".into();
            given.problems = vec![words::told(e.to_string())];
            return Ok(draw(&app, &who, entry, given).await?.into_response());
        }
        Err(other) => return Err(other.into()),
    };
    for file in files {
        attachments::keep(&app, &who, case, file).await?;
    }
    Ok(Redirect::to(&format!("/cases/{case}?new")).into_response())
}

async fn checks(State(app): State<Arc<App>>, Path(name): Path<String>, Post { who, form }: Post) -> Answer<Markup> {
    let entry = action(&who, &name)?;
    let typed = typed(&form);
    let command = Command::new(entry.name, json(entry.fields, &typed), String::new());
    let list = match app.centre.preview(&who.actor, &command).await {
        Ok(outcome) => found(&outcome),
        Err(PipelineError::NoRule(sentence)) => vec![look(sentence)],
        Err(PipelineError::Denied(sentence)) => vec![Check { mark: Mark::Fails, asked: sentence.into(), found: "".into(), under: None }],
        Err(other) => return Err(other.into()),
    };
    let view = frame_of(&app, &who, entry, Given { typed, checks: list, ..Given::default() }).await?;
    Ok(view::live(&view))
}

fn look(sentence: impl Into<Text>) -> Check {
    Check { mark: Mark::Look, asked: sentence.into(), found: "".into(), under: None }
}

/// What a preview says, as lines of the check list.
fn found(outcome: &Outcome) -> Vec<Check> {
    match outcome {
        Outcome::Fields(errors) => {
            let (missing, wrong): (Vec<_>, Vec<_>) = errors.iter().partition(|e| e.code == "required");
            let mut list: Vec<Check> = wrong
                .iter()
                .map(|e| Check { mark: Mark::Fails, asked: e.message.clone().into(), found: e.remedy.clone().into(), under: None })
                .collect();
            if !missing.is_empty() {
                let labels: Vec<&str> = missing.iter().take(4).map(|e| e.label.as_str()).collect();
                list.push(Check {
                    mark: Mark::Look,
                    asked: format!("还有 {} 栏没有填写", missing.len()).into(),
                    found: labels.join("、").into(),
                    under: None,
                });
            }
            list
        }
        Outcome::Refused { refusals, .. } => refusals
            .iter()
            .map(|r| {
                let found = r.found.clone().unwrap_or_default();
                Check { mark: Mark::Fails, asked: r.words.clone(), found: found.into(), under: Some(words::cite(&r.under, &r.rule)) }
            })
            .collect(),
        Outcome::Conflict { sentence } => vec![look(sentence.clone())],
        Outcome::Waiting(_) | Outcome::Done(_) => {
            vec![Check { mark: Mark::Holds, asked: "现在提交，规则全部符合".into(), found: "".into(), under: None }]
        }
    }
}

fn fresh_key() -> Result<String, Fault> {
    Ok(Token::generate(&mut SystemEntropy::new()).map_err(|e| Fault::Broken(e.to_string()))?.reveal().chars().take(32).collect())
}

async fn draw(app: &App, who: &Who, entry: &'static Entry, given: Given) -> Answer<Markup> {
    let view = frame_of(app, who, entry, given).await?;
    let (area, root) = area(entry.name);
    let frame = who.frame(app, area, &[root, ("业务目录", "/catalogue"), (entry.term, "")]).await?;
    Ok(view::page(&frame, &view))
}

/// The area of an action, with its crumb.
pub(crate) fn area(name: &str) -> (Area, (&'static str, &'static str)) {
    match name.split('.').next() {
        Some("collection") => (Area::Collection, ("归集", "/collection")),
        Some("accounting") => (Area::Accounting, ("会计", "/accounting")),
        _ => (Area::Operation, ("运行", "/operation")),
    }
}

async fn frame_of(app: &App, who: &Who, entry: &'static Entry, given: Given) -> Result<CaseForm, Fault> {
    let banks = if uses(entry.fields, "专户") { bootstrap::banks(&app.centre.store).await? } else { Vec::new() };
    let banks: Vec<(Text, Text)> = banks.into_iter().map(|b| (b.id.to_string().into(), format!("{} {}", b.bank, b.name).into())).collect();
    let lists = Lists { banks, units: units(app), branches: branches(app) };
    let mut groups = Vec::new();
    let plain: Vec<&FormField> = entry.fields.iter().filter(|f| !matches!(f.kind, Kind::Lines(_))).collect();
    let first = plain.first().map(|f| f.name);
    for (name, some) in grouped(&plain) {
        let fields = some.iter().map(|f| input(f, f.name.to_owned(), &given, &lists, Some(f.name) == first)).collect();
        groups.push(Group { name: name.into(), fields });
    }
    let mut has_rows = false;
    for f in entry.fields {
        if let Kind::Lines(nested) = f.kind {
            has_rows = true;
            for n in 0..rows_typed(f, &given.typed).max(given.rows).clamp(1, MOST_ROWS) {
                let fields = nested.iter().map(|one| input(one, format!("{}-{n}-{}", f.name, one.name), &given, &lists, false)).collect();
                groups.push(Group { name: format!("{} {}", f.label, n + 1).into(), fields });
            }
        }
    }
    let mut file = Field::new("attachments", "附件", Input::File(".pdf,.jpg,.jpeg,.png,.ofd".into()), "").optional().span(2);
    file = file.hint(format!("PDF、JPG、PNG、OFD，每份不超过 {} MB；类型按内容识别。", attachments::mebibytes(app)));
    groups.push(Group { name: "材料".into(), fields: vec![file] });
    let pill = match given.refused {
        Some(_) => Pill::stopped("不予受理"),
        None if given.problems.is_empty() => Pill::idle("待录入"),
        None => Pill::waiting("待更正"),
    };
    let checks = if given.checks.is_empty() {
        vec![look("填写时随时核对：哪一条不符合、依据什么，都列在这里")]
    } else {
        given.checks
    };
    let mut buttons = vec![Button::submit("提交", "submit").of_form("case").key("Alt P").primary()];
    if has_rows {
        buttons.push(Button::submit("加一行", "row").of_form("case").key("Alt R"));
    }
    buttons.push(Button::go("本业务的规则", format!("/catalogue/{}", entry.name)));
    let context = match given.refused {
        Some(case) => format!("{} · 已记录为业务 {}", entry.name, words::number(case)),
        None => format!("柜台 · {}", app.unit(who.actor.unit)),
    };
    Ok(CaseForm {
        title: entry.term.into(),
        pill,
        context: context.into(),
        steps: steps::from_words(&["录入", "复核", "办结"], 0),
        problem_title: given.title.into(),
        problems: given.problems,
        action: format!("/cases/new/{}", entry.name).into(),
        key: fresh_key()?.into(),
        form_token: who.form_token.clone().into(),
        groups,
        material: Vec::new(),
        about: None,
        checks_title: "能不能办".into(),
        checks,
        bar: ActionBar { buttons, hints: vec![(vec!["F8"], "下一处问题")], sentence: format!("{}。", flow_words(app, entry)).into() },
    })
}

/// Fields in groups of their own: three or more in a row whose names begin alike (a person's name, document, telephone) are one,
/// named by the beginning that their labels share.
fn grouped<'f>(fields: &[&'f FormField]) -> Vec<(String, Vec<&'f FormField>)> {
    let head = |f: &FormField| f.name.split('_').next().unwrap_or(f.name).to_owned();
    let mut runs: Vec<Vec<&FormField>> = Vec::new();
    for f in fields {
        match runs.last_mut() {
            Some(run) if head(run[0]) == head(f) => run.push(f),
            _ => runs.push(vec![f]),
        }
    }
    let mut groups: Vec<(String, Vec<&FormField>)> = Vec::new();
    let mut named = false;
    for run in runs {
        if run.len() >= 3 {
            groups.push((shared(&run), run));
            named = true;
        } else if named || groups.is_empty() {
            groups.push((if groups.is_empty() { "申请内容" } else { "其他内容" }.to_owned(), run));
            named = false;
        } else if let Some((_, last)) = groups.last_mut() {
            last.extend(run);
        }
    }
    groups
}

/// The beginning that the labels share.
fn shared(run: &[&FormField]) -> String {
    let first: Vec<char> = run[0].label.chars().collect();
    let same = |n: usize| run.iter().all(|f| f.label.chars().take(n).eq(first[..n].iter().copied()));
    let most = (1..=first.len()).take_while(|n| same(*n)).last().unwrap_or(0);
    if most == 0 { run[0].label.to_owned() } else { first[..most].iter().collect() }
}

/// Lists that inputs choose from.
struct Lists {
    banks: Vec<(Text, Text)>,
    units: Vec<(Text, Text)>,
    branches: Vec<(Text, Text)>,
}

fn units(app: &App) -> Vec<(Text, Text)> {
    app.units().map(|(id, name)| (id.to_string().into(), name.to_owned().into())).collect()
}

fn branches(app: &App) -> Vec<(Text, Text)> {
    app.branches().iter().map(|(id, name)| (id.to_string().into(), name.clone().into())).collect()
}

fn uses(fields: &[FormField], what: &str) -> bool {
    fields.iter().any(|f| match f.kind {
        Kind::Number(of) => of == what,
        Kind::Lines(nested) => uses(nested, what),
        _ => false,
    })
}

fn chosen(mut list: Vec<(Text, Text)>) -> Input {
    list.insert(0, ("".into(), "请选择".into()));
    Input::Many(list)
}

fn input(f: &FormField, name: String, given: &Given, lists: &Lists, focus: bool) -> Field {
    let value = given.typed.get(&name).cloned().unwrap_or_default();
    let yes_no = || vec![("true".into(), "是".into()), ("false".into(), "否".into())];
    let kind = match f.kind {
        Kind::Money => Input::Money("元".into()),
        Kind::Rate => Input::Money("%".into()),
        Kind::Day => Input::Date,
        Kind::Month => Input::Month,
        Kind::Flag => Input::Few(yes_no()),
        Kind::Choice(list) if list.len() <= 3 => Input::Few(list.iter().map(|(code, words)| ((*code).into(), (*words).into())).collect()),
        Kind::Choice(list) => chosen(list.iter().map(|(code, words)| ((*code).into(), format!("{code} {words}").into())).collect()),
        Kind::Number("机构") if f.name == "branch" => chosen(lists.branches.clone()),
        Kind::Number("机构") => chosen(lists.units.clone()),
        Kind::Number("专户") => chosen(lists.banks.clone()),
        Kind::Text(_) if f.name == "role" => {
            let known = area_administration::roles::ROLES.iter().map(|r| (r.code.into(), r.name.into()));
            chosen(known.collect())
        }
        _ => Input::Line,
    };
    let mut field = Field::new(name.clone(), f.label, kind, value).hint(f.help);
    if !f.required {
        field = field.optional();
    }
    if matches!(f.kind, Kind::Text(n) if n >= 100) {
        field = field.span(2);
    }
    if focus && given.problems.is_empty() {
        field = field.focus();
    }
    match given.errors.get(&name) {
        Some(error) => field.error(error.clone()),
        None => field,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_become_the_form_and_blank_rows_at_the_end_go() {
        let entry = catalogue::action("administration.user.roles").expect("an action");
        let typed: Typed = [("user", " 3 "), ("roles-0-role", "clerk"), ("roles-0-unit", "2"), ("roles-1-role", ""), ("roles-1-unit", "")]
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .into();
        assert_eq!(json(entry.fields, &typed).to_string(), r#"{"user":"3","roles":[{"role":"clerk","unit":"2"}]}"#);
        let mut back = Typed::new();
        fill(entry.fields, &json(entry.fields, &typed), "", &mut back);
        let opening = catalogue::action("collection.employer.open").expect("an action");
        let plain: Vec<&FormField> = opening.fields.iter().collect();
        let names: Vec<String> = grouped(&plain).into_iter().map(|(n, _)| n).collect();
        assert_eq!(names, ["申请内容", "法定代表人", "其他内容", "经办人", "其他内容"]);
        assert_eq!(back.get("roles-0-unit").map(String::as_str), Some("2"));
    }
}
