//! `okaeri library`.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;
use okaeri_engine::document::Source;
use okaeri_engine::library;
use okaeri_engine::words::Words;
use serde::Deserialize;

use super::{documents, done};
use crate::platform::error::{Error, Result};

/// List the published regulations included in Okaeri, or print one as a document to start from.
#[derive(Args)]
pub(super) struct Library {
    /// Print the document with this code
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

/// The parts of a document that the list shows.
#[derive(Deserialize)]
struct Listed {
    name: Words,
    source: Option<Source>,
}

impl Library {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let mut out = std::io::stdout().lock();
        if let Some(code) = &self.code {
            documents::from_library(code)?;
            let text = library::find(code).map(|entry| entry.text).unwrap_or_default();
            write!(out, "{text}").map_err(Error::unavailable)?;
            return done();
        }
        for entry in library::all() {
            let listed: Listed = serde_json::from_str(entry.text).map_err(Error::internal)?;
            let source = listed
                .source
                .map(|source| format!("{} ({})", source.publisher.en, source.completeness));
            let (name, source) = (listed.name, source.unwrap_or_default());
            writeln!(out, "{:<16}{}\n{:16}{} — {source}", entry.code, name.ja, "", name.en)
                .map_err(Error::unavailable)?;
        }
        done()
    }
}
