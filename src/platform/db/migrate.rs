//! Migrations of both engines, embedded in the binary.

use diesel::connection::SimpleConnection;
use diesel::migration::{MigrationSource, MigrationVersion};
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use okaeri_engine::messages::requests;

use super::connection::{Conn, DatabaseUrl, Purpose};
use crate::platform::error::{Error, ProblemCode, Result};

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Runs all pending migrations. Returns their names.
///
/// # Errors
/// `unavailable` when the database cannot be reached, `internal` when a migration fails.
pub fn run(url: &DatabaseUrl) -> Result<Vec<String>> {
    let names = match url.opened(Purpose::Write)? {
        Conn::Postgres(mut conn) => {
            // Servers that start at the same time wait for each other here, as long as it takes.
            conn.batch_execute(
                "SET statement_timeout = 0; \
                 BEGIN; SET LOCAL lock_timeout = 0; SELECT pg_advisory_lock(7237001); COMMIT;",
            )?;
            conn.run_pending_migrations(POSTGRES).map(names)
        }
        Conn::Sqlite(mut conn) => conn.run_pending_migrations(SQLITE).map(names),
    };
    names.map_err(Error::internal)
}

/// Reverts all migrations, newest first. All data is lost.
///
/// # Errors
/// Those of [`run`].
pub fn revert_all(url: &DatabaseUrl) -> Result<()> {
    match url.opened(Purpose::Write)? {
        Conn::Postgres(mut conn) => conn.revert_all_migrations(POSTGRES).map(names),
        Conn::Sqlite(mut conn) => conn.revert_all_migrations(SQLITE).map(names),
    }
    .map(drop)
    .map_err(Error::internal)
}

/// Returns the migrations that have not been run on the database.
///
/// # Errors
/// `not_migrated` when none was ever run, `unavailable` when the database cannot be read.
pub fn pending(conn: &mut Conn) -> Result<Vec<String>> {
    // Not diesel's own check: it creates its table if missing, and this connection only reads.
    let done: Vec<String> = applied::table.select(applied::version).load(conn)?;
    let known = MigrationSource::<Sqlite>::migrations(&SQLITE).map_err(Error::internal)?;
    let versions = known.iter().map(|migration| migration.name().version().to_string());
    Ok(versions.filter(|version| !done.contains(version)).collect())
}

/// Fails unless the schema is that of this binary.
///
/// # Errors
/// `not_migrated` with a remedy; those of [`pending`].
pub fn check(conn: &mut Conn) -> Result<()> {
    let pending = pending(conn)?;
    if pending.is_empty() {
        return Ok(());
    }
    let cause = format!("migrations are pending: {}", pending.join(", "));
    Err(Error::because(ProblemCode::NotMigrated, requests::RUN_MIGRATE).caused_by(cause))
}

use log::applied;

mod log {
    #![allow(missing_docs, reason = "diesel's own table")]

    diesel::table! {
        #[sql_name = "__diesel_schema_migrations"]
        applied (version) {
            version -> Text,
        }
    }
}

fn names(versions: Vec<MigrationVersion<'_>>) -> Vec<String> {
    versions.iter().map(ToString::to_string).collect()
}
