//! What can be wrong: with a policy file (all problems at once), and with a question.

use std::fmt;
use std::sync::Arc;

use crate::cite::{Cite, On, Rule, Selector};

/// One mistake in a policy file, with the place to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// File as named in the set: `policy/collection/common.yaml`, or the page for a value entered there.
    pub file: Arc<str>,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: u32,
    /// That line of the file.
    pub excerpt: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)?;
        if self.excerpt.is_empty() { Ok(()) } else { write!(f, "\n{:>6} | {}", self.line, self.excerpt) }
    }
}

/// All mistakes of all files (参数文件的全部问题).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "参数文件有 {} 处问题", self.0.len())?;
        self.0.iter().try_for_each(|p| write!(f, "\n{p}"))
    }
}

impl std::error::Error for Problems {}

/// Why a question has no answer. Never a guess.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRule {
    /// No file defines the family.
    #[error("没有参数 {0}")]
    UnknownFamily(String),
    /// The family has no value on that date: not recorded before, ended, or outside the instrument's own term.
    #[error("参数 {family} 在 {on} 没有现行规定{}", .ended.as_ref().map(|e| format!("，已由{e}终止")).or(.first.map(|f| format!("，最早的记录自 {f} 起"))).unwrap_or_default())]
    NothingInForce {
        /// The family.
        family: Rule,
        /// The date asked.
        on: On,
        /// The first step of the family, if the date lies before it.
        first: Option<Selector>,
        /// The citation that ended it, if it was ended.
        ended: Option<Arc<Cite>>,
    },
    /// Two values at one place on one date.
    #[error("参数 {family} 在 {on} 同时有两个规定：{first}（{first_source}）与{second}（{second_source}）")]
    TwoInForce {
        /// The family.
        family: Rule,
        /// The date asked.
        on: On,
        /// One citation.
        first: Arc<Cite>,
        /// Its file and line.
        first_source: String,
        /// The other citation.
        second: Arc<Cite>,
        /// Its file and line.
        second_source: String,
    },
    /// The value is of another kind than the code asks for.
    #[error("参数 {family} 的单位是 {unit}，程序要的是 {wanted}")]
    WrongUnit {
        /// The family.
        family: Rule,
        /// Unit in the file.
        unit: String,
        /// Units that would fit.
        wanted: String,
    },
    /// The value is of the right kind and cannot be used: a table without a needed column, a choice that the code lacks.
    #[error("参数 {family} 不能使用：{why}")]
    Unusable {
        /// The family.
        family: Rule,
        /// The reason.
        why: String,
    },
    /// Asked by a day where a month picks the step, or the other way round.
    #[error("参数 {family} 按{selected_by}选用，不能按 {on} 查")]
    WrongSelector {
        /// The family.
        family: Rule,
        /// What picks the step.
        selected_by: &'static str,
        /// The date asked.
        on: On,
    },
    /// Declared in code with a date of the case that the file does not name.
    #[error("参数 {family} 按{selected_by}选用，程序声明的是{wanted}")]
    OtherSelector {
        /// The family.
        family: Rule,
        /// What picks the step.
        selected_by: &'static str,
        /// What the code declared.
        wanted: String,
    },
}
