//! 政策参数 Policy: what holds on the business day and under which instrument; one family through time; what needs a look.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use core_calendar::{Day, Month};
use core_policy::{Family as Rule, On, Scope, Selector, Step, Value, Why};
use maud::Markup;

use crate::app::App;
use crate::fault::{Answer, Fault};
use crate::posted::Asked;
use crate::ui::frame::Area;
use crate::ui::tabs::Tab;
use crate::ui::{Button, Fact, Pill, Tag, Text, Tone, link};
use crate::views::employer::Dated;
use crate::views::policy::{self as view, Families, Family, OneFamily, Span};
use crate::who::Who;
use crate::words;

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/policy", get(list)).route("/policy/{family}", get(one))
}

/// Areas by the first word of a family's name.
const AREAS: [(&str, &str); 10] = [
    ("collection", "归集"),
    ("withdrawal", "提取"),
    ("lending", "贷款"),
    ("accounting", "会计核算"),
    ("oversight", "稽核"),
    ("service", "服务"),
    ("case", "流程"),
    ("identity", "身份"),
    ("calendar", "日历"),
    ("administration", "行政与安全"),
];

fn may(who: &Who) -> Result<(), Fault> {
    if ["view.business", "view.own", "view.security", "view.system", "view.audit"].iter().any(|p| who.actor.may(p).is_some()) {
        return Ok(());
    }
    Err(Fault::NotAllowed("看政策参数".into()))
}

fn on(rule: &Rule, day: Day) -> On {
    [On::Always, On::Day(day), On::Month(Month::of(day))].into_iter().find(|on| rule.selected_by.accepts(*on)).unwrap_or(On::Always)
}

/// The step in force at our place: of the narrowest layer that has one.
fn current<'r>(app: &App, rule: &'r Rule, day: Day) -> Option<(&'r Scope, Day, &'r Step)> {
    let on = on(rule, day);
    rule.layers.iter().rev().filter(|l| l.scope.covers(&app.centre.place)).find_map(|layer| {
        let held = |s: &&Step| s.from <= on && s.until.is_none_or(|last| last >= on) && s.value.is_some();
        layer.steps.iter().rfind(held).map(|s| (&layer.scope, layer.checked, s))
    })
}

fn value_words(value: &Value) -> String {
    match value {
        Value::Holds => "适用".into(),
        Value::Flag(true) => "是".into(),
        Value::Flag(false) => "否".into(),
        Value::Money(m) => words::amount(*m),
        Value::Review(flow) => {
            let tier = |t: &core_policy::Tier| {
                let roles: Vec<&str> = t.reviewers.iter().map(|r| words::role(r)).collect();
                let who = if roles.is_empty() { "无人复核".to_owned() } else { roles.join(" → ") };
                if t.from == core_money::Money::default() { who } else { format!("{} 元起 {who}", words::amount(t.from)) }
            };
            flow.tiers().iter().map(tier).collect::<Vec<_>>().join("；")
        }
        Value::TimeLimit(limit) => limit.words(),
        Value::Rounding(mode) => mode.term().to_owned(),
        Value::Reading(reading) => reading.term().to_owned(),
        Value::DayCount(count) => count.term().to_owned(),
        Value::Table(_) => format!("{} 行", value.text().lines().count()),
        other => other.text(),
    }
}

/// The subject of a family: the name of the file it first stands in.
fn subject(rule: &Rule) -> String {
    let file = rule.layers.first().and_then(|l| l.steps.first()).map_or("", |s| &*s.file);
    let name = file.rsplit('/').next().unwrap_or_default();
    name.strip_suffix(".yaml").unwrap_or(name).to_owned()
}

fn from_words(from: Selector) -> Text {
    match from {
        Selector::Always => "一直".into(),
        other => other.to_string().into(),
    }
}

async fn list(State(app): State<Arc<App>>, who: Who, asked: Asked) -> Answer<Markup> {
    may(&who)?;
    let policy = app.centre.policy();
    let day = app.centre.day();
    let stale = policy.stale(day);
    let unknown: Vec<&str> = stale.iter().filter(|s| matches!(s.why, Why::UnknownInstrument { .. })).map(|s| &*s.rule).collect();
    let unchecked: Vec<&str> =
        stale.iter().filter(|s| matches!(s.why, Why::Unchecked { .. } | Why::RunsOut { .. })).map(|s| &*s.rule).collect();
    let area = AREAS.iter().find(|(key, _)| *key == asked.get("area")).map_or("collection", |(key, _)| key);
    let only = if asked.has("unknown") {
        Some(&unknown)
    } else if asked.has("stale") {
        Some(&unchecked)
    } else {
        None
    };
    // One file at a time: an area of a hundred families is no page to read.
    let mut subjects: BTreeMap<String, usize> = BTreeMap::new();
    for rule in policy.families().filter(|r| r.rule.split('.').next() == Some(area)) {
        *subjects.entry(subject(rule)).or_default() += 1;
    }
    let wanted = asked.get("subject");
    let subject_shown = if subjects.contains_key(wanted) {
        wanted.to_owned()
    } else if subjects.contains_key("common") {
        "common".to_owned()
    } else {
        subjects.keys().next().cloned().unwrap_or_default()
    };
    let shown = |rule: &&Rule| match only {
        Some(names) => names.contains(&&*rule.rule),
        None => rule.rule.split('.').next() == Some(area) && subject(rule) == subject_shown,
    };
    let mut files: BTreeMap<String, Vec<Family>> = BTreeMap::new();
    for rule in policy.families().filter(shown) {
        let now = current(&app, rule, day);
        let file = format!("{}/{}.yaml", rule.rule.split('.').next().unwrap_or_default(), subject(rule));
        let why = stale.iter().find(|s| *s.rule == *rule.rule && !matches!(s.why, Why::UnknownInstrument { .. }));
        let checked = match (why, &now) {
            (Some(s), _) => match &s.why {
                Why::Unchecked { .. } => Pill::waiting("满一年未确认"),
                Why::RunsOut { last } => Pill::waiting(format!("{last} 到期")),
                _ => Pill::idle("沿用缺省，待决定"),
            },
            (None, Some((_, checked, _))) => Pill::done(format!("{} 确认", &checked.to_string()[..7])),
            (None, None) => Pill::over("现不适用"),
        };
        let line = Family {
            term: link(rule.term.to_string(), format!("/policy/{}", &*rule.rule)),
            name: rule.rule.to_string().into(),
            value: now.as_ref().and_then(|(.., s)| s.value.as_ref()).map_or("—".into(), |v| value_words(v).into()),
            unit: rule.unit.term().into(),
            since: now.as_ref().map_or("".into(), |(.., s)| from_words(s.from)),
            place: now.as_ref().map_or(Tag::new(Tone::Plain, "—"), |(scope, ..)| {
                Tag::new(if **scope == Scope::National { Tone::Brand } else { Tone::Plain }, scope.term())
            }),
            under: now.as_ref().map_or(crate::ui::Cite::unknown("—"), |(.., s)| words::cite(&s.under, "")),
            checked,
        };
        files.entry(file).or_default().push(line);
    }
    let count = |key: &str| policy.families().filter(|f| f.rule.split('.').next() == Some(key)).count();
    let tabs = AREAS
        .iter()
        .filter(|(key, _)| count(key) > 0)
        .map(|(key, word)| {
            let tab = Tab::new(*word, count(key).to_string(), format!("/policy?area={key}"));
            if only.is_none() && *key == area { tab.current() } else { tab }
        })
        .collect();
    let mut actions = vec![Button::go("只看文号待补", "/policy?unknown"), Button::go("只看待确认", "/policy?stale")];
    if who.actor.may("administration.policy.value").is_some() {
        actions.push(Button::go("录入新值", "/cases/new/administration.policy.value").key("N").primary());
    }
    let view = Families {
        day: day.to_string().into(),
        digest: words::grouped_hex(&app.centre.policy_digest(), 4).into(),
        tabs,
        subjects: subjects
            .iter()
            .filter(|_| only.is_none())
            .map(|(name, count)| {
                let words = if name == "common" { "共用" } else { name };
                let tab = Tab::new(words.to_owned(), count.to_string(), format!("/policy?area={area}&subject={name}"));
                if *name == subject_shown { tab.current() } else { tab }
            })
            .collect(),
        files: files.into_iter().map(|(file, list)| (file.into(), list)).collect(),
        note: format!("{} 族 · {} 族待确认或将到期 · {} 族文号待补", policy.families().len(), unchecked.len(), unknown.len()).into(),
        actions,
    };
    let frame = who.frame(&app, Area::Operation, &[("运行", "/operation"), ("政策参数", "")]).await?;
    Ok(view::families(&frame, &view))
}

async fn one(State(app): State<Arc<App>>, who: Who, Path(name): Path<String>) -> Answer<Markup> {
    may(&who)?;
    let policy = app.centre.policy();
    let day = app.centre.day();
    let rule = policy.family(&name).ok_or(Fault::NotFound)?;
    let now = current(&app, rule, day);
    let is_now = |step: &Step| now.as_ref().is_some_and(|(.., s)| std::ptr::eq(*s, step));
    let mut steps: Vec<(&Scope, &Step)> = rule.layers.iter().flat_map(|l| l.steps.iter().map(move |s| (&l.scope, s))).collect();
    steps.sort_by_key(|(_, step)| std::cmp::Reverse(step.from));
    let unit = rule.unit.term();
    let words_of = |step: &Step| match &step.value {
        Some(v) if unit.is_empty() => value_words(v),
        Some(v) => format!("{} {unit}", value_words(v)),
        None => "不再适用".to_owned(),
    };
    let dated = steps
        .iter()
        .map(|(scope, s)| Dated {
            from: from_words(s.from),
            what: match s.until {
                Some(last) => format!("{}（到 {last} 为止）", words_of(s)).into(),
                None => words_of(s).into(),
            },
            because: format!("{} · {}{}", scope.term(), s.under, s.published.map_or(String::new(), |p| format!(" · {p} 公布"))).into(),
            current: is_now(s),
        })
        .collect();
    let (spans, axis) = spans(rule, day, now.as_ref().map(|(scope, ..)| *scope));
    let users: Vec<_> = shell_pipeline::catalogue::actions()
        .filter(|a| a.rules.iter().any(|r| r.family == name) || a.flows.all().contains(&name.as_str()))
        .map(|a| link(a.term, format!("/catalogue/{}", a.name)))
        .collect();
    let why: Vec<String> = policy.stale(day).iter().filter(|s| *s.rule == *rule.rule).map(|s| s.why.to_string()).collect();
    let mut about = vec![
        Fact::new("单位", if unit.is_empty() { rule.unit.key().to_owned() } else { unit.to_owned() }),
        Fact::new("按哪一天取", rule.selected_by.term()),
        Fact::new("现行范围", now.as_ref().map_or("—", |(scope, ..)| scope.term())),
        Fact::new("最近确认", now.as_ref().map_or("—".to_owned(), |(_, checked, _)| checked.to_string())),
    ];
    about.extend(rule.decides.iter().map(|d| Fact::new("由谁决定", d.to_string())));
    about.extend(why.iter().map(|w| Fact::new("须看", w.clone())));
    let mut actions = Vec::new();
    if who.actor.may("administration.policy.value").is_some() {
        actions.push(Button::go("录入新值", format!("/cases/new/administration.policy.value?family={name}")).key("N").primary());
    }
    let view = OneFamily {
        term: rule.term.to_string().into(),
        name: name.clone().into(),
        pill: match (&now, why.is_empty()) {
            (None, _) => Pill::over("现不适用"),
            (Some(_), true) => Pill::done("现行"),
            (Some(_), false) => Pill::waiting("现行，须看"),
        },
        about,
        spans,
        axis,
        steps: dated,
        used_by: users,
        actions,
        sentence: "新值由一人录入、另一人对照原文确认；确认前不生效。没有依据的值只能记为“文号待补”。".into(),
    };
    let frame = who.frame(&app, Area::Operation, &[("运行", "/operation"), ("政策参数", "/policy"), (&rule.term, "")]).await?;
    Ok(view::family(&frame, &view))
}

/// The last steps of the layer in force as spans of one line of time that ends today or with the newest step.
fn spans(rule: &Rule, today: Day, scope: Option<&Scope>) -> (Vec<Span>, (Text, Text)) {
    let day_of = |s: Selector| match s {
        Selector::Always => None,
        Selector::Day(day) => Some(day),
        Selector::Month(month) => Some(month.clamped(1)),
    };
    let layer = rule.layers.iter().find(|l| Some(&l.scope) == scope).or(rule.layers.last());
    let Some(layer) = layer else { return (Vec::new(), ("".into(), "".into())) };
    let steps: Vec<&Step> = layer.steps.iter().rev().take(8).rev().collect();
    let last = steps.iter().filter_map(|s| day_of(s.from)).max().map_or(today, |d| d.max(today));
    let first = steps.iter().filter_map(|s| day_of(s.from)).min().unwrap_or(last.checked_add(-365).unwrap_or(last));
    let end = last.checked_add(60).unwrap_or(last);
    let length = first.days_until(end).max(1);
    let at = |day: Day| u32::try_from(i64::from(first.days_until(day).clamp(0, length)) * 1000 / i64::from(length)).unwrap_or(0);
    let mut spans = Vec::new();
    for (i, step) in steps.iter().enumerate() {
        let from = day_of(step.from).unwrap_or(first);
        let until = steps.get(i + 1).and_then(|n| day_of(n.from)).unwrap_or(end);
        let (x, to) = (at(from), at(until));
        let Some(value) = &step.value else { continue };
        // A text that would run into its neighbour is left to the list of steps.
        let words = value_words(value);
        let fits = to.saturating_sub(x) as usize >= words.chars().count() * 12;
        spans.push(Span {
            value: if fits { words.into() } else { "".into() },
            at: (x, to.saturating_sub(x)),
            now: from <= today && today < until,
        });
    }
    (spans, (first.to_string().into(), if last > today { last.to_string().into() } else { "今天".into() }))
}
