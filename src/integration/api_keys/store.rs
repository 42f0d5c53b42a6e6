//! Rows of `api_keys`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use diesel::prelude::*;

use crate::platform::auth::Role;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::listing::{Listing, load_listed};
use crate::platform::db::rows::versioned_rows;
use crate::platform::db::schema::api_keys;
use crate::platform::db::types::Json;
use crate::platform::error::Result;
use crate::platform::ids::{ApiKeyId, OrganizationId};

/// A key as stored, with a hash instead of the secret.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = api_keys, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Row {
    pub id: ApiKeyId,
    pub organization_id: OrganizationId,
    pub name: String,
    pub prefix: String,
    pub hash: String,
    pub roles: Json<Vec<Role>>,
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
versioned_rows!(api_keys, Row, ApiKeyId, "API key");

/// Returns the key with this hash, in any organization.
pub(super) fn by_hash(conn: &mut Conn, hash: &str) -> Result<Option<Row>> {
    Ok(api_keys::table
        .filter(api_keys::hash.eq(hash))
        .select(Row::as_select())
        .first(conn)
        .optional()?)
}

pub(super) fn list(
    conn: &mut Conn,
    tenant: OrganizationId,
    listing: &Listing<ApiKeyId>,
) -> Result<Vec<Row>> {
    let query = api_keys::table
        .filter(api_keys::organization_id.eq(tenant))
        .select(Row::as_select())
        .into_boxed();
    Ok(load_listed!(conn, query, api_keys, listing)?)
}

/// Returns the number of keys that are neither revoked nor expired.
pub(super) fn count_usable(conn: &mut Conn, tenant: OrganizationId, now: Timestamp) -> Result<i64> {
    Ok(api_keys::table
        .filter(api_keys::organization_id.eq(tenant))
        .filter(api_keys::revoked_at.is_null())
        .filter(api_keys::expires_at.is_null().or(api_keys::expires_at.gt(now)))
        .count()
        .get_result(conn)?)
}
