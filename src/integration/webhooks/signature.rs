//! Signing: `v1` of Standard Webhooks, HMAC-SHA256 with a secret of 32 random bytes.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use standardwebhooks::Webhook;

use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};

/// Prefix of a secret.
const PREFIX: &str = "whsec_";

/// A secret; `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// Generates a secret.
    ///
    /// # Errors
    /// `internal` when the system has no randomness.
    pub fn fresh() -> Result<Self> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(Error::internal)?;
        Ok(Self(format!("{PREFIX}{}", STANDARD.encode(bytes))))
    }

    /// Creates a secret from its stored text.
    #[must_use]
    pub fn kept(text: String) -> Self {
        Self(text)
    }

    /// Returns the text of the secret, for its owner and the database.
    #[must_use]
    pub fn tell(&self) -> &str {
        &self.0
    }
}

/// Returns the signatures of a message at this instant, one per secret.
///
/// # Errors
/// `internal` when a secret cannot be decoded.
pub fn sign(secrets: &[Secret], id: &str, at: Timestamp, body: &str) -> Result<String> {
    let of = |secret: &Secret| {
        let signer = Webhook::new(&secret.0).map_err(Error::internal)?;
        signer.sign(id, at.utc().timestamp(), body.as_bytes()).map_err(Error::internal)
    };
    let signatures: Vec<String> = secrets.iter().map(of).collect::<Result<_>>()?;
    Ok(signatures.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_signed_as_in_the_example_of_the_standard() {
        let secret = Secret::kept("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned());
        let at: Timestamp = chrono::DateTime::from_timestamp(1_614_265_330, 0).unwrap().into();

        let signed =
            sign(&[secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", at, r#"{"test": 2432232314}"#).unwrap();

        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn secrets_differ_have_their_form_and_do_not_show() {
        let (one, other) = (Secret::fresh().unwrap(), Secret::fresh().unwrap());
        assert_ne!(one, other);
        assert_eq!(STANDARD.decode(one.tell().strip_prefix(PREFIX).unwrap()).unwrap().len(), 32);
        assert_eq!(format!("{one:?}"), "Secret");
    }
}
