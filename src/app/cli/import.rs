//! `okaeri import`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use okaeri_engine::messages::{Said as _, cli};

use super::{acting, complain, documents, done, say};
use crate::app::config::DatabaseSettings;
use crate::integration::imports::decode::{Encoding, decode};
use crate::integration::imports::model::{ImportRow, RowFault};
use crate::integration::imports::read::{known_headings, read};
use crate::integration::imports::service::{self, Report};
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::usecase::Okaeri;

/// Maximum number of rows in one file.
const MOST: usize = 200_000;

/// Import records from files of HR systems.
#[derive(Subcommand)]
pub(super) enum Import {
    /// People with their employment periods, from CSV in UTF-8 or Shift_JIS
    People(People),
}

/// Import people with their employment periods. The first line names the columns, in English
/// (employee_number, family_name, given_name, start_date, last_day, ...) or Japanese (社員番号, 姓, 名,
/// 入社日, 退職日, …). Employee numbers identify rows: importing a file twice changes nothing the second
/// time.
#[derive(Args)]
#[command(after_help = columns())]
pub(super) struct People {
    /// The CSV file, or `-` for standard input
    file: PathBuf,
    /// The name of the organization
    #[arg(long)]
    organization: String,
    /// Print the result without storing anything
    #[arg(long)]
    dry_run: bool,
    /// An employee number that belongs to the same person as on record, although name or date of
    /// birth differ
    #[arg(long, value_name = "NUMBER")]
    same_person: Vec<String>,
    /// The encoding of the file
    #[arg(long, value_enum, default_value_t = Encoding::Auto)]
    encoding: Encoding,
    #[command(flatten)]
    database: DatabaseSettings,
}

/// Returns the text on columns for `--help`.
fn columns() -> String {
    format!(
        "Columns: {}.\nCodes are taken by their names too, such as 正社員 for regular; a wrong one is told with all that there are.",
        known_headings()
    )
}

impl Import {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let Self::People(people) = self;
        people.run()
    }
}

impl People {
    fn run(&self) -> Result<ExitCode> {
        let bytes = documents::bytes(&self.file)?;
        let rows = match decode(&bytes, self.encoding).and_then(|text| read(&text)) {
            Ok(rows) => self.marked(rows),
            Err(faults) => return Ok(refuse(&faults)),
        };
        if rows.len() > MOST {
            return Err(Error::because(ProblemCode::TooLarge, cli::TooManyRows { most: &MOST }));
        }
        let okaeri = acting::assemble(&self.database)?;
        match write(&okaeri, &self.organization, rows, self.dry_run)? {
            Ok(report) => {
                let would = if self.dry_run { "would be " } else { "" };
                say(format_args!(
                    "{} {would}created, {} {would}updated, {} unchanged.",
                    report.created, report.updated, report.unchanged
                ))?;
                done()
            }
            Err(faults) => Ok(refuse(&faults)),
        }
    }
}

impl People {
    fn marked(&self, mut rows: Vec<ImportRow>) -> Vec<ImportRow> {
        for row in &mut rows {
            row.is_same_person = self.same_person.contains(&row.employee_number);
        }
        rows
    }
}

fn refuse(faults: &[RowFault]) -> ExitCode {
    for fault in faults {
        complain(fault);
    }
    complain(cli::PlacesWrong { count: &faults.len() }.words().en);
    ExitCode::from(2)
}

fn write(
    okaeri: &Okaeri,
    organization: &str,
    mut rows: Vec<ImportRow>,
    dry_run: bool,
) -> Result<std::result::Result<Report, Vec<RowFault>>> {
    let who = acting::system_of(okaeri, organization)?;
    let (all, to_write) = (rows.len(), okaeri.read_now(&who, |tx| service::to_write(tx, &rows))?);
    rows.retain(|row| to_write.contains(&row.employee_number));
    let on_record = all - rows.len();
    let bar = bar(rows.len());
    let (refused, report) =
        (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Report::default())));
    let (refused_inside, report_inside, bar_inside) =
        (Arc::clone(&refused), Arc::clone(&report), bar.clone());
    let written = okaeri.write_now(who, move |tx| {
        let mut faults = Vec::new();
        bar_inside.reset();
        let result = service::people(tx, &rows, &|| bar_inside.inc(1), &mut faults);
        *lock(&refused_inside) = faults;
        let mut report = result?;
        report.unchanged += on_record;
        *lock(&report_inside) = report;
        // A dry run does everything and is rolled back.
        if dry_run { Err(Error::new(ProblemCode::Conflict)) } else { Ok(()) }
    });
    bar.finish_and_clear();
    let (faults, report) = (std::mem::take(&mut *lock(&refused)), *lock(&report));
    match written {
        Err(error) if error.code != ProblemCode::Conflict => Err(error),
        Ok(()) | Err(_) => Ok(if faults.is_empty() { Ok(report) } else { Err(faults) }),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Creates a progress bar, shown only on a terminal.
pub(super) fn bar(rows: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(
        u64::try_from(rows).ok(),
        ProgressDrawTarget::stderr_with_hz(10),
    );
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} rows, {eta} left") {
        bar.set_style(style);
    }
    bar
}
