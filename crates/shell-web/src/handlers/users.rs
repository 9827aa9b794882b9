//! 用户与角色 Users by unit, changes that wait for the second administrator, the permission matrix; and one user with what an
//! administrator may do: a one-time password (system), unlocking and taking the second factor away (security).

use std::collections::BTreeMap;
use std::sync::Arc;

use area_administration::roles::{self, ROLES};
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use core_case::form::Choice;
use core_case::things::UserKind;
use maud::{Markup, html};
use shell_store::people::users::{self, User as Stored};
use shell_store::views::{cases, work};

use crate::app::App;
use crate::fault::{Answer, Fault};
use crate::posted::{Asked, Post};
use crate::ui::frame::Area;
use crate::ui::progress;
use crate::ui::tabs::Tab;
use crate::ui::title::Title;
use crate::ui::{Button, Fact, Pill, Sheet, Tag, Tone, facts, link};
use crate::views::users::{self as view, RoleChange, User, Users};
use crate::who::Who;
use crate::words;

/// Most users drawn at once: a centre's staff fits, thousands of officers are found by search.
const MOST: usize = 300;

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/users", get(page)).route("/users/{login}", get(one).post(act))
}

fn may(who: &Who) -> Result<(), Fault> {
    if who.actor.may("view.system").is_some() || who.actor.may("view.security").is_some() {
        return Ok(());
    }
    Err(Fault::NotAllowed("用户与角色（系统管理员或安全管理员）".into()))
}

fn pill(user: &Stored, now: i64) -> Pill {
    if !user.enabled {
        Pill::over("停用")
    } else if user.locked_until.is_some_and(|until| until > now) {
        Pill::stopped(format!("锁定至 {}", words::clock(user.locked_until.unwrap_or(0)).1))
    } else if user.must_change {
        Pill::idle("一次性密码")
    } else {
        Pill::done("在用")
    }
}

fn drawn(user: &Stored, app: &App, now: i64) -> User {
    let administrator = matches!(user.kind, UserKind::System | UserKind::Security | UserKind::Audit);
    let tone = if administrator { Tone::Warn } else { Tone::Plain };
    let scope = match user.employer {
        Some(employer) => format!("单位 {employer}"),
        None => app.unit(user.unit).to_owned(),
    };
    User {
        name: link(user.name.clone(), format!("/users/{}", user.login)),
        number: user.login.clone().into(),
        roles: user.roles.iter().map(|(code, _)| Tag::new(tone, words::role(code).to_owned())).collect(),
        scope: scope.into(),
        factor: if user.second_factor { Pill::done("已设") } else { Pill::waiting("未设") },
        last: user.last_seen.map_or("尚未登录".into(), |d| d.to_string().into()),
        pill: pill(user, now),
    }
}

async fn page(State(app): State<Arc<App>>, who: Who, asked: Asked) -> Answer<Markup> {
    may(&who)?;
    let store = &app.centre.store;
    let now = who.origin.now;
    let all = users::all(store).await?;
    let officer = |u: &&Stored| u.kind == UserKind::Officer;
    let locked = |u: &&Stored| u.locked_until.is_some_and(|until| until > now);
    let which = match asked.get("s") {
        s @ ("locked" | "left" | "officers") => s,
        _ => "active",
    };
    let of = |key: &str| -> Vec<&Stored> {
        all.iter()
            .filter(|u| match key {
                "locked" => u.enabled && locked(u),
                "left" => !u.enabled,
                "officers" => u.enabled && officer(u),
                _ => u.enabled && !officer(u),
            })
            .collect()
    };
    let filter = [("active", "在用"), ("locked", "锁定"), ("left", "停用"), ("officers", "单位专办员")]
        .map(|(key, word)| {
            let tab = Tab::new(word, of(key).len().to_string(), format!("/users?s={key}"));
            if key == which { tab.current() } else { tab }
        })
        .to_vec();
    let mut groups: BTreeMap<i64, Vec<User>> = BTreeMap::new();
    for user in of(which).into_iter().take(MOST) {
        groups.entry(user.unit.0).or_default().push(drawn(user, &app, now));
    }
    let open = work::open_cases(store).await?;
    let changes: Vec<_> = open.iter().filter(|c| c.action.starts_with("administration.user.")).collect();
    let names = cases::names(store, changes.iter().map(|c| c.maker)).await?;
    let waiting = changes
        .iter()
        .map(|c| {
            let term = shell_pipeline::catalogue::action(&c.action).map_or(c.action.as_str(), |a| a.term);
            let maker = names.get(&c.maker.0).map_or("", |(n, _)| n.as_str());
            let to = if c.maker == who.actor.user { format!("/cases/{}", c.id) } else { format!("/cases/{}/review", c.id) };
            RoleChange {
                what: format!("{term}：{}", c.summary).into(),
                entered: format!("{maker} 录入 {} · 须另一人确认", c.accepted).into(),
                go: link("去看", to),
            }
        })
        .collect();
    let mut actions = Vec::new();
    for (action, label, key) in [
        ("administration.user.open", "开用户", "N"),
        ("administration.user.state", "停用或启用", "T"),
        ("administration.user.roles", "角色变更", "N"),
    ] {
        if who.actor.may(action).is_some() {
            let button = Button::go(label, format!("/cases/new/{action}"));
            actions.push(if key == "N" { button.key("N").primary() } else { button });
        }
    }
    let (role_names, rights) = matrix();
    let view = Users {
        context: format!("{} 人 · {} 个机构", all.len(), app.units().count()).into(),
        actions,
        filter,
        groups: groups.into_iter().map(|(unit, users)| (app.unit(core_case::ids::UnitId(unit)).to_owned().into(), users)).collect(),
        waiting,
        roles: role_names.into_iter().map(Into::into).collect(),
        rights: rights.into_iter().map(|(right, held)| (right.into(), held)).collect(),
        exclusions: vec![
            "系统、安全、审计三类管理员互斥，都不能持有业务角色。".into(),
            "角色变更由一名安全管理员录入，另一名确认。".into(),
            "经办人不能复核自己的业务；同一业务各级复核须是不同的人。".into(),
        ],
    };
    let frame = who.frame(&app, Area::Operation, &[("运行", "/operation"), ("用户与角色", "")]).await?;
    Ok(view::page(&frame, &view))
}

/// Roles across, rights down: every action and every page right, in the order of the catalogue.
fn matrix() -> (Vec<&'static str>, Vec<(String, Vec<bool>)>) {
    let holds = |role: &roles::Role, wanted: &str| role.permissions.iter().any(|(p, _)| roles::covers(p, wanted));
    let mut rights: Vec<(&str, &str)> = shell_pipeline::catalogue::actions().map(|a| (a.name, a.term)).collect();
    rights.extend([
        ("review", "复核"),
        ("view.business", "看业务"),
        ("unmask", "看明文"),
        ("view.own", "看本单位"),
        ("operation.day-end", "办理日终"),
        ("view.system", "看运行"),
        ("view.security", "看安全"),
        ("view.audit", "看审计"),
    ]);
    let lines = rights.into_iter().map(|(name, term)| (term.to_owned(), ROLES.iter().map(|r| holds(r, name)).collect())).collect();
    (ROLES.iter().map(|r| r.name).collect(), lines)
}

async fn one(State(app): State<Arc<App>>, who: Who, Path(login): Path<String>) -> Answer<Markup> {
    may(&who)?;
    draw(&app, &who, &login, None).await
}

async fn draw(app: &App, who: &Who, login: &str, news: Option<Markup>) -> Answer<Markup> {
    let user = users::by_login(&app.centre.store, login).await?.ok_or(Fault::NotFound)?;
    let token = html! { input type="hidden" name="form_token" value=(who.form_token); };
    let own = user.id == who.actor.user;
    let system = who.actor.may("administration.user.open").is_some();
    let security = who.actor.may("administration.user.roles").is_some();
    let held: Vec<Fact> =
        user.roles.iter().map(|(code, unit)| Fact::new(words::role(code).to_owned(), app.unit(*unit).to_owned())).collect();
    let about = [
        Fact::new("工号", user.login.clone()),
        Fact::new("用户编号", user.id.to_string()),
        Fact::new("类别", user.kind.words()),
        Fact::new("机构", app.unit(user.unit).to_owned()),
        Fact::drawn("动态口令", if user.second_factor { Pill::done("已设") } else { Pill::waiting("未设") }.bare()),
        Fact::new(
            "密码",
            match (user.has_password, user.password_day) {
                (false, _) => "没有".to_owned(),
                (true, Some(day)) => format!("{day} 设置"),
                (true, None) => "不老化（演示）".to_owned(),
            },
        ),
        Fact::new("最近登录", user.last_seen.map_or("尚未登录".to_owned(), |d| d.to_string())),
    ];
    let frame = who.frame(app, Area::Operation, &[("运行", "/operation"), ("用户与角色", "/users"), (user.name.as_str(), "")]).await?;
    Ok(frame.page(html! {
        (Title::new(user.name.clone()).pill(pill(&user, who.origin.now)).context(html! { (user.login) }).trail(html! {
            @if !own {
                form.buttons method="post" {
                    (token)
                    @if system { (Button::submit("发一次性密码", "password").show()) }
                    @if security { (Button::submit("解锁", "unlock").show()) (Button::submit("解除动态口令", "factor").danger().show()) }
                    @if system { (Button::go(if user.enabled { "停用" } else { "启用" }, format!("/cases/new/administration.user.state?user={}&enabled={}", user.id, !user.enabled)).show()) }
                    @if security { (Button::go("角色变更", format!("/cases/new/administration.user.roles?user={}", user.id)).primary().show()) }
                }
            }
        }).show())
        @if let Some(news) = &news { (news) }
        div.cols.form {
            div { (Sheet::new("角色", if held.is_empty() { html! { p.note { "没有角色，登录后什么也不能做。" } } } else { facts::facts(&held) }).trail(html! { (held.len()) " 个" }).show()) }
            div { (Sheet::new("用户", facts::facts(&about)).show()) }
        }
    }))
}

async fn act(State(app): State<Arc<App>>, Path(login): Path<String>, Post { who, form }: Post) -> Answer {
    may(&who)?;
    let user = users::by_login(&app.centre.store, &login).await?.ok_or(Fault::NotFound)?;
    let centre = &app.centre;
    match form.get("do") {
        "password" => {
            let once = centre.one_time_password(&who.actor, &who.origin, user.id).await?;
            let news = html! {
                section.sheet { div.sheet-body {
                    p { "一次性密码，只显示这一次。当面交给 " b { (user.name) } "，首次登录必须更换。" }
                    p.error-number { (once.as_str()) }
                } }
            };
            Ok(draw(&app, &who, &login, Some(news)).await?.into_response())
        }
        "unlock" => {
            centre.unlock(&who.actor, &who.origin, user.id).await?;
            Ok(draw(&app, &who, &login, Some(progress::news("已解锁，可以立即登录。", None))).await?.into_response())
        }
        "factor" => {
            centre.reset_totp(&who.actor, &who.origin, user.id).await?;
            let words = "动态口令已解除，会话都已结束；下次登录时重新启用。";
            Ok(draw(&app, &who, &login, Some(progress::news(words, None))).await?.into_response())
        }
        _ => Ok(Redirect::to(&format!("/users/{login}")).into_response()),
    }
}
