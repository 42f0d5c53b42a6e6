//! `expand`: includes referenced resources in a response. One table lists what can be included;
//! each name costs one statement, whatever the length of the page.

use std::collections::BTreeMap;
use std::str::FromStr;

use okaeri_engine::messages::requests;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::platform::auth::{Permission, Principal};
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::slice::Slice;
use crate::platform::usecase::{Okaeri, Tx};

/// Name of the `expand` query parameter.
pub(crate) const EXPAND: &str = "expand";
/// Name and schema of the field with the included resources.
pub(crate) const EXPANDED: (&str, &str) = ("expanded", "Expanded");

/// Resources by identifier, each with its size in a response in bytes.
pub(crate) type Loaded = BTreeMap<String, (Value, usize)>;

/// Maximum size of all included resources in a response; one that is included repeatedly counts
/// each time.
const MOST_SHOWN: usize = 4 * 1024 * 1024;

/// A kind of resource that can be included.
pub struct Expandable {
    /// Its name in `expand`.
    pub name: &'static str,
    /// Its schema in the document.
    pub schema: &'static str,
    /// JSON Pointers of fields that hold its identifier.
    pub named_at: &'static [&'static str],
    /// The permission to read it.
    pub permission: Permission,
    /// Loads resources by identifier: see [`shown`].
    pub(crate) load: fn(&mut Tx<'_>, &[String]) -> Result<Loaded>,
}

/// Loads resources by identifier, as responses show them.
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

/// Returns everything that can be included.
fn all(slices: &'static [Slice]) -> impl Iterator<Item = &'static Expandable> {
    slices.iter().flat_map(|slice| slice.expandables)
}

/// Checks the permissions for these names.
///
/// # Errors
/// `forbidden`.
pub(super) fn permitted(slices: &'static [Slice], who: &Principal, names: &[String]) -> Result<()> {
    all(slices)
        .filter(|one| names.iter().any(|name| name == one.name))
        .try_for_each(|one| who.require(one.permission))
}

/// Returns the response with the referenced resources that the caller may see.
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

/// Returns the items of a page, or the single resource.
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

/// Returns all identifiers referenced in a response, without duplicates.
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

/// Returns the names that `expand` accepts for a resource with these properties, for the document.
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

/// Returns the schema of the included resources.
pub(crate) fn schema(slices: &'static [Slice]) -> Value {
    let properties = all(slices).map(|one| {
        (one.name.to_owned(), json!({"$ref": format!("#/components/schemas/{}", one.schema)}))
    });
    json!({
        "type": "object", "description": "The resources included with `expand`, as far as the caller may see them.",
        "properties": properties.collect::<Map<_, _>>()
    })
}
