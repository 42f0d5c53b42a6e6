//! What is wrong with a body, all at once: serde stops at the first fault, so a refused body is
//! held against the published schema, which lists every one.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::ToSchema;
use validator::{ValidationErrors, ValidationErrorsKind};

use super::openapi;
use crate::domain::tagged::locate_plain;
use crate::error::{Error, Fault, Message, ProblemCode};
use crate::messages::Said as _;
use crate::messages::requests::{self, wrong};
use crate::text::TextFault;

/// The problem for a body that serde refused.
pub fn explain<T: DeserializeOwned + ToSchema + 'static>(bytes: &[u8], refusal: &serde_json::Error) -> Error {
    let Ok(body) = serde_json::from_slice::<Value>(bytes) else {
        return Error::because(ProblemCode::Malformed, requests::NotJson { refusal: &format_args!("{refusal}") });
    };
    let mut faults = schema_faults(&T::name(), &body);
    // The types know more than the schema says: what a text cannot be, and all else where the schema is content.
    let is_content = faults.is_empty();
    let mut located = Vec::new();
    locate_plain::<T>(&body, "", &mut located);
    located.retain(|fault| is_content || is_of_text(fault) && faults.iter().all(|told| told.pointer != fault.pointer));
    faults.append(&mut located);
    if faults.is_empty() {
        faults.push(Fault::new(
            "",
            "invalid_value",
            requests::WrongValueBecause { refusal: &format_args!("{refusal}") }.words(),
        ));
    }
    Error::invalid(faults)
}

fn is_of_text(fault: &Fault) -> bool {
    fault.code.parse::<TextFault>().is_ok()
}

/// Everything that is wrong with a document by the published schema of this name.
#[must_use]
pub fn schema_faults(name: &str, body: &Value) -> Vec<Fault> {
    static VALIDATORS: OnceLock<Mutex<BTreeMap<String, &'static Validator>>> = OnceLock::new();
    let validators = VALIDATORS.get_or_init(Mutex::default);
    let known = validators.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(name).copied();
    let validator = match known {
        Some(validator) => validator,
        None => {
            let Some(validator) = compile(name) else { return Vec::new() };
            // Kept for the life of the process: there are as many as request schemas.
            let validator: &'static Validator = Box::leak(Box::new(validator));
            validators.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(name.to_owned(), validator);
            validator
        }
    };
    // Nearly all are valid, which is told faster than what is wrong.
    if validator.is_valid(body) {
        return Vec::new();
    }
    validator.iter_errors(body).map(|error| fault(&error)).collect()
}

fn compile(name: &str) -> Option<Validator> {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    let document = DOCUMENT.get_or_init(openapi::of_requests);
    let schema = json!({
        "$ref": format!("#/components/schemas/{name}"),
        "components": document.get("components")?,
    });
    jsonschema::options().should_validate_formats(true).build(&schema).ok()
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a foreign enum with kinds that our schemas do not use")]
fn fault(error: &ValidationError<'_>) -> Fault {
    let pointer = error.instance_path().to_string();
    let below = |name: &str| format!("{pointer}/{name}");
    let (pointer, code, said) = match error.kind() {
        ValidationErrorKind::Required { property } => {
            (below(property.as_str().unwrap_or_default()), "required", wrong::REQUIRED)
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let name = unexpected.first().map(String::as_str).unwrap_or_default();
            (below(name), "unknown_field", wrong::UNKNOWN_FIELD)
        }
        ValidationErrorKind::Type { .. } => (pointer, "wrong_type", wrong::TYPE),
        ValidationErrorKind::Enum { .. } => (pointer, "unknown_code", wrong::CODE),
        ValidationErrorKind::Format { .. } | ValidationErrorKind::Pattern { .. } => {
            (pointer, "wrong_format", wrong::FORMAT)
        }
        ValidationErrorKind::MinLength { .. } => (pointer, "too_short", wrong::TOO_SHORT),
        ValidationErrorKind::MaxLength { .. } => (pointer, "too_long", wrong::TOO_LONG),
        ValidationErrorKind::Minimum { .. } => (pointer, "too_small", wrong::TOO_SMALL),
        ValidationErrorKind::Maximum { .. } => (pointer, "too_large", wrong::TOO_LARGE),
        _ => (pointer, "invalid_value", wrong::VALUE),
    };
    // The schema's own words are English, and name the value.
    Fault::new(pointer, code, Message { en: format!("{error}.").into(), ..said })
}

/// The faults that the `validator` crate found, as pointers.
#[must_use]
pub fn validator_faults(errors: &ValidationErrors) -> Vec<Fault> {
    let mut faults = Vec::new();
    collect(errors, "", &mut faults);
    faults.sort_by(|one, other| one.pointer.cmp(&other.pointer));
    faults
}

fn collect(errors: &ValidationErrors, at: &str, faults: &mut Vec<Fault>) {
    for (field, kind) in errors.errors() {
        let pointer = format!("{at}/{field}");
        match kind {
            ValidationErrorsKind::Field(found) => faults.extend(found.iter().map(|error| {
                let by_code = || format!("{} ({}).", wrong::VALUE.en, error.code).into();
                let en = error.message.clone().unwrap_or_else(by_code);
                Fault { pointer: pointer.clone(), code: error.code.clone(), message: Message { en, ..wrong::VALUE } }
            })),
            ValidationErrorsKind::Struct(inner) => collect(inner, &pointer, faults),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    collect(inner, &format!("{pointer}/{index}"), faults);
                }
            }
        }
    }
}
