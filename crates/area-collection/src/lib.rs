#![doc = include_str!("../README.md")]

pub mod actions;
pub mod interest;
pub mod rows;
pub mod settle;
pub mod terms;

pub use actions::ACTIONS;
