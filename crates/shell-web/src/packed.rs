//! What travels compressed (传输压缩): pages, styles, scripts, pictures of lines and JSON, by gzip.
//!
//! Compressed length tells what a page holds to somebody who can make a signed-in browser ask again and again with guesses of his
//! own and watch the line (BREACH). Such requests begin on his page, and browsers say so: a page asked for from anywhere but our
//! own pages or the address line travels as it is, and so does one for a browser that says nothing. So the form token needs no
//! mask, and what is shown of people is covered too. Machines bring a token no foreign page can borrow.
//! Left out: brotli (a fifth smaller for styles, six crates more), and streams of events, which must not wait in a buffer.

use axum::http::{HeaderMap, HeaderName, Response, header};
use axum::response::Response as Answer;
use tower_http::compression::predicate::Predicate;
use tower_http::compression::{CompressionLayer, CompressionLevel};

/// Below this a frame of the network is not filled either way, in bytes.
const WORTH: u64 = 1_024;

/// Types that become smaller.
const TYPES: [&str; 5] = ["text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"];

/// Mark of an answer that travels as it is.
#[derive(Clone, Copy)]
struct AsItIs;

/// Marks an answer that must not show its length by compression, unless its request began on our own pages or at the address line.
pub(crate) fn keep_length(request_was_ours: bool, answer: &mut Answer) {
    if !request_was_ours {
        answer.extensions_mut().insert(AsItIs);
    }
}

/// Whether the browser says that a request began on our own pages, or by the person at the address line.
pub(crate) fn is_ours(headers: &HeaderMap) -> bool {
    let site = headers.get(HeaderName::from_static("sec-fetch-site")).and_then(|v| v.to_str().ok());
    matches!(site, Some("same-origin" | "none"))
}

/// Which answers are compressed.
#[derive(Clone, Copy)]
pub(crate) struct Worthwhile;

impl Predicate for Worthwhile {
    fn should_compress<B: axum::body::HttpBody>(&self, answer: &Response<B>) -> bool {
        let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let large = answer.body().size_hint().exact().is_none_or(|size| size >= WORTH);
        large && TYPES.iter().any(|t| kind.starts_with(t)) && answer.extensions().get::<AsItIs>().is_none()
    }
}

/// The layer around everything.
pub(crate) fn layer() -> CompressionLayer<Worthwhile> {
    // The first level takes a quarter of the time of the usual one and leaves a tenth more.
    CompressionLayer::new().gzip(true).quality(CompressionLevel::Fastest).compress_when(Worthwhile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_requests_that_began_with_us_are_ours() {
        for (site, expected) in
            [(Some("same-origin"), true), (Some("none"), true), (Some("cross-site"), false), (Some("same-site"), false), (None, false)]
        {
            let mut headers = HeaderMap::new();
            if let Some(site) = site {
                headers.insert("sec-fetch-site", site.parse().expect("a value"));
            }
            assert_eq!(is_ours(&headers), expected, "{site:?}");
        }
    }

    #[test]
    fn what_is_small_a_file_or_asked_for_from_elsewhere_travels_as_it_is() {
        let answer = |kind: &str, size: usize, ours: bool| {
            let mut answer = Answer::new(axum::body::Body::from(vec![b' '; size]));
            answer.headers_mut().insert(header::CONTENT_TYPE, kind.parse().expect("a type"));
            keep_length(ours, &mut answer);
            Worthwhile.should_compress(&answer)
        };
        assert!(answer("text/html; charset=utf-8", 5_000, true));
        assert!(!answer("text/html; charset=utf-8", 5_000, false), "asked for from elsewhere");
        assert!(!answer("text/html; charset=utf-8", 500, true), "small");
        assert!(!answer("application/pdf", 5_000, true), "compressed already");
        assert!(!answer("text/event-stream", 5_000, true), "a stream");
        assert!(answer("application/json; charset=utf-8", 5_000, true));
    }
}
