//! The worked examples of amounts: `examples/core/`.

use core_money::{Money, Rate, Reading, Rounding};
use testkit::table;

#[test]
fn rounding_modes_agree_with_both_cores() {
    table::check("examples/core/rounding.txt", |row| {
        let mode = Rounding::from_key(row.text("mode")).expect("a mode");
        let exact = row.value::<Rate>("rate").of(row.value("base"));
        let [digit, ceiling] = Reading::ALL.map(|reading| exact.round_in(mode, reading));
        if digit == ceiling { digit.to_string() } else { format!("{digit} / {ceiling}") }
    });
}

#[test]
fn amounts_in_words_are_what_documents_carry() {
    table::check("examples/core/words.txt", |row| row.value::<Money>("amount").to_words());
}
