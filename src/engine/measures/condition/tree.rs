//! The inner nodes of a condition.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{Condition, Measure};
use crate::tagged::{Located, escape, locate_plain, put};
use crate::words::Fault;

/// A node, seen the same way whatever its kind.
#[derive(Debug)]
pub(crate) enum Node<'c> {
    /// Every one holds.
    All(&'c [Condition]),
    /// At least one holds.
    Any(&'c [Condition]),
    /// At least so many hold.
    AtLeast(usize, &'c [Condition]),
    /// It does not hold.
    Not(&'c Condition),
    /// A comparison.
    Leaf(&'c dyn Measure),
}

macro_rules! several {
    ($(#[doc = $doc:literal] $name:ident, $schema:ident, $example:tt;)+) => {$(
        #[doc = $doc]
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        #[schema(as = $schema, example = json!($example))]
        pub struct $name {
            /// The conditions.
            #[schema(no_recursion, min_items = 1, max_items = 256)]
            pub of: Vec<Condition>,
        }

        impl Located for $name {
            fn locate(json: &Value, at: &str, faults: &mut Vec<Fault>) {
                locate_around::<Self>(json, at, faults);
            }
        }
    )+};
}

several! {
    /// Every one of these holds (かつ).
    All, AllOfConditions, {"kind": "all", "of": [{"kind": "exit_route", "any_of": ["resignation"]}]};
    /// At least one of these holds (または).
    Any, AnyOfConditions, {"kind": "any", "of": [{"kind": "exit_route", "any_of": ["resignation"]}]};
}

/// At least so many of these hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AtLeastOfConditions, example = json!({"kind": "at_least", "count": 1, "of": [{"kind": "fact", "fact": "good_standing"}]}))]
pub struct AtLeast {
    /// How many.
    #[schema(minimum = 1, maximum = 256)]
    pub count: u16,
    /// The conditions.
    #[schema(no_recursion, min_items = 1, max_items = 256)]
    pub of: Vec<Condition>,
}

impl Located for AtLeast {
    fn locate(json: &Value, at: &str, faults: &mut Vec<Fault>) {
        locate_around::<Self>(json, at, faults);
    }
}

/// This does not hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotCondition, example = json!({"kind": "not", "of": {"kind": "exit_route", "any_of": ["dismissal_disciplinary"]}}))]
pub struct Not {
    /// The condition.
    #[schema(no_recursion)]
    pub of: Box<Condition>,
}

impl Located for Not {
    fn locate(json: &Value, at: &str, faults: &mut Vec<Fault>) {
        locate_around::<Self>(json, at, faults);
    }
}

/// A node's own fields, and each condition under `of` by itself.
fn locate_around<T: serde::de::DeserializeOwned>(json: &Value, at: &str, faults: &mut Vec<Fault>) {
    let mut shell = json.clone();
    match json.get("of") {
        Some(Value::Array(items)) => {
            put(&mut shell, "/of", Value::Array(Vec::new()));
            for (index, item) in items.iter().enumerate() {
                Condition::locate(item, &format!("{at}/of/{index}"), faults);
            }
        }
        Some(one @ Value::Object(_)) => return locate_one(json, one, "of", at, faults),
        Some(_) | None => {}
    }
    locate_plain::<T>(&shell, at, faults);
}

/// A condition in a field of an object, and that no other field stands beside it.
fn locate_one(json: &Value, one: &Value, field: &str, at: &str, faults: &mut Vec<Fault>) {
    Condition::locate(one, &format!("{at}/{field}"), faults);
    for key in json.as_object().into_iter().flat_map(|map| map.keys()).filter(|key| *key != field) {
        faults.push(Fault::new(
            format!("{at}/{}", escape(key)),
            "unknown_field",
            crate::messages::measures::UNKNOWN_FIELD,
        ));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(json: &Value) -> Vec<(String, String)> {
        let mut faults = Vec::new();
        Condition::locate(json, "", &mut faults);
        faults.into_iter().map(|fault| (fault.pointer, fault.code.into_owned())).collect()
    }

    fn at(pointer: &str, code: &str) -> Vec<(String, String)> {
        vec![(pointer.to_owned(), code.to_owned())]
    }

    #[test]
    fn what_is_wrong_below_a_node_is_told_at_its_place() {
        let wrong = json!({"kind": "nonsense"});
        assert_eq!(
            faults(&json!({"kind": "all", "of": [wrong]})),
            at("/of/0/kind", "unknown_kind")
        );
        assert_eq!(
            faults(&json!({"kind": "at_least", "count": 1, "of": [wrong]})),
            at("/of/0/kind", "unknown_kind")
        );
        assert_eq!(faults(&json!({"kind": "not", "of": wrong})), at("/of/kind", "unknown_kind"));
    }

    #[test]
    fn what_is_wrong_of_a_node_itself_is_told_as_well() {
        let right = json!({"kind": "exit_route", "any_of": ["resignation"]});
        assert_eq!(faults(&json!({"kind": "at_least", "of": [right]})), at("/count", "required"));
        assert_eq!(
            faults(&json!({"kind": "not", "of": right, "or": 1})),
            at("/or", "unknown_field")
        );
        assert!(faults(&json!({"kind": "not", "of": right})).is_empty());
    }
}
