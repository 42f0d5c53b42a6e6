//! Use cases on entities.

use okaeri_engine::messages::entities;
use serde_json::json;

use super::model;
use super::store;
pub use super::store::Row;
use crate::platform::db::listing::Listing;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::ids::{EntityId, Identifier};
use crate::platform::outbox::EventType;
use crate::platform::patch;
use crate::platform::quotas::{self, Quotas};
use crate::platform::usecase::{ExpectedVersion, Tx};

/// A group company to record.
#[derive(Debug, Clone)]
pub struct New {
    /// Its code in facts and regulations.
    pub code: String,
    /// Its name.
    pub name: String,
    /// ISO 3166-1 code of its country.
    pub country: String,
}

/// A patch of a group company.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// Its code in facts and regulations.
    pub code: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// ISO 3166-1 code of its country.
    pub country: Option<String>,
}

/// Records a group company.
///
/// # Errors
/// `already_exists` when the code is taken, `invalid` for an unknown country, `limit_reached`.
pub fn create(tx: &mut Tx<'_>, new: &New) -> Result<Row> {
    model::check_country(&new.country)?;
    let row = Row {
        id: EntityId::fresh(),
        organization_id: tx.organization(),
        code: new.code.clone(),
        name: new.name.clone(),
        country: new.country.clone(),
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    quotas::of_organization(tx, Quotas::max_entities, store::count)?;
    store::insert(tx.conn, &row)?;
    tx.record(EventType::EntityCreated, row.id, &json!({"code": row.code}))?;
    Ok(row)
}

/// Returns a group company of this organization.
///
/// # Errors
/// `not_found`.
pub fn find(tx: &mut Tx<'_>, id: EntityId) -> Result<Row> {
    store::get(tx.conn, tx.organization(), id)
}

/// Returns the existing group companies among these identifiers.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn by_ids(tx: &mut Tx<'_>, ids: &[EntityId]) -> Result<Vec<Row>> {
    store::many(tx.conn, tx.organization(), ids)
}

/// Returns the group company that a body names at `/entity_id`, if it names one.
///
/// # Errors
/// `invalid` at `/entity_id` when there is no such company.
pub fn named(tx: &mut Tx<'_>, id: Option<EntityId>) -> Result<Option<Row>> {
    let Some(id) = id else { return Ok(None) };
    let entity = store::find(tx.conn, tx.organization(), id)?.ok_or_else(|| {
        Error::invalid_field("/entity_id", "unknown_entity", entities::NO_SUCH_ENTITY)
    })?;
    Ok(Some(entity))
}

/// Returns a page of group companies, newest first.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn list(tx: &mut Tx<'_>, listing: &Listing<EntityId>) -> Result<Vec<Row>> {
    store::list(tx.conn, tx.organization(), listing)
}

/// Changes a group company.
///
/// # Errors
/// `not_found`, `stale_version`, `already_exists`, `invalid`; `conflict` when the code changes
/// although employment periods are recorded under it.
pub fn update(
    tx: &mut Tx<'_>,
    id: EntityId,
    expected: ExpectedVersion,
    edit: &Edit,
) -> Result<Row> {
    let mut row = find(tx, id)?;
    expected.check(row.version)?;
    let edit = edit.clone();
    // The facts of these periods hold the code, and decisions have read it.
    if edit.code.as_ref().is_some_and(|code| *code != row.code)
        && store::is_named(tx.conn, tx.organization(), id)?
    {
        return Err(Error::because(ProblemCode::Conflict, entities::CODE_IN_USE));
    }
    patch::set(&mut row.code, edit.code);
    patch::set(&mut row.name, edit.name);
    patch::set(&mut row.country, edit.country);
    model::check_country(&row.country)?;
    store::save(tx.conn, &mut row, tx.now)?;
    tx.record(EventType::EntityUpdated, id, &json!({"version": row.version}))?;
    Ok(row)
}
