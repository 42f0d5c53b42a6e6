//! `okaeri boundaries`.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;
use okaeri_engine::document::TravellingCase;
use okaeri_engine::document::rendering::Language;
use okaeri_engine::messages::{Said as _, boundary};
use okaeri_engine::review::boundary::{BoundaryCase, BoundaryCases, MOST_CASES};

use super::{documents, done};
use crate::platform::error::{Error, Result};

/// Print people at the bounds of a regulation, with its decision on each: for every comparison of
/// every requirement, one just below, exactly at and just above its bound, one who is named and one
/// who is not, and one whose fact is unknown. Uses no database.
#[derive(Args)]
pub(super) struct Boundaries {
    /// The regulation's document: a JSON file, `-` for standard input, or a code of the library
    /// such as R01
    #[arg(value_name = "REGULATION")]
    regulation: String,
    /// Print JSON for the `cases` of the document, with the actual answers as the expected ones
    #[arg(long)]
    json: bool,
    /// `ja` or `en`
    #[arg(long = "lang", default_value = "ja")]
    language: Language,
}

impl Boundaries {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let found = documents::named(&self.regulation)?.boundary_cases(MOST_CASES);
        let text = if self.json {
            let cases: Vec<TravellingCase> =
                found.cases.into_iter().map(BoundaryCase::travelling).collect();
            serde_json::to_string_pretty(&cases).map_err(Error::internal)?
        } else {
            self.shown(&found)
        };
        writeln!(std::io::stdout().lock(), "{}", text.trim_end()).map_err(Error::unavailable)?;
        done()
    }

    /// Renders one line per case: clause, position relative to the bound, answers, and a
    /// description of the person.
    fn shown(&self, found: &BoundaryCases) -> String {
        let widest =
            found.cases.iter().map(|case| case.clause.chars().count()).max().unwrap_or_default();
        let mut text = String::new();
        for case in &found.cases {
            // `to_string` first, since padding applies to strings only.
            let [at, truth, outcome, verdict] = [
                case.at.to_string(),
                case.truth.to_string(),
                case.outcome.to_string(),
                case.verdict.to_string(),
            ];
            let title = self.language.of(&case.title);
            let clause = &case.clause;
            text.push_str(&format!(
                "{clause:widest$}  {at:12}  {truth:7}  {outcome:15}  {verdict:12}  {title}\n"
            ));
        }
        let count = &found.cases.len();
        let words = if found.complete {
            boundary::Complete { count }.words()
        } else {
            boundary::Incomplete { count }.words()
        };
        text.push_str(self.language.of(&words));
        text
    }
}
