//! The actions of accounting: one file, one name, everywhere.

use core_case::action::{Entry, entry};

mod period_close;
mod period_reopen;
mod voucher_manual;

/// Every action of this area, in the order of the service catalogue.
pub const ACTIONS: &[Entry] =
    &[entry::<period_close::PeriodClose>(), entry::<period_reopen::PeriodReopen>(), entry::<voucher_manual::VoucherManual>()];
