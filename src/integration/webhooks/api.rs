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

/// A webhook endpoint: an address that receives events; without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookEndpoint, example = json!({
    "id": "whe_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "url": "https://hr.example.jp/hooks/okaeri", "event_types": ["offer.*", "return.registered"],
    "description": "HR system", "state": "active", "disabled_reason": null, "version": 1,
    "created_at": "2026-04-01T00:00:00.000000Z", "updated_at": "2026-04-01T00:00:00.000000Z"
}))]
pub struct WebhookEndpointOut {
    /// The endpoint's identifier.
    pub id: WebhookEndpointId,
    /// The address that requests are sent to.
    pub url: String,
    /// Types of events, or groups such as `offer.*`; all if empty.
    pub event_types: Vec<String>,
    /// Purpose of the endpoint.
    pub description: Option<String>,
    /// Its state: active or disabled.
    pub state: WebhookEndpointState,
    /// Reason why Okaeri disabled it; null if a user did.
    pub disabled_reason: Option<WebhookDisabledReason>,
    /// Row version; the `ETag` is this number in quotes.
    pub version: i32,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
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

/// An endpoint with its new secret, which is shown only once.
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
    /// The secret that signs its requests.
    pub secret: String,
}

impl Versioned for WithSecretOut {
    fn version(&self) -> i32 {
        self.endpoint.version
    }
}

/// Returns the endpoint with its location and secret, as a response that is not stored.
fn told_once((row, secret): (Row, Secret)) -> ToldOnce<WithSecretOut> {
    let location = format!("/v1/webhook-endpoints/{}", row.id);
    ToldOnce(Created {
        location,
        thing: WithSecretOut { endpoint: row.into(), secret: secret.tell().to_owned() },
    })
}

/// An endpoint to create.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookEndpointInput, example = json!({
    "url": "https://hr.example.jp/hooks/okaeri", "event_types": ["offer.*", "return.registered"], "description": "HR system"
}))]
pub struct WebhookEndpointIn {
    /// The address that requests are sent to; https and publicly reachable.
    #[schema(inline)]
    pub url: Text<2000>,
    /// Types of events, or groups such as `offer.*`; all if empty or absent.
    #[serde(default)]
    #[validate(length(max = 100))]
    #[schema(value_type = Vec<String>, max_items = 100)]
    pub event_types: Vec<Text<100>>,
    /// Purpose of the endpoint.
    #[schema(inline)]
    pub description: Option<LongText<500>>,
}

/// A patch of an endpoint: absent fields stay.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookEndpointPatch, example = json!({"event_types": ["offer.*"], "state": "active"}))]
pub struct WebhookEndpointPatch {
    /// The address that requests are sent to; https and publicly reachable.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false, inline)]
    pub url: Option<Text<2000>>,
    /// Types of events, or groups such as `offer.*`; all if empty.
    #[serde(default, deserialize_with = "patch::present")]
    #[validate(length(max = 100))]
    #[schema(value_type = Vec<String>, max_items = 100)]
    pub event_types: Option<Vec<Text<100>>>,
    /// Purpose of the endpoint.
    #[serde(default)]
    #[schema(value_type = Option<LongText<500>>, inline)]
    pub description: Change<LongText<500>>,
    /// Its state: active or disabled.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false)]
    pub state: Option<WebhookEndpointState>,
}

/// A delivery of one event to one endpoint.
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
    /// The endpoint.
    pub endpoint_id: WebhookEndpointId,
    /// The event: the `webhook-id` of every attempt.
    pub event_id: EventId,
    /// The event's place in the feed; null for a test.
    pub sequence: Option<i64>,
    /// The type of event.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its state.
    pub state: WebhookDeliveryState,
    /// Number of attempts.
    pub attempts: i32,
    /// Time of the next attempt.
    pub next_attempt_at: Option<Timestamp>,
    /// The HTTP status of the last response.
    pub last_status: Option<i32>,
    /// Reason for the failure of the last attempt.
    pub last_error: Option<WebhookDeliveryError>,
    /// Time of the successful delivery.
    pub delivered_at: Option<Timestamp>,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
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

/// Filters of the list of endpoints.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WebhookEndpointsQuery {
    /// Only endpoints in this state.
    #[param(inline, nullable = false, example = "active")]
    state: Option<WebhookEndpointState>,
}

/// Filters of the list of deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WebhookDeliveriesQuery {
    /// Only deliveries in this state.
    #[param(inline, nullable = false, example = "failed")]
    state: Option<WebhookDeliveryState>,
}

/// Create a webhook endpoint
///
/// The endpoint receives every later event of its types as a request signed according to Standard
/// Webhooks 1.0.0. Only this response contains the secret. A retry with the same `Idempotency-Key`
/// is answered with `told_once` and creates no second endpoint.
#[utoipa::path(operation_id = "createWebhookEndpoint", tag = "webhooks", request_body = WebhookEndpointIn,
    responses((status = 201, description = "Created", body = WithSecretOut)))]
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
/// Newest first, including disabled endpoints.
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
/// Returns the endpoint without its secret, which cannot be read again.
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
/// A merge patch: absent fields stay. A disabled endpoint receives nothing. When it becomes active
/// again, it continues where it stopped, so it misses nothing.
#[utoipa::path(operation_id = "updateWebhookEndpoint", tag = "webhooks", request_body = WebhookEndpointPatch,
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = WebhookEndpointOut)))]
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
/// Deletes the endpoint with its secrets and deliveries. Requests that are being sent may still
/// arrive.
#[utoipa::path(operation_id = "deleteWebhookEndpoint", tag = "webhooks",
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
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

/// Rotate a webhook secret
///
/// Only this response contains the new secret. For 24 hours the previous secret signs too, so that
/// the receiver can switch without missing anything. Older secrets no longer sign.
#[utoipa::path(operation_id = "rotateWebhookSecret", tag = "webhooks",
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 201, description = "The endpoint with its new secret", body = WithSecretOut)))]
#[post("/webhook-endpoints/{webhook_endpoint_id}/rotate-secret")]
async fn rotate_webhook_secret(
    may: Allowed<may::WriteWebhooks>,
    id: web::Path<WebhookEndpointId>,
    IfMatch(expected): IfMatch,
) -> Result<Answered> {
    let id = id.into_inner();
    may.answer(move |tx| Ok(told_once(service::rotate(tx, id, expected)?))).await
}

/// Test a webhook endpoint
///
/// Queues an event of the type `webhook.test` for this endpoint only, whatever its event types.
/// Refused for a disabled endpoint (`conflict`).
#[utoipa::path(operation_id = "testWebhookEndpoint", tag = "webhooks",
    responses((status = 200, description = "The queued delivery", body = WebhookDeliveryOut)))]
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
/// Deliveries of one endpoint, newest first. Finished deliveries are kept for 30 days.
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
/// Returns the state of the delivery and the result of the last attempt.
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

/// Resend a webhook delivery
///
/// Sends it now and again on the usual schedule, whatever its state, with the same `webhook-id`.
/// Refused for a disabled endpoint (`conflict`).
#[utoipa::path(operation_id = "resendWebhookDelivery", tag = "webhooks",
    responses((status = 200, description = "Updated", body = WebhookDeliveryOut)))]
#[post("/webhook-deliveries/{webhook_delivery_id}/resend")]
async fn resend_webhook_delivery(
    may: Allowed<may::WriteWebhooks>,
    id: web::Path<WebhookDeliveryId>,
) -> Result<Answered> {
    let id = id.into_inner();
    may.answer(move |tx| Ok(Done(WebhookDeliveryOut::from(deliveries::resend(tx, id)?)))).await
}
