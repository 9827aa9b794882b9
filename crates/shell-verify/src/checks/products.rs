//! Interest products (积数) and the two layers of a balance (上年结转、当年归集), computed forward from value days.
//!
//! A product is Σ amount × days from the value day to the first day after the fund-year (handbook 03 §2.10; design §5). Money
//! posted in the fund-year is current-year, everything before is carried over; an opening entry (kind 99) is partly one, partly
//! the other, as its account was taken over: the part is what the current layer holds beyond its other entries. A reversal has
//! the layer and the value day of what it reverses, so that the product is as if the original had never been (handbook 17 §4).

use core_calendar::{Day, FundYear};
use core_money::Money;

use super::Subject;
use super::savings::{Balance, Entry, Wrong};

/// Carried over and current year.
pub static LAYERS: Subject = Subject { name: "balances.layers", term: "上年结转与当年归集余额相符" };
/// Products of the running fund-year.
pub static PRODUCTS: Subject = Subject { name: "balances.products", term: "本年度积数相符" };
/// Products of ended fund-years that wait for their interest.
pub static SETTLED: Subject = Subject { name: "balances.settled_products", term: "上年度积数相符" };

/// Products of an ended fund-year as stored.
pub(super) struct Settled {
    pub(super) savings: i64,
    pub(super) fund_year: i64,
    pub(super) carried_product: i64,
    pub(super) current_product: i64,
}

/// Both layers with their products in one fund-year, the opening entry aside.
#[derive(Default)]
struct Layers {
    carried: i64,
    current: i64,
    carried_product: i128,
    current_product: i128,
    /// Amount and days of the opening entry, if it was posted in this year.
    opening: Option<(i64, i64)>,
}

/// Days that an amount of a value day counts in a fund-year.
fn days(value: Day, year: FundYear) -> i64 {
    i64::from(value.max(year.first_day()).days_until(year.end_exclusive())).max(0)
}

fn layers(entries: &[Entry], year: FundYear) -> Layers {
    let mut all = Layers::default();
    for e in entries {
        let posted = FundYear::of(e.day).year();
        let days = days(e.value_day, year);
        if posted > year.year() && days == 0 {
            continue;
        }
        // Posted in a later year with a value day in this one: its days count here, its amount there.
        let amount = if posted > year.year() { 0 } else { e.amount };
        let product = i128::from(e.amount) * i128::from(days);
        let of_year = FundYear::of(e.layer_day).year() >= year.year();
        if e.is_opening() && posted == year.year() {
            all.opening = Some((e.amount, days));
        } else if of_year && !e.is_opening() {
            all.current += amount;
            all.current_product += product;
        } else {
            all.carried += amount;
            all.carried_product += product;
        }
    }
    all
}

/// Compares a balance row with its entries.
pub(super) fn balance(b: &Balance, entries: &[Entry], wrong: &mut Vec<Wrong>) {
    let key = || b.savings.to_string();
    let year = i32::try_from(b.fund_year).ok().and_then(FundYear::beginning);
    let newest = entries.iter().map(|e| FundYear::of(e.day).year()).max();
    let Some(year) = year.filter(|y| newest.is_none_or(|n| n <= y.year())) else {
        let newest = newest.map_or_else(|| "公积金年度".to_owned(), |n| format!("{n} 年度或以后"));
        wrong.push((&LAYERS, "savings_balance", key(), newest, b.fund_year.to_string()));
        return;
    };
    let l = layers(entries, year);
    let (opening, opening_days) = l.opening.unwrap_or_default();
    // What the current layer holds beyond its other entries came with the opening.
    let current = b.current_year.wrapping_sub(l.current).clamp(0, opening.max(0));
    let yuan = |carried, current| format!("{} + {}", Money::from_fen(carried), Money::from_fen(current));
    let expected = (l.carried + opening - current, l.current + current);
    if expected != (b.carried_over, b.current_year) {
        wrong.push((&LAYERS, "savings_balance", key(), yuan(expected.0, expected.1), yuan(b.carried_over, b.current_year)));
    }
    let times = |amount: i64| i128::from(amount) * i128::from(opening_days);
    let expected = (l.carried_product + times(opening - current), l.current_product + times(current));
    let found = (i128::from(b.carried_product), i128::from(b.current_product));
    if expected != found {
        let text = |p: (i128, i128)| format!("{} + {}", p.0, p.1);
        wrong.push((&PRODUCTS, "savings_balance", key(), text(expected), text(found)));
    }
}

/// Compares the stored products of an ended year with the entries.
pub(super) fn settled(s: &Settled, entries: &[Entry], wrong: &mut Vec<Wrong>) {
    let key = || format!("{}/{}", s.savings, s.fund_year);
    let Some(year) = i32::try_from(s.fund_year).ok().and_then(FundYear::beginning) else {
        wrong.push((&SETTLED, "settled_product", key(), "公积金年度".to_owned(), s.fund_year.to_string()));
        return;
    };
    let l = layers(entries, year);
    let (opening, opening_days) = l.opening.unwrap_or_default();
    let found = (i128::from(s.carried_product), i128::from(s.current_product));
    let whole = i128::from(opening) * i128::from(opening_days);
    let current = (found.1 - l.current_product).clamp(0, whole.max(0));
    // A part of the opening is a whole number of fen times its days.
    let current = if opening_days > 0 { current - current % i128::from(opening_days) } else { 0 };
    let expected = (l.carried_product + whole - current, l.current_product + current);
    if expected != found {
        let text = |p: (i128, i128)| format!("{} + {}", p.0, p.1);
        wrong.push((&SETTLED, "settled_product", key(), text(expected), text(found)));
    }
}
