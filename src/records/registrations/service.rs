//! Use cases on registrations.

use chrono::{Datelike, NaiveDate};
use okaeri_engine::facts::{Registration, RegistrationStatus};
use okaeri_engine::messages::registrations;
use serde_json::json;

use super::model;
use super::store;
pub use super::store::Row;
use crate::platform::auth::Reach;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::ids::{Identifier, PersonId, RegistrationId};
use crate::platform::outbox::EventType;
use crate::platform::patch::{self, Change};
use crate::platform::quotas::{self, Quotas};
use crate::platform::schedule::{DueChange, DueFrom};
use crate::platform::usecase::{ExpectedVersion, Tx};
use crate::records::people;

/// A registration to create.
#[derive(Debug, Clone)]
pub struct New {
    /// The person who registers.
    pub person_id: PersonId,
    /// The day of registration; default is today.
    pub registered_on: Option<NaiveDate>,
    /// True if the person wishes to return.
    pub wish_to_return: bool,
    /// The last day of validity.
    pub valid_until: Option<NaiveDate>,
    /// The channel through which it was made.
    pub channel: Option<String>,
    /// True if the certificate is a written agreement on the intention to rehire.
    pub written_intent_to_rehire: Option<bool>,
}

/// A patch of a registration.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// True if the person wishes to return.
    pub wish_to_return: Option<bool>,
    /// The last day of validity.
    pub valid_until: Change<NaiveDate>,
    /// True if the certificate is a written agreement on the intention to rehire.
    pub written_intent_to_rehire: Change<bool>,
}

/// Registers a person's wish to return and assigns the number of the certificate.
///
/// # Errors
/// `not_found` for a person out of reach; `invalid`, also for an alumnus who sets `valid_until`;
/// `forbidden` for an alumnus who sets what only the organization may set; `limit_reached`.
pub fn create(tx: &mut Tx<'_>, new: &New) -> Result<Row> {
    people::service::row(tx, new.person_id)?;
    let registered_on = new.registered_on.unwrap_or_else(|| tx.today());
    if is_alumnus(tx) && registered_on != tx.today() {
        return Err(Error::because(ProblemCode::Forbidden, registrations::AS_OF_TODAY));
    }
    check_intent(tx, new.written_intent_to_rehire.is_some())?;
    check_validity(tx, new.valid_until.is_some())?;
    let id = RegistrationId::fresh();
    let row = Row {
        id,
        organization_id: tx.organization(),
        person_id: new.person_id,
        registered_on,
        wish_to_return: new.wish_to_return,
        certificate_no: model::certificate_no(id, tx.today().year()),
        valid_until: new.valid_until,
        status: RegistrationStatus::Active.into(),
        channel: new.channel.clone(),
        written_intent_to_rehire: new.written_intent_to_rehire,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    check(tx, &row)?;
    quotas::of_person(tx, row.person_id, Quotas::max_registrations, |conn, tenant| {
        store::count(conn, tenant, row.person_id)
    })?;
    store::insert(tx.conn, &row)?;
    tx.record(EventType::RegistrationCreated, id, &json!({"person_id": row.person_id}))?;
    people::service::facts_changed(tx, row.person_id)?;
    Ok(row)
}

fn is_alumnus(tx: &Tx<'_>) -> bool {
    tx.who.reach() != Reach::Organization
}

fn check_intent(tx: &Tx<'_>, is_given: bool) -> Result<()> {
    if is_given && is_alumnus(tx) {
        return Err(Error::because(
            ProblemCode::Forbidden,
            registrations::INTENT_IS_THE_ORGANIZATIONS,
        ));
    }
    Ok(())
}

/// Fails for an alumnus who sets the validity: it decides who may return, so the organization sets
/// it.
fn check_validity(tx: &Tx<'_>, is_given: bool) -> Result<()> {
    if is_given && is_alumnus(tx) {
        let message = registrations::VALIDITY_IS_THE_ORGANIZATIONS;
        return Err(Error::invalid_field("/valid_until", "not_the_applicants", message));
    }
    Ok(())
}

fn check(tx: &Tx<'_>, row: &Row) -> Result<()> {
    let faults = model::faults(as_fact(row), tx.today());
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

/// Returns a registration within the caller's reach.
///
/// # Errors
/// `not_found`.
pub fn find(tx: &mut Tx<'_>, id: RegistrationId) -> Result<Row> {
    let row = store::get(tx.conn, tx.organization(), id)?;
    if tx.who.reaches(row.person_id) {
        Ok(today(tx, row))
    } else {
        Err(Error::not_found("registration"))
    }
}

/// Returns a registration with its status as of today, even if its expiry is not recorded yet.
fn today(tx: &Tx<'_>, mut row: Row) -> Row {
    row.status = model::status_on(row.status.0, row.valid_until, tx.today()).into();
    row
}

/// Scheduled change: a registration expires after its last day.
pub const EXPIRY: DueChange<RegistrationId> =
    DueChange { from: DueFrom::DayAfter, due: store::due, change: expire };

/// Marks a registration as expired if its last day has passed. Returns whether it changed.
/// Decisions do not change, since they read the last day itself.
///
/// # Errors
/// `not_found`, `stale_version` when another server changed it first.
pub fn expire(tx: &mut Tx<'_>, id: RegistrationId) -> Result<bool> {
    let mut row = store::get(tx.conn, tx.organization(), id)?;
    let status = model::status_on(row.status.0, row.valid_until, tx.today());
    if row.status == status {
        return Ok(false);
    }
    row.status = status.into();
    store::save(tx.conn, &mut row, tx.now)?;
    let event = json!({"person_id": row.person_id, "version": row.version});
    tx.record(EventType::RegistrationExpired, id, &event)?;
    Ok(true)
}

/// Returns the registrations of a person, oldest first.
///
/// # Errors
/// `not_found` for a person out of reach.
pub fn of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Row>> {
    people::service::row(tx, person)?;
    let rows = store::of_person(tx.conn, tx.organization(), person)?;
    Ok(rows.into_iter().map(|row| today(tx, row)).collect())
}

/// Returns the registrations of all people from `first` to `last`, ordered by person.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn of_people(tx: &mut Tx<'_>, first: PersonId, last: PersonId) -> Result<Vec<Row>> {
    store::of_people(tx.conn, tx.organization(), first, last)
}

/// Converts a registration to a fact for decisions. Whether it is valid on the day of a decision
/// depends on its last day, not on whether it has expired by today.
#[must_use]
pub fn as_fact(row: &Row) -> Registration {
    let has_last_day = row.status == RegistrationStatus::Expired && row.valid_until.is_some();
    let status = if has_last_day { RegistrationStatus::Active } else { row.status.0 };
    Registration {
        registered_on: row.registered_on,
        wish_to_return: Some(row.wish_to_return),
        certificate_no: Some(row.certificate_no.clone()),
        valid_until: row.valid_until,
        status: Some(status),
        written_intent_to_rehire: row.written_intent_to_rehire,
    }
}

/// Changes a registration that has not ended.
///
/// # Errors
/// `not_found`, `stale_version`, `invalid`, `conflict` when it has ended, `forbidden` for an
/// alumnus who sets what only the organization may set.
pub fn update(
    tx: &mut Tx<'_>,
    id: RegistrationId,
    expected: ExpectedVersion,
    edit: &Edit,
) -> Result<Row> {
    let mut row = running(tx, id, expected)?;
    let edit = edit.clone();
    check_intent(tx, edit.written_intent_to_rehire != Change::Keep)?;
    check_validity(tx, edit.valid_until != Change::Keep)?;
    patch::set(&mut row.wish_to_return, edit.wish_to_return);
    edit.valid_until.apply(&mut row.valid_until);
    edit.written_intent_to_rehire.apply(&mut row.written_intent_to_rehire);
    check(tx, &row)?;
    save(tx, row, EventType::RegistrationUpdated)
}

/// Withdraws a registration: by the person, or by the organization for them.
///
/// # Errors
/// `not_found`, `stale_version`, `conflict` when it has ended.
pub fn withdraw(tx: &mut Tx<'_>, id: RegistrationId, expected: ExpectedVersion) -> Result<Row> {
    let mut row = running(tx, id, expected)?;
    row.status = RegistrationStatus::Withdrawn.into();
    save(tx, row, EventType::RegistrationWithdrawn)
}

/// Revokes a registration for the organization.
///
/// # Errors
/// `not_found`, `forbidden` for an alumnus, `stale_version`, `conflict` when it has ended.
pub fn revoke(tx: &mut Tx<'_>, id: RegistrationId, expected: ExpectedVersion) -> Result<Row> {
    find(tx, id)?;
    if is_alumnus(tx) {
        return Err(Error::because(
            ProblemCode::Forbidden,
            registrations::NOT_REVOKED_BY_THE_PERSON,
        ));
    }
    let mut row = running(tx, id, expected)?;
    row.status = RegistrationStatus::Revoked.into();
    save(tx, row, EventType::RegistrationRevoked)
}

/// Returns a registration of the expected version that has not ended.
fn running(tx: &mut Tx<'_>, id: RegistrationId, expected: ExpectedVersion) -> Result<Row> {
    let row = find(tx, id)?;
    expected.check(row.version)?;
    match row.status.0 {
        RegistrationStatus::Active => Ok(row),
        RegistrationStatus::Expired
        | RegistrationStatus::Withdrawn
        | RegistrationStatus::Revoked => {
            Err(Error::because(ProblemCode::Conflict, registrations::HAS_ENDED))
        }
    }
}

fn save(tx: &mut Tx<'_>, mut row: Row, event: EventType) -> Result<Row> {
    store::save(tx.conn, &mut row, tx.now)?;
    tx.record(event, row.id, &json!({"person_id": row.person_id, "version": row.version}))?;
    people::service::facts_changed(tx, row.person_id)?;
    Ok(row)
}
