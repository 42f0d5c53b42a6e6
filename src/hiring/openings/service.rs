//! Use cases on openings.

use chrono::NaiveDate;
use okaeri_engine::messages::{Said as _, openings};
use serde_json::json;

use super::model::{self, OpeningState};
use super::store;
pub use super::store::{Filter, Row};
use crate::hiring::jobs;
use crate::hiring::jobs::model::JobState;
use crate::platform::db::listing::Listing;
use crate::platform::error::{Error, Fault, ProblemCode, Result};
use crate::platform::ids::{Identifier, JobId, OfferId, OpeningId};
use crate::platform::outbox::EventType;
use crate::platform::patch::{self, Change};
use crate::platform::quotas::{self, Quotas};
use crate::platform::schedule::{DueChange, DueFrom};
use crate::platform::usecase::{ExpectedVersion, Tx};

/// An opening to create.
#[derive(Debug, Clone)]
pub struct New {
    /// The job of the opening.
    pub job_id: JobId,
    /// Number of people who can return.
    pub seats: i32,
    /// The first day on which it is open.
    pub opens_on: Option<NaiveDate>,
    /// The last day on which it is open.
    pub closes_on: Option<NaiveDate>,
    /// Reason for the opening.
    pub reason: Option<String>,
}

/// A patch of an opening.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// Number of people who can return.
    pub seats: Option<i32>,
    /// The first day on which it is open.
    pub opens_on: Change<NaiveDate>,
    /// The last day on which it is open.
    pub closes_on: Change<NaiveDate>,
    /// Reason for the opening.
    pub reason: Change<String>,
}

/// Creates an opening, open and with all seats free.
///
/// # Errors
/// `invalid` for an unknown or archived job, or days in the wrong order; `limit_reached`.
pub fn create(tx: &mut Tx<'_>, new: &New) -> Result<Row> {
    let row = Row {
        id: OpeningId::fresh(),
        organization_id: tx.organization(),
        job_id: new.job_id,
        seats: new.seats,
        seats_taken: 0,
        state: OpeningState::Open,
        opens_on: new.opens_on,
        closes_on: new.closes_on,
        reason: new.reason.clone(),
        opened: new.opens_on.is_none_or(|opens| opens <= tx.today()),
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    check_job(tx, new.job_id)?;
    check(&row)?;
    quotas::of_organization(tx, Quotas::max_openings, |conn, tenant| {
        store::count(conn, tenant, row.job_id)
    })?;
    store::insert(tx.conn, &row)?;
    tx.record(
        EventType::OpeningCreated,
        row.id,
        &json!({"job_id": row.job_id, "seats": row.seats}),
    )?;
    Ok(today(tx, row))
}

/// Returns an opening with its state as of today, even if the change is not recorded yet.
fn today(tx: &Tx<'_>, mut row: Row) -> Row {
    row.state = row.state.on(tx.today(), row.opens_on, row.closes_on);
    row
}

/// Scheduled change: an opening opens on its first day.
pub const OPENING: DueChange<OpeningId> =
    DueChange { from: DueFrom::Day, due: store::due_to_open, change: come_due };

/// Scheduled change: an opening closes after its last day.
pub const CLOSING: DueChange<OpeningId> =
    DueChange { from: DueFrom::DayAfter, due: store::due_to_close, change: come_due };

/// Opens or closes an opening whose day has come. Returns whether it changed.
///
/// # Errors
/// `not_found`, `stale_version` when another server changed it first.
pub fn come_due(tx: &mut Tx<'_>, id: OpeningId) -> Result<bool> {
    let row = store::get(tx.conn, tx.organization(), id)?;
    let version = row.version;
    Ok(catch_up(tx, row)?.version != version)
}

/// Brings an opening to its state as of today, once, and records the event.
fn catch_up(tx: &mut Tx<'_>, mut row: Row) -> Result<Row> {
    if row.state == OpeningState::Closed {
        return Ok(row);
    }
    let is_over = row.closes_on.is_some_and(|closes| closes < tx.today());
    let has_begun = row.opens_on.is_none_or(|opens| opens <= tx.today());
    let event = if is_over {
        row.state = OpeningState::Closed;
        EventType::OpeningClosed
    } else if has_begun && !row.opened {
        row.opened = true;
        EventType::OpeningOpened
    } else {
        return Ok(row);
    };
    store::save(tx.conn, &mut row, tx.now)?;
    tx.record(event, row.id, &json!({"version": row.version}))?;
    Ok(row)
}

fn check_job(tx: &mut Tx<'_>, job: JobId) -> Result<()> {
    let job = jobs::service::find(tx, job)
        .map_err(|error| error.named_by("/job_id", "unknown_job", openings::NO_SUCH_JOB))?;
    match job.state {
        JobState::Active => Ok(()),
        JobState::Archived => {
            Err(Error::invalid_field("/job_id", "archived_job", openings::JOB_ARCHIVED))
        }
    }
}

fn check(row: &Row) -> Result<()> {
    let mut faults = model::day_faults(row.opens_on, row.closes_on);
    if row.seats < row.seats_taken {
        let taken = row.seats_taken;
        let message = openings::SeatsTaken { taken: &taken }.words();
        faults.push(Fault::new("/seats", "fewer_than_taken", message));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

/// Returns an opening of this organization.
///
/// # Errors
/// `not_found`.
pub fn find(tx: &mut Tx<'_>, id: OpeningId) -> Result<Row> {
    let row = store::get(tx.conn, tx.organization(), id)?;
    Ok(today(tx, row))
}

/// Returns the existing openings among these identifiers.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn by_ids(tx: &mut Tx<'_>, ids: &[OpeningId]) -> Result<Vec<Row>> {
    let rows = store::many(tx.conn, tx.organization(), ids)?;
    Ok(rows.into_iter().map(|row| today(tx, row)).collect())
}

/// Returns a page of the openings that match the filter, newest first.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn list(tx: &mut Tx<'_>, filter: &Filter, listing: &Listing<OpeningId>) -> Result<Vec<Row>> {
    let rows = store::list(tx.conn, tx.organization(), filter, tx.today(), listing)?;
    Ok(rows.into_iter().map(|row| today(tx, row)).collect())
}

/// Changes an opening.
///
/// # Errors
/// `not_found`, `stale_version`, `invalid` for fewer seats than are taken or days in the wrong
/// order.
pub fn update(
    tx: &mut Tx<'_>,
    id: OpeningId,
    expected: ExpectedVersion,
    edit: &Edit,
) -> Result<Row> {
    let mut row = store::get(tx.conn, tx.organization(), id)?;
    expected.check(row.version)?;
    let edit = edit.clone();
    patch::set(&mut row.seats, edit.seats);
    edit.opens_on.apply(&mut row.opens_on);
    edit.closes_on.apply(&mut row.closes_on);
    edit.reason.apply(&mut row.reason);
    check(&row)?;
    // If the first day moves into the future, the opening opens again on that day.
    row.opened &= row.opens_on.is_none_or(|opens| opens <= tx.today());
    store::save(tx.conn, &mut row, tx.now)?;
    tx.record(EventType::OpeningUpdated, id, &json!({"seats": row.seats, "version": row.version}))?;
    let row = catch_up(tx, row)?;
    Ok(today(tx, row))
}

/// Closes an opening: seats can no longer be taken. Taken seats stay taken.
///
/// # Errors
/// `not_found`, `stale_version`.
pub fn close(tx: &mut Tx<'_>, id: OpeningId, expected: ExpectedVersion) -> Result<Row> {
    turn(tx, id, expected, OpeningState::Closed, EventType::OpeningClosed)
}

/// Reopens a closed opening.
///
/// # Errors
/// `not_found`, `stale_version`, `conflict` when its last day has passed.
pub fn reopen(tx: &mut Tx<'_>, id: OpeningId, expected: ExpectedVersion) -> Result<Row> {
    if find(tx, id)?.closes_on.is_some_and(|closes| closes < tx.today()) {
        return Err(Error::because(ProblemCode::Conflict, openings::LAST_DAY_PASSED));
    }
    turn(tx, id, expected, OpeningState::Open, EventType::OpeningReopened)
}

fn turn(
    tx: &mut Tx<'_>,
    id: OpeningId,
    expected: ExpectedVersion,
    state: OpeningState,
    event: EventType,
) -> Result<Row> {
    let mut row = store::get(tx.conn, tx.organization(), id)?;
    expected.check(row.version)?;
    if row.state != state {
        row.state = state;
        store::save(tx.conn, &mut row, tx.now)?;
        tx.record(event, id, &json!({"version": row.version}))?;
    }
    Ok(today(tx, row))
}

/// Returns whether a seat can be offered now.
///
/// # Errors
/// `not_found`.
pub fn has_free_seat(tx: &mut Tx<'_>, id: OpeningId) -> Result<bool> {
    let row = find(tx, id)?;
    Ok(row.state == OpeningState::Open && leaves_seat(tx, id, (row.seats, row.seats_taken))?)
}

/// Returns whether a seat is free. The seat of a lapsed offer counts as free, even if the lapse is
/// not recorded yet.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn leaves_seat(tx: &mut Tx<'_>, id: OpeningId, (seats, taken): (i32, i32)) -> Result<bool> {
    Ok(taken < seats || !lapsed_offers(tx, id)?.is_empty())
}

/// Returns the offers that hold a seat of an opening although their last day has passed.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn lapsed_offers(tx: &mut Tx<'_>, id: OpeningId) -> Result<Vec<OfferId>> {
    store::lapsed_offers(tx.conn, tx.organization(), id, tx.today())
}

/// Takes a seat.
///
/// # Errors
/// `no_seat_left` when the opening is closed or every seat is taken.
pub fn take_seat(tx: &mut Tx<'_>, id: OpeningId) -> Result<()> {
    if store::take_seat(tx.conn, tx.organization(), id, tx.now, tx.today())? == 0 {
        return Err(Error::because(ProblemCode::NoSeatLeft, openings::NO_SEAT_LEFT));
    }
    tx.record(EventType::OpeningSeatTaken, id, &json!({}))
}

/// Releases a seat; does nothing when none is taken.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn release_seat(tx: &mut Tx<'_>, id: OpeningId) -> Result<()> {
    if store::release_seat(tx.conn, tx.organization(), id, tx.now)? == 0 {
        return Ok(());
    }
    tx.record(EventType::OpeningSeatReleased, id, &json!({}))
}
