//! The OpenAPI document: collected from the routes themselves, then completed with what is the same everywhere.

use std::sync::OnceLock;

use actix_web::{App, HttpResponse, Responder, get};
use serde_json::{Map, Value, json};
use utoipa::OpenApi;
use utoipa_actix_web::AppExt;

use super::{permissions, routes};

/// The head of the document: title, tags, security, shared schemas.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Okaeri",
        description = "Rehire regulations (再雇用規程) as a program, and the pipeline from re-application to offer.\n\nEvery answer of 400 and above is an RFC 9457 problem with a stable `code`. What changes state takes the `ETag` you read in `If-Match`. Lists give a `next_cursor`. Each operation names the permission it needs (`x-required-permission`) and the roles that have it (`x-roles`).",
        contact(name = "The operator of this server"),
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    servers((url = "/", description = "This server")),
    tags(
        (name = "organizations", description = "The tenant and its group companies"),
        (name = "users", description = "Who signs in, and keys for other systems"),
        (name = "people", description = "One human, forever; with contacts, employment periods and registrations"),
        (name = "regulations", description = "Rehire regulations and their versions: the program"),
        (name = "impact", description = "What a draft would change, before it is published"),
        (name = "law", description = "What the law of the workplace says of a return"),
        (name = "jobs", description = "Jobs and the openings in them"),
        (name = "applications", description = "Re-applications and their way through the stages"),
        (name = "decisions", description = "What the regulation says, clause by clause"),
        (name = "offers", description = "Offers, approvals, answers, the return and what the HR system is told of it"),
        (name = "events", description = "The ordered feed of changes"),
        (name = "operations", description = "For whoever runs the server")
    ),
    components(schemas(super::problem::Problem)),
    security(("bearer" = []))
)]
struct Head;

/// The document as JSON.
#[must_use]
pub fn document() -> Value {
    let collected =
        App::new().into_utoipa_app().openapi(Head::openapi()).configure(routes::documented).split_for_parts().1;
    let mut document = serde_json::to_value(&collected).unwrap_or_default();
    complete(&mut document);
    document
}

/// The document as committed: indented, with a last line end.
#[must_use]
pub fn text() -> String {
    format!("{:#}\n", document())
}

/// The document.
#[get("/openapi.json")]
pub(super) async fn served() -> impl Responder {
    static TEXT: OnceLock<String> = OnceLock::new();
    HttpResponse::Ok().content_type("application/json").body(TEXT.get_or_init(text).as_str())
}

fn complete(document: &mut Value) {
    rename_pages(document);
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        complete_schemas(schemas);
    }
    let schemas = document.pointer("/components/schemas").cloned().unwrap_or_default();
    if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
        components.insert(
            "securitySchemes".to_owned(),
            json!({"bearer": {"type": "http", "scheme": "bearer", "description": "A JWT of your identity provider or of `okaeri token`, or an API key."}}),
        );
        components.insert("responses".to_owned(), problem_responses());
    }
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    for (path, item) in paths.iter_mut() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let Some(operation) = operation.as_object_mut() else { continue };
            complete_operation(path, method, operation, &schemas);
        }
    }
}

/// An identifier has an example of its own form, and a page holds things by their name.
fn complete_schemas(schemas: &mut Map<String, Value>) {
    let names: Vec<String> = schemas.keys().cloned().collect();
    for name in &names {
        let Some(schema) = schemas.get_mut(name) else { continue };
        let is_id = schema.get("pattern").and_then(Value::as_str).is_some_and(|pattern| pattern.ends_with(ID_PATTERN));
        if let Some(prefix) = schema.get("example").and_then(Value::as_str).filter(|_| is_id).map(str::to_owned) {
            schema["example"] = json!(format!("{prefix}_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f"));
        }
        let held = name.strip_suffix("Page").filter(|held| names.iter().any(|name| name == held));
        if let Some((held, items)) = held.zip(schema.pointer_mut("/properties/items/items")) {
            *items = json!({"$ref": format!("#/components/schemas/{held}")});
        }
    }
}

/// How the pattern of every identifier ends.
const ID_PATTERN: &str = "_[0-9a-f]{32}$";

/// A default that the derive put beside a schema, as if it were one of its own, belongs into it.
fn join_defaults(operation: &mut Map<String, Value>) {
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten();
    for schema in parameters.filter_map(|parameter| parameter.get_mut("schema")) {
        let Some([of, beside]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) else { continue };
        let (mut of, default) = (of.clone(), beside.get("default").cloned());
        if let (Some(schema_of), Some(default)) = (of.as_object_mut(), default) {
            schema_of.insert("default".to_owned(), default);
            *schema = of;
        }
    }
}

fn complete_operation(path: &str, method: &str, operation: &mut Map<String, Value>, schemas: &Value) {
    // First, since what an operation takes tells which problems it can answer with.
    declare_path_parameters(path, operation, schemas);
    join_defaults(operation);
    if method == "post" {
        declare_idempotency_key(operation);
    }
    if method == "get" && path.starts_with("/v1/") {
        declare_if_none_match(operation);
    }
    let statuses = statuses(operation);
    if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
        for status in statuses {
            responses.insert(status.to_owned(), json!({"$ref": format!("#/components/responses/Problem{status}")}));
        }
        responses.values_mut().for_each(|response| give_example(response, schemas));
    }
    if let Some(body) = operation.get_mut("requestBody") {
        give_example(body, schemas);
    }
    permissions::describe(operation);
}

fn add_parameter(operation: &mut Map<String, Value>, parameter: Value) {
    if let Some(parameters) = operation.entry("parameters").or_insert_with(|| json!([])).as_array_mut() {
        parameters.push(parameter);
    }
}

/// A read that was done before may be asked for again only if it changed.
fn declare_if_none_match(operation: &mut Map<String, Value>) {
    let parameter = json!({
        "name": "If-None-Match", "in": "header", "required": false,
        "description": "An ETag that this read gave you before: unchanged, it is answered 304 without a body.",
        "schema": {"type": "string"}, "example": "\"1-9f86d081884c7d65\""
    });
    add_parameter(operation, parameter);
    if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
        responses.insert("304".to_owned(), json!({"description": "Unchanged since you read it"}));
    }
}

/// A POST that only answers a question.
const STORING_NOTHING: [&str; 4] = ["checkLaw", "checkRegulation", "askRegulation", "askForPerson"];

/// A POST may be sent again under the same key, and is done once.
fn declare_idempotency_key(operation: &mut Map<String, Value>) {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let description = if STORING_NOTHING.contains(&id) {
        "Taken, and without effect: this request stores nothing, and is answered the same however often it is sent."
    } else {
        "A key that you choose for this request, at most 255 visible ASCII characters. Sent again with the same key and the same contents within 48 hours, the request is done once and answered with the first answer and `Idempotent-Replayed: true`; with other contents it is refused (`idempotency_key_reused`). A request that was refused may be corrected under the same key."
    };
    let parameter = json!({
        "name": "Idempotency-Key", "in": "header", "required": false, "description": description,
        "schema": {"type": "string"}, "example": "0198c5f0-a1b2-7c3d-8e4f-5a6b7c8d9e0f"
    });
    add_parameter(operation, parameter);
}

/// Parts of paths that are no identifiers but texts of 1 to 200 characters: name, description, example.
const TEXTS: [(&str, &str, &str); 1] =
    [("external_id", "The identifier in another system, percent-encoded", "hr-10023")];

/// Every identifier in a path is a parameter, of the type that its name tells. The derive sees them only
/// where a handler takes several.
fn declare_path_parameters(path: &str, operation: &mut Map<String, Value>, schemas: &Value) {
    let names: Vec<&str> = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
    if names.is_empty() {
        return;
    }
    let of_path = |parameter: &Value| parameter.get("in").and_then(Value::as_str) == Some("path");
    let kept = operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    let declared = names.into_iter().map(|name| {
        if let Some((_, description, example)) = TEXTS.iter().find(|(text, ..)| *text == name) {
            return json!({
                "name": name, "in": "path", "required": true, "description": description,
                "schema": {"type": "string", "minLength": 1, "maxLength": 200}, "example": example
            });
        }
        let schema = id_schema(name);
        let example = schemas.get(&schema).and_then(|schema| schema.get("example")).cloned().unwrap_or_default();
        json!({
            "name": name, "in": "path", "required": true, "description": "Its identifier",
            "schema": {"$ref": format!("#/components/schemas/{schema}")},
            "example": example
        })
    });
    let parameters: Vec<Value> = declared.chain(kept.into_iter().filter(|parameter| !of_path(parameter))).collect();
    operation.insert("parameters".to_owned(), Value::Array(parameters));
}

/// The schema of the identifier that a path names so: `person_id` is a `PersonId`.
fn id_schema(name: &str) -> String {
    if name == "version_id" {
        return "RegulationVersionId".to_owned();
    }
    name.split('_')
        .map(|word| word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect::<String>())
        .collect()
}

/// `Page_Person` becomes `PersonPage`, which reads well in generated clients.
fn rename_pages(document: &mut Value) {
    match document {
        Value::Object(map) => {
            let pages: Vec<String> = map.keys().filter(|key| key.starts_with("Page_")).cloned().collect();
            for key in pages {
                if let (Some(schema), Some(of)) = (map.remove(&key), key.strip_prefix("Page_")) {
                    map.insert(format!("{of}Page"), schema);
                }
            }
            map.values_mut().for_each(rename_pages);
        }
        Value::Array(items) => items.iter_mut().for_each(rename_pages),
        Value::String(text) => {
            if let Some(of) = text.strip_prefix("#/components/schemas/Page_") {
                *text = format!("#/components/schemas/{of}Page");
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Which problems an operation can answer with, from what it takes.
fn statuses(operation: &Map<String, Value>) -> Vec<&'static str> {
    let is_public = operation
        .get("security")
        .and_then(Value::as_array)
        .is_some_and(|security| security.iter().all(|one| *one == json!({})));
    if is_public {
        // Who presents a credential that is not good is told so, even where none is needed.
        return vec!["401", "500", "503"];
    }
    let takes = |place: &str, name: Option<&str>| {
        operation.get("parameters").and_then(Value::as_array).into_iter().flatten().any(|parameter| {
            parameter.get("in").and_then(Value::as_str) == Some(place)
                && name.is_none_or(|name| parameter.get("name").and_then(Value::as_str) == Some(name))
        })
    };
    let has_body = operation.get("requestBody").is_some();
    let changes = takes("header", Some("If-Match"));
    let must_be_read = operation.get("parameters").and_then(Value::as_array).into_iter().flatten().any(|parameter| {
        parameter.get("name").and_then(Value::as_str) == Some("If-Match")
            && parameter.get("required").and_then(Value::as_bool) == Some(true)
    });
    [
        ("400", has_body || takes("query", None) || takes("header", Some("Idempotency-Key"))),
        ("401", true),
        ("403", true),
        ("404", takes("path", None)),
        ("409", has_body || changes || takes("header", Some("Idempotency-Key"))),
        ("412", changes),
        ("413", has_body || takes("header", Some("Idempotency-Key"))),
        ("415", has_body),
        ("422", has_body || takes("query", None)),
        ("428", must_be_read),
        ("500", true),
        ("503", true),
    ]
    .into_iter()
    .filter_map(|(status, can)| can.then_some(status))
    .collect()
}

fn problem_responses() -> Value {
    let described = [
        ("400", "The request could not be read", "malformed"),
        ("401", "No credential, or none that can be trusted", "unauthenticated"),
        ("403", "Your roles do not allow this", "forbidden"),
        ("404", "Nothing here, or nothing you may know of", "not_found"),
        ("409", "The present state does not allow this", "conflict"),
        ("412", "It has changed since you read it", "stale_version"),
        ("413", "The body is too large", "too_large"),
        ("415", "The body is not application/json", "unsupported_media_type"),
        ("422", "Some fields are wrong; each is listed", "invalid"),
        ("428", "If-Match is missing", "precondition_required"),
        ("500", "Something went wrong on our side", "internal"),
        ("503", "Try again in a moment", "unavailable"),
    ];
    described
        .into_iter()
        .map(|(status, description, code)| {
            let example = json!({
                "type": format!("urn:okaeri:problem:{code}"), "title": description, "status": status.parse::<u16>().unwrap_or_default(),
                "code": code, "request_id": "0198c5f0a1b27c3d8e4f5a6b7c8d9e0f"
            });
            let content = json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}});
            (format!("Problem{status}"), json!({"description": description, "content": content}))
        })
        .collect::<Map<_, _>>()
        .into()
}

/// The example of a schema stands where readers and mock servers look for it: beside the body.
fn give_example(holder: &mut Value, schemas: &Value) {
    let Some(content) = holder.get_mut("content").and_then(Value::as_object_mut) else { return };
    for media in content.values_mut().filter_map(Value::as_object_mut) {
        if media.contains_key("example") {
            continue;
        }
        if let Some(example) = media.get("schema").and_then(|schema| example_of(schema, schemas)) {
            media.insert("example".to_owned(), example);
        }
    }
}

fn example_of(schema: &Value, schemas: &Value) -> Option<Value> {
    let schema = match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => schemas.get(reference.rsplit('/').next()?)?,
        None => schema,
    };
    if let Some(example) = schema.get("example") {
        return Some(example.clone());
    }
    if let Some(items) = schema.get("items") {
        return example_of(items, schemas).map(|one| json!([one]));
    }
    // A page shows one of what it holds.
    let item = example_of(schema.pointer("/properties/items/items")?, schemas)?;
    Some(json!({"items": [item]}))
}
