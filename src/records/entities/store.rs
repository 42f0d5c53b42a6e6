//! Rows of `entities`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::listing::{Listing, load_listed};
use crate::platform::db::rows::{counted_rows, rows_by_ids, versioned_rows};
use crate::platform::db::schema::{employment_periods, entities};
use crate::platform::error::Result;
use crate::platform::ids::{EntityId, OrganizationId};

/// A group company as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = entities, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Row {
    pub id: EntityId,
    pub organization_id: OrganizationId,
    pub code: String,
    pub name: String,
    pub country: String,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
versioned_rows!(entities, Row, EntityId, "entity");
counted_rows!(entities);
rows_by_ids!(entities, Row, EntityId);

pub(super) fn list(
    conn: &mut Conn,
    tenant: OrganizationId,
    listing: &Listing<EntityId>,
) -> Result<Vec<Row>> {
    let query = entities::table
        .filter(entities::organization_id.eq(tenant))
        .select(Row::as_select())
        .into_boxed();
    Ok(load_listed!(conn, query, entities, listing)?)
}

/// Returns whether an employment period is recorded under this group company.
pub(super) fn is_named(conn: &mut Conn, tenant: OrganizationId, entity: EntityId) -> Result<bool> {
    let periods = employment_periods::table
        .filter(employment_periods::organization_id.eq(tenant))
        .filter(employment_periods::entity_id.eq(entity));
    Ok(diesel::select(exists(periods)).get_result(conn)?)
}
