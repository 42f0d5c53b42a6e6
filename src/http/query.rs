//! Query strings, with a problem that names the wrong parameter.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::{DeserializeOwned, IntoDeserializer as _};
use serde::{Deserialize, Deserializer};

use crate::error::{Error, Fault};
use crate::messages::{Said as _, requests};

/// The query string as `T`.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pairs = form_urlencoded::parse(request.query_string().as_bytes());
        let read = serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs));
        std::future::ready(read.map(Self).map_err(|error| refused(&error)))
    }
}

/// Several values of one parameter, with commas between them.
#[derive(Debug, Clone)]
pub struct OneOf<T>(pub Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOf<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let list = String::deserialize(deserializer)?;
        let values = list.split(',').map(|value| T::deserialize(value.trim().to_owned().into_deserializer()));
        values.collect::<std::result::Result<_, _>>().map(Self)
    }
}

fn refused(error: &serde_path_to_error::Error<serde_urlencoded::de::Error>) -> Error {
    let message = error.inner().to_string();
    Error::invalid(vec![Fault::new(
        format!("?{}", error.path()),
        "invalid_parameter",
        requests::QueryNotRead { message: &message }.words(),
    )])
}
