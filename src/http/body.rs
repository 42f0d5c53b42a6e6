//! JSON bodies: every wrong field in one answer.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::{Method, header};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::idempotency::Noticed;
use super::schema_check;
use crate::domain::regulation::Document;
use crate::error::{Error, ProblemCode, Result};
use crate::text;

/// The largest body, in bytes.
pub const LARGEST: usize = 1024 * 1024;

/// The JSON body as `T`: read, validated and held against the published schema.
pub struct Body<T>(pub T);

/// The same for a body whose `document` is a regulation: its own reader tells what is wrong with it.
pub struct DocumentBody<T>(pub T);

type Reading<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

impl<T: DeserializeOwned + Validate + ToSchema + 'static> FromRequest for Body<T> {
    type Error = Error;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = json_of(request, payload);
        Box::pin(async move { read(&bytes.await?).map(Self) })
    }
}

impl<T: DeserializeOwned + Validate + ToSchema + 'static> FromRequest for DocumentBody<T> {
    type Error = Error;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = json_of(request, payload);
        Box::pin(async move { read_with_document(&bytes.await?).map(Self) })
    }
}

fn json_of(request: &HttpRequest, payload: &mut Payload) -> impl Future<Output = Result<web::Bytes>> + 'static {
    let (is_json, is_post) = (has_json(request), request.method() == Method::POST);
    let noticed = request.extensions().get::<Noticed>().map(|noticed| noticed.body.clone());
    let bytes = web::Bytes::from_request(request, payload);
    async move {
        let bytes = match noticed {
            Some(bytes) => bytes,
            None => bytes.await.map_err(unreadable)?,
        };
        // A step that has nothing to say is taken without a body.
        if is_post && bytes.is_empty() {
            return Ok(web::Bytes::from_static(b"{}"));
        }
        if is_json { Ok(bytes) } else { Err(Error::new(ProblemCode::UnsupportedMediaType)) }
    }
}

fn has_json(request: &HttpRequest) -> bool {
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    ["application/json", "application/merge-patch+json"].iter().any(|known| essence.eq_ignore_ascii_case(known))
}

/// The error of a body that does not come whole.
pub(super) fn unreadable(error: actix_web::Error) -> Error {
    match error.as_response_error().status_code().as_u16() {
        413 => Error::new(ProblemCode::TooLarge),
        _ => Error::new(ProblemCode::Malformed),
    }
}

/// Reads a body, and holds it against the published schema: the types take some of what it refuses, such as a list
/// for an object, or null for what is only absent.
///
/// # Errors
/// `malformed` when it is not JSON, `invalid` with every wrong field.
pub fn read<T: DeserializeOwned + Validate + ToSchema + 'static>(bytes: &[u8]) -> Result<T> {
    let (body, json) = parse(bytes)?;
    let faults = schema_check::schema_faults(&T::name(), &json);
    if faults.is_empty() { Ok(body) } else { Err(Error::invalid(faults)) }
}

/// Reads a body with a regulation in its `document`. What its reader finds wrong is told by the use case; what only the
/// schema refuses is told here.
fn read_with_document<T: DeserializeOwned + Validate + ToSchema + 'static>(bytes: &[u8]) -> Result<T> {
    let (body, json) = parse(bytes)?;
    let mut faults = schema_check::schema_faults(&T::name(), &json);
    faults.retain(|fault| !fault.pointer.starts_with("/document"));
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let document = json.get("document").filter(|document| Document::parse(document).is_ok());
    let faults = document.map(|document| schema_check::schema_faults(&Document::name(), document)).unwrap_or_default();
    if faults.is_empty() {
        return Ok(body);
    }
    let faults = faults.into_iter().map(|fault| fault.below("/document")).collect();
    Err(Error::new(ProblemCode::InvalidRegulation).with_faults(faults))
}

/// The deepest nesting of lists and objects that is read; the reader itself goes down by recursion.
const DEEPEST: usize = 100;

/// Whether lists and objects stand more deeply within each other than is read.
fn is_too_deep(bytes: &[u8]) -> bool {
    let (mut depth, mut in_text, mut is_escaped) = (0_usize, false, false);
    for byte in bytes {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

/// The body as its type and as it came, without characters that no text may hold.
fn parse<T: DeserializeOwned + Validate + ToSchema + 'static>(bytes: &[u8]) -> Result<(T, Value)> {
    if is_too_deep(bytes) {
        return Err(Error::new(ProblemCode::TooDeep));
    }
    let explained = |error: &serde_json::Error| schema_check::explain::<T>(bytes, error);
    let json: Value = serde_json::from_slice(bytes).map_err(|error| explained(&error))?;
    let faults = text::faults_within(&json);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let body: T = serde_json::from_slice(bytes).map_err(|error| explained(&error))?;
    body.validate().map_err(|errors| Error::invalid(schema_check::validator_faults(&errors)))?;
    Ok((body, json))
}
