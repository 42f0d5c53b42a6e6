//! Use cases on employment periods.

use okaeri_engine::facts::EmploymentPeriod;
use okaeri_engine::messages::employment_periods;
use serde_json::json;

use super::model;
use super::store;
pub use super::store::Row;
use crate::platform::db::types::Json;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::ids::{EmploymentPeriodId, EntityId, Identifier, OfferId, PersonId};
use crate::platform::outbox::EventType;
use crate::platform::patch::Change;
use crate::platform::quotas;
use crate::platform::usecase::{ExpectedVersion, Tx};
use crate::records::{entities, people};

/// A period to append.
#[derive(Debug, Clone)]
pub struct New {
    /// The person who was employed.
    pub person_id: PersonId,
    /// The person's employee number in this period.
    pub employee_number: Option<String>,
    /// The group company.
    pub entity_id: Option<EntityId>,
    /// The facts to record.
    pub period: EmploymentPeriod,
    /// The offer that led to this period.
    pub offer_id: Option<OfferId>,
}

/// A replacement of a period.
#[derive(Debug, Clone)]
pub struct Revision {
    /// All facts of the period.
    pub period: EmploymentPeriod,
    /// The person's employee number in this period.
    pub employee_number: Change<String>,
    /// The group company.
    pub entity_id: Change<EntityId>,
}

/// Adds a period to a person.
///
/// # Errors
/// `not_found` for a person out of reach; `invalid` with every fault, or when another person has
/// the employee number at the same time; `already_exists` when a period with the number starts on
/// the same day; `employment_period_overlap`; `limit_reached`.
pub fn append(tx: &mut Tx<'_>, new: New) -> Result<Row> {
    hold(tx, new.person_id, new.employee_number.is_some())?;
    let mut row = Row {
        id: EmploymentPeriodId::fresh(),
        organization_id: tx.organization(),
        person_id: new.person_id,
        entity_id: new.entity_id,
        employee_number: new.employee_number,
        start_date: new.period.start,
        last_day: new.period.last_day,
        employment_type: new.period.employment_type.map(Into::into),
        job_family: new.period.job_family.clone(),
        exit_route: new.period.exit_route.map(Into::into),
        facts: Json(new.period),
        offer_id: new.offer_id,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    settle(tx, &mut row)?;
    store::insert(tx.conn, &row)?;
    tx.record(EventType::EmploymentPeriodCreated, row.id, &json!({"person_id": row.person_id}))?;
    people::service::facts_changed(tx, row.person_id)?;
    Ok(row)
}

/// Replaces the facts of a period; its employee number and group company stay.
///
/// # Errors
/// Those of [`append`], and `stale_version`.
pub fn replace(
    tx: &mut Tx<'_>,
    id: EmploymentPeriodId,
    expected: ExpectedVersion,
    period: EmploymentPeriod,
) -> Result<Row> {
    revise(
        tx,
        id,
        expected,
        Revision { period, employee_number: Change::Keep, entity_id: Change::Keep },
    )
}

/// Replaces the facts of a period, and its employee number and group company where given.
///
/// # Errors
/// Those of [`append`], and `stale_version`.
pub fn revise(
    tx: &mut Tx<'_>,
    id: EmploymentPeriodId,
    expected: ExpectedVersion,
    revision: Revision,
) -> Result<Row> {
    let known = find(tx, id)?;
    let has_number = known.employee_number.is_some() || revision.employee_number != Change::Keep;
    // Locks before it reads again: other writers of this row and decisions about it finish first.
    hold(tx, known.person_id, has_number)?;
    let mut row = find(tx, id)?;
    expected.check(row.version)?;
    row.facts = Json(revision.period);
    revision.employee_number.apply(&mut row.employee_number);
    revision.entity_id.apply(&mut row.entity_id);
    settle(tx, &mut row)?;
    store::save(tx.conn, &mut row, tx.now)?;
    let event = json!({"person_id": row.person_id, "version": row.version});
    tx.record(EventType::EmploymentPeriodUpdated, id, &event)?;
    people::service::facts_changed(tx, row.person_id)?;
    Ok(row)
}

/// Locks the person, so that concurrent writers cannot add overlapping periods. With an employee
/// number it locks the organization too, so that two people cannot get one number at once. The
/// organization is locked before the person, as in imports.
fn hold(tx: &mut Tx<'_>, person: PersonId, has_number: bool) -> Result<()> {
    if has_number {
        tx.hold_organization()?;
    }
    tx.hold_person(person)
}

/// Updates the columns of a row from its facts and validates it against the person's other periods.
/// The person must be locked.
fn settle(tx: &mut Tx<'_>, row: &mut Row) -> Result<()> {
    quotas::of_record(&row.facts.0, "/period")?;
    let person = people::service::row(tx, row.person_id)?;
    if let Some(entity) = entities::service::named(tx, row.entity_id)? {
        row.facts.0.entity = Some(entity.code);
    }
    let period = &row.facts.0;
    row.start_date = period.start;
    row.last_day = period.last_day;
    row.employment_type = period.employment_type.map(Into::into);
    row.job_family.clone_from(&period.job_family);
    row.exit_route = period.exit_route.map(Into::into);
    let known = store::of_person(tx.conn, tx.organization(), person.id)?;
    let present = known.len();
    let others: Vec<_> =
        known.into_iter().filter(|other| other.id != row.id).map(|other| other.facts.0).collect();
    let is_new = others.len() == present;
    quotas::of_periods(&(&others, &row.facts.0), "/period")?;
    let faults = model::faults(person.birth_date, period, others);
    if faults.iter().any(|fault| !model::is_overlap(fault)) {
        return Err(Error::invalid(faults));
    }
    // Before the overlap: for a file sent twice, the error says that the period is on record.
    check_number(tx, row)?;
    if faults.is_empty() {
        let present = i64::try_from(present).map_err(Error::internal)?;
        return if is_new { tx.quotas.max_employment_periods(present) } else { Ok(()) };
    }
    let refused = Error::because(
        ProblemCode::EmploymentPeriodOverlap,
        employment_periods::EMPLOYED_AT_THIS_TIME,
    );
    Err(refused.with_faults(faults))
}

/// Queries the number instead of relying on the unique index: on PostgreSQL a refused row aborts
/// the transaction, and an import still has to report its other rows.
fn check_number(tx: &mut Tx<'_>, row: &Row) -> Result<()> {
    let Some(number) = &row.employee_number else { return Ok(()) };
    let known = store::by_employee_number(tx.conn, tx.organization(), number)?;
    if known.iter().any(|other| other.id != row.id && other.start_date == row.start_date) {
        return Err(Error::because(ProblemCode::AlreadyExists, employment_periods::ON_RECORD));
    }
    let mut of_others = known.iter().filter(|other| other.person_id != row.person_id);
    let Some(other) = of_others.find(|other| meet(row, other)) else { return Ok(()) };
    let other = people::service::row(tx, other.person_id)?;
    let said =
        employment_periods::AnotherPerson { number, known: &people::service::identity_of(&other) };
    Err(Error::invalid_field("/employee_number", "another_person", said))
}

/// Returns whether two periods have a day in common.
fn meet(one: &Row, other: &Row) -> bool {
    let begins_within =
        |one: &Row, other: &Row| other.last_day.is_none_or(|last| one.start_date <= last);
    begins_within(one, other) && begins_within(other, one)
}

/// Returns a period within the caller's reach.
///
/// # Errors
/// `not_found`.
pub fn find(tx: &mut Tx<'_>, id: EmploymentPeriodId) -> Result<Row> {
    let row = store::get(tx.conn, tx.organization(), id)?;
    if tx.who.reaches(row.person_id) { Ok(row) } else { Err(Error::not_found("employment period")) }
}

/// Returns the periods of a person, ordered by start.
///
/// # Errors
/// `not_found` for a person out of reach.
pub fn of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Row>> {
    people::service::row(tx, person)?;
    store::of_person(tx.conn, tx.organization(), person)
}

/// Returns the facts of all people from `first` to `last`, ordered by person and start.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn of_people(
    tx: &mut Tx<'_>,
    first: PersonId,
    last: PersonId,
) -> Result<Vec<(PersonId, EmploymentPeriod)>> {
    let rows = store::of_people(tx.conn, tx.organization(), first, last)?;
    Ok(rows.into_iter().map(|(person, record)| (person, record.0)).collect())
}

/// Returns the periods with this employee number that the caller may see, ordered by start.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn by_employee_number(tx: &mut Tx<'_>, number: &str) -> Result<Vec<Row>> {
    let mut rows = store::by_employee_number(tx.conn, tx.organization(), number)?;
    rows.retain(|row| tx.who.reaches(row.person_id));
    Ok(rows)
}

/// Returns the periods with one of these employee numbers that the caller may see, ordered by
/// start.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn by_employee_numbers(tx: &mut Tx<'_>, numbers: &[&str]) -> Result<Vec<Row>> {
    let mut rows = store::by_employee_numbers(tx.conn, tx.organization(), numbers)?;
    rows.retain(|row| tx.who.reaches(row.person_id));
    Ok(rows)
}
