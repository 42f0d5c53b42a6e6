//! Rows of `webhook_deliveries`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use diesel::prelude::*;

use crate::integration::webhooks::model::{
    WebhookDeliveryError, WebhookDeliveryState, WebhookEndpointState,
};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::connection::on_engine;
use crate::platform::db::listing::{Listing, load_listed};
use crate::platform::db::rows::forgotten_rows;
use crate::platform::db::schema::{webhook_deliveries, webhook_endpoints};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EventId, OrganizationId, WebhookDeliveryId, WebhookEndpointId};

/// A delivery as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook_deliveries, treat_none_as_default_value = false)]
pub struct Row {
    pub id: WebhookDeliveryId,
    pub organization_id: OrganizationId,
    pub endpoint_id: WebhookEndpointId,
    pub event_id: EventId,
    pub sequence: Option<i64>,
    pub type_: String,
    pub payload: String,
    pub state: WebhookDeliveryState,
    pub attempts: i32,
    pub next_attempt_at: Option<Timestamp>,
    pub leased_until: Option<Timestamp>,
    pub last_status: Option<i32>,
    pub last_error: Option<WebhookDeliveryError>,
    pub delivered_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

forgotten_rows!(
    webhook_deliveries,
    updated_at,
    webhook_deliveries::state.ne(WebhookDeliveryState::Pending)
);

/// Filters of the list of deliveries.
#[derive(Debug, Clone)]
pub struct Filter {
    pub endpoint: WebhookEndpointId,
    pub state: Option<WebhookDeliveryState>,
}

/// Number of rows per INSERT statement: both engines limit the number of bind parameters.
const ROWS_AT_ONCE: usize = 500;

pub(super) fn insert(conn: &mut Conn, rows: &[Row]) -> Result<()> {
    for chunk in rows.chunks(ROWS_AT_ONCE) {
        on_engine!(conn, |engine| diesel::insert_into(webhook_deliveries::table)
            .values(chunk)
            .execute(engine))?;
    }
    Ok(())
}

pub(super) fn get(conn: &mut Conn, tenant: OrganizationId, id: WebhookDeliveryId) -> Result<Row> {
    let found = webhook_deliveries::table
        .filter(webhook_deliveries::id.eq(id))
        .filter(webhook_deliveries::organization_id.eq(tenant))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    found.ok_or_else(|| Error::not_found("webhook delivery"))
}

pub(super) fn list(
    conn: &mut Conn,
    tenant: OrganizationId,
    filter: &Filter,
    listing: &Listing<WebhookDeliveryId>,
) -> Result<Vec<Row>> {
    let of_tenant =
        webhook_deliveries::table.filter(webhook_deliveries::organization_id.eq(tenant));
    let of_endpoint = of_tenant.filter(webhook_deliveries::endpoint_id.eq(filter.endpoint));
    let mut query = of_endpoint.select(Row::as_select()).into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(webhook_deliveries::state.eq(state));
    }
    Ok(load_listed!(conn, query, webhook_deliveries, listing)?)
}

/// Expression: no worker has leased the delivery.
macro_rules! is_free {
    ($now:expr) => {
        webhook_deliveries::leased_until
            .is_null()
            .or(webhook_deliveries::leased_until.le(Some($now)))
    };
}

/// An active endpoint for which a delivery is due.
#[derive(Debug, Clone, Copy, Queryable)]
pub(in crate::integration::webhooks) struct DueEndpoint {
    pub(in crate::integration::webhooks) organization: OrganizationId,
    pub(in crate::integration::webhooks) id: WebhookEndpointId,
    /// True if the last attempts failed.
    pub(in crate::integration::webhooks) is_failing: bool,
}

/// Returns such endpoints of all organizations.
pub(super) fn due_endpoints(conn: &mut Conn, now: Timestamp) -> Result<Vec<DueEndpoint>> {
    let due = webhook_deliveries::table
        .filter(webhook_deliveries::endpoint_id.eq(webhook_endpoints::id))
        .filter(webhook_deliveries::next_attempt_at.le(Some(now)))
        .filter(is_free!(now));
    Ok(webhook_endpoints::table
        .filter(webhook_endpoints::state.eq(WebhookEndpointState::Active))
        .filter(diesel::dsl::exists(due))
        .order(webhook_endpoints::id.asc())
        .select((
            webhook_endpoints::organization_id,
            webhook_endpoints::id,
            webhook_endpoints::failing_since.is_not_null(),
        ))
        .load(conn)?)
}

/// Returns the number of pending deliveries of each endpoint; omits those with none.
pub(super) fn pending(
    conn: &mut Conn,
    endpoints: Vec<WebhookEndpointId>,
) -> Result<Vec<(WebhookEndpointId, i64)>> {
    Ok(webhook_deliveries::table
        .filter(webhook_deliveries::endpoint_id.eq_any(endpoints))
        .filter(webhook_deliveries::next_attempt_at.is_not_null())
        .group_by(webhook_deliveries::endpoint_id)
        .select((webhook_deliveries::endpoint_id, diesel::dsl::count_star()))
        .load(conn)?)
}

/// Leases due deliveries of an endpoint, oldest first. Skips those that another worker is leasing.
pub(super) fn lease(
    conn: &mut Conn,
    endpoint: WebhookEndpointId,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<Row>> {
    let due = webhook_deliveries::table
        .filter(webhook_deliveries::endpoint_id.eq(endpoint))
        .filter(webhook_deliveries::next_attempt_at.le(Some(now)))
        .filter(is_free!(now))
        .order(webhook_deliveries::id.asc())
        .limit(limit);
    let mut rows: Vec<Row> = match conn {
        Conn::Postgres(postgres) => {
            due.select(Row::as_select()).for_update().skip_locked().load(postgres)?
        }
        Conn::Sqlite(sqlite) => due.select(Row::as_select()).load(sqlite)?,
    };
    let ids: Vec<WebhookDeliveryId> = rows.iter().map(|row| row.id).collect();
    diesel::update(webhook_deliveries::table.filter(webhook_deliveries::id.eq_any(ids)))
        .set(webhook_deliveries::leased_until.eq(Some(until)))
        .execute(conn)?;
    for row in &mut rows {
        row.leased_until = Some(until);
    }
    Ok(rows)
}

/// Query: rows of an endpoint that this worker still leases.
macro_rules! ours {
    ($endpoint:expr, $ids:expr, $lease:expr) => {
        webhook_deliveries::table
            .filter(webhook_deliveries::id.eq_any($ids))
            .filter(webhook_deliveries::endpoint_id.eq($endpoint))
            .filter(webhook_deliveries::leased_until.eq($lease))
    };
}

/// Marks deliveries as successful with this status, as far as this worker still leases them.
/// Returns their number.
pub(super) fn take(
    conn: &mut Conn,
    endpoint: WebhookEndpointId,
    ids: Vec<WebhookDeliveryId>,
    lease: Timestamp,
    status: i32,
    now: Timestamp,
) -> Result<usize> {
    Ok(diesel::update(ours!(endpoint, ids, Some(lease)))
        .set((
            webhook_deliveries::state.eq(WebhookDeliveryState::Delivered),
            webhook_deliveries::attempts.eq(webhook_deliveries::attempts + 1),
            webhook_deliveries::next_attempt_at.eq(None::<Timestamp>),
            webhook_deliveries::leased_until.eq(None::<Timestamp>),
            webhook_deliveries::last_status.eq(Some(status)),
            webhook_deliveries::last_error.eq(None::<WebhookDeliveryError>),
            webhook_deliveries::delivered_at.eq(Some(now)),
            webhook_deliveries::updated_at.eq(now),
        ))
        .execute(conn)?)
}

/// Records a failed attempt if this worker still leases the delivery and it was not restarted
/// meanwhile. Returns whether it was recorded.
pub(super) fn fail(conn: &mut Conn, row: &Row, lease: Timestamp) -> Result<bool> {
    let attempted = ours!(row.endpoint_id, vec![row.id], Some(lease));
    let updated =
        diesel::update(attempted.filter(webhook_deliveries::attempts.eq(row.attempts - 1)))
            .set((
                webhook_deliveries::state.eq(row.state),
                webhook_deliveries::attempts.eq(row.attempts),
                webhook_deliveries::next_attempt_at.eq(row.next_attempt_at),
                webhook_deliveries::leased_until.eq(None::<Timestamp>),
                webhook_deliveries::last_status.eq(row.last_status),
                webhook_deliveries::last_error.eq(row.last_error),
                webhook_deliveries::updated_at.eq(row.updated_at),
            ))
            .execute(conn)?;
    Ok(updated == 1)
}

/// Releases leased deliveries.
pub(super) fn release(
    conn: &mut Conn,
    endpoint: WebhookEndpointId,
    ids: Vec<WebhookDeliveryId>,
    lease: Timestamp,
) -> Result<()> {
    diesel::update(ours!(endpoint, ids, Some(lease)))
        .set(webhook_deliveries::leased_until.eq(None::<Timestamp>))
        .execute(conn)?;
    Ok(())
}

/// Restarts a delivery; a worker that has leased it continues.
pub(super) fn restart(conn: &mut Conn, id: WebhookDeliveryId, now: Timestamp) -> Result<()> {
    diesel::update(webhook_deliveries::table.filter(webhook_deliveries::id.eq(id)))
        .set((
            webhook_deliveries::state.eq(WebhookDeliveryState::Pending),
            webhook_deliveries::attempts.eq(0),
            webhook_deliveries::next_attempt_at.eq(Some(now)),
            webhook_deliveries::delivered_at.eq(None::<Timestamp>),
            webhook_deliveries::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn delete_of(
    conn: &mut Conn,
    tenant: OrganizationId,
    endpoint: WebhookEndpointId,
) -> Result<()> {
    let of_endpoint =
        webhook_deliveries::table.filter(webhook_deliveries::endpoint_id.eq(endpoint));
    diesel::delete(of_endpoint.filter(webhook_deliveries::organization_id.eq(tenant)))
        .execute(conn)?;
    Ok(())
}
