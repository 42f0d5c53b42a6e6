//! Rows of `organizations`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use diesel::prelude::*;

use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::schema::organizations;
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrganizationId;
use crate::platform::usecase::expect_one;

/// An organization as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = organizations, treat_none_as_default_value = false)]
pub struct Row {
    pub id: OrganizationId,
    pub name: String,
    pub time_zone: String,
    pub currency: String,
    pub language: String,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

pub(super) fn insert(conn: &mut Conn, row: &Row) -> Result<()> {
    diesel::insert_into(organizations::table).values(row).execute(conn)?;
    Ok(())
}

pub(super) fn get(conn: &mut Conn, id: OrganizationId) -> Result<Row> {
    organizations::table
        .find(id)
        .select(Row::as_select())
        .first(conn)
        .optional()?
        .ok_or_else(|| Error::not_found("organization"))
}

pub(super) fn save(conn: &mut Conn, row: &mut Row, now: Timestamp) -> Result<()> {
    let read = row.version;
    row.version += 1;
    row.updated_at = now;
    let updated = diesel::update(
        organizations::table
            .filter(organizations::id.eq(row.id))
            .filter(organizations::version.eq(read)),
    )
    .set(&*row)
    .execute(conn)?;
    expect_one(updated)
}

pub(super) fn by_name(conn: &mut Conn, name: &str) -> Result<Option<Row>> {
    Ok(organizations::table
        .filter(organizations::name.eq(name))
        .select(Row::as_select())
        .first(conn)
        .optional()?)
}
