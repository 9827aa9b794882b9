//! What a section of the benchmark found (测试结果), for people and for scripts.

use std::fmt;

use serde::Serialize;

use crate::bench::disk::Fdatasync;

/// A section's result.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    /// Name, as on the command line.
    pub name: &'static str,
    /// The engine and its version.
    pub engine: String,
    /// Settings that decide about durability, as the engine reported them in this run.
    pub settings: Vec<(String, String)>,
    /// What one flush to this disk costs.
    pub fdatasync: Fdatasync,
    /// Absolute figures.
    pub figures: Vec<Figure>,
    /// The statements of the limit, as they ran.
    pub limit: Vec<String>,
    /// Our figure beside the limit's.
    pub ratios: Vec<Ratio>,
}

/// An absolute figure.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What was measured.
    pub what: String,
    /// How much.
    pub value: f64,
    /// Of what.
    pub unit: &'static str,
}

/// A figure of ours beside that of the limit, measured in the same run.
#[derive(Clone, Debug, Serialize)]
pub struct Ratio {
    /// What was compared.
    pub what: &'static str,
    /// Ours ÷ limit.
    pub ratio: f64,
    /// What is wanted.
    pub wanted: f64,
    /// Whether the ratio should lie above what is wanted; below otherwise.
    pub at_least: bool,
}

impl Figure {
    /// A figure.
    pub fn new(what: impl Into<String>, value: f64, unit: &'static str) -> Figure {
        Figure { what: what.into(), value, unit }
    }
}

impl Ratio {
    /// Whether what is wanted is reached.
    pub fn reached(&self) -> bool {
        if self.at_least { self.ratio >= self.wanted } else { self.ratio <= self.wanted }
    }
}

/// A number as people read it: whole ones grouped, small ones with three digits.
fn shown(value: f64) -> String {
    if value.abs() < 100.0 {
        return format!("{value:.2}");
    }
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (n, c) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings: Vec<String> = self.settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
        writeln!(f, "{}  {}  {}", self.name, self.engine, settings.join(" "))?;
        let sync = &self.fdatasync;
        writeln!(f, "  fdatasync {} 次：中位 {} 微秒，p99 {} 微秒", sync.samples, sync.median_us, sync.p99_us)?;
        for figure in &self.figures {
            writeln!(f, "  {}  {} {}", figure.what, shown(figure.value), figure.unit)?;
        }
        if !self.limit.is_empty() {
            writeln!(f, "  极限的语句：")?;
            for statement in &self.limit {
                writeln!(f, "    {statement}")?;
            }
        }
        for ratio in &self.ratios {
            let sign = if ratio.at_least { "≥" } else { "≤" };
            let word = if ratio.reached() { "达到" } else { "未达到" };
            writeln!(f, "  比值 {}  {:.2}（目标 {sign} {:.2}，{word}）", ratio.what, ratio.ratio, ratio.wanted)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped_and_ratios_say_whether_they_are_reached() {
        assert_eq!((shown(1_234_567.4), shown(100.0), shown(0.456)), ("1,234,567".into(), "100".into(), "0.46".into()));
        let mut ratio = Ratio { what: "x", ratio: 0.4, wanted: 0.4, at_least: true };
        assert!(ratio.reached());
        ratio.ratio = 0.39;
        assert!(!ratio.reached());
        ratio.at_least = false;
        assert!(ratio.reached());
    }
}
