//! Files people use: Excel, CSV and bank notice files in; Excel and PDF out.
//!
//! The crate knows plain data only: no store, no areas, no clock. What a layout asks for is data ([`layouts`]), what is
//! wrong with a file is data ([`problem`]), and so are the documents that are printed.
//!

pub mod clean;
pub mod codes;
pub mod layout;
pub mod layouts;
pub mod mask;
pub mod pdf;
pub mod problem;
pub mod receipt;
pub mod sheet;
pub mod xlsx;
