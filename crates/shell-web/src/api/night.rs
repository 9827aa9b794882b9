//! The day-end by the API (日终): for a scheduler outside, with the right of the page's button.
//!
//! The request names the day to close, so that a request sent twice closes one day; it is answered when the day is closed. A page
//! shows the same run.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use core_calendar::Day;
use serde_json::{Value, json};
use shell_pipeline::PipelineError;

use super::answer::{self, Problem};
use super::{Machine, Sent, body};
use crate::app::App;
use crate::handlers::day_end;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/api/v1/day-end", post(run))
}

/// A day of the request; none when it is not there.
fn day(sent: &Value, name: &str) -> Result<Option<Day>, Problem> {
    match sent.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            let day = value.as_str().and_then(|text| Day::parse(text).ok());
            let wrong = || Problem::of(StatusCode::UNPROCESSABLE_ENTITY, "day", &format!("{name} 应是日期，如 2026-03-01。"));
            day.map(Some).ok_or_else(wrong)
        }
    }
}

async fn run(State(app): State<Arc<App>>, machine: Machine, Sent(bytes): Sent) -> Result<Response, Problem> {
    if machine.actor.may(day_end::PERMISSION).is_none() {
        return Err(Problem::of(StatusCode::FORBIDDEN, "denied", "没有办理日终的权限。"));
    }
    let sent = body(&bytes)?;
    let closes =
        day(&sent, "closes")?.ok_or_else(|| Problem::of(StatusCode::UNPROCESSABLE_ENTITY, "no_day", "要写明关闭哪个营业日（closes）。"))?;
    let opens = day(&sent, "opens")?;
    if opens.is_some_and(|opens| opens <= closes) {
        return Err(Problem::of(StatusCode::UNPROCESSABLE_ENTITY, "day", "打开的营业日（opens）要晚于关闭的营业日（closes）。"));
    }
    // In a task of its own: a client that goes away does not stop it halfway.
    let night = tokio::spawn(day_end::close(app, machine.origin, closes, opens));
    let ended = night.await.map_err(|_| Problem::from(PipelineError::Busy))?;
    let Some(ended) = ended? else {
        return Err(Problem::of(StatusCode::CONFLICT, "wrong_state", "这个营业日不是现在要关闭的，或日终正在运行。"));
    };
    let steps: Vec<Value> = ended.steps.iter().map(|(step, did)| json!({ "step": step.words(), "did": did })).collect();
    Ok(answer::json(StatusCode::OK, &json!({ "closed": ended.closed.to_string(), "open": ended.open.to_string(), "steps": steps })))
}
