//! 日终 The day-end as a page: what stands, what runs with its progress, and the button for who may.
//!
//! It runs in this process whether or not somebody looks; a second press finds it running. A run that was killed is started
//! again and goes on where it stands. Only steps are shown here, no documents and no people.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use core_calendar::Day;
use futures_util::stream::{Stream, unfold};
use maud::Markup;
use shell_pipeline::{DayStep, Origin, PipelineError};
use shell_store::{bootstrap, views::audit};
use tokio::sync::watch;

use crate::app::App;
use crate::fault::{Answer, Fault};
use crate::posted::Post;
use crate::ui::chart::{Point, Series};
use crate::ui::frame::Area;
use crate::ui::kpi::Kpi;
use crate::ui::progress::Progress;
use crate::ui::steps::At;
use crate::ui::{Button, Pill};
use crate::views::day_end::{self as view, DayEnd, NightStep};
use crate::who::Who;
use crate::words;

/// The day-end that runs in this process (日终运行).
pub(crate) struct Night {
    now: watch::Sender<Run>,
    past: Mutex<Vec<(Day, i64)>>,
}

/// How far it is.
#[derive(Clone, Debug, Default)]
struct Run {
    running: bool,
    day: Option<Day>,
    began: i64,
    /// What each finished step did and when.
    done: Vec<(DayStep, String, i64)>,
    failed: Option<String>,
}

impl Default for Night {
    fn default() -> Night {
        Night { now: watch::Sender::new(Run::default()), past: Mutex::default() }
    }
}

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/day-end", get(page).post(run)).route("/day-end/events", get(events))
}

/// Who may end the day, on the page and by the API.
pub(crate) const PERMISSION: &str = shell_pipeline::day_end::DAY_END;

fn may(who: &Who) -> Result<(), Fault> {
    who.needs(PERMISSION, "日终（会计、会计主管或系统管理员）").map(drop)
}

async fn page(State(app): State<Arc<App>>, who: Who) -> Answer<Markup> {
    may(&who)?;
    let run = app.night.now.borrow().clone();
    let days = bootstrap::open_days(&app.centre.store).await?;
    let closing = days.iter().find(|(_, state)| state == "closing").map(|(day, _)| *day);
    let today = app.centre.day();
    let day = run.day.or(closing).unwrap_or(today);
    let state = audit::state(&app.centre.store, day).await?;
    let (pill, context) = if run.running {
        (Pill::doing("进行中"), format!("{} 开始", words::clock(run.began).1))
    } else if run.failed.is_some() {
        (Pill::stopped("停在半途"), "原因已写入运行日志，再次启动从断点继续".to_owned())
    } else if closing.is_some() {
        (Pill::waiting("没有做完"), "上次中断，再次启动从断点继续".to_owned())
    } else if run.day.is_some() {
        (Pill::done("已结束"), format!("用时 {} 秒", run.done.last().map_or(0, |(.., at)| at - run.began)))
    } else {
        (Pill::idle("未开始"), format!("营业日 {today} 开放记账"))
    };
    let mut actions = Vec::new();
    if !run.running {
        let label = if closing.is_some() { "继续日终" } else { "开始日终" };
        actions.push(Button::submit(label, "run").key("Alt P").primary());
    }
    let past = app.night.past.lock().unwrap_or_else(|p| p.into_inner()).clone();
    let longest = past.iter().map(|(_, s)| *s).max().unwrap_or(1).max(1);
    let unsealed = state.newest.map_or(0, |(n, _)| n) - state.head.as_ref().map_or(0, |(_, last, ..)| *last);
    let view = DayEnd {
        day: day.to_string().into(),
        pill,
        context: context.into(),
        actions,
        form_token: who.form_token.clone().into(),
        kpis: vec![
            Kpi::new("现在的营业日", today.to_string(), "", "新业务记入这一天"),
            Kpi::new("步骤", format!("{}/{}", run.done.len(), DayStep::ORDER.len()), "步", "前一步完成才开始下一步"),
            Kpi::new("待封签记录", unsealed.max(0).to_string(), "条", "封签后抄存链首"),
        ],
        steps: steps(&run),
        running: None,
        chunks: Vec::new(),
        retries: Vec::new(),
        speed: None,
        nights: (past.len() > 1).then(|| Series {
            id: "nights".into(),
            title: "历晚用时".into(),
            says: format!("最长 {longest} 秒").into(),
            unit: "秒".into(),
            points: past.iter().map(|(day, s)| Point::new(day.to_string()[5..].to_owned(), *s, s.to_string())).collect(),
            scale: (0, longest, ["".into(), "".into(), "".into()]),
        }),
    };
    let mut frame = who.frame(&app, Area::Operation, &[("运行", "/operation"), ("日终", "")]).await?;
    frame.refresh = run.running.then_some(3);
    frame.day_open = closing.is_none();
    Ok(view::page(&frame, &view))
}

fn steps(run: &Run) -> Vec<NightStep> {
    DayStep::ORDER
        .iter()
        .enumerate()
        .map(|(i, step)| {
            let done = run.done.iter().find(|(s, ..)| s == step);
            let now = run.running && i == run.done.len();
            let stopped = run.failed.is_some() && i == run.done.len();
            let before = run.done.get(i.wrapping_sub(1)).map_or(run.began, |(.., at)| *at);
            NightStep {
                word: step.words().into(),
                context: done.map_or("".into(), |(_, did, _)| did.clone().into()),
                lines: "".into(),
                when: done.map_or("".into(), |(.., at)| words::clock(*at).1.into()),
                took: done.map_or("".into(), |(.., at)| format!("{} 秒", at - before).into()),
                at: match (done, now, stopped) {
                    (Some(_), ..) => At::Done,
                    (None, true, _) => At::Now,
                    (None, _, true) => At::Stopped,
                    _ => At::ToCome,
                },
                retries: false,
                progress: now.then(|| Progress {
                    events: "/day-end/events".into(),
                    done: i as u64,
                    total: DayStep::ORDER.len() as u64,
                    words: "进行中".into(),
                }),
            }
        })
        .collect()
}

async fn run(State(app): State<Arc<App>>, Post { who, .. }: Post) -> Answer {
    may(&who)?;
    if begin(&app, who.origin.now) {
        let (app, origin) = (app.clone(), who.origin.clone());
        // What did not go is kept for the page.
        tokio::spawn(async move { drop(night(app, origin, None).await) });
    }
    Ok(Redirect::to("/day-end").into_response())
}

/// Takes the day-end for the caller; false while it runs.
fn begin(app: &App, began: i64) -> bool {
    app.night.now.send_if_modified(|run| {
        if run.running {
            return false;
        }
        *run = Run { running: true, day: Some(app.centre.day()), began, ..Run::default() };
        true
    })
}

/// Closes a business day and opens `opens`, by default the next calendar day. None when the day-end runs already, or that day is
/// not the one to be closed now.
///
/// # Errors
/// As [`shell_pipeline::Centre::day_end`].
pub(crate) async fn close(
    app: Arc<App>,
    origin: Origin,
    closes: Day,
    opens: Option<Day>,
) -> Result<Option<shell_pipeline::DayEnd>, PipelineError> {
    if !begin(&app, origin.now) {
        return Ok(None);
    }
    let days = bootstrap::open_days(&app.centre.store).await;
    let now = days.map(|days| days.iter().find(|(_, state)| state == "closing").map_or(app.centre.day(), |(day, _)| *day));
    match now {
        Ok(now) if now == closes => night(app, origin, opens).await.map(Some),
        other => {
            app.night.now.send_modify(|run| *run = Run::default());
            other.map(|_| None).map_err(PipelineError::from)
        }
    }
}

async fn night(app: Arc<App>, origin: Origin, opens: Option<Day>) -> Result<shell_pipeline::DayEnd, PipelineError> {
    let now = || Origin::local("").now;
    let told = |step: DayStep, did: &str| app.night.now.send_modify(|run| run.done.push((step, did.to_owned(), now())));
    let ended = app.centre.day_end(&origin, opens, told).await;
    app.night.now.send_modify(|run| {
        run.running = false;
        match &ended {
            Ok(day_end) => {
                let mut past = app.night.past.lock().unwrap_or_else(|p| p.into_inner());
                past.push((day_end.closed, now() - run.began));
                let from = past.len().saturating_sub(14);
                past.drain(..from);
            }
            Err(e) => {
                tracing::error!(request = %origin.request, "day-end: {e}");
                run.failed = Some(origin.request.clone());
            }
        }
    });
    ended
}

async fn events(State(app): State<Arc<App>>, who: Who) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    may(&who)?;
    let (run, closing) = (app.night.now.subscribe(), app.closing());
    Ok(Sse::new(stream(run, closing)).keep_alive(KeepAlive::default()))
}

/// News until the run ends, or the server does.
fn stream(run: watch::Receiver<Run>, closing: watch::Receiver<bool>) -> impl Stream<Item = Result<Event, Infallible>> {
    unfold(Some((run, closing, true)), |state| async move {
        let (mut run, mut closing, first) = state?;
        if !first {
            tokio::select! {
                changed = run.changed() => changed.ok()?,
                _ = closing.wait_for(|c| *c) => return None,
            }
        }
        let now = run.borrow_and_update().clone();
        let words = DayStep::ORDER.get(now.done.len()).filter(|_| now.running).map_or("结束", |s| s.words());
        let news = serde_json::json!({
            "done": now.done.len(), "total": DayStep::ORDER.len(), "text": words, "end": !now.running,
        });
        let next = now.running.then_some((run, closing, false));
        Some((Ok(Event::default().data(news.to_string())), next))
    })
}
