//! Use cases on runs, and the work itself.

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
use crate::applications::service as applications;
use crate::auth::Principal;
use crate::clock::Timestamp;
use crate::db::types::Json;
use crate::error::{Error, ProblemCode, Result};
use crate::ids::{ApplicationId, Identifier as _, ImpactRunId, PersonId, RegulationVersionId};
use crate::regulations::model::VersionState;
use crate::regulations::versions;
use crate::usecase::{Okaeri, Tx};
use crate::{organizations, people};

/// How many cases are read and decided at a time: bounds the memory of a run, whatever the number
/// of people.
const PIECE: i64 = 200;
/// The time after which a run tells how far it is, and hears that it was cancelled.
pub const TOLD_EVERY: std::time::Duration = std::time::Duration::from_secs(3);
/// How long a run may be silent before it is taken for dead, as after a stop of its server.
const SILENCE: Duration = Duration::minutes(2);

/// A run to make.
#[derive(Debug, Clone)]
pub struct New {
    /// The draft, or any version.
    pub version: RegulationVersionId,
    /// The version that it is compared with; the newest other published one of its regulation, when
    /// absent.
    pub against: Option<RegulationVersionId>,
    /// Who is decided.
    pub scope: ImpactScope,
    /// The day on which people are taken to apply; today, when absent.
    pub application_date: Option<NaiveDate>,
    /// Keep who changes, not only how many.
    pub keep_changes: bool,
}

/// What a run decides by.
#[derive(Debug, Clone)]
pub struct Plan {
    draft: Arc<Compiled>,
    before: Option<Arc<Compiled>>,
    scope: ImpactScope,
    application_date: NaiveDate,
}

/// A case that comes out otherwise.
#[derive(Debug, Clone)]
pub struct ChangedCase {
    /// Whose.
    pub person: PersonId,
    /// On which application.
    pub application: Option<ApplicationId>,
    /// How.
    pub changed: Changed,
}

/// What a run decides by, and how many cases there are.
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

/// Records a run that begins now; the caller then lets [`work`] do it.
///
/// # Errors
/// `not_found`, `invalid_regulation`, `conflict` while another run of this organization is at work.
pub fn start(tx: &mut Tx<'_>, new: &New) -> Result<(Row, Plan)> {
    organizations::service::hold(tx)?;
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
        "impact_run.started",
        "impact_run",
        row.id,
        &json!({"version_id": row.version_id, "scope": row.scope}),
    )?;
    Ok((row, plan))
}

fn silent_since(now: Timestamp) -> Timestamp {
    now.earlier_by(SILENCE)
}

/// Does the work of a run, and records its progress and end. A failure is recorded and logged:
/// nobody waits for it.
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

/// Decides every case; `each` hears from time to time, and at the end of each piece, what was
/// counted so far and what changed since it heard last, and answers whether to go on.
///
/// # Errors
/// What reading or `each` answers.
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

/// Records how far a run is; answers whether it goes on.
fn progress(
    tx: &mut Tx<'_>,
    id: ImpactRunId,
    report: &Report,
    first: i64,
    changed: &[ChangedCase],
) -> Result<bool> {
    // One that was taken for dead stays so: another may be at work since.
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
    tx.record("impact_run.ended", "impact_run", row.id, &counted)
}

/// Stops a run; what was counted stays.
///
/// # Errors
/// `not_found`, `conflict` for one that has ended.
pub fn cancel(tx: &mut Tx<'_>, id: ImpactRunId) -> Result<Row> {
    let mut row = find(tx, id)?;
    if row.state != ImpactState::Running {
        return Err(Error::because(ProblemCode::Conflict, impacts::HAS_ENDED));
    }
    row.state = ImpactState::Cancelled;
    ended(tx, &mut row)?;
    Ok(row)
}

/// A run. One that has long been silent is shown as failed: its server was stopped.
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

/// Runs, newest first.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn list(tx: &mut Tx<'_>, after: Option<ImpactRunId>, limit: i64) -> Result<Vec<Row>> {
    let rows = store::list(tx.conn, tx.organization(), after, limit)?;
    Ok(rows.into_iter().map(|row| as_it_is(tx, row)).collect())
}

/// Who changes, where that was kept, in the order in which they were decided.
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
