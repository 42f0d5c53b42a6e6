//! Conversion of database errors to an [`Error`] by meaning, never "not found".

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use okaeri_engine::messages::requests;

use crate::platform::error::{Error, ProblemCode};

/// The connection was closed before any effect; another one may work.
#[derive(Debug, thiserror::Error)]
#[error("the connection to the database was closed")]
pub(super) struct Closed(#[source] DieselError);

/// The connection was closed inside a transaction; it may have been committed.
#[derive(Debug, thiserror::Error)]
#[error("the connection to the database was closed inside a transaction")]
struct CutMidway(#[source] Error);

/// Two transactions conflicted; the same work can be retried.
#[derive(Debug, thiserror::Error)]
#[error("transactions met")]
pub(super) struct Met(#[source] DieselError);

impl From<DieselError> for Error {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "diesel's enum grows; whatever is new there is a fault of ours"
    )]
    fn from(error: DieselError) -> Self {
        let DieselError::DatabaseError(kind, info) = &error else {
            // Missing rows are handled by `.optional()`; one that gets here is a bug.
            return Self::internal(error);
        };
        let message = info.message();
        if looks_closed(*kind, message) {
            return Self::unavailable(Closed(error));
        }
        match kind {
            DatabaseErrorKind::UniqueViolation => {
                Self::because(ProblemCode::AlreadyExists, requests::KEY_EXISTS).caused_by(error)
            }
            DatabaseErrorKind::ReadOnlyTransaction => {
                Self::new(ProblemCode::StorageRefused).caused_by(error)
            }
            DatabaseErrorKind::Unknown if refuses_writes(message) => {
                Self::new(ProblemCode::StorageRefused).caused_by(error)
            }
            DatabaseErrorKind::Unknown if lacks_schema(message) => {
                Self::because(ProblemCode::NotMigrated, requests::RUN_MIGRATE).caused_by(error)
            }
            DatabaseErrorKind::SerializationFailure => Self::unavailable(Met(error)),
            DatabaseErrorKind::Unknown if message.contains("deadlock detected") => {
                Self::unavailable(Met(error))
            }
            DatabaseErrorKind::Unknown
                if message.contains("database is locked") || message.contains("lock timeout") =>
            {
                Self::unavailable(error)
            }
            DatabaseErrorKind::Unknown if message.contains("statement timeout") => {
                Self::new(ProblemCode::TimedOut).caused_by(error)
            }
            _ => Self::internal(error),
        }
    }
}

/// Returns whether the disk refuses writes.
fn refuses_writes(message: &str) -> bool {
    [
        "database or disk is full",
        "disk I/O error",
        "attempt to write a readonly database",
        "No space left on device",
    ]
    .iter()
    .any(|sign| message.contains(sign))
}

/// Returns whether a table or column is missing; migrations create all of them.
fn lacks_schema(message: &str) -> bool {
    let is_of = |what: &str, end: &str| message.contains(what) && message.contains(end);
    is_of("relation \"", "does not exist")
        || is_of("column ", "does not exist")
        || is_of("no such table", "")
        || is_of("no such column", "")
        || message.contains("has no column named")
}

fn looks_closed(kind: DatabaseErrorKind, message: &str) -> bool {
    matches!(kind, DatabaseErrorKind::ClosedConnection)
        || [
            "server closed the connection",
            "terminating connection",
            "no connection to the server",
            "connection not open",
        ]
        .iter()
        .any(|sign| message.contains(sign))
}

/// Returns whether the work failed because its connection was closed before any effect.
pub(super) fn is_closed(error: &Error) -> bool {
    error.cause().is_some_and(|cause| cause.is::<Closed>())
}

/// Returns whether the connection is unusable.
pub(super) fn is_cut(error: &Error) -> bool {
    is_closed(error) || error.cause().is_some_and(|cause| cause.is::<CutMidway>())
}

/// Converts the error of work inside a transaction: if the connection was closed, the work must not
/// be retried, since it may have been committed.
pub(super) fn inside_transaction(error: Error) -> Error {
    if is_closed(&error) { Error::unavailable(CutMidway(error)) } else { error }
}

/// Returns whether a retry of the same work may succeed.
pub(super) fn is_met(error: &Error) -> bool {
    error.cause().is_some_and(|cause| cause.is::<Met>())
}
