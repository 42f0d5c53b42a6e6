//! The head of a document: parameters that have no value on a day that counts, and what is found of
//! its tables.

use super::document::Outline;
use super::findings::Findings;
use super::{CheckFinding, CheckSeverity, WitnessValue};
use crate::document::Document;
use crate::messages::{Said as _, check_head};
use crate::values::table::{TableFinding, TableFindingCode, TableSeverity};
use crate::values::terms::Parameter;

/// Answers whether every table was looked through to its end.
pub(super) fn check(outline: &Outline<'_>, findings: &mut Findings) -> bool {
    let document = outline.document;
    for (index, parameter) in document.parameters.iter().enumerate() {
        findings.extend(without_value(document, parameter, index));
    }
    let mut is_complete = true;
    for checked in document.check_tables() {
        is_complete &= checked.complete;
        let Some(index) = document.tables.iter().position(|table| table.id == checked.table) else {
            continue;
        };
        // That a check is not complete is said once, of the whole report.
        let found = checked
            .findings
            .iter()
            .filter(|finding| finding.code != TableFindingCode::ChecksIncomplete);
        findings.extend(found.map(|finding| of_table(finding, index, &checked.table)));
    }
    is_complete
}

/// A parameter that begins only on some day: cases before it are not decided.
fn without_value(document: &Document, parameter: &Parameter, index: usize) -> Option<CheckFinding> {
    let first = parameter.values.first()?.from?;
    if document.effective_from.is_some_and(|from| from >= first) {
        return None;
    }
    let severity = if document.effective_from.is_some() {
        CheckSeverity::Error
    } else {
        CheckSeverity::Warning
    };
    let label = &parameter.label;
    let found = CheckFinding::new(
        "parameter_without_value",
        severity,
        format!("/parameters/{index}/values/0"),
        check_head::NoValueBefore { day: &first, parameter: &label }.words(),
    );
    Some(found.mended_by(check_head::LEAVE_THE_DAY_OUT))
}

fn of_table(finding: &TableFinding, index: usize, table: &str) -> CheckFinding {
    let severity = match finding.severity {
        TableSeverity::Notice => CheckSeverity::Notice,
        TableSeverity::Warning => CheckSeverity::Warning,
        TableSeverity::Error => CheckSeverity::Error,
    };
    let place = finding.rows.first().map(|row| format!("/rows/{row}")).unwrap_or_default();
    let words = check_head::OfTable { finding: &finding.message, table: &table }.words();
    let mut found = CheckFinding::new("table", severity, format!("/tables/{index}{place}"), words);
    found.code = format!("table_{}", finding.code).into();
    let witness: Vec<WitnessValue> = finding
        .witness
        .iter()
        .map(|side| {
            let value = as_written(&side.cell);
            WitnessValue { measure: side.input.words(), value: value.words() }
        })
        .collect();
    if !witness.is_empty() {
        found = found.shown_by(witness);
    }
    if !finding.repair.is_empty() {
        let rows: Vec<String> = finding.repair.iter().map(as_written).collect();
        let rows = rows.join(", ");
        found = found.mended_by(check_head::AddRows { rows: &rows }.words());
    }
    found
}

/// As the document would have it.
fn as_written(of: &impl serde::Serialize) -> String {
    serde_json::to_string(of).unwrap_or_default()
}
