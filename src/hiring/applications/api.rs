//! `/v1/applications`.

use actix_web::{get, patch, post, web};
use chrono::NaiveDate;
use okaeri_engine::facts::Ruling;
use okaeri_engine::text::{LongText, Text};
use okaeri_engine::workflow::pipeline::{Move, MoveKind, Stage};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::model::{Channel, SuppliedFacts};
use super::moves;
use super::service::{self, Edit, Filter, New, Shown};
use super::shape::ApplicationOut;
use crate::platform::auth::{Permission, may};
use crate::platform::error::{ProblemCode, Result};
use crate::platform::http::{
    Allowed, Answered, Body, Created, Expandable, IfMatch, ListQuery, OneOf, Page, PageQuery,
    Query, Tagged, expand, operation,
};
use crate::platform::ids::{ApplicationId, OpeningId, PersonId, RegulationId};
use crate::platform::patch::{self, Change};
use crate::platform::usecase::Tx;

pub mod documents;
pub mod stages;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::{Conflict, LimitReached, MoveNotAllowed, NotInForce};
    config
        .service(operation(may::WriteApplications, create_application, &[NotInForce, LimitReached]))
        .service(operation(may::ReadApplications, list_applications, &[]))
        .service(operation(may::ReadApplications, get_application, &[]))
        .service(operation(may::WriteApplications, update_application, &[Conflict]))
        .service(operation(may::WriteApplications, submit_application, &[MoveNotAllowed]))
        .service(operation(may::RuleOnClauses, add_ruling, &[]))
        .configure(stages::routes)
        .configure(documents::routes);
}

/// The `expand` target for applications.
pub(super) const EXPANDABLE: Expandable = Expandable {
    name: "application",
    schema: "Application",
    named_at: &["/application_id"],
    permission: Permission::ReadApplications,
    load: |tx, ids| expand::shown(ids, |ids| by_ids(tx, ids)),
};

/// Returns the applications with these identifiers, as `expand` shows them.
pub(crate) fn by_ids(tx: &mut Tx<'_>, ids: &[ApplicationId]) -> Result<Vec<ApplicationOut>> {
    Ok(service::by_ids(tx, ids)?.into_iter().map(ApplicationOut::from).collect())
}

/// An application to create.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApplicationInput, example = json!({
    "person_id": "per_0198c5f0a1b27c3d8e4f5a6b7c8d9e01", "regulation_id": "reg_0198c5f0a1b27c3d8e4f5a6b7c8d9e02",
    "opening_id": "opn_0198c5f0a1b27c3d8e4f5a6b7c8d9e03", "wished_start_date": "2026-10-01", "channel": "direct",
    "reason_for_return": "介護が一段落したため", "facts": {"application": {"former_employment_declared": true}}
}))]
pub struct ApplicationIn {
    /// The person who applies.
    pub person_id: PersonId,
    /// The regulation; its version for the dates of the case is pinned.
    pub regulation_id: RegulationId,
    /// The opening applied for.
    pub opening_id: Option<OpeningId>,
    /// The desired first day.
    pub wished_start_date: Option<NaiveDate>,
    /// The channel through which it came.
    #[serde(default = "direct")]
    pub channel: Channel,
    /// Reason for returning (復職理由).
    #[schema(inline)]
    pub reason_for_return: Option<LongText<4000, 0>>,
    /// Facts supplied with it. An applicant may state only the facts that are theirs to state.
    #[serde(default)]
    pub facts: SuppliedFacts,
}

fn direct() -> Channel {
    Channel::Direct
}

/// A patch of an application: absent fields stay, null empties.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApplicationPatch, example = json!({"wished_start_date": "2026-11-01", "opening_id": null}))]
pub struct ApplicationPatch {
    /// The opening applied for.
    #[serde(default)]
    #[schema(value_type = Option<OpeningId>)]
    pub opening_id: Change<OpeningId>,
    /// The desired first day.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub wished_start_date: Change<NaiveDate>,
    /// Reason for returning.
    #[serde(default)]
    #[schema(value_type = Option<LongText<4000, 0>>, inline)]
    pub reason_for_return: Change<LongText<4000, 0>>,
    /// All facts supplied with it.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false)]
    pub facts: Option<SuppliedFacts>,
}

/// A ruling on one clause.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RulingInput, example = json!({"clause": "exit_reason", "met": true, "role": "hr_director", "reason": "The company accepts the reason: accompanying a parent in care."}))]
pub struct RulingIn {
    /// Identifier of the clause.
    #[schema(inline)]
    pub clause: Text<200>,
    /// True if the clause counts as met, false if it counts as not met.
    pub met: bool,
    /// The role in which the ruling is made: the one that the clause names.
    #[schema(inline)]
    pub role: Text<200>,
    /// Reason for the ruling.
    #[schema(inline)]
    pub reason: LongText<4000>,
}

/// Filters of the list of applications.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ApplicationsQuery {
    /// Only applications at this stage.
    #[param(nullable = false, example = "document_screening")]
    stage: Option<Stage>,
    /// Only applications at one of these stages, separated by commas.
    #[param(style = Form, explode = false, required = false, min_items = 1, value_type = Vec<Stage>, nullable = false, example = json!(["eligibility", "waiting"]))]
    stage_in: Option<OneOf<Stage>>,
    /// Only applications of this person.
    #[param(nullable = false)]
    person_id: Option<PersonId>,
    /// Only applications for this opening.
    #[param(nullable = false)]
    opening_id: Option<OpeningId>,
}

/// Create an application
///
/// Creates a draft under the version of the regulation that applies to the dates of the case.
#[utoipa::path(operation_id = "createApplication", tag = "applications", request_body = ApplicationIn,
    responses((status = 201, description = "Created", body = ApplicationOut)))]
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
/// Returns the application with the applicant's name and the latest decision and offer.
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
/// A merge patch; `facts` are replaced as a whole. An applicant replaces only the facts that are
/// theirs to state; the organization's facts stay and may be sent back unchanged. After submission
/// only the organization may change it, and earlier decisions become stale. The opening cannot
/// change while an offer holds a seat of it.
#[utoipa::path(operation_id = "updateApplication", tag = "applications", request_body = ApplicationPatch,
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = ApplicationOut)))]
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

/// Submit an application
///
/// From now on the regulation determines its stages. Same as the move `submit`.
#[utoipa::path(operation_id = "submitApplication", tag = "applications",
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = ApplicationOut)))]
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
/// Records an exception that the regulation allows (例外承認) or a judgement that it requires, with a
/// reason. It counts from the next decision on. The clause must name this role.
#[utoipa::path(operation_id = "addRuling", tag = "applications", request_body = RulingIn,
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"3\"")),
    responses((status = 200, description = "Updated", body = ApplicationOut)))]
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
