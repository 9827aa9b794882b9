//! `anju demo`: a centre after the proportions of handbook 15, invented names, a fund-year day by day through the real pipeline.

pub mod local;

use std::path::PathBuf;

use clap::Args;

use crate::failure::Failure;
use crate::terminal::Terminal;

/// Options of `anju demo`.
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "演示中心的人员和单位都是虚构的，只在本机打开，登录页面会显示动态口令。规模 1 为单位 3,300 个、职工 135,000 名。",
    override_usage = "anju demo [选项]"
)]
pub struct Options {
    /// Scale.
    #[arg(long, value_name = "规模", default_value = "0.1", help = "相对于规模 1 的比例，如 0.02")]
    pub scale: String,
    /// Fund-years.
    #[arg(long, value_name = "年数", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=3), help = "到 2026-06-30 为止的公积金年度数，1 到 3")]
    pub years: u8,
    /// Seed.
    #[arg(long, value_name = "种子", default_value_t = 1, help = "随机种子；同一种子、同一规模得到同样的中心")]
    pub seed: u64,
    /// Data folder.
    #[arg(long, value_name = "目录", default_value = "./anju-data", help = "数据目录")]
    pub data: PathBuf,
    /// Stops before the server.
    #[arg(long, help = "核对后就结束，不打开网页")]
    pub no_serve: bool,
    /// PostgreSQL.
    #[arg(long, value_name = "地址", help = "PostgreSQL 地址；不给则用 SQLite")]
    pub database: Option<String>,
    /// Port.
    #[arg(long, value_name = "端口", default_value_t = 8080, help = "网页端口")]
    pub port: u16,
}

/// Builds the demonstration and opens it.
///
/// # Errors
/// When the options do not hold, or the data cannot be written.
pub async fn run(options: Options, _terminal: &mut Terminal) -> Result<(), Failure> {
    Err(Failure::Usage(format!("演示（规模 {}）还不能从命令行建立。", options.scale)))
}
