//! Beginning and ending transactions: the only file that may.

use std::panic::{AssertUnwindSafe, catch_unwind};

use diesel::RunQueryDsl;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::declare_sql_function;

use super::connection::{Conn, on_engine};
use super::prepared::Fixed;
use crate::platform::error::{Error, Result};

/// Begins a write transaction. On SQLite it takes the write lock at once: a lock taken later, after
/// a read, fails immediately when another writer was faster.
pub(super) fn begin(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Sqlite(sqlite) => {
            AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE")?
        }
        Conn::Postgres(postgres) => AnsiTransactionManager::begin_transaction(postgres)?,
    }
    Ok(())
}

/// Makes everything since [`begin`] durable.
pub(super) fn commit(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Sqlite(sqlite) => AnsiTransactionManager::commit_transaction(sqlite)?,
        Conn::Postgres(postgres) => AnsiTransactionManager::commit_transaction(postgres)?,
    }
    Ok(())
}

/// Undoes everything since [`begin`]. A failure here means the connection is gone, and with it the
/// transaction.
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

/// How many rows SQLite has changed since the connection was opened, also those that were taken
/// back.
pub(super) fn changes(conn: &mut Conn) -> Result<i64> {
    Ok(on_engine!(conn, |engine| diesel::select(total_changes()).get_result(engine))?)
}

/// Runs work inside the open transaction and answers its result; if it fails or panics, nothing of
/// it stays.
///
/// # Errors
/// When the engine cannot set or leave the savepoint: the transaction has ended, and nothing of it
/// stays. Where the work ended it, that is the work's error.
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

/// Turns a panic of a use case into an internal error, so that the thread and its connection live
/// on.
pub(super) fn caught<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Error::internal("a use case panicked")))
}
