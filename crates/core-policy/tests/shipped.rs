//! The shipped policy files: they load, they answer on every day, they equal the handbook's tables and counts.

use std::path::Path;

use core_calendar::{Day, Month};
use core_money::Rate;
use core_policy::{NoRule, On, Place, PolicySet, Problems, Scope, SelectedBy, Selector, Source, Table, Unit, Value};
use std::sync::Arc;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn rate(text: &str) -> Rate {
    Rate::parse(text).unwrap()
}

#[test]
fn every_problem_of_every_file_is_listed_and_there_is_none() {
    let sources = Source::read_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy")).unwrap();
    let (set, problems) = PolicySet::examine(sources);
    assert!(problems.is_empty(), "{}", Problems(problems));
    assert_eq!(set.digest(), PolicySet::shipped().digest(), "the embedded files are those of the folder");
}

/// Dates on which something may be wrong: every change, the day or month before it, the first of each quarter 2023 to 2027.
fn dates(set: &PolicySet) -> (Vec<Day>, Vec<Month>) {
    let (mut days, mut months) = (Vec::new(), Vec::new());
    for change in set.families().flat_map(|f| f.changes()).flat_map(|c| [Some(c), c.before()]).flatten() {
        match change {
            Selector::Day(day) => days.push(day),
            Selector::Month(month) => months.push(month),
            Selector::Always => {}
        }
    }
    for year in 2023..=2027 {
        for month in [1, 4, 7, 10] {
            days.push(Day::ymd(year, month, 1).unwrap());
            months.push(Month::parse(&format!("{year}-{month:02}")).unwrap());
        }
    }
    days.sort_unstable();
    days.dedup();
    months.sort_unstable();
    months.dedup();
    (days, months)
}

#[test]
fn on_every_date_each_family_has_one_value_or_a_documented_gap() {
    let set = PolicySet::shipped();
    let (days, months) = dates(set);
    // A gap is documented by the family itself: before its first step, after a named end, or after a step that ends it.
    let documented = |family: &core_policy::Family, on: On| {
        let before = family.first().is_some_and(|first| on < first);
        let outlived = family
            .layers
            .iter()
            .all(|l| l.steps.iter().rfind(|s| s.from <= on).is_none_or(|s| s.value.is_none() || s.until.is_some_and(|u| u < on)));
        before || outlived
    };
    for family in set.families() {
        let asked: Vec<On> = match family.selected_by {
            SelectedBy::Month => months.iter().copied().map(On::Month).collect(),
            SelectedBy::Always => vec![On::Always],
            _ => days.iter().copied().map(On::Day).collect(),
        };
        for on in asked {
            match set.in_force::<Value>(&family.rule, on, &Place::default()) {
                Ok(found) => assert!(!documented(family, on), "{} on {on}: {found:?} inside a gap", family.rule),
                Err(NoRule::NothingInForce { .. }) => assert!(documented(family, on), "{} has no value on {on}", family.rule),
                Err(other) => panic!("{} on {on}: {other}", family.rule),
            }
        }
    }
}

#[test]
fn the_regulation_is_cited_in_the_edition_of_the_day() {
    let set = PolicySet::shipped();
    let mut cited = 0;
    for family in set.families().filter(|f| !matches!(f.selected_by, SelectedBy::Month | SelectedBy::Always)) {
        for (on, edition) in [(day("2026-09-19"), "2019"), (day("2026-09-20"), "2026")] {
            let Ok(Some(found)) = set.optional::<Value>(&family.rule, On::Day(on), &Place::default()) else {
                continue;
            };
            if &*found.under.instrument == "住房公积金管理条例" {
                assert_eq!(found.under.edition.as_deref(), Some(edition), "{} on {on}", family.rule);
                cited += 1;
            }
        }
    }
    assert!(cited > 60, "only {cited} citations of the Regulation met");
}

#[test]
fn the_working_days_of_2025_and_2026_are_248_each_and_2027_is_an_error() {
    let calendar = PolicySet::shipped().work_calendar(&Place::default()).unwrap();
    let count = |year: i32| {
        let first = Day::ymd(year, 1, 1).unwrap();
        let last = Day::ymd(year, 12, 31).unwrap();
        (0..=first.days_until(last)).filter(|n| calendar.is_working_day(first + *n).unwrap()).count()
    };
    assert_eq!([count(2023), count(2024), count(2025), count(2026)], [249, 251, 248, 248]);
    assert!(calendar.is_working_day(day("2026-09-20")).unwrap(), "the first day of the 2026 edition is a make-up Sunday");
    assert!(calendar.is_working_day(day("2027-01-04")).is_err());
    assert!(calendar.is_working_day(day("2022-12-30")).is_err());
}

/// `28 Jan-4 Feb`, `4-6 Apr`, `1 Jan` of a year as first and last day.
fn span(text: &str, year: i32) -> (Day, Day) {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let parts = |t: &str| t.trim().split(' ').map(str::to_owned).collect::<Vec<_>>();
    let (first, last) = (parts(first), parts(last));
    let month = |name: &String| {
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        names.iter().position(|n| n == name).unwrap() as u32 + 1
    };
    let day = |parts: &[String], name: &String| Day::ymd(year, month(name), parts[0].parse().unwrap()).unwrap();
    (day(&first, first.get(1).unwrap_or(&last[1])), day(&last, &last[1]))
}

#[test]
fn the_holidays_of_2025_and_2026_are_those_the_handbook_prints() {
    let handbook = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/handbook/17-centre-parameters.md");
    let handbook = std::fs::read_to_string(handbook).unwrap();
    for year in [2025, 2026] {
        let row = handbook.lines().find(|l| l.starts_with(&format!("| {year} | 1"))).unwrap().replace('*', "");
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let mut printed: Vec<_> = cells[2].split(';').map(|t| ("off".to_owned(), span(t.trim(), year))).collect();
        printed.extend(cells[3].split(',').map(|t| ("make_up".to_owned(), span(t.trim(), year))));
        let on = On::Day(Day::ymd(year, 6, 1).unwrap());
        let shipped = PolicySet::shipped().in_force::<Arc<Table>>("calendar.holidays", on, &Place::default()).unwrap();
        let read = |row: core_policy::RowRef<'_>| {
            let from: Day = row.get("from").unwrap();
            (row.get::<String>("kind").unwrap(), (from, row.optional("until").unwrap().unwrap_or(from)))
        };
        assert_eq!(shipped.value.rows().map(read).collect::<Vec<_>>(), printed, "{year}");
        assert!(cells[4].starts_with(&*shipped.under.instrument), "{year}: {}", shipped.under);
    }
}

#[test]
fn the_single_rate_is_the_one_year_benchmark_and_the_pairs_of_earlier_years_are_those_of_the_handbook() {
    let set = PolicySet::shipped();
    let benchmark = |on: Day, column: &str| {
        let table = set.in_force::<Arc<Table>>("collection.interest.benchmark", On::Day(on), &Place::default()).unwrap().value;
        let row = table.rows().next().unwrap();
        row.get::<Rate>(column).unwrap()
    };
    // Handbook 03, 2.11: applied on 30 June, demand and three months.
    let pairs = [
        (2007, "0.72", "2.07"),
        (2008, "0.72", "3.33"),
        (2009, "0.36", "1.71"),
        (2010, "0.36", "1.71"),
        (2011, "0.50", "2.85"),
        (2012, "0.40", "2.85"),
        (2013, "0.35", "2.60"),
        (2014, "0.35", "2.60"),
        (2015, "0.35", "1.60"),
    ];
    for (year, demand, three_months) in pairs {
        let settled = Day::ymd(year, 6, 30).unwrap();
        assert_eq!((benchmark(settled, "demand"), benchmark(settled, "three_months")), (rate(demand), rate(three_months)), "{year}");
        assert_eq!(set.in_force::<String>("collection.interest.method", On::Day(settled), &Place::default()).unwrap().value, "two_tier");
    }
    let (days, _) = dates(set);
    for on in days.into_iter().filter(|d| *d >= day("2016-02-21")) {
        let single = set.in_force::<Rate>("collection.interest.single_rate", On::Day(on), &Place::default()).unwrap();
        assert_eq!(single.value, benchmark(on, "one_year"), "{on}");
        assert_eq!(single.under.to_string(), "银发〔2016〕43号");
    }
    let before = set.in_force::<Rate>("collection.interest.single_rate", On::Day(day("2016-02-20")), &Place::default());
    assert_eq!(
        before.unwrap_err().to_string(),
        "参数 collection.interest.single_rate 在 2016-02-20 没有现行规定，最早的记录自 2016-02-21 起"
    );
}

#[test]
fn tables_equal_the_handbook() {
    // Both rate tables are transcriptions; the handbook is the paper they are compared with, cell by cell.
    let handbook =
        |name: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/handbook").join(name)).unwrap();
    let set = PolicySet::shipped();
    let steps = |family: &str| {
        let layer = &set.family(family).unwrap().layers[0];
        let line = |s: &core_policy::Step| match s.value.as_ref().unwrap() {
            Value::Table(table) => (s.from.to_string(), table.rows().next().unwrap().cells().iter().map(Value::text).collect::<Vec<_>>()),
            other => panic!("{other:?}"),
        };
        layer.steps.iter().map(line).collect::<Vec<_>>()
    };
    // Trailing zeros are the handbook's, not the value's.
    let cell = |text: &str| text.trim().parse::<String>().ok().and_then(|t| Rate::parse(&t).ok()).map(|r| r.to_string());
    let rows = |text: &str, width: usize| {
        let mut rows = Vec::new();
        for line in text.lines().filter(|l| l.starts_with("| ")) {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            for (i, from) in cells.iter().enumerate().filter(|(_, c)| Day::parse(c).is_ok()) {
                let rates: Option<Vec<String>> = cells.iter().skip(i + 1).take(width).map(|c| cell(c)).collect();
                rows.extend(rates.filter(|r| r.len() == width).map(|r| ((*from).to_owned(), r)));
            }
        }
        rows.sort();
        rows
    };
    assert_eq!(steps("collection.interest.benchmark"), rows(&handbook("03-interest.md"), 3));
    assert_eq!(steps("lending.rate_first"), rows(&handbook("05-lending.md"), 2));
    assert_eq!(steps("collection.interest.benchmark").len(), 38);
    assert_eq!(steps("lending.rate_first").len(), 29);
}

#[test]
fn the_chart_has_sixteen_first_level_accounts_and_no_account_without_its_parent() {
    let set = PolicySet::shipped();
    for (on, bonds) in [("2025-07-01", 2), ("2026-09-19", 2), ("2026-09-20", 3)] {
        let codes = |family: &str| {
            let table = set.in_force::<Arc<Table>>(family, On::Day(day(on)), &Place::default()).unwrap().value;
            table.rows().map(|r| r.get::<String>("code").unwrap()).collect::<Vec<_>>()
        };
        let first = codes("accounting.chart.first_level");
        assert_eq!((first.len(), codes("accounting.chart.bonds").len()), (16, bonds), "{on}");
        let mut all = [first, codes("accounting.chart.sub_accounts"), codes("accounting.chart.bonds")].concat();
        for code in all.iter().filter(|c| c.len() > 3) {
            assert!(all.contains(&code[..code.len() - 2].to_owned()), "{code} has no parent");
        }
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count, "an account twice");
    }
}

#[test]
fn defaults_name_who_decides_or_are_rules_of_practice() {
    // Every open figure names the body that has to decide; the list is docs/open-questions.md.
    let questions = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/open-questions.md")).unwrap();
    for family in PolicySet::shipped().families() {
        let uncertain = family.layers.iter().flat_map(|l| &l.steps).any(|s| s.under.confidence == Some('U'));
        let dated = family.layers[0].steps.len() > 5; // a history is not a question
        if uncertain && family.layers[0].scope == Scope::Default && !dated {
            assert!(family.decides.is_some(), "{} is uncertain and names nobody who decides", family.rule);
            assert!(questions.contains(&format!("`{}`", family.rule)), "{} is missing in docs/open-questions.md", family.rule);
        }
        assert!(!family.about.is_empty() && !family.term.is_empty(), "{}", family.rule);
        assert!(family.unit == Unit::Holds || !matches!(family.layers[0].steps[0].value, Some(Value::Holds)));
    }
    for line in questions.lines() {
        for name in line.split('`').skip(1).step_by(2).filter(|n| n.contains('.') && !n.contains(['/', ' ', '…'])) {
            assert!(PolicySet::shipped().exists(name), "docs/open-questions.md names {name}, which is no family");
        }
    }
}
