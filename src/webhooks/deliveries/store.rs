//! Rows of `webhook_deliveries`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use diesel::prelude::*;

use crate::clock::Timestamp;
use crate::db::Conn;
use crate::db::listing::{Listing, load_listed};
use crate::db::schema::{webhook_deliveries, webhook_endpoints};
use crate::error::{Error, Result};
use crate::ids::{EventId, OrganizationId, WebhookDeliveryId, WebhookEndpointId};
use crate::webhooks::model::{WebhookDeliveryError, WebhookDeliveryState, WebhookEndpointState};

/// A delivery as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = webhook_deliveries, treat_none_as_null = true, treat_none_as_default_value = false)]
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

/// Which deliveries are listed.
#[derive(Debug, Clone)]
pub struct Filter {
    pub endpoint: WebhookEndpointId,
    pub state: Option<WebhookDeliveryState>,
}

pub(super) fn insert(conn: &mut Conn, row: &Row) -> Result<()> {
    diesel::insert_into(webhook_deliveries::table).values(row).execute(conn)?;
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
    let of_tenant = webhook_deliveries::table.filter(webhook_deliveries::organization_id.eq(tenant));
    let of_endpoint = of_tenant.filter(webhook_deliveries::endpoint_id.eq(filter.endpoint));
    let mut query = of_endpoint.select(Row::as_select()).into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(webhook_deliveries::state.eq(state));
    }
    Ok(load_listed!(conn, query, webhook_deliveries, listing)?)
}

/// Active endpoints of every organization that a delivery is due for.
pub(super) fn due_endpoints(conn: &mut Conn, now: Timestamp) -> Result<Vec<(OrganizationId, WebhookEndpointId)>> {
    let is_free = webhook_deliveries::leased_until.is_null().or(webhook_deliveries::leased_until.le(Some(now)));
    Ok(webhook_deliveries::table
        .inner_join(webhook_endpoints::table)
        .filter(webhook_endpoints::state.eq(WebhookEndpointState::Active))
        .filter(webhook_deliveries::state.eq(WebhookDeliveryState::Pending))
        .filter(webhook_deliveries::next_attempt_at.le(Some(now)))
        .filter(is_free)
        .select((webhook_deliveries::organization_id, webhook_deliveries::endpoint_id))
        .distinct()
        .load(conn)?)
}

/// Deliveries that are due for an endpoint, in the order of their making.
pub(super) fn due(conn: &mut Conn, endpoint: WebhookEndpointId, now: Timestamp, limit: i64) -> Result<Vec<Row>> {
    let is_free = webhook_deliveries::leased_until.is_null().or(webhook_deliveries::leased_until.le(Some(now)));
    Ok(webhook_deliveries::table
        .filter(webhook_deliveries::endpoint_id.eq(endpoint))
        .filter(webhook_deliveries::state.eq(WebhookDeliveryState::Pending))
        .filter(webhook_deliveries::next_attempt_at.le(Some(now)))
        .filter(is_free)
        .order(webhook_deliveries::id.asc())
        .limit(limit)
        .select(Row::as_select())
        .load(conn)?)
}

/// Leases a delivery, unless somebody else has it or it is due no more.
pub(super) fn lease(conn: &mut Conn, id: WebhookDeliveryId, now: Timestamp, until: Timestamp) -> Result<bool> {
    let is_free = webhook_deliveries::leased_until.is_null().or(webhook_deliveries::leased_until.le(Some(now)));
    let free = webhook_deliveries::table
        .filter(webhook_deliveries::id.eq(id))
        .filter(webhook_deliveries::state.eq(WebhookDeliveryState::Pending))
        .filter(webhook_deliveries::next_attempt_at.le(Some(now)))
        .filter(is_free);
    Ok(diesel::update(free).set(webhook_deliveries::leased_until.eq(Some(until))).execute(conn)? == 1)
}

/// Writes what came of an attempt, if the lease is still ours.
pub(super) fn settle(conn: &mut Conn, row: &Row, lease: Option<Timestamp>) -> Result<bool> {
    let ours = webhook_deliveries::table
        .filter(webhook_deliveries::id.eq(row.id))
        .filter(webhook_deliveries::organization_id.eq(row.organization_id))
        .filter(webhook_deliveries::leased_until.eq(lease));
    Ok(diesel::update(ours).set(row).execute(conn)? == 1)
}

/// Gives a leased delivery back.
pub(super) fn release(conn: &mut Conn, row: &Row) -> Result<()> {
    let ours = webhook_deliveries::table
        .filter(webhook_deliveries::id.eq(row.id))
        .filter(webhook_deliveries::leased_until.eq(row.leased_until));
    diesel::update(ours).set(webhook_deliveries::leased_until.eq(None::<Timestamp>)).execute(conn)?;
    Ok(())
}

/// Has a delivery attempted again from the beginning; who has leased it goes on.
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

pub(super) fn forget_before(conn: &mut Conn, before: Timestamp) -> Result<usize> {
    let ended = webhook_deliveries::table.filter(webhook_deliveries::state.ne(WebhookDeliveryState::Pending));
    Ok(diesel::delete(ended.filter(webhook_deliveries::updated_at.lt(before))).execute(conn)?)
}
