//! The command line: a client of the same use cases as the API.
//!
//! Exit codes: 0 success, 1 failure (or `lint` found an error), 2 invalid input, 141 the reader of
//! the output is gone.

mod acting;
mod boundaries;
mod decide;
mod demo;
mod documents;
mod impact;
mod import;
mod law;
mod library;
mod lines;
mod lint;
mod migrate;
mod openapi;
mod organization;
mod render;
mod serve;
mod token;

use std::fmt::Display;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::platform::error::{Error, ProblemCode, Result};

/// Rehire regulations as a program, and the pipeline from re-application to offer.
#[derive(Parser)]
#[command(name = "okaeri", version, about, long_about = None, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Try Okaeri: serve a synthetic company in a new database, with requests to paste
    Demo(demo::Demo),
    /// Serve the API and its docs page
    Serve(serve::Serve),
    /// Migrate the database to the newest schema
    Migrate(migrate::Migrate),
    /// Print the OpenAPI document, or compare it with the committed one
    Openapi(openapi::Openapi),
    /// Create an organization with its first administrator
    #[command(subcommand)]
    Organization(organization::Organization),
    /// Issue a token for a user
    Token(token::Token),
    /// Decide facts by a regulation, without a database
    Decide(decide::Decide),
    /// List or print the published regulations included in Okaeri
    Library(library::Library),
    /// Print a regulation as text
    Render(render::Render),
    /// Print the differences of two versions in sentences
    Diff(render::Diff),
    /// Print the impact of a draft
    Impact(impact::Impact),
    /// Check a return against the law
    Law(law::Law),
    /// Check a regulation for contradictions, gaps, wording and law, without a database
    Lint(lint::Lint),
    /// Print people at the bounds of a regulation, with its decision on each
    Boundaries(boundaries::Boundaries),
    /// Import records from files of HR systems
    #[command(subcommand)]
    Import(import::Import),
}

/// Runs a command.
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    let done = match cli.command {
        Command::Demo(command) => command.run(),
        Command::Serve(command) => command.run(),
        Command::Decide(command) => command.run(),
        Command::Lint(command) => command.run(),
        Command::Boundaries(command) => command.run(),
        Command::Migrate(command) => command.run(),
        Command::Openapi(command) => command.run(),
        Command::Organization(command) => command.run(),
        Command::Token(command) => command.run(),
        Command::Import(command) => command.run(),
        Command::Impact(command) => command.run(),
        Command::Law(command) => command.run(),
        Command::Library(command) => command.run(),
        Command::Render(command) => command.run(),
        Command::Diff(command) => command.run(),
    };
    match done {
        Ok(code) => code,
        // The reader of the output has closed it.
        Err(error) if is_reader_gone(&error) => ExitCode::from(READER_GONE),
        Err(error) => {
            complain(format_args!("okaeri: {}", said(&error)));
            ExitCode::from(if error.code.status() == 422 { 2 } else { 1 })
        }
    }
}

/// Returns the text of an error for the terminal; unlike over HTTP it may contain the cause.
fn said(error: &Error) -> String {
    let is_ours = matches!(error.code, ProblemCode::Internal | ProblemCode::Unavailable);
    match error.cause() {
        Some(cause) if is_ours => {
            std::iter::successors(Some(cause as &dyn std::error::Error), |error| error.source())
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(": ")
        }
        Some(_) | None => error.to_string(),
    }
}

/// Exit code when the reader of the output is gone: the one that a shell shows for SIGPIPE.
const READER_GONE: u8 = 141;

fn is_reader_gone(error: &Error) -> bool {
    let cause = error.cause().and_then(|cause| cause.downcast_ref::<std::io::Error>());
    cause.is_some_and(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}

/// Writes a line to standard output.
///
/// # Errors
/// Fails when it cannot be written, such as when the reader is gone.
fn say(line: impl Display) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(Error::unavailable)
}

/// Writes a line to standard error, if it is open.
fn complain(line: impl Display) {
    drop(writeln!(std::io::stderr().lock(), "{}", harmless(&line.to_string())));
}

/// Escapes control characters, since a text may quote a file and must not control the terminal.
fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() && !['\n', '\t'].contains(&letter) {
            out.extend(letter.escape_default());
        } else {
            out.push(letter);
        }
    }
    out
}

/// Ends a command successfully.
fn done() -> Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
