//! The input file of `anju calc interest`.

use std::path::Path;

use area_collection::interest::{Layer, Layers, Movement};
use core_calendar::{Day, DayCount};
use core_money::{Money, Rounding};
use serde_json::{Map, Value};

use crate::calc::failure::{one_of, parsed};
use crate::calc::input::{self, Problem, Reader};

/// What the file says.
pub(super) struct Input {
    pub(super) from: Day,
    pub(super) to: Day,
    pub(super) opening: Layers,
    /// Whether the opening balance came as one figure, where problems with it belong.
    undivided: bool,
    pub(super) movements: Vec<Movement>,
    pub(super) day_count: Option<DayCount>,
    pub(super) rounding: Option<Rounding>,
}

impl Input {
    /// Where the opening balance of a layer stands in the file.
    pub(super) fn opening_at(&self, layer: Layer) -> &'static str {
        match layer {
            _ if self.undivided => "/opening",
            Layer::CarriedOver => "/carried_over",
            Layer::CurrentYear => "/current_year",
        }
    }
}

/// Reads the file.
///
/// Errors: no file, no JSON; else everything in it that is missing, unknown or malformed.
pub(super) fn read(path: &Path) -> Result<Input, Vec<Problem>> {
    parse(&input::read(path)?)
}

fn parse(value: &Value) -> Result<Input, Vec<Problem>> {
    let mut reader = Reader::default();
    let keys = ["from", "to", "opening", "carried_over", "current_year", "movements", "day_count", "rounding"];
    let Some(object) = reader.object(value, "", &keys) else { return Err(reader.problems) };
    let from = reader.required::<Day>(object, "", "from");
    let to = reader.required::<Day>(object, "", "to");
    let opening = opening(&mut reader, object);
    let movements = movements(&mut reader, object);
    let day_count = reader.optional(object, "", "day_count", |text| one_of(&DayCount::ALL, DayCount::key, text));
    let rounding = reader.optional(object, "", "rounding", |text| one_of(&Rounding::ALL, Rounding::key, text));
    match (from, to, opening) {
        (Some(from), Some(to), Some(opening)) if reader.problems.is_empty() => {
            Ok(Input { from, to, opening, undivided: object.contains_key("opening"), movements, day_count, rounding })
        }
        _ => Err(reader.problems),
    }
}

/// One figure, which counts as carried over, or both layers: beside each other or inside `opening`.
fn opening(reader: &mut Reader, object: &Map<String, Value>) -> Option<Layers> {
    let layers = ["carried_over", "current_year"];
    let divided = layers.iter().any(|key| object.contains_key(*key));
    match object.get("opening") {
        Some(_) if divided => {
            reader.wrong("/opening", "opening 与 carried_over、current_year 只能给一种");
            None
        }
        Some(value @ Value::Object(_)) => {
            let inside = reader.object(value, "/opening", &layers)?;
            layers_of(reader, inside, "/opening")
        }
        Some(value) => {
            let carried_over = reader.value(value, "/opening", parsed)?;
            Some(Layers { carried_over, current_year: Money::ZERO })
        }
        None if divided => layers_of(reader, object, ""),
        None => {
            reader.wrong("/opening", "必填：给出 opening，或同时给出 carried_over 与 current_year");
            None
        }
    }
}

/// Both layers beside each other.
fn layers_of(reader: &mut Reader, object: &Map<String, Value>, at: &str) -> Option<Layers> {
    let (carried_over, current_year) = (reader.required(object, at, "carried_over"), reader.required(object, at, "current_year"));
    Some(Layers { carried_over: carried_over?, current_year: current_year? })
}

/// None given is an account without movements.
fn movements(reader: &mut Reader, object: &Map<String, Value>) -> Vec<Movement> {
    let mut movements = Vec::new();
    for (at, value) in reader.list(object, "movements") {
        let Some(one) = reader.object(value, &at, &["value_date", "amount"]) else { continue };
        let (value_date, amount) = (reader.required(one, &at, "value_date"), reader.required(one, &at, "amount"));
        if let (Some(value_date), Some(amount)) = (value_date, amount) {
            movements.push(Movement { value_date, amount });
        }
    }
    movements
}
