//! `/v1/entities`.

use actix_web::{get, patch, post, web};
use okaeri_engine::text::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::service::{self, Edit, New, Row};
use crate::platform::auth::{Permission, may};
use crate::platform::clock::Timestamp;
use crate::platform::error::{ProblemCode, Result};
use crate::platform::http::{
    Allowed, Answered, Body, Created, Expandable, IfMatch, ListQuery, Page, PageQuery, Query,
    Tagged, Versioned, expand, operation,
};
use crate::platform::ids::EntityId;
use crate::platform::patch;
use crate::platform::usecase::Tx;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::{AlreadyExists, Conflict, LimitReached};
    config
        .service(operation(may::WriteOrganization, create_entity, &[AlreadyExists, LimitReached]))
        .service(operation(may::ReadOrganization, list_entities, &[]))
        .service(operation(may::ReadOrganization, get_entity, &[]))
        .service(operation(may::WriteOrganization, update_entity, &[AlreadyExists, Conflict]));
}

/// The `expand` target for entities.
pub(super) const EXPANDABLE: Expandable = Expandable {
    name: "entity",
    schema: "Entity",
    named_at: &["/entity_id"],
    permission: Permission::ReadOrganization,
    load: |tx, ids| expand::shown(ids, |ids| by_ids(tx, ids)),
};

/// A group company.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Entity, example = json!({
    "id": "ent_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "code": "sakura-logistics", "name": "さくら物流", "country": "JP",
    "version": 1, "created_at": "2026-04-01T00:00:00.000000Z", "updated_at": "2026-04-01T00:00:00.000000Z"
}))]
pub struct EntityOut {
    /// The entity's identifier.
    pub id: EntityId,
    /// Its code in facts and regulations; unique in the organization.
    pub code: String,
    /// Its name.
    pub name: String,
    /// ISO 3166-1 alpha-2 code of its country.
    pub country: String,
    /// Row version; the `ETag` is this number in quotes.
    pub version: i32,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
}

impl Versioned for EntityOut {
    fn version(&self) -> i32 {
        self.version
    }
}

impl From<Row> for EntityOut {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            code: row.code,
            name: row.name,
            country: row.country,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// Returns the group companies with these identifiers, as `expand` shows them.
pub(crate) fn by_ids(tx: &mut Tx<'_>, ids: &[EntityId]) -> Result<Vec<EntityOut>> {
    Ok(service::by_ids(tx, ids)?.into_iter().map(EntityOut::from).collect())
}

/// A group company to record.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EntityInput, example = json!({"code": "sakura-logistics", "name": "さくら物流", "country": "JP"}))]
pub struct EntityIn {
    /// Its code in facts and regulations; unique in the organization.
    #[schema(inline)]
    pub code: Text<100>,
    /// Its name.
    #[schema(inline)]
    pub name: Text<200>,
    /// ISO 3166-1 alpha-2 code of its country.
    #[schema(value_type = String, pattern = "^[A-Z]{2}$")]
    pub country: Text<2>,
}

/// A patch of a group company: absent fields stay.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EntityPatch, example = json!({"name": "さくらロジスティクス"}))]
pub struct EntityPatch {
    /// Its code in facts and regulations; it cannot change once employment periods are recorded
    /// under it.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false, inline)]
    pub code: Option<Text<100>>,
    /// Its name.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false, inline)]
    pub name: Option<Text<200>>,
    /// ISO 3166-1 alpha-2 code of its country.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(value_type = String, pattern = "^[A-Z]{2}$")]
    pub country: Option<Text<2>>,
}

/// Record an entity
///
/// A group company that employs people; facts refer to it by its code.
#[utoipa::path(operation_id = "createEntity", tag = "organizations", request_body = EntityIn,
    responses((status = 201, description = "Recorded", body = EntityOut)))]
#[post("/entities")]
async fn create_entity(
    may: Allowed<may::WriteOrganization>,
    Body(body): Body<EntityIn>,
) -> Result<Answered> {
    let new = New { code: body.code.into(), name: body.name.into(), country: body.country.into() };
    may.answer(move |tx| {
        let row = service::create(tx, &new)?;
        Ok(Created { location: format!("/v1/entities/{}", row.id), thing: EntityOut::from(row) })
    })
    .await
}

/// List entities
///
/// The group companies of the organization, newest first.
#[utoipa::path(operation_id = "listEntities", tag = "organizations", params(PageQuery, ListQuery),
    responses((status = 200, description = "A page of entities", body = Page<EntityOut>)))]
#[get("/entities")]
async fn list_entities(
    may: Allowed<may::ReadOrganization>,
    Query(page): Query<PageQuery>,
    Query(query): Query<ListQuery>,
) -> Result<Page<EntityOut>> {
    let asked = may.listing::<EntityId>("entities", &(), &query, &page).await?;
    let listing = asked.listing.clone();
    let rows = may.read(move |tx| service::list(tx, &listing)).await?;
    Ok(asked.page(rows, |row| (row.id, row.updated_at), EntityOut::from))
}

/// Read an entity
///
/// Returns its code, name and country.
#[utoipa::path(operation_id = "getEntity", tag = "organizations",
    responses((status = 200, description = "The entity", body = EntityOut)))]
#[get("/entities/{entity_id}")]
async fn get_entity(
    may: Allowed<may::ReadOrganization>,
    id: web::Path<EntityId>,
) -> Result<Tagged<EntityOut>> {
    let id = id.into_inner();
    Ok(Tagged(may.read(move |tx| service::find(tx, id)).await?.into()))
}

/// Change an entity
///
/// A merge patch: absent fields stay.
#[utoipa::path(operation_id = "updateEntity", tag = "organizations", request_body = EntityPatch,
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = EntityOut)))]
#[patch("/entities/{entity_id}")]
async fn update_entity(
    may: Allowed<may::WriteOrganization>,
    id: web::Path<EntityId>,
    IfMatch(expected): IfMatch,
    Body(body): Body<EntityPatch>,
) -> Result<Tagged<EntityOut>> {
    let id = id.into_inner();
    let edit = Edit {
        code: body.code.map(String::from),
        name: body.name.map(String::from),
        country: body.country.map(String::from),
    };
    Ok(Tagged(may.write(move |tx| service::update(tx, id, expected, &edit)).await?.into()))
}
