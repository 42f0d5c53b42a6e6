//! How the engine would run a statement, and which statements a connection ran.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use diesel::connection::{Connection as _, InstrumentationEvent, SimpleConnection as _};
use diesel::deserialize::QueryableByName;
use diesel::sql_types::Text;
use diesel::{RunQueryDsl as _, sql_query};

use super::connection::Conn;
use crate::error::Result;

/// The texts of the statements that a connection ran.
#[derive(Debug, Clone, Default)]
pub struct Statements(Arc<Mutex<BTreeSet<String>>>);

impl Statements {
    /// Records the statements of this connection from now on.
    pub fn of(conn: &mut Conn) -> Self {
        let statements = Self::default();
        let recorded = statements.clone();
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                let text = query.to_string();
                let text = text.split_once(" -- binds:").map_or(text.as_str(), |(text, _)| text);
                recorded.lock().insert(text.to_owned());
            }
        });
        statements
    }

    /// Returns those that were recorded since the last call.
    #[must_use]
    pub fn take(&self) -> BTreeSet<String> {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The steps in which an engine runs a statement, in its own words.
#[derive(Debug, Clone)]
pub struct Plan(pub Vec<String>);

#[derive(QueryableByName)]
struct SqliteStep {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct PostgresStep {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    detail: String,
}

impl Plan {
    /// Asks the engine for the plan of a statement that serves any values.
    ///
    /// # Errors
    /// `internal` when the statement cannot be planned.
    pub fn of(conn: &mut Conn, statement: &str) -> Result<Self> {
        match conn {
            Conn::Sqlite(conn) => {
                let steps: Vec<SqliteStep> = sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(conn)?;
                Ok(Self(steps.into_iter().map(|step| step.detail).collect()))
            }
            Conn::Postgres(conn) => {
                let values = (1..).take_while(|number| statement.contains(&format!("${number}")));
                let nulls: Vec<&str> = values.map(|_| "NULL").collect();
                let values = if nulls.is_empty() { String::new() } else { format!("({})", nulls.join(", ")) };
                conn.batch_execute(&format!(
                    "SET plan_cache_mode = force_generic_plan; DEALLOCATE ALL; PREPARE planned AS {statement}"
                ))?;
                let steps: Vec<PostgresStep> = sql_query(format!("EXPLAIN EXECUTE planned{values}")).load(conn)?;
                Ok(Self(steps.into_iter().map(|step| step.detail).collect()))
            }
        }
    }

    /// Whether SQLite finds every row of this plan by the value of a column other than the tenant's.
    #[must_use]
    pub fn is_by_key(&self) -> bool {
        self.0.iter().all(|step| {
            let bounds = step.split_once('(').map_or("", |(_, bounds)| bounds);
            let is_by_key = bounds.split(" AND ").any(|bound| {
                bound.split_once("=?").is_some_and(|(column, _)| column != "organization_id")
            });
            is_by_key || !(step.starts_with("SCAN") || step.starts_with("SEARCH"))
        })
    }
}
