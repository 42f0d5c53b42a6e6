//! The queue of one endpoint: sends what is due, in order as long as the endpoint keeps pace, side
//! by side when it falls behind.

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

/// The most attempts on one endpoint at the same time.
const WIDEST: usize = 32;
/// How many deliveries are leased for each attempt at the same time.
const DEPTH: usize = 8;
/// The most deliveries that are leased at once.
const BATCH: usize = 128;
/// After how long no further delivery of a batch is begun. With the time that one attempt may take
/// it stays well below the lease.
const TURN: Duration = Duration::from_secs(15);
/// How long attempts may go on once the server stops.
const GRACE: Duration = Duration::from_secs(5);

/// What all queues of a worker share.
pub(super) struct Shared<'w> {
    pub(super) okaeri: &'w Okaeri,
    pub(super) sender: &'w Sender,
    /// The server stops.
    pub(super) stop: &'w CancellationToken,
    /// Turns at the database, so that many queues leave connections for requests.
    pub(super) turns: &'w Semaphore,
}

impl Shared<'_> {
    /// Runs a use case for an organization when it is its turn.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        organization: OrganizationId,
        work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        let _turn = self.turns.acquire().await.map_err(Error::internal)?;
        self.okaeri.write(Arc::new(Principal::system(organization, Tz::UTC)), work).await
    }
}

/// Sends what is due for an endpoint until nothing is, one is not taken, or the server stops.
/// Returns how many attempts were made.
///
/// # Errors
/// `unavailable` when the database cannot be reached. What was leased by then is attempted when the
/// lease is over.
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
        // A full batch means that more waits: it falls behind.
        width = if count == wanted { (width * 4).min(WIDEST) } else { (width / 2).max(1) };
    }
    Ok(attempts)
}

/// Attempts a batch in order, so many at the same time. Once one is not taken, no further one is
/// begun.
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
