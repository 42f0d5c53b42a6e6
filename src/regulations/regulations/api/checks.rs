//! The checks (点検) of a regulation and the answers to their errors.

use actix_web::{get, post, put, web};
use okaeri_engine::review::boundary::{BoundaryCases, MOST_CASES};
use okaeri_engine::review::check::{CheckReport, check_json};
use okaeri_engine::text::{LongText, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::DocumentIn;
use crate::platform::auth::may;
use crate::platform::clock::Timestamp;
use crate::platform::error::{ProblemCode, Result};
use crate::platform::http::{Allowed, Body, DocumentBody, IfMatch, operation};
use crate::platform::ids::RegulationVersionId;
use crate::regulations::regulations::checks::{self, Answer, Reason};
use crate::regulations::regulations::versions;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::{InvalidRegulation, VersionImmutable};
    config
        .service(operation(may::WriteRegulations, check_regulation, &[InvalidRegulation]))
        .service(operation(may::WriteRegulations, get_regulation_checks, &[]))
        .service(operation(may::PublishRegulations, answer_regulation_check, &[VersionImmutable]))
        .service(operation(may::WriteRegulations, get_boundary_cases, &[]));
}

/// The findings of the checks of a version, and the answers to them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegulationChecks, example = json!({
    "report": {"complete": true, "errors": 1, "warnings": 0, "notices": 0, "findings": [{
        "code": "age_limit_jp", "severity": "error", "pointer": "/articles/2/clauses/0/condition", "clauses": ["age"],
        "message": {"ja": "募集・採用に年齢の上限を設けています。", "en": "Hiring is limited by an upper age."},
        "legal_basis": {"ja": "労働施策総合推進法第9条", "en": "Labour Policy Comprehensive Promotion Act, art. 9"}}]},
    "answers": []
}))]
pub struct ChecksOut {
    /// The findings.
    pub report: CheckReport,
    /// The answers to errors, ordered by place.
    pub answers: Vec<CheckAnswerOut>,
}

/// An answer to an error of the checks: the reason why the version can be published nevertheless.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegulationCheckAnswer, example = json!({
    "code": "age_limit_jp", "pointer": "/articles/2/clauses/0/condition", "reason": "法令により就業が制限されている職種に限る。",
    "answered_by": "usr_0198c5f0a1b27c3d8e4f5a6b7c8d9e02", "answered_at": "2026-04-01T00:00:00.000000Z", "stands": true
}))]
pub struct CheckAnswerOut {
    /// The code of the finding.
    pub code: String,
    /// Its place in the document.
    pub pointer: String,
    /// The reason.
    pub reason: String,
    /// The user who answered.
    pub answered_by: String,
    /// Time of the answer.
    pub answered_at: Timestamp,
    /// True if the error still exists and its subject has not changed since the answer.
    pub stands: bool,
}

impl From<Answer> for CheckAnswerOut {
    fn from(Answer { row, stands }: Answer) -> Self {
        Self {
            code: row.code,
            pointer: row.pointer,
            reason: row.reason,
            answered_by: row.answered_by,
            answered_at: row.at,
            stands,
        }
    }
}

/// An answer to an error of the checks.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegulationCheckAnswerInput, example = json!({
    "code": "age_limit_jp", "pointer": "/articles/2/clauses/0/condition", "reason": "法令により就業が制限されている職種に限る。"
}))]
pub struct CheckAnswerIn {
    /// The code of the finding.
    #[schema(inline)]
    pub code: Text<100>,
    /// Its place in the document.
    #[schema(inline)]
    pub pointer: LongText<1000, 0>,
    /// Reason why the version can be published nevertheless.
    #[schema(inline)]
    pub reason: LongText<2000>,
}

/// Check a document
///
/// Checks for contradictions, clauses without effect, wording and figures, the law of the
/// jurisdiction, and the seven points of the former subsidy. Nothing is stored. A document that
/// cannot be parsed is reported too, each invalid field as an error.
#[utoipa::path(operation_id = "checkRegulation", tag = "regulations", request_body = DocumentIn,
    responses((status = 200, description = "The findings", body = CheckReport)))]
#[post("/regulation-checks")]
async fn check_regulation(
    _may: Allowed<may::WriteRegulations>,
    DocumentBody(body, pass): DocumentBody<DocumentIn>,
) -> Result<web::Json<CheckReport>> {
    Ok(web::Json(pass.run(move |_| Ok(check_json(&body.document))).await?))
}

/// Read the checks of a version
///
/// Returns the findings for its current document, with the answers to its errors.
#[utoipa::path(operation_id = "getRegulationChecks", tag = "regulations",
    responses((status = 200, description = "The findings", body = ChecksOut)))]
#[get("/regulation-versions/{version_id}/checks")]
async fn get_regulation_checks(
    may: Allowed<may::WriteRegulations>,
    id: web::Path<RegulationVersionId>,
) -> Result<web::Json<ChecksOut>> {
    let id = id.into_inner();
    let pass = may.pass().await?;
    let (row, answers) = may.read(move |tx| checks::stored(tx, id)).await?;
    let (report, answers) = pass.run(move |_| Ok(checks::of_version(&row, answers))).await?;
    Ok(web::Json(ChecksOut {
        report,
        answers: answers.into_iter().map(CheckAnswerOut::from).collect(),
    }))
}

/// Read the boundary cases of a version
///
/// Returns complete facts of people at the bounds of each requirement, with the version's decision
/// on each: just below, exactly at and just above a bound, named and not named, and with the fact
/// unknown. They are computed on each request from the first of its cases that is eligible.
#[utoipa::path(operation_id = "getBoundaryCases", tag = "regulations",
    responses((status = 200, description = "The cases", body = BoundaryCases)))]
#[get("/regulation-versions/{version_id}/boundary-cases")]
async fn get_boundary_cases(
    may: Allowed<may::WriteRegulations>,
    id: web::Path<RegulationVersionId>,
) -> Result<web::Json<BoundaryCases>> {
    let id = id.into_inner();
    let pass = may.pass().await?;
    let version = may.read(move |tx| versions::compiled(tx, id)).await?;
    Ok(web::Json(
        pass.run(move |meter| Ok(version.boundary_cases_within(MOST_CASES, meter))).await?,
    ))
}

/// Answer an error of the checks
///
/// Records the reason why a draft can be published nevertheless. The answer is valid until its
/// subject changes; a new answer to the same error replaces it.
#[utoipa::path(operation_id = "answerRegulationCheck", tag = "regulations", request_body = CheckAnswerIn,
    params(("If-Match" = String, Header, description = "The ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "The answer", body = CheckAnswerOut)))]
#[put("/regulation-versions/{version_id}/check-answers")]
async fn answer_regulation_check(
    may: Allowed<may::PublishRegulations>,
    id: web::Path<RegulationVersionId>,
    IfMatch(expected): IfMatch,
    Body(body): Body<CheckAnswerIn>,
) -> Result<web::Json<CheckAnswerOut>> {
    let id = id.into_inner();
    let given =
        Reason { code: body.code.into(), pointer: body.pointer.into(), reason: body.reason.into() };
    let pass = may.pass().await?;
    let row = may.read(move |tx| versions::draft(tx, id, expected)).await?;
    let (row, report) = pass
        .run(move |_| {
            let report = check_json(&row.document.0);
            Ok((row, report))
        })
        .await?;
    let answer =
        may.write(move |tx| checks::answer(tx, id, expected, (&row, &report), &given)).await?;
    Ok(web::Json(answer.into()))
}
