//! Statements without parameters that are prepared once per connection.

use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::{QueryResult, RunQueryDsl};

use super::connection::{Conn, MultiBackend};

/// A statement without parameters.
pub(super) struct Fixed(pub(super) &'static str);

impl QueryFragment<MultiBackend> for Fixed {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        pass.push_sql(self.0);
        Ok(())
    }
}

impl QueryId for Fixed {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<Conn> for Fixed {}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use diesel::connection::InstrumentationEvent;
    use diesel::prelude::*;

    use super::*;

    fn connection() -> (Conn, Arc<AtomicUsize>) {
        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        let kept = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&kept);
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::CacheQuery { .. }) {
                counted.fetch_add(1, Ordering::Relaxed);
            }
        });
        (Conn::Sqlite(conn), kept)
    }

    #[test]
    fn a_statement_without_values_is_prepared_once() {
        let (mut conn, kept) = connection();
        for _ in 0..2 {
            Fixed("BEGIN").execute(&mut conn).unwrap();
            Fixed("ROLLBACK").execute(&mut conn).unwrap();
        }
        assert_eq!(kept.load(Ordering::Relaxed), 2);
    }
}
