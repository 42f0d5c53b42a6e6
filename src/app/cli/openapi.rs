//! `okaeri openapi`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use okaeri_engine::messages::cli;

use super::{complain, documents, done, say};
use crate::app::openapi::{self, compare};
use crate::platform::error::{Error, ProblemCode, Result};

/// Returns the paths and texts of the committed documents: of this build, and in OpenAPI 3.0.
fn committed() -> [(&'static str, String); 2] {
    [("openapi/openapi.json", openapi::text()), ("openapi/openapi-3.0.json", openapi::older_text())]
}

/// Print the OpenAPI document, or compare it with the committed or the last released one.
#[derive(Args)]
pub(super) struct Openapi {
    /// Rewrite the committed documents, in both formats
    #[arg(long)]
    write: bool,
    /// Compare with the committed documents instead of printing; exit 1 when they differ
    #[arg(long, conflicts_with = "write")]
    check: bool,
    /// Print the changes since this document; exit 1 when one breaks clients generated from it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["write", "check"])]
    since: Option<PathBuf>,
    /// Print the document as OpenAPI 3.0.3
    #[arg(long, conflicts_with_all = ["write", "check", "since"])]
    older: bool,
    /// Print only the contract, without prose and examples, as stored for each release
    #[arg(long, conflicts_with_all = ["write", "check", "since", "older"])]
    bare: bool,
}

impl Openapi {
    pub(super) fn run(&self) -> Result<ExitCode> {
        if let Some(file) = &self.since {
            return since(file);
        }
        if self.write {
            for (file, text) in committed() {
                std::fs::write(file, text).map_err(|error| not_written(file, &error))?;
            }
            return done();
        }
        if self.check {
            return check();
        }
        match (self.older, self.bare) {
            (true, _) => say(openapi::older_text().trim_end())?,
            (false, true) => say(compare::bare(&openapi::document()))?,
            (false, false) => say(openapi::text().trim_end())?,
        }
        done()
    }
}

fn not_written(file: &str, error: &std::io::Error) -> Error {
    Error::because(
        ProblemCode::Unavailable,
        cli::NotWritten { name: &file, error: &format_args!("{error}") },
    )
}

fn check() -> Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for (file, now) in committed() {
        let committed = std::fs::read_to_string(file)
            .map_err(|error| documents::not_read(Path::new(file), &error))?;
        if committed == now {
            say(format_args!("{file} is the document of this build."))?;
            continue;
        }
        let line =
            committed.lines().zip(now.lines()).take_while(|(old, new)| old == new).count() + 1;
        complain(format_args!(
            "{file} differs from this build at line {line}. Write it anew: cargo run -- openapi --write"
        ));
        code = ExitCode::FAILURE;
    }
    Ok(code)
}

fn since(file: &Path) -> Result<ExitCode> {
    let released = documents::json(file)?;
    let changes = compare::changes(&released, &openapi::document());
    for change in &changes {
        let kind = if change.is_breaking { "BREAKS" } else { "adds  " };
        say(format_args!("{kind} {}: {}", change.at, change.what))?;
    }
    let breaking = changes.iter().filter(|change| change.is_breaking).count();
    say(format_args!(
        "{} changes since {}, of which {breaking} break.",
        changes.len(),
        file.display()
    ))?;
    Ok(if breaking == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
