//! The door (入口): what every request passes before its handler and every answer after it.
//!
//! In: a request id, the address, the check that a writing request comes from our own pages (`Sec-Fetch-Site`, else `Origin`),
//! the session of the cookie. Out: the content security policy and its companions, `no-store`, and pages for what did not go
//! ([`Fault`]) drawn in the frame of whoever asked. Files of [`assets`] and `/healthz` pass without a session.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use shell_pipeline::Origin;
use shell_pipeline::people::{Ended, PeopleError, Session};
use zeroize::Zeroizing;

use crate::app::App;
use crate::assets;
use crate::fault::{self, Fault};
use crate::packed;

/// Who asks, before anything is decided about it.
#[derive(Clone)]
pub struct Visit {
    /// Time, address and id of the request, for audit.
    pub origin: Origin,
    /// The session of the cookie.
    pub session: Option<Session>,
    /// Its token.
    pub token: Option<Arc<Zeroizing<String>>>,
    /// Why the session of the cookie does not count.
    pub ended: Option<Ended>,
    /// Program of the browser, for the list of sessions.
    pub agent: String,
    /// How the person wants pages drawn.
    pub display: Display,
    /// Path and query asked for.
    pub path: String,
}

/// How pages are drawn for one person (显示方式), kept in a cookie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Display {
    /// Compact rows.
    pub compact: bool,
    /// Type at 125 %.
    pub large: bool,
}

/// Name of the session cookie. Without TLS browsers refuse `__Host-`, so the plain name says what it is.
pub fn session_cookie(tls: bool) -> &'static str {
    if tls { "__Host-anju-session" } else { "anju-loopback-session" }
}

/// Name of the cookie between the two steps of a sign-in.
pub fn gate_cookie(tls: bool) -> &'static str {
    if tls { "__Host-anju-gate" } else { "anju-loopback-gate" }
}

/// Name of the cookie of [`Display`].
pub const DISPLAY_COOKIE: &str = "anju-display";

/// The value of a cookie.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('=')).find(|(n, _)| *n == name).map(|(_, v)| v)
}

/// `Set-Cookie` for a secret that scripts cannot read; an empty value takes it away.
pub fn set_cookie(tls: bool, name: &str, value: &str) -> String {
    let secure = if tls { "; Secure" } else { "" };
    let over = if value.is_empty() { "; Max-Age=0" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{over}")
}

/// Every request.
pub async fn door(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/assets/") || path == "/healthz" {
        let mut answer = next.run(request).await;
        guard(answer.headers_mut(), app.settings.tls, false);
        return answer;
    }
    if path.starts_with("/api/") {
        // Machines bring a token, no cookie: nothing a foreign page could borrow, and answers are JSON, not pages.
        let mut answer = next.run(request).await;
        guard(answer.headers_mut(), app.settings.tls, true);
        return answer;
    }
    let (mut parts, body) = request.into_parts();
    let (visit, outage) = visit(&app, &parts).await;
    let ours = packed::is_ours(&parts.headers);
    let origin = visit.origin.clone();
    let framed = visit.clone();
    let answer = if let Some(fault) = outage {
        fault.into_response()
    } else if writes(&parts.method) && foreign(&parts.headers) {
        Fault::Foreign.into_response()
    } else {
        parts.extensions.insert(visit);
        next.run(Request::from_parts(parts, body)).await
    };
    let mut answer = fault::drawn(&app, &framed, answer).await;
    guard(answer.headers_mut(), app.settings.tls, true);
    packed::keep_length(ours, &mut answer);
    if let Ok(id) = HeaderValue::from_str(&origin.request) {
        answer.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    answer
}

async fn visit(app: &App, parts: &Parts) -> (Visit, Option<Fault>) {
    let headers = &parts.headers;
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or("unknown".to_owned(), |c| c.0.ip().to_string());
    let mut origin = Origin::local(&address);
    origin.request = request_id(origin.now);
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default().chars().take(200).collect();
    let shown = cookie(headers, DISPLAY_COOKIE).unwrap_or_default();
    let display = Display { compact: shown.contains("compact"), large: shown.contains("large") };
    let path = parts.uri.path_and_query().map_or("/", |p| p.as_str()).to_owned();
    let mut visit = Visit { origin, session: None, token: None, ended: None, agent, display, path };
    let Some(token) = cookie(headers, session_cookie(app.settings.tls)).filter(|t| !t.is_empty()).map(|t| Zeroizing::new(t.to_owned()))
    else {
        return (visit, None);
    };
    match app.centre.session(&visit.origin, &token).await {
        Ok(session) => {
            visit.session = Some(session);
            visit.token = Some(Arc::new(token));
            (visit, None)
        }
        Err(PeopleError::NoSession(why)) => {
            visit.ended = Some(why);
            (visit, None)
        }
        Err(other) => (visit, Some(Fault::from(other))),
    }
}

fn writes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether a browser says that the request began on somebody else's page. Programs that say nothing have no cookies to abuse.
fn foreign(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    match text(HeaderName::from_static("sec-fetch-site")) {
        Some(site) => !matches!(site, "same-origin" | "none"),
        None => match (text(header::ORIGIN), text(header::HOST)) {
            (Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, from)| from != host),
            _ => false,
        },
    }
}

/// Unique in this process, and told apart from another's by the second it began.
fn request_id(now: i64) -> String {
    static SERIAL: AtomicU64 = AtomicU64::new(0);
    format!("{now:x}-{:x}-{:x}", std::process::id(), SERIAL.fetch_add(1, Ordering::Relaxed))
}

fn guard(headers: &mut HeaderMap, tls: bool, private: bool) {
    let mut put = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(header::CONTENT_SECURITY_POLICY, assets::POLICY);
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::REFERRER_POLICY, "same-origin");
    put(header::X_FRAME_OPTIONS, "DENY");
    put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    put(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    put(HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    if private {
        put(header::CACHE_CONTROL, "no-store");
    }
    if tls {
        put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (n.parse::<HeaderName>().expect("a name"), v.parse().expect("a value"))).collect()
    }

    #[test]
    fn a_writing_request_from_another_page_is_foreign() {
        let table: [(&[(&str, &str)], bool); 6] = [
            (&[("sec-fetch-site", "same-origin"), ("origin", "http://elsewhere")], false),
            (&[("sec-fetch-site", "cross-site")], true),
            (&[("sec-fetch-site", "same-site")], true),
            (&[("origin", "http://127.0.0.1:4510"), ("host", "127.0.0.1:4510")], false),
            (&[("origin", "null"), ("host", "127.0.0.1:4510")], true),
            (&[("host", "127.0.0.1:4510")], false),
        ];
        for (pairs, expected) in table {
            assert_eq!(foreign(&headers(pairs)), expected, "{pairs:?}");
        }
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let one = headers(&[("cookie", "a=1; anju-loopback-session=ab12; b=2")]);
        assert_eq!(cookie(&one, session_cookie(false)), Some("ab12"));
        assert_eq!(cookie(&one, "anju"), None);
        assert!(set_cookie(true, session_cookie(true), "x").contains("Secure"));
        assert!(set_cookie(false, session_cookie(false), "").contains("Max-Age=0"));
    }
}
