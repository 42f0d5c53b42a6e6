//! The checks of a version, and the answers to their errors: reasons to publish nevertheless.

use okaeri_engine::canonical;
use okaeri_engine::messages::{Said as _, refusals, regulations};
use okaeri_engine::review::check::{CheckFinding, CheckReport, check_json};
use okaeri_engine::words::{Fault, Words};
use serde_json::{Value, json};

use super::store::{self, AnswerRow, VersionRow};
use super::versions;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::ids::RegulationVersionId;
use crate::platform::outbox::EventType;
use crate::platform::usecase::{ExpectedVersion, Tx};

/// An answer to an error, and whether it is still valid.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The stored answer.
    pub row: AnswerRow,
    /// True if the error still exists and its subject has not changed since the answer.
    pub stands: bool,
}

/// The reason to publish a draft despite an error.
#[derive(Debug, Clone)]
pub struct Reason {
    /// The code of the finding.
    pub code: String,
    /// Its place in the document.
    pub pointer: String,
    /// Reason why the version can be published nevertheless.
    pub reason: String,
}

/// Returns a version and the stored answers to its errors.
///
/// # Errors
/// `not_found`.
pub fn stored(tx: &mut Tx<'_>, id: RegulationVersionId) -> Result<(VersionRow, Vec<AnswerRow>)> {
    Ok((versions::whole(tx, id)?, store::answers(tx.conn, tx.organization(), id)?))
}

/// Checks the current document of a version. Returns the findings, and for each answer whether it
/// is still valid. Takes time, but needs no connection.
#[must_use]
pub fn of_version(row: &VersionRow, answers: Vec<AnswerRow>) -> (CheckReport, Vec<Answer>) {
    let report = check_json(&row.document.0);
    let stands = |answer: &AnswerRow| {
        report.errors().any(|finding| answers_it(answer, finding, &row.document.0))
    };
    let answers = answers.into_iter().map(|row| Answer { stands: stands(&row), row }).collect();
    (report, answers)
}

/// Records an answer to an error in this report on a draft; replaces an earlier answer.
///
/// # Errors
/// `not_found`, `stale_version`, `version_immutable` once published, `invalid` when the checks
/// report no such error.
pub fn answer(
    tx: &mut Tx<'_>,
    id: RegulationVersionId,
    expected: ExpectedVersion,
    (checked, report): (&VersionRow, &CheckReport),
    given: &Reason,
) -> Result<Answer> {
    let row = versions::draft(tx, id, expected)?;
    expected.check(checked.version)?;
    if given.reason.trim().is_empty() {
        return Err(Error::invalid_field("/reason", "empty", refusals::reason_required::UNBLOCK));
    }
    let finding = report
        .errors()
        .find(|finding| finding.code == given.code && finding.pointer == given.pointer);
    let Some(finding) = finding else {
        return Err(Error::invalid_field("/pointer", "no_such_error", regulations::NO_SUCH_ERROR));
    };
    let answer = AnswerRow {
        organization_id: tx.organization(),
        version_id: id,
        code: given.code.clone(),
        pointer: given.pointer.clone(),
        about: about(finding, &row.document.0),
        reason: given.reason.trim().to_owned(),
        answered_by: tx.who.actor.clone(),
        at: tx.now,
    };
    store::put_answer(tx.conn, &answer)?;
    tx.record(
        EventType::RegulationVersionCheckAnswered,
        id,
        &json!({"code": answer.code, "pointer": answer.pointer}),
    )?;
    Ok(Answer { row: answer, stands: true })
}

/// Fails while an error is unanswered.
///
/// # Errors
/// `checks_unanswered` with each such error and its place.
pub(super) fn require_answers(
    tx: &mut Tx<'_>,
    id: RegulationVersionId,
    report: &CheckReport,
    document: &Value,
) -> Result<()> {
    if report.errors == 0 {
        return Ok(());
    }
    let answers = store::answers(tx.conn, tx.organization(), id)?;
    let unanswered: Vec<Fault> = report
        .errors()
        .filter(|finding| !answers.iter().any(|answer| answers_it(answer, finding, document)))
        .map(|finding| Fault {
            pointer: finding.pointer.clone(),
            code: finding.code.clone(),
            message: said(finding),
        })
        .collect();
    // An error that the report had no room for cannot be answered.
    let is_listed = report.errors == report.errors().count();
    if unanswered.is_empty() && is_listed {
        Ok(())
    } else {
        Err(Error::new(ProblemCode::ChecksUnanswered).with_faults(unanswered))
    }
}

/// Returns the message of a finding, with its legal basis if there is one.
fn said(finding: &CheckFinding) -> Words {
    let message = &finding.message;
    match &finding.legal_basis {
        Some(basis) => regulations::ByLaw { message, basis }.words(),
        None => message.clone(),
    }
}

fn answers_it(answer: &AnswerRow, finding: &CheckFinding, document: &Value) -> bool {
    answer.code == finding.code
        && answer.pointer == finding.pointer
        && answer.about == about(finding, document)
}

/// Returns the SHA-256 of the clauses that a finding is about, or of its place if it is about none.
fn about(finding: &CheckFinding, document: &Value) -> String {
    let articles = document.get("articles").and_then(Value::as_array).into_iter().flatten();
    let clauses = articles
        .flat_map(|article| article.get("clauses").and_then(Value::as_array).into_iter().flatten());
    let named = |clause: &&Value| {
        let id = clause.get("id").and_then(Value::as_str);
        id.is_some_and(|id| finding.clauses.iter().any(|known| known == id))
    };
    let about: Vec<&Value> = clauses.filter(named).collect();
    if about.is_empty() {
        return canonical::hash(document.pointer(&finding.pointer).unwrap_or(document));
    }
    canonical::hash(&json!(about))
}
