//! The worker: finds what is due and has it done.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{Duration as Span, NaiveDate};
use futures_util::StreamExt as _;
use futures_util::stream;
use tokio_util::sync::CancellationToken;

use crate::hiring::{offers, openings};
use crate::platform::auth::Principal;
use crate::platform::db::Conn;
use crate::platform::db::rows::{Due, Place};
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::ids::OrganizationId;
use crate::platform::usecase::{Okaeri, Tx};
use crate::records::{organizations, registrations};
use crate::regulations::regulations::versions;

/// How often the worker looks.
const PERIOD: Duration = Duration::from_secs(10);
/// How many changes of a kind are looked up at once.
const AT_ONCE: usize = 500;
/// How many are made at the same time.
const SIDE_BY_SIDE: usize = 4;
/// The zone furthest ahead: a day begins there first.
const FURTHEST_AHEAD: Span = Span::hours(14);

/// The way in which something is due by its day.
#[derive(Debug, Clone, Copy)]
enum Term {
    /// From this day on.
    From,
    /// After it.
    After,
}

/// Makes every change that is due. Several servers may do so at once. Returns how many this one
/// made.
///
/// # Errors
/// `unavailable` when the database cannot be reached. One change that fails does not keep others
/// from being made.
pub async fn tick(okaeri: &Okaeri) -> Result<usize> {
    let made = [
        make(okaeri, Term::From, versions::due_to_begin, versions::come_due).await,
        make(okaeri, Term::After, versions::due_to_end, versions::come_due).await,
        make(okaeri, Term::From, openings::service::due_to_open, openings::service::come_due).await,
        make(okaeri, Term::After, openings::service::due_to_close, openings::service::come_due)
            .await,
        make(okaeri, Term::After, offers::service::due, offers::service::lapse).await,
        make(okaeri, Term::After, registrations::service::due, registrations::service::expire)
            .await,
    ];
    made.into_iter().sum()
}

/// Looks up what is due by a day, behind a place: at most so many.
type DueBy<I> = fn(&mut Conn, NaiveDate, Option<Place<I>>, i64) -> Result<Vec<Due<I>>>;

/// Makes every change of one kind that is due.
async fn make<I: Copy + Send + Sync + 'static>(
    okaeri: &Okaeri,
    term: Term,
    due: DueBy<I>,
    change: fn(&mut Tx<'_>, I) -> Result<bool>,
) -> Result<usize> {
    let (mut made, mut place) = (Ok(0), None);
    loop {
        let found = find(okaeri, term, due, place).await?;
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
    term: Term,
    due: DueBy<I>,
    after: Option<Place<I>>,
) -> Result<Found<I>> {
    let now = okaeri.clock.now();
    let limit = i64::try_from(AT_ONCE).map_err(Error::internal)?;
    let work = move |conn: &mut Conn| {
        let found = due(conn, now.later_by(FURTHEST_AHEAD).utc().date_naive(), after, limit)?;
        let end = found.last().map(|(_, id, on)| (*on, *id)).filter(|_| found.len() == AT_ONCE);
        let of: Vec<OrganizationId> = found.iter().map(|(of, ..)| *of).collect();
        let zones: BTreeMap<_, _> = organizations::service::zones(conn, of)?.into_iter().collect();
        let is_due = |(of, id, on): Due<I>| {
            let zone = *zones.get(&of)?;
            let today = now.date_in(zone);
            let is_due = match term {
                Term::From => on <= today,
                Term::After => on < today,
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
