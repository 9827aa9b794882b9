//! What holds for every schedule.

use area_lending::{Instalment, Method, schedule, schedule_paying, shortest_term};
use core_money::{Money, Rate, Rounding};
use proptest::prelude::*;

fn terms() -> impl Strategy<Value = (Money, Rate, u32)> {
    let principal = prop_oneof![1_i64..10_000, 1_i64..500_000_000].prop_map(Money::from_fen);
    let rate = prop_oneof![Just(0_i64), 0_i64..2_500_000].prop_map(Rate::from_units);
    (principal, rate, 1_u32..480)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn principals_add_up_to_the_loan_and_the_last_period_clears_it((principal, rate, periods) in terms(), method in prop::sample::select(&Method::ALL[..])) {
        let plan = schedule(principal, rate, periods, method, Rounding::HalfUpFen).unwrap();
        prop_assert_eq!(plan.rows.iter().map(|row| row.principal).sum::<Money>(), principal);
        prop_assert_eq!(plan.rows.iter().map(|row| row.interest).sum::<Money>(), plan.total_interest);
        prop_assert_eq!(plan.rows.last().map(|row| (row.period, row.balance)), Some((periods, Money::ZERO)));
        let mut balance = principal;
        for row in &plan.rows {
            balance -= row.principal;
            prop_assert_eq!(row.balance, balance);
            prop_assert_eq!(row.payment, row.principal + row.interest);
            prop_assert!(!row.principal.is_negative() && !row.interest.is_negative() && !row.balance.is_negative());
        }
    }

    #[test]
    fn equal_instalments_are_equal_until_the_loan_is_cleared((principal, rate, periods) in terms()) {
        let plan = schedule(principal, rate, periods, Method::EqualInstalment, Rounding::HalfUpFen).unwrap();
        let first = plan.rows[0].payment;
        for row in &plan.rows[..plan.rows.len() - 1] {
            prop_assert!(row.payment == first || row.balance.is_zero());
        }
    }

    #[test]
    fn the_last_payment_differs_by_at_most_what_roundings_can_add((principal, rate, periods) in terms()) {
        // Each of n roundings moves the balance by at most half a fen, which then grows with interest: bounded by the exact
        // instalment's own growth, (1 + i)^n, computed here in hundredths and rounded up.
        let plan = schedule(principal, rate, periods, Method::EqualInstalment, Rounding::HalfUpFen).unwrap();
        let mut bound = 100_i128;
        for _ in 0..periods {
            bound += bound * i128::from(rate.units()) / 120_000_000 + 100;
        }
        let last = plan.rows[plan.rows.len() - 1];
        let difference = (plan.rows[0].payment - last.payment).abs();
        prop_assert!(i128::from(difference.fen()) * 100 <= bound || plan.rows[..plan.rows.len() - 1].iter().any(|row| row.balance.is_zero()));
    }

    #[test]
    fn the_exact_instalment_lies_between_the_cut_and_the_raised_one((principal, rate, periods) in terms()) {
        let exact = Instalment::of(principal, rate, periods).unwrap();
        let (cut, raised) = (exact.round(Rounding::CutFen).unwrap(), exact.round(Rounding::LiUpToFen).unwrap());
        prop_assert!(cut <= raised && raised - cut <= Money::FEN);
        prop_assert!(exact.to_decimal(2) == cut.to_string() || exact.to_decimal(2) == raised.to_string());
        let nearest = exact.round(Rounding::HalfUpFen).unwrap();
        prop_assert!(nearest == cut || nearest == raised);
    }

    #[test]
    fn keeping_the_instalment_ends_no_later_than_planned((principal, rate, periods) in terms()) {
        let raised = Instalment::of(principal, rate, periods).unwrap().round(Rounding::LiUpToFen).unwrap();
        if let Ok(plan) = schedule_paying(principal, rate, raised, Rounding::CutFen) {
            prop_assert!(plan.rows.len() <= periods as usize);
            prop_assert!(plan.rows.iter().all(|row| row.payment <= raised));
        }
    }

    #[test]
    fn the_shortest_term_fits_and_one_less_does_not((principal, rate, periods) in terms()) {
        let payment = |periods| Instalment::of(principal, rate, periods).unwrap().round(Rounding::HalfUpFen).unwrap();
        let most = payment(periods);
        if let Ok(shortest) = shortest_term(principal, rate, most, Rounding::HalfUpFen) {
            prop_assert!(shortest <= periods && payment(shortest) <= most);
            prop_assert!(shortest == 1 || payment(shortest - 1) > most);
        }
    }
}
