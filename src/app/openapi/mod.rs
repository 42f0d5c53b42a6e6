//! The OpenAPI document: collected from the routes themselves, then completed with what is the same
//! everywhere.

pub mod compare;
pub mod older;
mod operations;
mod problems;
mod shapes;
mod webhooks;

use actix_web::{App, HttpRequest, Responder, get};
use serde_json::{Map, Value, json};
use utoipa::OpenApi;
use utoipa_actix_web::AppExt;

use super::routes;
use crate::integration::webhooks::model::WebhookPayload;
use crate::platform::http::list::ListOrder;
use crate::platform::http::problem::Problem;
use crate::platform::http::public_document::PublicDocument;

/// The head of the document: title, tags, security, shared schemas.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Okaeri",
        version = "1.0.0",
        description = "Rehire regulations (再雇用規程) as a program, and the pipeline from re-application to offer.\n\nEvery answer of 400 and above is an RFC 9457 problem with a stable `code`. What changes state takes the `ETag` you read in `If-Match`. Lists give a `next_cursor`. HEAD is answered wherever GET is. A read with `fields=id,name` answers those fields alone, of those that its `x-fields` lists; with `expand`, name `expanded` in `fields` too to keep what it shows. A request with a field that its schema does not name is refused; answers may come to hold more fields. Each operation names the permission it needs (`x-required-permission`) and the roles that have it (`x-roles`).",
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
        (name = "webhooks", description = "Endpoints that are told of events by signed requests (Standard Webhooks 1.0.0)"),
        (name = "webhook-requests", description = "The requests that endpoints get, one for each type of event"),
        (name = "operations", description = "For whoever runs the server")
    ),
    components(schemas(Problem, ListOrder, WebhookPayload)),
    security(("bearer" = []))
)]
struct Head;

/// The document as JSON.
#[must_use]
pub fn document() -> Value {
    built(shapes::Side::Published)
}

/// The schemas that requests are held against: the document's, with no field but theirs.
#[must_use]
pub fn of_requests() -> Value {
    built(shapes::Side::Requests)
}

fn built(side: shapes::Side) -> Value {
    let collected = App::new()
        .into_utoipa_app()
        .openapi(Head::openapi())
        .configure(routes::documented)
        .split_for_parts()
        .1;
    let mut document = serde_json::to_value(&collected).unwrap_or_default();
    complete(&mut document, side);
    document
}

/// The document as committed: indented, with a last line end.
#[must_use]
pub fn text() -> String {
    format!("{:#}\n", document())
}

/// The document as OpenAPI 3.0.3, for tools that read no later one.
#[must_use]
pub fn older_text() -> String {
    format!("{:#}\n", older::older(&document()))
}

/// This API as an OpenAPI 3.1 document
///
/// With every operation, schema and problem code. Clients are generated from it.
#[utoipa::path(operation_id = "getOpenapi", tag = "operations", security(()), responses((status = 200, description = "The document",
    body = Object, example = json!({"openapi": "3.1.0", "info": {"title": "Okaeri", "version": "1.0.0"}}))))]
#[get("/openapi.json")]
pub(super) async fn served(request: HttpRequest) -> impl Responder {
    static DOCUMENT: PublicDocument = PublicDocument::new("application/json");
    DOCUMENT.answer(&request, text)
}

/// This API as an OpenAPI 3.0 document
///
/// The same, derived for tools that read no later version.
#[utoipa::path(operation_id = "getOpenapi30", tag = "operations", security(()), responses((status = 200, description = "The document",
    body = Object, example = json!({"openapi": "3.0.3", "info": {"title": "Okaeri", "version": "1.0.0"}}))))]
#[get("/openapi-3.0.json")]
pub(super) async fn served_older(request: HttpRequest) -> impl Responder {
    static DOCUMENT: PublicDocument = PublicDocument::new("application/json");
    DOCUMENT.answer(&request, older_text)
}

fn complete(document: &mut Value, side: shapes::Side) {
    operations::rename_pages(document);
    if let Some(schemas) =
        document.pointer_mut("/components/schemas").and_then(Value::as_object_mut)
    {
        operations::complete_schemas(schemas);
    }
    operations::declare_expanded(document);
    shapes::settle(document, side);
    let schemas = document.pointer("/components/schemas").cloned().unwrap_or_default();
    let mut shared = Map::new();
    for (path, item) in
        document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten()
    {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let Some(operation) = operation.as_object_mut() else { continue };
            operations::complete((path, method), operation, &schemas, &mut shared);
        }
    }
    if let Some(head) = document.as_object_mut() {
        head.insert("webhooks".to_owned(), webhooks::section(&schemas));
    }
    if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
        let bearer = "A JWT of your identity provider or of `okaeri token`, or an API key.";
        let scheme = json!({"bearer": {"type": "http", "scheme": "bearer", "description": bearer}});
        components.insert("securitySchemes".to_owned(), scheme);
        components.insert("responses".to_owned(), Value::Object(shared));
        let examples = problems::examples(components.get("responses"));
        components.insert("examples".to_owned(), Value::Object(examples));
        components.insert("headers".to_owned(), problems::headers());
        components.insert("parameters".to_owned(), webhooks::parameters());
    }
}
