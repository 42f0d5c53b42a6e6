//! The worker: creates deliveries of events and serves the queues of endpoints with due deliveries.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::deliveries::service::{self as deliveries, DueEndpoint};
use super::queue::{self, Shared};
use super::sender::Sender;
use super::service;
use crate::platform::error::{Error, Result};
use crate::platform::ids::WebhookEndpointId;
use crate::platform::usecase::Okaeri;

/// Maximum number of queues served at the same time: in total, of one organization, and of failing
/// endpoints, which take long.
const QUEUES: usize = 512;
const OF_ONE_ORGANIZATION: usize = 256;
const FAILING: usize = 256;
/// Number of endpoints whose last turn is remembered.
const REMEMBERED: usize = 100_000;
/// Number of queues that access the database at the same time.
const TURNS: usize = 8;
/// Interval of polling when nothing is written on this server: other servers write too, and retries
/// become due.
const POLL: Duration = Duration::from_secs(1);
/// Time to collect writes, so that one round serves many of them.
const GATHER: Duration = Duration::from_millis(40);

/// Runs one round: creates deliveries of new events and serves every queue that has due deliveries
/// until none is left. Several servers may do so at once. Returns the number of attempts.
///
/// # Errors
/// `unavailable` when the database cannot be reached. Leased deliveries are attempted after the
/// lease ends.
pub async fn tick(okaeri: &Okaeri, sender: &Sender) -> Result<usize> {
    let (stop, turns) = (CancellationToken::new(), Semaphore::new(TURNS));
    let shared = Shared { okaeri, sender, stop: &stop, turns: &turns };
    let spread = spread(&shared).await;
    let due = due(okaeri).await?;
    let served =
        stream::iter(due).map(|endpoint| queue::serve(&shared, endpoint.organization, endpoint.id));
    let served: Vec<Result<usize>> = served.buffer_unordered(QUEUES).collect().await;
    spread.and(served.into_iter().sum())
}

/// Creates deliveries of the new events. Returns whether there may be more.
async fn spread(shared: &Shared<'_>) -> Result<bool> {
    shared.okaeri.numbering.settle(&shared.okaeri.db).await?;
    let organizations = shared.okaeri.db.read(service::with_news).await?;
    let spread =
        organizations.into_iter().map(|organization| shared.write(organization, service::spread));
    // All organizations are served, even if one fails.
    let moved: Vec<Result<bool>> = stream::iter(spread).buffer_unordered(TURNS).collect().await;
    moved.into_iter().try_fold(false, |any, moved| Ok(any | moved?))
}

async fn due(okaeri: &Okaeri) -> Result<Vec<DueEndpoint>> {
    let now = okaeri.clock.now();
    okaeri.db.read(move |conn| deliveries::due_endpoints(conn, now)).await
}

/// The queues being served, and the last turn of each endpoint.
#[derive(Debug, Clone, Default)]
struct Busy(Arc<Mutex<Turns>>);

/// State of [`Busy`].
#[derive(Debug, Default)]
struct Turns {
    served: BTreeMap<WebhookEndpointId, DueEndpoint>,
    /// Number of turns started.
    count: u64,
    /// Number of the last turn of each endpoint.
    last: BTreeMap<WebhookEndpointId, u64>,
}

impl Busy {
    fn lock(&self) -> MutexGuard<'_, Turns> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sorts endpoints by their last turn: the one that has waited longest comes first.
    fn sort(&self, due: &mut [DueEndpoint]) {
        let turns = self.lock();
        due.sort_by_key(|endpoint| turns.last.get(&endpoint.id).copied());
    }

    /// Marks a queue as served until the mark is dropped. Returns `None` when it is marked already,
    /// or when a limit is reached: of its organization, of failing endpoints, or of the worker.
    fn mark(&self, endpoint: DueEndpoint) -> Option<Mark> {
        let mut turns = self.lock();
        let served = turns.served.values();
        let of_organization =
            served.clone().filter(|other| other.organization == endpoint.organization).count();
        let failing = served.filter(|other| other.is_failing).count();
        if turns.served.contains_key(&endpoint.id)
            || turns.served.len() >= QUEUES
            || of_organization >= OF_ONE_ORGANIZATION
            || (endpoint.is_failing && failing >= FAILING)
        {
            return None;
        }
        turns.count += 1;
        let count = turns.count;
        turns.last.insert(endpoint.id, count);
        if turns.last.len() > REMEMBERED {
            turns.last.retain(|_, turn| count - *turn < REMEMBERED as u64 / 2);
        }
        turns.served.insert(endpoint.id, endpoint);
        Some(Mark { busy: self.clone(), endpoint: endpoint.id })
    }
}

/// A guard that marks a queue as served until it is dropped.
struct Mark {
    busy: Busy,
    endpoint: WebhookEndpointId,
}

impl Drop for Mark {
    fn drop(&mut self) {
        self.busy.lock().served.remove(&self.endpoint);
    }
}

/// Runs until the server stops; then lets running attempts finish, records their results and
/// releases the rest.
pub async fn run(okaeri: Arc<Okaeri>, stop: CancellationToken) {
    let sender = match Sender::new(okaeri.webhook_targets) {
        Ok(sender) => sender,
        Err(error) => return complain(&error, "webhooks cannot be sent"),
    };
    let (tasks, busy, turns) =
        (TaskTracker::new(), Busy::default(), Arc::new(Semaphore::new(TURNS)));
    while !stop.is_cancelled() {
        let shared = Shared { okaeri: &okaeri, sender: &sender, stop: &stop, turns: &turns };
        let more = spread(&shared).await.unwrap_or_else(|error| {
            complain(&error, "deliveries could not be made");
            false
        });
        match due(&okaeri).await {
            Ok(mut due) => {
                busy.sort(&mut due);
                for endpoint in due {
                    let Some(mark) = busy.mark(endpoint) else { continue };
                    let (okaeri, sender) = (Arc::clone(&okaeri), sender.clone());
                    let (stop, turns) = (stop.clone(), Arc::clone(&turns));
                    tasks.spawn(async move {
                        let shared =
                            Shared { okaeri: &okaeri, sender: &sender, stop: &stop, turns: &turns };
                        if let Err(error) =
                            queue::serve(&shared, endpoint.organization, endpoint.id).await
                        {
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

/// Waits for new events or due deliveries.
async fn pause(okaeri: &Okaeri, more: bool) {
    if !more {
        // Continues in any case, notified or not.
        timeout(POLL, okaeri.news.notified()).await.ok();
    }
    sleep(GATHER).await;
}

fn complain(error: &Error, what: &'static str) {
    tracing::warn!(code = %error.code, cause = ?error.cause(), "{what}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::{Identifier as _, OrganizationId};

    fn endpoints(count: usize, is_failing: bool) -> Vec<DueEndpoint> {
        // Each of an organization of its own.
        let one = || DueEndpoint {
            organization: OrganizationId::fresh(),
            id: WebhookEndpointId::fresh(),
            is_failing,
        };
        std::iter::repeat_with(one).take(count).collect()
    }

    /// Returns what the worker begins of this, in order.
    fn begun(busy: &Busy, due: &[DueEndpoint]) -> Vec<(WebhookEndpointId, Mark)> {
        let mut due = due.to_vec();
        busy.sort(&mut due);
        due.into_iter().filter_map(|endpoint| Some((endpoint.id, busy.mark(endpoint)?))).collect()
    }

    #[test]
    fn an_endpoint_behind_more_that_hang_than_there_are_places_has_its_turn() {
        let (busy, due) = (Busy::default(), endpoints(QUEUES + 50, false));
        let first = begun(&busy, &due);
        assert_eq!(first.len(), QUEUES);
        assert_eq!(begun(&busy, &due).len(), 0);
        drop(first);

        let second = begun(&busy, &due);

        let late: Vec<WebhookEndpointId> =
            due.iter().skip(QUEUES).map(|endpoint| endpoint.id).collect();
        assert_eq!(second.iter().take(50).map(|(id, _)| *id).collect::<Vec<_>>(), late);
    }

    #[test]
    fn endpoints_that_fail_leave_places_to_others() {
        let (busy, healthy) = (Busy::default(), endpoints(1, false));
        let failing = begun(&busy, &endpoints(QUEUES, true));
        assert_eq!((failing.len(), begun(&busy, &healthy).len()), (FAILING, 1));
    }

    #[test]
    fn one_organization_leaves_places_to_others() {
        let (busy, mut due) = (Busy::default(), endpoints(QUEUES, false));
        let own = OrganizationId::fresh();
        due.iter_mut().for_each(|endpoint| endpoint.organization = own);
        assert_eq!(begun(&busy, &due).len(), OF_ONE_ORGANIZATION);
    }
}
