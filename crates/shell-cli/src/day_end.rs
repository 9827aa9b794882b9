//! `anju day-end`: ends the business day (日终). Started again after an interruption, it goes on where it stands.

use clap::Args;
use core_calendar::Day;
use serde_json::json;
use shell_pipeline::DayStep;
use shell_pipeline::day_end::{DAY_END, DayEnd};

use crate::failure::Failure;
use crate::place::Place;
use crate::terminal::Terminal;
use crate::who::{self, Who};

/// Options of `anju day-end`.
#[derive(Args, Debug)]
#[command(
    after_help = "由会计、会计主管或系统管理员办理。审计封签的链头请打印或另外保存，核对时用 anju audit verify --head。",
    override_usage = "anju day-end [--to 日期] --as 登录名 [选项]"
)]
pub struct Options {
    /// The business day to arrive at.
    #[arg(long, value_name = "日期", help = "逐日办到这一天成为营业日；已经是了就什么也不做。不给则办一天")]
    pub to: Option<Day>,
    /// Which centre.
    #[command(flatten)]
    pub place: Place,
    /// Who acts.
    #[command(flatten)]
    pub who: Who,
    /// JSON instead of text.
    #[arg(long, help = "输出 JSON：{open, days: [{closed, open, steps: [{step, did}]}]}")]
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
    if let Some(to) = options.to.filter(|to| *to < open) {
        return Err(Failure::Refused(format!("现在的营业日是 {open}，不能回到 {to}。")));
    }
    let days = options.to.map_or(1, |to| u64::try_from(open.days_until(to)).unwrap_or_default().max(1));
    let bar = terminal.bar();
    bar.set_length(DayStep::ORDER.len() as u64 * days);
    let told = |step: DayStep, _: &str| {
        bar.set_message(step.words());
        bar.inc(1);
    };
    let origin = who::origin(terminal);
    let ended = match options.to {
        Some(to) => centre.day_ends_to(&origin, to, told).await?,
        None => vec![centre.day_end(&origin, None, told).await?],
    };
    bar.finish_and_clear();
    if options.json {
        let steps =
            |done: &DayEnd| -> Vec<_> { done.steps.iter().map(|(step, did)| json!({ "step": step.words(), "did": did })).collect() };
        let days: Vec<_> = ended.iter().map(|done| json!({ "closed": done.closed, "open": done.open, "steps": steps(done) })).collect();
        return terminal.json(&json!({ "open": centre.day(), "days": days }));
    }
    let mut out = String::new();
    for done in &ended {
        out += &format!("{} 日终完成，营业日 {}\n", done.closed, done.open);
        for (step, did) in &done.steps {
            out += &format!("  {}：{did}\n", step.words());
        }
    }
    if ended.is_empty() {
        out += &format!("营业日已经是 {}，没有要做的\n", centre.day());
    }
    terminal.say(out)
}
