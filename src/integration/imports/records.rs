//! Parser of comma-separated values (RFC 4180) that records the line of each cell. A misplaced
//! quotation mark is refused, since otherwise several rows could be read as one.

use okaeri_engine::messages::imports;

use super::model::RowFault;

/// A cell of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    /// Its text without surrounding white space.
    pub(super) text: String,
    /// The line in which it begins, from 1.
    pub(super) line: u64,
}

/// A row of cells; never empty.
pub(super) type Record = Vec<Cell>;

/// Parses all rows that are not blank. Fails at the place after which rows cannot be separated.
pub(super) fn records(text: &str) -> Result<Vec<Record>, Vec<RowFault>> {
    let mut reader = Reader { rest: text, line: 1 };
    let (mut records, mut record): (Vec<Record>, Record) = (Vec::new(), Vec::new());
    while !reader.rest.is_empty() {
        record.push(reader.cell(record.len() + 1)?);
        if !reader.takes(',') {
            reader.end_line();
        } else if reader.rest.is_empty() {
            record.push(Cell { text: String::new(), line: reader.line });
        } else {
            continue;
        }
        // Spreadsheets append rows of commas.
        let whole = std::mem::take(&mut record);
        records.extend(whole.iter().any(|cell| !cell.text.is_empty()).then_some(whole));
    }
    Ok(records)
}

struct Reader<'a> {
    rest: &'a str,
    line: u64,
}

impl<'a> Reader<'a> {
    fn takes(&mut self, character: char) -> bool {
        let after = self.rest.strip_prefix(character);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    /// Skips the end of a line: LF, CR or CRLF.
    fn end_line(&mut self) {
        let is_carriage_return = self.takes('\r');
        if self.takes('\n') || is_carriage_return {
            self.line += 1;
        }
    }

    /// Returns the text before the first of these characters.
    fn until(&mut self, ends: &[char]) -> &'a str {
        let (before, rest) = self.rest.split_at(self.rest.find(ends).unwrap_or(self.rest.len()));
        self.rest = rest;
        before
    }

    fn cell(&mut self, column: usize) -> Result<Cell, Vec<RowFault>> {
        let line = self.line;
        if self.takes('"') {
            let text = self.quoted(column)?;
            return Ok(Cell { text: text.trim().to_owned(), line });
        }
        let text = self.until(&[',', '"', '\r', '\n']);
        if self.rest.starts_with('"') {
            return Err(vec![RowFault::new(
                line,
                column,
                "row",
                "stray_quote",
                &imports::STRAY_QUOTE,
            )]);
        }
        Ok(Cell { text: text.trim().to_owned(), line })
    }

    /// Parses the text after an opening quotation mark up to the closing one.
    fn quoted(&mut self, column: usize) -> Result<String, Vec<RowFault>> {
        let (opened, mut text) = (self.line, String::new());
        loop {
            text.push_str(self.until(&['"', '\r', '\n']));
            if self.rest.is_empty() {
                let said = imports::QUOTE_NOT_CLOSED;
                return Err(vec![RowFault::new(opened, column, "row", "quote_not_closed", &said)]);
            }
            if self.takes('"') {
                if !self.takes('"') {
                    break;
                }
                text.push('"');
            } else {
                self.end_line();
                text.push('\n');
            }
        }
        // Some spreadsheets pad columns with blanks.
        self.rest = self.rest.trim_start_matches(' ');
        if self.rest.is_empty() || self.rest.starts_with([',', '\r', '\n']) {
            return Ok(text);
        }
        let said = imports::AfterQuote { line: &opened };
        Err(vec![RowFault::new(self.line, column, "row", "after_quote", &said)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<(String, u64)>> {
        let records = records(text).unwrap();
        records
            .into_iter()
            .map(|record| record.into_iter().map(|cell| (cell.text, cell.line)).collect())
            .collect()
    }

    fn pairs(of: &[(&str, u64)]) -> Vec<(String, u64)> {
        of.iter().map(|(text, line)| ((*text).to_owned(), *line)).collect()
    }

    fn place(text: &str) -> (u64, usize, String) {
        let fault = records(text).unwrap_err().remove(0);
        (fault.line, fault.column, fault.fault.code.into_owned())
    }

    #[test]
    fn lines_are_counted_as_they_stand_in_the_file() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "", ",,", "\"x", "y\",z", "c,d"].join(end);
            let expected = [
                pairs(&[("a", 1), ("b", 1)]),
                pairs(&[("x\ny", 4), ("z", 5)]),
                pairs(&[("c", 6), ("d", 6)]),
            ];
            assert_eq!(cells(&text), expected, "{end:?}");
        }
    }

    #[test]
    fn quoted_cells_hold_commas_and_quotation_marks() {
        assert_eq!(
            cells("\"a, b\",\"c \"\"d\"\"\" ,\n"),
            [pairs(&[("a, b", 1), ("c \"d\"", 1), ("", 1)])]
        );
        assert_eq!(cells("a,"), [pairs(&[("a", 1), ("", 1)])]);
        assert_eq!(cells(""), Vec::<Vec<(String, u64)>>::new());
    }

    #[test]
    fn a_quotation_mark_out_of_place_is_refused_at_its_place() {
        assert_eq!(place("a,b\n1,\"x\n2,y\n"), (2, 2, "quote_not_closed".to_owned()));
        assert_eq!(place("a,b\n1,\"x\n2,\"y\"\n"), (3, 2, "after_quote".to_owned()));
        assert_eq!(place("a,b\n1,x \"y\" z\n"), (2, 2, "stray_quote".to_owned()));
    }
}
