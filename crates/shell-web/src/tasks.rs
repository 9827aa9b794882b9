//! Whose task an open case is (待办归属), and how near its promise.

use core_calendar::{Day, WorkCalendar};
use core_case::state::CaseState;
use shell_pipeline::Actor;
use shell_store::views::work::CaseLine;

use crate::ui::Pips;
use crate::ui::mark::Near;

/// Working days promised for every case so far (`Centre` promises three).
const PROMISED: u8 = 3;

/// Whether somebody can act on it now: a review that this person's role may sign, or one's own case that came back.
pub fn is_mine(actor: &Actor, case: &CaseLine) -> bool {
    if case.maker == actor.user {
        return matches!(case.state, CaseState::Returned | CaseState::Failed);
    }
    let review = actor.may("review").is_some();
    case.next().is_some_and(|role| review && actor.holds(role, case.branch))
}

/// Whether somebody follows it: entered by this person, or by the same branch.
pub fn is_followed(actor: &Actor, case: &CaseLine) -> bool {
    case.maker == actor.user || (case.branch == actor.unit && actor.may("view.business").is_some())
}

/// The promise as pips, with the date in words.
pub fn pips(calendar: &WorkCalendar, today: Day, accepted: Day, promised: Option<Day>) -> Pips {
    let Some(promised) = promised else { return Pips::new(0, 0, Near::Later, "当日") };
    let left = calendar.working_days_between(today, promised).unwrap_or(0);
    let used = calendar.working_days_between(accepted, today).unwrap_or(0);
    let used = u8::try_from(used.clamp(0, i32::from(PROMISED))).unwrap_or(PROMISED);
    let date = promised.to_string().get(5..).unwrap_or_default().to_owned();
    match left {
        ..0 => Pips::new(PROMISED, PROMISED, Near::Today, format!("{date} 已过")),
        0 => Pips::new(PROMISED, PROMISED, Near::Today, "今天"),
        1 | 2 => Pips::new(used, PROMISED, Near::Soon, date),
        _ => Pips::new(used, PROMISED, Near::Later, date),
    }
}
