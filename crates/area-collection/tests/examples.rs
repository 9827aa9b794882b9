//! The worked examples of collection: `examples/collection/<action>.txt`, one file an action.

use core_case::examples;

#[test]
fn every_action_answers_as_its_examples_say() {
    for action in area_collection::ACTIONS {
        testkit::table::check(&examples::path(action.name), |row| examples::run(action, row.all_given(), row.cells()).text());
    }
}
