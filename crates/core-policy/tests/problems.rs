//! Mistakes in policy files: all are found at once, each with file, line and excerpt; overrides and places.

use core_calendar::Day;
use core_money::Money;
use core_policy::{NoRule, On, Override, OverrideValue, Place, PolicySet, Selector, Source, Why};

fn source(name: &str, text: &str) -> Source {
    Source { name: name.to_owned(), text: text.to_owned() }
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

const REGISTER: &str = r#"law:
  title: 某条例
  about: a law
  seen_in: "handbook 01 §1"
  editions:
    - {edition: "1", until: 2026-09-19}
    - {edition: "2", from: 2026-09-20}
"#;

/// What is wrong with this text as `policy/trial/common.yaml`, as `line: message`.
fn wrong(text: &str) -> Vec<String> {
    let (_, problems) = PolicySet::examine(vec![source("policy/instruments.yaml", REGISTER), source("policy/trial/common.yaml", text)]);
    problems.iter().map(|p| format!("{}: {}", p.line, p.message)).collect()
}

fn family(body: &str) -> String {
    format!("a:\n  name: 甲\n  rule: a rule\n  selected_by: legal_day\n  place: national\n  checked: 2026-11-24\n{body}")
}

#[test]
fn all_mistakes_of_all_families_come_out_with_their_lines() {
    let text = r#"# a comment
one:
  name: 甲
  rule: a rule
  unit: yuan
  selected_by: legal_day
  place: national
  checked: 2026-11-24
  steps:
    - from: 2026-01-01
      value: "1.234"
      under: {instrument: unknown, seen_in: "handbook 17 §1", confidence: G}
    - from: 2026-02-30
      value: "1.00"
      under: {instrument: nowhere}

two:
  name: 乙
  rule: a rule
  unit: percent
  selected_by: day
  place: city
  checked: 2026-11-24
  steps: []

three:
  name: 丙
  unit: flag
"#;
    let found = wrong(text);
    assert_eq!(found.len(), 5, "{found:#?}");
    assert_eq!(found[0], "11: 应为以元为单位、至多两位小数的金额，写的是“1.234”");
    assert!(found[1].starts_with("13: 按日选用，写 YYYY-MM-DD 或 always"), "{found:#?}");
    assert!(found[2].starts_with("21: 不认得的选用日期"), "{found:#?}");
    assert!(found[3].starts_with("22: 适用地域写"), "{found:#?}");
    assert!(found[4].contains("missing field `rule`"), "{found:#?}");
}

#[test]
fn a_step_without_citation_does_not_load() {
    let found = wrong(&family("  unit: flag\n  steps:\n    - from: always\n      value: \"yes\"\n"));
    assert!(found.len() == 1 && found[0].starts_with("10: ") && found[0].contains("missing field `under`"), "{found:#?}");
}

#[test]
fn an_unquoted_decimal_is_refused() {
    let found = wrong(&family(
        "  unit: percent\n  steps:\n    - from: always\n      value: 2.10\n      under: {instrument: unknown, seen_in: \"handbook 17 §1\", confidence: G}\n",
    ));
    assert!(found.len() == 1 && found[0].starts_with("10: "), "{found:#?}");
}

#[test]
fn a_misspelt_key_is_refused_with_the_keys_that_exist() {
    let found = wrong(&family("  unit: flag\n  unitt: flag\n  steps: []\n"));
    assert!(found.len() == 1 && found[0].starts_with("8: ") && found[0].contains("selected_by"), "{found:#?}");
}

#[test]
fn citations_are_checked_against_the_register() {
    let step = |under: &str| family(&format!("  unit: holds\n  steps:\n    - from: 2026-10-01\n      under: {under}\n"));
    let cases = [
        ("{instrument: law, edition: \"2\", place: 第一条}", None),
        ("{instrument: unknown, seen_in: \"handbook 17 §1\", confidence: V}", None),
        ("{instrument: other}", Some("文件 other 没有登记在 instruments.yaml")),
        ("{instrument: law}", Some("某条例 有几个版本，要写 edition")),
        ("{instrument: law, edition: \"3\"}", Some("某条例 没有 3 版")),
        ("{instrument: law, edition: \"1\"}", Some("1 版的施行期是 不详 至 2026-09-19，这个时段超出了它")),
        ("{instrument: unknown, confidence: G}", Some("依据未知时要写出处 seen_in 和可信度 confidence")),
        ("{instrument: unknown, place: 第一条, seen_in: \"x\", confidence: G}", Some("依据未知时没有版本和条款")),
        ("{instrument: unknown, seen_in: \"x\", confidence: X}", Some("可信度写 V、G 或 U，写的是“X”")),
    ];
    for (under, expected) in cases {
        let found = wrong(&step(under));
        match expected {
            None => assert!(found.is_empty(), "{under}: {found:#?}"),
            Some(message) => assert!(found.iter().any(|f| f.ends_with(message)), "{under}: {found:#?}"),
        }
    }
}

#[test]
fn an_old_edition_must_end_where_the_new_one_begins() {
    let text = |second: &str| {
        family(&format!(
            "  unit: holds\n  steps:\n    - from: always\n      under: {{instrument: law, edition: \"1\"}}\n    - from: {second}\n      under: {{instrument: law, edition: \"2\"}}\n"
        ))
    };
    assert!(wrong(&text("2026-09-20")).is_empty());
    assert!(wrong(&text("2026-09-21"))[0].starts_with("9: 1 版的施行期"));
    assert!(wrong(&text("2026-09-19"))[0].starts_with("11: 2 版的施行期"));
}

#[test]
fn two_values_from_one_day_are_an_error_with_both_sources() {
    let under = "under: {instrument: unknown, seen_in: \"handbook 17 §1\", confidence: G}";
    let text = family(&format!(
        "  unit: days\n  steps:\n    - from: 2026-01-01\n      value: \"1\"\n      {under}\n    - from: 2026-01-01\n      value: \"2\"\n      {under}\n"
    ));
    let found = wrong(&text);
    assert!(
        found.len() == 1 && found[0].contains("policy/trial/common.yaml:9") && found[0].contains("policy/trial/common.yaml:12"),
        "{found:#?}"
    );
    // The examined set still answers, and answers with the contradiction.
    let (set, _) = PolicySet::examine(vec![source("policy/trial/common.yaml", &text)]);
    let asked = set.in_force::<u32>("trial.a", On::Day(day("2026-06-01")), &Place::default());
    assert!(matches!(asked, Err(NoRule::TwoInForce { .. })), "{asked:?}");
    let before = set.in_force::<u32>("trial.a", On::Day(day("2025-12-31")), &Place::default());
    assert!(matches!(before, Err(NoRule::NothingInForce { first: Some(Selector::Day(_)), .. })), "{before:?}");
}

#[test]
fn a_repeal_ends_the_rule_and_a_named_end_too() {
    let under = "under: {instrument: law, edition: \"2\"}";
    let text = family(&format!(
        "  unit: days\n  steps:\n    - from: 2026-10-01\n      value: \"1\"\n      {under}\n    - from: 2026-11-01\n      repealed: true\n      {under}\n    - from: 2026-12-01\n      until: 2026-12-31\n      value: \"3\"\n      {under}\n"
    ));
    let (set, problems) = PolicySet::examine(vec![source("policy/instruments.yaml", REGISTER), source("policy/trial/common.yaml", &text)]);
    assert!(problems.is_empty(), "{problems:?}");
    let ask = |on: &str| set.optional::<u32>("trial.a", On::Day(day(on)), &Place::default()).unwrap().map(|r| r.value);
    assert_eq!(
        [ask("2026-09-30"), ask("2026-10-31"), ask("2026-11-01"), ask("2026-12-31"), ask("2027-01-01")],
        [None, Some(1), None, Some(3), None]
    );
    let ended = set.in_force::<u32>("trial.a", On::Day(day("2026-11-01")), &Place::default()).unwrap_err();
    assert_eq!(ended.to_string(), "参数 trial.a 在 2026-11-01 没有现行规定，已由《某条例》（2 版）终止");
    let stale = set.stale(day("2026-11-24"));
    assert_eq!(stale.iter().map(|s| &s.why).collect::<Vec<_>>(), [&Why::RunsOut { last: Selector::Day(day("2026-12-31")) }]);
    assert!(set.stale(day("2027-11-25")).iter().any(|s| matches!(s.why, Why::Unchecked { .. })));
}

#[test]
fn keys_files_and_orphans() {
    assert_eq!(wrong("  stray: 1\n"), ["1: 文件以参数名开头"]);
    assert_eq!(wrong("Name: 1\n"), ["1: 参数名只用小写字母、数字和下划线，写的是“Name”"]);
    let (_, problems) = PolicySet::examine(vec![source("common.yaml", "")]);
    assert_eq!(problems[0].message, "参数文件放在 <领域>/<主题>.yaml");
    let twice = family("  unit: holds\n  steps: []\n").repeat(2);
    assert!(wrong(&twice).iter().any(|f| f.ends_with("a 在本文件中已有")), "{:#?}", wrong(&twice));
}

#[test]
fn a_set_with_problems_does_not_load_and_prints_the_line() {
    let bad = source("policy/trial/common.yaml", "a:\n  name: 甲\n");
    let text = PolicySet::shipped().with_files(vec![bad]).unwrap_err().to_string();
    assert!(text.starts_with("参数文件有 1 处问题\npolicy/trial/common.yaml:") && text.contains(" | "), "{text}");
}

#[test]
fn a_centre_overrides_by_file_from_its_own_day_on() {
    let cap = |place: &str, value: &str| {
        format!(
            "base_cap:\n  name: 缴存基数上限\n  rule: the cap of the committee\n  unit: yuan\n  selected_by: month\n  place: {place}\n  checked: 2026-11-24\n  steps:\n    - from: 2026-07\n      value: \"{value}\"\n      under: {{instrument: unknown, seen_in: \"handbook 17 §1\", confidence: G}}\n"
        )
    };
    let own = PolicySet::shipped().with_files(vec![source("own/collection/common.yaml", &cap("centre 532300", "27000.00"))]).unwrap();
    let ask = |set: &PolicySet, month: &str, place: &Place| {
        set.in_force::<Money>("collection.base_cap", Selector::parse(month).unwrap(), place).map(|r| r.value.to_string())
    };
    let (here, there) = (Place::centre("532300"), Place::centre("110000"));
    assert_eq!(ask(&own, "2026-06", &here).unwrap(), "25500.00");
    assert_eq!(ask(&own, "2026-07", &here).unwrap(), "27000.00");
    assert_eq!(ask(&own, "2026-07", &there).unwrap(), "26100.00");
    assert_ne!(own.digest(), PolicySet::shipped().digest());
    // `centre` and `centre 532300` are the same place for that centre: two figures at once.
    let both = own.with_files(vec![source("more/collection/common.yaml", &cap("centre", "28000.00"))]).unwrap();
    assert!(matches!(
        both.in_force::<Money>("collection.base_cap", Selector::parse("2026-07").unwrap(), &here),
        Err(NoRule::TwoInForce { .. })
    ));
    assert_eq!(ask(&both, "2026-07", &there).unwrap(), "28000.00");
    // Another unit under the same name is refused, naming the first source.
    let other = cap("centre", "1").replace("yuan", "days");
    let refused = PolicySet::shipped().with_files(vec![source("own/collection/common.yaml", &other)]).unwrap_err();
    assert!(refused.0[0].message.contains("policy/collection/common.yaml:"), "{refused}");
}

fn over(family: &str, value: &str) -> Override {
    Override {
        family: family.to_owned(),
        from: Selector::parse("2026-12").unwrap(),
        until: None,
        value: OverrideValue::Scalar(value.to_owned()),
        instrument: "unknown".to_owned(),
        edition: None,
        place: None,
        seen_in: Some("handbook 17 §1".to_owned()),
        published: None,
        checked: day("2026-11-24"),
        source: "case 022611240000001".to_owned(),
    }
}

#[test]
fn a_value_of_the_policy_page_holds_at_the_centre_and_all_its_mistakes_come_out() {
    let set = PolicySet::shipped().with_overrides(vec![over("collection.base_cap", "30000.00")]).unwrap();
    let ask = |month: &str| set.in_force::<Money>("collection.base_cap", Selector::parse(month).unwrap(), &Place::default()).unwrap();
    assert_eq!([ask("2026-11").value.to_string(), ask("2026-12").value.to_string()], ["26100.00", "30000.00"]);
    let ended = Override { from: Selector::parse("2027-02").unwrap(), value: OverrideValue::Ended, ..over("collection.base_cap", "") };
    let set = set.with_overrides(vec![ended]).unwrap();
    let after = set.in_force::<Money>("collection.base_cap", Selector::parse("2027-02").unwrap(), &Place::default()).unwrap();
    assert_eq!(after.value.to_string(), "26100.00", "the wider value holds again");
    let wrong = vec![
        over("collection.nothing", "1"),
        over("collection.base_cap", "many"),
        over("collection.rate_min", "4"),
        Override { instrument: "nowhere".to_owned(), ..over("collection.base_floor", "1") },
        Override { seen_in: None, ..over("collection.base_floor", "1") },
    ];
    let messages: Vec<String> = PolicySet::shipped().with_overrides(wrong).unwrap_err().0.into_iter().map(|p| p.message).collect();
    assert_eq!(messages.len(), 5, "{messages:#?}");
}

#[test]
fn of_two_values_of_the_policy_page_from_one_day_the_later_counts() {
    let cap = |set: &PolicySet| {
        let on = Selector::parse("2026-12").unwrap();
        set.in_force::<Money>("collection.base_cap", on, &Place::default()).unwrap().value.to_string()
    };
    let (first, second) = (over("collection.base_cap", "30000.00"), over("collection.base_cap", "31000.00"));
    let at_once = PolicySet::shipped().with_overrides(vec![first.clone(), second.clone()]).unwrap();
    let one_by_one = PolicySet::shipped().with_overrides(vec![first]).unwrap().with_overrides(vec![second]).unwrap();
    assert_eq!((cap(&at_once), cap(&one_by_one)), ("31000.00".to_owned(), "31000.00".to_owned()));
    assert_eq!(at_once.digest(), one_by_one.digest());
}

#[test]
fn the_digest_is_of_the_content_only() {
    let text = family(
        "  unit: flag\n  steps:\n    - from: always\n      value: \"yes\"\n      under: {instrument: unknown, seen_in: \"handbook 17 §1\", confidence: G}\n",
    );
    let digest = |text: &str| PolicySet::examine(vec![source("policy/trial/common.yaml", text)]).0.digest();
    let same = format!("# a comment\n\n{}", text.replace("checked: 2026-11-24", "checked: 2026-11-25").replace("a rule", "the rule"));
    assert_eq!(digest(&text), digest(&same));
    for changed in [
        text.replace("\"yes\"", "\"no\""),
        text.replace("always", "2026-01-01"),
        text.replace("§1", "§2"),
        text.replace("national", "province 53"),
        text.replace("\na:", "\nb:").replacen("a:", "b:", 1),
    ] {
        assert_ne!(digest(&text), digest(&changed), "{changed}");
    }
}

#[test]
fn declarations_are_compared_with_the_file() {
    use core_policy::SelectedBy::{LegalDay, Month};
    let set = PolicySet::shipped();
    assert!(set.declared::<Money>("collection.base_cap", &[Month]).is_ok());
    assert!(matches!(set.declared::<Money>("collection.base_cap", &[LegalDay]), Err(NoRule::OtherSelector { .. })));
    assert!(matches!(set.declared::<u32>("collection.base_cap", &[Month]), Err(NoRule::WrongUnit { .. })));
    assert!(matches!(set.declared::<()>("collection.nothing", &[Month]), Err(NoRule::UnknownFamily(_))));
    let by_day = set.in_force::<Money>("collection.base_cap", On::Day(day("2026-01-01")), &Place::default());
    assert_eq!(by_day.unwrap_err().to_string(), "参数 collection.base_cap 按所属月份选用，不能按 2026-01-01 查");
}
