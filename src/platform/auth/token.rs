//! JWT bearer tokens, issued by Okaeri or by an identity provider.
//!
//! A token identifies a user (`iss`, `sub`); the roles are in the `users` table. The algorithm is
//! fixed per issuer and never taken from the token.

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
};
use okaeri_engine::messages::signing_in;
use serde::{Deserialize, Serialize};

use super::jwks::KeySet;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, ProblemCode, Result};

/// Issuer of Okaeri's own tokens.
pub const OWN_ISSUER: &str = "okaeri";
/// Minimum length in bytes of the secret for own tokens (RFC 7518, 3.2).
pub const SECRET_BYTES: usize = 32;
/// Number of guesses that the secret must withstand, as a power of ten: close to the estimator's
/// maximum, 2^64.
const SECRET_GUESSES_LOG10: f64 = 19.0;
/// Accepted difference between clocks, in seconds.
const LEEWAY: u64 = 30;

/// Claims of a token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    /// Issuer.
    pub iss: String,
    /// Subject.
    pub sub: String,
    /// Audience.
    pub aud: Audience,
    /// Time of expiry, in seconds since 1970.
    pub exp: i64,
    /// Time of issue, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
}

/// One audience or several.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// One audience.
    One(String),
    /// Several audiences.
    Several(Vec<String>),
}

/// A trusted identity provider.
pub struct Provider {
    /// Its `iss`.
    pub issuer: String,
    /// Its only signature algorithm; never a symmetric one.
    pub algorithm: Algorithm,
    /// Its public keys.
    pub keys: KeySet,
}

/// Checks tokens and issues own ones.
pub struct Tokens {
    audience: String,
    own: Option<(EncodingKey, DecodingKey)>,
    provider: Option<Provider>,
}

fn refused(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::because(ProblemCode::Unauthenticated, signing_in::TOKEN_NOT_VALID).caused_by(cause)
}

/// Refuses a secret that is too short or can be guessed.
fn check_secret(secret: &str) -> Result<()> {
    if secret.len() < SECRET_BYTES {
        return Err(Error::internal(
            "OKAERI_TOKEN_SECRET must have at least 32 bytes: set it to the output of `openssl rand -hex 32`",
        ));
    }
    if zxcvbn::zxcvbn(secret, &[]).guesses_log10() < SECRET_GUESSES_LOG10 {
        return Err(Error::internal(
            "OKAERI_TOKEN_SECRET could be guessed: set it to the output of `openssl rand -hex 32`",
        ));
    }
    Ok(())
}

impl Tokens {
    /// Creates the keys of tokens for this audience, from an own secret, a provider, or both.
    ///
    /// # Errors
    /// `internal` when the secret is too short or can be guessed, when neither is given, when the
    /// provider's issuer is the own one, or when signing does not work.
    pub fn new(
        audience: impl Into<String>,
        secret: Option<&str>,
        provider: Option<Provider>,
    ) -> Result<Self> {
        secret.map_or(Ok(()), check_secret)?;
        if provider.as_ref().is_some_and(|provider| provider.issuer == OWN_ISSUER) {
            return Err(Error::internal(
                "OKAERI_PROVIDER_ISSUER cannot be \"okaeri\", the issuer of Okaeri's own tokens: set it to the `iss` of \
                 your identity provider",
            ));
        }
        if secret.is_none() && provider.is_none() {
            return Err(Error::internal("no key to check tokens with"));
        }
        let tokens = Self {
            audience: audience.into(),
            own: secret.map(|secret| {
                let bytes = secret.as_bytes();
                (EncodingKey::from_secret(bytes), DecodingKey::from_secret(bytes))
            }),
            provider,
        };
        tokens.self_test()?;
        Ok(tokens)
    }

    /// Signs and checks a token: a build without its crypto backend would fail only on first use.
    fn self_test(&self) -> Result<()> {
        if self.own.is_some() {
            let far = 32_503_680_000;
            let token = self.issue_until("self-test", 0, far)?;
            self.check_with_own(&token).map_err(|error| Error::internal(error.to_string()))?;
        }
        Ok(())
    }

    /// Issues an own token for a user.
    ///
    /// # Errors
    /// `internal` when there is no secret for signing.
    pub fn issue(
        &self,
        subject: &str,
        now: Timestamp,
        lifetime: chrono::Duration,
    ) -> Result<String> {
        self.issue_until(subject, now.utc().timestamp(), (now.utc() + lifetime).timestamp())
    }

    fn issue_until(&self, subject: &str, issued: i64, ends: i64) -> Result<String> {
        let (key, _) =
            self.own.as_ref().ok_or_else(|| Error::internal("no secret to sign tokens with"))?;
        let claims = Claims {
            iss: OWN_ISSUER.to_owned(),
            sub: subject.to_owned(),
            aud: Audience::One(self.audience.clone()),
            exp: ends,
            iat: Some(issued),
        };
        encode(&Header::new(Algorithm::HS256), &claims, key).map_err(Error::internal)
    }

    /// Checks signature, issuer, audience and times of a token.
    ///
    /// # Errors
    /// `unauthenticated`; only the log has the cause.
    pub async fn check(&self, token: &str) -> Result<Claims> {
        let header = decode_header(token).map_err(refused)?;
        // Critical headers must be understood (RFC 7515, 4.1.11), and none is supported.
        if header.crit.is_some() {
            return Err(refused("the token has critical headers"));
        }
        match &self.provider {
            Some(provider) if header.alg == provider.algorithm => {
                let key = provider.keys.find(header.kid.as_deref()).await?;
                self.check_with(token, &key, provider.algorithm, &provider.issuer)
            }
            Some(_) | None => self.check_with_own(token),
        }
    }

    fn check_with_own(&self, token: &str) -> Result<Claims> {
        let (_, key) = self.own.as_ref().ok_or_else(|| refused("no such issuer"))?;
        self.check_with(token, key, Algorithm::HS256, OWN_ISSUER)
    }

    fn check_with(
        &self,
        token: &str,
        key: &DecodingKey,
        algorithm: Algorithm,
        issuer: &str,
    ) -> Result<Claims> {
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        validation.leeway = LEEWAY;
        decode::<Claims>(token, key, &validation).map(|data| data.claims).map_err(refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(secret: &str) -> Option<String> {
        let refused = Tokens::new("okaeri", Some(secret), None).err()?;
        refused.cause().map(ToString::to_string)
    }

    #[test]
    fn a_secret_that_could_be_guessed_is_refused_with_what_to_set() {
        let blanks = " ".repeat(32);
        let sequence = "abcdefghijklmnopqrstuvwxyz0123456789";
        for weak in [
            blanks.as_str(),
            &"a".repeat(64),
            "changemechangemechangemechangeme",
            "changeme-changeme-changeme-changeme",
            sequence,
            "passwordpasswordpasswordpassword",
            "0123456789012345678901234567890123456789",
        ] {
            assert!(
                refusal(weak).is_some_and(|said| said.contains("could be guessed")
                    && said.contains("openssl rand -hex 32")),
                "{weak}"
            );
        }
        assert!(refusal("short").is_some_and(|said| said.contains("at least 32 bytes")));
    }

    #[test]
    fn a_random_secret_is_taken() {
        for _ in 0..50 {
            let text = crate::platform::auth::secret::random_text(32).unwrap();
            assert_eq!(refusal(&text), None, "{text}");
            let hex: String = crate::platform::auth::secret::hash(&text).chars().take(32).collect();
            assert_eq!(refusal(&hex), None, "{hex}");
        }
    }
}
