//! Rows of `users`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use diesel::prelude::*;

use crate::platform::auth::Role;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::listing::{Listing, load_listed};
use crate::platform::db::rows::{counted_rows, versioned_rows};
use crate::platform::db::schema::users;
use crate::platform::db::types::Json;
use crate::platform::error::Result;
use crate::platform::ids::{OrganizationId, PersonId, UserId};

/// A user as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Row {
    pub id: UserId,
    pub organization_id: OrganizationId,
    pub issuer: String,
    pub subject: String,
    pub name: String,
    pub email: Option<String>,
    pub email_key: Option<String>,
    pub roles: Json<Vec<Role>>,
    pub person_id: Option<PersonId>,
    pub active: bool,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
versioned_rows!(users, Row, UserId, "user");
counted_rows!(users);

/// Returns the user with this issuer and subject, in any organization.
pub(super) fn by_subject(conn: &mut Conn, issuer: &str, subject: &str) -> Result<Option<Row>> {
    Ok(users::table
        .filter(users::issuer.eq(issuer))
        .filter(users::subject.eq(subject))
        .select(Row::as_select())
        .first(conn)
        .optional()?)
}

pub(super) fn list(
    conn: &mut Conn,
    tenant: OrganizationId,
    listing: &Listing<UserId>,
) -> Result<Vec<Row>> {
    let query = users::table
        .filter(users::organization_id.eq(tenant))
        .select(Row::as_select())
        .into_boxed();
    Ok(load_listed!(conn, query, users, listing)?)
}

/// Returns the roles of all other active users.
pub(super) fn roles_of_others(
    conn: &mut Conn,
    tenant: OrganizationId,
    id: UserId,
) -> Result<Vec<Json<Vec<Role>>>> {
    Ok(users::table
        .filter(users::organization_id.eq(tenant))
        .filter(users::active.eq(true))
        .filter(users::id.ne(id))
        .select(users::roles)
        .load(conn)?)
}

pub(super) fn by_email_key(
    conn: &mut Conn,
    tenant: OrganizationId,
    key: &str,
) -> Result<Option<Row>> {
    Ok(users::table
        .filter(users::organization_id.eq(tenant))
        .filter(users::email_key.eq(key))
        .select(Row::as_select())
        .first(conn)
        .optional()?)
}
