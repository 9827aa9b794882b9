//! `anju migrate`: brings the database to this program's version (升级数据库).

use clap::Args;
use shell_store::db::{Migrations, migrate};

use crate::failure::Failure;
use crate::place::Place;
use crate::terminal::Terminal;

/// Options of `anju migrate`.
#[derive(Args, Debug)]
#[command(override_usage = "anju migrate [选项]")]
pub struct Options {
    /// Which centre.
    #[command(flatten)]
    pub place: Place,
    /// JSON instead of text.
    #[arg(long, help = "输出 JSON")]
    pub json: bool,
}

/// Applies every migration that the database does not have.
///
/// # Errors
/// When there is no such centre, the database is newer than the program, or a migration fails.
pub async fn run(options: Options, terminal: &mut Terminal) -> Result<(), Failure> {
    let code = options.place.code()?;
    if !options.place.exists(&code) {
        return Err(Failure::Usage(format!("{} 里没有中心 {code}。先运行 anju init。", options.place.data.display())));
    }
    let done = migrate(&options.place.address(), &code, &Migrations::shipped()?).await?;
    if options.json {
        return terminal.json(&serde_json::json!({ "centre": code, "applied": done }));
    }
    match done.is_empty() {
        true => terminal.say("数据库已是最新版本。"),
        false => terminal.say(format!("已升级：{}。", done.join("、"))),
    }
}
