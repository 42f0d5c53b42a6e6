//! `okaeri render` and `okaeri diff`.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;
use okaeri_engine::document::rendering::{self, Form, Language};
use okaeri_engine::meter::Meter;
use okaeri_engine::review::changes::changes;

use super::{documents, done};
use crate::platform::error::{Error, Result};

/// Print a regulation as text (規程), with the figures that apply.
#[derive(Args)]
pub(super) struct Render {
    /// A file, `-` for standard input, or a code of the library
    #[arg(value_name = "REGULATION")]
    regulation: String,
    /// `markdown` or `html`
    #[arg(long, default_value = "markdown")]
    form: Form,
    /// `ja` or `en`
    #[arg(long, default_value = "ja")]
    language: Language,
}

impl Render {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let regulation = documents::named(&self.regulation)?;
        let text = rendering::render(
            regulation.document(),
            self.form,
            self.language,
            &Meter::unlimited(),
        )?;
        write!(std::io::stdout().lock(), "{text}").map_err(Error::unavailable)?;
        done()
    }
}

/// Print the differences of one version of a regulation from another in sentences.
#[derive(Args)]
pub(super) struct Diff {
    /// The earlier version: a file, or a code of the library
    #[arg(value_name = "BEFORE")]
    before: String,
    /// The later version
    #[arg(value_name = "AFTER")]
    after: String,
    /// `ja` or `en`
    #[arg(long, default_value = "ja")]
    language: Language,
    /// Print the differences as JSON, in both languages
    #[arg(long)]
    json: bool,
}

impl Diff {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let (before, after) = (documents::named(&self.before)?, documents::named(&self.after)?);
        let changes = changes(before.document(), after.document(), &Meter::unlimited())?;
        let mut out = std::io::stdout().lock();
        if self.json {
            writeln!(out, "{}", serde_json::to_string_pretty(&changes).map_err(Error::internal)?)
                .map_err(Error::unavailable)?;
            return done();
        }
        for change in &changes {
            writeln!(out, "- {}", self.language.of(&change.sentence))
                .map_err(Error::unavailable)?;
        }
        done()
    }
}
