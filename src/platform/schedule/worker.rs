//! The worker: finds due changes and makes them.

use std::sync::Arc;
use std::time::Duration;

use chrono::{Duration as Span, NaiveDate};
use futures_util::future::LocalBoxFuture;
use futures_util::{StreamExt as _, stream};
use tokio_util::sync::CancellationToken;

use super::store;
use crate::platform::auth::Principal;
use crate::platform::db::Conn;
use crate::platform::db::rows::{Due, Place};
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::ids::OrganizationId;
use crate::platform::usecase::{Okaeri, Tx};

/// Interval between two rounds.
const PERIOD: Duration = Duration::from_secs(10);
/// Number of due changes loaded at once.
const AT_ONCE: usize = 500;
/// Number of changes made concurrently.
const SIDE_BY_SIDE: usize = 4;
/// Offset of the time zone furthest ahead, where a day begins first.
const FURTHEST_AHEAD: Span = Span::hours(14);

/// The day on which a change is due.
#[derive(Debug, Clone, Copy)]
pub enum DueFrom {
    /// The day itself.
    Day,
    /// The day after.
    DayAfter,
}

/// Makes all due changes. Several servers may do so at once. Returns the number of changes made by
/// this one.
///
/// # Errors
/// `unavailable` when the database cannot be reached. A change that fails does not prevent the
/// others.
pub async fn tick(okaeri: &Okaeri) -> Result<usize> {
    let mut made = Ok(0);
    for scheduled in okaeri.slices.iter().flat_map(|slice| slice.scheduled) {
        let by_this = scheduled.make(okaeri).await;
        made = made.and_then(|made| Ok(made + by_this?));
    }
    made
}

/// Query for the rows that are due by a day, after a position, up to a limit.
type DueBy<I> = fn(&mut Conn, NaiveDate, Option<Place<I>>, i64) -> Result<Vec<Due<I>>>;

/// A kind of scheduled change.
#[derive(Debug, Clone, Copy)]
pub struct DueChange<I: 'static> {
    /// The day on which a change is due.
    pub from: DueFrom,
    /// Finds due rows.
    pub due: DueBy<I>,
    /// Makes one change. Returns whether anything was left to change.
    pub change: fn(&mut Tx<'_>, I) -> Result<bool>,
}

/// Any kind of scheduled change, independent of its identifier type.
pub trait Scheduled: Sync {
    /// Makes all due changes. Returns their number.
    fn make<'o>(&self, okaeri: &'o Okaeri) -> LocalBoxFuture<'o, Result<usize>>;
}

impl<I: Copy + Send + Sync + 'static> Scheduled for DueChange<I> {
    fn make<'o>(&self, okaeri: &'o Okaeri) -> LocalBoxFuture<'o, Result<usize>> {
        Box::pin(make(okaeri, *self))
    }
}

/// Makes all due changes of one kind.
async fn make<I: Copy + Send + Sync + 'static>(
    okaeri: &Okaeri,
    DueChange { from, due, change }: DueChange<I>,
) -> Result<usize> {
    let (mut made, mut place) = (Ok(0), None);
    loop {
        let found = find(okaeri, from, due, place).await?;
        let changes = found.due.into_iter().map(|(who, id)| async move {
            match okaeri.write(who, move |tx| change(tx, id)).await {
                // Another writer was faster; the next round finds anything left to do.
                Err(error) if error.code == ProblemCode::StaleVersion => Ok(false),
                made => made,
            }
        });
        let results: Vec<Result<bool>> =
            stream::iter(changes).buffer_unordered(SIDE_BY_SIDE).collect().await;
        for result in results {
            made = made.and_then(|made| Ok(made + usize::from(result?)));
        }
        if found.end.is_none() {
            return made;
        }
        place = found.end;
    }
}

/// A page of due rows.
struct Found<I> {
    due: Vec<(Arc<Principal>, I)>,
    /// Position of its end, if there may be more.
    end: Option<Place<I>>,
}

/// Finds the rows after a position that are due today in the time zone of their organization.
async fn find<I: Copy + Send + 'static>(
    okaeri: &Okaeri,
    from: DueFrom,
    due: DueBy<I>,
    after: Option<Place<I>>,
) -> Result<Found<I>> {
    let now = okaeri.clock.now();
    let limit = i64::try_from(AT_ONCE).map_err(Error::internal)?;
    let work = move |conn: &mut Conn| {
        let found = due(conn, now.later_by(FURTHEST_AHEAD).utc().date_naive(), after, limit)?;
        let end = found.last().map(|(_, id, on)| (*on, *id)).filter(|_| found.len() == AT_ONCE);
        let of: Vec<OrganizationId> = found.iter().map(|(of, ..)| *of).collect();
        let zones = store::zones(conn, of)?;
        let is_due = |(of, id, on): Due<I>| {
            let zone = *zones.get(&of)?;
            let today = now.date_in(zone);
            let is_due = match from {
                DueFrom::Day => on <= today,
                DueFrom::DayAfter => on < today,
            };
            is_due.then(|| (Arc::new(Principal::system(of, zone)), id))
        };
        Ok(Found { due: found.into_iter().filter_map(is_due).collect(), end })
    };
    okaeri.db.read(work).await
}

/// Runs until the server stops. A change that has begun is made completely or not at all.
pub async fn run(okaeri: Arc<Okaeri>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match tick(&okaeri).await {
            Ok(0) => {}
            Ok(made) => tracing::info!(made, "changes were made that were due"),
            Err(error) => {
                tracing::warn!(code = %error.code, cause = ?error.cause(), "a due change could not be made")
            }
        }
        stop.run_until_cancelled(tokio::time::sleep(PERIOD)).await;
    }
}
