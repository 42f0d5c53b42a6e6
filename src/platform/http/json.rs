//! Parser for JSON from clients, limited in depth and memory.

use std::cell::Cell;
use std::fmt;

use okaeri_engine::messages::requests;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::platform::error::{Error, ProblemCode, Result};

/// Maximum nesting of lists and objects; the parser is recursive.
const DEEPEST: usize = 100;
/// Maximum memory of the values of one body, in bytes.
const HEAVIEST: usize = 24 * 1024 * 1024;
/// Size of one value.
const VALUE: usize = size_of::<Value>();
/// Size of an object member beside its name.
const MEMBER: usize = VALUE + size_of::<String>();
/// Number of members that one tree node of an object has room for; the first member allocates a
/// node.
const NODE: usize = 11;
/// Size of the first member of an object beside its name.
const OBJECT: usize = NODE * MEMBER + 32;
/// Size of each member beyond the first node: nodes are at least half full and have parents.
const FURTHER: usize = 3 * MEMBER;
/// Above this, not every whole number is representable as a double.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The byte order mark that some editors write.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Parses JSON. A number without a fraction becomes an integer, in any notation.
///
/// # Errors
/// `malformed` when it is not JSON or has a duplicate member, `too_deep`, `too_large` when its
/// values take too much memory.
pub(super) fn read(text: &[u8]) -> Result<Value> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let reading = Reading { left: Cell::new(HEAVIEST), refusal: Cell::new(None) };
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let read = Part { reading: &reading, depth: 0 }
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value));
    read.map_err(|refusal| match reading.refusal.get() {
        Some(code) => Error::new(code),
        None => Error::because(
            ProblemCode::Malformed,
            requests::NotJson { refusal: &format_args!("{refusal}") },
        ),
    })
}

struct Reading {
    /// Remaining bytes.
    left: Cell<usize>,
    refusal: Cell<Option<ProblemCode>>,
}

/// A value to parse, and its depth.
#[derive(Clone, Copy)]
struct Part<'r> {
    reading: &'r Reading,
    depth: usize,
}

impl Part<'_> {
    fn take<E: serde::de::Error>(self, bytes: usize) -> Result<(), E> {
        let left = self.reading.left.get().checked_sub(bytes);
        self.reading.left.set(left.ok_or_else(|| self.refused(ProblemCode::TooLarge))?);
        Ok(())
    }

    fn below<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth = self.depth + 1;
        if depth > DEEPEST {
            Err(self.refused(ProblemCode::TooDeep))
        } else {
            Ok(Self { depth, ..self })
        }
    }

    fn refused<E: serde::de::Error>(self, code: ProblemCode) -> E {
        self.reading.refusal.set(Some(code));
        E::custom(code)
    }
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    #[expect(clippy::cast_possible_truncation, reason = "it is whole and below 2^53")]
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        if value.fract() == 0.0 && value.abs() <= EXACT {
            return Ok((value as i64).into());
        }
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.take(value.len())?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<Value, E> {
        self.take(value.len())?;
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let (below, mut list) = (self.below()?, Vec::new());
        while let Some(item) = items.next_element_seed(below)? {
            if list.len() == list.capacity() {
                // A list grows by doubling, starting with four.
                self.take(list.capacity().max(4) * VALUE)?;
            }
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let (below, mut object) = (self.below()?, Map::new());
        while let Some(name) = members.next_key::<String>()? {
            let node = match object.len() {
                0 => OBJECT,
                1..NODE => 0,
                _ => FURTHER,
            };
            self.take(name.len() + node)?;
            if object.contains_key(&name) {
                return Err(A::Error::custom(format_args!("the member '{name}' is there twice")));
            }
            let value = members.next_value_seed(below)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn refusal(text: &str) -> ProblemCode {
        read(text.as_bytes()).unwrap_err().code
    }

    #[test]
    fn a_byte_order_mark_is_read_over() {
        assert_eq!(read("\u{feff}{\"a\": [1]}".as_bytes()).unwrap(), json!({"a": [1]}));
        assert_eq!(refusal("\u{feff}\u{feff}{}"), ProblemCode::Malformed);
    }

    #[test]
    fn a_whole_number_is_an_integer_however_it_is_written() {
        assert_eq!(read(b"[325000.0, 1e3, -0.0, 2.5]").unwrap(), json!([325_000, 1000, 0, 2.5]));
        assert_eq!(read(b"1e300").unwrap(), json!(1e300));
    }

    #[test]
    fn what_is_too_deep_too_heavy_or_ambiguous_is_refused() {
        assert_eq!(refusal(&("[".repeat(101) + &"]".repeat(101))), ProblemCode::TooDeep);
        read((("[".repeat(100)) + &"]".repeat(100)).as_bytes()).unwrap();
        assert_eq!(refusal(&format!("[{}0]", "[0],".repeat(200_000))), ProblemCode::TooLarge);
        assert_eq!(refusal(&format!("[{}0]", "{\"\":0},".repeat(40_000))), ProblemCode::TooLarge);
        assert_eq!(refusal(r#"{"a": 1, "a": 2}"#), ProblemCode::Malformed);
        assert_eq!(refusal("{} {}"), ProblemCode::Malformed);
    }

    #[test]
    fn the_largest_table_that_a_regulation_may_have_is_read() {
        let cell = json!({"at_least": 10, "below": 20});
        let row = json!({"id": "row-0001", "when": vec![cell; 15], "then": [1]});
        let table = json!({"document": {"tables": [{"rows": vec![row; 2_000]}]}}).to_string();
        assert!(table.len() < 1024 * 1024, "{}", table.len());
        read(table.as_bytes()).unwrap();
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_as_the_general_reader_does_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(value) = read(&bytes) {
                let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
                let general: Value = serde_json::from_slice(text).unwrap();
                prop_assert_eq!(value.is_object(), general.is_object());
            }
        }

        #[test]
        fn what_was_written_is_read(numbers in prop::collection::vec(any::<i64>(), 0..8), text in ".*") {
            let value = json!({"numbers": numbers, "text": text});
            prop_assert_eq!(read(value.to_string().as_bytes()).unwrap(), value);
        }
    }
}
