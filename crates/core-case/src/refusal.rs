//! A refusal is data (不予受理): rule, citation, what was required, what was found, which field, what the person can do.
//!
//! `decide` asks a [`Checks`]; each question names a rule in force, so a refusal without citation cannot be written. What
//! passes leaves a reason, so "why was this done" costs no line. All refusals come out, in the order a clerk checks them.

use std::borrow::Cow;
use std::fmt::Display;
use std::sync::Arc;

use core_money::Money;
use core_policy::{Cite, InForce};
use serde::{Deserialize, Serialize};

use crate::effect::Effects;
use crate::form::Field;

/// A reason to refuse: code and words; made by `because!`, listed in the refusals catalogue.
#[derive(Debug, PartialEq, Eq)]
pub struct Because {
    /// Code in capitals, unique in its action.
    pub code: &'static str,
    /// Words in Chinese.
    pub words: &'static str,
}

/// How many reasons several lists hold.
#[doc(hidden)]
pub const fn count(lists: &[&[&'static Because]]) -> usize {
    let (mut n, mut i) = (0, 0);
    while i < lists.len() {
        n += lists[i].len();
        i += 1;
    }
    n
}

/// Several lists of reasons as one.
#[doc(hidden)]
pub const fn join<const N: usize>(lists: &[&[&'static Because]]) -> [&'static Because; N] {
    static NONE: Because = Because { code: "", words: "" };
    let mut all: [&'static Because; N] = [&NONE; N];
    let (mut at, mut i) = (0, 0);
    while i < lists.len() {
        let mut j = 0;
        while j < lists[i].len() {
            all[at] = lists[i][j];
            at += 1;
            j += 1;
        }
        i += 1;
    }
    all
}

/// What the person can do about it (补救).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Remedy {
    /// Bring or attach this.
    Bring(Cow<'static, str>),
    /// Ask for at most this.
    AtMost(Money),
    /// Use at least this.
    AtLeast(Money),
    /// Carry out this action first: its name and term.
    First(Cow<'static, str>, Cow<'static, str>),
    /// A sentence.
    Do(String),
}

impl Remedy {
    /// Carry out this action first.
    pub const fn first(action: &'static str, term: &'static str) -> Remedy {
        Remedy::First(Cow::Borrowed(action), Cow::Borrowed(term))
    }

    /// The sentence shown.
    pub fn sentence(&self) -> String {
        match self {
            Remedy::Bring(what) => format!("请补充{what}"),
            Remedy::AtMost(m) => format!("最多可填 {} 元", m.grouped()),
            Remedy::AtLeast(m) => format!("至少应为 {} 元", m.grouped()),
            Remedy::First(_, term) => format!("先办理“{term}”"),
            Remedy::Do(sentence) => sentence.clone(),
        }
    }
}

/// A refusal (不予受理的理由). It is stored with its case and read back as it was, also after a release that words it otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Code of the reason.
    pub code: Cow<'static, str>,
    /// Words of the reason.
    pub words: Cow<'static, str>,
    /// Family of the rule it breaks.
    pub rule: String,
    /// Its citation, edition included.
    pub under: Arc<Cite>,
    /// What the rule wants, where it is a quantity.
    pub required: Option<String>,
    /// What was found.
    pub found: Option<String>,
    /// The field, as a path with the line's number where there are lines.
    pub field: Option<String>,
    /// Label of the field.
    pub label: Option<Cow<'static, str>>,
    /// Line of the form, counted from 0.
    pub line: Option<usize>,
    /// What can be done.
    pub remedy: Option<Remedy>,
}

impl Refusal {
    /// One line for examples, logs and the command line.
    pub fn line_of_text(&self) -> String {
        let mut out = String::new();
        if let Some(line) = self.line {
            out.push_str(&format!("line {} ", line + 1));
        }
        out.push_str(&format!("refused {} under {}", self.code, self.under));
        match (&self.found, &self.required) {
            (Some(f), Some(r)) => out.push_str(&format!(" ({f} / {r})")),
            (Some(f), None) => out.push_str(&format!(" ({f})")),
            (None, Some(r)) => out.push_str(&format!(" (needs {r})")),
            (None, None) => {}
        }
        out
    }
    /// The sentence for people: found and limit first, then the remedy (look §6).
    pub fn sentence(&self) -> String {
        let mut out = self.words.to_string();
        // Figures stand apart from Chinese words, words do not.
        let apart = |text: &str| format!("{}{text}", if text.starts_with(|c: char| c.is_ascii()) { " " } else { "" });
        match (&self.found, &self.required) {
            (Some(f), Some(r)) => out.push_str(&format!("：现为{}，要求{}", apart(f), apart(r))),
            (Some(f), None) => out.push_str(&format!("：{f}")),
            (None, Some(r)) => out.push_str(&format!("：要求{}", apart(r))),
            (None, None) => {}
        }
        out.push('。');
        if let Some(remedy) = &self.remedy {
            out.push_str(&remedy.sentence());
            out.push('。');
        }
        out
    }
}

/// A rule that was applied and held: the answer to "why" (依据). Lists keep one reason a rule, with the count of lines.
#[derive(Clone, Debug, Serialize)]
pub struct Reason {
    /// Family of the rule.
    pub rule: String,
    /// Its citation.
    pub under: Arc<Cite>,
    /// Found and required, where they are quantities.
    pub seen: Option<String>,
    /// On how many lines it held.
    pub lines: u32,
}

/// All refusals of one decision, with the reasons that had held so far.
#[derive(Clone, Debug)]
pub struct Refused {
    /// In the order a clerk checks.
    pub refusals: Vec<Refusal>,
    /// What held.
    pub reasons: Vec<Reason>,
}

/// Collects refusals and reasons while `decide` asks its questions; consumed by [`Checks::pass`].
#[derive(Debug, Default)]
pub struct Checks {
    refusals: Vec<Refusal>,
    reasons: Vec<Reason>,
    line: Option<(&'static str, usize)>,
}

/// What was said about one check; adds field, found, required and remedy if it refused.
pub struct Said<'a>(Option<&'a mut Refusal>);

impl Said<'_> {
    /// Names the field.
    pub fn at(self, field: Field) -> Self {
        if let Some(r) = self.0 {
            r.field = Some(match r.field.take() {
                Some(prefix) => format!("{prefix}.{}", field.name),
                None => field.name.to_owned(),
            });
            r.label = Some(Cow::Borrowed(field.label));
            return Said(Some(r));
        }
        self
    }
    /// What was found; nothing to show is left out.
    pub fn found(mut self, found: impl Display) -> Self {
        if let Some(r) = self.0.as_mut() {
            r.found = Some(found.to_string()).filter(|text| !text.is_empty());
        }
        self
    }
    /// What is required; nothing to show is left out.
    pub fn required(mut self, required: impl Display) -> Self {
        if let Some(r) = self.0.as_mut() {
            r.required = Some(required.to_string()).filter(|text| !text.is_empty());
        }
        self
    }
    /// What can be done.
    pub fn remedy(mut self, remedy: Remedy) -> Self {
        if let Some(r) = self.0.as_mut() {
            r.remedy = Some(remedy);
        }
        self
    }
    /// What can be done, as a sentence.
    pub fn tell(self, sentence: impl Into<String>) -> Self {
        self.remedy(Remedy::Do(sentence.into()))
    }
    /// Whether the check held.
    pub fn held(&self) -> bool {
        self.0.is_none()
    }
}

impl Checks {
    /// No questions asked yet.
    pub fn new() -> Checks {
        Checks::default()
    }

    /// Asks whether something holds under a rule in force.
    pub fn need<T>(&mut self, ok: bool, rule: &InForce<T>, because: &'static Because) -> Said<'_> {
        if ok {
            self.reason(rule, None);
            return Said(None);
        }
        self.refuse(rule, because)
    }

    /// Asks whether `x` is at most the rule's value.
    pub fn at_most<T: PartialOrd + Display>(&mut self, x: T, rule: &InForce<T>, because: &'static Because) -> Said<'_> {
        self.compare(x <= rule.value, &x, rule, because)
    }

    /// Asks whether `x` is at least the rule's value.
    pub fn at_least<T: PartialOrd + Display>(&mut self, x: T, rule: &InForce<T>, because: &'static Because) -> Said<'_> {
        self.compare(x >= rule.value, &x, rule, because)
    }

    fn compare<T: Display>(&mut self, ok: bool, x: &T, rule: &InForce<T>, because: &'static Because) -> Said<'_> {
        if ok {
            let seen = if self.line.is_some() { None } else { Some(format!("{x} / {}", rule.value)) };
            self.reason(rule, seen);
            return Said(None);
        }
        let required = rule.value.to_string();
        self.refuse(rule, because).found(x).required(required)
    }

    /// Asks for something that must exist; none means it was refused.
    pub fn some<'a, X, T>(&mut self, x: &'a Option<X>, rule: &InForce<T>, because: &'static Because, field: Field) -> Option<&'a X> {
        self.need(x.is_some(), rule, because).at(field).tell(format!("核对{}", field.label));
        x.as_ref()
    }

    /// Notes a rule that was applied without a question (a rate that was used).
    pub fn under<T>(&mut self, rule: &InForce<T>) {
        self.reason(rule, None);
    }

    /// Checks inside one line of a table: refusals get the line's number and path.
    pub fn line<R>(&mut self, table: Field, i: usize, ask: impl FnOnce(&mut Checks) -> R) -> R {
        let outer = self.line.replace((table.name, i));
        let answer = ask(self);
        self.line = outer;
        answer
    }

    /// Whether anything was refused so far.
    pub fn refused(&self) -> bool {
        !self.refusals.is_empty()
    }

    /// Every refusal leaves here; after it there are only effects.
    pub fn pass(self) -> Result<Effects, Refused> {
        if self.refusals.is_empty() { Ok(Effects::because_of(self.reasons)) } else { Err(self.refused_with()) }
    }

    /// Leaves early where nothing more can be asked; must only be called after a refusal.
    pub fn stop<X>(self) -> Result<X, Refused> {
        assert!(!self.refusals.is_empty(), "stop without a refusal");
        Err(self.refused_with())
    }

    fn refused_with(self) -> Refused {
        Refused { refusals: self.refusals, reasons: self.reasons }
    }

    fn refuse<T>(&mut self, rule: &InForce<T>, because: &'static Because) -> Said<'_> {
        self.refusals.push(Refusal {
            code: Cow::Borrowed(because.code),
            words: Cow::Borrowed(because.words),
            rule: rule.rule.to_string(),
            under: rule.under.clone(),
            required: None,
            found: None,
            field: self.line.map(|(table, i)| format!("{table}[{i}]")),
            label: None,
            line: self.line.map(|(_, i)| i),
            remedy: None,
        });
        Said(self.refusals.last_mut())
    }

    fn reason<T>(&mut self, rule: &InForce<T>, seen: Option<String>) {
        // Lists ask the same few rules a line: the last few reasons are looked at, not all.
        let known = self.reasons.iter_mut().rev().take(32).find(|r| Arc::ptr_eq(&r.under, &rule.under) && *r.rule == *rule.rule);
        match known {
            Some(reason) if self.line.is_some() || seen.is_none() => reason.lines += 1,
            _ => self.reasons.push(Reason { rule: rule.rule.to_string(), under: rule.under.clone(), seen, lines: 1 }),
        }
    }
}
