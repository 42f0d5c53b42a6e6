//! Rows of `impact_runs` and `impact_changes`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use chrono::NaiveDate;
use diesel::prelude::*;
use okaeri_engine::Verdict;
use okaeri_engine::review::impact::Report;

use super::model::{ImpactScope, ImpactState};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::rows::versioned_rows;
use crate::platform::db::schema::{impact_changes, impact_runs};
use crate::platform::db::types::{Coded, Json};
use crate::platform::error::Result;
use crate::platform::ids::{
    ApplicationId, ImpactRunId, OrganizationId, PersonId, RegulationVersionId,
};

crate::text_columns!(ImpactScope, ImpactState);

/// A run as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = impact_runs, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Row {
    pub id: ImpactRunId,
    pub organization_id: OrganizationId,
    pub version_id: RegulationVersionId,
    pub against_id: Option<RegulationVersionId>,
    pub scope: ImpactScope,
    pub application_date: NaiveDate,
    pub keep_changes: bool,
    pub state: ImpactState,
    pub total: i64,
    pub considered: i64,
    pub report: Json<Report>,
    pub actor: String,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
versioned_rows!(impact_runs, Row, ImpactRunId, "impact run");

/// A case whose decision changes, as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = impact_changes, treat_none_as_default_value = false)]
pub struct ChangeRow {
    pub organization_id: OrganizationId,
    pub run_id: ImpactRunId,
    pub position: i64,
    pub person_id: PersonId,
    pub application_id: Option<ApplicationId>,
    pub before: Coded<Verdict>,
    pub after: Coded<Verdict>,
    pub clauses: Json<Vec<String>>,
}

pub(super) fn insert_change(conn: &mut Conn, row: &ChangeRow) -> Result<()> {
    diesel::insert_into(impact_changes::table).values(row).execute(conn)?;
    Ok(())
}

pub(super) fn changes(
    conn: &mut Conn,
    tenant: OrganizationId,
    run: ImpactRunId,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<ChangeRow>> {
    Ok(impact_changes::table
        .filter(impact_changes::run_id.eq(run))
        .filter(impact_changes::organization_id.eq(tenant))
        .filter(impact_changes::position.gt(after.unwrap_or(-1)))
        .order(impact_changes::position.asc())
        .limit(limit)
        .select(ChangeRow::as_select())
        .load(conn)?)
}

/// Returns whether a run of this tenant has made progress since this instant.
pub(super) fn is_running(
    conn: &mut Conn,
    tenant: OrganizationId,
    since: Timestamp,
) -> Result<bool> {
    let running = impact_runs::table
        .filter(impact_runs::organization_id.eq(tenant))
        .filter(impact_runs::state.eq(ImpactState::Running))
        .filter(impact_runs::updated_at.gt(since));
    Ok(diesel::select(diesel::dsl::exists(running)).get_result(conn)?)
}

pub(super) fn list(
    conn: &mut Conn,
    tenant: OrganizationId,
    after: Option<ImpactRunId>,
    limit: i64,
) -> Result<Vec<Row>> {
    let mut query = impact_runs::table
        .filter(impact_runs::organization_id.eq(tenant))
        .select(Row::as_select())
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(impact_runs::id.lt(after));
    }
    Ok(query.order(impact_runs::id.desc()).limit(limit).load(conn)?)
}
