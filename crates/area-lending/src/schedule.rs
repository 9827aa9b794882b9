//! Repayment schedules (还款计划).

use core_money::{Fraction, Money, Rate, Reading, Rounding};
use serde::{Deserialize, Serialize};

use crate::instalment::Instalment;
use crate::interest::period_interest;

/// Method of repayment (还款方式), list A.11 (handbook 10 §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Equal instalments (等额本息), 01: the same payment each period.
    EqualInstalment,
    /// Equal principal (等额本金), 02: the same principal each period, so payments fall.
    EqualPrincipal,
    /// Bullet (利随本清), 03: principal and simple interest at the end.
    Bullet,
}

impl Method {
    /// All three.
    pub const ALL: [Method; 3] = [Method::EqualInstalment, Method::EqualPrincipal, Method::Bullet];

    /// The method of this key.
    pub fn from_key(key: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|method| method.key() == key)
    }

    /// Key in commands and JSON.
    pub const fn key(self) -> &'static str {
        match self {
            Method::EqualInstalment => "equal-instalment",
            Method::EqualPrincipal => "equal-principal",
            Method::Bullet => "bullet",
        }
    }

    /// Code of list A.11.
    pub const fn code(self) -> &'static str {
        match self {
            Method::EqualInstalment => "01",
            Method::EqualPrincipal => "02",
            Method::Bullet => "03",
        }
    }

    /// Name on screens.
    pub const fn term(self) -> &'static str {
        match self {
            Method::EqualInstalment => "等额本息",
            Method::EqualPrincipal => "等额本金",
            Method::Bullet => "利随本清",
        }
    }
}

/// Repayment schedule (还款计划).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Schedule {
    /// One row a period; of a bullet loan only the last period.
    pub rows: Vec<Row>,
    /// Interest of all rows (利息合计).
    pub total_interest: Money,
}

/// One period (一期) of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Number of the period (期次), from 1.
    pub period: u32,
    /// What is paid (应还金额): principal and interest.
    pub payment: Money,
    /// Principal in it (应还本金).
    pub principal: Money,
    /// Interest in it (应还利息).
    pub interest: Money,
    /// Balance after it (剩余本金).
    pub balance: Money,
}

/// Why there is no schedule for such terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// The principal is not above zero.
    #[error("贷款金额应大于零")]
    NoPrincipal,
    /// The rate is below zero.
    #[error("利率不能小于零")]
    NegativeRate,
    /// No period, or more than four digits hold (JGJ/T 320, 贷款期数 N4).
    #[error("期数应为 1 至 9999")]
    Periods,
    /// A figure of the schedule is beyond any amount.
    #[error("金额过大，无法计算")]
    TooLarge,
    /// The payment does not even cover the interest of the first period, so the loan would never end.
    #[error("每期还款额不足以支付首期利息")]
    TooSmall,
}

/// Most periods, N4 (handbook 10 §3, 6.0.2).
pub(crate) const MOST_PERIODS: u32 = 9_999;

/// The schedule of a loan: whole periods at a twelfth of the yearly rate, payment and interest rounded by the given mode, the last
/// period clears the balance (handbook 16 §1, X-C1 and X-C6; §6).
///
/// A loan of a few fen over many periods may be cleared early because its payment was rounded up; the periods left then pay nothing.
///
/// Errors: terms that make no loan; figures beyond any amount.
pub fn schedule(principal: Money, rate: Rate, periods: u32, method: Method, rounding: Rounding) -> Result<Schedule, TermsError> {
    check(principal, rate)?;
    if periods == 0 || periods > MOST_PERIODS {
        return Err(TermsError::Periods);
    }
    match method {
        Method::EqualInstalment => {
            let payment = instalment(principal, rate, periods, rounding)?;
            run(principal, rate, periods, rounding, |interest| payment - interest)
        }
        Method::EqualPrincipal => {
            let part = round(Fraction::from(principal).over(i128::from(periods)), rounding)?;
            run(principal, rate, periods, rounding, |_| part)
        }
        Method::Bullet => {
            let interest = round(period_interest(principal, rate).times(i128::from(periods)), rounding)?;
            let payment = principal.checked_add(interest).ok_or(TermsError::TooLarge)?;
            let row = Row { period: periods, payment, principal, interest, balance: Money::ZERO };
            Ok(Schedule { rows: vec![row], total_interest: interest })
        }
    }
}

/// The schedule that pays a given amount each period until the balance is cleared: early repayment that keeps the instalment
/// (X-B6 "keep the payment exactly", X-D03). The last payment is what is left.
///
/// Errors: a payment that does not cover the first interest or needs more than 9999 periods.
pub fn schedule_paying(principal: Money, rate: Rate, payment: Money, rounding: Rounding) -> Result<Schedule, TermsError> {
    check(principal, rate)?;
    if payment <= round(period_interest(principal, rate), rounding)? {
        return Err(TermsError::TooSmall);
    }
    let mut plan = run(principal, rate, MOST_PERIODS, rounding, |interest| payment - interest)?;
    let used = plan.rows.iter().position(|row| row.balance.is_zero()).map_or(plan.rows.len(), |at| at + 1);
    plan.rows.truncate(used);
    match plan.rows.last() {
        Some(last) if last.payment <= payment => Ok(plan),
        _ => Err(TermsError::Periods),
    }
}

/// The smallest whole number of periods whose instalment is not above the given one: early repayment that shortens the term and
/// re-amortises (X-B6; handbook 17 §14, `lending.prepayment`).
///
/// Errors: no term up to 9999 periods has so small an instalment.
pub fn shortest_term(principal: Money, rate: Rate, most: Money, rounding: Rounding) -> Result<u32, TermsError> {
    check(principal, rate)?;
    if most <= round(period_interest(principal, rate), rounding)? && rate > Rate::ZERO {
        return Err(TermsError::TooSmall);
    }
    let fits = |periods: u32| instalment(principal, rate, periods, rounding).map(|payment| payment <= most);
    // Instalments fall as the term grows. Double until one fits, then halve the last step: below `low` none fits, from `high` on
    // all do. Short terms are tried first because the exact instalment of a long one has long numbers.
    let (mut low, mut high) = (1, 1);
    while !fits(high)? {
        if high == MOST_PERIODS {
            return Err(TermsError::TooSmall);
        }
        (low, high) = (high + 1, (high * 2).min(MOST_PERIODS));
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if fits(middle)? { high = middle } else { low = middle + 1 }
    }
    Ok(low)
}

fn check(principal: Money, rate: Rate) -> Result<(), TermsError> {
    if !principal.is_positive() {
        Err(TermsError::NoPrincipal)
    } else if rate < Rate::ZERO {
        Err(TermsError::NegativeRate)
    } else {
        Ok(())
    }
}

fn instalment(principal: Money, rate: Rate, periods: u32, rounding: Rounding) -> Result<Money, TermsError> {
    Instalment::of(principal, rate, periods).and_then(|exact| exact.round(rounding)).ok_or(TermsError::TooLarge)
}

fn round(exact: Fraction, rounding: Rounding) -> Result<Money, TermsError> {
    rounding.checked_apply(Reading::Digit, exact.numer(), exact.denom()).ok_or(TermsError::TooLarge)
}

/// Runs the balance down; `share` tells the principal of a period from its interest.
fn run(principal: Money, rate: Rate, periods: u32, rounding: Rounding, share: impl Fn(Money) -> Money) -> Result<Schedule, TermsError> {
    let (mut balance, mut total_interest) = (principal, Money::ZERO);
    let mut rows = Vec::with_capacity(periods as usize);
    for period in 1..=periods {
        let interest = round(period_interest(balance, rate), rounding)?;
        let principal = if period == periods { balance } else { share(interest).clamp(Money::ZERO, balance) };
        let payment = principal.checked_add(interest).ok_or(TermsError::TooLarge)?;
        total_interest = total_interest.checked_add(interest).ok_or(TermsError::TooLarge)?;
        balance -= principal;
        rows.push(Row { period, payment, principal, interest, balance });
    }
    Ok(Schedule { rows, total_interest })
}
