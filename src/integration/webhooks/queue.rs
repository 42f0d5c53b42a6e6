//! The queue of one endpoint: sends due deliveries in order while the endpoint keeps up,
//! concurrently when it falls behind.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono_tz::Tz;
use futures_util::StreamExt as _;
use futures_util::future::{Either, select};
use futures_util::stream::FuturesUnordered;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::deliveries::service::{self as deliveries, Claimed, Results, Row};
use super::model::Outcome;
use super::sender::{Message, Sender};
use crate::platform::auth::Principal;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrganizationId, WebhookEndpointId};
use crate::platform::usecase::{Okaeri, Tx};

/// Maximum number of concurrent attempts on one endpoint.
const WIDEST: usize = 32;
/// Number of deliveries leased per concurrent attempt.
const DEPTH: usize = 8;
/// Maximum number of deliveries leased at once.
const BATCH: usize = 128;
/// Time after which no further delivery of a batch is started. Together with the timeout of one
/// attempt it is well below the lease.
const TURN: Duration = Duration::from_secs(15);
/// Time for which attempts may continue once the server stops.
const GRACE: Duration = Duration::from_secs(5);

/// State that all queues of a worker share.
pub(super) struct Shared<'w> {
    pub(super) okaeri: &'w Okaeri,
    pub(super) sender: &'w Sender,
    /// Cancelled when the server stops.
    pub(super) stop: &'w CancellationToken,
    /// Semaphore for database access, so that many queues leave connections for requests.
    pub(super) turns: &'w Semaphore,
}

impl Shared<'_> {
    /// Runs a use case for an organization once the semaphore admits it.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        organization: OrganizationId,
        work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        let _turn = self.turns.acquire().await.map_err(Error::internal)?;
        self.okaeri.write(Arc::new(Principal::system(organization, Tz::UTC)), work).await
    }
}

/// Sends the due deliveries of an endpoint until none is left, one fails, or the server stops.
/// Returns the number of attempts.
///
/// # Errors
/// `unavailable` when the database cannot be reached. Leased deliveries are attempted after the
/// lease ends.
pub(super) async fn serve(
    shared: &Shared<'_>,
    organization: OrganizationId,
    endpoint: WebhookEndpointId,
) -> Result<usize> {
    let (mut width, mut attempts) = (1, 0);
    while !shared.stop.is_cancelled() {
        let wanted = (width * DEPTH).min(BATCH);
        let limit = i64::try_from(wanted).map_err(Error::internal)?;
        let claimed =
            shared.write(organization, move |tx| deliveries::claim(tx, endpoint, limit)).await?;
        if claimed.deliveries.is_empty() {
            break;
        }
        let (count, lease) = (claimed.deliveries.len(), claimed.lease);
        let results = send(shared, claimed, width).await?;
        attempts += results.attempted.len();
        let is_taken =
            results.attempted.iter().all(|(_, outcome)| matches!(outcome, Outcome::Taken(_)));
        shared
            .write(organization, move |tx| deliveries::settle(tx, endpoint, lease, &results))
            .await?;
        if !is_taken {
            break;
        }
        // A full batch means that more deliveries wait: the endpoint falls behind.
        width = if count == wanted { (width * 4).min(WIDEST) } else { (width / 2).max(1) };
    }
    Ok(attempts)
}

/// Attempts a batch in order, `width` at a time. After a failure it starts no further attempt.
async fn send(shared: &Shared<'_>, claimed: Claimed, width: usize) -> Result<Results> {
    let (began, mut results, mut goes_on) = (Instant::now(), Results::default(), true);
    let mut waiting = claimed.deliveries.iter();
    let mut sending = FuturesUnordered::new();
    let mut cut = pin!(async {
        shared.stop.cancelled().await;
        tokio::time::sleep(GRACE).await;
    });
    loop {
        goes_on &= began.elapsed() <= TURN && !shared.stop.is_cancelled();
        while goes_on && sending.len() < width {
            let Some(delivery) = waiting.next() else { break };
            sending.push(attempt(shared, &claimed, delivery));
        }
        match select(sending.next(), cut.as_mut()).await {
            Either::Left((Some(attempted), _)) => {
                let (delivery, outcome) = attempted?;
                goes_on &= matches!(outcome, Outcome::Taken(_));
                results.attempted.push((delivery.clone(), outcome));
            }
            Either::Left((None, _)) | Either::Right(_) => break,
        }
    }
    let is_left =
        |row: &&Row| !results.attempted.iter().any(|(attempted, _)| attempted.id == row.id);
    results.left = claimed.deliveries.iter().filter(is_left).map(|row| row.id).collect();
    Ok(results)
}

async fn attempt<'d>(
    shared: &Shared<'_>,
    claimed: &Claimed,
    delivery: &'d Row,
) -> Result<(&'d Row, Outcome)> {
    let message = Message {
        url: &claimed.url,
        id: &delivery.event_id.to_string(),
        body: &delivery.payload,
        secrets: &claimed.secrets,
        at: shared.okaeri.clock.now(),
    };
    Ok((delivery, shared.sender.send(message).await?))
}
