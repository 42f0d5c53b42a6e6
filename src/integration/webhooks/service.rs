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

/// An endpoint to make.
#[derive(Debug, Clone)]
pub struct New {
    /// Where to.
    pub url: String,
    /// Which events; all, when empty.
    pub event_types: Vec<String>,
    /// What it is for.
    pub description: Option<String>,
}

/// What changes of an endpoint.
#[derive(Debug, Clone)]
pub struct Edit {
    /// Where to.
    pub url: Option<String>,
    /// Which events; all, when empty.
    pub event_types: Option<Vec<String>>,
    /// What it is for.
    pub description: Change<String>,
    /// Whether it is told.
    pub state: Option<WebhookEndpointState>,
}

/// Makes an endpoint, which hears of what comes after it. The secret is in the answer and in no
/// other.
///
/// # Errors
/// `invalid` for an address that webhooks may not go to, or an unknown type of event.
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

/// An endpoint of this organization.
///
/// # Errors
/// `not_found`.
pub fn find(tx: &mut Tx<'_>, id: WebhookEndpointId) -> Result<Row> {
    store::get(tx.conn, tx.organization(), id)
}

/// An endpoint of this organization that is told.
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

/// Endpoints, newest first.
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

/// Changes an endpoint. One that becomes active again goes on where it was.
///
/// # Errors
/// `not_found`, `stale_version`, `invalid` as for [`create`].
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
    // A worker that is making deliveries has made them, or finds the endpoint gone.
    hold(tx, id)?;
    expected.check(find(tx, id)?.version)?;
    deliveries::service::delete_of(tx, id)?;
    store::delete(tx.conn, tx.organization(), id)?;
    tx.record(EventType::WebhookEndpointDeleted, id, &json!({}))
}

/// Gives an endpoint a new secret; the former one signs beside it for a day, and those before it no
/// more.
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

/// Disables an endpoint that is gone or fails for long; one that is disabled stays as it is.
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

/// Holds an endpoint until this transaction ends; nothing when there is none.
///
/// # Errors
/// `unavailable` when the database fails.
pub(super) fn hold(tx: &mut Tx<'_>, id: WebhookEndpointId) -> Result<()> {
    store::hold(tx.conn, tx.organization(), id)
}

/// What an endpoint's deliveries are signed with now.
///
/// # Errors
/// `unavailable` when the database fails.
pub(super) fn secrets(tx: &mut Tx<'_>, id: WebhookEndpointId) -> Result<Vec<Secret>> {
    store::secrets(tx.conn, id, tx.now)
}

/// Notes what an attempt says of its endpoint: whether it works, or since when it does not.
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

/// Whether nothing could be delivered for longer than is waited.
///
/// # Errors
/// `unavailable` when the database fails.
pub(super) fn fails_for_long(tx: &mut Tx<'_>, id: WebhookEndpointId) -> Result<bool> {
    let since = store::failing_since(tx.conn, tx.organization(), id)?;
    Ok(since.is_some_and(|since| since.later_by(model::PATIENCE) <= tx.now))
}

/// Organizations with active endpoints whose feed goes on behind what they were told, and which can
/// take more.
///
/// # Errors
/// `unavailable` when the database fails.
pub(super) fn with_news(conn: &mut Conn) -> Result<Vec<OrganizationId>> {
    store::with_news(conn, PENDING)
}

/// How many events are read for an endpoint in one transaction.
const AT_ONCE: i64 = 500;
/// How many deliveries of an endpoint may be pending. What it cannot take yet waits in the feed, so
/// that an endpoint that hangs costs a bounded number of rows.
const PENDING: i64 = 100;

/// Makes deliveries of the events behind what each endpoint of the organization was told, and moves
/// its place in the feed. Returns whether a place was moved.
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
        // Endpoints come by their place, and most stand at the same one.
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

/// Forgets secrets that sign no more and deliveries that ended long ago, so many at once; returns
/// how many.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn forget_old(conn: &mut Conn, now: Timestamp) -> Result<usize> {
    let secrets = store::forget_secrets(conn, now)?;
    Ok(secrets + deliveries::service::forget_old(conn, now)?)
}
