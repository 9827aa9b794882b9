//! `anju verify`: the proof (核对). Exit code 1 when something does not hold.

use clap::Args;
use shell_verify::{Basis, Report, verify};

use crate::exit;
use crate::failure::Failure;
use crate::place::Place;
use crate::sheet::Sheet;
use crate::terminal::Terminal;

/// Options of `anju verify`.
#[derive(Args, Debug)]
#[command(override_usage = "anju verify [选项]")]
pub struct Options {
    /// Which centre.
    #[command(flatten)]
    pub place: Place,
    /// JSON instead of text.
    #[arg(long, help = "输出 JSON：{checks: [{name, compared, ok}], breaks: [{check, table, key, expected, found}]}")]
    pub json: bool,
}

/// Breaks shown to a person; the JSON holds all that are kept.
const SHOWN: usize = 50;

/// Proves a centre.
///
/// # Errors
/// When something does not hold (exit code 1), or the centre does not answer.
pub async fn run(options: Options, terminal: &mut Terminal) -> Result<(), Failure> {
    let centre = options.place.open().await?;
    let policy = centre.policy();
    let bar = terminal.bar();
    let mut progress = |p: shell_verify::Progress| {
        bar.set_message(p.reading);
        bar.set_length(p.of.unwrap_or(p.done));
        bar.set_position(p.done);
    };
    let report = verify(&centre.store, Basis { policy: &policy, place: &centre.place }, &mut progress).await.map_err(of_verify)?;
    bar.finish_and_clear();
    if options.json {
        terminal.json(&report)?;
    } else {
        terminal.say(show(&report))?;
    }
    if report.holds() { Ok(()) } else { Err(Failure::Told(exit::REFUSED)) }
}

/// A report as people read it.
pub(crate) fn show(report: &Report) -> String {
    let mut sheet = Sheet::new(2, 1);
    for check in &report.checks {
        sheet.row([if check.ok { "  相符" } else { "  不符" }.to_owned(), check.name.to_owned(), check.compared.to_string()]);
    }
    let mut out = format!("核对 {} 项，比较 {} 处\n{sheet}", report.checks.len(), report.compared());
    for b in report.breaks.iter().take(SHOWN) {
        out += &format!("  {}  {} {}：应为 {}，实为 {}\n", b.check, b.table, b.key, b.expected, b.found);
    }
    if report.breaks.len() > SHOWN {
        out += &format!("  另有 {} 处，用 --json 查看全部。\n", report.breaks.len() - SHOWN);
    }
    out + if report.holds() {
        "全部相符。"
    } else {
        "有不符之处。先停办相关业务，查明原因再以冲正更正，不要直接改库。"
    }
}

/// Why a proof was not led to its end.
pub(crate) fn of_verify(e: shell_verify::VerifyError) -> Failure {
    match e {
        shell_verify::VerifyError::Policy(e) => Failure::File(e.to_string()),
        e => Failure::Outage(e.to_string()),
    }
}
