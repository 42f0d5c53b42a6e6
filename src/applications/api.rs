//! `/v1/applications`.

use actix_web::{get, patch, post, web};
use chrono::NaiveDate;
use okaeri_engine::Verdict;
use okaeri_engine::facts::Ruling;
use okaeri_engine::text::{LongText, Text};
use okaeri_engine::workflow::pipeline::{Move, MoveKind, Stage};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::model::{Channel, SuppliedFacts};
use super::service::{self, Edit, Filter, New, Shown};
use super::{moves, returns};
use crate::auth::may;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::http::{
    Allowed, Answered, Body, Created, IfMatch, ListQuery, OneOf, Page, PageQuery, Query, Tagged,
    Versioned,
};
use crate::ids::{
    ApplicationId, DecisionId, EmploymentPeriodId, OfferId, OpeningId, PersonId, RegulationId,
    RegulationVersionId,
};
use crate::patch::{self, Change};
use crate::usecase::Tx;

pub mod documents;
pub mod stages;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(create_application)
        .service(list_applications)
        .service(get_application)
        .service(update_application)
        .service(submit_application)
        .service(add_ruling)
        .service(register_return)
        .configure(stages::routes)
        .configure(documents::routes);
}

/// A re-application.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Application, example = json!({
    "id": "app_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f",
    "person": {"id": "per_0198c5f0a1b27c3d8e4f5a6b7c8d9e01", "family_name": "佐藤", "given_name": "花子", "family_kana": "サトウ", "given_kana": "ハナコ"},
    "regulation_version_id": "ver_0198c5f0a1b27c3d8e4f5a6b7c8d9e02", "opening_id": "opn_0198c5f0a1b27c3d8e4f5a6b7c8d9e03",
    "stage": "document_screening", "stage_since": "2026-04-01T00:00:00.000000Z", "resume_stage": null,
    "application_date": "2026-04-01", "wished_start_date": "2026-10-01", "channel": "direct", "reason_for_return": "介護が一段落したため",
    "facts": {"person": {}, "application": {"former_employment_declared": true}, "company": {}},
    "decision": {"id": "dec_0198c5f0a1b27c3d8e4f5a6b7c8d9e04", "verdict": "eligible", "fresh": true},
    "offer_id": null, "returned_period_id": null, "version": 5,
    "created_at": "2026-04-01T00:00:00.000000Z", "updated_at": "2026-04-02T00:00:00.000000Z"
}))]
pub struct ApplicationOut {
    /// The application's identifier.
    pub id: ApplicationId,
    /// Whose it is.
    pub person: ApplicantOut,
    /// The regulation version it is held under, for good.
    pub regulation_version_id: RegulationVersionId,
    /// For which opening.
    pub opening_id: Option<OpeningId>,
    /// Where it is.
    pub stage: Stage,
    /// Since when.
    pub stage_since: Timestamp,
    /// Where it was before it was put aside.
    pub resume_stage: Option<Stage>,
    /// The day it was handed in.
    pub application_date: Option<NaiveDate>,
    /// The wished first day.
    pub wished_start_date: Option<NaiveDate>,
    /// How it came.
    pub channel: Channel,
    /// Why the person comes back.
    pub reason_for_return: Option<String>,
    /// Facts that came with it. What is confidential of them is shown to those who may read
    /// decisions; an applicant sees the rest of those of the person and of the application.
    pub facts: SuppliedFacts,
    /// The latest decision.
    pub decision: Option<DecisionRef>,
    /// The latest offer; an applicant knows of it once it was sent.
    pub offer_id: Option<OfferId>,
    /// The employment period of the return.
    pub returned_period_id: Option<EmploymentPeriodId>,
    /// Row version; the `ETag` is this in quotes.
    pub version: i32,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Whose application it is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Applicant)]
pub struct ApplicantOut {
    /// The person.
    pub id: PersonId,
    /// Family name as written.
    pub family_name: String,
    /// Given name as written.
    pub given_name: String,
    /// Family name in kana.
    pub family_kana: Option<String>,
    /// Given name in kana.
    pub given_kana: Option<String>,
}

/// The latest decision on an application.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DecisionReference)]
pub struct DecisionRef {
    /// The decision.
    pub id: DecisionId,
    /// What it says.
    pub verdict: Verdict,
    /// No fact has changed since.
    pub fresh: bool,
}

impl Versioned for ApplicationOut {
    fn version(&self) -> i32 {
        self.version
    }
}

impl From<Shown> for ApplicationOut {
    fn from(Shown { application: row, applicant }: Shown) -> Self {
        let decision = row.decision_id.zip(row.decision_verdict);
        Self {
            id: row.id,
            person: ApplicantOut {
                id: row.person_id,
                family_name: applicant.family_name,
                given_name: applicant.given_name,
                family_kana: applicant.family_kana,
                given_kana: applicant.given_kana,
            },
            regulation_version_id: row.regulation_version_id,
            opening_id: row.opening_id,
            stage: row.stage.0,
            stage_since: row.stage_since,
            resume_stage: row.resume_stage.map(|code| code.0),
            application_date: row.application_date,
            wished_start_date: row.wished_start_date,
            channel: row.channel,
            reason_for_return: row.reason_for_return,
            facts: row.facts.0.supplied,
            decision: decision.map(|(id, verdict)| DecisionRef {
                id,
                verdict: verdict.0,
                fresh: row.decision_fresh,
            }),
            offer_id: row.offer_id,
            returned_period_id: row.returned_period_id,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// Applications with these identifiers, as `expand` shows them.
pub(crate) fn by_ids(tx: &mut Tx<'_>, ids: &[ApplicationId]) -> Result<Vec<ApplicationOut>> {
    Ok(service::by_ids(tx, ids)?.into_iter().map(ApplicationOut::from).collect())
}

/// An application to begin.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApplicationInput, example = json!({
    "person_id": "per_0198c5f0a1b27c3d8e4f5a6b7c8d9e01", "regulation_id": "reg_0198c5f0a1b27c3d8e4f5a6b7c8d9e02",
    "opening_id": "opn_0198c5f0a1b27c3d8e4f5a6b7c8d9e03", "wished_start_date": "2026-10-01", "channel": "direct",
    "reason_for_return": "介護が一段落したため", "facts": {"application": {"former_employment_declared": true}}
}))]
pub struct ApplicationIn {
    /// Whose.
    pub person_id: PersonId,
    /// Under which regulation; its version for the dates of the case is pinned.
    pub regulation_id: RegulationId,
    /// For which opening.
    pub opening_id: Option<OpeningId>,
    /// The wished first day.
    pub wished_start_date: Option<NaiveDate>,
    /// How it came.
    #[serde(default = "direct")]
    pub channel: Channel,
    /// Why the person comes back (復職理由).
    #[schema(inline)]
    pub reason_for_return: Option<LongText<4000, 0>>,
    /// Facts that come with it. An applicant states those that are theirs to state, and none of the
    /// organization's.
    #[serde(default)]
    pub facts: SuppliedFacts,
}

fn direct() -> Channel {
    Channel::Direct
}

/// What changes of an application.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApplicationPatch, example = json!({"wished_start_date": "2026-11-01", "opening_id": null}))]
pub struct ApplicationPatch {
    /// For which opening.
    #[serde(default)]
    #[schema(value_type = Option<OpeningId>)]
    pub opening_id: Change<OpeningId>,
    /// The wished first day.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub wished_start_date: Change<NaiveDate>,
    /// Why the person comes back.
    #[serde(default)]
    #[schema(value_type = Option<LongText<4000, 0>>, inline)]
    pub reason_for_return: Change<LongText<4000, 0>>,
    /// All facts that come with it.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false)]
    pub facts: Option<SuppliedFacts>,
}

/// A ruling on one clause.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RulingInput, example = json!({"clause": "exit_reason", "met": true, "role": "hr_director", "reason": "The company accepts the reason: accompanying a parent in care."}))]
pub struct RulingIn {
    /// The clause, by its id.
    #[schema(inline)]
    pub clause: Text<200>,
    /// It is taken as met, or as not met.
    pub met: bool,
    /// The role in which it is ruled: the one the clause names.
    #[schema(inline)]
    pub role: Text<200>,
    /// Why.
    #[schema(inline)]
    pub reason: LongText<4000>,
}

/// A return to register.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReturnInput, example = json!({"employee_number": "20261001"}))]
pub struct ReturnIn {
    /// The employee number of the new period.
    #[schema(inline)]
    pub employee_number: Option<Text<100>>,
}

/// Which applications.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ApplicationsQuery {
    /// Only those at this stage.
    #[param(nullable = false, example = "document_screening")]
    stage: Option<Stage>,
    /// Only those at one of these stages, with commas between several.
    #[param(style = Form, explode = false, required = false, min_items = 1, value_type = Vec<Stage>, nullable = false, example = json!(["eligibility", "waiting"]))]
    stage_in: Option<OneOf<Stage>>,
    /// Only those of this person.
    #[param(nullable = false)]
    person_id: Option<PersonId>,
    /// Only those for this opening.
    #[param(nullable = false)]
    opening_id: Option<OpeningId>,
}

/// Begin an application
///
/// As a draft, under the version of the regulation that applies to the dates of the case.
#[utoipa::path(operation_id = "createApplication", tag = "applications", request_body = ApplicationIn,
    responses((status = 201, description = "Begun", body = ApplicationOut)))]
#[post("/applications")]
async fn create_application(
    may: Allowed<may::WriteApplications>,
    Body(body): Body<ApplicationIn>,
) -> Result<Answered> {
    let new = New {
        person_id: body.person_id,
        regulation_id: body.regulation_id,
        opening_id: body.opening_id,
        wished_start_date: body.wished_start_date,
        channel: body.channel,
        reason_for_return: body.reason_for_return.map(String::from),
        facts: body.facts,
    };
    may.answer(move |tx| {
        let shown = service::create(tx, &new)?;
        Ok(Created {
            location: format!("/v1/applications/{}", shown.application.id),
            thing: ApplicationOut::from(shown),
        })
    })
    .await
}

/// List applications
///
/// Newest first. An alumnus sees their own.
#[utoipa::path(operation_id = "listApplications", tag = "applications", params(PageQuery, ApplicationsQuery, ListQuery),
    responses((status = 200, description = "A page of applications", body = Page<ApplicationOut>)))]
#[get("/applications")]
async fn list_applications(
    may: Allowed<may::ReadApplications>,
    Query(page): Query<PageQuery>,
    Query(query): Query<ApplicationsQuery>,
    Query(list): Query<ListQuery>,
) -> Result<Page<ApplicationOut>> {
    let filter = Filter {
        stage: query.stage,
        stage_in: query.stage_in.map(|stages| stages.0),
        person: query.person_id,
        opening: query.opening_id,
    };
    let asked = may.listing("applications", &filter, &list, &page).await?;
    let listing = asked.listing.clone();
    let found = may.read(move |tx| service::list(tx, filter.clone(), &listing)).await?;
    let place = |shown: &Shown| (shown.application.id, shown.application.updated_at);
    Ok(asked.page(found, place, ApplicationOut::from))
}

/// Read an application
///
/// With the applicant's name and the latest decision and offer.
#[utoipa::path(operation_id = "getApplication", tag = "applications",
    responses((status = 200, description = "The application", body = ApplicationOut)))]
#[get("/applications/{application_id}")]
async fn get_application(
    may: Allowed<may::ReadApplications>,
    id: web::Path<ApplicationId>,
) -> Result<Tagged<ApplicationOut>> {
    let id = id.into_inner();
    Ok(Tagged(may.read_by_key(move |tx| service::find(tx, id)).await?.into()))
}

/// Change an application
///
/// A merge patch; `facts` are replaced whole. An applicant replaces those that are theirs to state;
/// those of the organization stay, and may be sent back as they were read. After handing in only
/// the organization may, and what was decided before is stale. The opening stays while an offer
/// holds a seat of it.
#[utoipa::path(operation_id = "updateApplication", tag = "applications", request_body = ApplicationPatch,
    params(("If-Match" = String, Header, description = "The ETag you read", example = "\"1\"")),
    responses((status = 200, description = "As it is now", body = ApplicationOut)))]
#[patch("/applications/{application_id}")]
async fn update_application(
    may: Allowed<may::WriteApplications>,
    id: web::Path<ApplicationId>,
    IfMatch(expected): IfMatch,
    Body(body): Body<ApplicationPatch>,
) -> Result<Tagged<ApplicationOut>> {
    let id = id.into_inner();
    let edit = Edit {
        opening_id: body.opening_id,
        wished_start_date: body.wished_start_date,
        reason_for_return: body.reason_for_return.map(String::from),
        facts: body.facts,
    };
    Ok(Tagged(may.write(move |tx| service::update(tx, id, expected, &edit)).await?.into()))
}

/// Hand in an application
///
/// From now on its stages are those of the regulation. The same as the move `submit`.
#[utoipa::path(operation_id = "submitApplication", tag = "applications",
    params(("If-Match" = String, Header, description = "The ETag you read", example = "\"1\"")),
    responses((status = 200, description = "As it is now", body = ApplicationOut)))]
#[post("/applications/{application_id}/submit")]
async fn submit_application(
    may: Allowed<may::WriteApplications>,
    id: web::Path<ApplicationId>,
    IfMatch(expected): IfMatch,
) -> Result<Answered> {
    let id = id.into_inner();
    let submit = Move { kind: MoveKind::Submit, to: None, reason: None };
    may.answer(move |tx| {
        Ok(Tagged(ApplicationOut::from(moves::make(tx, id, expected, &submit, None)?)))
    })
    .await
}

/// Rule on a clause
///
/// An exception that the regulation allows (例外承認), or a judgement that it asks for, with its
/// reason. It counts at the next decision, where the clause names this role.
#[utoipa::path(operation_id = "addRuling", tag = "applications", request_body = RulingIn,
    params(("If-Match" = String, Header, description = "The ETag you read", example = "\"3\"")),
    responses((status = 200, description = "As it is now", body = ApplicationOut)))]
#[post("/applications/{application_id}/rulings")]
async fn add_ruling(
    may: Allowed<may::RuleOnClauses>,
    id: web::Path<ApplicationId>,
    IfMatch(expected): IfMatch,
    Body(body): Body<RulingIn>,
) -> Result<Answered> {
    let id = id.into_inner();
    let ruling = Ruling {
        clause: body.clause.into(),
        met: body.met,
        role: body.role.into(),
        by: None,
        on: None,
        reason: Some(body.reason.into()),
    };
    may.answer(move |tx| {
        Ok(Tagged(ApplicationOut::from(service::rule(tx, id, expected, &ruling)?)))
    })
    .await
}

/// Register a return
///
/// Appends the new employment period of the same person with the terms of the accepted offer, once.
#[utoipa::path(operation_id = "registerReturn", tag = "applications", request_body = ReturnIn,
    params(("If-Match" = String, Header, description = "The ETag you read", example = "\"12\"")),
    responses((status = 200, description = "As it is now", body = ApplicationOut)))]
#[post("/applications/{application_id}/return")]
async fn register_return(
    may: Allowed<may::RegisterReturns>,
    id: web::Path<ApplicationId>,
    IfMatch(expected): IfMatch,
    Body(body): Body<ReturnIn>,
) -> Result<Answered> {
    let id = id.into_inner();
    may.answer(move |tx| {
        Ok(Tagged(ApplicationOut::from(returns::register(
            tx,
            id,
            expected,
            body.employee_number.clone().map(String::from),
        )?)))
    })
    .await
}
