//! `Idempotency-Key`: a POST that may be sent again.

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

/// The header that carries the key.
pub const HEADER: &str = "idempotency-key";
/// The header of an answer that was given before.
pub const REPLAYED: &str = "idempotent-replayed";
/// The longest key.
const LONGEST: usize = 255;

/// What was read of a request with a key, for the handler that comes.
pub(super) struct Noticed {
    pub(super) keyed: Keyed,
    /// Its body, until it is taken.
    pub(super) body: Option<Received>,
}

/// Reads the key and the body of a POST that has one, and leaves both with the request.
///
/// # Errors
/// `invalid_idempotency_key`; what reading a body answers.
pub(super) async fn notice(request: &mut ServiceRequest) -> Result<()> {
    let Some(value) = request.headers().get(HEADER).filter(|_| request.method() == Method::POST)
    else {
        return Ok(());
    };
    // Of who is not known nothing more is read: the handler refuses them.
    if guard::caller(request.request()).is_err() {
        return Ok(());
    }
    let given = value.to_str().unwrap_or_default().trim();
    // The draft wants a quoted string; most clients send it bare.
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

/// Returns what tells a request from another with its key, and its body: the same JSON is the same
/// request, in whatever order its members come.
fn fingerprint(query: &str, bytes: web::Bytes) -> (String, Received) {
    let json = json::read(&bytes).ok();
    let canonical = json.as_ref().map(canonical::text);
    let contents = canonical.as_ref().map_or(&*bytes, |text| text.as_bytes());
    let fingerprint = sha256(&[query.as_bytes(), b"\n", contents].concat());
    (fingerprint, Received { bytes, json })
}

/// The key of this request, where it has one.
pub(super) fn keyed(request: &HttpRequest) -> Option<Keyed> {
    request.extensions().get::<Noticed>().map(|noticed| noticed.keyed.clone())
}

/// An answer that can be kept with its effect.
pub trait Answer {
    /// It holds what is told once only, and its body is never kept.
    const IS_TOLD_ONCE: bool = false;

    /// As it is given.
    ///
    /// # Errors
    /// `internal` when it cannot be written as JSON.
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

/// An answer with a secret, which is told the first time only and never kept.
pub struct ToldOnce<T>(pub Created<T>);

impl<T: Serialize + Versioned> Answer for ToldOnce<T> {
    const IS_TOLD_ONCE: bool = true;

    fn given(&self) -> Result<Given> {
        self.0.given()
    }
}

/// The answer of a use case that may be asked for again.
pub struct Answered {
    given: Given,
    is_replayed: bool,
}

impl Answered {
    /// Given for the first time.
    #[must_use]
    pub const fn first(given: Given) -> Self {
        Self { given, is_replayed: false }
    }

    /// Given before.
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
