//! Use cases on jobs.

use okaeri_engine::facts::EmploymentType;
use okaeri_engine::messages::jobs;
use serde_json::json;

use super::model::JobState;
use super::store;
pub use super::store::{Filter, Row};
use crate::platform::db::listing::Listing;
use crate::platform::error::Result;
use crate::platform::ids::{EntityId, Identifier, JobId, UserId};
use crate::platform::outbox::EventType;
use crate::platform::patch::{self, Change};
use crate::platform::quotas::{self, Quotas};
use crate::platform::usecase::{ExpectedVersion, Tx};
use crate::records::{entities, users};

/// A job to record.
#[derive(Debug, Clone)]
pub struct New {
    /// The group company of the job.
    pub entity_id: Option<EntityId>,
    /// Its code.
    pub code: String,
    /// Its title in Japanese.
    pub title_ja: String,
    /// Its title in English.
    pub title_en: Option<String>,
    /// Job family (職種).
    pub job_family: String,
    /// Grade (等級).
    pub grade: Option<String>,
    /// The place of work.
    pub workplace: String,
    /// Type of employment.
    pub employment_type: EmploymentType,
    /// The hiring manager.
    pub hiring_manager_id: Option<UserId>,
}

/// A patch of a job.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// The group company of the job.
    pub entity_id: Change<EntityId>,
    /// Its code.
    pub code: Option<String>,
    /// Its title in Japanese.
    pub title_ja: Option<String>,
    /// Its title in English.
    pub title_en: Change<String>,
    /// Job family (職種).
    pub job_family: Option<String>,
    /// Grade (等級).
    pub grade: Change<String>,
    /// The place of work.
    pub workplace: Option<String>,
    /// Type of employment.
    pub employment_type: Option<EmploymentType>,
    /// The hiring manager.
    pub hiring_manager_id: Change<UserId>,
    /// Its state.
    pub state: Option<JobState>,
}

/// Records a job.
///
/// # Errors
/// `already_exists` when the code is taken, `invalid` for an unknown entity or hiring manager,
/// `limit_reached`.
pub fn create(tx: &mut Tx<'_>, new: &New) -> Result<Row> {
    let row = Row {
        id: JobId::fresh(),
        organization_id: tx.organization(),
        entity_id: new.entity_id,
        code: new.code.clone(),
        title_ja: new.title_ja.clone(),
        title_en: new.title_en.clone(),
        job_family: new.job_family.clone(),
        grade: new.grade.clone(),
        workplace: new.workplace.clone(),
        employment_type: new.employment_type.into(),
        hiring_manager_id: new.hiring_manager_id,
        state: JobState::Active,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    check(tx, &row)?;
    quotas::of_organization(tx, Quotas::max_jobs, store::count)?;
    store::insert(tx.conn, &row)?;
    tx.record(EventType::JobCreated, row.id, &json!({"code": row.code}))?;
    Ok(row)
}

fn check(tx: &mut Tx<'_>, row: &Row) -> Result<()> {
    entities::service::named(tx, row.entity_id)?;
    let Some(manager) = row.hiring_manager_id else { return Ok(()) };
    users::service::find(tx, manager)
        .map(drop)
        .map_err(|error| error.named_by("/hiring_manager_id", "unknown_user", jobs::NO_SUCH_USER))
}

/// Returns a job of this organization.
///
/// # Errors
/// `not_found`.
pub fn find(tx: &mut Tx<'_>, id: JobId) -> Result<Row> {
    store::get(tx.conn, tx.organization(), id)
}

/// Returns the existing jobs among these identifiers.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn by_ids(tx: &mut Tx<'_>, ids: &[JobId]) -> Result<Vec<Row>> {
    store::many(tx.conn, tx.organization(), ids)
}

/// Returns a page of the jobs that match the filter, newest first.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn list(tx: &mut Tx<'_>, filter: &Filter, listing: &Listing<JobId>) -> Result<Vec<Row>> {
    store::list(tx.conn, tx.organization(), filter, listing)
}

/// Changes a job.
///
/// # Errors
/// `not_found`, `stale_version`, `already_exists`, `invalid`.
pub fn update(tx: &mut Tx<'_>, id: JobId, expected: ExpectedVersion, edit: &Edit) -> Result<Row> {
    let mut row = find(tx, id)?;
    expected.check(row.version)?;
    let edit = edit.clone();
    edit.entity_id.apply(&mut row.entity_id);
    patch::set(&mut row.code, edit.code);
    patch::set(&mut row.title_ja, edit.title_ja);
    edit.title_en.apply(&mut row.title_en);
    patch::set(&mut row.job_family, edit.job_family);
    edit.grade.apply(&mut row.grade);
    patch::set(&mut row.workplace, edit.workplace);
    patch::set(&mut row.employment_type, edit.employment_type.map(Into::into));
    edit.hiring_manager_id.apply(&mut row.hiring_manager_id);
    patch::set(&mut row.state, edit.state);
    check(tx, &row)?;
    store::save(tx.conn, &mut row, tx.now)?;
    tx.record(EventType::JobUpdated, id, &json!({"state": row.state, "version": row.version}))?;
    Ok(row)
}
