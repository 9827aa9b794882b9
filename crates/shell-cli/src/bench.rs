//! `anju bench`: how fast this machine is at the house's work, each figure beside the limit of the engine underneath (基准测试).
//!
//! Each section is a file and gives a [`report::Section`]. A section measures on a centre of its own ([`bed::Bed`]) that goes
//! through the real pipeline and is removed afterwards. A ratio is given only where the engine keeps its promise of durability:
//! settings are read back in the same run, and where one is weakened the command refuses.

pub mod bed;
pub mod bulk;
pub mod disk;
pub mod latency;
mod load;
pub mod pages;
mod pgbench;
pub mod report;
pub mod singles;
mod town;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::failure::Failure;
use crate::terminal::Terminal;

/// Options of `anju bench`.
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "数据是虚构的，测完即删。比值与同一次运行里数据库自身的极限相比；fsync 等持久性设置被削弱时不给比值。",
    override_usage = "anju bench [项目] [选项]"
)]
pub struct Options {
    /// What to measure.
    #[arg(
        value_name = "项目",
        value_enum,
        default_value = "all",
        help = "测什么：bulk 批量入账、singles 单笔入账、latency 单笔响应、pages 页面用时、all 全部"
    )]
    pub what: What,
    /// Lines of the bulk section.
    #[arg(long, value_name = "行数", default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1_000..=2_000_000), help = "批量入账的汇缴明细行数；完整测试用 1000000")]
    pub lines: u32,
    /// Seconds of a turn.
    #[arg(long, value_name = "秒", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600), help = "单笔入账每轮的秒数；单笔响应至少 30 秒")]
    pub seconds: u64,
    /// A demonstration whose pages are measured.
    #[arg(long, value_name = "目录", help = "测页面用时的演示中心的数据目录；不给则 all 不测页面")]
    pub of: Option<PathBuf>,
    /// PostgreSQL.
    #[arg(long, value_name = "地址", help = "PostgreSQL 地址；不给则测 SQLite")]
    pub database: Option<String>,
    /// Folder.
    #[arg(long, value_name = "目录", default_value = "./anju-bench", help = "临时数据目录，应与生产数据在同一种磁盘上")]
    pub data: PathBuf,
    /// JSON instead of text.
    #[arg(long, help = "输出 JSON：每个项目的数字、极限的语句、持久性设置和比值")]
    pub json: bool,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// Bulk posting.
    Bulk,
    /// Single postings, how many.
    Singles,
    /// Single postings, how long each.
    Latency,
    /// Pages.
    Pages,
    /// Everything.
    All,
}

/// Measures and reports.
///
/// # Errors
/// When the engine's durability is weakened, its database cannot be used, or something of the real road fails.
pub async fn run(options: Options, terminal: &mut Terminal) -> Result<(), Failure> {
    let wants = |section: What| options.what == section || options.what == What::All;
    let mut sections = Vec::new();
    if wants(What::Bulk) {
        sections.push(bulk::run(&options, terminal).await?);
    }
    if wants(What::Singles) {
        sections.push(singles::run(&options, terminal).await?);
    }
    if wants(What::Latency) {
        sections.push(latency::run(&options, terminal).await?);
    }
    if options.what == What::Pages || options.of.is_some() && options.what == What::All {
        sections.push(pages::run(&options, terminal).await?);
    }
    if options.json {
        return terminal.json(&sections);
    }
    for section in &sections {
        terminal.say(section.to_string())?;
    }
    Ok(())
}
