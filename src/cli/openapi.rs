//! `okaeri openapi`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::done;
use crate::error::{Error, Result};
use crate::http::openapi;

/// Print the OpenAPI document, or compare it with the committed one.
#[derive(Args)]
pub(super) struct Openapi {
    /// Compare with the file instead of printing; exit 1 when they differ
    #[arg(long)]
    check: bool,
    /// The committed document
    #[arg(long, default_value = "openapi/openapi.json")]
    file: PathBuf,
}

impl Openapi {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let now = openapi::text();
        if !self.check {
            print!("{now}");
            return done();
        }
        let committed = std::fs::read_to_string(&self.file).map_err(Error::unavailable)?;
        if committed == now {
            println!("{} is the document of this build.", self.file.display());
            return done();
        }
        let line = committed.lines().zip(now.lines()).take_while(|(old, new)| old == new).count() + 1;
        eprintln!(
            "{} differs from this build at line {line}. Write it anew: cargo run -- openapi > {}",
            self.file.display(),
            self.file.display()
        );
        Ok(ExitCode::FAILURE)
    }
}
