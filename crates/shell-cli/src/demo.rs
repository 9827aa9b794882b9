//! `anju demo`: a centre after the proportions of handbook 15, invented names, a fund-year day by day through the real pipeline.

pub mod local;
