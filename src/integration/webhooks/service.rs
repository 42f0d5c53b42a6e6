//! Use cases on webhook endpoints.

use okaeri_engine::messages::{Said as _, webhooks};
use serde_json::json;

use super::model::{self, WebhookDisabledReason, WebhookEndpointState};
use super::signature::Secret;
pub use super::store::{Filter, Row};
use super::{deliveries, store};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::listing::Listing;
use crate::platform::db::types::Json;
use crate::platform::egress::{Refusal, Targets};
use crate::platform::error::{Error, Fault, ProblemCode, Result};
use crate::platform::ids::{Identifier as _, OrganizationId, WebhookEndpointId};
use crate::platform::outbox;
use crate::platform::outbox::EventType;
use crate::platform::patch::{self, Change};
use crate::platform::quotas::{self, Quotas};
use crate::platform::usecase::{ExpectedVersion, Tx};

/// An endpoint to create.
#[derive(Debug, Clone)]
pub struct New {
    /// The address that requests are sent to.
    pub url: String,
    /// Types of events; all if empty.
    pub event_types: Vec<String>,
    /// Purpose of the endpoint.
    pub description: Option<String>,
}

/// A patch of an endpoint.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The address that requests are sent to.
    pub url: Option<String>,
    /// Types of events; all if empty.
    pub event_types: Option<Vec<String>>,
    /// Purpose of the endpoint.
    pub description: Change<String>,
    /// Its state: active or disabled.
    pub state: Option<WebhookEndpointState>,
}

/// Creates an endpoint, which receives later events. Returns it with its secret, which is never
/// returned again.
///
/// # Errors
/// `invalid` for an address that is not allowed for webhooks or an unknown event type;
/// `limit_reached`.
pub fn create(tx: &mut Tx<'_>, new: &New, targets: Targets) -> Result<(Row, Secret)> {
    check(Some(&new.url), Some(&new.event_types), targets)?;
    let row = Row {
        id: WebhookEndpointId::fresh(),
        organization_id: tx.organization(),
        url: new.url.clone(),
        event_types: Json(new.event_types.clone()),
        description: new.description.clone(),
        state: WebhookEndpointState::Active,
        disabled_reason: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    let secret = Secret::fresh()?;
    quotas::of_organization(tx, Quotas::max_webhook_endpoints, store::count)?;
    store::insert(tx.conn, &row)?;
    store::add_secret(tx.conn, row.id, &secret, tx.now)?;
    tx.record(EventType::WebhookEndpointCreated, row.id, &json!({}))?;
    let latest = outbox::latest(tx)?;
    store::set_told(tx.conn, row.organization_id, row.id, latest)?;
    Ok((row, secret))
}

fn check(url: Option<&String>, event_types: Option<&Vec<String>>, targets: Targets) -> Result<()> {
    let refusal = url.and_then(|url| targets.read(url).err());
    let of_url = refusal.map(|refusal| {
        let (code, said) = match refusal {
            Refusal::NoUrl => ("no_url", webhooks::NO_URL),
            Refusal::Credentials => ("no_credentials", webhooks::NO_CREDENTIALS),
            Refusal::NotHttps => ("not_https", webhooks::NOT_HTTPS),
            Refusal::Private => ("private_address", webhooks::PRIVATE_ADDRESS),
        };
        Fault::new("/url", code, said.words())
    });
    let listed = event_types.into_iter().flatten().enumerate();
    let of_types = listed.filter(|(_, kind)| !model::is_known(kind)).map(|(index, kind)| {
        let said = webhooks::UnknownEventType { kind }.words();
        Fault::new(format!("/event_types/{index}"), "unknown_event_type", said)
    });
    let faults: Vec<Fault> = of_url.into_iter().chain(of_types).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

/// Returns an endpoint of this organization.
///
/// # Errors
/// `not_found`.
pub fn find(tx: &mut Tx<'_>, id: WebhookEndpointId) -> Result<Row> {
    store::get(tx.conn, tx.organization(), id)
}

/// Returns an active endpoint of this organization.
///
/// # Errors
/// `not_found`, `conflict` when it is disabled.
pub fn active(tx: &mut Tx<'_>, id: WebhookEndpointId) -> Result<Row> {
    let row = find(tx, id)?;
    match row.state {
        WebhookEndpointState::Active => Ok(row),
        WebhookEndpointState::Disabled => {
            Err(Error::because(ProblemCode::Conflict, webhooks::DISABLED))
        }
    }
}

/// Returns a page of endpoints, newest first.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn list(
    tx: &mut Tx<'_>,
    filter: &Filter,
    listing: &Listing<WebhookEndpointId>,
) -> Result<Vec<Row>> {
    store::list(tx.conn, tx.organization(), filter, listing)
}

/// Changes an endpoint. One that becomes active again continues where it stopped.
///
/// # Errors
/// `not_found`, `stale_version`, and `invalid` as in [`create`].
pub fn update(
    tx: &mut Tx<'_>,
    id: WebhookEndpointId,
    expected: ExpectedVersion,
    edit: &Edit,
    targets: Targets,
) -> Result<Row> {
    let mut row = find(tx, id)?;
    expected.check(row.version)?;
    check(edit.url.as_ref(), edit.event_types.as_ref(), targets)?;
    let edit = edit.clone();
    patch::set(&mut row.url, edit.url);
    patch::set(&mut row.event_types.0, edit.event_types);
    edit.description.apply(&mut row.description);
    if let Some(state) = edit.state.filter(|state| *state != row.state) {
        row.state = state;
        row.disabled_reason = None;
        store::note_working(tx.conn, row.organization_id, id)?;
    }
    store::save(tx.conn, &mut row, tx.now)?;
    let event = json!({"state": row.state, "version": row.version});
    tx.record(EventType::WebhookEndpointUpdated, id, &event)?;
    Ok(row)
}

/// Deletes an endpoint with its secrets and deliveries.
///
/// # Errors
/// `not_found`, `stale_version`.
pub fn delete(tx: &mut Tx<'_>, id: WebhookEndpointId, expected: ExpectedVersion) -> Result<()> {
    // Waits for a worker that is creating deliveries; a later one finds no endpoint.
    hold(tx, id)?;
    expected.check(find(tx, id)?.version)?;
    deliveries::service::delete_of(tx, id)?;
    store::delete(tx.conn, tx.organization(), id)?;
    tx.record(EventType::WebhookEndpointDeleted, id, &json!({}))
}

/// Gives an endpoint a new secret. The previous one signs beside it for a day; older ones no longer
/// sign.
///
/// # Errors
/// `not_found`, `stale_version`.
pub fn rotate(
    tx: &mut Tx<'_>,
    id: WebhookEndpointId,
    expected: ExpectedVersion,
) -> Result<(Row, Secret)> {
    let mut row = find(tx, id)?;
    expected.check(row.version)?;
    let secret = Secret::fresh()?;
    store::save(tx.conn, &mut row, tx.now)?;
    store::delete_ending_secrets(tx.conn, id)?;
    store::end_secrets(tx.conn, id, tx.now.later_by(model::OVERLAP))?;
    store::add_secret(tx.conn, id, &secret, tx.now)?;
    let event = json!({"version": row.version});
    tx.record(EventType::WebhookEndpointSecretRotated, id, &event)?;
    Ok((row, secret))
}

/// Disables an endpoint that is gone or keeps failing; does nothing if it is disabled already.
///
/// # Errors
/// `not_found`; `unavailable` when the database fails.
pub(super) fn disable(
    tx: &mut Tx<'_>,
    id: WebhookEndpointId,
    reason: WebhookDisabledReason,
) -> Result<()> {
    hold(tx, id)?;
    let mut row = find(tx, id)?;
    if row.state == WebhookEndpointState::Disabled {
        return Ok(());
    }
    row.state = WebhookEndpointState::Disabled;
    row.disabled_reason = Some(reason);
    store::save(tx.conn, &mut row, tx.now)?;
    tx.record(
        EventType::WebhookEndpointDisabled,
        id,
        &json!({"reason": reason, "version": row.version}),
    )
}

/// Locks an endpoint until the transaction ends; does nothing if there is none.
///
/// # Errors
/// `unavailable` when the database fails.
pub(super) fn hold(tx: &mut Tx<'_>, id: WebhookEndpointId) -> Result<()> {
    store::hold(tx.conn, tx.organization(), id)
}

/// Returns the secrets that sign an endpoint's deliveries now.
///
/// # Errors
/// `unavailable` when the database fails.
pub(super) fn secrets(tx: &mut Tx<'_>, id: WebhookEndpointId) -> Result<Vec<Secret>> {
    store::secrets(tx.conn, id, tx.now)
}

/// Records the health of an endpoint after an attempt: working, or failing since now.
///
/// # Errors
/// `unavailable` when the database fails.
pub(super) fn note(tx: &mut Tx<'_>, id: WebhookEndpointId, is_working: bool) -> Result<()> {
    let tenant = tx.organization();
    if is_working {
        store::note_working(tx.conn, tenant, id)
    } else {
        store::note_failing(tx.conn, tenant, id, tx.now)
    }
}

/// Returns whether the endpoint has failed for longer than [`model::PATIENCE`].
///
/// # Errors
/// `unavailable` when the database fails.
pub(super) fn fails_for_long(tx: &mut Tx<'_>, id: WebhookEndpointId) -> Result<bool> {
    let since = store::failing_since(tx.conn, tx.organization(), id)?;
    Ok(since.is_some_and(|since| since.later_by(model::PATIENCE) <= tx.now))
}

/// Returns the organizations that have active endpoints with new events and room for deliveries.
///
/// # Errors
/// `unavailable` when the database fails.
pub(super) fn with_news(conn: &mut Conn) -> Result<Vec<OrganizationId>> {
    store::with_news(conn, PENDING)
}

/// Number of events read for an endpoint in one transaction.
const AT_ONCE: i64 = 500;
/// Maximum number of pending deliveries of an endpoint. Further events wait in the feed, so that an
/// endpoint that hangs costs a bounded number of rows.
const PENDING: i64 = 100;

/// Creates deliveries of the new events for each endpoint of the organization, and advances its
/// position in the feed. Returns whether a position was advanced.
///
/// # Errors
/// `unavailable` when the database fails.
pub(super) fn spread(tx: &mut Tx<'_>) -> Result<bool> {
    let behind = store::hold_behind(tx.conn, tx.organization(), PENDING)?;
    let pending =
        deliveries::service::pending(tx, behind.iter().map(|endpoint| endpoint.id).collect())?;
    let (mut rows, mut place, mut news) = (Vec::new(), None, Vec::new());
    let mut moved = false;
    for endpoint in behind {
        let held = pending.iter().find(|(id, _)| *id == endpoint.id).map_or(0, |(_, count)| *count);
        let room = usize::try_from(PENDING - held).unwrap_or_default();
        if room == 0 {
            continue;
        }
        // Endpoints are ordered by position, and most have the same one.
        if place != Some(endpoint.told_sequence) {
            news = outbox::list(tx, endpoint.told_sequence, AT_ONCE)?;
            place = Some(endpoint.told_sequence);
        }
        let (told, wanted) =
            model::next(&news, room, |event| model::wants(&endpoint.event_types.0, &event.type_));
        for event in wanted {
            rows.push(deliveries::service::of_event(tx, endpoint.id, event)?);
        }
        if let Some(told) = told {
            store::set_told(tx.conn, tx.organization(), endpoint.id, told.sequence)?;
            moved = true;
        }
    }
    deliveries::service::queue(tx, &rows)?;
    Ok(moved)
}

/// Deletes expired secrets and one batch of deliveries that ended long ago. Returns the number of
/// rows.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn forget_old(conn: &mut Conn, now: Timestamp) -> Result<usize> {
    let secrets = store::forget_secrets(conn, now)?;
    Ok(secrets + deliveries::service::forget_old(conn, now)?)
}
