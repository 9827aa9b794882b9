//! Days, months and fund-years as text and in sums.

use core_calendar::{Day, DayCount, FundYear, Month, NotCivil, Weekday};
use proptest::prelude::*;

fn day(text: &str) -> Day {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn month(text: &str) -> Month {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn days_are_read_exactly() {
    use NotCivil::NoSuchDate;
    for text in ["0001-01-01", "1970-01-01", "2000-02-29", "2024-02-29", "2026-09-20", "9999-12-31"] {
        assert_eq!(day(text).to_string(), text);
    }
    for text in ["2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-01-00", "0000-01-01"] {
        assert_eq!(Day::parse(text), Err(NoSuchDate), "{text}");
    }
    for text in [
        "",
        "2026-9-20",
        "2026-09-2",
        "20260920",
        "2026/09/20",
        "2026-09-20 ",
        " 2026-09-20",
        "+026-09-20",
        "2026-09-20-1",
        "２０２６-09-20",
        "二〇二六-九月-廿",
    ] {
        assert!(matches!(Day::parse(text), Err(NotCivil::Form(_))), "{text}");
    }
}

#[test]
fn days_follow_each_other_through_four_centuries() {
    let (mut expected, mut weekday) = ((1800, 1, 1), Weekday::Wednesday);
    let next = |weekday| match weekday {
        Weekday::Monday => Weekday::Tuesday,
        Weekday::Tuesday => Weekday::Wednesday,
        Weekday::Wednesday => Weekday::Thursday,
        Weekday::Thursday => Weekday::Friday,
        Weekday::Friday => Weekday::Saturday,
        Weekday::Saturday => Weekday::Sunday,
        Weekday::Sunday => Weekday::Monday,
    };
    let mut at = day("1800-01-01");
    while at < day("2201-01-01") {
        assert_eq!((at.year(), at.month(), at.day()), expected);
        assert_eq!(at.weekday(), weekday);
        assert_eq!(Day::ymd(at.year(), at.month(), at.day()), Some(at));
        let (y, m, d) = expected;
        expected = if Day::ymd(y, m, d + 1).is_some() {
            (y, m, d + 1)
        } else if m < 12 {
            (y, m + 1, 1)
        } else {
            (y + 1, 1, 1)
        };
        weekday = next(weekday);
        at = at.succ();
    }
}

#[test]
fn day_numbers_count_from_1970() {
    assert_eq!(day("1970-01-01").number(), 0);
    assert_eq!(day("2000-03-01").number(), 11_017);
    assert_eq!(day("2026-09-20").weekday(), Weekday::Sunday);
    assert_eq!(day("2026-03-12").days_until(day("2026-04-20")), 39);
    assert_eq!(day("2026-07-01") - 1, day("2026-06-30"));
    assert_eq!(day("2026-06-30").compact(), "20260630");
    assert_eq!(Day::parse_compact("20260630"), Ok(day("2026-06-30")));
    assert_eq!(Day::parse_compact("20260631"), Err(NotCivil::NoSuchDate));
    for text in ["2026-06-30", "2026630", "", "+2026063", "202606301"] {
        assert_eq!(Day::parse_compact(text), Err(NotCivil::Form("20260920")), "{text}");
    }
}

#[test]
fn a_day_beyond_the_last_written_year_stops_nothing() {
    assert_eq!((Day::MAX + 1).to_string(), "10000-01-01");
    assert_eq!(Month::of(Day::MAX).succ().last_day().to_string(), "10000-01-31");
    assert_eq!(FundYear::of(Day::MAX).end_exclusive().to_string(), "10000-07-01");
    assert_eq!(Day::from_number(i32::MAX).checked_add(1), None);
}

#[test]
fn months_are_read_in_two_forms_and_shown_in_one() {
    for text in ["2025-07", "202507"] {
        assert_eq!((month(text).to_string(), month(text).compact()), ("2025-07".to_owned(), "202507".to_owned()));
    }
    assert_eq!(Month::parse("2025-13"), Err(NotCivil::NoSuchDate));
    for text in ["", "2025-7", "25-07", "2025/07", "2025-07-01", "20250", "2025年7月", "２０２５０７"] {
        assert!(matches!(Month::parse(text), Err(NotCivil::Form(_))), "{text}");
    }
}

#[test]
fn months_have_ends_and_clamp_due_days() {
    let february = month("2028-02");
    assert_eq!((february.first_day(), february.last_day(), february.length()), (day("2028-02-01"), day("2028-02-29"), 29));
    // X-C12, clamp: 31 January, 28 February, 31 March.
    let due: Vec<String> = ["2026-01", "2026-02", "2026-03"].map(|m| month(m).clamped(31).to_string()).to_vec();
    assert_eq!(due, ["2026-01-31", "2026-02-28", "2026-03-31"]);
    assert_eq!(month("2026-01").clamped(0), day("2026-01-01"));
    assert_eq!((month("2025-12").succ(), month("2026-01").pred()), (month("2026-01"), month("2025-12")));
    assert_eq!(month("2025-07").months_until(month("2026-06")), 11);
    assert!(february.contains(day("2028-02-29")) && !february.contains(day("2028-03-01")));
}

#[test]
fn the_fund_year_turns_on_1_july() {
    let year = FundYear::of(day("2026-06-30"));
    assert_eq!(year.to_string(), "2025-2026");
    assert_eq!(FundYear::of(day("2026-07-01")), year.succ());
    assert_eq!((year.first_day(), year.last_day(), year.end_exclusive()), (day("2025-07-01"), day("2026-06-30"), day("2026-07-01")));
    let months: Vec<Month> = year.months().collect();
    assert_eq!((months.len(), months[0], months[11]), (12, month("2025-07"), month("2026-06")));
    assert!(months.iter().all(|m| FundYear::of_month(*m) == year));
    assert_eq!(FundYear::parse("2025-2027"), Err(NotCivil::NoSuchDate));
    assert!(matches!(FundYear::parse("2025/2026"), Err(NotCivil::Form(_))));
}

#[test]
fn json_carries_strings_and_takes_no_numbers() {
    assert_eq!(
        serde_json::to_string(&(day("2026-09-20"), month("202609"), FundYear::of(day("2026-09-20")), DayCount::Actual360)).unwrap(),
        r#"["2026-09-20","2026-09","2026-2027","actual/360"]"#
    );
    assert_eq!(serde_json::from_str::<Day>("\"2026-09-20\"").unwrap(), day("2026-09-20"));
    assert_eq!(serde_json::from_str::<FundYear>("\"2026-2027\"").unwrap().year(), 2026);
    assert_eq!(serde_json::from_str::<DayCount>("\"months\"").unwrap(), DayCount::Months);
    for json in ["20260920", "\"2026-02-30\"", "null"] {
        assert!(serde_json::from_str::<Day>(json).is_err() && serde_json::from_str::<Month>(json).is_err(), "{json}");
    }
}

#[test]
fn day_counts_lead_back_from_their_keys() {
    for (count, key, year) in
        [(DayCount::Actual360, "actual/360", 360), (DayCount::Actual365, "actual/365", 365), (DayCount::Months, "months", 12)]
    {
        assert_eq!((DayCount::from_key(key), count.key(), count.year()), (Some(count), key, year));
    }
    assert_eq!(DayCount::from_key("30/360"), None);
}

proptest! {
    #[test]
    fn every_day_comes_back_from_its_text_and_its_parts(number in Day::MIN.number()..=Day::MAX.number()) {
        let day = Day::from_number(number);
        prop_assert_eq!(day.to_string().parse(), Ok(day));
        prop_assert_eq!(Day::ymd(day.year(), day.month(), day.day()), Some(day));
        let month = Month::of(day);
        prop_assert_eq!(month.to_string().parse(), Ok(month));
        prop_assert_eq!(month.compact().parse(), Ok(month));
        prop_assert!(month.first_day() <= day && day <= month.last_day());
        prop_assert_eq!(month.last_day().succ(), month.succ().first_day());
        let year = FundYear::of(day);
        prop_assert!(year.first_day() <= day && day < year.end_exclusive());
        prop_assert_eq!(year.end_exclusive(), year.succ().first_day());
    }

    #[test]
    fn any_text_is_read_without_a_crash(text in ".{0,12}") {
        let _ = (Day::parse(&text), Month::parse(&text), FundYear::parse(&text));
    }

    #[test]
    fn days_between_are_what_was_added(number in -1_000_000..1_000_000_i32, days in -1_000_000..1_000_000_i32) {
        let day = Day::from_number(number);
        prop_assert_eq!(day.days_until(day + days), days);
        prop_assert_eq!(day + days - days, day);
    }
}
