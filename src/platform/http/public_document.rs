//! Documents without access control, such as the OpenAPI document and the guide.

use std::io::Write as _;
use std::sync::OnceLock;

use actix_web::http::header::{self, AcceptEncoding, ContentEncoding, Encoding, Header as _};
use actix_web::{HttpRequest, HttpResponse, web};
use flate2::Compression;
use flate2::write::GzEncoder;

/// A document that is rendered once and compressed once, not per request.
pub(crate) struct PublicDocument {
    content_type: &'static str,
    text: OnceLock<String>,
    zipped: OnceLock<Vec<u8>>,
}

impl PublicDocument {
    /// Creates a document that is rendered on the first request.
    pub(crate) const fn new(content_type: &'static str) -> Self {
        Self { content_type, text: OnceLock::new(), zipped: OnceLock::new() }
    }

    /// Responds with the document, compressed if the request accepts gzip.
    pub(crate) fn answer(
        &'static self,
        request: &HttpRequest,
        text: impl FnOnce() -> String,
    ) -> HttpResponse {
        let text = self.text.get_or_init(text).as_str();
        let known = [Encoding::gzip(), Encoding::identity()];
        let preferred = AcceptEncoding::parse(request)
            .ok()
            .and_then(|accepted| accepted.negotiate(known.iter()));
        let mut answer = HttpResponse::Ok();
        answer.content_type(self.content_type).insert_header((header::VARY, "accept-encoding"));
        if preferred == Some(Encoding::gzip()) {
            let zipped = self.zipped.get_or_init(|| zipped(text));
            return answer
                .insert_header(ContentEncoding::Gzip)
                .body(web::Bytes::from_static(zipped));
        }
        answer.body(text)
    }
}

fn zipped(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to memory cannot fail.
    encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use actix_web::test::TestRequest;

    use super::*;

    #[actix_web::test]
    async fn a_public_document_is_compressed_once_and_for_those_who_read_it_so() {
        static DOCUMENT: PublicDocument = PublicDocument::new("application/json");
        let text = || "お帰り".repeat(1000);
        let answer = |accepted: &'static str| {
            let request = TestRequest::get()
                .insert_header((header::ACCEPT_ENCODING, accepted))
                .to_http_request();
            DOCUMENT.answer(&request, text)
        };

        let zipped = answer("gzip, br");

        assert_eq!(zipped.headers().get(header::CONTENT_ENCODING).unwrap(), "gzip");
        let bytes = to_bytes(zipped.into_body()).await.unwrap();
        let mut inflated = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&*bytes), &mut inflated)
            .unwrap();
        assert_eq!(inflated, text());
        for other in ["br", "identity", "gzip;q=0"] {
            assert_eq!(to_bytes(answer(other).into_body()).await.unwrap(), text());
        }
    }
}
