//! Secrets shared by all server processes on a database.

use diesel::prelude::*;

use super::Conn;
use super::schema::server_secrets;
use crate::platform::error::Result;

/// Returns the secret that seals cursors: created with the database, the same for every server on
/// it.
///
/// # Errors
/// `unavailable` when the database cannot be reached.
pub fn of_cursors(conn: &mut Conn) -> Result<String> {
    Ok(server_secrets::table
        .filter(server_secrets::name.eq("cursor"))
        .select(server_secrets::secret)
        .first(conn)?)
}
