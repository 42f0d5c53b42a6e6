//! What is wrong with a body, all at once: serde stops at the first fault, so a refused body is
//! held against the published schema, which lists every one.

use serde::de::DeserializeOwned;
use serde_json::Value;
use validator::{ValidationErrors, ValidationErrorsKind};

use super::schema::Schemas;
use crate::domain::tagged::locate_plain;
use crate::error::{Error, Fault, Message};
use crate::messages::Said as _;
use crate::messages::requests::{self, wrong};

/// The problem for a body that only its type refuses.
pub fn explain<T: DeserializeOwned>(body: &Value, refusal: &serde_json::Error) -> Error {
    let mut faults = Vec::new();
    locate_plain::<T>(body, "", &mut faults);
    if faults.is_empty() {
        faults.push(Fault::new(
            "",
            "invalid_value",
            requests::WrongValueBecause { refusal: &format_args!("{refusal}") }.words(),
        ));
    }
    Error::invalid(faults)
}

/// Everything that is wrong with a value by the published schema of this name, in time linear in the value.
#[must_use]
pub fn schema_faults(name: &str, body: &Value) -> Vec<Fault> {
    match Schemas::published() {
        Ok(schemas) => schemas.faults(name, body),
        Err(error) => {
            // A test compiles them; without them nothing is taken.
            tracing::error!(error, "the published schemas cannot be compiled");
            vec![Fault::new("", "invalid_value", wrong::VALUE)]
        }
    }
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
