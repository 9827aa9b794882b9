//! The checks (核对项): one file a subject, each naming the rows that do not hold.

pub mod audit;
pub mod banks;
pub mod claims;
pub mod days;
pub mod ledger;
pub mod lists;
pub mod months;
pub mod products;
pub mod receipts;
pub mod records;
pub mod reviews;
pub mod savings;
pub mod states;
pub mod suspense;
pub mod vouchers;

mod chart;
mod terms;

use crate::proof::Proof;
use crate::{Basis, VerifyError};

/// What a check is about (核对项).
#[derive(Debug, PartialEq, Eq)]
pub struct Subject {
    /// Name in reports: subject, a point, what must hold.
    pub name: &'static str,
    /// The same on screens.
    pub term: &'static str,
}

/// Every check, in the order of reports.
pub static ALL: &[&Subject] = &[
    &ledger::MEMBERS,
    &ledger::EMPLOYERS,
    &suspense::LEDGER,
    &receipts::LEDGER,
    &receipts::EACH,
    &banks::LEDGER,
    &vouchers::BALANCED,
    &vouchers::NUMBERED,
    &vouchers::LEAF_ONLY,
    &vouchers::REVERSED,
    &vouchers::TRACED,
    &savings::SEQUENCE,
    &savings::RUNNING,
    &savings::VALUE_DAY,
    &savings::MONTH_ONCE,
    &savings::REVERSED,
    &savings::LAST,
    &products::LAYERS,
    &products::PRODUCTS,
    &products::SETTLED,
    &suspense::SEQUENCE,
    &suspense::RUNNING,
    &suspense::LAST,
    &suspense::VOUCHERS,
    &lists::LINES,
    &lists::AMOUNTS,
    &lists::BASES,
    &lists::RATES,
    &lists::ENTRIES,
    &lists::VOUCHERS,
    &lists::STATES,
    &months::IN_ORDER,
    &records::MEMBERSHIPS,
    &records::SEALS,
    &reviews::FOUR_EYES,
    &states::KNOWN,
    &claims::HELD,
    &days::ROLLED_UP,
    &audit::CHAIN,
];

/// Runs all of them but the audit chain, which has its own way of reading.
pub(crate) async fn run(proof: &mut Proof<'_>, basis: Basis<'_>) -> Result<(), VerifyError> {
    receipts::run(proof).await?;
    banks::run(proof).await?;
    vouchers::run(proof, basis).await?;
    suspense::run(proof).await?;
    let heads = lists::heads(proof).await?;
    let kept = savings::run(proof, basis, &heads).await?;
    ledger::run(proof, &kept).await?;
    lists::run(proof, basis, &heads, &kept).await?;
    months::run(proof).await?;
    records::run(proof).await?;
    reviews::run(proof).await?;
    states::run(proof).await?;
    claims::run(proof).await?;
    days::run(proof).await?;
    Ok(())
}
