//! 查找 Search: numbers of all kinds, names of employers and persons, the last six of an identity document, the credit code.
//!
//! A single hit opens at once; the short code or the name of an action opens its form.  Names of persons are masked in the list; the document itself is never shown.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use maud::html;
use shell_store::people::users;
use shell_store::views::find::{self, Found};

use crate::app::App;
use crate::fault::{Answer, Fault};
use crate::posted::Asked;
use crate::shortcuts;
use crate::ui::empty::Empty;
use crate::ui::field::{Field, Kind};
use crate::ui::frame::Area;
use crate::ui::table::{Line, OnPhone, Row, Table, narrow, words as column};
use crate::ui::{Tag, Tone, link};
use crate::views::list::{self as view, List};
use crate::who::Who;
use crate::words;

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/search", get(page))
}

/// One hit: kind, name, address, what stands beside it.
struct Hit(&'static str, String, String, String);

fn hits(found: Found) -> Vec<Hit> {
    let mut all = Vec::new();
    all.extend(found.employers.into_iter().map(|(id, name)| Hit("单位", name, format!("/employers/{id}"), id.to_string())));
    all.extend(found.savings.into_iter().map(|(id, name, employer)| {
        Hit("职工", words::masked_name(&name), format!("/members/{id}"), format!("{} · {employer}", words::number(id)))
    }));
    all.extend(found.cases.into_iter().map(|(id, action, summary)| {
        let term = shell_pipeline::catalogue::action(&action).map_or(action.clone(), |a| a.term.to_owned());
        Hit("业务", term, format!("/cases/{id}"), format!("{} · {summary}", words::number(id)))
    }));
    all.extend(found.lists.into_iter().map(|(id, employer, month)| {
        Hit(
            "清册",
            employer,
            format!("/remittance/{id:015}"),
            format!("{} · {}-{:02}", words::number(format!("{id:015}")), month / 100, month % 100),
        )
    }));
    all.extend(
        found.vouchers.into_iter().map(|(id, term)| Hit("凭证", term, format!("/vouchers/{id:014}"), words::number(format!("{id:014}")))),
    );
    all
}

async fn page(State(app): State<Arc<App>>, who: Who, asked: Asked) -> Answer {
    let query: String = asked.get("q").chars().take(60).collect();
    if let Some((entry, address)) = shortcuts::opens(&query)
        && who.actor.may(entry.name).is_some()
    {
        return Ok(Redirect::to(&address).into_response());
    }
    let store = &app.centre.store;
    let plain: String = core_identity::fold_width(&query).chars().filter(|c| !c.is_whitespace()).collect();
    let mut all = Vec::new();
    if who.actor.may("view.business").is_some() && !plain.is_empty() {
        let digits = plain.bytes().all(|b| b.is_ascii_digit());
        let upper = plain.to_uppercase();
        let six =
            upper.len() == 6 && upper.bytes().take(5).all(|b| b.is_ascii_digit()) && upper.bytes().all(|b| b.is_ascii_digit() || b == b'X');
        if digits && plain.len() <= 18 {
            all.extend(hits(find::number(store, plain.parse().map_err(|_| Fault::NotFound)?).await?));
        }
        if six {
            all.extend(hits(find::last_six(store, &upper).await?));
        }
        if upper.len() == 18 && upper.bytes().all(|b| b.is_ascii_alphanumeric()) {
            all.extend(hits(find::credit_code(store, &upper).await?));
        }
        if !digits && !plain.is_ascii() {
            all.extend(hits(find::name(store, query.trim()).await?));
        }
    }
    if !plain.is_empty() && !plain.is_ascii() {
        let begun = shell_pipeline::catalogue::actions().filter(|a| a.term.contains(&plain) && who.actor.may(a.name).is_some());
        all.extend(begun.map(|a| Hit("办理", a.term.into(), format!("/cases/new/{}", a.name), format!("快捷码 {}", a.short))));
    }
    let administrator = who.actor.may("view.system").is_some() || who.actor.may("view.security").is_some();
    if administrator
        && !plain.is_empty()
        && let Some(user) = users::by_login(store, &plain).await?
    {
        all.push(Hit("用户", user.name, format!("/users/{}", user.login), user.login));
    }
    if let [Hit(_, _, href, _)] = all.as_slice() {
        return Ok(Redirect::to(href).into_response());
    }
    let lines = all
        .into_iter()
        .map(|Hit(kind, name, href, beside)| {
            Line::Row(Row::new(vec![Tag::new(Tone::Plain, kind).show(), link(name, href).show(), html! { (beside) }]))
        })
        .collect::<Vec<_>>();
    let why = if plain.is_empty() {
        "写下单位名称的开头、证件后六位、账号、业务号或凭证号；快捷码直接打开业务，例：fc 加账号是封存。"
    } else {
        "没有找到。姓名要写全；单位名称从第一个字写起。"
    };
    let view = List {
        title: "查找".into(),
        context: if plain.is_empty() { "".into() } else { format!("“{query}” · {} 条", lines.len()).into() },
        actions: Vec::new(),
        kpis: Vec::new(),
        filter: vec![
            Field::new("q", "查找", Kind::Line, query)
                .hint("单位名称开头、职工姓名、证件后六位、各种编号；业务名称或快捷码")
                .span(2)
                .focus(),
        ],
        segments: Vec::new(),
        table: Table {
            caption: "查找结果".into(),
            columns: vec![narrow("种类", OnPhone::Sum), column("名称", OnPhone::Lead), column("编号", OnPhone::Line)],
            lines,
            walk: true,
        },
        empty: Empty { why: why.into(), next: None },
        pager: None,
    };
    let frame = who.frame(&app, Area::Work, &[("我的工作台", "/"), ("查找", "")]).await?;
    Ok(view::page(&frame, &view).into_response())
}
