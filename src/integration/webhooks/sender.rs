//! Sends one delivery and interprets the response.

use std::error::Error as StdError;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, Response, redirect};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::model::{Outcome, WebhookDeliveryError, asked_wait};
use super::signature::{self, Secret};
use crate::platform::clock::Timestamp;
use crate::platform::egress::Targets;
use crate::platform::error::{Error, Result};

/// Timeout of a request.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Maximum number of concurrent name look-ups. Each blocks a thread until its name server responds
/// or the system gives up, and these threads also serve the database.
const LOOK_UPS: usize = 64;
/// Timeout of a look-up, including the wait for its turn.
const LOOK_UP: Duration = Duration::from_secs(5);

/// A request to send.
#[derive(Debug, Clone)]
pub struct Message<'m> {
    /// The address.
    pub url: &'m str,
    /// The event's identifier; the same in every attempt.
    pub id: &'m str,
    /// The signed body.
    pub body: &'m str,
    /// The secrets that sign it.
    pub secrets: &'m [Secret],
    /// Time of sending.
    pub at: Timestamp,
}

/// HTTP client that connects only to addresses allowed for webhooks.
#[derive(Clone)]
pub struct Sender {
    client: Client,
    targets: Targets,
}

impl Sender {
    /// Creates a sender. It follows no redirects, uses no proxy, and connects only to addresses
    /// that it has checked.
    ///
    /// # Errors
    /// `internal` when the client cannot be created.
    pub fn new(targets: Targets) -> Result<Self> {
        let client = Client::builder()
            .timeout(TIMEOUT)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent("Okaeri-Webhooks")
            .dns_resolver(Arc::new(Looking::new(targets, LOOK_UPS, LOOK_UP)))
            .build()
            .map_err(Error::internal)?;
        Ok(Self { client, targets })
    }

    /// Sends a message once. The body of the response is not read.
    ///
    /// # Errors
    /// `internal` when the message cannot be signed.
    pub async fn send(&self, message: Message<'_>) -> Result<Outcome> {
        // Literal IP addresses never reach the resolver, so they are checked here.
        let Ok(url) = self.targets.read(message.url) else {
            return Ok(Outcome::unanswered(WebhookDeliveryError::AddressRefused));
        };
        let signatures = signature::sign(message.secrets, message.id, message.at, message.body)?;
        let answer = self
            .client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", message.id)
            .header("webhook-timestamp", message.at.utc().timestamp())
            .header("webhook-signature", signatures)
            .body(message.body.to_owned())
            .send()
            .await;
        Ok(match answer {
            Ok(answer) => meaning(&answer, message.at),
            Err(error) => Outcome::unanswered(cause(&error)),
        })
    }
}

fn meaning(answer: &Response, now: Timestamp) -> Outcome {
    let status = answer.status();
    if status.is_success() {
        return Outcome::Taken(status.as_u16());
    }
    let error = if status.is_redirection() {
        WebhookDeliveryError::Redirected
    } else {
        WebhookDeliveryError::NotTaken
    };
    let asked = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let wait = asked
        .filter(|_| matches!(status.as_u16(), 429 | 503))
        .and_then(|asked| asked_wait(asked, now));
    Outcome::Failed { status: Some(status.as_u16()), error, wait }
}

fn cause(error: &reqwest::Error) -> WebhookDeliveryError {
    let mut inner: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(cause) = inner {
        if cause.is::<Refused>() {
            return WebhookDeliveryError::AddressRefused;
        }
        inner = cause.source();
    }
    if error.is_timeout() {
        WebhookDeliveryError::TimedOut
    } else if error.is_connect() {
        WebhookDeliveryError::NotConnected
    } else {
        WebhookDeliveryError::Broken
    }
}

/// DNS resolver that checks every address before a connection: a name that was allowed at first may
/// resolve to another address later.
struct Looking {
    targets: Targets,
    places: Arc<Semaphore>,
    patience: Duration,
}

impl Looking {
    fn new(targets: Targets, places: usize, patience: Duration) -> Self {
        Self { targets, places: Arc::new(Semaphore::new(places)), patience }
    }
}

/// Error: the name resolves to an address that is not allowed for webhooks.
#[derive(Debug, thiserror::Error)]
#[error("a private address")]
struct Refused;

impl Resolve for Looking {
    fn resolve(&self, name: Name) -> Resolving {
        let (targets, places, patience) = (self.targets, Arc::clone(&self.places), self.patience);
        let look_up = async move {
            let place = places.acquire_owned().await?;
            let found = spawn_blocking(move || {
                // Released when the thread ends, not when the timeout does.
                let _place = place;
                (name.as_str(), 0).to_socket_addrs().map(Iterator::collect::<Vec<SocketAddr>>)
            });
            Ok::<_, Box<dyn StdError + Send + Sync>>(found.await??)
        };
        Box::pin(async move {
            let found = timeout(patience, look_up).await??;
            if found.iter().any(|address| !targets.reach(address.ip())) {
                return Err(Refused.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
    }

    #[test]
    fn a_name_that_leads_to_a_private_address_is_refused_when_it_is_resolved() {
        let resolved =
            |targets| run(Looking::new(targets, 1, LOOK_UP).resolve("localhost".parse().unwrap()));
        assert!(resolved(Targets::Public).err().unwrap().is::<Refused>());
        assert!(resolved(Targets::Private).is_ok());
    }

    #[test]
    fn a_look_up_that_finds_no_place_is_given_up() {
        let full = Looking::new(Targets::Private, 0, Duration::from_millis(1));
        let given_up = run(full.resolve("localhost".parse().unwrap())).err().unwrap();
        assert!(given_up.is::<tokio::time::error::Elapsed>());
    }

    #[test]
    fn the_refusal_is_told_from_a_broken_connection() {
        let sender = Sender::new(Targets::Public).unwrap();
        let error =
            run(
                async move { sender.client.post("https://localhost:1/").send().await.unwrap_err() },
            );
        assert_eq!(cause(&error), WebhookDeliveryError::AddressRefused);
    }
}
