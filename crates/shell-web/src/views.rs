//! Whole pages as functions over view-models: `page(&Frame, &Workbench) -> Markup`.
//!
//! A view-model holds what a page shows, in the words of the screen; a handler fills it from the store, and no view asks for
//! anything by itself. So a page can be shown, tested and looked at with sample data (see [`crate::design`]).

pub mod audit;
pub mod case;
pub mod case_form;
pub mod catalogue;
pub mod day_end;
pub mod employer;
pub mod import;
pub mod list;
pub mod member;
pub mod policy;
pub mod problem;
pub mod remittance;
pub mod review;
pub mod second_factor;
pub mod sessions;
pub mod sign_in;
pub mod sub_ledger;
pub mod trial_balance;
pub mod upload;
pub mod users;
pub mod voucher;
pub mod workbench;
