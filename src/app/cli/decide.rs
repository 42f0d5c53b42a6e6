//! `okaeri decide`.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use okaeri_engine::facts::Facts;
use okaeri_engine::messages::cli;
use okaeri_engine::meter::Meter;
use serde::Serialize;

use super::lines::{self, Detail};
use super::{acting, documents, done};
use crate::app::config::DatabaseSettings;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::ids::DecisionId;
use crate::regulations::decisions;

/// Decide facts by a regulation, and print the decision document. Exits 0 whatever the verdict, and
/// 2 with a pointer to every fault when a document is invalid. Uses no database, except with
/// `--verify`, which exits 1 when the answer of a stored decision is not reproduced, or its
/// document was changed.
#[derive(Args)]
pub(super) struct Decide {
    /// The regulation's document: a JSON file, or `-` for standard input
    #[arg(long, value_name = "FILE", required_unless_present_any = ["library", "verify"], conflicts_with = "library")]
    regulation: Option<PathBuf>,
    /// Use a regulation of the library instead, by its code, such as R01
    #[arg(long, value_name = "CODE")]
    library: Option<String>,
    /// The facts: a JSON file, or `-` for standard input
    #[arg(long, value_name = "FILE", required_unless_present = "verify")]
    facts: Option<PathBuf>,
    /// Decide many people: one person per line in the facts (JSON Lines) and in the output
    #[arg(long, value_enum, value_name = "DETAIL", conflicts_with_all = ["applicant", "pretty", "verify"])]
    lines: Option<Detail>,
    /// Decide as the applicant may read it, without anything confidential
    #[arg(long)]
    applicant: bool,
    /// Indent the output; without this option the bytes are those that are stored
    #[arg(long)]
    pretty: bool,
    /// Decide a stored decision again, and print whether its answer and its words are reproduced
    #[arg(long, value_name = "DECISION", requires = "organization", conflicts_with_all = ["regulation", "library", "facts"])]
    verify: Option<DecisionId>,
    /// The name of the organization, with `--verify`
    #[arg(long, requires = "verify")]
    organization: Option<String>,
    #[command(flatten)]
    database: DatabaseSettings,
}

impl Decide {
    pub(super) fn run(&self) -> Result<ExitCode> {
        if let (Some(decision), Some(organization)) = (self.verify, &self.organization) {
            return self.verify(decision, organization);
        }
        let (regulation, facts) = match (&self.library, &self.regulation, &self.facts) {
            (Some(code), _, Some(facts)) => (documents::from_library(code)?, facts),
            (None, Some(file), Some(facts)) => (documents::from_file(file)?, facts),
            (_, _, None) | (None, None, Some(_)) => {
                return Err(Error::because(ProblemCode::Invalid, cli::REGULATION_AND_FACTS));
            }
        };
        if let Some(detail) = self.lines {
            return lines::decide(&regulation, facts, detail);
        }
        let named = facts;
        let facts: Facts = documents::read(named, "Facts")?;
        let judged = regulation.document().can_judge(&facts);
        judged.map_err(|faults| documents::wrong(named, ProblemCode::Invalid, faults))?;
        let decision = if self.applicant {
            regulation.decide_for_applicant(&facts)
        } else {
            regulation.decide(&facts)
        };
        self.print(&decision)?;
        done()
    }

    fn verify(&self, decision: DecisionId, organization: &str) -> Result<ExitCode> {
        let okaeri = acting::assemble(&self.database)?;
        let who = acting::system_of(&okaeri, organization)?;
        let stored = okaeri.read_now(&who, |tx| decisions::service::stored(tx, decision))?;
        let verification = stored.verified(&Meter::unlimited())?;
        self.print(&verification)?;
        Ok(if verification.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn print(&self, answer: &impl Serialize) -> Result<()> {
        let text = if self.pretty {
            serde_json::to_string_pretty(answer)
        } else {
            serde_json::to_string(answer)
        };
        writeln!(std::io::stdout().lock(), "{}", text.map_err(Error::internal)?)
            .map_err(Error::unavailable)
    }
}
