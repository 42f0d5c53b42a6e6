//! Cursors: opaque, bound to the list and filter that gave them.

use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::domain::canonical::hex;
use crate::error::{Error, ProblemCode, Result};
use crate::messages::requests;

/// How many hexadecimal digits bind a cursor to its filter.
const SEAL: usize = 16;

fn seal(filter: &str, key: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(filter.as_bytes());
    digest.update([0]);
    digest.update(key.as_bytes());
    hex(&digest.finalize()).chars().take(SEAL).collect()
}

/// The cursor that continues after this key.
#[must_use]
pub fn encode(filter: &str, key: &str) -> String {
    format!("{}{}", seal(filter, key), hex(key.as_bytes()))
}

/// The key after which to continue.
///
/// # Errors
/// `invalid_cursor` when it was changed, or given by another list or filter.
pub fn decode<K: FromStr>(filter: &str, cursor: &str) -> Result<K> {
    let refused = || Error::because(ProblemCode::InvalidCursor, requests::NOT_THIS_CURSOR);
    let (given, body) = cursor.split_at_checked(SEAL).ok_or_else(refused)?;
    let key = unhex(body).ok_or_else(refused)?;
    if given != seal(filter, &key) {
        return Err(refused());
    }
    key.parse().map_err(|_| refused())
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
    fn round_trips_only_with_its_filter() {
        let cursor = encode("people", "42");
        assert_eq!(decode::<i64>("people", &cursor).ok(), Some(42));
        assert!(decode::<i64>("jobs", &cursor).is_err());
        assert!(decode::<i64>("people", &cursor.replace('3', "4")).is_err());
        assert!(decode::<i64>("people", "日本").is_err());
    }
}
