//! Schemas in the forms that client generators support best. They accept the same values, except in
//! response-only schemas: there fields that are always sent become required, and additional fields
//! are allowed.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

const REFERENCE: &str = "#/components/schemas/";

/// The users of the schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Clients: responses may get more fields.
    Published,
    /// This server, for requests: a field that is not in the schema is refused.
    Requests,
}

/// Converts all schemas of a document to these forms.
pub(super) fn settle(document: &mut Value, side: Side) {
    walk(document, &mut |schema| {
        flatten_text(schema);
        drop_default_of_reference(schema);
        one_text(schema);
        join_texts(schema);
        tell_beside(schema);
        size(schema);
        bound(schema);
        name_values(schema);
    });
    let sent = reachable(document, |operation| operation.get("requestBody").cloned());
    let answered = reachable(document, |operation| operation.get("responses").cloned());
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut)
    else {
        return;
    };
    name_branches(schemas);
    take_in_unions(schemas);
    let told_apart = told_apart(schemas);
    for (name, schema) in schemas.iter_mut() {
        if !sent.contains(name) {
            promise(name, schema);
        } else if side == Side::Published && answered.contains(name) && !told_apart.contains(name) {
            open(schema);
        }
    }
}

/// Returns the names of union members that only their fields distinguish: if they were open, each
/// would match all others.
fn told_apart(schemas: &Map<String, Value>) -> BTreeSet<String> {
    let unions = schemas.values().filter(|schema| schema.get("discriminator").is_none());
    let branches = unions.filter_map(|schema| schema.get("oneOf")?.as_array());
    let of_several =
        branches.filter(|branches| branches.iter().filter(|branch| !is_null(branch)).count() > 1);
    of_several.flatten().filter_map(named).map(str::to_owned).collect()
}

/// Allows additional fields.
fn open(schema: &mut Value) {
    if let Some(schema) = schema.as_object_mut()
        && schema.get("additionalProperties").is_some_and(|more| *more == json!(false))
    {
        schema.remove("additionalProperties");
    }
}

fn walk(json: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match json {
        Value::Object(map) => {
            map.iter_mut()
                .filter(|(key, _)| *key != "example")
                .for_each(|(_, value)| walk(value, change));
            change(map);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Inlines the schema of a text type, with its description and nullability. utoipa writes it as a
/// member of `oneOf` next to null, or of `allOf` next to an object with only its description.
fn flatten_text(schema: &mut Map<String, Value>) {
    let flat = match (schema.get("oneOf"), schema.get("allOf")) {
        (Some(Value::Array(branches)), None) => nullable_text(branches),
        (None, Some(Value::Array(parts))) => described_text(parts),
        _ => None,
    };
    if let Some(flat) = flat {
        schema.remove("oneOf");
        schema.remove("allOf");
        schema.extend(flat);
    }
}

fn nullable_text(branches: &[Value]) -> Option<Map<String, Value>> {
    let (nulls, texts): (Vec<&Value>, Vec<&Value>) =
        branches.iter().partition(|branch| is_null(branch));
    let [text] = texts.as_slice() else { return None };
    let mut text = plain_text(text)?;
    if !nulls.is_empty() {
        text.insert("type".to_owned(), json!(["string", "null"]));
    }
    Some(text)
}

fn described_text(parts: &[Value]) -> Option<Map<String, Value>> {
    let [text, beside] = parts else { return None };
    let (mut text, beside) = (plain_text(text)?, beside.as_object()?);
    let only_describes = beside
        .iter()
        .all(|(key, value)| key == "description" || (key == "type" && value == "object"));
    text.extend(beside.get("description").map(|said| ("description".to_owned(), said.clone())));
    only_describes.then_some(text)
}

fn plain_text(schema: &Value) -> Option<Map<String, Value>> {
    let text = schema.as_object()?;
    let is_plain = text.get("type").is_some_and(|kind| kind == "string")
        && text.keys().all(|key| ["type", "minLength", "maxLength"].contains(&key.as_str()));
    is_plain.then(|| text.clone())
}

/// Removes a default of an empty object next to a reference, which generators write as an untyped
/// value.
fn drop_default_of_reference(schema: &mut Map<String, Value>) {
    if schema.contains_key("$ref") && schema.get("default").is_some_and(Value::is_object) {
        schema.remove("default");
    }
}

/// Converts an enum with one text to a constant.
fn one_text(schema: &mut Map<String, Value>) {
    let only = schema.get("enum").and_then(Value::as_array).filter(|values| values.len() == 1);
    if let Some(only) = only.and_then(|values| values.first()).cloned()
        && schema.get("type").is_some_and(|kind| kind == "string")
    {
        schema.remove("enum");
        schema.insert("const".to_owned(), only);
    }
}

/// Merges several constant texts of a union into one enum.
fn join_texts(schema: &mut Map<String, Value>) {
    let Some(branches) = schema.get("oneOf").and_then(Value::as_array) else { return };
    let (texts, others): (Vec<&Value>, Vec<&Value>) =
        branches.iter().partition(|branch| branch.get("const").is_some_and(Value::is_string));
    if texts.len() < 2 {
        return;
    }
    let values: Vec<Value> = texts.iter().filter_map(|text| text.get("const").cloned()).collect();
    let told = texts.iter().filter_map(|text| {
        Some(format!("`{}`: {}", text.get("const")?.as_str()?, text.get("description")?.as_str()?))
    });
    let joined = json!({"type": "string", "enum": values, "description": told.collect::<Vec<_>>().join(" ")});
    let joined = std::iter::once(joined).chain(others.into_iter().cloned()).collect();
    schema.insert("oneOf".to_owned(), Value::Array(joined));
}

/// Moves the description of a nullable schema next to the union, where readers look.
fn tell_beside(schema: &mut Map<String, Value>) {
    let branches = schema
        .get_mut("oneOf")
        .and_then(Value::as_array_mut)
        .filter(|branches| branches.len() == 2);
    let Some(branches) = branches.filter(|branches| branches.iter().any(is_null)) else { return };
    let told = branches
        .iter_mut()
        .filter_map(Value::as_object_mut)
        .find_map(|branch| branch.remove("description"));
    if let Some(told) = told {
        schema.entry("description").or_insert(told);
    }
}

/// Sets the format of integers without one to 64 bits.
fn size(schema: &mut Map<String, Value>) {
    if schema.get("type").is_some_and(|kind| kind == "integer") && !schema.contains_key("format") {
        schema.insert("format".to_owned(), json!("int64"));
    }
}

/// Limits the size of maps, as lists have limits.
fn bound(schema: &mut Map<String, Value>) {
    if let Some(names) = schema.get_mut("propertyNames").and_then(Value::as_object_mut) {
        names.entry("maxLength").or_insert_with(|| json!(200));
        schema.entry("maxProperties").or_insert_with(|| json!(500));
    }
}

/// Adds names for values that begin with a sign, since these are not valid names in most languages.
fn name_values(schema: &mut Map<String, Value>) {
    let values: Vec<&str> = schema
        .get("enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if values.iter().any(|value| value.starts_with('-')) {
        let name = |value: &&str| {
            value
                .strip_prefix('-')
                .map_or_else(|| (*value).to_owned(), |name| format!("{name}_descending"))
        };
        let names: Vec<String> = values.iter().map(name).collect();
        schema.insert("x-enum-varnames".to_owned(), json!(names));
    }
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "null")
}

/// Returns the name of the referenced schema.
pub(super) fn named(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(REFERENCE)
}

/// Merges a named union of null and another union into one union.
fn take_in_unions(schemas: &mut Map<String, Value>) {
    let known = schemas.clone();
    let branches_of = |schema: &Value| known.get(named(schema)?)?.get("oneOf")?.as_array().cloned();
    for schema in schemas.values_mut() {
        let Some(branches) = schema.get_mut("oneOf").and_then(Value::as_array_mut) else {
            continue;
        };
        if branches.len() == 2
            && branches.iter().any(is_null)
            && let Some(inner) = branches.iter().find_map(branches_of)
        {
            branches.retain(is_null);
            branches.extend(inner);
        }
    }
}

/// Gives objects and lists of unions inside a named union a name of their own, and adds a
/// discriminator to members that a constant distinguishes.
fn name_branches(schemas: &mut Map<String, Value>) {
    let mut made = Map::new();
    for (name, schema) in schemas.iter_mut() {
        let Some(branches) = schema.get_mut("oneOf").and_then(Value::as_array_mut) else {
            continue;
        };
        let mut mapping = Map::new();
        let mut tag = None;
        for branch in branches.iter_mut() {
            if branch.pointer("/items/oneOf").is_some()
                && let Some(items) = branch.get_mut("items")
            {
                let item = format!("{name}Item");
                made.entry(item.clone()).or_insert(std::mem::replace(
                    items,
                    json!({"$ref": format!("{REFERENCE}{item}")}),
                ));
            }
            let Some((property, value)) = distinction(branch) else { continue };
            let member = format!("{}{name}", pascal(value.as_deref().unwrap_or(&property)));
            let reference = format!("{REFERENCE}{member}");
            if value.is_none() {
                branch["additionalProperties"] = json!(false);
            }
            if let Some(value) = value {
                mapping.insert(value, json!(reference));
                tag = Some(property);
            }
            made.insert(member, std::mem::replace(branch, json!({"$ref": reference})));
        }
        if let (Some(tag), Some(schema)) = (tag, schema.as_object_mut()) {
            schema.insert(
                "discriminator".to_owned(),
                json!({"propertyName": tag, "mapping": mapping}),
            );
        }
    }
    schemas.extend(made);
}

/// Returns the property that distinguishes an object in a union: one with a constant, or its only
/// property.
fn distinction(branch: &Value) -> Option<(String, Option<String>)> {
    let properties = branch.get("properties")?.as_object()?;
    let constant = properties.iter().find_map(|(name, property)| {
        Some((name.clone(), Some(property.get("const")?.as_str()?.to_owned())))
    });
    constant.or_else(|| {
        Some((properties.keys().next()?.clone(), None)).filter(|_| properties.len() == 1)
    })
}

/// Converts a name such as `person_id` to the name of a type.
pub(super) fn pascal(name: &str) -> String {
    let capital = |word: &str| {
        word.chars()
            .take(1)
            .flat_map(char::to_uppercase)
            .chain(word.chars().skip(1))
            .collect::<String>()
    };
    name.split('_').map(capital).collect()
}

/// Returns the schemas reachable from this part of any operation.
fn reachable(document: &Value, part: impl Fn(&Value) -> Option<Value>) -> BTreeSet<String> {
    fn references(json: &Value, found: &mut Vec<String>) {
        match json {
            Value::Object(map) => {
                found.extend(named(json).map(str::to_owned));
                map.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut open = Vec::new();
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    for operation in paths.filter_map(|(_, item)| item.as_object()).flat_map(Map::values) {
        part(operation).iter().for_each(|part| references(part, &mut open));
    }
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop() {
        if let Some(schema) = document.pointer(&format!("/components/schemas/{name}"))
            && seen.insert(name)
        {
            references(schema, &mut open);
        }
    }
    seen
}

/// Makes a response-only schema precise: nullable fields are required, and additional fields
/// allowed.
fn promise(name: &str, schema: &mut Value) {
    if name == crate::platform::http::expand::EXPANDED.1 {
        return;
    }
    open(schema);
    let Some(schema) = schema.as_object_mut() else { return };
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
    let nullable = |property: &Value| {
        let types = property
            .get("type")
            .and_then(Value::as_array)
            .is_some_and(|types| types.contains(&json!("null")));
        types
            || property
                .get("oneOf")
                .and_then(Value::as_array)
                .is_some_and(|branches| branches.iter().any(is_null))
    };
    // Types that omit missing fields have no example of them.
    let is_shown =
        |name: &str| schema.get("example").is_some_and(|example| example.get(name).is_some());
    let sent = properties.iter().filter(|(name, property)| nullable(property) && is_shown(name));
    let sent: Vec<Value> = sent.map(|(name, _)| json!(name)).collect();
    if let Some(required) = schema.entry("required").or_insert_with(|| json!([])).as_array_mut() {
        for name in sent {
            if !required.contains(&name) {
                required.push(name);
            }
        }
        if required.is_empty() {
            schema.remove("required");
        }
    }
}
