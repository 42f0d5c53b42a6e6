//! Documents of an application.

use actix_web::{get, patch, post, web};
use okaeri_engine::facts::DocumentKind;
use okaeri_engine::text::{LongText, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::hiring::applications::documents::{self, DocumentRow, New};
use crate::platform::auth::{Principal, Reach, may};
use crate::platform::clock::Timestamp;
use crate::platform::error::{ProblemCode, Result};
use crate::platform::http::{
    Allowed, Answered, Body, Created, IfMatch, Page, Tagged, Versioned, operation,
};
use crate::platform::ids::{ApplicationId, DocumentId};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::LimitReached;
    config
        .service(operation(may::WriteApplications, add_document, &[LimitReached]))
        .service(operation(may::ReadApplications, list_documents, &[]))
        .service(operation(may::ReadApplications, get_document, &[]))
        .service(operation(may::VerifyDocuments, verify_document, &[]));
}

/// A document of an application.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApplicationDocument, example = json!({
    "id": "doc_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "kind": "work_history", "title": "職務経歴書", "received_at": "2026-04-01T00:00:00.000000Z",
    "verified_at": null, "verified_by": null, "note": null, "version": 1
}))]
pub struct DocumentOut {
    /// The document's identifier.
    pub id: DocumentId,
    /// What it is.
    pub kind: DocumentKind,
    /// What it is called.
    pub title: String,
    /// When it came.
    pub received_at: Timestamp,
    /// When somebody found it right.
    pub verified_at: Option<Timestamp>,
    /// Who did; not shown to applicants.
    pub verified_by: Option<String>,
    /// Anything to say of it; an applicant sees what came with their own.
    pub note: Option<String>,
    /// Row version; the `ETag` is this in quotes.
    pub version: i32,
}

impl Versioned for DocumentOut {
    fn version(&self) -> i32 {
        self.version
    }
}

impl DocumentOut {
    /// Returns the document as this caller may see it: an applicant sees the notes that they wrote
    /// themselves.
    fn shown_to(who: &Principal, mut row: DocumentRow) -> Self {
        if who.reach() != Reach::Organization {
            row.verified_by = None;
            row.note = row.note.filter(|_| row.from_applicant);
        }
        Self {
            id: row.id,
            kind: row.kind.0,
            title: row.title,
            received_at: row.received_at,
            verified_at: row.verified_at,
            verified_by: row.verified_by,
            note: row.note,
            version: row.version,
        }
    }
}

/// A document that came.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApplicationDocumentInput, example = json!({"kind": "work_history", "title": "職務経歴書"}))]
pub struct DocumentIn {
    /// What it is.
    pub kind: DocumentKind,
    /// What it is called.
    #[schema(inline)]
    pub title: Text<300>,
    /// Anything to say of it.
    #[schema(inline)]
    pub note: Option<LongText<2000, 0>>,
}

/// Whether a document was found right.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApplicationDocumentPatch, example = json!({"verified": true}))]
pub struct DocumentPatch {
    /// The caller looked at it and found it right; false takes that back.
    pub verified: bool,
}

/// Add a document
///
/// That it came. Decisions made before are stale from now on.
#[utoipa::path(operation_id = "addApplicationDocument", tag = "applications", request_body = DocumentIn,
    responses((status = 201, description = "Added", body = DocumentOut)))]
#[post("/applications/{application_id}/documents")]
async fn add_document(
    may: Allowed<may::WriteApplications>,
    id: web::Path<ApplicationId>,
    Body(body): Body<DocumentIn>,
) -> Result<Answered> {
    let id = id.into_inner();
    let new = New { kind: body.kind, title: body.title.into(), note: body.note.map(String::from) };
    may.answer(move |tx| {
        let row = documents::add(tx, id, &new)?;
        Ok(Created {
            location: format!("/v1/applications/{id}/documents/{}", row.id),
            thing: DocumentOut::shown_to(tx.who, row),
        })
    })
    .await
}

/// List the documents
///
/// All of an application, in the order they came.
#[utoipa::path(operation_id = "listApplicationDocuments", tag = "applications",
    responses((status = 200, description = "The documents", body = Page<DocumentOut>)))]
#[get("/applications/{application_id}/documents")]
async fn list_documents(
    may: Allowed<may::ReadApplications>,
    id: web::Path<ApplicationId>,
) -> Result<Page<DocumentOut>> {
    let id = id.into_inner();
    let rows = may.read(move |tx| documents::list(tx, id)).await?;
    Ok(Page::whole(rows.into_iter().map(|row| DocumentOut::shown_to(may.who(), row)).collect()))
}

/// Read a document's record
///
/// What it is, and whether somebody found it right.
#[utoipa::path(operation_id = "getApplicationDocument", tag = "applications",
    responses((status = 200, description = "The document", body = DocumentOut)))]
#[get("/applications/{application_id}/documents/{document_id}")]
async fn get_document(
    may: Allowed<may::ReadApplications>,
    ids: web::Path<(ApplicationId, DocumentId)>,
) -> Result<Tagged<DocumentOut>> {
    let (application, id) = ids.into_inner();
    let row = may.read(move |tx| documents::find(tx, application, id)).await?;
    Ok(Tagged(DocumentOut::shown_to(may.who(), row)))
}

/// Verify a document
///
/// Records who found it right and when. Decisions made before are stale from now on.
#[utoipa::path(operation_id = "verifyApplicationDocument", tag = "applications", request_body = DocumentPatch,
    params(("If-Match" = String, Header, description = "The ETag you read", example = "\"1\"")),
    responses((status = 200, description = "As it is now", body = DocumentOut)))]
#[patch("/applications/{application_id}/documents/{document_id}")]
async fn verify_document(
    may: Allowed<may::VerifyDocuments>,
    ids: web::Path<(ApplicationId, DocumentId)>,
    IfMatch(expected): IfMatch,
    Body(body): Body<DocumentPatch>,
) -> Result<Tagged<DocumentOut>> {
    let (application, id) = ids.into_inner();
    let row = may
        .write(move |tx| documents::verify(tx, application, id, expected, body.verified))
        .await?;
    Ok(Tagged(DocumentOut::shown_to(may.who(), row)))
}
