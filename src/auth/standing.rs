//! Whether what was checked of a caller still holds, asked anew for every request: who was
//! deactivated or lost a role, and a key that was revoked, is refused from the next request on, by
//! every server on the database.
//!
//! On SQLite the question is one read by key. On PostgreSQL all requests that wait share one
//! statement, which begins after each of them arrived.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

use super::Principal;
use crate::db::{Checker, Conn, Database};
use crate::error::{Error, Result};
use crate::ids::{ApiKeyId, UserId};
use crate::{api_keys, users};

/// The row that vouches for a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voucher {
    /// A user, for tokens.
    User(UserId),
    /// An API key.
    Key(ApiKeyId),
}

/// The versions of the rows that a principal was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Version of the user or key.
    pub voucher: i32,
    /// Version of the organization.
    pub organization: i32,
}

/// A principal, and what it was made of.
#[derive(Debug, Clone)]
pub struct Known {
    /// Who.
    pub principal: Arc<Principal>,
    /// The row that vouches for them.
    pub voucher: Voucher,
    /// As the rows were.
    pub standing: Standing,
}

type Found = Result<Option<Standing>>;

/// Callers who wait for the next statement.
#[derive(Default)]
struct Queue {
    waiting: Vec<(Voucher, oneshot::Sender<Found>)>,
    is_served: bool,
}

/// Looks up standings.
#[derive(Clone, Default)]
pub(super) struct Standings(Arc<Mutex<Queue>>);

impl Standings {
    /// Returns the standing at some moment after the call; nothing when the row vouches no more.
    ///
    /// # Errors
    /// `unavailable` when the database cannot be reached.
    pub(super) async fn of(&self, voucher: Voucher, db: &Database) -> Found {
        let Some(checker) = db.shared_checker() else {
            return db.read_by_key(move |conn| Ok(found(conn, &[voucher])?.pop().flatten())).await;
        };
        let (sender, receiver) = oneshot::channel();
        let is_first = {
            let mut queue = self.lock();
            queue.waiting.push((voucher, sender));
            !std::mem::replace(&mut queue.is_served, true)
        };
        if is_first {
            let serving = Serving { standings: self.clone(), is_done: false };
            spawn_blocking(move || serving.run(&checker));
        }
        receiver.await.map_err(|_| Error::unavailable("the check was dropped"))?
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The one thread that asks, as long as somebody waits.
struct Serving {
    standings: Standings,
    is_done: bool,
}

impl Serving {
    fn run(mut self, checker: &Checker) {
        while let Some(callers) = self.next() {
            let (vouchers, senders): (Vec<Voucher>, Vec<_>) = callers.into_iter().unzip();
            match checker.read_now(|conn| found(conn, &vouchers)) {
                Ok(standings) => {
                    for (sender, standing) in senders.into_iter().zip(standings) {
                        // The caller may have hung up.
                        drop(sender.send(Ok(standing)));
                    }
                }
                Err(error) => {
                    tracing::error!(error = ?error, "standings could not be checked");
                    for sender in senders {
                        drop(sender.send(Err(Error::unavailable("standings could not be checked"))));
                    }
                }
            }
        }
    }

    /// Returns those who wait now; ends the service when there are none.
    fn next(&mut self) -> Option<Vec<(Voucher, oneshot::Sender<Found>)>> {
        let mut queue = self.standings.lock();
        let waiting = std::mem::take(&mut queue.waiting);
        queue.is_served = !waiting.is_empty();
        self.is_done = waiting.is_empty();
        (!self.is_done).then_some(waiting)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // The runtime ended, or the thread did: nobody waits for ever, and the next caller begins anew.
        if !self.is_done {
            let mut queue = self.standings.lock();
            queue.is_served = false;
            queue.waiting.clear();
        }
    }
}

/// Returns the standing of each, in order.
fn found(conn: &mut Conn, vouchers: &[Voucher]) -> Result<Vec<Option<Standing>>> {
    let (mut user_ids, mut key_ids) = (Vec::new(), Vec::new());
    for voucher in vouchers {
        match voucher {
            Voucher::User(id) if !user_ids.contains(id) => user_ids.push(*id),
            Voucher::Key(id) if !key_ids.contains(id) => key_ids.push(*id),
            Voucher::User(_) | Voucher::Key(_) => {}
        }
    }
    let users = users::service::standings(conn, &user_ids)?;
    let keys = api_keys::service::standings(conn, &key_ids)?;
    let standing = |voucher: &Voucher| match voucher {
        Voucher::User(id) => users.iter().find(|(of, _)| of == id).map(|(_, standing)| *standing),
        Voucher::Key(id) => keys.iter().find(|(of, _)| of == id).map(|(_, standing)| *standing),
    };
    Ok(vouchers.iter().map(standing).collect())
}
