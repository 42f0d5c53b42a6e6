//! `okaeri decide`.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{documents, done};
use crate::domain::facts::Facts;
use crate::error::{Error, ProblemCode, Result};

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
        let regulation = match (&self.library, &self.regulation) {
            (Some(code), _) => documents::from_library(code)?,
            (None, Some(file)) => documents::from_file(file)?,
            (None, None) => {
                return Err(Error::because(ProblemCode::Invalid, "name a regulation", "規程を指定してください"));
            }
        };
        let facts: Facts = documents::read(&self.facts, "Facts")?;
        facts.check().map_err(|faults| documents::wrong(&self.facts, ProblemCode::Invalid, faults))?;
        let decision = regulation.decide(&facts);
        let decision = if self.applicant { decision.for_applicant() } else { decision };
        let text = if self.pretty { serde_json::to_string_pretty(&decision) } else { serde_json::to_string(&decision) };
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", text.map_err(Error::internal)?).map_err(Error::unavailable)?;
        done()
    }
}
