//! Query string extractor; a problem names the invalid parameter.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use okaeri_engine::messages::{Said as _, requests};
use okaeri_engine::text::TextFault;
use serde::de::{DeserializeOwned, IntoDeserializer as _};
use serde::{Deserialize, Deserializer};

use crate::platform::error::{Error, Fault};

/// The query string as `T`.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(
            read(request.query_string()).map(Self).map_err(|error| refused::<T>(request, &error)),
        )
    }
}

/// Several values of one parameter, separated by commas.
#[derive(Debug, Clone)]
pub struct OneOf<T>(pub Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOf<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let list = String::deserialize(deserializer)?;
        let values = list
            .split(',')
            .map(|value| T::deserialize(value.trim().to_owned().into_deserializer()));
        values.collect::<std::result::Result<_, _>>().map(Self)
    }
}

type Refusal = serde_path_to_error::Error<serde_urlencoded::de::Error>;

fn read<T: DeserializeOwned>(query: &str) -> std::result::Result<T, Refusal> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs))
}

/// Returns every invalid parameter: serde stops at the first one, so each is parsed separately.
fn refused<T: DeserializeOwned>(request: &HttpRequest, first: &Refusal) -> Error {
    let each = request.query_string().split('&').filter_map(|pair| read::<T>(pair).err());
    let mut faults: Vec<Fault> =
        each.filter(|error| error.path().to_string() != ".").map(|error| fault(&error)).collect();
    if faults.is_empty() {
        faults.push(fault(first));
    }
    Error::invalid(faults)
}

fn fault(error: &Refusal) -> Fault {
    let message = error.inner().to_string();
    let pointer = format!("?{}", error.path());
    if let Some(found) = TextFault::told_by(&message) {
        return found.at(pointer);
    }
    let said = requests::QueryNotRead { message: &message }.words();
    Fault::new(pointer, "invalid_parameter", said)
}
