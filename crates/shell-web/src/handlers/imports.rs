//! Imports (导入): upload, try, errors with row, column and remedy, then import; templates to fill.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use core_calendar::Month;
use core_case::ids::{CaseId, EmployerId};
use futures_util::stream;
use shell_pipeline::import::{ImportAnswer, Kind, Options, template};

use super::exports::file;
use crate::app::App;
use crate::fault::{Answer, Fault};
use crate::jobs::{Job, Stage};
use crate::posted::{Asked, Post};
use crate::ui::action_bar::ActionBar;
use crate::ui::field::{Field, Kind as FieldKind};
use crate::ui::frame::Area;
use crate::ui::kpi::Kpi;
use crate::ui::pager::Pager;
use crate::ui::progress::Progress;
use crate::ui::tabs::Tab;
use crate::ui::{Button, Cite, Fact, Pill, Text, link};
use crate::views::import::{self as import_view, Import, RowError};
use crate::views::upload::{self, Sent, Upload};
use crate::who::Who;
use crate::words;

/// Largest file, in bytes: more than any list of a prefecture.
const LARGEST: usize = 40 * 1024 * 1024;

/// Errors on one page.
const ERRORS: usize = 100;

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/imports", get(index))
        .route("/imports/{kind}", get(form).post(send).layer(DefaultBodyLimit::max(LARGEST)))
        .route("/imports/{kind}/template.xlsx", get(blank))
        .route("/imports/{kind}/{job}", get(result).post(decide))
        .route("/imports/{kind}/{job}/events", get(events))
}

fn about(kind: Kind) -> &'static str {
    match kind {
        Kind::Opening => "期初余额：职工、科目、暂存三张表，一次接管",
        Kind::Employers => "一次登记许多单位",
        Kind::Members => "一次开立许多个人账户",
        Kind::Remittance => "一个单位一个月的清册，逐行与系统核对后确认",
        Kind::Base => "年度基数调整",
        Kind::Receipts => "银行到账通知文件，逐笔登记并匹配",
        Kind::Split => "一笔到账分给几个单位",
    }
}

fn named(kind: &str, who: &Who) -> Answer<Kind> {
    let kind = Kind::from_name(kind).ok_or(Fault::NotFound)?;
    who.needs(kind.action(), &format!("导入“{}”", kind.term()))?;
    Ok(kind)
}

const CRUMBS: [(&str, &str); 2] = [("归集", "/collection"), ("导入", "/imports")];

async fn index(State(app): State<Arc<App>>, who: Who) -> Answer {
    let kinds: Vec<upload::Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| who.actor.may(kind.action()).is_some())
        .map(|kind| upload::Kind { go: link(kind.term(), format!("/imports/{}", kind.name())), about: about(kind).into() })
        .collect();
    if kinds.is_empty() {
        return Err(Fault::NotAllowed("导入文件".into()));
    }
    let frame = who.frame(&app, Area::Collection, &[("归集", "/collection"), ("导入", "")]).await?;
    Ok(upload::index(&frame, &kinds).into_response())
}

fn accept(kind: Kind) -> &'static str {
    if kind == Kind::Receipts { ".txt,.dat,.csv,text/plain" } else { ".xlsx,.xls,.csv" }
}

fn fields(kind: Kind, who: &Who, ask: &Asked) -> Vec<Field> {
    match kind {
        Kind::Remittance => {
            let employer = who.actor.employer.map_or_else(|| ask.get("employer").to_owned(), |e| e.to_string());
            vec![
                Field::new("employer", "单位账号", FieldKind::Line, employer).optional().hint("表中写明的，可以不填"),
                Field::new("month", "汇缴年月", FieldKind::Month, ask.get("month").to_owned()).optional(),
                Field::new("supplementary", "清册种类", FieldKind::Tick("补充清册".into()), "").optional(),
            ]
        }
        Kind::Base => vec![Field::new("month", "自何月起", FieldKind::Month, ask.get("month").to_owned()).optional()],
        _ => Vec::new(),
    }
}

async fn form(State(app): State<Arc<App>>, who: Who, Path(kind): Path<String>, ask: Asked) -> Answer {
    let kind = named(&kind, &who)?;
    let frame = who.frame(&app, Area::Collection, &[CRUMBS[0], CRUMBS[1], (kind.term(), "")]).await?;
    let view = page_of(&app, &who, kind, &ask);
    Ok(upload::page(&frame, &view).into_response())
}

fn page_of(app: &App, who: &Who, kind: Kind, ask: &Asked) -> Upload {
    let mut templates = Vec::new();
    if !kind.layouts().is_empty() {
        templates.push(Button::go("下载模板", format!("/imports/{}/template.xlsx", kind.name())).key("D"));
    }
    let columns = kind.layouts().first().map_or(&[][..], |layout| layout.columns);
    let column = |c: &shell_files::layout::Column| Fact::new(c.heading, if c.required { "必填" } else { "选填" });
    let sent = app.jobs.of(kind, who.actor.user).into_iter().map(|job| Sent {
        file: link(job.name.clone(), format!("/imports/{}/{}", kind.name(), job.id)),
        time: words::moment(job.began).into(),
        pill: pill(&job.stage()),
    });
    Upload {
        kind: kind.term().into(),
        about: about(kind).into(),
        action: format!("/imports/{}", kind.name()).into(),
        templates,
        fields: fields(kind, who, ask),
        accept: accept(kind).into(),
        problems: Vec::new(),
        columns: columns.iter().map(column).collect(),
        sent: sent.collect(),
        form_token: who.form_token.clone().into(),
    }
}

async fn blank(who: Who, Path(kind): Path<String>) -> Answer {
    let kind = named(&kind, &who)?;
    let bytes = template(kind).map_err(|e| Fault::Broken(e.to_string()))?;
    Ok(file(&format!("template-{}", kind.name()), bytes))
}

async fn send(State(app): State<Arc<App>>, Path(kind): Path<String>, Post { who, form }: Post) -> Answer {
    let kind = named(&kind, &who)?;
    let files = form.files.iter().filter(|f| f.field == "file" && !f.bytes.is_empty()).count();
    let Some(sent) = form.file("file").filter(|f| !f.bytes.is_empty() && files == 1) else {
        let frame = who.frame(&app, Area::Collection, &[CRUMBS[0], CRUMBS[1], (kind.term(), "")]).await?;
        let mut view = page_of(&app, &who, kind, &Asked::default());
        let told = if files > 1 {
            "一次上传一个文件，多个文件请分别上传。"
        } else {
            "没有选文件。选一个有内容的文件再上传。"
        };
        view.problems = vec![words::told(told)];
        return Ok(upload::page(&frame, &view).into_response());
    };
    let options = Options {
        employer: EmployerId::parse(form.get("employer")),
        month: Month::parse(form.get("month")).ok(),
        supplementary: form.get("supplementary") == "yes",
        ..Options::default()
    };
    let file = (sent.name.clone(), sent.bytes.clone());
    let job = app.jobs.begin(app.centre.clone(), &who.actor, &who.origin, kind, file, options);
    Ok(Redirect::to(&format!("/imports/{}/{}", kind.name(), job.id)).into_response())
}

fn found(app: &App, who: &Who, kind: &str, job: &str) -> Answer<Arc<Job>> {
    let kind = named(kind, who)?;
    let told = "这次上传已经不在了：重新上传即可，不会重复导入。";
    app.jobs.find(job, who.actor.user).filter(|job| job.kind == kind).ok_or_else(|| Fault::Told(told.into()))
}

fn pill(stage: &Stage) -> Pill {
    match stage {
        Stage::Running(false, _) => Pill::doing("正在试算"),
        Stage::Running(true, _) => Pill::doing("正在导入"),
        Stage::Tried(answer) if answer.errors.is_empty() => Pill::idle("试算，未改动任何数据"),
        Stage::Tried(_) => Pill::waiting("有要改的，未改动任何数据"),
        Stage::Done(answer) if answer.errors.is_empty() => Pill::done("已导入"),
        Stage::Done(_) => Pill::waiting("已导入无误的行"),
        Stage::Failed(_) => Pill::stopped("没有办成"),
    }
}

async fn result(State(app): State<Arc<App>>, who: Who, Path((kind, job)): Path<(String, String)>, ask: Asked) -> Answer {
    let job = found(&app, &who, &kind, &job)?;
    let stage = job.stage();
    let mut frame = who.frame(&app, Area::Collection, &[CRUMBS[0], CRUMBS[1], (&job.name, "")]).await?;
    if !stage.rests() {
        frame.refresh = Some(2);
    }
    let view = drawn(&who, &job, &stage, &ask);
    Ok(import_view::page(&frame, &view).into_response())
}

fn drawn(who: &Who, job: &Job, stage: &Stage, ask: &Asked) -> Import {
    let base = format!("/imports/{}/{}", job.kind.name(), job.id);
    let nothing = Arc::new(ImportAnswer::default());
    let (answer, progress) = match stage {
        Stage::Tried(answer) | Stage::Done(answer) => (answer, None),
        Stage::Failed(_) => (&nothing, None),
        Stage::Running(_, p) => {
            let words = format!("{} {} / {}", p.stage, p.done, p.total);
            let progress =
                Progress { events: format!("{base}/events").into(), done: p.done as u64, total: p.total as u64, words: words.into() };
            (&nothing, Some(progress))
        }
    };
    let code = ask.get("code");
    let mut codes: Vec<(&str, usize)> = Vec::new();
    for error in &answer.errors {
        match codes.iter_mut().find(|(known, _)| *known == error.code) {
            Some((_, n)) => *n += 1,
            None => codes.push((error.code, 1)),
        }
    }
    let tab = |label: Text, count: usize, value: &str| {
        let href = if value.is_empty() { base.clone() } else { format!("{base}?code={value}") };
        let tab = Tab::new(label, count.to_string(), href);
        if value == code { tab.current() } else { tab }
    };
    let mut filter = vec![tab("全部".into(), answer.errors.len(), "")];
    filter.extend(codes.iter().take(5).map(|(value, n)| tab(code_words(value).into(), *n, value)));
    let wanted: Vec<&shell_files::problem::RowError> = answer.errors.iter().filter(|e| code.is_empty() || e.code == code).collect();
    let from = ask.get("from").parse::<usize>().unwrap_or(0).min(wanted.len());
    let shown: Vec<RowError> = wanted.iter().skip(from).take(ERRORS).map(|e| row_error(e)).collect();
    let step = |at: usize| format!("{base}?from={at}{}", if code.is_empty() { String::new() } else { format!("&code={code}") });
    let pager = (wanted.len() > ERRORS).then(|| Pager {
        place: format!("第 {}–{} 处，共 {} 处", from + 1, from + shown.len(), wanted.len()).into(),
        before: (from > 0).then(|| step(from.saturating_sub(ERRORS)).into()),
        after: (from + shown.len() < wanted.len()).then(|| step(from + ERRORS).into()),
    });
    let lines: std::collections::HashSet<(&str, u32)> = answer.errors.iter().map(|e| (e.sheet.as_str(), e.row)).collect();
    let done = matches!(stage, Stage::Done(_));
    let kpis = vec![
        Kpi::new("读到", answer.rows.to_string(), "行", job.name.clone()),
        Kpi::new(if done { "已导入" } else { "可以导入" }, answer.accepted.to_string(), "行", outcome(stage)),
        Kpi::new("与在册相同", answer.unchanged.to_string(), "行", "再导入不会重复"),
        Kpi::new("要改", lines.len().to_string(), "行", format!("{} 处", answer.errors.len())),
    ];
    let columns = job.kind.layouts().first().map_or(&[][..], |layout| layout.columns);
    Import {
        kind: job.kind.term().into(),
        pill: pill(stage),
        context: format!("{} · {} 上传", job.name, words::moment(job.began)).into(),
        kpis,
        progress,
        filter,
        errors: shown,
        pager,
        columns: columns.iter().filter(|c| c.required).map(|c| Fact::new(c.heading, "必填")).collect(),
        tidied: notes(stage, answer),
        bar: bar(job, stage),
        form_token: who.form_token.clone().into(),
    }
}

fn outcome(stage: &Stage) -> Text {
    match stage {
        Stage::Tried(answer) if answer.errors.is_empty() => "没有问题".into(),
        Stage::Tried(_) => "改好后重新上传，或只导入无误的行".into(),
        Stage::Done(answer) => match answer.case.as_deref().and_then(CaseId::parse) {
            Some(case) => format!("业务 {}", words::number(case)).into(),
            None => "".into(),
        },
        Stage::Failed(sentence) => sentence.clone().into(),
        Stage::Running(..) => "请稍候".into(),
    }
}

fn notes(stage: &Stage, answer: &ImportAnswer) -> Vec<Fact> {
    if let Stage::Failed(sentence) = stage {
        return vec![Fact::new("没有办成", sentence.clone())];
    }
    if answer.notes.is_empty() {
        return vec![Fact::new("整理", "没有需要整理的")];
    }
    answer.notes.iter().enumerate().map(|(i, note)| Fact::new(format!("{}", i + 1), note.clone())).collect()
}

fn code_words(code: &str) -> String {
    let own = shell_pipeline::import::CODES.iter().find(|(known, _)| *known == code);
    let file = shell_files::problem::code::ALL.iter().find(|(known, _)| *known == code);
    own.or(file).map_or_else(|| code.to_owned(), |(_, words)| (*words).to_owned())
}

fn row_error(error: &shell_files::problem::RowError) -> RowError {
    RowError {
        sheet: error.sheet.clone().into(),
        row: if error.row == 0 { "整表".into() } else { error.row.to_string().into() },
        column: if error.column.is_empty() { "整行".into() } else { error.column.clone().into() },
        found: error.found.clone().into(),
        message: (error.message.clone().into(), error.remedy.clone().into()),
        under: Cite::known(error.code),
    }
}

fn bar(job: &Job, stage: &Stage) -> ActionBar {
    let again = Button::go("换一个文件", format!("/imports/{}", job.kind.name())).key("N");
    let mut buttons = Vec::new();
    let sentence: Text = match stage {
        Stage::Running(..) => "可以离开这一页，回来时结果还在。".into(),
        Stage::Tried(answer) => {
            if answer.errors.is_empty() && answer.accepted > 0 {
                buttons.push(Button::submit("确认导入", "import").of_form("import").key("Alt P").primary());
            } else if answer.accepted > 0 || !answer.errors.is_empty() {
                buttons.push(Button::submit("只导入无误的行", "good").of_form("import").key("Alt G"));
            }
            "导入成为一件业务，按流程复核。".into()
        }
        Stage::Done(answer) => {
            if let Some(case) = &answer.case {
                buttons.push(Button::go("打开业务", format!("/cases/{case}")).key("O").primary());
            }
            if let (Kind::Remittance, Some(employer), Some(month)) = (job.kind, job.options.employer, job.options.month) {
                buttons.push(Button::go("回到汇缴", format!("/remittance/{employer}/{month}")).key("B"));
            }
            "".into()
        }
        Stage::Failed(sentence) => sentence.clone().into(),
    };
    buttons.push(again);
    ActionBar { buttons, hints: vec![(vec!["[", "]"], "上一页 / 下一页")], sentence }
}

async fn decide(State(app): State<Arc<App>>, Path((kind, job)): Path<(String, String)>, Post { who, form }: Post) -> Answer {
    let job = found(&app, &who, &kind, &job)?;
    match form.get("do") {
        "import" => job.import(app.centre.clone(), who.actor.clone(), who.origin.clone(), false),
        "good" => job.import(app.centre.clone(), who.actor.clone(), who.origin.clone(), true),
        "drop" => {
            app.jobs.drop_one(&job.id, who.actor.user);
            return Ok(Redirect::to(&format!("/imports/{}", job.kind.name())).into_response());
        }
        _ => return Err(Fault::Told("没有这个动作。".into())),
    }
    Ok(Redirect::to(&format!("/imports/{}/{}", job.kind.name(), job.id)).into_response())
}

/// Progress as server-sent events; ends when the job rests or the server is to stop.
async fn events(State(app): State<Arc<App>>, who: Who, Path((kind, job)): Path<(String, String)>) -> Answer {
    let job = found(&app, &who, &kind, &job)?;
    let state = (job.follow(), app.closing(), false);
    let events = stream::unfold(state, |(mut stage, mut closing, ended)| async move {
        if ended {
            return None;
        }
        let now = stage.borrow_and_update().clone();
        let (done, total, text, end) = match &now {
            Stage::Running(_, p) => (p.done, p.total, format!("{} {} / {}", p.stage, p.done, p.total), false),
            _ => (1, 1, "完成".to_owned(), true),
        };
        let told = serde_json::json!({ "done": done, "total": total, "text": text, "end": end }).to_string();
        let mut over = end;
        if !end {
            tokio::select! {
                changed = stage.changed() => over = changed.is_err(),
                _ = closing.changed() => over = true,
            }
        }
        Some((Ok::<_, Infallible>(Event::default().data(told)), (stage, closing, over)))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()).into_response())
}
