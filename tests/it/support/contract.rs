//! Every answer that a test gets is held against the document.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use actix_web::dev::ResourceDef;
use jsonschema::Validator;
use okaeri::app::openapi;
use serde_json::{Value, json};

use super::client::Answer;

fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(openapi::document)
}

/// The operation that takes this method at this path.
fn operation(method: &str, path: &str) -> Option<&'static Value> {
    static PATHS: OnceLock<Vec<(ResourceDef, &'static Value)>> = OnceLock::new();
    let paths = PATHS.get_or_init(|| {
        let paths = document()["paths"].as_object().unwrap();
        let mut paths: Vec<_> = paths.iter().collect();
        // A path without parameters goes before one that would take it.
        paths.sort_by_key(|(path, _)| path.matches('{').count());
        paths.into_iter().map(|(path, item)| (ResourceDef::new(path.as_str()), item)).collect()
    });
    paths.iter().find(|(pattern, _)| pattern.is_match(path))?.1.get(method)
}

fn resolved(value: &'static Value) -> &'static Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => document().pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

/// What an answer breaks of the document, if anything.
pub fn broken(method: &str, uri: &str, answer: &Answer) -> Option<String> {
    let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
    let operation = operation(&method.to_lowercase(), path)?;
    let id = operation["operationId"].as_str().unwrap();
    let status = answer.status.to_string();
    let Some(response) = operation["responses"].get(&status).map(resolved) else {
        return Some(format!("{id} answers {status}, which is not documented"));
    };
    let missing = |(name, header): (&String, &'static Value)| {
        let is_required = resolved(header)["required"] == true;
        (is_required && answer.header(&name.to_lowercase()).is_none()).then(|| name.clone())
    };
    if let Some(name) = response["headers"].as_object().into_iter().flatten().find_map(missing) {
        return Some(format!("{id} {status}: no {name} header"));
    }
    let Some(content) = response["content"].as_object() else {
        return (!answer.text.is_empty())
            .then(|| format!("{id} {status} has a body, which is not documented"));
    };
    let given = answer.header("content-type").unwrap_or_default().split(';').next().unwrap();
    let Some(media) = content.get(given) else {
        return Some(format!("{id} {status} is {given:?}, which is not documented"));
    };
    if let Some(code) = answer.body["code"].as_str().filter(|_| answer.status >= 400) {
        let known =
            media["examples"].as_object().is_some_and(|examples| examples.contains_key(code));
        if !known {
            return Some(format!("{id} {status}: the code {code} is not documented"));
        }
    }
    // A part is not the whole that the schema tells of.
    if query.contains("fields=") && answer.status == 200 {
        return None;
    }
    let body = if given.ends_with("json") { answer.body.clone() } else { json!(answer.text) };
    let faults: Vec<String> = validator(&media["schema"])
        .iter_errors(&body)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect();
    (!faults.is_empty()).then(|| format!("{id} {status} is off its schema: {faults:?}"))
}

fn validator(schema: &Value) -> &'static Validator {
    static KNOWN: Mutex<BTreeMap<String, &'static Validator>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    known.entry(schema.to_string()).or_insert_with(|| {
        let mut whole = schema.clone();
        whole["components"] = document()["components"].clone();
        Box::leak(Box::new(
            jsonschema::options().should_validate_formats(true).build(&whole).unwrap(),
        ))
    })
}
