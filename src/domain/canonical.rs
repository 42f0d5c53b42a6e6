//! The one text of a JSON value, keys in order and no spaces, and its hash: two documents with the
//! same content have the same hash, whatever way they were written or stored.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The canonical text.
#[must_use]
pub fn text(json: &Value) -> String {
    match json {
        Value::Object(map) => {
            let mut fields: Vec<(&String, &Value)> = map.iter().collect();
            fields.sort_by_key(|(key, _)| *key);
            let fields: Vec<String> =
                fields.iter().map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), text(value))).collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(text).collect::<Vec<_>>().join(",")),
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
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
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
