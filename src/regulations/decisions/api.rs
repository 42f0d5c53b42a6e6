//! Decisions and questions.

use actix_web::{get, post, web};
use chrono::NaiveDate;
use okaeri_engine::Verdict;
use okaeri_engine::decide::Decision;
use okaeri_engine::facts::Facts;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::service::{self, ListedRow, Posed, Question, Row, Verification};
use crate::hiring::applications::model::SuppliedFacts;
use crate::platform::auth::may;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::http::{
    Allowed, Answered, Body, Created, Page, PageQuery, Query, Versioned, operation,
};
use crate::platform::ids::{
    ApplicationId, DecisionId, PersonId, RegulationId, RegulationVersionId,
};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::{Conflict, NotInForce, TooCostly};
    config
        .service(operation(may::Decide, decide_application, &[Conflict, TooCostly]))
        .service(operation(may::ReadDecisions, list_decisions, &[]))
        .service(operation(may::ReadDecisions, get_decision, &[]))
        .service(operation(may::ReadExplanations, explain_decision, &[TooCostly]))
        .service(operation(may::ReadDecisions, verify_decision, &[TooCostly]))
        .service(operation(may::AskQuestions, ask_regulation, &[TooCostly]))
        .service(operation(may::AskQuestions, ask_for_person, &[NotInForce, TooCostly]));
}

/// A stored decision with the facts that it read.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Decision, example = json!({
    "id": "dec_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "application_id": "app_0198c5f0a1b27c3d8e4f5a6b7c8d9e01",
    "person_id": "per_0198c5f0a1b27c3d8e4f5a6b7c8d9e02", "regulation_version_id": "ver_0198c5f0a1b27c3d8e4f5a6b7c8d9e03", "verdict": "eligible",
    "facts": {"person": {}, "employment_periods": [], "application": {}, "company": {}},
    "document": {"regulation": {"code": "EX", "name": {"ja": "再雇用規程", "en": "Rehire regulation"}, "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
        "verdict": "eligible", "next_step": "selection", "summary": {"ja": "資格要件をすべて満たしています。", "en": "Every requirement is met."},
        "findings": [], "windows": [], "missing": [], "would_change": [], "consequences": []},
    "hash": "3b5d5c3712955042212316173ccf37be800000000000000000000000000000ab", "engine_version": "2.0", "actor": "usr_0198c5f0a1b27c3d8e4f5a6b7c8d9e04", "decided_at": "2026-04-01T00:00:00.000000Z"
}))]
pub struct DecisionOut {
    /// The decision's identifier.
    pub id: DecisionId,
    /// The application that was decided.
    pub application_id: Option<ApplicationId>,
    /// The person who was decided about.
    pub person_id: Option<PersonId>,
    /// The regulation version that decided.
    pub regulation_version_id: RegulationVersionId,
    /// The verdict.
    pub verdict: Verdict,
    /// All facts that it read. `okaeri decide` of the same engine version, given these facts,
    /// returns the same bytes as `document`.
    #[schema(value_type = Facts)]
    pub facts: Box<RawValue>,
    /// The decision itself.
    #[schema(value_type = Decision)]
    pub document: Box<RawValue>,
    /// SHA-256 of the document's bytes.
    pub hash: String,
    /// The engine version that made it; null for a decision stored before engine versions were
    /// recorded.
    pub engine_version: Option<String>,
    /// The user who requested it.
    pub actor: String,
    /// Time of the decision.
    pub decided_at: Timestamp,
}

/// A decision never changes.
impl Versioned for DecisionOut {
    fn version(&self) -> i32 {
        1
    }
}

impl TryFrom<Row> for DecisionOut {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            application_id: row.application_id,
            person_id: row.person_id,
            regulation_version_id: row.regulation_version_id,
            verdict: row.verdict.0,
            facts: RawValue::from_string(row.facts).map_err(Error::internal)?,
            document: RawValue::from_string(row.document).map_err(Error::internal)?,
            hash: row.hash,
            engine_version: row.engine_version,
            actor: row.actor,
            decided_at: row.decided_at,
        })
    }
}

/// A stored decision without facts and document.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "dec_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "application_id": "app_0198c5f0a1b27c3d8e4f5a6b7c8d9e01",
    "person_id": "per_0198c5f0a1b27c3d8e4f5a6b7c8d9e02", "regulation_version_id": "ver_0198c5f0a1b27c3d8e4f5a6b7c8d9e03",
    "verdict": "eligible", "engine_version": "2.0", "actor": "usr_0198c5f0a1b27c3d8e4f5a6b7c8d9e04", "decided_at": "2026-04-01T00:00:00.000000Z"
}))]
pub struct DecisionSummary {
    /// The decision's identifier.
    pub id: DecisionId,
    /// The application that was decided.
    pub application_id: Option<ApplicationId>,
    /// The person who was decided about.
    pub person_id: Option<PersonId>,
    /// The regulation version that decided.
    pub regulation_version_id: RegulationVersionId,
    /// The verdict.
    pub verdict: Verdict,
    /// The engine version that made it; null for a decision stored before engine versions were
    /// recorded.
    pub engine_version: Option<String>,
    /// The user who requested it.
    pub actor: String,
    /// Time of the decision.
    pub decided_at: Timestamp,
}

impl From<ListedRow> for DecisionSummary {
    fn from(row: ListedRow) -> Self {
        Self {
            id: row.id,
            application_id: row.application_id,
            person_id: row.person_id,
            regulation_version_id: row.regulation_version_id,
            verdict: row.verdict.0,
            engine_version: row.engine_version,
            actor: row.actor,
            decided_at: row.decided_at,
        }
    }
}

/// Facts to evaluate.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegulationQuestion, example = json!({"facts": {
    "employment_periods": [{"start": "2017-04-01", "last_day": "2021-03-31", "employment_type": "regular", "full_time": true,
                            "job_family": "administration", "exit_route": "resignation"}],
    "application": {"application_date": "2025-10-01"}
}}))]
pub struct FactsIn {
    /// The facts.
    pub facts: Facts,
}

/// A question about a person on record.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PersonQuestion, example = json!({"regulation_id": "reg_0198c5f0a1b27c3d8e4f5a6b7c8d9e02", "application_date": "2026-05-01", "start_date": "2026-10-01"}))]
pub struct QuestionIn {
    /// The regulation.
    pub regulation_id: RegulationId,
    /// The day of application; default is today.
    pub application_date: Option<NaiveDate>,
    /// The first day of work.
    pub start_date: Option<NaiveDate>,
    /// Facts that are not on record.
    #[serde(default)]
    pub facts: SuppliedFacts,
}

/// Filters of the list of decisions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DecisionsQuery {
    /// Only decisions on this application.
    #[param(nullable = false)]
    application_id: Option<ApplicationId>,
}

/// Decide an application
///
/// Evaluates its regulation version on all facts on record, and stores the decision with these
/// facts. Deciding again adds another decision. An eligible person is not hired automatically:
/// people decide.
#[utoipa::path(operation_id = "decideApplication", tag = "decisions",
    responses((status = 201, description = "Decided", body = DecisionOut)))]
#[post("/applications/{application_id}/decisions")]
async fn decide_application(
    may: Allowed<may::Decide>,
    id: web::Path<ApplicationId>,
) -> Result<Answered> {
    let id = id.into_inner();
    may.answer(move |tx| {
        let row = service::decide(tx, id)?;
        Ok(Created {
            location: format!("/v1/decisions/{}", row.id),
            thing: DecisionOut::try_from(row)?,
        })
    })
    .await
}

/// List decisions
///
/// Newest first, without facts and documents.
#[utoipa::path(operation_id = "listDecisions", tag = "decisions", params(PageQuery, DecisionsQuery),
    responses((status = 200, description = "A page of decisions", body = Page<DecisionSummary>)))]
#[get("/decisions")]
async fn list_decisions(
    may: Allowed<may::ReadDecisions>,
    Query(page): Query<PageQuery>,
    Query(query): Query<DecisionsQuery>,
) -> Result<Page<DecisionSummary>> {
    let application = query.application_id;
    let seal = may.seal("decisions", &application).await?;
    let (limit, after) = page.read(&seal)?;
    let rows = may.read(move |tx| service::list(tx, application, after, limit + 1)).await?;
    Ok(Page::build(rows, limit, &seal, |row| row.id.to_string(), DecisionSummary::from))
}

/// Read a decision
///
/// Returns the decision with the facts that it read: for each clause the requirement, the facts and
/// a sentence that explains the outcome.
#[utoipa::path(operation_id = "getDecision", tag = "decisions",
    responses((status = 200, description = "The decision", body = DecisionOut)))]
#[get("/decisions/{decision_id}")]
async fn get_decision(
    may: Allowed<may::ReadDecisions>,
    id: web::Path<DecisionId>,
) -> Result<web::Json<DecisionOut>> {
    let id = id.into_inner();
    Ok(web::Json(may.read(move |tx| service::find(tx, id)).await?.try_into()?))
}

/// Explain a decision
///
/// Returns the decision as the applicant may read it, without anything confidential. An alumnus may
/// read those on their own applications.
#[utoipa::path(operation_id = "explainDecision", tag = "decisions",
    responses((status = 200, description = "The explanation", body = Decision)))]
#[get("/decisions/{decision_id}/explanation")]
async fn explain_decision(
    may: Allowed<may::ReadExplanations>,
    id: web::Path<DecisionId>,
) -> Result<web::Json<Decision>> {
    let id = id.into_inner();
    let stored = may.read(move |tx| service::stored(tx, id)).await?;
    Ok(web::Json(may.compute(stored.is_light(), move |meter| stored.explained(meter)).await?))
}

/// Verify a decision
///
/// Decides the stored facts again by the same regulation version. Returns whether the answer is the
/// same (verdict, outcomes, figures, dates and clauses), whether only its wording has been improved
/// since, and where the two differ.
#[utoipa::path(operation_id = "verifyDecision", tag = "decisions",
    responses((status = 200, description = "The result", body = Verification)))]
#[get("/decisions/{decision_id}/verification")]
async fn verify_decision(
    may: Allowed<may::ReadDecisions>,
    id: web::Path<DecisionId>,
) -> Result<web::Json<Verification>> {
    let id = id.into_inner();
    let stored = may.read(move |tx| service::stored(tx, id)).await?;
    Ok(web::Json(may.compute(stored.is_light(), move |meter| stored.verified(meter)).await?))
}

/// Ask about given facts
///
/// Returns the decision of a version on the facts in the body. Nothing is stored.
#[utoipa::path(operation_id = "askRegulation", tag = "decisions", request_body = FactsIn,
    responses((status = 200, description = "The answer", body = Decision)))]
#[post("/regulation-versions/{version_id}/questions")]
async fn ask_regulation(
    may: Allowed<may::AskQuestions>,
    id: web::Path<RegulationVersionId>,
    Body(body): Body<FactsIn>,
) -> Result<web::Json<Decision>> {
    let id = id.into_inner();
    let posed = may.read(move |tx| service::Posed::of_facts(tx, id, &body.facts)).await?;
    answered(&may, posed).await
}

/// Decides a question on another thread.
async fn answered(may: &Allowed<may::AskQuestions>, posed: Posed) -> Result<web::Json<Decision>> {
    let posed = posed.asked_by(may.who());
    Ok(web::Json(may.compute(posed.is_light(), move |meter| posed.decided(meter)).await?))
}

/// Ask about a person
///
/// Returns whether and when this person may return, from the facts on record and the version that
/// applies to the dates. Nothing is stored. An alumnus may ask about themselves.
#[utoipa::path(operation_id = "askForPerson", tag = "decisions", request_body = QuestionIn,
    responses((status = 200, description = "The answer", body = Decision)))]
#[post("/people/{person_id}/questions")]
async fn ask_for_person(
    may: Allowed<may::AskQuestions>,
    id: web::Path<PersonId>,
    Body(body): Body<QuestionIn>,
) -> Result<web::Json<Decision>> {
    let id = id.into_inner();
    let question = Question {
        regulation_id: body.regulation_id,
        application_date: body.application_date,
        start_date: body.start_date,
        facts: body.facts,
    };
    let posed = may.read(move |tx| service::ask_of_person(tx, id, &question)).await?;
    answered(&may, posed).await
}
