//! From a bearer credential to a [`Principal`].

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use sha2::{Digest, Sha256};

use super::principal::Principal;
use super::secret;
use super::token::Tokens;
use crate::clock::{Clock, Timestamp};
use crate::db::Database;
use crate::error::{Error, ProblemCode, Result};
use crate::messages::signing_in;
use crate::{api_keys, users};

/// How long a checked credential is believed without looking at the tables again. A change made on
/// this server is seen at once, one made on another after this time.
const BELIEVED: Duration = Duration::from_secs(10);
const REMEMBERED: u64 = 10_000;

/// Checks credentials, and remembers those it checked for some seconds.
pub struct Authenticator {
    tokens: Tokens,
    checked: Cache<[u8; 32], Arc<Principal>>,
}

impl Authenticator {
    /// Checks with these keys.
    #[must_use]
    pub fn new(tokens: Tokens) -> Self {
        Self { tokens, checked: Cache::builder().max_capacity(REMEMBERED).time_to_live(BELIEVED).build() }
    }

    /// The keys.
    #[must_use]
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// Forgets what was checked: called when users or keys change.
    pub fn forget(&self) {
        self.checked.invalidate_all();
    }

    /// Who presents this credential: an API key or a token.
    ///
    /// # Errors
    /// `unauthenticated`.
    pub async fn authenticate(&self, credential: &str, db: &Database, clock: &dyn Clock) -> Result<Arc<Principal>> {
        let now = clock.now();
        // Kept by hash, so that a copy of our memory holds no credentials.
        let key: [u8; 32] = Sha256::digest(credential.as_bytes()).into();
        let principal = match self.checked.get(&key) {
            Some(principal) => principal,
            None => {
                let principal = Arc::new(self.look_up(credential, db).await?);
                self.checked.insert(key, Arc::clone(&principal));
                principal
            }
        };
        still_valid(&principal, now)?;
        Ok(principal)
    }

    async fn look_up(&self, credential: &str, db: &Database) -> Result<Principal> {
        if credential.starts_with(secret::PREFIX) {
            let hash = secret::hash(credential);
            return db.read(move |conn| api_keys::service::principal_of(conn, &hash)).await?.ok_or_else(unknown);
        }
        let claims = self.tokens.check(credential).await?;
        let ends = chrono::DateTime::from_timestamp(claims.exp, 0).map(Timestamp::from);
        db.read(move |conn| users::service::principal_of(conn, &claims.iss, &claims.sub, ends))
            .await?
            .ok_or_else(unknown)
    }
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
