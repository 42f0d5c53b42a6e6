//! Rows of `idempotency_keys`.

use diesel::prelude::*;

use super::model::{Given, Keyed};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::connection::on_engine;
use crate::platform::db::rows::forgotten_rows;
use crate::platform::db::schema::idempotency_keys::{self, dsl};
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrganizationId;

/// A key with its response, to insert.
#[derive(Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
pub(super) struct NewRow<'a> {
    pub(super) organization_id: OrganizationId,
    pub(super) actor: &'a str,
    pub(super) endpoint: &'a str,
    pub(super) key: &'a str,
    pub(super) fingerprint: &'a str,
    pub(super) status: i32,
    pub(super) location: Option<&'a str>,
    pub(super) etag: Option<&'a str>,
    pub(super) body: Option<&'a str>,
    pub(super) created_at: Timestamp,
}

/// A key with its response, as stored.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = idempotency_keys)]
pub(super) struct Row {
    pub(super) fingerprint: String,
    status: i32,
    location: Option<String>,
    etag: Option<String>,
    body: Option<String>,
}

impl Row {
    pub(super) fn given(self) -> Result<Given> {
        let Self { status, location, etag, body, .. } = self;
        Ok(Given { status: u16::try_from(status).map_err(Error::internal)?, location, etag, body })
    }
}

forgotten_rows!(idempotency_keys, created_at);

/// Inserts a key. On PostgreSQL it waits for a concurrent transaction with the same key.
pub(super) fn insert(conn: &mut Conn, row: &NewRow<'_>) -> Result<()> {
    on_engine!(conn, |engine| diesel::insert_into(idempotency_keys::table)
        .values(row)
        .execute(engine))?;
    Ok(())
}

pub(super) fn find(
    conn: &mut Conn,
    tenant: OrganizationId,
    actor: &str,
    keyed: &Keyed,
) -> Result<Option<Row>> {
    Ok(dsl::idempotency_keys
        .filter(dsl::organization_id.eq(tenant))
        .filter(dsl::actor.eq(actor))
        .filter(dsl::endpoint.eq(&keyed.endpoint))
        .filter(dsl::key.eq(&keyed.key))
        .select(Row::as_select())
        .first(conn)
        .optional()?)
}
