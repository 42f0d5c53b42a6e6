//! `okaeri lint`.

use std::io::Write as _;
use std::process::ExitCode;

use okaeri_engine::messages::{Said, lint};
use okaeri_engine::review::check::{
    CheckFinding, CheckReport, PointState, ProfilePoint, check_json,
};

use super::documents;
use crate::platform::error::{Error, Result};
use clap::Args;

/// Check a regulation: contradictions, clauses without effect, wording and figures, the law of its
/// jurisdiction. Exits 0 when no error was found, 1 when one was, and 2 when the document cannot be
/// read. Uses no database.
#[derive(Args)]
pub(super) struct Lint {
    /// The regulation's document: a JSON file, `-` for standard input, or a code of the library
    /// such as R01
    #[arg(value_name = "FILE")]
    regulation: String,
    /// Print the whole report as JSON
    #[arg(long)]
    json: bool,
}

impl Lint {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let report = check_json(&documents::json_named(&self.regulation)?);
        let text = if self.json {
            serde_json::to_string_pretty(&report).map_err(Error::internal)?
        } else {
            shown(&report)
        };
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", text.trim_end()).map_err(Error::unavailable)?;
        Ok(ExitCode::from(u8::from(report.errors > 0)))
    }
}

/// Renders the report as text in both languages.
fn shown(report: &CheckReport) -> String {
    let mut text: String = report.findings.iter().map(finding).collect();
    if !report.profile.is_empty() {
        let title = lint::PROFILE;
        text.push_str(&format!("{} / {}\n", title.ja, title.en));
        text.extend(report.profile.iter().map(point));
        text.push('\n');
    }
    let (errors, warnings, notices) = (&report.errors, &report.warnings, &report.notices);
    let counts = lint::Counts { errors, warnings, notices }.words();
    text.push_str(&format!("{}\n{}\n", counts.ja, counts.en));
    text
}

fn finding(finding: &CheckFinding) -> String {
    let clauses = if finding.clauses.is_empty() {
        String::new()
    } else {
        format!(" ({})", finding.clauses.join(", "))
    };
    let mut text = format!("{} {} {}{clauses}\n", finding.severity, finding.code, finding.pointer);
    text.push_str(&both(&finding.message));
    let examples = finding.witness.iter().flat_map(|witness| &witness.values);
    text.extend(
        examples.map(|one| both(&lint::Example { measure: &one.measure, value: &one.value })),
    );
    text.extend(finding.repair.iter().map(|repair| both(&lint::Repair { repair })));
    text.extend(finding.legal_basis.iter().map(|basis| both(&lint::Basis { basis })));
    text.push('\n');
    text
}

fn both(said: &dyn Said) -> String {
    let words = said.words();
    format!("    {}\n    {}\n", words.ja, words.en)
}

fn point(point: &ProfilePoint) -> String {
    let state = match point.state {
        PointState::Met => lint::MET,
        PointState::NotMet => lint::NOT_MET,
        PointState::NotStated => lint::NOT_STATED,
    };
    both(&lint::Point { title: &point.title, state: &state })
}
