//! Use cases on regulations. Their versions are in [`super::versions`].

use okaeri_engine::library;
use okaeri_engine::messages::regulations;
use okaeri_engine::words::Words;
use serde_json::json;

use super::store;
pub use super::store::{Parts, Row, VersionHead, VersionRow};
use super::versions::{self, Ready};
use crate::platform::auth::Permission;
use crate::platform::db::listing::Listing;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{Identifier, RegulationId};
use crate::platform::outbox::EventType;
use crate::platform::quotas::{self, Quotas};
use crate::platform::usecase::Tx;

/// Creates a regulation with a draft as its first version.
///
/// # Errors
/// `already_exists` when the code is taken, `limit_reached`.
pub fn create(
    tx: &mut Tx<'_>,
    ready: &Ready,
    library_code: Option<&str>,
) -> Result<(Row, VersionRow)> {
    quotas::of_organization(tx, Quotas::max_regulations, store::count)?;
    let document = ready.document();
    let row = Row {
        id: RegulationId::fresh(),
        organization_id: tx.organization(),
        code: document.code.clone(),
        name_ja: document.name.ja.to_string(),
        name_en: document.name.en.to_string(),
        library_code: library_code.map(str::to_owned),
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    store::insert(tx.conn, &row)?;
    tx.record(
        EventType::RegulationCreated,
        row.id,
        &json!({"code": row.code, "library_code": row.library_code}),
    )?;
    let version = versions::add(tx, row.id, ready)?;
    Ok((row, version))
}

/// Parses a published regulation of the library.
///
/// # Errors
/// `invalid` for an unknown code.
pub fn from_library(code: &str) -> Result<Ready> {
    let entry = library::find(code).ok_or_else(|| {
        Error::invalid_field(
            "/library_code",
            "unknown_code",
            regulations::NotInLibrary { code: &code },
        )
    })?;
    versions::ready(&serde_json::from_str(entry.text).map_err(Error::internal)?)
}

/// Returns a regulation of this organization. One that has only drafts is found only by callers who
/// may read drafts.
///
/// # Errors
/// `not_found`.
pub fn find(tx: &mut Tx<'_>, id: RegulationId) -> Result<Row> {
    let row = store::get(tx.conn, tx.organization(), id)?;
    if reads_drafts(tx) || store::is_published(tx.conn, tx.organization(), id)? {
        Ok(row)
    } else {
        Err(Error::not_found("regulation"))
    }
}

/// Locks a regulation until the transaction ends.
pub(super) fn hold(tx: &mut Tx<'_>, id: RegulationId) -> Result<()> {
    store::hold(tx.conn, tx.organization(), id)
}

/// Returns whether the caller may read drafts.
pub(super) fn reads_drafts(tx: &Tx<'_>) -> bool {
    Permission::ReadDrafts.granted_to(&tx.who.roles)
}

/// Sets the name of a regulation to that of its version in force.
pub(super) fn rename(tx: &mut Tx<'_>, id: RegulationId, name: &Words) -> Result<()> {
    let mut row = find(tx, id)?;
    if (row.name_ja.as_str(), row.name_en.as_str()) == (&*name.ja, &*name.en) {
        return Ok(());
    }
    (row.name_ja, row.name_en) = (name.ja.to_string(), name.en.to_string());
    store::save(tx.conn, &mut row, tx.now)
}

/// Returns a page of regulations, newest first.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn list(tx: &mut Tx<'_>, listing: &Listing<RegulationId>) -> Result<Vec<Row>> {
    let only_published = !reads_drafts(tx);
    store::list(tx.conn, tx.organization(), only_published, listing)
}
