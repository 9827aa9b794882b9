//! Interest on members' money (积数计息): interest products, rates of both layers, one rounding for each rate.
//!
//! ```
//! use area_collection::interest::{Convention, InterestPeriod, Layers, LayerOrder};
//! use core_calendar::{Day, DayCount};
//! use core_money::{Money, Rounding};
//! use core_policy::{Place, PolicySet};
//!
//! let day = |text| Day::parse(text).unwrap();
//! let year = InterestPeriod::of(PolicySet::shipped(), day("2025-07-01"), day("2026-07-01"), &Place::default()).unwrap();
//! let convention =
//!     Convention { day_count: DayCount::Actual360, rounding: Rounding::HalfUpFen, layer_order: LayerOrder::CurrentYearFirst };
//! let opening = Layers { carried_over: Money::from_yuan(100_000), current_year: Money::ZERO };
//! let settled = year.settle(opening, &[], convention).unwrap();
//! assert_eq!(settled.product.to_string(), "36500000.00");
//! assert_eq!(settled.interest.to_string(), "1520.83"); // handbook 16 §7, X-S1
//! ```
//!
//! - Interest product (积数) = Σ balance × days, the first day counted and the last not; interest = product × rate / day base
//!   (handbook 03 §2.10).
//! - Until 2016-02-20 two tiers: what was carried over earns the three-month rate, this year's money the demand rate, both as
//!   posted on the settlement day; from 2016-02-21 one rate for all (handbook 03 §2.2, §2.3). The year in which the method
//!   changed is counted by days under each, the tiers at the last pair posted before the change (handbook 17 §3, a proposal).
//! - One product for each rate, each rounded once, then added (handbook 03 §2.10).
//! - Months convention: the lowest balance of a whole calendar month earns a twelfth of the rate, so the month of a deposit and
//!   the month of a closing earn nothing (handbook 17 §3, a proposal that fits the statement X-A6).
//!
//! Left out: crediting the interest and the flags of a settlement (the yearly settlement's action); monthly accrual (E-B1);
//! interest upon interest inside a period that runs beyond a settlement day: whoever counts several years gives the credited
//! interest as a movement of 1 July.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use core_calendar::{Day, DayCount, FundYear, Month};
use core_money::{Fraction, Money, Rate, Reading, Rounding};
use core_policy::{DepositRates, NoRule, On, Place, PolicySet};

/// Family that tells two tiers from one rate.
const METHOD: &str = "collection.interest.method";
/// Families that change the rates of a day.
const RATE_FAMILIES: [&str; 2] = [METHOD, "collection.interest.single_rate"];
/// Days of a month under the months convention, in a year of 360: so its product is in yuan-days too.
const MONTH_DAYS: u32 = 30;

/// Layer (层) of a member's balance: each has its own product, rate and start (handbook 03 §2.10.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Carried over (上年结转): in the account before this fund-year, with the interest credited on 1 July.
    CarriedOver,
    /// Current-year deposits (当年归集).
    CurrentYear,
}

impl Layer {
    /// Both, in the order of a statement.
    pub const ALL: [Layer; 2] = [Layer::CarriedOver, Layer::CurrentYear];

    /// Key in commands and JSON.
    pub const fn key(self) -> &'static str {
        match self {
            Layer::CarriedOver => "carried_over",
            Layer::CurrentYear => "current_year",
        }
    }

    /// Name on screens.
    pub const fn term(self) -> &'static str {
        match self {
            Layer::CarriedOver => "上年结转",
            Layer::CurrentYear => "当年归集",
        }
    }
}

/// Layer order (扣减顺序): which layer a partial withdrawal takes first, family `collection.interest.layer_order` (handbook 17
/// §3). Since 2016-02-21 it changes no interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, core_case::Choice)]
pub enum LayerOrder {
    /// This year's money first (先当年归集).
    #[choice("current_year_first", "先扣当年归集")]
    CurrentYearFirst,
    /// Carried over first (先上年结转).
    #[choice("carried_over_first", "先扣上年结转")]
    CarriedOverFirst,
}

core_case::policy_choices! { LayerOrder }

/// Balance (余额) by layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Layers {
    /// Carried over (上年结转余额).
    pub carried_over: Money,
    /// This year's money (当年归集余额).
    pub current_year: Money,
}

impl Layers {
    /// The part in this layer.
    pub const fn of(self, layer: Layer) -> Money {
        match layer {
            Layer::CarriedOver => self.carried_over,
            Layer::CurrentYear => self.current_year,
        }
    }

    /// Both together.
    ///
    /// Panics when they do not fit an amount; balances of a [`Settlement`] always do.
    pub fn total(self) -> Money {
        self.carried_over + self.current_year
    }

    /// 1 July: the whole balance becomes carried over (handbook 17 §3).
    fn rolled(self) -> Layers {
        Layers { carried_over: self.total(), current_year: Money::ZERO }
    }

    /// Less a withdrawal; what is missing where the balance does not hold it.
    fn less(self, amount: Money, order: LayerOrder) -> Result<Layers, Money> {
        let wanted = match order {
            LayerOrder::CurrentYearFirst => amount,
            LayerOrder::CarriedOverFirst => amount - self.carried_over.min(amount),
        };
        let current_year = wanted.min(self.current_year);
        let carried_over = amount - current_year;
        if carried_over > self.carried_over {
            return Err(amount - self.total());
        }
        Ok(Layers { carried_over: self.carried_over - carried_over, current_year: self.current_year - current_year })
    }
}

/// Movement (发生额) of a member's account; a deposit goes to this year's money, a withdrawal is negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movement {
    /// Value date (起息日): from this day on the amount counts.
    pub value_date: Day,
    /// Amount, withdrawals negative.
    pub amount: Money,
}

/// What a settlement is counted by; every part is a dated parameter (handbook 17 §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convention {
    /// Day count (计息天数基准), family `collection.interest.day_count`.
    pub day_count: DayCount,
    /// Rounding of the interest of each rate (取整方式), family `collection.interest.rounding`; digit reading.
    pub rounding: Rounding,
    /// Layer order (扣减顺序).
    pub layer_order: LayerOrder,
}

/// Interest product (积数): balance × days, in fen-days; shown in yuan-days with two decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Product(i128);

impl Product {
    /// Of a balance that stays for so many days.
    pub fn of(balance: Money, days: u32) -> Product {
        Product(i128::from(balance.fen()) * i128::from(days))
    }

    /// In fen-days: how stores keep it.
    pub const fn fen_days(self) -> i128 {
        self.0
    }

    /// Exact interest of a year's rate on a year of so many days.
    fn interest(self, rate: Rate, year: i128) -> Fraction {
        Fraction::new(self.0 * i128::from(rate.units()), i128::from(Rate::SCALE) * year)
    }
}

impl std::ops::AddAssign for Product {
    fn add_assign(&mut self, other: Product) {
        self.0 += other.0;
    }
}

/// Decimal yuan-days: `36500000.00`.
impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&Fraction::new(self.0, 1).to_decimal(2))
    }
}

/// Segment (计息段): one layer, one balance, one rate.
#[derive(Clone, Copy, Debug)]
pub struct Segment {
    /// Layer.
    pub layer: Layer,
    /// First day.
    pub from: Day,
    /// First day after it.
    pub to: Day,
    /// Days counted: from first to last; under the months convention 30 for each month.
    pub days: u32,
    /// Balance of the layer; under the months convention its part of the lowest balance.
    pub balance: Money,
    /// Rate a year.
    pub rate: Rate,
    /// Balance × days.
    pub product: Product,
    /// Interest before rounding.
    pub interest: Fraction,
    /// Settlement day (结息日) whose interest this is part of.
    pub settled_on: Day,
}

/// Interest of one rate (分档利息): the product of all segments at this rate, rounded once.
#[derive(Clone, Copy, Debug)]
pub struct RatePart {
    /// Settlement day (结息日).
    pub settled_on: Day,
    /// Rate a year.
    pub rate: Rate,
    /// Sum of the products.
    pub product: Product,
    /// Interest, rounded.
    pub interest: Money,
}

/// Settled interest (结息) of one account over one period.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// Interest product (积数) of all segments.
    pub product: Product,
    /// Balance at the end, before interest.
    pub balance: Layers,
    /// Interest: the rounded parts added.
    pub interest: Money,
    /// By layer, then by day; stretches without a balance are not listed.
    pub segments: Vec<Segment>,
    /// By settlement day, then in order of appearance.
    pub parts: Vec<RatePart>,
}

/// Why a period has no rates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPeriod {
    /// It ends before it begins.
    Backwards {
        /// First day.
        from: Day,
        /// First day after it.
        to: Day,
    },
    /// No rate is on record for a day of it: nothing before 1990-04-15.
    NoRule(NoRule),
}

impl fmt::Display for NoPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoPeriod::Backwards { from, to } => write!(f, "计息期止日 {to} 早于起日 {from}"),
            NoPeriod::NoRule(why) => why.fmt(f),
        }
    }
}

impl std::error::Error for NoPeriod {}

impl From<NoRule> for NoPeriod {
    fn from(why: NoRule) -> NoPeriod {
        NoPeriod::NoRule(why)
    }
}

/// Why an account's figures cannot be settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadFigures {
    /// An opening balance below zero.
    NegativeOpening(Layer),
    /// A value date before the period or after its end.
    Outside {
        /// Which movement, from 0.
        at: usize,
        /// Its value date.
        value_date: Day,
        /// First day of the period.
        from: Day,
        /// First day after it.
        to: Day,
    },
    /// More is withdrawn than was there (rule R-B07: no negative balance on any day).
    Overdrawn {
        /// The day.
        on: Day,
        /// What is missing.
        short: Money,
    },
    /// A balance or the interest is beyond any amount.
    TooLarge,
}

impl fmt::Display for BadFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadFigures::NegativeOpening(layer) => write!(f, "{}的期初余额不能小于零", layer.term()),
            BadFigures::Outside { value_date, from, to, .. } => write!(f, "起息日 {value_date} 不在计息期 {from} 至 {to} 之内"),
            BadFigures::Overdrawn { on, short } => write!(f, "{on} 提取后余额小于零，差 {} 元", short.grouped()),
            BadFigures::TooLarge => f.write_str("金额过大，无法计算"),
        }
    }
}

impl std::error::Error for BadFigures {}

/// Rates of a stretch of days inside one interest year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateSpan {
    /// First day.
    pub from: Day,
    /// First day after it.
    pub to: Day,
    /// Settlement day of the interest year: 30 June, or the day to which a closing is settled.
    pub settled_on: Day,
    /// Rates of both layers, with their citations.
    pub rates: DepositRates,
}

impl RateSpan {
    fn rate(&self, layer: Layer) -> Rate {
        match layer {
            Layer::CarriedOver => self.rates.carried_over.value,
            Layer::CurrentYear => self.rates.current_year.value,
        }
    }
}

/// Interest period (计息期) `[from, to)` with the rates of its days; made once and used for many accounts.
///
/// A year from 1 July to 1 July is end points Y, from 30 June to 30 June X (handbook 16 §7): the days given say which. A period
/// that runs beyond a settlement day is cut there: the rates are those of each settlement, this year's money becomes carried
/// over, nothing is credited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterestPeriod {
    from: Day,
    to: Day,
    spans: Vec<RateSpan>,
}

impl InterestPeriod {
    /// The period with its rates at a place.
    ///
    /// Errors: it ends before it begins; a day without a rate on record.
    pub fn of(rules: &PolicySet, from: Day, to: Day, place: &Place) -> Result<InterestPeriod, NoPeriod> {
        if to < from {
            return Err(NoPeriod::Backwards { from, to });
        }
        let changes = rate_changes(rules);
        let mut spans: Vec<RateSpan> = Vec::new();
        for year in interest_years(from, to) {
            let settled_on = settlement_day(year.end);
            for days in cut(&year, &changes) {
                let rates = rules.deposit_rates(posted_on(rules, &days, settled_on, &changes, place)?, place)?;
                match spans.last_mut() {
                    Some(last) if last.settled_on == settled_on && last.rates == rates => last.to = days.end,
                    _ => spans.push(RateSpan { from: days.start, to: days.end, settled_on, rates }),
                }
            }
        }
        Ok(InterestPeriod { from, to, spans })
    }

    /// First day.
    pub const fn from(&self) -> Day {
        self.from
    }

    /// First day after it.
    pub const fn to(&self) -> Day {
        self.to
    }

    /// Its rates in order of time.
    pub fn spans(&self) -> &[RateSpan] {
        &self.spans
    }

    /// Settles one account: opening balance at the start of `from`, movements in any order.
    ///
    /// A movement valued on `to` earns nothing and is part of the balance (X-S7 under end points X). On one day deposits count
    /// before withdrawals.
    ///
    /// Errors: all value dates outside the period; else the first day on which the balance would fall below zero, or figures
    /// beyond any amount.
    pub fn settle(&self, opening: Layers, movements: &[Movement], convention: Convention) -> Result<Settlement, Vec<BadFigures>> {
        let history = self.history(opening, movements, convention.layer_order)?;
        let balance = history.last().map_or(opening, |(_, balance)| *balance);
        let stretches = match convention.day_count {
            DayCount::Actual360 | DayCount::Actual365 => self.by_days(&history),
            DayCount::Months => self.by_months(&history),
        };
        let year = match convention.day_count {
            DayCount::Actual360 | DayCount::Actual365 => i128::from(convention.day_count.year()),
            DayCount::Months => i128::from(convention.day_count.year()) * i128::from(MONTH_DAYS),
        };
        let segments = segments(&stretches, year);
        let mut parts: Vec<RatePart> = Vec::new();
        let mut product = Product::default();
        for segment in &segments {
            product += segment.product;
            match parts.iter_mut().find(|part| (part.settled_on, part.rate) == (segment.settled_on, segment.rate)) {
                Some(part) => part.product += segment.product,
                None => {
                    let (settled_on, rate) = (segment.settled_on, segment.rate);
                    parts.push(RatePart { settled_on, rate, product: segment.product, interest: Money::ZERO });
                }
            }
        }
        parts.sort_by_key(|part| part.settled_on);
        let too_large = || vec![BadFigures::TooLarge];
        let mut interest = Money::ZERO;
        for part in &mut parts {
            let exact = part.product.interest(part.rate, year);
            part.interest = convention.rounding.checked_apply(Reading::Digit, exact.numer(), exact.denom()).ok_or_else(too_large)?;
            interest = interest.checked_add(part.interest).ok_or_else(too_large)?;
        }
        Ok(Settlement { product, balance, interest, segments, parts })
    }

    /// Balances by the day from which they hold, the first on `from`.
    fn history(&self, opening: Layers, movements: &[Movement], order: LayerOrder) -> Result<Vec<(Day, Layers)>, Vec<BadFigures>> {
        let mut wrong: Vec<BadFigures> =
            Layer::ALL.into_iter().filter(|l| opening.of(*l).is_negative()).map(BadFigures::NegativeOpening).collect();
        let mut days: BTreeMap<Day, Event> = BTreeMap::from([(self.from, Event::default())]);
        for pair in self.spans.windows(2).filter(|pair| pair[0].settled_on != pair[1].settled_on) {
            days.entry(pair[1].from).or_default().new_year = true;
        }
        for (at, Movement { value_date, amount }) in movements.iter().copied().enumerate() {
            if value_date < self.from || value_date > self.to {
                wrong.push(BadFigures::Outside { at, value_date, from: self.from, to: self.to });
                continue;
            }
            let event = days.entry(value_date).or_default();
            let (side, amount) =
                if amount.is_negative() { (&mut event.goes, amount.checked_neg()) } else { (&mut event.comes, Some(amount)) };
            match amount.and_then(|amount| side.checked_add(amount)) {
                Some(sum) => *side = sum,
                None => wrong.push(BadFigures::TooLarge),
            }
        }
        if opening.carried_over.checked_add(opening.current_year).is_none() {
            wrong.push(BadFigures::TooLarge);
        }
        if !wrong.is_empty() {
            wrong.dedup();
            return Err(wrong);
        }
        let mut balance = opening;
        let mut history = Vec::with_capacity(days.len());
        for (on, event) in days {
            if event.new_year {
                balance = balance.rolled();
            }
            let current = balance.current_year.checked_add(event.comes).filter(|c| c.checked_add(balance.carried_over).is_some());
            balance.current_year = current.ok_or_else(|| vec![BadFigures::TooLarge])?;
            balance = balance.less(event.goes, order).map_err(|short| vec![BadFigures::Overdrawn { on, short }])?;
            history.push((on, balance));
        }
        Ok(history)
    }

    /// Stretches of constant balance and rates.
    fn by_days(&self, history: &[(Day, Layers)]) -> Vec<Stretch<'_>> {
        let mut stretches = Vec::new();
        for span in &self.spans {
            let first = history.partition_point(|(day, _)| *day <= span.from).saturating_sub(1);
            for (at, (day, balance)) in history.iter().enumerate().skip(first).take_while(|(_, (day, _))| *day < span.to) {
                let from = (*day).max(span.from);
                let to = history.get(at + 1).map_or(span.to, |(next, _)| (*next).min(span.to));
                stretches.push(Stretch { from, to, days: from.days_until(to).unsigned_abs(), balance: *balance, span });
            }
        }
        stretches
    }

    /// Whole calendar months, each with its lowest balance and the rates of its first day.
    fn by_months(&self, history: &[(Day, Layers)]) -> Vec<Stretch<'_>> {
        // End points X: the year from 30 June to 30 June has twelve months like that from 1 July to 1 July.
        let end = if is_30_june(self.to) { self.to.succ() } else { self.to };
        let begin = Month::of(self.from);
        let begin = if begin.first_day() < self.from { begin.succ() } else { begin };
        let mut stretches = Vec::new();
        for span in &self.spans {
            let mut month = begin.max(Month::of(span.from));
            if month.first_day() < span.from {
                month = month.succ();
            }
            while month.first_day() < span.to && month.succ().first_day() <= end {
                let (from, to) = (month.first_day(), month.succ().first_day());
                let first = history.partition_point(|(day, _)| *day <= from).saturating_sub(1);
                let held = history[first..].iter().take_while(|(day, _)| *day < to);
                // Of the lowest total the first, with the layers of its day, so that the layer order changes no interest where
                // one rate holds for both.
                if let Some((_, balance)) = held.min_by_key(|(_, balance)| balance.total()) {
                    stretches.push(Stretch { from, to, days: MONTH_DAYS, balance: *balance, span });
                }
                month = month.succ();
            }
        }
        stretches
    }
}

/// What happens to an account on one day, in this order.
#[derive(Default)]
struct Event {
    /// An interest year begins: this year's money becomes carried over.
    new_year: bool,
    /// Deposits.
    comes: Money,
    /// Withdrawals, as a positive amount.
    goes: Money,
}

/// Days of one balance and one pair of rates.
struct Stretch<'p> {
    from: Day,
    to: Day,
    days: u32,
    balance: Layers,
    span: &'p RateSpan,
}

/// Stretches split by layer; neighbours with the same balance and rate are one segment.
fn segments(stretches: &[Stretch<'_>], year: i128) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for layer in Layer::ALL {
        let first = segments.len();
        for stretch in stretches {
            let (balance, rate, settled_on) = (stretch.balance.of(layer), stretch.span.rate(layer), stretch.span.settled_on);
            if balance.is_zero() || stretch.days == 0 {
                continue;
            }
            match segments[first..].last_mut() {
                Some(last) if last.to == stretch.from && (last.balance, last.rate, last.settled_on) == (balance, rate, settled_on) => {
                    last.to = stretch.to;
                    last.days += stretch.days;
                }
                _ => {
                    let (from, to, days) = (stretch.from, stretch.to, stretch.days);
                    let (product, interest) = (Product::default(), Fraction::from(Money::ZERO));
                    segments.push(Segment { layer, from, to, days, balance, rate, product, interest, settled_on });
                }
            }
        }
    }
    for segment in &mut segments {
        segment.product = Product::of(segment.balance, segment.days);
        segment.interest = segment.product.interest(segment.rate, year);
    }
    segments
}

/// Days on which the rates, or the method, may change; in order.
fn rate_changes(rules: &PolicySet) -> Vec<Day> {
    let families = RATE_FAMILIES.into_iter().filter_map(|family| rules.family(family));
    let mut days: Vec<Day> = families
        .flat_map(|family| family.changes())
        .filter_map(|change| match change {
            On::Day(day) => Some(day),
            On::Always | On::Month(_) => None,
        })
        .collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// The day whose posted rates hold on these days: under one rate their own, under two tiers the settlement day, or the last day
/// before the tiers ended if that came first.
fn posted_on(rules: &PolicySet, days: &Range<Day>, settled_on: Day, changes: &[Day], place: &Place) -> Result<Day, NoRule> {
    let two_tiers = |on: Day| rules.in_force::<String>(METHOD, On::Day(on), place).map(|method| method.value == "two_tier");
    if !two_tiers(days.start)? {
        return Ok(days.start);
    }
    for change in changes.iter().filter(|change| **change > days.start && **change <= settled_on) {
        if !two_tiers(*change)? {
            return Ok(change.pred());
        }
    }
    Ok(settled_on)
}

/// The days cut at the changes inside them.
fn cut(days: &Range<Day>, changes: &[Day]) -> Vec<Range<Day>> {
    let inside = changes.iter().copied().filter(|change| *change > days.start && *change < days.end);
    let starts: Vec<Day> = std::iter::once(days.start).chain(inside).collect();
    let ends = starts.iter().skip(1).copied().chain(std::iter::once(days.end));
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

/// The interest years of a period: from 30 June on when it begins on a 30 June (X), else from 1 July on (Y).
fn interest_years(from: Day, to: Day) -> Vec<Range<Day>> {
    let mut years = Vec::new();
    let (mut start, mut fund_year) = (from, FundYear::of(from));
    let x = is_30_june(from);
    if x {
        fund_year = fund_year.succ();
    }
    while start < to {
        let end = if x { fund_year.last_day() } else { fund_year.end_exclusive() };
        years.push(start..end.min(to));
        start = end;
        fund_year = fund_year.succ();
    }
    years
}

/// Settlement day of an interest year that ends before this day: 30 June, whether the end is 1 July (Y) or 30 June (X); else the
/// day to which a closing is settled (handbook 03 §2.4, §2.6).
fn settlement_day(end: Day) -> Day {
    if (end.month(), end.day()) == (7, 1) { end.pred() } else { end }
}

fn is_30_june(day: Day) -> bool {
    (day.month(), day.day()) == (6, 30)
}
