//! `/v1/regulations`, `/v1/regulation-versions`, `/v1/regulation-checks`, `/v1/library`.

use actix_web::{get, post, put, web};
use chrono::NaiveDate;
use okaeri_engine::document::Document;
use okaeri_engine::messages::regulations;
use okaeri_engine::meter::Meter;
use okaeri_engine::text::Text;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::model::VersionState;
use super::service::{self, Row, VersionHead};
use super::versions;
use crate::auth::{Principal, Reach, may};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::http::{
    Allowed, Answered, Created, DocumentBody, IfMatch, ListQuery, Page, PageQuery, Query, Tagged,
    Versioned,
};
use crate::ids::{RegulationId, RegulationVersionId};
use crate::usecase::Tx;

pub mod checks;
pub mod contents;
pub mod texts;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(create_regulation)
        .service(list_regulations)
        .service(get_regulation)
        .service(create_regulation_version)
        .service(list_regulation_versions)
        .service(get_regulation_version)
        .service(replace_regulation_document)
        .service(publish_regulation_version)
        .configure(contents::routes)
        .configure(texts::routes)
        .configure(checks::routes);
}

/// A rehire regulation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Regulation, example = json!({
    "id": "reg_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "code": "R01", "name": {"ja": "事務職員再雇用制度に関する規程", "en": "Rehire regulation for administrative staff"},
    "library_code": "R01", "version": 1, "created_at": "2026-04-01T00:00:00.000000Z", "updated_at": "2026-04-01T00:00:00.000000Z"
}))]
pub struct RegulationOut {
    /// The regulation's identifier.
    pub id: RegulationId,
    /// Its code, unique in the organization.
    pub code: String,
    /// Its name.
    pub name: LocalizedName,
    /// The regulation of the library that it was copied from.
    pub library_code: Option<String>,
    /// Row version; the `ETag` is this in quotes.
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A name in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocalizedName {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

impl Versioned for RegulationOut {
    fn version(&self) -> i32 {
        self.version
    }
}

impl From<Row> for RegulationOut {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            code: row.code,
            name: LocalizedName { ja: row.name_ja, en: row.name_en },
            library_code: row.library_code,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A version of a regulation, without its document.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegulationVersion, example = json!({
    "id": "ver_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "regulation_id": "reg_0198c5f0a1b27c3d8e4f5a6b7c8d9e01", "number": 1, "state": "in_force",
    "effective_from": "2024-11-19", "effective_until": null, "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "published_at": "2026-04-01T00:00:00.000000Z", "published_by": "usr_0198c5f0a1b27c3d8e4f5a6b7c8d9e02",
    "version": 2, "created_at": "2026-04-01T00:00:00.000000Z", "updated_at": "2026-04-01T00:00:00.000000Z"
}))]
pub struct VersionOut {
    /// The version's identifier.
    pub id: RegulationVersionId,
    /// Of which regulation.
    pub regulation_id: RegulationId,
    /// Its number in the regulation.
    pub number: i32,
    /// Where it is today.
    pub state: VersionState,
    /// The first day it applies to, by the date that the document names as its basis.
    pub effective_from: Option<NaiveDate>,
    /// The last day it applies to, by the same date: the day before a later version begins. For
    /// good, when there is none.
    #[schema(required)]
    pub effective_until: Option<NaiveDate>,
    /// SHA-256 of the document's canonical text.
    pub hash: String,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// By whom; not shown to applicants.
    pub published_by: Option<String>,
    /// Row version; the `ETag` is this in quotes.
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Versioned for VersionOut {
    fn version(&self) -> i32 {
        self.version
    }
}

impl VersionOut {
    /// Returns the version as this caller may see it: who published it stays within the
    /// organization.
    fn shown_to(who: &Principal, row: VersionHead) -> Self {
        let published_by = row.published_by.filter(|_| who.reach() == Reach::Organization);
        Self {
            id: row.id,
            regulation_id: row.regulation_id,
            number: row.number,
            state: row.state,
            effective_from: row.effective_from,
            effective_until: row.effective_until,
            hash: row.hash,
            published_at: row.published_at,
            published_by,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// Versions with these identifiers, as `expand` shows them.
pub(crate) fn versions_by_ids(
    tx: &mut Tx<'_>,
    ids: &[RegulationVersionId],
) -> Result<Vec<VersionOut>> {
    let rows = versions::by_ids(tx, ids)?;
    Ok(rows.into_iter().map(|row| VersionOut::shown_to(tx.who, row)).collect())
}

/// A regulation to make: a copy from the library, or a document of one's own.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegulationInput, example = json!({"library_code": "R01"}))]
pub struct RegulationIn {
    /// Copy this regulation of the library.
    #[schema(inline)]
    pub library_code: Option<Text<50>>,
    /// A whole document.
    #[schema(value_type = Option<Document>)]
    pub document: Option<Value>,
}

/// A document.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegulationDocumentInput, example = json!({"document": {
    "code": "R01", "name": {"ja": "再雇用規程", "en": "Rehire regulation"}, "effective_basis": "application_date", "jurisdiction_packs": ["jp-private"],
    "articles": [{"part": "eligibility", "number": "3", "heading": {"ja": "資格要件", "en": "Eligibility"},
        "text": {"ja": "勤続3年以上の者", "en": "Three years of service or more"},
        "clauses": [{"id": "tenure", "kind": "requirement", "title": {"ja": "勤続", "en": "Service"}, "role": "required",
            "condition": {"kind": "tenure", "at_least_months": 36}, "when_unknown": "refer"}]}]
}}))]
pub struct DocumentIn {
    /// The whole document.
    #[schema(value_type = Document)]
    pub document: Value,
}

/// Make a regulation
///
/// With a first version as a draft: a copy of a published regulation from the library, or a
/// document of your own.
#[utoipa::path(operation_id = "createRegulation", tag = "regulations", request_body = RegulationIn,
    responses((status = 201, description = "Made", body = RegulationOut)))]
#[post("/regulations")]
async fn create_regulation(
    may: Allowed<may::WriteRegulations>,
    DocumentBody(body, pass): DocumentBody<RegulationIn>,
) -> Result<Answered> {
    let read = move |_: &Meter| match (body.library_code.map(String::from), body.document) {
        (Some(code), None) => Ok((service::from_library(&code)?, Some(code))),
        (None, Some(document)) => Ok((versions::ready(&document)?, None)),
        (Some(_), Some(_)) | (None, None) => {
            Err(Error::invalid_field("", "one_of_two", regulations::ONE_OF_TWO))
        }
    };
    let (ready, library_code) = pass.run(read).await?;
    may.answer(move |tx| {
        let (row, _) = service::create(tx, &ready, library_code.as_deref())?;
        Ok(Created {
            location: format!("/v1/regulations/{}", row.id),
            thing: RegulationOut::from(row),
        })
    })
    .await
}

/// List regulations
///
/// Newest first.
#[utoipa::path(operation_id = "listRegulations", tag = "regulations", params(PageQuery, ListQuery),
    responses((status = 200, description = "A page of regulations", body = Page<RegulationOut>)))]
#[get("/regulations")]
async fn list_regulations(
    may: Allowed<may::ReadRegulations>,
    Query(page): Query<PageQuery>,
    Query(query): Query<ListQuery>,
) -> Result<Page<RegulationOut>> {
    let asked = may.listing::<RegulationId>("regulations", &(), &query, &page).await?;
    let listing = asked.listing.clone();
    let rows = may.read(move |tx| service::list(tx, &listing)).await?;
    Ok(asked.page(rows, |row| (row.id, row.updated_at), RegulationOut::from))
}

/// Read a regulation
///
/// Its names and where it comes from; its text is in its versions.
#[utoipa::path(operation_id = "getRegulation", tag = "regulations",
    responses((status = 200, description = "The regulation", body = RegulationOut)))]
#[get("/regulations/{regulation_id}")]
async fn get_regulation(
    may: Allowed<may::ReadRegulations>,
    id: web::Path<RegulationId>,
) -> Result<Tagged<RegulationOut>> {
    let id = id.into_inner();
    Ok(Tagged(may.read(move |tx| service::find(tx, id)).await?.into()))
}

/// Add a version
///
/// As a draft. Every wrong place of the document is listed with its pointer.
#[utoipa::path(operation_id = "createRegulationVersion", tag = "regulations", request_body = DocumentIn,
    responses((status = 201, description = "Added", body = VersionOut)))]
#[post("/regulations/{regulation_id}/versions")]
async fn create_regulation_version(
    may: Allowed<may::WriteRegulations>,
    id: web::Path<RegulationId>,
    DocumentBody(body, pass): DocumentBody<DocumentIn>,
) -> Result<Answered> {
    let id = id.into_inner();
    let ready = pass.run(move |_| versions::ready(&body.document)).await?;
    may.answer(move |tx| {
        let row = versions::add(tx, id, &ready)?.head;
        Ok(Created {
            location: format!("/v1/regulation-versions/{}", row.id),
            thing: VersionOut::shown_to(tx.who, row),
        })
    })
    .await
}

/// List versions
///
/// All versions of a regulation, newest first. An alumnus sees those that were published.
#[utoipa::path(operation_id = "listRegulationVersions", tag = "regulations",
    responses((status = 200, description = "The versions", body = Page<VersionOut>)))]
#[get("/regulations/{regulation_id}/versions")]
async fn list_regulation_versions(
    may: Allowed<may::ReadRegulations>,
    id: web::Path<RegulationId>,
) -> Result<Page<VersionOut>> {
    let id = id.into_inner();
    let rows = may.read(move |tx| versions::list(tx, id)).await?;
    Ok(Page::whole(rows.into_iter().map(|row| VersionOut::shown_to(may.who(), row)).collect()))
}

/// Read a version
///
/// Its state and dates; the document is beside it. A draft is not there for an alumnus, nor is
/// anything below it.
#[utoipa::path(operation_id = "getRegulationVersion", tag = "regulations",
    responses((status = 200, description = "The version", body = VersionOut)))]
#[get("/regulation-versions/{version_id}")]
async fn get_regulation_version(
    may: Allowed<may::ReadRegulations>,
    id: web::Path<RegulationVersionId>,
) -> Result<Tagged<VersionOut>> {
    let id = id.into_inner();
    let row = may.read(move |tx| versions::find(tx, id)).await?;
    Ok(Tagged(VersionOut::shown_to(may.who(), row)))
}

/// Replace a draft's document
///
/// Published versions are immutable: add a version instead.
#[utoipa::path(operation_id = "replaceRegulationDocument", tag = "regulations", request_body = DocumentIn,
    params(("If-Match" = String, Header, description = "The ETag you read", example = "\"1\"")),
    responses((status = 200, description = "As it is now", body = VersionOut)))]
#[put("/regulation-versions/{version_id}/document")]
async fn replace_regulation_document(
    may: Allowed<may::WriteRegulations>,
    id: web::Path<RegulationVersionId>,
    IfMatch(expected): IfMatch,
    DocumentBody(body, pass): DocumentBody<DocumentIn>,
) -> Result<Tagged<VersionOut>> {
    let id = id.into_inner();
    let ready = pass.run(move |_| versions::ready(&body.document)).await?;
    let row = may.write(move |tx| versions::replace(tx, id, expected, &ready)).await?.head;
    Ok(Tagged(VersionOut::shown_to(may.who(), row)))
}

/// Publish a version
///
/// It applies from its date on and never changes again; the one before it is superseded. Refused
/// while a case that travels with it fails, while an error of its checks stands that nobody has
/// answered, and once a later version was published.
#[utoipa::path(operation_id = "publishRegulationVersion", tag = "regulations",
    params(("If-Match" = String, Header, description = "The ETag you read", example = "\"1\"")),
    responses((status = 200, description = "As it is now", body = VersionOut)))]
#[post("/regulation-versions/{version_id}/publish")]
async fn publish_regulation_version(
    may: Allowed<may::PublishRegulations>,
    id: web::Path<RegulationVersionId>,
    IfMatch(expected): IfMatch,
) -> Result<Answered> {
    let id = id.into_inner();
    let pass = may.pass().await?;
    let analysis = match may.read(move |tx| versions::draft(tx, id, expected)).await {
        Ok(draft) => pass.run(move |meter| versions::Analysis::of(&draft, meter)).await,
        Err(refused) => Err(refused),
    };
    // What was refused is asked for again all the same: under its key it may have been done before.
    may.answer(move |tx| {
        let analysis = analysis.as_ref().map_err(Error::again)?;
        Ok(Tagged(VersionOut::shown_to(tx.who, versions::publish(tx, id, expected, analysis)?)))
    })
    .await
}
