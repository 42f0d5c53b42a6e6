//! Writing and reading of the feed.

use super::model::EventType;
use super::numbering;
use super::store::{self, NewRow, Row};
use okaeri_engine::codes::Code as _;

use crate::platform::db::Conn;
use crate::platform::db::types::Json;
use crate::platform::error::Result;
use crate::platform::ids::{EventId, Identifier};
use crate::platform::usecase::Tx;

/// Appends an event in the transaction of its change.
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

/// Returns at most `limit` numbered events after this one, in order.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn list(tx: &mut Tx<'_>, after: i64, limit: i64) -> Result<Vec<Row>> {
    store::after(tx.conn, tx.organization(), after, limit)
}

/// Returns whether committed events wait for their numbers, and are thus not in the feed yet.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn any_unnumbered(conn: &mut Conn) -> Result<bool> {
    store::any_unnumbered(conn)
}

/// Numbers all waiting events. Returns the number of this organization's latest event, or 0 if
/// there is none.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn latest(tx: &mut Tx<'_>) -> Result<i64> {
    numbering::settle_within(tx.conn)?;
    store::latest(tx.conn, tx.organization())
}
