//! `/v1/openings`.

use actix_web::{get, patch, post, web};
use chrono::NaiveDate;
use okaeri_engine::text::LongText;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::model::OpeningState;
use super::service::{self, Edit, Filter, New, Row};
use crate::platform::auth::{Permission, Principal, Reach, may};
use crate::platform::clock::Timestamp;
use crate::platform::error::{ProblemCode, Result};
use crate::platform::http::{
    Allowed, Answered, Body, Created, Expandable, IfMatch, ListQuery, OneOf, Page, PageQuery,
    Query, Tagged, Versioned, expand, operation,
};
use crate::platform::ids::{JobId, OpeningId};
use crate::platform::patch::{self, Change};
use crate::platform::usecase::Tx;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::{Conflict, LimitReached};
    config
        .service(operation(may::WriteJobs, create_opening, &[LimitReached]))
        .service(operation(may::ReadJobs, list_openings, &[]))
        .service(operation(may::ReadJobs, get_opening, &[]))
        .service(operation(may::WriteJobs, update_opening, &[]))
        .service(operation(may::WriteJobs, close_opening, &[]))
        .service(operation(may::WriteJobs, reopen_opening, &[Conflict]));
}

/// The `expand` target for openings.
pub(super) const EXPANDABLE: Expandable = Expandable {
    name: "opening",
    schema: "Opening",
    named_at: &["/opening_id"],
    permission: Permission::ReadJobs,
    load: |tx, ids| expand::shown(ids, |ids| by_ids(tx, ids)),
};

/// An opening: seats to fill in a job.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Opening, example = json!({
    "id": "opn_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "job_id": "job_0198c5f0a1b27c3d8e4f5a6b7c8d9e01",
    "seats": 3, "seats_taken": 1, "state": "open", "opens_on": "2026-04-01", "closes_on": "2026-09-30", "reason": "育児休業の代替",
    "version": 2, "created_at": "2026-04-01T00:00:00.000000Z", "updated_at": "2026-05-12T02:30:00.000000Z"
}))]
pub struct OpeningOut {
    /// The opening's identifier.
    pub id: OpeningId,
    /// The job of the opening.
    pub job_id: JobId,
    /// Number of people who can return.
    pub seats: i32,
    /// Number of seats held by offers that are sent or accepted.
    pub seats_taken: i32,
    /// Its state.
    pub state: OpeningState,
    /// The first day on which it is open.
    pub opens_on: Option<NaiveDate>,
    /// The last day on which it is open.
    pub closes_on: Option<NaiveDate>,
    /// Reason for the opening; not shown to applicants.
    pub reason: Option<String>,
    /// Row version; the `ETag` is this number in quotes.
    pub version: i32,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
}

impl Versioned for OpeningOut {
    fn version(&self) -> i32 {
        self.version
    }
}

impl OpeningOut {
    /// Returns the opening as the caller may see it: applicants do not see the reason for the
    /// opening.
    fn shown_to(who: &Principal, row: Row) -> Self {
        let reason = row.reason.filter(|_| who.reach() == Reach::Organization);
        Self {
            id: row.id,
            job_id: row.job_id,
            seats: row.seats,
            seats_taken: row.seats_taken,
            state: row.state,
            opens_on: row.opens_on,
            closes_on: row.closes_on,
            reason,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// Returns the openings with these identifiers, as `expand` shows them.
pub(crate) fn by_ids(tx: &mut Tx<'_>, ids: &[OpeningId]) -> Result<Vec<OpeningOut>> {
    let rows = service::by_ids(tx, ids)?;
    Ok(rows.into_iter().map(|row| OpeningOut::shown_to(tx.who, row)).collect())
}

/// An opening to create.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OpeningInput, example = json!({
    "job_id": "job_0198c5f0a1b27c3d8e4f5a6b7c8d9e01", "seats": 3, "opens_on": "2026-04-01", "closes_on": "2026-09-30",
    "reason": "育児休業の代替"
}))]
pub struct OpeningIn {
    /// The job of the opening.
    pub job_id: JobId,
    /// Number of people who can return.
    #[validate(range(min = 1, max = 1000))]
    #[schema(minimum = 1, maximum = 1000)]
    pub seats: i32,
    /// The first day on which it is open.
    pub opens_on: Option<NaiveDate>,
    /// The last day on which it is open, not before `opens_on`.
    pub closes_on: Option<NaiveDate>,
    /// Reason for the opening.
    #[schema(inline)]
    pub reason: Option<LongText<1000>>,
}

/// A patch of an opening: absent fields stay, null empties.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OpeningPatch, example = json!({"seats": 4, "closes_on": "2026-12-31"}))]
pub struct OpeningPatch {
    /// Number of people who can return; not below the number of seats taken.
    #[serde(default, deserialize_with = "patch::present")]
    #[validate(range(min = 1, max = 1000))]
    #[schema(nullable = false, minimum = 1, maximum = 1000)]
    pub seats: Option<i32>,
    /// The first day on which it is open.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub opens_on: Change<NaiveDate>,
    /// The last day on which it is open, not before `opens_on`.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub closes_on: Change<NaiveDate>,
    /// Reason for the opening.
    #[serde(default)]
    #[schema(value_type = Option<LongText<1000>>, inline)]
    pub reason: Change<LongText<1000>>,
}

/// Filters of the list of openings.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OpeningsQuery {
    /// Only openings of this job.
    #[param(nullable = false)]
    job_id: Option<JobId>,
    /// Only openings in this state.
    #[param(nullable = false, example = "open")]
    state: Option<OpeningState>,
    /// Only openings in one of these states, separated by commas.
    #[param(style = Form, explode = false, required = false, min_items = 1, value_type = Vec<OpeningState>, nullable = false, example = json!(["open"]))]
    state_in: Option<OneOf<OpeningState>>,
}

/// Create an opening
///
/// A new opening is open and all seats are free. An archived job accepts no openings.
#[utoipa::path(operation_id = "createOpening", tag = "jobs", request_body = OpeningIn,
    responses((status = 201, description = "Created", body = OpeningOut)))]
#[post("/openings")]
async fn create_opening(
    may: Allowed<may::WriteJobs>,
    Body(body): Body<OpeningIn>,
) -> Result<Answered> {
    let new = New {
        job_id: body.job_id,
        seats: body.seats,
        opens_on: body.opens_on,
        closes_on: body.closes_on,
        reason: body.reason.map(String::from),
    };
    may.answer(move |tx| {
        let row = service::create(tx, &new)?;
        Ok(Created {
            location: format!("/v1/openings/{}", row.id),
            thing: OpeningOut::shown_to(tx.who, row),
        })
    })
    .await
}

/// List openings
///
/// Newest first.
#[utoipa::path(operation_id = "listOpenings", tag = "jobs", params(PageQuery, OpeningsQuery, ListQuery),
    responses((status = 200, description = "A page of openings", body = Page<OpeningOut>)))]
#[get("/openings")]
async fn list_openings(
    may: Allowed<may::ReadJobs>,
    Query(page): Query<PageQuery>,
    Query(query): Query<OpeningsQuery>,
    Query(list): Query<ListQuery>,
) -> Result<Page<OpeningOut>> {
    let filter = Filter {
        job: query.job_id,
        state: query.state,
        state_in: query.state_in.map(|states| states.0),
    };
    let asked = may.listing("openings", &filter, &list, &page).await?;
    let listing = asked.listing.clone();
    let rows = may.read(move |tx| service::list(tx, &filter, &listing)).await?;
    Ok(asked.page(rows, |row| (row.id, row.updated_at), |row| OpeningOut::shown_to(may.who(), row)))
}

/// Read an opening
///
/// Returns the opening with the number of seats taken.
#[utoipa::path(operation_id = "getOpening", tag = "jobs",
    responses((status = 200, description = "The opening", body = OpeningOut)))]
#[get("/openings/{opening_id}")]
async fn get_opening(
    may: Allowed<may::ReadJobs>,
    id: web::Path<OpeningId>,
) -> Result<Tagged<OpeningOut>> {
    let id = id.into_inner();
    let row = may.read_by_key(move |tx| service::find(tx, id)).await?;
    Ok(Tagged(OpeningOut::shown_to(may.who(), row)))
}

/// Change an opening
///
/// A merge patch: absent fields stay, null empties. Seats that are taken cannot be removed.
#[utoipa::path(operation_id = "updateOpening", tag = "jobs", request_body = OpeningPatch,
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = OpeningOut)))]
#[patch("/openings/{opening_id}")]
async fn update_opening(
    may: Allowed<may::WriteJobs>,
    id: web::Path<OpeningId>,
    IfMatch(expected): IfMatch,
    Body(body): Body<OpeningPatch>,
) -> Result<Tagged<OpeningOut>> {
    let id = id.into_inner();
    let edit = Edit {
        seats: body.seats,
        opens_on: body.opens_on,
        closes_on: body.closes_on,
        reason: body.reason.map(String::from),
    };
    let row = may.write(move |tx| service::update(tx, id, expected, &edit)).await?;
    Ok(Tagged(OpeningOut::shown_to(may.who(), row)))
}

/// Close an opening
///
/// Seats can no longer be taken; taken seats stay taken. Closing a closed opening changes nothing.
#[utoipa::path(operation_id = "closeOpening", tag = "jobs",
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = OpeningOut)))]
#[post("/openings/{opening_id}/close")]
async fn close_opening(
    may: Allowed<may::WriteJobs>,
    id: web::Path<OpeningId>,
    IfMatch(expected): IfMatch,
) -> Result<Answered> {
    let id = id.into_inner();
    may.answer(move |tx| {
        let row = service::close(tx, id, expected)?;
        Ok(Tagged(OpeningOut::shown_to(tx.who, row)))
    })
    .await
}

/// Reopen an opening
///
/// Free seats can be taken again. Reopening an open opening changes nothing.
#[utoipa::path(operation_id = "reopenOpening", tag = "jobs",
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = OpeningOut)))]
#[post("/openings/{opening_id}/reopen")]
async fn reopen_opening(
    may: Allowed<may::WriteJobs>,
    id: web::Path<OpeningId>,
    IfMatch(expected): IfMatch,
) -> Result<Answered> {
    let id = id.into_inner();
    may.answer(move |tx| {
        let row = service::reopen(tx, id, expected)?;
        Ok(Tagged(OpeningOut::shown_to(tx.who, row)))
    })
    .await
}
