//! Impact runs.

use actix_web::{get, post, web};
use chrono::NaiveDate;
use okaeri_engine::Verdict;
use okaeri_engine::review::impact::Report;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::model::{ImpactScope, ImpactState};
use super::service::{self, ChangeRow, New, Row};
use crate::platform::auth::may;
use crate::platform::clock::Timestamp;
use crate::platform::error::{ProblemCode, Result};
use crate::platform::http::{
    Allowed, Answered, Body, Created, Page, PageQuery, Query, Tagged, Versioned, operation,
};
use crate::platform::ids::{ApplicationId, ImpactRunId, PersonId, RegulationVersionId};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::Conflict;
    config
        .service(operation(may::WriteRegulations, start_impact_run, &[Conflict]))
        .service(operation(may::WriteRegulations, list_impact_runs, &[]))
        .service(operation(may::WriteRegulations, get_impact_run, &[]))
        .service(operation(may::WriteRegulations, cancel_impact_run, &[Conflict]))
        .service(operation(may::WriteRegulations, list_impact_changes, &[]));
}

/// An impact run (影響調査): compares the decisions of two versions.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImpactRun, example = json!({
    "id": "imp_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "regulation_version_id": "ver_0198c5f0a1b27c3d8e4f5a6b7c8d9e01",
    "against": "ver_0198c5f0a1b27c3d8e4f5a6b7c8d9e02", "scope": "people", "application_date": "2026-04-01", "keep_changes": false,
    "state": "done", "total": 500, "report": {"considered": 500, "changed": 0, "verdicts": [{"before": "eligible", "after": "eligible", "count": 500}], "clauses": []},
    "actor": "usr_0198c5f0a1b27c3d8e4f5a6b7c8d9e04", "version": 2, "created_at": "2026-04-01T00:00:00.000000Z", "updated_at": "2026-04-01T00:00:01.000000Z"
}))]
pub struct ImpactRunOut {
    /// The run's identifier.
    pub id: ImpactRunId,
    /// The version whose impact is computed.
    pub regulation_version_id: RegulationVersionId,
    /// The version compared with; absent if there is none.
    pub against: Option<RegulationVersionId>,
    /// The cases to decide.
    pub scope: ImpactScope,
    /// The day on which all people are assumed to apply.
    pub application_date: NaiveDate,
    /// True if the changed cases are kept.
    pub keep_changes: bool,
    /// Its state.
    pub state: ImpactState,
    /// Number of cases at the start.
    pub total: i64,
    /// The counts so far.
    pub report: Report,
    /// The user who started it.
    pub actor: String,
    /// Row version; the `ETag` is this number in quotes.
    pub version: i32,
    /// Time of the start.
    pub created_at: Timestamp,
    /// Time of the last progress.
    pub updated_at: Timestamp,
}

impl Versioned for ImpactRunOut {
    fn version(&self) -> i32 {
        self.version
    }
}

impl From<Row> for ImpactRunOut {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            regulation_version_id: row.version_id,
            against: row.against_id,
            scope: row.scope,
            application_date: row.application_date,
            keep_changes: row.keep_changes,
            state: row.state,
            total: row.total,
            report: row.report.0,
            actor: row.actor,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A case whose decision changes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImpactChange, example = json!({
    "person_id": "per_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "before": "eligible", "after": "ineligible", "clauses": ["tenure"]
}))]
pub struct ImpactChangeOut {
    /// The person of the case.
    pub person_id: PersonId,
    /// The application of the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub application_id: Option<ApplicationId>,
    /// The verdict before.
    pub before: Verdict,
    /// The verdict by the run's version.
    pub after: Verdict,
    /// Stable ids of the clauses whose outcome changes.
    pub clauses: Vec<String>,
}

impl From<ChangeRow> for ImpactChangeOut {
    fn from(row: ChangeRow) -> Self {
        let ChangeRow { person_id, application_id, before, after, clauses, .. } = row;
        Self { person_id, application_id, before: before.0, after: after.0, clauses: clauses.0 }
    }
}

/// An impact run to start.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ImpactRunInput, example = json!({"scope": "people", "keep_changes": false}))]
pub struct ImpactRunIn {
    /// The version to compare with; default is the newest other published one of the regulation.
    #[schema(nullable = false)]
    pub against: Option<RegulationVersionId>,
    /// The cases to decide.
    #[serde(default = "everybody")]
    #[schema(default = "people")]
    pub scope: ImpactScope,
    /// The day on which people are assumed to apply; default is today. Applications keep their own.
    #[schema(nullable = false)]
    pub application_date: Option<NaiveDate>,
    /// True to keep the changed cases, not only their number.
    #[serde(default)]
    pub keep_changes: bool,
}

const fn everybody() -> ImpactScope {
    ImpactScope::People
}

/// Start an impact run
///
/// Decides all people on record, or all past applications, by this version and by another, in the
/// background. Only counts are kept unless `keep_changes` is set. An organization has one run at a
/// time.
#[utoipa::path(operation_id = "startImpactRun", tag = "impact", request_body = ImpactRunIn,
    responses((status = 201, description = "Started", body = ImpactRunOut)))]
#[post("/regulation-versions/{version_id}/impact-runs")]
async fn start_impact_run(
    may: Allowed<may::WriteRegulations>,
    id: web::Path<RegulationVersionId>,
    Body(body): Body<ImpactRunIn>,
) -> Result<Answered> {
    let new = New {
        version: id.into_inner(),
        against: body.against,
        scope: body.scope,
        application_date: body.application_date,
        keep_changes: body.keep_changes,
    };
    let pass = may.pass_of_run().await?;
    let started = may.answer_with(move |tx| {
        let (row, plan) = service::start(tx, &new)?;
        let run = row.id;
        Ok((
            Created { location: format!("/v1/impact-runs/{run}"), thing: ImpactRunOut::from(row) },
            (run, plan),
        ))
    });
    let (answered, begun) = started.await?;
    if let Some((run, plan)) = begun {
        let (okaeri, who) = may.shared();
        // Runs in the background; nobody awaits it.
        drop(tokio::task::spawn_blocking(move || {
            service::work(&okaeri, &who, run, &plan);
            drop(pass);
        }));
    }
    Ok(answered)
}

/// List impact runs
///
/// Newest first.
#[utoipa::path(operation_id = "listImpactRuns", tag = "impact", params(PageQuery),
    responses((status = 200, description = "A page of runs", body = Page<ImpactRunOut>)))]
#[get("/impact-runs")]
async fn list_impact_runs(
    may: Allowed<may::WriteRegulations>,
    Query(query): Query<PageQuery>,
) -> Result<Page<ImpactRunOut>> {
    let seal = may.seal("impact runs", &()).await?;
    let (limit, after) = query.read(&seal)?;
    let rows = may.read(move |tx| service::list(tx, after, limit + 1)).await?;
    Ok(Page::build(rows, limit, &seal, |row| row.id.to_string(), ImpactRunOut::from))
}

/// Read an impact run
///
/// Returns its progress and the counts so far. A run whose server stopped is shown as failed after
/// two minutes.
#[utoipa::path(operation_id = "getImpactRun", tag = "impact",
    responses((status = 200, description = "The run", body = ImpactRunOut)))]
#[get("/impact-runs/{impact_run_id}")]
async fn get_impact_run(
    may: Allowed<may::WriteRegulations>,
    id: web::Path<ImpactRunId>,
) -> Result<Tagged<ImpactRunOut>> {
    let id = id.into_inner();
    Ok(Tagged(may.read(move |tx| service::find(tx, id)).await?.into()))
}

/// Cancel an impact run
///
/// The run stops a few seconds later. Its counts stay.
#[utoipa::path(operation_id = "cancelImpactRun", tag = "impact",
    responses((status = 200, description = "Cancelled", body = ImpactRunOut)))]
#[post("/impact-runs/{impact_run_id}/cancel")]
async fn cancel_impact_run(
    may: Allowed<may::WriteRegulations>,
    id: web::Path<ImpactRunId>,
) -> Result<Answered> {
    let id = id.into_inner();
    may.answer(move |tx| Ok(Tagged(ImpactRunOut::from(service::cancel(tx, id)?)))).await
}

/// List changed cases
///
/// In the order of evaluation; empty unless the run keeps changes.
#[utoipa::path(operation_id = "listImpactChanges", tag = "impact", params(PageQuery),
    responses((status = 200, description = "A page of changes", body = Page<ImpactChangeOut>)))]
#[get("/impact-runs/{impact_run_id}/changes")]
async fn list_impact_changes(
    may: Allowed<may::WriteRegulations>,
    id: web::Path<ImpactRunId>,
    Query(query): Query<PageQuery>,
) -> Result<Page<ImpactChangeOut>> {
    let id = id.into_inner();
    let seal = may.seal("impact changes", &id).await?;
    let (limit, after) = query.read(&seal)?;
    let rows = may.read(move |tx| service::changes(tx, id, after, limit + 1)).await?;
    Ok(Page::build(rows, limit, &seal, |row| row.position.to_string(), ImpactChangeOut::from))
}
