//! Conventions of a loan contract (合同约定的计息口径): parameters, since each of them moves a fen or more (handbook 16 §1).

use core_calendar::{Day, DayCount, Month};
use core_case::Choice;
use core_money::{Fraction, Money, Rate, Rounding};
use core_policy::{NoRule, On, Place, PolicySet};

use crate::instalment::PERIODS_A_YEAR;
use crate::interest::{days_interest, period_interest};

/// Interest of a broken first period (首期计息): from disbursement to the first due day, where that is no whole month
/// (handbook 05 §4.5.8; handbook 17 §14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum FirstPeriod {
    /// All its days, actual / 360: X-B8 is 39 days, 1,690.00.
    #[choice("all-days", "按实际天数/360")]
    AllDays,
    /// Whole months as any other period, odd days at actual / 360.
    #[choice("month-plus-days", "整月按月、零头按实际天数/360")]
    MonthPlusDays,
    /// Days of 30-day months / 360: X-B8 is 38 days, 1,646.67.
    #[choice("thirty-day", "按每月 30 天/360")]
    ThirtyDay,
}

/// Interest of an ordinary period (期利率): `lending.period_rate` (handbook 16 §1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum MonthRate {
    /// A twelfth of the yearly rate, whatever the days of the month: X-C1.
    #[choice("twelfth", "年利率/12")]
    Twelfth,
    /// Actual days / 360: X-C3.
    #[choice("actual-360", "实际天数/360")]
    Actual360,
    /// Actual days / 365: X-C2.
    #[choice("actual-365", "实际天数/365")]
    Actual365,
}

/// What bears penalty interest (罚息基数; handbook 05 §4.9.4, handbook 17 §14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum PenaltyBase {
    /// Overdue principal (逾期本金).
    #[choice("principal", "逾期本金")]
    Principal,
    /// Overdue principal and interest (逾期本息). Penalty itself bears none.
    #[choice("both", "逾期本金和利息")]
    Both,
}

/// Days late (罚息天数; handbook 05 §4.9.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum PenaltyDays {
    /// Actual days.
    #[choice("actual", "实际天数")]
    Actual,
    /// Days of 30-day months.
    #[choice("thirty", "每月 30 天")]
    Thirty,
}

/// What a shorter term (缩短期限) means after an early repayment (handbook 05 §4.7.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Shorten {
    /// The smallest whole number of periods whose instalment is not above the old one, amortised anew.
    #[choice("whole-periods", "取最少整期数，重新计算期供")]
    WholePeriods,
    /// The old instalment to the fen; the last one is smaller.
    #[choice("keep-instalment", "期供不变，末期较少")]
    KeepInstalment,
}

core_case::policy_choices! { FirstPeriod, MonthRate, PenaltyBase, PenaltyDays, Shorten }

/// Conventions of a contract (计息口径), all of them named: what a calculation that reproduces a contract has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conventions {
    /// Broken first period.
    pub first_period: FirstPeriod,
    /// Ordinary periods.
    pub month_rate: MonthRate,
    /// Day base of broken days and of penalty: 360 or 365.
    pub day_base: u32,
    /// Penalty rate as a multiple of the contract's: 150 % is one and a half times it.
    pub penalty_factor: Rate,
    /// What bears penalty.
    pub penalty_base: PenaltyBase,
    /// How its days are counted.
    pub penalty_days: PenaltyDays,
    /// Meaning of a shorter term.
    pub shorten: Shorten,
    /// Rounding of instalments, interest and posted penalty.
    pub rounding: Rounding,
}

impl Conventions {
    /// The conventions in force on a day, the day of disbursement for a loan.
    ///
    /// Errors: a family without a step on that day.
    pub fn in_force(rules: &PolicySet, on: Day, place: &Place) -> Result<Conventions, NoRule> {
        let on = On::Day(on);
        let broken: DayCount = rules.in_force("lending.broken_days", on, place)?.value;
        Ok(Conventions {
            first_period: rules.in_force("lending.first_period", on, place)?.value,
            month_rate: rules.in_force("lending.period_rate", on, place)?.value,
            day_base: broken.year().unsigned_abs(),
            penalty_factor: rules.in_force("lending.penalty_factor", on, place)?.value,
            penalty_base: rules.in_force("lending.penalty_base", on, place)?.value,
            penalty_days: rules.in_force("lending.penalty_days", on, place)?.value,
            shorten: rules.in_force("lending.shorter_term", on, place)?.value,
            rounding: rules.in_force("lending.instalment_rounding", on, place)?.value,
        })
    }

    /// Day base of ordinary periods, where they bear interest by their days.
    pub const fn period_base(&self) -> Option<u32> {
        match self.month_rate {
            MonthRate::Twelfth => None,
            MonthRate::Actual360 => Some(360),
            MonthRate::Actual365 => Some(365),
        }
    }

    /// Interest of an ordinary period of so many days, not rounded.
    pub fn interest(&self, balance: Money, rate: Rate, days: u32) -> Fraction {
        match self.period_base() {
            None => period_interest(balance, rate),
            Some(base) => days_interest(balance, rate, days, base),
        }
    }

    /// Interest from disbursement to the first due day, not rounded. A whole month is an ordinary period.
    pub fn first_interest(&self, principal: Money, rate: Rate, from: Day, due: Day) -> Fraction {
        let (months, odd) = months_and_days(from, due);
        if self.period_base().is_some() || (months, odd) == (1, 0) {
            return self.interest(principal, rate, actual_days(from, due));
        }
        match self.first_period {
            FirstPeriod::AllDays => self.broken_interest(principal, rate, actual_days(from, due)),
            FirstPeriod::MonthPlusDays => self.months_interest(principal, rate, from, due),
            FirstPeriod::ThirtyDay => days_interest(principal, rate, thirty_days(from, due), 360),
        }
    }

    /// Interest of broken days (零头天数利息), not rounded: between two due days (X-B6).
    pub fn broken_interest(&self, balance: Money, rate: Rate, days: u32) -> Fraction {
        days_interest(balance, rate, days, self.period_base().unwrap_or(self.day_base))
    }

    /// Simple interest of whole months and the days over, not rounded: a bullet loan (利随本清; handbook 05 §4.5.9).
    pub fn months_interest(&self, balance: Money, rate: Rate, from: Day, to: Day) -> Fraction {
        let (months, odd) = months_and_days(from, to);
        match self.period_base() {
            None => rate.of(balance).times(i128::from(months)).over(i128::from(PERIODS_A_YEAR)) + self.broken_interest(balance, rate, odd),
            Some(_) => self.broken_interest(balance, rate, actual_days(from, to)),
        }
    }

    /// Days late between two days.
    pub fn days_late(&self, from: Day, to: Day) -> u32 {
        match self.penalty_days {
            PenaltyDays::Actual => actual_days(from, to),
            PenaltyDays::Thirty => thirty_days(from, to),
        }
    }
}

/// Calendar days, none backwards.
pub(crate) fn actual_days(from: Day, to: Day) -> u32 {
    from.days_until(to).try_into().unwrap_or(0)
}

/// Days of 30-day months: the 31st counts as the 30th.
pub(crate) fn thirty_days(from: Day, to: Day) -> u32 {
    let number = |day: Day| Month::of(day).number() * 30 + day.day().min(30) as i32;
    (number(to) - number(from)).try_into().unwrap_or(0)
}

/// Whole months and the days left over; a month ends on the same day, or the last one where the month is too short.
pub(crate) fn months_and_days(from: Day, to: Day) -> (u32, u32) {
    let start = Month::of(from);
    let after = |months: i32| Month::from_number(start.number() + months).clamped(from.day());
    let months = start.months_until(Month::of(to));
    let months = if after(months) > to { months - 1 } else { months };
    (months.try_into().unwrap_or(0), actual_days(after(months), to))
}
