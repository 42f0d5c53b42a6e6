//! Rows of `jobs`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use diesel::prelude::*;

use super::model::JobState;
use crate::clock::Timestamp;
use crate::db::Conn;
use crate::db::rows::versioned_rows;
use crate::db::schema::jobs;
use crate::domain::facts::EmploymentType;
use crate::error::Result;
use crate::ids::{EntityId, JobId, OrganizationId, UserId};

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
    pub employment_type: EmploymentType,
    pub hiring_manager_id: Option<UserId>,
    pub state: JobState,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
versioned_rows!(jobs, Row, JobId, "job");

pub(super) fn list(
    conn: &mut Conn,
    tenant: OrganizationId,
    state: Option<JobState>,
    after: Option<JobId>,
    limit: i64,
) -> Result<Vec<Row>> {
    let mut query = jobs::table.filter(jobs::organization_id.eq(tenant)).select(Row::as_select()).into_boxed();
    if let Some(state) = state {
        query = query.filter(jobs::state.eq(state));
    }
    if let Some(after) = after {
        query = query.filter(jobs::id.lt(after));
    }
    Ok(query.order(jobs::id.desc()).limit(limit).load(conn)?)
}
