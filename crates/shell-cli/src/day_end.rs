//! `anju day-end`: ends the business day (日终). Started again after an interruption, it goes on where it stands.

use clap::Args;
use core_calendar::Day;
use serde_json::json;
use shell_pipeline::DayStep;
use shell_pipeline::day_end::DAY_END;

use crate::failure::Failure;
use crate::place::Place;
use crate::terminal::Terminal;
use crate::who::{self, Who};

/// Options of `anju day-end`.
#[derive(Args, Debug)]
#[command(
    after_help = "由会计、会计主管或系统管理员办理。审计封签的链头请打印或另外保存，核对时用 anju audit verify --head。",
    override_usage = "anju day-end [--next 日期] --as 登录名 [选项]"
)]
pub struct Options {
    /// The day to open.
    #[arg(long, value_name = "日期", help = "要打开的下一营业日；不给则为次日")]
    pub next: Option<Day>,
    /// Which centre.
    #[command(flatten)]
    pub place: Place,
    /// Who acts.
    #[command(flatten)]
    pub who: Who,
    /// JSON instead of text.
    #[arg(long, help = "输出 JSON：{closed, open, steps: [{step, did}]}")]
    pub json: bool,
}

/// Ends the business day.
///
/// # Errors
/// When the actor may not, a step fails, or the centre does not answer.
pub async fn run(options: Options, terminal: &mut Terminal) -> Result<(), Failure> {
    let centre = options.place.open().await?;
    let actor = options.who.actor(&options.place, &centre, terminal).await?;
    if actor.may(DAY_END).is_none() {
        return Err(Failure::Refused(format!("{}（{}）不能办理日终。由会计、会计主管或系统管理员办理。", actor.name, actor.login)));
    }
    let open = centre.day();
    if let Some(next) = options.next.filter(|next| *next <= open) {
        return Err(Failure::Refused(format!("现在的营业日是 {open}，下一营业日应在它之后，不能是 {next}。")));
    }
    let bar = terminal.bar();
    bar.set_length(DayStep::ORDER.len() as u64);
    let done = centre
        .day_end(&who::origin(terminal), options.next, |step, _| {
            bar.set_message(step.words());
            bar.inc(1);
        })
        .await?;
    bar.finish_and_clear();
    if options.json {
        let steps: Vec<_> = done.steps.iter().map(|(step, did)| json!({ "step": step.words(), "did": did })).collect();
        return terminal.json(&json!({ "closed": done.closed.to_string(), "open": done.open.to_string(), "steps": steps }));
    }
    let mut out = format!("{} 日终完成，营业日 {}\n", done.closed, done.open);
    for (step, did) in &done.steps {
        out += &format!("  {}：{did}\n", step.words());
    }
    terminal.say(out)
}
