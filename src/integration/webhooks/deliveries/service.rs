//! Use cases on deliveries.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::Duration;
use serde_json::json;

use super::store;
pub(in crate::integration::webhooks) use super::store::DueEndpoint;
pub use super::store::{Filter, Row};
use crate::integration::webhooks::model::{
    self, Outcome, WebhookData, WebhookDeliveryError, WebhookDeliveryState, WebhookDisabledReason,
    WebhookEndpointState, WebhookPayload,
};
use crate::integration::webhooks::service as endpoints;
use crate::integration::webhooks::signature::Secret;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::listing::Listing;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EventId, Identifier as _, WebhookDeliveryId, WebhookEndpointId};
use crate::platform::outbox;
use crate::platform::usecase::Tx;

/// Duration of a lease: longer than sending a batch may take, see the queue.
const LEASE: Duration = Duration::minutes(2);

/// Returns the delivery of an event to an endpoint, not queued yet.
///
/// # Errors
/// `internal` when the event cannot be serialized as JSON.
pub(in crate::integration::webhooks) fn of_event(
    tx: &Tx<'_>,
    endpoint: WebhookEndpointId,
    event: &outbox::Row,
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
    delivery(tx, endpoint, &payload)
}

/// Queues deliveries.
///
/// # Errors
/// `unavailable` when the database fails.
pub(in crate::integration::webhooks) fn queue(tx: &mut Tx<'_>, rows: &[Row]) -> Result<()> {
    store::insert(tx.conn, rows)
}

/// Returns the number of pending deliveries of each of these endpoints; omits those with none.
///
/// # Errors
/// `unavailable` when the database fails.
pub(in crate::integration::webhooks) fn pending(
    tx: &mut Tx<'_>,
    endpoints: Vec<WebhookEndpointId>,
) -> Result<Vec<(WebhookEndpointId, i64)>> {
    store::pending(tx.conn, endpoints)
}

/// Queues a test event for one endpoint.
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
    let row = delivery(tx, endpoint, &payload)?;
    queue(tx, std::slice::from_ref(&row))?;
    Ok(row)
}

fn delivery(tx: &Tx<'_>, endpoint: WebhookEndpointId, payload: &WebhookPayload<'_>) -> Result<Row> {
    Ok(Row {
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
    })
}

/// Returns a page of the deliveries of an endpoint, newest first.
///
/// # Errors
/// `not_found` for an endpoint of another organization.
pub fn list(
    tx: &mut Tx<'_>,
    filter: &Filter,
    listing: &Listing<WebhookDeliveryId>,
) -> Result<Vec<Row>> {
    endpoints::find(tx, filter.endpoint)?;
    store::list(tx.conn, tx.organization(), filter, listing)
}

/// Returns a delivery of this organization.
///
/// # Errors
/// `not_found`.
pub fn find(tx: &mut Tx<'_>, id: WebhookDeliveryId) -> Result<Row> {
    store::get(tx.conn, tx.organization(), id)
}

/// Deletes the deliveries of an endpoint.
///
/// # Errors
/// `unavailable` when the database fails.
pub(in crate::integration::webhooks) fn delete_of(
    tx: &mut Tx<'_>,
    endpoint: WebhookEndpointId,
) -> Result<()> {
    store::delete_of(tx.conn, tx.organization(), endpoint)
}

/// Restarts a delivery: it is attempted now and again on the schedule, whatever its state.
///
/// # Errors
/// `not_found`, `conflict` when the endpoint is disabled.
pub fn resend(tx: &mut Tx<'_>, id: WebhookDeliveryId) -> Result<Row> {
    let row = store::get(tx.conn, tx.organization(), id)?;
    endpoints::active(tx, row.endpoint_id)?;
    store::restart(tx.conn, id, tx.now)?;
    store::get(tx.conn, tx.organization(), id)
}

/// Returns active endpoints of all organizations for which a delivery is due.
///
/// # Errors
/// `unavailable` when the database fails.
pub(in crate::integration::webhooks) fn due_endpoints(
    conn: &mut Conn,
    now: Timestamp,
) -> Result<Vec<DueEndpoint>> {
    store::due_endpoints(conn, now)
}

/// A batch of deliveries that a worker has leased.
#[derive(Debug, Clone)]
pub(in crate::integration::webhooks) struct Claimed {
    /// The address of the endpoint.
    pub(in crate::integration::webhooks) url: String,
    /// The secrets that sign the requests.
    pub(in crate::integration::webhooks) secrets: Vec<Secret>,
    /// End of the lease.
    pub(in crate::integration::webhooks) lease: Timestamp,
    /// The deliveries, in order.
    pub(in crate::integration::webhooks) deliveries: Vec<Row>,
}

/// Leases at most `limit` due deliveries of an endpoint; skips those that another worker has
/// leased.
///
/// # Errors
/// `not_found`; `unavailable` when the database fails.
pub(in crate::integration::webhooks) fn claim(
    tx: &mut Tx<'_>,
    endpoint: WebhookEndpointId,
    limit: i64,
) -> Result<Claimed> {
    let of = endpoints::find(tx, endpoint)?;
    let lease = tx.now.later_by(LEASE);
    let deliveries = match of.state {
        WebhookEndpointState::Active => store::lease(tx.conn, endpoint, tx.now, lease, limit)?,
        WebhookEndpointState::Disabled => Vec::new(),
    };
    let secrets =
        if deliveries.is_empty() { Vec::new() } else { endpoints::secrets(tx, endpoint)? };
    Ok(Claimed { url: of.url, secrets, lease, deliveries })
}

/// The results of a leased batch.
#[derive(Debug, Clone, Default)]
pub(in crate::integration::webhooks) struct Results {
    /// The attempted deliveries with their outcomes.
    pub(in crate::integration::webhooks) attempted: Vec<(Row, Outcome)>,
    /// The leased deliveries that were not attempted.
    pub(in crate::integration::webhooks) left: Vec<WebhookDeliveryId>,
}

/// Records the results of a batch and the health of the endpoint, and releases the deliveries that
/// were not attempted.
///
/// # Errors
/// `unavailable` when the database fails.
pub(in crate::integration::webhooks) fn settle(
    tx: &mut Tx<'_>,
    endpoint: WebhookEndpointId,
    lease: Timestamp,
    results: &Results,
) -> Result<()> {
    // Lock order as in a deletion: the endpoint, then its deliveries.
    endpoints::hold(tx, endpoint)?;
    let mut taken: BTreeMap<u16, Vec<WebhookDeliveryId>> = BTreeMap::new();
    for (row, outcome) in &results.attempted {
        if let Outcome::Taken(status) = outcome {
            taken.entry(*status).or_default().push(row.id);
        }
    }
    let mut is_working = false;
    for (status, ids) in taken {
        is_working |= store::take(tx.conn, endpoint, ids, lease, i32::from(status), tx.now)? > 0;
    }
    if is_working {
        endpoints::note(tx, endpoint, true)?;
    }
    for (row, outcome) in &results.attempted {
        if let Outcome::Failed { error, wait, .. } = outcome {
            settle_failure(tx, row, *outcome, *error, *wait)?;
        }
    }
    if results.left.is_empty() {
        Ok(())
    } else {
        store::release(tx.conn, endpoint, results.left.clone(), lease)
    }
}

fn settle_failure(
    tx: &mut Tx<'_>,
    leased: &Row,
    outcome: Outcome,
    error: WebhookDeliveryError,
    wait: Option<Duration>,
) -> Result<()> {
    let Some(lease) = leased.leased_until else { return Ok(()) };
    let mut row = leased.clone();
    row.attempts += 1;
    row.last_status = outcome.status().map(i32::from);
    row.last_error = Some(error);
    row.updated_at = tx.now;
    let pause = model::pause(row.id, row.attempts, wait).filter(|_| !outcome.is_gone());
    row.next_attempt_at = pause.map(|pause| tx.now.later_by(pause));
    if pause.is_none() {
        row.state = WebhookDeliveryState::Failed;
    }
    if !store::fail(tx.conn, &row, lease)? {
        // The delivery was restarted meanwhile and is to be attempted again.
        return store::release(tx.conn, row.endpoint_id, vec![row.id], lease);
    }
    endpoints::note(tx, row.endpoint_id, false)?;
    if outcome.is_gone() {
        endpoints::disable(tx, row.endpoint_id, WebhookDisabledReason::Gone)?;
    } else if row.state == WebhookDeliveryState::Failed
        && endpoints::fails_for_long(tx, row.endpoint_id)?
    {
        endpoints::disable(tx, row.endpoint_id, WebhookDisabledReason::Failing)?;
    }
    Ok(())
}

/// Deletes one batch of deliveries that ended long ago. Returns their number.
///
/// # Errors
/// `unavailable` when the database fails.
pub(in crate::integration::webhooks) fn forget_old(
    conn: &mut Conn,
    now: Timestamp,
) -> Result<usize> {
    store::forget_before(conn, now.earlier_by(model::KEPT))
}
