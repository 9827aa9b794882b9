//! `anju serve`: the web pages and the API (网页服务), until it is interrupted.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use shell_files::pdf::{FontFiles, Fonts};
use shell_pipeline::Centre;
use shell_web::app::{App, Settings, serve_on};
use shell_web::tls::Identity;

use crate::failure::Failure;
use crate::place::Place;
use crate::terminal::Terminal;

/// Options of `anju serve`.
#[derive(Args, Debug)]
#[command(
    after_help = "演示中心只在本机打开。正式中心没有 TLS 时也只在本机打开：用 --tls-cert 和 --tls-key 自己提供 HTTPS，或在前面放置终结 TLS 的代理并用 --behind-tls 说明。",
    override_usage = "anju serve [--port 端口] [选项]"
)]
pub struct Options {
    /// Port.
    #[arg(long, value_name = "端口", default_value_t = 8080, help = "端口")]
    pub port: u16,
    /// Address.
    #[arg(long, value_name = "地址", default_value = "127.0.0.1", help = "监听地址")]
    pub address: IpAddr,
    /// Certificate of our own TLS.
    #[arg(
        long,
        value_name = "文件",
        requires = "tls_key",
        conflicts_with = "behind_tls",
        help = "服务器证书链（PEM），与 --tls-key 同用：本程序自己提供 HTTPS"
    )]
    pub tls_cert: Option<PathBuf>,
    /// Its key.
    #[arg(long, value_name = "文件", requires = "tls_cert", help = "证书的私钥（PEM，未加密，只许本程序读取）")]
    pub tls_key: Option<PathBuf>,
    /// A proxy in front speaks TLS.
    #[arg(long, help = "前面的代理终结 TLS：会话 Cookie 和响应头按 HTTPS 处理")]
    pub behind_tls: bool,
    /// Font of the documents.
    #[arg(long, value_name = "文件", help = "单据的字体（.otf、.ttf、.ttc），默认用系统的 Noto 字体，没有时用内置字体")]
    pub font: Option<PathBuf>,
    /// Fonts of rare characters.
    #[arg(long, value_name = "文件", help = "补充生僻字的字体，可以重复，依次查找")]
    pub rare_font: Vec<PathBuf>,
    /// Which centre.
    #[command(flatten)]
    pub place: Place,
}

/// Serves a centre.
///
/// # Errors
/// When a demonstration is to be opened beyond this machine, the port is taken, an account keeps a demonstration's cheap password,
/// a certificate, key or font cannot be used, or the centre does not answer.
pub async fn run(options: Options, terminal: &mut Terminal) -> Result<(), Failure> {
    let centre = options.place.open().await?;
    if !centre.about.demonstration {
        let weak = centre.weak_passwords().await?;
        if !weak.is_empty() {
            return Err(Failure::Refused(format!(
                "这些账号的密码保存方式太弱，不能提供服务：{}。由系统管理员重发一次性密码：anju user password 登录名。",
                weak.join("、")
            )));
        }
    }
    let at = SocketAddr::new(options.address, options.port);
    let identity = match (&options.tls_cert, &options.tls_key) {
        (Some(certificate), Some(key)) => Some(Identity::load(certificate, key).map_err(|e| Failure::File(e.to_string()))?),
        _ => None,
    };
    let tls = options.behind_tls || identity.is_some();
    let fonts = Fonts::find(&FontFiles { text: options.font, rare: options.rare_font }).map_err(|e| Failure::File(format!("{e}。")))?;
    let settings = Settings { data: options.place.data, tls, identity, fonts };
    open(Arc::new(centre), settings, at, terminal).await
}

/// Serves an open centre until Ctrl+C or a signal to end.
///
/// # Errors
/// When a demonstration is to be opened beyond this machine, or the port is taken.
pub async fn open(centre: Arc<Centre>, settings: Settings, at: SocketAddr, terminal: &mut Terminal) -> Result<(), Failure> {
    if centre.about.demonstration && !at.ip().is_loopback() {
        return Err(Failure::Refused("演示中心只在本机打开，请用 --address 127.0.0.1。".into()));
    }
    if !settings.tls && !at.ip().is_loopback() {
        return Err(Failure::Refused(
            "没有 TLS 时只在本机打开。用 127.0.0.1，或给出 --tls-cert 和 --tls-key，或在前面放置 TLS 代理并加 --behind-tls。".into(),
        ));
    }
    // Pages log what went wrong under the number that they show.
    let _ = tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).with_target(false).try_init();
    let scheme = if settings.identity.is_some() { "https" } else { "http" };
    let app = App::new(centre.clone(), settings).await?;
    let listener = tokio::net::TcpListener::bind(at).await.map_err(|e| match e.kind() {
        std::io::ErrorKind::AddrInUse => Failure::Outage(format!("端口 {} 已被占用。用 --port 换一个。", at.port())),
        _ => Failure::Outage(format!("不能监听 {at}：{e}")),
    })?;
    let bound = listener.local_addr()?;
    terminal.say(format!("{}（{}）营业日 {}\n{scheme}://{bound}/    Ctrl+C 停止", centre.about.name, centre.about.code, centre.day()))?;
    serve_on(app, listener, interrupted()).await.map_err(|e| Failure::Outage(e.to_string()))
}

/// Ready when somebody presses Ctrl+C or the system asks the process to end.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut end) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = end.recv() => {}
            }
            return;
        }
    }
    // Without a handler the process is ended by the signal itself.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
