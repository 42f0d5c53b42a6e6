//! The migrations of both engines, inside the binary.

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationVersion};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{Conn, DatabaseUrl, Purpose};
use crate::error::{Error, Result};

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Brings the database at this address to the newest schema; answers the names of what was run.
///
/// # Errors
/// `unavailable` when it cannot be reached, `internal` when a migration fails.
pub fn run(url: &DatabaseUrl) -> Result<Vec<String>> {
    let names = match url.connect(Purpose::Write).map_err(Error::unavailable)? {
        Conn::Postgres(mut conn) => {
            // Servers starting together wait for one another here instead of colliding.
            conn.batch_execute("SET statement_timeout = 0; SELECT pg_advisory_lock(7237001);")?;
            conn.run_pending_migrations(POSTGRES).map(names)
        }
        Conn::Sqlite(mut conn) => conn.run_pending_migrations(SQLITE).map(names),
    };
    names.map_err(Error::internal)
}

/// Undoes every migration, newest first. Everything stored is lost.
///
/// # Errors
/// As [`run`].
pub fn revert_all(url: &DatabaseUrl) -> Result<()> {
    match url.connect(Purpose::Write).map_err(Error::unavailable)? {
        Conn::Postgres(mut conn) => conn.revert_all_migrations(POSTGRES).map(names),
        Conn::Sqlite(mut conn) => conn.revert_all_migrations(SQLITE).map(names),
    }
    .map(drop)
    .map_err(Error::internal)
}

/// The names of migrations that are not run yet.
///
/// # Errors
/// As [`run`].
pub fn pending(conn: &mut Conn) -> Result<Vec<String>> {
    match conn {
        Conn::Postgres(conn) => conn.pending_migrations(POSTGRES).map(|all| all.iter().map(|one| one.name().to_string()).collect()),
        Conn::Sqlite(conn) => conn.pending_migrations(SQLITE).map(|all| all.iter().map(|one| one.name().to_string()).collect()),
    }
    .map_err(Error::internal)
}

fn names(versions: Vec<MigrationVersion<'_>>) -> Vec<String> {
    versions.iter().map(ToString::to_string).collect()
}
