//! What is wrong with a body, all at once: serde stops at the first fault, so a refused body is
//! held against the published schema, which lists every one.

use okaeri_engine::messages::Said as _;
use okaeri_engine::messages::requests::{self, wrong};
use okaeri_engine::tagged::locate_plain;
use okaeri_engine::text::TextFault;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;
use validator::{ValidationErrors, ValidationErrorsKind};

use super::contract::Contract;
use crate::platform::error::{Error, Fault, Message};

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

/// Finds what is wrong with a body by its published schema, and beside that what its texts cannot
/// be.
#[must_use]
pub fn faults<T: DeserializeOwned + ToSchema>(contract: &Contract, body: &Value) -> Vec<Fault> {
    let mut faults = contract.faults(&T::name(), body);
    if faults.is_empty() {
        return faults;
    }
    let mut located = Vec::new();
    locate_plain::<T>(body, "", &mut located);
    let is_text = |fault: &Fault| fault.code.parse::<TextFault>().is_ok();
    located
        .retain(|fault| is_text(fault) && faults.iter().all(|told| told.pointer != fault.pointer));
    faults.append(&mut located);
    faults
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
                Fault {
                    pointer: pointer.clone(),
                    code: error.code.clone(),
                    message: Message { en, ..wrong::VALUE },
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
