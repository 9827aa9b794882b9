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
use core_calendar::Day;
use core_case::action::Entry;
use core_case::form::{Field as FormField, Kind, Map, Value};
use core_case::ids::CaseId;
use maud::Markup;
use shell_pipeline::{Answer as Outcome, Command, PipelineError, catalogue, ended};
use shell_store::bootstrap;
use shell_vault::SystemEntropy;
use shell_vault::token::Token;

use super::catalogue::flow_words;
use crate::app::App;
use crate::attachments;
use crate::fault::{Answer, Fault};
use crate::materials;
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
pub(super) const MOST_ROWS: usize = 60;

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/cases/new/{action}", get(empty).post(submit).layer(DefaultBodyLimit::max(attachments::REQUEST_LIMIT)))
        .route("/cases/new/{action}/checks", post(checks))
}

/// What stands in the inputs: by name as in the page.
pub(super) type Typed = BTreeMap<String, String>;

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
pub(super) fn fill(fields: &[FormField], form: &Value, within: &str, typed: &mut Typed) {
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
pub(super) struct Given {
    pub(super) typed: Typed,
    pub(super) rows: usize,
    pub(super) title: String,
    pub(super) problems: Vec<Problem>,
    pub(super) errors: BTreeMap<String, Text>,
    pub(super) checks: Vec<Check>,
    pub(super) refused: Option<CaseId>,
    /// Material that is there already: its piece of the list, its name.
    pub(super) held: Vec<(String, String)>,
    /// The next submission of this form; drawn once where it is empty.
    pub(super) key: String,
    /// The returned case that is corrected.
    pub(super) correcting: Option<Correcting>,
}

/// A returned case whose form stands on the page (更正).
pub(super) struct Correcting {
    /// Which.
    pub(super) id: CaseId,
    /// Its legal day.
    pub(super) accepted: Day,
    /// Why it was sent back.
    pub(super) why: String,
    /// Personal identifiers as they were entered, masked, by input; an input left blank keeps its own.
    pub(super) masks: Typed,
}

impl Given {
    /// Refusals onto the page.
    fn refuse(&mut self, refusals: &[core_case::refusal::Refusal]) {
        self.title = format!("有 {} 处不符合规定，没有受理", refusals.len());
        for refusal in refusals {
            if let Some(field) = &refusal.field {
                self.errors.entry(words::id(field)).or_insert_with(|| refusal.words.clone());
            }
        }
        self.problems = refusals.iter().map(words::refused).collect();
    }

    fn tell(&mut self, title: &str, sentence: String) {
        self.title = title.into();
        self.problems = vec![words::told(sentence)];
    }

    /// Lets files wait for the next submission of this form.
    pub(super) fn wait(&mut self, app: &App, who: &Who, files: Vec<attachments::Accepted>) -> Result<(), Fault> {
        self.hold(files.iter().map(|f| (f.material.clone(), f.name.clone())));
        self.key = fresh_key()?;
        app.staged.put(who.actor.user, &self.key, files);
        Ok(())
    }

    /// Material that is there.
    pub(super) fn hold(&mut self, files: impl Iterator<Item = (String, String)>) {
        self.held.extend(files);
    }

    /// What is wrong with the material: files that were `refused`, and mandatory pieces of which there is no file.
    pub(super) fn missing(&self, app: &App, entry: &Entry, on: Day, refused: Vec<Problem>) -> Result<Vec<Problem>, Fault> {
        let given: Vec<&str> = self.held.iter().map(|(code, _)| code.as_str()).collect();
        let missing = app.centre.materials(entry, on)?.map_or_else(Vec::new, |list| materials::problems(&list, &given));
        let told: Vec<Text> = refused.iter().map(|p| p.at.clone()).collect();
        // A piece whose file was refused is told once.
        Ok(refused.into_iter().chain(missing.into_iter().filter(|p| !told.contains(&p.at))).collect())
    }

    /// Says what is missing, after everything else.
    pub(super) fn lack(&mut self, missing: Vec<Problem>) {
        if missing.is_empty() {
            return;
        }
        for problem in &missing {
            let field = problem.at.trim_start_matches("#field-").to_owned();
            self.errors.entry(field).or_insert_with(|| "还没有这份材料".into());
        }
        self.problems.extend(missing);
        self.title = format!("有 {} 处要处理，才能提交", self.problems.len());
    }

    /// What a command met, onto the page; the case, where it was accepted.
    pub(super) fn take(&mut self, met: Result<Outcome, PipelineError>) -> Result<Option<CaseId>, Fault> {
        match met {
            Ok(Outcome::Done(done)) => return Ok(Some(done.case)),
            Ok(Outcome::Waiting(waiting)) => return Ok(Some(waiting.case)),
            Ok(Outcome::Refused { case, refusals }) => {
                self.refuse(&refusals);
                self.refused = case;
            }
            Ok(Outcome::Fields(errors)) => {
                self.title = format!("有 {} 处要处理，才能提交", errors.len());
                for error in &errors {
                    self.errors.entry(words::id(&error.path)).or_insert_with(|| error.message.clone().into());
                }
                self.problems = errors.iter().map(words::wrong).collect();
            }
            Ok(Outcome::Ended { case, state }) => self.tell("这笔业务已经结束", ended(case, state)),
            Ok(Outcome::Conflict { sentence }) => self.tell("有在途业务，暂不能提交", sentence),
            Err(e @ (PipelineError::NoRule(_) | PipelineError::Busy | PipelineError::Denied(_))) => self.tell("没有提交", e.to_string()),
            Err(other) => return Err(other.into()),
        }
        Ok(None)
    }
}

fn rows_typed(field: &FormField, typed: &Typed) -> usize {
    let prefix = format!("{}-", field.name);
    let of = |name: &str| name.strip_prefix(&prefix).and_then(|rest| rest.split('-').next()).and_then(|n| n.parse::<usize>().ok());
    typed.iter().filter(|(_, v)| !v.trim().is_empty()).filter_map(|(n, _)| of(n)).max().map_or(0, |n| n + 1)
}

/// Rows typed in the longest table of a form.
pub(super) fn rows(entry: &Entry, typed: &Typed) -> usize {
    entry.fields.iter().filter(|f| matches!(f.kind, Kind::Lines(_))).map(|f| rows_typed(f, typed)).max().unwrap_or(0)
}

/// The form as JSON, from inputs. Rows keep their numbers, so that errors name the row on the page: only blank rows at the end go.
pub(super) fn json(fields: &[FormField], typed: &Typed) -> Value {
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

pub(super) fn typed(form: &Fields) -> Typed {
    let own = ["form_token", "idempotency_key", "do"];
    form.pairs.iter().filter(|(n, _)| !own.contains(&n.as_str())).cloned().collect()
}

async fn submit(State(app): State<Arc<App>>, Path(name): Path<String>, Post { who, form }: Post) -> Answer {
    let entry = action(&who, &name)?;
    let typed = typed(&form);
    let rows = rows(entry, &typed);
    let key = form.get("idempotency_key");
    let mut files = app.staged.take(who.actor.user, key);
    let (new, refused) = attachments::accepted(&app, &form.files);
    files.extend(new);
    if form.get("do") == "row" {
        let mut given = Given { typed, rows: (rows + 1).min(MOST_ROWS), ..Given::default() };
        given.wait(&app, &who, files)?;
        return Ok(draw(&app, &who, entry, given).await?.into_response());
    }
    let key = if key.is_empty() { fresh_key()? } else { format!("page:{}:{}", who.actor.user, key.chars().take(64).collect::<String>()) };
    let command = Command::new(entry.name, json(entry.fields, &typed), key);
    let mut given = Given { typed, rows: rows.max(1), ..Given::default() };
    given.hold(files.iter().map(|f| (f.material.clone(), f.name.clone())));
    let missing = given.missing(&app, entry, app.centre.day(), refused)?;
    // Whose material is not complete is told all that the rules say, too, and nothing is recorded.
    let met = match missing.is_empty() {
        true => given.take(app.centre.submit(&who.actor, &who.origin, &command).await)?,
        false => given.take(app.centre.preview(&who.actor, &command).await)?.and(None),
    };
    given.lack(missing);
    let Some(case) = met else {
        given.held.clear();
        given.wait(&app, &who, files)?;
        return Ok(draw(&app, &who, entry, given).await?.into_response());
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
    let list = found(app.centre.preview(&who.actor, &command).await)?;
    let view = frame_of(&app, &who, entry, Given { typed, checks: list, ..Given::default() }).await?;
    Ok(view::live(&view))
}

pub(super) fn look(sentence: impl Into<Text>) -> Check {
    Check { mark: Mark::Look, asked: sentence.into(), found: "".into(), under: None }
}

/// What a preview says, as lines of the check list.
pub(super) fn found(met: Result<Outcome, PipelineError>) -> Result<Vec<Check>, Fault> {
    Ok(match &met {
        Ok(outcome) => checked(outcome),
        Err(PipelineError::NoRule(sentence)) => vec![look(sentence.clone())],
        Err(PipelineError::Denied(sentence)) => {
            vec![Check { mark: Mark::Fails, asked: sentence.clone().into(), found: "".into(), under: None }]
        }
        Err(_) => return met.map(|_| Vec::new()).map_err(Fault::from),
    })
}

fn checked(outcome: &Outcome) -> Vec<Check> {
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
        Outcome::Ended { case, state } => vec![look(ended(*case, *state))],
        Outcome::Conflict { sentence } => vec![look(sentence.clone())],
        Outcome::Waiting(_) | Outcome::Done(_) => {
            vec![Check { mark: Mark::Holds, asked: "现在提交，规则全部符合".into(), found: "".into(), under: None }]
        }
    }
}

fn fresh_key() -> Result<String, Fault> {
    Ok(Token::generate(&mut SystemEntropy::new()).map_err(|e| Fault::Broken(e.to_string()))?.reveal().chars().take(32).collect())
}

pub(super) async fn draw(app: &App, who: &Who, entry: &'static Entry, given: Given) -> Answer<Markup> {
    let correcting = given.correcting.as_ref().map(|c| (words::number(c.id), format!("/cases/{}", c.id)));
    let view = frame_of(app, who, entry, given).await?;
    let (area, root) = area(entry.name);
    let frame = match &correcting {
        Some((number, back)) => who.frame(app, area, &[root, ("业务", "/cases"), (number.as_str(), back.as_str()), ("更正", "")]).await?,
        None => who.frame(app, area, &[root, ("业务目录", "/catalogue"), (entry.term, "")]).await?,
    };
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

pub(super) async fn frame_of(app: &App, who: &Who, entry: &'static Entry, given: Given) -> Result<CaseForm, Fault> {
    let banks = if uses(entry.fields, "专户") { bootstrap::banks(&app.centre.store).await? } else { Vec::new() };
    let banks: Vec<(Text, Text)> = banks.into_iter().map(|b| (b.id.to_string().into(), format!("{} {}", b.bank, b.name).into())).collect();
    let lists = Lists { banks, units: units(app), branches: branches(app) };
    let mut groups = Vec::new();
    let plain: Vec<&FormField> = entry.fields.iter().filter(|f| !matches!(f.kind, Kind::Lines(_))).collect();
    let blank = |f: &&&FormField| given.typed.get(f.name).is_none_or(|v| v.trim().is_empty());
    let first = plain.iter().find(blank).or(plain.first()).map(|f| f.name);
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
    let on = given.correcting.as_ref().map_or(app.centre.day(), |c| c.accepted);
    let list = app.centre.materials(entry, on)?.map_or_else(Vec::new, |list| list.value);
    groups.push(Group { name: "材料".into(), fields: materials::fields(app, &list, &given.held, &given.errors) });
    let correcting = given.correcting.as_ref();
    let pill = match given.refused {
        _ if correcting.is_some() => Pill::waiting("退回更正"),
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
    let context = match (correcting, given.refused) {
        (Some(it), _) => format!("{} · 退回原因：{}", words::number(it.id), it.why),
        (None, Some(case)) => format!("{} · 已记录为业务 {}", entry.name, words::number(case)),
        (None, None) => format!("柜台 · {}", app.unit(who.actor.unit)),
    };
    let (step, action) = match correcting {
        Some(it) => (["更正", "复核", "办结"], format!("/cases/{}/correction", it.id)),
        None => (["录入", "复核", "办结"], format!("/cases/new/{}", entry.name)),
    };
    if let Some(it) = correcting {
        buttons.push(Button::go("不改了", format!("/cases/{}", it.id)).key("Esc"));
    }
    Ok(CaseForm {
        title: entry.term.into(),
        pill,
        context: context.into(),
        steps: steps::from_words(&step, 0),
        problem_title: given.title.into(),
        problems: given.problems,
        action: action.into(),
        key: if given.key.is_empty() { fresh_key()? } else { given.key }.into(),
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
    let mask = given.correcting.as_ref().and_then(|c| c.masks.get(&name));
    let hint = mask.map_or(f.help.to_owned(), |mask| format!("已录入 {mask}，不改就留空"));
    let mut field = Field::new(name.clone(), f.label, kind, value).hint(hint);
    if !f.required || mask.is_some() {
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
