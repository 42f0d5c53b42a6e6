//! Authentication: from a bearer credential to a [`Principal`].
//!
//! A result is cached for a [`LEASE`]. A use case that changes the validity of a credential
//! responds one lease after its commit ([`crate::platform::usecase::Tx::changes_credentials`]): by
//! then no server on the database uses an older result, independent of its clock.

use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::sync::Cache;
use okaeri_engine::messages::signing_in;
use sha2::{Digest, Sha256};

use super::principal::Principal;
use super::secret;
use super::token::Tokens;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::db::{Conn, Database};
use crate::platform::error::{Error, ProblemCode, Result};

/// Time for which the database's result for a credential is cached, measured from before the query.
pub const LEASE: Duration = Duration::from_millis(200);
const REMEMBERED: u64 = 10_000;
/// Time for which an unused key that was valid is distinguished from an unknown one.
const PROVEN: Duration = Duration::from_secs(3600);

/// Finds the principal of a token by its issuer and subject, with the token's expiry.
type OfToken = fn(&mut Conn, &str, &str, Option<Timestamp>) -> Result<Option<Principal>>;

/// Functions that find the principal of a credential; none when it is unknown or has ended.
#[derive(Debug, Clone, Copy)]
pub struct Directory {
    /// Finds the principal of the API key with this hash.
    pub of_key: fn(&mut Conn, &str) -> Result<Option<Principal>>,
    /// Finds the principal of a token by its issuer and subject, with the token's expiry.
    pub of_token: OfToken,
}

/// Authenticates credentials and caches the results for a [`LEASE`].
pub struct Authenticator {
    tokens: Tokens,
    directory: Directory,
    checked: Cache<[u8; 32], Checked>,
    /// Keys that were valid at their last look-up.
    proven: Cache<[u8; 32], ()>,
}

#[derive(Clone)]
struct Checked {
    principal: Arc<Principal>,
    /// Time before the query.
    since: Instant,
}

impl Authenticator {
    /// Creates an authenticator for API keys and tokens with this directory.
    #[must_use]
    pub fn new(tokens: Tokens, directory: Directory) -> Self {
        let checked = Cache::builder().max_capacity(REMEMBERED).time_to_live(LEASE).build();
        let proven = Cache::builder().max_capacity(REMEMBERED).time_to_idle(PROVEN).build();
        Self { tokens, directory, checked, proven }
    }

    /// Returns the keys that check and issue tokens.
    #[must_use]
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// Returns whether this credential requires a query although nothing supports it: an API key
    /// that has not been valid here before. A token has its signature.
    #[must_use]
    pub fn is_unproven(&self, credential: &str) -> bool {
        credential.starts_with(secret::PREFIX) && !self.proven.contains_key(&digest(credential))
    }

    /// Returns the principal of this credential: an API key or a token.
    ///
    /// # Errors
    /// `unauthenticated`; `unavailable` when the database cannot be reached.
    pub async fn authenticate(
        &self,
        credential: &str,
        db: &Database,
        clock: &dyn Clock,
    ) -> Result<Arc<Principal>> {
        let now = clock.now();
        let key = digest(credential);
        if let Some(Checked { principal, since }) = self.checked.get(&key)
            && since.elapsed() < LEASE
        {
            still_valid(&principal, now)?;
            return Ok(principal);
        }
        let since = Instant::now();
        let found = self.look_up(credential, db).await.inspect_err(|error| {
            // A database failure says nothing about the key.
            if error.code == ProblemCode::Unauthenticated {
                self.proven.invalidate(&key);
            }
        })?;
        still_valid(&found, now)?;
        if credential.starts_with(secret::PREFIX) {
            self.proven.insert(key, ());
        }
        let principal = Arc::new(found);
        self.checked.insert(key, Checked { principal: Arc::clone(&principal), since });
        Ok(principal)
    }

    async fn look_up(&self, credential: &str, db: &Database) -> Result<Principal> {
        let Directory { of_key, of_token } = self.directory;
        let found = if credential.starts_with(secret::PREFIX) {
            let hash = secret::hash(credential);
            db.read_by_key(move |conn| of_key(conn, &hash)).await?
        } else {
            let claims = self.tokens.check(credential).await?;
            let ends = chrono::DateTime::from_timestamp(claims.exp, 0).map(Timestamp::from);
            db.read_by_key(move |conn| of_token(conn, &claims.iss, &claims.sub, ends)).await?
        };
        found.ok_or_else(unknown)
    }
}

/// Returns the digest under which a credential is cached, so that memory holds no credentials.
fn digest(credential: &str) -> [u8; 32] {
    Sha256::digest(credential.as_bytes()).into()
}

fn still_valid(principal: &Principal, now: Timestamp) -> Result<()> {
    match principal.expires_at {
        Some(ends) if ends < now => Err(unknown()),
        Some(_) | None => Ok(()),
    }
}

fn unknown() -> Error {
    Error::because(ProblemCode::Unauthenticated, signing_in::NOT_KNOWN)
}
