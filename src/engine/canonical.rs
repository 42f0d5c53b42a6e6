//! The one text of a JSON value, keys in order and no spaces, and its hash: two documents with the
//! same content have the same hash, whatever way they were written or stored.

use std::collections::BTreeSet;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::tagged::escape;

/// The canonical text.
#[must_use]
pub fn text(json: &Value) -> String {
    match json {
        Value::Object(map) => {
            let mut fields: Vec<(&String, &Value)> = map.iter().collect();
            fields.sort_by_key(|(key, _)| *key);
            let fields: Vec<String> = fields
                .iter()
                .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), text(value)))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(text).collect::<Vec<_>>().join(","))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => json.to_string(),
    }
}

/// SHA-256 of the canonical text, in hexadecimal.
#[must_use]
pub fn hash(json: &Value) -> String {
    sha256(text(json).as_bytes())
}

/// SHA-256 of bytes, in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// The places at which two values differ, as JSON Pointers; the shortest that tells it.
#[must_use]
pub fn differing_places(one: &Value, other: &Value) -> Vec<String> {
    let mut places = Vec::new();
    differ(one, other, "", &mut places);
    places
}

fn differ(one: &Value, other: &Value, at: &str, places: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(left), Value::Object(right)) => {
            let keys: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            for key in keys {
                let (left, right) =
                    (left.get(key).unwrap_or(&Value::Null), right.get(key).unwrap_or(&Value::Null));
                differ(left, right, &format!("{at}/{}", escape(key)), places);
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (left, right)) in left.iter().zip(right).enumerate() {
                differ(left, right, &format!("{at}/{index}"), places);
            }
        }
        (left, right) if left == right => {}
        (_, _) => places.push(at.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_keys_does_not_matter() {
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let (one, other) = (
            read(r#"{"b": [1, {"d": null, "c": "日"}], "a": true}"#),
            read(r#"{"a":true,"b":[1,{"c":"日","d":null}]}"#),
        );
        assert_eq!(text(&one), r#"{"a":true,"b":[1,{"c":"日","d":null}]}"#);
        assert_eq!(hash(&one), hash(&other));
    }
}
