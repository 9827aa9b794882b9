//! The catalogue (业务目录): every action of every area, and the start-up comparison with the policy files.

use core_case::action::{Entry, Selects};
use core_policy::{On, PolicySet};

/// Every action, in the order of the service catalogue.
pub fn actions() -> impl Iterator<Item = &'static Entry> {
    area_collection::ACTIONS.iter().chain(area_accounting::ACTIONS).chain(area_administration::ACTIONS)
}

/// The action with this name.
pub fn action(name: &str) -> Option<&'static Entry> {
    actions().find(|a| a.name == name)
}

/// Compares what the actions declare with the policy files: each family exists and is picked by the kind of date declared.
/// Every difference comes out; none means that `decide` cannot meet a missing family.
pub fn check(policy: &PolicySet) -> Vec<String> {
    let any_day = core_calendar::Day::from_number(0);
    let mut problems = Vec::new();
    for action in actions() {
        for rule in action.rules {
            match policy.selected_by(rule.family) {
                None => problems.push(format!("{}: no family {}", action.name, rule.family)),
                Some(by) => {
                    let on = match rule.by {
                        Selects::Day => On::Day(any_day),
                        Selects::Month => On::Month(core_calendar::Month::of(any_day)),
                    };
                    if let Err(e) = (rule.fits)(policy, rule.family) {
                        problems.push(format!("{}: {e}", action.name));
                    }
                    if !by.accepts(on) {
                        problems.push(format!("{}: {} is picked by {}, not by {:?}", action.name, rule.family, by.key(), rule.by));
                    }
                }
            }
        }
        for flow in action.flows.all() {
            if !policy.exists(flow) {
                problems.push(format!("{}: no review flow {flow}", action.name));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_declared_rule_and_flow_stands_in_the_policy_files() {
        let problems = check(PolicySet::shipped());
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    #[test]
    fn names_and_short_codes_are_unique_and_every_field_has_a_label() {
        let (mut names, mut codes) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
        for action in actions() {
            assert!(names.insert(action.name), "{} twice", action.name);
            assert!(codes.insert(action.short), "{}: another action has {}", action.name, action.short);
            assert!(action.short.len() == 2 && action.short.bytes().all(|b| b.is_ascii_lowercase()), "{}", action.name);
        }
        for action in actions() {
            assert!(action.fields.iter().all(|f| !f.label.is_empty()) && !action.term.is_empty(), "{}", action.name);
        }
    }
}
