//! Shutdown signal: once it begins, the server no longer waits for request bodies.

use tokio::sync::watch;

/// A handle that tells whether the server is stopping. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Shutdown(watch::Receiver<bool>);

impl Shutdown {
    /// Creates a handle and the sender that starts the shutdown.
    #[must_use]
    pub fn pair() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Self(receiver))
    }

    /// Waits for the shutdown; forever if the sender is gone.
    pub async fn begun(&self) {
        if self.0.clone().wait_for(|has_begun| *has_begun).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
