//! The webhooks in the document: one for each type of event, from the list of types.

use okaeri_engine::codes::Code as _;
use serde_json::{Map, Value, json};

use super::operations;
use crate::integration::webhooks::model::TEST;
use crate::platform::outbox::EventType;

/// A type of event in the document.
struct EventTold {
    name: &'static str,
    subject_type: &'static str,
    description: &'static str,
}

impl From<EventType> for EventTold {
    fn from(kind: EventType) -> Self {
        Self {
            name: kind.as_str(),
            subject_type: kind.subject_type(),
            description: kind.description(),
        }
    }
}

/// The event that tests an endpoint.
const TRIAL: EventTold = EventTold {
    name: TEST,
    subject_type: "webhook_endpoint",
    description: "An endpoint was tested. The event is sent only to this endpoint, whatever its event types, and is not in the feed.",
};

/// Returns all webhooks, by the type of the event.
pub(super) fn section(schemas: &Value) -> Value {
    let all = EventType::ALL.iter().copied().map(EventTold::from).chain([TRIAL]);
    all.map(|event| (event.name.to_owned(), json!({"post": operation(&event, schemas)})))
        .collect::<Map<_, _>>()
        .into()
}

fn operation(event: &EventTold, schemas: &Value) -> Value {
    let description = format!(
        "{} The request says which event it was and what it happened to, by identifiers; the rest is read through this API. \
         It comes at least once, with the same `webhook-id` in every attempt.",
        event.description
    );
    let header = |name: &str| json!({"$ref": format!("#/components/parameters/{name}")});
    let schema = json!({
        "allOf": [
            {"$ref": "#/components/schemas/WebhookPayload"},
            {"type": "object", "properties": {"type": {"type": "string", "const": event.name}}}
        ]
    });
    json!({
        "operationId": format!("receive{}", operations::id_schema(&event.name.replace('.', "_"))),
        "tags": ["webhook-requests"],
        "summary": event.name,
        "description": description,
        "security": [],
        "parameters": HEADERS.iter().map(|(name, ..)| header(name)).collect::<Vec<_>>(),
        "requestBody": {
            "required": true,
            "content": {"application/json": {"schema": schema, "example": example(event, schemas)}}
        },
        "responses": {
            "2XX": {"description": "Success. Every other response, including a redirect, is a failure, and the event is sent again on the schedule."},
            "410": {"description": "The endpoint is gone: it is disabled and receives nothing further."},
            "429": {"description": "Too many requests; `Retry-After` is respected, here and with 503."}
        }
    })
}

fn example(event: &EventTold, schemas: &Value) -> Value {
    let subject = schemas.pointer(&format!(
        "/{}/example",
        operations::id_schema(&format!("{}_id", event.subject_type))
    ));
    let sequence = if event.name == TEST { Value::Null } else { json!(42) };
    json!({
        "type": event.name, "timestamp": "2026-04-01T00:00:00.000000Z",
        "data": {
            "event_id": "evt_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "sequence": sequence,
            "subject_type": event.subject_type, "subject_id": subject, "data": {}
        }
    })
}

/// Headers of every webhook: name, description, example.
const HEADERS: [(&str, &str, &str); 3] = [
    (
        "webhook-id",
        "The event's identifier: the same in every attempt, for passing over what came before.",
        "evt_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f",
    ),
    ("webhook-timestamp", "When this attempt was made, in seconds since 1970.", "1775001600"),
    (
        "webhook-signature",
        "`v1,` and the HMAC-SHA256 of id, timestamp and body, joined by full stops, in base64; while a former secret still signs, one for each with a space between.",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
];

/// Returns the headers of every webhook as shared parameters.
pub(super) fn parameters() -> Value {
    let parameter = |(name, description, example): &(&str, &str, &str)| {
        let parameter = json!({
            "name": name, "in": "header", "required": true, "description": description,
            "schema": {"type": "string"}, "example": example
        });
        ((*name).to_owned(), parameter)
    };
    HEADERS.iter().map(parameter).collect::<Map<_, _>>().into()
}
