//! A running loan (在贷) and what happens to it: periods fall due, are paid or missed; early repayment, settlement.
//!
//! Pure steps on a value: the calculator tells a whole story with them, the loan actions one step at a time.

use core_calendar::{Day, Month};
use core_money::{Fraction, Money, Rate, Reading};

use crate::convention::{Conventions, PenaltyBase, Shorten, actual_days};
use crate::instalment::Instalment;
use crate::interest::penalty_interest;
use crate::rates::LoanRates;
use crate::schedule::{MOST_PERIODS, Method, TermsError, schedule_paying, shortest_term};

/// Terms of a contract (借款合同要素).
#[derive(Clone, Debug)]
pub struct Terms {
    /// Amount paid out (贷款金额).
    pub principal: Money,
    /// Method of repayment (还款方式).
    pub method: Method,
    /// Number of periods (期数).
    pub periods: u32,
    /// Day of disbursement (放款日).
    pub disbursed_on: Day,
    /// Day of the month on which instalments fall due (还款日), the last day where the month is shorter. A bullet loan is due so many
    /// months after its disbursement instead.
    pub due_day: u32,
    /// Rates over its life.
    pub rates: LoanRates,
    /// Conventions.
    pub conventions: Conventions,
}

impl Terms {
    /// Due day of a period (应还日), from 1: the first is in the month after disbursement (X-B8).
    pub fn due(&self, period: u32) -> Day {
        let month = |months: u32| Month::from_number(Month::of(self.disbursed_on).number() + months as i32);
        match self.method {
            Method::Bullet => month(self.periods).clamped(self.disbursed_on.day()),
            _ => month(period).clamped(self.due_day),
        }
    }
}

/// Choice of an early repayment (提前还款方式; handbook 05 §4.7.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, core_case::Choice)]
pub enum PrepaymentChoice {
    /// Shorter term (缩短期限), by the contract's meaning of it.
    #[choice("shorten", "缩短期限")]
    Shorten,
    /// Lower instalment (减少月供), the term kept.
    #[choice("lower", "减少月供")]
    Lower,
}

/// A period that fell due and was not paid in full (逾期一期).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrear {
    /// Which period.
    pub period: u32,
    /// When it fell due.
    pub due: Day,
    /// Overdue principal (逾期本金).
    pub principal: Money,
    /// Overdue interest (逾期利息).
    pub interest: Money,
    /// Penalty posted and still owed (罚息).
    pub penalty: Money,
    /// Penalty is posted up to this day (上次罚息计息日).
    pub penalty_to: Day,
}

/// What one payment was for (还款构成).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paid {
    /// Principal (本金).
    pub principal: Money,
    /// Interest (利息).
    pub interest: Money,
    /// Penalty (罚息).
    pub penalty: Money,
}

impl Paid {
    /// All of it.
    pub fn total(&self) -> Money {
        self.principal + self.interest + self.penalty
    }

    fn add(&mut self, other: Paid) {
        self.principal += other.principal;
        self.interest += other.interest;
        self.penalty += other.penalty;
    }
}

/// Why a step cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// Nothing is owed on that day.
    #[error("当日没有应还未还的款项；提前还款请用 prepay")]
    NothingDue,
    /// More than is owed.
    #[error("超过当日应还的 {0} 元；多出的部分请用 prepay 并选择缩短期限或减少月供")]
    MoreThanDue(Money),
    /// Early repayment while something is overdue (handbook 05 §4.7.1).
    #[error("尚有逾期 {0} 元未还，还清后才能提前还款")]
    Overdue(Money),
    /// Early repayment of everything or more.
    #[error("提前还款的本金达到剩余本金 {0} 元，请用 settle 结清")]
    Settles(Money),
    /// Part of a bullet loan (handbook 05 §4.5.1).
    #[error("利随本清的贷款不能部分提前还款，请用 settle 结清")]
    BulletInPart,
    /// The last period only settles (handbook 05 §4.7.8).
    #[error("只剩最后一期，请用 settle 结清")]
    LastPeriod,
    /// The loan is settled already.
    #[error("贷款已经结清")]
    Settled,
    /// The arithmetic has no answer.
    #[error(transparent)]
    Terms(#[from] TermsError),
}

/// A running loan (在贷): what is not yet due, and what is overdue.
#[derive(Clone, Debug)]
pub struct Loan {
    terms: Terms,
    /// Principal not yet due (未到期本金).
    balance: Money,
    /// Periods that fell due.
    fallen: u32,
    /// Periods still to come (剩余期数).
    left: u32,
    /// Equal instalments: the instalment; equal principal: the principal of a period.
    level: Money,
    /// The rate the level was formed at.
    rate: Rate,
    arrears: Vec<Arrear>,
}

impl Loan {
    /// The loan on the day it is paid out.
    ///
    /// Errors: terms that make no loan.
    pub fn disbursed(terms: Terms) -> Result<Loan, StepError> {
        if !terms.principal.is_positive() {
            return Err(TermsError::NoPrincipal.into());
        }
        if terms.periods == 0 || terms.periods > MOST_PERIODS {
            return Err(TermsError::Periods.into());
        }
        let (balance, left, rate) = (terms.principal, terms.periods, terms.rates.on(terms.disbursed_on));
        let mut loan = Loan { terms, balance, fallen: 0, left, level: Money::ZERO, rate, arrears: Vec::new() };
        loan.form()?;
        Ok(loan)
    }

    /// Terms of its contract.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// All principal still owed (贷款余额), the overdue part included.
    pub fn balance(&self) -> Money {
        self.balance + self.arrears.iter().map(|arrear| arrear.principal).sum()
    }

    /// Overdue principal and interest (逾期本息).
    pub fn overdue(&self) -> Money {
        self.arrears.iter().map(|arrear| arrear.principal + arrear.interest).sum()
    }

    /// Periods that are not paid in full, the oldest first.
    pub fn arrears(&self) -> &[Arrear] {
        &self.arrears
    }

    /// The next period and its due day; none when all have fallen due or the loan is settled.
    pub fn next(&self) -> Option<(u32, Day)> {
        (self.left > 0).then(|| {
            let period = if self.terms.method == Method::Bullet { self.terms.periods } else { self.fallen + 1 };
            (period, self.terms.due(period))
        })
    }

    /// Number of the last period that fell due, 0 before the first.
    pub fn period(&self) -> u32 {
        self.fallen
    }

    /// The day up to which interest of the balance has fallen due (上次计息日).
    pub fn counted_to(&self) -> Day {
        if self.fallen == 0 { self.terms.disbursed_on } else { self.terms.due(self.fallen) }
    }

    /// The next period falls due (到期): its principal and interest are owed from now on.
    ///
    /// The rate is that of the period's last day, for the whole period; where it changed, the instalment is formed anew on what is
    /// left (handbook 05 §4.6; X-B5, X-D01). A broken first period changes its interest only, its principal is that of a whole one.
    ///
    /// Errors: no period is left; an amount beyond all bounds.
    pub fn fall_due(&mut self) -> Result<Arrear, StepError> {
        let (period, due) = self.next().ok_or(StepError::Settled)?;
        let from = self.counted_to();
        if self.rate != self.terms.rates.on(due.pred()) && self.terms.method != Method::Bullet {
            self.rate = self.terms.rates.on(due.pred());
            if self.terms.method == Method::EqualInstalment {
                self.form()?;
            }
        }
        let conventions = self.terms.conventions;
        let days = actual_days(from, due);
        let ordinary = self.round(conventions.interest(self.balance, self.rate, days))?;
        let (principal, interest) = match self.terms.method {
            Method::Bullet => {
                let interest = self.bullet_interest(due)?;
                (self.balance, interest)
            }
            method => {
                let share = if method == Method::EqualPrincipal { self.level } else { self.level - ordinary };
                let principal = if self.left == 1 { self.balance } else { share.clamp(Money::ZERO, self.balance) };
                let interest = match self.fallen {
                    0 => self.round(conventions.first_interest(self.balance, self.rate, from, due))?,
                    _ => ordinary,
                };
                (principal, interest)
            }
        };
        self.balance -= principal;
        self.left = if self.terms.method == Method::Bullet { 0 } else { self.left - 1 };
        self.fallen = period;
        let arrear = Arrear { period, due, principal, interest, penalty: Money::ZERO, penalty_to: due };
        // A loan of a few fen may be cleared before its last period; what is left of them asks for nothing.
        if !(principal.is_zero() && interest.is_zero()) {
            self.arrears.push(arrear);
        }
        Ok(arrear)
    }

    /// Penalty (罚息) of a period up to a day, posted and not, unpaid: computed daily, rounded once when it is posted.
    fn penalty(&self, arrear: &Arrear, on: Day) -> Result<Money, StepError> {
        let conventions = &self.terms.conventions;
        let base = match conventions.penalty_base {
            PenaltyBase::Principal => arrear.principal,
            PenaltyBase::Both => arrear.principal + arrear.interest,
        };
        let exact = self.terms.rates.spans(arrear.penalty_to, on).fold(Fraction::from(Money::ZERO), |sum, (from, to, rate)| {
            let days = conventions.days_late(from, to);
            sum + penalty_interest(base, rate, conventions.penalty_factor, days, conventions.day_base)
        });
        Ok(arrear.penalty + self.round(exact)?)
    }

    /// Everything owed on a day (应还合计): arrears with their penalty.
    ///
    /// Errors: an amount beyond all bounds.
    pub fn owed(&self, on: Day) -> Result<Paid, StepError> {
        let mut owed = Paid::default();
        for arrear in &self.arrears {
            owed.add(Paid { principal: arrear.principal, interest: arrear.interest, penalty: self.penalty(arrear, on)? });
        }
        Ok(owed)
    }

    /// Pays what is owed (还款), or the given part of it: the oldest period first, of each its penalty, interest and principal
    /// (handbook 17 §14, `lending.settlement_order`).
    ///
    /// Errors: nothing is owed; more is paid than is owed.
    pub fn pay(&mut self, on: Day, amount: Option<Money>) -> Result<Paid, StepError> {
        let owed = self.owed(on)?.total();
        if !owed.is_positive() {
            return Err(StepError::NothingDue);
        }
        let mut rest = amount.unwrap_or(owed);
        if rest > owed {
            return Err(StepError::MoreThanDue(owed));
        }
        for at in 0..self.arrears.len() {
            let penalty = self.penalty(&self.arrears[at], on)?;
            let arrear = &mut self.arrears[at];
            (arrear.penalty, arrear.penalty_to) = (penalty, on.max(arrear.penalty_to));
        }
        let mut paid = Paid::default();
        let mut take = |owed: &mut Money, paid: &mut Money| {
            let part = rest.min(*owed);
            rest -= part;
            *owed -= part;
            *paid += part;
        };
        for arrear in &mut self.arrears {
            take(&mut arrear.penalty, &mut paid.penalty);
            take(&mut arrear.interest, &mut paid.interest);
            take(&mut arrear.principal, &mut paid.principal);
        }
        self.arrears.retain(|arrear| !(arrear.principal.is_zero() && arrear.interest.is_zero() && arrear.penalty.is_zero()));
        Ok(paid)
    }

    /// Repays part of the loan early (部分提前还款). On a due day all of it is principal; between two, it also pays the interest of the
    /// principal it repays, for the days since the last due day (handbook 05 §4.7.5).
    ///
    /// Errors: arrears; a bullet loan; all of the balance or more; only one period left; an instalment that cannot be formed.
    pub fn prepay(&mut self, on: Day, amount: Money, choice: PrepaymentChoice) -> Result<Paid, StepError> {
        self.clear(on)?;
        if self.terms.method == Method::Bullet {
            return Err(StepError::BulletInPart);
        }
        if self.left == 1 {
            return Err(StepError::LastPeriod);
        }
        let days = actual_days(self.counted_to(), on);
        let rate = self.terms.rates.on(on.pred());
        // principal × (1 + f) = amount, where f is the interest of one yuan over those days.
        let one = Fraction::from(Money::from_fen(1));
        let grown = one + self.terms.conventions.broken_interest(Money::from_fen(1), rate, days);
        let principal = self.round(Fraction::new(i128::from(amount.fen()) * grown.denom(), grown.numer()))?;
        if principal >= self.balance {
            return Err(StepError::Settles(self.balance));
        }
        let before = (self.level, self.rate, self.left);
        self.balance -= principal;
        self.rate = rate;
        let formed = match choice {
            PrepaymentChoice::Lower => self.form(),
            PrepaymentChoice::Shorten => self.shorten(before.0),
        };
        if let Err(why) = formed {
            self.balance += principal;
            (self.level, self.rate, self.left) = before;
            return Err(why);
        }
        Ok(Paid { principal, interest: amount - principal, penalty: Money::ZERO })
    }

    /// Settles the loan (提前结清): arrears with penalty, the rest of the principal, and its interest for the days since the last
    /// due day (X-B6).
    ///
    /// Errors: it is settled already.
    pub fn settle(&mut self, on: Day) -> Result<Paid, StepError> {
        if self.balance().is_zero() && self.arrears.is_empty() {
            return Err(StepError::Settled);
        }
        let mut paid = self.owed(on)?;
        let interest = match self.terms.method {
            _ if self.balance.is_zero() => Money::ZERO,
            Method::Bullet => self.bullet_interest(on)?,
            _ => {
                let days = actual_days(self.counted_to(), on);
                self.round(self.terms.conventions.broken_interest(self.balance, self.terms.rates.on(on.pred()), days))?
            }
        };
        paid.add(Paid { principal: self.balance, interest, penalty: Money::ZERO });
        (self.balance, self.left) = (Money::ZERO, 0);
        self.arrears.clear();
        Ok(paid)
    }

    /// Refuses where something is overdue.
    fn clear(&self, on: Day) -> Result<(), StepError> {
        match self.owed(on)?.total() {
            owed if owed.is_positive() => Err(StepError::Overdue(owed)),
            _ if self.balance.is_zero() => Err(StepError::Settled),
            _ => Ok(()),
        }
    }

    /// Simple interest of a bullet loan from disbursement on.
    fn bullet_interest(&self, to: Day) -> Result<Money, StepError> {
        self.round(self.terms.conventions.months_interest(self.balance, self.rate, self.terms.disbursed_on, to))
    }

    /// Forms the level anew on balance, rate and periods left (重新计算期供).
    fn form(&mut self) -> Result<(), StepError> {
        self.level = match self.terms.method {
            Method::Bullet => Money::ZERO,
            Method::EqualPrincipal => self.round(Fraction::from(self.balance).over(i128::from(self.left)))?,
            Method::EqualInstalment => self.instalment(self.left)?,
        };
        Ok(())
    }

    /// The instalment that repays the balance in so many periods.
    fn instalment(&self, periods: u32) -> Result<Money, StepError> {
        let conventions = &self.terms.conventions;
        let exact = match conventions.period_base() {
            None => Instalment::of(self.balance, self.rate, periods),
            Some(base) => {
                let mut from = self.counted_to();
                let days: Vec<u32> = (self.fallen + 1..=self.fallen + periods)
                    .map(|period| {
                        let due = self.terms.due(period);
                        actual_days(std::mem::replace(&mut from, due), due)
                    })
                    .collect();
                Instalment::by_days(self.balance, self.rate, base, &days)
            }
        };
        Ok(exact.and_then(|exact| exact.round(conventions.rounding)).ok_or(TermsError::TooLarge)?)
    }

    /// Fewer periods with a level not above the old one, or just the old one.
    fn shorten(&mut self, old: Money) -> Result<(), StepError> {
        let conventions = self.terms.conventions;
        match (self.terms.method, conventions.shorten) {
            (Method::Bullet, _) => Err(StepError::BulletInPart),
            (Method::EqualPrincipal, way) => {
                let periods = (self.balance.fen() + old.fen() - 1) / old.fen().max(1);
                self.left = u32::try_from(periods).map_err(|_| TermsError::Periods)?;
                if way == Shorten::WholePeriods { self.form() } else { Ok(()) }
            }
            (Method::EqualInstalment, Shorten::KeepInstalment) => {
                self.left = self.periods_paying(old)?;
                self.level = old;
                Ok(())
            }
            (Method::EqualInstalment, Shorten::WholePeriods) => {
                self.left = match conventions.period_base() {
                    None => shortest_term(self.balance, self.rate, old, conventions.rounding)?,
                    // By days there is no closed form of the term; the old one bounds it.
                    Some(_) => {
                        let (mut low, mut high) = (1, self.left);
                        while low < high {
                            let middle = low + (high - low) / 2;
                            if self.instalment(middle)? <= old { high = middle } else { low = middle + 1 }
                        }
                        low
                    }
                };
                self.form()
            }
        }
    }

    /// Number of periods until an instalment has cleared the balance.
    fn periods_paying(&self, instalment: Money) -> Result<u32, StepError> {
        let conventions = &self.terms.conventions;
        if conventions.period_base().is_none() {
            let plan = schedule_paying(self.balance, self.rate, instalment, conventions.rounding)?;
            return Ok(u32::try_from(plan.rows.len()).unwrap_or(u32::MAX));
        }
        let (mut balance, mut from) = (self.balance, self.counted_to());
        for periods in 1..=self.left {
            let due = self.terms.due(self.fallen + periods);
            let interest = self.round(conventions.interest(balance, self.rate, actual_days(from, due)))?;
            (balance, from) = (balance - (instalment - interest), due);
            if !balance.is_positive() {
                return Ok(periods);
            }
        }
        Ok(self.left)
    }

    fn round(&self, exact: Fraction) -> Result<Money, StepError> {
        let rounding = self.terms.conventions.rounding;
        Ok(rounding.checked_apply(Reading::Digit, exact.numer(), exact.denom()).ok_or(TermsError::TooLarge)?)
    }
}
