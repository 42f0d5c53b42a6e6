//! The problems that each operation can return, and an example for every code.

use std::collections::BTreeMap;

use okaeri_engine::codes::Code as _;
use serde_json::{Map, Value, json};

use super::operations;

use crate::platform::error::ProblemCode::{self, *};
use crate::platform::http::expand::EXPAND;
use crate::platform::http::operation::PROBLEMS;

/// Adds the responses with problems to an operation; `shared` collects responses used by several
/// operations.
pub(super) fn declare(operation: &mut Map<String, Value>, shared: &mut Map<String, Value>) {
    let mut by_status: BTreeMap<u16, Vec<ProblemCode>> = BTreeMap::new();
    for code in codes(operation) {
        by_status.entry(code.status()).or_default().push(code);
    }
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
        return;
    };
    for (status, codes) in by_status {
        let names: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
        let name = format!("Problem{status}_{}", names.join("_"));
        responses
            .insert(status.to_string(), json!({"$ref": format!("#/components/responses/{name}")}));
        shared.entry(name).or_insert_with(|| response(status, &codes));
    }
}

/// Returns all problems that an operation can return.
fn codes(operation: &mut Map<String, Value>) -> Vec<ProblemCode> {
    let own: Vec<ProblemCode> = operation
        .remove(PROBLEMS)
        .and_then(|own| serde_json::from_value(own).ok())
        .unwrap_or_default();
    let operation = &*operation;
    let is_public = operation
        .get("security")
        .and_then(Value::as_array)
        .is_some_and(|security| security.iter().all(|one| *one == json!({})));
    let takes = |place: &str, name: Option<&str>| {
        operation.get("parameters").and_then(Value::as_array).into_iter().flatten().any(
            |parameter| {
                parameter["in"] == place && name.is_none_or(|name| parameter["name"] == name)
            },
        )
    };
    let (has_body, is_keyed) =
        (operation.contains_key("requestBody"), takes("header", Some("Idempotency-Key")));
    let changes = takes("header", Some("If-Match"));
    let must_be_read = operation
        .get("parameters")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .any(|parameter| parameter["name"] == "If-Match" && parameter["required"] == true);
    // A credential that is not valid is refused even where none is required.
    let follows = [
        (Malformed, has_body || is_keyed),
        (BodyTimedOut, has_body || is_keyed),
        (TooDeep, has_body),
        (InvalidCursor, takes("query", Some("cursor"))),
        (InvalidIdempotencyKey, is_keyed),
        (Unauthenticated, true),
        (Forbidden, !is_public),
        (NotFound, takes("path", None)),
        (IdempotencyKeyReused, is_keyed),
        (StaleVersion, changes),
        (TooLarge, has_body || is_keyed),
        (UnsupportedMediaType, has_body || is_keyed),
        (Invalid, !is_public),
        (TooCostly, takes("query", Some(EXPAND))),
        (PreconditionRequired, must_be_read),
        (RateLimited, true),
        (Internal, true),
        (NotMigrated, true),
        (StorageRefused, true),
        (Unavailable, true),
        (TimedOut, true),
    ];
    let follows = follows.into_iter().filter_map(|(code, can)| can.then_some(code));
    follows.chain(own).collect()
}

fn response(status: u16, codes: &[ProblemCode]) -> Value {
    let said =
        codes.iter().map(|code| format!("`{code}`: {}. {}", code.title().en, code.remedy().en));
    let examples = codes.iter().map(|code| {
        (
            code.as_str().to_owned(),
            json!({"$ref": format!("#/components/examples/{}", example_name(*code))}),
        )
    });
    let content = json!({"application/problem+json": {
        "schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples.collect::<Map<_, _>>()
    }});
    let mut headers = Map::new();
    headers.insert("X-Request-Id".to_owned(), json!({"$ref": "#/components/headers/X-Request-Id"}));
    if matches!(status, 429 | 503) {
        headers
            .insert("Retry-After".to_owned(), json!({"$ref": "#/components/headers/Retry-After"}));
    }
    json!({"description": said.collect::<Vec<_>>().join("\n\n"), "headers": headers, "content": content})
}

fn example_name(code: ProblemCode) -> String {
    format!("problem_{code}")
}

/// Returns an example for every code in these responses.
pub(super) fn examples(responses: Option<&Value>) -> Map<String, Value> {
    let text = responses.map(Value::to_string).unwrap_or_default();
    let is_used = |code: &&ProblemCode| text.contains(&format!("/{}\"", example_name(**code)));
    let example = |code: &ProblemCode| {
        let mut problem = json!({
            "type": format!("urn:okaeri:problem:{code}"), "title": code.title().en, "status": code.status(),
            "code": code, "request_id": "0198c5f0a1b27c3d8e4f5a6b7c8d9e0f"
        });
        if let Some(problem) =
            problem.as_object_mut().filter(|_| matches!(code, Invalid | InvalidRegulation))
        {
            let errors = json!([{"pointer": "/name", "code": "required", "detail": "\"name\" is a required property."}]);
            problem.insert("errors".to_owned(), errors);
        }
        (example_name(*code), json!({"summary": code.title().en, "value": problem}))
    };
    ProblemCode::ALL.iter().filter(is_used).map(example).collect()
}

/// Returns the headers of responses, by name.
pub(super) fn headers() -> Value {
    let text = |description: &str, is_required: bool, example: &str| json!({"description": description, "required": is_required, "schema": {"type": "string"}, "example": example});
    json!({
        "X-Request-Id": text("The identifier of this request, for a question to whoever runs the server.", true, "0198c5f0a1b27c3d8e4f5a6b7c8d9e0f"),
        "Retry-After": text("After how many seconds to try again.", false, "1"),
        "ETag": text("The version of this answer: for If-Match with a change, and If-None-Match with the next read.", true, "\"1-9f86d081884c7d65\""),
        "VersionETag": text("The version of the thing now, for If-Match with the next change.", false, "\"2\""),
        "Location": text("Where the thing is that was made; absent on a dry run.", false, "/v1/people/per_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f"),
        "Link": text("The next page, with rel=\"next\"; absent on the last.", false, "</v1/people?limit=20&cursor=…>; rel=\"next\""),
        "Idempotent-Replayed": text("`true` when this is the answer to an earlier request with the same key.", false, "true"),
        "Dry-Run": text("`true` when nothing of this was stored.", false, "true")
    })
}

/// Adds the headers to a successful response.
pub(super) fn give_headers(
    (method, path, status): (&str, &str, &str),
    response: &mut Value,
    schemas: &Value,
) {
    let is_api = path.starts_with("/v1/");
    let is_page =
        response.pointer("/content/application~1json/schema/$ref").and_then(Value::as_str);
    let is_page = is_page.is_some_and(|name| name.ends_with("Page"));
    let schema = response.pointer("/content/application~1json/schema");
    let schema = schema.and_then(|schema| operations::resolved(schema, schemas));
    let has_version = schema.is_some_and(|schema| schema.pointer("/properties/version").is_some());
    let named = [
        ("X-Request-Id", "X-Request-Id", true),
        ("ETag", "ETag", is_api && method == "get"),
        ("ETag", "VersionETag", is_api && method != "get" && has_version),
        ("Location", "Location", status == "201"),
        ("Link", "Link", is_page && method == "get"),
        ("Idempotent-Replayed", "Idempotent-Replayed", is_api && method == "post"),
        ("Dry-Run", "Dry-Run", is_api && method != "get"),
    ];
    let named = named.into_iter().filter(|(_, _, has)| *has);
    response["headers"] = named
        .map(|(name, header, _)| {
            (name.to_owned(), json!({"$ref": format!("#/components/headers/{header}")}))
        })
        .collect::<Map<_, _>>()
        .into();
}
