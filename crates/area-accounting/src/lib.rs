#![doc = include_str!("../README.md")]

pub mod actions;

pub use actions::ACTIONS;
