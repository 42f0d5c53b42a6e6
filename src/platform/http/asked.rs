//! Query parameters common to all operations: `dry_run` on writes, `fields` and `expand` on reads.
//! Refuses a parameter that an operation does not have.

use std::collections::HashSet;

use actix_web::body::{BoxBody, MessageBody as _};
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpMessage as _, HttpRequest, web};
use okaeri_engine::messages::{Said as _, requests};
use okaeri_engine::text::{self, TextFault};
use serde_json::Value;

use super::body::{LIGHT, heavy};
use super::contract::{Contract, Operation};
use super::expand::{self, EXPAND};
use super::guard;
use super::schema::MOST_FAULTS;
use crate::platform::error::{Error, Fault, Result};
use crate::platform::work::Pass;

/// Name of the query parameter for a dry run.
pub(crate) const DRY_RUN: &str = "dry_run";
/// Header of a response to a dry run.
pub(crate) const DRY_RUN_ANSWER: &str = "dry-run";
/// Name of the query parameter that selects fields.
pub(super) const FIELDS: &str = "fields";

/// The common query parameters of a request.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    /// True for a dry run: the transaction is rolled back.
    pub(super) dry_run: bool,
    /// The only fields to return.
    pub(super) fields: Option<Vec<String>>,
    /// The referenced resources to include.
    pub(super) expand: Vec<String>,
}

/// Parses them from the query string and attaches them to the request.
///
/// # Errors
/// `invalid` with every parameter that the operation does not have or whose value is invalid.
pub(super) fn note(request: &HttpRequest) -> Result<Asked> {
    if request.query_string().is_empty() {
        return Ok(Asked::default());
    }
    let contract = Contract::of(request)?;
    let Some(operation) = contract.operation(request) else { return Ok(Asked::default()) };
    let asked = read(operation, request.query_string())?;
    request.extensions_mut().insert(asked.clone());
    Ok(asked)
}

fn read(operation: &Operation, query: &str) -> Result<Asked> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(query)
        .map(web::Query::into_inner)
        .unwrap_or_default();
    let (mut asked, mut faults, mut seen) = (Asked::default(), Vec::new(), HashSet::new());
    for (name, value) in &pairs {
        if faults.len() >= MOST_FAULTS {
            break;
        }
        let pointer = || format!("?{name}");
        if !seen.insert(name) {
            faults.push(Fault::new(pointer(), "repeated_parameter", requests::REPEATED_PARAMETER));
        }
        if text::holds_forbidden(name) || text::holds_forbidden(value) {
            faults.push(TextFault::ForbiddenCharacter.at(pointer()));
            continue;
        }
        if name == EXPAND && !operation.expand.is_empty() {
            match chosen(&operation.expand, value) {
                Ok(names) => asked.expand = names,
                Err(unknown) => {
                    faults.push(fault(pointer(), "unknown_code", &unknown, &operation.expand))
                }
            }
        } else if name == FIELDS && !operation.fields.is_empty() {
            match chosen(&operation.fields, value) {
                Ok(fields) => asked.fields = Some(fields),
                Err(unknown) => {
                    faults.push(fault(pointer(), "unknown_field", &unknown, &operation.fields))
                }
            }
        } else if !operation.query.contains(name) {
            faults.push(unknown_parameter(pointer(), name, &operation.query));
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
    Fault::new(
        pointer,
        code,
        requests::UnknownName { name: &name, known: &known.join(", ") }.words(),
    )
}

/// Returns the fault of an unknown parameter, with the known ones.
fn unknown_parameter(pointer: String, name: &str, known: &[String]) -> Fault {
    let said = if known.is_empty() {
        requests::NoParameters { name: &name }.words()
    } else {
        requests::UnknownParameter { name: &name, known: &known.join(", ") }.words()
    };
    Fault::new(pointer, "unknown_parameter", said)
}

/// Returns the names of a list such as `id,name`, or the first unknown one.
fn chosen(known: &[String], list: &str) -> Result<Vec<String>, String> {
    let named = list.split(',').map(|name| name.trim().to_owned());
    named.map(|name| if known.contains(&name) { Ok(name) } else { Err(name) }).collect()
}

/// Applies `fields` and `expand` to a response, and marks the response to a dry run.
pub(super) async fn answered(mut response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let asked = response.request().extensions().get::<Asked>().cloned();
    let Some(asked) = asked.filter(|_| response.status().is_success()) else { return response };
    if asked.dry_run {
        let headers = response.headers_mut();
        headers.insert(HeaderName::from_static(DRY_RUN_ANSWER), HeaderValue::from_static("true"));
        // The created resource does not exist.
        headers.remove(header::LOCATION);
    }
    if asked.fields.is_none() && asked.expand.is_empty() {
        return response;
    }
    let (request, answer) = response.into_parts();
    let (answer, body) = answer.into_parts();
    let Ok(whole) = body.try_into_bytes() else {
        return ServiceResponse::from_err(
            Error::internal("an answer without a whole body was cut"),
            request,
        );
    };
    match shaped(&request, asked, whole).await {
        Ok(shaped) => ServiceResponse::new(request, answer.set_body(BoxBody::new(shaped))),
        Err(error) => ServiceResponse::from_err(error, request),
    }
}

async fn shaped(request: &HttpRequest, asked: Asked, whole: web::Bytes) -> Result<Vec<u8>> {
    // A JSON tree takes many times the memory of its text, and one resource may be included with
    // many others.
    let is_heavy = whole.len() > LIGHT || !asked.expand.is_empty();
    let pass = if is_heavy { Some(heavy(request).await?) } else { None };
    let mut answer: Value =
        apart(pass.as_ref(), move || serde_json::from_slice(&whole).map_err(Error::internal))
            .await?;
    if !asked.expand.is_empty() {
        let (okaeri, who) = guard::caller(request)?;
        answer = expand::expanded(&okaeri, who, asked.expand, answer).await?;
    }
    apart(pass.as_ref(), move || {
        if let Some(fields) = asked.fields {
            keep(&fields, &mut answer);
        }
        serde_json::to_vec(&answer).map_err(Error::internal)
    })
    .await
}

/// Runs work on another thread if it has a pass, otherwise here.
async fn apart<T: Send + 'static>(
    pass: Option<&Pass>,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    match pass {
        Some(pass) => pass.run(move |_| work()).await,
        None => work(),
    }
}

/// Keeps the selected fields of each item of a page, or of the single resource.
fn keep(fields: &[String], answer: &mut Value) {
    for thing in expand::things(answer).into_iter().filter_map(Value::as_object_mut) {
        thing.retain(|name, _| fields.contains(name));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn operation() -> Operation {
        let query = vec![DRY_RUN.to_owned(), "limit".to_owned()];
        Operation { query, fields: vec!["id".into(), "name".into()], ..Operation::default() }
    }

    #[test]
    fn every_wrong_parameter_is_named() {
        let refused =
            read(&operation(), "limit=1&limit=2&color=red&dry_run=1&fields=id,size").unwrap_err();

        let named: Vec<(&str, &str)> =
            refused.faults.iter().map(|fault| (&*fault.pointer, &*fault.code)).collect();
        let wrong = [("?limit", "repeated_parameter"), ("?color", "unknown_parameter")];
        assert_eq!(
            named,
            [&wrong[..], &[("?dry_run", "wrong_type"), ("?fields", "unknown_field")]].concat()
        );
    }

    #[test]
    fn who_names_a_parameter_that_is_not_there_hears_which_there_are() {
        let said = |operation: &Operation| {
            read(operation, "size=2").unwrap_err().faults[0].message.en.clone()
        };

        assert_eq!(
            said(&operation()),
            "This operation has no parameter 'size'. It has: dry_run, limit."
        );
        let nothing = "This operation has no parameter 'size'; it has none at all. Leave it out.";
        assert_eq!(said(&Operation::default()), nothing);
    }

    #[test]
    fn a_part_has_the_fields_that_were_asked_for() {
        let asked = read(&operation(), "fields=id&dry_run=true").unwrap();
        let mut page = json!({"items": [{"id": 1, "name": "x"}], "next_cursor": "c"});

        keep(&asked.fields.unwrap(), &mut page);

        assert!(asked.dry_run);
        assert_eq!(page, json!({"items": [{"id": 1}], "next_cursor": "c"}));
    }
}
