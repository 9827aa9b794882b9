//! The worked examples of collection: `examples/collection/<action>.txt`, one file an action, and the monthly amount.

use area_collection::terms::{applied_base, side_amount};
use core_case::examples;
use core_money::{Money, Rate, Reading, Rounding};
use testkit::table;

#[test]
fn every_action_answers_as_its_examples_say() {
    for action in area_collection::ACTIONS {
        table::check(&examples::path(action.name), |row| examples::run(action, row.all_given(), row.cells()).text());
    }
}

#[test]
fn monthly_amounts_are_those_of_the_handbook() {
    table::check("examples/collection/monthly_amount.txt", |row| {
        let base = applied_base(row.value::<Money>("base"), row.value("floor"), row.value("cap"));
        let mode = (Rounding::from_key(row.text("rounding")).expect("a mode"), Reading::from_key(row.text("reading")).expect("a reading"));
        let side = side_amount(base, row.value::<Rate>("rate"), mode);
        format!("{base} {side} {}", side + side)
    });
}
