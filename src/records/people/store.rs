//! Rows of `people` and `contacts`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{ContactKind, FormerName};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::connection::on_engine;
use crate::platform::db::listing::{Listing, load_listed};
use crate::platform::db::rows::{lock_rows, rows_by_ids, versioned_rows};
use crate::platform::db::schema::{contacts, employment_periods, people};
use crate::platform::db::types::Json;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{ContactId, OrganizationId, PersonId};

crate::text_columns!(ContactKind);

/// A person as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = people, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Row {
    pub id: PersonId,
    pub organization_id: OrganizationId,
    pub external_id: Option<String>,
    pub family_name: String,
    pub given_name: String,
    pub family_kana: Option<String>,
    pub given_kana: Option<String>,
    pub family_romaji: Option<String>,
    pub given_romaji: Option<String>,
    pub former_names: Json<Vec<FormerName>>,
    pub birth_date: Option<NaiveDate>,
    pub search_key: String,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
versioned_rows!(people, Row, PersonId, "person");
rows_by_ids!(people, Row, PersonId);

/// Locks the person with this external identifier until the transaction ends. Returns whether there
/// is such a person.
pub(super) fn hold_external(
    conn: &mut Conn,
    tenant: OrganizationId,
    external_id: &str,
) -> Result<bool> {
    let of_tenant = people::table.filter(people::organization_id.eq(tenant));
    lock_rows!(conn, of_tenant.filter(people::external_id.eq(external_id)).select(people::id))
}

/// Raises the version of a person's facts. A running decision has locked the row, so it is older
/// than the new version.
pub(super) fn raise_facts_version(
    conn: &mut Conn,
    tenant: OrganizationId,
    id: PersonId,
) -> Result<()> {
    let person = people::table.filter(people::organization_id.eq(tenant)).filter(people::id.eq(id));
    diesel::update(person)
        .set(people::facts_version.eq(people::facts_version + 1))
        .execute(conn)?;
    Ok(())
}

pub(super) fn facts_version(conn: &mut Conn, tenant: OrganizationId, id: PersonId) -> Result<i32> {
    let version = on_engine!(conn, |engine| people::table
        .filter(people::id.eq(id))
        .filter(people::organization_id.eq(tenant))
        .select(people::facts_version)
        .first(engine));
    version.optional()?.ok_or_else(|| Error::not_found("person"))
}

/// Returns the person with this external identifier, if there is one.
pub(super) fn by_external_id(
    conn: &mut Conn,
    tenant: OrganizationId,
    external_id: &str,
) -> Result<Option<Row>> {
    Ok(people::table
        .filter(people::organization_id.eq(tenant))
        .filter(people::external_id.eq(external_id))
        .select(Row::as_select())
        .first(conn)
        .optional()?)
}

/// A contact as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = contacts, treat_none_as_default_value = false)]
pub struct ContactRow {
    pub id: ContactId,
    pub organization_id: OrganizationId,
    pub person_id: PersonId,
    pub kind: ContactKind,
    pub value: String,
    pub value_key: String,
    pub is_primary: bool,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Filters of the list of people.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Part of a name, in search form.
    pub name: Option<String>,
    /// An e-mail address, in the form for comparison.
    pub email: Option<String>,
    /// An employee number.
    pub employee_number: Option<String>,
    /// The person's identifier in another system.
    pub external_id: Option<String>,
    /// The only person to return.
    pub only: Option<PersonId>,
}

/// Returns the people after this one with their dates of birth, ordered by identifier.
pub(super) fn births(
    conn: &mut Conn,
    tenant: OrganizationId,
    after: Option<PersonId>,
    limit: i64,
) -> Result<Vec<(PersonId, Option<NaiveDate>)>> {
    let mut query = people::table
        .filter(people::organization_id.eq(tenant))
        .select((people::id, people::birth_date))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(people::id.gt(after));
    }
    Ok(query.order(people::id.asc()).limit(limit).load(conn)?)
}

pub(super) fn count(conn: &mut Conn, tenant: OrganizationId) -> Result<i64> {
    Ok(people::table.filter(people::organization_id.eq(tenant)).count().get_result(conn)?)
}

pub(super) fn list(
    conn: &mut Conn,
    tenant: OrganizationId,
    filter: &Filter,
    listing: &Listing<PersonId>,
) -> Result<Vec<Row>> {
    let mut query = people::table
        .filter(people::organization_id.eq(tenant))
        .select(Row::as_select())
        .into_boxed();
    if let Some(name) = &filter.name {
        let escaped = name.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        query = query.filter(people::search_key.like(format!("%{escaped}%")).escape('\\'));
    }
    if let Some(email) = &filter.email {
        let holders = contacts::table
            .filter(contacts::organization_id.eq(tenant))
            .filter(contacts::kind.eq(ContactKind::Email))
            .filter(contacts::value_key.eq(email.clone()))
            .select(contacts::person_id);
        query = query.filter(people::id.eq_any(holders));
    }
    if let Some(number) = &filter.employee_number {
        let holders = employment_periods::table
            .filter(employment_periods::organization_id.eq(tenant))
            .filter(employment_periods::employee_number.eq(number.clone()))
            .select(employment_periods::person_id);
        query = query.filter(people::id.eq_any(holders));
    }
    if let Some(external) = &filter.external_id {
        query = query.filter(people::external_id.eq(external.clone()));
    }
    if let Some(only) = filter.only {
        query = query.filter(people::id.eq(only));
    }
    Ok(load_listed!(conn, query, people, listing)?)
}

pub(super) fn insert_contact(conn: &mut Conn, row: &ContactRow) -> Result<()> {
    diesel::insert_into(contacts::table).values(row).execute(conn)?;
    Ok(())
}

/// Returns a person with their contacts, ordered by identifier.
pub(super) fn with_contacts(
    conn: &mut Conn,
    tenant: OrganizationId,
    id: PersonId,
) -> Result<Option<(Row, Vec<ContactRow>)>> {
    let of_person = contacts::person_id
        .eq(people::id)
        .and(contacts::organization_id.eq(people::organization_id));
    let rows = on_engine!(conn, |engine| people::table
        .left_join(contacts::table.on(of_person))
        .filter(people::id.eq(id))
        .filter(people::organization_id.eq(tenant))
        .order(contacts::id.asc())
        .select((Row::as_select(), Option::<ContactRow>::as_select()))
        .load::<(Row, Option<ContactRow>)>(engine))?;
    let (people, contacts): (Vec<Row>, Vec<Option<ContactRow>>) = rows.into_iter().unzip();
    Ok(people.into_iter().next().map(|person| (person, contacts.into_iter().flatten().collect())))
}

/// Rows of `contacts`.
pub(super) mod contact {
    use super::contacts;
    use crate::platform::db::rows::counted_rows;

    counted_rows!(contacts, person_id: crate::platform::ids::PersonId);
}

/// Returns the contacts of these people.
pub(super) fn contacts_of(
    conn: &mut Conn,
    tenant: OrganizationId,
    people: &[PersonId],
) -> Result<Vec<ContactRow>> {
    Ok(contacts::table
        .filter(contacts::organization_id.eq(tenant))
        .filter(contacts::person_id.eq_any(people.to_vec()))
        .order(contacts::id.asc())
        .select(ContactRow::as_select())
        .load(conn)?)
}

pub(super) fn remove_contact(
    conn: &mut Conn,
    tenant: OrganizationId,
    person: PersonId,
    contact: ContactId,
) -> Result<usize> {
    Ok(diesel::delete(
        contacts::table
            .filter(contacts::organization_id.eq(tenant))
            .filter(contacts::person_id.eq(person))
            .filter(contacts::id.eq(contact)),
    )
    .execute(conn)?)
}
