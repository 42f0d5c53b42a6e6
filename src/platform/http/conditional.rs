//! Reads that may be repeated: an ETag for what is answered, and 304 for who has it already.

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody as _};
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode};
use xxhash_rust::xxh3::xxh3_64;

use crate::platform::usecase::ExpectedVersion;

/// Marks what was read with an ETag of its contents, behind the row version that `If-Match` looks
/// at: an answer shows more than one row, and not the same to everybody. Who has it already is
/// answered 304.
pub(super) fn validated(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let is_read = response.request().method() == Method::GET && response.status() == StatusCode::OK;
    if !is_read || !response.request().path().starts_with("/v1/") {
        return response;
    }
    let (request, answer) = response.into_parts();
    let (mut answer, body) = answer.into_parts();
    let bytes = match body.try_into_bytes() {
        Ok(bytes) => bytes,
        // A body that is not there as a whole has no ETag.
        Err(body) => return ServiceResponse::new(request, answer.set_body(body)),
    };
    let version =
        answer.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or_default();
    let tag = format!("\"{}-{:016x}\"", version.trim_matches('"'), xxh3_64(&bytes));
    let Ok(value) = HeaderValue::from_str(&tag) else {
        return ServiceResponse::new(request, answer.set_body(BoxBody::new(bytes)));
    };
    if has(request.headers(), &tag) {
        let unchanged = HttpResponse::NotModified().insert_header((header::ETAG, value)).finish();
        return ServiceResponse::new(request, unchanged);
    }
    answer.headers_mut().insert(header::ETAG, value);
    ServiceResponse::new(request, answer.set_body(BoxBody::new(bytes)))
}

/// Whether `If-None-Match` names this tag; a weak one is as good here (RFC 9110, 13.1.2).
fn has(headers: &HeaderMap, tag: &str) -> bool {
    let named = headers.get_all(header::IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    let mut named = named.flat_map(|value| value.split(',')).map(str::trim);
    named.any(|named| named == "*" || named.trim_start_matches("W/") == tag)
}

/// Returns the versions that `If-Match` names. A proxy that compresses makes an ETag weak: the row
/// version in it is as good.
pub(super) fn expected(headers: &HeaderMap) -> Option<ExpectedVersion> {
    let given = headers.get_all(header::IF_MATCH).filter_map(|value| value.to_str().ok());
    let tags: Vec<&str> = given.flat_map(|value| value.split(',')).map(str::trim).collect();
    if tags == ["*"] {
        return Some(ExpectedVersion::Any);
    }
    let versions: Vec<i32> = tags.into_iter().filter_map(version_of).collect();
    let first = *versions.first()?;
    if versions.len() == 1 {
        return Some(ExpectedVersion::One(first));
    }
    let mut all = [first; ExpectedVersion::MOST];
    all.iter_mut().zip(versions).for_each(|(place, version)| *place = version);
    Some(ExpectedVersion::OneOf(all))
}

/// The row version in an ETag that was given before, whatever contents it was given for.
fn version_of(tag: &str) -> Option<i32> {
    let inside = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?;
    let (version, contents) = inside.split_once('-').unwrap_or((inside, ""));
    let is_contents = contents.is_empty()
        || (contents.len() == 16 && contents.bytes().all(|byte| byte.is_ascii_hexdigit()));
    version.parse().ok().filter(|_| is_contents)
}
