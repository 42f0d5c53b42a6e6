//! API keys: `oka_` and 43 characters, shown once, stored as a hash.
//!
//! The keys are long and random, so a fast hash is sufficient; passwords would need a slow one.

use okaeri_engine::canonical;

use crate::platform::error::{Error, Result};

/// Prefix of every API key.
pub const PREFIX: &str = "oka_";
/// Number of a key's characters that are stored in plain text, to distinguish keys.
const SHOWN: usize = 12;
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A new key, with its prefix and hash for storage.
#[derive(Clone)]
pub struct NewKey {
    /// The key itself, only for its owner.
    pub secret: String,
    /// Its first characters.
    pub prefix: String,
    /// Its hash.
    pub hash: String,
}

/// Generates a key of 256 random bits.
///
/// # Errors
/// `internal` when the system has no randomness.
pub fn generate() -> Result<NewKey> {
    let secret = format!("{PREFIX}{}", random_text(43)?);
    Ok(NewKey { prefix: secret.chars().take(SHOWN).collect(), hash: hash(&secret), secret })
}

/// Returns random text of this many characters, six bits each.
///
/// # Errors
/// `internal` when the system has no randomness.
pub fn random_text(length: usize) -> Result<String> {
    let mut bytes = vec![0_u8; length];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(bytes
        .iter()
        .filter_map(|byte| ALPHABET.get(usize::from(byte & 63)))
        .map(|byte| char::from(*byte))
        .collect())
}

/// Returns the hash of a key for storage: SHA-256 in hexadecimal.
#[must_use]
pub fn hash(secret: &str) -> String {
    canonical::sha256(secret.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_and_hash_to_what_is_kept() {
        let (one, other) = (generate().unwrap(), generate().unwrap());
        assert_ne!(one.secret, other.secret);
        assert_eq!(one.hash, hash(&one.secret));
        assert_eq!(one.secret.len(), 47);
        assert!(one.secret.starts_with(&one.prefix));
    }
}
