//! `Idempotency-Key`: makes a POST safe to retry.

use actix_web::dev::ServiceRequest;
use actix_web::http::{Method, header};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, Responder, web};
use okaeri_engine::canonical::{self, sha256};
use okaeri_engine::messages::requests;
use serde::Serialize;

use super::answer::{Created, Done, Placed, Tagged, Versioned};
use super::body::{Heavy, LIGHT, Received, heavy};
use super::{guard, json, payload};
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::idempotency::{Given, Keyed};

/// Header with the key.
pub const HEADER: &str = "idempotency-key";
/// Header of a replayed response.
pub const REPLAYED: &str = "idempotent-replayed";
/// Maximum length of a key.
const LONGEST: usize = 255;

/// The key and body of a request, for its handler.
pub(super) struct Noticed {
    pub(super) keyed: Keyed,
    /// The body, until the handler takes it.
    pub(super) body: Option<Received>,
}

/// Reads the key and body of a POST with a key and attaches both to the request.
///
/// # Errors
/// `invalid_idempotency_key`; those of reading a body.
pub(super) async fn notice(request: &mut ServiceRequest) -> Result<()> {
    let Some(value) = request.headers().get(HEADER).filter(|_| request.method() == Method::POST)
    else {
        return Ok(());
    };
    // The body of an unauthenticated caller is not read: the handler refuses the request.
    if guard::caller(request.request()).is_err() {
        return Ok(());
    }
    let given = value.to_str().unwrap_or_default().trim();
    // The draft requires a quoted string; most clients send it bare.
    let key =
        given.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(given).to_owned();
    if key.is_empty()
        || key.len() > LONGEST
        || !key.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"')
    {
        return Err(Error::because(ProblemCode::InvalidIdempotencyKey, requests::KEY_UNREADABLE));
    }
    let payload = request.take_payload();
    let bytes = payload::read(request.request().clone(), payload).await?;
    let endpoint = format!("{} {}", request.method(), request.path());
    let query = request.query_string().to_owned();
    let (fingerprint, body) = if bytes.len() <= LIGHT {
        fingerprint(&query, bytes)
    } else {
        let pass = heavy(request.request()).await?;
        let read = pass.run(move |_| Ok(fingerprint(&query, bytes))).await?;
        request.extensions_mut().insert(Heavy(pass));
        read
    };
    let keyed = Keyed { key, endpoint, fingerprint };
    request.extensions_mut().insert(Noticed { keyed, body: Some(body) });
    Ok(())
}

/// Returns the fingerprint that identifies a request under its key, and its body. The same JSON
/// with members in another order is the same request.
fn fingerprint(query: &str, bytes: web::Bytes) -> (String, Received) {
    let json = json::read(&bytes).ok();
    let canonical = json.as_ref().map(canonical::text);
    let contents = canonical.as_ref().map_or(&*bytes, |text| text.as_bytes());
    let fingerprint = sha256(&[query.as_bytes(), b"\n", contents].concat());
    (fingerprint, Received { bytes, json })
}

/// Returns the key of this request, if it has one.
pub(super) fn keyed(request: &HttpRequest) -> Option<Keyed> {
    request.extensions().get::<Noticed>().map(|noticed| noticed.keyed.clone())
}

/// A response that can be stored with its effect.
pub trait Answer {
    /// True if it contains a secret; its body is never stored.
    const IS_TOLD_ONCE: bool = false;

    /// Returns the response to send.
    ///
    /// # Errors
    /// `internal` when it cannot be serialized as JSON.
    fn given(&self) -> Result<Given>;
}

fn written(of: &impl Serialize) -> Result<Option<String>> {
    serde_json::to_string(of).map(Some).map_err(Error::internal)
}

impl<T: Serialize + Versioned> Answer for Created<T> {
    fn given(&self) -> Result<Given> {
        let etag = Some(super::answer::etag_of(&self.thing));
        Ok(Given {
            status: 201,
            location: Some(self.location.clone()),
            etag,
            body: written(&self.thing)?,
        })
    }
}

impl<T: Serialize + Versioned> Answer for Tagged<T> {
    fn given(&self) -> Result<Given> {
        let etag = Some(super::answer::etag_of(&self.0));
        Ok(Given { status: 200, location: None, etag, body: written(&self.0)? })
    }
}

impl<T: Serialize + Versioned> Answer for Placed<T> {
    fn given(&self) -> Result<Given> {
        match self {
            Self::Created(created) => created.given(),
            Self::Replaced(tagged) => tagged.given(),
        }
    }
}

impl<T: Serialize> Answer for Done<T> {
    fn given(&self) -> Result<Given> {
        Ok(Given { status: 200, location: None, etag: None, body: written(&self.0)? })
    }
}

/// A response with a secret, which is sent once and never stored.
pub struct ToldOnce<T>(pub Created<T>);

impl<T: Serialize + Versioned> Answer for ToldOnce<T> {
    const IS_TOLD_ONCE: bool = true;

    fn given(&self) -> Result<Given> {
        self.0.given()
    }
}

/// The response of a use case that may be retried.
pub struct Answered {
    given: Given,
    is_replayed: bool,
}

impl Answered {
    /// Creates a first response.
    #[must_use]
    pub const fn first(given: Given) -> Self {
        Self { given, is_replayed: false }
    }

    /// Creates a replayed response.
    #[must_use]
    pub const fn again(given: Given) -> Self {
        Self { given, is_replayed: true }
    }
}

impl Responder for Answered {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let Given { status, location, etag, body } = self.given;
        let status = actix_web::http::StatusCode::from_u16(status)
            .unwrap_or(actix_web::http::StatusCode::OK);
        let mut answer = HttpResponse::build(status);
        for (name, value) in [(header::LOCATION, location), (header::ETAG, etag)] {
            if let Some(value) = value {
                answer.insert_header((name, value));
            }
        }
        if self.is_replayed {
            answer.insert_header((REPLAYED, "true"));
        }
        answer.content_type("application/json").body(body.unwrap_or_default())
    }
}
