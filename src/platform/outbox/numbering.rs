//! Numbering: giving committed events their place in the feed.
//!
//! Writers append without a number and wait for nobody. Whoever reads the feed numbers first what
//! waits, so a client that wrote and then reads finds its event. A number is given in one short
//! transaction under one lock; if the server that gives it is killed, the events wait on and the
//! next one numbers them.

use okaeri_engine::messages::events;
use tokio::sync::Mutex;

use super::store;
use crate::platform::db::{Conn, Database};
use crate::platform::error::{Error, ProblemCode, Result};

/// How many events are numbered in one transaction.
const AT_ONCE: usize = 2_000;

/// Numbers events for the readers of one process, one at a time, so that they do not queue for the
/// lock with a connection each.
#[derive(Debug, Default)]
pub struct Numbering(Mutex<()>);

impl Numbering {
    /// Numbers what was committed before this call.
    ///
    /// # Errors
    /// `unavailable` with what it means for the feed, when the database does not take the numbers
    /// now.
    pub async fn settle(&self, db: &Database) -> Result<()> {
        let unsettled = |error: Error| {
            Error::because(ProblemCode::Unavailable, events::NOT_NUMBERED).caused_by(error)
        };
        let _turn = self.0.lock().await;
        while db.read(store::any_unnumbered).await? {
            if db.write(|conn| store::number(conn, limit())).await.map_err(unsettled)? < AT_ONCE {
                break;
            }
        }
        Ok(())
    }
}

/// Numbers everything that waits, inside an open transaction and also what that transaction wrote.
pub(super) fn settle_within(conn: &mut Conn) -> Result<()> {
    while store::number(conn, limit())? == AT_ONCE {}
    Ok(())
}

/// Numbers everything that waits, outside any async runtime.
///
/// # Errors
/// `unavailable` when the database does not take the numbers now.
pub fn settle_now(db: &Database) -> Result<()> {
    db.write_now(settle_within)
}

fn limit() -> i64 {
    i64::try_from(AT_ONCE).unwrap_or(i64::MAX)
}
