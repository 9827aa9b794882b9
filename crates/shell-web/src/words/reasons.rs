//! Reasons and refusals as they were kept with a case, for the screen.

use std::sync::Arc;

use core_policy::{Cite, PolicySet};

use crate::ui::checks::{Check, Mark};
use crate::ui::problems::Problem;

/// A rule that held, as kept.
#[derive(Clone, Debug)]
pub struct Reason {
    /// Family.
    pub rule: String,
    /// Citation.
    pub under: Arc<Cite>,
    /// Found and required.
    pub seen: Option<String>,
}

/// The reasons kept as JSON, as lines of the check list; a text that cannot be read gives none.
pub fn reasons(policy: &PolicySet, kept: &str) -> Vec<Check> {
    let list: Vec<serde_json::Value> = serde_json::from_str(kept).unwrap_or_default();
    let read = |value: &serde_json::Value| -> Option<Reason> {
        let under: Cite = serde_json::from_value(value.get("under")?.clone()).ok()?;
        let seen = value.get("seen").and_then(|s| s.as_str()).map(str::to_owned);
        Some(Reason { rule: value.get("rule")?.as_str()?.to_owned(), under: Arc::new(under), seen })
    };
    list.iter().filter_map(read).map(|reason| check(policy, &reason)).collect()
}

/// One reason as a line of the check list: the rule's own term, what was found.
pub fn check(policy: &PolicySet, reason: &Reason) -> Check {
    let term = policy.family(&reason.rule).map_or(reason.rule.clone(), |f| f.term.to_string());
    let found = reason.seen.as_deref().map_or("符合".to_owned(), |seen| seen.replace('-', "−").replace(" / ", " ／ "));
    let found = if reason.seen.as_deref().is_some_and(|s| s.contains('-') && s.contains("20")) {
        reason.seen.clone().unwrap_or_default()
    } else {
        found
    };
    Check { mark: Mark::Holds, asked: term.into(), found: found.into(), under: Some(super::cite(&reason.under, &reason.rule)) }
}

/// The refusals kept as JSON, as problems; a text that cannot be read gives none.
pub fn stored_refusals(kept: &str) -> Vec<Problem> {
    let list: Vec<serde_json::Value> = serde_json::from_str(kept).unwrap_or_default();
    list.iter().filter_map(stored).collect()
}

fn stored(value: &serde_json::Value) -> Option<Problem> {
    let text = |name: &str| value.get(name).and_then(|v| v.as_str());
    let mut sentence = String::new();
    if let Some(line) = value.get("line").and_then(serde_json::Value::as_u64) {
        sentence.push_str(&format!("第 {} 行：", line + 1));
    }
    sentence.push_str(text("words")?);
    match (text("found"), text("required")) {
        (Some(found), Some(required)) => sentence.push_str(&format!("：现为 {found}，要求 {required}")),
        (Some(found), None) => sentence.push_str(&format!("：{found}")),
        (None, Some(required)) => sentence.push_str(&format!("：要求 {required}")),
        (None, None) => {}
    }
    sentence.push('。');
    let under: Cite = serde_json::from_value(value.get("under")?.clone()).ok()?;
    let mut problem = Problem::new(sentence, "#main", super::cite(&under, text("rule").unwrap_or_default()));
    if let Some(remedy) = value.get("remedy").filter(|r| !r.is_null()) {
        let told = match (remedy.get("kind").and_then(|k| k.as_str()), remedy.get("value")) {
            (Some("do"), Some(v)) => v.as_str().unwrap_or_default().to_owned(),
            (Some("bring"), Some(v)) => format!("请补充{}", v.as_str().unwrap_or_default()),
            (Some("at_most"), Some(v)) => format!("最多可填 {} 元", plain(v)),
            (Some("at_least"), Some(v)) => format!("至少应为 {} 元", plain(v)),
            (Some("first"), Some(v)) => format!("先办理“{}”", v.get(1).and_then(|t| t.as_str()).unwrap_or_default()),
            _ => String::new(),
        };
        if !told.is_empty() {
            problem = problem.remedy(format!("{}。", told.trim_end_matches('。')));
        }
    }
    Some(problem)
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(s) => s.clone(),
        serde_json::Value::Number(n) => n.as_i64().map_or(n.to_string(), super::fen),
        other => other.to_string(),
    }
}
