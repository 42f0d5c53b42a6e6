//! Moves of applications from stage to stage: [`make`] for requests, [`follow`] for other use
//! cases.

use std::sync::Arc;

use okaeri_engine::codes::Code;
use okaeri_engine::decide::Compiled;
use okaeri_engine::messages::{Said as _, applications};
use okaeri_engine::words::Refusal;
use okaeri_engine::workflow::offer::OfferState;
use okaeri_engine::workflow::pipeline::{
    DecisionState, Move, MoveAnswer, MoveKind, OpeningState, PipelineState, Stage, allowed_moves,
    apply, resume_after,
};
use serde_json::json;

use super::model::may_make;
use super::open_returns;
use super::service::{self, Row, Shown, reach};
use super::store::{self, Surroundings};
pub use super::store::{Applicant, MoveRow};
use crate::hiring::openings;
use crate::platform::error::{Error, Fault, ProblemCode, Result};
use crate::platform::ids::{ApplicationId, Identifier, MoveId};
use crate::platform::outbox::EventType;
use crate::platform::usecase::{ExpectedVersion, Tx};
use crate::regulations::regulations;

/// An application with everything that the pipeline reads.
#[derive(Debug, Clone)]
pub struct Situation {
    /// The row.
    pub row: Row,
    /// The applicant, as shown.
    pub applicant: Applicant,
    /// The state that the guards read.
    pub state: PipelineState,
    /// The regulation version whose stages form the pipeline.
    pub regulation: Arc<Compiled>,
}

/// Loads an application with its pipeline state.
///
/// # Errors
/// `not_found`.
pub fn situation(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Situation> {
    let found = store::with_surroundings(tx.conn, tx.organization(), id)?;
    reach(tx, found.row.person_id)?;
    let regulation = regulations::versions::compiled(tx, found.row.regulation_version_id)?;
    let state = state_of(tx, &found)?;
    Ok(Situation { state, row: found.row, applicant: found.applicant, regulation })
}

fn state_of(tx: &mut Tx<'_>, found: &Surroundings) -> Result<PipelineState> {
    let row = &found.row;
    let offer = found.offer.map(|(state, expires_on)| state.on(tx.today(), expires_on));
    Ok(PipelineState {
        stage: row.stage.0,
        resume_stage: row.resume_stage.map(|code| code.0),
        record_matched: found.record_matched,
        decision: row.decision_verdict.map(|verdict| DecisionState {
            verdict: verdict.0,
            fresh: store::is_fresh(row, &found.applicant),
        }),
        opening: opening_of(tx, found, offer.is_some_and(OfferState::is_live))?,
        offer,
        return_registered: row.returned_period_id.is_some(),
    })
}

fn opening_of(
    tx: &mut Tx<'_>,
    found: &Surroundings,
    holds_seat: bool,
) -> Result<Option<OpeningState>> {
    let Some((id, opening)) = found.row.opening_id.zip(found.opening.as_ref()) else {
        return Ok(None);
    };
    let state = opening.state.on(tx.today(), opening.opens_on, opening.closes_on);
    let is_open = holds_seat || state == openings::model::OpeningState::Open;
    let free_seat =
        holds_seat || openings::service::leaves_seat(tx, id, (opening.seats, opening.seats_taken))?;
    Ok(Some(OpeningState { open: is_open, free_seat }))
}

/// Returns every move of this caller from the current stage, allowed or not, with the refusals.
///
/// # Errors
/// `not_found`.
pub fn allowed(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Vec<MoveAnswer>> {
    let situation = situation(tx, id)?;
    let mut answers = allowed_moves(situation.regulation.plan(), &situation.state);
    answers.retain(|answer| may_make(tx.who, answer.kind));
    Ok(answers)
}

/// Makes a move that the caller requested.
///
/// # Errors
/// `not_found`, `stale_version`, `forbidden` for an applicant, `move_not_allowed` with every
/// refusal, `limit_reached`.
pub fn make(
    tx: &mut Tx<'_>,
    id: ApplicationId,
    expected: ExpectedVersion,
    wanted: &Move,
    note: Option<&str>,
) -> Result<Shown> {
    let situation = situation(tx, id)?;
    expected.check(situation.row.version)?;
    if !may_make(tx.who, wanted.kind) {
        return Err(Error::because(ProblemCode::Forbidden, applications::NOT_AN_APPLICANTS_MOVE));
    }
    let shown = carry_out(tx, situation, wanted, note)?;
    service::as_seen(tx, shown)
}

/// Makes a move caused by another use case in the same transaction, such as an acceptance.
///
/// # Errors
/// `move_not_allowed` with every refusal.
pub fn follow(
    tx: &mut Tx<'_>,
    id: ApplicationId,
    kind: MoveKind,
    reason: Option<&str>,
) -> Result<()> {
    let situation = situation(tx, id)?;
    follow_from(tx, situation, kind, reason).map(drop)
}

/// Does the same as [`follow`] for an application that is already loaded.
///
/// # Errors
/// Those of [`follow`].
pub fn follow_from(
    tx: &mut Tx<'_>,
    situation: Situation,
    kind: MoveKind,
    reason: Option<&str>,
) -> Result<Shown> {
    let wanted = Move { kind, to: None, reason: reason.map(str::to_owned) };
    carry_out(tx, situation, &wanted, None)
}

fn carry_out(
    tx: &mut Tx<'_>,
    situation: Situation,
    wanted: &Move,
    note: Option<&str>,
) -> Result<Shown> {
    let Situation { mut row, applicant, state, regulation } = situation;
    let to = apply(regulation.plan(), &state, wanted)
        .map_err(|refusals| refused(ProblemCode::MoveNotAllowed, &refusals))?;
    let from = row.stage;
    if store::is_open(to) && !store::is_open(from.0) {
        service::room_for_open(tx, row.person_id)?;
    }
    row.resume_stage = resume_after(&state, to).map(Into::into);
    row.stage = to.into();
    row.stage_since = tx.now;
    if from == Stage::Draft && to == Stage::Submitted {
        row.application_date = Some(tx.today());
    }
    store::save_stage(tx.conn, &mut row, tx.now)?;
    if to.is_final() {
        open_returns::end(tx, row.id)?;
    }
    let step = MoveRow {
        id: MoveId::fresh(),
        organization_id: row.organization_id,
        application_id: row.id,
        kind: wanted.kind.into(),
        from_stage: from,
        to_stage: to.into(),
        reason: wanted.reason.clone(),
        note: note.map(str::to_owned),
        actor: tx.who.actor.clone(),
        at: tx.now,
    };
    store::insert_move(tx.conn, &step)?;
    tx.record(
        EventType::ApplicationMoved,
        row.id,
        &json!({"move_id": step.id, "kind": step.kind, "from": from, "to": to}),
    )?;
    Ok(Shown { application: row, applicant })
}

/// Creates the problem with all refusals of a move.
#[must_use]
pub fn refused(code: ProblemCode, refusals: &[Refusal]) -> Error {
    let faults = refusals.iter().map(|refusal| {
        let message =
            applications::Refused { message: &refusal.message, unblock: &refusal.unblock };
        Fault::new("", refusal.code.as_str(), message.words())
    });
    let refused = refusals
        .first()
        .map_or_else(|| Error::new(code), |first| Error::because(code, first.message.clone()));
    refused.with_faults(faults.collect())
}

/// Returns the moves of an application, oldest first.
///
/// # Errors
/// `not_found`.
pub fn list(
    tx: &mut Tx<'_>,
    id: ApplicationId,
    after: Option<MoveId>,
    limit: i64,
) -> Result<Vec<MoveRow>> {
    service::row(tx, id)?;
    store::moves(tx.conn, tx.organization(), id, after, limit)
}
