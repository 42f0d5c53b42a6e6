//! Completes the collected operations with the common parts: path parameters, headers, problems and
//! examples.

use serde_json::{Map, Value, json};

use super::{problems, shapes};
use crate::app::SLICES;
use crate::platform::auth::Permission;
use crate::platform::http::contract::FIELDS;
use crate::platform::http::operation::PERMISSION;
use crate::platform::http::{asked, expand};

/// Gives identifiers an example of their format, and lets pages refer to the schemas of their
/// items.
pub(super) fn complete_schemas(schemas: &mut Map<String, Value>) {
    let names: Vec<String> = schemas.keys().cloned().collect();
    for name in &names {
        let Some(schema) = schemas.get_mut(name) else { continue };
        let is_id = schema
            .get("pattern")
            .and_then(Value::as_str)
            .is_some_and(|pattern| pattern.ends_with(ID_PATTERN));
        if let Some(prefix) =
            schema.get("example").and_then(Value::as_str).filter(|_| is_id).map(str::to_owned)
        {
            schema["example"] = json!(format!("{prefix}_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f"));
        }
        let held = name.strip_suffix("Page").filter(|held| names.iter().any(|name| name == held));
        if let Some((held, items)) = held.zip(schema.pointer_mut("/properties/items/items")) {
            *items = json!({"$ref": format!("#/components/schemas/{held}")});
        }
    }
}

/// End of the pattern of every identifier.
const ID_PATTERN: &str = "_[0-9a-f]{32}$";

/// Moves a default that the derive put next to a schema into the schema.
fn join_defaults(operation: &mut Map<String, Value>) {
    let parameters =
        operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten();
    for schema in parameters.filter_map(|parameter| parameter.get_mut("schema")) {
        let Some([of, beside]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice)
        else {
            continue;
        };
        let (mut of, default) = (of.clone(), beside.get("default").cloned());
        if let (Some(schema_of), Some(default)) = (of.as_object_mut(), default) {
            schema_of.insert("default".to_owned(), default);
            *schema = of;
        }
    }
}

pub(super) fn complete(
    (path, method): (&str, &str),
    operation: &mut Map<String, Value>,
    schemas: &Value,
    shared: &mut Map<String, Value>,
) {
    // First, since the parameters of an operation determine its problems.
    declare_path_parameters(path, operation, schemas);
    join_defaults(operation);
    tell_examples(operation);
    if method == "post" {
        declare_idempotency_key(operation);
    }
    if method == "get" && path.starts_with("/v1/") {
        declare_if_none_match(operation);
        declare_expand(operation, schemas);
        declare_fields(operation, schemas);
    }
    if method != "get" && path.starts_with("/v1/") {
        declare_dry_run(operation);
    }
    for (status, response) in
        operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten()
    {
        give_example(response, schemas);
        problems::give_headers((method, path, status), response, schemas);
    }
    problems::declare(operation, shared);
    let id = operation.get("operationId").cloned();
    if let Some(body) = operation.get_mut("requestBody") {
        give_example(body, schemas);
        let schema = body
            .pointer("/content/application~1json/schema")
            .and_then(|schema| resolved(schema, schemas));
        // One of two fields is required, so neither is marked as required, but the body is.
        let is_enough = id.as_ref().is_some_and(|id| id != "createRegulation");
        let is_optional = is_enough
            && method == "post"
            && schema.is_some_and(|schema| schema.get("required").is_none());
        body["required"] = json!(!is_optional);
    }
    tell_permission(operation);
}

/// Adds the roles that have the required permission. Permissions belong to roles and are not scopes
/// of a token, so they are not part of the security scheme.
fn tell_permission(operation: &mut Map<String, Value>) {
    let permission = operation.get(PERMISSION).and_then(Value::as_str);
    let Some(permission) = permission.and_then(|code| code.parse::<Permission>().ok()) else {
        return;
    };
    operation.insert("security".to_owned(), json!([{"bearer": []}]));
    operation.insert("x-roles".to_owned(), json!(permission.roles()));
}

/// Moves the examples of filters to their descriptions, so that Swagger UI does not send them.
fn tell_examples(operation: &mut Map<String, Value>) {
    let parameters =
        operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten();
    let is_filter = |one: &Value| {
        one.get("in").is_some_and(|place| place == "query")
            && one.get("required") != Some(&json!(true))
    };
    for parameter in parameters.filter(|one| is_filter(one)).filter_map(Value::as_object_mut) {
        let Some(example) = parameter.remove("example") else { continue };
        let listed = example
            .as_array()
            .map(|items| items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","));
        let shown = listed
            .or_else(|| example.as_str().map(str::to_owned))
            .unwrap_or_else(|| example.to_string());
        let told = parameter.get("description").and_then(Value::as_str).unwrap_or_default();
        let told = format!("{told} For example `{shown}`.");
        parameter.insert("description".to_owned(), json!(told));
    }
}

fn add_parameter(operation: &mut Map<String, Value>, parameter: Value) {
    if let Some(parameters) =
        operation.entry("parameters").or_insert_with(|| json!([])).as_array_mut()
    {
        parameters.push(parameter);
    }
}

/// Declares `If-None-Match` and the response 304 of a read.
fn declare_if_none_match(operation: &mut Map<String, Value>) {
    let parameter = json!({
        "name": "If-None-Match", "in": "header", "required": false,
        "description": "An ETag from an earlier response to this read. If the content is unchanged, the response is 304 without a body.",
        "schema": {"type": "string"}
    });
    add_parameter(operation, parameter);
    if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
        responses.insert("304".to_owned(), json!({"description": "Not modified"}));
    }
}

/// Lists the fields that `fields` can select.
fn declare_fields(operation: &mut Map<String, Value>, schemas: &Value) {
    let Some(properties) = properties_of(operation, schemas) else { return };
    let fields: Vec<Value> = properties.keys().map(|name| json!(name)).collect();
    operation.insert(FIELDS.to_owned(), Value::Array(fields));
}

/// Declares `expand` on a read whose resources refer to others.
fn declare_expand(operation: &mut Map<String, Value>, schemas: &Value) {
    let names = properties_of(operation, schemas)
        .map(|properties| expand::names(SLICES, properties))
        .unwrap_or_default();
    let Some(first) = names.first() else { return };
    let parameter = json!({
        "name": expand::EXPAND, "in": "query", "required": false, "style": "form", "explode": false,
        "description": "Names of referenced resources to include in `expanded`, separated by commas. Requires the permission to read them. With `fields`, add `expanded` there to keep them.",
        "schema": {"type": "array", "items": {"type": "string", "enum": names}, "minItems": 1}, "example": [first]
    });
    add_parameter(operation, parameter);
}

/// Returns the properties of the resource that a read returns: of a page's items, or of the single
/// one.
fn properties_of<'a>(
    operation: &Map<String, Value>,
    schemas: &'a Value,
) -> Option<&'a Map<String, Value>> {
    schemas.get(thing_of(operation, schemas)?)?.get("properties")?.as_object()
}

/// Returns the schema of the resource that a read returns: of a page's items, or of the single one.
fn thing_of<'a>(operation: &'a Map<String, Value>, schemas: &'a Value) -> Option<&'a str> {
    let answer = shapes::named(
        operation.get("responses")?.pointer("/200/content/application~1json/schema")?,
    )?;
    Some(
        schemas
            .get(answer)?
            .pointer("/properties/items/items")
            .and_then(shapes::named)
            .unwrap_or(answer),
    )
}

/// Adds the property `expanded` to the resources that support `expand`.
pub(super) fn declare_expanded(document: &mut Value) {
    let Some(schemas) = document.pointer("/components/schemas").cloned() else { return };
    let items = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let reads = items
        .filter(|(path, _)| path.starts_with("/v1/"))
        .filter_map(|(_, item)| item.get("get")?.as_object());
    let expandable = |name: &&str| {
        let properties =
            schemas.get(*name).and_then(|schema| schema.get("properties")?.as_object());
        properties.is_some_and(|properties| !expand::names(SLICES, properties).is_empty())
    };
    let things: Vec<String> = reads
        .filter_map(|read| thing_of(read, &schemas))
        .filter(expandable)
        .map(str::to_owned)
        .collect();
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut)
    else {
        return;
    };
    let (field, schema) = expand::EXPANDED;
    for thing in things {
        if let Some(Value::Object(properties)) =
            schemas.get_mut(&thing).and_then(|schema| schema.get_mut("properties"))
        {
            properties.insert(
                field.to_owned(),
                json!({"$ref": format!("#/components/schemas/{schema}")}),
            );
        }
    }
    schemas.insert(schema.to_owned(), expand::schema(SLICES));
}

/// Declares `dry_run` on a write.
fn declare_dry_run(operation: &mut Map<String, Value>) {
    if stores_nothing(operation) {
        return;
    }
    let parameter = json!({
        "name": asked::DRY_RUN, "in": "query", "required": false,
        "description": "With `true` the request runs and is rolled back: the response is the one of a real request, with `Dry-Run: true`, and nothing is stored.",
        "schema": {"type": "boolean", "default": false}, "example": false
    });
    add_parameter(operation, parameter);
}

/// POST operations that store nothing.
const STORING_NOTHING: [&str; 4] = ["checkLaw", "checkRegulation", "askRegulation", "askForPerson"];

fn stores_nothing(operation: &Map<String, Value>) -> bool {
    operation
        .get("operationId")
        .and_then(Value::as_str)
        .is_some_and(|id| STORING_NOTHING.contains(&id))
}

/// Declares `Idempotency-Key` on a POST.
fn declare_idempotency_key(operation: &mut Map<String, Value>) {
    let description = if stores_nothing(operation) {
        "Taken, and without effect: this request stores nothing, and is answered the same however often it is sent."
    } else {
        "A key that you choose for this request, at most 255 visible ASCII characters. Sent again with the same key and the same contents within 48 hours, the request is done once and answered with the first answer and `Idempotent-Replayed: true`; with other contents it is refused (`idempotency_key_reused`). A request that was refused may be corrected under the same key."
    };
    // No example: a tool would send the same key with every request.
    let parameter = json!({
        "name": "Idempotency-Key", "in": "header", "required": false, "description": description,
        "schema": {"type": "string", "pattern": "^([!#-~]{1,255}|\"[!#-~]{1,255}\")$"}
    });
    add_parameter(operation, parameter);
}

/// Path parameters that are texts of 1 to 200 characters instead of identifiers: name, description,
/// example.
const TEXTS: [(&str, &str, &str); 1] =
    [("external_id", "The identifier in another system, percent-encoded", "hr-10023")];

/// Declares the identifiers in a path as parameters; the name determines the type. The derive
/// declares them only for handlers with several.
fn declare_path_parameters(path: &str, operation: &mut Map<String, Value>, schemas: &Value) {
    let names: Vec<&str> =
        path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
    if names.is_empty() {
        return;
    }
    let of_path = |parameter: &Value| parameter.get("in").and_then(Value::as_str) == Some("path");
    let kept = operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    let declared = names.into_iter().map(|name| {
        if let Some((_, description, example)) = TEXTS.iter().find(|(text, ..)| *text == name) {
            return json!({
                "name": name, "in": "path", "required": true, "description": description,
                "schema": {"type": "string", "minLength": 1, "maxLength": 200}, "example": example
            });
        }
        let schema = id_schema(name);
        let example = schemas
            .get(&schema)
            .and_then(|schema| schema.get("example"))
            .cloned()
            .unwrap_or_default();
        json!({
            "name": name, "in": "path", "required": true, "description": "The identifier",
            "schema": {"$ref": format!("#/components/schemas/{schema}")},
            "example": example
        })
    });
    let parameters: Vec<Value> =
        declared.chain(kept.into_iter().filter(|parameter| !of_path(parameter))).collect();
    operation.insert("parameters".to_owned(), Value::Array(parameters));
}

/// Returns the schema of the identifier with this name in a path: `PersonId` for `person_id`.
pub(super) fn id_schema(name: &str) -> String {
    if name == "version_id" {
        return "RegulationVersionId".to_owned();
    }
    shapes::pascal(name)
}

/// Returns the schema, or the one it refers to.
pub(super) fn resolved<'a>(schema: &'a Value, schemas: &'a Value) -> Option<&'a Value> {
    match shapes::named(schema) {
        Some(name) => schemas.get(name),
        None => Some(schema),
    }
}

/// Renames `Page_Person` to `PersonPage`, for better names in generated clients.
pub(super) fn rename_pages(document: &mut Value) {
    match document {
        Value::Object(map) => {
            let pages: Vec<String> =
                map.keys().filter(|key| key.starts_with("Page_")).cloned().collect();
            for key in pages {
                if let (Some(schema), Some(of)) = (map.remove(&key), key.strip_prefix("Page_")) {
                    map.insert(format!("{of}Page"), schema);
                }
            }
            map.values_mut().for_each(rename_pages);
        }
        Value::Array(items) => items.iter_mut().for_each(rename_pages),
        Value::String(text) => {
            if let Some(of) = text.strip_prefix("#/components/schemas/Page_") {
                *text = format!("#/components/schemas/{of}Page");
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Copies the example of a schema to the body, where readers and mock servers look for it.
fn give_example(holder: &mut Value, schemas: &Value) {
    let Some(content) = holder.get_mut("content").and_then(Value::as_object_mut) else { return };
    for media in content.values_mut().filter_map(Value::as_object_mut) {
        if media.contains_key("example") {
            continue;
        }
        if let Some(example) = media.get("schema").and_then(|schema| example_of(schema, schemas)) {
            media.insert("example".to_owned(), example);
        }
    }
}

fn example_of(schema: &Value, schemas: &Value) -> Option<Value> {
    let schema = resolved(schema, schemas)?;
    if let Some(example) = schema.get("example") {
        return Some(example.clone());
    }
    if let Some(items) = schema.get("items") {
        return example_of(items, schemas).map(|one| json!([one]));
    }
    // The example of a page has one item.
    let item = example_of(schema.pointer("/properties/items/items")?, schemas)?;
    Some(json!({"items": [item]}))
}
