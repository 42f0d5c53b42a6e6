//! Rows of `employment_periods`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use chrono::NaiveDate;
use diesel::prelude::*;
use okaeri_engine::facts::{EmploymentPeriod, EmploymentType, ExitRoute};

use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::connection::on_engine;
use crate::platform::db::rows::versioned_rows;
use crate::platform::db::schema::employment_periods;
use crate::platform::db::types::{Coded, Json};
use crate::platform::error::Result;
use crate::platform::ids::{EmploymentPeriodId, EntityId, OfferId, OrganizationId, PersonId};

/// A period as stored: `facts` is the record, the other columns are copies for queries.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = employment_periods, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Row {
    pub id: EmploymentPeriodId,
    pub organization_id: OrganizationId,
    pub person_id: PersonId,
    pub entity_id: Option<EntityId>,
    pub employee_number: Option<String>,
    pub start_date: NaiveDate,
    pub last_day: Option<NaiveDate>,
    pub employment_type: Option<Coded<EmploymentType>>,
    pub job_family: Option<String>,
    pub exit_route: Option<Coded<ExitRoute>>,
    pub facts: Json<EmploymentPeriod>,
    pub offer_id: Option<OfferId>,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
versioned_rows!(employment_periods, Row, EmploymentPeriodId, "employment period");

/// Returns the periods of a person, ordered by start.
pub(super) fn of_person(
    conn: &mut Conn,
    tenant: OrganizationId,
    person: PersonId,
) -> Result<Vec<Row>> {
    Ok(employment_periods::table
        .filter(employment_periods::organization_id.eq(tenant))
        .filter(employment_periods::person_id.eq(person))
        .order(employment_periods::start_date.asc())
        .select(Row::as_select())
        .load(conn)?)
}

/// Returns the facts of all people from `first` to `last`, ordered by person and start.
pub(super) fn of_people(
    conn: &mut Conn,
    tenant: OrganizationId,
    first: PersonId,
    last: PersonId,
) -> Result<Vec<(PersonId, Json<EmploymentPeriod>)>> {
    Ok(employment_periods::table
        .filter(employment_periods::organization_id.eq(tenant))
        .filter(employment_periods::person_id.between(first, last))
        .order((employment_periods::person_id.asc(), employment_periods::start_date.asc()))
        .select((employment_periods::person_id, employment_periods::facts))
        .load(conn)?)
}

/// Returns the periods with this employee number, ordered by start.
pub(super) fn by_employee_number(
    conn: &mut Conn,
    tenant: OrganizationId,
    number: &str,
) -> Result<Vec<Row>> {
    Ok(on_engine!(conn, |engine| employment_periods::table
        .filter(employment_periods::organization_id.eq(tenant))
        .filter(employment_periods::employee_number.eq(number))
        .order(employment_periods::start_date.asc())
        .select(Row::as_select())
        .load(engine))?)
}

/// Returns the periods with one of these employee numbers, ordered by start.
pub(super) fn by_employee_numbers(
    conn: &mut Conn,
    tenant: OrganizationId,
    numbers: &[&str],
) -> Result<Vec<Row>> {
    Ok(on_engine!(conn, |engine| employment_periods::table
        .filter(employment_periods::organization_id.eq(tenant))
        .filter(employment_periods::employee_number.eq_any(numbers))
        .order(employment_periods::start_date.asc())
        .select(Row::as_select())
        .load(engine))?)
}
