//! Why a calculator gives no answer, all reasons at once.

use std::fmt;
use std::str::FromStr;

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
    pub(super) fn required<T: FromStr>(&mut self, name: &str, text: Option<&str>) -> Option<T>
    where
        T::Err: fmt::Display,
    {
        if text.is_none() {
            self.wrong(name, "必填");
        }
        self.optional(name, text)
    }

    /// The value of an option that may be left out.
    pub(super) fn optional<T: FromStr>(&mut self, name: &str, text: Option<&str>) -> Option<T>
    where
        T::Err: fmt::Display,
    {
        self.read(name, text?, |text| text.parse().map_err(|why: T::Err| why.to_string()))
    }

    /// A value read in a way of its own.
    pub(super) fn read<T>(&mut self, name: &str, text: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        match read(text) {
            Ok(value) => Some(value),
            Err(why) => {
                self.wrong(name, &format!("{why}；写的是“{text}”"));
                None
            }
        }
    }

    /// One more problem.
    pub(super) fn wrong(&mut self, name: &str, why: &str) {
        self.problems.push(format!("{name}：{why}"));
    }

    /// All problems, or none.
    pub(super) fn finish(self, command: &'static str) -> Result<(), Failure> {
        if self.problems.is_empty() { Ok(()) } else { Err(Failure::Usage(command, self.problems)) }
    }
}

/// `键 名称、键 名称`: what an option may be.
pub(super) fn choices<'a>(all: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    all.into_iter().map(|(key, term)| format!("{key} {term}")).collect::<Vec<_>>().join("、")
}
