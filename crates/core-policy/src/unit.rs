//! Units (单位) of families, table columns, and the dates that pick a step.

use std::fmt;
use std::sync::Arc;

use crate::cite::{On, Selector};

/// Unit of a family or of a table's column. Whole numbers name what they count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A rule that holds, without a value.
    Holds,
    /// `yes` or `no`.
    Flag,
    /// A whole number of this thing: `days`, `months`, `years`, `hours`, `minutes`, `persons`, `count`, `characters`, `mebibytes`.
    Whole(&'static str),
    /// An amount in yuan, up to two decimals.
    Yuan,
    /// A percentage; of a year where it is interest.
    Percent,
    /// A rounding mode by its key (handbook 17 §2).
    Rounding,
    /// A reading of a rounding mode: `digit` or `ceiling` (handbook 17 §2).
    Reading,
    /// A day count by its key (handbook 03 §2.10).
    DayCount,
    /// One word out of the family's `choices`.
    Choice(Arc<[Arc<str>]>),
    /// Free text.
    Text,
    /// A date.
    Date,
    /// A number of calendar days, working days or months: `3 working_days`.
    TimeLimit,
    /// Who reviews, by amount (handbook 17 §7).
    ReviewFlow,
    /// Rows and columns.
    Table(Arc<[Column]>),
}

const WHOLE: [&str; 9] = ["days", "months", "years", "hours", "minutes", "persons", "count", "characters", "mebibytes"];

impl Unit {
    /// Reads a unit word that needs nothing else beside it.
    pub(crate) fn parse(text: &str) -> Option<Unit> {
        Some(match text {
            "holds" => Unit::Holds,
            "flag" => Unit::Flag,
            "yuan" => Unit::Yuan,
            "percent" => Unit::Percent,
            "rounding" => Unit::Rounding,
            "reading" => Unit::Reading,
            "day_count" => Unit::DayCount,
            "text" => Unit::Text,
            "date" => Unit::Date,
            "time_limit" => Unit::TimeLimit,
            "review_flow" => Unit::ReviewFlow,
            _ => Unit::Whole(WHOLE.iter().find(|w| **w == text)?),
        })
    }

    /// The word in the file.
    pub fn key(&self) -> &'static str {
        match self {
            Unit::Holds => "holds",
            Unit::Flag => "flag",
            Unit::Whole(what) => what,
            Unit::Yuan => "yuan",
            Unit::Percent => "percent",
            Unit::Rounding => "rounding",
            Unit::Reading => "reading",
            Unit::DayCount => "day_count",
            Unit::Choice(_) => "choice",
            Unit::Text => "text",
            Unit::Date => "date",
            Unit::TimeLimit => "time_limit",
            Unit::ReviewFlow => "review_flow",
            Unit::Table(_) => "table",
        }
    }

    /// The word on the policy page; empty where the value says it all.
    pub fn term(&self) -> &'static str {
        match self {
            Unit::Whole("days") => "天",
            Unit::Whole("months") => "个月",
            Unit::Whole("years") => "年",
            Unit::Whole("hours") => "小时",
            Unit::Whole("minutes") => "分钟",
            Unit::Whole("persons") => "人",
            Unit::Whole("count") => "次",
            Unit::Whole("characters") => "个字符",
            Unit::Whole("mebibytes") => "MB",
            Unit::Yuan => "元",
            Unit::Percent => "%",
            _ => "",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())?;
        match self {
            Unit::Choice(choices) => write!(f, " of {}", choices.join(", ")),
            Unit::Table(columns) => {
                f.write_str(" of ")?;
                for (i, column) in columns.iter().enumerate() {
                    write!(f, "{}{} {}", if i == 0 { "" } else { ", " }, column.key, column.unit.key())?;
                    if column.optional {
                        f.write_str("?")?;
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// Column (列) of a table, written `key unit`, with `?` when a cell may be empty (`-`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name in code.
    pub key: Arc<str>,
    /// Unit of its cells.
    pub unit: Unit,
    /// Whether a cell may be empty.
    pub optional: bool,
}

impl Column {
    pub(crate) fn parse(text: &str) -> Option<Column> {
        let (key, unit) = text.split_once(' ')?;
        let (unit, optional) = unit.strip_suffix('?').map_or((unit, false), |u| (u, true));
        let unit = Unit::parse(unit).filter(|u| !matches!(u, Unit::Holds | Unit::ReviewFlow))?;
        Some(Column { key: key.into(), unit, optional })
    }
}

/// Which date of a case picks the step (选用日期); itself a rule, so it is written in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SelectedBy {
    /// Legal day (适用日): the day whose law a case follows; the day of acceptance unless its action says otherwise.
    LegalDay,
    /// Day of acceptance (受理日).
    AcceptedDay,
    /// Posting date (记账日期).
    PostingDay,
    /// Value date (起息日).
    ValueDay,
    /// Settlement day (结息日), or the closing day of a closing.
    SettlementDay,
    /// Day of disbursement (放款日).
    DisbursementDay,
    /// The month that is paid for (所属月份).
    Month,
    /// No date: the house has one value.
    Always,
}

impl SelectedBy {
    const ALL: [(SelectedBy, &'static str, &'static str); 8] = [
        (SelectedBy::LegalDay, "legal_day", "适用日"),
        (SelectedBy::AcceptedDay, "accepted_day", "受理日"),
        (SelectedBy::PostingDay, "posting_day", "记账日期"),
        (SelectedBy::ValueDay, "value_day", "起息日"),
        (SelectedBy::SettlementDay, "settlement_day", "结息日"),
        (SelectedBy::DisbursementDay, "disbursement_day", "放款日"),
        (SelectedBy::Month, "month", "所属月份"),
        (SelectedBy::Always, "always", "固定值"),
    ];

    /// Reads the word in the file.
    pub fn parse(text: &str) -> Option<SelectedBy> {
        Self::ALL.iter().find(|(_, key, _)| *key == text).map(|(by, _, _)| *by)
    }

    /// The word in the file.
    pub fn key(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The word on the policy page.
    pub fn term(self) -> &'static str {
        Self::ALL[self as usize].2
    }

    /// Whether a question of this form can be answered: days by days, months by months.
    pub fn accepts(self, on: On) -> bool {
        match self {
            SelectedBy::Month => matches!(on, Selector::Month(_)),
            SelectedBy::Always => on == Selector::Always,
            _ => matches!(on, Selector::Day(_)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for (by, key, _) in SelectedBy::ALL {
            assert_eq!((SelectedBy::parse(key), by.key()), (Some(by), key));
        }
        for word in ["holds", "flag", "yuan", "percent", "rounding", "reading", "day_count", "text", "date", "time_limit", "review_flow"]
            .into_iter()
            .chain(WHOLE)
        {
            assert_eq!(Unit::parse(word).unwrap().key(), word);
        }
        assert_eq!(Unit::parse("table"), None);
        assert!(Column::parse("until date?").unwrap().optional);
        assert_eq!(Column::parse("until"), None);
    }
}
