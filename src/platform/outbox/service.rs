//! Appending to and reading the feed.

use super::model::EventType;
use super::numbering;
use super::store::{self, NewRow, Row};
use okaeri_engine::codes::Code as _;

use crate::platform::db::Conn;
use crate::platform::db::types::Json;
use crate::platform::error::Result;
use crate::platform::ids::{EventId, Identifier};
use crate::platform::usecase::Tx;

/// Appends one event in the transaction of the change it tells of.
///
/// # Errors
/// `internal` when it cannot be written.
pub fn append(
    tx: &mut Tx<'_>,
    kind: EventType,
    subject_id: String,
    data: serde_json::Value,
) -> Result<()> {
    let row = NewRow {
        id: EventId::fresh(),
        organization_id: tx.organization(),
        type_: kind.as_str(),
        subject_type: kind.subject_type(),
        subject_id,
        actor: tx.who.actor.clone(),
        at: tx.now,
        data: Json(data),
    };
    store::append(tx.conn, &row)
}

/// Numbered events after this one, in order, at most `limit`.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn list(tx: &mut Tx<'_>, after: i64, limit: i64) -> Result<Vec<Row>> {
    store::after(tx.conn, tx.organization(), after, limit)
}

/// Whether committed events wait for their numbers, so that the feed does not show them yet.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn any_unnumbered(conn: &mut Conn) -> Result<bool> {
    store::any_unnumbered(conn)
}

/// The number of this organization's latest event, after all that waited were numbered; 0 before
/// the first.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn latest(tx: &mut Tx<'_>) -> Result<i64> {
    numbering::settle_within(tx.conn)?;
    store::latest(tx.conn, tx.organization())
}
