//! Working days (工作日): weekends, yearly holidays and make-up days.

use std::collections::BTreeMap;

use crate::Day;

/// Holidays of a year (年度放假安排) as the yearly notice prints them (handbook 17 §10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearOfHolidays {
    /// The calendar year.
    pub year: i32,
    /// Days off, each from the first to the last day inclusive.
    pub off: Vec<(Day, Day)>,
    /// Saturdays and Sundays worked instead (调休上班).
    pub make_up: Vec<Day>,
}

/// There is no notice for this year: an error, never "weekends only" (handbook 17 §10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("没有 {year} 年的放假安排，无法计算工作日")]
pub struct NoCalendar {
    /// The year asked for.
    pub year: i32,
}

/// Why a notice cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCalendar {
    /// Two notices for a year.
    #[error("{year} 年的放假安排重复")]
    TwiceTheYear {
        /// The year.
        year: i32,
    },
    /// A day of another year stands in the notice.
    #[error("{day} 不在 {year} 年内")]
    OtherYear {
        /// The year of the notice.
        year: i32,
        /// The day.
        day: Day,
    },
    /// A period ends before it begins.
    #[error("放假期间 {from} 至 {until} 首尾颠倒")]
    Reversed {
        /// First day.
        from: Day,
        /// Last day.
        until: Day,
    },
    /// A day is off or made up twice, or both.
    #[error("{day} 在放假安排中出现两次")]
    TwiceTheDay {
        /// The day.
        day: Day,
    },
    /// A day made up that is no Saturday or Sunday.
    #[error("{day} 不是周末，不能调休上班")]
    NotWeekend {
        /// The day.
        day: Day,
    },
}

/// Working calendar (工作日历): which days are working days, for the years it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkCalendar {
    /// Working days of each year, one bit a day.
    years: BTreeMap<i32, Year>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Year {
    first: Day,
    working: [u64; 6],
}

impl Year {
    fn is_working(&self, day: Day) -> bool {
        let at = self.first.days_until(day) as usize;
        self.working[at / 64] >> (at % 64) & 1 == 1
    }

    fn set(&mut self, day: Day, working: bool) {
        let at = self.first.days_until(day) as usize;
        let bit = 1 << (at % 64);
        if working {
            self.working[at / 64] |= bit;
        } else {
            self.working[at / 64] &= !bit;
        }
    }

    fn of(notice: &YearOfHolidays) -> Result<Year, BadCalendar> {
        let bounds = Day::ymd(notice.year, 1, 1).zip(Day::ymd(notice.year, 12, 31));
        let Some((first, last)) = bounds else { return Err(BadCalendar::OtherYear { year: notice.year, day: Day::MAX }) };
        let mut year = Year { first, working: [0; 6] };
        for n in 0..=first.days_until(last) {
            year.set(first + n, !(first + n).weekday().is_weekend());
        }
        let mut named = std::collections::BTreeSet::new();
        let mut once = |day: Day| {
            if day < first || day > last {
                Err(BadCalendar::OtherYear { year: notice.year, day })
            } else if !named.insert(day) {
                Err(BadCalendar::TwiceTheDay { day })
            } else {
                Ok(())
            }
        };
        for &(from, until) in &notice.off {
            if until < from {
                return Err(BadCalendar::Reversed { from, until });
            }
            let mut day = from;
            while day <= until {
                once(day)?;
                year.set(day, false);
                day = day.succ();
            }
        }
        for &day in &notice.make_up {
            once(day)?;
            if !day.weekday().is_weekend() {
                return Err(BadCalendar::NotWeekend { day });
            }
            year.set(day, true);
        }
        Ok(year)
    }
}

impl WorkCalendar {
    /// A calendar of these years, in any order.
    ///
    /// Errors: a year twice; a day of another year; a reversed period; a day named twice; a make-up day that is no weekend.
    pub fn new(notices: Vec<YearOfHolidays>) -> Result<WorkCalendar, BadCalendar> {
        let mut years = BTreeMap::new();
        for notice in &notices {
            if years.insert(notice.year, Year::of(notice)?).is_some() {
                return Err(BadCalendar::TwiceTheYear { year: notice.year });
            }
        }
        Ok(WorkCalendar { years })
    }

    /// The years it holds, in order.
    pub fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.years.keys().copied()
    }

    /// Whether the day is a working day (工作日).
    ///
    /// Errors: its year has no notice.
    pub fn is_working_day(&self, day: Day) -> Result<bool, NoCalendar> {
        let year = day.year();
        self.years.get(&year).map(|y| y.is_working(day)).ok_or(NoCalendar { year })
    }

    /// The first working day after this day.
    ///
    /// Errors: a year on the way has no notice.
    pub fn next_working_day(&self, day: Day) -> Result<Day, NoCalendar> {
        self.working_day_from(day.succ())
    }

    /// This day if it is a working day, else the first one after it.
    ///
    /// Errors: a year on the way has no notice.
    pub fn working_day_from(&self, mut day: Day) -> Result<Day, NoCalendar> {
        while !self.is_working_day(day)? {
            day = day.succ();
        }
        Ok(day)
    }

    /// The day so many working days later; the day itself is not counted, whether it is one or not. None later is the day itself.
    ///
    /// Errors: a year on the way has no notice.
    pub fn add_working_days(&self, mut day: Day, days: u32) -> Result<Day, NoCalendar> {
        for _ in 0..days {
            day = self.next_working_day(day)?;
        }
        Ok(day)
    }

    /// Working days after `from` up to `to` inclusive: what is left (余 2 个工作日) until a deadline, the inverse of
    /// [`WorkCalendar::add_working_days`]. Negative when `to` is earlier: how far it is exceeded.
    ///
    /// Errors: a year on the way has no notice.
    pub fn working_days_between(&self, from: Day, to: Day) -> Result<i32, NoCalendar> {
        if to < from {
            return self.working_days_between(to, from).map(|days| -days);
        }
        let (mut day, mut days) = (from, 0);
        while day < to {
            day = day.succ();
            days += i32::from(self.is_working_day(day)?);
        }
        Ok(days)
    }
}
