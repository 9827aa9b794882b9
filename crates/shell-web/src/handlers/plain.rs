//! What needs nobody: styles and scripts, the design pages, and the sign of life.

use std::sync::Arc;

use axum::Router;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::App;
use crate::assets;
use crate::design;
use crate::fault::{Answer, Fault};

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/assets/{*file}", get(asset))
        .route("/design", get(specimen))
        .route("/design/{name}", get(specimen))
        .route("/healthz", get(health))
}

async fn asset(OriginalUri(uri): OriginalUri) -> Answer {
    let asset = assets::find(uri.path()).ok_or(Fault::NotFound)?;
    let headers: [(HeaderName, &str); 2] = [(header::CONTENT_TYPE, asset.mime), (header::CACHE_CONTROL, assets::FOREVER)];
    Ok((headers, asset.body.as_slice()).into_response())
}

async fn specimen(OriginalUri(uri): OriginalUri) -> Answer {
    design::show(uri.path()).map(IntoResponse::into_response).ok_or(Fault::NotFound)
}

/// Alive and able to read its database. It says nothing else: whoever asks is not known.
async fn health(State(app): State<Arc<App>>) -> Response {
    use axum::http::StatusCode;
    let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    match shell_store::bootstrap::open_days(&app.centre.store).await {
        Ok(_) => (kind, "ok").into_response(),
        Err(e) => {
            tracing::warn!("{e}");
            (StatusCode::SERVICE_UNAVAILABLE, kind, "unavailable").into_response()
        }
    }
}
