//! Whether the database takes writes: learned by writing one row, at most every few seconds whoever asks.

use std::sync::Mutex;
use std::sync::PoisonError;

use chrono::Duration;
use diesel::prelude::*;

use super::Database;
use super::connection::on_engine;
use super::schema::write_probes::{self, dsl};
use crate::clock::Timestamp;
use crate::error::{Error, ProblemCode, Result};

/// How long an answer is believed.
const BELIEVED: Duration = Duration::seconds(5);

/// What was learned, and when.
#[derive(Debug, Default)]
pub struct WriteProbe(Mutex<Option<(Timestamp, Option<ProblemCode>)>>);

impl WriteProbe {
    /// Checks that a row can be written and committed.
    ///
    /// # Errors
    /// `storage_refused` when the disk does not take it; `unavailable` when nothing can be written for another reason.
    pub async fn check(&self, db: &Database, now: Timestamp) -> Result<()> {
        if let Some((learned, answer)) = self.last()
            && now < learned.later_by(BELIEVED)
        {
            return answer.map_or(Ok(()), |code| Err(Error::new(code)));
        }
        let written = db.write(move |conn| write(conn, now)).await;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((now, written.as_ref().err().map(|error| error.code)));
        written
    }

    fn last(&self) -> Option<(Timestamp, Option<ProblemCode>)> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
