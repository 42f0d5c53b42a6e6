//! One effect and one answer for each key.

use okaeri_engine::messages::requests;

use super::model::{Given, Keyed};
use super::store::{self, NewRow};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::usecase::Tx;

/// How long answers are kept, in hours.
pub const KEPT_HOURS: i64 = 48;

/// Keeps the answer under the key, with what of its body may be kept. Somebody at work with the
/// same key is waited for.
///
/// # Errors
/// `already_exists` when the key has an answer, which [`find`] tells; `internal` when it cannot be
/// written. Then nothing of the use case stays.
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

/// What was answered to this request before, if it was done before.
///
/// # Errors
/// `idempotency_key_reused` when the key came with another request; `told_once` when the answer
/// held a secret.
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

/// Forgets what was answered long ago.
///
/// # Errors
/// `unavailable` when the database cannot be reached.
pub fn forget_old(conn: &mut Conn, now: Timestamp) -> Result<usize> {
    store::forget_before(conn, now.earlier_by(chrono::Duration::hours(KEPT_HOURS)))
}
