//! Every page of the router is looked at: an address of each stands in the tables and journeys that look at pages in a browser with axe,
//! at a desk and on a phone. A new page without one fails here, as does an exception that is no route any more.

use std::collections::BTreeSet;
use std::path::Path;

/// Routes that answer something else than a page of their own, and what.
const NO_PAGES: &[(&str, &str)] = &[
    ("/assets/{*file}", "styles and scripts"),
    ("/attachments/{id}", "a file as it was uploaded"),
    ("/cases/new", "leads to the catalogue"),
    ("/day-end/events", "a stream"),
    ("/design", "the sample pages, looked at in tests/pages.rs"),
    ("/design/{name}", "the sample pages, looked at in tests/pages.rs"),
    ("/documents/{code}", "a PDF"),
    ("/employers/{employer}/statement.pdf", "a PDF"),
    ("/healthz", "a sign of life"),
    ("/imports/{kind}/template.xlsx", "a workbook"),
    ("/imports/{kind}/{job}/events", "a stream"),
    ("/members/{savings}/statement.pdf", "a PDF"),
    ("/remittance/{employer}/{month}/notice.pdf", "a PDF"),
    ("/remittance/{employer}/{month}/receipt.pdf", "a PDF"),
    ("/remittance/{list}", "leads to the desk of its month"),
    ("/service", "leads to the catalogue"),
    ("/sign-in/second-factor", "only for who has none yet; its sample page is looked at in tests/pages.rs"),
];

/// Text of every file of a folder.
fn texts(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder of sources");
    entries.map(|entry| std::fs::read_to_string(entry.expect("an entry").path()).unwrap_or_default()).collect()
}

/// Routes of the handlers that answer to a GET.
fn routes(folder: &Path) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for text in texts(folder) {
        for part in text.split(".route(").skip(1) {
            let Some((path, after)) = part.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"')) else { continue };
            if after.trim_start_matches([',', ' ', '\n']).starts_with("get(") {
                all.insert(path.to_owned());
            }
        }
    }
    all
}

/// Whether an address as a test writes it is one of this route: `{}` stands for anything on either side.
fn is_of(address: &str, route: &str) -> bool {
    let address = address.split('?').next().unwrap_or_default();
    let (a, r): (Vec<&str>, Vec<&str>) = (address.split('/').collect(), route.split('/').collect());
    a.len() == r.len() && a.iter().zip(&r).all(|(a, r)| r.starts_with('{') || a == r)
}

/// Addresses that tests go to, written as texts in them.
fn addresses(folder: &Path) -> BTreeSet<String> {
    let all = texts(folder);
    // Journeys keep the address of their case and go on from it: `{case}/review`.
    let quoted = all.iter().flat_map(|text| text.split('"')).map(|part| part.replace("{case}/", "/cases/{case}/"));
    quoted.filter(|part| part.starts_with('/') && !part.contains(' ')).collect()
}

#[test]
fn every_page_of_the_router_is_looked_at() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let routes = routes(&here.join("src/handlers"));
    assert!(routes.len() > 50, "the routes are read from the sources: {}", routes.len());
    let mut addresses = addresses(&here.join("tests/live"));
    addresses.extend(self::addresses(&here.join("tests/business")));
    let exempt = |route: &str| NO_PAGES.iter().any(|(path, _)| *path == route);
    let unseen: Vec<&String> = routes.iter().filter(|r| !exempt(r) && !addresses.iter().any(|a| is_of(a, r))).collect();
    assert!(unseen.is_empty(), "pages nobody looks at: {unseen:?}");
    let gone: Vec<&str> = NO_PAGES.iter().map(|(path, _)| *path).filter(|path| !routes.contains(*path)).collect();
    assert!(gone.is_empty(), "no routes any more: {gone:?}");
}
