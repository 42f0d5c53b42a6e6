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

/// How long deliveries are leased: longer than sending them may take, see the queue.
const LEASE: Duration = Duration::minutes(2);

/// Returns the delivery of an event of the feed to an endpoint, to be queued.
///
/// # Errors
/// `internal` when the event cannot be written as JSON.
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

/// How many deliveries of each of these endpoints are pending; those with none are left out.
///
/// # Errors
/// `unavailable` when the database fails.
pub(in crate::integration::webhooks) fn pending(
    tx: &mut Tx<'_>,
    endpoints: Vec<WebhookEndpointId>,
) -> Result<Vec<(WebhookEndpointId, i64)>> {
    store::pending(tx.conn, endpoints)
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

/// Deliveries of an endpoint, newest first.
///
/// # Errors
/// `not_found` for an endpoint of nobody here.
pub fn list(
    tx: &mut Tx<'_>,
    filter: &Filter,
    listing: &Listing<WebhookDeliveryId>,
) -> Result<Vec<Row>> {
    endpoints::find(tx, filter.endpoint)?;
    store::list(tx.conn, tx.organization(), filter, listing)
}

/// A delivery of this organization.
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
pub(in crate::integration::webhooks) fn due_endpoints(
    conn: &mut Conn,
    now: Timestamp,
) -> Result<Vec<DueEndpoint>> {
    store::due_endpoints(conn, now)
}

/// What a worker has leased of an endpoint.
#[derive(Debug, Clone)]
pub(in crate::integration::webhooks) struct Claimed {
    /// Where to.
    pub(in crate::integration::webhooks) url: String,
    /// With what it is signed.
    pub(in crate::integration::webhooks) secrets: Vec<Secret>,
    /// Until when it is leased.
    pub(in crate::integration::webhooks) lease: Timestamp,
    /// What, in order.
    pub(in crate::integration::webhooks) deliveries: Vec<Row>,
}

/// Leases what is due for an endpoint, at most so many; what another worker has leased stays with
/// it.
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

/// What came of a batch that was leased.
#[derive(Debug, Clone, Default)]
pub(in crate::integration::webhooks) struct Results {
    /// What was attempted, with what came of it.
    pub(in crate::integration::webhooks) attempted: Vec<(Row, Outcome)>,
    /// What was leased and not attempted.
    pub(in crate::integration::webhooks) left: Vec<WebhookDeliveryId>,
}

/// Writes what came of a batch, and what it says of the endpoint; gives back what was not
/// attempted.
///
/// # Errors
/// `unavailable` when the database fails.
pub(in crate::integration::webhooks) fn settle(
    tx: &mut Tx<'_>,
    endpoint: WebhookEndpointId,
    lease: Timestamp,
    results: &Results,
) -> Result<()> {
    // In the order in which a deletion takes them: the endpoint, then its deliveries.
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
        // Who began it anew wants it attempted again.
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

/// Forgets deliveries that ended long ago, so many at once; returns how many.
///
/// # Errors
/// `unavailable` when the database fails.
pub(in crate::integration::webhooks) fn forget_old(
    conn: &mut Conn,
    now: Timestamp,
) -> Result<usize> {
    store::forget_before(conn, now.earlier_by(model::KEPT))
}
