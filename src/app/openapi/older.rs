//! The document as OpenAPI 3.0.3, for tools that support no later version. It is derived, never
//! edited: features that 3.0 lacks (webhooks, names of properties) are omitted, and everything else
//! is equivalent.

use serde_json::{Map, Value, json};

/// Converts a 3.1 document to 3.0.
#[must_use]
pub fn older(document: &Value) -> Value {
    let mut older = document.clone();
    if let Some(head) = older.as_object_mut() {
        head.insert("openapi".to_owned(), json!("3.0.3"));
        head.remove("webhooks");
    }
    if let Some(license) = older.pointer_mut("/info/license").and_then(Value::as_object_mut) {
        license.remove("identifier");
    }
    prune(&mut older);
    settle(&mut older, document);
    older
}

/// Removes unreferenced components until none remain.
fn prune(older: &mut Value) {
    loop {
        let (text, mut is_whole) = (older.to_string(), true);
        for kind in ["headers", "parameters", "schemas"] {
            let named =
                older.pointer_mut(&format!("/components/{kind}")).and_then(Value::as_object_mut);
            let Some(named) = named else { continue };
            let count = named.len();
            named.retain(|name, _| text.contains(&format!("\"#/components/{kind}/{name}\"")));
            is_whole &= named.len() == count;
        }
        if is_whole {
            return;
        }
    }
}

fn settle(json: &mut Value, document: &Value) {
    match json {
        Value::Object(map) => {
            // Examples are data, where `type` and `const` are ordinary names.
            let is_data = |key: &str| matches!(key, "example" | "examples" | "default" | "mapping");
            map.iter_mut()
                .filter(|(key, _)| !is_data(key))
                .for_each(|(_, value)| settle(value, document));
            schema(map, document);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| settle(item, document)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn schema(map: &mut Map<String, Value>, document: &Value) {
    if let Some(constant) = map.get("const").cloned().filter(|_| map.contains_key("type")) {
        map.remove("const");
        map.insert("enum".to_owned(), json!([constant]));
    }
    if map.get("propertyNames").is_some_and(Value::is_object)
        && map.contains_key("additionalProperties")
    {
        map.remove("propertyNames");
    }
    if let Some(types) = map.get("type").and_then(Value::as_array).cloned() {
        let types: Vec<Value> = types.into_iter().filter(|kind| kind != "null").collect();
        map.insert("nullable".to_owned(), json!(true));
        if let [only] = types.as_slice() {
            map.insert("type".to_owned(), only.clone());
        }
    }
    nullable_union(map, document);
    wrap_reference(map);
}

/// Replaces a union with null by `nullable`.
fn nullable_union(map: &mut Map<String, Value>, document: &Value) {
    let is_null = |branch: &Value| branch.get("type").is_some_and(|kind| kind == "null");
    let Some(branches) = map.get_mut("oneOf").and_then(Value::as_array_mut) else { return };
    let count = branches.len();
    branches.retain(|branch| !is_null(branch));
    if branches.len() == count {
        return;
    }
    if branches.len() == 1
        && let Some(only) = map.remove("oneOf")
    {
        // 3.0 allows `nullable` only next to a type.
        let target = |branch: &Value| {
            document.pointer(
                branch
                    .pointer("/0/allOf/0/$ref")
                    .or_else(|| branch.pointer("/0/$ref"))?
                    .as_str()?
                    .trim_start_matches('#'),
            )
        };
        if let Some(kind) =
            target(&only).and_then(|target| target.get("type")).filter(|kind| kind.is_string())
        {
            map.insert("type".to_owned(), kind.clone());
        }
        map.insert("allOf".to_owned(), only);
    }
    map.insert("nullable".to_owned(), json!(true));
}

/// Wraps a reference in `allOf`, since readers ignore its siblings.
fn wrap_reference(map: &mut Map<String, Value>) {
    let is_schema = map
        .get("$ref")
        .and_then(Value::as_str)
        .is_some_and(|name| name.starts_with("#/components/schemas/"));
    if is_schema
        && map.len() > 1
        && let Some(reference) = map.remove("$ref")
    {
        map.insert("allOf".to_owned(), json!([{"$ref": reference}]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_null_says_so_as_3_0_does() {
        let schema = json!({"openapi": "3.1.0", "webhooks": {}, "a": {"type": ["string", "null"], "maxLength": 3},
            "b": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/X", "description": "d"}]},
            "c": {"type": "string", "const": "x"}, "example": {"type": ["string", "null"], "const": 1}});

        let older = older(&schema);

        assert_eq!(older["a"], json!({"type": "string", "nullable": true, "maxLength": 3}));
        assert_eq!(
            older["b"],
            json!({"nullable": true, "allOf": [{"description": "d", "allOf": [{"$ref": "#/components/schemas/X"}]}]})
        );
        assert_eq!(older["c"], json!({"type": "string", "enum": ["x"]}));
        assert_eq!(older["example"], schema["example"]);
        assert_eq!((&older["openapi"], older.get("webhooks")), (&json!("3.0.3"), None));
    }

    #[test]
    fn nothing_of_3_1_is_left() {
        fn left(json: &Value, found: &mut Vec<String>) {
            match json {
                Value::Object(map) => {
                    let of_3_1 = map.get("type").is_some_and(Value::is_array)
                        || map.get("type") == Some(&json!("null"));
                    if of_3_1 || (map.contains_key("const") && map.contains_key("type")) {
                        found.push(json.to_string());
                    }
                    map.iter()
                        .filter(|(key, _)| {
                            !matches!(
                                key.as_str(),
                                "example" | "examples" | "default" | "properties"
                            )
                        })
                        .for_each(|(_, value)| left(value, found));
                    map.get("properties")
                        .and_then(Value::as_object)
                        .into_iter()
                        .flatten()
                        .for_each(|(_, value)| left(value, found));
                }
                Value::Array(items) => items.iter().for_each(|item| left(item, found)),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
        let mut found = Vec::new();
        left(&older(&super::super::document()), &mut found);
        assert_eq!(found, Vec::<String>::new());
    }
}
