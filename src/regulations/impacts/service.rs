//! Use cases on impact runs, and the run itself.

use std::sync::Arc;
use std::time::Instant;

use chrono::{Duration, NaiveDate};
use okaeri_engine::decide::Compiled;
use okaeri_engine::facts::Facts;
use okaeri_engine::messages::impacts;
use okaeri_engine::review::impact::{Changed, Comparison, Report};
use serde_json::json;

use super::model::{ImpactScope, ImpactState};
use super::store;
pub use super::store::{ChangeRow, Row};
use crate::hiring::applications::service as applications;
use crate::platform::auth::Principal;
use crate::platform::clock::Timestamp;
use crate::platform::db::types::Json;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::ids::{
    ApplicationId, Identifier as _, ImpactRunId, PersonId, RegulationVersionId,
};
use crate::platform::outbox::EventType;
use crate::platform::usecase::{Okaeri, Tx};
use crate::records::people;
use crate::regulations::regulations::model::VersionState;
use crate::regulations::regulations::versions;

/// Number of cases read at a time; bounds the memory of a run, whatever the number of people.
const PIECE: i64 = 200;
/// Interval at which a run records its progress and notices a cancellation.
pub const TOLD_EVERY: std::time::Duration = std::time::Duration::from_secs(3);
/// Time without progress after which a run counts as failed, as after a stop of its server.
const SILENCE: Duration = Duration::minutes(2);

/// An impact run to start.
#[derive(Debug, Clone)]
pub struct New {
    /// The version whose impact is computed, usually a draft.
    pub version: RegulationVersionId,
    /// The version to compare with; default is the newest other published one of the regulation.
    pub against: Option<RegulationVersionId>,
    /// The cases to decide.
    pub scope: ImpactScope,
    /// The day on which people are assumed to apply; default is today.
    pub application_date: Option<NaiveDate>,
    /// True to keep the changed cases, not only their number.
    pub keep_changes: bool,
}

/// Everything that a run needs to decide its cases.
#[derive(Debug, Clone)]
pub struct Plan {
    draft: Arc<Compiled>,
    before: Option<Arc<Compiled>>,
    scope: ImpactScope,
    application_date: NaiveDate,
}

/// A case whose decision changes.
#[derive(Debug, Clone)]
pub struct ChangedCase {
    /// The person of the case.
    pub person: PersonId,
    /// The application of the case.
    pub application: Option<ApplicationId>,
    /// The change.
    pub changed: Changed,
}

/// Returns the plan of a run, the version it compares with, and the number of cases.
///
/// # Errors
/// `not_found`, `invalid_regulation` for a draft that cannot run.
pub fn plan(tx: &mut Tx<'_>, new: &New) -> Result<(Plan, Option<RegulationVersionId>, i64)> {
    let draft = versions::compiled(tx, new.version)?;
    let against = match new.against {
        Some(against) => Some(against),
        None => {
            let regulation = versions::find(tx, new.version)?.regulation_id;
            let others = versions::list(tx, regulation)?.into_iter();
            others
                .map(|row| (row.id, row.state))
                .find(|(id, state)| *id != new.version && *state != VersionState::Draft)
                .map(|(id, _)| id)
        }
    };
    let before = against.map(|against| versions::compiled(tx, against)).transpose()?;
    let total = match new.scope {
        ImpactScope::People => people::service::count(tx)?,
        ImpactScope::Applications => applications::count_handed_in(tx)?,
    };
    let application_date = new.application_date.unwrap_or_else(|| tx.today());
    Ok((Plan { draft, before, scope: new.scope, application_date }, against, total))
}

/// Records a run that starts now; the caller then executes it with [`work`].
///
/// # Errors
/// `not_found`, `invalid_regulation`, `conflict` while another run of this organization is in
/// progress.
pub fn start(tx: &mut Tx<'_>, new: &New) -> Result<(Row, Plan)> {
    tx.hold_organization()?;
    if store::is_running(tx.conn, tx.organization(), silent_since(tx.now))? {
        return Err(Error::because(ProblemCode::Conflict, impacts::ANOTHER_AT_WORK));
    }
    let (plan, against_id, total) = plan(tx, new)?;
    let row = Row {
        id: ImpactRunId::fresh(),
        organization_id: tx.organization(),
        version_id: new.version,
        against_id,
        scope: new.scope,
        application_date: plan.application_date,
        keep_changes: new.keep_changes,
        state: ImpactState::Running,
        total,
        considered: 0,
        report: Json(Report::default()),
        actor: tx.who.actor.clone(),
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    store::insert(tx.conn, &row)?;
    tx.record(
        EventType::ImpactRunStarted,
        row.id,
        &json!({"version_id": row.version_id, "scope": row.scope}),
    )?;
    Ok((row, plan))
}

fn silent_since(now: Timestamp) -> Timestamp {
    now.earlier_by(SILENCE)
}

/// Executes a run and records its progress and end. A failure is recorded and logged, since nobody
/// awaits the run.
pub fn work(okaeri: &Okaeri, who: &Principal, run: ImpactRunId, plan: &Plan) {
    let mut position = 0;
    let worked = stream(okaeri, who, plan, TOLD_EVERY, |report, changed| {
        let report = report.clone();
        let first = position;
        position += i64::try_from(changed.len()).unwrap_or_default();
        okaeri.write_now(who.clone(), move |tx| progress(tx, run, &report, first, &changed))
    });
    let state = if worked.is_ok() { ImpactState::Done } else { ImpactState::Failed };
    if let Err(error) = &worked {
        tracing::error!(error = ?error, %run, "an impact run failed");
    }
    if let Err(error) = okaeri.write_now(who.clone(), move |tx| end(tx, run, state)) {
        tracing::error!(error = ?error, %run, "the end of an impact run could not be recorded");
    }
}

/// Decides every case. Calls `each` at the given interval and at the end of each batch with the
/// counts so far and the changes since the last call; `each` returns whether to continue.
///
/// # Errors
/// Those of reading and of `each`.
pub fn stream(
    okaeri: &Okaeri,
    who: &Principal,
    plan: &Plan,
    every: std::time::Duration,
    mut each: impl FnMut(&Report, Vec<ChangedCase>) -> Result<bool>,
) -> Result<Report> {
    let mut comparison = Comparison::new(Arc::clone(&plan.draft), plan.before.clone());
    let mut cursor = Cursor { person: None, application: None };
    let mut told = Instant::now();
    loop {
        let piece = okaeri.read_now(who, |tx| piece(tx, plan, &cursor))?;
        let Some(last) = piece.last() else { return Ok(comparison.report()) };
        cursor = Cursor { person: Some(last.person), application: last.application };
        let mut changes = Vec::new();
        let mut left = piece.len();
        for Case { person, application, facts } in piece {
            let changed = comparison.add(&facts);
            changes.extend(changed.map(|changed| ChangedCase { person, application, changed }));
            left -= 1;
            if left == 0 || told.elapsed() >= every {
                if !each(&comparison.report(), std::mem::take(&mut changes))? {
                    return Ok(comparison.report());
                }
                told = Instant::now();
            }
        }
    }
}

struct Cursor {
    person: Option<PersonId>,
    application: Option<ApplicationId>,
}

struct Case {
    person: PersonId,
    application: Option<ApplicationId>,
    facts: Facts,
}

fn piece(tx: &mut Tx<'_>, plan: &Plan, cursor: &Cursor) -> Result<Vec<Case>> {
    match plan.scope {
        ImpactScope::People => {
            let people = applications::facts_of_people(tx, cursor.person, PIECE)?;
            let case = |(person, mut facts): (PersonId, Facts)| {
                facts.application.application_date = Some(plan.application_date);
                Case { person, application: None, facts }
            };
            Ok(people.into_iter().map(case).collect())
        }
        ImpactScope::Applications => {
            let rows = applications::handed_in(tx, cursor.application, PIECE)?;
            rows.iter()
                .map(|row| {
                    let facts = applications::facts_of(tx, row)?;
                    Ok(Case { person: row.person_id, application: Some(row.id), facts })
                })
                .collect()
        }
    }
}

/// Records the progress of a run. Returns whether it continues.
fn progress(
    tx: &mut Tx<'_>,
    id: ImpactRunId,
    report: &Report,
    first: i64,
    changed: &[ChangedCase],
) -> Result<bool> {
    // A run that counts as failed stays so: another one may have started since.
    let mut row = find(tx, id)?;
    if row.state != ImpactState::Running {
        return Ok(false);
    }
    if row.keep_changes {
        for (position, case) in (first..).zip(changed) {
            let Changed { before, after, clauses } = case.changed.clone();
            let change = ChangeRow {
                organization_id: row.organization_id,
                run_id: id,
                position,
                person_id: case.person,
                application_id: case.application,
                before: before.into(),
                after: after.into(),
                clauses: Json(clauses),
            };
            store::insert_change(tx.conn, &change)?;
        }
    }
    row.considered = i64::try_from(report.considered).unwrap_or(i64::MAX);
    row.report = Json(report.clone());
    store::save(tx.conn, &mut row, tx.now)?;
    Ok(true)
}

fn end(tx: &mut Tx<'_>, id: ImpactRunId, state: ImpactState) -> Result<()> {
    let mut row = store::get(tx.conn, tx.organization(), id)?;
    if row.state != ImpactState::Running {
        return Ok(());
    }
    row = as_it_is(tx, row);
    if row.state == ImpactState::Running {
        row.state = state;
    }
    ended(tx, &mut row)
}

fn ended(tx: &mut Tx<'_>, row: &mut Row) -> Result<()> {
    store::save(tx.conn, row, tx.now)?;
    let counted =
        json!({"state": row.state, "considered": row.considered, "changed": row.report.0.changed});
    tx.record(EventType::ImpactRunEnded, row.id, &counted)
}

/// Cancels a run; its counts stay.
///
/// # Errors
/// `not_found`, `conflict` when it has ended.
pub fn cancel(tx: &mut Tx<'_>, id: ImpactRunId) -> Result<Row> {
    let mut row = find(tx, id)?;
    if row.state != ImpactState::Running {
        return Err(Error::because(ProblemCode::Conflict, impacts::HAS_ENDED));
    }
    row.state = ImpactState::Cancelled;
    ended(tx, &mut row)?;
    Ok(row)
}

/// Returns a run. One without progress for two minutes is shown as failed: its server has stopped.
///
/// # Errors
/// `not_found`.
pub fn find(tx: &mut Tx<'_>, id: ImpactRunId) -> Result<Row> {
    let row = store::get(tx.conn, tx.organization(), id)?;
    Ok(as_it_is(tx, row))
}

fn as_it_is(tx: &Tx<'_>, mut row: Row) -> Row {
    if row.state == ImpactState::Running && row.updated_at <= silent_since(tx.now) {
        row.state = ImpactState::Failed;
    }
    row
}

/// Returns a page of runs, newest first.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn list(tx: &mut Tx<'_>, after: Option<ImpactRunId>, limit: i64) -> Result<Vec<Row>> {
    let rows = store::list(tx.conn, tx.organization(), after, limit)?;
    Ok(rows.into_iter().map(|row| as_it_is(tx, row)).collect())
}

/// Returns the changed cases in the order of evaluation; none unless the run keeps them.
///
/// # Errors
/// `not_found`.
pub fn changes(
    tx: &mut Tx<'_>,
    id: ImpactRunId,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<ChangeRow>> {
    find(tx, id)?;
    store::changes(tx.conn, tx.organization(), id, after, limit)
}
