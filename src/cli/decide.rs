//! `okaeri decide`.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use super::done;
use crate::domain::decision::Compiled;
use crate::domain::facts::Facts;
use crate::domain::regulation::Document;
use crate::error::{Error, Fault, ProblemCode, Result};
use crate::http::schema_check::schema_faults;
use crate::library;

/// Decide facts by a regulation, and print the decision document. Exits 0 whatever the verdict, and 2
/// with a pointer to every wrong place when a document is wrong. No database is touched.
#[derive(Args)]
pub(super) struct Decide {
    /// The regulation's document, a JSON file; `-` for standard input
    #[arg(long, value_name = "FILE", required_unless_present = "library", conflicts_with = "library")]
    regulation: Option<PathBuf>,
    /// A regulation of the library instead, by its code, such as R01
    #[arg(long, value_name = "CODE")]
    library: Option<String>,
    /// The facts, a JSON file; `-` for standard input
    #[arg(long, value_name = "FILE")]
    facts: PathBuf,
    /// As the applicant may read it: nothing confidential
    #[arg(long)]
    applicant: bool,
    /// Indented, for reading; without it the bytes are those that are stored
    #[arg(long)]
    pretty: bool,
}

impl Decide {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let regulation = self.document()?;
        let facts: Facts = read(&self.facts, "Facts")?;
        facts.check().map_err(|faults| wrong(&self.facts, ProblemCode::Invalid, faults))?;
        let mistyped = regulation.document().declared_faults(&facts);
        if !mistyped.is_empty() {
            return Err(wrong(&self.facts, ProblemCode::Invalid, mistyped));
        }
        let decision = regulation.decide(&facts);
        let decision = if self.applicant { decision.for_applicant() } else { decision };
        let text = if self.pretty { serde_json::to_string_pretty(&decision) } else { serde_json::to_string(&decision) };
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", text.map_err(Error::internal)?).map_err(Error::unavailable)?;
        done()
    }

    fn document(&self) -> Result<Compiled> {
        let (name, json) = match (&self.library, &self.regulation) {
            (Some(code), _) => (Path::new(code), from_library(code)?),
            (None, Some(file)) => (file.as_path(), json(file)?),
            (None, None) => {
                return Err(Error::because(ProblemCode::Invalid, "name a regulation", "規程を指定してください"));
            }
        };
        let document = Document::parse(&json).and_then(Compiled::new);
        document.map_err(|faults| wrong(name, ProblemCode::InvalidRegulation, faults))
    }
}

fn from_library(code: &str) -> Result<Value> {
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

fn json(file: &Path) -> Result<Value> {
    serde_json::from_slice(&bytes(file)?).map_err(|error| {
        let name = file.display();
        Error::because(
            ProblemCode::Invalid,
            format!("{name} is not JSON: {error}"),
            format!("{name} は JSON ではありません: {error}"),
        )
    })
}

/// Reads a document whose published schema has this name; the schema tells every wrong place at once.
fn read<T: DeserializeOwned + ToSchema>(file: &Path, schema: &str) -> Result<T> {
    let json = json(file)?;
    T::deserialize(&json).map_err(|error| {
        let mut faults = schema_faults(schema, &json);
        if faults.is_empty() {
            let words = crate::error::Message::new(format!("{error}"), format!("{error}."));
            faults.push(Fault::new("", "invalid_value", words));
        }
        wrong(file, ProblemCode::Invalid, faults)
    })
}

fn wrong(file: &Path, code: ProblemCode, faults: Vec<Fault>) -> Error {
    let name = file.display();
    Error::because(code, format!("{name} is wrong here:"), format!("{name} に誤りがあります:")).with_faults(faults)
}
