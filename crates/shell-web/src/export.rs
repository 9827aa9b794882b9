//! Exports (导出): every list and statement that a page shows, as a workbook, by the page's path.
//!
//! The same function answers `…/export` in a browser and `anju export xlsx NAME [--key K]`. What leaves us is recorded before it
//! is given, with who, which page and which filter (handbook 12 §1 points 15–18). Identifiers are masked as on the page.

use core_calendar::Month;
use core_case::effect::Subject;
use core_case::ids::{EmployerId, SavingsId};
use shell_pipeline::{Actor, Centre, Look, Origin};

use crate::fault::Fault;
use crate::handlers::{self, MOST};
use crate::listing::Listing;
use crate::posted::Asked;
use crate::reach::Reach;

/// Pages with an export: path, what it gives. `{…}` is the part that `--key` may give.
pub const PAGES: &[(&str, &str)] = &[
    ("/members", "职工清单"),
    ("/members/{savings}", "个人缴存明细"),
    ("/employers", "缴存单位清单"),
    ("/employers/{employer}", "单位缴存明细"),
    ("/suspense", "单位未分摊"),
    ("/receipts", "到账"),
    ("/remittance", "汇缴清册一览"),
    ("/remittance/{employer}/{month}", "汇缴清册，可再导入"),
    ("/ledger", "总账余额"),
    ("/ledger/{account}", "明细账"),
    ("/vouchers", "凭证清单"),
    ("/vouchers/{voucher}", "记账凭证"),
];

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// No page with an export has this path, or there is no such thing.
    #[error("“{0}”没有可导出的清单。可用的页面：{pages}", pages = PAGES.iter().map(|(path, _)| *path).collect::<Vec<_>>().join("、"))]
    NoPage(String),
    /// The actor may not see it.
    #[error("没有权限：{0}")]
    Denied(String),
    /// A sentence for the person: a date that cannot be read.
    #[error("{0}")]
    Told(String),
    /// The store does not answer, or an error of ours.
    #[error("{0}")]
    Failed(String),
}

impl From<Fault> for ExportError {
    fn from(fault: Fault) -> ExportError {
        match fault {
            Fault::NotFound => ExportError::NoPage(String::new()),
            Fault::NotAllowed(what) => ExportError::Denied(what),
            Fault::Told(sentence) => ExportError::Told(sentence),
            Fault::OutOfReach(e) | Fault::Broken(e) => ExportError::Failed(e),
            other => ExportError::Failed(format!("{other:?}")),
        }
    }
}

/// The workbook of a page: `path` with its query as in a browser (`/receipts?state=all`), `key` the last part of a path that
/// names one thing (`/members` with an account number gives that account's statement).
///
/// # Errors
/// [`ExportError`].
pub async fn export(centre: &Centre, actor: &Actor, origin: &Origin, path: &str, key: Option<&str>) -> Result<Vec<u8>, ExportError> {
    workbook(centre, actor, origin, path, key).await.map_err(|fault| match fault {
        Fault::NotFound => ExportError::NoPage(path.to_owned()),
        other => other.into(),
    })
}

/// As [`export`], with the fault of a page.
pub(crate) async fn workbook(centre: &Centre, actor: &Actor, origin: &Origin, path: &str, key: Option<&str>) -> Result<Vec<u8>, Fault> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let ask = Asked::of(query);
    let reach = Reach::over(centre, actor).await?;
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    parts.extend(key.into_iter().flat_map(|key| key.split('/')).filter(|part| !part.is_empty()));
    let object = match parts.as_slice() {
        ["members", savings] => SavingsId::parse(savings).map(|id| Subject::Savings(id).key()),
        ["employers" | "remittance", employer, ..] => EmployerId::parse(employer).map(|id| Subject::Employer(id).key()),
        _ => None,
    };
    let detail = serde_json::json!({ "page": path, "key": key, "of": parts.first() });
    let look = Look { by: actor.user, origin: origin.clone(), kind: "export", object: object.unwrap_or_else(|| "centre".into()), detail };
    if let ["remittance", employer, month] = parts.as_slice() {
        let employer = EmployerId::parse(employer).ok_or(Fault::NotFound)?;
        reach.employer(employer)?;
        let month = Month::parse(month).map_err(|_| Fault::NotFound)?;
        centre.record_looks(&[look]).await?;
        return handlers::desk::list_file(centre, employer, month).await;
    }
    let listing: Listing = match parts.as_slice() {
        ["members"] => handlers::members::listing(centre, &reach, &ask, MOST).await?.0,
        ["members", savings] => {
            let id = SavingsId::parse(savings).ok_or(Fault::NotFound)?;
            handlers::members::statement(centre, &reach, id, &ask).await?
        }
        ["employers"] => handlers::employers::listing(centre, &reach, &ask, MOST).await?.0,
        ["employers", employer] => {
            let id = EmployerId::parse(employer).ok_or(Fault::NotFound)?;
            handlers::employers::statement(centre, &reach, id, &ask).await?
        }
        ["suspense"] => handlers::employers::holders(centre, &reach, &ask, MOST).await?.0,
        ["receipts"] => handlers::receipts::listing(centre, &reach, &ask, MOST).await?.0,
        ["remittance"] => handlers::desk::listing(centre, &reach, &ask, MOST).await?.0,
        ["ledger"] => handlers::ledger::trial_balance_listing(centre, &reach, &ask).await?,
        ["ledger", account] => handlers::ledger::account_listing(centre, &reach, account, &ask).await?,
        ["vouchers"] => handlers::ledger::vouchers_listing(centre, &reach, &ask, MOST).await?.0,
        ["vouchers", voucher] => handlers::ledger::voucher_listing(centre, &reach, voucher).await?,
        _ => return Err(Fault::NotFound),
    };
    centre.record_looks(&[look]).await?;
    let written = tokio::task::spawn_blocking(move || listing.workbook()).await.map_err(|e| Fault::Broken(e.to_string()))?;
    written.map_err(|e| Fault::Broken(e.to_string()))
}
