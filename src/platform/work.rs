//! Gates for work that takes long or much memory. A gate limits the requests inside and those that
//! wait; the work runs on no serving thread and without a database connection.
//!
//! A request enters a [`Gate`] before it loads anything large, works with its [`Pass`], and leaves
//! by dropping it. If the client disconnects, the pass is dropped and its [`Meter`] stops the work.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use okaeri_engine::messages::requests;
use okaeri_engine::meter::{Cancel, Meter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::ids::OrganizationId;

/// Limits of a gate.
#[derive(Debug, Clone, Copy)]
pub struct GateBounds {
    /// Maximum number inside.
    pub inside: usize,
    /// Maximum number waiting or inside, of all organizations.
    pub all: usize,
    /// Maximum number waiting or inside, of one organization.
    pub of_one: usize,
    /// Maximum time of waiting.
    pub patience: Duration,
}

/// A gate that admits a limited number at once. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Gate {
    bounds: GateBounds,
    places: Arc<Semaphore>,
    present: Arc<Mutex<HashMap<OrganizationId, usize>>>,
}

impl Gate {
    /// Creates a gate.
    #[must_use]
    pub fn new(bounds: GateBounds) -> Self {
        Self {
            bounds,
            places: Arc::new(Semaphore::new(bounds.inside.max(1))),
            present: Arc::default(),
        }
    }

    /// Enters the gate, or waits for a place.
    ///
    /// # Errors
    /// `unavailable` when too many are waiting, or the wait is too long.
    pub async fn enter(&self, organization: OrganizationId) -> Result<Pass> {
        let presence = self.announce(organization)?;
        let place = timeout(self.bounds.patience, Arc::clone(&self.places).acquire_owned());
        let permit = place.await.map_err(|_| busy())?.map_err(Error::internal)?;
        let place = Arc::new(Place { _presence: presence, _permit: permit });
        Ok(Pass { cancel: Cancel::default(), place })
    }

    fn announce(&self, organization: OrganizationId) -> Result<Presence> {
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = present.values().sum();
        let own = present.entry(organization).or_default();
        if *own >= self.bounds.of_one || all >= self.bounds.all {
            if *own == 0 {
                present.remove(&organization);
            }
            return Err(busy());
        }
        *own += 1;
        drop(present);
        Ok(Presence { organization, present: Arc::clone(&self.present) })
    }
}

fn busy() -> Error {
    Error::because(ProblemCode::Unavailable, requests::TOO_MUCH_AT_ONCE)
}

/// The gates of a server.
#[derive(Debug, Clone)]
pub struct Gates {
    /// Gate for work that reads whole regulations, and for questions that take long.
    pub documents: Gate,
    /// Gate for large bodies of other requests.
    pub bodies: Gate,
    /// Gate for background runs, which nobody awaits.
    pub runs: Gate,
    /// Gate for compiling published versions, each once. A request inside another gate may enter
    /// this one or that of drafts too, never the other way round.
    pub versions: Gate,
    /// Gate for compiling drafts, on each use of one.
    pub drafts: Gate,
}

impl Default for Gates {
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let patience = Duration::from_secs(20);
        Self {
            // The other half of the processors stays free for ordinary reads.
            documents: Gate::new(GateBounds {
                inside: processors / 2,
                all: 32,
                of_one: 12,
                patience,
            }),
            bodies: Gate::new(GateBounds { inside: 4, all: 64, of_one: 24, patience }),
            // A run that finds no place fails at once; none waits while its row says that it is
            // running.
            runs: Gate::new(GateBounds { inside: 2, all: 8, of_one: 4, patience: Duration::ZERO }),
            // When a server starts, many requests wait for the same version, and find it
            // afterwards.
            versions: Gate::new(GateBounds { inside: 1, all: 1_024, of_one: 96, patience }),
            drafts: Gate::new(GateBounds { inside: 1, all: 64, of_one: 12, patience }),
        }
    }
}

/// A request that waits or is inside.
#[derive(Debug)]
struct Presence {
    organization: OrganizationId,
    present: Arc<Mutex<HashMap<OrganizationId, usize>>>,
}

impl Drop for Presence {
    fn drop(&mut self) {
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = present.get_mut(&self.organization) {
            *own -= 1;
            if *own == 0 {
                present.remove(&self.organization);
            }
        }
    }
}

/// A place inside a gate. Dropping it stops its work; the place is free once that has ended.
#[derive(Debug)]
pub struct Pass {
    cancel: Cancel,
    place: Arc<Place>,
}

#[derive(Debug)]
struct Place {
    _presence: Presence,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

impl Pass {
    /// Runs work on another thread, with a meter that stops when this pass is dropped.
    ///
    /// # Errors
    /// Those of the work; `too_costly` when the budget of the meter is exceeded.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Meter) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (cancel, place) = (self.cancel.clone(), Arc::clone(&self.place));
        spawn_blocking(move || {
            let meter = Meter::of_request().until(cancel);
            let result = work(&meter);
            // Held until here, even if nobody awaits the result any more.
            drop(place);
            result
        })
        .await
        .map_err(Error::internal)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::Identifier as _;

    fn gate() -> Gate {
        Gate::new(GateBounds { inside: 1, all: 3, of_one: 2, patience: Duration::from_millis(1) })
    }

    #[tokio::test]
    async fn so_many_are_inside_and_so_many_of_one_organization_wait() {
        let (gate, one, other) = (gate(), OrganizationId::fresh(), OrganizationId::fresh());
        let inside = gate.enter(one).await.unwrap();
        assert_eq!(gate.enter(other).await.unwrap_err().code, ProblemCode::Unavailable);

        let waiting = gate.announce(one).unwrap();
        assert_eq!(gate.announce(one).unwrap_err().code, ProblemCode::Unavailable);
        let stranger = gate.announce(other).unwrap();
        assert_eq!(
            gate.announce(OrganizationId::fresh()).unwrap_err().code,
            ProblemCode::Unavailable
        );

        drop((inside, waiting, stranger));
        assert!(gate.present.lock().unwrap().is_empty());
        gate.enter(other).await.unwrap();
    }

    #[tokio::test]
    async fn work_ends_when_nobody_waits_for_it() {
        let pass = gate().enter(OrganizationId::fresh()).await.unwrap();
        let (begun, beginning) = tokio::sync::oneshot::channel();
        let (ended, end) = tokio::sync::oneshot::channel();
        let work = pass.run(move |meter| {
            begun.send(()).unwrap();
            while meter.take(0) {
                std::hint::spin_loop();
            }
            ended.send(()).unwrap();
            Ok(())
        });
        tokio::select! {
            _ = work => unreachable!("it works until it is cancelled"),
            begun = beginning => begun.unwrap(),
        }
        drop(pass);
        end.await.unwrap();
    }

    #[tokio::test]
    async fn a_place_is_free_only_when_its_work_has_ended() {
        let (gate, organization) = (gate(), OrganizationId::fresh());
        let pass = gate.enter(organization).await.unwrap();
        let (begun, beginning) = tokio::sync::oneshot::channel();
        let (release, released) = std::sync::mpsc::channel::<()>();
        let work = pass.run(move |_| {
            begun.send(()).unwrap();
            released.recv().map_err(Error::internal)
        });
        tokio::select! {
            _ = work => unreachable!("it works until it is released"),
            begun = beginning => begun.unwrap(),
        }
        drop(pass);
        assert_eq!(gate.places.available_permits(), 0);

        release.send(()).unwrap();
        let place = Arc::clone(&gate.places).acquire_owned().await;
        assert!(place.is_ok() && gate.present.lock().unwrap().is_empty());
    }
}
