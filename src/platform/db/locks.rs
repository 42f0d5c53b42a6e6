//! Locks shared by use cases of several slices, held until the transaction ends. Without them, two
//! concurrent PostgreSQL transactions that read records and then write would not see each other.

use diesel::prelude::*;

use super::Conn;
use super::rows::lock_rows;
use super::schema::{organizations, people};
use crate::platform::error::Result;
use crate::platform::ids::{OrganizationId, PersonId};

/// Locks an organization.
///
/// # Errors
/// `unavailable` when the database fails.
pub(crate) fn organization(conn: &mut Conn, id: OrganizationId) -> Result<()> {
    lock_rows!(conn, organizations::table.find(id).select(organizations::id)).map(drop)
}

/// Locks a person.
///
/// # Errors
/// `unavailable` when the database fails.
pub(crate) fn person(conn: &mut Conn, tenant: OrganizationId, id: PersonId) -> Result<()> {
    let of_tenant = people::table.filter(people::organization_id.eq(tenant));
    lock_rows!(conn, of_tenant.filter(people::id.eq(id)).select(people::id)).map(drop)
}
