//! `anju key show | rotate`: versions of the keys, and everything sealed moved to a new one (密钥).

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use shell_store::rotate::{self, RotateError};
use shell_vault::{KeyRing, SystemEntropy};

use crate::failure::Failure;
use crate::place::Place;
use crate::terminal::Terminal;
use crate::who::Who;

/// Options of `anju key`.
#[derive(Args, Debug)]
#[command(override_usage = "anju key <show|rotate> [选项]", subcommand_help_heading = "命令", disable_help_subcommand = true)]
pub struct Options {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Versions and fingerprints.
    #[command(about = "密钥的版本、日期和指纹，与纸质副本核对用", help_template = crate::cli::HELP, override_usage = "anju key show [选项]")]
    Show {
        /// Which centre.
        #[command(flatten)]
        place: Place,
        /// JSON instead of text.
        #[arg(long, help = "输出 JSON")]
        json: bool,
    },
    /// A new version.
    #[command(
        about = "轮换密钥：换一版新密钥，把证件号码、银行卡号、业务表单等全部重新加密；中断后再运行即可续做",
        after_help = "先停下 anju serve 和其他写账的命令。由系统管理员办理。",
        help_template = crate::cli::HELP,
        override_usage = "anju key rotate --as 系统管理员 [选项]"
    )]
    Rotate {
        /// Which centre.
        #[command(flatten)]
        place: Place,
        /// Who acts.
        #[command(flatten)]
        who: Who,
        /// JSON instead of text.
        #[arg(long, help = "输出 JSON")]
        json: bool,
    },
}

/// Runs a command about keys.
///
/// # Errors
/// When the actor is no system administrator, a cell cannot be opened, or files and database do not answer.
pub async fn run(options: Options, terminal: &mut Terminal) -> Result<(), Failure> {
    match options.command {
        Command::Show { place, json } => show(&place, json, terminal),
        Command::Rotate { place, who, json } => rotate(&place, &who, json, terminal).await,
    }
}

fn show(place: &Place, json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let ring = KeyRing::load_file(&place.keys())?;
    let mut all = Vec::new();
    for (version, day) in ring.versions() {
        all.push((version.number(), day.to_string(), ring.fingerprint(version)?));
    }
    if json {
        let keys: Vec<_> =
            all.iter().map(|(v, day, print)| serde_json::json!({ "version": v, "created": day, "fingerprint": print })).collect();
        return terminal.json(&serde_json::json!({ "keys": keys, "active": ring.active().number() }));
    }
    let mut out = format!("{}\n", place.keys().display());
    for (version, day, print) in all {
        let active = if version == ring.active().number() { "  现用" } else { "" };
        out += &format!("  第 {version} 版  {day}  指纹 {print}{active}\n");
    }
    terminal.say(out)
}

async fn rotate(place: &Place, who: &Who, json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let code = place.code()?;
    if !place.exists(&code) {
        return Err(Failure::Usage(format!("{} 里没有中心 {code}。", place.data.display())));
    }
    let centre = place.open_any(&code).await?;
    let actor = who.actor(place, &centre, terminal).await?;
    if actor.may("view.system").is_none() {
        return Err(Failure::Refused(format!("{}（{}）不能轮换密钥。由系统管理员办理。", actor.name, actor.login)));
    }
    // A rotation that stopped half-way is finished before another key is made.
    let resumed = rotate::left(&centre.store).await? > 0;
    if !resumed {
        let day = crate::init::today(terminal)?;
        centre.store.keys.replace(KeyRing::rotate_file(&place.keys(), day, &mut SystemEntropy::new())?);
    }
    let bar = terminal.bar();
    bar.set_message("重新加密");
    let moment = rotate::moment(centre.day(), (terminal.clock)(), actor.user);
    let done = rotate::rotate(&centre.store, moment, &mut |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    })
    .await
    .map_err(|e| match e {
        RotateError::Claim(_) => Failure::Refused(e.to_string()),
        e => Failure::Outage(e.to_string()),
    })?;
    bar.finish_and_clear();
    let version = centre.store.keys.version();
    if json {
        return terminal.json(&serde_json::json!({ "version": version, "resumed": resumed, "rows": done.rows, "claims": done.claims }));
    }
    let words: BTreeMap<&str, &str> =
        [("person", "人员"), ("employer", "单位"), ("receipt", "收款"), ("business_case", "业务表单"), ("app_user", "动态口令")].into();
    let rows: Vec<String> = done.rows.iter().map(|(table, n)| format!("{} {n}", words.get(table).unwrap_or(table))).collect();
    let rows =
        if rows.is_empty() { "没有需要重新加密的内容".to_owned() } else { format!("已重新加密：{}", rows.join("、")) };
    terminal.say(format!(
        "{}第 {version} 版密钥。{rows}，登记占用 {}。\n把新的 {} 另存一份副本：旧版密钥仍用于核对当时的审计记录，不要删去。",
        if resumed { "上次的轮换已做完，现用" } else { "现用" },
        done.claims,
        place.keys().display()
    ))
}
