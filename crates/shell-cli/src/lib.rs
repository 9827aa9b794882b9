//! The anju commands.

pub mod calc;
pub mod demo;
pub mod exit;
mod sheet;
