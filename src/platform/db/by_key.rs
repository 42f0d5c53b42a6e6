//! Connections for reads by key, which run on the thread that asks.
//!
//! On SQLite such a read takes some ten microseconds, and handing it to another thread and back as
//! long again. What runs here must end soon: every statement finds its rows by key. In debug
//! builds, and so in every test, the plan of each statement is checked
//! ([`super::plan::Plan::is_by_key`]).

use std::sync::{Arc, Mutex, PoisonError};

use super::connection::{Conn, DatabaseUrl, Purpose};
use super::tx;
use crate::platform::error::{ProblemCode, Result};

/// Connections that no thread uses at the moment; there are as many as threads ever read at once.
#[derive(Clone)]
pub(super) struct KeyReaders {
    url: DatabaseUrl,
    idle: Arc<Mutex<Vec<KeyReader>>>,
}

impl KeyReaders {
    /// Creates them for a SQLite database; a server elsewhere must be waited for.
    pub(super) fn of(url: &DatabaseUrl) -> Option<Self> {
        match url {
            DatabaseUrl::Sqlite(_) => Some(Self { url: url.clone(), idle: Arc::default() }),
            DatabaseUrl::Postgres(_) => None,
        }
    }

    /// Runs a read on this thread. Returns nothing if it would have to wait for another connection.
    pub(super) fn run<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Option<Result<T>> {
        let idle = self.lock().pop();
        let mut reader = idle.or_else(|| KeyReader::open(&self.url))?;
        let result = tx::caught(|| work(&mut reader.conn));
        match result.as_ref().map_err(|error| error.code) {
            Err(ProblemCode::Unavailable) => return None,
            // The fault may be the connection's own.
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
