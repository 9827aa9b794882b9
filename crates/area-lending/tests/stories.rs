//! What holds for every story of a loan.

use area_lending::{
    Conventions, Event, FirstPeriod, LoanRates, Method, MonthRate, PenaltyBase, PenaltyDays, PrepaymentChoice, RateStep, Shorten, Stuck,
    StuckError, Terms, What, schedule, story,
};
use core_calendar::Day;
use core_case::form::Choice;
use core_money::{Money, Rate, Rounding};
use core_policy::{Place, PolicySet};
use proptest::prelude::*;
use proptest::sample::select;

const START: Day = Day::ymd(2024, 3, 20).expect("a day");

fn any_of<C: Choice + std::fmt::Debug>() -> impl Strategy<Value = C> {
    select(C::CHOICES).prop_map(|(code, _)| C::from_code(code).expect("a code of the list"))
}

fn conventions() -> impl Strategy<Value = Conventions> {
    let ways = (any_of::<FirstPeriod>(), any_of::<MonthRate>(), any_of::<Shorten>());
    (ways, any_of::<PenaltyBase>(), any_of::<PenaltyDays>()).prop_map(
        |((first_period, month_rate, shorten), penalty_base, penalty_days)| Conventions {
            first_period,
            month_rate,
            day_base: 360,
            penalty_factor: Rate::from_percent(150),
            penalty_base,
            penalty_days,
            shorten,
            rounding: Rounding::HalfUpFen,
        },
    )
}

fn terms() -> impl Strategy<Value = Terms> {
    let figures = (1_000_000_i64..100_000_000, 1_u32..60, 1_u32..=31);
    let rates = (10_000_i64..600_000, 10_000_i64..600_000, 0_i32..900);
    (figures, select(&Method::ALL[..]), rates, conventions()).prop_map(
        |((fen, periods, due_day), method, (first, second, change), conventions)| {
            let step = |days: i32, units: i64| RateStep { from: START.checked_add(days).expect("a day"), rate: Rate::from_units(units) };
            let steps = [step(0, first), step(change + 1, second)];
            let rates = LoanRates::of(&steps, START, periods).expect("a rate on the first day");
            Terms { principal: Money::from_fen(fen), method, periods, disbursed_on: START, due_day, rates, conventions }
        },
    )
}

/// Events of any kind on any day, also such as cannot happen.
fn events() -> impl Strategy<Value = Vec<Event>> {
    let amount = (1_i64..20_000_000).prop_map(Money::from_fen);
    let what = prop_oneof![
        Just(What::Pay(None)),
        amount.clone().prop_map(|amount| What::Pay(Some(amount))),
        (amount, any_of::<PrepaymentChoice>()).prop_map(|(amount, choice)| What::Prepay(amount, choice)),
        Just(What::Settle),
    ];
    proptest::collection::vec((1_i32..1900, what), 0..8)
        .prop_map(|events| events.into_iter().map(|(day, what)| Event { on: START.checked_add(day).expect("a day"), what }).collect())
}

/// Some periods missed, and of the other events those that can happen.
fn told(terms: &Terms, mut events: Vec<Event>, misses: &[u32]) -> area_lending::Story {
    let missed: std::collections::BTreeSet<Day> = misses.iter().map(|period| terms.due(period % terms.periods + 1)).collect();
    events.extend(missed.into_iter().map(|on| Event { on, what: What::Miss }));
    loop {
        match story(terms.clone(), &events) {
            Ok(told) => return told,
            Err(Stuck { event: Some(event), .. }) => drop(events.remove(event)),
            Err(stuck) => panic!("the terms are those of a loan: {stuck:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn money_goes_where_it_is_said_to_go(terms in terms(), events in events(), misses in proptest::collection::vec(0_u32..60, 0..4)) {
        let told = told(&terms, events, &misses);
        let (mut balance, mut paid) = (terms.principal, Money::ZERO);
        for (at, row) in told.rows.iter().enumerate() {
            balance -= row.paid.principal;
            paid += row.paid.total();
            prop_assert_eq!(row.balance, balance, "row {}", at);
            prop_assert!(![row.paid.principal, row.paid.interest, row.paid.penalty, row.balance, row.overdue].iter().any(|sum| sum.is_negative()));
            prop_assert!(row.overdue <= row.balance + terms.principal);
        }
        prop_assert_eq!(paid, told.paid.total());
        prop_assert!(told.rows.windows(2).all(|pair| pair[0].day <= pair[1].day));
        // What is not paid at the end is overdue, and nothing else is owed.
        let last = told.rows.last().expect("a row");
        prop_assert!(last.overdue >= last.balance);
        prop_assert_eq!(told.paid.principal, terms.principal - last.balance);
    }

    #[test]
    fn without_events_it_is_the_schedule(mut terms in terms()) {
        // Whole months: the due day is the day of disbursement.
        terms.due_day = START.day();
        terms.conventions.month_rate = MonthRate::Twelfth;
        let rate = terms.rates.on(START);
        let step = RateStep { from: START, rate };
        terms.rates = LoanRates::of(&[step], START, terms.periods).expect("a rate");
        let plan = schedule(terms.principal, rate, terms.periods, terms.method, Rounding::HalfUpFen).expect("a schedule");
        let told = story(terms, &[]).expect("a story");
        let rows: Vec<_> = told.rows.iter().map(|row| (row.period, row.paid.principal, row.paid.interest, row.balance)).collect();
        let planned: Vec<_> = plan.rows.iter().map(|row| (row.period, row.principal, row.interest, row.balance)).collect();
        prop_assert_eq!(rows, planned);
    }
}

#[test]
fn the_centres_conventions_are_those_in_force() {
    let found = Conventions::in_force(PolicySet::shipped(), START, &Place::default()).expect("a step of each family");
    assert_eq!((found.first_period, found.month_rate), (FirstPeriod::AllDays, MonthRate::Twelfth));
    assert_eq!((found.penalty_base, found.penalty_days, found.shorten), (PenaltyBase::Both, PenaltyDays::Actual, Shorten::WholePeriods));
    assert_eq!((found.penalty_factor, found.day_base), (Rate::from_percent(150), 360));
}

#[test]
fn an_event_before_the_loan_cannot_happen() {
    let rates = LoanRates::of(&[RateStep { from: START, rate: Rate::from_percent(3) }], START, 12).expect("a rate");
    let conventions = Conventions::in_force(PolicySet::shipped(), START, &Place::default()).expect("a step of each family");
    let principal = Money::from_yuan(12_000);
    let terms = Terms { principal, method: Method::EqualPrincipal, periods: 12, disbursed_on: START, due_day: 20, rates, conventions };
    let events = [Event { on: START, what: What::Settle }];
    assert_eq!(story(terms, &events), Err(Stuck { event: Some(0), why: StuckError::TooEarly(START) }));
}
