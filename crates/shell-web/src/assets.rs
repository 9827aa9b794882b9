//! Styles and scripts, built into the binary and served under addresses that carry their digest.
//!
//! An address changes exactly when its content does, so browsers may keep a file for ever ([`FOREVER`]). Nothing is inline
//! and nothing comes from elsewhere: [`POLICY`] holds for every page.

use std::sync::LazyLock;

/// The content security policy of every page: own files only, no inline script or style, no frames, forms only to us.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                          form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// `Cache-Control` of a file whose address carries its digest.
pub const FOREVER: &str = "public, max-age=31536000, immutable";

/// One file for browsers.
#[derive(Debug)]
pub struct Asset {
    /// Address, for example `/assets/anju-8c41e07b5a92d310.css`.
    pub href: String,
    /// Media type.
    pub mime: &'static str,
    /// Content.
    pub body: Vec<u8>,
}

/// The stylesheet: seven cascade layers, concatenated in their order.
pub static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let layers = [
        include_str!("../assets/css/1-reset.css"),
        include_str!("../assets/css/2-tokens.css"),
        include_str!("../assets/css/3-base.css"),
        include_str!("../assets/css/4-layout.css"),
        include_str!("../assets/css/5-component.css"),
        include_str!("../assets/css/6-state.css"),
        include_str!("../assets/css/7-print.css"),
    ];
    Asset::new("anju", "css", "text/css; charset=utf-8", layers.concat().into_bytes())
});

/// The scripts, in loading order: htmx (vendored, 0BSD), keys, comfort, progress. Each page works without all of them.
pub static SCRIPTS: LazyLock<[Asset; 4]> = LazyLock::new(|| {
    let script = |name, source: &str| Asset::new(name, "js", "text/javascript; charset=utf-8", source.as_bytes().to_vec());
    [
        script("htmx", include_str!("../assets/vendor/htmx-2.0.11.min.js")),
        script("keys", include_str!("../assets/js/keys.js")),
        script("comfort", include_str!("../assets/js/comfort.js")),
        script("progress", include_str!("../assets/js/progress.js")),
    ]
});

/// The tab's icon: a house in outline on the colour of the rail.
pub static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("icon", "svg", "image/svg+xml", include_bytes!("../assets/icon.svg").to_vec()));

/// The file at an address, or nothing.
pub fn find(href: &str) -> Option<&'static Asset> {
    SCRIPTS.iter().chain([&*STYLE, &*ICON]).find(|asset| asset.href == href)
}

impl Asset {
    fn new(name: &str, ending: &str, mime: &'static str, body: Vec<u8>) -> Asset {
        Asset { href: format!("/assets/{name}-{:016x}.{ending}", digest(&body)), mime, body }
    }
}

/// FNV-1a, 64 bits: tells versions of our own files apart. Not for security.
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_carry_the_digest_and_lead_back() {
        assert!(STYLE.href.starts_with("/assets/anju-") && STYLE.href.ends_with(".css"));
        assert_eq!(find(&STYLE.href).map(|asset| asset.mime), Some("text/css; charset=utf-8"));
        assert!(find("/assets/anju-0.css").is_none());
        assert_ne!(digest(b"a"), digest(b"b"));
    }

    /// The floor is Chromium 100: none of what came later may enter the stylesheet.
    #[test]
    fn styles_stay_above_the_floor() {
        let style = String::from_utf8(STYLE.body.clone()).expect("our stylesheet is UTF-8");
        for late in [":has(", "@container", "light-dark(", "color-mix(", "@scope", "&:", "& .", "@starting-style", "dvh"] {
            assert!(!style.contains(late), "{late} is younger than Chromium 100");
        }
    }
}
