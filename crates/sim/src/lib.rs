//! A simulated centre: demonstration data, simulation with an independent auditor, benchmarks.
