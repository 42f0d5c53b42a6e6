//! `/v1/organizations`.

use actix_web::{get, patch, web};
use okaeri_engine::text::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::service::{self, Edit, Row};
use crate::platform::auth::may;
use crate::platform::clock::Timestamp;
use crate::platform::error::{ProblemCode, Result};
use crate::platform::http::{
    Allowed, Body, IfMatch, Page, PageQuery, Query, Tagged, Versioned, operation,
};
use crate::platform::ids::OrganizationId;
use crate::platform::patch;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::AlreadyExists;
    config
        .service(operation(may::ReadOrganization, list_organizations, &[]))
        .service(operation(may::ReadOrganization, get_organization, &[]))
        .service(operation(may::WriteOrganization, update_organization, &[AlreadyExists]));
}

/// An organization: one company with its own regulations and people.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Organization, example = json!({
    "id": "org_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "name": "さくら製作所", "time_zone": "Asia/Tokyo", "currency": "JPY",
    "language": "ja", "version": 1, "created_at": "2026-04-01T00:00:00.000000Z", "updated_at": "2026-04-01T00:00:00.000000Z"
}))]
pub struct OrganizationOut {
    /// The organization's identifier.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// Its IANA time zone; dates are dates in this zone.
    pub time_zone: String,
    /// ISO 4217 code of its currency.
    pub currency: String,
    /// The language of its notices.
    pub language: String,
    /// Row version; the `ETag` is this number in quotes.
    pub version: i32,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
}

impl Versioned for OrganizationOut {
    fn version(&self) -> i32 {
        self.version
    }
}

impl From<Row> for OrganizationOut {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            time_zone: row.time_zone,
            currency: row.currency,
            language: row.language,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

okaeri_engine::codes! {
    /// A language of the product.
    pub enum LanguageCode {
        /// Japanese.
        Ja = "ja",
        /// English.
        En = "en",
    }
}

/// A patch of an organization: absent fields stay.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OrganizationPatch, example = json!({"name": "さくら製作所", "time_zone": "Asia/Tokyo"}))]
pub struct OrganizationPatch {
    /// Its name.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false, inline)]
    pub name: Option<Text<200>>,
    /// Its IANA time zone.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(value_type = String, example = "Asia/Tokyo")]
    pub time_zone: Option<Text<100>>,
    /// The language of its notices.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false)]
    pub language: Option<LanguageCode>,
}

/// List organizations
///
/// Returns the caller's organization.
#[utoipa::path(operation_id = "listOrganizations", tag = "organizations", params(PageQuery),
    responses((status = 200, description = "A page of organizations", body = Page<OrganizationOut>)))]
#[get("/organizations")]
async fn list_organizations(
    may: Allowed<may::ReadOrganization>,
    Query(query): Query<PageQuery>,
) -> Result<Page<OrganizationOut>> {
    query.read::<OrganizationId>(&may.seal("organizations", &()).await?)?;
    let row = may.read(|tx| service::find(tx, tx.organization())).await?;
    Ok(Page::whole(vec![row.into()]))
}

/// Read an organization
///
/// Every organization except the caller's own is not found.
#[utoipa::path(operation_id = "getOrganization", tag = "organizations",
    responses((status = 200, description = "The organization", body = OrganizationOut)))]
#[get("/organizations/{organization_id}")]
async fn get_organization(
    may: Allowed<may::ReadOrganization>,
    id: web::Path<OrganizationId>,
) -> Result<Tagged<OrganizationOut>> {
    let id = id.into_inner();
    Ok(Tagged(may.read(move |tx| service::find(tx, id)).await?.into()))
}

/// Change an organization
///
/// A merge patch. Dates depend on the time zone: change it only before there is history.
#[utoipa::path(operation_id = "updateOrganization", tag = "organizations", request_body = OrganizationPatch,
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = OrganizationOut)))]
#[patch("/organizations/{organization_id}")]
async fn update_organization(
    may: Allowed<may::WriteOrganization>,
    id: web::Path<OrganizationId>,
    IfMatch(expected): IfMatch,
    Body(body): Body<OrganizationPatch>,
) -> Result<Tagged<OrganizationOut>> {
    let id = id.into_inner();
    let edit = Edit {
        name: body.name.map(String::from),
        time_zone: body.time_zone.map(String::from),
        language: body.language.map(|language| language.to_string()),
    };
    let row = may.write(move |tx| service::update(tx, id, expected, &edit)).await?;
    Ok(Tagged(row.into()))
}
