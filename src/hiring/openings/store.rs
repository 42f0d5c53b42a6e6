//! Rows of `openings`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use chrono::NaiveDate;
use diesel::dsl::not;
use diesel::prelude::*;
use okaeri_engine::workflow::offer::OfferState;

use super::model::OpeningState;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::listing::{Listing, load_listed};
use crate::platform::db::rows::{Due, Place, counted_rows, load_due, rows_by_ids, versioned_rows};
use crate::platform::db::schema::{applications, offers, openings};
use crate::platform::db::types::Coded;
use crate::platform::error::Result;
use crate::platform::ids::{JobId, OfferId, OpeningId, OrganizationId};

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
    pub opened: bool,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
versioned_rows!(openings, Row, OpeningId, "opening");
counted_rows!(openings, job_id: crate::platform::ids::JobId);
rows_by_ids!(openings, Row, OpeningId);

/// Filters of the list of openings.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only openings of this job.
    pub job: Option<JobId>,
    /// Only openings in this state.
    pub state: Option<OpeningState>,
    /// Only openings in one of these states.
    pub state_in: Option<Vec<OpeningState>>,
}

/// Expression: the opening is open on this day.
macro_rules! is_open {
    ($today:expr) => {
        openings::state
            .eq(OpeningState::Open)
            .and(
                openings::opens_on
                    .is_null()
                    .or(openings::opens_on.le(Some($today)))
                    .assume_not_null(),
            )
            .and(
                openings::closes_on
                    .is_null()
                    .or(openings::closes_on.ge(Some($today)))
                    .assume_not_null(),
            )
    };
}

pub(super) fn list(
    conn: &mut Conn,
    tenant: OrganizationId,
    filter: &Filter,
    today: NaiveDate,
    listing: &Listing<OpeningId>,
) -> Result<Vec<Row>> {
    let mut query = openings::table
        .filter(openings::organization_id.eq(tenant))
        .select(Row::as_select())
        .into_boxed();
    if let Some(job) = filter.job {
        query = query.filter(openings::job_id.eq(job));
    }
    let asked = filter.state.map(|state| vec![state]).into_iter().chain(filter.state_in.clone());
    for states in asked {
        query = match (states.contains(&OpeningState::Open), states.contains(&OpeningState::Closed))
        {
            (true, true) => query,
            (true, false) => query.filter(is_open!(today)),
            (false, true) => query.filter(not(is_open!(today))),
            (false, false) => query.filter(openings::state.eq_any(states)),
        };
    }
    Ok(load_listed!(conn, query, openings, listing)?)
}

/// Returns openings of all organizations that open by this day.
pub(super) fn due_to_open(
    conn: &mut Conn,
    day: NaiveDate,
    after: Option<Place<OpeningId>>,
    limit: i64,
) -> Result<Vec<Due<OpeningId>>> {
    let planned = openings::table
        .filter(openings::state.eq(OpeningState::Open))
        .filter(openings::opens_on.le(day))
        .filter(openings::opened.eq(false))
        .select((openings::organization_id, openings::id, openings::opens_on.assume_not_null()));
    Ok(load_due!(conn, planned, openings::opens_on, openings::id, after, limit))
}

/// Returns openings of all organizations whose last day is before this day.
pub(super) fn due_to_close(
    conn: &mut Conn,
    day: NaiveDate,
    after: Option<Place<OpeningId>>,
    limit: i64,
) -> Result<Vec<Due<OpeningId>>> {
    let open = openings::table
        .filter(openings::state.eq(OpeningState::Open))
        .filter(openings::closes_on.lt(day))
        .select((openings::organization_id, openings::id, openings::closes_on.assume_not_null()));
    Ok(load_due!(conn, open, openings::closes_on, openings::id, after, limit))
}

/// Returns the offers that hold a seat of an opening although their last day has passed.
pub(super) fn lapsed_offers(
    conn: &mut Conn,
    tenant: OrganizationId,
    id: OpeningId,
    today: NaiveDate,
) -> Result<Vec<OfferId>> {
    let of_opening = applications::table
        .filter(applications::organization_id.eq(tenant))
        .filter(applications::opening_id.eq(Some(id)))
        .select(applications::id);
    Ok(offers::table
        .filter(offers::organization_id.eq(tenant))
        .filter(offers::state.eq(Coded(OfferState::Sent)))
        .filter(offers::expires_on.lt(today))
        .filter(offers::application_id.eq_any(of_opening))
        .select(offers::id)
        .load(conn)?)
}

/// Takes a seat if one is free. The statement itself checks it, so that only one of two concurrent
/// callers gets the last seat.
pub(super) fn take_seat(
    conn: &mut Conn,
    tenant: OrganizationId,
    id: OpeningId,
    now: Timestamp,
    today: NaiveDate,
) -> Result<usize> {
    Ok(diesel::update(
        openings::table
            .filter(openings::id.eq(id))
            .filter(openings::organization_id.eq(tenant))
            .filter(is_open!(today))
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
pub(super) fn release_seat(
    conn: &mut Conn,
    tenant: OrganizationId,
    id: OpeningId,
    now: Timestamp,
) -> Result<usize> {
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
