//! Query plans, and a record of the statements that a connection ran.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use diesel::connection::{Connection as _, InstrumentationEvent, SimpleConnection as _};
use diesel::deserialize::QueryableByName;
use diesel::sql_types::Text;
use diesel::{RunQueryDsl as _, sql_query};

use super::connection::Conn;
use crate::platform::error::Result;

/// SQL texts of the statements that a connection ran.
#[derive(Debug, Clone, Default)]
pub struct Statements(Arc<Mutex<BTreeSet<String>>>);

impl Statements {
    /// Starts recording the statements of this connection.
    pub fn of(conn: &mut Conn) -> Self {
        let statements = Self::default();
        let recorded = statements.clone();
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                let text = query.to_string();
                let text = text.split_once(" -- binds:").map_or(text.as_str(), |(text, _)| text);
                if !text.starts_with("EXPLAIN") {
                    recorded.lock().insert(text.to_owned());
                }
            }
        });
        statements
    }

    /// Returns the statements recorded since the last call.
    #[must_use]
    pub fn take(&self) -> BTreeSet<String> {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The steps of a query plan, as the engine describes them.
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
    /// Returns the plan of a statement for arbitrary values; on PostgreSQL the generic plan, as
    /// used by connections that write.
    ///
    /// # Errors
    /// `internal` when the engine cannot plan the statement.
    pub fn of(conn: &mut Conn, statement: &str) -> Result<Self> {
        match conn {
            Conn::Sqlite(conn) => {
                let steps: Vec<SqliteStep> =
                    sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(conn)?;
                Ok(Self(steps.into_iter().map(|step| step.detail).collect()))
            }
            Conn::Postgres(conn) => {
                let values = (1..).take_while(|number| statement.contains(&format!("${number}")));
                let nulls: Vec<&str> = values.map(|_| "NULL").collect();
                let values = if nulls.is_empty() {
                    String::new()
                } else {
                    format!("({})", nulls.join(", "))
                };
                conn.batch_execute(&format!("PREPARE planned AS {statement}"))?;
                let steps: Vec<PostgresStep> =
                    sql_query(format!("EXPLAIN EXECUTE planned{values}")).load(conn)?;
                conn.batch_execute("DEALLOCATE planned")?;
                Ok(Self(steps.into_iter().map(|step| step.detail).collect()))
            }
        }
    }

    /// Returns whether every row is found by the value of a column other than the tenant's.
    #[must_use]
    pub fn is_by_key(&self) -> bool {
        let steps = self.0.iter().zip(self.0.iter().skip(1).map(Some).chain([None]));
        steps.map(|(step, next)| (step.trim_start(), next)).all(|(step, next)| {
            if step.starts_with("SCAN") || step.starts_with("SEARCH") {
                return has_key(step, "=?");
            }
            // PostgreSQL prints the index condition in the next line.
            let is_search = step.contains("Scan using") || step.contains("Bitmap Index Scan");
            let is_by_key =
                next.is_some_and(|bounds| bounds.contains("Index Cond") && has_key(bounds, " = "));
            !step.contains("Seq Scan") && (!is_search || is_by_key)
        })
    }
}

fn has_key(bounds: &str, equals: &str) -> bool {
    let bounds = bounds.split_once('(').map_or("", |(_, bounds)| bounds);
    bounds.split(" AND ").any(|bound| {
        let column = bound.split_once(equals).map(|(column, _)| column.trim_start_matches('('));
        column.is_some_and(|column| column != "organization_id")
    })
}
