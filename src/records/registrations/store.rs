//! Rows of `registrations`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use chrono::NaiveDate;
use diesel::prelude::*;
use okaeri_engine::facts::RegistrationStatus;

use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::rows::{Due, Place, counted_rows, load_due, versioned_rows};
use crate::platform::db::schema::registrations;
use crate::platform::db::types::Coded;
use crate::platform::error::Result;
use crate::platform::ids::{OrganizationId, PersonId, RegistrationId};

/// A registration as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = registrations, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Row {
    pub id: RegistrationId,
    pub organization_id: OrganizationId,
    pub person_id: PersonId,
    pub registered_on: NaiveDate,
    pub wish_to_return: bool,
    pub certificate_no: String,
    pub valid_until: Option<NaiveDate>,
    pub status: Coded<RegistrationStatus>,
    pub channel: Option<String>,
    pub written_intent_to_rehire: Option<bool>,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
versioned_rows!(registrations, Row, RegistrationId, "registration");
counted_rows!(registrations, person_id: crate::platform::ids::PersonId);

/// Returns active registrations of all organizations whose last day is before this day.
pub(super) fn due(
    conn: &mut Conn,
    day: NaiveDate,
    after: Option<Place<RegistrationId>>,
    limit: i64,
) -> Result<Vec<Due<RegistrationId>>> {
    let active = registrations::table
        .filter(registrations::status.eq(Coded(RegistrationStatus::Active)))
        .filter(registrations::valid_until.lt(day))
        .select((
            registrations::organization_id,
            registrations::id,
            registrations::valid_until.assume_not_null(),
        ));
    Ok(load_due!(conn, active, registrations::valid_until, registrations::id, after, limit))
}

/// Returns the registrations of all people from `first` to `last`, ordered by person.
pub(super) fn of_people(
    conn: &mut Conn,
    tenant: OrganizationId,
    first: PersonId,
    last: PersonId,
) -> Result<Vec<Row>> {
    Ok(registrations::table
        .filter(registrations::organization_id.eq(tenant))
        .filter(registrations::person_id.between(first, last))
        .order((registrations::person_id.asc(), registrations::id.asc()))
        .select(Row::as_select())
        .load(conn)?)
}

/// Returns the registrations of a person, oldest first.
pub(super) fn of_person(
    conn: &mut Conn,
    tenant: OrganizationId,
    person: PersonId,
) -> Result<Vec<Row>> {
    Ok(registrations::table
        .filter(registrations::organization_id.eq(tenant))
        .filter(registrations::person_id.eq(person))
        .order(registrations::id.asc())
        .select(Row::as_select())
        .load(conn)?)
}
