//! A case as its reviewer sees it (业务详情): state, form with masked identifiers, effects, reasons, steps.

use std::collections::HashMap;

use core_case::form::{Choice, Field, Kind};
use core_case::ids::CaseId;
use core_identity::{mask_card, mask_id_number, mask_mobile};
use serde_json::{Map, Value, json};
use shell_pipeline::{Actor, Centre, catalogue};
use shell_store::cases;
use shell_store::effects::StepKind;
use shell_store::people::users;

use super::role_name;
use crate::failure::{self, Failure};
use crate::terminal::Terminal;

/// Lines of a form or of effects shown to a person; the JSON holds all that are kept.
const SHOWN: usize = 60;

/// Shows a case to somebody who may see it.
pub(super) async fn show(centre: &Centre, actor: &Actor, id: CaseId, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let whole = centre.case(id).await?;
    let case = &whole.case;
    let sees = case.maker == actor.user
        || actor.may("view.business").is_some()
        || actor.may("review").is_some()
        || actor.may("view.audit").is_some();
    if !sees {
        return Err(Failure::Refused(format!("{}（{}）不能查看这笔业务。", actor.name, actor.login)));
    }
    let entry = catalogue::action(&case.action);
    let term = entry.map_or(case.action.as_str(), |e| e.term);
    let (mut form, counts) = case.shown_form(&centre.store, LINES_SHOWN)?;
    if let Some(entry) = entry {
        (entry.upgrade)(case.version, &mut form);
    }
    let form = masked(form, entry.map_or(&[], |e| e.fields));
    let reasons: Value = serde_json::from_str(&cases::reasons(&centre.store, case).await?).unwrap_or_default();
    let names: HashMap<i64, String> = users::all(&centre.store).await?.into_iter().map(|u| (u.id.0, u.name)).collect();
    let name = |id: i64| names.get(&id).cloned().unwrap_or_else(|| if id == 0 { "系统".into() } else { id.to_string() });
    let next = case.flow.get(case.level).filter(|_| case.state == core_case::state::CaseState::Waiting);
    if as_json {
        let steps: Vec<Value> = whole
            .steps
            .iter()
            .map(|s| json!({ "seq": s.seq, "kind": s.kind, "by": name(s.by.0), "day": s.day.to_string(), "digest": s.digest, "note": s.note }))
            .collect();
        let refusals: Value = case.refusals.as_deref().and_then(|r| serde_json::from_str(r).ok()).unwrap_or_else(|| json!([]));
        return terminal.json(&json!({
            "case": case.id.to_string(), "action": case.action, "term": term, "state": case.state.code(), "channel": case.channel.code(),
            "accepted": case.accepted.to_string(), "promised": case.promised.map(|p| p.to_string()), "done": case.done_day.map(|d| d.to_string()),
            "maker": name(case.maker.0), "branch": case.branch.0, "summary": case.summary, "amount": case.amount.map(|a| a.to_string()),
            "flow": case.flow, "next": next, "digest": case.digest.map(|d| d.to_string()), "effects": case.effects,
            "effect_count": case.effect_count, "form": form, "reasons": reasons, "refusals": refusals, "steps": steps,
        }));
    }
    let mut out = format!("{term} {}  {}\n", case.id, case.state.words());
    out += &format!("  摘要      {}\n", case.summary);
    if let Some(amount) = case.amount {
        out += &format!("  金额      {} 元\n", amount.grouped());
    }
    out += &format!("  受理      {}，{}，渠道 {}\n", case.accepted, name(case.maker.0), case.channel.words());
    if let Some(promised) = case.promised {
        out += &format!("  承诺办结  {promised}\n");
    }
    if !case.flow.is_empty() {
        out += &format!("  复核      {}\n", case.flow.iter().map(|r| role_name(r)).collect::<Vec<_>>().join(" → "));
    }
    out += "表单\n";
    let mut fields = Vec::new();
    flat(&form, entry.map_or(&[], |e| e.fields), "", &mut fields);
    out += &lines(&fields);
    for (table, n) in counts.iter().filter(|(_, n)| *n > LINES_SHOWN) {
        let label = entry.and_then(|e| e.fields.iter().find(|f| f.name == *table)).map_or(table.as_str(), |f| f.label);
        out += &format!("  {label}共 {n} 行，显示前 {LINES_SHOWN} 行\n");
    }
    if !case.effects.is_empty() {
        out += &format!("办理内容，共 {} 项\n{}", case.effect_count, lines(&case.effects));
    }
    if case.refusals.is_some() {
        out += &failure::refusals("", &case.refused()?);
    }
    out += "经过\n";
    for s in &whole.steps {
        let note = if s.note.is_empty() { String::new() } else { format!("：{}", s.note) };
        out += &format!("  {}  {}  {}{note}\n", s.day, StepKind::from_code(&s.kind).map_or("", StepKind::words), name(s.by.0));
    }
    if let (Some(role), Some(digest)) = (next, case.digest) {
        out += &format!("摘要 {digest}\n下一步：anju case approve {} --as {} --digest {digest}\n", case.id, role_name(role));
    }
    terminal.say(out)
}

/// Lines with two blanks before each; what is beyond [`SHOWN`] is counted.
pub(super) fn lines(all: &[String]) -> String {
    let mut out: String = all.iter().take(SHOWN).map(|line| format!("  {line}\n")).collect();
    if all.len() > SHOWN {
        out += &format!("  另有 {} 行，用 --json 查看全部\n", all.len() - SHOWN);
    }
    out
}

/// Lines that were signed and lines now, `-` and `+`.
pub(super) fn difference(shown: &[String], now: &[String]) -> String {
    let mark = |sign: &str, from: &[String], other: &[String]| -> String {
        from.iter().filter(|line| !other.contains(line)).take(SHOWN).map(|line| format!("  {sign} {line}\n")).collect()
    };
    mark("-", shown, now) + &mark("+", now, shown)
}

/// Lines of a table that are shown; effects are kept to the same number.
const LINES_SHOWN: usize = 400;

/// A form whose sealed fields are masked.
fn masked(form: Value, fields: &[Field]) -> Value {
    match form {
        Value::Object(values) => {
            let mut out = Map::new();
            for (key, value) in values {
                let kind = fields.iter().find(|f| f.name == key).map(|f| f.kind);
                let value = match (kind, value) {
                    (Some(Kind::IdNumber), Value::String(text)) => mask_id_number(&text).into(),
                    (Some(Kind::Mobile), Value::String(text)) => mask_mobile(&text).into(),
                    (Some(Kind::Card), Value::String(text)) => mask_card(&text).into(),
                    (Some(Kind::Lines(inner)), Value::Array(rows)) => {
                        rows.into_iter().map(|row| masked(row, inner)).collect::<Vec<_>>().into()
                    }
                    // A field that no version of the form knows is not shown: nobody can say whether it is personal.
                    (None, _) => Value::String("…".into()),
                    (_, value) => value,
                };
                out.insert(key, value);
            }
            out.into()
        }
        other => other,
    }
}

/// A form as labelled lines.
fn flat(form: &Value, fields: &[Field], before: &str, out: &mut Vec<String>) {
    for f in fields {
        let value = form.get(f.name).unwrap_or(&Value::Null);
        match (f.kind, value) {
            (_, Value::Null) => {}
            (Kind::Lines(inner), Value::Array(rows)) => {
                for (i, row) in rows.iter().enumerate() {
                    let mut cells = Vec::new();
                    flat(row, inner, "", &mut cells);
                    out.push(format!("{before}{} {}  {}", f.label, i + 1, cells.join("，")));
                }
            }
            (Kind::Choice(choices), Value::String(code)) => {
                let words = choices.iter().find(|(c, _)| c == code).map_or(code.as_str(), |(_, words)| words);
                out.push(format!("{before}{} {words}", f.label));
            }
            (Kind::Flag, Value::String(flag)) => out.push(format!("{before}{} {}", f.label, if flag == "true" { "是" } else { "否" })),
            (_, Value::String(text)) => out.push(format!("{before}{} {text}", f.label)),
            (_, other) => out.push(format!("{before}{} {other}", f.label)),
        }
    }
}
