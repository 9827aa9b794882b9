//! A Chromium for tests: DevTools over a pipe, real mouse and key events, axe-core in the page.
//!
//! One [`Browser`] a test binary is plenty (starting one takes about a second); each journey opens its own [`Page`].
//! Every step waits by itself until its element is present, visible, enabled and still (no `aria-busy` around it), so a
//! journey needs no sleeps. A step that waits in vain panics and says what it looked for and what the page said instead.
//!
//! Left out on purpose: other browsers, recorded network traffic, pictures as a gate (they depend on fonts; goldens of
//! HTML are the gate). When no Chromium can be started the test fails with one sentence; it is never skipped.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use base64::Engine;
use serde_json::{Value, json};

/// axe-core 4.14.1 (MPL 2.0), vendored from npm, unchanged.
const AXE: &str = include_str!("../assets/axe-4.14.1.min.js");

/// How long a step waits for its element before the test fails.
const PATIENCE: Duration = Duration::from_secs(10);

/// Tells two user-data directories of one process apart.
static SERIAL: AtomicU32 = AtomicU32::new(0);

/// The in-page finder: resolves to the middle of the element once it can be used, or says what is in the way.
///
/// A target is a CSS selector, or `text=…` for the innermost element whose trimmed text is that or starts with it
/// (links, buttons, labels, summaries first).
const FINDER: &str = r#"(function (target) {
  function all(target) {
    if (!target.startsWith('text=')) return Array.from(document.querySelectorAll(target));
    const want = target.slice(5);
    const plain = e => (e.innerText || e.value || '').replace(/\s+/g, ' ').trim();
    const first = Array.from(document.querySelectorAll('a,button,summary,label,[role=tab],input[type=submit]'));
    const rest = Array.from(document.querySelectorAll('body *')).filter(e => !e.children.length);
    const list = first.concat(rest);
    return list.filter(e => plain(e) === want).concat(list.filter(e => plain(e).startsWith(want)));
  }
  const found = all(target);
  if (!found.length) return { why: 'nothing matches' };
  let why = 'no match is visible';
  for (const e of found) {
    const style = getComputedStyle(e);
    if (style.visibility === 'hidden' || style.display === 'none') continue;
    e.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    if (e.closest(':disabled,[aria-disabled=true]')) { why = 'it is disabled'; continue; }
    if (e.closest('[aria-busy=true]')) { why = 'it is busy'; continue; }
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    const top = document.elementFromPoint(x, y);
    if (top && top !== e && !e.contains(top) && !top.contains(e) && !(e.labels && Array.from(e.labels).some(l => l.contains(top)))) {
      why = 'covered by <' + top.tagName.toLowerCase() + ' class="' + top.className + '">'; continue;
    }
    return { x, y, focus: () => e.focus(), element: e };
  }
  return { why };
})"#;

/// A running Chromium without a window. It ends with this value.
pub struct Browser {
    child: Child,
    pipe: ChildStdin,
    inbox: Receiver<Value>,
    late: VecDeque<Value>,
    profile: PathBuf,
    next: u64,
}

impl Browser {
    /// Starts Chromium with a fresh profile and without any traffic of its own.
    ///
    /// # Panics
    /// When no Chromium is installed or it does not answer: a missing browser fails the test, it does not skip it.
    pub fn start() -> Browser {
        let program = ["chromium", "chromium-browser", "google-chrome"]
            .iter()
            .find(|name| on_path(name))
            .unwrap_or_else(|| panic!("No Chromium found; the browser tests need one: `apt-get install chromium fonts-noto-cjk`."));
        let profile = std::env::temp_dir().join(format!("anju-chromium-{}-{}", std::process::id(), SERIAL.fetch_add(1, Ordering::Relaxed)));
        let flags = [
            "--remote-debugging-pipe",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--force-color-profile=srgb",
            "--lang=zh-CN",
        ];
        // Chromium reads commands from descriptor 3 and answers on 4; a shell puts our two pipes there, so that no unsafe code
        // is needed between fork and exec.
        let mut child = Command::new("sh")
            .arg("-c")
            .arg(r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1"#)
            .arg(program)
            .args(flags)
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("Chromium ({program}) could not be started: {error}."));
        let pipe = child.stdin.take().expect("stdin was asked for");
        let answers = child.stdout.take().expect("stdout was asked for");
        let (send, inbox) = channel();
        std::thread::spawn(move || {
            let mut answers = BufReader::new(answers);
            let mut message = Vec::new();
            while answers.read_until(0, &mut message).is_ok_and(|n| n > 0) {
                message.pop();
                let Ok(value) = serde_json::from_slice(&message) else {
                    break;
                };
                if send.send(value).is_err() {
                    break;
                }
                message.clear();
            }
        });
        let mut browser = Browser { child, pipe, inbox, late: VecDeque::new(), profile, next: 0 };
        browser.call(None, "Browser.getVersion", json!({}));
        browser
    }

    /// Opens a page (a tab with cookies of its own) of the given width in CSS pixels.
    pub fn page(&mut self, width: u32) -> Page<'_> {
        let context = self.call(None, "Target.createBrowserContext", json!({}));
        let context = text(&context["browserContextId"]);
        let target = self.call(None, "Target.createTarget", json!({"url": "about:blank", "browserContextId": context}));
        let target = text(&target["targetId"]);
        let session = self.call(None, "Target.attachToTarget", json!({"targetId": target, "flatten": true}));
        let session = text(&session["sessionId"]);
        let mut page = Page { browser: self, session, context, width, complaints: Vec::new() };
        for domain in ["Page", "Runtime", "Log", "DOM", "Audits"] {
            page.call(&format!("{domain}.enable"), json!({}));
        }
        page.resize(width);
        page.media(Media::Bright);
        page
    }

    fn call(&mut self, session: Option<&str>, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        let mut message = json!({"id": id, "method": method, "params": params});
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.pipe.write_all(&bytes).unwrap_or_else(|error| panic!("Chromium is gone ({error}) at {method}."));
        let end = Instant::now() + PATIENCE * 3;
        loop {
            let answer = match self.inbox.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(answer) => answer,
                Err(RecvTimeoutError::Timeout) => panic!("Chromium did not answer {method}."),
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("Chromium ended during {method}; is it runnable here?")
                }
            };
            if answer["id"] == id {
                let said = text(&answer["error"]["message"]);
                // A question asked of a page that is just leaving has no answer; whoever waits asks the next page.
                if method == "Runtime.evaluate" && LEFT.iter().any(|left| said.contains(left)) {
                    return Value::Null;
                }
                assert!(answer["error"].is_null(), "Chromium refused {method}: {said}");
                return answer["result"].clone();
            }
            if answer["method"].is_string() {
                self.late.push_back(answer);
            }
        }
    }

    /// All events that have arrived so far.
    fn events(&mut self) -> Vec<Value> {
        self.late.extend(self.inbox.try_iter());
        self.late.drain(..).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.pipe.write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        let end = Instant::now() + Duration::from_secs(3);
        while Instant::now() < end && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

/// One tab with its own cookies. It closes with this value.
pub struct Page<'b> {
    browser: &'b mut Browser,
    session: String,
    context: String,
    width: u32,
    complaints: Vec<String>,
}

impl Page<'_> {
    /// Goes to an address and waits until the page and its resources are loaded.
    pub fn goto(&mut self, url: &str) {
        let answer = self.call("Page.navigate", json!({"url": url}));
        assert!(answer["errorText"].is_null(), "{url} did not open: {}", answer["errorText"]);
        self.until("the page to load", "document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    /// The address of the page as it is now.
    pub fn url(&mut self) -> String {
        text(&self.evaluate("location.href"))
    }

    /// Sets the width of the page in CSS pixels (height 900, or 844 below 500 px).
    pub fn resize(&mut self, width: u32) {
        self.width = width;
        let height = if width < 500 { 844 } else { 900 };
        self.call(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}),
        );
    }

    /// Answers media queries as a dark screen, a bright one or paper would.
    pub fn media(&mut self, media: Media) {
        let (medium, scheme) = match media {
            Media::Bright => ("screen", "light"),
            Media::Dark => ("screen", "dark"),
            Media::Print => ("print", "light"),
        };
        // No motion: a colour on its way to another would be measured as neither.
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]);
        self.call("Emulation.setEmulatedMedia", json!({"media": medium, "features": features}));
    }

    /// Switches the page's scripts on or off from the next navigation on: every page must work as plain HTML, too.
    pub fn scripts(&mut self, on: bool) {
        self.call("Emulation.setScriptExecutionDisabled", json!({"value": !on}));
    }

    /// Evaluates an expression (promises are awaited) and returns its JSON value.
    ///
    /// # Panics
    /// When the expression throws.
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let answer = self
            .call("Runtime.evaluate", json!({"expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true}));
        assert!(
            answer["exceptionDetails"].is_null(),
            "the page threw at {}: {}",
            expression.chars().take(120).collect::<String>(),
            answer["exceptionDetails"]["exception"]["description"]
        );
        answer["result"]["value"].clone()
    }

    /// Waits until a JavaScript expression is true.
    ///
    /// # Panics
    /// When it is still false after ten seconds; `what` is part of the sentence.
    pub fn until(&mut self, what: &str, expression: &str) {
        let end = Instant::now() + PATIENCE;
        loop {
            // A navigation can take the context away in the middle of a question: ask again.
            let answer = self.call("Runtime.evaluate", json!({"expression": format!("!!({expression})"), "returnByValue": true}));
            if answer["result"]["value"] == true {
                return;
            }
            assert!(Instant::now() < end, "waited in vain for {what} ({expression}); the page says:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until the page's visible text contains `words`.
    pub fn sees(&mut self, words: &str) {
        let quoted = Value::from(words).to_string();
        self.until(&format!("the words “{words}”"), &format!("document.body && document.body.innerText.includes({quoted})"));
    }

    /// Clicks the middle of an element (selector or `text=…`) with real mouse events.
    pub fn click(&mut self, target: &str) {
        let (x, y) = self.find(target);
        self.call("Input.dispatchMouseEvent", json!({"type": "mouseMoved", "x": x, "y": y}));
        for kind in ["mousePressed", "mouseReleased"] {
            self.call("Input.dispatchMouseEvent", json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}));
        }
    }

    /// Clicks into a field, replaces what it holds and types `words` as an input method would.
    pub fn fill(&mut self, target: &str, words: &str) {
        self.click(target);
        self.press("Control+a");
        self.press("Delete");
        self.insert(words);
    }

    /// Types into whatever has the focus, as an input method would.
    pub fn insert(&mut self, words: &str) {
        self.call("Input.insertText", json!({"text": words}));
    }

    /// Presses a key, with modifiers: `Enter`, `Escape`, `F8`, `g`, `?`, `Alt+p`, `Control+a`. Waits for a page that is still
    /// loading, whose scripts could not hear the key yet.
    pub fn press(&mut self, keys: &str) {
        self.until("the page to load", "document.readyState === 'complete'");
        let mut modifiers = 0;
        let mut key = keys;
        while let Some((modifier, rest)) = key.split_once('+').filter(|(m, rest)| !m.is_empty() && !rest.is_empty()) {
            modifiers |= match modifier {
                "Alt" => 1,
                "Control" => 2,
                "Shift" => 8,
                other => panic!("no modifier is called {other}"),
            };
            key = rest;
        }
        let code = virtual_key(key);
        let typed =
            (key.chars().count() == 1 && modifiers & 3 == 0).then(|| key.to_owned()).or_else(|| (key == "Enter").then(|| "\r".into()));
        let mut down = json!({"type": "keyDown", "key": key, "windowsVirtualKeyCode": code, "modifiers": modifiers});
        if let Some(typed) = typed {
            down["text"] = typed.into();
        }
        if modifiers == 2 && key == "a" {
            down["commands"] = json!(["selectAll"]);
        }
        self.call("Input.dispatchKeyEvent", down);
        self.call("Input.dispatchKeyEvent", json!({"type": "keyUp", "key": key, "windowsVirtualKeyCode": code, "modifiers": modifiers}));
    }

    /// Puts files into a file input, as a person would choose them.
    pub fn upload(&mut self, selector: &str, files: &[&Path]) {
        self.until(&format!("the file field {selector}"), &format!("document.querySelector({})", Value::from(selector)));
        let answer = self.call("Runtime.evaluate", json!({"expression": format!("document.querySelector({})", Value::from(selector))}));
        self.call("DOM.setFileInputFiles", json!({"files": files, "objectId": answer["result"]["objectId"]}));
    }

    /// The cookies of this page as Chromium tells them, so that a later page may go on with its session.
    pub fn cookies(&mut self) -> Value {
        self.call("Network.getCookies", json!({}))["cookies"].clone()
    }

    /// Goes on with the cookies of an earlier page.
    pub fn carry_on(&mut self, cookies: &Value) {
        self.call("Network.setCookies", json!({"cookies": cookies}));
    }

    /// The whole page as a PNG, at its present width.
    pub fn screenshot(&mut self) -> Vec<u8> {
        let metrics = self.call("Page.getLayoutMetrics", json!({}));
        let height = metrics["cssContentSize"]["height"].as_f64().unwrap_or(900.0).ceil();
        // The window grows first, so that sticky bars stand where a tall window would show them, once.
        self.call(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": self.width, "height": height, "deviceScaleFactor": 1, "mobile": self.width < 500}),
        );
        let picture = self.call("Page.captureScreenshot", json!({"format": "png"}));
        let width = self.width;
        self.resize(width);
        base64::engine::general_purpose::STANDARD.decode(text(&picture["data"])).expect("Chromium sends base64")
    }

    /// Runs axe-core over the page; one line a finding: rule, element, sentence. Empty is good.
    pub fn axe(&mut self) -> Vec<String> {
        self.axe_with("{resultTypes: ['violations']}")
    }

    /// Only the contrast of texts, for a second colour scheme of a page that [`Page::axe`] has seen whole.
    pub fn contrast(&mut self) -> Vec<String> {
        self.axe_with("{resultTypes: ['violations'], runOnly: ['color-contrast']}")
    }

    fn axe_with(&mut self, options: &str) -> Vec<String> {
        if self.evaluate("typeof axe") != "object" {
            self.call("Runtime.evaluate", json!({"expression": AXE}));
        }
        let found = self.evaluate(&format!(
            "axe.run(document, {options}).then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ' at ' + n.target.join(' ') + ': ' + \
             (n.failureSummary || v.help).replace(/\\s+/g, ' '))))"
        ));
        found.as_array().into_iter().flatten().map(text).collect()
    }

    /// Pixels by which the page is wider than its window (0: no sideways scrolling).
    pub fn overflow(&mut self) -> i64 {
        self.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth").as_i64().unwrap_or(0)
    }

    /// The page's accessibility tree as text, one node a line (`role "name"`), for goldens.
    pub fn tree(&mut self) -> String {
        self.call("Accessibility.enable", json!({}));
        let nodes = self.call("Accessibility.getFullAXTree", json!({}));
        let mut lines = String::new();
        for node in nodes["nodes"].as_array().into_iter().flatten() {
            let (role, name) = (text(&node["role"]["value"]), text(&node["name"]["value"]));
            if node["ignored"] == true || matches!(role.as_str(), "InlineTextBox" | "StaticText" | "generic" | "none") {
                continue;
            }
            lines += &if name.is_empty() { format!("{role}\n") } else { format!("{role} \"{name}\"\n") };
        }
        lines
    }

    /// Errors of the console, uncaught exceptions and violations of the content security policy since the last call.
    pub fn complaints(&mut self) -> Vec<String> {
        self.gather();
        std::mem::take(&mut self.complaints)
    }

    fn gather(&mut self) {
        for event in self.browser.events() {
            if event["sessionId"] != self.session.as_str() {
                continue;
            }
            let params = &event["params"];
            let said = match event["method"].as_str().unwrap_or_default() {
                "Runtime.exceptionThrown" => text(&params["exceptionDetails"]["exception"]["description"]),
                "Runtime.consoleAPICalled" if params["type"] == "error" => {
                    format!("console.error {}", params["args"])
                }
                "Log.entryAdded" if params["entry"]["level"] == "error" => {
                    format!("{} {}", text(&params["entry"]["text"]), text(&params["entry"]["url"]))
                }
                "Audits.issueAdded" if params["issue"]["code"] == "ContentSecurityPolicyIssue" => {
                    format!("CSP {}", params["issue"]["details"]["contentSecurityPolicyIssueDetails"])
                }
                _ => continue,
            };
            self.complaints.push(said);
        }
    }

    fn find(&mut self, target: &str) -> (f64, f64) {
        let end = Instant::now() + PATIENCE;
        let quoted = Value::from(target).to_string();
        loop {
            let answer = self.call(
                "Runtime.evaluate",
                json!({"expression": format!("(({FINDER})({quoted}))"), "returnByValue": true, "userGesture": true}),
            );
            let found = &answer["result"]["value"];
            if let (Some(x), Some(y)) = (found["x"].as_f64(), found["y"].as_f64()) {
                return (x, y);
            }
            assert!(Instant::now() < end, "`{target}` cannot be used ({}); the page says:\n{}", text(&found["why"]), self.said());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The beginning of the visible text, for the sentences of a failure.
    fn said(&mut self) -> String {
        let answer = self.call("Runtime.evaluate", json!({"expression": "location.href + '\\n' + document.body.innerText.slice(0, 1500)"}));
        text(&answer["result"]["value"])
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        let session = self.session.clone();
        self.browser.call(Some(&session), method, params)
    }
}

impl Drop for Page<'_> {
    fn drop(&mut self) {
        // A panicking test may have lost its browser already; a second panic here would hide the first.
        if !std::thread::panicking() {
            let context = self.context.clone();
            self.browser.call(None, "Target.disposeBrowserContext", json!({"browserContextId": context}));
        }
    }
}

/// What Chromium says when a page was left in the middle of a question.
const LEFT: [&str; 3] =
    ["Inspected target navigated or closed", "Execution context was destroyed", "Cannot find context with specified id"];

/// What the page believes to be shown on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// A screen in its bright colours.
    Bright,
    /// A screen that asks for dark colours.
    Dark,
    /// Paper.
    Print,
}

fn on_path(name: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Windows' virtual key codes, by which Chromium names keys.
fn virtual_key(key: &str) -> u32 {
    match key {
        "Enter" => 13,
        "Escape" => 27,
        "Tab" => 9,
        "Backspace" => 8,
        "Delete" => 46,
        "ArrowLeft" => 37,
        "ArrowUp" => 38,
        "ArrowRight" => 39,
        "ArrowDown" => 40,
        "/" => 191,
        "?" => 191,
        "[" => 219,
        "]" => 221,
        _ => match key.strip_prefix('F').and_then(|n| n.parse::<u32>().ok()) {
            Some(n) if n <= 12 => 111 + n,
            _ => key.chars().next().map_or(0, |c| c.to_ascii_uppercase() as u32),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journey_on_a_page_made_here() {
        let folder = std::env::temp_dir().join(format!("anju-page-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let file = folder.join("page.html");
        std::fs::write(
            &file,
            "<!DOCTYPE html><html lang=zh><title>试</title><main><h1>试</h1><label>金额 <input id=a></label>\
             <button onclick=\"setTimeout(() => document.querySelector('#b').disabled = false, 50)\">先按</button>\
             <button id=b disabled onclick=\"document.querySelector('output').textContent = document.querySelector('#a').value\">后按</button>\
             <input type=file aria-label=材料><output></output></main>",
        )
        .expect("the page");
        let mut browser = Browser::start();
        let mut page = browser.page(390);
        page.goto(&format!("file://{}", file.display()));
        page.fill("#a", "18,600.00");
        page.click("text=先按");
        page.click("#b");
        page.sees("18,600.00");
        page.upload("input[type=file]", &[&file]);
        assert_eq!(page.evaluate("document.querySelector('[type=file]').files[0].name"), "page.html");
        assert_eq!(page.axe(), Vec::<String>::new());
        assert_eq!(page.overflow(), 0);
        assert!(page.screenshot().starts_with(b"\x89PNG"));
        assert!(page.tree().contains("heading \"试\""));
        assert_eq!(page.complaints(), Vec::<String>::new());
        page.evaluate("console.error('x')");
        assert_eq!(page.complaints().len(), 1);
        drop(page);
        drop(browser);
        std::fs::remove_dir_all(folder).expect("the folder is ours");
    }
}
