//! Two kinds of load. Closed: so many clients, each posts again as soon as it is answered; what comes out is a rate. Open: postings are
//! due at fixed times whether or not the server keeps up, and each is measured from when it was due, so that a stall is felt
//! by all who would have come meanwhile (no coordinated omission); what comes out is a distribution.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::bench::town::Town;
use crate::client::Client;
use crate::failure::Failure;

/// Runs before anything counts: statements are prepared, pools filled.
const WARM: Duration = Duration::from_secs(1);

/// Postings a second by so many clients for so long.
pub(crate) async fn closed(town: &Arc<Town>, clients: usize, length: Duration) -> Result<f64, Failure> {
    let (over, counted) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let mut all = JoinSet::new();
    for n in 0..clients {
        let (town, over, counted) = (town.clone(), over.clone(), counted.clone());
        let mut client = Client::connect(town.at).await?;
        all.spawn(async move {
            let mut rng = fastrand::Rng::with_seed(n as u64);
            while !over.load(Ordering::Relaxed) {
                town.post(&mut client, &mut rng).await?;
                counted.fetch_add(1, Ordering::Relaxed);
            }
            Ok::<(), Failure>(())
        });
    }
    tokio::time::sleep(WARM).await;
    let (before, begun) = (counted.load(Ordering::Relaxed), Instant::now());
    tokio::time::sleep(length).await;
    let (after, took) = (counted.load(Ordering::Relaxed), begun.elapsed());
    over.store(true, Ordering::Relaxed);
    all_well(all).await?;
    Ok((after - before) as f64 / took.as_secs_f64())
}

/// Latencies of postings that are due at a fixed rate, in the order they were answered.
pub(crate) async fn open(town: &Arc<Town>, a_second: u32, length: Duration) -> Result<Vec<Duration>, Failure> {
    let total = u64::from(a_second) * length.as_secs();
    let every = Duration::from_secs(1) / a_second;
    let (next, taken) = (Arc::new(AtomicU64::new(0)), Arc::new(Mutex::new(Vec::with_capacity(total as usize))));
    // Enough connections that one is always free unless the server stands still.
    let connections = 32.min(a_second as usize);
    let begun = Instant::now() + WARM;
    let mut all = JoinSet::new();
    for n in 0..connections {
        let (town, next, taken) = (town.clone(), next.clone(), taken.clone());
        let mut client = Client::connect(town.at).await?;
        let mut rng = fastrand::Rng::with_seed(n as u64);
        town.post(&mut client, &mut rng).await?;
        all.spawn(async move {
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= total {
                    return Ok::<(), Failure>(());
                }
                let due = begun + every * at as u32;
                tokio::time::sleep_until(due.into()).await;
                town.post(&mut client, &mut rng).await?;
                taken.lock().await.push(due.elapsed());
            }
        });
    }
    all_well(all).await?;
    let taken = std::mem::take(&mut *taken.lock().await);
    Ok(taken)
}

async fn all_well(mut all: JoinSet<Result<(), Failure>>) -> Result<(), Failure> {
    while let Some(ended) = all.join_next().await {
        ended.map_err(|e| Failure::Outage(e.to_string()))??;
    }
    Ok(())
}

/// The value that so many of a thousand do not exceed.
pub(crate) fn quantile(sorted: &[Duration], thousandths: usize) -> Duration {
    let at = (sorted.len() * thousandths).div_ceil(1_000).max(1) - 1;
    sorted.get(at).copied().unwrap_or_default()
}
