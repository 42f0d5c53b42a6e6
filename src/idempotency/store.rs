//! Rows of `idempotency_keys`.

use diesel::dsl::SqlTypeOf;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};

use super::model::{Given, Keyed};
use crate::clock::Timestamp;
use crate::db::Conn;
use crate::db::connection::MultiBackend;
use crate::db::schema::idempotency_keys::{self, dsl};
use crate::error::{Error, Result};
use crate::ids::OrganizationId;

/// A key with its answer, as stored.
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

/// Takes a key unless it is taken. Written out, since both engines know `ON CONFLICT` but diesel does not say it for
/// both at once: PostgreSQL waits here for a transaction that is at work with the same key.
struct Take<'k> {
    tenant: OrganizationId,
    actor: &'k str,
    keyed: &'k Keyed,
    now: Timestamp,
}

impl QueryFragment<MultiBackend> for Take<'_> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        pass.push_sql(
            "INSERT INTO idempotency_keys (organization_id, actor, endpoint, key, fingerprint, status, created_at) VALUES (",
        );
        pass.push_bind_param::<SqlTypeOf<dsl::organization_id>, _>(&self.tenant)?;
        pass.push_sql(", ");
        pass.push_bind_param::<SqlTypeOf<dsl::actor>, _>(self.actor)?;
        pass.push_sql(", ");
        pass.push_bind_param::<SqlTypeOf<dsl::endpoint>, _>(&self.keyed.endpoint)?;
        pass.push_sql(", ");
        pass.push_bind_param::<SqlTypeOf<dsl::key>, _>(&self.keyed.key)?;
        pass.push_sql(", ");
        pass.push_bind_param::<SqlTypeOf<dsl::fingerprint>, _>(&self.keyed.fingerprint)?;
        pass.push_sql(", 0, ");
        pass.push_bind_param::<SqlTypeOf<dsl::created_at>, _>(&self.now)?;
        pass.push_sql(") ON CONFLICT DO NOTHING");
        Ok(())
    }
}

impl QueryId for Take<'_> {
    type QueryId = Take<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl RunQueryDsl<Conn> for Take<'_> {}

/// Whether the key was free; then it is taken.
pub(super) fn take(
    conn: &mut Conn,
    tenant: OrganizationId,
    actor: &str,
    keyed: &Keyed,
    now: Timestamp,
) -> Result<bool> {
    Ok(Take { tenant, actor, keyed, now }.execute(conn)? == 1)
}

pub(super) fn find(conn: &mut Conn, tenant: OrganizationId, actor: &str, keyed: &Keyed) -> Result<Row> {
    let row = dsl::idempotency_keys
        .filter(dsl::organization_id.eq(tenant))
        .filter(dsl::actor.eq(actor))
        .filter(dsl::endpoint.eq(&keyed.endpoint))
        .filter(dsl::key.eq(&keyed.key))
        .select(Row::as_select())
        .first(conn);
    Ok(row?)
}

pub(super) fn keep(
    conn: &mut Conn,
    tenant: OrganizationId,
    actor: &str,
    keyed: &Keyed,
    given: &Given,
    body: Option<&str>,
) -> Result<()> {
    let row = dsl::idempotency_keys
        .filter(dsl::organization_id.eq(tenant))
        .filter(dsl::actor.eq(actor))
        .filter(dsl::endpoint.eq(&keyed.endpoint))
        .filter(dsl::key.eq(&keyed.key));
    let set = (
        dsl::status.eq(i32::from(given.status)),
        dsl::location.eq(&given.location),
        dsl::etag.eq(&given.etag),
        dsl::body.eq(body),
    );
    diesel::update(row).set(set).execute(conn)?;
    Ok(())
}

pub(super) fn forget_before(conn: &mut Conn, before: Timestamp) -> Result<usize> {
    Ok(diesel::delete(dsl::idempotency_keys.filter(dsl::created_at.lt(before))).execute(conn)?)
}
