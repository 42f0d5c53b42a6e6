//! Operations that will go: told long before, in every answer (RFC 9745, RFC 8594) and in the
//! document.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, LINK};
use chrono::{NaiveDate, NaiveTime};
use serde_json::{Map, Value, json};

/// An operation that will go.
#[derive(Debug, Clone, Copy)]
pub struct Deprecation {
    /// Which operation.
    pub operation: &'static str,
    /// Since when nothing new should use it.
    pub since: NaiveDate,
    /// On which day it goes, in UTC; at least [`NOTICE`] days later.
    pub sunset: NaiveDate,
    /// The path of what takes its place.
    pub successor: &'static str,
}

/// How many days an operation stays after it was deprecated.
pub const NOTICE: i64 = 365;

/// Every deprecated operation of this build: there is none yet.
pub const TABLE: &[Deprecation] = &[];

/// What is told of an operation.
#[must_use]
pub fn of(table: &[Deprecation], operation: &str) -> Option<Deprecation> {
    table.iter().find(|one| one.operation == operation).copied()
}

impl Deprecation {
    /// Tells it in an answer.
    pub(super) fn tell(self, headers: &mut HeaderMap) {
        let since = self.since.and_time(NaiveTime::MIN).and_utc().timestamp();
        let sunset = self.sunset.and_time(NaiveTime::MIN).format("%a, %d %b %Y %H:%M:%S GMT");
        for (name, text) in [
            (HeaderName::from_static("deprecation"), format!("@{since}")),
            (HeaderName::from_static("sunset"), sunset.to_string()),
            (LINK, format!("<{}>; rel=\"successor-version\"", self.successor)),
        ] {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.append(name, value);
            }
        }
    }

    /// Tells it in the document.
    pub(super) fn describe(self, operation: &mut Map<String, Value>) {
        let told = operation.get("description").and_then(Value::as_str).unwrap_or_default();
        let told = format!(
            "{told}\n\nDeprecated since {}, and gone on {}: use `{}`.",
            self.since, self.sunset, self.successor
        );
        operation.insert("description".to_owned(), json!(told));
        operation.insert("deprecated".to_owned(), json!(true));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn old() -> Deprecation {
        let day = |text: &str| text.parse().unwrap();
        Deprecation {
            operation: "listThings",
            since: day("2026-04-01"),
            sunset: day("2027-04-01"),
            successor: "/v1/items",
        }
    }

    #[test]
    fn an_answer_tells_since_when_until_when_and_what_instead() {
        let mut headers = HeaderMap::new();
        of(&[old()], "listThings").unwrap().tell(&mut headers);

        assert_eq!(headers.get("deprecation").unwrap(), "@1775001600");
        assert_eq!(headers.get("sunset").unwrap(), "Thu, 01 Apr 2027 00:00:00 GMT");
        assert_eq!(headers.get("link").unwrap(), "</v1/items>; rel=\"successor-version\"");
        assert!(of(&[old()], "getThing").is_none());
    }

    #[test]
    fn the_document_says_so() {
        let mut operation = json!({"description": "Things."}).as_object().cloned().unwrap();
        old().describe(&mut operation);

        assert_eq!(operation["deprecated"], true);
        assert!(
            operation["description"]
                .as_str()
                .unwrap()
                .ends_with("gone on 2027-04-01: use `/v1/items`.")
        );
    }

    #[test]
    fn what_goes_is_an_operation_and_is_told_long_before() {
        let document = super::super::openapi::document().to_string();
        for one in TABLE {
            assert!(
                document.contains(&format!("\"operationId\":\"{}\"", one.operation)),
                "{one:?}"
            );
            assert!((one.sunset - one.since).num_days() >= NOTICE, "{one:?}");
        }
    }
}
