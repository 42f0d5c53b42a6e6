//! What every operation takes beside its own parameters: `dry_run` on writes, `fields` on reads. A parameter that
//! an operation does not have is refused by its name.

use actix_web::body::{BoxBody, MessageBody as _};
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpMessage as _, HttpRequest, web};
use serde_json::Value;

use super::contract::{Contract, Operation};
use crate::error::{Error, Fault, Result};
use crate::messages::{Said as _, requests};

/// The parameter with which a write tells what it would do.
pub(super) const DRY_RUN: &str = "dry_run";
/// The header of an answer that tells what would be.
pub(super) const DRY_RUN_ANSWER: &str = "dry-run";
/// The parameter with which a read answers a part.
pub(super) const FIELDS: &str = "fields";

/// What a request asks for beside the parameters of its operation.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    /// Do it, answer, and take it back.
    pub(super) dry_run: bool,
    /// Answer these fields only.
    pub(super) fields: Option<Vec<String>>,
}

/// Reads it from the query string and leaves it with the request.
///
/// # Errors
/// `invalid` with every parameter that the operation does not have, or whose value cannot be.
pub(super) fn note(request: &HttpRequest) -> Result<Asked> {
    if request.query_string().is_empty() {
        return Ok(Asked::default());
    }
    let contract = request.app_data::<web::Data<Contract>>().ok_or_else(|| Error::internal("no contract"))?;
    let Some(operation) = contract.operation(request) else { return Ok(Asked::default()) };
    let asked = read(operation, request.query_string())?;
    request.extensions_mut().insert(asked.clone());
    Ok(asked)
}

fn read(operation: &Operation, query: &str) -> Result<Asked> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(query).map(web::Query::into_inner).unwrap_or_default();
    let (mut asked, mut faults, mut seen) = (Asked::default(), Vec::new(), Vec::new());
    for (name, value) in &pairs {
        let pointer = || format!("?{name}");
        if seen.contains(&name) {
            faults.push(Fault::new(pointer(), "repeated_parameter", requests::REPEATED_PARAMETER));
        }
        seen.push(name);
        if name == FIELDS && !operation.fields.is_empty() {
            match chosen(operation, value) {
                Ok(fields) => asked.fields = Some(fields),
                Err(unknown) => faults.push(fault(pointer(), "unknown_field", &unknown, &operation.fields)),
            }
        } else if !operation.query.contains(name) {
            faults.push(fault(pointer(), "unknown_parameter", name, &operation.query));
        } else if name == DRY_RUN {
            match value.as_str() {
                "true" => asked.dry_run = true,
                "false" => {}
                _ => faults.push(Fault::new(pointer(), "wrong_type", requests::TRUE_OR_FALSE)),
            }
        }
    }
    if faults.is_empty() { Ok(asked) } else { Err(Error::invalid(faults)) }
}

fn fault(pointer: String, code: &'static str, name: &str, known: &[String]) -> Fault {
    let known = if known.is_empty() { "—".to_owned() } else { known.join(", ") };
    Fault::new(pointer, code, requests::UnknownName { name: &name, known: &known }.words())
}

/// The fields of a list like `id,name`, or the first one that there is not.
fn chosen(operation: &Operation, list: &str) -> Result<Vec<String>, String> {
    let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
    names
        .map(|name| if operation.fields.iter().any(|known| known == name) { Ok(name.into()) } else { Err(name.into()) })
        .collect()
}

/// Answers the part that was asked for, and marks what was a dry run.
pub(super) fn answered(mut response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let asked = response.request().extensions().get::<Asked>().cloned();
    let Some(asked) = asked.filter(|_| response.status().is_success()) else { return response };
    if asked.dry_run {
        let headers = response.headers_mut();
        headers.insert(HeaderName::from_static(DRY_RUN_ANSWER), HeaderValue::from_static("true"));
        // What was made is not there.
        headers.remove(header::LOCATION);
    }
    let Some(fields) = asked.fields else { return response };
    response.map_body(|_, body| match body.try_into_bytes() {
        Ok(whole) => BoxBody::new(part(&fields, &whole).map_or(whole, web::Bytes::from)),
        Err(body) => body,
    })
}

/// The part of an answer that was asked for: of each thing on a page, or of the one.
fn part(fields: &[String], body: &[u8]) -> Option<Vec<u8>> {
    let mut answer: Value = serde_json::from_slice(body).ok()?;
    match answer.get_mut("items").and_then(Value::as_array_mut) {
        Some(items) => items.iter_mut().for_each(|item| keep(fields, item)),
        None => keep(fields, &mut answer),
    }
    serde_json::to_vec(&answer).ok()
}

fn keep(fields: &[String], thing: &mut Value) {
    if let Some(thing) = thing.as_object_mut() {
        thing.retain(|name, _| fields.contains(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation() -> Operation {
        let query = vec![DRY_RUN.to_owned(), "limit".to_owned()];
        Operation { id: "listThings".into(), query, fields: vec!["id".into(), "name".into()] }
    }

    #[test]
    fn every_wrong_parameter_is_named() {
        let refused = read(&operation(), "limit=1&limit=2&color=red&dry_run=1&fields=id,size").unwrap_err();

        let named: Vec<(&str, &str)> = refused.faults.iter().map(|fault| (&*fault.pointer, &*fault.code)).collect();
        let wrong = [("?limit", "repeated_parameter"), ("?color", "unknown_parameter")];
        assert_eq!(named, [&wrong[..], &[("?dry_run", "wrong_type"), ("?fields", "unknown_field")]].concat());
    }

    #[test]
    fn a_part_has_the_fields_that_were_asked_for() {
        let asked = read(&operation(), "fields=id&dry_run=true").unwrap();
        let page = br#"{"items": [{"id": 1, "name": "x"}], "next_cursor": "c"}"#;

        assert!(asked.dry_run);
        assert_eq!(
            part(&asked.fields.unwrap(), page).map(|part| String::from_utf8(part).unwrap()),
            Some(r#"{"items":[{"id":1}],"next_cursor":"c"}"#.to_owned())
        );
    }
}
