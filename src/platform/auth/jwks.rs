//! Public keys of an identity provider, from a file or a URL.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::JwkSet;
use okaeri_engine::messages::{settings, signing_in};
use reqwest::{Client, redirect};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

use crate::platform::error::{Error, ProblemCode, Result};

/// Minimum interval between two reads caused by an unknown key id.
const REFRESH: Duration = Duration::from_secs(30);
/// Age at which keys are read again: the provider may have withdrawn one.
const OLD: Duration = Duration::from_secs(300);
/// Age up to which keys are accepted while the source fails.
const OLDEST: Duration = Duration::from_secs(3600);
/// Minimum wait before a source that failed is read again.
const AFTER_FAILURE: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(5);
const LARGEST: usize = 256 * 1024;

/// Source of the keys.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// A JWKS file.
    File(PathBuf),
    /// A JWKS URL.
    Address(String),
}

/// Keys that are read on first use, when an unknown key id appears, and when they are old.
pub struct KeySet {
    source: KeySource,
    cached: RwLock<Option<Cached>>,
    /// Locked while the source is being read.
    asking: Mutex<Asking>,
}

/// The keys with the time of reading.
struct Cached {
    keys: JwkSet,
    read_at: Instant,
}

/// State of reading the source.
#[derive(Default)]
struct Asking {
    /// Time of the last attempt, and whether it succeeded.
    last: Option<(Instant, bool)>,
    /// HTTP client for a URL, created on first use.
    client: Option<Client>,
}

impl KeySet {
    /// Creates a key set with this source.
    #[must_use]
    pub fn new(source: KeySource) -> Self {
        Self { source, cached: RwLock::new(None), asking: Mutex::default() }
    }

    /// Returns the key with this id; without an id, the only key.
    ///
    /// # Errors
    /// `unauthenticated` when there is no such key, `unavailable` when the source cannot be read.
    pub async fn find(&self, id: Option<&str>) -> Result<DecodingKey> {
        if let Some(key) = self.look_up(id, OLD)? {
            return Ok(key);
        }
        let mut asking = self.asking.lock().await;
        // Another task may have read the source meanwhile.
        if let Some(key) = self.look_up(id, OLD)? {
            return Ok(key);
        }
        match self.read_again(&mut asking).await {
            Ok(()) => self.look_up(id, OLD)?.ok_or_else(unknown_key),
            // A source that fails temporarily does not lock everybody out.
            Err(refused) => self.look_up(id, OLDEST)?.ok_or(refused),
        }
    }

    async fn read_again(&self, asking: &mut Asking) -> Result<()> {
        match asking.last {
            Some((at, true)) if at.elapsed() < REFRESH => return Err(unknown_key()),
            Some((at, false)) if at.elapsed() < AFTER_FAILURE => {
                return Err(Error::unavailable("the key set could not be read a moment ago"));
            }
            Some(_) | None => {}
        }
        // Recorded first, so that it holds even if the caller stops waiting.
        asking.last = Some((Instant::now(), false));
        let keys = self.fetch(&mut asking.client).await?;
        asking.last = Some((Instant::now(), true));
        let read = Cached { keys, read_at: Instant::now() };
        *self.cached.write().unwrap_or_else(PoisonError::into_inner) = Some(read);
        Ok(())
    }

    /// Returns the key with this id, if the keys were read within `ago`.
    fn look_up(&self, id: Option<&str>, ago: Duration) -> Result<Option<DecodingKey>> {
        let cached = self.cached.read().unwrap_or_else(PoisonError::into_inner);
        let fresh = cached.as_ref().filter(|cached| cached.read_at.elapsed() < ago);
        let jwk = fresh.and_then(|Cached { keys, .. }| match (id, keys.keys.as_slice()) {
            (Some(id), _) => keys.find(id),
            (None, [only]) => Some(only),
            (None, _) => None,
        });
        jwk.map(|jwk| DecodingKey::from_jwk(jwk).map_err(Error::internal)).transpose()
    }

    async fn fetch(&self, client: &mut Option<Client>) -> Result<JwkSet> {
        let bytes = match &self.source {
            KeySource::File(path) => {
                let path = path.clone();
                let read = spawn_blocking(move || read(&path)).await.map_err(Error::internal)?;
                read.map_err(|error| self.not_read(error))?
            }
            KeySource::Address(address) => {
                download(client, address).await.map_err(|error| self.not_read(error))?
            }
        };
        key_set(&bytes).map_err(|error| self.not_read(error))
    }

    /// Creates the error for a source that cannot be read; only the log names the source.
    fn not_read(&self, error: impl Into<Failure>) -> Error {
        Error::unavailable(NotRead { of: self.source.clone(), error: error.into() })
    }
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The cause of the failure to read keys.
#[derive(Debug, thiserror::Error)]
#[error("the key set of {} cannot be read", named(.of))]
struct NotRead {
    #[source]
    error: Failure,
    of: KeySource,
}

fn named(source: &KeySource) -> String {
    match source {
        KeySource::File(path) => path.display().to_string(),
        KeySource::Address(address) => address.clone(),
    }
}

/// Checks at start that the key file of a setting can be read.
///
/// # Errors
/// `invalid` with the setting, the file and the fault.
pub fn check_file(path: &Path) -> Result<()> {
    let file = format_args!("{}", path.display());
    let bytes = read(path).map_err(|error| {
        let said = settings::JwksFileNotRead { file: &file, error: &format_args!("{error}") };
        Error::because(ProblemCode::Invalid, said)
    })?;
    key_set(&bytes).map(drop).map_err(|error| {
        let said = settings::JwksFileNotAKeySet { file: &file, error: &format_args!("{error}") };
        Error::because(ProblemCode::Invalid, said)
    })
}

fn key_set(bytes: &[u8]) -> Result<JwkSet, Failure> {
    if bytes.len() > LARGEST {
        return Err("it is too large".into());
    }
    Ok(serde_json::from_slice(bytes)?)
}

/// Reads a file, up to one byte over the limit.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(LARGEST + 1).unwrap_or(u64::MAX);
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a response body up to slightly more than the limit.
async fn download(client: &mut Option<Client>, address: &str) -> reqwest::Result<Vec<u8>> {
    let client = match client {
        Some(client) => client,
        None => client
            .insert(Client::builder().timeout(TIMEOUT).redirect(redirect::Policy::none()).build()?),
    };
    let mut answer = client.get(address).send().await?.error_for_status()?;
    let mut bytes = Vec::new();
    while bytes.len() <= LARGEST
        && let Some(chunk) = answer.chunk().await?
    {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn unknown_key() -> Error {
    Error::because(ProblemCode::Unauthenticated, signing_in::UNKNOWN_KEY)
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;

    use super::*;

    /// A provider that answers every question so, and counts them.
    fn provider(answer: String) -> (KeySet, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/keys", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let head = BufReader::new(stream.try_clone().unwrap()).lines();
                head.take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty()))
                    .for_each(drop);
                counted.fetch_add(1, Ordering::Relaxed);
                // Whoever has read enough hangs up.
                stream.write_all(answer.as_bytes()).ok();
            }
        });
        (KeySet::new(KeySource::Address(address)), asked)
    }

    async fn refusals(keys: &KeySet) -> Vec<ProblemCode> {
        let all = join_all((0..8).map(|_| keys.find(Some("unknown")))).await;
        all.into_iter().map(|found| found.err().unwrap().code).collect()
    }

    #[tokio::test]
    async fn many_who_name_an_unknown_key_have_the_provider_asked_once() {
        let (keys, asked) =
            provider("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"keys\": []}".to_owned());
        for _ in 0..2 {
            assert_eq!(refusals(&keys).await, [ProblemCode::Unauthenticated; 8]);
        }
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_provider_that_fails_is_left_alone_for_a_while() {
        let (keys, asked) = provider("HTTP/1.1 500 Oops\r\nconnection: close\r\n\r\n".to_owned());
        for _ in 0..2 {
            assert_eq!(refusals(&keys).await, [ProblemCode::Unavailable; 8]);
        }
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    }

    /// Lets the keys have been read so long ago.
    async fn age(keys: &KeySet, by: Duration) {
        keys.cached.write().unwrap().as_mut().unwrap().read_at -= by;
        keys.asking.lock().await.last = None;
    }

    #[tokio::test]
    async fn a_key_that_was_withdrawn_is_not_believed_for_long() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), include_str!("../../../tests/it/keys/rs256.jwks.json"))
            .unwrap();
        let keys = KeySet::new(KeySource::File(file.path().to_owned()));
        keys.find(None).await.unwrap();

        std::fs::write(file.path(), r#"{"keys": []}"#).unwrap();

        keys.find(None).await.unwrap();
        age(&keys, OLD).await;
        assert_eq!(keys.find(None).await.err().unwrap().code, ProblemCode::Unauthenticated);
    }

    #[tokio::test]
    async fn while_the_source_fails_keys_are_believed_for_an_hour() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), include_str!("../../../tests/it/keys/rs256.jwks.json"))
            .unwrap();
        let keys = KeySet::new(KeySource::File(file.path().to_owned()));
        keys.find(None).await.unwrap();

        std::fs::write(file.path(), "?").unwrap();

        age(&keys, OLD).await;
        keys.find(None).await.unwrap();
        age(&keys, OLDEST).await;
        assert_eq!(keys.find(None).await.err().unwrap().code, ProblemCode::Unavailable);
    }

    #[tokio::test]
    async fn of_an_endless_answer_no_more_is_read_than_shows_it() {
        let endless =
            format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}", " ".repeat(64 * LARGEST));
        let refused = provider(endless).0.find(None).await.err().unwrap();
        assert_eq!(refused.cause().unwrap().source().unwrap().to_string(), "it is too large");
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_read_is_named_in_the_log() {
        let keys = KeySet::new(KeySource::File("/no/such/keys.json".into()));
        let refused = keys.find(None).await.err().unwrap();
        assert!(refused.cause().unwrap().to_string().contains("/no/such/keys.json"));
    }
}
