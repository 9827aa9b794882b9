//! The catalogue and the fields of an action as JSON to fill in (业务目录、表单样张).

use core_case::form::{Field, Kind};
use serde_json::{Map, Value, json};
use shell_pipeline::catalogue;

use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::terminal::Terminal;

/// Before the name of a field: what it is. Fields of that name are passed over when the form comes back.
const HELP: &str = "//";

/// Every action.
pub(super) fn list(as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    if as_json {
        let all: Vec<Value> = catalogue::actions()
            .map(|a| json!({ "action": a.name, "term": a.term, "version": a.version, "fields": a.fields.iter().map(field).collect::<Vec<_>>() }))
            .collect();
        return terminal.json(&json!({ "actions": all }));
    }
    let mut sheet = Sheet::new(2, 0);
    for action in catalogue::actions() {
        sheet.row([action.name, action.term]);
    }
    terminal.say(format!("{sheet}栏位见 anju case form 业务。"))
}

fn field(f: &Field) -> Value {
    let mut out = json!({ "name": f.name, "label": f.label, "help": f.help, "kind": f.kind.name(), "required": f.required });
    match f.kind {
        Kind::Choice(choices) => out["choices"] = choices.iter().map(|(code, words)| json!({ "code": code, "words": words })).collect(),
        Kind::Lines(fields) => out["fields"] = fields.iter().map(field).collect(),
        Kind::Text(most) => out["max"] = json!(most),
        _ => {}
    }
    out
}

/// The form of an action with empty fields, each after its explanation.
pub(super) fn skeleton(action: &str, terminal: &mut Terminal) -> Result<(), Failure> {
    let entry =
        catalogue::action(action).ok_or_else(|| Failure::Usage(format!("没有“{action}”这项业务。anju case --list 列出全部业务。")))?;
    let form = empty(entry.fields);
    let text = serde_json::to_string_pretty(&form).map_err(|e| Failure::Outage(e.to_string()))?;
    terminal.say(text)
}

fn empty(fields: &[Field]) -> Value {
    let mut form = Map::new();
    for f in fields {
        form.insert(format!("{HELP} {}", f.name), explanation(f).into());
        let value = match f.kind {
            Kind::Lines(fields) => json!([empty(fields)]),
            _ if f.required => json!(""),
            _ => Value::Null,
        };
        form.insert(f.name.to_owned(), value);
    }
    form.into()
}

fn explanation(f: &Field) -> String {
    let mut out = f.label.to_owned();
    out += if f.required { "（必填）" } else { "" };
    let want = match f.kind {
        Kind::Text(most) => format!("文字，至多 {most} 个字"),
        Kind::Money => "元，如 1234.56".into(),
        Kind::Rate => "百分数，如 7".into(),
        Kind::Day => "日期，如 2025-07-01".into(),
        Kind::Month => "年月，如 2025-07".into(),
        Kind::Integer => "整数".into(),
        Kind::Flag => "true 或 false".into(),
        Kind::Choice(choices) => choices.iter().map(|(code, words)| format!("{code} {words}")).collect::<Vec<_>>().join("、"),
        Kind::Number(what) => format!("{what}（数字）"),
        Kind::IdNumber => "证件号码".into(),
        Kind::Mobile => "11 位手机号码".into(),
        Kind::Card => "银行卡号".into(),
        Kind::Lines(_) => "若干行".into(),
    };
    out += &format!("：{want}");
    if !f.help.is_empty() {
        out += &format!("；{}", f.help);
    }
    out
}

/// A form without its explanations.
pub(super) fn without_help(form: Value) -> Value {
    match form {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(name, _)| !name.starts_with(HELP))
            .map(|(name, value)| (name, without_help(value)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(lines) => lines.into_iter().map(without_help).collect::<Vec<_>>().into(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filled_skeleton_is_read_without_its_explanations() {
        let entry = catalogue::action("administration.user.roles").expect("listed");
        let filled = without_help(empty(entry.fields));
        assert_eq!(filled, json!({ "user": "", "roles": [{ "role": "", "unit": "" }], "reason": "" }));
    }
}
