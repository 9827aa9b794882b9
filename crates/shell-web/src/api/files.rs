//! Files by the API (文件导入): the bytes of a workbook, a CSV or a bank's notices as body, what to do with them in the query.
//!
//! The answer is that of `anju import --json`: status 200 when every row is good, 422 with every error of every row otherwise.
//! The rows themselves are the idempotency key: the same file twice is one case. Left out: progress, which the pages show.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use core_calendar::{Day, Month};
use core_case::ids::EmployerId;
use serde_json::json;
use shell_pipeline::PipelineError;
use shell_pipeline::import::{self, Encoding, Kind, Options};

use super::answer::{self, Problem};
use super::{LARGEST, Machine, Sent};
use crate::app::App;
use crate::posted::Asked;

/// Names that the query may hold.
pub(super) const QUERY: [&str; 8] = ["name", "dry_run", "accept_good_rows", "encoding", "day", "employer", "month", "supplementary"];

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/api/v1/imports/{kind}", post(send).layer(DefaultBodyLimit::max(LARGEST)))
}

fn wrong(name: &str) -> Problem {
    Problem::of(StatusCode::BAD_REQUEST, "query", &format!("查询参数 {name} 的值不成立。"))
}

/// One value of the query; none when it is not there.
fn one<T>(ask: &Asked, name: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, Problem> {
    if !ask.has(name) {
        return Ok(None);
    }
    read(ask.get(name)).map(Some).ok_or_else(|| wrong(name))
}

fn options(ask: &Asked) -> Result<Options, Problem> {
    if let Some((unknown, _)) = ask.pairs().iter().find(|(name, _)| !QUERY.contains(&name.as_str())) {
        return Err(Problem::of(StatusCode::BAD_REQUEST, "query", &format!("没有查询参数 {unknown}，可用：{}。", QUERY.join("、"))));
    }
    let flag = |name: &str| Ok::<bool, Problem>(one(ask, name, |text| text.parse().ok())?.unwrap_or(false));
    Ok(Options {
        dry_run: flag("dry_run")?,
        accept_good_rows: flag("accept_good_rows")?,
        encoding: one(ask, "encoding", Encoding::from_name)?,
        day: one(ask, "day", |text| Day::parse(text).ok())?,
        employer: one(ask, "employer", EmployerId::parse)?,
        month: one(ask, "month", |text| Month::parse(text).ok())?,
        supplementary: flag("supplementary")?,
    })
}

async fn send(
    State(app): State<Arc<App>>,
    machine: Machine,
    Path(kind): Path<String>,
    ask: Asked,
    Sent(bytes): Sent,
) -> Result<Response, Problem> {
    let kind = Kind::from_name(&kind).ok_or_else(|| {
        let all: Vec<&str> = Kind::ALL.iter().map(|k| k.name()).collect();
        Problem::of(StatusCode::NOT_FOUND, "no_kind", &format!("没有这种导入，可用：{}。", all.join("、")))
    })?;
    let options = options(&ask)?;
    let name: String = ask.get("name").chars().take(120).collect();
    // Reading a workbook takes the processor for a while: not on the threads that answer requests.
    let runtime = tokio::runtime::Handle::current();
    let read = tokio::task::spawn_blocking(move || {
        let Machine { actor, origin } = &machine;
        runtime.block_on(import::import(&app.centre, actor, origin, kind, &bytes, &name, options, &mut |_| {}))
    });
    let imported = read.await.map_err(|_| Problem::from(PipelineError::Busy))??;
    let status = if imported.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(answer::json(status, &json!(imported)))
}
