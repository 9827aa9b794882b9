//! Pages and JSON API, server-rendered, Chinese interface.
//!
//! Reading order: [`assets`] (styles and scripts under hashed addresses, the content security policy), [`ui`] (components:
//! functions over plain data), [`views`] (whole pages over view-models, which handlers fill from the store), [`design`]
//! (every component and page with sample data, at `/design`); then the live server: [`app`], [`door`] (what every request passes),
//! [`who`] and [`posted`] (extractors), [`fault`] (what did not go), [`handlers`] (one file a page).

pub mod api;
pub mod app;
pub mod assets;
pub mod attachments;
pub mod design;
pub mod door;
pub mod export;
pub mod fault;
pub mod handlers;
pub(crate) mod jobs;
pub mod listing;
pub(crate) mod materials;
pub(crate) mod packed;
pub mod posted;
pub mod reach;
pub mod shortcuts;
pub mod tasks;
pub mod tls;
pub mod ui;
pub mod views;
pub mod who;
pub mod words;
