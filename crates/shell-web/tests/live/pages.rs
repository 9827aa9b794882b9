//! Every page of this half of the server: no finding of axe, no complaint of the console or the content security policy,
//! nothing wider than the window, at a desk and on a phone; a dozen of them with their accessibility trees kept.

use testkit::browser::{Browser, Page};
use testkit::{golden, look};

use crate::bed::Bed;

/// Name, address, and whether the accessibility tree is kept.
type Look = (&'static str, &'static str, bool);

/// Who looks at what.
const LOOKS: &[(&str, &[Look])] = &[
    (
        "clerk1",
        &[
            ("workbench", "/", false),
            ("catalogue", "/catalogue", true),
            ("catalogue-one", "/catalogue/collection.employer.open", true),
            ("case-form", "/cases/new/collection.employer.open", true),
            ("case-form-rows", "/cases/new/collection.receipt.split", true),
            ("cases", "/cases", false),
            ("cases-mine", "/cases?mine", false),
            ("cases-refused", "/cases?state=refused", false),
            ("search", "/search?q=没有这家单位", false),
            ("search-empty", "/search", true),
            ("policy", "/policy", true),
            ("policy-family", "/policy/collection.base_cap", true),
            ("me", "/me", true),
            ("new-password", "/sign-in/new-password", false),
            ("operation", "/operation", true),
            ("collection", "/collection", true),
            ("accounting", "/accounting", true),
            ("not-allowed", "/audit", true),
            ("not-found", "/nowhere", true),
        ],
    ),
    (
        "system",
        &[("users", "/users", true), ("user", "/users/clerk0", true), ("day-end", "/day-end", true), ("workbench-system", "/", true)],
    ),
    (
        "security1",
        &[
            ("sessions", "/sessions", false),
            ("users-security", "/users", false),
            ("roles-form", "/cases/new/administration.user.roles", true),
        ],
    ),
    ("auditor", &[("audit", "/audit", false)]),
];

/// Looks at a page at a desk and on a phone.
pub fn both(page: &mut Page<'_>, name: &str, found: &mut Vec<String>) {
    found.extend(look::both(page, &format!("live-{name}")));
}

pub fn every_page_is_sound(bed: &Bed, browser: &mut Browser) {
    let mut found = Vec::new();
    {
        let mut page = browser.page(1440);
        page.goto(&bed.at("/sign-in"));
        both(&mut page, "sign-in", &mut found);
        golden::check("crates/shell-web/tests/live/trees/sign-in.txt", &page.tree());
        page.goto(&bed.at("/sign-in?first"));
        both(&mut page, "sign-in-first", &mut found);
    }
    for (login, looks) in LOOKS {
        let mut page = browser.page(1440);
        bed.sign_in(&mut page, login);
        for (name, path, kept) in *looks {
            page.goto(&bed.at(path));
            page.complaints();
            page.goto(&bed.at(path));
            page.until("the page to load", "document.readyState === 'complete' && !!document.querySelector('h1')");
            both(&mut page, name, &mut found);
            if *kept {
                golden::check(&format!("crates/shell-web/tests/live/trees/{name}.txt"), &page.tree());
            }
        }
        if *login == "clerk1" {
            page.goto(&bed.at("/cases?state=done"));
            let id = page.evaluate("document.querySelector('tr[data-row] a').pathname.split('/').pop()");
            page.goto(&bed.at(&format!("/cases/{}", id.as_str().unwrap_or_default())));
            both(&mut page, "case", &mut found);
        }
    }
    // A page that answers 403 or 404 is told to the console by the browser itself.
    found.retain(|line| !line.contains("the server responded with a status of 40"));
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}
