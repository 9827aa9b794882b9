//! `anju audit verify`: the audit chain alone, against a head that was printed and kept outside (审计核对).

use clap::{Args, Subcommand};
use shell_vault::audit::SealLink;
use shell_verify::audit_verify;

use crate::exit;
use crate::failure::Failure;
use crate::place::Place;
use crate::terminal::Terminal;

/// Options of `anju audit`.
#[derive(Args, Debug)]
#[command(override_usage = "anju audit verify [选项]", subcommand_help_heading = "命令", disable_help_subcommand = true)]
pub struct Options {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Proves the chain.
    #[command(about = "核对审计记录：指出第一条被改动、缺失或调换的", help_template = crate::cli::HELP)]
    Verify(Verify),
}

/// Options of `anju audit verify`.
#[derive(Args, Debug)]
#[command(override_usage = "anju audit verify [--head 链头] [选项]")]
pub struct Verify {
    /// Which centre.
    #[command(flatten)]
    pub place: Place,
    /// The head that the day-end printed.
    #[arg(long, value_name = "链头", help = "日终打印、另外保存的链头；有它才能发现末尾被截去")]
    pub head: Option<String>,
    /// JSON instead of text.
    #[arg(long, help = "输出 JSON：{records, seals, head, broken, breaks: [句子], first}")]
    pub json: bool,
}

/// Runs a command about the audit.
///
/// # Errors
/// When something does not hold (exit code 1), the head given is none, or the centre does not answer.
pub async fn run(options: Options, terminal: &mut Terminal) -> Result<(), Failure> {
    let Command::Verify(options) = options.command;
    let trusted = options.head.as_deref().map(str::parse::<SealLink>).transpose();
    let trusted = trusted.map_err(|_| Failure::Usage("--head 应是日终打印的链头：序号/末条/版本:校验码。".into()))?;
    let centre = options.place.open().await?;
    let report = audit_verify(&centre.store, trusted).await?;
    let breaks: Vec<String> = report.breaks.iter().map(ToString::to_string).collect();
    let head = report.head.map(|head| head.to_string());
    if options.json {
        terminal.json(&serde_json::json!({
            "records": report.records, "seals": report.seals, "head": head, "broken": report.broken, "breaks": breaks,
            "first": breaks.first(),
        }))?;
    } else {
        let mut out = format!("审计记录 {} 条，封签 {} 个\n", report.records, report.seals);
        out += &head.map_or_else(|| "还没有封签，日终之后才有链头。\n".to_owned(), |head| format!("链头 {head}\n"));
        for text in breaks.iter().take(20) {
            out += &format!("  {text}\n");
        }
        let more = report.broken.saturating_sub(20);
        if more > 0 {
            out += &format!("  另有 {more} 处\n");
        }
        terminal.say(
            out + if report.broken == 0 {
                "全部相符。"
            } else {
                "审计记录被动过。保留数据库副本，由审计管理员查明。"
            },
        )?;
    }
    if report.broken == 0 { Ok(()) } else { Err(Failure::Told(exit::REFUSED)) }
}
