//! The document: committed, complete, and of the routes that are live.

use okaeri::app::openapi;
use serde_json::{Value, json};

#[test]
fn the_committed_document_is_that_of_this_build() {
    let committed = include_str!("../../openapi/openapi.json");
    let older = include_str!("../../openapi/openapi-3.0.json");
    assert!(committed == openapi::text(), "write it anew: cargo run -- openapi --write");
    assert!(older == openapi::older_text(), "write it anew: cargo run -- openapi --write");
}

/// Every operation: path, method, what is said of it.
pub fn operations() -> Vec<(String, String, Value)> {
    let document = openapi::document();
    let paths = document["paths"].as_object().unwrap().clone();
    paths
        .into_iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().clone();
            methods.into_iter().map(move |(method, operation)| (path.clone(), method, operation))
        })
        .collect()
}

#[test]
fn every_operation_is_described_with_an_example() {
    let mut ids = Vec::new();
    for (path, method, operation) in operations() {
        let at = format!("{method} {path}");
        for field in ["operationId", "summary", "description"] {
            assert!(
                operation[field].as_str().is_some_and(|text| !text.is_empty()),
                "{at}: no {field}"
            );
        }
        assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{at}: one tag");
        ids.push(operation["operationId"].as_str().unwrap().to_owned());
        let responses = operation["responses"].as_object().unwrap();
        let (status, success) = responses
            .iter()
            .find(|(status, _)| status.starts_with('2'))
            .unwrap_or_else(|| panic!("{at}: no success"));
        if status != "204" {
            let media = success["content"].as_object().unwrap().values().next().unwrap();
            assert!(!media["example"].is_null(), "{at}: no example of the answer");
        }
        if let Some(body) = operation.get("requestBody") {
            let media = body["content"].as_object().unwrap().values().next().unwrap();
            assert!(!media["example"].is_null(), "{at}: no example of the body");
        }
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "operation ids are unique");
}

/// The files of the source below this folder, with the prefix of the routes in each.
fn sources(folder: &std::path::Path) -> Vec<(&'static str, String)> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                return sources(&path);
            }
            let is_slice = path.ends_with("api.rs")
                || path.parent().is_some_and(|parent| parent.ends_with("api"));
            vec![(
                if is_slice { "/v1" } else { "" },
                std::fs::read_to_string(&path).unwrap_or_default(),
            )]
        })
        .collect()
}

#[test]
fn every_route_is_in_the_document() {
    let (document, mut routes) = (openapi::document(), Vec::new());
    for (prefix, text) in sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        for method in ["get", "post", "put", "patch", "delete"] {
            let mark = format!("#[{method}(\"");
            let found = text.split(mark.as_str()).skip(1).filter_map(|rest| rest.split('"').next());
            routes.extend(found.map(|route| (method, format!("{prefix}{route}"))));
        }
    }

    // The docs page and the guide are for people.
    let for_people = ["/docs", "/docs/guide", "/docs/guide/", "/docs/guide/{page}"];
    routes.retain(|(_, route)| !for_people.contains(&route.as_str()));
    let lost: Vec<_> = routes
        .iter()
        .filter(|(method, route)| document["paths"][route][*method].is_null())
        .collect();

    assert!(routes.len() > 90, "{}", routes.len());
    assert_eq!(lost, Vec::<&(&str, String)>::new());
}

#[test]
fn answers_shown_fit_their_schemas() {
    let (components, mut shown) = (openapi::document()["components"].clone(), 0);
    for (path, method, operation) in operations() {
        let responses = operation["responses"].as_object().unwrap();
        for (status, response) in responses.iter().filter(|(status, _)| status.starts_with('2')) {
            let contents = response["content"].as_object().into_iter().flatten();
            for (media, content) in contents.filter(|(media, _)| media.ends_with("json")) {
                let mut schema = content["schema"].clone();
                schema["components"] = components.clone();
                let validator =
                    jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
                let faults: Vec<String> = validator
                    .iter_errors(&content["example"])
                    .map(|fault| fault.to_string())
                    .collect();
                assert!(faults.is_empty(), "{method} {path} {status} {media}: {faults:?}");
                shown += 1;
            }
        }
    }
    assert!(shown > 90, "{shown}");
}

#[test]
fn examples_fit_their_schemas() {
    for (path, method, operation) in operations() {
        let Some(media) = operation.pointer("/requestBody/content/application~1json") else {
            continue;
        };
        let name = media["schema"]["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
        let faults = okaeri::app::contract().faults(name, &media["example"]);
        assert!(faults.is_empty(), "{method} {path}: {faults:?}");
    }
}

#[test]
fn every_identifier_in_a_path_is_a_parameter_of_its_type() {
    let schemas = openapi::document()["components"]["schemas"].clone();
    for (path, method, operation) in operations() {
        let names: Vec<&str> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        let declared: Vec<&Value> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "path")
            .collect();
        assert_eq!(
            declared
                .iter()
                .map(|parameter| parameter["name"].as_str().unwrap())
                .collect::<Vec<_>>(),
            names,
            "{method} {path}"
        );
        for parameter in declared {
            if parameter["name"] == "external_id" {
                assert_eq!(
                    parameter["schema"],
                    json!({"type": "string", "minLength": 1, "maxLength": 200})
                );
                continue;
            }
            let schema =
                &schemas[parameter["schema"]["$ref"].as_str().unwrap().rsplit('/').next().unwrap()];
            let prefix = schema["pattern"]
                .as_str()
                .unwrap()
                .trim_start_matches('^')
                .split('_')
                .next()
                .unwrap();
            assert!(
                parameter["example"].as_str().unwrap().starts_with(prefix),
                "{method} {path}: {parameter}"
            );
        }
        assert!(
            names.is_empty() || !operation["responses"]["404"].is_null(),
            "{method} {path}: no 404"
        );
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn references(json: &Value, found: &mut Vec<String>) {
        match json {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let document = openapi::document();
    let mut found = Vec::new();
    references(&document, &mut found);

    let lost: Vec<&String> = found
        .iter()
        .filter(|reference| document.pointer(reference.trim_start_matches('#')).is_none())
        .collect();

    assert!(found.len() > 100);
    assert_eq!(lost, Vec::<&String>::new());
}

/// Generators make a class of each tag: the requests of the `webhooks` section fell into that of
/// the endpoints.
#[test]
fn no_tag_of_an_operation_is_that_of_the_webhook_requests() {
    let document = openapi::document();
    let tags = |section: &str| -> std::collections::BTreeSet<String> {
        let items = document[section].as_object().unwrap().values().filter_map(Value::as_object);
        let operations = items.flat_map(|item| item.values());
        operations.map(|operation| operation["tags"][0].as_str().unwrap().to_owned()).collect()
    };
    assert!(tags("paths").is_disjoint(&tags("webhooks")));
    assert!(!tags("paths").contains("webhook-requests"));
}

/// What is answered may come to hold more fields; only members of a union that their fields alone
/// tell apart are closed.
#[test]
fn answered_schemas_are_open() {
    let document = openapi::document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let (mut open, mut seen) = (Vec::new(), std::collections::BTreeSet::new());
    for item in document["paths"].as_object().unwrap().values().filter_map(Value::as_object) {
        item.values().for_each(|operation| references(&operation["responses"], &mut open));
    }
    while let Some(name) = open.pop() {
        if let Some(schema) = schemas.get(&name)
            && seen.insert(name)
        {
            references(schema, &mut open);
        }
    }
    let bare = |schema: &&Value| schema["oneOf"].is_array() && schema["discriminator"].is_null();
    let mut told_apart = Vec::new();
    schemas.values().filter(bare).for_each(|union| references(&union["oneOf"], &mut told_apart));
    let closed = |name: &&String| {
        schemas[*name]["additionalProperties"] == Value::Bool(false) && !told_apart.contains(name)
    };
    assert_eq!(seen.iter().filter(closed).collect::<Vec<_>>(), Vec::<&String>::new());
}

fn references(json: &Value, found: &mut Vec<String>) {
    match json {
        Value::Object(map) => {
            let named = map.get("$ref").and_then(Value::as_str);
            found.extend(
                named
                    .and_then(|name| name.strip_prefix("#/components/schemas/"))
                    .map(str::to_owned),
            );
            map.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
