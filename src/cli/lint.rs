//! `okaeri lint`.

use std::io::Write as _;
use std::process::ExitCode;

use super::documents;
use crate::domain::check::{CheckFinding, CheckReport, PointState, ProfilePoint, check_json};
use crate::domain::words::Words;
use crate::error::{Error, Result};
use clap::Args;

/// Check a regulation: contradictions, clauses without effect, words and figures, the law of its jurisdiction.
/// Exits 0 when no error was found, 1 when one was, and 2 when the document cannot be read. No database is touched.
#[derive(Args)]
pub(super) struct Lint {
    /// The regulation's document, a JSON file; `-` for standard input; or a code of the library, such as R01
    #[arg(value_name = "FILE")]
    regulation: String,
    /// The whole report as JSON
    #[arg(long)]
    json: bool,
}

impl Lint {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let report = check_json(&documents::json_named(&self.regulation)?);
        let text =
            if self.json { serde_json::to_string_pretty(&report).map_err(Error::internal)? } else { shown(&report) };
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", text.trim_end()).map_err(Error::unavailable)?;
        Ok(ExitCode::from(u8::from(report.errors > 0)))
    }
}

/// The report for a person to read, in both languages.
fn shown(report: &CheckReport) -> String {
    let mut text: String = report.findings.iter().map(finding).collect();
    if !report.profile.is_empty() {
        text.push_str("再雇用者評価処遇コースの7項目 / the seven points of the former subsidy (not law)\n");
        text.extend(report.profile.iter().map(point));
        text.push('\n');
    }
    let counts = (report.errors, report.warnings, report.notices);
    text.push_str(&format!("誤り{}・警告{}・参考{}\n", counts.0, counts.1, counts.2));
    text.push_str(&format!("errors: {}, warnings: {}, notices: {}\n", counts.0, counts.1, counts.2));
    text
}

fn finding(finding: &CheckFinding) -> String {
    let clauses = if finding.clauses.is_empty() { String::new() } else { format!(" ({})", finding.clauses.join(", ")) };
    let mut text = format!("{} {} {}{clauses}\n", finding.severity, finding.code, finding.pointer);
    text.push_str(&both(&finding.message, "", ""));
    if let Some(witness) = &finding.witness {
        for one in &witness.values {
            text.push_str(&format!("    例 {}: {}\n", one.measure.ja, one.value.ja));
            text.push_str(&format!("    example, {}: {}\n", one.measure.en, one.value.en));
        }
    }
    text.extend(finding.repair.iter().map(|words| both(words, "対処: ", "repair: ")));
    text.extend(finding.legal_basis.iter().map(|words| both(words, "根拠: ", "basis: ")));
    text.push('\n');
    text
}

fn both(words: &Words, ja: &str, en: &str) -> String {
    format!("    {ja}{}\n    {en}{}\n", words.ja, words.en)
}

fn point(point: &ProfilePoint) -> String {
    let (ja, en) = match point.state {
        PointState::Met => ("満たす", "met"),
        PointState::NotMet => ("満たさない", "not met"),
        PointState::NotStated => ("定めなし・確認が必要", "not stated, or to be checked"),
    };
    format!("    {}: {ja}\n    {}: {en}\n", point.title.ja, point.title.en)
}
