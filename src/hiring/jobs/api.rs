//! `/v1/jobs`.

use actix_web::{get, patch, post, web};
use okaeri_engine::facts::EmploymentType;
use okaeri_engine::text::Text;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::model::JobState;
use super::service::{self, Edit, Filter, New, Row};
use crate::platform::auth::{Permission, Principal, Reach, may};
use crate::platform::clock::Timestamp;
use crate::platform::error::{ProblemCode, Result};
use crate::platform::http::{
    Allowed, Answered, Body, Created, Expandable, IfMatch, ListQuery, OneOf, Page, PageQuery,
    Query, Tagged, Versioned, expand, operation,
};
use crate::platform::ids::{EntityId, JobId, UserId};
use crate::platform::patch::{self, Change};
use crate::platform::usecase::Tx;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::{AlreadyExists, LimitReached};
    config
        .service(operation(may::WriteJobs, create_job, &[AlreadyExists, LimitReached]))
        .service(operation(may::ReadJobs, list_jobs, &[]))
        .service(operation(may::ReadJobs, get_job, &[]))
        .service(operation(may::WriteJobs, update_job, &[AlreadyExists]));
}

/// The `expand` target for jobs.
pub(super) const EXPANDABLE: Expandable = Expandable {
    name: "job",
    schema: "Job",
    named_at: &["/job_id"],
    permission: Permission::ReadJobs,
    load: |tx, ids| expand::shown(ids, |ids| by_ids(tx, ids)),
};

/// A job.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Job, example = json!({
    "id": "job_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "entity_id": "ent_0198c5f0a1b27c3d8e4f5a6b7c8d9e02", "code": "GA-03",
    "title_ja": "総務", "title_en": "General affairs", "job_family": "administration", "grade": "3", "workplace": "高松",
    "employment_type": "regular", "hiring_manager_id": "usr_0198c5f0a1b27c3d8e4f5a6b7c8d9e03", "state": "active",
    "version": 1, "created_at": "2026-04-01T00:00:00.000000Z", "updated_at": "2026-04-01T00:00:00.000000Z"
}))]
pub struct JobOut {
    /// The job's identifier.
    pub id: JobId,
    /// The group company of the job.
    pub entity_id: Option<EntityId>,
    /// Its code; unique in the organization.
    pub code: String,
    /// Its title in Japanese.
    pub title_ja: String,
    /// Its title in English.
    pub title_en: Option<String>,
    /// Job family (職種), as read by decisions.
    pub job_family: String,
    /// Grade (等級).
    pub grade: Option<String>,
    /// The place of work.
    pub workplace: String,
    /// Type of employment, as read by decisions.
    pub employment_type: EmploymentType,
    /// The hiring manager, who selects among the applicants; not shown to applicants.
    pub hiring_manager_id: Option<UserId>,
    /// Its state.
    pub state: JobState,
    /// Row version; the `ETag` is this number in quotes.
    pub version: i32,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
}

impl Versioned for JobOut {
    fn version(&self) -> i32 {
        self.version
    }
}

impl JobOut {
    /// Returns the job as the caller may see it: applicants do not see the hiring manager.
    fn shown_to(who: &Principal, row: Row) -> Self {
        let hiring_manager_id =
            row.hiring_manager_id.filter(|_| who.reach() == Reach::Organization);
        Self {
            id: row.id,
            entity_id: row.entity_id,
            code: row.code,
            title_ja: row.title_ja,
            title_en: row.title_en,
            job_family: row.job_family,
            grade: row.grade,
            workplace: row.workplace,
            employment_type: row.employment_type.0,
            hiring_manager_id,
            state: row.state,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// Returns the jobs with these identifiers, as `expand` shows them.
pub(crate) fn by_ids(tx: &mut Tx<'_>, ids: &[JobId]) -> Result<Vec<JobOut>> {
    let rows = service::by_ids(tx, ids)?;
    Ok(rows.into_iter().map(|row| JobOut::shown_to(tx.who, row)).collect())
}

/// A job to record.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = JobInput, example = json!({
    "code": "GA-03", "title_ja": "総務", "title_en": "General affairs", "job_family": "administration", "grade": "3",
    "workplace": "高松", "employment_type": "regular"
}))]
pub struct JobIn {
    /// The group company of the job.
    pub entity_id: Option<EntityId>,
    /// Its code; unique in the organization.
    #[schema(inline)]
    pub code: Text<100>,
    /// Its title in Japanese.
    #[schema(inline)]
    pub title_ja: Text<200>,
    /// Its title in English.
    #[schema(inline)]
    pub title_en: Option<Text<200>>,
    /// Job family (職種), as read by decisions.
    #[schema(inline)]
    pub job_family: Text<100>,
    /// Grade (等級).
    #[schema(inline)]
    pub grade: Option<Text<100>>,
    /// The place of work.
    #[schema(inline)]
    pub workplace: Text<200>,
    /// Type of employment, as read by decisions.
    pub employment_type: EmploymentType,
    /// The hiring manager, who selects among the applicants.
    pub hiring_manager_id: Option<UserId>,
}

/// A patch of a job: absent fields stay, null empties.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = JobPatch, example = json!({"workplace": "岡山", "grade": null}))]
pub struct JobPatch {
    /// The group company of the job.
    #[serde(default)]
    #[schema(value_type = Option<EntityId>)]
    pub entity_id: Change<EntityId>,
    /// Its code; unique in the organization.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false, inline)]
    pub code: Option<Text<100>>,
    /// Its title in Japanese.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false, inline)]
    pub title_ja: Option<Text<200>>,
    /// Its title in English.
    #[serde(default)]
    #[schema(value_type = Option<Text<200>>, inline)]
    pub title_en: Change<Text<200>>,
    /// Job family (職種), as read by decisions.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false, inline)]
    pub job_family: Option<Text<100>>,
    /// Grade (等級).
    #[serde(default)]
    #[schema(value_type = Option<Text<100>>, inline)]
    pub grade: Change<Text<100>>,
    /// The place of work.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false, inline)]
    pub workplace: Option<Text<200>>,
    /// Type of employment, as read by decisions.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false)]
    pub employment_type: Option<EmploymentType>,
    /// The hiring manager, who selects among the applicants.
    #[serde(default)]
    #[schema(value_type = Option<UserId>)]
    pub hiring_manager_id: Change<UserId>,
    /// Its state; an archived job accepts no new openings.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false)]
    pub state: Option<JobState>,
}

/// Filters of the list of jobs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct JobsQuery {
    /// Only jobs in this state.
    #[param(nullable = false, example = "active")]
    state: Option<JobState>,
    /// Only jobs in one of these states, separated by commas.
    #[param(style = Form, explode = false, required = false, min_items = 1, value_type = Vec<JobState>, nullable = false, example = json!(["active"]))]
    state_in: Option<OneOf<JobState>>,
}

/// Record a job
///
/// A new job is active. To add seats, create openings in it.
#[utoipa::path(operation_id = "createJob", tag = "jobs", request_body = JobIn,
    responses((status = 201, description = "Recorded", body = JobOut)))]
#[post("/jobs")]
async fn create_job(may: Allowed<may::WriteJobs>, Body(body): Body<JobIn>) -> Result<Answered> {
    let new = New {
        entity_id: body.entity_id,
        code: body.code.into(),
        title_ja: body.title_ja.into(),
        title_en: body.title_en.map(String::from),
        job_family: body.job_family.into(),
        grade: body.grade.map(String::from),
        workplace: body.workplace.into(),
        employment_type: body.employment_type,
        hiring_manager_id: body.hiring_manager_id,
    };
    may.answer(move |tx| {
        let row = service::create(tx, &new)?;
        Ok(Created {
            location: format!("/v1/jobs/{}", row.id),
            thing: JobOut::shown_to(tx.who, row),
        })
    })
    .await
}

/// List jobs
///
/// Newest first.
#[utoipa::path(operation_id = "listJobs", tag = "jobs", params(PageQuery, JobsQuery, ListQuery),
    responses((status = 200, description = "A page of jobs", body = Page<JobOut>)))]
#[get("/jobs")]
async fn list_jobs(
    may: Allowed<may::ReadJobs>,
    Query(page): Query<PageQuery>,
    Query(query): Query<JobsQuery>,
    Query(list): Query<ListQuery>,
) -> Result<Page<JobOut>> {
    let filter = Filter { state: query.state, state_in: query.state_in.map(|states| states.0) };
    let asked = may.listing("jobs", &filter, &list, &page).await?;
    let listing = asked.listing.clone();
    let rows = may.read(move |tx| service::list(tx, &filter, &listing)).await?;
    Ok(asked.page(rows, |row| (row.id, row.updated_at), |row| JobOut::shown_to(may.who(), row)))
}

/// Read a job
///
/// Returns the job with its group company and hiring manager.
#[utoipa::path(operation_id = "getJob", tag = "jobs", responses((status = 200, description = "The job", body = JobOut)))]
#[get("/jobs/{job_id}")]
async fn get_job(may: Allowed<may::ReadJobs>, id: web::Path<JobId>) -> Result<Tagged<JobOut>> {
    let id = id.into_inner();
    let row = may.read_by_key(move |tx| service::find(tx, id)).await?;
    Ok(Tagged(JobOut::shown_to(may.who(), row)))
}

/// Change a job
///
/// A merge patch: absent fields stay, null empties. `state` archives the job or makes it active
/// again.
#[utoipa::path(operation_id = "updateJob", tag = "jobs", request_body = JobPatch,
    params(("If-Match" = String, Header, description = "ETag of the version you read", example = "\"1\"")),
    responses((status = 200, description = "Updated", body = JobOut)))]
#[patch("/jobs/{job_id}")]
async fn update_job(
    may: Allowed<may::WriteJobs>,
    id: web::Path<JobId>,
    IfMatch(expected): IfMatch,
    Body(body): Body<JobPatch>,
) -> Result<Tagged<JobOut>> {
    let id = id.into_inner();
    let edit = Edit {
        entity_id: body.entity_id,
        code: body.code.map(String::from),
        title_ja: body.title_ja.map(String::from),
        title_en: body.title_en.map(String::from),
        job_family: body.job_family.map(String::from),
        grade: body.grade.map(String::from),
        workplace: body.workplace.map(String::from),
        employment_type: body.employment_type,
        hiring_manager_id: body.hiring_manager_id,
        state: body.state,
    };
    let row = may.write(move |tx| service::update(tx, id, expected, &edit)).await?;
    Ok(Tagged(JobOut::shown_to(may.who(), row)))
}
