//! The moment from which the server stops: bodies that still trickle in are no longer waited for.

use tokio::sync::watch;

/// Tells whether the server stops. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Shutdown(watch::Receiver<bool>);

impl Shutdown {
    /// Creates one, with what begins it.
    #[must_use]
    pub fn pair() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Self(receiver))
    }

    /// Waits until it begins; for ever when the sender is gone.
    pub async fn begun(&self) {
        if self.0.clone().wait_for(|has_begun| *has_begun).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
