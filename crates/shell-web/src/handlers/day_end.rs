//! 日终 The day-end as a page: what stands, what runs, and the button for who may.
use std::sync::Arc;

use axum::Router;

use crate::app::App;

/// The day-end that runs in this process.
#[derive(Default)]
pub(crate) struct Night {}

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
}
