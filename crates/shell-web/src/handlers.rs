//! Handlers: one file a page. Each reads, fills the page's view-model and draws it; writing goes through the pipeline.
//!
//! To add a page: a file here with `routes()`, its view in [`crate::views`], what it looks up in `shell-store::views`, and
//! a line in [`routes`] below.

pub mod day_end;
pub mod gate;
pub mod plain;

use std::sync::Arc;

use axum::Router;

use crate::app::App;

/// Every route.
pub(crate) fn routes() -> Router<Arc<App>> {
    let all = [plain::routes(), gate::routes(), day_end::routes()];
    all.into_iter().fold(Router::new(), Router::merge)
}
