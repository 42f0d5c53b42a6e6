//! Rows of `jobs`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use diesel::prelude::*;
use okaeri_engine::facts::EmploymentType;

use super::model::JobState;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::listing::{Listing, load_listed};
use crate::platform::db::rows::{counted_rows, rows_by_ids, versioned_rows};
use crate::platform::db::schema::jobs;
use crate::platform::db::types::Coded;
use crate::platform::error::Result;
use crate::platform::ids::{EntityId, JobId, OrganizationId, UserId};

crate::text_columns!(JobState);

/// A job as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = jobs, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Row {
    pub id: JobId,
    pub organization_id: OrganizationId,
    pub entity_id: Option<EntityId>,
    pub code: String,
    pub title_ja: String,
    pub title_en: Option<String>,
    pub job_family: String,
    pub grade: Option<String>,
    pub workplace: String,
    pub employment_type: Coded<EmploymentType>,
    pub hiring_manager_id: Option<UserId>,
    pub state: JobState,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
versioned_rows!(jobs, Row, JobId, "job");
counted_rows!(jobs);
rows_by_ids!(jobs, Row, JobId);

/// Filters of the list of jobs.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only jobs in this state.
    pub state: Option<JobState>,
    /// Only jobs in one of these states.
    pub state_in: Option<Vec<JobState>>,
}

pub(super) fn list(
    conn: &mut Conn,
    tenant: OrganizationId,
    filter: &Filter,
    listing: &Listing<JobId>,
) -> Result<Vec<Row>> {
    let mut query =
        jobs::table.filter(jobs::organization_id.eq(tenant)).select(Row::as_select()).into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(jobs::state.eq(state));
    }
    if let Some(states) = &filter.state_in {
        query = query.filter(jobs::state.eq_any(states.clone()));
    }
    Ok(load_listed!(conn, query, jobs, listing)?)
}
