//! What the machine itself costs and allows: a flush to disk, the memory of this process (磁盘与内存).

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::time::Instant;

use serde::Serialize;

/// What one `fdatasync` costs, each after eight kilobytes appended (刷盘耗时).
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Fdatasync {
    /// How often it was measured.
    pub samples: usize,
    /// The middle, in microseconds.
    pub median_us: u64,
    /// One in a hundred took longer, in microseconds.
    pub p99_us: u64,
}

/// Times so many flushes to a folder's disk, at least one; the file is removed.
///
/// # Errors
/// When the folder cannot be written.
pub fn fdatasync(folder: &Path, samples: usize) -> io::Result<Fdatasync> {
    let path = folder.join("fdatasync.probe");
    let mut file = File::create(&path)?;
    let mut times = Vec::with_capacity(samples);
    for _ in 0..samples {
        file.write_all(&[1; 8_192])?;
        let begun = Instant::now();
        file.sync_data()?;
        times.push(begun.elapsed().as_micros() as u64);
    }
    std::fs::remove_file(&path)?;
    times.sort_unstable();
    Ok(Fdatasync { samples, median_us: times[samples / 2], p99_us: times[samples * 99 / 100] })
}

/// Begins to measure the largest memory anew; where the system does not offer it, the mark stays that of the whole process, which is
/// never too small.
pub fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// Largest resident memory of this process in MiB since [`forget_peak`]; none where the system does not tell.
pub fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib / 1_024.0)
}
