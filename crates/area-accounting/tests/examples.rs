//! The worked examples of accounting: `examples/accounting/<action>.txt`, one file an action.

use core_case::examples;

#[test]
fn every_action_answers_as_its_examples_say() {
    for action in area_accounting::ACTIONS {
        testkit::table::check(&examples::path(action.name), |row| examples::run(action, row.all_given(), row.cells()).text());
    }
}
