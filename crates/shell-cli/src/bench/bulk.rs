//! Bulk posting (批量入账): a month's lists confirmed and paid by the real bulk road, beside the raw limit of the engine.
//!
//! The clock runs from the first command read until the last chunk is durable: facts, decisions, list lines, entries, balances,
//! vouchers, cases and audit. The limit writes the same rows into a copy of the same database, see [`shell_store::db::limit`].

use std::time::{Duration, Instant};

use shell_store::db::limit::Limit;

use crate::bench::bed::{Bed, opening_day};
use crate::bench::report::{Figure, Ratio, Section};
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
    let measured = measure(&bed, options.lines as usize, terminal).await;
    bed.remove().await?;
    measured
}

async fn measure(bed: &Bed, lines: usize, terminal: &mut Terminal) -> Result<Section, Failure> {
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

    let limit = Limit::before(&bed.place.address(), &bed.code).await?;
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

    let raw = limit.run().await?;
    bed.still_durable().await?;
    let ours = confirming + posting;
    let rate = |time: Duration| lines as f64 / time.as_secs_f64();
    let mut figures = vec![
        Figure::new("清册", month.employers() as f64, "份"),
        Figure::new("明细", lines as f64, "行"),
        Figure::new("核定清册", confirming.as_secs_f64(), "秒"),
        Figure::new("收款入账", posting.as_secs_f64(), "秒"),
        Figure::new("合计", rate(ours), "行/秒"),
        Figure::new("极限：写入同样的行", raw.time.as_secs_f64(), "秒"),
        Figure::new("极限：新行", raw.inserted as f64, "行"),
        Figure::new("极限：改行", raw.updated as f64, "行"),
    ];
    figures.extend(peak.map(|mib| Figure::new("本进程内存峰值", mib, "MiB")));
    Ok(Section {
        name: "bulk",
        engine: bed.durability.engine.clone(),
        settings: bed.durability.settings.clone(),
        fdatasync: bed.fdatasync,
        figures,
        limit: raw.statements.iter().map(|s| format!("{}  -- {} 行，{:.3} 秒", s.sql, s.rows, s.time.as_secs_f64())).collect(),
        ratios: vec![Ratio {
            what: "极限耗时 ÷ 本系统耗时",
            ratio: raw.time.as_secs_f64() / ours.as_secs_f64(),
            wanted: 0.4,
            at_least: true,
        }],
    })
}
