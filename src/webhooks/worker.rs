//! The worker: makes deliveries of events, and serves the queues of endpoints that have something due.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::deliveries::service as deliveries;
use super::queue::{self, Shared};
use super::sender::Sender;
use super::service;
use crate::error::{Error, Result};
use crate::ids::{OrganizationId, WebhookEndpointId};
use crate::usecase::Okaeri;

/// How many queues are served at the same time, and how many of one organization.
const QUEUES: usize = 512;
const OF_ONE_ORGANIZATION: usize = 256;
/// How many queues are at the database at the same time.
const TURNS: usize = 8;
/// How long the worker waits when nothing is written here: other servers write too, and retries become due.
const POLL: Duration = Duration::from_secs(1);
/// How long it lets writes gather, so that one round serves many of them.
const GATHER: Duration = Duration::from_millis(40);

/// One round: makes deliveries of new events and serves every queue with something due to its end. Several servers
/// may do so at once. Returns how many attempts were made.
///
/// # Errors
/// `unavailable` when the database cannot be reached. What was leased by then is attempted when the lease is over.
pub async fn tick(okaeri: &Okaeri, sender: &Sender) -> Result<usize> {
    let (stop, turns) = (CancellationToken::new(), Semaphore::new(TURNS));
    let shared = Shared { okaeri, sender, stop: &stop, turns: &turns };
    let spread = spread(&shared).await;
    let due = due(okaeri).await?;
    let served = stream::iter(due).map(|(organization, endpoint)| queue::serve(&shared, organization, endpoint));
    let served: Vec<Result<usize>> = served.buffer_unordered(QUEUES).collect().await;
    spread.and(served.into_iter().sum())
}

/// Makes deliveries of what is new in the feed. Returns whether there may be more.
async fn spread(shared: &Shared<'_>) -> Result<bool> {
    shared.okaeri.numbering.settle(&shared.okaeri.db).await?;
    let organizations = shared.okaeri.db.read(service::with_news).await?;
    let spread = organizations.into_iter().map(|organization| shared.write(organization, service::spread));
    // One organization's fault is not another's.
    let moved: Vec<Result<bool>> = stream::iter(spread).buffer_unordered(TURNS).collect().await;
    moved.into_iter().try_fold(false, |any, moved| Ok(any | moved?))
}

async fn due(okaeri: &Okaeri) -> Result<Vec<(OrganizationId, WebhookEndpointId)>> {
    let now = okaeri.clock.now();
    okaeri.db.read(move |conn| deliveries::due_endpoints(conn, now)).await
}

/// The queues that are being served, with their organizations.
#[derive(Debug, Clone, Default)]
struct Busy(Arc<Mutex<BTreeMap<WebhookEndpointId, OrganizationId>>>);

impl Busy {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<WebhookEndpointId, OrganizationId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Marks a queue as served until the mark is dropped; `None` when it is already, or when its organization or the
    /// worker has its fill.
    fn mark(&self, organization: OrganizationId, endpoint: WebhookEndpointId) -> Option<Mark> {
        let mut busy = self.lock();
        let of_organization = busy.values().filter(|of| **of == organization).count();
        if busy.contains_key(&endpoint) || busy.len() >= QUEUES || of_organization >= OF_ONE_ORGANIZATION {
            return None;
        }
        busy.insert(endpoint, organization);
        Some(Mark { busy: self.clone(), endpoint })
    }
}

/// A queue is being served.
struct Mark {
    busy: Busy,
    endpoint: WebhookEndpointId,
}

impl Drop for Mark {
    fn drop(&mut self) {
        self.busy.lock().remove(&self.endpoint);
    }
}

/// Works until the server stops; then lets attempts that were begun end, writes what came of them and gives back
/// the rest.
pub async fn run(okaeri: Arc<Okaeri>, stop: CancellationToken) {
    let sender = match Sender::new(okaeri.webhook_targets) {
        Ok(sender) => sender,
        Err(error) => return complain(&error, "webhooks cannot be sent"),
    };
    let (tasks, busy, turns) = (TaskTracker::new(), Busy::default(), Arc::new(Semaphore::new(TURNS)));
    while !stop.is_cancelled() {
        let shared = Shared { okaeri: &okaeri, sender: &sender, stop: &stop, turns: &turns };
        let more = spread(&shared).await.unwrap_or_else(|error| {
            complain(&error, "deliveries could not be made");
            false
        });
        match due(&okaeri).await {
            Ok(due) => {
                for (organization, endpoint) in due {
                    let Some(mark) = busy.mark(organization, endpoint) else { continue };
                    let (okaeri, sender) = (Arc::clone(&okaeri), sender.clone());
                    let (stop, turns) = (stop.clone(), Arc::clone(&turns));
                    tasks.spawn(async move {
                        let shared = Shared { okaeri: &okaeri, sender: &sender, stop: &stop, turns: &turns };
                        if let Err(error) = queue::serve(&shared, organization, endpoint).await {
                            complain(&error, "a webhook queue broke off");
                        }
                        drop(mark);
                    });
                }
            }
            Err(error) => complain(&error, "due webhooks could not be read"),
        }
        stop.run_until_cancelled(pause(&okaeri, more)).await;
    }
    tasks.close();
    tasks.wait().await;
}

/// Waits for something to do.
async fn pause(okaeri: &Okaeri, more: bool) {
    if !more {
        // Whether it was woken or not, it looks.
        timeout(POLL, okaeri.news.notified()).await.ok();
    }
    sleep(GATHER).await;
}

fn complain(error: &Error, what: &'static str) {
    tracing::warn!(code = %error.code, cause = ?error.cause(), "{what}");
}
