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

/// A registration to make.
#[derive(Debug, Clone)]
pub struct New {
    /// Whose.
    pub person_id: PersonId,
    /// The day of registration; today when absent.
    pub registered_on: Option<NaiveDate>,
    /// The person wishes to return.
    pub wish_to_return: bool,
    /// The last day of validity.
    pub valid_until: Option<NaiveDate>,
    /// How it came.
    pub channel: Option<String>,
    /// The certificate is a written agreement on the intention to rehire.
    pub written_intent_to_rehire: Option<bool>,
}

/// What changes of a registration.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// The person wishes to return.
    pub wish_to_return: Option<bool>,
    /// The last day of validity.
    pub valid_until: Change<NaiveDate>,
    /// The certificate is a written agreement on the intention to rehire.
    pub written_intent_to_rehire: Change<bool>,
}

/// Registers somebody's wish to return and numbers its certificate.
///
/// # Errors
/// `not_found` for a person out of reach, `invalid` (for an alumnus also who says `valid_until`),
/// `forbidden` for what an alumnus leaves to the organization, `limit_reached`.
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

/// How long a registration is valid decides who may come back, and is not the person's to say.
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

/// A registration within the caller's reach.
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

/// A registration as it is today, whether or not its end was told yet.
fn today(tx: &Tx<'_>, mut row: Row) -> Row {
    row.status = model::status_on(row.status.0, row.valid_until, tx.today()).into();
    row
}

/// Registrations end after their last day.
pub const EXPIRY: DueChange<RegistrationId> =
    DueChange { from: DueFrom::DayAfter, due: store::due, change: expire };

/// Lets a registration expire whose last day has passed. Returns whether it was not done yet. No
/// decision changes by it: they read the last day itself.
///
/// # Errors
/// `not_found`, `stale_version` when another server was faster.
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

/// The registrations of a person, in the order they were made.
///
/// # Errors
/// `not_found` for a person out of reach.
pub fn of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Row>> {
    people::service::row(tx, person)?;
    let rows = store::of_person(tx.conn, tx.organization(), person)?;
    Ok(rows.into_iter().map(|row| today(tx, row)).collect())
}

/// The registrations of everybody from one person to another, in order of person.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn of_people(tx: &mut Tx<'_>, first: PersonId, last: PersonId) -> Result<Vec<Row>> {
    store::of_people(tx.conn, tx.organization(), first, last)
}

/// A registration as decisions read it. Whether it holds on the day that a decision asks for
/// follows from its last day, not from whether that has passed by today.
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
/// `not_found`, `stale_version`, `invalid`, `conflict` when it has ended, `forbidden` for what an
/// alumnus leaves to the organization.
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

/// The person takes the wish back, or the organization does so for them.
///
/// # Errors
/// `not_found`, `stale_version`, `conflict` when it has ended.
pub fn withdraw(tx: &mut Tx<'_>, id: RegistrationId, expected: ExpectedVersion) -> Result<Row> {
    let mut row = running(tx, id, expected)?;
    row.status = RegistrationStatus::Withdrawn.into();
    save(tx, row, EventType::RegistrationWithdrawn)
}

/// The organization takes the registration back.
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

/// A registration that can still be changed, as the caller has read it.
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
