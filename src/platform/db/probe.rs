//! Whether the database serves: its schema is that of this binary, and it takes writes. It is asked
//! by one at a time and at most every few seconds, however many want to know.

use std::time::Instant;

use chrono::Duration;
use diesel::prelude::*;
use okaeri_engine::messages::requests;
use tokio::sync::Mutex;

use super::connection::on_engine;
use super::schema::write_probes::{self, dsl};
use super::{Database, migrate};
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, ProblemCode, Result};

/// The time for which an answer is believed. That migrations are missing is not: somebody may run
/// them at any moment.
const BELIEVED: Duration = Duration::seconds(5);

/// The last answer.
#[derive(Debug, Clone, Copy)]
struct Learned {
    at: Timestamp,
    /// The moment at which the database was through with it.
    ended: Instant,
    problem: Option<ProblemCode>,
}

impl Learned {
    /// Returns whether this still is the answer to a question of a moment.
    fn answers(&self, asked: Instant, now: Timestamp) -> bool {
        let is_believed =
            now < self.at.later_by(BELIEVED) && self.problem != Some(ProblemCode::NotMigrated);
        is_believed || self.ended >= asked
    }

    fn answer(&self) -> Result<()> {
        match self.problem {
            None => Ok(()),
            Some(ProblemCode::NotMigrated) => {
                Err(Error::because(ProblemCode::NotMigrated, requests::RUN_MIGRATE))
            }
            Some(code) => Err(Error::new(code)),
        }
    }
}

/// The last answer; held by the one who asks.
#[derive(Debug, Default)]
pub struct Probe(Mutex<Option<Learned>>);

impl Probe {
    /// Checks that the schema is the one of this binary, and that a row can be written and
    /// committed.
    ///
    /// # Errors
    /// `not_migrated`; `storage_refused` when the disk takes no write; `unavailable` when nothing
    /// can be read or written for another reason.
    pub async fn check(&self, db: &Database, now: Timestamp) -> Result<()> {
        let asked = Instant::now();
        let mut last = self.0.lock().await;
        if let Some(learned) = last.filter(|learned| learned.answers(asked, now)) {
            return learned.answer();
        }
        let checked = match db.read(migrate::check).await {
            Ok(()) => db.write(move |conn| write(conn, now)).await,
            Err(error) => Err(error),
        };
        let problem = checked.as_ref().err().map(|error| error.code);
        *last = Some(Learned { at: now, ended: Instant::now(), problem });
        checked
    }
}

fn write(conn: &mut super::Conn, now: Timestamp) -> Result<()> {
    let row = (dsl::id.eq(1), dsl::written_at.eq(now));
    on_engine!(conn, |engine| diesel::insert_into(write_probes::table)
        .values(row)
        .on_conflict(dsl::id)
        .do_update()
        .set(dsl::written_at.eq(now))
        .execute(engine))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_shared_by_those_who_waited_for_it_and_believed_for_a_while() {
        let (at, asked) = (Timestamp::from(chrono::DateTime::UNIX_EPOCH), Instant::now());
        let ended = Instant::now();
        let later = ended + std::time::Duration::from_millis(1);
        let learned = |problem| Learned { at, ended, problem };

        for problem in [None, Some(ProblemCode::StorageRefused), Some(ProblemCode::NotMigrated)] {
            assert!(
                learned(problem).answers(asked, at.later_by(Duration::hours(1))),
                "{problem:?}"
            );
        }
        assert!(learned(None).answers(later, at));
        assert!(!learned(None).answers(later, at.later_by(BELIEVED)));
        assert!(!learned(Some(ProblemCode::NotMigrated)).answers(later, at));
    }
}
