//! `anju bench singles`: durable postings one by one through HTTP by sixteen clients (单笔入账).
//!
//! On PostgreSQL beside TPC-B of the same server, in turns. On SQLite beside the same pipeline with a COMMIT a posting, in turns: what
//! committing all that wait together gives. Afterwards the books are proved, so that no posting was lost on the way.

use std::sync::Arc;
use std::time::Duration;

use crate::bench::Options;
use crate::bench::load;
use crate::bench::pgbench::TpcB;
use crate::bench::report::{Figure, Ratio, Section};
use crate::bench::town::{ACTION, Town};
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Clients.
const CLIENTS: usize = 16;
/// Turns of either side.
const TURNS: u64 = 3;

/// Measures single postings.
///
/// # Errors
/// As [`Town::open`], when a posting is not carried out, or the limit cannot be measured.
pub async fn run(options: &Options, terminal: &mut Terminal) -> Result<Section, Failure> {
    let bar = terminal.bar();
    bar.set_message("单位开户");
    let town = Arc::new(Town::open(options, "singles").await?);
    let told = measure(options, &town, &bar).await;
    bar.finish_and_clear();
    town.bed.remove().await?;
    told
}

async fn measure(options: &Options, town: &Arc<Town>, bar: &indicatif::ProgressBar) -> Result<Section, Failure> {
    bar.set_message("单笔入账");
    bar.set_length(TURNS);
    let length = Duration::from_secs(options.seconds);
    let (mut ours, mut limit) = (0.0, 0.0);
    let (statements, ratio) = match &options.database {
        Some(database) => {
            let tpc_b = TpcB::make(database).await?;
            for turn in 1..=TURNS {
                limit += tpc_b.rate(options.seconds).await?;
                ours += load::closed(town, CLIENTS, length).await?;
                bar.set_position(turn);
            }
            let statements = tpc_b.statements().await?;
            tpc_b.remove(database).await?;
            (statements, ("单笔入账 ÷ pgbench TPC-B", 0.5))
        }
        None => {
            for turn in 1..=TURNS {
                town.bed.centre.store.db.commit_alone(true);
                limit += load::closed(town, CLIENTS, length).await?;
                town.bed.centre.store.db.commit_alone(false);
                ours += load::closed(town, CLIENTS, length).await?;
                bar.set_position(turn);
            }
            (vec![format!("同一业务 {ACTION}，每笔单独 COMMIT")], ("成组提交 ÷ 每笔提交", 3.0))
        }
    };
    let compared = town.prove().await?;
    let each = |sum: f64| sum / TURNS as f64;
    let bed = &town.bed;
    Ok(Section {
        name: "singles",
        engine: bed.durability.engine.clone(),
        settings: bed.durability.settings.clone(),
        fdatasync: bed.fdatasync,
        figures: vec![
            Figure::new("客户端", CLIENTS as f64, "个"),
            Figure::new("单位", town.employers() as f64, "户"),
            Figure::new(format!("经 HTTP 办理 {ACTION}"), each(ours), "笔/秒"),
            Figure::new("极限", each(limit), "笔/秒"),
            Figure::new("共入账", town.posted() as f64, "笔"),
            Figure::new("入账后核对相符", compared as f64, "处"),
        ],
        limit: statements,
        ratios: vec![Ratio { what: ratio.0, ratio: ours / limit, wanted: ratio.1, at_least: true }],
    })
}
