//! JWT bearer tokens: issued by Okaeri for a single machine, or by an identity provider.
//!
//! A token says who somebody is (`iss`, `sub`); what they may do is in the `users` table. The
//! algorithm is pinned per issuer and never taken from the token.

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
};
use okaeri_engine::messages::signing_in;
use serde::{Deserialize, Serialize};

use super::jwks::KeySet;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, ProblemCode, Result};

/// The issuer of our own tokens.
pub const OWN_ISSUER: &str = "okaeri";
/// Shortest secret accepted for our own tokens, in bytes (RFC 7518, 3.2).
pub const SECRET_BYTES: usize = 32;
/// Guesses that a secret withstands, as a power of ten: close to the most that the estimate can
/// tell, 2^64.
const SECRET_GUESSES_LOG10: f64 = 19.0;
/// How far clocks may differ, in seconds.
const LEEWAY: u64 = 30;

/// What a token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it.
    pub iss: String,
    /// Who it speaks of.
    pub sub: String,
    /// For whom it is meant.
    pub aud: Audience,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// When it was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
}

/// One audience or several.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

/// An identity provider that is trusted.
pub struct Provider {
    /// Its `iss`.
    pub issuer: String,
    /// The one algorithm it signs with; never a symmetric one.
    pub algorithm: Algorithm,
    /// Its public keys.
    pub keys: KeySet,
}

/// Checks tokens, and issues our own.
pub struct Tokens {
    audience: String,
    own: Option<(EncodingKey, DecodingKey)>,
    provider: Option<Provider>,
}

fn refused(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::because(ProblemCode::Unauthenticated, signing_in::TOKEN_NOT_VALID).caused_by(cause)
}

/// Refuses a secret that somebody could guess.
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
    /// Tokens for this audience, from our own secret, a provider, or both.
    ///
    /// # Errors
    /// `internal` when the secret is too short or could be guessed, neither is given, the provider
    /// has the name of our own issuer, or signing does not work here.
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

    /// A build without its crypto backend compiles and fails only when used: find out at start.
    fn self_test(&self) -> Result<()> {
        if self.own.is_some() {
            let far = 32_503_680_000;
            let token = self.issue_until("self-test", 0, far)?;
            self.check_with_own(&token).map_err(|error| Error::internal(error.to_string()))?;
        }
        Ok(())
    }

    /// Issues a token of our own for a user.
    ///
    /// # Errors
    /// `internal` when there is no secret to sign with.
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

    /// Checks a token's signature, issuer, audience and times.
    ///
    /// # Errors
    /// `unauthenticated`, with the reason for the log only.
    pub async fn check(&self, token: &str) -> Result<Claims> {
        let header = decode_header(token).map_err(refused)?;
        // What a token says is critical has to be understood (RFC 7515, 4.1.11), and nothing of it
        // is.
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
