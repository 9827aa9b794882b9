//! The actions of collection: one file, one name, everywhere. The next one adds its `mod` line and its line of the list.

use core_case::action::{Entry, entry};

mod base_adjust;
mod employer_import;
mod employer_open;
mod member_import;
mod member_open;
mod member_seal;
mod member_transfer;
mod member_unseal;
mod opening_import;
mod rate_change;
mod rates;
mod receipt_allocate;
mod receipt_record;
mod receipt_send_back;
mod receipt_split;
mod remittance_confirm;
mod remittance_expire;
mod remittance_reverse;
mod remittance_void;
mod suspense_move;
mod suspense_refund;

/// Every action of this area, in the order of the service catalogue.
pub const ACTIONS: &[Entry] = &[
    entry::<employer_open::EmployerOpen>(),
    entry::<employer_import::EmployerImport>(),
    entry::<member_open::MemberOpen>(),
    entry::<member_import::MemberImport>(),
    entry::<member_seal::MemberSeal>(),
    entry::<member_unseal::MemberUnseal>(),
    entry::<member_transfer::MemberTransfer>(),
    entry::<base_adjust::BaseAdjust>(),
    entry::<rate_change::RateChange>(),
    entry::<remittance_confirm::RemittanceConfirm>(),
    entry::<remittance_void::RemittanceVoid>(),
    entry::<remittance_expire::RemittanceExpire>(),
    entry::<remittance_reverse::RemittanceReverse>(),
    entry::<receipt_record::ReceiptRecord>(),
    entry::<receipt_allocate::ReceiptAllocate>(),
    entry::<receipt_split::ReceiptSplit>(),
    entry::<receipt_send_back::ReceiptSendBack>(),
    entry::<suspense_move::SuspenseMove>(),
    entry::<suspense_refund::SuspenseRefund>(),
    entry::<opening_import::OpeningImport>(),
];
