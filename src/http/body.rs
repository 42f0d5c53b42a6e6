//! JSON bodies: every wrong field in one answer.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use serde::de::DeserializeOwned;
use utoipa::ToSchema;
use validator::Validate;

use super::idempotency::Noticed;
use super::schema_check;
use crate::error::{Error, ProblemCode, Result};

/// The largest body, in bytes.
pub const LARGEST: usize = 1024 * 1024;

/// The JSON body as `T`, read and validated.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + Validate + ToSchema + 'static> FromRequest for Body<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = has_json(request);
        let noticed = request.extensions().get::<Noticed>().map(|noticed| noticed.body.clone());
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            if !is_json {
                return Err(Error::new(ProblemCode::UnsupportedMediaType));
            }
            let bytes = match noticed {
                Some(bytes) => bytes,
                None => bytes.await.map_err(unreadable)?,
            };
            read(&bytes).map(Self)
        })
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

/// Reads and validates a body.
///
/// # Errors
/// `malformed` when it is not JSON, `invalid` with every wrong field.
pub fn read<T: DeserializeOwned + Validate + ToSchema + 'static>(bytes: &[u8]) -> Result<T> {
    let read = serde_json::from_slice::<T>(bytes);
    match read {
        Ok(body) => {
            body.validate().map_err(|errors| Error::invalid(schema_check::validator_faults(&errors)))?;
            Ok(body)
        }
        Err(error) => Err(schema_check::explain::<T>(bytes, &error)),
    }
}
