//! Query strings, with a problem that names the wrong parameter.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;

use crate::error::{Error, Fault};
use crate::messages::{Said as _, requests};

/// The query string as `T`.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = web::Query::<T>::from_query(request.query_string())
            .map(|query| Self(query.into_inner()))
            .map_err(|error| refused(request.query_string(), &error.to_string()));
        std::future::ready(read)
    }
}

/// serde tells the parameter only when its name is unknown; for a bad value the message must do.
fn refused(query: &str, message: &str) -> Error {
    let named = message.split('`').nth(1).filter(|name| query.contains(name));
    let message = message.trim_start_matches("Query deserialize error: ").to_owned();
    Error::invalid(vec![Fault::new(
        format!("?{}", named.unwrap_or_default()),
        "invalid_parameter",
        requests::QueryNotRead { message: &message }.words(),
    )])
}
