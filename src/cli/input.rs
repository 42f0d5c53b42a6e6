//! What commands without a database are given: files and regulations of the library.

use std::io::Read as _;
use std::path::Path;

use serde_json::Value;

use crate::error::{Error, ProblemCode, Result};
use crate::library;

/// A regulation of the library as it is written.
///
/// # Errors
/// `invalid` with the codes that there are.
pub(super) fn from_library(code: &str) -> Result<Value> {
    let Some(entry) = library::find(code) else {
        let known: Vec<&str> = library::all().iter().map(|entry| entry.code).collect();
        let known = known.join(", ");
        return Err(Error::because(
            ProblemCode::Invalid,
            format!("the library has no regulation '{code}'; it has: {known}"),
            format!("ライブラリーに「{code}」はありません。あるのは: {known}"),
        ));
    };
    serde_json::from_str(entry.text).map_err(Error::internal)
}

fn bytes(file: &Path) -> Result<Vec<u8>> {
    if file != Path::new("-") {
        return std::fs::read(file).map_err(|error| {
            let name = file.display();
            Error::because(
                ProblemCode::Invalid,
                format!("{name} cannot be read: {error}"),
                format!("{name} を読めません: {error}"),
            )
        });
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).map_err(Error::unavailable)?;
    Ok(bytes)
}

/// A file as JSON; `-` for standard input.
///
/// # Errors
/// `invalid` when it cannot be read, or is no JSON.
pub(super) fn json(file: &Path) -> Result<Value> {
    serde_json::from_slice(&bytes(file)?).map_err(|error| {
        let name = file.display();
        Error::because(
            ProblemCode::Invalid,
            format!("{name} is not JSON: {error}"),
            format!("{name} は JSON ではありません: {error}"),
        )
    })
}
