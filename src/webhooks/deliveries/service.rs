//! Use cases on deliveries.

use std::borrow::Cow;

use chrono::Duration;
use serde_json::json;

use super::store;
pub use super::store::{Filter, Row};
use crate::clock::Timestamp;
use crate::db::Conn;
use crate::db::listing::Listing;
use crate::error::{Error, Result};
use crate::events;
use crate::ids::{EventId, Identifier as _, OrganizationId, WebhookDeliveryId, WebhookEndpointId};
use crate::usecase::Tx;
use crate::webhooks::model::{
    self, Outcome, WebhookData, WebhookDeliveryState, WebhookDisabledReason, WebhookEndpointState, WebhookPayload,
};
use crate::webhooks::service as endpoints;
use crate::webhooks::signature::Secret;

/// How many deliveries of an endpoint are leased at once.
const AT_ONCE: i64 = 16;
/// For how long: longer than sending that many may take, see the worker.
const LEASE: Duration = Duration::minutes(2);

/// Queues an event of the feed for an endpoint.
///
/// # Errors
/// `unavailable` when the database fails.
pub(in crate::webhooks) fn queue(
    tx: &mut Tx<'_>,
    endpoint: WebhookEndpointId,
    event: &events::service::Row,
) -> Result<Row> {
    let payload = WebhookPayload {
        kind: Cow::Borrowed(&event.type_),
        timestamp: event.at,
        data: WebhookData {
            event_id: event.id,
            sequence: Some(event.sequence),
            subject_type: Cow::Borrowed(&event.subject_type),
            subject_id: Cow::Borrowed(&event.subject_id),
            data: &event.data.0,
        },
    };
    insert(tx, endpoint, &payload)
}

/// Queues an event that tries an endpoint, for it alone.
///
/// # Errors
/// `not_found`, `conflict` when the endpoint is disabled.
pub fn test(tx: &mut Tx<'_>, endpoint: WebhookEndpointId) -> Result<Row> {
    endpoints::active(tx, endpoint)?;
    let payload = WebhookPayload {
        kind: Cow::Borrowed(model::TEST),
        timestamp: tx.now,
        data: WebhookData {
            event_id: EventId::fresh(),
            sequence: None,
            subject_type: Cow::Borrowed("webhook_endpoint"),
            subject_id: Cow::Owned(endpoint.to_string()),
            data: &json!({}),
        },
    };
    insert(tx, endpoint, &payload)
}

fn insert(tx: &mut Tx<'_>, endpoint: WebhookEndpointId, payload: &WebhookPayload<'_>) -> Result<Row> {
    let row = Row {
        id: WebhookDeliveryId::fresh(),
        organization_id: tx.organization(),
        endpoint_id: endpoint,
        event_id: payload.data.event_id,
        sequence: payload.data.sequence,
        type_: payload.kind.clone().into_owned(),
        payload: serde_json::to_string(payload).map_err(Error::internal)?,
        state: WebhookDeliveryState::Pending,
        attempts: 0,
        next_attempt_at: Some(tx.now),
        leased_until: None,
        last_status: None,
        last_error: None,
        delivered_at: None,
        created_at: tx.now,
        updated_at: tx.now,
    };
    store::insert(tx.conn, &row)?;
    Ok(row)
}

/// Deliveries of an endpoint, newest first.
///
/// # Errors
/// `not_found` for an endpoint of nobody here.
pub fn list(tx: &mut Tx<'_>, filter: &Filter, listing: &Listing<WebhookDeliveryId>) -> Result<Vec<Row>> {
    endpoints::find(tx, filter.endpoint)?;
    store::list(tx.conn, tx.organization(), filter, listing)
}

/// Has a delivery attempted now and by the schedule again, whatever came of it before.
///
/// # Errors
/// `not_found`, `conflict` when the endpoint is disabled.
pub fn resend(tx: &mut Tx<'_>, id: WebhookDeliveryId) -> Result<Row> {
    let row = store::get(tx.conn, tx.organization(), id)?;
    endpoints::active(tx, row.endpoint_id)?;
    store::restart(tx.conn, id, tx.now)?;
    store::get(tx.conn, tx.organization(), id)
}

/// Active endpoints of every organization that a delivery is due for.
///
/// # Errors
/// `unavailable` when the database fails.
pub(in crate::webhooks) fn due_endpoints(
    conn: &mut Conn,
    now: Timestamp,
) -> Result<Vec<(OrganizationId, WebhookEndpointId)>> {
    store::due_endpoints(conn, now)
}

/// What a worker has leased of an endpoint.
#[derive(Debug, Clone)]
pub(in crate::webhooks) struct Claimed {
    /// Where to.
    pub(in crate::webhooks) url: String,
    /// With what it is signed.
    pub(in crate::webhooks) secrets: Vec<Secret>,
    /// What, in order.
    pub(in crate::webhooks) deliveries: Vec<Row>,
}

/// Leases what is due for an endpoint; what another worker has leased stays with it.
///
/// # Errors
/// `not_found`; `unavailable` when the database fails.
pub(in crate::webhooks) fn claim(tx: &mut Tx<'_>, endpoint: WebhookEndpointId) -> Result<Claimed> {
    let of = endpoints::find(tx, endpoint)?;
    let mut claimed = Claimed { url: of.url, secrets: endpoints::secrets(tx, endpoint)?, deliveries: Vec::new() };
    if of.state == WebhookEndpointState::Disabled {
        return Ok(claimed);
    }
    let until = tx.now.later_by(LEASE);
    for mut row in store::due(tx.conn, endpoint, tx.now, AT_ONCE)? {
        if store::lease(tx.conn, row.id, tx.now, until)? {
            row.leased_until = Some(until);
            claimed.deliveries.push(row);
        }
    }
    Ok(claimed)
}

/// Gives leased deliveries back that were not attempted.
///
/// # Errors
/// `unavailable` when the database fails.
pub(in crate::webhooks) fn release(tx: &mut Tx<'_>, rows: &[Row]) -> Result<()> {
    rows.iter().try_for_each(|row| store::release(tx.conn, row))
}

/// Writes what came of an attempt: the delivery, and what it says of the endpoint.
///
/// # Errors
/// `unavailable` when the database fails.
pub(in crate::webhooks) fn settle(tx: &mut Tx<'_>, leased: &Row, outcome: Outcome) -> Result<()> {
    let mut row = leased.clone();
    row.leased_until = None;
    row.attempts += 1;
    row.last_status = outcome.status().map(i32::from);
    row.updated_at = tx.now;
    match outcome {
        Outcome::Taken(_) => {
            row.state = WebhookDeliveryState::Delivered;
            row.last_error = None;
            row.next_attempt_at = None;
            row.delivered_at = Some(tx.now);
        }
        Outcome::Failed { error, wait, .. } => {
            let pause = model::pause(row.id, row.attempts, wait).filter(|_| !outcome.is_gone());
            row.last_error = Some(error);
            row.next_attempt_at = pause.map(|pause| tx.now.later_by(pause));
            if pause.is_none() {
                row.state = WebhookDeliveryState::Failed;
            }
        }
    }
    if !store::settle(tx.conn, &row, leased.leased_until)? {
        return Ok(());
    }
    let endpoint = row.endpoint_id;
    endpoints::note(tx, endpoint, row.state == WebhookDeliveryState::Delivered)?;
    if outcome.is_gone() {
        endpoints::disable(tx, endpoint, WebhookDisabledReason::Gone)?;
    } else if row.state == WebhookDeliveryState::Failed && endpoints::fails_for_long(tx, endpoint)? {
        endpoints::disable(tx, endpoint, WebhookDisabledReason::Failing)?;
    }
    Ok(())
}

/// Forgets deliveries that ended long ago.
///
/// # Errors
/// `unavailable` when the database fails.
pub(in crate::webhooks) fn forget_old(conn: &mut Conn, now: Timestamp) -> Result<usize> {
    store::forget_before(conn, now.earlier_by(model::KEPT))
}
