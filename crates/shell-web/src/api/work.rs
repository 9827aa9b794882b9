//! Work lists of the API: employers, lists that wait for money, receipts without owner.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};
use shell_pipeline::PipelineError;
use shell_store::registers;

use super::Machine;
use super::answer::{self, Problem};
use crate::app::App;

/// Rows of one answer.
const MOST: usize = 2_000;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/employers", get(employers))
        .route("/api/v1/lists/awaiting", get(awaiting))
        .route("/api/v1/receipts/unknown", get(unknown))
}

/// Only staff who may look at business see lists of everybody.
fn looks(machine: &Machine) -> Result<(), Problem> {
    match machine.actor.may("view.business") {
        Some(_) => Ok(()),
        None => Err(Problem::of(StatusCode::FORBIDDEN, "denied", "没有查看业务清单的权限。")),
    }
}

fn rows(name: &str, rows: Vec<Value>) -> Response {
    let total = rows.len();
    let shown: Vec<Value> = rows.into_iter().take(MOST).collect();
    let mut body = serde_json::Map::new();
    body.insert("total".into(), json!(total));
    body.insert(name.into(), Value::Array(shown));
    answer::json(StatusCode::OK, &Value::Object(body))
}

async fn employers(State(app): State<Arc<App>>, machine: Machine) -> Result<Response, Problem> {
    looks(&machine)?;
    let all = registers::employers(&app.centre.store).await.map_err(PipelineError::from)?;
    Ok(rows(
        "employers",
        all.iter().map(|e| json!({ "employer": e.id.to_string(), "name": e.name, "branch": e.branch.to_string() })).collect(),
    ))
}

async fn awaiting(State(app): State<Arc<App>>, machine: Machine) -> Result<Response, Problem> {
    looks(&machine)?;
    let all = registers::awaiting(&app.centre.store).await.map_err(PipelineError::from)?;
    let each = all.iter().map(|a| {
        json!({ "list": a.list.to_string(), "employer": a.employer.to_string(), "month": a.month.to_string(), "people": a.people, "due": a.due, "confirmed": a.confirmed.to_string() })
    });
    Ok(rows("lists", each.collect()))
}

async fn unknown(State(app): State<Arc<App>>, machine: Machine) -> Result<Response, Problem> {
    looks(&machine)?;
    let all = registers::unknown(&app.centre.store).await.map_err(PipelineError::from)?;
    let each =
        all.iter().map(|u| json!({ "receipt": u.receipt.to_string(), "amount": u.amount, "day": u.day.to_string(), "payer": u.payer }));
    Ok(rows("receipts", each.collect()))
}
