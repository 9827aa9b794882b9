//! The working calendar (工作日历) as a family: the yearly holiday notices become one [`WorkCalendar`].

use core_calendar::{Day, WorkCalendar, YearOfHolidays};

use crate::cite::Selector;
use crate::place::Place;
use crate::problem::NoRule;
use crate::set::PolicySet;
use crate::value::{RowRef, Value};

/// The family of the yearly notices.
const HOLIDAYS: &str = "calendar.holidays";

impl PolicySet {
    /// All years that have a notice. Asking it for a day of another year is an error of its own, not "weekends only".
    ///
    /// Errors: the family is missing or has another form.
    pub fn work_calendar(&self, place: &Place) -> Result<WorkCalendar, NoRule> {
        let family = self.family(HOLIDAYS).ok_or_else(|| NoRule::UnknownFamily(HOLIDAYS.to_owned()))?;
        let unusable = |why: String| NoRule::Unusable { family: family.rule.clone(), why };
        let mut years: Vec<YearOfHolidays> = Vec::new();
        // Layers run from the weakest to the narrowest, so a later one replaces the year of an earlier one.
        for step in family.layers.iter().filter(|l| l.scope.covers(place)).flat_map(|l| &l.steps) {
            let Some(value) = &step.value else { continue };
            let (Selector::Day(from), Value::Table(table)) = (step.from, value) else {
                return Err(unusable(format!("{} 应是一年的放假表", step.source())));
            };
            let mut year = YearOfHolidays { year: from.year(), off: Vec::new(), make_up: Vec::new() };
            for row in table.rows() {
                add(&mut year, row).map_err(|why| unusable(format!("{}：{why}", step.source())))?;
            }
            years.retain(|y| y.year != year.year);
            years.push(year);
        }
        WorkCalendar::new(years).map_err(|why| unusable(why.to_string()))
    }
}

fn add(year: &mut YearOfHolidays, row: RowRef<'_>) -> Result<(), String> {
    let (kind, from): (String, Day) = (row.get("kind")?, row.get("from")?);
    let until: Day = row.optional("until")?.unwrap_or(from);
    match kind.as_str() {
        _ if from.year() != year.year || until.year() != year.year || until < from => {
            Err(format!("{from} 至 {until} 不在 {} 年内", year.year))
        }
        "off" => {
            year.off.push((from, until));
            Ok(())
        }
        "make_up" if from == until => {
            year.make_up.push(from);
            Ok(())
        }
        _ => Err(format!("{kind} 应为 off，或单独一天的 make_up")),
    }
}
