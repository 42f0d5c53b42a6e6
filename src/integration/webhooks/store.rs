//! Rows of `webhook_endpoints` and `webhook_secrets`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use diesel::prelude::*;

use super::model::{
    WebhookDeliveryError, WebhookDeliveryState, WebhookDisabledReason, WebhookEndpointState,
};
use super::signature::Secret;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::listing::{Listing, load_listed};
use crate::platform::db::rows::{counted_rows, held_rows, versioned_rows};
use crate::platform::db::schema::{events, webhook_deliveries, webhook_endpoints, webhook_secrets};
use crate::platform::db::types::Json;
use crate::platform::error::Result;
use crate::platform::ids::{OrganizationId, WebhookEndpointId};

crate::text_columns!(
    WebhookEndpointState,
    WebhookDisabledReason,
    WebhookDeliveryState,
    WebhookDeliveryError
);

/// An endpoint as stored, without the columns of the workers.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = webhook_endpoints, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Row {
    pub id: WebhookEndpointId,
    pub organization_id: OrganizationId,
    pub url: String,
    pub event_types: Json<Vec<String>>,
    pub description: Option<String>,
    pub state: WebhookEndpointState,
    pub disabled_reason: Option<WebhookDisabledReason>,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
versioned_rows!(webhook_endpoints, Row, WebhookEndpointId, "webhook endpoint");
counted_rows!(webhook_endpoints);
held_rows!(webhook_endpoints, WebhookEndpointId);

/// Filters of the list of endpoints.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub state: Option<WebhookEndpointState>,
}

pub(super) fn list(
    conn: &mut Conn,
    tenant: OrganizationId,
    filter: &Filter,
    listing: &Listing<WebhookEndpointId>,
) -> Result<Vec<Row>> {
    let of_tenant = webhook_endpoints::table.filter(webhook_endpoints::organization_id.eq(tenant));
    let mut query = of_tenant.select(Row::as_select()).into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(webhook_endpoints::state.eq(state));
    }
    Ok(load_listed!(conn, query, webhook_endpoints, listing)?)
}

/// An endpoint with new events, and its position in the feed.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = webhook_endpoints)]
pub(super) struct Behind {
    pub(super) id: WebhookEndpointId,
    pub(super) event_types: Json<Vec<String>>,
    pub(super) told_sequence: i64,
}

/// Query: active endpoints with new events and fewer than this number of pending deliveries.
macro_rules! with_news {
    ($most:expr) => {{
        let last_place = webhook_deliveries::table
            .filter(webhook_deliveries::endpoint_id.eq(webhook_endpoints::id))
            .filter(webhook_deliveries::next_attempt_at.is_not_null())
            .offset($most - 1)
            .limit(1);
        let news = events::table
            .filter(events::organization_id.eq(webhook_endpoints::organization_id))
            .filter(events::sequence.gt(webhook_endpoints::told_sequence));
        webhook_endpoints::table
            .filter(webhook_endpoints::state.eq(WebhookEndpointState::Active))
            .filter(diesel::dsl::exists(news))
            .filter(diesel::dsl::not(diesel::dsl::exists(last_place)))
    }};
}

/// Returns the organizations with such endpoints.
pub(super) fn with_news(conn: &mut Conn, most: i64) -> Result<Vec<OrganizationId>> {
    Ok(with_news!(most).select(webhook_endpoints::organization_id).distinct().load(conn)?)
}

/// Returns such endpoints of an organization, locked until the transaction ends; skips those that
/// another worker has locked.
pub(super) fn hold_behind(
    conn: &mut Conn,
    tenant: OrganizationId,
    most: i64,
) -> Result<Vec<Behind>> {
    let behind = with_news!(most)
        .filter(webhook_endpoints::organization_id.eq(tenant))
        .order((webhook_endpoints::told_sequence.asc(), webhook_endpoints::id.asc()));
    Ok(match conn {
        Conn::Postgres(postgres) => {
            behind.select(Behind::as_select()).for_update().skip_locked().load(postgres)?
        }
        Conn::Sqlite(sqlite) => behind.select(Behind::as_select()).load(sqlite)?,
    })
}

pub(super) fn set_told(
    conn: &mut Conn,
    tenant: OrganizationId,
    id: WebhookEndpointId,
    sequence: i64,
) -> Result<()> {
    let row = webhook_endpoints::table.filter(webhook_endpoints::id.eq(id));
    diesel::update(row.filter(webhook_endpoints::organization_id.eq(tenant)))
        .set(webhook_endpoints::told_sequence.eq(sequence))
        .execute(conn)?;
    Ok(())
}

/// Returns the time since which no delivery succeeds, if it is recorded.
pub(super) fn failing_since(
    conn: &mut Conn,
    tenant: OrganizationId,
    id: WebhookEndpointId,
) -> Result<Option<Timestamp>> {
    Ok(webhook_endpoints::table
        .filter(webhook_endpoints::id.eq(id))
        .filter(webhook_endpoints::organization_id.eq(tenant))
        .select(webhook_endpoints::failing_since)
        .first(conn)?)
}

/// Records the time since which no delivery succeeds, unless one is recorded.
pub(super) fn note_failing(
    conn: &mut Conn,
    tenant: OrganizationId,
    id: WebhookEndpointId,
    now: Timestamp,
) -> Result<()> {
    let row = webhook_endpoints::table.filter(webhook_endpoints::id.eq(id));
    diesel::update(
        row.filter(webhook_endpoints::organization_id.eq(tenant))
            .filter(webhook_endpoints::failing_since.is_null()),
    )
    .set(webhook_endpoints::failing_since.eq(Some(now)))
    .execute(conn)?;
    Ok(())
}

/// Clears the time since which no delivery succeeds.
pub(super) fn note_working(
    conn: &mut Conn,
    tenant: OrganizationId,
    id: WebhookEndpointId,
) -> Result<()> {
    let row = webhook_endpoints::table.filter(webhook_endpoints::id.eq(id));
    diesel::update(
        row.filter(webhook_endpoints::organization_id.eq(tenant))
            .filter(webhook_endpoints::failing_since.is_not_null()),
    )
    .set(webhook_endpoints::failing_since.eq(None::<Timestamp>))
    .execute(conn)?;
    Ok(())
}

pub(super) fn delete(conn: &mut Conn, tenant: OrganizationId, id: WebhookEndpointId) -> Result<()> {
    diesel::delete(webhook_secrets::table.filter(webhook_secrets::endpoint_id.eq(id)))
        .execute(conn)?;
    let row = webhook_endpoints::table.filter(webhook_endpoints::id.eq(id));
    diesel::delete(row.filter(webhook_endpoints::organization_id.eq(tenant))).execute(conn)?;
    Ok(())
}

pub(super) fn add_secret(
    conn: &mut Conn,
    id: WebhookEndpointId,
    secret: &Secret,
    now: Timestamp,
) -> Result<()> {
    diesel::insert_into(webhook_secrets::table)
        .values((
            webhook_secrets::endpoint_id.eq(id),
            webhook_secrets::secret.eq(secret.tell()),
            webhook_secrets::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Deletes the secrets that have an expiry.
pub(super) fn delete_ending_secrets(conn: &mut Conn, id: WebhookEndpointId) -> Result<()> {
    let ending = webhook_secrets::table.filter(webhook_secrets::signs_until.is_not_null());
    diesel::delete(ending.filter(webhook_secrets::endpoint_id.eq(id))).execute(conn)?;
    Ok(())
}

/// Sets an expiry on secrets that have none.
pub(super) fn end_secrets(conn: &mut Conn, id: WebhookEndpointId, until: Timestamp) -> Result<()> {
    let endless = webhook_secrets::table.filter(webhook_secrets::signs_until.is_null());
    diesel::update(endless.filter(webhook_secrets::endpoint_id.eq(id)))
        .set(webhook_secrets::signs_until.eq(Some(until)))
        .execute(conn)?;
    Ok(())
}

/// Returns the secrets that sign an endpoint's deliveries now, newest first.
pub(super) fn secrets(
    conn: &mut Conn,
    id: WebhookEndpointId,
    now: Timestamp,
) -> Result<Vec<Secret>> {
    let of_endpoint = webhook_secrets::table.filter(webhook_secrets::endpoint_id.eq(id));
    let mut kept: Vec<(String, Option<Timestamp>)> = of_endpoint
        .order(webhook_secrets::created_at.desc())
        .select((webhook_secrets::secret, webhook_secrets::signs_until))
        .load(conn)?;
    // The secret without an expiry is the current one, even if several were created at the same
    // instant.
    kept.sort_by_key(|(_, until)| until.is_some());
    Ok(kept
        .into_iter()
        .filter(|(_, until)| until.is_none_or(|until| until > now))
        .map(|(text, _)| Secret::kept(text))
        .collect())
}

pub(super) fn forget_secrets(conn: &mut Conn, now: Timestamp) -> Result<usize> {
    Ok(diesel::delete(webhook_secrets::table.filter(webhook_secrets::signs_until.le(Some(now))))
        .execute(conn)?)
}
