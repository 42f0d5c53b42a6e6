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
use crate::platform::auth::{Permission, Principal, Reach, may};
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::http::{
    Allowed, Answered, Created, DocumentBody, Expandable, IfMatch, ListQuery, Page, PageQuery,
    Query, Tagged, Versioned, expand, operation,
};
use crate::platform::ids::{RegulationId, RegulationVersionId};
use crate::platform::usecase::Tx;

pub mod checks;
pub mod contents;
pub mod texts;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::{
        AlreadyExists, CasesFail, ChecksUnanswered, Conflict, InvalidRegulation, LimitReached,
        TooCostly, VersionImmutable,
    };
    config
        .service(operation(
            may::WriteRegulations,
            create_regulation,
            &[AlreadyExists, InvalidRegulation, LimitReached],
        ))
        .service(operation(may::ReadRegulations, list_regulations, &[]))
        .service(operation(may::ReadRegulations, get_regulation, &[]))
        .service(operation(
            may::WriteRegulations,
            create_regulation_version,
            &[InvalidRegulation, LimitReached],
        ))
        .service(operation(may::ReadRegulations, list_regulation_versions, &[]))
        .service(operation(may::ReadRegulations, get_regulation_version, &[]))
        .service(operation(
            may::WriteRegulations,
            replace_regulation_document,
            &[VersionImmutable, InvalidRegulation],
        ))
        .service(operation(
            may::PublishRegulations,
            publish_regulation_version,
            &[
                Conflict,
                VersionImmutable,
                CasesFail,
                ChecksUnanswered,
                InvalidRegulation,
                TooCostly,
            ],
        ))
        .configure(contents::routes)
        .configure(texts::routes)
        .configure(checks::routes);
}

/// The `expand` target for regulation versions.
pub(super) const EXPANDABLE: Expandable = Expandable {
    name: "regulation_version",
    schema: "RegulationVersion",
    named_at: &["/regulation_version_id"],
    permission: Permission::ReadRegulations,
    load: |tx, ids| expand::shown(ids, |ids| versions_by_ids(tx, ids)),
};

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
    /// The library regulation from which it was copied.
    pub library_code: Option<String>,
    /// Row version; the `ETag` is this number in quotes.
    pub version: i32,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
}

/// A name in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocalizedName {
    /// The name in Japanese.
    pub ja: String,
    /// The name in English.
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
    /// The regulation of the version.
    pub regulation_id: RegulationId,
    /// Its number in the regulation.
    pub number: i32,
    /// Its state today.
    pub state: VersionState,
    /// The first day on which it applies, measured by the date that the document names as its
    /// basis.
    pub effective_from: Option<NaiveDate>,
    /// The last day on which it applies, measured by the same date: the day before a later version
    /// begins. Null if there is no later version.
    #[schema(required)]
    pub effective_until: Option<NaiveDate>,
    /// SHA-256 of the document's canonical text.
    pub hash: String,
    /// Time of publication.
    pub published_at: Option<Timestamp>,
    /// The user who published it; not shown to applicants.
    pub published_by: Option<String>,
    /// Row version; the `ETag` is this number in quotes.
    pub version: i32,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
}

impl Versioned for VersionOut {
    fn version(&self) -> i32 {
        self.version
    }
}

impl VersionOut {
    /// Returns the version as the caller may see it: applicants do not see who published it.
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

/// Returns the versions with these identifiers, as `expand` shows them.
pub(crate) fn versions_by_ids(
    tx: &mut Tx<'_>,
    ids: &[RegulationVersionId],
) -> Result<Vec<VersionOut>> {
    let rows = versions::by_ids(tx, ids)?;
    Ok(rows.into_iter().map(|row| VersionOut::shown_to(tx.who, row)).collect())
}

/// A regulation to create: a copy from the library, or a document of your own.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegulationInput, example = json!({"library_code": "R01"}))]
pub struct RegulationIn {
    /// Code of the library regulation to copy.
    #[schema(inline)]
    pub library_code: Option<Text<50>>,
    /// A whole regulation document.
    #[schema(value_type = Option<Document>)]
    pub document: Option<Value>,
}

/// A regulation document.
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

/// Create a regulation
///
/// Creates the regulation with a draft as its first version: a copy of a published regulation from
/// the library, or a document of your own.
#[utoipa::path(operation_id = "createRegulation", tag = "regulations", request_body = RegulationIn,
    responses((status = 201, description = "Created", body = RegulationOut)))]
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
/// Returns its code, names and origin; the text is in its versions.
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
/// Creates a draft. Every invalid field of the document is listed with its pointer.
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
/// All versions of a regulation, newest first. An alumnus sees only published ones.
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
/// Returns its state and dates; the document has its own path. For an alumnus, drafts and
/// everything below them are not found.
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
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = VersionOut)))]
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
/// The version applies from its first day on and never changes again; the previous version is
/// superseded. Refused while one of its cases fails, while an error of its checks is unanswered,
/// and after a later version was published.
#[utoipa::path(operation_id = "publishRegulationVersion", tag = "regulations",
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = VersionOut)))]
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
    // A refusal goes through `answer` too: with the same idempotency key it may have succeeded
    // before.
    may.answer(move |tx| {
        let analysis = analysis.as_ref().map_err(Error::again)?;
        Ok(Tagged(VersionOut::shown_to(tx.who, versions::publish(tx, id, expected, analysis)?)))
    })
    .await
}
