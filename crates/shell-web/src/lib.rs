//! Pages and JSON API, server-rendered, Chinese interface.
//!
//! Reading order: [`assets`] (styles and scripts under hashed addresses, the content security policy), [`ui`] (components:
//! functions over plain data), [`views`] (whole pages over view-models, which handlers fill from the store), [`design`]
//! (every component and page with sample data, at `/design`).

pub mod assets;
pub mod design;
pub mod ui;
pub mod views;
