//! Interest on members' money: `examples/collection/interest.txt`, and what holds for every account.

use area_collection::interest::{Convention, InterestPeriod, Layer, LayerOrder, Layers, Movement, Product, RatePart, Settlement};
use core_calendar::{Day, DayCount, Month};
use core_money::{Fraction, Money, Rounding};
use core_policy::{Override, OverrideValue, Place, PolicySet, PolicyValue, Selector, UNKNOWN, Value};
use proptest::prelude::*;
use testkit::table::{self, Row};

#[test]
fn settlements_agree_with_the_handbook() {
    table::check("examples/collection/interest.txt", |row| {
        let period = match InterestPeriod::of(PolicySet::shipped(), row.value("from"), row.value("to"), &Place::default()) {
            Ok(period) => period,
            Err(why) => return why.to_string(),
        };
        if row.text("show") == "rates" {
            return rates(&period);
        }
        let convention = Convention {
            day_count: DayCount::from_key(row.text("day_count")).expect("a day count"),
            rounding: Rounding::from_key(row.text("rounding")).expect("a rounding"),
            layer_order: LayerOrder::read(&Value::Text(row.text("layer_order").into())).expect("a layer order"),
        };
        match period.settle(opening(row), &movements(row.text("movements")), convention) {
            Ok(settled) => show(&settled, row.text("show")),
            Err(wrong) => wrong.iter().map(|w| format!("{w}\n")).collect(),
        }
    });
}

fn opening(row: &Row) -> Layers {
    let (carried_over, current_year) = row.text("opening").split_once('+').unwrap_or((row.text("opening"), "0"));
    Layers { carried_over: carried_over.parse().expect("an amount"), current_year: current_year.parse().expect("an amount") }
}

/// `2026-01-10 -20000.00, 2025-07-15..2026-06-15 2400.00`: a day, or the same day of each month between two.
fn movements(text: &str) -> Vec<Movement> {
    let mut movements = Vec::new();
    for one in text.split(", ").filter(|one| *one != "-") {
        let (days, amount) = one.split_once(' ').expect("days and amount");
        let amount: Money = amount.parse().expect("an amount");
        let (first, last) = days.split_once("..").unwrap_or((days, days));
        let (first, last): (Day, Day) = (first.parse().expect("a day"), last.parse().expect("a day"));
        for n in 0..=Month::of(first).months_until(Month::of(last)) {
            movements.push(Movement { value_date: (Month::of(first) + n).clamped(first.day()), amount });
        }
    }
    movements
}

fn rates(period: &InterestPeriod) -> String {
    let one = period.spans().len() == 1;
    let spans = period.spans().iter().map(|span| {
        let pair = format!("{}/{}", span.rates.current_year.value, span.rates.carried_over.value);
        if one { pair } else { format!("to {} {pair}", span.to) }
    });
    spans.collect::<Vec<_>>().join("\n")
}

fn show(settled: &Settlement, what: &str) -> String {
    match what {
        "ledger" => ledger(settled),
        "parts" => {
            let part = |p: &RatePart| format!("{} {} % of {} = {}\n", p.settled_on, p.rate, p.product, p.interest);
            settled.parts.iter().map(part).collect::<String>() + &format!("interest {}", settled.interest)
        }
        "layers" => {
            let layers = settled.balance;
            format!("interest {}\ncarried over {}\nthis year {}", settled.interest, layers.carried_over, layers.current_year)
        }
        _ => format!("interest {}\nbalance {}\nproduct {}", settled.interest, settled.balance.total(), settled.product),
    }
}

/// Both layers together, as a ledger card shows them.
fn ledger(settled: &Settlement) -> String {
    let mut days: Vec<Day> = settled.segments.iter().flat_map(|s| [s.from, s.to]).collect();
    days.sort_unstable();
    days.dedup();
    let lines = days.windows(2).map(|ends| {
        let held = settled.segments.iter().filter(|s| s.from <= ends[0] && ends[1] <= s.to);
        let balance: Money = held.map(|s| s.balance).sum();
        let days = ends[0].days_until(ends[1]).unsigned_abs();
        format!("{days} x {balance} = {}\n", Product::of(balance, days))
    });
    lines.collect()
}

/// A rate cut in the middle of a year, so that a period has several products.
fn rules_with_a_cut() -> PolicySet {
    let cut = Override {
        family: "collection.interest.single_rate".to_owned(),
        from: Selector::Day(Day::ymd(2025, 12, 10).expect("a day")),
        until: None,
        value: OverrideValue::Scalar("1.30".to_owned()),
        instrument: UNKNOWN.to_owned(),
        edition: None,
        place: None,
        seen_in: Some("handbook 03 §2.2".to_owned()),
        published: None,
        checked: first(),
        source: "a test".to_owned(),
    };
    PolicySet::shipped().with_overrides(vec![cut]).expect("a value of the policy page")
}

fn first() -> Day {
    Day::ymd(2025, 7, 1).expect("a day")
}

fn account() -> impl Strategy<Value = (Layers, Vec<Movement>)> {
    let opening = (0_i64..50_000_000, 0_i64..50_000_000)
        .prop_map(|(a, b)| Layers { carried_over: Money::from_fen(a), current_year: Money::from_fen(b) });
    // Deposits and withdrawals that together never take more than half of a large deposit of the first day.
    let movement =
        (0_i32..365, -1_000_000_i64..3_000_000).prop_map(|(n, fen)| Movement { value_date: first() + n, amount: Money::from_fen(fen) });
    (opening, prop::collection::vec(movement, 0..20)).prop_map(|(opening, mut movements)| {
        movements.push(Movement { value_date: first(), amount: Money::from_fen(40_000_000) });
        (opening, movements)
    })
}

fn convention() -> impl Strategy<Value = Convention> {
    let rounding = prop::sample::select(vec![Rounding::HalfUpFen, Rounding::CutFen, Rounding::HalfUpJiao]);
    let order = prop::sample::select(vec![LayerOrder::CurrentYearFirst, LayerOrder::CarriedOverFirst]);
    (prop::sample::select(&DayCount::ALL[..]), rounding, order).prop_map(|(day_count, rounding, layer_order)| Convention {
        day_count,
        rounding,
        layer_order,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn splitting_a_period_changes_interest_by_no_more_than_the_roundings(
        (opening, movements) in account(), convention in convention(), at in 1_i32..365, cut in any::<bool>()
    ) {
        let rules = if cut { rules_with_a_cut() } else { PolicySet::clone(PolicySet::shipped()) };
        let at = match convention.day_count {
            // A month cut in two would earn in neither part.
            DayCount::Months => (Month::of(first() + at)).first_day().max(Month::of(first()).succ().first_day()),
            _ => first() + at,
        };
        let period = |from, to| InterestPeriod::of(&rules, from, to, &Place::default()).expect("rates");
        let end = Day::ymd(2026, 7, 1).expect("a day");
        let whole = period(first(), end).settle(opening, &movements, convention).expect("figures");
        let before: Vec<Movement> = movements.iter().copied().filter(|m| m.value_date < at).collect();
        let after: Vec<Movement> = movements.iter().copied().filter(|m| m.value_date >= at).collect();
        let head = period(first(), at).settle(opening, &before, convention).expect("figures");
        let tail = period(at, end).settle(head.balance, &after, convention).expect("figures");

        prop_assert_eq!(tail.balance, whole.balance);
        prop_assert_eq!(head.product.fen_days() + tail.product.fen_days(), whole.product.fen_days());
        // Each rate is rounded once; a rounding moves the interest by less than its grain.
        let roundings = (whole.parts.len() + head.parts.len() + tail.parts.len()) as i64;
        let difference = (head.interest + tail.interest - whole.interest).abs();
        prop_assert!(difference.fen() < roundings * convention.rounding.grain());
        if convention.rounding == Rounding::HalfUpFen && !cut {
            prop_assert!(difference <= Money::FEN);
        }
    }

    #[test]
    fn segments_add_up_and_the_layer_order_changes_no_interest((opening, movements) in account(), convention in convention()) {
        let period = InterestPeriod::of(PolicySet::shipped(), first(), first() + 365, &Place::default()).expect("rates");
        let settled = period.settle(opening, &movements, convention).expect("figures");
        let product: i128 = settled.segments.iter().map(|s| s.product.fen_days()).sum();
        prop_assert_eq!(product, settled.product.fen_days());
        let exact = settled.segments.iter().fold(Fraction::from(Money::ZERO), |sum, s| sum + s.interest);
        prop_assert_eq!(exact.round(convention.rounding), settled.interest);
        for pair in settled.segments.windows(2).filter(|pair| pair[0].layer == pair[1].layer) {
            prop_assert!(pair[0].to <= pair[1].from);
            prop_assert!(pair[0].to < pair[1].from || pair[0].balance != pair[1].balance);
        }
        let shuffled: Vec<Movement> = movements.iter().rev().copied().collect();
        for layer_order in [LayerOrder::CurrentYearFirst, LayerOrder::CarriedOverFirst] {
            let other = period.settle(opening, &shuffled, Convention { layer_order, ..convention }).expect("figures");
            prop_assert_eq!((other.product, other.interest), (settled.product, settled.interest));
            prop_assert_eq!(other.balance.total(), settled.balance.total());
        }
    }

    #[test]
    fn a_back_dated_movement_costs_one_addition((opening, movements) in account(), day in 0_i32..365, fen in 1_i64..5_000_000) {
        let period = InterestPeriod::of(PolicySet::shipped(), first(), first() + 365, &Place::default()).expect("rates");
        let convention = Convention { day_count: DayCount::Actual360, rounding: Rounding::HalfUpFen, layer_order: LayerOrder::CurrentYearFirst };
        let before = period.settle(opening, &movements, convention).expect("figures");
        let late = Movement { value_date: first() + day, amount: Money::from_fen(fen) };
        let after = period.settle(opening, &[movements, vec![late]].concat(), convention).expect("figures");
        prop_assert_eq!(after.product.fen_days() - before.product.fen_days(), i128::from(fen) * i128::from(365 - day));
    }
}

#[test]
fn a_rate_cut_inside_the_year_is_a_product_of_its_own() {
    let period = InterestPeriod::of(&rules_with_a_cut(), first(), first() + 365, &Place::default()).expect("rates");
    let opening = Layers { carried_over: Money::from_yuan(100_000), current_year: Money::from_yuan(1_000) };
    let convention =
        Convention { day_count: DayCount::Actual360, rounding: Rounding::HalfUpFen, layer_order: LayerOrder::CurrentYearFirst };
    let settled = period.settle(opening, &[], convention).expect("figures");
    let parts: Vec<String> = settled.parts.iter().map(|p| format!("{} {} {}", p.rate, p.product, p.interest)).collect();
    assert_eq!(parts, ["1.5 16362000.00 681.75", "1.3 20503000.00 740.39"]);
    let layers: Vec<(Layer, u32)> = settled.segments.iter().map(|s| (s.layer, s.days)).collect();
    assert_eq!(layers, [(Layer::CarriedOver, 162), (Layer::CarriedOver, 203), (Layer::CurrentYear, 162), (Layer::CurrentYear, 203)]);
}
