//! Lookup against a plain scan, and the deposit rates of both layers.

use core_calendar::Day;
use core_money::Rate;
use core_policy::{On, Place, PolicySet, Source};
use proptest::prelude::*;

/// A family `trial.a` of whole numbers with these steps (day number, value; no value ends it).
fn set(steps: &[(i32, Option<u32>)]) -> PolicySet {
    let mut text =
        "a:\n  name: 甲\n  rule: a rule\n  unit: count\n  selected_by: legal_day\n  place: national\n  checked: 2026-11-24\n  steps:\n"
            .to_owned();
    for (n, value) in steps {
        let from = Day::ymd(2020, 1, 1).unwrap() + *n;
        let value = value.map_or_else(|| "repealed: true".to_owned(), |v| format!("value: \"{v}\""));
        text += &format!(
            "    - from: {from}\n      {value}\n      under: {{instrument: unknown, seen_in: \"handbook 17 §1\", confidence: G}}\n"
        );
    }
    let (set, problems) = PolicySet::examine(vec![Source { name: "policy/trial/common.yaml".to_owned(), text }]);
    assert!(problems.is_empty(), "{problems:?}");
    set
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_answer_is_the_last_step_that_has_begun(steps in prop::collection::btree_map(0..400i32, prop::option::of(0..9u32), 1..6), asked in -10..410i32) {
        let steps: Vec<(i32, Option<u32>)> = steps.into_iter().collect();
        let on = Day::ymd(2020, 1, 1).unwrap() + asked;
        let expected = steps.iter().rfind(|(from, _)| *from <= asked).and_then(|(_, value)| *value);
        let found = set(&steps).optional::<u32>("trial.a", On::Day(on), &Place::default()).unwrap();
        prop_assert_eq!(found.map(|f| f.value), expected);
    }
}

#[test]
fn both_layers_of_a_day() {
    let rates = |day: &str| {
        PolicySet::shipped()
            .deposit_rates(Day::parse(day).unwrap(), &Place::default())
            .map(|r| (r.carried_over.value, r.current_year.value))
    };
    let pair = |carried: &str, current: &str| Ok((Rate::parse(carried).unwrap(), Rate::parse(current).unwrap()));
    assert_eq!(rates("2015-06-30"), pair("1.60", "0.35"));
    assert_eq!(rates("2016-02-20"), pair("1.10", "0.35"));
    assert_eq!(rates("2016-02-21"), pair("1.50", "1.50"));
    assert_eq!(rates("2026-06-30"), pair("1.50", "1.50"));
    assert!(rates("1990-04-14").is_err());
}
