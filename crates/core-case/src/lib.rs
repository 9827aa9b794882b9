//! The action catalogue: forms as data, facts, rules, refusals, effects, review flows, conflicts.
