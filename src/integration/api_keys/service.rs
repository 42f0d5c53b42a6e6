//! Use cases on API keys.

use okaeri_engine::messages::api_keys;
use serde_json::json;

use super::store;
pub use super::store::Row;
use crate::platform::auth::{Principal, Role, secret};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::listing::Listing;
use crate::platform::db::types::Json;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{ApiKeyId, Identifier};
use crate::platform::outbox::EventType;
use crate::platform::quotas::{self, Quotas};
use crate::platform::usecase::{ExpectedVersion, Tx};
use crate::records::organizations;

/// A key to create.
#[derive(Debug, Clone)]
pub struct New {
    /// Purpose of the key.
    pub name: String,
    /// Its roles.
    pub roles: Vec<Role>,
    /// Time of expiry.
    pub expires_at: Option<Timestamp>,
}

/// Creates a key. Returns the row and the secret, which is not stored.
///
/// # Errors
/// `invalid` when there is no role, when one is alumnus, or when the expiry has passed;
/// `limit_reached`.
pub fn create(tx: &mut Tx<'_>, new: &New) -> Result<(Row, String)> {
    if new.roles.is_empty() || new.roles.contains(&Role::Alumnus) {
        return Err(Error::invalid_field("/roles", "not_for_keys", api_keys::NOT_FOR_KEYS));
    }
    if new.expires_at.is_some_and(|ends| ends <= tx.now) {
        return Err(Error::invalid_field("/expires_at", "in_the_past", api_keys::IN_THE_PAST));
    }
    let key = secret::generate()?;
    let row = Row {
        id: ApiKeyId::fresh(),
        organization_id: tx.organization(),
        name: new.name.clone(),
        prefix: key.prefix,
        hash: key.hash,
        roles: Json(new.roles.clone()),
        expires_at: new.expires_at,
        revoked_at: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    let now = tx.now;
    quotas::of_organization(tx, Quotas::max_api_keys, |conn, tenant| {
        store::count_usable(conn, tenant, now)
    })?;
    store::insert(tx.conn, &row)?;
    tx.record(EventType::ApiKeyCreated, row.id, &json!({"roles": new.roles}))?;
    Ok((row, key.secret))
}

/// Returns a key of this organization.
///
/// # Errors
/// `not_found`.
pub fn find(tx: &mut Tx<'_>, id: ApiKeyId) -> Result<Row> {
    store::get(tx.conn, tx.organization(), id)
}

/// Returns a page of keys, newest first.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn list(tx: &mut Tx<'_>, listing: &Listing<ApiKeyId>) -> Result<Vec<Row>> {
    store::list(tx.conn, tx.organization(), listing)
}

/// Revokes a key; does nothing when it is revoked already.
///
/// # Errors
/// `not_found`, `stale_version`.
pub fn revoke(tx: &mut Tx<'_>, id: ApiKeyId, expected: ExpectedVersion) -> Result<Row> {
    let mut row = find(tx, id)?;
    expected.check(row.version)?;
    if row.revoked_at.is_none() {
        row.revoked_at = Some(tx.now);
        store::save(tx.conn, &mut row, tx.now)?;
        tx.record(EventType::ApiKeyRevoked, id, &json!({}))?;
    }
    // Even if it was revoked before, since that may have been a moment ago.
    tx.changes_credentials();
    Ok(row)
}

/// Returns the principal for the key with this hash, if there is one that is not revoked.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn principal_of(conn: &mut Conn, hash: &str) -> Result<Option<Principal>> {
    let Some(key) = store::by_hash(conn, hash)?.filter(|key| key.revoked_at.is_none()) else {
        return Ok(None);
    };
    let zone = organizations::service::zone_of(conn, key.organization_id)?;
    Ok(Some(Principal {
        organization: key.organization_id,
        zone,
        actor: key.id.to_string(),
        roles: key.roles.0,
        person: None,
        expires_at: key.expires_at,
    }))
}
