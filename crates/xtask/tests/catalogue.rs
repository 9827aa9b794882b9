//! The catalogue of all actions: refusals, forms and permissions as goldens, and what an action declares but never reads.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use area_administration::roles::{ROLES, Scope, covers};
use core_calendar::{Day, Month};
use core_case::action::{Entry, Selects};
use core_case::examples::{self, Answered};
use core_case::form::shape;
use core_case::refusal::Refusal;
use core_policy::{On, Place, PolicySet, Value};
use testkit::{golden, table, workspace_root};

/// The day whose citations the catalogue of refusals shows.
const ON: &str = "2026-11-24";

fn actions() -> impl Iterator<Item = &'static Entry> {
    area_collection::ACTIONS.iter().chain(area_accounting::ACTIONS).chain(area_administration::ACTIONS)
}

/// Every refusal that the examples of an action meet, by code, in the order met.
fn refusals_met(action: &Entry) -> BTreeMap<String, Vec<Refusal>> {
    let mut met: BTreeMap<String, Vec<Refusal>> = BTreeMap::new();
    table::check(&examples::path(action.name), |row| {
        let ran = examples::run(action, row.all_given(), row.cells());
        if let Answered::Decided(Err(refused)) = &ran.answered {
            refused.refusals.iter().for_each(|r| met.entry(r.code.to_string()).or_default().push(r.clone()));
        }
        ran.text()
    });
    met
}

/// The citation of a family on the day of the catalogue.
fn cited(family: &str) -> String {
    let (policy, day) = (PolicySet::shipped(), Day::parse(ON).expect("a day"));
    let by_month = policy.selected_by(family).is_some_and(|by| by.accepts(On::Month(Month::of(day))));
    let on = if by_month { On::Month(Month::of(day)) } else { On::Day(day) };
    policy.in_force::<Value>(family, on, &Place::default()).map_or_else(|e| e.to_string(), |rule| rule.under.to_string())
}

#[test]
fn every_reason_to_refuse_has_an_example_and_stands_in_the_catalogue() {
    let mut out = format!(
        "# 不予受理目录: every reason of every action, the rule it stands under with its citation on {ON}, and a sentence as it is said.\n"
    );
    let mut missing = Vec::new();
    for action in actions() {
        let met = refusals_met(action);
        let _ = writeln!(out, "\n{} {}", action.name, action.term);
        for because in action.refusals {
            let _ = writeln!(out, "  {} {}", because.code, because.words);
            let Some(found) = met.get(because.code) else {
                missing.push(format!("{}: {}", action.name, because.code));
                continue;
            };
            for rule in found.iter().map(|r| &r.rule).collect::<BTreeSet<_>>() {
                let _ = writeln!(out, "    {rule} · {}", cited(rule));
            }
            let told = found.iter().find(|r| r.found.as_ref().is_some_and(|f| !f.is_empty())).unwrap_or(&found[0]);
            let _ = writeln!(out, "    {}{}", told.label.as_ref().map_or(String::new(), |label| format!("【{label}】")), told.sentence());
        }
    }
    assert!(missing.is_empty(), "no example meets these reasons:\n{}", missing.join("\n"));
    golden::check("examples/refusals.txt", &out);
}

#[test]
fn a_form_changes_its_shape_only_together_with_its_version() {
    for action in actions() {
        let mut out = format!("{} {}\nversion {}\n\n", action.name, action.term, action.version);
        shape(action.fields, 0, &mut out);
        golden::check(&format!("examples/forms/{}.txt", action.name), &out);
    }
}

#[test]
fn no_example_and_no_form_outlives_its_action() {
    let mut known: BTreeSet<String> = actions().map(|a| examples::path(a.name)).collect();
    known.extend(actions().map(|a| format!("examples/forms/{}.txt", a.name)));
    // Tables of arithmetic beside the actions.
    known.extend(["monthly_amount", "interest"].map(|name| format!("examples/collection/{name}.txt")));
    let mut lost = Vec::new();
    for folder in ["examples/collection", "examples/accounting", "examples/administration", "examples/forms"] {
        for file in std::fs::read_dir(workspace_root().join(folder)).expect("a folder of examples") {
            let path = format!("{folder}/{}", file.expect("a file").file_name().to_string_lossy());
            let text = std::fs::read_to_string(workspace_root().join(&path)).expect("text");
            if text.lines().any(|line| line.starts_with("=> panicked")) {
                lost.push(format!("{path}: an answer is a panic"));
            }
            if !known.contains(&path) {
                lost.push(format!("{path}: no action of this name"));
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn the_permission_matrix_is_as_documented() {
    let mut out = String::from(
        "# Permission matrix 权限矩阵\n\nMade from `crates/area-administration/src/roles.rs` by a test. A permission is an action within a scope: \
         中心 the whole centre, 管理部 the user's branch, 本单位 the officer's own employer. Reviews follow the flow of the action \
         (`policy/case/review.yaml`), which names the role; nobody reviews what he entered.\n\n",
    );
    let _ = writeln!(out, "| 业务 | {} |", ROLES.iter().map(|r| r.name).collect::<Vec<_>>().join(" | "));
    let _ = writeln!(out, "|---|{}", "---|".repeat(ROLES.len()));
    let words = |scope: Scope| match scope {
        Scope::Own => "本单位",
        Scope::Branch => "管理部",
        Scope::Centre => "中心",
    };
    let row = |wanted: &str| -> Vec<&str> {
        ROLES
            .iter()
            .map(|role| role.permissions.iter().filter(|(p, _)| covers(p, wanted)).map(|(_, s)| *s).max().map_or("", words))
            .collect()
    };
    let mut nobody = Vec::new();
    for action in actions() {
        let cells = row(action.name);
        if cells.iter().all(|cell| cell.is_empty()) {
            nobody.push(action.name);
        }
        let _ = writeln!(out, "| {} `{}` | {} |", action.term, action.name, cells.join(" | "));
    }
    for (term, wanted) in [
        ("复核审批", "review"),
        ("查看业务", "view.business"),
        ("查看本单位", "view.own"),
        ("查看明文", "unmask"),
        ("办理日终", "operation.day-end"),
        ("系统运行", "view.system"),
        ("安全策略", "view.security"),
        ("审计", "view.audit"),
    ] {
        let _ = writeln!(out, "| {term} `{wanted}` | {} |", row(wanted).join(" | "));
    }
    // A step of the day-end is carried out by the system itself.
    assert_eq!(nobody, ["collection.remittance.expire"], "actions that no role may carry out");
    let named: BTreeSet<&str> = ROLES.iter().flat_map(|r| r.permissions).map(|(p, _)| *p).collect();
    for permission in named.iter().filter(|p| ["collection.", "accounting.", "administration."].iter().any(|area| p.starts_with(area))) {
        assert!(actions().any(|a| covers(permission, a.name)), "a role holds {permission}, which is no action");
    }
    golden::check("docs/permission-matrix.md", &out);
}

#[test]
fn every_action_stands_on_policy_that_exists() {
    let (policy, day) = (PolicySet::shipped(), Day::parse(ON).expect("a day"));
    for action in actions() {
        assert!(!action.rules.is_empty(), "{} decides without a rule", action.name);
        for rule in action.rules {
            let on = if rule.by == Selects::Month { On::Month(Month::of(day)) } else { On::Day(day) };
            assert!(policy.selected_by(rule.family).is_some_and(|by| by.accepts(on)), "{}: {}", action.name, rule.family);
            (rule.fits)(policy, rule.family).unwrap_or_else(|e| panic!("{}: {e}", action.name));
        }
        for flow in action.flows.all() {
            assert!(policy.exists(flow), "{}: no review flow {flow}", action.name);
        }
        for (i, because) in action.refusals.iter().enumerate() {
            assert!(action.refusals[i + 1..].iter().all(|b| b.code != because.code), "{}: {} twice", action.name, because.code);
        }
    }
}

/// The inside of the first `{ … }` after `from` in a source text, and what stands before and behind it.
fn block<'t>(text: &'t str, from: &str) -> Option<(&'t str, String)> {
    let start = text.find(from)?;
    let mut depth = 0;
    for (i, c) in text[start..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    let end = start + i + 1;
                    return Some((&text[start..end], format!("{}{}", &text[..start], &text[end..])));
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether `text` reads `name` as a whole word.
fn reads(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        !text[at + name.len()..].starts_with(word) && !text[..at].ends_with(word)
    })
}

/// What a file declares in its tables and never reads.
fn unread(text: &str) -> Vec<String> {
    let mut unread = Vec::new();
    for (table, reader) in [("facts! {", "f."), ("rules! {", "r.")] {
        let Some((inside, rest)) = block(text, table) else { continue };
        for line in inside.lines().map(str::trim).filter(|l| !l.contains("|it, at|")) {
            let Some((name, _)) = line.split_once(':') else { continue };
            let name = name.trim();
            if name.chars().all(|c| c.is_ascii_lowercase() || c == '_') && !reads(&rest, &format!("{reader}{name}")) {
                unread.push(format!("{reader}{name}"));
            }
        }
    }
    for table in ["because! {", "reasons! {"] {
        let Some((inside, rest)) = block(text, table) else { continue };
        for line in inside.lines().map(str::trim) {
            let Some((code, _)) = line.split_once(" \"") else { continue };
            if !reads(&rest, &format!("&{}", code.trim())) {
                unread.push(format!("&{}", code.trim()));
            }
        }
    }
    unread
}

#[test]
fn what_an_action_declares_it_reads() {
    let sample = "facts! { X, |it, at| {\n  seen: A(it.a),\n  unseen: each B(x.b) for x in &it.b,\n} }\nrules! { X, |it, at| {\n  old: Holds = \"a\" by Day(d),\n} }\n\
                  because! { X {\n  SAID \"一\";\n  SAID_NOT \"二\";\n} }\nfn decide() { f.seen; r.older; &SAID }";
    assert_eq!(unread(sample), ["f.unseen", "r.old", "&SAID_NOT"]);
    let mut found = Vec::new();
    for area in ["collection", "accounting", "administration"] {
        let folder = format!("crates/area-{area}/src/actions");
        for file in std::fs::read_dir(workspace_root().join(&folder)).expect("a folder of actions") {
            let path = file.expect("a file").path();
            let text = std::fs::read_to_string(&path).expect("text");
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            found.extend(unread(&text).into_iter().map(|what| format!("{folder}/{name}: declares {what} and never reads it")));
        }
    }
    found.sort();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
