//! Files people use: Excel, CSV and bank notice files in; Excel and PDF out.
//!
//! The crate knows plain data only: no store, no areas, no clock. What a layout asks for is data ([`layouts`]), what is
//! wrong with a file is data ([`problem`]), and so are the documents that are printed.
//!
//! | in | out |
//! |---|---|
//! | [`sheet`]: `.xlsx`, `.xls` and CSV, read by a [`layout`] | [`xlsx`]: lists, statements and templates as workbooks |
//! | [`receipt`]: account-change notices of a bank | [`pdf`]: receipts, notices and statements to print |

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
