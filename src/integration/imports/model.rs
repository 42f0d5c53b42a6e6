//! Rows of an import and their faults, pure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use okaeri_engine::facts::EmploymentPeriod;
use okaeri_engine::messages::{Said, imports};

use super::columns::Column;
use crate::platform::error::Fault;
use crate::records::people::model::{ContactKind, FormerName, Name, contact_key};

/// A parsed row.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRow {
    /// Its place in the file or request.
    pub place: Place,
    /// Employee number.
    pub employee_number: String,
    /// True if the row is about the person who has the number, even if name or date of birth
    /// differ.
    pub is_same_person: bool,
    /// The name.
    pub name: Name,
    /// Former names.
    pub former_names: Vec<FormerName>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// Ways to reach the person.
    pub contacts: Vec<(ContactKind, String)>,
    /// The employment period.
    pub period: EmploymentPeriod,
}

/// The place of a row in a file or a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Its index in the request.
    Request(usize),
    /// The line in which each cell begins, and the index of each column in the file.
    File(Vec<u64>, Arc<BTreeMap<Column, usize>>),
}

impl Place {
    /// Returns the line in the file, or the number of the row in the request, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        match self {
            Self::Request(index) => u64::try_from(*index).unwrap_or(u64::MAX).saturating_add(1),
            Self::File(lines, _) => lines.first().copied().unwrap_or_default(),
        }
    }

    /// Locates a fault relative to the row: by line and column in a file, by pointer in a request.
    #[must_use]
    pub fn fault(&self, fault: Fault, contacts: &[(ContactKind, String)]) -> RowFault {
        match self {
            Self::Request(index) => RowFault::of_row(self.line(), fault.below(&pointer_of(*index))),
            Self::File(lines, columns) => match Column::at(&fault.pointer, contacts) {
                Some(column) => located(lines, columns, column, fault),
                None => RowFault::of_row(self.line(), fault),
            },
        }
    }
}

fn located(
    lines: &[u64],
    columns: &BTreeMap<Column, usize>,
    column: Column,
    fault: Fault,
) -> RowFault {
    let index = columns.get(&column).copied();
    let line =
        index.and_then(|index| lines.get(index)).or(lines.first()).copied().unwrap_or_default();
    RowFault {
        line,
        column: index.map_or(0, |index| index + 1),
        heading: column.to_string(),
        fault,
    }
}

/// A fault of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The line in the file, or the number of the row in a request, from 1.
    pub line: u64,
    /// The number of the column in the file, from 1; 0 for the row as a whole.
    pub column: usize,
    /// The column's heading.
    pub heading: String,
    /// The fault, with its pointer in a request; in a file only line and column locate it.
    pub fault: Fault,
}

impl RowFault {
    /// Creates the fault of a cell.
    pub fn new(
        line: u64,
        column: usize,
        heading: impl Into<String>,
        code: &'static str,
        said: &impl Said,
    ) -> Self {
        Self { line, column, heading: heading.into(), fault: Fault::new("", code, said.words()) }
    }

    /// Creates the fault of a whole row.
    #[must_use]
    pub fn of_row(line: u64, fault: Fault) -> Self {
        Self { line, column: 0, heading: "row".to_owned(), fault }
    }

    /// Creates the fault of a whole file, found at this line.
    #[must_use]
    pub fn of_file(line: u64, code: &'static str, said: &impl Said) -> Self {
        Self::new(line, 0, "file", code, said)
    }
}

/// Returns the pointer of a row in a request.
fn pointer_of(index: usize) -> String {
    format!("/rows/{index}")
}

impl std::fmt::Display for RowFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "line {}, column {} ({}): {}",
            self.line, self.column, self.heading, self.fault.message.en
        )
    }
}

/// Code of the fault of a repeated row.
pub(super) const REPEATED: &str = "repeated";

/// Returns the faults of rows of a request that repeat the number and first day of an earlier row.
#[must_use]
pub fn repeated(rows: &[ImportRow]) -> Vec<RowFault> {
    let (mut faults, mut seen) = (Vec::new(), BTreeMap::new());
    for (index, row) in rows.iter().enumerate() {
        if let Some(first) = seen.insert((&row.employee_number, row.period.start), index) {
            let words = imports::SameRow { place: &pointer_of(first) }.words();
            faults.push(
                row.place.fault(Fault::new("/employee_number", REPEATED, words), &row.contacts),
            );
        }
    }
    faults
}

/// Returns the faults of contacts that are repeated in a row.
#[must_use]
pub fn repeated_contacts(row: &ImportRow) -> Vec<Fault> {
    let mut seen = BTreeSet::new();
    let contacts = row.contacts.iter().enumerate();
    let repeated =
        contacts.filter(|(_, (kind, value))| !seen.insert((*kind, contact_key(*kind, value))));
    repeated
        .map(|(index, _)| {
            Fault::new(format!("/contacts/{index}"), REPEATED, imports::CONTACT_TWICE)
        })
        .collect()
}
