//! Register of instruments (文件): what a step may cite, with the editions and their days.

use std::sync::Arc;

use core_calendar::Day;

use crate::cite::Selector;

/// Edition (版本) of an instrument and the days on which it is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// Short name, the year: `2026`.
    pub name: Arc<str>,
    /// Number (文号) of the decree that made this edition, where the handbook names it.
    pub number: Option<Arc<str>>,
    /// First day in force; `None` where the handbook does not say.
    pub from: Option<Day>,
    /// Last day in force; `None` for the edition in force now.
    pub until: Option<Day>,
}

impl Edition {
    /// Whether the edition is in force during the whole span of a step, ends included.
    pub(crate) fn spans(&self, from: Selector, until: Option<Selector>) -> bool {
        let starts = match (from, self.from) {
            (_, None) => true,
            (Selector::Always, Some(_)) => false,
            (Selector::Day(day), Some(first)) => day >= first,
            (Selector::Month(month), Some(first)) => month.first_day() >= first,
        };
        let ends = match (until, self.until) {
            (_, None) => true,
            (None | Some(Selector::Always), Some(_)) => false,
            (Some(Selector::Day(day)), Some(last)) => day <= last,
            (Some(Selector::Month(month)), Some(last)) => month.last_day() <= last,
        };
        starts && ends
    }
}

/// Instrument (文件): a law, decree or notice. Steps name it by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instrument {
    /// Id in the policy files: `housing-fund-regulation`.
    pub id: Arc<str>,
    /// Title or number that a citation shows.
    pub shown: Arc<str>,
    /// What it is about, for the policy page.
    pub about: Arc<str>,
    /// Handbook section that names it.
    pub seen_in: Arc<str>,
    /// Editions in order of time; empty when there is one text.
    pub editions: Vec<Edition>,
}
