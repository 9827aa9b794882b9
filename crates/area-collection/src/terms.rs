//! Words of collection: base applied, monthly amount of a side, value day of a payment.

use core_calendar::{Day, Month};
use core_case::effect::ValueDay;
use core_money::{Money, Rate, Reading, Rounding};
use core_policy::{Clock, PolicyValue, TimeLimit, Value};

/// Scale of a rate: ten-millionths of one.
const RATE_SCALE: i128 = 10_000_000;

/// Monthly amount (月缴存额) of one side: base × rate, rounded by the named mode in the named reading; sides are added after
/// rounding (handbook 02 §1.5.6, §1.5.7; 17 §2).
pub fn side_amount(base: Money, rate: Rate, (rounding, reading): (Rounding, Reading)) -> Money {
    rounding.apply_in(reading, i128::from(base.fen()) * i128::from(rate.units()), RATE_SCALE)
}

/// Contribution base (缴存基数) as applied in a month: not below the floor of the month, not above the cap of the fund-year
/// (handbook 02 §1.4.6; handbook 17 §1).
pub fn applied_base(base: Money, floor: Money, cap: Money) -> Money {
    base.max(floor).min(cap)
}

/// Sum of amounts as they were written; one that no amount can hold is [`Money::MAX`], which agrees with nothing.
pub fn total(amounts: impl IntoIterator<Item = Money>) -> Money {
    let fen: i128 = amounts.into_iter().map(|m| i128::from(m.fen())).sum();
    i64::try_from(fen).map_or(Money::MAX, Money::from_fen)
}

/// Value day of a list paid by its own receipt (起息日, handbook 17 §4, `collection.value_date.remittance`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, core_case::Choice)]
pub enum RemittanceValue {
    /// The later of the bank's accounting date and the list's confirmation.
    #[choice("later_of_bank_and_confirmation", "到账日与核定日较晚者")]
    LaterOfBankAndConfirmation,
    /// The bank's accounting date.
    #[choice("bank_day", "到账日")]
    BankDay,
    /// The day of posting.
    #[choice("posting_day", "入账日")]
    PostingDay,
}

impl RemittanceValue {
    /// The value day of a list confirmed on one day and paid on another.
    pub fn day(self, bank: Day, confirmed: Day) -> ValueDay {
        match self {
            RemittanceValue::LaterOfBankAndConfirmation => ValueDay::On(bank.max(confirmed)),
            RemittanceValue::BankDay => ValueDay::On(bank),
            RemittanceValue::PostingDay => ValueDay::Commit,
        }
    }
}

core_case::policy_choices! { RemittanceValue }

/// Value day of a list paid from suspense: the day of the allocation, since interest runs from the day the money is in the
/// member's account (Reg. 21; handbook 17 §4, `collection.value_date.from_suspense`).
///
/// `bank_day` stands among the family's choices, but suspense is a sum of payments and has no bank day of its own: a centre
/// that sets it is told so at once instead of being given another day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllocationDay;

impl PolicyValue for AllocationDay {
    const UNITS: &'static [&'static str] = &["choice"];
    fn read(value: &Value) -> Result<Self, String> {
        match value.text().as_str() {
            "allocation_day" => Ok(AllocationDay),
            other => Err(format!("未分摊款入账只能按分摊日起息，不能按 {other}")),
        }
    }
}

/// Term of a confirmed list (清册失效期限, handbook 17 §1, `collection.list_expiry`): calendar days or months.
///
/// Working days are not taken: the last day of the term is written when the list is confirmed, and the calendar of a year is
/// published when lists of the year before still wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListTerm(TimeLimit);

impl ListTerm {
    /// Last day on which money is taken.
    pub fn due(self, confirmed: Day) -> Day {
        let number = self.0.number as i32;
        match self.0.clock {
            Clock::Months => (Month::of(confirmed) + number).clamped(confirmed.day()),
            Clock::Days | Clock::WorkingDays => confirmed + number,
        }
    }
}

impl PolicyValue for ListTerm {
    const UNITS: &'static [&'static str] = &["time_limit"];
    fn read(value: &Value) -> Result<Self, String> {
        match TimeLimit::read(value)? {
            TimeLimit { clock: Clock::WorkingDays, .. } => Err("清册失效期限应写自然日或月".to_owned()),
            limit => Ok(ListTerm(limit)),
        }
    }
}

impl std::fmt::Display for ListTerm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.words())
    }
}
