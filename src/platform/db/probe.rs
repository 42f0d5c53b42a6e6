//! Readiness of the database: its schema is that of this binary, and it accepts writes. One caller
//! at a time runs the check, at most every few seconds, whatever the number of callers.

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

/// Time for which a result is reused. Missing migrations are always checked again, since somebody
/// may run them at any moment.
const BELIEVED: Duration = Duration::seconds(5);

/// The last result.
#[derive(Debug, Clone, Copy)]
struct Learned {
    at: Timestamp,
    /// Time at which the check ended.
    ended: Instant,
    problem: Option<ProblemCode>,
}

impl Learned {
    /// Returns whether the result is still valid for a check requested at `asked`.
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

/// The last result; locked while a check runs.
#[derive(Debug, Default)]
pub struct Probe(Mutex<Option<Learned>>);

impl Probe {
    /// Checks that the schema is that of this binary, and that a row can be written and committed.
    ///
    /// # Errors
    /// `not_migrated`; `storage_refused` when the disk refuses writes; `unavailable` when reading
    /// or writing fails for another reason.
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
