//! Headers that tell a browser what an answer may do there: nothing, but for the docs page.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// Of every answer.
const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];

/// Answers are data. A regulation rendered as a page has no script, style or image.
const DATA: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
);

/// The docs page runs its own scripts and styles, and calls this server. Swagger UI sets styles in
/// attributes; the hash is that of the colours of its logo.
const DOCS: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; \
     style-src-attr 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'",
);

/// Adds the security headers of an answer at this path.
pub(super) fn add(path: &str, headers: &mut HeaderMap) {
    for (name, value) in HEADERS {
        headers.insert(name, value);
    }
    let is_docs =
        path.strip_prefix("/docs").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    headers.insert(header::CONTENT_SECURITY_POLICY, if is_docs { DOCS } else { DATA });
    if path.starts_with("/v1") {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
