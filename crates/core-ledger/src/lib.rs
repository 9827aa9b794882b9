//! Chart of accounts (会计科目), voucher templates, postings, accounting periods, red reversal.
//!
//! Money moves only through a [`Template`]: a fixed list of legs with sides and account roots, named after the entry of
//! handbook 06 §1.3 that it carries out. An effect names a template and gives one amount a leg and the parties; the personal
//! entry (明细) and the voucher lines both come from it, so sub-ledger and general ledger cannot part.
//!
//! Left out: statements and the yearly distribution; they come with the accounting area's later actions.

mod chart;
mod code;
pub mod entries;
mod voucher;

pub use chart::{Chart, ChartError, Class, LedgerAccount};
pub use code::{CodeError, LedgerCode, Side};
pub use entries::{Analytic, Leg, Root, Template};
pub use voucher::{Posting, Unbalanced, VoucherKind, balanced};
