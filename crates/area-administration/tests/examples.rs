//! The worked examples of administration: `examples/administration/<action>.txt`, one file an action.

use core_case::examples;

#[test]
fn every_action_answers_as_its_examples_say() {
    for action in area_administration::ACTIONS {
        testkit::table::check(&examples::path(action.name), |row| examples::run(action, row.all_given(), row.cells()).text());
    }
}
