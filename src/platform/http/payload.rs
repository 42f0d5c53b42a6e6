//! Bytes of a request body: limited in size before and after decompression, and in time.

use std::io::Read as _;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{HttpMessage as _, HttpRequest, web};
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use futures_util::StreamExt as _;
use okaeri_engine::messages::requests;
use tokio::time::timeout;

use super::shutdown::Shutdown;
use crate::platform::error::{Error, ProblemCode, Result};

/// Maximum size of a body in bytes, both as sent and decompressed.
pub const LARGEST: usize = 1024 * 1024;
/// Maximum time for a whole body, however slowly it arrives.
const PATIENCE: Duration = Duration::from_secs(10);

/// Maximum time for a body, if it differs from the default.
#[derive(Debug, Clone, Copy)]
pub struct BodyPatience(pub Duration);

/// Marks a request whose body was read completely, so that its connection can be reused.
struct WasRead;

/// Returns whether the connection can be reused: there is no body, or it was read completely.
pub(super) fn is_spent(request: &HttpRequest) -> bool {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let has_none = !request.headers().contains_key(header::TRANSFER_ENCODING)
        && length.is_none_or(|length| length.as_bytes() == b"0");
    has_none || request.extensions().get::<WasRead>().is_some()
}

/// Reads the whole body.
///
/// # Errors
/// `too_large` above [`LARGEST`], `body_timed_out` when it does not arrive in time,
/// `unsupported_media_type` for an unknown encoding, `malformed` when it is incomplete or cannot be
/// decompressed, `unavailable` when the server stops.
pub(super) async fn read(request: HttpRequest, payload: Payload) -> Result<web::Bytes> {
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok());
    if announced
        .is_some_and(|length: u64| usize::try_from(length).is_ok_and(|length| length > LARGEST))
    {
        return Err(Error::new(ProblemCode::TooLarge));
    }
    let encoding = Encoding::of(&request)?;
    let patience =
        request.app_data::<web::Data<BodyPatience>>().map_or(PATIENCE, |patience| patience.0);
    let shutdown = request.app_data::<web::Data<Shutdown>>().cloned();
    let stopped = async move {
        match shutdown {
            Some(shutdown) => shutdown.begun().await,
            None => std::future::pending().await,
        }
    };
    let received = tokio::select! {
        received = timeout(patience, received(payload)) => {
            received.map_err(|_| Error::because(ProblemCode::BodyTimedOut, requests::BodyTimedOut {
                seconds: &patience.as_secs(),
            }))??
        }
        () = stopped => return Err(Error::unavailable("the server stops")),
    };
    request.extensions_mut().insert(WasRead);
    encoding.inflated(received)
}

async fn received(mut payload: Payload) -> Result<web::Bytes> {
    let Some(first) = payload.next().await else { return Ok(web::Bytes::new()) };
    let first =
        first.map_err(|error| Error::new(ProblemCode::Malformed).caused_by(error.to_string()))?;
    let mut whole = web::BytesMut::new();
    let mut chunk = first;
    loop {
        if whole.len() + chunk.len() > LARGEST {
            return Err(Error::new(ProblemCode::TooLarge));
        }
        whole.extend_from_slice(&chunk);
        let Some(next) = payload.next().await else { return Ok(whole.freeze()) };
        chunk =
            next.map_err(|error| Error::new(ProblemCode::Malformed).caused_by(error.to_string()))?;
    }
}

/// Content encoding of a body.
#[derive(Debug, Clone, Copy)]
enum Encoding {
    Identity,
    Gzip,
    Deflate,
}

impl Encoding {
    fn of(request: &HttpRequest) -> Result<Self> {
        let Some(named) = request.headers().get(header::CONTENT_ENCODING) else {
            return Ok(Self::Identity);
        };
        let named = named.to_str().unwrap_or_default().trim();
        let is = |known: &str| named.eq_ignore_ascii_case(known);
        if named.is_empty() || is("identity") {
            Ok(Self::Identity)
        } else if is("gzip") || is("x-gzip") {
            Ok(Self::Gzip)
        } else if is("deflate") {
            Ok(Self::Deflate)
        } else {
            Err(Error::because(ProblemCode::UnsupportedMediaType, requests::UNKNOWN_ENCODING))
        }
    }

    /// Decompresses a body, up to [`LARGEST`].
    fn inflated(self, bytes: web::Bytes) -> Result<web::Bytes> {
        let most = u64::try_from(LARGEST).map_err(Error::internal)?.saturating_add(1);
        let mut inflated = Vec::new();
        let read = match self {
            Self::Identity => return Ok(bytes),
            Self::Gzip => MultiGzDecoder::new(&*bytes).take(most).read_to_end(&mut inflated),
            Self::Deflate => ZlibDecoder::new(&*bytes).take(most).read_to_end(&mut inflated),
        };
        read.map_err(|error| Error::new(ProblemCode::Malformed).caused_by(error))?;
        if inflated.len() > LARGEST {
            return Err(Error::new(ProblemCode::TooLarge));
        }
        Ok(inflated.into())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};
    use proptest::prelude::*;

    use super::*;

    fn never_ending() -> Payload {
        Payload::Stream { payload: Box::pin(futures_util::stream::pending()) }
    }

    #[actix_web::test]
    async fn a_body_that_does_not_arrive_in_time_is_given_up() {
        let impatient = web::Data::new(BodyPatience(Duration::ZERO));
        let request = actix_web::test::TestRequest::post().app_data(impatient).to_http_request();
        let refused = read(request, never_ending()).await.unwrap_err();
        assert_eq!(refused.code, ProblemCode::BodyTimedOut);
    }

    #[actix_web::test]
    async fn a_body_is_not_waited_for_when_the_server_stops() {
        let (stop, shutdown) = Shutdown::pair();
        stop.send_replace(true);
        let request = actix_web::test::TestRequest::post()
            .app_data(web::Data::new(shutdown))
            .to_http_request();
        let refused = read(request, never_ending()).await.unwrap_err();
        assert_eq!(refused.code, ProblemCode::Unavailable);
    }

    #[actix_web::test]
    async fn what_is_announced_as_too_large_is_not_read() {
        let length = (LARGEST + 1).to_string();
        let request = actix_web::test::TestRequest::post()
            .insert_header(("content-length", length))
            .to_http_request();
        let refused = read(request.clone(), never_ending()).await.unwrap_err();
        assert_eq!(refused.code, ProblemCode::TooLarge);
        assert!(!is_spent(&request));
    }

    fn zipped(bytes: &[u8]) -> web::Bytes {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap().into()
    }

    #[test]
    fn zeros_that_would_fill_the_memory_are_refused_at_the_bound() {
        let bomb = zipped(&vec![0; 64 * LARGEST]);
        assert_eq!(Encoding::Gzip.inflated(bomb).unwrap_err().code, ProblemCode::TooLarge);
        assert_eq!(Encoding::Gzip.inflated(zipped(&vec![0; LARGEST])).unwrap().len(), LARGEST);
    }

    proptest! {
        #[test]
        fn what_was_deflated_is_inflated_and_anything_else_refused(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(&bytes).unwrap();
            let deflated: web::Bytes = encoder.finish().unwrap().into();
            prop_assert_eq!(&*Encoding::Deflate.inflated(deflated).unwrap(), &bytes[..]);
            prop_assert_eq!(&*Encoding::Gzip.inflated(zipped(&bytes)).unwrap(), &bytes[..]);
            if let Err(refused) = Encoding::Gzip.inflated(bytes.into()) {
                prop_assert_eq!(refused.code, ProblemCode::Malformed);
            }
        }
    }
}
