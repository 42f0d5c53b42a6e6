//! Rows of `openings`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::OpeningState;
use crate::clock::Timestamp;
use crate::db::Conn;
use crate::db::listing::{Listing, load_listed};
use crate::db::rows::{counted_rows, rows_by_ids, versioned_rows};
use crate::db::schema::openings;
use crate::error::Result;
use crate::ids::{JobId, OpeningId, OrganizationId};

crate::text_columns!(OpeningState);

/// An opening as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = openings, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Row {
    pub id: OpeningId,
    pub organization_id: OrganizationId,
    pub job_id: JobId,
    pub seats: i32,
    pub seats_taken: i32,
    pub state: OpeningState,
    pub opens_on: Option<NaiveDate>,
    pub closes_on: Option<NaiveDate>,
    pub reason: Option<String>,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
versioned_rows!(openings, Row, OpeningId, "opening");
counted_rows!(openings, job_id: crate::ids::JobId);
rows_by_ids!(openings, Row, OpeningId);

/// Which openings are listed.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those in this job.
    pub job: Option<JobId>,
    /// Only those in this state.
    pub state: Option<OpeningState>,
    /// Only those in one of these states.
    pub state_in: Option<Vec<OpeningState>>,
}

pub(super) fn list(
    conn: &mut Conn,
    tenant: OrganizationId,
    filter: &Filter,
    listing: &Listing<OpeningId>,
) -> Result<Vec<Row>> {
    let mut query = openings::table.filter(openings::organization_id.eq(tenant)).select(Row::as_select()).into_boxed();
    if let Some(job) = filter.job {
        query = query.filter(openings::job_id.eq(job));
    }
    if let Some(state) = filter.state {
        query = query.filter(openings::state.eq(state));
    }
    if let Some(states) = &filter.state_in {
        query = query.filter(openings::state.eq_any(states.clone()));
    }
    Ok(load_listed!(conn, query, openings, listing)?)
}

/// Takes a seat if one is free: a condition of the statement itself, so that of two callers at once
/// only one has the last seat.
pub(super) fn take_seat(conn: &mut Conn, tenant: OrganizationId, id: OpeningId, now: Timestamp) -> Result<usize> {
    Ok(diesel::update(
        openings::table
            .filter(openings::id.eq(id))
            .filter(openings::organization_id.eq(tenant))
            .filter(openings::state.eq(OpeningState::Open))
            .filter(openings::seats_taken.lt(openings::seats)),
    )
    .set((
        openings::seats_taken.eq(openings::seats_taken + 1),
        openings::version.eq(openings::version + 1),
        openings::updated_at.eq(now),
    ))
    .execute(conn)?)
}

/// Releases a seat if one is taken.
pub(super) fn release_seat(conn: &mut Conn, tenant: OrganizationId, id: OpeningId, now: Timestamp) -> Result<usize> {
    Ok(diesel::update(
        openings::table
            .filter(openings::id.eq(id))
            .filter(openings::organization_id.eq(tenant))
            .filter(openings::seats_taken.gt(0)),
    )
    .set((
        openings::seats_taken.eq(openings::seats_taken - 1),
        openings::version.eq(openings::version + 1),
        openings::updated_at.eq(now),
    ))
    .execute(conn)?)
}
