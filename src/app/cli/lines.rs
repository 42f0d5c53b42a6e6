//! `okaeri decide --lines`: decides many people at once, one per line.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::ValueEnum;
use okaeri_engine::decide::{Compiled, Evaluation};
use okaeri_engine::facts::Facts;
use okaeri_engine::words::Fault;
use serde::Serialize;

use super::documents;
use crate::platform::error::{Error, Result};

/// Level of detail of the output per person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Detail {
    /// The verdict, the outcome of each clause, and the facts that are missing
    Compact,
    /// The same, with a sentence for each clause in both languages
    Explained,
}

/// Output for a line that cannot be parsed.
#[derive(Serialize)]
struct WrongLine {
    line: usize,
    errors: Vec<Fault>,
}

/// Decides the facts on each line, and writes one line of output for each, in the same order. An
/// invalid line yields its faults, and makes the exit code 2.
pub(super) fn decide(regulation: &Compiled, facts: &Path, detail: Detail) -> Result<ExitCode> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (mut evaluation, mut answer, mut is_any_wrong) =
        (Evaluation::default(), String::new(), false);
    for (index, line) in lines(facts)?.enumerate() {
        let line = line.map_err(|error| documents::not_read(facts, &error))?;
        if line.trim().is_empty() {
            continue;
        }
        answer.clear();
        match read(regulation, &line) {
            Ok(facts) => {
                regulation.evaluate_into(&facts, &mut evaluation);
                match detail {
                    Detail::Compact => regulation.write_compact(&evaluation, &mut answer),
                    Detail::Explained => {
                        regulation.write_explained(&facts, &evaluation, &mut answer)
                    }
                }
            }
            Err(errors) => {
                is_any_wrong = true;
                let wrong = WrongLine { line: index + 1, errors };
                answer = serde_json::to_string(&wrong).map_err(Error::internal)?;
            }
        }
        writeln!(out, "{answer}").map_err(Error::unavailable)?;
    }
    out.flush().map_err(Error::unavailable)?;
    Ok(if is_any_wrong { ExitCode::from(2) } else { ExitCode::SUCCESS })
}

fn lines(file: &Path) -> Result<Box<dyn Iterator<Item = std::io::Result<String>>>> {
    if file == Path::new("-") {
        return Ok(Box::new(std::io::stdin().lines()));
    }
    let opened = std::fs::File::open(file).map_err(|error| documents::not_read(file, &error))?;
    Ok(Box::new(BufReader::new(opened).lines()))
}

fn read(regulation: &Compiled, line: &str) -> Result<Facts, Vec<Fault>> {
    let facts = serde_json::from_str(line).map_err(|error| match serde_json::from_str(line) {
        Ok(json) => documents::faults(&json, "Facts", &error),
        Err(_) => vec![documents::invalid_value(&error)],
    })?;
    regulation.document().can_judge(&facts)?;
    Ok(facts)
}
