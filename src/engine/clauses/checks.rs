//! What the clauses of a document are checked with.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::measures::Condition;
use crate::messages::{Said as _, document};
use crate::tagged::{Located as _, locate_plain, put};
use crate::words::{Fault, Words};

/// Finds the faults of a clause with conditions at these places: around them stands one that is
/// surely right.
pub(super) fn locate_around<T: DeserializeOwned>(
    json: &Value,
    at: &str,
    places: &[String],
    faults: &mut Vec<Fault>,
) {
    let mut shell = json.clone();
    for place in places {
        if let Some(condition) = json.pointer(place).filter(|condition| !condition.is_null()) {
            Condition::locate(condition, &format!("{at}{place}"), faults);
            put(&mut shell, place, json!({"kind": "fact", "fact": "good_standing"}));
        }
    }
    locate_plain::<T>(&shell, at, faults);
}

/// The places of `when` in the members of a list.
pub(super) fn when_in_each(json: &Value, list: &str) -> Vec<String> {
    let count = json.get(list).and_then(Value::as_array).map_or(0, Vec::len);
    (0..count).map(|index| format!("/{list}/{index}/when")).collect()
}

/// The faults of members of a list that stand there already.
pub(super) fn twice<T: Ord>(list: &[T], at: &str) -> Vec<Fault> {
    let mut seen = BTreeSet::new();
    let repeated = list.iter().enumerate().filter(|(_, one)| !seen.insert(*one));
    repeated
        .map(|(index, _)| Fault::new(format!("{at}/{index}"), "twice", document::TWICE))
        .collect()
}

/// The fault of a number outside what can be meant.
pub(super) fn out_of_range(value: Option<u16>, most: u16, at: impl Into<String>) -> Option<Fault> {
    let words = || document::FromOneTo { most: &most }.words();
    value
        .filter(|value| !(1..=most).contains(value))
        .map(|_| Fault::new(at, "out_of_range", words()))
}

/// The fault of a parameter that another one forbids.
pub(super) fn contradictory(at: impl Into<String>, words: Words) -> Fault {
    Fault::new(at, "contradictory", words)
}

/// The fault of a parameter that the rule asks for.
pub(super) fn required(at: impl Into<String>, words: Words) -> Fault {
    Fault::new(at, "required", words)
}
