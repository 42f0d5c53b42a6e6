//! One effect and one answer for each key.

use super::model::{Given, Keyed};
use super::store;
use crate::clock::Timestamp;
use crate::db::Conn;
use crate::error::{Error, ProblemCode, Result};
use crate::messages::requests;
use crate::usecase::Tx;

/// How long answers are kept, in hours.
pub const KEPT_HOURS: i64 = 48;

/// Takes the key for this request, or finds what was answered to it. Somebody at work with the same key is waited for.
///
/// # Errors
/// `idempotency_key_reused` when the key came with another request; `told_once` when the answer held a secret.
pub fn take(tx: &mut Tx<'_>, keyed: &Keyed) -> Result<Option<Given>> {
    let (tenant, actor, now) = (tx.organization(), tx.who.actor.clone(), tx.now);
    if store::take(tx.conn, tenant, &actor, keyed, now)? {
        return Ok(None);
    }
    let row = store::find(tx.conn, tenant, &actor, keyed)?;
    if row.fingerprint != keyed.fingerprint {
        return Err(Error::because(ProblemCode::IdempotencyKeyReused, requests::KEY_REUSED));
    }
    let given = row.given()?;
    if given.body.is_none() {
        let location = given.location.unwrap_or_default();
        return Err(Error::because(ProblemCode::ToldOnce, requests::ToldOnce { location: &location }));
    }
    Ok(Some(given))
}

/// Keeps the answer, with what of its body may be kept, under the key that was taken.
///
/// # Errors
/// `internal` when it cannot be written; then nothing of the use case stays.
pub fn keep(tx: &mut Tx<'_>, keyed: &Keyed, given: &Given, body: Option<&str>) -> Result<()> {
    let (tenant, actor) = (tx.organization(), tx.who.actor.clone());
    store::keep(tx.conn, tenant, &actor, keyed, given, body)
}

/// Forgets what was answered long ago.
///
/// # Errors
/// `unavailable` when the database cannot be reached.
pub fn forget_old(conn: &mut Conn, now: Timestamp) -> Result<usize> {
    store::forget_before(conn, now.earlier_by(chrono::Duration::hours(KEPT_HOURS)))
}
