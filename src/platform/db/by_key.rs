//! Connections for reads by key, which run on the calling thread.
//!
//! On SQLite such a read takes some ten microseconds, and moving it to another thread takes as long
//! again. A read here must end soon, so every statement must find its rows by key. In debug builds,
//! and thus in every test, the plan of each statement is checked
//! ([`super::plan::Plan::is_by_key`]).

use std::sync::{Arc, Mutex, PoisonError};

use super::connection::{Conn, DatabaseUrl, Purpose};
use super::tx;
use crate::platform::error::{ProblemCode, Result};

/// Idle connections; in total as many as there were concurrent reads.
#[derive(Clone)]
pub(super) struct KeyReaders {
    url: DatabaseUrl,
    idle: Arc<Mutex<Vec<KeyReader>>>,
}

impl KeyReaders {
    /// Creates the connections for a SQLite database; a remote server would block the thread.
    pub(super) fn of(url: &DatabaseUrl) -> Option<Self> {
        match url {
            DatabaseUrl::Sqlite(_) => Some(Self { url: url.clone(), idle: Arc::default() }),
            DatabaseUrl::Postgres(_) => None,
        }
    }

    /// Runs a read on this thread. Returns `None` if it would have to wait for another connection.
    pub(super) fn run<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Option<Result<T>> {
        let idle = self.lock().pop();
        let mut reader = idle.or_else(|| KeyReader::open(&self.url))?;
        let result = tx::caught(|| work(&mut reader.conn));
        match result.as_ref().map_err(|error| error.code) {
            Err(ProblemCode::Unavailable) => return None,
            // The connection itself may be broken.
            Err(ProblemCode::Internal) => {}
            Ok(_) | Err(_) => {
                #[cfg(debug_assertions)]
                reader.check_plans();
                self.lock().push(reader);
            }
        }
        Some(result)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<KeyReader>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct KeyReader {
    conn: Conn,
    #[cfg(debug_assertions)]
    statements: super::plan::Statements,
}

impl KeyReader {
    fn open(url: &DatabaseUrl) -> Option<Self> {
        let conn = url.connect(Purpose::ReadByKey).ok()?;
        #[cfg(debug_assertions)]
        let mut conn = conn;
        Some(Self {
            #[cfg(debug_assertions)]
            statements: super::plan::Statements::of(&mut conn),
            conn,
        })
    }

    #[cfg(debug_assertions)]
    fn check_plans(&mut self) {
        for statement in self.statements.take() {
            let plan = super::plan::Plan::of(&mut self.conn, &statement);
            assert!(
                plan.as_ref().is_ok_and(super::plan::Plan::is_by_key),
                "no read by key: {statement}: {plan:?}"
            );
        }
    }
}
