//! Every sample page in a real browser: no finding of axe, no complaint of the console or the content security policy, nothing
//! wider than the window; bright and dark, at a desk and on a phone. With `ANJU_PICTURES=DIR` the pages are also saved as pictures.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use shell_web::ui::progress::Progress;
use shell_web::{assets, design};
use testkit::browser::{Browser, Media};
use testkit::look;

/// How often the page of the running work was asked for.
static ASKED: AtomicU32 = AtomicU32::new(0);

/// A page with running work: at first a bar that listens, afterwards its outcome.
fn running() -> String {
    let progress = Progress { events: "/events".into(), done: 0, total: 38, words: "开始".into() };
    let asked = ASKED.fetch_add(1, Ordering::Relaxed);
    let head = assets::SCRIPTS
        .iter()
        .filter(|script| script.href.contains("progress"))
        .map(|script| format!("<script src=\"{}\" defer></script>", script.href))
        .collect::<String>();
    let body = if asked == 0 { progress.show("入账").into_string() } else { "入账完成".to_owned() };
    format!("<!DOCTYPE html><html lang=\"zh-CN\"><title>后台</title>{head}<main>{body}</main></html>")
}

async fn answer(request: Request) -> Response {
    let path = request.uri().path();
    if path == "/running" {
        let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, assets::POLICY)];
        return (headers, running()).into_response();
    }
    if path == "/events" {
        let events = "data: {\"done\": 31, \"total\": 38, \"text\": \"31 户\", \"end\": false}\n\ndata: {\"done\": 38, \"total\": 38, \"text\": \"38 户\", \"end\": true}\n\n";
        return ([(header::CONTENT_TYPE, "text/event-stream")], events).into_response();
    }
    if let Some(asset) = assets::find(path) {
        return ([(header::CONTENT_TYPE, asset.mime)], asset.body.clone()).into_response();
    }
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, assets::POLICY)];
    match design::show(path) {
        Some(page) => (headers, page.into_string()).into_response(),
        None if path.starts_with("/design") => StatusCode::NOT_FOUND.into_response(),
        // Where the sample pages' links lead: some page, so that a journey can see that it left.
        None => (headers, "<!DOCTYPE html><html lang=\"zh-CN\"><title>别处</title>").into_response(),
    }
}

/// Serves the design pages from a thread of its own, until the test ends.
fn serve() -> SocketAddr {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            tell.send(listener.local_addr().expect("an address")).expect("the test waits");
            axum::serve(listener, Router::new().fallback(answer)).await.expect("serving");
        });
    });
    told.recv().expect("the server starts")
}

#[test]
fn every_page_is_sound_at_a_desk_on_a_phone_and_in_the_dark() {
    let address = serve();
    let only = std::env::var("ANJU_ONLY").unwrap_or_default();
    let mut browser = Browser::start();
    let mut found = Vec::new();
    let mut page = browser.page(1440);
    for name in std::iter::once("").chain(design::PAGES.iter().map(|page| page.name)) {
        if !only.is_empty() && !only.split(',').any(|one| one == name) {
            continue;
        }
        page.resize(1440);
        page.media(Media::Bright);
        page.goto(&format!("http://{address}/design/{name}"));
        let name = if name.is_empty() { "design" } else { name };
        found.extend(look::at(&mut page, name, 1440, Media::Dark));
        found.extend(look::both(&mut page, name));
        look::printed(&mut page, name);
    }
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}

#[test]
fn keys_walk_open_and_submit_without_a_mouse() {
    let address = serve();
    let mut browser = Browser::start();
    let mut page = browser.page(1440);
    page.goto(&format!("http://{address}/design/workbench"));
    page.press("j");
    page.press("k");
    assert_eq!(page.evaluate("document.querySelectorAll('.at').length"), 1);
    page.press("/");
    page.until("the search to have the focus", "document.activeElement.matches('[data-search]')");
    page.press("j");
    assert_eq!(page.evaluate("document.activeElement.value"), "j", "single letters rest in a field");
    page.press("Escape");
    page.press("?");
    page.until("the key help", "document.getElementById('keys').open");
    page.press("Escape");
    page.until("the key help to close", "!document.getElementById('keys').open");
    page.press("g");
    page.press("j");
    page.until("the collection area", "location.pathname === '/collection'");

    page.goto(&format!("http://{address}/design/case-form"));
    page.until("the summary to have the focus", "document.activeElement.matches('.problems')");
    page.press("F8");
    page.until("the first problem", "document.activeElement.textContent.includes('18,600.00')");
    page.press("Enter");
    page.until("its field", "document.activeElement.id === 'field-amount'");
    page.press("Alt+d");
    page.until("the form to be sent", "location.pathname === '/cases/new/withdrawal.rent'");

    page.goto(&format!("http://{address}/design/member"));
    page.press("2");
    page.until("the second tab", "location.search === '?tab=withdrawals'");
    page.press("Escape");
    page.until("the drawer to close", "location.search === ''");
}

#[test]
fn running_work_shows_its_outcome_when_it_ends() {
    let address = serve();
    let mut browser = Browser::start();
    let mut page = browser.page(390);
    page.goto(&format!("http://{address}/running"));
    page.sees("入账完成");
    assert_eq!(page.complaints(), Vec::<String>::new());
}

#[test]
fn pages_work_without_script() {
    let address = serve();
    let mut browser = Browser::start();
    let mut page = browser.page(1440);
    page.scripts(false);
    page.goto(&format!("http://{address}/design/case-form"));
    page.click("text=提取金额 18,600.00 元");
    page.until("the field to be reached", "location.hash === '#field-amount'");
    page.fill("#field-amount", "18,000.00");
    page.click("text=提交复核");
    page.until("the form to be sent", "location.pathname === '/cases/new/withdrawal.rent'");
    page.goto(&format!("http://{address}/design/member"));
    page.click("text=关闭");
    page.until("the drawer to close", "location.search === ''");
}
