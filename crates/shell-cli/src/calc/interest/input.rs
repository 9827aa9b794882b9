//! The input file of `anju calc interest`, read strictly: every problem with its JSON pointer, all at once.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;

use area_collection::interest::{Layer, Layers, Movement};
use core_calendar::{Day, DayCount};
use core_money::{Money, Rounding};
use serde_json::{Map, Value};

use crate::calc::failure::{one_of, parsed};

/// Largest file that is read: some hundred thousand movements, far beyond any account.
const MOST_BYTES: u64 = 32 << 20;

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

/// What is wrong, and where in the file (RFC 6901; empty for the whole).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) pointer: String,
    pub(super) message: String,
}

impl Problem {
    pub(super) fn at(pointer: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem { pointer: pointer.into(), message: message.into() }
    }
}

/// Reads the file.
///
/// Errors: it cannot be read, is larger than 32 MiB or no JSON; else everything in it that is missing, unknown or malformed.
pub(super) fn read(path: &Path) -> Result<Input, Vec<Problem>> {
    let whole = |message: String| vec![Problem::at("", message)];
    let mut text = String::new();
    let file = File::open(path).map_err(|why| whole(format!("文件读不出来：{why}")))?;
    let bytes = file.take(MOST_BYTES + 1).read_to_string(&mut text).map_err(|why| whole(format!("文件读不出来：{why}")))?;
    if bytes as u64 > MOST_BYTES {
        return Err(whole("文件超过 32 MiB".to_owned()));
    }
    // Editors on Windows put a byte order mark in front.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let value = serde_json::from_str(text).map_err(|why| whole(format!("第 {} 行第 {} 列起不是 JSON", why.line(), why.column())))?;
    parse(&value)
}

fn parse(value: &Value) -> Result<Input, Vec<Problem>> {
    let mut reader = Reader { problems: Vec::new() };
    let keys = ["from", "to", "opening", "carried_over", "current_year", "movements", "day_count", "rounding"];
    let Some(object) = reader.object(value, "", &keys) else { return Err(reader.problems) };
    let from = reader.required::<Day>(object, "", "from");
    let to = reader.required::<Day>(object, "", "to");
    let opening = reader.opening(object);
    let movements = reader.movements(object);
    let day_count = reader.key(object, "day_count", |text| one_of(&DayCount::ALL, DayCount::key, text));
    let rounding = reader.key(object, "rounding", |text| one_of(&Rounding::ALL, Rounding::key, text));
    match (from, to, opening) {
        (Some(from), Some(to), Some(opening)) if reader.problems.is_empty() => {
            Ok(Input { from, to, opening, undivided: object.contains_key("opening"), movements, day_count, rounding })
        }
        _ => Err(reader.problems),
    }
}

struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn wrong(&mut self, pointer: impl Into<String>, message: impl Into<String>) {
        self.problems.push(Problem::at(pointer, message));
    }

    /// An object with no other keys than these.
    fn object<'v>(&mut self, value: &'v Value, pointer: &str, keys: &[&str]) -> Option<&'v Map<String, Value>> {
        let Value::Object(object) = value else {
            self.wrong(pointer, format!("应为对象 {{…}}，写的是{}", kind(value)));
            return None;
        };
        for key in object.keys().filter(|key| !keys.contains(&key.as_str())) {
            self.wrong(format!("{pointer}/{}", escaped(key)), format!("不认得的键；可用的有 {}", keys.join("、")));
        }
        Some(object)
    }

    fn text<'v>(&mut self, value: &'v Value, pointer: &str) -> Option<&'v str> {
        let Value::String(text) = value else {
            self.wrong(pointer, format!("应为带引号的字符串，写的是{}", kind(value)));
            return None;
        };
        Some(text)
    }

    fn value<T>(&mut self, value: &Value, pointer: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = self.text(value, pointer)?;
        read(text).map_err(|why| self.wrong(pointer, format!("{why}；写的是“{text}”"))).ok()
    }

    fn required<T: FromStr>(&mut self, object: &Map<String, Value>, at: &str, key: &str) -> Option<T>
    where
        T::Err: std::fmt::Display,
    {
        let pointer = format!("{at}/{key}");
        match object.get(key) {
            Some(value) => self.value(value, &pointer, parsed),
            None => {
                self.wrong(pointer, "必填");
                None
            }
        }
    }

    /// One of a few keys, where it is given.
    fn key<T>(&mut self, object: &Map<String, Value>, key: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        self.value(object.get(key)?, &format!("/{key}"), read)
    }

    /// One figure, which counts as carried over, or both layers: beside each other or inside `opening`.
    fn opening(&mut self, object: &Map<String, Value>) -> Option<Layers> {
        let layers = ["carried_over", "current_year"];
        let divided = layers.iter().any(|key| object.contains_key(*key));
        match object.get("opening") {
            Some(_) if divided => {
                self.wrong("/opening", "opening 与 carried_over、current_year 只能给一种");
                None
            }
            Some(value @ Value::Object(_)) => {
                let inside = self.object(value, "/opening", &layers)?;
                self.layers(inside, "/opening")
            }
            Some(value) => {
                let carried_over = self.value(value, "/opening", parsed)?;
                Some(Layers { carried_over, current_year: Money::ZERO })
            }
            None if divided => self.layers(object, ""),
            None => {
                self.wrong("/opening", "必填：给出 opening，或同时给出 carried_over 与 current_year");
                None
            }
        }
    }

    fn layers(&mut self, object: &Map<String, Value>, at: &str) -> Option<Layers> {
        let (carried_over, current_year) = (self.required(object, at, "carried_over"), self.required(object, at, "current_year"));
        Some(Layers { carried_over: carried_over?, current_year: current_year? })
    }

    /// None given is an account without movements.
    fn movements(&mut self, object: &Map<String, Value>) -> Vec<Movement> {
        let list = match object.get("movements") {
            None => return Vec::new(),
            Some(Value::Array(list)) => list,
            Some(other) => {
                self.wrong("/movements", format!("应为数组 […]，写的是{}", kind(other)));
                return Vec::new();
            }
        };
        let mut movements = Vec::with_capacity(list.len());
        for (n, value) in list.iter().enumerate() {
            let at = format!("/movements/{n}");
            let Some(one) = self.object(value, &at, &["value_date", "amount"]) else { continue };
            let (value_date, amount) = (self.required(one, &at, "value_date"), self.required(one, &at, "amount"));
            if let (Some(value_date), Some(amount)) = (value_date, amount) {
                movements.push(Movement { value_date, amount });
            }
        }
        movements
    }
}

/// A value's kind in the words of the message, numbers with the figure found.
fn kind(value: &Value) -> String {
    match value {
        Value::Null => "空值 null".to_owned(),
        Value::Bool(flag) => format!("{flag}"),
        Value::Number(number) => format!("数字 {number}"),
        Value::String(text) => format!("字符串“{text}”"),
        Value::Array(_) => "数组".to_owned(),
        Value::Object(_) => "对象".to_owned(),
    }
}

/// A key as part of a pointer.
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
