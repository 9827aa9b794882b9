//! The JSON API under `/api/v1`: the same commands, reviews and lists as the pages, for machines with a bearer token.
//!
//! `POST /api/v1/cases/{action}` with the header `Idempotency-Key` submits a command; the answer says done, waiting, refused with
//! every reason typed, or which fields are wrong. The description at `/api/v1/openapi.json` is made from the action catalogue.
//! Files go to `/api/v1/imports/{kind}` as they are, the day-end has `/api/v1/day-end`.
//! Left out: rate limits, and paging of the work lists beyond their first two thousand rows.

mod answer;
mod files;
mod night;
pub mod openapi;
mod work;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use core_case::digest::Digest;
use core_case::ids::CaseId;
use serde_json::{Value, json};
use shell_pipeline::{Actor, Command, Origin, PipelineError};

use crate::app::App;
use answer::{Problem, told};

/// Who calls: the actor of a bearer token, and from where.
struct Machine {
    actor: Actor,
    origin: Origin,
}

impl FromRequestParts<Arc<App>> for Machine {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Machine, Problem> {
        let address = parts
            .extensions
            .get::<axum::extract::ConnectInfo<std::net::SocketAddr>>()
            .map_or("unknown".to_owned(), |c| c.0.ip().to_string());
        let origin = Origin::local(&address);
        let bearer = parts.headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
        let token = bearer.ok_or_else(|| Problem::of(StatusCode::UNAUTHORIZED, "no_token", "请求要带 Authorization: Bearer 令牌。"))?;
        match app.centre.machine(&origin, token.trim()).await {
            Ok(actor) => Ok(Machine { actor, origin }),
            Err(e) => Err(Problem::of(StatusCode::UNAUTHORIZED, "token_refused", &e.to_string())),
        }
    }
}

/// Every route of the API.
pub(crate) fn routes() -> Router<Arc<App>> {
    let commands = shell_pipeline::catalogue::actions().fold(Router::new(), |router, action| {
        let name = action.name;
        router.route(&format!("/api/v1/cases/{name}"), post(move |app, machine, headers, sent| submit(app, machine, name, headers, sent)))
    });
    commands
        .route("/api/v1/openapi.json", get(|| async { answer::json(StatusCode::OK, &openapi::document()) }))
        .route("/api/v1/actions", get(actions))
        .route("/api/v1/business-day", get(business_day))
        .route("/api/v1/previews/{action}", post(preview))
        .route("/api/v1/cases/{id}", get(show).fallback(no_such_case))
        .route("/api/v1/cases/{id}/{step}", post(step))
        .layer(DefaultBodyLimit::max(LARGEST))
        .merge(files::routes())
        .merge(night::routes())
        .merge(work::routes())
}

/// Largest body, in bytes: a file of the pages, or a command with the lines of one.
const LARGEST: usize = 40 * 1024 * 1024;

/// A body; one that is too large or cut off is a problem like any other.
struct Sent(Bytes);

impl FromRequest<Arc<App>> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Sent, Problem> {
        Bytes::from_request(request, app).await.map(Sent).map_err(|e| {
            let status = e.status();
            let large = status == StatusCode::PAYLOAD_TOO_LARGE;
            Problem::of(status, "body", if large { "正文太大，超过 40 MiB。请分几次提交。" } else { "正文没有收全，请重新提交。" })
        })
    }
}

async fn actions(_: Machine) -> Response {
    let all: Vec<Value> = shell_pipeline::catalogue::actions()
        .map(|a| json!({ "name": a.name, "term": a.term, "version": a.version, "fields": openapi::fields(a.fields) }))
        .collect();
    answer::json(StatusCode::OK, &json!({ "actions": all }))
}

async fn business_day(State(app): State<Arc<App>>, _: Machine) -> Response {
    answer::json(StatusCode::OK, &json!({ "day": app.centre.day().to_string() }))
}

/// The body as JSON; what is no JSON is told with its line.
fn body(bytes: &Bytes) -> Result<Value, Problem> {
    if bytes.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(bytes)
        .map_err(|e| Problem::of(StatusCode::BAD_REQUEST, "no_json", &format!("正文不是 JSON：第 {} 行第 {} 列。", e.line(), e.column())))
}

async fn submit(
    State(app): State<Arc<App>>,
    machine: Machine,
    action: &'static str,
    headers: HeaderMap,
    Sent(bytes): Sent,
) -> Result<Response, Problem> {
    let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok()).map(str::trim).filter(|k| !k.is_empty() && k.len() <= 200);
    let key = key.ok_or_else(|| Problem::of(StatusCode::BAD_REQUEST, "no_key", "请求要带 Idempotency-Key，至多 200 个字符。"))?;
    let command = Command::new(action, body(&bytes)?, key);
    Ok(told(app.centre.submit(&machine.actor, &machine.origin, &command).await?))
}

async fn preview(
    State(app): State<Arc<App>>,
    machine: Machine,
    Path(action): Path<String>,
    Sent(bytes): Sent,
) -> Result<Response, Problem> {
    let command = Command::new(&action, body(&bytes)?, "preview");
    Ok(told(app.centre.preview(&machine.actor, &command).await?))
}

fn case_id(name: &str) -> Result<CaseId, Problem> {
    CaseId::parse(name).ok_or_else(|| Problem::of(StatusCode::NOT_FOUND, "no_case", "业务流水号是 15 位数字。"))
}

/// What is neither an action nor a case, or a case asked for by another method.
async fn no_such_case(_: Machine, Path(name): Path<String>) -> Response {
    if CaseId::parse(&name).is_some() {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET,HEAD")]).into_response();
    }
    Problem::from(PipelineError::NoAction(name)).into_response()
}

async fn show(State(app): State<Arc<App>>, machine: Machine, Path(name): Path<String>) -> Result<Response, Problem> {
    let whole = app.centre.case(case_id(&name)?).await?;
    // An officer sees cases of his own making only; staff see what they may look at.
    let own = whole.case.maker == machine.actor.user;
    if !own && machine.actor.may("view.business").is_none() && machine.actor.may("review").is_none() {
        return Err(Problem::of(StatusCode::FORBIDDEN, "denied", "没有查看这笔业务的权限。"));
    }
    Ok(answer::json(StatusCode::OK, &answer::case(&whole)))
}

async fn step(
    State(app): State<Arc<App>>,
    machine: Machine,
    Path((name, step)): Path<(String, String)>,
    Sent(bytes): Sent,
) -> Result<Response, Problem> {
    let (id, sent) = (case_id(&name)?, body(&bytes)?);
    let (centre, actor, origin) = (&app.centre, &machine.actor, &machine.origin);
    let reason = || {
        let text = sent.get("reason").and_then(Value::as_str).map(str::trim).unwrap_or_default();
        if text.is_empty() {
            Err(Problem::of(StatusCode::UNPROCESSABLE_ENTITY, "no_reason", "要写明原因（reason）。"))
        } else {
            Ok(text.to_owned())
        }
    };
    match step.as_str() {
        "approve" => {
            let digest = sent.get("digest").and_then(Value::as_str).and_then(Digest::parse);
            let digest = digest.ok_or_else(|| {
                Problem::of(StatusCode::UNPROCESSABLE_ENTITY, "no_digest", "要写明所签内容的摘要（digest，64 位十六进制）。")
            })?;
            let round = match sent.get("round") {
                None => None,
                Some(round) => Some(round.as_i64().ok_or_else(|| {
                    Problem::of(StatusCode::UNPROCESSABLE_ENTITY, "no_round", "轮次（round）是整数，不写就按现在这一轮签。")
                })?),
            };
            return Ok(answer::approved(centre.approve_in(actor, origin, id, digest, round).await?));
        }
        "correction" => return Ok(told(centre.correct(actor, origin, id, &sent).await?)),
        "resubmit" => return Ok(answer::approved(centre.resubmit(actor, origin, id).await?)),
        "return" => centre.send_back(actor, origin, id, &reason()?).await?,
        "reject" => centre.reject(actor, origin, id, &reason()?).await?,
        "withdraw" => centre.withdraw(actor, origin, id, &reason()?).await?,
        _ => {
            return Err(Problem::of(
                StatusCode::NOT_FOUND,
                "no_step",
                "可用的步骤：approve、return、reject、withdraw、resubmit、correction。",
            ));
        }
    }
    Ok(answer::json(StatusCode::OK, &answer::case(&centre.case(id).await?)))
}
