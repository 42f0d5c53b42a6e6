//! Finds all faults of a body: serde stops at the first one, so a refused body is validated against
//! the published schema, which reports every fault.

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

/// Creates the error for a body that only its type refuses.
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

/// Returns the faults of a body by its published schema, and the invalid texts in it.
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

/// Converts the errors of the `validator` crate to faults with pointers.
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
