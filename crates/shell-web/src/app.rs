//! The application: what every handler shares, the routes, and serving them.
//!
//! A request passes the [`crate::door`] first (request id, origin, session, security headers, error pages), then its handler:
//! one file a page below [`crate::handlers`], each with `routes()`. Handlers read through `shell-store::views` and write only
//! through the pipeline.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::serve::ListenerExt;
use core_case::ids::UnitId;
use shell_files::pdf::Fonts;
use shell_pipeline::{Centre, CentreError, Looks};
use shell_store::bootstrap;
use tokio::sync::watch;

use crate::door;
use crate::handlers::{self, day_end::Night, gate::Gates, ledger::KeptProofs};
use crate::jobs::Jobs;
use crate::packed;
use crate::tls::{Identity, Secure};

/// How a centre is shown to browsers (服务设置).
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Folder of the data; attachments lie below it in `attachments/`, named by their hash, never below a web root.
    pub data: PathBuf,
    /// Whether browsers reach us by TLS. Then cookies carry `__Host-` and answers HSTS; without it only loopback is served.
    pub tls: bool,
    /// Certificate and key where we speak TLS ourselves; none where a proxy in front does, or nobody.
    pub identity: Option<Identity>,
    /// Fonts of the printed documents.
    pub fonts: Fonts,
}

/// What every handler shares.
pub struct App {
    /// The centre.
    pub centre: Arc<Centre>,
    /// Settings.
    pub settings: Settings,
    /// Names of the centre's units: they come from `init` only.
    units: BTreeMap<i64, String>,
    /// Branches (管理部), in order.
    branches: Vec<(UnitId, String)>,
    /// Sign-ins between their two steps.
    pub(crate) gates: Gates,
    /// The day-end that runs in this process.
    pub(crate) night: Night,
    /// Looks at personal data, recorded before they are answered.
    pub looks: Looks,
    /// Files being read.
    pub(crate) jobs: Jobs,
    /// Files of forms that were not accepted yet.
    pub(crate) staged: crate::attachments::Staged,
    /// Sums of the sub-ledgers.
    pub(crate) proofs: KeptProofs,
    /// Turns true when the server is to stop; open streams listen to it.
    closing: watch::Sender<bool>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "App {:?}", self.centre)
    }
}

impl App {
    /// An application over an open centre.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn new(centre: Arc<Centre>, settings: Settings) -> Result<Arc<App>, CentreError> {
        let units = bootstrap::units(&centre.store).await?;
        let branches = units.iter().filter(|u| u.kind == "branch").map(|u| (UnitId(u.id), u.name.clone())).collect();
        Ok(Arc::new(App {
            units: units.into_iter().map(|u| (u.id, u.name)).collect(),
            branches,
            gates: Gates::default(),
            night: Night::default(),
            looks: Looks::over(centre.clone()),
            jobs: Jobs::default(),
            staged: crate::attachments::Staged::default(),
            proofs: KeptProofs::default(),
            closing: watch::Sender::new(false),
            settings,
            centre,
        }))
    }

    /// Name of a unit (机构名称); empty for one that does not exist.
    pub fn unit(&self, id: UnitId) -> &str {
        self.units.get(&id.0).map_or("", String::as_str)
    }

    /// Branches of the centre, in order.
    pub fn branches(&self) -> &[(UnitId, String)] {
        &self.branches
    }

    /// All units, by number.
    pub fn units(&self) -> impl Iterator<Item = (UnitId, &str)> {
        self.units.iter().map(|(id, name)| (UnitId(*id), name.as_str()))
    }

    /// Waits until the server is to stop; a stream ends then, so that stopping never waits for a browser.
    pub fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }
}

/// Largest body of a form without files, in bytes. Uploads name their own limit.
pub const FORM_LIMIT: usize = 512 * 1024;

/// All routes behind the door.
pub fn router(app: Arc<App>) -> Router {
    handlers::routes()
        .merge(crate::api::routes())
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .layer(axum::middleware::from_fn_with_state(app.clone(), door::door))
        .layer(packed::layer())
        .with_state(app)
}

/// Serves until `shutdown` is ready, then lets running requests finish and ends open streams.
///
/// # Errors
/// When the address cannot be listened to, or is not loopback while the centre is a demonstration or there is no TLS.
pub async fn serve(app: Arc<App>, addr: SocketAddr, shutdown: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind(addr).await?;
    serve_on(app, listener, shutdown).await
}

/// As [`serve`], on a listener that is bound already.
///
/// # Errors
/// As [`serve`].
pub async fn serve_on(
    app: Arc<App>,
    listener: tokio::net::TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let loopback = listener.local_addr()?.ip().is_loopback();
    if !loopback && app.centre.about.demonstration {
        return Err(std::io::Error::other("演示方式只在本机提供服务，请用 127.0.0.1。"));
    }
    if !loopback && !app.settings.tls {
        return Err(std::io::Error::other("没有 TLS 时只在本机提供服务，请用 127.0.0.1，或在前面放置 TLS。"));
    }
    let closing = app.clone();
    let shutdown = async move {
        shutdown.await;
        closing.closing.send_replace(true);
    };
    let identity = app.settings.identity.clone();
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    match identity {
        Some(identity) => {
            let secure = Secure::over(listener, identity)?.tap_io(|_| {});
            axum::serve(secure, service).with_graceful_shutdown(shutdown).await
        }
        None => {
            // Answers are written whole; waiting for more to send would only delay them.
            let plain = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
            axum::serve(plain, service).with_graceful_shutdown(shutdown).await
        }
    }
}
