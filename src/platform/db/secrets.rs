//! Secrets of the server that every process of it must know.

use diesel::prelude::*;

use super::Conn;
use super::schema::server_secrets;
use crate::platform::error::Result;

/// The secret with which cursors are sealed: made with the database, and the same for every server
/// on it.
///
/// # Errors
/// `unavailable` when the database cannot be reached.
pub fn of_cursors(conn: &mut Conn) -> Result<String> {
    Ok(server_secrets::table
        .filter(server_secrets::name.eq("cursor"))
        .select(server_secrets::secret)
        .first(conn)?)
}
