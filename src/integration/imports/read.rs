//! Parses the rows of a file; every fault has its line and column.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use chrono::{Datelike as _, NaiveDate};
use okaeri_engine::codes::Code;
use okaeri_engine::facts::{
    EmploymentPeriod, EmploymentType, ExitReason, ExitRoute, Labelled, date_fault,
};
use okaeri_engine::messages::{Said, imports};
use okaeri_engine::text::{LongText, Text, TextFault};

use super::columns::Column;
use super::model::{ImportRow, Place, REPEATED, RowFault};
use super::records::{Cell, Record, records};
use crate::platform::error::Fault;
use crate::records::people::model::{ContactKind, FormerName, Name};
use crate::records::people::service::contact_fault;

/// Parses all rows.
///
/// # Errors
/// Every fault of the file; if the rows cannot be separated, only the first.
pub fn read(text: &str) -> Result<Vec<ImportRow>, Vec<RowFault>> {
    let records = records(text)?;
    let (headings, records) = records.split_first().ok_or_else(|| missing(&BTreeMap::new()))?;
    let columns = Arc::new(columns(headings)?);
    let (mut rows, mut faults, mut seen) = (Vec::new(), Vec::new(), BTreeMap::new());
    for record in records {
        let mut cells = Cells { record, columns: &columns, faults: Vec::new() };
        let row = cells.row();
        cells.faults.extend(beyond(record, headings.len()));
        cells.faults.extend(
            record
                .iter()
                .enumerate()
                .filter_map(|(index, cell)| swallowed(index, cell, headings.len())),
        );
        let again = seen.insert((row.employee_number.clone(), row.period.start), row.place.line());
        if let Some(first) = again.filter(|_| cells.faults.is_empty()) {
            cells.refuse(Column::EmployeeNumber, REPEATED, &imports::SameLine { line: &first });
        }
        if cells.faults.is_empty() {
            rows.push(row);
        }
        faults.append(&mut cells.faults);
    }
    if records.is_empty() {
        faults.push(RowFault::of_file(1, "no_rows", &imports::NO_ROWS));
    }
    faults.sort_by_key(|fault| (fault.line, fault.column));
    if faults.is_empty() { Ok(rows) } else { Err(faults) }
}

/// Returns the fault of a cell without a heading: usually an unquoted comma has shifted the cells.
fn beyond(record: &[Cell], headings: usize) -> Option<RowFault> {
    let (index, cell) =
        record.iter().enumerate().skip(headings).find(|(_, cell)| !cell.text.is_empty())?;
    Some(RowFault::new(cell.line, index + 1, "row", "no_heading", &imports::BEYOND))
}

/// Returns the fault of a cell that contains a line with as many commas as a row: a quotation mark
/// was not closed, and a later one ended the text.
fn swallowed(index: usize, cell: &Cell, headings: usize) -> Option<RowFault> {
    let mut lines = cell.text.split('\n').skip(1);
    let is_swallowed = headings > 1 && lines.any(|line| line.matches(',').count() >= headings - 1);
    let said = imports::SwallowedRow { line: &cell.line };
    is_swallowed.then(|| RowFault::new(cell.line, index + 1, "row", "swallowed_row", &said))
}

/// Returns the index of each column.
fn columns(headings: &Record) -> Result<BTreeMap<Column, usize>, Vec<RowFault>> {
    let (mut columns, mut faults) = (BTreeMap::new(), Vec::new());
    for (index, Cell { text, line }) in headings.iter().enumerate() {
        let mut refuse = |code, said: &dyn Said| {
            let fault = Fault::new("", code, said.words());
            faults.push(RowFault { line: *line, column: index + 1, heading: text.clone(), fault });
        };
        match Column::ALL.iter().find(|column| column.is_called(text)) {
            Some(column) if columns.insert(*column, index).is_some() => {
                refuse("repeated", &imports::TWICE)
            }
            Some(_) => {}
            None => refuse("unknown_column", &imports::NotAColumn { known: &known_headings() }),
        }
    }
    faults.extend(missing(&columns));
    if faults.is_empty() { Ok(columns) } else { Err(faults) }
}

/// Returns the faults of required columns that are missing.
fn missing(columns: &BTreeMap<Column, usize>) -> Vec<RowFault> {
    let missing =
        Column::ALL.iter().filter(|column| column.is_required() && !columns.contains_key(column));
    let fault = |column: &Column| {
        let said = imports::ColumnNeeded { heading: &column.japanese() };
        RowFault::new(1, 0, column.as_str(), "column_needed", &said)
    };
    missing.map(fault).collect()
}

/// Returns the headings of all columns in both languages.
#[must_use]
pub fn known_headings() -> String {
    let known =
        Column::ALL.iter().map(|column| format!("{} ({})", column.as_str(), column.japanese()));
    known.collect::<Vec<_>>().join(", ")
}

struct Cells<'a> {
    record: &'a Record,
    columns: &'a Arc<BTreeMap<Column, usize>>,
    faults: Vec<RowFault>,
}

impl<'a> Cells<'a> {
    fn place(&self) -> Place {
        Place::File(self.record.iter().map(|cell| cell.line).collect(), Arc::clone(self.columns))
    }

    fn refuse(&mut self, column: Column, code: &'static str, said: &impl Said) {
        self.refuse_for(column, Fault::new("", code, said.words()));
    }

    fn refuse_for(&mut self, column: Column, fault: Fault) {
        let fault = Fault { pointer: column.pointer().to_owned(), ..fault };
        let fault = self.place().fault(fault, &[]);
        self.faults
            .push(RowFault { fault: Fault { pointer: String::new(), ..fault.fault }, ..fault });
    }

    /// Returns the cell of a column as written; none if it is empty.
    fn written(&mut self, column: Column) -> Option<&'a str> {
        let cell = self.record.get(*self.columns.get(&column)?)?;
        if cell.text.contains(char::REPLACEMENT_CHARACTER) {
            self.refuse(column, "lost_characters", &imports::LOST_CHARACTERS);
        }
        Some(cell.text.as_str()).filter(|text| !text.is_empty())
    }

    fn text<T: FromStr<Err = TextFault>>(&mut self, column: Column) -> Option<T> {
        match self.written(column)?.parse() {
            Ok(text) => Some(text),
            Err(fault) => {
                self.refuse_for(column, fault.at(""));
                None
            }
        }
    }

    /// Returns text that may have several lines, such as a job title.
    fn lines(&mut self, column: Column) -> Option<String> {
        self.text::<LongText<100>>(column).map(String::from)
    }

    fn required(&mut self, column: Column) -> Text<100> {
        if self.written(column).is_none() {
            self.refuse(column, "empty", &imports::EMPTY);
        }
        self.text(column).unwrap_or_else(|| Text::stored(String::new()))
    }

    fn date(&mut self, column: Column) -> Option<NaiveDate> {
        let text: Text<100> = self.text(column)?;
        let Some(date) = date_of(&text) else {
            self.refuse(column, "wrong_format", &imports::NotADate { text: &text.as_str() });
            return None;
        };
        if let Some(fault) = date_fault(date, "") {
            let said = imports::DateOutOfRange { text: &text.as_str() };
            self.refuse_for(column, Fault { message: said.words(), ..fault });
            return None;
        }
        Some(date)
    }

    /// Parses a code, given as such or by its name in either language.
    fn code<T: Code + Labelled>(&mut self, column: Column) -> Option<T> {
        let text: Text<100> = self.text(column)?;
        let is_meant = |code: &T| code.as_str() == text.as_str() || code.label().is_said_by(&text);
        let code = T::ALL.iter().copied().find(is_meant);
        if code.is_none() {
            let known =
                T::ALL.iter().map(|code| format!("{} ({})", code.as_str(), code.label().ja));
            let known = known.collect::<Vec<_>>().join(", ");
            self.refuse(
                column,
                "unknown_code",
                &imports::NotACode { text: &text.as_str(), known: &known },
            );
        }
        code
    }

    fn yes_or_no(&mut self, column: Column) -> Option<bool> {
        let text: Text<100> = self.text(column)?;
        match text.to_lowercase().as_str() {
            "true" | "yes" | "1" | "はい" | "有" | "○" | "常勤" | "full-time" => Some(true),
            "false" | "no" | "0" | "いいえ" | "無" | "×" | "非常勤" | "part-time" => {
                Some(false)
            }
            _ => {
                self.refuse(
                    column,
                    "wrong_value",
                    &imports::NeitherYesNorNo { text: &text.as_str() },
                );
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
        let former =
            former.map(|family| FormerName { family, given: name.given.clone(), until: None });
        ImportRow {
            place: self.place(),
            employee_number: self.required(Column::EmployeeNumber).into(),
            is_same_person: false,
            former_names: former.into_iter().collect(),
            name,
            birth_date: self.date(Column::BirthDate),
            contacts: self.contacts(),
            period: self.period(),
        }
    }

    fn contacts(&mut self) -> Vec<(ContactKind, String)> {
        let mut contacts = Vec::new();
        for (column, kind) in
            [(Column::Email, ContactKind::Email), (Column::Phone, ContactKind::Phone)]
        {
            let Some(value) = self.text::<Text<100>>(column) else { continue };
            if let Some(fault) = contact_fault(kind, &value, "") {
                self.refuse_for(column, fault);
            }
            contacts.push((kind, value.into()));
        }
        contacts
    }

    fn period(&mut self) -> EmploymentPeriod {
        if self.written(Column::StartDate).is_none() {
            self.refuse(Column::StartDate, "empty", &imports::EMPTY);
        }
        let start = self.date(Column::StartDate);
        let last_day = self.date(Column::LastDay);
        if start.zip(last_day).is_some_and(|(start, last)| last < start) {
            self.refuse(Column::LastDay, "last_day_before_start", &imports::LAST_DAY_BEFORE_FIRST);
        }
        EmploymentPeriod {
            employment_type: self.code::<EmploymentType>(Column::EmploymentType),
            full_time: self.yes_or_no(Column::FullTime),
            job_family: self.lines(Column::JobFamily),
            grade: self.lines(Column::Grade),
            rank: self.lines(Column::Rank),
            exit_route: self.code::<ExitRoute>(Column::ExitRoute),
            exit_reason_recorded: self.code::<ExitReason>(Column::ExitReason),
            ..EmploymentPeriod::new(start.unwrap_or_default(), last_day)
        }
    }
}

/// Parses a date with a four-digit year; two-digit years are not guessed.
fn date_of(text: &str) -> Option<NaiveDate> {
    let is_year = text.len() > 4 && text.bytes().take(4).all(|byte| byte.is_ascii_digit());
    let forms = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"];
    let date = forms.iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok());
    date.filter(|date| is_year && date.year() <= 9999)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        "社員番号,姓,名,入社日,退職日,雇用形態\n001,佐藤,花子,2017-04-01,2021/03/31,regular\n";

    #[test]
    fn every_wrong_place_is_named_with_line_and_column() {
        let text = "employee_number,family_name,given_name,start_date,last_day,employment_type\n\
                    1,佐藤,,2017-04-01,2016-03-31,regular\n\
                    2,鈴木,一,2017-13-01,,boss\n";
        let faults: Vec<_> =
            read(text).unwrap_err().into_iter().map(|fault| (fault.line, fault.column)).collect();
        assert_eq!(faults, [(2, 3), (2, 5), (3, 4), (3, 6)]);
    }

    #[test]
    fn codes_are_read_by_their_names_too() {
        let text = "社員番号,姓,名,入社日,雇用形態,常勤,退職区分,退職事由\n\
                    1,佐藤,花子,2017-04-01,正社員,常勤,自己都合,配偶者の転勤\n\
                    2,鈴木,一郎,2017-04-01,Fixed-Term,非常勤,contract_expiry,介護\n";
        let rows = read(text).unwrap();
        let found = |row: &ImportRow| {
            let period = &row.period;
            (
                period.employment_type,
                period.full_time,
                period.exit_route,
                period.exit_reason_recorded,
            )
        };
        let regular = (Some(EmploymentType::Regular), Some(true), Some(ExitRoute::Resignation));
        assert_eq!(
            found(&rows[0]),
            (regular.0, regular.1, regular.2, Some(ExitReason::SpouseTransfer))
        );
        let fixed = (Some(EmploymentType::FixedTerm), Some(false), Some(ExitRoute::ContractExpiry));
        assert_eq!(found(&rows[1]), (fixed.0, fixed.1, fixed.2, Some(ExitReason::Care)));
    }

    #[test]
    fn no_heading_is_that_of_two_columns() {
        for column in Column::ALL {
            let headings = [column.as_str(), column.japanese()]
                .into_iter()
                .chain(column.others().iter().copied());
            for heading in headings {
                assert_eq!(
                    Column::ALL.iter().filter(|one| one.is_called(heading)).count(),
                    1,
                    "{heading}"
                );
            }
        }
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
    fn a_file_of_headings_alone_is_refused() {
        let headings = GOOD.lines().next().unwrap();
        for text in [headings.to_owned(), format!("{headings}\n,,,,,\n")] {
            let faults = read(&text).unwrap_err();
            let found: Vec<_> =
                faults.iter().map(|fault| (fault.line, fault.column, &*fault.fault.code)).collect();
            assert_eq!(found, [(1, 0, "no_rows")]);
        }
    }

    #[test]
    fn a_number_stands_once_for_each_first_day() {
        let twice = format!("{GOOD}001,佐藤,花子,2017-04-01,2021-03-31,regular\n");
        assert_eq!(read(&twice).unwrap_err()[0].line, 3);
    }

    #[test]
    fn a_year_has_four_digits_and_lies_in_a_life() {
        for (text, code) in [
            ("85/4/1", "wrong_format"),
            ("0085/4/1", "date_out_of_range"),
            ("1085/4/1", "date_out_of_range"),
            ("+12010-04-01", "wrong_format"),
            ("12010-04-01", "wrong_format"),
            ("令和6年4月1日", "wrong_format"),
        ] {
            let faults =
                read(&format!("社員番号,姓,名,入社日,生年月日\n1,佐藤,花子,2017-04-01,{text}\n"))
                    .unwrap_err();
            let found: Vec<_> =
                faults.iter().map(|fault| (fault.line, fault.column, &*fault.fault.code)).collect();
            assert_eq!(found, [(2, 5, code)], "{text}");
        }
    }

    #[test]
    fn a_row_within_a_cell_is_a_quotation_mark_that_was_not_closed() {
        let text = "社員番号,姓,名,入社日,役職\nU1,甲,一,2010/4/1,\"課長\nU2,乙,二,2011/4/1,\"\nU3,丙,三,2012/4/1,\n";
        let faults = read(text).unwrap_err();
        assert_eq!(
            (faults[0].line, faults[0].column, &*faults[0].fault.code),
            (2, 5, "swallowed_row")
        );
        let titled =
            "社員番号,姓,名,入社日,役職\nU1,甲,一,2010/4/1,\"部長\n（兼務, \"\"特命\"\")\"\n";
        assert_eq!(
            read(titled).unwrap()[0].period.rank.as_deref(),
            Some("部長\n（兼務, \"特命\")")
        );
    }

    #[test]
    fn names_and_numbers_are_one_line_that_is_seen() {
        let row = |number: &str, family: &str| {
            format!("社員番号,姓,名,入社日\n{number},{family},花子,2017-04-01\n")
        };
        for (text, column, code) in [
            (row("1", "\u{200b}"), 2, "blank"),
            (row("1\u{0}", "佐藤"), 1, "forbidden_character"),
            (row("1", "\"佐\n藤\""), 2, "line_break"),
            (row("1", "佐\u{fffd}"), 2, "lost_characters"),
        ] {
            let fault = &read(&text).unwrap_err()[0];
            assert_eq!((fault.column, &*fault.fault.code), (column, code));
        }
    }
}
