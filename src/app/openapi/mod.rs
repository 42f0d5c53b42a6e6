//! The OpenAPI document: collected from the routes, then completed with the parts common to all
//! operations.

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

/// Head of the document: title, tags, security and shared schemas.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Okaeri",
        version = "1.0.0",
        description = "Rehire regulations (再雇用規程) as a program, and the pipeline from re-application to offer.\n\nEvery response with status 400 or above is an RFC 9457 problem with a stable `code`. Requests that change a resource take the `ETag` you read in `If-Match`. Lists return a `next_cursor`. HEAD is supported wherever GET is. A read with `fields=id,name` returns only these fields, which must be among those in its `x-fields`; with `expand`, add `expanded` to `fields` to keep the included resources. A request with a field that is not in its schema is refused; responses may get more fields in the future. Each operation lists its required permission (`x-required-permission`) and the roles that have it (`x-roles`).",
        contact(name = "The operator of this server"),
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    servers((url = "/", description = "This server")),
    tags(
        (name = "organizations", description = "The tenant and its group companies"),
        (name = "users", description = "Users who can sign in, and API keys of other systems"),
        (name = "people", description = "People with their contacts, employment periods and registrations"),
        (name = "regulations", description = "Rehire regulations and their versions"),
        (name = "impact", description = "The impact of a draft before it is published"),
        (name = "law", description = "Checks of a return against the law of the workplace"),
        (name = "jobs", description = "Jobs and the openings in them"),
        (name = "applications", description = "Re-applications and their moves through the stages"),
        (name = "decisions", description = "Decisions by a regulation, clause by clause"),
        (name = "offers", description = "Offers, approvals and answers, returns, and rehire instructions for the HR system"),
        (name = "events", description = "The ordered feed of changes"),
        (name = "webhooks", description = "Endpoints that receive events as signed requests (Standard Webhooks 1.0.0)"),
        (name = "webhook-requests", description = "The requests that endpoints receive, one for each type of event"),
        (name = "operations", description = "Endpoints for operators of the server")
    ),
    components(schemas(Problem, ListOrder, WebhookPayload)),
    security(("bearer" = []))
)]
struct Head;

/// Returns the document as JSON.
#[must_use]
pub fn document() -> Value {
    built(shapes::Side::Published)
}

/// Returns the document whose schemas validate requests: no additional fields are allowed.
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

/// Returns the document as committed: indented, with a final newline.
#[must_use]
pub fn text() -> String {
    format!("{:#}\n", document())
}

/// Returns the document as OpenAPI 3.0.3, for tools that support no later version.
#[must_use]
pub fn older_text() -> String {
    format!("{:#}\n", older::older(&document()))
}

/// Read the OpenAPI 3.1 document
///
/// Contains all operations, schemas and problem codes, for generating clients.
#[utoipa::path(operation_id = "getOpenapi", tag = "operations", security(()), responses((status = 200, description = "The document",
    body = Object, example = json!({"openapi": "3.1.0", "info": {"title": "Okaeri", "version": "1.0.0"}}))))]
#[get("/openapi.json")]
pub(super) async fn served(request: HttpRequest) -> impl Responder {
    static DOCUMENT: PublicDocument = PublicDocument::new("application/json");
    DOCUMENT.answer(&request, text)
}

/// Read the OpenAPI 3.0 document
///
/// The same document, converted for tools that support no later version.
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
