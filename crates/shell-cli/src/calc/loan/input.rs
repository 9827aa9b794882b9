//! The input file of `anju calc loan`.

use std::path::Path;

use area_lending::{
    Conventions, Event, FirstPeriod, LoanRates, Method, MonthRate, PenaltyBase, PenaltyDays, PrepaymentChoice, RateStep, Shorten, Terms,
    What,
};
use core_calendar::{Day, DayCount};
use core_money::{Money, Rate, Rounding};
use core_policy::{NoRule, On};
use serde_json::{Map, Value};

use crate::calc::failure::{chosen, one_of, parsed};
use crate::calc::grounds::Grounds;
use crate::calc::input::{self, Problem, Reader};

/// What the file says.
pub(super) struct Input {
    pub(super) terms: Terms,
    pub(super) events: Vec<Event>,
}

/// Reads the file; conventions it does not name are those in force on the day of disbursement.
///
/// Errors: no file, no JSON; else everything in it that is missing, unknown or malformed.
pub(super) fn read(path: &Path, grounds: &mut Grounds) -> Result<Input, Vec<Problem>> {
    parse(&input::read(path)?, grounds)
}

fn parse(value: &Value, grounds: &mut Grounds) -> Result<Input, Vec<Problem>> {
    let mut reader = Reader::default();
    let keys = ["principal", "method", "periods", "disbursed_on", "due_day", "rates", "conventions", "events"];
    let Some(object) = reader.object(value, "", &keys) else { return Err(reader.problems) };
    let principal = reader.required_as(object, "", "principal", positive);
    let method = reader.required_as(object, "", "method", |text| one_of(&Method::ALL, Method::key, text));
    let periods = reader.whole(object, "periods", 1..=9_999);
    let disbursed_on = reader.required::<Day>(object, "", "disbursed_on");
    // A bullet loan is due by its term alone.
    let due_day = match method {
        Some(Method::Bullet) if !object.contains_key("due_day") => Some(1),
        _ => reader.whole(object, "due_day", 1..=31),
    };
    let steps = rates(&mut reader, object);
    let conventions = conventions(&mut reader, object, disbursed_on, grounds);
    let events = events(&mut reader, object);
    let rates = match (disbursed_on, periods) {
        (Some(disbursed_on), Some(periods)) if reader.problems.is_empty() => {
            let rates = LoanRates::of(&steps, disbursed_on, periods);
            if rates.is_none() {
                reader.wrong("/rates", format!("没有放款日 {disbursed_on} 当日执行的利率"));
            }
            rates
        }
        _ => None,
    };
    match (principal, method, periods, disbursed_on, due_day, rates, conventions) {
        (Some(principal), Some(method), Some(periods), Some(disbursed_on), Some(due_day), Some(rates), Some(conventions))
            if reader.problems.is_empty() =>
        {
            Ok(Input { terms: Terms { principal, method, periods, disbursed_on, due_day, rates, conventions }, events })
        }
        _ => Err(reader.problems),
    }
}

fn positive(text: &str) -> Result<Money, String> {
    match parsed::<Money>(text)? {
        amount if amount.is_positive() => Ok(amount),
        _ => Err("应大于零".to_owned()),
    }
}

fn rates(reader: &mut Reader, object: &Map<String, Value>) -> Vec<RateStep> {
    if !object.contains_key("rates") {
        reader.wrong("/rates", "必填：[{from, rate}]");
    }
    let mut steps: Vec<RateStep> = Vec::new();
    for (at, value) in reader.list(object, "rates") {
        let Some(one) = reader.object(value, &at, &["from", "rate"]) else { continue };
        let (from, rate) = (reader.required::<Day>(one, &at, "from"), reader.required::<Rate>(one, &at, "rate"));
        let (Some(from), Some(rate)) = (from, rate) else { continue };
        if steps.iter().any(|step| step.from == from) {
            reader.wrong(format!("{at}/from"), format!("{from} 已有利率"));
        }
        steps.push(RateStep { from, rate });
    }
    steps
}

/// What the file names, the policy for the rest; none only beside a problem.
fn conventions(reader: &mut Reader, object: &Map<String, Value>, on: Option<Day>, grounds: &mut Grounds) -> Option<Conventions> {
    let none = Map::new();
    let keys = ["first_period", "month_rate", "penalty_factor", "penalty_base", "penalty_days", "shorten"];
    let given = match object.get("conventions") {
        None => &none,
        Some(value) => reader.object(value, "/conventions", &keys)?,
    };
    let at = "/conventions";
    let first_period = reader.optional(given, at, "first_period", chosen::<FirstPeriod>);
    let month_rate = reader.optional(given, at, "month_rate", chosen::<MonthRate>);
    let penalty_base = reader.optional(given, at, "penalty_base", chosen::<PenaltyBase>);
    let penalty_days = reader.optional(given, at, "penalty_days", chosen::<PenaltyDays>);
    let shorten = reader.optional(given, at, "shorten", chosen::<Shorten>);
    let penalty_factor = match given.get("penalty_factor") {
        // A factor is no amount: it may be a bare number.
        Some(Value::Number(number)) => reader.value(&Value::String(number.to_string()), "/conventions/penalty_factor", factor),
        _ => reader.optional(given, at, "penalty_factor", factor),
    };
    let on = On::Day(on?);
    let mut policy = || -> Result<Conventions, NoRule> {
        macro_rules! or {
            ($given:expr, $family:literal) => {
                match $given {
                    Some(given) => given,
                    None => grounds.in_force($family, on)?.value,
                }
            };
        }
        Ok(Conventions {
            first_period: or!(first_period, "lending.first_period"),
            month_rate: or!(month_rate, "lending.period_rate"),
            day_base: grounds.in_force::<DayCount>("lending.broken_days", on)?.value.year().unsigned_abs(),
            penalty_factor: or!(penalty_factor, "lending.penalty_factor"),
            penalty_base: or!(penalty_base, "lending.penalty_base"),
            penalty_days: or!(penalty_days, "lending.penalty_days"),
            shorten: or!(shorten, "lending.shorter_term"),
            rounding: grounds.in_force::<Rounding>("lending.instalment_rounding", on)?.value,
        })
    };
    policy().map_err(|why| reader.wrong("/disbursed_on", why.to_string())).ok()
}

/// `1.5` is one and a half times the rate: 150 %.
fn factor(text: &str) -> Result<Rate, String> {
    let units = parsed::<Rate>(text).map_err(|_| "应为倍数，如 1.5".to_owned())?.units();
    units
        .checked_mul(100)
        .map(Rate::from_units)
        .filter(|factor| factor.units() < 100 * Rate::SCALE)
        .ok_or_else(|| "倍数应小于 100".to_owned())
}

fn events(reader: &mut Reader, object: &Map<String, Value>) -> Vec<Event> {
    let mut events = Vec::new();
    for (at, value) in reader.list(object, "events") {
        let Some(one) = reader.object(value, &at, &["on", "kind", "amount", "choice"]) else { continue };
        let on = reader.required::<Day>(one, &at, "on");
        let kinds = ["pay", "prepay", "settle", "miss"];
        let kind = reader.required_as(one, &at, "kind", |text| one_of(&kinds, |kind| kind, text));
        let amount = reader.optional(one, &at, "amount", positive);
        let choice = reader.optional(one, &at, "choice", chosen::<PrepaymentChoice>);
        let mut only = |key: &str, wanted: bool| {
            if wanted && !one.contains_key(key) {
                reader.wrong(format!("{at}/{key}"), "必填");
            } else if !wanted && one.contains_key(key) {
                reader.wrong(format!("{at}/{key}"), format!("{} 不带这一项", kind.unwrap_or_default()));
            }
        };
        let what = match kind {
            Some("prepay") => {
                only("amount", true);
                only("choice", true);
                amount.zip(choice).map(|(amount, choice)| What::Prepay(amount, choice))
            }
            Some("pay") => {
                only("choice", false);
                Some(What::Pay(amount))
            }
            Some(other) => {
                only("amount", false);
                only("choice", false);
                Some(if other == "miss" { What::Miss } else { What::Settle })
            }
            None => None,
        };
        // The place in the list is kept even where an event is wrong: no story is told then.
        if let Some((on, what)) = on.zip(what) {
            events.push(Event { on, what });
        }
    }
    events
}
