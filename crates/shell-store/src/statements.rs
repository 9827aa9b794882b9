//! Every SQL text of the store in one list: a test prepares each on both engines and compares parameters, columns and types.

use crate::db::Registered;
use crate::{audit, bootstrap, cases, effects, facts, imports, numbers, people, registers, reports, rotate, store, verify_queries, views};

/// All statements, by module.
pub fn all() -> Vec<&'static [Registered]> {
    let mut lists: Vec<&'static [Registered]> = vec![
        audit::QUERIES,
        bootstrap::QUERIES,
        cases::QUERIES,
        cases::KEY_QUERIES,
        imports::QUERIES,
        numbers::QUERIES,
        registers::QUERIES,
        reports::STATEMENTS,
        rotate::STATEMENTS,
        store::QUERIES,
        verify_queries::STATEMENTS,
    ];
    for group in [effects::QUERIES, facts::QUERIES, people::QUERIES, views::QUERIES] {
        lists.extend(group);
    }
    lists
}
