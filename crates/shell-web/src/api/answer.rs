//! Answers of the API: what became of a command, a case as JSON, problems with their code and sentence.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use core_case::form::Choice;
use serde_json::{Value, json};
use shell_pipeline::{Answer, Approved, PipelineError, ended};
use shell_store::cases::WholeCase;

/// What a request met: status, code, sentence.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    body: Value,
}

impl Problem {
    pub(super) fn of(status: StatusCode, code: &str, sentence: &str) -> Problem {
        Problem { status, body: json!({ "error": { "code": code, "message": sentence } }) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        json(self.status, &self.body)
    }
}

impl From<PipelineError> for Problem {
    fn from(e: PipelineError) -> Problem {
        let (status, code) = match &e {
            PipelineError::NoAction(_) => (StatusCode::NOT_FOUND, "no_action"),
            PipelineError::NoCase(_) => (StatusCode::NOT_FOUND, "no_case"),
            PipelineError::Denied(_) => (StatusCode::FORBIDDEN, "denied"),
            PipelineError::KeyReused(_) => (StatusCode::CONFLICT, "key_reused"),
            PipelineError::WrongState { .. } => (StatusCode::CONFLICT, "wrong_state"),
            PipelineError::Stale(_) => (StatusCode::CONFLICT, "stale"),
            PipelineError::NoRule(_) => (StatusCode::UNPROCESSABLE_ENTITY, "no_rule"),
            PipelineError::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            PipelineError::Constraint(_) => (StatusCode::CONFLICT, "constraint"),
            _ => {
                tracing::error!(error = %e, "the API could not answer");
                return Problem::of(StatusCode::INTERNAL_SERVER_ERROR, "outage", "系统暂时不能办理，请稍后再试。");
            }
        };
        Problem::of(status, code, &e.to_string())
    }
}

/// JSON with its type; answers are never kept by caches.
pub(super) fn json(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}

fn refusals(all: &[core_case::refusal::Refusal]) -> Value {
    let each = all.iter().map(|r| {
        json!({
            "code": r.code, "message": r.sentence(), "rule": r.rule, "under": &*r.under, "required": r.required, "found": r.found,
            "field": r.field, "line": r.line, "remedy": r.remedy.as_ref().map(core_case::refusal::Remedy::sentence),
        })
    });
    Value::Array(each.collect())
}

/// What became of a command.
pub(super) fn told(answer: Answer) -> Response {
    match answer {
        Answer::Done(d) => json(
            StatusCode::OK,
            &json!({ "state": "done", "case": d.case.to_string(), "effects": d.effects, "digest": d.digest.map(|d| d.to_string()), "repeated": d.repeated }),
        ),
        Answer::Waiting(w) => json(
            StatusCode::ACCEPTED,
            &json!({
                "state": "waiting", "case": w.case.to_string(), "effects": w.effects, "digest": w.digest.map(|d| d.to_string()),
                "next": w.next, "promised": w.promised.map(|d| d.to_string()), "repeated": w.repeated,
            }),
        ),
        Answer::Refused { case, refusals: all } => json(
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!({ "state": "refused", "case": case.map(|c| c.to_string()), "refusals": refusals(&all) }),
        ),
        Answer::Fields(errors) => json(StatusCode::UNPROCESSABLE_ENTITY, &json!({ "state": "fields", "errors": errors })),
        Answer::Ended { case, state } => json(
            StatusCode::CONFLICT,
            &json!({ "state": state.code(), "case": case.to_string(), "error": { "code": "ended", "message": ended(case, state) } }),
        ),
        Answer::Conflict { sentence } => {
            json(StatusCode::CONFLICT, &json!({ "state": "conflict", "error": { "code": "conflict", "message": sentence } }))
        }
    }
}

/// What became of a review.
pub(super) fn approved(answer: Approved) -> Response {
    match answer {
        Approved::Committed(case) => json(StatusCode::OK, &json!({ "state": "done", "case": case.to_string() })),
        Approved::Next(case, role) => json(StatusCode::ACCEPTED, &json!({ "state": "waiting", "case": case.to_string(), "next": role })),
        Approved::Differs { case, shown, now, digest } => json(
            StatusCode::CONFLICT,
            &json!({ "state": "differs", "case": case.to_string(), "shown": shown, "now": now, "digest": digest.to_string() }),
        ),
        Approved::Refused(case, all) => {
            json(StatusCode::UNPROCESSABLE_ENTITY, &json!({ "state": "refused", "case": case.to_string(), "refusals": refusals(&all) }))
        }
    }
}

/// A case with its steps; the form stays sealed.
pub(super) fn case(whole: &WholeCase) -> Value {
    let c = &whole.case;
    let steps: Vec<Value> = whole
        .steps
        .iter()
        .map(|s| json!({ "seq": s.seq, "kind": s.kind, "by": s.by.to_string(), "day": s.day.to_string(), "digest": s.digest, "note": s.note }))
        .collect();
    json!({
        "case": c.id.to_string(), "action": c.action, "state": c.state.code(), "channel": c.channel.code(), "accepted": c.accepted.to_string(),
        "promised": c.promised.map(|d| d.to_string()), "summary": c.summary, "amount": c.amount, "effects": c.effects,
        "effect_count": c.effect_count, "digest": c.digest.map(|d| d.to_string()), "flow": c.flow, "level": c.level, "round": whole.round(), "steps": steps,
        "refusals": c.refusals.as_deref().and_then(|r| serde_json::from_str::<Value>(r).ok()),
    })
}
