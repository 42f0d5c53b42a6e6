//! Public information about the API, for callers without credentials: its documents, its problem
//! codes and the security contact.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use okaeri_engine::codes::Code as _;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::error::{Error, Message, ProblemCode, Result};
use crate::platform::http::server::Operator;
use crate::platform::http::{Page, public_operation};
use crate::platform::usecase::Okaeri;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(problem_codes)
        .service(api_catalog)
        .service(public_operation(security_text, &[ProblemCode::NotFound]))
        .service(public_operation(protected_resource, &[ProblemCode::NotFound]))
        .service(super::openapi::served)
        .service(super::openapi::served_older);
}

/// A kind of problem.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProblemKind, example = json!({
    "code": "stale_version", "type": "urn:okaeri:problem:stale_version", "status": 412,
    "title": {"ja": "読み取った後に変更されています", "en": "It has changed since you read it"},
    "remedy": {"ja": "読み直してください。", "en": "Read it again, repeat your change on what is there now, and send its ETag."}
}))]
pub(crate) struct ProblemKind {
    /// The stable code for programs.
    code: ProblemCode,
    /// The `type` of its problem documents.
    #[serde(rename = "type")]
    kind: String,
    /// The HTTP status.
    status: u16,
    /// The title.
    title: Message,
    /// The remedy.
    remedy: Message,
}

/// List all problem codes
///
/// Returns every problem code with its status, and its title and remedy in Japanese and English.
/// Codes are added, never changed.
#[utoipa::path(operation_id = "listProblemCodes", tag = "operations", security(()),
    responses((status = 200, description = "All codes", body = Page<ProblemKind>)))]
#[get("/problem-codes")]
async fn problem_codes() -> Page<ProblemKind> {
    let kind = |code: &ProblemCode| ProblemKind {
        code: *code,
        kind: format!("urn:okaeri:problem:{code}"),
        status: code.status(),
        title: code.title(),
        remedy: code.remedy(),
    };
    Page::whole(ProblemCode::ALL.iter().map(kind).collect())
}

fn under(operator: Option<&web::Data<Operator>>, path: &str) -> String {
    format!(
        "{}{path}",
        operator.and_then(|operator| operator.public_url.as_deref()).unwrap_or_default()
    )
}

/// Read the API catalog
///
/// A link set (RFC 9727): the API, its OpenAPI documents, its docs page and its state.
#[utoipa::path(operation_id = "getApiCatalog", tag = "operations", security(()), responses((status = 200, description = "The link set",
    body = Object, content_type = "application/linkset+json",
    example = json!({"linkset": [{"anchor": "https://okaeri.example/v1", "service-desc": [{"href": "https://okaeri.example/openapi.json", "type": "application/json"}]}]}))))]
#[get("/.well-known/api-catalog")]
async fn api_catalog(operator: Option<web::Data<Operator>>) -> HttpResponse {
    let link =
        |path: &str, kind: &str| json!([{"href": under(operator.as_ref(), path), "type": kind}]);
    let catalog = json!({"linkset": [{
        "anchor": under(operator.as_ref(), "/v1"),
        "service-desc": [
            {"href": under(operator.as_ref(), "/openapi.json"), "type": "application/json"},
            {"href": under(operator.as_ref(), "/openapi-3.0.json"), "type": "application/json"}
        ],
        "service-doc": [
            {"href": under(operator.as_ref(), "/docs/"), "type": "text/html"},
            {"href": under(operator.as_ref(), "/docs/guide/"), "type": "text/html"}
        ],
        "service-meta": link("/problem-codes", "application/json"),
        "status": link("/readyz", "application/json")
    }]});
    HttpResponse::Ok().content_type("application/linkset+json").body(catalog.to_string())
}

/// Read the security contact
///
/// A document according to RFC 9116; not found if the operator has set no contact.
#[utoipa::path(operation_id = "getSecurityText", tag = "operations", security(()), responses(
    (status = 200, description = "The contact", body = String, content_type = "text/plain",
     example = "Contact: mailto:security@example.jp\nExpires: 2027-04-01T00:00:00Z\n"),
))]
#[get("/.well-known/security.txt")]
async fn security_text(
    okaeri: web::Data<Okaeri>,
    operator: Option<web::Data<Operator>>,
) -> Result<HttpResponse> {
    let contact = operator.as_ref().and_then(|operator| operator.security_contact.as_deref());
    let contact = contact.ok_or_else(|| Error::not_found("contact"))?;
    // Valid for 30 days from now.
    let expires = okaeri.clock.now().utc() + chrono::Duration::days(30);
    let expires = expires.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let text = format!("Contact: {contact}\nExpires: {expires}\nPreferred-Languages: ja, en\n");
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8"))
        .body(text))
}

/// Read the protected resource metadata
///
/// A document according to RFC 9728; not found if the operator has not set the public URL.
#[utoipa::path(operation_id = "getProtectedResource", tag = "operations", security(()), responses(
    (status = 200, description = "The resource", body = Object,
     example = json!({"resource": "https://okaeri.example/v1", "authorization_servers": ["https://login.example.jp"], "bearer_methods_supported": ["header"]})),
))]
#[get("/.well-known/oauth-protected-resource")]
async fn protected_resource(operator: Option<web::Data<Operator>>) -> Result<web::Json<Value>> {
    let operator = operator.filter(|operator| operator.public_url.is_some());
    let operator = operator.ok_or_else(|| Error::not_found("resource"))?;
    Ok(web::Json(json!({
        "resource": under(Some(&operator), "/v1"), "authorization_servers": operator.issuer.iter().collect::<Vec<_>>(),
        "bearer_methods_supported": ["header"], "resource_documentation": under(Some(&operator), "/docs/")
    })))
}
