//! Cursors: opaque, sealed with a secret of the server, and bound to the organization, the list and
//! the filter that gave them.

use std::str::FromStr;

use okaeri_engine::canonical::hex;
use okaeri_engine::messages::requests;
use sha2::{Digest, Sha256};

use crate::platform::error::{Error, ProblemCode, Result};

/// How many hexadecimal digits seal a cursor.
const SEAL: usize = 24;

/// What the cursors of one list are bound to.
#[derive(Debug, Clone)]
pub struct Seal {
    secret: String,
    list: String,
}

impl Seal {
    /// Of a list, told with whose it is and how it is filtered.
    #[must_use]
    pub fn new(secret: &str, list: String) -> Self {
        Self { secret: secret.to_owned(), list }
    }

    /// The cursor that continues after this key.
    #[must_use]
    pub fn encode(&self, key: &str) -> String {
        format!("{}{}", self.of(key), hex(key.as_bytes()))
    }

    /// The key after which to continue.
    ///
    /// # Errors
    /// `invalid_cursor` when it was changed, or given by another list or filter, or to another
    /// organization.
    pub fn decode<K: FromStr>(&self, cursor: &str) -> Result<K> {
        let refused = || Error::because(ProblemCode::InvalidCursor, requests::NOT_THIS_CURSOR);
        let (given, body) = cursor.split_at_checked(SEAL).ok_or_else(refused)?;
        let key = unhex(body).ok_or_else(refused)?;
        if given != self.of(&key) {
            return Err(refused());
        }
        key.parse().map_err(|_| refused())
    }

    /// The secret stands behind what the caller can choose: a longer text with the same digest
    /// cannot be made of it.
    fn of(&self, key: &str) -> String {
        let digest = Sha256::new()
            .chain_update(&self.list)
            .chain_update([0])
            .chain_update(key)
            .chain_update([0]);
        let mut digest = hex(&digest.chain_update(&self.secret).finalize());
        digest.truncate(SEAL);
        digest
    }
}

fn unhex(text: &str) -> Option<String> {
    let digits = text.as_bytes().chunks(2);
    let bytes = digits
        .map(|pair| {
            std::str::from_utf8(pair)
                .ok()
                .filter(|pair| pair.len() == 2)
                .and_then(|pair| u8::from_str_radix(pair, 16).ok())
        })
        .collect::<Option<Vec<u8>>>()?;
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_only_with_its_list_and_secret() {
        let people = Seal::new("secret", "people".to_owned());
        let cursor = people.encode("42");

        assert_eq!(people.decode::<i64>(&cursor).ok(), Some(42));
        assert!(Seal::new("secret", "jobs".to_owned()).decode::<i64>(&cursor).is_err());
        assert!(Seal::new("other", "people".to_owned()).decode::<i64>(&cursor).is_err());
        assert!(people.decode::<i64>(&cursor.replace('3', "4")).is_err());
        assert!(people.decode::<i64>("日本").is_err());
    }
}
