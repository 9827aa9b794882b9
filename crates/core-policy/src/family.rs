//! Families (参数) with their layers by place and their steps in time.

use std::sync::Arc;

use core_calendar::Day;

use crate::cite::{Cite, On, Rule, Selector};
use crate::place::Scope;
use crate::unit::{SelectedBy, Unit};
use crate::value::Value;

/// Step (时段): from a date on, this value under this citation; or the end of the rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// First day or month.
    pub from: Selector,
    /// Last day or month, where the instrument itself sets one (a holiday notice is for its year).
    pub until: Option<Selector>,
    /// Day of publication (公布日期), where the handbook knows it.
    pub published: Option<Day>,
    /// The value; `None` when this step ends the rule.
    pub value: Option<Value>,
    /// Why.
    pub under: Arc<Cite>,
    /// File of the step.
    pub file: Arc<str>,
    /// Line of the step in its file; 0 for one entered on the policy page.
    pub line: u32,
}

impl Step {
    /// Whether it was entered on the policy page.
    pub(crate) const fn is_entered(&self) -> bool {
        self.line == 0
    }

    /// `file:line`.
    pub fn source(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

/// The steps of a family at one scope (适用地域), in order of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Where they hold.
    pub scope: Scope,
    /// Day on which somebody last compared them with the paper (核对日期).
    pub checked: Day,
    /// Steps by `from`.
    pub steps: Vec<Step>,
}

impl Layer {
    /// The step in force, the two that contradict each other, or none.
    pub(crate) fn at(&self, on: On) -> At<'_> {
        let after = self.steps.partition_point(|s| s.from <= on);
        let Some(step) = self.steps[..after].last() else {
            return At::Nothing;
        };
        let ended = |s: &Step| s.until.is_some_and(|last| last < on);
        // An earlier step holds beside the last one when it begins on the same day or names its own end and has not reached it.
        let rival = self.steps[..after - 1].iter().rev().find(|s| s.from == step.from || s.until.is_some_and(|last| last >= on));
        match rival {
            Some(rival) if !ended(step) => At::Two(rival, step),
            _ if ended(step) => At::Nothing,
            _ if step.value.is_none() => At::Ended(step),
            _ => At::One(step),
        }
    }
}

/// What a layer answers.
pub(crate) enum At<'l> {
    Nothing,
    Ended(&'l Step),
    One(&'l Step),
    Two(&'l Step, &'l Step),
}

/// Family (参数): one question with one answer a day and place.
#[derive(Clone, Debug, PartialEq)]
pub struct Family {
    /// Full name: `collection.base_cap`.
    pub rule: Rule,
    /// Chinese name (参数名称).
    pub term: Arc<str>,
    /// The rule in plain English, one sentence.
    pub about: Arc<str>,
    /// Unit of its value.
    pub unit: Unit,
    /// Which date picks the step.
    pub selected_by: SelectedBy,
    /// Who decides an open point (待定事项): set when the value is our proposal and the owner must confirm it.
    pub decides: Option<Arc<str>>,
    /// Layers from the weakest scope to the narrowest.
    pub layers: Vec<Layer>,
}

impl Family {
    /// First date of any layer.
    pub fn first(&self) -> Option<Selector> {
        self.layers.iter().filter_map(|l| l.steps.first()).map(|s| s.from).min()
    }

    /// Every date on which an answer may change: the starts, and the day or month after a named end.
    pub fn changes(&self) -> Vec<Selector> {
        let after = |s: Selector| match s {
            Selector::Always => Selector::Always,
            Selector::Day(day) => Selector::Day(day + 1),
            Selector::Month(month) => Selector::Month(month.succ()),
        };
        let steps = self.layers.iter().flat_map(|l| &l.steps);
        let mut days: Vec<_> =
            steps.flat_map(|s| [Some(s.from), s.until.map(after)]).flatten().filter(|s| *s != Selector::Always).collect();
        days.sort_unstable();
        days.dedup();
        days
    }
}
