//! Input files of the calculators (JSON), read strictly: every problem with its JSON pointer, all at once.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;

use serde_json::{Map, Value};

use super::failure::{Failure, parsed};

/// Largest file that is read: some hundred thousand movements, far beyond any account or loan.
const MOST_BYTES: u64 = 32 << 20;

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

/// Each problem with path and JSON pointer.
pub(super) fn in_file(path: &Path, problems: Vec<Problem>) -> Failure {
    Failure::File(problems.into_iter().map(|Problem { pointer, message }| format!("{}#{pointer}：{message}", path.display())).collect())
}

/// The JSON value of a file.
///
/// Errors: it cannot be read, is larger than 32 MiB or no JSON.
pub(super) fn read(path: &Path) -> Result<Value, Vec<Problem>> {
    let whole = |message: String| vec![Problem::at("", message)];
    let mut text = String::new();
    let file = File::open(path).map_err(|why| whole(format!("文件读不出来：{why}")))?;
    let bytes = file.take(MOST_BYTES + 1).read_to_string(&mut text).map_err(|why| whole(format!("文件读不出来：{why}")))?;
    if bytes as u64 > MOST_BYTES {
        return Err(whole("文件超过 32 MiB".to_owned()));
    }
    // Editors on Windows put a byte order mark in front.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    serde_json::from_str(text).map_err(|why| whole(format!("第 {} 行第 {} 列起不是 JSON", why.line(), why.column())))
}

/// Reads values and keeps what is wrong with each.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) problems: Vec<Problem>,
}

impl Reader {
    /// One more problem.
    pub(super) fn wrong(&mut self, pointer: impl Into<String>, message: impl Into<String>) {
        self.problems.push(Problem::at(pointer, message));
    }

    /// An object with no other keys than these.
    pub(super) fn object<'v>(&mut self, value: &'v Value, pointer: &str, keys: &[&str]) -> Option<&'v Map<String, Value>> {
        let Value::Object(object) = value else {
            self.wrong(pointer, format!("应为对象 {{…}}，写的是{}", kind(value)));
            return None;
        };
        for key in object.keys().filter(|key| !keys.contains(&key.as_str())) {
            self.wrong(format!("{pointer}/{}", escaped(key)), format!("不认得的键；可用的有 {}", keys.join("、")));
        }
        Some(object)
    }

    /// A string.
    pub(super) fn text<'v>(&mut self, value: &'v Value, pointer: &str) -> Option<&'v str> {
        let Value::String(text) = value else {
            self.wrong(pointer, format!("应为带引号的字符串，写的是{}", kind(value)));
            return None;
        };
        Some(text)
    }

    /// A string that is read further.
    pub(super) fn value<T>(&mut self, value: &Value, pointer: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = self.text(value, pointer)?;
        read(text).map_err(|why| self.wrong(pointer, format!("{why}；写的是“{text}”"))).ok()
    }

    /// A value that has to be there.
    pub(super) fn required<T: FromStr>(&mut self, object: &Map<String, Value>, at: &str, key: &str) -> Option<T>
    where
        T::Err: fmt::Display,
    {
        self.required_as(object, at, key, parsed)
    }

    /// The same, read in a way of its own.
    pub(super) fn required_as<T>(
        &mut self,
        object: &Map<String, Value>,
        at: &str,
        key: &str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        if !object.contains_key(key) {
            self.wrong(format!("{at}/{key}"), "必填");
        }
        self.optional(object, at, key, read)
    }

    /// A value that may be left out.
    pub(super) fn optional<T>(
        &mut self,
        object: &Map<String, Value>,
        at: &str,
        key: &str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        self.value(object.get(key)?, &format!("{at}/{key}"), read)
    }

    /// A whole number within bounds, as JSON number or string.
    pub(super) fn whole(&mut self, object: &Map<String, Value>, key: &str, bounds: std::ops::RangeInclusive<u32>) -> Option<u32> {
        let pointer = format!("/{key}");
        let found = match object.get(key) {
            None => {
                self.wrong(pointer, "必填");
                return None;
            }
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(other) => kind(other),
        };
        let number = found.parse().ok().filter(|number| bounds.contains(number));
        if number.is_none() {
            self.wrong(pointer, format!("应为 {} 至 {} 的整数，写的是{found}", bounds.start(), bounds.end()));
        }
        number
    }

    /// The elements of an array, with where each stands; none given is an empty one.
    pub(super) fn list<'v>(&mut self, object: &'v Map<String, Value>, key: &str) -> Vec<(String, &'v Value)> {
        match object.get(key) {
            None => Vec::new(),
            Some(Value::Array(list)) => list.iter().enumerate().map(|(n, value)| (format!("/{key}/{n}"), value)).collect(),
            Some(other) => {
                self.wrong(format!("/{key}"), format!("应为数组 […]，写的是{}", kind(other)));
                Vec::new()
            }
        }
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
