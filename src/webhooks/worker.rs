//! The worker: makes deliveries of events, and attempts those that are due.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono_tz::Tz;
use futures_util::StreamExt as _;
use futures_util::stream;

use super::deliveries::service::{self as deliveries, Claimed, Row};
use super::model::Outcome;
use super::sender::{Message, Sender};
use super::service;
use crate::auth::Principal;
use crate::error::{Error, Result};
use crate::ids::{OrganizationId, WebhookEndpointId};
use crate::usecase::Okaeri;

/// How many endpoints are told at the same time.
const ENDPOINTS: usize = 32;
/// After how long no further delivery of an endpoint is begun before others have had their turn. With the time that one
/// attempt may take it stays well below the lease.
const TURN: Duration = Duration::from_secs(15);

/// One round: makes deliveries of new events and attempts what is due. Several servers may do so at once. Tells how many
/// attempts were made.
///
/// # Errors
/// `unavailable` when the database cannot be reached. What was leased by then is attempted when the lease is over.
pub async fn tick(okaeri: &Okaeri, sender: &Sender) -> Result<usize> {
    let mut spread = Ok(());
    for (organization, endpoint) in okaeri.db.read(service::with_news).await? {
        // One endpoint's fault is not another's.
        spread = spread.and(okaeri.write(system(organization), move |tx| service::spread(tx, endpoint)).await);
    }
    let now = okaeri.clock.now();
    let due = okaeri.db.read(move |conn| deliveries::due_endpoints(conn, now)).await?;
    let told = stream::iter(due).map(|(organization, endpoint)| tell(okaeri, sender, organization, endpoint));
    let told: Vec<Result<usize>> = told.buffer_unordered(ENDPOINTS).collect().await;
    spread.and(told.into_iter().sum())
}

fn system(organization: OrganizationId) -> Arc<Principal> {
    Arc::new(Principal::system(organization, Tz::UTC))
}

/// Attempts what is due for one endpoint, in order, until one is not taken.
async fn tell(
    okaeri: &Okaeri,
    sender: &Sender,
    organization: OrganizationId,
    endpoint: WebhookEndpointId,
) -> Result<usize> {
    let began = Instant::now();
    let claimed = okaeri.write(system(organization), move |tx| deliveries::claim(tx, endpoint)).await?;
    for (index, delivery) in claimed.deliveries.iter().enumerate() {
        let outcome = attempt(okaeri, sender, &claimed, delivery).await?;
        let leased = delivery.clone();
        okaeri.write(system(organization), move |tx| deliveries::settle(tx, &leased, outcome)).await?;
        if matches!(outcome, Outcome::Failed { .. }) || began.elapsed() > TURN {
            let rest = claimed.deliveries.get(index + 1..).unwrap_or_default().to_vec();
            okaeri.write(system(organization), move |tx| deliveries::release(tx, &rest)).await?;
            return Ok(index + 1);
        }
    }
    Ok(claimed.deliveries.len())
}

async fn attempt(okaeri: &Okaeri, sender: &Sender, claimed: &Claimed, delivery: &Row) -> Result<Outcome> {
    let message = Message {
        url: &claimed.url,
        id: &delivery.event_id.to_string(),
        body: &delivery.payload,
        secrets: &claimed.secrets,
        at: okaeri.clock.now(),
    };
    sender.send(message).await
}

/// Does rounds until the server stops.
pub async fn run(okaeri: Arc<Okaeri>) {
    let sender = match Sender::new(okaeri.webhook_targets) {
        Ok(sender) => sender,
        Err(error) => return complain(&error, "webhooks cannot be sent"),
    };
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    seconds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        seconds.tick().await;
        match tick(&okaeri, &sender).await {
            Ok(0) => {}
            Ok(attempts) => tracing::debug!(attempts, "webhooks were sent"),
            Err(error) => complain(&error, "a round of webhooks broke off"),
        }
    }
}

fn complain(error: &Error, what: &'static str) {
    tracing::warn!(code = %error.code, cause = ?error.cause(), "{what}");
}
