//! Why a calculator gives no answer, all reasons at once.

use std::fmt;
use std::str::FromStr;

use core_case::form::Choice;
use core_money::Money;
use core_policy::NoRule;

use crate::exit;

/// No answer, with its exit code.
#[derive(Debug)]
pub(super) enum Failure {
    /// The rules say no: what, under which rule, and what can be done.
    Refused(Vec<String>),
    /// Options that are missing or wrong; the command whose help tells more.
    Usage(&'static str, Vec<String>),
    /// Problems of an input file, each as path, pointer and sentence.
    File(Vec<String>),
    /// The world failed.
    Outage(String),
}

impl Failure {
    pub(super) fn code(&self) -> u8 {
        match self {
            Failure::Refused(_) => exit::REFUSED,
            Failure::Usage(..) => exit::USAGE,
            Failure::File(_) => exit::BAD_FILE,
            Failure::Outage(_) => exit::OUTAGE,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Refused(reasons) => list(f, "按规定不予计算", reasons),
            Failure::Usage(command, problems) => {
                list(f, &format!("选项有 {} 处问题", problems.len()), problems)?;
                writeln!(f, "用法见 anju calc {command} --help")
            }
            Failure::File(problems) => list(f, &format!("输入文件有 {} 处问题", problems.len()), problems),
            Failure::Outage(why) => writeln!(f, "系统故障：{why}"),
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, head: &str, lines: &[String]) -> fmt::Result {
    writeln!(f, "{head}：")?;
    lines.iter().try_for_each(|line| writeln!(f, "  {line}"))
}

/// Reads options and keeps what is wrong with each.
#[derive(Default)]
pub(super) struct Options {
    problems: Vec<String>,
}

impl Options {
    /// The value of an option that has to be there.
    pub(super) fn required<T>(&mut self, name: &str, text: Option<&str>, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        if text.is_none() {
            self.wrong(name, "必填");
        }
        self.optional(name, text, read)
    }

    /// The value of an option that may be left out.
    pub(super) fn optional<T>(&mut self, name: &str, text: Option<&str>, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = text?;
        match read(text) {
            Ok(value) => Some(value),
            Err(why) => {
                self.wrong(name, &format!("{why}；写的是“{text}”"));
                None
            }
        }
    }

    /// A rule that was looked up, or the problem of the option that asked for it.
    pub(super) fn rule<T>(&mut self, name: &str, found: Result<T, NoRule>) -> Option<T> {
        found.map_err(|why| self.wrong(name, &why.to_string())).ok()
    }

    /// One more problem.
    pub(super) fn wrong(&mut self, name: &str, why: &str) {
        self.problems.push(format!("{name}：{why}"));
    }

    /// All problems, or none.
    pub(super) fn finish(self, command: &'static str) -> Result<(), Failure> {
        if self.problems.is_empty() { Ok(()) } else { Err(self.failed(command)) }
    }

    /// All problems, where there are some.
    pub(super) fn failed(self, command: &'static str) -> Failure {
        Failure::Usage(command, self.problems)
    }
}

/// Reads a value by its own parser.
pub(super) fn parsed<T: FromStr>(text: &str) -> Result<T, String>
where
    T::Err: fmt::Display,
{
    text.parse().map_err(|why: T::Err| why.to_string())
}

/// Reads an amount that is not below zero.
pub(super) fn not_negative(text: &str) -> Result<Money, String> {
    match parsed::<Money>(text)? {
        amount if amount.is_negative() => Err("不能小于零".to_owned()),
        amount => Ok(amount),
    }
}

/// Reads a choice by its code.
pub(super) fn chosen<C: Choice>(text: &str) -> Result<C, String> {
    C::CHOICES.iter().find(|(code, _)| *code == text).and_then(|(code, _)| C::from_code(code)).ok_or_else(|| {
        let codes: Vec<&str> = C::CHOICES.iter().map(|(code, _)| *code).collect();
        format!("应为 {} 之一", codes.join("、"))
    })
}

/// Reads one of a few keys.
pub(super) fn one_of<T: Copy>(all: &[T], key: impl Fn(T) -> &'static str, text: &str) -> Result<T, String> {
    all.iter().copied().find(|one| key(*one) == text).ok_or_else(|| {
        let keys: Vec<&str> = all.iter().map(|one| key(*one)).collect();
        format!("应为 {} 之一", keys.join("、"))
    })
}
