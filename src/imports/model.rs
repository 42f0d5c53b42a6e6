//! Rows to import, pure, and how they are read of the bytes of a file: every wrong place with its line and column.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use chrono::NaiveDate;

use super::columns::Column;
use crate::codes::Code;
use crate::domain::facts::{EmploymentPeriod, EmploymentType, ExitReason, ExitRoute};
use crate::error::Fault;
use crate::messages::{Said, imports};
use crate::people::model::{ContactKind, FormerName, Name, contact_key};

/// One row, understood.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRow {
    /// Its line in the file, or its place in the request, from 1.
    pub line: u64,
    /// Employee number.
    pub employee_number: String,
    /// The name.
    pub name: Name,
    /// Names before.
    pub former_names: Vec<FormerName>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// How to reach them.
    pub contacts: Vec<(ContactKind, String)>,
    /// The employment period.
    pub period: EmploymentPeriod,
}

/// A wrong place of what is imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The line of the row, from 1.
    pub line: u64,
    /// The column's place in the file, from 1; 0 for the row as a whole.
    pub column: usize,
    /// The column's heading.
    pub heading: String,
    /// What is wrong, and where below the row; the cells of a file are known by their column alone.
    pub fault: Fault,
}

impl RowFault {
    fn new(line: u64, column: usize, heading: impl Into<String>, code: &'static str, said: &impl Said) -> Self {
        Self { line, column, heading: heading.into(), fault: Fault::new("", code, said.words()) }
    }

    /// A fault of a row as a whole, or of a place below it.
    #[must_use]
    pub fn of_row(line: u64, fault: Fault) -> Self {
        Self { line, column: 0, heading: "row".to_owned(), fault }
    }

    /// The same, where the row stands in a request.
    #[must_use]
    pub fn in_request(self) -> Fault {
        self.fault.below(&place_of(self.line))
    }
}

/// Where a row stands in a request.
fn place_of(line: u64) -> String {
    format!("/rows/{}", line.saturating_sub(1))
}

impl std::fmt::Display for RowFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {} ({}): {}", self.line, self.column, self.heading, self.fault.message.en)
    }
}

/// How the file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Encoding {
    /// UTF-8 if it is, else Shift_JIS.
    Auto,
    /// UTF-8, with or without a mark.
    Utf8,
    /// Shift_JIS, with the extensions of Windows.
    ShiftJis,
}

/// The text of a file.
///
/// # Errors
/// The fault, at the file as a whole, when it is not in this encoding.
pub fn decode(bytes: &[u8], encoding: Encoding) -> Result<String, Vec<RowFault>> {
    let utf8 = || std::str::from_utf8(bytes).ok().map(|text| text.trim_start_matches('\u{feff}').to_owned());
    let shift_jis = || {
        encoding_rs::SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes).map(|text| text.into_owned())
    };
    let (text, wanted) = match encoding {
        Encoding::Auto => (utf8().or_else(shift_jis), "UTF-8 or Shift_JIS"),
        Encoding::Utf8 => (utf8(), "UTF-8"),
        Encoding::ShiftJis => (shift_jis(), "Shift_JIS"),
    };
    let said = imports::NotInThisEncoding { wanted: &wanted };
    text.ok_or_else(|| vec![RowFault::new(1, 0, "file", "wrong_encoding", &said)])
}

/// The longest cell: what the API takes of a name.
const LONGEST: usize = 100;

/// Reads all rows.
///
/// # Errors
/// Every wrong place of the file.
pub fn read(text: &str) -> Result<Vec<ImportRow>, Vec<RowFault>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let headings = reader.headers().cloned().map_err(|error| vec![whole(1, &error)])?;
    let places = places(&headings)?;
    let (mut rows, mut faults, mut seen) = (Vec::new(), Vec::new(), BTreeMap::new());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                faults.push(whole(error.position().map_or(0, csv::Position::line), &error));
                continue;
            }
        };
        // Spreadsheets end with rows of commas.
        if record.iter().all(str::is_empty) {
            continue;
        }
        let mut cells = Cells { record: &record, places: &places, faults: Vec::new() };
        let row = cells.row();
        cells.faults.extend(beyond(&record, headings.len()));
        let again = seen.insert((row.employee_number.clone(), row.period.start), row.line);
        if let Some(first) = again.filter(|_| cells.faults.is_empty()) {
            cells.refuse(Column::EmployeeNumber, REPEATED, &imports::SameLine { line: &first });
        }
        if cells.faults.is_empty() {
            rows.push(row);
        }
        faults.append(&mut cells.faults);
    }
    faults.sort_by_key(|fault| (fault.line, fault.column));
    if faults.is_empty() { Ok(rows) } else { Err(faults) }
}

/// What stands under no heading: most often a comma in a text that is not quoted moved the cells on.
fn beyond(record: &csv::StringRecord, headings: usize) -> Option<RowFault> {
    let index = record.iter().skip(headings).position(|cell| !cell.is_empty())?;
    let line = record.position().map_or(0, csv::Position::line);
    Some(RowFault::new(line, headings + index + 1, "row", "no_heading", &imports::BEYOND))
}

fn whole(line: u64, error: &csv::Error) -> RowFault {
    RowFault::new(line, 0, "row", "not_read", &imports::NotRead { error: &format_args!("{error}") })
}

/// The code of a row that stands twice.
const REPEATED: &str = "repeated";

/// Rows that have the number and first day of one before them.
#[must_use]
pub fn repeated(rows: &[ImportRow]) -> Vec<RowFault> {
    let (mut faults, mut seen) = (Vec::new(), BTreeMap::new());
    for row in rows {
        if let Some(first) = seen.insert((&row.employee_number, row.period.start), row.line) {
            let words = imports::SameRow { place: &place_of(first) }.words();
            faults.push(RowFault::of_row(row.line, Fault::new("/employee_number", REPEATED, words)));
        }
    }
    faults
}

/// Contacts that stand twice in a row.
#[must_use]
pub fn repeated_contacts(row: &ImportRow) -> Vec<Fault> {
    let mut seen = BTreeSet::new();
    let contacts = row.contacts.iter().enumerate();
    let repeated = contacts.filter(|(_, (kind, value))| !seen.insert((*kind, contact_key(*kind, value))));
    repeated.map(|(index, _)| Fault::new(format!("/contacts/{index}"), REPEATED, imports::CONTACT_TWICE)).collect()
}

/// Where each column stands.
fn places(headings: &csv::StringRecord) -> Result<BTreeMap<Column, usize>, Vec<RowFault>> {
    let (mut places, mut faults) = (BTreeMap::new(), Vec::new());
    for (index, heading) in headings.iter().enumerate() {
        let known = Column::ALL.iter().find(|column| heading == column.as_str() || heading == column.japanese());
        match known {
            Some(column) if places.insert(*column, index).is_some() => {
                faults.push(RowFault::new(1, index + 1, heading, REPEATED, &imports::TWICE));
            }
            Some(_) => {}
            None => {
                let said = imports::NotAColumn { known: &known_headings() };
                faults.push(RowFault::new(1, index + 1, heading, "unknown_column", &said));
            }
        }
    }
    for column in Column::ALL.iter().filter(|column| column.is_required() && !places.contains_key(column)) {
        let said = imports::ColumnNeeded { heading: &column.japanese() };
        faults.push(RowFault::new(1, 0, column.as_str(), "column_needed", &said));
    }
    if faults.is_empty() { Ok(places) } else { Err(faults) }
}

fn known_headings() -> String {
    Column::ALL.iter().map(|column| column.as_str()).collect::<Vec<_>>().join(", ")
}

struct Cells<'a> {
    record: &'a csv::StringRecord,
    places: &'a BTreeMap<Column, usize>,
    faults: Vec<RowFault>,
}

impl Cells<'_> {
    fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    fn refuse(&mut self, column: Column, code: &'static str, said: &impl Said) {
        let place = self.places.get(&column).map_or(0, |index| index + 1);
        self.faults.push(RowFault::new(self.line(), place, column.as_str(), code, said));
    }

    fn text(&mut self, column: Column) -> Option<String> {
        let text = self.record.get(*self.places.get(&column)?).filter(|text| !text.is_empty())?.to_owned();
        if text.chars().count() > LONGEST {
            self.refuse(column, "too_long", &imports::TooLong { most: &LONGEST });
        }
        Some(text)
    }

    fn required(&mut self, column: Column) -> String {
        self.text(column).unwrap_or_else(|| {
            self.refuse(column, "empty", &imports::EMPTY);
            String::new()
        })
    }

    fn date(&mut self, column: Column) -> Option<NaiveDate> {
        let text = self.text(column)?;
        let read = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"]
            .iter()
            .find_map(|form| NaiveDate::parse_from_str(&text, form).ok());
        if read.is_none() {
            self.refuse(column, "wrong_format", &imports::NotADate { text: &text });
        }
        read
    }

    fn code<T: Code + FromStr>(&mut self, column: Column) -> Option<T> {
        let text = self.text(column)?;
        T::from_code(&text)
            .map_err(|error| {
                let known = error.known.join(", ");
                self.refuse(column, "unknown_code", &imports::NotACode { text: &text, known: &known });
            })
            .ok()
    }

    fn yes_or_no(&mut self, column: Column) -> Option<bool> {
        let text = self.text(column)?;
        match text.to_lowercase().as_str() {
            "true" | "yes" | "1" | "はい" | "○" => Some(true),
            "false" | "no" | "0" | "いいえ" | "×" => Some(false),
            _ => {
                self.refuse(column, "wrong_value", &imports::NeitherYesNorNo { text: &text });
                None
            }
        }
    }

    fn row(&mut self) -> ImportRow {
        let name = Name {
            family: self.required(Column::FamilyName),
            given: self.required(Column::GivenName),
            family_kana: self.text(Column::FamilyKana),
            given_kana: self.text(Column::GivenKana),
            family_romaji: self.text(Column::FamilyRomaji),
            given_romaji: self.text(Column::GivenRomaji),
        };
        let former = self.text(Column::FormerFamilyName);
        ImportRow {
            line: self.line(),
            employee_number: self.required(Column::EmployeeNumber),
            former_names: former
                .map(|family| FormerName { family, given: name.given.clone(), until: None })
                .into_iter()
                .collect(),
            name,
            birth_date: self.date(Column::BirthDate),
            contacts: self.contacts(),
            period: self.period(),
        }
    }

    fn contacts(&mut self) -> Vec<(ContactKind, String)> {
        let mut contacts = Vec::new();
        for (column, kind) in [(Column::Email, ContactKind::Email), (Column::Phone, ContactKind::Phone)] {
            let Some(value) = self.text(column) else { continue };
            if contact_key(kind, &value).is_empty() || (kind == ContactKind::Email && !value.contains('@')) {
                let said = imports::NotAContact { text: &value, kind: &format_args!("{kind}") };
                self.refuse(column, "not_a_contact", &said);
            }
            contacts.push((kind, value));
        }
        contacts
    }

    fn period(&mut self) -> EmploymentPeriod {
        self.required(Column::StartDate);
        let start = self.date(Column::StartDate).unwrap_or_default();
        let last_day = self.date(Column::LastDay);
        if last_day.is_some_and(|last| last < start) {
            self.refuse(Column::LastDay, "last_day_before_start", &imports::LAST_DAY_BEFORE_FIRST);
        }
        EmploymentPeriod {
            employment_type: self.code::<EmploymentType>(Column::EmploymentType),
            full_time: self.yes_or_no(Column::FullTime),
            job_family: self.text(Column::JobFamily),
            grade: self.text(Column::Grade),
            rank: self.text(Column::Rank),
            exit_route: self.code::<ExitRoute>(Column::ExitRoute),
            exit_reason_recorded: self.code::<ExitReason>(Column::ExitReason),
            ..EmploymentPeriod::new(start, last_day)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "社員番号,姓,名,入社日,退職日,雇用形態\n001,佐藤,花子,2017-04-01,2021/03/31,regular\n";

    #[test]
    fn japanese_headings_and_shift_jis_are_read() {
        let (bytes, _, _) = encoding_rs::SHIFT_JIS.encode(GOOD);
        let rows = read(&decode(&bytes, Encoding::Auto).unwrap()).unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].name.family, "佐藤");
        assert_eq!(rows[0].period.last_day, NaiveDate::from_ymd_opt(2021, 3, 31));
        assert!(decode(&bytes, Encoding::Utf8).is_err());
    }

    #[test]
    fn every_wrong_place_is_named_with_line_and_column() {
        let text = "employee_number,family_name,given_name,start_date,last_day,employment_type\n\
                    1,佐藤,,2017-04-01,2016-03-31,regular\n\
                    2,鈴木,一,2017-13-01,,boss\n";
        let faults: Vec<_> = read(text).unwrap_err().into_iter().map(|fault| (fault.line, fault.column)).collect();
        assert_eq!(faults, [(2, 3), (2, 5), (3, 4), (3, 6)]);
    }

    #[test]
    fn unknown_and_missing_columns_are_refused_before_any_row() {
        let faults = read("employee_number,nickname\n1,x\n").unwrap_err();
        assert!(faults.iter().any(|fault| fault.column == 2 && fault.heading == "nickname"));
        assert_eq!(faults.len(), 4);
    }

    #[test]
    fn blank_rows_are_passed_over_and_cells_are_bounded() {
        assert_eq!(read(&format!("{GOOD},,,,,\n")).unwrap().len(), 1);
        let long = GOOD.replace("花子", &"花".repeat(101));
        let fault = &read(&long).unwrap_err()[0];
        assert_eq!((fault.line, fault.column), (2, 3));
    }

    #[test]
    fn a_number_stands_once_for_each_first_day() {
        let twice = format!("{GOOD}001,佐藤,花子,2017-04-01,2021-03-31,regular\n");
        assert_eq!(read(&twice).unwrap_err()[0].line, 3);
    }
}
