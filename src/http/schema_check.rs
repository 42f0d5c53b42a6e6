//! What is wrong with a body, all at once: serde stops at the first fault, so a refused body is
//! held against the published schema, which lists every one.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::{Value, json};
use utoipa::ToSchema;
use validator::{ValidationErrors, ValidationErrorsKind};

use super::openapi;
use crate::error::{Error, Fault, Message, ProblemCode};

/// The problem for a body that serde refused.
pub fn explain<T: ToSchema + 'static>(bytes: &[u8], refusal: &serde_json::Error) -> Error {
    let Ok(body) = serde_json::from_slice::<Value>(bytes) else {
        return Error::because(
            ProblemCode::Malformed,
            format!("The body is not JSON: {refusal}."),
            format!("本文が JSON ではありません: {refusal}"),
        );
    };
    let mut faults = schema_faults(&T::name(), &body);
    if faults.is_empty() {
        // The types know more than the schema says here.
        faults.push(Fault::new(
            "",
            "invalid_value",
            Message::new(format!("値が正しくありません: {refusal}"), format!("{refusal}.")),
        ));
    }
    Error::invalid(faults)
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
    validator.iter_errors(body).map(|error| fault(&error)).collect()
}

fn compile(name: &str) -> Option<Validator> {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    let document = DOCUMENT.get_or_init(openapi::document);
    let schema = json!({
        "$ref": format!("#/components/schemas/{name}"),
        "components": document.get("components")?,
    });
    jsonschema::options().should_validate_formats(true).build(&schema).ok()
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a foreign enum with kinds that our schemas do not use")]
fn fault(error: &ValidationError<'_>) -> Fault {
    let pointer = error.instance_path().to_string();
    let (pointer, code, ja) = match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            (format!("{pointer}/{name}"), "required", "必須です。")
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let name = unexpected.first().map(String::as_str).unwrap_or_default();
            (format!("{pointer}/{name}"), "unknown_field", "この項目は定義されていません。")
        }
        ValidationErrorKind::Type { .. } => (pointer, "wrong_type", "型が違います。"),
        ValidationErrorKind::Enum { .. } => (pointer, "unknown_code", "定義された値のいずれかにしてください。"),
        ValidationErrorKind::Format { .. } => (pointer, "wrong_format", "形式が違います。"),
        ValidationErrorKind::Pattern { .. } => (pointer, "wrong_format", "形式が違います。"),
        ValidationErrorKind::MinLength { .. } => (pointer, "too_short", "短すぎます。"),
        ValidationErrorKind::MaxLength { .. } => (pointer, "too_long", "長すぎます。"),
        ValidationErrorKind::Minimum { .. } => (pointer, "too_small", "小さすぎます。"),
        ValidationErrorKind::Maximum { .. } => (pointer, "too_large", "大きすぎます。"),
        _ => (pointer, "invalid_value", "値が正しくありません。"),
    };
    Fault::new(pointer, code, Message::new(ja, format!("{error}.")))
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
                let en = error
                    .message
                    .as_ref()
                    .map_or_else(|| format!("This value is not allowed here ({}).", error.code), ToString::to_string);
                Fault {
                    pointer: pointer.clone(),
                    code: error.code.clone(),
                    message: Message::new("値が正しくありません。", en),
                }
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
