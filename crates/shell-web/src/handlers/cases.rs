//! 业务列表 Cases as a list: filtered by day, state, action and branch, newest first; or what this person entered.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use core_calendar::Day;
use core_case::form::Choice;
use core_case::ids::CaseId;
use core_case::state::CaseState;
use maud::{Markup, html};
use shell_pipeline::catalogue;
use shell_store::views::cases::{self, Wanted};
use shell_store::views::work::CaseLine;

use crate::app::App;
use crate::fault::Answer;
use crate::posted::Asked;
use crate::ui::empty::Empty;
use crate::ui::field::{Field, Kind};
use crate::ui::frame::Area;
use crate::ui::pager::Pager;
use crate::ui::table::{Line, OnPhone, Row, Table, cell, narrow, numbers, two, words as column};
use crate::ui::tabs::Tab;
use crate::ui::{Button, Text, amount, link};
use crate::views::list::{self as view, List};
use crate::who::Who;
use crate::words;

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/cases", get(page))
}

async fn page(State(app): State<Arc<App>>, who: Who, asked: Asked) -> Answer<Markup> {
    let store = &app.centre.store;
    let today = app.centre.day();
    let all = who.actor.may("view.business").is_some();
    let mine = asked.has("mine") || !all;
    let from = Day::parse(asked.get("from")).unwrap_or_else(|_| today.checked_add(-30).unwrap_or(today));
    let to = Day::parse(asked.get("to")).unwrap_or(today);
    let below = asked.get("below").split_once('.').and_then(|(day, id)| Some((Day::parse(day).ok()?, CaseId::parse(id)?)));
    let wanted = Wanted {
        from,
        to,
        state: CaseState::from_code(asked.get("state")).map_or(String::new(), |s| s.code().to_owned()),
        action: catalogue::action(asked.get("action")).map_or(String::new(), |a| a.name.to_owned()),
        branch: asked.get("branch").parse().unwrap_or(0),
        below,
    };
    let (lines, more) = if mine { cases::of_maker(store, who.actor.user, from).await? } else { cases::list(store, &wanted).await? };
    let names = cases::names(store, lines.iter().map(|c| c.maker)).await?;
    let query = |extra: &str| {
        format!(
            "/cases?from={from}&to={to}&state={}&action={}&branch={}{extra}",
            wanted.state,
            wanted.action,
            if wanted.branch == 0 { String::new() } else { wanted.branch.to_string() }
        )
    };
    let after = lines.last().filter(|_| more && !mine).map(|c| query(&format!("&below={}.{}", c.accepted, c.id)).into());
    let tab = |word: &'static str, href: String, current: bool| {
        let tab = Tab::new(word, "", href);
        if current { tab.current() } else { tab }
    };
    let mut segments = vec![tab("我录入的", "/cases?mine".into(), mine)];
    if all {
        segments.insert(0, tab("全部", "/cases".into(), !mine));
    }
    let view = List {
        title: "业务记录".into(),
        context: if mine { format!("{} 自 {from} 录入的", who.actor.name).into() } else { format!("受理日 {from} 至 {to}").into() },
        actions: vec![Button::go("业务目录", "/catalogue").key("C"), Button::go("新建业务", "/cases/new").key("N").primary()],
        kpis: Vec::new(),
        filter: if mine { Vec::new() } else { filter(&app, &wanted) },
        segments,
        table: table(&app, &lines, &names),
        empty: Empty { why: "这段时间没有符合条件的业务。".into(), next: Some(link("看近 30 天全部", "/cases")) },
        pager: Some(Pager { place: format!("本页 {} 件，新的在前", lines.len()).into(), before: None, after }),
    };
    let frame = who.frame(&app, Area::Work, &[("我的工作台", "/"), ("业务记录", "")]).await?;
    Ok(view::page(&frame, &view))
}

fn filter(app: &App, wanted: &Wanted) -> Vec<Field> {
    let any = |list: Vec<(Text, Text)>| {
        let mut all = vec![("".into(), "全部".into())];
        all.extend(list);
        Kind::Many(all)
    };
    let states = CaseState::CHOICES.iter().map(|(code, words)| ((*code).into(), (*words).into())).collect();
    let actions = catalogue::actions().map(|a| (a.name.into(), a.term.into())).collect();
    let branches = app.branches().iter().map(|(id, name)| (id.to_string().into(), name.clone().into())).collect();
    let branch = if wanted.branch == 0 { String::new() } else { wanted.branch.to_string() };
    vec![
        Field::new("from", "受理日自", Kind::Date, wanted.from.to_string()).optional(),
        Field::new("to", "至", Kind::Date, wanted.to.to_string()).optional(),
        Field::new("state", "状态", any(states), wanted.state.clone()),
        Field::new("action", "业务", any(actions), wanted.action.clone()),
        Field::new("branch", "管理部", any(branches), branch),
    ]
}

fn table(app: &App, lines: &[CaseLine], names: &std::collections::BTreeMap<i64, (String, String)>) -> Table {
    let rows = lines
        .iter()
        .map(|c| {
            let term = catalogue::action(&c.action).map_or(c.action.as_str(), |a| a.term);
            let maker = names.get(&c.maker.0).map_or("日终", |(n, _)| n.as_str());
            Line::Row(Row::new(vec![
                html! { span.num { (c.accepted) } },
                two(link(term.to_owned(), format!("/cases/{}", c.id)).show(), &words::number(c.id)),
                cell(&c.summary),
                amount(&c.amount.map_or("—".into(), words::amount)),
                two(html! { (maker) }, app.unit(c.branch)),
                cell(c.channel.words()),
                words::state(c.state).bare(),
            ]))
        })
        .collect();
    Table {
        caption: "业务记录".into(),
        columns: vec![
            narrow("受理日", OnPhone::Foot),
            column("业务", OnPhone::Lead),
            column("办理对象", OnPhone::Line),
            numbers("金额（元）", OnPhone::Sum),
            narrow("经办", OnPhone::Hidden),
            narrow("来源", OnPhone::Hidden),
            narrow("状态", OnPhone::FootSide),
        ],
        lines: rows,
        walk: true,
    }
}
