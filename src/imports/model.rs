//! From the bytes of a file to rows, pure: every wrong place with its line and column.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::NaiveDate;

use super::columns::Column;
use crate::codes::Code;
use crate::domain::facts::{EmploymentPeriod, EmploymentType, ExitReason, ExitRoute};
use crate::people::model::{ContactKind, FormerName, Name, contact_key};

/// One row, understood.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRow {
    /// Its line in the file, from 1.
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

/// A wrong place in the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowFault {
    /// Line, from 1.
    pub line: u64,
    /// The column's place in the file, from 1; 0 for the row as a whole.
    pub column: usize,
    /// The column's heading.
    pub heading: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl std::fmt::Display for RowFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {} ({}): {}", self.line, self.column, self.heading, self.message)
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
pub fn decode(bytes: &[u8], encoding: Encoding) -> Result<String, RowFault> {
    let utf8 = || std::str::from_utf8(bytes).ok().map(|text| text.trim_start_matches('\u{feff}').to_owned());
    let shift_jis = || {
        encoding_rs::SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes).map(|text| text.into_owned())
    };
    let (text, wanted) = match encoding {
        Encoding::Auto => (utf8().or_else(shift_jis), "UTF-8 or Shift_JIS"),
        Encoding::Utf8 => (utf8(), "UTF-8"),
        Encoding::ShiftJis => (shift_jis(), "Shift_JIS"),
    };
    text.ok_or_else(|| RowFault {
        line: 1,
        column: 0,
        heading: "file".to_owned(),
        message: format!("the file is not written in {wanted}"),
    })
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
            cells.refuse(Column::EmployeeNumber, format!("the same number and first day stand in line {first}"));
        }
        if cells.faults.is_empty() {
            rows.push(row);
        }
        faults.append(&mut cells.faults);
    }
    faults.sort();
    if faults.is_empty() { Ok(rows) } else { Err(faults) }
}

/// What stands under no heading: most often a comma in a text that is not quoted moved the cells on.
fn beyond(record: &csv::StringRecord, headings: usize) -> Option<RowFault> {
    let index = record.iter().skip(headings).position(|cell| !cell.is_empty())?;
    Some(RowFault {
        line: record.position().map_or(0, csv::Position::line),
        column: headings + index + 1,
        heading: "row".to_owned(),
        message: "stands under no heading; a text with a comma is put in quotes".to_owned(),
    })
}

fn whole(line: u64, error: &csv::Error) -> RowFault {
    RowFault { line, column: 0, heading: "row".to_owned(), message: error.to_string() }
}

/// Where each column stands.
fn places(headings: &csv::StringRecord) -> Result<BTreeMap<Column, usize>, Vec<RowFault>> {
    let (mut places, mut faults) = (BTreeMap::new(), Vec::new());
    for (index, heading) in headings.iter().enumerate() {
        let known = Column::ALL.iter().find(|column| heading == column.as_str() || heading == column.japanese());
        let fault = |message: String| RowFault { line: 1, column: index + 1, heading: heading.to_owned(), message };
        match known {
            Some(column) if places.insert(*column, index).is_some() => faults.push(fault("stands twice".to_owned())),
            Some(_) => {}
            None => faults.push(fault(format!("is not a column of an import; known are: {}", known_headings()))),
        }
    }
    for column in Column::ALL.iter().filter(|column| column.is_required() && !places.contains_key(column)) {
        faults.push(RowFault {
            line: 1,
            column: 0,
            heading: column.to_string(),
            message: format!("this column is needed ({})", column.japanese()),
        });
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

    fn refuse(&mut self, column: Column, message: String) {
        let place = self.places.get(&column).map_or(0, |index| index + 1);
        self.faults.push(RowFault { line: self.line(), column: place, heading: column.to_string(), message });
    }

    fn text(&mut self, column: Column) -> Option<String> {
        let text = self.record.get(*self.places.get(&column)?).filter(|text| !text.is_empty())?.to_owned();
        if text.chars().count() > LONGEST {
            self.refuse(column, format!("is longer than {LONGEST} characters"));
        }
        Some(text)
    }

    fn required(&mut self, column: Column) -> String {
        self.text(column).unwrap_or_else(|| {
            self.refuse(column, "is empty".to_owned());
            String::new()
        })
    }

    fn date(&mut self, column: Column) -> Option<NaiveDate> {
        let text = self.text(column)?;
        let read = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"]
            .iter()
            .find_map(|form| NaiveDate::parse_from_str(&text, form).ok());
        if read.is_none() {
            self.refuse(column, format!("'{text}' is not a date such as 2021-03-31"));
        }
        read
    }

    fn code<T: Code + FromStr>(&mut self, column: Column) -> Option<T> {
        let text = self.text(column)?;
        T::from_code(&text).map_err(|error| self.refuse(column, error.to_string())).ok()
    }

    fn yes_or_no(&mut self, column: Column) -> Option<bool> {
        let text = self.text(column)?;
        match text.to_lowercase().as_str() {
            "true" | "yes" | "1" | "はい" | "○" => Some(true),
            "false" | "no" | "0" | "いいえ" | "×" => Some(false),
            _ => {
                self.refuse(column, format!("'{text}' is neither yes nor no"));
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
                self.refuse(column, format!("'{value}' is not a contact of the kind {kind}"));
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
            self.refuse(Column::LastDay, "the last day is before the first".to_owned());
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
