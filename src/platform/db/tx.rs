//! Begin, commit and rollback of transactions: the only file that contains them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use diesel::RunQueryDsl;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::declare_sql_function;

use super::connection::{Conn, on_engine};
use super::prepared::Fixed;
use crate::platform::error::{Error, Result};

/// Begins a write transaction. On SQLite it takes the write lock at once: upgrading after a read
/// would fail immediately if another writer was faster.
pub(super) fn begin(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Sqlite(sqlite) => {
            AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE")?
        }
        Conn::Postgres(postgres) => AnsiTransactionManager::begin_transaction(postgres)?,
    }
    Ok(())
}

/// Commits everything since [`begin`].
pub(super) fn commit(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Sqlite(sqlite) => AnsiTransactionManager::commit_transaction(sqlite)?,
        Conn::Postgres(postgres) => AnsiTransactionManager::commit_transaction(postgres)?,
    }
    Ok(())
}

/// Rolls back everything since [`begin`]. If that fails, the connection is gone, and its
/// transaction with it.
pub(super) fn roll_back(conn: &mut Conn) {
    let result = match conn {
        Conn::Sqlite(sqlite) => AnsiTransactionManager::rollback_transaction(sqlite),
        Conn::Postgres(postgres) => AnsiTransactionManager::rollback_transaction(postgres),
    };
    if let Err(error) = result {
        tracing::warn!(error = %error, "a rollback failed");
    }
}

#[declare_sql_function]
extern "SQL" {
    fn total_changes() -> BigInt;
}

/// Returns the number of rows that SQLite has changed since the connection was opened, including
/// rolled back changes.
pub(super) fn changes(conn: &mut Conn) -> Result<i64> {
    Ok(on_engine!(conn, |engine| diesel::select(total_changes()).get_result(engine))?)
}

/// Runs work in a savepoint of the open transaction and returns its result. If it fails or panics,
/// its changes are rolled back.
///
/// # Errors
/// Fails when the engine cannot set or release the savepoint: then the transaction has ended and is
/// rolled back. If the work ended it, the error is the work's.
pub(super) fn in_savepoint<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T>,
) -> Result<Result<T>> {
    Fixed("SAVEPOINT use_case").execute(conn)?;
    let result = caught(|| work(conn));
    match result {
        Err(error) if Fixed("ROLLBACK TO use_case").execute(conn).is_err() => Err(error),
        result => {
            Fixed("RELEASE use_case").execute(conn)?;
            Ok(result)
        }
    }
}

/// Converts a panic of a use case into an internal error, so that the thread and its connection
/// survive.
pub(super) fn caught<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Error::internal("a use case panicked")))
}
