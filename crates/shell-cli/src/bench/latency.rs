//! `anju bench latency`: how long a counter waits for its posting at a hundred postings a second (单笔响应).
//!
//! Postings are due at fixed times and measured from then, so a stall counts for everybody who came during it. The limit is what
//! the disk itself takes for one flush, measured before and after in the same folder: 3 × its p99 + 5 ms.

use std::sync::Arc;
use std::time::Duration;

use crate::bench::Options;
use crate::bench::disk::fdatasync;
use crate::bench::load::{self, quantile};
use crate::bench::report::{Figure, Ratio, Section};
use crate::bench::town::{ACTION, Town};
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Postings a second.
const RATE: u32 = 100;
/// No run is shorter.
const SHORTEST: u64 = 30;
/// Flushes timed on either side of the run.
const SYNCS: usize = 1_500;

/// Measures response times.
///
/// # Errors
/// As [`Town::open`], or when a posting is not carried out.
pub async fn run(options: &Options, terminal: &mut Terminal) -> Result<Section, Failure> {
    let bar = terminal.bar();
    bar.set_message("单位开户");
    let town = Arc::new(Town::open(options, "latency").await?);
    let told = measure(options, &town, &bar).await;
    bar.finish_and_clear();
    town.bed.remove().await?;
    told
}

async fn measure(options: &Options, town: &Arc<Town>, bar: &indicatif::ProgressBar) -> Result<Section, Failure> {
    let folder = town.bed.place.data.clone();
    bar.set_message("单笔响应");
    let before = fdatasync(&folder, SYNCS)?;
    let mut taken = load::open(town, RATE, Duration::from_secs(options.seconds.max(SHORTEST))).await?;
    let after = fdatasync(&folder, SYNCS)?;
    town.prove().await?;
    taken.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    // The smaller of both, which is against us.
    let flush = if before.p99_us < after.p99_us { before } else { after };
    let allowed = 3.0 * flush.p99_us as f64 / 1e3 + 5.0;
    let p99 = ms(quantile(&taken, 990));
    let bed = &town.bed;
    Ok(Section {
        name: "latency",
        engine: bed.durability.engine.clone(),
        settings: bed.durability.settings.clone(),
        fdatasync: flush,
        figures: vec![
            Figure::new(format!("经 HTTP 办理 {ACTION}"), f64::from(RATE), "笔/秒"),
            Figure::new("共入账", taken.len() as f64, "笔"),
            Figure::new("中位", ms(quantile(&taken, 500)), "毫秒"),
            Figure::new("p99", p99, "毫秒"),
            Figure::new("p99.9", ms(quantile(&taken, 999)), "毫秒"),
            Figure::new("最长", ms(quantile(&taken, 1_000)), "毫秒"),
            Figure::new("许可", allowed, "毫秒"),
        ],
        limit: vec!["3 × fdatasync 的 p99 + 5 毫秒".into()],
        ratios: vec![Ratio { what: "p99 ÷ 许可", ratio: p99 / allowed, wanted: 1.0, at_least: false }],
    })
}
