//! Errors as RFC 9457 problem documents; the only conversion of errors to HTTP.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, AcceptLanguage, Header as _, Preference};
use actix_web::{HttpMessage, HttpResponse, ResponseError};
use okaeri_engine::codes::Code as _;
use okaeri_engine::messages::Language;
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::error::{Error, Fault, ProblemCode};

/// Returns the supported language that a request prefers; English if it accepts none.
pub(super) fn accepted(request: &impl HttpMessage) -> Language {
    let ranked = AcceptLanguage::parse(request).map(|accepted| accepted.ranked());
    let mut ours =
        ranked.unwrap_or_default().into_iter().filter_map(|preference| match preference {
            Preference::Any => Some(Language::default()),
            Preference::Specific(tag) => {
                let is_it =
                    |ours: &Language| tag.primary_language().eq_ignore_ascii_case(ours.as_str());
                Language::ALL.iter().copied().find(is_it)
            }
        });
    ours.next().unwrap_or_default()
}

/// A problem (RFC 9457). Every response with status 400 or above has this format.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "urn:okaeri:problem:invalid", "title": "Some fields are wrong", "status": 422, "code": "invalid",
    "errors": [{"pointer": "/last_day", "code": "before_start", "detail": "The last day is before the first."}],
    "request_id": "0198c5f0a1b27c3d8e4f5a6b7c8d9e0f"
}))]
pub struct Problem {
    /// A stable URN of the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of problem in words.
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// The stable code for programs.
    pub code: ProblemCode,
    /// Explanation of this occurrence, and the remedy.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub detail: Option<String>,
    /// All faults; if there are very many, the first ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<ProblemFault>,
    /// The identifier of this request; quote it when you ask the operator.
    pub request_id: String,
}

/// One fault.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemFault {
    /// JSON Pointer into the body, `?name` for a query parameter, or `{name}` for a path parameter.
    pub pointer: String,
    /// Stable code of the fault.
    pub code: String,
    /// Explanation of the fault and of valid values.
    pub detail: String,
}

impl Problem {
    /// Creates the document for an error.
    #[must_use]
    pub fn of(error: &Error, language: Language, request_id: &str) -> Self {
        let show = |fault: &Fault| ProblemFault {
            pointer: fault.pointer.clone(),
            code: fault.code.clone().into_owned(),
            detail: language.of(&fault.message).to_owned(),
        };
        Self {
            kind: format!("urn:okaeri:problem:{}", error.code),
            title: language.of(&error.code.title()).to_owned(),
            status: error.code.status(),
            code: error.code,
            detail: error.detail.as_ref().map(|detail| language.of(detail).to_owned()),
            errors: error.faults.iter().map(show).collect(),
            request_id: request_id.to_owned(),
        }
    }

    /// Returns the response with this document.
    #[must_use]
    pub fn answer(&self) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut answer = HttpResponse::build(status);
        answer.content_type("application/problem+json");
        if status == StatusCode::SERVICE_UNAVAILABLE {
            answer.insert_header((header::RETRY_AFTER, "1"));
        }
        if self.code == ProblemCode::Unauthenticated {
            answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        answer.body(serde_json::to_string(self).unwrap_or_default())
    }
}

/// Sets only the status; the server's outer layer renders the body with the caller's language and
/// the request identifier.
impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        HttpResponse::new(self.status_code())
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_better_language_wins() {
        for (header, language) in [
            ("ja", Language::Ja),
            ("en-GB,ja;q=0.8", Language::En),
            ("fr, ja-JP;q=0.5", Language::Ja),
            ("ja;q=0, en", Language::En),
            ("de, *;q=0.1", Language::En),
            ("", Language::En),
        ] {
            let request = TestRequest::get().insert_header(("accept-language", header));
            assert_eq!(accepted(&request.to_http_request()), language, "{header}");
        }
    }
}
