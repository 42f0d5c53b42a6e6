//! The worker: finds what is due and has it done.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{Duration as Span, NaiveDate};
use futures_util::StreamExt as _;
use futures_util::stream;
use tokio_util::sync::CancellationToken;

use crate::auth::Principal;
use crate::db::Conn;
use crate::error::{Error, ProblemCode, Result};
use crate::ids::OrganizationId;
use crate::usecase::{Okaeri, Tx};
use crate::{offers, openings, organizations, registrations, regulations};

/// How often the worker looks.
const PERIOD: Duration = Duration::from_secs(10);
/// How many changes of a kind are looked up at once.
const AT_ONCE: usize = 500;
/// How many are made at the same time.
const SIDE_BY_SIDE: usize = 4;
/// The zone furthest ahead: a day begins there first.
const FURTHEST_AHEAD: Span = Span::hours(14);

/// Something of an organization, and the day on which it is due.
type Due<I> = (OrganizationId, I, NaiveDate);

/// Makes every change that is due. Several servers may do so at once. Returns how many this one made.
///
/// # Errors
/// `unavailable` when the database cannot be reached. One change that fails does not keep others from being made.
pub async fn tick(okaeri: &Okaeri) -> Result<usize> {
    let made = [
        make(okaeri, regulations::versions::due, regulations::versions::come_due).await,
        make(okaeri, openings::service::due, openings::service::come_due).await,
        make(okaeri, offers::service::due, offers::service::lapse).await,
        make(okaeri, registrations::service::due, registrations::service::expire).await,
    ];
    made.into_iter().sum()
}

/// Looks up what is due by a day: at most so many.
type DueBy<I> = fn(&mut Conn, NaiveDate, i64) -> Result<Vec<Due<I>>>;

/// Makes every change of one kind that is due.
async fn make<I: Copy + Send + 'static>(
    okaeri: &Okaeri,
    due: DueBy<I>,
    change: fn(&mut Tx<'_>, I) -> Result<bool>,
) -> Result<usize> {
    let mut made = 0;
    loop {
        let found = find(okaeri, due).await?;
        let is_last = found.len() < AT_ONCE;
        let changes = found.into_iter().map(|(who, id)| async move {
            match okaeri.write(who, move |tx| change(tx, id)).await {
                // Somebody was faster; if anything is left to do, the next look finds it.
                Err(error) if error.code == ProblemCode::StaleVersion => Ok(false),
                made => made,
            }
        });
        let results: Vec<Result<bool>> = stream::iter(changes).buffer_unordered(SIDE_BY_SIDE).collect().await;
        let of_round = results.iter().filter(|result| matches!(result, Ok(true))).count();
        made += of_round;
        results.into_iter().collect::<Result<Vec<bool>>>()?;
        if is_last || of_round == 0 {
            return Ok(made);
        }
    }
}

/// Finds what is due by today in the zone of its organization.
async fn find<I: Copy + Send + 'static>(okaeri: &Okaeri, due: DueBy<I>) -> Result<Vec<(Arc<Principal>, I)>> {
    let now = okaeri.clock.now();
    let limit = i64::try_from(AT_ONCE).map_err(Error::internal)?;
    let work = move |conn: &mut Conn| {
        let found = due(conn, now.later_by(FURTHEST_AHEAD).utc().date_naive(), limit)?;
        let of: Vec<OrganizationId> = found.iter().map(|(of, ..)| *of).collect();
        let zones: BTreeMap<_, _> = organizations::service::zones(conn, of)?.into_iter().collect();
        let is_due = |(of, id, on): Due<I>| {
            let zone = *zones.get(&of)?;
            (on <= now.date_in(zone)).then(|| (Arc::new(Principal::system(of, zone)), id))
        };
        Ok(found.into_iter().filter_map(is_due).collect())
    };
    okaeri.db.read(work).await
}

/// Works until the server stops. A change that was begun is made or not, as a whole.
pub async fn run(okaeri: Arc<Okaeri>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match tick(&okaeri).await {
            Ok(0) => {}
            Ok(made) => tracing::info!(made, "changes were made that were due"),
            Err(error) => tracing::warn!(code = %error.code, cause = ?error.cause(), "a due change could not be made"),
        }
        stop.run_until_cancelled(tokio::time::sleep(PERIOD)).await;
    }
}
