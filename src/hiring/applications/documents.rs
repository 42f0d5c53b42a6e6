//! Use cases on application documents: their receipt and verification.

use okaeri_engine::facts::DocumentKind;
use serde_json::json;

use super::service;
use super::store;
pub use super::store::DocumentRow;
use crate::platform::auth::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{ApplicationId, DocumentId, Identifier};
use crate::platform::outbox::EventType;
use crate::platform::quotas::{self, Quotas};
use crate::platform::usecase::{ExpectedVersion, Tx};

/// An application document to add.
#[derive(Debug, Clone)]
pub struct New {
    /// The kind of document.
    pub kind: DocumentKind,
    /// The title of the document.
    pub title: String,
    /// A note.
    pub note: Option<String>,
}

/// Records the receipt of a document.
///
/// # Errors
/// `not_found`, `limit_reached`.
pub fn add(tx: &mut Tx<'_>, application: ApplicationId, new: &New) -> Result<DocumentRow> {
    let of = service::row(tx, application)?;
    let row = DocumentRow {
        id: DocumentId::fresh(),
        organization_id: tx.organization(),
        application_id: application,
        kind: new.kind.into(),
        title: new.title.clone(),
        received_at: tx.now,
        verified_at: None,
        verified_by: None,
        note: new.note.clone(),
        from_applicant: tx.who.reach() != Reach::Organization,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    quotas::of_person(tx, of.person_id, Quotas::max_documents, |conn, tenant| {
        store::document::count(conn, tenant, application)
    })?;
    store::document::insert(tx.conn, &row)?;
    service::own_facts_changed(tx, &of)?;
    tx.record(
        EventType::ApplicationDocumentAdded,
        application,
        &json!({"document_id": row.id, "kind": row.kind}),
    )?;
    Ok(row)
}

/// Returns the documents of an application.
///
/// # Errors
/// `not_found`.
pub fn list(tx: &mut Tx<'_>, application: ApplicationId) -> Result<Vec<DocumentRow>> {
    service::row(tx, application)?;
    store::documents(tx.conn, tx.organization(), application)
}

/// Returns one document of an application.
///
/// # Errors
/// `not_found`.
pub fn find(tx: &mut Tx<'_>, application: ApplicationId, id: DocumentId) -> Result<DocumentRow> {
    service::row(tx, application)?;
    let row = store::document::get(tx.conn, tx.organization(), id)?;
    if row.application_id == application { Ok(row) } else { Err(Error::not_found("document")) }
}

/// Records the caller's verification of a document, or withdraws it.
///
/// # Errors
/// `not_found`, `stale_version`.
pub fn verify(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    id: DocumentId,
    expected: ExpectedVersion,
    verified: bool,
) -> Result<DocumentRow> {
    let of = service::row(tx, application)?;
    let mut row = find(tx, application, id)?;
    expected.check(row.version)?;
    row.verified_at = verified.then_some(tx.now);
    row.verified_by = verified.then(|| tx.who.actor.clone());
    store::document::save(tx.conn, &mut row, tx.now)?;
    service::own_facts_changed(tx, &of)?;
    tx.record(
        EventType::ApplicationDocumentVerified,
        application,
        &json!({"document_id": id, "verified": verified}),
    )?;
    Ok(row)
}
