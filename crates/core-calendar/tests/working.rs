//! Working days under the notices of 2025 and 2026 (handbook 17 §10).

use core_calendar::{BadCalendar, Day, NoCalendar, WorkCalendar, YearOfHolidays};
use proptest::prelude::*;

fn day(text: &str) -> Day {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn notice(year: i32, off: &[(&str, &str)], make_up: &[&str]) -> YearOfHolidays {
    let of_year = |text: &str| day(&format!("{year}-{text}"));
    YearOfHolidays {
        year,
        off: off.iter().map(|(from, until)| (of_year(from), of_year(until))).collect(),
        make_up: make_up.iter().map(|text| of_year(text)).collect(),
    }
}

fn of_2025() -> YearOfHolidays {
    let off = [("01-01", "01-01"), ("01-28", "02-04"), ("04-04", "04-06"), ("05-01", "05-05"), ("05-31", "06-02"), ("10-01", "10-08")];
    notice(2025, &off, &["01-26", "02-08", "04-27", "09-28", "10-11"])
}

fn of_2026() -> YearOfHolidays {
    let off = [
        ("01-01", "01-03"),
        ("02-15", "02-23"),
        ("04-04", "04-06"),
        ("05-01", "05-05"),
        ("06-19", "06-21"),
        ("09-25", "09-27"),
        ("10-01", "10-07"),
    ];
    notice(2026, &off, &["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"])
}

fn calendar() -> WorkCalendar {
    WorkCalendar::new(vec![of_2026(), of_2025()]).expect("both notices are good")
}

#[test]
fn both_years_have_248_working_days() {
    let calendar = calendar();
    for year in [2025, 2026] {
        let (first, last) = (Day::ymd(year, 1, 1).unwrap(), Day::ymd(year, 12, 31).unwrap());
        let days = (0..=first.days_until(last)).filter(|n| calendar.is_working_day(first + *n).unwrap());
        assert_eq!(days.count(), 248, "{year}");
    }
    assert_eq!(calendar.years().collect::<Vec<_>>(), [2025, 2026]);
}

#[test]
fn the_first_day_of_the_2026_edition_is_a_make_up_sunday() {
    let calendar = calendar();
    for (text, working) in [
        ("2026-09-18", true),
        ("2026-09-19", false),
        ("2026-09-20", true),
        ("2026-09-25", false),
        ("2026-10-08", true),
        ("2025-10-08", false),
        ("2025-10-11", true),
        ("2025-12-31", true),
        ("2026-01-01", false),
    ] {
        assert_eq!(calendar.is_working_day(day(text)), Ok(working), "{text}");
    }
}

#[test]
fn a_year_without_a_notice_is_an_error() {
    let calendar = calendar();
    let no_2027 = Err(NoCalendar { year: 2027 });
    assert_eq!(calendar.is_working_day(day("2027-01-02")), no_2027.map(|()| false));
    assert_eq!(calendar.is_working_day(day("2024-12-31")), Err(NoCalendar { year: 2024 }));
    assert_eq!(calendar.next_working_day(day("2026-12-31")), Err(NoCalendar { year: 2027 }));
    assert_eq!(calendar.add_working_days(day("2026-12-30"), 2), Err(NoCalendar { year: 2027 }));
    assert_eq!(calendar.working_days_between(day("2026-12-30"), day("2027-01-04")), Err(NoCalendar { year: 2027 }));
    assert_eq!(NoCalendar { year: 2027 }.to_string(), "没有 2027 年的放假安排，无法计算工作日");
}

#[test]
fn working_days_are_counted_from_the_next_day() {
    let calendar = calendar();
    for (from, days, until) in [
        ("2026-09-17", 0, "2026-09-17"),
        ("2026-09-17", 1, "2026-09-18"),
        ("2026-09-18", 1, "2026-09-20"),
        ("2026-09-19", 1, "2026-09-20"),
        ("2026-09-24", 1, "2026-09-28"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2025-12-31", 1, "2026-01-04"),
    ] {
        assert_eq!(calendar.add_working_days(day(from), days), Ok(day(until)), "{from} + {days}");
        assert_eq!(calendar.working_days_between(day(from), day(until)), Ok(days as i32), "{from} to {until}");
        assert_eq!(calendar.working_days_between(day(until), day(from)), Ok(-(days as i32)), "{until} back to {from}");
    }
    assert_eq!(calendar.working_day_from(day("2026-10-01")), Ok(day("2026-10-08")));
    assert_eq!(calendar.working_day_from(day("2026-10-08")), Ok(day("2026-10-08")));
    assert_eq!(calendar.next_working_day(day("2026-10-08")), Ok(day("2026-10-09")));
}

#[test]
fn a_notice_with_a_slip_is_refused() {
    let refused = |notices: Vec<YearOfHolidays>| WorkCalendar::new(notices).expect_err("a slip");
    assert_eq!(refused(vec![of_2025(), of_2026(), of_2025()]), BadCalendar::TwiceTheYear { year: 2025 });
    let with = |off: &[(&str, &str)], make_up: &[&str]| refused(vec![notice(2026, off, make_up)]);
    let (from, until) = (day("2026-01-03"), day("2026-01-01"));
    assert_eq!(with(&[("01-03", "01-01")], &[]), BadCalendar::Reversed { from, until });
    assert_eq!(with(&[("01-01", "01-03"), ("01-03", "01-04")], &[]), BadCalendar::TwiceTheDay { day: from });
    assert_eq!(with(&[("01-01", "01-03")], &["01-03"]), BadCalendar::TwiceTheDay { day: from });
    assert_eq!(with(&[], &["01-05"]), BadCalendar::NotWeekend { day: day("2026-01-05") });
    let mut other = of_2026();
    other.make_up.push(day("2027-01-02"));
    assert_eq!(refused(vec![other]), BadCalendar::OtherYear { year: 2026, day: day("2027-01-02") });
}

proptest! {
    #[test]
    fn adding_and_counting_are_inverse(start in 0..500_i32, days in 0..60_u32) {
        let (calendar, from) = (calendar(), day("2025-01-01") + start);
        let until = calendar.add_working_days(from, days).unwrap();
        prop_assert_eq!(calendar.working_days_between(from, until), Ok(days as i32));
        prop_assert!(days == 0 || calendar.is_working_day(until).unwrap());
    }
}
