//! 我 The person's own page: how pages are drawn, password, this session, signing out; and the first page of each area.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use core_case::form::Choice;
use maud::{Markup, html};

use super::sessions::program;
use crate::app::App;
use crate::door::DISPLAY_COOKIE;
use crate::fault::Answer;
use crate::posted::Post;
use crate::ui::button::cap;
use crate::ui::field::{Field, Kind};
use crate::ui::frame::Area;
use crate::ui::title::Title;
use crate::ui::{Button, Fact, Sheet, facts};
use crate::who::{Who, role_words};
use crate::words;

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/me", get(page).post(display))
        .route("/collection", get(collection))
        .route("/accounting", get(accounting))
        .route("/operation", get(operation))
}

async fn page(State(app): State<Arc<App>>, who: Who) -> Answer<Markup> {
    let token = html! { input type="hidden" name="form_token" value=(who.form_token); };
    let tick = |name: &'static str, words: &'static str, on: bool| {
        Field::new(name, "", Kind::Tick(words.into()), if on { "yes" } else { "" }).optional().show()
    };
    let session = &who.session;
    let person = [
        Fact::new("工号", who.actor.login.clone()),
        Fact::new("类别", who.actor.kind.words()),
        Fact::new("角色", role_words(&who.actor)),
        Fact::new("机构", app.unit(who.actor.unit).to_owned()),
    ];
    let this = [
        Fact::new("登录时间", words::full_moment(session.opened)),
        Fact::new("最迟结束", words::full_moment(session.ends)),
        Fact::new("地址", session.address.clone()),
        Fact::new("程序", program(&session.agent)),
    ];
    let frame = who.frame(&app, Area::Work, &[("我的工作台", "/"), ("我", "")]).await?;
    Ok(frame.page(html! {
        (Title::new(who.actor.name.clone()).context(html! { (role_words(&who.actor)) }).trail(html! {
            form.buttons method="post" action="/sign-out" { (token) (Button::submit("退出登录", "out").danger().show()) }
        }).show())
        div.cols.form {
            div {
                (Sheet::new("显示方式", html! {
                    form.stack method="post" action="/me" {
                        (token)
                        (tick("compact", "紧凑行距：一屏看到更多行", who.display.compact))
                        (tick("large", "大字：放大到 125 %", who.display.large))
                        div.buttons { (Button::submit("保存", "display").primary().show()) }
                    }
                }).show())
                (Sheet::new("密码", html! { p.note { "密码 90 天内有效；修改后，其他地方的登录都会结束。" } div.buttons { (Button::go("修改密码", "/sign-in/new-password").show()) } }).show())
            }
            div {
                (Sheet::new("您", facts::facts(&person)).show())
                (Sheet::new("本次登录", facts::facts(&this)).show())
            }
        }
    }))
}

async fn display(State(app): State<Arc<App>>, Post { form, .. }: Post) -> Answer {
    let on: Vec<&str> = ["compact", "large"].into_iter().filter(|n| form.get(n) == "yes").collect();
    let secure = if app.settings.tls { "; Secure" } else { "" };
    let line = format!("{DISPLAY_COOKIE}={}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}", on.join("."));
    Ok(([(header::SET_COOKIE, line)], Redirect::to("/me")).into_response())
}

/// A page of an area: the permission it needs, its address, its term, what it shows.
type Tile = (&'static str, &'static str, &'static str, &'static str);

const COLLECTION: [Tile; 8] = [
    ("view.business", "/remittance", "汇缴", "清册核对、到账、入账，按管理部和状态"),
    ("view.business", "/receipts", "到账", "暂收认领、未分摊、退回"),
    ("view.business", "/employers", "缴存单位", "单位资料、比例、人员、清册、暂存"),
    ("view.business", "/members", "职工", "账户、明细、缴存月份、对账单"),
    ("view.business", "/cases", "业务记录", "按日、状态、业务和管理部查"),
    ("view.own", "/remittance", "汇缴", "本单位的清册、缴款和凭证"),
    ("view.own", "/cases?mine", "业务记录", "您录入的业务"),
    ("collection.opening.import", "/imports/opening", "导入", "期初、开户、清册、基数、到账，按模板"),
];

const ACCOUNTING: [Tile; 3] = [
    ("view.business", "/ledger", "总账余额", "任一日的科目余额，点开到明细"),
    ("view.business", "/vouchers", "凭证", "每张凭证到业务和银行流水"),
    ("accounting.period.close", "/cases/new/accounting.period.close", "月末结账", "关账后不再记入，须会计主管复核"),
];

const OPERATION: [Tile; 7] = [
    ("view.business", "/policy", "政策参数", "每个数字现在是多少、从哪天起、依据哪一条"),
    ("view.business", "/catalogue", "业务目录", "每项业务的栏位、流程、规则和不予受理的理由"),
    ("view.system", "/day-end", "日终", "打开下一营业日，按步骤结束今天"),
    ("view.system", "/users", "用户与角色", "开户、停用、一次性密码"),
    ("view.security", "/users", "用户与角色", "授权，须两名安全管理员"),
    ("view.security", "/sessions", "登录会话", "谁在哪里登录，可强制下线"),
    ("view.audit", "/audit", "审计", "全部记录、封签与校验"),
];

async fn collection(State(app): State<Arc<App>>, who: Who) -> Answer<Markup> {
    index(&app, &who, Area::Collection, "归集", &COLLECTION).await
}

async fn accounting(State(app): State<Arc<App>>, who: Who) -> Answer<Markup> {
    index(&app, &who, Area::Accounting, "会计", &ACCOUNTING).await
}

async fn operation(State(app): State<Arc<App>>, who: Who) -> Answer<Markup> {
    index(&app, &who, Area::Operation, "运行", &OPERATION).await
}

/// The first page of an area: what this person may open.
async fn index(app: &App, who: &Who, area: Area, name: &str, tiles: &[Tile]) -> Answer<Markup> {
    let frame = who.frame(app, area, &[(name, "")]).await?;
    let own: Vec<&Tile> = tiles.iter().filter(|(permission, ..)| who.actor.may(permission).is_some()).collect();
    Ok(frame.page(html! {
        (Title::new(name.to_owned()).context(html! { "只列您可看的" }).show())
        (Sheet::bare(html! {
            div.catalogue data-tabs {
                @for (n, (_, href, term, shows)) in own.iter().enumerate() {
                    a href=(href) { b { (term) } @if n < 6 { (cap(&(n + 1).to_string())) } small { (shows) } }
                }
            }
        }).flush().show())
    }))
}
