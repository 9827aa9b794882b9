//! Looking at a page: what axe finds, what is wider than the window, and, with `ANJU_PICTURES=DIR`, a picture of it.
//!
//! The pictures are for people: `ANJU_PICTURES=/some/folder cargo test -p shell-web` leaves every page there, at a desk and on a phone,
//! beside those of the last time. They are no gate (they depend on fonts) and are not kept in the repository.

use std::path::Path;

use crate::browser::{Media, Page};

/// Widths a page is looked at: a desk and a phone, in CSS pixels.
pub const WIDTHS: [u32; 2] = [1440, 390];

/// Names the elements that stick out, except within what scrolls by itself.
const WIDE: &str = "Array.from(document.querySelectorAll('body *')).filter(e => e.getBoundingClientRect().right > innerWidth + 1 \
    && !e.closest('.scroll, .tabs')).slice(0, 4).map(e => e.tagName + '.' + e.getAttribute('class')).join(' ')";

/// What is wrong with the page as it is now, at one width and medium; empty is good. In the dark only contrast is new.
pub fn at(page: &mut Page<'_>, name: &str, width: u32, media: Media) -> Vec<String> {
    page.resize(width);
    page.media(media);
    let place = format!("{name} at {width} {media:?}");
    let findings = if media == Media::Dark { page.contrast() } else { page.axe() };
    let mut found: Vec<String> = findings.into_iter().map(|finding| format!("{place}: {finding}")).collect();
    if page.overflow() > 0 {
        let wide = page.evaluate(WIDE);
        found.push(format!("{place}: {} px too wide ({wide})", page.overflow()));
    }
    let dark = if media == Media::Dark { "-dark" } else { "" };
    picture(page, &format!("{name}-{width}{dark}"));
    found
}

/// The page at a desk and on a phone, and what its console said meanwhile.
pub fn both(page: &mut Page<'_>, name: &str) -> Vec<String> {
    let mut found: Vec<String> = WIDTHS.iter().flat_map(|width| at(page, name, *width, Media::Bright)).collect();
    page.resize(WIDTHS[0]);
    found.extend(page.complaints().into_iter().map(|words| format!("{name}: {words}")));
    found
}

/// The page as it would be printed, A4 wide; a picture only.
pub fn printed(page: &mut Page<'_>, name: &str) {
    page.resize(794);
    page.media(Media::Print);
    picture(page, &format!("{name}-print"));
    page.media(Media::Bright);
}

/// Saves a picture, where somebody asked for them.
///
/// # Panics
/// When the folder named does not exist.
fn picture(page: &mut Page<'_>, name: &str) {
    if let Some(folder) = std::env::var_os("ANJU_PICTURES") {
        let file = Path::new(&folder).join(format!("{name}.png"));
        std::fs::write(file, page.screenshot()).expect("the folder for pictures exists");
    }
}
