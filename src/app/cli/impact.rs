//! `okaeri impact`.

use std::io::Write as _;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::Args;
use okaeri_engine::codes::Code as _;
use okaeri_engine::review::impact::Report;

use super::{acting, done, import};
use crate::app::config::DatabaseSettings;
use crate::platform::error::{Error, Result};
use crate::platform::ids::RegulationVersionId;
use crate::regulations::impacts::model::ImpactScope;
use crate::regulations::impacts::service::{self, New};

/// Print the impact of a version of a regulation on all people, or on all past applications.
/// Nothing is stored.
#[derive(Args)]
pub(super) struct Impact {
    /// The name of the organization
    #[arg(long)]
    organization: String,
    /// The version, usually a draft
    #[arg(long, value_name = "VERSION")]
    version: RegulationVersionId,
    /// The version to compare with; default is the newest other published one of the regulation
    #[arg(long, value_name = "VERSION")]
    against: Option<RegulationVersionId>,
    /// Decide past applications, with their own facts and dates, instead of all people on record
    #[arg(long)]
    applications: bool,
    /// The day on which people are assumed to apply; default is today
    #[arg(long, value_name = "DATE")]
    application_date: Option<NaiveDate>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: DatabaseSettings,
}

impl Impact {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let okaeri = acting::assemble(&self.database)?;
        let who = acting::system_of(&okaeri, &self.organization)?;
        let new = New {
            version: self.version,
            against: self.against,
            scope: if self.applications { ImpactScope::Applications } else { ImpactScope::People },
            application_date: self.application_date,
            keep_changes: false,
        };
        let (plan, _, total) = okaeri.read_now(&who, |tx| service::plan(tx, &new))?;
        let bar = import::bar(usize::try_from(total).unwrap_or_default());
        let report = service::stream(&okaeri, &who, &plan, service::TOLD_EVERY, |report, _| {
            bar.set_position(report.considered);
            Ok(true)
        })?;
        bar.finish_and_clear();
        let mut out = std::io::stdout().lock();
        let text = if self.json {
            serde_json::to_string_pretty(&report).map_err(Error::internal)?
        } else {
            table(&report)
        };
        writeln!(out, "{text}").map_err(Error::unavailable)?;
        done()
    }
}

fn table(report: &Report) -> String {
    let mut lines =
        vec![format!("{} decided, {} come out otherwise.", report.considered, report.changed)];
    lines.extend(report.verdicts.iter().map(|count| {
        let before = count.before.map_or("-", |verdict| verdict.as_str());
        format!("{before:>14} → {:<14}{:>10}", count.after.as_str(), count.count)
    }));
    if !report.clauses.is_empty() {
        lines.push(format!(
            "{:<30}{:>10}{:>13}{:>16}{:>12}{:>15}",
            "clause", "changed", "against now", "against before", "review now", "review before"
        ));
    }
    lines.extend(report.clauses.iter().map(|clause| {
        format!(
            "{:<30}{:>10}{:>13}{:>16}{:>12}{:>15}",
            clause.clause,
            clause.changed,
            clause.against_now,
            clause.against_before,
            clause.review_now,
            clause.review_before
        )
    }));
    lines.join("\n")
}
