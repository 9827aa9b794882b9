//! 业务目录 The service catalogue: every action this person may begin, and each with its fields, flow, rules and refusals.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Redirect;
use axum::routing::get;
use core_case::action::Entry;
use core_case::flow::Flows;
use core_case::form::{Field, Kind};
use core_policy::{On, ReviewFlow};
use maud::{Markup, html};
use shell_pipeline::catalogue;
use shell_store::views::cases;

use crate::app::App;
use crate::fault::{Answer, Fault};
use crate::posted::Asked;
use crate::ui::frame::Area;
use crate::ui::table::{Line, OnPhone, Row, Table, narrow, words as words_column};
use crate::ui::title::Title;
use crate::ui::{Button, Fact, Sheet, facts};
use crate::views::catalogue::{self as view, Catalogue, Item};
use crate::who::Who;
use crate::words;

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/catalogue", get(page))
        .route("/catalogue/{action}", get(one))
        .route("/service", get(|| async { Redirect::to("/catalogue") }))
        .route("/cases/new", get(|| async { Redirect::to("/catalogue") }))
}

/// Areas by the first word of an action's name.
const AREAS: [(&str, &str); 3] = [("collection", "归集"), ("accounting", "会计核算"), ("administration", "行政与运维")];

/// Who signs after the one who enters, in words.
pub(crate) fn flow_words(app: &App, action: &Entry) -> String {
    let one = |family: &str| {
        let day = app.centre.day();
        match app.centre.policy().in_force::<Arc<ReviewFlow>>(family, On::Day(day), &app.centre.place) {
            Ok(flow) => {
                let roles: Vec<&str> = flow.value.reviewers(core_money::Money::default()).iter().map(|r| words::role(r)).collect();
                if roles.is_empty() { "当即办结".to_owned() } else { format!("须 {} 人：{}", roles.len(), roles.join("、")) }
            }
            Err(_) => "流程未定".to_owned(),
        }
    };
    match action.flows {
        Flows::Same(family) => one(family),
        Flows::ByChannel { counter, hall } => {
            let (counter, hall) = (one(counter), one(hall));
            if counter == hall { counter } else { format!("柜台{counter}；网厅{hall}") }
        }
    }
}

fn item(app: &App, action: &Entry, about: &str) -> Item {
    let needed: Vec<&str> = action.fields.iter().filter(|f| f.required).take(4).map(|f| f.label).collect();
    let more = action.fields.iter().filter(|f| f.required).count().saturating_sub(needed.len());
    let needs = if more > 0 { format!("{} 等 {} 项", needed.join("、"), needed.len() + more) } else { needed.join("、") };
    Item {
        term: action.term.into(),
        href: format!("/cases/new/{}{about}", action.name).into(),
        promise: flow_words(app, action).into(),
        needs: needs.into(),
        code: action.short.into(),
    }
}

async fn page(State(app): State<Arc<App>>, who: Who, asked: Asked) -> Answer<Markup> {
    let query = asked.get("q").to_lowercase();
    let may: Vec<&Entry> = catalogue::actions()
        .filter(|a| who.actor.may(a.name).is_some())
        .filter(|a| query.is_empty() || a.term.to_lowercase().contains(&query) || a.name.contains(&query) || a.short == query)
        .collect();
    // Whoever came from a member or an employer begins the business about that one.
    let about = ["savings", "employer"].into_iter().find(|n| asked.get(n).bytes().all(|b| b.is_ascii_digit()) && !asked.get(n).is_empty());
    let about = about.map_or(String::new(), |n| format!("?{n}={}", asked.get(n)));
    let day = app.centre.day();
    let counts = cases::counts_of_maker(&app.centre.store, who.actor.user, day.checked_add(-30).unwrap_or(day)).await?;
    let mut used: Vec<(i64, &Entry)> = may
        .iter()
        .map(|a| (counts.iter().filter(|(action, ..)| action == a.name).map(|(.., n)| n).sum::<i64>(), *a))
        .filter(|(n, _)| *n > 0)
        .collect();
    used.sort_by(|(a, x), (b, y)| b.cmp(a).then(x.name.cmp(y.name)));
    let view = Catalogue {
        query: asked.get("q").to_owned().into(),
        often: used.iter().take(6).map(|(_, a)| item(&app, a, &about)).collect(),
        areas: AREAS
            .iter()
            .map(|(key, words)| {
                let of = may.iter().filter(|a| a.name.split('.').next() == Some(key));
                ((*words).into(), of.map(|a| item(&app, a, &about)).collect())
            })
            .collect(),
    };
    let frame = who.frame(&app, Area::Service, &[("服务", ""), ("业务目录", "")]).await?;
    Ok(view::page(&frame, &view))
}

/// What kind of value a field takes, in words.
fn kind_words(field: &Field) -> String {
    match field.kind {
        Kind::Text(n) => format!("文字，至多 {n} 字"),
        Kind::Money => "金额（元，两位小数）".into(),
        Kind::Rate => "百分比".into(),
        Kind::Day => "日期 年-月-日".into(),
        Kind::Month => "年月 年-月".into(),
        Kind::Integer => "整数".into(),
        Kind::Flag => "是或否".into(),
        Kind::Choice(list) => list.iter().map(|(code, words)| format!("{code} {words}")).collect::<Vec<_>>().join("、"),
        Kind::Number(of) => format!("{of}编号"),
        Kind::IdNumber => "证件号码（加密保存，显示掩码）".into(),
        Kind::Mobile => "手机号码（加密保存，显示掩码）".into(),
        Kind::Card => "银行卡号（加密保存，显示掩码）".into(),
        Kind::Lines(_) => "若干行".into(),
    }
}

fn rows(fields: &[Field], within: &str, lines: &mut Vec<Line>) {
    for f in fields {
        let name = if within.is_empty() { f.name.to_owned() } else { format!("{within}[].{}", f.name) };
        lines.push(Line::Row(Row::new(vec![
            html! { (f.label) },
            html! { (kind_words(f)) },
            html! { @if f.required { "必填" } @else { "选填" } },
            html! { (f.help) },
            html! { code { (name) } },
        ])));
        if let Kind::Lines(nested) = f.kind {
            rows(nested, f.name, lines);
        }
    }
}

async fn one(State(app): State<Arc<App>>, who: Who, Path(name): Path<String>) -> Answer<Markup> {
    let action = catalogue::action(&name).ok_or(Fault::NotFound)?;
    let policy = app.centre.policy();
    let mut lines = Vec::new();
    rows(action.fields, "", &mut lines);
    let fields = Table {
        caption: "栏位".into(),
        columns: vec![
            words_column("栏位", OnPhone::Lead),
            words_column("填写", OnPhone::Line),
            narrow("要求", OnPhone::Sum),
            words_column("说明", OnPhone::Line),
            narrow("接口名", OnPhone::Hidden),
        ],
        lines,
        walk: false,
    };
    let rules: Vec<Line> = action
        .rules
        .iter()
        .map(|rule| {
            let term = policy.family(rule.family).map_or(rule.family.to_owned(), |f| f.term.to_string());
            Line::Row(Row::new(vec![html! { a.link href={ "/policy/" (rule.family) } { (term) } }, html! { code { (rule.family) } }]))
        })
        .collect();
    let rules = Table {
        caption: "规则".into(),
        columns: vec![words_column("规则", OnPhone::Lead), narrow("参数名", OnPhone::Line)],
        lines: rules,
        walk: true,
    };
    let can = who.actor.may(action.name).is_some();
    let materials = app.centre.materials(action, app.centre.day())?;
    let frame = who.frame(&app, Area::Service, &[("服务", ""), ("业务目录", "/catalogue"), (action.term, "")]).await?;
    Ok(frame.page(html! {
        (Title::new(action.term).context(html! { "快捷码 " (action.short) " · " (action.name) " · 第 " (action.version) " 版表单" }).trail(html! {
            @if can { (Button::go("办理", format!("/cases/new/{}", action.name)).key("N").primary().show()) }
        }).show())
        (Sheet::new("栏位", fields.show()).flush().show())
        div.cols.form {
            div { (Sheet::new("适用的规则", rules.show()).flush().trail(html! { (action.rules.len()) " 项" }).show()) }
            div {
                @if let Some(list) = &materials {
                    (Sheet::new("要带的材料", html! {
                        ul.plain {
                            @for m in &list.value {
                                li {
                                    (m.name) small {
                                        " " @if let Some(form) = &m.form { (form) " " } (m.copies) " 份"
                                        @if let Some(when) = &m.when { " · 限" (when) }
                                    }
                                }
                            }
                        }
                    }).trail(html! { a.link href={ "/policy/" (list.rule.to_string()) } { "依据" } }).show())
                }
                (Sheet::new("办理", facts::facts(&[Fact::new("复核", flow_words(&app, action)), Fact::new("可否由您录入", if can { "可以" } else { "您没有这项权限" })])).show())
                (Sheet::new("可能的不予受理理由", html! { ul.plain { @for because in action.refusals { li { (because.words) } } } }).trail(html! { (action.refusals.len()) " 项" }).show())
            }
        }
    }))
}
