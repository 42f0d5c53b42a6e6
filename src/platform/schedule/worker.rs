//! The worker: finds what is due and has it done.

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

/// How often the worker looks.
const PERIOD: Duration = Duration::from_secs(10);
/// How many changes of a kind are looked up at once.
const AT_ONCE: usize = 500;
/// How many are made at the same time.
const SIDE_BY_SIDE: usize = 4;
/// The zone furthest ahead: a day begins there first.
const FURTHEST_AHEAD: Span = Span::hours(14);

/// The day from which something is due.
#[derive(Debug, Clone, Copy)]
pub enum DueFrom {
    /// Its own day.
    Day,
    /// The day after.
    DayAfter,
}

/// Makes every change that is due. Several servers may do so at once. Returns how many this one
/// made.
///
/// # Errors
/// `unavailable` when the database cannot be reached. One change that fails does not keep others
/// from being made.
pub async fn tick(okaeri: &Okaeri) -> Result<usize> {
    let mut made = Ok(0);
    for scheduled in okaeri.slices.iter().flat_map(|slice| slice.scheduled) {
        let by_this = scheduled.make(okaeri).await;
        made = made.and_then(|made| Ok(made + by_this?));
    }
    made
}

/// Looks up what is due by a day, behind a place: at most so many.
type DueBy<I> = fn(&mut Conn, NaiveDate, Option<Place<I>>, i64) -> Result<Vec<Due<I>>>;

/// Changes of one kind, each made when its day comes.
#[derive(Debug, Clone, Copy)]
pub struct DueChange<I: 'static> {
    /// The day from which they are due.
    pub from: DueFrom,
    /// Looks up which are due.
    pub due: DueBy<I>,
    /// Makes one; returns whether there was anything left to change.
    pub change: fn(&mut Tx<'_>, I) -> Result<bool>,
}

/// Changes of one kind, whatever they change.
pub trait Scheduled: Sync {
    /// Makes every change that is due; returns how many were made.
    fn make<'o>(&self, okaeri: &'o Okaeri) -> LocalBoxFuture<'o, Result<usize>>;
}

impl<I: Copy + Send + Sync + 'static> Scheduled for DueChange<I> {
    fn make<'o>(&self, okaeri: &'o Okaeri) -> LocalBoxFuture<'o, Result<usize>> {
        Box::pin(make(okaeri, *self))
    }
}

/// Makes every change of one kind that is due.
async fn make<I: Copy + Send + Sync + 'static>(
    okaeri: &Okaeri,
    DueChange { from, due, change }: DueChange<I>,
) -> Result<usize> {
    let (mut made, mut place) = (Ok(0), None);
    loop {
        let found = find(okaeri, from, due, place).await?;
        let changes = found.due.into_iter().map(|(who, id)| async move {
            match okaeri.write(who, move |tx| change(tx, id)).await {
                // Somebody was faster; if anything is left to do, the next look finds it.
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

/// A page of what is due.
struct Found<I> {
    due: Vec<(Arc<Principal>, I)>,
    /// The place at which it ended, if there may be more.
    end: Option<Place<I>>,
}

/// Finds what is due today in the zone of its organization, behind a place.
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

/// Works until the server stops. A change that was begun is made or not, as a whole.
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
