//! Storing and replaying of responses by key.

use okaeri_engine::messages::requests;

use super::model::{Given, Keyed};
use super::store::{self, NewRow};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::usecase::Tx;

/// Hours for which responses are kept.
pub const KEPT_HOURS: i64 = 48;

/// Stores the response under the key, with the part of its body that may be stored. Waits for a
/// concurrent transaction with the same key.
///
/// # Errors
/// `already_exists` when the key has a response, which [`find`] returns; `internal` when it cannot
/// be stored. The use case is rolled back.
pub fn keep(tx: &mut Tx<'_>, keyed: &Keyed, given: &Given, body: Option<&str>) -> Result<()> {
    let row = NewRow {
        organization_id: tx.organization(),
        actor: &tx.who.actor,
        endpoint: &keyed.endpoint,
        key: &keyed.key,
        fingerprint: &keyed.fingerprint,
        status: i32::from(given.status),
        location: given.location.as_deref(),
        etag: given.etag.as_deref(),
        body,
        created_at: tx.now,
    };
    store::insert(tx.conn, &row)
}

/// Returns the stored response to this request, if there is one.
///
/// # Errors
/// `idempotency_key_reused` when the key was used with another request; `told_once` when the
/// response contained a secret.
pub fn find(tx: &mut Tx<'_>, keyed: &Keyed) -> Result<Option<Given>> {
    let tenant = tx.organization();
    let Some(row) = store::find(tx.conn, tenant, &tx.who.actor, keyed)? else { return Ok(None) };
    if row.fingerprint != keyed.fingerprint {
        return Err(Error::because(ProblemCode::IdempotencyKeyReused, requests::KEY_REUSED));
    }
    let given = row.given()?;
    if given.body.is_none() {
        let location = given.location.unwrap_or_default();
        return Err(Error::because(
            ProblemCode::ToldOnce,
            requests::ToldOnce { location: &location },
        ));
    }
    Ok(Some(given))
}

/// Deletes one batch of expired responses. Returns their number.
///
/// # Errors
/// `unavailable` when the database cannot be reached.
pub fn forget_old(conn: &mut Conn, now: Timestamp) -> Result<usize> {
    store::forget_before(conn, now.earlier_by(chrono::Duration::hours(KEPT_HOURS)))
}
