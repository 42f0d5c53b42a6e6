//! Reading of regulations and facts named on the command line.

use std::io::Read as _;
use std::path::Path;

use okaeri_engine::decide::Compiled;
use okaeri_engine::document::Document;
use okaeri_engine::library;
use okaeri_engine::messages::{Said as _, cli};
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use crate::app;
use crate::platform::error::{Error, Fault, ProblemCode, Result};

/// Reads and compiles the regulation in this file, or with this code in the library; `-` is
/// standard input.
pub(super) fn named(name: &str) -> Result<Compiled> {
    compiled(Path::new(name), &json_named(name)?)
}

/// Does the same without compiling.
pub(super) fn json_named(name: &str) -> Result<Value> {
    let file = Path::new(name);
    if library::find(name).is_some() && !file.exists() {
        json_from_library(name)
    } else {
        json(file)
    }
}

/// Returns a regulation of the library.
pub(super) fn from_library(code: &str) -> Result<Compiled> {
    compiled(Path::new(code), &json_from_library(code)?)
}

fn json_from_library(code: &str) -> Result<Value> {
    let Some(entry) = library::find(code) else {
        let known: Vec<&str> = library::all().iter().map(|entry| entry.code).collect();
        let known = known.join(", ");
        return Err(Error::because(
            ProblemCode::Invalid,
            cli::NotInLibrary { code: &code, known: &known },
        ));
    };
    serde_json::from_str(entry.text).map_err(Error::internal)
}

/// Reads and compiles the regulation in a file.
pub(super) fn from_file(file: &Path) -> Result<Compiled> {
    compiled(file, &json(file)?)
}

fn compiled(name: &Path, json: &Value) -> Result<Compiled> {
    let document = Document::parse(json).and_then(Compiled::new);
    document.map_err(|faults| wrong(name, ProblemCode::InvalidRegulation, faults))
}

/// Creates the error for a file that cannot be read.
pub(super) fn not_read(file: &Path, error: &std::io::Error) -> Error {
    let name = file.display();
    let words = cli::NotRead { name: &format_args!("{name}"), error: &format_args!("{error}") };
    Error::because(ProblemCode::Invalid, words)
}

/// Reads the bytes of a file; `-` is standard input.
pub(super) fn bytes(file: &Path) -> Result<Vec<u8>> {
    if file != Path::new("-") {
        return std::fs::read(file).map_err(|error| not_read(file, &error));
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).map_err(|error| not_read(file, &error))?;
    Ok(bytes)
}

/// Parses a JSON file.
pub(super) fn json(file: &Path) -> Result<Value> {
    serde_json::from_slice(&bytes(file)?).map_err(|error| {
        let name = file.display();
        Error::because(
            ProblemCode::Invalid,
            cli::NotJson { name: &format_args!("{name}"), error: &format_args!("{error}") },
        )
    })
}

/// Parses a document with the published schema of this name, which reports all faults at once.
pub(super) fn read<T: DeserializeOwned + ToSchema>(file: &Path, schema: &str) -> Result<T> {
    let json = json(file)?;
    T::deserialize(&json)
        .map_err(|error| wrong(file, ProblemCode::Invalid, faults(&json, schema, &error)))
}

/// Returns all faults of a document that serde refused.
pub(super) fn faults(json: &Value, schema: &str, refusal: &serde_json::Error) -> Vec<Fault> {
    let faults = app::contract().faults(schema, json);
    if faults.is_empty() { vec![invalid_value(refusal)] } else { faults }
}

/// Creates the fault for a value that only its type refuses.
pub(super) fn invalid_value(refusal: &serde_json::Error) -> Fault {
    Fault::new("", "invalid_value", cli::WrongValue { error: &format_args!("{refusal}") }.words())
}

pub(super) fn wrong(file: &Path, code: ProblemCode, faults: Vec<Fault>) -> Error {
    Error::because(code, cli::Wrong { name: &format_args!("{}", file.display()) })
        .with_faults(faults)
}
