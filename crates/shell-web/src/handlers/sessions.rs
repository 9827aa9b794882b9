//! 登录会话 Open sessions and ending them, by a security administrator.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use maud::Markup;

use crate::app::App;
use crate::fault::{Answer, Fault};
use crate::posted::Post;
use crate::ui::Pill;
use crate::ui::frame::Area;
use crate::views::sessions::{self as view, Session, Sessions};
use crate::who::Who;
use crate::words;

/// Most sessions on the page.
const MOST: usize = 200;

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/sessions", get(page)).route("/sessions/end", post(end))
}

async fn page(State(app): State<Arc<App>>, who: Who) -> Answer<Markup> {
    let open = app.centre.list_sessions(&who.actor, &who.origin).await?;
    let idle = app.centre.setting::<i64>("administration.security.session_idle")?;
    let hours = app.centre.setting::<i64>("administration.security.session_absolute")?;
    let list = open
        .iter()
        .take(MOST)
        .map(|s| {
            let one = &s.session;
            let quiet = (who.origin.now - one.seen) / 60;
            Session {
                id: one.id.to_string().into(),
                who: (s.name.clone().into(), s.login.clone().into()),
                place: (one.address.clone().into(), program(&one.agent).into()),
                since: words::moment(one.opened).into(),
                seen: words::moment(one.seen).into(),
                ends: words::moment(one.ends.min(one.seen + idle * 60)).into(),
                pill: if quiet < 5 { Pill::done("使用中") } else { Pill::idle(format!("闲置 {quiet} 分钟")) },
                own: one.id == who.session.id,
            }
        })
        .collect();
    let view = Sessions {
        context: format!("{} 个 · 闲置 {idle} 分钟或满 {hours} 小时自动结束", open.len()).into(),
        list,
        form_token: who.form_token.clone().into(),
    };
    let frame = who.frame(&app, Area::Operation, &[("运行", "/operation"), ("登录会话", "")]).await?;
    Ok(view::page(&frame, &view))
}

/// The name of a browser out of what it says about itself.
pub(crate) fn program(agent: &str) -> String {
    let known = [("Edg/", "Edge"), ("Chrome/", "Chrome"), ("Firefox/", "Firefox"), ("Safari/", "Safari")];
    let found = known.iter().find_map(|(mark, name)| {
        let rest = agent.split(mark).nth(1)?;
        Some(format!("{name} {}", rest.split(['.', ' ']).next().unwrap_or_default()))
    });
    found.unwrap_or_else(|| agent.chars().take(30).collect())
}

async fn end(State(app): State<Arc<App>>, Post { who, form }: Post) -> Answer {
    let session = form.get("session").parse::<i64>().map_err(|_| Fault::NotFound)?;
    app.centre.end_session(&who.actor, &who.origin, session).await?;
    Ok(Redirect::to("/sessions").into_response())
}
