//! Conditional requests: ETags, 304 and `If-Match`.

use actix_web::body::{BoxBody, MessageBody as _};
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, EntityTag, Header as _, HeaderValue, IfMatch, IfNoneMatch};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpMessage, HttpResponse};
use xxhash_rust::xxh3::xxh3_64;

use crate::platform::usecase::ExpectedVersion;

/// Sets an ETag on a response to a read: the row version for `If-Match`, then a hash of the
/// content, since a response contains more than one row and differs between callers. Responds with
/// 304 if the client has this content.
pub(super) fn validated(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let is_read = response.request().method() == Method::GET && response.status() == StatusCode::OK;
    if !is_read || !response.request().path().starts_with("/v1/") {
        return response;
    }
    let (request, answer) = response.into_parts();
    let (mut answer, body) = answer.into_parts();
    let bytes = match body.try_into_bytes() {
        Ok(bytes) => bytes,
        // Without a complete body there is no ETag.
        Err(body) => return ServiceResponse::new(request, answer.set_body(body)),
    };
    let version =
        answer.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or_default();
    let tag =
        EntityTag::new_strong(format!("{}-{:016x}", version.trim_matches('"'), xxh3_64(&bytes)));
    let Ok(value) = HeaderValue::from_str(&tag.to_string()) else {
        return ServiceResponse::new(request, answer.set_body(BoxBody::new(bytes)));
    };
    if has(&request, &tag) {
        let unchanged = HttpResponse::NotModified().insert_header((header::ETAG, value)).finish();
        return ServiceResponse::new(request, unchanged);
    }
    answer.headers_mut().insert(header::ETAG, value);
    ServiceResponse::new(request, answer.set_body(BoxBody::new(bytes)))
}

/// Returns whether `If-None-Match` contains this tag; weak comparison (RFC 9110, 13.1.2).
fn has(request: &impl HttpMessage, tag: &EntityTag) -> bool {
    if !request.headers().contains_key(header::IF_NONE_MATCH) {
        return false;
    }
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|named| named.weak_eq(tag)),
        Err(_) => false,
    }
}

/// Returns the row versions in `If-Match`. A compressing proxy weakens an ETag, but its row version
/// is still valid.
pub(super) fn expected(request: &impl HttpMessage) -> Option<ExpectedVersion> {
    let tags = match IfMatch::parse(request).ok()? {
        IfMatch::Any => return Some(ExpectedVersion::Any),
        IfMatch::Items(tags) => tags,
    };
    let versions: Vec<i32> = tags.iter().filter_map(|tag| version_of(tag.tag())).collect();
    let first = *versions.first()?;
    if versions.len() == 1 {
        return Some(ExpectedVersion::One(first));
    }
    let mut all = [first; ExpectedVersion::MOST];
    all.iter_mut().zip(versions).for_each(|(place, version)| *place = version);
    Some(ExpectedVersion::OneOf(all))
}

/// Parses the row version from an ETag, ignoring its content hash.
fn version_of(tag: &str) -> Option<i32> {
    let (version, contents) = tag.split_once('-').unwrap_or((tag, ""));
    let is_contents = contents.is_empty()
        || (contents.len() == 16 && contents.bytes().all(|byte| byte.is_ascii_hexdigit()));
    version.parse().ok().filter(|_| is_contents)
}
