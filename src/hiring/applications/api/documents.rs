//! Application documents (提出書類).

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

/// An application document.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApplicationDocument, example = json!({
    "id": "doc_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "kind": "work_history", "title": "職務経歴書", "received_at": "2026-04-01T00:00:00.000000Z",
    "verified_at": null, "verified_by": null, "note": null, "version": 1
}))]
pub struct DocumentOut {
    /// The application document's identifier.
    pub id: DocumentId,
    /// The kind of document.
    pub kind: DocumentKind,
    /// The title of the document.
    pub title: String,
    /// Time of receipt.
    pub received_at: Timestamp,
    /// Time of verification.
    pub verified_at: Option<Timestamp>,
    /// The user who verified it; not shown to applicants.
    pub verified_by: Option<String>,
    /// A note; an applicant sees only the notes that they wrote.
    pub note: Option<String>,
    /// Row version; the `ETag` is this number in quotes.
    pub version: i32,
}

impl Versioned for DocumentOut {
    fn version(&self) -> i32 {
        self.version
    }
}

impl DocumentOut {
    /// Returns the document as the caller may see it: an applicant sees only their own notes.
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

/// An application document to add.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApplicationDocumentInput, example = json!({"kind": "work_history", "title": "職務経歴書"}))]
pub struct DocumentIn {
    /// The kind of document.
    pub kind: DocumentKind,
    /// The title of the document.
    #[schema(inline)]
    pub title: Text<300>,
    /// A note.
    #[schema(inline)]
    pub note: Option<LongText<2000, 0>>,
}

/// A change of a document's verification.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApplicationDocumentPatch, example = json!({"verified": true}))]
pub struct DocumentPatch {
    /// True if the caller has verified the document; false withdraws the verification.
    pub verified: bool,
}

/// Add an application document
///
/// Records the receipt of an application document. Earlier decisions become stale.
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

/// List application documents
///
/// Returns all documents of an application, in order of receipt.
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

/// Read an application document
///
/// Returns its kind and title, and whether it was verified.
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

/// Verify an application document
///
/// Records the user and the time of the verification. Earlier decisions become stale.
#[utoipa::path(operation_id = "verifyApplicationDocument", tag = "applications", request_body = DocumentPatch,
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = DocumentOut)))]
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
