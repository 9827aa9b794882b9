//! 登录 The way in and out: number and password, then the second factor; first sign-in; signing out.
//!
//! Both factors are judged together (handbook 12 §1 point 3), so the password waits in memory until the code comes: at most five
//! minutes, wiped afterwards, under a random cookie. Whoever signs in for the first time has no second factor yet and uses the
//! one-time password alone; the session that opens can only change it and enrol.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::Markup;
use shell_pipeline::people::{Enrolment, PeopleError, SignedIn};
use shell_vault::SystemEntropy;
use shell_vault::token::Token;
use zeroize::Zeroizing;

use crate::app::App;
use crate::door::{Visit, cookie, gate_cookie, session_cookie, set_cookie};
use crate::fault::{Answer, Fault};
use crate::posted::{Asked, Fields, same};
use crate::ui::gate::Gate;
use crate::ui::problems::Problem;
use crate::ui::{Fact, Text};
use crate::views::second_factor::{self as factor_view, SecondFactor, Shown};
use crate::views::sign_in::{self as view, Known, SignIn, Step};
use crate::who::{Who, form_token};
use crate::words;

/// So long does a password wait for its code.
const PATIENCE: i64 = 300;

/// So many sign-ins wait at once; more than any centre's morning.
const MOST: usize = 2_000;

/// Sign-ins and enrolments between two requests (登录途中). In memory only.
#[derive(Default)]
pub(crate) struct Gates {
    waiting: Mutex<HashMap<String, Pending>>,
    enrolling: Mutex<HashMap<String, (i64, Arc<Enrolment>)>>,
}

struct Pending {
    login: String,
    password: Zeroizing<String>,
    back: String,
    since: i64,
}

impl Gates {
    fn wait(&self, key: String, pending: Pending) {
        let mut waiting = self.waiting.lock().unwrap_or_else(|p| p.into_inner());
        let now = pending.since;
        waiting.retain(|_, p| now - p.since < PATIENCE);
        if waiting.len() < MOST {
            waiting.insert(key, pending);
        }
    }

    fn login(&self, key: &str, now: i64) -> Option<String> {
        let waiting = self.waiting.lock().unwrap_or_else(|p| p.into_inner());
        waiting.get(key).filter(|p| now - p.since < PATIENCE).map(|p| p.login.clone())
    }

    fn take(&self, key: &str, now: i64) -> Option<Pending> {
        let mut waiting = self.waiting.lock().unwrap_or_else(|p| p.into_inner());
        waiting.remove(key).filter(|p| now - p.since < PATIENCE)
    }

    fn enrolment(&self, key: &str, now: i64) -> Option<Arc<Enrolment>> {
        let enrolling = self.enrolling.lock().unwrap_or_else(|p| p.into_inner());
        enrolling.get(key).filter(|(since, _)| now - since < PATIENCE).map(|(_, e)| e.clone())
    }

    fn enrol(&self, key: String, now: i64, enrolment: Arc<Enrolment>) {
        let mut enrolling = self.enrolling.lock().unwrap_or_else(|p| p.into_inner());
        enrolling.retain(|_, (since, _)| now - *since < PATIENCE);
        enrolling.insert(key, (now, enrolment));
    }

    fn enrolled(&self, key: &str) {
        self.enrolling.lock().unwrap_or_else(|p| p.into_inner()).remove(key);
    }
}

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/sign-in", get(first_step).post(password))
        .route("/sign-in/code", get(second_step).post(code))
        .route("/sign-in/new-password", get(new_password).post(change_password))
        .route("/sign-in/second-factor", get(second_factor).post(enrol))
        .route("/sign-out", post(sign_out))
}

fn gate(app: &App, title: &'static str) -> Gate {
    let centre = &app.centre;
    let day = centre.day();
    let mut facts = vec![Fact::new("营业日", format!("{day}　{}", words::day_words(day).rsplit(' ').next().unwrap_or_default()))];
    if centre.about.demonstration {
        facts.push(Fact::new("演示方式", "人员、单位、金额都是虚构的，只在本机可见"));
    }
    Gate { title: title.into(), centre: centre.about.name.clone().into(), facts }
}

/// The rules of locking, as the page tells them.
fn tries(app: &App) -> Text {
    let number = |name: &str| app.centre.setting::<i64>(&format!("administration.security.{name}"));
    match (number("lock_failures"), number("lock_minutes"), number("session_idle")) {
        (Ok(failures), Ok(minutes), Ok(idle)) => format!("连续 {failures} 次不符，锁定 {minutes} 分钟。闲置 {idle} 分钟自动退出。").into(),
        _ => "".into(),
    }
}

fn problem(sentence: impl Into<Text>) -> Vec<Problem> {
    vec![words::told(sentence)]
}

/// The cookie of this browser's gate, made if there is none; with it, the header that sets it.
fn gate_key(app: &App, headers: &HeaderMap) -> Result<(String, Option<String>), Fault> {
    let name = gate_cookie(app.settings.tls);
    match cookie(headers, name).filter(|v| Token::parse(v).is_some()) {
        Some(known) => Ok((known.to_owned(), None)),
        None => {
            let token = Token::generate(&mut SystemEntropy::new()).map_err(|e| Fault::Broken(e.to_string()))?.reveal();
            let line = set_cookie(app.settings.tls, name, &token);
            Ok((token.to_string(), Some(line)))
        }
    }
}

fn with_cookies(mut answer: Response, cookies: impl IntoIterator<Item = String>) -> Response {
    for line in cookies {
        if let Ok(value) = HeaderValue::from_str(&line) {
            answer.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    answer
}

/// A path of ours to come back to; anything else is the workbench.
fn back(path: &str) -> &str {
    let ours = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']) && !path.starts_with("/sign");
    if ours { path } else { "/" }
}

async fn first_step(State(app): State<Arc<App>>, Extension(visit): Extension<Visit>, headers: HeaderMap, asked: Asked) -> Answer {
    if visit.session.as_ref().is_some_and(|s| !s.restricted()) && !asked.has("first") {
        return Ok(Redirect::to("/").into_response());
    }
    let problems = visit.ended.as_ref().filter(|e| !matches!(e, shell_pipeline::people::Ended::Unknown)).map(|e| problem(e.to_string()));
    let step = if asked.has("first") { Step::First } else { Step::Password };
    first_page(&app, &headers, step, problems.unwrap_or_default(), "", back(asked.get("back")))
}

fn first_page(app: &App, headers: &HeaderMap, step: Step, problems: Vec<Problem>, typed: &str, back: &str) -> Answer {
    let (key, set) = gate_key(app, headers)?;
    let page = view::page(
        &gate(app, "登录"),
        &SignIn {
            step,
            problems,
            tries: tries(app),
            typed: typed.to_owned().into(),
            form_token: form_token(&key).into(),
            back: if back == "/" { "".into() } else { back.to_owned().into() },
        },
    );
    Ok(with_cookies(page.into_response(), set))
}

/// Reads a form of the gate: its token belongs to the gate's cookie.
async fn gate_form(app: &App, request: Request) -> Result<(String, Fields, HeaderMap), Fault> {
    let headers = request.headers().clone();
    let key = cookie(&headers, gate_cookie(app.settings.tls)).unwrap_or_default().to_owned();
    let form = Fields::read(request).await?;
    if key.is_empty() || !same(form.get("form_token"), &form_token(&key)) {
        return Err(Fault::SignIn);
    }
    Ok((key, form, headers))
}

async fn password(State(app): State<Arc<App>>, Extension(visit): Extension<Visit>, request: Request) -> Answer {
    let (key, form, headers) = gate_form(&app, request).await?;
    let (login, password) = (form.get("number").to_owned(), Zeroizing::new(form.raw("password").to_owned()));
    let first = form.get("first") == "yes";
    if login.is_empty() || password.is_empty() {
        let step = if first { Step::First } else { Step::Password };
        return first_page(&app, &headers, step, problem("工号和密码都要填写。"), &login, back(form.get("back")));
    }
    if first {
        return match app.centre.sign_in(&visit.origin, &login, &password, "", &visit.agent).await {
            Ok(signed_in) => Ok(enter(&app, signed_in, "/")),
            Err(e) => {
                let problems = not_signed_in(e)?;
                first_page(&app, &headers, Step::First, problems, &login, "/")
            }
        };
    }
    let back = back(form.get("back")).to_owned();
    app.gates.wait(key, Pending { login, password, back, since: visit.origin.now });
    Ok(Redirect::to("/sign-in/code").into_response())
}

/// What the page says about a refused sign-in; other errors stay errors.
fn not_signed_in(e: PeopleError) -> Result<Vec<Problem>, Fault> {
    match e {
        PeopleError::Wrong | PeopleError::Locked { .. } | PeopleError::Moved => Ok(problem(e.to_string())),
        other => Err(other.into()),
    }
}

async fn second_step(State(app): State<Arc<App>>, Extension(visit): Extension<Visit>, headers: HeaderMap) -> Answer {
    let key = cookie(&headers, gate_cookie(app.settings.tls)).unwrap_or_default().to_owned();
    let Some(login) = app.gates.login(&key, visit.origin.now) else { return Ok(Redirect::to("/sign-in").into_response()) };
    Ok(code_page(&app, &visit, &key, &login).await.into_response())
}

async fn code_page(app: &App, visit: &Visit, key: &str, login: &str) -> Markup {
    let demo_code = match app.centre.demonstration_code(login, visit.origin.now).await {
        Ok(code) if code.wait > 0 => Some(format!("{}（{} 秒后可用）", code.code, code.wait).into()),
        Ok(code) => Some(code.code.into()),
        Err(_) => None,
    };
    let known = Known {
        name: login.to_owned().into(),
        number: login.to_owned().into(),
        context: "密码与动态口令一起核对".into(),
        last: "".into(),
        demo_code,
        still: None,
    };
    view::page(
        &gate(app, "输入动态口令"),
        &SignIn {
            step: Step::Code(known),
            problems: Vec::new(),
            tries: tries(app),
            typed: "".into(),
            form_token: form_token(key).into(),
            back: "".into(),
        },
    )
}

async fn code(State(app): State<Arc<App>>, Extension(visit): Extension<Visit>, request: Request) -> Answer {
    let (key, form, headers) = gate_form(&app, request).await?;
    let Some(pending) = app.gates.take(&key, visit.origin.now) else { return Ok(Redirect::to("/sign-in").into_response()) };
    let code: String = form.get("code").chars().filter(|c| !c.is_whitespace()).collect();
    match app.centre.sign_in(&visit.origin, &pending.login, &pending.password, &code, &visit.agent).await {
        Ok(signed_in) => Ok(enter(&app, signed_in, &pending.back)),
        Err(e) => first_page(&app, &headers, Step::Password, not_signed_in(e)?, &pending.login, &pending.back),
    }
}

/// Hands the session to the browser and takes the gate's cookie away.
fn enter(app: &App, signed_in: SignedIn, to: &str) -> Response {
    let tls = app.settings.tls;
    let cookies = [set_cookie(tls, session_cookie(tls), &signed_in.token), set_cookie(tls, gate_cookie(tls), "")];
    let session = &signed_in.session;
    let to = if session.must_change_password {
        "/sign-in/new-password"
    } else if session.must_enrol_totp {
        "/sign-in/second-factor"
    } else {
        to
    };
    with_cookies(Redirect::to(to).into_response(), cookies)
}

async fn new_password(State(app): State<Arc<App>>, Extension(visit): Extension<Visit>) -> Answer<Markup> {
    let who = Who::of(&visit)?;
    Ok(password_page(&app, &who, Vec::new()))
}

fn password_page(app: &App, who: &Who, problems: Vec<Problem>) -> Markup {
    let why = if who.session.must_change_password { "一次性密码或密码已到期" } else { "修改密码" };
    let known = Known {
        name: who.actor.name.clone().into(),
        number: who.actor.login.clone().into(),
        context: why.into(),
        last: "".into(),
        demo_code: None,
        still: None,
    };
    view::page(
        &gate(app, "换成自己的密码"),
        &SignIn {
            step: Step::NewPassword(known),
            problems,
            tries: "".into(),
            typed: "".into(),
            form_token: who.form_token.clone().into(),
            back: "".into(),
        },
    )
}

/// A form of somebody whose session may be restricted.
async fn own_form(visit: &Visit, request: Request) -> Result<(Who, Fields), Fault> {
    let who = Who::of(visit)?;
    let form = Fields::read(request).await?;
    if same(form.get("form_token"), &who.form_token) { Ok((who, form)) } else { Err(Fault::Forged) }
}

async fn change_password(State(app): State<Arc<App>>, Extension(visit): Extension<Visit>, request: Request) -> Answer {
    let (who, form) = own_form(&visit, request).await?;
    let (current, new) = (Zeroizing::new(form.raw("password").to_owned()), Zeroizing::new(form.raw("new_password").to_owned()));
    if *new != form.raw("again") {
        return Ok(password_page(&app, &who, problem("两次输入的新密码不一样。")).into_response());
    }
    match app.centre.change_password(&who.origin, &who.token, &current, &new).await {
        Ok(signed_in) => Ok(enter(&app, signed_in, "/")),
        Err(PeopleError::Password(broken)) => {
            let problems = broken.iter().map(|p| words::told(p.to_string())).collect();
            Ok(password_page(&app, &who, problems).into_response())
        }
        Err(e @ (PeopleError::WrongPassword | PeopleError::Locked { .. } | PeopleError::Moved)) => {
            Ok(password_page(&app, &who, problem(e.to_string())).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

fn factor_page(app: &App, who: &Who, shown: Option<Shown>, problems: Vec<Problem>) -> Markup {
    let view = SecondFactor { name: who.actor.name.clone().into(), shown, problems, form_token: who.form_token.clone().into() };
    factor_view::page(&gate(app, "启用动态口令"), &view)
}

fn shown(enrolment: &Enrolment) -> Result<Shown, Fault> {
    let code = qrcode::QrCode::new(enrolment.uri.as_bytes()).map_err(|e| Fault::Broken(e.to_string()))?;
    let squares = code.to_colors().chunks(code.width()).map(|row| row.iter().map(|c| *c == qrcode::Color::Dark).collect()).collect();
    let letters: Vec<char> = enrolment.secret.chars().collect();
    let secret = letters.chunks(4).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join(" ");
    Ok(Shown { squares, secret: secret.into(), uri: enrolment.uri.to_string().into() })
}

async fn second_factor(State(app): State<Arc<App>>, Extension(visit): Extension<Visit>) -> Answer {
    let who = Who::of(&visit)?;
    if !who.session.must_enrol_totp {
        return Ok(Redirect::to("/").into_response());
    }
    Ok(factor_page(&app, &who, None, Vec::new()).into_response())
}

async fn enrol(State(app): State<Arc<App>>, Extension(visit): Extension<Visit>, request: Request) -> Answer {
    let (who, form) = own_form(&visit, request).await?;
    let now = who.origin.now;
    let known = app.gates.enrolment(&who.token, now);
    let Some(enrolment) = known.filter(|_| form.get("do") == "confirm") else {
        let begun = Arc::new(app.centre.enrol_totp(&who.origin, &who.token).await?);
        app.gates.enrol(who.token.to_string(), now, begun.clone());
        return Ok(factor_page(&app, &who, Some(shown(&begun)?), Vec::new()).into_response());
    };
    let code: String = form.get("code").chars().filter(|c| !c.is_whitespace()).collect();
    match app.centre.confirm_totp(&who.origin, &who.token, &code).await {
        Ok(session) => {
            app.gates.enrolled(&who.token);
            Ok(Redirect::to(if session.must_change_password { "/sign-in/new-password" } else { "/" }).into_response())
        }
        Err(e @ PeopleError::WrongCode) => Ok(factor_page(&app, &who, Some(shown(&enrolment)?), problem(e.to_string())).into_response()),
        Err(other) => Err(other.into()),
    }
}

async fn sign_out(State(app): State<Arc<App>>, Extension(visit): Extension<Visit>, request: Request) -> Answer {
    let (who, _) = own_form(&visit, request).await?;
    match app.centre.sign_out(&who.origin, &who.token).await {
        Ok(()) | Err(PeopleError::NoSession(_)) => {}
        Err(other) => return Err(other.into()),
    }
    let tls = app.settings.tls;
    Ok(with_cookies(Redirect::to("/sign-in").into_response(), [set_cookie(tls, session_cookie(tls), "")]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_comes_back_to_our_own_pages_only() {
        for (path, expected) in
            [("/cases/1", "/cases/1"), ("//elsewhere", "/"), ("https://elsewhere", "/"), ("/sign-out", "/"), ("", "/"), ("/a\\b", "/")]
        {
            assert_eq!(back(path), expected, "{path}");
        }
    }

    #[test]
    fn a_password_waits_five_minutes_and_is_taken_once() {
        let gates = Gates::default();
        let pending = |since| Pending { login: "a".into(), password: Zeroizing::new("p".into()), back: "/".into(), since };
        gates.wait("k".into(), pending(0));
        assert_eq!(gates.login("k", 299).as_deref(), Some("a"));
        assert!(gates.login("k", 300).is_none());
        assert!(gates.take("k", 10).is_some() && gates.take("k", 10).is_none());
    }
}
