//! Handlers: one file a page. Each reads, fills the page's view-model and draws it; writing goes through the pipeline.
//!
//! To add a page: a file here with `routes()`, its view in [`crate::views`], what it looks up in `shell-store::views`, and
//! a line in [`routes`] below.

pub mod audit;
pub mod case;
pub mod case_form;
pub mod cases;
pub mod catalogue;
pub mod correction;
pub mod day_end;
pub mod desk;
pub mod documents;
pub mod employers;
pub mod exports;
pub mod gate;
pub mod imports;
pub mod ledger;
pub mod me;
pub mod members;
pub mod plain;
pub mod policy;
pub mod receipts;
pub mod review;
pub mod search;
pub mod sessions;
pub mod users;
pub mod workbench;

use std::sync::Arc;

use axum::Router;

use crate::app::App;

/// Rows of an export at most: what a sheet of the format holds, with room for its head.
pub(crate) const MOST: usize = 1_000_000;

/// Every route.
pub(crate) fn routes() -> Router<Arc<App>> {
    let all = [
        plain::routes(),
        gate::routes(),
        workbench::routes(),
        catalogue::routes(),
        case_form::routes(),
        case::routes(),
        correction::routes(),
        review::routes(),
        cases::routes(),
        search::routes(),
        policy::routes(),
        users::routes(),
        sessions::routes(),
        audit::routes(),
        day_end::routes(),
        desk::routes(),
        documents::routes(),
        employers::routes(),
        exports::routes(),
        imports::routes(),
        ledger::routes(),
        members::routes(),
        receipts::routes(),
        me::routes(),
    ];
    all.into_iter().fold(Router::new(), Router::merge)
}
