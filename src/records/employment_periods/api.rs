//! `/v1/people/{person_id}/employment-periods` and `/v1/employment-periods`.

use actix_web::{get, post, put, web};
use okaeri_engine::facts::EmploymentPeriod;
use okaeri_engine::text::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::service::{self, New, Revision, Row};
use crate::platform::auth::{Principal, Reach, may};
use crate::platform::clock::Timestamp;
use crate::platform::error::{ProblemCode, Result};
use crate::platform::http::{
    Allowed, Answered, Body, Created, IfMatch, Page, Tagged, Versioned, operation,
};
use crate::platform::ids::{EmploymentPeriodId, EntityId, OfferId, PersonId};
use crate::platform::patch::Change;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::{AlreadyExists, EmploymentPeriodOverlap, LimitReached};
    config
        .service(operation(
            may::WriteEmployment,
            create_employment_period,
            &[AlreadyExists, EmploymentPeriodOverlap, LimitReached],
        ))
        .service(operation(may::ReadEmployment, list_employment_periods, &[]))
        .service(operation(may::ReadEmployment, get_employment_period, &[]))
        .service(operation(
            may::WriteEmployment,
            replace_employment_period,
            &[AlreadyExists, EmploymentPeriodOverlap],
        ));
}

/// An employment period on record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmploymentPeriodRecord, example = json!({
    "id": "emp_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "person_id": "per_0198c5f0a1b27c3d8e4f5a6b7c8d9e01",
    "employee_number": "10023", "entity_id": "ent_0198c5f0a1b27c3d8e4f5a6b7c8d9e02", "offer_id": null,
    "period": {"start": "2017-04-01", "last_day": "2021-03-31", "employment_type": "regular", "full_time": true,
               "entity": "sakura-logistics", "job_family": "administration", "exit_route": "resignation",
               "exit_reason_recorded": "spouse_transfer"},
    "version": 1, "created_at": "2026-04-01T00:00:00.000000Z", "updated_at": "2026-04-01T00:00:00.000000Z"
}))]
pub struct EmploymentPeriodOut {
    /// The period's identifier.
    pub id: EmploymentPeriodId,
    /// The person who was employed.
    pub person_id: PersonId,
    /// The person's employee number in this period.
    pub employee_number: Option<String>,
    /// The group company that employed them.
    pub entity_id: Option<EntityId>,
    /// The offer that led to this period, if it is a return.
    pub offer_id: Option<OfferId>,
    /// The facts on record. An alumnus does not see `rehire_code`, `left_in_good_standing` and
    /// `appraisals`.
    pub period: EmploymentPeriod,
    /// Row version; the `ETag` is this number in quotes.
    pub version: i32,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
}

impl Versioned for EmploymentPeriodOut {
    fn version(&self) -> i32 {
        self.version
    }
}

impl EmploymentPeriodOut {
    fn shown_to(who: &Principal, row: Row) -> Self {
        let period = match who.reach() {
            Reach::Organization => row.facts.0,
            Reach::Own(_) | Reach::Nothing => row.facts.0.open(),
        };
        Self {
            id: row.id,
            person_id: row.person_id,
            employee_number: row.employee_number,
            entity_id: row.entity_id,
            offer_id: row.offer_id,
            period,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// An employment period to record.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EmploymentPeriodInput, example = json!({
    "employee_number": "10023",
    "period": {"start": "2017-04-01", "last_day": "2021-03-31", "employment_type": "regular", "full_time": true,
               "job_family": "administration", "exit_route": "resignation", "exit_reason_recorded": "spouse_transfer"}
}))]
pub struct EmploymentPeriodIn {
    /// The person's employee number in this period. Only one period with this number may start on a
    /// day. A number may be reused, but not while another person has it.
    #[schema(inline)]
    pub employee_number: Option<Text<100>>,
    /// The group company; its code becomes the period's `entity`.
    pub entity_id: Option<EntityId>,
    /// The facts to record.
    pub period: EmploymentPeriod,
}

/// A replacement of an employment period; the facts are replaced as a whole.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EmploymentPeriodReplacement, example = json!({
    "period": {"start": "2017-04-01", "last_day": "2021-09-30", "employment_type": "regular", "full_time": true,
               "job_family": "administration", "exit_route": "resignation", "exit_reason_recorded": "childcare"}
}))]
pub struct EmploymentPeriodReplacement {
    /// The person's employee number in this period; kept if absent. Another person must not have it
    /// at the same time.
    #[serde(default)]
    #[schema(value_type = Option<Text<100>>, inline)]
    pub employee_number: Change<Text<100>>,
    /// The group company; kept if absent.
    #[serde(default)]
    #[schema(value_type = Option<EntityId>)]
    pub entity_id: Change<EntityId>,
    /// All facts of the period.
    pub period: EmploymentPeriod,
}

/// Record an employment period
///
/// The periods of a person must not overlap. Earlier decisions about the person become stale.
#[utoipa::path(operation_id = "createEmploymentPeriod", tag = "people", request_body = EmploymentPeriodIn,
    responses((status = 201, description = "Recorded", body = EmploymentPeriodOut)))]
#[post("/people/{person_id}/employment-periods")]
async fn create_employment_period(
    may: Allowed<may::WriteEmployment>,
    person: web::Path<PersonId>,
    Body(body): Body<EmploymentPeriodIn>,
) -> Result<Answered> {
    let new = New {
        person_id: person.into_inner(),
        employee_number: body.employee_number.map(String::from),
        entity_id: body.entity_id,
        period: body.period,
        offer_id: None,
    };
    may.answer(move |tx| {
        let row = service::append(tx, new.clone())?;
        Ok(Created {
            location: format!("/v1/employment-periods/{}", row.id),
            thing: EmploymentPeriodOut::shown_to(tx.who, row),
        })
    })
    .await
}

/// List employment periods
///
/// Returns all periods of a person, ordered by start. An alumnus may list only their own.
#[utoipa::path(operation_id = "listEmploymentPeriods", tag = "people",
    responses((status = 200, description = "The periods", body = Page<EmploymentPeriodOut>)))]
#[get("/people/{person_id}/employment-periods")]
async fn list_employment_periods(
    may: Allowed<may::ReadEmployment>,
    person: web::Path<PersonId>,
) -> Result<Page<EmploymentPeriodOut>> {
    let person = person.into_inner();
    let rows = may.read(move |tx| service::of_person(tx, person)).await?;
    let items = rows.into_iter().map(|row| EmploymentPeriodOut::shown_to(may.who(), row)).collect();
    Ok(Page::whole(items))
}

/// Read an employment period
///
/// An alumnus may read only their own, without the confidential facts.
#[utoipa::path(operation_id = "getEmploymentPeriod", tag = "people",
    responses((status = 200, description = "The period", body = EmploymentPeriodOut)))]
#[get("/employment-periods/{employment_period_id}")]
async fn get_employment_period(
    may: Allowed<may::ReadEmployment>,
    id: web::Path<EmploymentPeriodId>,
) -> Result<Tagged<EmploymentPeriodOut>> {
    let id = id.into_inner();
    let row = may.read_by_key(move |tx| service::find(tx, id)).await?;
    Ok(Tagged(EmploymentPeriodOut::shown_to(may.who(), row)))
}

/// Replace an employment period
///
/// Replaces all facts. Employee number and group company stay if absent; null empties them. Earlier
/// decisions about the person become stale.
#[utoipa::path(operation_id = "replaceEmploymentPeriod", tag = "people", request_body = EmploymentPeriodReplacement,
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = EmploymentPeriodOut)))]
#[put("/employment-periods/{employment_period_id}")]
async fn replace_employment_period(
    may: Allowed<may::WriteEmployment>,
    id: web::Path<EmploymentPeriodId>,
    IfMatch(expected): IfMatch,
    Body(body): Body<EmploymentPeriodReplacement>,
) -> Result<Tagged<EmploymentPeriodOut>> {
    let id = id.into_inner();
    let revision = Revision {
        period: body.period,
        employee_number: body.employee_number.map(String::from),
        entity_id: body.entity_id,
    };
    let row = may.write(move |tx| service::revise(tx, id, expected, revision.clone())).await?;
    Ok(Tagged(EmploymentPeriodOut::shown_to(may.who(), row)))
}
