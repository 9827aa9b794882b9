//! Bulk posting (批量入账): a month's lists confirmed and paid by the real bulk road.

use std::time::{Duration, Instant};

use crate::bench::bed::{Bed, opening_day};
use crate::bench::report::{Figure, Section};
use crate::bench::{Options, disk};
use crate::demo::local::Local;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Orders handed to the pipeline at once.
const PORTION: usize = 2_000;

/// Measures bulk posting.
///
/// # Errors
/// When durability is weakened, the database fails, or the centre refuses what it should not.
pub async fn run(options: &Options, terminal: &mut Terminal) -> Result<Section, Failure> {
    let bed = Bed::make(options, "bulk").await?;
    let lines = options.lines as usize;
    let outage = |e: sim::Given| Failure::Outage(e.to_string());
    let bar = terminal.bar();
    let mut told = |n: usize| bar.set_position(n as u64);
    let mut driver = Local::new(&bed.centre, bed.staff.clone());
    let mut month = sim::Month::of(lines, 1, opening_day());
    bar.set_message("单位开户");
    bar.set_length(month.employers() as u64);
    month.open(&mut driver, &mut told).await.map_err(outage)?;
    bar.set_message("职工开户");
    bar.set_length(lines as u64);
    month.hire(&mut driver, &mut told).await.map_err(outage)?;

    disk::forget_peak();
    bar.set_message("清册核定");
    bar.set_length(month.employers() as u64);
    let mut confirming = Duration::ZERO;
    let mut at = 0;
    while at < month.employers() {
        let until = (at + PORTION).min(month.employers());
        let orders = month.confirmations(at..until);
        let begun = Instant::now();
        sim::bulk::given(&mut driver, orders).await.map_err(outage)?;
        confirming += begun.elapsed();
        at = until;
        bar.set_position(at as u64);
    }
    bar.set_message("收款入账");
    let mut payments = month.payments(&mut driver).await.map_err(outage)?;
    let mut posting = Duration::ZERO;
    while !payments.is_empty() {
        let rest = payments.split_off(payments.len().min(PORTION));
        let orders = std::mem::replace(&mut payments, rest);
        let begun = Instant::now();
        sim::bulk::given(&mut driver, orders).await.map_err(outage)?;
        posting += begun.elapsed();
        bar.set_position((month.employers() - payments.len()) as u64);
    }
    let peak = disk::peak_mib();
    bar.finish_and_clear();

    let rate = |time: Duration| lines as f64 / time.as_secs_f64();
    let mut figures = vec![
        Figure::new("清册", month.employers() as f64, "份"),
        Figure::new("明细", lines as f64, "行"),
        Figure::new("核定清册", confirming.as_secs_f64(), "秒"),
        Figure::new("收款入账", posting.as_secs_f64(), "秒"),
        Figure::new("合计", rate(confirming + posting), "行/秒"),
    ];
    figures.extend(peak.map(|mib| Figure::new("本进程内存峰值", mib, "MiB")));
    Ok(Section {
        name: "bulk",
        engine: bed.durability.engine.clone(),
        settings: bed.durability.settings.clone(),
        fdatasync: bed.fdatasync,
        figures,
        limit: Vec::new(),
        ratios: Vec::new(),
    })
}
