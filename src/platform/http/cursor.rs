//! Cursors: opaque, sealed with a secret of the server, and bound to the organization, the list and
//! its filter.

use std::str::FromStr;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use okaeri_engine::messages::requests;
use sha2::Sha256;

use crate::platform::error::{Error, ProblemCode, Result};

/// Number of bytes of the authentication code in a cursor.
const SEAL: usize = 12;

/// A seal bound to a list's filter and organization.
#[derive(Debug, Clone)]
pub struct Seal(Hmac<Sha256>);

impl Seal {
    /// Creates a seal; `list` identifies the list, its filter and its organization.
    ///
    /// # Errors
    /// `internal` when the secret is not a valid key.
    pub fn new(secret: &str, list: &str) -> Result<Self> {
        let code = Hmac::new_from_slice(secret.as_bytes()).map_err(Error::internal)?;
        Ok(Self(code.chain_update(list).chain_update([0])))
    }

    /// Returns the cursor that continues after this key.
    #[must_use]
    pub fn encode(&self, key: &str) -> String {
        let code = self.0.clone().chain_update(key).finalize().into_bytes();
        let sealed: Vec<u8> = code.into_iter().take(SEAL).chain(key.bytes()).collect();
        BASE64_URL_SAFE_NO_PAD.encode(sealed)
    }

    /// Returns the key after which the page starts.
    ///
    /// # Errors
    /// `invalid_cursor` when the cursor was changed, or belongs to another list, filter or
    /// organization.
    pub fn decode<K: FromStr>(&self, cursor: &str) -> Result<K> {
        let refused = || Error::because(ProblemCode::InvalidCursor, requests::NOT_THIS_CURSOR);
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
        let (code, key) = sealed.split_at_checked(SEAL).ok_or_else(refused)?;
        self.0.clone().chain_update(key).verify_truncated_left(code).map_err(|_| refused())?;
        let key = std::str::from_utf8(key).map_err(|_| refused())?;
        key.parse().map_err(|_| refused())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_only_with_its_list_and_secret() {
        let people = Seal::new("secret", "people").unwrap();
        let cursor = people.encode("42");

        assert_eq!(people.decode::<i64>(&cursor).ok(), Some(42));
        assert!(Seal::new("secret", "jobs").unwrap().decode::<i64>(&cursor).is_err());
        assert!(Seal::new("other", "people").unwrap().decode::<i64>(&cursor).is_err());
        let first = if cursor.starts_with('A') { 'B' } else { 'A' };
        let changed: String = std::iter::once(first).chain(cursor.chars().skip(1)).collect();
        assert!(people.decode::<i64>(&changed).is_err());
        assert!(people.decode::<i64>("日本").is_err());
    }
}
