//! `/v1/webhook-endpoints` and `/v1/webhook-deliveries`.

use actix_web::{delete, get, patch, post, web};
use okaeri_engine::text::{LongText, Text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::deliveries::service as deliveries;
use super::model::{
    WebhookDeliveryError, WebhookDeliveryState, WebhookDisabledReason, WebhookEndpointState,
};
use super::service::{self, Edit, Filter, New, Row};
use super::signature::Secret;
use crate::platform::auth::may;
use crate::platform::clock::Timestamp;
use crate::platform::error::{ProblemCode, Result};
use crate::platform::http::idempotency::ToldOnce;
use crate::platform::http::{
    Allowed, Answered, Body, Created, Done, IfMatch, ListQuery, NoContent, Page, PageQuery, Query,
    Tagged, Versioned, operation,
};
use crate::platform::ids::{EventId, WebhookDeliveryId, WebhookEndpointId};
use crate::platform::patch::{self, Change};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::{Conflict, LimitReached, ToldOnce};
    config
        .service(operation(may::WriteWebhooks, create_webhook_endpoint, &[ToldOnce, LimitReached]))
        .service(operation(may::ReadWebhooks, list_webhook_endpoints, &[]))
        .service(operation(may::ReadWebhooks, get_webhook_endpoint, &[]))
        .service(operation(may::WriteWebhooks, update_webhook_endpoint, &[]))
        .service(operation(may::WriteWebhooks, delete_webhook_endpoint, &[]))
        .service(operation(may::WriteWebhooks, rotate_webhook_secret, &[ToldOnce]))
        .service(operation(may::WriteWebhooks, test_webhook_endpoint, &[Conflict]))
        .service(operation(may::ReadWebhooks, list_webhook_deliveries, &[]))
        .service(operation(may::ReadWebhooks, get_webhook_delivery, &[]))
        .service(operation(may::WriteWebhooks, resend_webhook_delivery, &[Conflict]));
}

/// Where another system is told of events; without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookEndpoint, example = json!({
    "id": "whe_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "url": "https://hr.example.jp/hooks/okaeri", "event_types": ["offer.*", "return.registered"],
    "description": "HR system", "state": "active", "disabled_reason": null, "version": 1,
    "created_at": "2026-04-01T00:00:00.000000Z", "updated_at": "2026-04-01T00:00:00.000000Z"
}))]
pub struct WebhookEndpointOut {
    /// The endpoint's identifier.
    pub id: WebhookEndpointId,
    /// Where requests go to.
    pub url: String,
    /// Types of events, or groups such as `offer.*`; all, when empty.
    pub event_types: Vec<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it is told.
    pub state: WebhookEndpointState,
    /// Why Okaeri disabled it; nothing when somebody did.
    pub disabled_reason: Option<WebhookDisabledReason>,
    /// Row version; the `ETag` is this in quotes.
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Versioned for WebhookEndpointOut {
    fn version(&self) -> i32 {
        self.version
    }
}

impl From<Row> for WebhookEndpointOut {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            url: row.url,
            event_types: row.event_types.0,
            description: row.description,
            state: row.state,
            disabled_reason: row.disabled_reason,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// An endpoint with a secret just made: it is shown this once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookEndpointWithSecret, example = json!({
    "endpoint": {
        "id": "whe_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "url": "https://hr.example.jp/hooks/okaeri", "event_types": ["offer.*", "return.registered"],
        "description": "HR system", "state": "active", "disabled_reason": null, "version": 1,
        "created_at": "2026-04-01T00:00:00.000000Z", "updated_at": "2026-04-01T00:00:00.000000Z"
    },
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="
}))]
pub struct WithSecretOut {
    /// The endpoint.
    pub endpoint: WebhookEndpointOut,
    /// With what its requests are signed.
    pub secret: String,
}

impl Versioned for WithSecretOut {
    fn version(&self) -> i32 {
        self.endpoint.version
    }
}

/// Where it is, with the secret that only this answer tells.
fn told_once((row, secret): (Row, Secret)) -> ToldOnce<WithSecretOut> {
    let location = format!("/v1/webhook-endpoints/{}", row.id);
    ToldOnce(Created {
        location,
        thing: WithSecretOut { endpoint: row.into(), secret: secret.tell().to_owned() },
    })
}

/// An endpoint to make.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookEndpointInput, example = json!({
    "url": "https://hr.example.jp/hooks/okaeri", "event_types": ["offer.*", "return.registered"], "description": "HR system"
}))]
pub struct WebhookEndpointIn {
    /// Where requests go to: an https address that everybody can reach.
    #[schema(inline)]
    pub url: Text<2000>,
    /// Types of events, or groups such as `offer.*`; all, when empty or absent.
    #[serde(default)]
    #[validate(length(max = 100))]
    #[schema(value_type = Vec<String>, max_items = 100)]
    pub event_types: Vec<Text<100>>,
    /// What it is for.
    #[schema(inline)]
    pub description: Option<LongText<500>>,
}

/// What changes of an endpoint; absent fields stay.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookEndpointPatch, example = json!({"event_types": ["offer.*"], "state": "active"}))]
pub struct WebhookEndpointPatch {
    /// Where requests go to: an https address that everybody can reach.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false, inline)]
    pub url: Option<Text<2000>>,
    /// Types of events, or groups such as `offer.*`; all, when empty.
    #[serde(default, deserialize_with = "patch::present")]
    #[validate(length(max = 100))]
    #[schema(value_type = Vec<String>, max_items = 100)]
    pub event_types: Option<Vec<Text<100>>>,
    /// What it is for.
    #[serde(default)]
    #[schema(value_type = Option<LongText<500>>, inline)]
    pub description: Change<LongText<500>>,
    /// Whether it is told.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false)]
    pub state: Option<WebhookEndpointState>,
}

/// One event for one endpoint.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookDelivery, example = json!({
    "id": "whd_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "endpoint_id": "whe_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f",
    "event_id": "evt_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "sequence": 42, "type": "application.moved", "state": "pending", "attempts": 1,
    "next_attempt_at": "2026-04-01T00:00:05.100000Z", "last_status": 500, "last_error": "not_taken", "delivered_at": null,
    "created_at": "2026-04-01T00:00:00.000000Z", "updated_at": "2026-04-01T00:00:00.000000Z"
}))]
pub struct WebhookDeliveryOut {
    /// The delivery's identifier.
    pub id: WebhookDeliveryId,
    /// To which endpoint.
    pub endpoint_id: WebhookEndpointId,
    /// Of which event: the `webhook-id` of every attempt.
    pub event_id: EventId,
    /// The event's place in the feed; none for a test.
    pub sequence: Option<i64>,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: String,
    /// How far it is.
    pub state: WebhookDeliveryState,
    /// How often it was attempted.
    pub attempts: i32,
    /// When it is attempted next.
    pub next_attempt_at: Option<Timestamp>,
    /// The HTTP status of the last answer.
    pub last_status: Option<i32>,
    /// Why the last attempt failed.
    pub last_error: Option<WebhookDeliveryError>,
    /// When it was taken.
    pub delivered_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl From<deliveries::Row> for WebhookDeliveryOut {
    fn from(row: deliveries::Row) -> Self {
        Self {
            id: row.id,
            endpoint_id: row.endpoint_id,
            event_id: row.event_id,
            sequence: row.sequence,
            kind: row.type_,
            state: row.state,
            attempts: row.attempts,
            next_attempt_at: row.next_attempt_at,
            last_status: row.last_status,
            last_error: row.last_error,
            delivered_at: row.delivered_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// Which endpoints.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WebhookEndpointsQuery {
    /// Only those in this state.
    #[param(inline, nullable = false, example = "active")]
    state: Option<WebhookEndpointState>,
}

/// Which deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WebhookDeliveriesQuery {
    /// Only those in this state.
    #[param(inline, nullable = false, example = "failed")]
    state: Option<WebhookDeliveryState>,
}

/// Make a webhook endpoint
///
/// It is told of every event that comes after it and that it wants, by requests that are signed as
/// Standard Webhooks 1.0.0 has it. The secret is in this answer only. Sent again with the same
/// `Idempotency-Key` it answers `told_once` and makes no second endpoint.
#[utoipa::path(operation_id = "createWebhookEndpoint", tag = "webhooks", request_body = WebhookEndpointIn,
    responses((status = 201, description = "Made", body = WithSecretOut)))]
#[post("/webhook-endpoints")]
async fn create_webhook_endpoint(
    may: Allowed<may::WriteWebhooks>,
    Body(body): Body<WebhookEndpointIn>,
) -> Result<Answered> {
    let new = New {
        url: body.url.into(),
        event_types: body.event_types.into_iter().map(String::from).collect(),
        description: body.description.map(String::from),
    };
    let targets = may.okaeri().webhook_targets;
    may.answer(move |tx| Ok(told_once(service::create(tx, &new, targets)?))).await
}

/// List webhook endpoints
///
/// Newest first, with those that are disabled.
#[utoipa::path(operation_id = "listWebhookEndpoints", tag = "webhooks", params(PageQuery, WebhookEndpointsQuery, ListQuery),
    responses((status = 200, description = "A page of endpoints", body = Page<WebhookEndpointOut>)))]
#[get("/webhook-endpoints")]
async fn list_webhook_endpoints(
    may: Allowed<may::ReadWebhooks>,
    Query(page): Query<PageQuery>,
    Query(query): Query<WebhookEndpointsQuery>,
    Query(list): Query<ListQuery>,
) -> Result<Page<WebhookEndpointOut>> {
    let filter = Filter { state: query.state };
    let asked = may.listing("webhook endpoints", &filter, &list, &page).await?;
    let listing = asked.listing.clone();
    let rows = may.read(move |tx| service::list(tx, &filter, &listing)).await?;
    Ok(asked.page(rows, |row| (row.id, row.updated_at), WebhookEndpointOut::from))
}

/// Read a webhook endpoint
///
/// Without its secret, which nobody can read again.
#[utoipa::path(operation_id = "getWebhookEndpoint", tag = "webhooks",
    responses((status = 200, description = "The endpoint", body = WebhookEndpointOut)))]
#[get("/webhook-endpoints/{webhook_endpoint_id}")]
async fn get_webhook_endpoint(
    may: Allowed<may::ReadWebhooks>,
    id: web::Path<WebhookEndpointId>,
) -> Result<Tagged<WebhookEndpointOut>> {
    let id = id.into_inner();
    Ok(Tagged(may.read(move |tx| service::find(tx, id)).await?.into()))
}

/// Change a webhook endpoint
///
/// A merge patch: absent fields stay. One that is disabled is told nothing; active again, it goes
/// on where it was, so that it misses nothing.
#[utoipa::path(operation_id = "updateWebhookEndpoint", tag = "webhooks", request_body = WebhookEndpointPatch,
    params(("If-Match" = String, Header, description = "The ETag you read", example = "\"1\"")),
    responses((status = 200, description = "As it is now", body = WebhookEndpointOut)))]
#[patch("/webhook-endpoints/{webhook_endpoint_id}")]
async fn update_webhook_endpoint(
    may: Allowed<may::WriteWebhooks>,
    id: web::Path<WebhookEndpointId>,
    IfMatch(expected): IfMatch,
    Body(body): Body<WebhookEndpointPatch>,
) -> Result<Tagged<WebhookEndpointOut>> {
    let (id, targets) = (id.into_inner(), may.okaeri().webhook_targets);
    let edit = Edit {
        url: body.url.map(String::from),
        event_types: body.event_types.map(|types| types.into_iter().map(String::from).collect()),
        description: body.description.map(String::from),
        state: body.state,
    };
    Ok(Tagged(may.write(move |tx| service::update(tx, id, expected, &edit, targets)).await?.into()))
}

/// Delete a webhook endpoint
///
/// With its secrets and deliveries. It is told nothing further; what is on its way may still
/// arrive.
#[utoipa::path(operation_id = "deleteWebhookEndpoint", tag = "webhooks",
    params(("If-Match" = String, Header, description = "The ETag you read", example = "\"1\"")),
    responses((status = 204, description = "Deleted")))]
#[delete("/webhook-endpoints/{webhook_endpoint_id}")]
async fn delete_webhook_endpoint(
    may: Allowed<may::WriteWebhooks>,
    id: web::Path<WebhookEndpointId>,
    IfMatch(expected): IfMatch,
) -> Result<NoContent> {
    let id = id.into_inner();
    may.write(move |tx| service::delete(tx, id, expected)).await?;
    Ok(NoContent)
}

/// Give a webhook endpoint a new secret
///
/// It is in this answer only. For 24 hours the former secret signs beside it, so that a receiver
/// can change over without missing anything. Those before it sign no more.
#[utoipa::path(operation_id = "rotateWebhookSecret", tag = "webhooks",
    params(("If-Match" = String, Header, description = "The ETag you read", example = "\"1\"")),
    responses((status = 201, description = "A new secret", body = WithSecretOut)))]
#[post("/webhook-endpoints/{webhook_endpoint_id}/rotate-secret")]
async fn rotate_webhook_secret(
    may: Allowed<may::WriteWebhooks>,
    id: web::Path<WebhookEndpointId>,
    IfMatch(expected): IfMatch,
) -> Result<Answered> {
    let id = id.into_inner();
    may.answer(move |tx| Ok(told_once(service::rotate(tx, id, expected)?))).await
}

/// Try a webhook endpoint
///
/// Queues an event of the type `webhook.test` for this endpoint alone, whichever types it wants. A
/// disabled endpoint is refused (`conflict`).
#[utoipa::path(operation_id = "testWebhookEndpoint", tag = "webhooks",
    responses((status = 200, description = "The delivery that was queued", body = WebhookDeliveryOut)))]
#[post("/webhook-endpoints/{webhook_endpoint_id}/test")]
async fn test_webhook_endpoint(
    may: Allowed<may::WriteWebhooks>,
    id: web::Path<WebhookEndpointId>,
) -> Result<Answered> {
    let id = id.into_inner();
    may.answer(move |tx| Ok(Done(WebhookDeliveryOut::from(deliveries::test(tx, id)?)))).await
}

/// List webhook deliveries
///
/// Of one endpoint, newest first. Those that were taken or given up are kept for 30 days.
#[utoipa::path(operation_id = "listWebhookDeliveries", tag = "webhooks", params(PageQuery, WebhookDeliveriesQuery, ListQuery),
    responses((status = 200, description = "A page of deliveries", body = Page<WebhookDeliveryOut>)))]
#[get("/webhook-endpoints/{webhook_endpoint_id}/deliveries")]
async fn list_webhook_deliveries(
    may: Allowed<may::ReadWebhooks>,
    id: web::Path<WebhookEndpointId>,
    Query(page): Query<PageQuery>,
    Query(query): Query<WebhookDeliveriesQuery>,
    Query(list): Query<ListQuery>,
) -> Result<Page<WebhookDeliveryOut>> {
    let filter = deliveries::Filter { endpoint: id.into_inner(), state: query.state };
    let asked = may.listing("webhook deliveries", &filter, &list, &page).await?;
    let listing = asked.listing.clone();
    let rows = may.read(move |tx| deliveries::list(tx, &filter, &listing)).await?;
    Ok(asked.page(rows, |row| (row.id, row.updated_at), WebhookDeliveryOut::from))
}

/// Read a webhook delivery
///
/// How far it is, and what came of the last attempt.
#[utoipa::path(operation_id = "getWebhookDelivery", tag = "webhooks",
    responses((status = 200, description = "The delivery", body = WebhookDeliveryOut)))]
#[get("/webhook-deliveries/{webhook_delivery_id}")]
async fn get_webhook_delivery(
    may: Allowed<may::ReadWebhooks>,
    id: web::Path<WebhookDeliveryId>,
) -> Result<web::Json<WebhookDeliveryOut>> {
    let id = id.into_inner();
    Ok(web::Json(may.read(move |tx| deliveries::find(tx, id)).await?.into()))
}

/// Send a webhook delivery again
///
/// At once and by the schedule, whatever came of it before, under the same `webhook-id`. A disabled
/// endpoint is refused (`conflict`).
#[utoipa::path(operation_id = "resendWebhookDelivery", tag = "webhooks",
    responses((status = 200, description = "As it is now", body = WebhookDeliveryOut)))]
#[post("/webhook-deliveries/{webhook_delivery_id}/resend")]
async fn resend_webhook_delivery(
    may: Allowed<may::WriteWebhooks>,
    id: web::Path<WebhookDeliveryId>,
) -> Result<Answered> {
    let id = id.into_inner();
    may.answer(move |tx| Ok(Done(WebhookDeliveryOut::from(deliveries::resend(tx, id)?)))).await
}
