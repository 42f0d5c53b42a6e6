//! What a failing database means: an [`Error`] by meaning, never "not found".

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use okaeri_engine::messages::requests;

use crate::platform::error::{Error, ProblemCode};

/// The connection was cut; another one may do.
#[derive(Debug, thiserror::Error)]
#[error("the connection to the database was closed")]
pub(super) struct Closed(#[source] DieselError);

/// The connection was cut after the transaction began: whether it was committed is not known.
#[derive(Debug, thiserror::Error)]
#[error("the connection to the database was closed inside a transaction")]
struct CutMidway(#[source] Error);

/// Two transactions met; the same work may be tried again.
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
            // A missing row is asked for with `.optional()`; arriving here it is a fault of ours.
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

/// Whether the disk does not take what is written.
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

/// Whether a table or column is not there: every one that is asked for is made by a migration.
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

/// Whether the work failed because its connection was cut before it had any effect.
pub(super) fn is_closed(error: &Error) -> bool {
    error.cause().is_some_and(|cause| cause.is::<Closed>())
}

/// Whether the connection is of no more use.
pub(super) fn is_cut(error: &Error) -> bool {
    is_closed(error) || error.cause().is_some_and(|cause| cause.is::<CutMidway>())
}

/// The error of work inside a transaction: if the connection was cut, it must not be tried again,
/// since it may have been committed.
pub(super) fn inside_transaction(error: Error) -> Error {
    if is_closed(&error) { Error::unavailable(CutMidway(error)) } else { error }
}

/// Whether the same work may succeed at a second try.
pub(super) fn is_met(error: &Error) -> bool {
    error.cause().is_some_and(|cause| cause.is::<Met>())
}
