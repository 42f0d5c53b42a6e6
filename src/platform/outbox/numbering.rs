//! Numbering: assigns sequence numbers to committed events.
//!
//! Writers append events without a number and do not wait. A reader of the feed first numbers the
//! waiting events, so a client that writes and then reads finds its event. Numbers are assigned in
//! one short transaction under one lock. If that server crashes, the events keep waiting, and the
//! next reader numbers them.

use okaeri_engine::messages::events;
use tokio::sync::Mutex;

use super::store;
use crate::platform::db::{Conn, Database};
use crate::platform::error::{Error, ProblemCode, Result};

/// Number of events numbered in one transaction.
const AT_ONCE: usize = 2_000;

/// Serializes the numbering for the readers of one process, so that they do not wait for the lock
/// with a connection each.
#[derive(Debug, Default)]
pub struct Numbering(Mutex<()>);

impl Numbering {
    /// Numbers the events committed before this call.
    ///
    /// # Errors
    /// `unavailable` with an explanation for readers of the feed, when the numbers cannot be
    /// written.
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

/// Numbers all waiting events inside an open transaction, including those of the transaction
/// itself.
pub(super) fn settle_within(conn: &mut Conn) -> Result<()> {
    while store::number(conn, limit())? == AT_ONCE {}
    Ok(())
}

/// Numbers all waiting events; blocking, outside an async runtime.
///
/// # Errors
/// `unavailable` when the numbers cannot be written.
pub fn settle_now(db: &Database) -> Result<()> {
    db.write_now(settle_within)
}

fn limit() -> i64 {
    i64::try_from(AT_ONCE).unwrap_or(i64::MAX)
}
