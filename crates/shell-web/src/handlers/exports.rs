//! Exports in a browser (导出): the address of a list or statement with `/export` behind it.

use std::sync::Arc;

use axum::Router;
use axum::extract::{OriginalUri, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::App;
use crate::export;
use crate::fault::{Answer, Fault};
use crate::who::Who;

/// Media type of a workbook.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Routes of this file: one a page of [`export::PAGES`].
pub fn routes() -> Router<Arc<App>> {
    export::PAGES.iter().fold(Router::new(), |router, (path, _)| router.route(&format!("{path}/export"), get(download)))
}

/// A workbook to be saved under a name.
pub(crate) fn file(name: &str, bytes: Vec<u8>) -> Response {
    let saved = format!("attachment; filename=\"{name}.xlsx\"");
    ([(header::CONTENT_TYPE, XLSX.to_owned()), (header::CONTENT_DISPOSITION, saved)], bytes).into_response()
}

async fn download(State(app): State<Arc<App>>, who: Who, OriginalUri(uri): OriginalUri) -> Answer {
    let page = uri.path().strip_suffix("/export").ok_or(Fault::NotFound)?;
    let query = uri.query().map_or(String::new(), |q| format!("?{q}"));
    let bytes = export::workbook(&app.centre, &who.actor, &who.origin, &format!("{page}{query}"), None).await?;
    Ok(file(&page.trim_matches('/').replace('/', "-"), bytes))
}
