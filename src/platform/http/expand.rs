//! `expand`: what an answer names by its identifier, shown beside it. One table says what can be
//! shown; it is read in one statement for each name, whatever the length of the page.

use std::collections::BTreeMap;
use std::str::FromStr;

use okaeri_engine::messages::requests;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::platform::auth::{Permission, Principal};
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::slice::Slice;
use crate::platform::usecase::{Okaeri, Tx};

/// The parameter with the names.
pub(crate) const EXPAND: &str = "expand";
/// The field under which what was named is shown, and its schema.
pub(crate) const EXPANDED: (&str, &str) = ("expanded", "Expanded");

/// Things by their identifier, each with the bytes that it takes in an answer.
pub(crate) type Loaded = BTreeMap<String, (Value, usize)>;

/// Most bytes that an answer shows beside its things; one that many of them name counts each time.
const MOST_SHOWN: usize = 4 * 1024 * 1024;

/// Something that can be shown.
pub struct Expandable {
    /// The name by which `expand` asks for it.
    pub name: &'static str,
    /// Its schema in the document.
    pub schema: &'static str,
    /// JSON pointers at which other things name it by its identifier.
    pub named_at: &'static [&'static str],
    /// The permission to read it.
    pub permission: Permission,
    /// Loads things by their identifiers: see [`shown`].
    pub(crate) load: fn(&mut Tx<'_>, &[String]) -> Result<Loaded>,
}

/// Loads things by their identifiers, as answers show them.
///
/// # Errors
/// Those of `load`.
pub(crate) fn shown<I: FromStr, T: Serialize>(
    ids: &[String],
    load: impl FnOnce(&[I]) -> Result<Vec<T>>,
) -> Result<Loaded> {
    let ids: Vec<I> = ids.iter().filter_map(|id| id.parse().ok()).collect();
    let keyed = load(&ids)?.into_iter().map(|thing| {
        let text = serde_json::to_vec(&thing).map_err(Error::internal)?;
        let thing = serde_json::to_value(thing).map_err(Error::internal)?;
        Ok((
            thing.get("id").and_then(Value::as_str).unwrap_or_default().to_owned(),
            (thing, text.len()),
        ))
    });
    keyed.collect()
}

/// Returns everything that can be shown.
fn all(slices: &'static [Slice]) -> impl Iterator<Item = &'static Expandable> {
    slices.iter().flat_map(|slice| slice.expandables)
}

/// Refuses names of what the caller may not see.
///
/// # Errors
/// `forbidden`.
pub(super) fn permitted(slices: &'static [Slice], who: &Principal, names: &[String]) -> Result<()> {
    all(slices)
        .filter(|one| names.iter().any(|name| name == one.name))
        .try_for_each(|one| who.require(one.permission))
}

/// The answer with what it names, for those things that are within the caller's reach.
///
/// # Errors
/// `unavailable` when the database cannot be reached.
pub(super) async fn expanded(
    okaeri: &Okaeri,
    who: std::sync::Arc<Principal>,
    names: Vec<String>,
    mut answer: Value,
) -> Result<Value> {
    let wanted = all(okaeri.slices).filter(move |one| names.iter().any(|name| name == one.name));
    let wanted: Vec<(&Expandable, Vec<String>)> =
        wanted.map(|one| (one, named(one, &answer))).collect();
    let shown = okaeri.read(who, move |tx| {
        wanted.iter().map(|(one, ids)| Ok((*one, (one.load)(tx, ids)?))).collect::<Result<Vec<_>>>()
    });
    let shown = shown.await?;
    let mut left = MOST_SHOWN;
    for thing in things(&mut answer) {
        let mut beside = Map::new();
        for (one, loaded) in &shown {
            let Some((shown, length)) = name_of(one, thing).and_then(|id| loaded.get(id)) else {
                continue;
            };
            left = left.checked_sub(*length).ok_or_else(too_much)?;
            beside.insert(one.name.to_owned(), shown.clone());
        }
        if let Some(thing) = thing.as_object_mut() {
            thing.insert(EXPANDED.0.to_owned(), Value::Object(beside));
        }
    }
    Ok(answer)
}

fn too_much() -> Error {
    Error::because(ProblemCode::TooCostly, requests::TOO_MUCH_SHOWN)
}

/// The things of a page, or the one thing.
pub(super) fn things(answer: &mut Value) -> Vec<&mut Value> {
    if answer.get("items").is_some_and(Value::is_array) {
        return answer
            .get_mut("items")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
            .collect();
    }
    vec![answer]
}

fn name_of<'a>(one: &Expandable, thing: &'a Value) -> Option<&'a str> {
    one.named_at.iter().find_map(|at| thing.pointer(at).and_then(Value::as_str))
}

/// Every identifier that an answer names, once.
fn named(one: &Expandable, answer: &Value) -> Vec<String> {
    let items = answer
        .get("items")
        .and_then(Value::as_array)
        .map_or(std::slice::from_ref(answer), Vec::as_slice);
    let mut ids: Vec<String> =
        items.iter().filter_map(|thing| name_of(one, thing)).map(str::to_owned).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// What things with these properties can show, for the document.
pub(crate) fn names(
    slices: &'static [Slice],
    properties: &Map<String, Value>,
) -> Vec<&'static str> {
    let is_named = |one: &&Expandable| {
        one.named_at.iter().any(|at| {
            at.split('/').nth(1).is_some_and(|property| properties.contains_key(property))
        })
    };
    all(slices).filter(is_named).map(|one| one.name).collect()
}

/// The schema of what is shown.
pub(crate) fn schema(slices: &'static [Slice]) -> Value {
    let properties = all(slices).map(|one| {
        (one.name.to_owned(), json!({"$ref": format!("#/components/schemas/{}", one.schema)}))
    });
    json!({
        "type": "object", "description": "What was asked for with `expand`, as far as it is there for the caller.",
        "properties": properties.collect::<Map<_, _>>()
    })
}
