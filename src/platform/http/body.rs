//! Extractors of JSON bodies; all faults are reported in one response.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::{Method, header};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use okaeri_engine::document::Document;
use okaeri_engine::text;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::contract::Contract;
use super::idempotency::Noticed;
use super::{guard, json, payload, schema_check};
use crate::platform::error::{Error, Fault, ProblemCode, Result};
use crate::platform::work::Pass;

/// Size in bytes above which a body is parsed on another thread, a few at a time.
pub(super) const LIGHT: usize = 64 * 1024;

/// The JSON body as `T`, parsed and validated against the published schema.
pub struct Body<T>(pub T);

/// A JSON body whose `document` is a regulation, which has its own parser. Comes with a pass for
/// the further work.
pub struct DocumentBody<T>(pub T, pub Pass);

type Reading<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

impl<T: DeserializeOwned + Validate + ToSchema + Send + 'static> FromRequest for Body<T> {
    type Error = Error;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, received) = (request.clone(), json_of(request, payload));
        Box::pin(async move {
            let received = received.await?;
            let contract = Contract::of(&request)?;
            if received.bytes.len() <= LIGHT {
                return received.json().and_then(|json| read(&contract, json)).map(Self);
            }
            let pass = heavy(&request).await?;
            let read = move |_: &_| received.json().and_then(|json| read(&contract, json));
            let body = pass.run(read).await?;
            // Its memory is in use until the request ends.
            request.extensions_mut().insert(Heavy(pass));
            Ok(Self(body))
        })
    }
}

/// The pass of a request with a large body.
pub(super) struct Heavy(pub(super) Pass);

/// Returns the pass of a request with a large body: its own, or a new one.
///
/// # Errors
/// `unavailable` when too many are waiting.
pub(super) async fn heavy(request: &HttpRequest) -> Result<Pass> {
    let own = request.extensions_mut().remove::<Heavy>();
    if let Some(Heavy(pass)) = own {
        return Ok(pass);
    }
    let (okaeri, who) = guard::caller(request)?;
    okaeri.gates.bodies.enter(who.organization).await
}

impl<T: DeserializeOwned + Validate + ToSchema + Send + 'static> FromRequest for DocumentBody<T> {
    type Error = Error;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, received) = (request.clone(), json_of(request, payload));
        Box::pin(async move {
            let received = received.await?;
            // Leaves one gate before it waits for another.
            request.extensions_mut().remove::<Heavy>();
            let (okaeri, who) = guard::caller(&request)?;
            let pass = okaeri.gates.documents.enter(who.organization).await?;
            let contract = Contract::of(&request)?;
            let read =
                move |_: &_| received.json().and_then(|json| read_with_document(&contract, json));
            let body = pass.run(read).await?;
            Ok(Self(body, pass))
        })
    }
}

/// The bytes of a body, and its JSON value if it was parsed already.
#[derive(Clone)]
pub(super) struct Received {
    pub(super) bytes: web::Bytes,
    pub(super) json: Option<Value>,
}

impl Received {
    fn json(self) -> Result<Value> {
        self.json.map_or_else(|| json::read(&self.bytes), Ok)
    }
}

/// Reads the JSON body of an authenticated caller.
fn json_of(
    request: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<Received>> + 'static {
    let (request, payload) = (request.clone(), payload.take());
    async move {
        guard::caller(&request)?;
        let noticed =
            request.extensions_mut().get_mut::<Noticed>().and_then(|noticed| noticed.body.take());
        let received = match noticed {
            Some(received) => received,
            None => Received { bytes: payload::read(request.clone(), payload).await?, json: None },
        };
        // A POST may omit an empty body.
        if request.method() == Method::POST && received.bytes.is_empty() {
            return Ok(Received { bytes: web::Bytes::from_static(b"{}"), json: None });
        }
        if has_json(&request) {
            Ok(received)
        } else {
            Err(Error::new(ProblemCode::UnsupportedMediaType))
        }
    }
}

fn has_json(request: &HttpRequest) -> bool {
    let given = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut parts = given.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let is_json = ["application/json", "application/merge-patch+json"]
        .iter()
        .any(|known| essence.eq_ignore_ascii_case(known));
    // JSON is always UTF-8 (RFC 8259).
    is_json && parts.filter_map(charset).all(|charset| charset.eq_ignore_ascii_case("utf-8"))
}

/// Returns the character set of a media type parameter.
fn charset(parameter: &str) -> Option<&str> {
    let (name, value) = parameter.split_once('=')?;
    name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
}

/// Parses a body and validates it against the published schema, since the types accept some of what
/// it refuses, such as a list for an object, or null for an optional field.
///
/// # Errors
/// `invalid` with every fault.
fn read<T: DeserializeOwned + Validate + ToSchema + 'static>(
    contract: &Contract,
    json: Value,
) -> Result<T> {
    let faults = faults_of::<T>(contract, &json);
    if faults.is_empty() { typed(json) } else { Err(Error::invalid(faults)) }
}

/// Parses a body with a regulation in its `document`. Faults that the document's parser finds are
/// left to the use case; faults found only by the schema are reported here.
fn read_with_document<T: DeserializeOwned + Validate + ToSchema + 'static>(
    contract: &Contract,
    json: Value,
) -> Result<T> {
    let has_document = json.get("document").is_some();
    let (of_document, own): (Vec<_>, Vec<_>) = faults_of::<T>(contract, &json)
        .into_iter()
        .partition(|fault| has_document && fault.pointer.starts_with("/document"));
    if !own.is_empty() {
        return Err(Error::invalid(own));
    }
    let can_be_read = |document: &Value| Document::parse(document).is_ok();
    if !of_document.is_empty() && json.get("document").is_some_and(can_be_read) {
        return Err(Error::new(ProblemCode::InvalidRegulation).with_faults(of_document));
    }
    typed(json)
}

/// Returns forbidden characters in texts, or else the faults found by the published schema.
fn faults_of<T: DeserializeOwned + ToSchema>(contract: &Contract, json: &Value) -> Vec<Fault> {
    let faults = text::faults_within(json);
    if faults.is_empty() { schema_check::faults::<T>(contract, json) } else { faults }
}

/// Deserializes and validates a body: the types check more than the schema.
fn typed<T: DeserializeOwned + Validate + ToSchema + 'static>(json: Value) -> Result<T> {
    let body =
        T::deserialize(&json).map_err(|refusal| schema_check::explain::<T>(&json, &refusal))?;
    drop(json);
    body.validate().map_err(|errors| Error::invalid(schema_check::validator_faults(&errors)))?;
    Ok(body)
}
