//! `/v1/api-keys`.

use actix_web::{get, post, web};
use okaeri_engine::text::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::service::{self, New, Row};
use crate::platform::auth::{Role, may};
use crate::platform::clock::Timestamp;
use crate::platform::error::{ProblemCode, Result};
use crate::platform::http::idempotency::ToldOnce;
use crate::platform::http::{
    Allowed, Answered, Body, Created, IfMatch, ListQuery, Page, PageQuery, Query, Tagged,
    Versioned, operation,
};
use crate::platform::ids::ApiKeyId;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::{LimitReached, ToldOnce};
    config
        .service(operation(may::WriteUsers, create_api_key, &[ToldOnce, LimitReached]))
        .service(operation(may::ReadUsers, list_api_keys, &[]))
        .service(operation(may::ReadUsers, get_api_key, &[]))
        .service(operation(may::WriteUsers, revoke_api_key, &[]));
}

/// An API key without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey, example = json!({
    "id": "key_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "name": "HR system", "prefix": "oka_Zk3vN8aQ", "roles": ["integration"],
    "expires_at": "2027-04-01T00:00:00.000000Z", "revoked_at": null, "version": 1, "created_at": "2026-04-01T00:00:00.000000Z"
}))]
pub struct ApiKeyOut {
    /// The key's identifier.
    pub id: ApiKeyId,
    /// Purpose of the key.
    pub name: String,
    /// Its first characters, to distinguish keys.
    pub prefix: String,
    /// Its roles.
    pub roles: Vec<Role>,
    /// Time of expiry.
    pub expires_at: Option<Timestamp>,
    /// Time of revocation.
    pub revoked_at: Option<Timestamp>,
    /// Row version; the `ETag` is this number in quotes.
    pub version: i32,
    /// Time of creation.
    pub created_at: Timestamp,
}

impl Versioned for ApiKeyOut {
    fn version(&self) -> i32 {
        self.version
    }
}

impl From<Row> for ApiKeyOut {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            prefix: row.prefix,
            roles: row.roles.0,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            version: row.version,
            created_at: row.created_at,
        }
    }
}

/// A new key with its secret, which is shown only once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CreatedApiKey, example = json!({
    "key": {"id": "key_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "name": "HR system", "prefix": "oka_Zk3vN8aQ", "roles": ["integration"],
            "expires_at": null, "revoked_at": null, "version": 1, "created_at": "2026-04-01T00:00:00.000000Z"},
    "secret": "oka_Zk3vN8aQ0b1c2d3e4f5g6h7i8j9k0l1m2n3o4p5q6r7"
}))]
pub struct CreatedApiKeyOut {
    /// The key.
    pub key: ApiKeyOut,
    /// The secret that the other system sends as its bearer token.
    pub secret: String,
}

impl Versioned for CreatedApiKeyOut {
    fn version(&self) -> i32 {
        self.key.version
    }
}

/// A key to create.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApiKeyInput, example = json!({"name": "HR system", "roles": ["integration"], "expires_at": "2027-04-01T00:00:00Z"}))]
pub struct ApiKeyIn {
    /// Purpose of the key.
    #[schema(inline)]
    pub name: Text<200>,
    /// Its roles; every role except alumnus.
    #[validate(length(min = 1, max = 7))]
    #[schema(min_items = 1, max_items = 7)]
    pub roles: Vec<Role>,
    /// Time of expiry; never if absent.
    pub expires_at: Option<Timestamp>,
}

/// Create an API key
///
/// Only this response contains the secret; Okaeri stores a hash of it. A retry with the same
/// `Idempotency-Key` is answered with `told_once` and creates no second key.
#[utoipa::path(operation_id = "createApiKey", tag = "users", request_body = ApiKeyIn,
    responses((status = 201, description = "Created", body = CreatedApiKeyOut)))]
#[post("/api-keys")]
async fn create_api_key(
    may: Allowed<may::WriteUsers>,
    Body(body): Body<ApiKeyIn>,
) -> Result<Answered> {
    let new = New { name: body.name.into(), roles: body.roles, expires_at: body.expires_at };
    may.answer(move |tx| {
        let (row, secret) = service::create(tx, &new)?;
        Ok(ToldOnce(Created {
            location: format!("/v1/api-keys/{}", row.id),
            thing: CreatedApiKeyOut { key: row.into(), secret },
        }))
    })
    .await
}

/// List API keys
///
/// Newest first, including revoked keys.
#[utoipa::path(operation_id = "listApiKeys", tag = "users", params(PageQuery, ListQuery),
    responses((status = 200, description = "A page of keys", body = Page<ApiKeyOut>)))]
#[get("/api-keys")]
async fn list_api_keys(
    may: Allowed<may::ReadUsers>,
    Query(page): Query<PageQuery>,
    Query(query): Query<ListQuery>,
) -> Result<Page<ApiKeyOut>> {
    let asked = may.listing::<ApiKeyId>("API keys", &(), &query, &page).await?;
    let listing = asked.listing.clone();
    let rows = may.read(move |tx| service::list(tx, &listing)).await?;
    Ok(asked.page(rows, |row| (row.id, row.updated_at), ApiKeyOut::from))
}

/// Read an API key
///
/// Returns the key without its secret, which cannot be read again.
#[utoipa::path(operation_id = "getApiKey", tag = "users", responses((status = 200, description = "The key", body = ApiKeyOut)))]
#[get("/api-keys/{api_key_id}")]
async fn get_api_key(
    may: Allowed<may::ReadUsers>,
    id: web::Path<ApiKeyId>,
) -> Result<Tagged<ApiKeyOut>> {
    let id = id.into_inner();
    Ok(Tagged(may.read(move |tx| service::find(tx, id)).await?.into()))
}

/// Revoke an API key
///
/// Takes effect with the next request, on every server. This cannot be undone.
#[utoipa::path(operation_id = "revokeApiKey", tag = "users",
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = ApiKeyOut)))]
#[post("/api-keys/{api_key_id}/revoke")]
async fn revoke_api_key(
    may: Allowed<may::WriteUsers>,
    id: web::Path<ApiKeyId>,
    IfMatch(expected): IfMatch,
) -> Result<Answered> {
    let id = id.into_inner();
    may.answer(move |tx| Ok(Tagged(ApiKeyOut::from(service::revoke(tx, id, expected)?)))).await
}
