//! The one runner of worked examples (算例): a row of a text table gives form and facts, the answer is what `decide` says.
//!
//! ```text
//! given form employer=980507010000001 month=2025-07        the form's own parser reads it
//! given employer = {"name":"某县第一小学", …}               a fact, as JSON, by the fact's own reader
//! given policy collection.rounding=half_up_fen              a centre's own value, from always
//! # day      | month   | employer.suspense                  a form column, and one part of a fact
//! 2025-07-10 | _       | 120.00                             `_` leaves what is given, `-` says nothing
//! ```
//!
//! `day` is the legal day of the case, `today` the business day (the same unless given), `channel` the way it came. Any other plain
//! column is a field of the form where there is one of that name, else a fact; a dotted one is part of a fact where there
//! is one, else of the form; `fact.` or `form.` in front settles it. A fact with one answer a line is an object by the key asked
//! for: `{"990507010000002": {…}}`. `given show = questions` prints what is asked first,
//! `given show = reasons` what carried a decision.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use core_policy::{On, Override, OverrideValue, Place, PolicySet};
use serde_json::{Map, Value};

use crate::action::{At, Entry, Outcome, Problem};
use crate::flow::Channel;
use crate::form::{Choice, FieldError};
use crate::nouns::{self, Answer, Ask};

/// Where the examples of an action stand, from the root of the workspace: one file, the action's name.
pub fn path(action: &str) -> String {
    let (area, rest) = action.split_once('.').unwrap_or(("", action));
    format!("examples/{area}/{}.txt", rest.replace(['.', '-'], "_"))
}

/// What a row came to.
#[derive(Debug)]
pub enum Answered {
    /// The form could not be read.
    Fields(Vec<FieldError>),
    /// Policy has nothing for a date of the row.
    NoRule(String),
    /// Decided or refused.
    Decided(Outcome),
}

/// A row's answer with what else is to be shown.
#[derive(Debug)]
pub struct Ran {
    /// What it came to.
    pub answered: Answered,
    questions: Vec<String>,
    reasons: bool,
}

impl Ran {
    /// The answer lines.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for question in &self.questions {
            let _ = writeln!(out, "asks {question}");
        }
        let reasons = match &self.answered {
            Answered::Fields(errors) => {
                for e in errors {
                    let _ = writeln!(out, "field {} {} ({})", e.path, e.code, e.found);
                }
                &[][..]
            }
            Answered::NoRule(why) => {
                let _ = writeln!(out, "no rule: {why}");
                &[]
            }
            Answered::Decided(Ok(decision)) => {
                let _ = writeln!(out, "accepted");
                for line in decision.lines() {
                    let _ = writeln!(out, "{line}");
                }
                &decision.reasons
            }
            Answered::Decided(Err(refused)) => {
                for r in &refused.refusals {
                    let _ = writeln!(out, "{}", r.line_of_text());
                }
                &refused.reasons
            }
        };
        for r in reasons.iter().filter(|_| self.reasons) {
            let _ = write!(out, "because {} under {}", r.rule, r.under);
            let _ = r.seen.as_ref().map(|seen| write!(out, " ({seen})"));
            let _ = if r.lines > 1 { writeln!(out, " on {} lines", r.lines) } else { writeln!(out) };
        }
        out
    }
}

/// Runs a row: what is given above it, then its cells, by column.
///
/// Panics where the row itself is wrong: an unknown column, JSON that does not fit a fact. The table's runner tells the row.
pub fn run<'a>(
    action: &Entry,
    given: impl IntoIterator<Item = (&'a str, &'a str)>,
    cells: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Ran {
    let mut row = Row {
        action,
        form: Value::Object(Map::new()),
        facts: BTreeMap::new(),
        own: Vec::new(),
        at: [None, None],
        channel: Channel::Counter,
        show: String::new(),
    };
    for (name, text) in given {
        row.given(name, text);
    }
    for (column, text) in cells {
        if text != "_" {
            row.cell(column, text);
        }
    }
    row.run()
}

struct Row<'a> {
    action: &'a Entry,
    form: Value,
    facts: BTreeMap<&'static str, Value>,
    own: Vec<Override>,
    at: [Option<core_calendar::Day>; 2],
    channel: Channel,
    show: String,
}

impl Row<'_> {
    fn given(&mut self, name: &str, text: &str) {
        match name {
            "form" if text.starts_with('{') => self.form = json(text),
            "form" => pairs(text).for_each(|(field, value)| self.put_form(field, value)),
            "policy" => pairs(text).for_each(|(family, value)| self.put_policy(family, value)),
            "show" => self.show = text.to_owned(),
            "day" | "today" | "channel" => self.cell(name, text),
            _ => self.put_fact(name, text),
        }
    }

    fn cell(&mut self, column: &str, text: &str) {
        let head = column.split('.').next().unwrap_or(column);
        let is_field = self.action.fields.iter().any(|f| f.name == head);
        let is_fact = self.action.facts.iter().any(|(name, _)| *name == head);
        let dotted = head.len() < column.len();
        match head {
            "day" => self.at[0] = Some(day(text)),
            "today" => self.at[1] = Some(day(text)),
            "channel" => self.channel = Channel::from_code(text).unwrap_or_else(|| panic!("no channel {text}")),
            "fact" if dotted => self.put_fact(&column[5..], text),
            "form" if dotted => self.put_form(&column[5..], text),
            _ if is_field && !(dotted && is_fact) => self.put_form(column, text),
            _ if is_fact => self.put_fact(column, text),
            _ if PolicySet::shipped().exists(column) => self.put_policy(column, text),
            _ => panic!("{column} is no field, fact or policy value of {}", self.action.name),
        }
    }

    /// A field, or part of one; its own parser reads the text.
    fn put_form(&mut self, path: &str, text: &str) {
        let value = match text {
            "-" => Value::Null,
            _ if text.starts_with(['[', '{']) => json(text),
            _ => Value::String(text.to_owned()),
        };
        put(&mut self.form, path, value);
    }

    fn put_fact(&mut self, path: &str, text: &str) {
        let (name, rest) = path.split_once('.').unwrap_or((path, ""));
        let Some((known, _)) = self.action.facts.iter().find(|(known, _)| *known == name) else {
            panic!("{name} is no fact of {}", self.action.name)
        };
        // Amounts, rates and dates are texts; whole numbers, flags and structures are what JSON makes of them.
        let value = match serde_json::from_str::<Value>(text) {
            _ if text == "-" => Value::Null,
            Ok(Value::Number(n)) if !n.is_i64() => Value::String(text.to_owned()),
            Ok(value) => value,
            Err(_) if text.starts_with(['[', '{']) => json(text),
            Err(_) => Value::String(text.to_owned()),
        };
        let fact = self.facts.entry(*known).or_insert(Value::Null);
        if rest.is_empty() { *fact = value } else { put(fact, rest, value) }
    }

    fn put_policy(&mut self, family: &str, text: &str) {
        let checked = day("2026-11-24");
        self.own.retain(|o| o.family != family);
        self.own.push(Override {
            family: family.to_owned(),
            from: On::Always,
            until: None,
            value: OverrideValue::Scalar(text.to_owned()),
            instrument: core_policy::UNKNOWN.to_owned(),
            edition: None,
            place: None,
            seen_in: Some("example".to_owned()),
            published: None,
            checked,
            source: "example".to_owned(),
        });
    }

    fn run(self) -> Ran {
        let accepted = self.at[0].unwrap_or_else(|| panic!("no day"));
        let at = At { accepted, today: self.at[1].unwrap_or(accepted), channel: self.channel };
        let prepared = match (self.action.read)(&self.form) {
            Ok(prepared) => prepared,
            Err(errors) => return Ran { answered: Answered::Fields(errors), questions: Vec::new(), reasons: false },
        };
        let asks = prepared.asks(&at);
        let answers = asks.iter().zip(prepared.serves(&at)).map(|(ask, name)| self.answer(ask, name)).collect();
        let shipped = PolicySet::shipped();
        let own = if self.own.is_empty() { None } else { Some(shipped.with_overrides(self.own.clone()).unwrap_or_else(|e| panic!("{e}"))) };
        let decided = prepared.decide(&at, answers, own.as_ref().unwrap_or(shipped), &Place::default());
        let answered = match decided {
            Ok(outcome) => Answered::Decided(outcome),
            Err(Problem::NoRule(why)) => Answered::NoRule(why),
            Err(wrong @ Problem::WrongAnswers(_)) => panic!("{wrong}"),
        };
        let questions = if self.show == "questions" { asks.iter().map(|a| format!("{a:?}")).collect() } else { Vec::new() };
        Ran { answered, questions, reasons: self.show == "reasons" }
    }

    fn answer(&self, ask: &Ask, name: &str) -> Answer {
        let each = self.action.facts.iter().any(|(known, noun)| *known == name && noun.starts_with("each "));
        let (key, id) = key(ask);
        let fact = self.facts.get(name).and_then(|told| if each { told.get(&key) } else { Some(told) });
        match fact {
            None | Some(Value::Null) => ask.silent(),
            Some(told) => {
                let mut told = told.clone();
                // The number asked for need not be told again.
                if let (Some(id), Some(told)) = (id, told.as_object_mut()) {
                    told.entry("id").or_insert(id.into());
                }
                ask.told(told).unwrap_or_else(|e| panic!("{name} {key}: {e}"))
            }
        }
    }
}

/// The key of a question, and its number where the answer repeats it.
fn key(ask: &Ask) -> (String, Option<i64>) {
    match ask {
        Ask::Employer(nouns::Employer(id)) => (id.to_string(), Some(id.0)),
        Ask::Savings(nouns::Savings(id)) => (id.to_string(), Some(id.0)),
        Ask::Receipt(nouns::Receipt(id)) => (id.to_string(), Some(id.0)),
        Ask::BankAccount(nouns::BankAccount(id)) => (id.to_string(), Some(id.0)),
        Ask::Unit(nouns::Unit(id)) => (id.to_string(), Some(id.0)),
        Ask::User(nouns::User(id)) => (id.to_string(), Some(id.0)),
        Ask::List(nouns::List(id)) => (id.to_string(), None),
        Ask::EmployerMonth(nouns::EmployerMonth(_, month)) | Ask::Period(nouns::Period(month)) => (month.to_string(), None),
        Ask::Registered(nouns::Registered(_, key)) => (key.clone(), None),
        Ask::Incoming(nouns::Incoming(key)) => (key.host_serial.clone(), None),
        Ask::OpeningTaken(_) => (String::new(), None),
    }
}

/// Puts a value at a path: names and numbers between dots.
fn put(at: &mut Value, path: &str, value: Value) {
    let place = path.split('.').fold(at, |at, step| match step.parse::<usize>() {
        Ok(n) if at.is_array() => at.get_mut(n).unwrap_or_else(|| panic!("{path}: there is no {n}")),
        _ => {
            if at.is_null() {
                *at = Value::Object(Map::new());
            }
            at.as_object_mut().unwrap_or_else(|| panic!("{path}: {step} is no part of a value")).entry(step).or_insert(Value::Null)
        }
    });
    *place = value;
}

fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split_whitespace().map(move |pair| pair.split_once('=').unwrap_or_else(|| panic!("name=value, not {pair}")))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e} in {text}"))
}

fn day(text: &str) -> core_calendar::Day {
    core_calendar::Day::parse(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}
