//! The public keys of an identity provider, from a file or an address.

use std::path::PathBuf;
use std::sync::RwLock;
use std::time::{Duration, Instant};

use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::JwkSet;

use crate::error::{Error, ProblemCode, Result};
use crate::messages::signing_in;

/// An unknown key id makes us ask again, but not more often than this.
const REFRESH: Duration = Duration::from_secs(30);
const TIMEOUT: Duration = Duration::from_secs(5);
const LARGEST: usize = 256 * 1024;

/// Where keys come from.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// A JWKS file.
    File(PathBuf),
    /// A JWKS address.
    Address(String),
}

/// Keys, read when first needed and again when an unknown one is named.
pub struct KeySet {
    source: KeySource,
    cached: RwLock<Option<(JwkSet, Instant)>>,
}

impl KeySet {
    /// Keys from this source.
    #[must_use]
    pub fn new(source: KeySource) -> Self {
        Self { source, cached: RwLock::new(None) }
    }

    /// The key with this id; without an id the only key there is.
    ///
    /// # Errors
    /// `unauthenticated` when there is none, `unavailable` when the source cannot be read.
    pub async fn find(&self, id: Option<&str>) -> Result<DecodingKey> {
        if let Some(key) = self.look_up(id)? {
            return Ok(key);
        }
        if self.is_recent() {
            return Err(unknown_key());
        }
        let keys = self.fetch().await?;
        *self.cached.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some((keys, Instant::now()));
        self.look_up(id)?.ok_or_else(unknown_key)
    }

    fn is_recent(&self) -> bool {
        let cached = self.cached.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        cached.as_ref().is_some_and(|(_, read)| read.elapsed() < REFRESH)
    }

    fn look_up(&self, id: Option<&str>) -> Result<Option<DecodingKey>> {
        let cached = self.cached.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let jwk = cached.as_ref().and_then(|(keys, _)| match (id, keys.keys.as_slice()) {
            (Some(id), _) => keys.find(id),
            (None, [only]) => Some(only),
            (None, _) => None,
        });
        jwk.map(|jwk| DecodingKey::from_jwk(jwk).map_err(Error::internal)).transpose()
    }

    async fn fetch(&self) -> Result<JwkSet> {
        let bytes = match &self.source {
            KeySource::File(path) => std::fs::read(path).map_err(Error::unavailable)?,
            KeySource::Address(address) => download(address).await.map_err(Error::unavailable)?,
        };
        if bytes.len() > LARGEST {
            return Err(Error::unavailable("the key set is too large"));
        }
        serde_json::from_slice(&bytes).map_err(Error::unavailable)
    }
}

async fn download(address: &str) -> reqwest::Result<Vec<u8>> {
    let client = reqwest::Client::builder().timeout(TIMEOUT).redirect(reqwest::redirect::Policy::none()).build()?;
    let answer = client.get(address).send().await?.error_for_status()?;
    Ok(answer.bytes().await?.to_vec())
}

fn unknown_key() -> Error {
    Error::because(ProblemCode::Unauthenticated, signing_in::UNKNOWN_KEY)
}
