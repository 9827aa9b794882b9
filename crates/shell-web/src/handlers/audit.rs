//! 审计 Audit records under their seals, for the audit administrator. Each record on the page is checked against its code.
//!
//! Left out: the proof of the whole chain, which takes as long as the chain is old; `anju audit verify` does it.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use core_calendar::Day;
use maud::Markup;
use shell_store::people::users;
use shell_store::views::audit::{self, Record as Stored, Seal, Wanted};
use shell_store::views::cases;
use shell_vault::audit::AuditContent;
use shell_vault::{Mac, Purpose, verify_mac};

use crate::app::App;
use crate::fault::Answer;
use crate::posted::Asked;
use crate::ui::frame::Area;
use crate::ui::kpi::Kpi;
use crate::ui::pager::Pager;
use crate::ui::problems::Problem;
use crate::ui::{Link, Pill, Tag, Text, Tone};
use crate::views::audit::{self as view, Audit, Record};
use crate::who::Who;
use crate::words;

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/audit", get(page))
}

/// Kinds other than actions, in words.
const KINDS: [(&str, &str); 14] = [
    ("sign-in", "登录"),
    ("sign-out", "退出"),
    ("session-end", "会话结束"),
    ("session-list", "看会话"),
    ("password", "改密码"),
    ("one-time-password", "一次性密码"),
    ("second-factor", "动态口令"),
    ("unlock", "解锁"),
    ("unmask", "看明文"),
    ("read", "查看"),
    ("attachment", "附件"),
    ("first-users", "首批用户"),
    ("user-disabled", "停用"),
    ("token", "接口令牌"),
];

fn kind_words(kind: &str) -> Text {
    if let Some((_, words)) = KINDS.iter().find(|(k, _)| *k == kind) {
        return (*words).into();
    }
    shell_pipeline::catalogue::action(kind).map_or_else(|| kind.to_owned().into(), |a| a.term.into())
}

/// The first word in Chinese; codes of refusals follow as they are.
fn result_words(result: &str) -> String {
    let (first, codes) = result.split_once(' ').unwrap_or((result, ""));
    let words = match first {
        "done" | "committed" => "办成",
        "refused" => "不予受理",
        "denied" => "没有权限",
        "waiting" | "entered" => "录入待复核",
        "approved" => "复核同意",
        "returned" => "退回",
        "rejected" => "不同意",
        "withdrawn" => "撤回",
        "differs" => "事实有变",
        "resubmitted" => "重新提交",
        "corrected" => "更正后重新提交",
        other => other,
    };
    if codes.is_empty() { words.to_owned() } else { format!("{words} {codes}") }
}

/// Whether the record agrees with its code.
fn holds(app: &App, r: &Stored) -> bool {
    let day = r.day.to_string();
    let content = AuditContent {
        id: r.id,
        at: r.at,
        day: &day,
        actor: r.actor.0,
        address: &r.address,
        kind: &r.kind,
        object: &r.object,
        detail: &r.detail,
        result: &r.result,
        request: &r.request,
        effects: &r.effects,
    };
    let ring = app.centre.store.keys.ring();
    Mac::from_bytes(&r.mac).is_some_and(|mac| verify_mac(&ring, Purpose::Audit, &content.canonical(), &mac).unwrap_or(false))
}

/// Where a record's object is shown.
fn place(object: &str) -> Option<String> {
    let (kind, id) = object.split_once(':')?;
    Some(match kind {
        "case" => format!("/cases/{id:0>15}"),
        "employer" => format!("/employers/{id}"),
        "savings" => format!("/members/{id}"),
        _ => return None,
    })
}

fn object_words(object: &str) -> String {
    let (kind, id) = object.split_once(':').unwrap_or((object, ""));
    let word = match kind {
        "case" => "业务",
        "employer" => "单位",
        "savings" => "个人账户",
        "user" => "用户",
        "session" => "会话",
        "list" => "清册",
        "receipt" => "收款",
        "centre" => "中心",
        other => other,
    };
    if id.is_empty() { word.to_owned() } else { format!("{word} {id}") }
}

fn row(r: &Stored, names: &std::collections::BTreeMap<i64, (String, String)>, sound: bool) -> Record {
    let (name, login) = names
        .get(&r.actor.0)
        .cloned()
        .unwrap_or_else(|| (if r.actor.0 == 0 { "系统".into() } else { format!("用户 {}", r.actor) }, String::new()));
    let tone = match r.result.split(' ').next().unwrap_or_default() {
        "denied" | "refused" => Tone::Warn,
        _ if r.kind == "unmask" => Tone::Brand,
        _ => Tone::Plain,
    };
    let what = format!("{} {}", kind_words(&r.kind), result_words(&r.result));
    Record {
        time: words::full_moment(r.at).into(),
        who: (name.into(), format!("{login} {}", r.address).trim().to_owned().into()),
        kind: Tag::new(if sound { tone } else { Tone::Bad }, kind_words(&r.kind)),
        what: Link { label: what.into(), href: place(&r.object).unwrap_or_else(|| "/audit".into()).into() },
        about: format!("{}{}", object_words(&r.object), particulars(&r.detail)).into(),
        mac: words::grouped_bytes(r.mac.get(4..).unwrap_or_default(), 2).into(),
    }
}

/// Names and values of particulars in Chinese, where they are ours.
fn word(text: &str) -> &str {
    const WORDS: [(&str, &str); 24] = [
        ("because", "原因"),
        ("failures", "累计不符"),
        ("locked", "锁定"),
        ("session", "会话"),
        ("why", "原因"),
        ("attachment", "附件"),
        ("hash", "SM3"),
        ("size", "字节"),
        ("case", "业务"),
        ("reason", "理由"),
        ("column", "栏位"),
        ("users", "人数"),
        ("step", "步骤"),
        ("needs", "需要权限"),
        ("password", "密码"),
        ("code", "动态口令"),
        ("code used before", "动态口令已用过"),
        ("name", "登录名"),
        ("disabled", "已停用"),
        ("true", "是"),
        ("false", "否"),
        ("begun", "开始"),
        ("confirmed", "启用"),
        ("removed", "解除"),
    ];
    WORDS.iter().find(|(k, _)| *k == text).map_or(text, |(_, w)| w)
}

/// Particulars kept as JSON, in a short line.
fn particulars(detail: &str) -> String {
    let Ok(serde_json::Value::Object(pairs)) = serde_json::from_str(detail) else {
        return if detail.is_empty() { String::new() } else { format!(" · {detail}") };
    };
    let words: Vec<String> = pairs
        .iter()
        .map(|(k, v)| {
            let v = v.as_str().map_or_else(|| v.to_string(), str::to_owned);
            let most = if k == "hash" { 8 } else { 40 };
            format!("{} {}", word(k), word(&v).chars().take(most).collect::<String>())
        })
        .collect();
    if words.is_empty() { String::new() } else { format!(" · {}", words.join("，")) }
}

async fn page(State(app): State<Arc<App>>, who: Who, asked: Asked) -> Answer<Markup> {
    who.needs("view.audit", "看审计（审计管理员）")?;
    let store = &app.centre.store;
    let today = app.centre.day();
    let person = asked.get("person");
    let actor = if person.is_empty() { None } else { users::by_login(store, person).await?.map(|u| u.id) };
    let wanted = Wanted {
        from: Day::parse(asked.get("from")).unwrap_or(today),
        to: Day::parse(asked.get("to")).unwrap_or(today),
        actor: if person.is_empty() { None } else { Some(actor.unwrap_or(core_case::ids::UserId(i64::MAX))) },
        kind: asked.get("kind").to_owned(),
        below: asked.get("below").parse().ok(),
    };
    let (records, more) = audit::records(store, &wanted).await?;
    let state = audit::state(store, today).await?;
    let names = cases::names(store, records.iter().map(|r| r.actor)).await?;
    let seals = match (records.last(), records.first()) {
        (Some(oldest), Some(newest)) => audit::seals(store, oldest.id, newest.id).await?,
        _ => Vec::new(),
    };
    let broken: Vec<&Stored> = records.iter().filter(|r| !holds(&app, r)).collect();
    let breaks = broken
        .iter()
        .map(|r| Problem {
            at: "#main".into(), ..words::told(format!("第 {} 号审计记录与它的校验值不符，内容被改动过。", r.id))
        })
        .collect();
    let unsealed = state.newest.map_or(0, |(n, _)| n) - state.head.as_ref().map_or(0, |(_, last, ..)| *last);
    let count = |wanted: &[&str]| state.today.iter().filter(|(k, _)| wanted.contains(&k.as_str())).map(|(_, n)| n).sum::<i64>();
    let all: i64 = state.today.iter().map(|(_, n)| n).sum();
    let mut kinds: Vec<(Text, Text)> = vec![("".into(), "全部".into())];
    kinds.extend(KINDS.iter().map(|(k, w)| ((*k).into(), (*w).into())));
    kinds.extend(shell_pipeline::catalogue::actions().map(|a| (a.name.into(), a.term.into())));
    let after = records
        .last()
        .filter(|_| more)
        .map(|r| format!("/audit?from={}&to={}&person={person}&kind={}&below={}", wanted.from, wanted.to, wanted.kind, r.id).into());
    let view = Audit {
        pill: if broken.is_empty() { Pill::done("本页校验相符") } else { Pill::stopped("有记录不符") },
        context: match &state.head {
            Some((n, last, day, seal)) => {
                format!("链首 第 {n} 号封签 · {day} · 至第 {last} 号记录 · {}", words::grouped_bytes(seal.get(4..).unwrap_or_default(), 4))
                    .into()
            }
            None => "还没有封签，首个日终后产生".into(),
        },
        actions: Vec::new(),
        kpis: vec![
            Kpi::new("今日记录", all.to_string(), "条", format!("营业日 {today}")),
            Kpi::new("待封签", unsealed.max(0).to_string(), "条", "日终封签"),
            Kpi::new("登录", count(&["sign-in"]).to_string(), "次", "含不成功的"),
            Kpi::new("看明文", count(&["unmask"]).to_string(), "次", "每次都有事由"),
        ],
        breaks,
        filter: [wanted.from.to_string().into(), wanted.to.to_string().into(), person.to_owned().into(), wanted.kind.clone().into()],
        kinds,
        seals: grouped(&app, &records, &seals, &names),
        pager: Pager { place: format!("本页 {} 条，新的在前", records.len()).into(), before: None, after },
    };
    let frame = who.frame(&app, Area::Operation, &[("运行", "/operation"), ("审计", "")]).await?;
    Ok(view::page(&frame, &view))
}

/// A seal in words, its root, its records.
type Group = (Text, Text, Vec<Record>);

/// Records below the seal that covers them; those after the newest seal stand first.
fn grouped(app: &App, records: &[Stored], seals: &[Seal], names: &std::collections::BTreeMap<i64, (String, String)>) -> Vec<Group> {
    let mut groups: Vec<(Option<i64>, Group)> = Vec::new();
    for r in records {
        let seal = seals.iter().find(|s| s.first <= r.id && r.id <= s.last);
        let key = seal.map(|s| s.id);
        if groups.last().is_none_or(|(k, _)| *k != key) {
            let head: (Text, Text) = match seal {
                Some(s) => (format!("第 {} 号封签", s.id).into(), format!("{} · 根 {}", s.day, words::grouped_bytes(&s.root, 2)).into()),
                None => ("待封签".into(), "日终封签".into()),
            };
            groups.push((key, (head.0, head.1, Vec::new())));
        }
        if let Some((_, (.., rows))) = groups.last_mut() {
            rows.push(row(r, names, holds(app, r)));
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_read_as_sentences() {
        assert_eq!(kind_words("sign-in"), "登录");
        assert_eq!(object_words("case:22507100000042"), "业务 22507100000042");
        assert_eq!(place("case:22507100000042").as_deref(), Some("/cases/022507100000042"));
        assert_eq!(place("user:3"), None);
        assert_eq!(particulars(r#"{"because":"locked","failures":5}"#), " · 原因 锁定，累计不符 5");
    }
}
