//! Handlers: one file a page. Each reads, fills the page's view-model and draws it; writing goes through the pipeline.
//!
//! To add a page: a file here with `routes()`, its view in [`crate::views`], what it looks up in `shell-store::views`, and
//! a line in [`routes`] below.

pub mod audit;
pub mod case;
pub mod case_form;
pub mod cases;
pub mod catalogue;
pub mod day_end;
pub mod gate;
pub mod me;
pub mod plain;
pub mod policy;
pub mod review;
pub mod search;
pub mod sessions;
pub mod users;
pub mod workbench;

use std::sync::Arc;

use axum::Router;

use crate::app::App;

/// Every route.
pub(crate) fn routes() -> Router<Arc<App>> {
    let all = [
        plain::routes(),
        gate::routes(),
        workbench::routes(),
        catalogue::routes(),
        case_form::routes(),
        case::routes(),
        review::routes(),
        cases::routes(),
        search::routes(),
        policy::routes(),
        users::routes(),
        sessions::routes(),
        audit::routes(),
        day_end::routes(),
        me::routes(),
    ];
    all.into_iter().fold(Router::new(), Router::merge)
}
